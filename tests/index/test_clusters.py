from datetime import timedelta

from sqlalchemy import update

from index import clusters
from index.database import documents
from index.store import cluster
from tests.index.press import TEXT, Press
from tests.index.test_recording import copy_in


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
