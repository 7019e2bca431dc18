"""Why a page was read as it was: filled along the way when somebody asks, printed by `extract --explain`."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class Explanation:
    """Notes by step, in the order of the steps."""

    notes: dict[str, list[Any]] = field(default_factory=dict)

    def note(self, step: str, **facts: Any) -> None:
        self.notes.setdefault(step, []).append(facts)

    def as_dict(self) -> dict[str, Any]:
        return {step: list(facts) for step, facts in self.notes.items()}
