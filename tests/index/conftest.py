from collections.abc import Iterator
from pathlib import Path

import pytest

from index.embedded import EmbeddedIndex


@pytest.fixture
def index(tmp_path: Path) -> Iterator[EmbeddedIndex]:
    with EmbeddedIndex.open(tmp_path / "search.db") as opened:
        yield opened
