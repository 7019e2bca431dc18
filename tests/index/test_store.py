import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import select

from index import engines
from index import migrate as migrations
from index.database import FILE, StoreError, meta, metadata
from index.lock import FolderBusy, FolderLock
from index.migrate import HEAD, KNOWN
from index.store import Store
from tests.index.press import Press

ROOT = Path(__file__).parents[2]


def test_the_migrations_make_the_tables_that_the_code_knows(store: Store) -> None:
    engine = engines.writing(store.folder / FILE)
    with engine.connect() as conn:
        assert compare_metadata(MigrationContext.configure(conn), metadata) == []
    engine.dispose()


def test_the_known_revisions_are_those_that_there_are() -> None:
    scripts = ScriptDirectory(str(Path(migrations.__file__).parent / "migrations"))
    assert tuple(reversed([script.revision for script in scripts.walk_revisions()])) == KNOWN


def test_a_second_opening_finds_what_the_first_left(tmp_path: Path) -> None:
    with Store.open(tmp_path / "new" / "data") as store:
        Press(store).watch()
    with Store.open(tmp_path / "new" / "data") as store:
        assert Press(store).tick() == 1


def test_a_folder_of_a_newer_version_is_refused_in_one_sentence(store: Store) -> None:
    with sqlite3.connect(store.folder / FILE) as conn:
        conn.execute("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(StoreError, match=r"newer marsad \(schema 9999") as refused:
        Store.open(store.folder)
    assert "\n" not in str(refused.value)


def test_an_older_store_is_copied_aside_before_it_is_migrated(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    Press(store).watch()
    with sqlite3.connect(store.folder / FILE) as conn:
        conn.execute("UPDATE alembic_version SET version_num = '0000'")
    monkeypatch.setattr(migrations, "KNOWN", ("0000", *KNOWN))
    monkeypatch.setattr(migrations, "_upgrade", _pretend_to_upgrade)
    with Store.open(store.folder):
        copies = list(store.folder.glob("*.before-*"))
    assert [copy.name for copy in copies] == [f"marsad.db.before-{HEAD}"]
    with sqlite3.connect(copies[0]) as conn:
        assert conn.execute("SELECT version_num FROM alembic_version").fetchone() == ("0000",)
        assert conn.execute("SELECT id FROM sources").fetchall() == [("akhbar",)]


def _pretend_to_upgrade(engine: object) -> None:
    """There is only one revision yet."""
    file = engine.pool._creator().execute("PRAGMA database_list").fetchone()[2]  # type: ignore[attr-defined]
    with sqlite3.connect(file) as conn:
        conn.execute("UPDATE alembic_version SET version_num = ?", (HEAD,))


def test_an_older_store_is_not_migrated_under_a_running_service(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    with sqlite3.connect(store.folder / FILE) as conn:
        conn.execute("UPDATE alembic_version SET version_num = '0000'")
    monkeypatch.setattr(migrations, "KNOWN", ("0000", *KNOWN))
    with lock_in_another_process(store.folder) as process:
        with pytest.raises(FolderBusy, match=str(process.pid)):
            Store.open(store.folder)
        with pytest.raises(StoreError, match="schema 0000"):
            Store.open(store.folder, readonly=True)


def test_reading_where_there_is_no_store_says_so(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="there is no store in"):
        Store.open(tmp_path, readonly=True)


def test_an_interrupted_creation_leaves_nothing_half_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as broken:
        broken.setattr("alembic.command.upgrade", _fail_half_way)
        with pytest.raises(RuntimeError, match="power"):
            Store.open(tmp_path)
    with sqlite3.connect(tmp_path / FILE) as conn:
        assert conn.execute("SELECT count(*) FROM sqlite_master").fetchone() == (0,)


def _fail_half_way(config: object, revision: str) -> None:
    conn = config.attributes["connection"]  # type: ignore[attr-defined]
    conn.exec_driver_sql("CREATE TABLE half (x)")
    raise RuntimeError("power")


def test_reading_only_takes_no_lock_and_writes_nothing(press: Press) -> None:
    press.publish("/news/1")
    press.store.close()
    before = (press.store.folder / FILE).read_bytes()
    with FolderLock(press.store.folder), Store.open(press.store.folder, readonly=True) as reader:
        assert reader.count_documents() == 1
        with pytest.raises(StoreError, match="reading only"):
            _ = reader.writer
    assert (press.store.folder / FILE).read_bytes() == before


READS_AS_NOBODY = """
import os, sys
from pathlib import Path
from index.store import Store
with Store.open(Path(sys.argv[1]), readonly=True) as store:
    store.count_documents()  # loads all that is loaded late, while we may
if os.geteuid() == 0:
    os.seteuid(65534)
try:
    Path(sys.argv[2], "written").touch()
except PermissionError:
    with Store.open(Path(sys.argv[2]), readonly=True) as store:
        print(store.count_documents())
"""


@pytest.mark.slow
def test_a_read_only_folder_can_be_read(press: Press) -> None:
    press.publish("/news/1")
    press.store.close()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shutil.copy(press.store.folder / FILE, folder / FILE)
        folder.chmod(0o555)
        command = [sys.executable, "-c", READS_AS_NOBODY, str(press.store.folder), name]
        answer = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        folder.chmod(0o755)
    assert answer.stdout == "1\n", answer.stderr


HOLDS_THE_LOCK = """
import sys
from pathlib import Path
from index.lock import FolderLock
with FolderLock(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


@contextmanager
def lock_in_another_process(folder: Path) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-c", HOLDS_THE_LOCK, str(folder)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        yield process
        process.kill()


def test_a_second_service_is_refused_with_the_firsts_pid(tmp_path: Path) -> None:
    with lock_in_another_process(tmp_path) as first, pytest.raises(FolderBusy) as refused:
        FolderLock(tmp_path).acquire()
    assert f"another marsad (pid {first.pid}) works on {tmp_path}" in str(refused.value)
    with FolderLock(tmp_path):
        pass  # the lock of a killed process is free at once


WRITES = """
import sys
from pathlib import Path
from sqlalchemy import insert
from index.database import meta
from index.store import Store
with Store.open(Path(sys.argv[1])) as store:
    for number in range(10**6):
        row = {"key": str(number), "value": "x" * 100}
        store.writer.submit(lambda conn, row=row: conn.execute(insert(meta), row) and None).result()
        print(number, flush=True)
"""


@pytest.mark.slow
def test_what_was_answered_survives_a_kill_at_any_instant(tmp_path: Path) -> None:
    for read in (1, 37, 180):
        folder = tmp_path / str(read)
        process = subprocess.Popen(
            [sys.executable, "-c", WRITES, str(folder)], cwd=ROOT, stdout=subprocess.PIPE, text=True
        )
        assert process.stdout is not None
        for _ in range(read):
            process.stdout.readline()
        process.send_signal(signal.SIGKILL)
        answered = read + process.stdout.read().count("\n")
        process.wait()
        process.stdout.close()
        with Store.open(folder) as store, store.read() as conn:
            kept = set(conn.execute(select(meta.c.key)).scalars())
            assert kept >= {str(number) for number in range(answered)}
            assert conn.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"


def test_the_shape_of_the_lock_file_is_a_pid(tmp_path: Path) -> None:
    with FolderLock(tmp_path):
        assert json.loads((tmp_path / "lock").read_text()) == os.getpid()
