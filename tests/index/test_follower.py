from collections.abc import Callable, Collection, Sequence
from functools import partial
from typing import Any

from sqlalchemy import delete, func, select

from index.database import documents
from index.documents.forgetting import forget
from index.follower import accepted, follow, position_of, put_aside, reconcile, rejected_by, remember
from index.store import Store
from news.documents import Document, SyncReport
from tests.index.press import OTHER_TEXT, SITE, TEXT, Press


class Shelf:
    """A search index that keeps everything in a dictionary, as a real one would by id and seq."""

    def __init__(self) -> None:
        self.at = 0
        self.held: dict[str, Document] = {}
        self.batches: list[int] = []
        self.away = False

    def position(self) -> int:
        return self.at

    def write(self, documents: Sequence[Document], deleted: Sequence[tuple[str, int]], position: int) -> SyncReport:
        if self.away:
            return SyncReport(pending=len(documents))
        assert position >= self.at
        self.held |= {document.id: document for document in documents}
        for id_, _ in deleted:
            self.held.pop(id_, None)
        self.at = position
        self.batches.append(len(documents) + len(deleted))
        return SyncReport(sent=len(documents), deleted=len(deleted))

    def drop_unknown(self, known: Callable[[Collection[str]], Collection[str]]) -> int:
        lost = set(self.held) - set(known(list(self.held)))
        for id_ in lost:
            del self.held[id_]
        return len(lost)


def publish_three(press: Press) -> list[str]:
    texts = (TEXT, OTHER_TEXT, "نص ثالث لا يشبه ما قبله في شيء من كلماته ولا موضوعه")
    return [
        str(press.publish(f"/news/{number}", text, title=f"عنوان {number} منفرد").document_id)
        for number, text in enumerate(texts)
    ]


def test_a_follower_takes_everything_once(press: Press, store: Store) -> None:
    ids, shelf = publish_three(press), Shelf()
    assert follow(store, shelf) == SyncReport(sent=3)
    assert list(shelf.held) == ids
    assert follow(store, shelf) == SyncReport()


def test_small_batches_come_to_the_same(press: Press, store: Store) -> None:
    ids, shelf = publish_three(press), Shelf()
    press.do(lambda conn: forget(conn, url=f"{SITE}/news/1", now=press.now, reason="asked"))
    assert follow(store, shelf, batch=1) == SyncReport(sent=2, deleted=1)
    assert set(shelf.held) == {ids[0], ids[2]}
    assert shelf.batches == [1, 1, 1]


def test_a_deletion_reaches_who_held_the_document(press: Press, store: Store) -> None:
    ids, shelf = publish_three(press), Shelf()
    follow(store, shelf)
    press.do(lambda conn: forget(conn, url=ids[1], now=press.now, reason="asked"))
    assert follow(store, shelf) == SyncReport(deleted=1)
    assert set(shelf.held) == {ids[0], ids[2]}


def test_an_index_that_is_away_only_has_a_longer_queue(press: Press, store: Store) -> None:
    publish_three(press)
    shelf = Shelf()
    shelf.away = True
    assert follow(store, shelf) == SyncReport(pending=3)
    shelf.away = False
    assert follow(store, shelf) == SyncReport(sent=3)


def test_what_the_store_lost_is_dropped_and_what_comes_after_is_newer(press: Press, store: Store) -> None:
    ids, shelf = publish_three(press), Shelf()
    follow(store, shelf)
    press.do(lambda conn: conn.execute(delete(documents).where(documents.c.id == ids[2])))  # as a power cut would
    press.now = press.now.replace(year=2020)
    shelf_before = shelf.at
    assert follow(store, shelf) == SyncReport()
    assert set(shelf.held) == set(ids[:2])
    press.do(lambda conn: forget(conn, url=ids[0], now=press.now, reason="asked"))
    assert follow(store, shelf) == SyncReport(deleted=1)
    assert shelf.at > shelf_before


def test_reconciling_can_be_forced(press: Press, store: Store) -> None:
    ids, shelf = publish_three(press), Shelf()
    follow(store, shelf)
    press.do(lambda conn: conn.execute(delete(documents).where(documents.c.id == ids[0])))
    assert reconcile(store, shelf) == 0
    assert reconcile(store, shelf, force=True) == 1


def test_a_follower_without_a_memory_has_its_place_kept(press: Press) -> None:
    assert press.see(lambda conn: position_of(conn, "elasticsearch")) == 0
    for position in (7, 9):
        press.do(partial(remember, name="elasticsearch", position=position, now=press.now))
    assert press.see(lambda conn: position_of(conn, "elasticsearch")) == 9


def test_what_was_put_aside_is_named_with_its_reason(press: Press) -> None:
    told: dict[str, Any] = {"name": "elasticsearch", "document_id": "id", "seq": 1, "now": press.now}
    for reason in ("first", "second"):
        press.do(partial(put_aside, reason=reason, **told))
    assert press.see(lambda conn: rejected_by(conn, "elasticsearch")) == {"id": "second"}
    press.do(lambda conn: accepted(conn, "elasticsearch", ["id"]))
    assert press.see(lambda conn: rejected_by(conn, "elasticsearch")) == {}


def test_documents_change_their_place_when_their_copies_do(press: Press, store: Store) -> None:
    publish_three(press)
    shelf = Shelf()
    follow(store, shelf)
    press.publish("/weekly/0", TEXT, title="عنوان 0 منفرد")
    follow(store, shelf)
    held = [document for document in shelf.held.values() if len(document.urls) > 1]
    assert [document.urls for document in held] == [(f"{SITE}/news/0", f"{SITE}/weekly/0")]
    count = press.see(lambda conn: conn.execute(select(func.count()).select_from(documents)).scalar_one())
    assert len(shelf.held) == count
