"""What articles said before they were edited is found in the versions that were superseded, and nowhere else."""

from functools import partial

from index.documents.forgetting import forget
from index.documents.recording import Recorded
from index.embedded import EmbeddedIndex
from index.follower import follow
from index.history import FILE, catch_up, forget_history, history_of, versions
from index.search import search
from news.documents import SearchHit, SearchQuery, SearchResult
from tests.index.press import SITE, TEXT, Press
from tests.index.test_importing import bring

THIRD = TEXT.replace("الميناء القديم", "المطار الجنوبي")
SECOND = THIRD.replace("اثنتي عشرة", "سبع")


def hits(press: Press, text: str, *, all_copies: bool = False) -> tuple[SearchHit, ...]:
    with history_of(press.store) as index:
        found = search(press.store, index, SearchQuery(text=text, all_copies=all_copies), versions)
    assert isinstance(found, SearchResult)
    return found.hits


def edited_twice(press: Press) -> str:
    for text in (TEXT, SECOND, THIRD):
        found = edit(press, text)
    return str(found.document_id)


def edit(press: Press, text: str) -> Recorded:
    press.later(days=2)
    return bring(press, f"{SITE}/news/1", text)


def test_a_past_text_is_found_with_the_words_of_then(press: Press) -> None:
    id_ = edited_twice(press)
    bring(press, f"{SITE}/news/2", "كلمة أخرى لا صلة لها بما نشر من قبل في هذا الموقع")
    (hit,) = hits(press, "الميناء القديم")
    assert hit.id == f"{id_}@1"
    assert "<mark>الميناء</mark>" in hit.snippet
    assert hits(press, "المطار")[0].id == f"{id_}@2"
    assert hits(press, "صلة") == ()


def test_a_persons_own_synonyms_find_past_texts_too(press: Press) -> None:
    edited_twice(press)
    with history_of(press.store, lambda: (("الميناء القديم", "المرسى العتيق"),)) as index:
        found = search(press.store, index, SearchQuery(text="المرسى العتيق"), versions)
    assert isinstance(found, SearchResult)
    assert "<mark>الميناء</mark> <mark>القديم</mark>" in found.hits[0].snippet


def test_current_words_are_not_history_and_past_ones_not_current(press: Press) -> None:
    edited_twice(press)
    with EmbeddedIndex.open(press.store.folder / "search.db") as current:
        follow(press.store, current)
        found = search(press.store, current, SearchQuery(text="الميناء القديم"))
    assert isinstance(found, SearchResult)
    assert found.total == 0
    assert [hit.id[-2:] for hit in hits(press, "سبع محطة")] == ["@2"]


def test_a_documents_versions_are_one_hit_unless_all_are_asked_for(press: Press) -> None:
    edited_twice(press)
    assert len(hits(press, "الحافلات السريعة")) == 1
    assert len(hits(press, "الحافلات السريعة", all_copies=True)) == 2


def test_history_goes_on_where_it_stopped(press: Press) -> None:
    edited_twice(press)
    assert hits(press, "أسبوعين") == ()
    edit(press, THIRD.replace("شهرين", "أسبوعين"))
    edit(press, THIRD.replace("شهرين", "عاما كاملا"))
    assert [hit.id[-2:] for hit in hits(press, "أسبوعين")] == ["@4"]


def test_what_was_removed_on_request_is_gone_from_its_past_as_well(press: Press) -> None:
    edited_twice(press)
    assert hits(press, "الميناء")
    press.do(partial(forget, url=f"{SITE}/news/1", now=press.now, reason="on request"))
    forget_history(press.store)
    with EmbeddedIndex.open(press.store.folder / FILE) as index:
        assert index.count() == 0
        assert not index.wasteful()
    assert hits(press, "الميناء") == ()


def test_a_store_that_was_put_back_has_its_history_read_anew(press: Press) -> None:
    edited_twice(press)
    with EmbeddedIndex.open(press.store.folder / FILE) as index:
        index.write([], [], 2**52)
        catch_up(press.store, index)
        assert index.count() == 2
        assert index.position() < 2**52


def test_where_the_history_cannot_be_kept_it_is_still_found(press: Press) -> None:
    edited_twice(press)
    (press.store.folder / FILE).mkdir()
    assert len(hits(press, "الميناء القديم")) == 1
