"""What the embedded index keeps: versions, deletions, rebuilds, whatever befalls its file meanwhile."""

import multiprocessing
import sqlite3
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from index.embedded import EmbeddedIndex
from index.embedded.finding import Found
from index.writer import DiskFull
from tests.index.small_index import NOON, document, find, identity, ids, names, write


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
