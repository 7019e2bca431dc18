"""What docs/operations.md says of troubles with Elasticsearch: the sentences a person sees, by their headings."""

import re
from pathlib import Path
from typing import Final

OPERATIONS: Final = Path(__file__).parents[2] / "docs" / "operations.md"
ANYTHING: Final = "…"


def chapter() -> str:
    return OPERATIONS.read_text(encoding="utf-8").partition("\n## Elasticsearch\n")[2].partition("\n## ")[0]


def sentences() -> dict[str, str]:
    """By heading; `…` stands for anything."""
    parts = re.findall(r"^### (.+)\n\n> (.+)\n", chapter(), re.MULTILINE)
    return dict(parts)


def heading_of(said: str) -> str | None:
    """Under which heading a person finds what was said."""
    found = [heading for heading, sentence in sentences().items() if re.search(_pattern(sentence), said, re.DOTALL)]
    return found[0] if len(found) == 1 else None


def _pattern(sentence: str) -> str:
    return ".+".join(map(re.escape, sentence.split(ANYTHING))) + r"$"
