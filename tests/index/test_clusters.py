from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import NamedTuple

import pytest
from sqlalchemy import Connection, select, update

from index.database import documents, knowledge
from index.documents import clusters, frequencies
from index.documents.importing import import_article
from index.documents.stored import spreads
from index.store import Store, cluster
from news.documents import FoundKind, FoundVia, Spread
from tests.index.press import NOW, OTHER_TEXT, SITE, TEXT, Press, read_article
from tests.index.test_recording import copy_in

IMPORT = FoundVia(kind=FoundKind.IMPORT, url=None)


class Snapshot(NamedTuple):
    position: int
    documents: int
    data: bytes


def test_everybody_in_a_small_cluster_hears_of_a_new_copy() -> None:
    for size in range(64):
        assert len(clusters.heard_by([str(number) for number in range(size)])) == size


def test_a_big_cluster_costs_an_arrival_no_more_than_a_small_one() -> None:
    heard = [len(clusters.heard_by([str(number) for number in range(size)])) for size in range(1, 5000)]
    assert all(heard), "the leader always hears"
    assert sum(heard) / len(heard) < 80
    assert sum(heard[-1000:]) / 1000 < 80


def test_merged_clusters_have_one_leader_the_first_seen(press: Press) -> None:
    first = press.publish("/news/1")
    press.later(minutes=1)
    second = copy_in(press, "org", TEXT)
    apart = {"cluster_id": second.document_id, "duplicate_of": None}
    mine = documents.c.id == second.document_id
    press.do(lambda conn: conn.execute(update(documents).where(mine).values(**apart)))
    press.later(minutes=1)
    third = copy_in(press, "net", TEXT)
    found = press.see(lambda conn: cluster(conn, str(first.document_id)))
    assert [document.id for document in found] == [first.document_id, second.document_id, third.document_id]
    assert [document.duplicate_of for document in found] == [None, first.document_id, first.document_id]
    assert {document.copies for document in found} == {2}


def test_a_copy_seen_weeks_later_still_belongs_and_one_seen_a_year_later_only_with_the_same_words(press: Press) -> None:
    press.publish("/news/1")
    press.later(days=40)
    near = copy_in(press, "org", TEXT.replace("اثنتي عشرة", "عشر"))
    assert near.decision is not None
    press.now += timedelta(days=365)
    exact = copy_in(press, "net", TEXT, title="افتتاح خط جديد للحافلات السريعة")
    assert exact.decision is not None and exact.decision.kind.value == "duplicate"


def test_the_older_cluster_keeps_its_id_when_two_turn_out_to_be_one(press: Press) -> None:
    first = press.publish("/news/1")
    press.later(minutes=1)
    copy_in(press, "org", OTHER_TEXT)
    press.later(minutes=1)
    copy_in(press, "net", f"{OTHER_TEXT}\n{TEXT}", title="حافلات وكرة يد")
    found = press.see(lambda conn: cluster(conn, str(first.document_id)))
    assert len(found) == 3
    assert {document.cluster_id for document in found} == {first.document_id}
    assert [document.duplicate_of for document in found] == [None, first.document_id, first.document_id]


def test_how_far_a_text_went_is_told_of_all_that_turn_out_to_be_one(press: Press) -> None:
    first = press.publish("/news/1")
    press.later(minutes=1)
    apart = copy_in(press, "org", OTHER_TEXT)
    before = press.see(lambda conn: spreads(conn, [str(first.document_id), str(apart.document_id)]))
    assert [spread.documents for spread in before.values()] == [1, 1]
    press.later(minutes=5)
    copy_in(press, "net", f"{OTHER_TEXT}\n{TEXT}", title="حافلات وكرة يد")
    (told,) = (document.spread for document in press.see(lambda conn: cluster(conn, str(first.document_id)))[:1])
    assert told == Spread(
        documents=3, outlets=3, first_seen_at=NOW, last_seen_at=NOW + timedelta(minutes=6)
    )  # fmt: skip


def test_a_cluster_grows_after_a_restart_as_it_did_before(tmp_path: Path) -> None:
    texts = [TEXT, f"الرياض - وكالات: {TEXT}", OTHER_TEXT, f"{TEXT}\nتابعونا.", f"{OTHER_TEXT}\nالمصدر وكالات"]
    for folder in ("restarted", "going on"):
        for number, text in enumerate(texts):
            if folder == "restarted" or not number:
                store = Store.open(tmp_path / folder)
            read = read_article(
                f"https://outlet{number}.example/1", text, NOW, title=f"عنوان {number}", source=f"{number}"
            )
            store.writer.submit(partial(import_article, read=read, found_via=IMPORT, now=NOW)).result()
            if folder == "restarted":
                store.close()
    store.close()
    assert partition(tmp_path / "restarted") == partition(tmp_path / "going on")
    assert sorted(map(len, partition(tmp_path / "restarted"))) == [2, 3]


def partition(folder: Path) -> set[frozenset[str]]:
    with Store.open(folder, readonly=True) as store, store.read() as conn:
        rows = conn.execute(select(documents.c.cluster_id, documents.c.url)).all()
    return {frozenset(row.url for row in rows if row.cluster_id == one) for one in {row.cluster_id for row in rows}}


def test_what_is_known_of_the_press_depends_on_what_was_stored_and_not_on_restarts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(frequencies, "FIRST", 250)
    in_one_go = snapshots(tmp_path / "one", range(420))
    restarted = snapshots(tmp_path / "other", range(330), range(330, 420))
    assert [row.documents for row in in_one_go] == [250, 375]
    assert in_one_go == restarted


def test_the_snapshot_behind_an_old_decision_can_be_had_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(frequencies, "FIRST", 250)
    first, second = snapshots(tmp_path, range(420))
    with Store.open(tmp_path) as store, store.read() as conn:
        known = [frequencies.at_position(conn, at).documents for at in (0, first.position, second.position)]
    assert known == [0, 250, 375]


def snapshots(folder: Path, *parts: range) -> list[Snapshot]:
    for part in parts:
        with Store.open(folder) as store:
            store.writer.submit(partial(import_numbered, numbers=part)).result()
    with Store.open(folder) as store, store.read() as conn:
        rows = conn.execute(select(knowledge.c.position, knowledge.c.documents, knowledge.c.data))
        return [Snapshot(*row) for row in rows]


def import_numbered(conn: Connection, numbers: range) -> None:
    for number in numbers:
        text = " ".join(f"كلمة{number}في{place}" for place in range(20))
        read = read_article(f"{SITE}/{number}", f"خبر {text}", NOW, title=f"عنوان {number}")
        import_article(conn, read, IMPORT, NOW)
