from pathlib import Path

import pytest

from index import engines
from marsad import memory

MB = 2**20


@pytest.mark.parametrize(
    ("ceiling", "cache"),
    [(300 * MB, 32 * MB), (1536 * MB, 96 * MB), (64 * 1024 * MB, 256 * MB)],
    ids=["little", "a machine of 2 GB", "plenty"],
)
def test_the_writers_page_cache_is_a_share_of_the_memory_there_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ceiling: int, cache: int
) -> None:
    monkeypatch.setattr(memory, "ceiling", lambda: ceiling)
    engine = engines.writing(tmp_path / "a.db")
    with engine.connect() as conn:
        assert conn.exec_driver_sql("PRAGMA cache_size").scalar_one() == -cache // 1024
    engine.dispose()
