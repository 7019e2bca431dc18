"""A real store in a folder of its own, and one with a source that is watched."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from index.store import Store
from tests.index.press import Press


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "data") as opened:
        yield opened


@pytest.fixture
def press(store: Store) -> Press:
    started = Press(store)
    started.watch()
    return started
