import sqlite3
from pathlib import Path

import pytest

from index.backup import backup, restore
from index.database import FILE, StoreError
from index.lock import FolderBusy, FolderLock
from index.store import Store
from tests.index.press import OTHER_TEXT, Press


def count(folder: Path) -> int:
    with Store.open(folder, readonly=True) as store:
        return store.count_documents()


def test_a_backup_made_while_the_store_is_written_is_one_state_of_it(press: Press, tmp_path: Path) -> None:
    press.publish("/news/1")
    file = tmp_path / "copy.db"
    assert backup(press.store.folder, file) == file.stat().st_size > 0
    press.publish("/news/2", OTHER_TEXT, title="فوز المنتخب")
    restore(file, tmp_path / "new")
    assert (count(tmp_path / "new"), count(press.store.folder)) == (1, 2)


def test_restoring_keeps_what_was_there_and_drops_the_search_index(press: Press, tmp_path: Path) -> None:
    folder, file = press.store.folder, tmp_path / "copy.db"
    press.publish("/news/1")
    backup(folder, file)
    press.publish("/news/2", OTHER_TEXT, title="فوز المنتخب")
    press.store.close()
    (folder / "search.db").write_bytes(b"old")
    (folder / "search.db-wal").write_bytes(b"old")
    restore(file, folder)
    assert count(folder) == 1
    assert not list(folder.glob("search.db*"))
    with sqlite3.connect(folder / f"{FILE}.before-restore") as conn:
        assert conn.execute("SELECT count(*) FROM documents").fetchone() == (2,)


def test_restoring_under_a_running_service_is_refused(press: Press, tmp_path: Path) -> None:
    file = tmp_path / "copy.db"
    backup(press.store.folder, file)
    with FolderLock(press.store.folder), pytest.raises(FolderBusy):
        restore(file, press.store.folder)


def test_what_is_no_backup_is_refused_in_one_sentence(press: Press, tmp_path: Path) -> None:
    (tmp_path / "text").write_text("not a database" * 1000)
    sqlite3.connect(tmp_path / "other.db").execute("CREATE TABLE other (x)").connection.close()
    newer = tmp_path / "newer.db"
    backup(press.store.folder, newer)
    with sqlite3.connect(newer) as conn:
        conn.execute("UPDATE alembic_version SET version_num = '9999'")
    conn.close()
    for name, words in (("text", "no backup"), ("other.db", "no backup"), ("newer.db", "9999")):
        with pytest.raises(StoreError, match=words) as refused:
            restore(tmp_path / name, tmp_path / "new")
        assert "\n" not in str(refused.value)


def test_a_damaged_backup_is_refused(press: Press, tmp_path: Path) -> None:
    for number in range(20):
        press.publish(f"/news/{number}", OTHER_TEXT * (number + 1), title=f"{number}")
    file = tmp_path / "copy.db"
    size = backup(press.store.folder, file)
    with file.open("r+b") as stream:
        stream.seek(size // 2)
        stream.write(b"\xff" * (size // 4))
    with pytest.raises(StoreError):
        restore(file, tmp_path / "new")
    assert not (tmp_path / "new" / FILE).exists()


def test_a_backup_that_cannot_be_written_leaves_nothing_behind(press: Press, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="could not be written"):
        backup(press.store.folder, tmp_path / "no folder" / "copy.db")
    with pytest.raises(StoreError, match="there is no store"):
        backup(tmp_path / "empty", tmp_path / "copy.db")
