"""Reading one TOML table key by key, collecting in words all that is wrong with it."""

import math
from collections.abc import Callable, Iterable, Mapping
from difflib import get_close_matches
from typing import Any

Table = Mapping[str, Any]
Check = Callable[[str], None]  # raises ValueError with what the value must be

_KINDS: tuple[tuple[type, str], ...] = (
    (bool, "true or false"),
    (str, "a string"),
    (int, "a number"),
    (float, "a number"),
    (list, "a list"),
    (dict, "a table"),
)


class SourceError(ValueError):
    """What is wrong with one key of a source file. `key` is empty where the file as a whole cannot be read."""

    def __init__(self, file: str, key: str, expected: str) -> None:
        self.file, self.key, self.expected = file, key, expected
        super().__init__(f"{file}: key `{key}` {expected}" if key else f"{file}: {expected}")


def kind_of(value: object) -> str:
    return next((words for kind, words in _KINDS if isinstance(value, kind)), f"a {type(value).__name__}")


def nearest(word: str, known: Iterable[str]) -> str:
    """A hint naming the known word that was probably meant, or nothing."""
    close = get_close_matches(word, list(known), n=1)
    return f"; did you mean `{close[0]}`?" if close else ""


class Fields:
    """One table of a source file. A wrong value is noted in `problems` and read as the default."""

    def __init__(self, table: Table, file: str, problems: list[SourceError], prefix: str = "") -> None:
        self.table, self.file, self.problems, self.prefix = table, file, problems, prefix

    def wrong(self, key: str, expected: str) -> None:
        self.problems.append(SourceError(self.file, self.prefix + key, expected))

    def only(self, known: Iterable[str]) -> None:
        known = tuple(known)
        for key in self.table:
            if key not in known:
                self.wrong(key, f"is unknown{nearest(key, known) or '; the keys are ' + ', '.join(known)}")

    def text(self, key: str, default: str = "", *, example: str = "", check: Check | None = None) -> str:
        """An empty string counts as left out."""
        value = self.table.get(key, default)
        if not isinstance(value, str):
            hint = f'; write {key} = "{example}"' if example else ""
            self.wrong(key, f"must be a string, found {kind_of(value)}{hint}")
            return default
        value = value.strip()
        if value and check is not None and not self.allow(key, value, check):
            return default
        return value or default

    def required(self, key: str, *, example: str, check: Check | None = None) -> str:
        value = self.text(key, example=example, check=check)
        if not value and not any(problem.key == self.prefix + key for problem in self.problems):
            self.wrong(key, f'is missing; write {key} = "{example}"')
        return value

    def texts(self, key: str, noun: str, *, example: str, check: Check) -> tuple[str, ...]:
        value = self.table.get(key, [])
        hint = f'; write {key} = ["{example}"]'
        if not isinstance(value, list):
            self.wrong(key, f"must be a list of {noun}, found {kind_of(value)}{hint}")
            return ()
        strange = next((item for item in value if not isinstance(item, str)), None)
        if strange is not None:
            self.wrong(key, f"must be a list of {noun}, found {kind_of(strange)} in it{hint}")
            return ()
        items = dict.fromkeys(item.strip() for item in value)
        return tuple(item for item in items if self.allow(key, item, check))

    def flag(self, key: str, default: bool) -> bool:
        value = self.table.get(key, default)
        if not isinstance(value, bool):
            self.wrong(key, f"must be true or false, found {kind_of(value)}; write {key} = {str(default).lower()}")
            return default
        return value

    def seconds(self, key: str) -> float | None:
        value = self.table.get(key)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float):
            self.wrong(key, f"must be a number of seconds, found {kind_of(value)}; write {key} = 5")
        elif not math.isfinite(value) or value < 0:
            self.wrong(key, f"must be zero or more seconds, found {value}; write {key} = 5")
        else:
            return float(value)
        return None

    def count(self, key: str, default: int) -> int:
        value = self.table.get(key, default)
        if isinstance(value, bool) or not isinstance(value, int) or value < 0:
            self.wrong(key, f"must be a whole number from 0 up, found {value!r}; write {key} = {default}")
            return default
        return value

    def inner(self, key: str) -> "Fields":
        value = self.table.get(key, {})
        if not isinstance(value, Mapping):
            self.wrong(key, f"must be a table, found {kind_of(value)}; write [{key}] on a line of its own")
            value = {}
        return Fields(value, self.file, self.problems, f"{self.prefix}{key}.")

    def each(self, key: str) -> "list[Fields]":
        value = self.table.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, Mapping) for item in value):
            self.wrong(key, f"must be tables; write each one under its own [[{key}]]")
            return []
        return [
            Fields(item, self.file, self.problems, f"{self.prefix}{key}[{number}].")
            for number, item in enumerate(value, 1)
        ]

    def allow(self, key: str, value: str, check: Check) -> bool:
        """Whether `value` passes; a refusal is noted."""
        try:
            check(value)
        except ValueError as error:
            self.wrong(key, f"{error}, found {value!r}")
            return False
        return True
