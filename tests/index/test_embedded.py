import hashlib
import multiprocessing
import sqlite3
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from index.embedded import EmbeddedIndex
from index.embedded.finding import Found
from index.queries import QueryError
from index.writer import DiskFull
from news.documents import Document, FoundKind, FoundVia, ParsedDate, Precision, SearchQuery

NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)


def document(
    name: str,
    title: str = "خبر",
    text: str = "",
    *,
    seq: int = 1,
    source: str = "jazeera",
    seen: datetime = NOON,
    published: datetime | None = None,
    cluster: str = "",
    kind: FoundKind = FoundKind.FEED,
    summary: str | None = None,
) -> Document:
    return Document(
        id=identity(name),
        seq=seq,
        url=f"https://news.example/{name}",
        requested_url=f"https://news.example/{name}",
        source=source,
        title=title,
        summary=summary,
        text=text,
        authors=(),
        credits=(),
        section=None,
        published=ParsedDate(value=published, precision=Precision.SECOND) if published else None,
        published_from=None,
        modified=None,
        language="ar",
        image_url=None,
        related=(),
        stories=(),
        first_seen_at=seen,
        fetched_at=seen,
        revision=1,
        cluster_id=cluster or identity(name),
        duplicate_of=None,
        found_via=FoundVia(kind=kind, url=None),
    )


