from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import Connection, select

from index.database import fingerprints
from index.documents import metkeys
from index.documents.fingerprints import unpacked
from index.documents.importing import import_article
from index.documents.metkeys import MetKeys, met_keys
from index.store import Store
from news.documents import FoundKind, FoundVia
from tests.index.press import NOW, OTHER_TEXT, SITE, TEXT, read_article


def put(conn: Connection, number: int, text: str) -> None:
    read = read_article(f"{SITE}/{number}", text, NOW, title=f"عنوان {number}")
    import_article(conn, read, FoundVia(kind=FoundKind.IMPORT, url=None), NOW)


def all_are_known(store: Store) -> bool:
    def look(conn: Connection) -> bool:
        rows = conn.execute(select(fingerprints.c.week, fingerprints.c.bands)).all()
        return all(
            len(met_keys(conn).met([row.week], keys)) == len(keys) for row in rows if (keys := unpacked(row.bands))
        )

    return store.writer.submit(look).result()


def test_a_key_that_somebody_has_is_never_said_to_be_new() -> None:
    met = MetKeys()
    mine = [number * 0x9E3779B97F4A7C15 % 2**64 - 2**63 for number in range(1, 2000)]
    met.note(1, 7, mine)
    assert met.met([7], mine) == [(7, key) for key in mine]
    assert len(met.met([6, 8], mine)) < 10
    others = [number * 0x9E3779B97F4A7C15 % 2**64 - 2**63 for number in range(5000, 9000)]
    assert len(met.met([7], others)) < 10


def test_what_another_process_stored_is_known_with_the_next_document(tmp_path: Path) -> None:
    with Store.open(tmp_path) as service:
        service.writer.submit(partial(put, number=1, text=TEXT)).result()
        with Store.open(tmp_path) as beside:
            beside.writer.submit(partial(put, number=2, text=OTHER_TEXT)).result()
        service.writer.submit(partial(put, number=3, text=TEXT[:200])).result()
        assert all_are_known(service)


def test_after_a_restart_all_keys_are_known_again(tmp_path: Path) -> None:
    with Store.open(tmp_path) as store:
        for number, text in enumerate((TEXT, OTHER_TEXT)):
            store.writer.submit(partial(put, number=number, text=text)).result()
    with Store.open(tmp_path) as store:
        store.writer.submit(partial(put, number=9, text=f"{OTHER_TEXT}\nالمصدر وكالات")).result()
        assert all_are_known(store)


def test_a_filter_that_is_full_is_made_anew_and_forgets_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(metkeys, "SMALLEST", 2 * metkeys.ROOM)
    with Store.open(tmp_path) as store:
        for number in range(9):
            store.writer.submit(partial(put, number=number, text=f"{OTHER_TEXT}\n{number} {TEXT}")).result()
        assert all_are_known(store)
        sizes = store.writer.submit(lambda conn: len(met_keys(conn)._words)).result()
        assert sizes >= 8 * metkeys.ROOM
