"""What a person types, as a small tree: both back ends build their own queries from it.

All words are required. "…", «…» and “…” are phrases; a minus before a word, phrase or field leaves documents out;
OR (or |) between two joins just these two; a star after a word stands for any ending; `title:` looks in titles only
and `source:` names an outlet. Everything else is text, however it is punctuated.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Words:
    """Words that stood together: each is required, in any order (together, because names are joined by analysis)."""

    text: str


@dataclass(frozen=True, slots=True)
class Phrase:
    text: str


@dataclass(frozen=True, slots=True)
class Prefix:
    text: str


@dataclass(frozen=True, slots=True)
class Title:
    node: "Words | Phrase | Prefix"


@dataclass(frozen=True, slots=True)
class Source:
    id: str


@dataclass(frozen=True, slots=True)
class Or:
    nodes: tuple["Leaf", ...]


Leaf = Words | Phrase | Prefix | Title | Source


@dataclass(frozen=True, slots=True)
class Query:
    """Every one of `required`, and none of `excluded`."""

    required: tuple[Leaf | Or, ...]
    excluded: tuple[Leaf, ...] = ()


@dataclass(frozen=True, slots=True)
class QueryError:
    message: str
    hint: str

    def __str__(self) -> str:
        return f"{self.message}; {self.hint}"


SHORTEST_PREFIX = 2
_lexeme = re.compile(
    r"""(?P<or>(?:OR|\|)(?=\s|$))
    | (?P<minus>(?<!\S)-(?=[^\s-]))? (?P<field>(?:title|source):(?=\S))?
      (?: "(?P<straight>[^"]*)" | «(?P<guillemets>[^»]*)» | “(?P<curly>[^”]*)” | (?P<word>(?:(?!["«“])\S)+|["«“]) )""",
    re.VERBOSE,
)


def parse(text: str) -> Query | QueryError:
    required: list[Leaf | Or] = []
    excluded: list[Leaf] = []
    join = False
    for found in _lexeme.finditer(text):
        if found["or"]:
            if not required or join:
                return QueryError("OR has no word before it", "write it between two words: مصر OR السودان")
            join = True
            continue
        leaf = _leaf(found)
        if isinstance(leaf, QueryError):
            return leaf
        if leaf is None:
            continue
        if found["minus"]:
            excluded.append(leaf)
        elif join:
            last = required.pop()
            required.append(Or((*(last.nodes if isinstance(last, Or) else (last,)), leaf)))
            join = False
        else:
            required.append(leaf)
    if join:
        return QueryError("OR has no word after it", "write it between two words: مصر OR السودان")
    return _query(required, excluded)


def without_or(query: Query) -> Query:
    """What finds the documents that have every one of the words of which one would do."""
    leaves = [leaf for node in query.required for leaf in (node.nodes if isinstance(node, Or) else (node,))]
    return Query(tuple(leaves), query.excluded)


def _query(required: list[Leaf | Or], excluded: list[Leaf]) -> Query | QueryError:
    if required:
        return Query(tuple(_together(required)), tuple(excluded))
    if excluded:
        return QueryError("the query only leaves documents out", "add a word that must be there")
    return QueryError("the query holds no word", "give at least one word to look for")


def _leaf(found: re.Match[str]) -> Leaf | QueryError | None:
    """None for punctuation alone."""
    phrase = next((found[name] for name in ("straight", "guillemets", "curly") if found[name] is not None), None)
    text = phrase if phrase is not None else found["word"]
    if found["field"] == "source:":
        return Source(text)
    if not any(map(str.isalnum, text)):
        return None
    if phrase is not None:
        node: Words | Phrase | Prefix = Phrase(phrase)
    elif text.endswith("*"):
        stem = text.rstrip("*")
        if sum(map(str.isalnum, stem)) < SHORTEST_PREFIX:
            return QueryError(f"«{text}» is too short for a star", f"give {SHORTEST_PREFIX} letters or more before it")
        node = Prefix(stem)
    else:
        node = Words(text)
    return Title(node) if found["field"] else node


def _together(nodes: list[Leaf | Or]) -> Iterator[Leaf | Or]:
    words: list[str] = []
    for node in nodes:
        if isinstance(node, Words):
            words.append(node.text)
            continue
        if words:
            yield Words(" ".join(words))
            words = []
        yield node
    if words:
        yield Words(" ".join(words))
