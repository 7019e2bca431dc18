"""Terms of the embedded index that are one slip of the pen away from a word."""

import sqlite3
from collections.abc import Iterator
from typing import Final

from index.embedded.fts import TEXTS
from index.embedded.generations import Generation

MOST: Final = 3
_ARABIC: Final = "ءابتثجحخدذرزسشصضطظعغفقكلمنهوي"
_LATIN: Final = "abcdefghijklmnopqrstuvwxyz"
_COLUMNS: Final = tuple(f"{text}_exact" for text in TEXTS)
_WHERE: Final = f"col IN ({', '.join('?' * len(_COLUMNS))})"


def similar(conn: sqlite3.Connection, generation: Generation, term: str) -> list[str]:
    """As written (`exact`), those in the most documents first; versions that were superseded count as well."""
    terms = f"terms_{generation.number}"
    conn.execute(f"CREATE VIRTUAL TABLE IF NOT EXISTS temp.{terms} USING fts5vocab('main', '{generation.fts}', 'col')")
    query = f"SELECT sum(doc) FROM temp.{terms} WHERE term = ? AND {_WHERE}"
    counted = {word: conn.execute(query, (word, *_COLUMNS)).fetchone()[0] for word in sorted(set(slips(term)))}
    found = [word for word, count in counted.items() if count]
    return sorted(found, key=lambda word: (-counted[word], word))[:MOST]


def slips(word: str) -> Iterator[str]:
    """A letter too many, too few, another one, or two exchanged."""
    letters = _LATIN if word.isascii() else _ARABIC
    halves = [(word[:at], word[at:]) for at in range(len(word) + 1)]
    for head, tail in halves:
        yield from (head + letter + tail for letter in letters)
        if tail:
            yield head + tail[1:]
            yield from (head + letter + tail[1:] for letter in letters if letter != tail[0])
        if len(tail) > 1 and tail[0] != tail[1]:
            yield head + tail[1] + tail[0] + tail[2:]
