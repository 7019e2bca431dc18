import sqlite3
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path

import pytest
from sqlalchemy import Connection, insert, select

from index import engines
from index.database import FILE, StoreError, meta
from index.store import Store
from index.writer import DiskFull


def put(key: str, value: str = "x") -> Callable[[Connection], None]:
    def operation(conn: Connection) -> None:
        conn.execute(insert(meta), {"key": key, "value": value})

    return operation


def keys(store: Store) -> list[str]:
    with store.read() as conn:
        return sorted(conn.execute(select(meta.c.key)).scalars())


def test_an_answer_comes_after_the_commit(store: Store) -> None:
    store.writer.submit(put("a")).result(timeout=10)
    with sqlite3.connect(store.folder / FILE) as other:
        assert other.execute("SELECT key FROM meta").fetchall() == [("a",)]


def test_a_failing_operation_does_not_harm_its_neighbours(store: Store) -> None:
    with store.read():
        gate = threading.Event()
        store.writer.submit(lambda conn: gate.wait(10))
        before, twice, after = (store.writer.submit(put(key)) for key in ("a", "a", "b"))
        gate.set()
        before.result(timeout=10)
        after.result(timeout=10)
        with pytest.raises(Exception, match="UNIQUE"):
            twice.result(timeout=10)
    assert keys(store) == ["a", "b"]


def test_what_a_failing_operation_did_before_is_undone(store: Store) -> None:
    def half(conn: Connection) -> None:
        conn.execute(insert(meta), {"key": "half", "value": "x"})
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        store.writer.submit(half).result(timeout=10)
    assert keys(store) == []


def test_waiting_operations_share_one_transaction(store: Store) -> None:
    transactions: set[object] = set()
    gate = threading.Event()
    store.writer.submit(lambda conn: gate.wait(10))
    for _ in range(50):
        store.writer.submit(lambda conn: transactions.add(conn.get_transaction()))
    gate.set()
    store.writer.flush()
    assert len(transactions) == 1


def test_an_error_does_not_carry_the_outlets_text(store: Store) -> None:
    store.writer.submit(put("a", "كلام")).result(timeout=10)
    with pytest.raises(Exception, match="UNIQUE") as failed:
        store.writer.submit(put("a", "كلام")).result(timeout=10)
    assert "كلام" not in str(failed.value)


def test_a_cancelled_operation_is_left_out(store: Store) -> None:
    gate = threading.Event()
    store.writer.submit(lambda conn: gate.wait(10))
    cancelled: Future[None] = store.writer.submit(put("a"))
    assert cancelled.cancel()
    gate.set()
    store.writer.flush()
    assert keys(store) == []


def test_a_full_disk_fails_every_waiting_operation_and_later_ones_work_again(store: Store) -> None:
    def limit(conn: Connection) -> None:
        conn.exec_driver_sql("PRAGMA max_page_count = 1")  # as few as it has

    store.writer.submit(limit).result(timeout=10)
    gate = threading.Event()
    store.writer.submit(lambda conn: gate.wait(10))
    small = store.writer.submit(put("small"))
    big = store.writer.submit(put("big", "x" * 1_000_000))
    gate.set()
    for future in (small, big):
        with pytest.raises(DiskFull, match="disk is full"):
            future.result(timeout=10)
    assert keys(store) == []
    store.writer.submit(put("again", "x" * 1_000_000)).result(timeout=10)
    assert keys(store) == ["again"]


def test_closing_finishes_what_waits_and_refuses_what_comes_after(tmp_path: Path) -> None:
    store = Store.open(tmp_path)
    gate = threading.Event()
    store.writer.submit(lambda conn: gate.wait(10))
    waiting = store.writer.submit(put("a"))
    threading.Timer(0.05, gate.set).start()
    writer = store.writer
    store.close()
    waiting.result(timeout=0)
    with pytest.raises(StoreError, match="closed"):
        writer.submit(put("b"))


def test_two_writers_on_one_store_do_not_lose_each_others_rows(store: Store) -> None:
    with Store.open(store.folder) as other:
        futures = [
            writer.submit(put(f"{name}{number}"))
            for number in range(200)
            for name, writer in (("a", store.writer), ("b", other.writer))
        ]
        for future in futures:
            future.result(timeout=30)
    assert len(keys(store)) == 400


def test_a_reader_sees_one_state_throughout(store: Store) -> None:
    with store.read() as conn:
        before = conn.execute(select(meta.c.key)).all()
        store.writer.submit(put("a")).result(timeout=10)
        assert conn.execute(select(meta.c.key)).all() == before
    assert keys(store) == ["a"]


def test_a_reader_can_change_nothing(store: Store) -> None:
    with pytest.raises(Exception, match="readonly"), store.read() as conn:
        conn.execute(insert(meta), {"key": "a", "value": "x"})


def test_a_store_kept_busy_by_another_process_is_said_to_be_busy(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "BUSY_TIMEOUT", 0.05)
    with sqlite3.connect(store.folder / FILE, isolation_level=None) as other:
        other.execute("BEGIN IMMEDIATE")
        started = time.monotonic()
        with Store.open(store.folder) as impatient, pytest.raises(StoreError, match="busy"):
            impatient.writer.submit(put("a")).result(timeout=10)
        other.execute("ROLLBACK")
    assert time.monotonic() - started < 5


@pytest.mark.slow
def test_a_writer_that_never_rests_does_not_keep_another_one_waiting(store: Store) -> None:
    """As `marsad import` beside the service."""

    def slow(conn: Connection) -> None:
        time.sleep(0.02)

    with Store.open(store.folder) as busy:
        done = threading.Event()

        def hammer() -> None:
            while not done.is_set():
                for future in [busy.writer.submit(slow) for _ in range(5)]:
                    future.result(timeout=30)

        thread = threading.Thread(target=hammer)
        thread.start()
        waits = []
        for number in range(8):
            started = time.monotonic()
            store.writer.submit(put(str(number))).result(timeout=30)
            waits.append(time.monotonic() - started)
        done.set()
        thread.join()
    assert sorted(waits)[4] < 0.5