def identity(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()[:32]


@pytest.fixture
def index(tmp_path: Path) -> Iterator[EmbeddedIndex]:
    with EmbeddedIndex.open(tmp_path / "search.db") as opened:
        yield opened


def find(index: EmbeddedIndex, text: str, **asked: object) -> Found:
    found = index.search(SearchQuery(text=text, **asked))  # type: ignore[arg-type]
    assert isinstance(found, Found)
    return found


def ids(index: EmbeddedIndex, text: str, **asked: object) -> list[str]:
    return [hit.id for hit in find(index, text, **asked).hits]


def write(index: EmbeddedIndex, *documents: Document) -> None:
    index.write(documents, [], max(each.seq for each in documents))


def names(*given: str) -> list[str]:
    return [identity(name) for name in given]


def test_a_word_finds_its_forms_and_the_article_makes_no_difference(index: EmbeddedIndex) -> None:
    write(
        index,
        document("a", text="قال وزير الخارجية"),
        document("b", text="اجتماع الوزراء اليوم", seen=NOON + timedelta(hours=1)),
        document("c", text="زار الوفد المدينة"),
    )
    assert ids(index, "وزير") == ids(index, "الوزير") == ids(index, "للوزراء") == names("b", "a")


def test_exact_finds_only_what_is_written_so(index: EmbeddedIndex) -> None:
    write(index, document("a", text="قال وزير الخارجية"), document("b", text="قال الوزير"))
    assert ids(index, "الوزير", exact=True) == names("b")


def test_all_words_are_required_wherever_each_stands(index: EmbeddedIndex) -> None:
    write(
        index,
        document("a", title="مصر", summary="تفوز", text="بالكأس"),
        document("b", title="مصر", text="تفوز"),
    )
    assert ids(index, "مصر تفوز الكأس") == names("a")


def test_phrases_keep_their_order_and_stay_within_one_text(index: EmbeddedIndex) -> None:
    write(
        index,
        document("a", text="انعقد مجلس الأمن الدولي"),
        document("b", text="الأمن في مجلس النواب"),
        document("c", title="في المجلس", text="الأمن"),
    )
    assert ids(index, '"مجلس الأمن"') == names("a")
    assert ids(index, "«مجلس الامن»", exact=True) == names("a")


def test_words_can_be_left_out_joined_and_shortened(index: EmbeddedIndex) -> None:
    write(
        index,
        document("a", title="مصر والسودان"),
        document("b", title="مصر وليبيا", seen=NOON + timedelta(hours=1)),
        document("c", title="انتخابات", text="في مصر", seen=NOON + timedelta(hours=2)),
    )
    assert ids(index, "مصر -ليبيا") == names("c", "a")
    assert ids(index, "السودان OR ليبيا") == names("b", "a")
    assert ids(index, "انتخ*") == ids(index, "title:انتخاب*") == names("c")
    assert ids(index, "title:مصر") == names("b", "a")


def test_sources_are_filtered_by_option_and_in_the_query(index: EmbeddedIndex) -> None:
    write(index, document("a", "مصر", source="bbc"), document("b", "مصر", source="وكالة - أنباء"))
    assert ids(index, "مصر", source="bbc") == ids(index, "مصر source:bbc") == ids(index, "source:bbc") == names("a")
    assert ids(index, "مصر -source:bbc") == names("b")
    assert ids(index, "مصر", source="وكالة - أنباء") == names("b")
    assert index.count_by_source() == {"bbc": 1, "وكالة - أنباء": 1}


def test_newest_goes_by_first_sight_and_imports_by_their_own_date(index: EmbeddedIndex) -> None:
    day = timedelta(days=1)
    write(
        index,
        document("late", "مصر", seen=NOON + 2 * day, published=NOON - 9 * day),
        document("import", "مصر", seen=NOON + 3 * day, published=NOON, kind=FoundKind.IMPORT),
        document("early", "مصر", seen=NOON - day, published=NOON + 5 * day),
    )
    assert ids(index, "مصر") == names("late", "import", "early")


def test_ties_go_by_id_however_they_came(index: EmbeddedIndex) -> None:
    given = [document(str(number), "مصر", seq=number + 1) for number in range(300)]
    for start in range(0, 300, 50):
        write(index, *given[start : start + 50])
    write(index, document("newer", "مصر", seq=500, seen=NOON + timedelta(seconds=1)))
    expected = names("newer") + sorted(each.id for each in given)
    assert ids(index, "مصر", limit=301) == expected
    assert ids(index, "مصر", limit=7) == expected[:7]


def test_since_and_until_filter_publication_else_first_sight(index: EmbeddedIndex) -> None:
    day = timedelta(days=1)
    write(
        index,
        document("old", "مصر", published=NOON - 40 * day),
        document("dated", "مصر", published=NOON - day),
        document("undated", "مصر", seen=NOON),
    )
    assert ids(index, "مصر", since=NOON) == names("undated")
    assert ids(index, "مصر", until=NOON) == sorted(names("old", "dated"))
    assert ids(index, "مصر", since=NOON - day, until=NOON) == names("dated")
    assert ids(index, "مصر", since=NOON + day) == []
    assert find(index, "مصر", until=NOON).total == 2


def test_long_ranges_hold_their_first_and_last_day(index: EmbeddedIndex) -> None:
    day = timedelta(days=1)
    write(index, *(document(str(ago), "مصر", seq=ago + 1, published=NOON - ago * day) for ago in range(400)))
    for first, last in ((0, 1), (1, 45), (9, 10), (30, 399), (100, 300), (0, 400)):
        found = find(index, "مصر", since=NOON - last * day, until=NOON - first * day, limit=500)
        assert {hit.id for hit in found.hits} == {identity(str(ago)) for ago in range(first + 1, min(last, 399) + 1)}
        assert found.total == len(found.hits)


def test_copies_are_folded_into_the_one_that_sorts_first(index: EmbeddedIndex) -> None:
    write(
        index,
        document("first", "مصر", cluster="c"),
        document("copy", "مصر", cluster="c", seen=NOON + timedelta(hours=1)),
        document("other", "مصر", seen=NOON - timedelta(hours=1)),
    )
    found = find(index, "مصر")
    assert [hit.id for hit in found.hits] == names("copy", "other")
    assert (found.total, found.relation) == (3, "eq")
    assert ids(index, "مصر", all_copies=True) == names("copy", "first", "other")
    assert ids(index, "مصر", limit=1) == names("copy")


def test_best_puts_what_is_written_so_first_and_falls_back_to_any_word(index: EmbeddedIndex) -> None:
    filler = [document(f"f{number}", text="كلام عن الطقس والمطر في المدينة", seq=number) for number in range(20)]
    write(
        index,
        *filler,
        document("stem", text="اجتماع للوزراء في المدينة", seen=NOON + timedelta(hours=2)),
        document("exact", text="اجتماع الوزير في المدينة"),
    )
    assert ids(index, "الوزير", sort="best") == names("exact", "stem")
    assert ids(index, "الوزير زرافة", sort="newest") == []
    assert ids(index, "الوزير زرافة", sort="best") == names("exact", "stem")
    found = find(index, "الوزير", sort="best")
    assert all(hit.score is not None and hit.score > 0 for hit in found.hits)


def test_best_puts_what_has_every_word_before_what_has_one_of_them_just_as_written(index: EmbeddedIndex) -> None:
    filler = [document(f"f{number}", text="كلام عن الطقس والمطر في المدينة", seq=number) for number in range(20)]
    one = document("one", text="وصلت الزرافة أمس إلى المدينة")
    both = document("both", text="للزرافات وللأفيال كلام عن الطقس والمطر في المدينة وما حولها من قرى وحقول وأنهار")
    write(index, *filler, one, both, document("other", text="أفيال وفيل وأفيال في حديقة"))
    assert ids(index, "الزرافة OR الفيل", sort="best")[0] == identity("both")


def test_best_folds_copies_too_and_fills_the_page(index: EmbeddedIndex) -> None:
    copies = [document(f"c{number}", "مصر تفوز", cluster="c", seq=number) for number in range(80)]
    write(index, *copies, document("x", "مصر تفوز بالكأس الأفريقية للمرة الثانية"))
    assert len(ids(index, "مصر", sort="best", limit=2)) == 2


def test_names_for_one_thing_find_each_other_but_not_in_exact(index: EmbeddedIndex) -> None:
    write(
        index,
        document("a", text="التقى نتانياهو الرئيس"),
        document("b", text="التقى بنتنياهو", seen=NOON + timedelta(hours=1)),
        document("c", text="زار الولايات المتحدة", seen=NOON - timedelta(hours=1)),
        document("d", text="زار أمريكا", seen=NOON - timedelta(hours=2)),
    )
    assert ids(index, "نتنياهو") == names("b", "a")
    assert ids(index, '"التقى نتنياهو"') == names("b", "a")
    assert ids(index, "امريكا") == ids(index, "الولايات المتحدة") == names("c", "d")
    assert ids(index, "نتنياهو", exact=True) == []


def test_a_new_version_replaces_the_old_and_an_older_one_changes_nothing(index: EmbeddedIndex) -> None:
    write(index, document("a", "مصر", seq=5))
    write(index, document("a", "ليبيا", seq=9))
    write(index, document("a", "تونس", seq=7), document("a", "تونس", seq=9))
    assert (ids(index, "ليبيا"), ids(index, "مصر"), ids(index, "تونس")) == (names("a"), [], [])
    assert find(index, "مصر").total == 0
    assert index.count() == 1


def test_the_same_batch_twice_is_the_same_index(index: EmbeddedIndex) -> None:
    batch = [document("a", "مصر", seq=1), document("b", "مصر", seq=2)]
    for _ in range(2):
        index.write(batch, [(identity("b"), 3)], 3)
    assert (ids(index, "مصر"), index.count(), index.position()) == (names("a"), 1, 3)


def test_a_deleted_document_stays_away_until_a_newer_version_comes(index: EmbeddedIndex) -> None:
    write(index, document("a", "مصر", seq=5))
    assert index.write([], [(identity("a"), 4)], 6).deleted == 0
    assert index.write([], [(identity("a"), 6)], 6).deleted == 1
    write(index, document("a", "مصر", seq=5))
    assert ids(index, "مصر") == []
    write(index, document("a", "مصر", seq=7))
    assert ids(index, "مصر") == names("a")


def test_documents_and_position_are_kept_together(tmp_path: Path) -> None:
    path = tmp_path / "search.db"
    with EmbeddedIndex.open(path) as index:
        write(index, document("a", "مصر", seq=41))
        with pytest.raises(AttributeError):
            index.write([document("b", "مصر", seq=42), None], [], 42)  # type: ignore[list-item]
    with EmbeddedIndex.open(path) as index:
        assert (index.position(), ids(index, "مصر")) == (41, names("a"))


def test_an_index_of_another_version_is_begun_again(tmp_path: Path) -> None:
    path = tmp_path / "search.db"
    with EmbeddedIndex.open(path) as index:
        write(index, document("a", "مصر"))
    conn = sqlite3.connect(path)
    with conn:
        conn.execute("UPDATE meta SET value = 'older' WHERE key = 'version'")
    with EmbeddedIndex.open(path, readonly=True) as index:
        assert (index.stale, index.position(), index.count(), find(index, "مصر")) == (True, 0, 0, Found())
    conn.close()
    with EmbeddedIndex.open(path) as index:
        assert (index.position(), index.count(), ids(index, "مصر")) == (0, 0, [])
        write(index, document("a", "مصر"))
        assert ids(index, "مصر") == names("a")


@pytest.mark.parametrize("content", [b"no database at all" * 400, b"SQLite format 3\0" + bytes(5000), b"x"])
def test_a_broken_file_is_begun_again(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "search.db"
    path.write_bytes(content)
    with EmbeddedIndex.open(path, readonly=True) as index:
        assert index.stale
        assert find(index, "مصر") == Found()
    with EmbeddedIndex.open(path) as index:
        write(index, document("a", "مصر"))
        assert ids(index, "مصر") == names("a")


def test_a_missing_file_reads_as_an_empty_index(tmp_path: Path) -> None:
    path = tmp_path / "search.db"
    with EmbeddedIndex.open(path, readonly=True) as index:
        assert index.stale
        assert index.count_by_source() == {}
        assert not path.exists()
        with EmbeddedIndex.open(path) as writer:
            write(writer, document("a", "مصر"))
        assert ids(index, "مصر") == names("a")


def test_a_read_only_folder_can_be_searched(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    with EmbeddedIndex.open(folder / "search.db") as index:
        write(index, document("a", "مصر"))
    folder.chmod(0o555)
    try:
        with EmbeddedIndex.open(folder / "search.db", readonly=True) as index:
            assert ids(index, "مصر") == names("a")
    finally:
        folder.chmod(0o755)


def test_readers_see_what_was_committed_while_a_writer_writes(tmp_path: Path) -> None:
    path = tmp_path / "search.db"
    with EmbeddedIndex.open(path) as writer, EmbeddedIndex.open(path, readonly=True) as reader:
        write(writer, document("a", "مصر", seq=1))
        assert ids(reader, "مصر") == names("a")
        write(writer, document("b", "مصر", seq=2, seen=NOON + timedelta(hours=1)))
        assert ids(reader, "مصر") == names("b", "a")


def search_while_written(path: Path, rounds: int) -> None:
    with EmbeddedIndex.open(path, readonly=True) as index:
        for _ in range(rounds):
            found = find(index, "مصر", limit=1000)
            if len(found.hits) != found.total or found.total > index.count():
                sys.exit(1)


def test_another_process_reads_whole_states_while_this_one_writes(tmp_path: Path) -> None:
    path = tmp_path / "search.db"
    with EmbeddedIndex.open(path) as index:
        write(index, document("first", "مصر"))
        reader = multiprocessing.get_context("spawn").Process(target=search_while_written, args=(path, 60))
        reader.start()
        for number in range(200):
            write(index, document(str(number % 50), "مصر", seq=number + 2))
        reader.join(30)
    assert reader.exitcode == 0


def test_what_the_store_lost_is_dropped(index: EmbeddedIndex) -> None:
    write(index, document("a", "مصر"), document("b", "مصر"))
    assert index.drop_unknown(lambda ids: [id_ for id_ in ids if id_ == identity("a")]) == 1
    assert ids(index, "مصر") == names("a")
    write(index, document("b", "مصر"))
    assert set(ids(index, "مصر")) == set(names("a", "b"))


def test_a_rebuild_leaves_the_dead_behind_while_the_old_index_is_searched(index: EmbeddedIndex) -> None:
    for seq in range(1, 5):
        write(index, document("a", "مصر", seq=seq), document("b", "مصر", seq=seq))
    assert index.wasteful()
    during: list[str] = []

    def fill(sink: object) -> None:
        assert sink.position() == 0  # type: ignore[attr-defined]
        sink.write([document("a", "مصر", seq=4), document("b", "مصر", seq=4)], [], 4)  # type: ignore[attr-defined]
        during.extend(ids(index, "مصر"))

    index.rebuild(fill)
    assert during == sorted(names("a", "b")) == ids(index, "مصر")
    assert (index.position(), index.count(), index.wasteful()) == (4, 2, False)


def test_forgotten_words_leave_the_file_with_the_next_rebuild(tmp_path: Path) -> None:
    path = tmp_path / "search.db"
    with EmbeddedIndex.open(path) as index:
        write(index, document("a", "زرافة"), *(document(str(number), "مصر", seq=number + 2) for number in range(20)))
        index.write([], [(identity("a"), 90)], 90)
        assert index.wasteful()
        kept = [document(str(number), "مصر", seq=number + 2) for number in range(20)]
        index.rebuild(lambda sink: sink.write(kept, [(identity("a"), 90)], 90))
        assert not index.wasteful()
        assert index.count() == 20
        assert "زراف".encode() not in b"".join(file.read_bytes() for file in tmp_path.iterdir())


def test_a_rebuild_that_failed_leaves_the_index_as_it_was(index: EmbeddedIndex) -> None:
    write(index, document("a", "مصر", seq=3))

    def fail(sink: object) -> None:
        raise OSError("no space left")

    with pytest.raises(OSError, match="no space"):
        index.rebuild(fail)
    assert (ids(index, "مصر"), index.position()) == (names("a"), 3)
    index.rebuild(lambda sink: sink.write([document("a", "مصر", seq=3)], [], 3))
    assert ids(index, "مصر") == names("a")


def test_totals_are_exact_up_to_their_limit(index: EmbeddedIndex, monkeypatch: pytest.MonkeyPatch) -> None:
    write(index, *(document(str(number), "مصر") for number in range(12)))
    monkeypatch.setattr("index.embedded.finding.COUNTED", 12)
    assert (find(index, "مصر", limit=2).total, find(index, "مصر").relation) == (12, "eq")
    monkeypatch.setattr("index.embedded.finding.COUNTED", 11)
    assert (find(index, "مصر", limit=2).total, find(index, "مصر").relation) == (11, "gte")


@pytest.mark.parametrize(
    "text",
    ['he said "it\'s"', "a:b 3.5", "title: x", "NEAR(a b)", "a AND NOT b", "^مصر + {x}", "50% (مصر)", "\x00 مصر"],
)
def test_no_query_is_taken_for_the_databases_own_language(index: EmbeddedIndex, text: str) -> None:
    write(index, document("a", "مصر"))
    assert isinstance(index.search(SearchQuery(text=text)), Found)
    assert isinstance(index.search(SearchQuery(text=text, sort="best")), Found)


def test_a_query_that_cannot_be_asked_is_an_error_with_a_hint(index: EmbeddedIndex) -> None:
    assert isinstance(index.search(SearchQuery(text="-مصر")), QueryError)


def test_a_full_disk_is_told_in_a_sentence_and_the_index_goes_on_when_there_is_room(index: EmbeddedIndex) -> None:
    conn = index._conn
    assert conn is not None
    conn.execute("PRAGMA max_page_count = 1")
    text = " ".join(f"كلمة{number}" for number in range(20_000))
    with pytest.raises(DiskFull, match="the disk is full"):
        index.write([document("a", text=text)], [], 1)
    conn.execute("PRAGMA max_page_count = 1000000")
    index.write([document("a", text=text)], [], 1)
    assert index.position() == 1
