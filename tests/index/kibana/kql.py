"""Kibana's query language as far as our objects and documents use it: the fields it names, and what Kibana sends.

By Kibana's rules: `not` binds before `and`, `and` before `or`; words in a row are one literal, of which any may match;
quotes make a phrase; a star alone asks whether the field is there; a star in a field's name means every such field.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from functools import partial
from typing import Any

Query = dict[str, Any]
Fields = Callable[[str], list[str]]
_LEXEME = re.compile(r'\s*(?:(?P<quoted>"[^"]*")|(?P<mark><=|>=|[:<>()])|(?P<word>[^\s:<>()"]+))')
_RANGES: Mapping[str, str] = {"<": "lt", "<=": "lte", ">": "gt", ">=": "gte"}
_WORDS = ("and", "or", "not")


@dataclass
class _Parser:
    lexemes: list[str]
    known: Iterable[str]
    named: list[str] = field(default_factory=list)

    def either(self) -> Query:
        parts = [self.both()]
        while self.take("or"):
            parts.append(self.both())
        return parts[0] if len(parts) == 1 else {"bool": {"should": parts, "minimum_should_match": 1}}

    def both(self) -> Query:
        parts = [self.negated()]
        while self.take("and"):
            parts.append(self.negated())
        return parts[0] if len(parts) == 1 else {"bool": {"filter": parts}}

    def negated(self) -> Query:
        if self.take("not"):
            return {"bool": {"must_not": [self.negated()]}}
        if self.take("("):
            inner = self.either()
            self.need(")")
            return inner
        literal = self.literal()
        if self.take(":"):
            return self.of_fields(self.name(literal), self.value)
        for mark, name in _RANGES.items():
            if self.take(mark):
                return self.of_fields(self.name(literal), partial(self.limited, name))
        return _anywhere(literal)

    def value(self, one: str) -> Query:
        if self.take("("):
            parts = [self.value(one)]
            while joint := self.take("or") or self.take("and"):
                parts.append(self.value(one))
                assert joint == "or" or len(parts) == 2, "mixed lists are not needed here"
            self.need(")")
            return {"bool": {"should": parts, "minimum_should_match": 1}}
        return _matching(one, self.literal())

    def limited(self, mark: str, one: str) -> Query:
        return {"range": {one: {mark: self.literal().strip('"')}}}

    def of_fields(self, names: list[str], build: Callable[[str], Query]) -> Query:
        start = list(self.lexemes)
        parts = []
        for one in names:
            self.lexemes = list(start)
            parts.append(build(one))
        return parts[0] if len(parts) == 1 else {"bool": {"should": parts, "minimum_should_match": 1}}

    def name(self, pattern: str) -> list[str]:
        self.named.append(pattern)
        found = [one for one in self.known if fnmatchcase(one, pattern)]
        assert found, f"no field is called {pattern}"
        return found

    def literal(self) -> str:
        words = [self.lexemes.pop(0)]
        assert words[0] not in (*_WORDS, ":", "(", ")", *_RANGES), f"{words[0]} in the place of a word"
        while not words[0].startswith('"') and self.lexemes and not self.ends():
            words.append(self.lexemes.pop(0))
        return " ".join(words)

    def ends(self) -> bool:
        return self.lexemes[0].startswith('"') or self.lexemes[0].lower() in (*_WORDS, ":", "(", ")", *_RANGES)

    def take(self, lexeme: str) -> str:
        return self.lexemes.pop(0).lower() if self.lexemes and self.lexemes[0].lower() == lexeme else ""

    def need(self, lexeme: str) -> None:
        assert self.take(lexeme), f"{lexeme} is missing before {self.lexemes}"


def parse(text: str, known: Iterable[str]) -> tuple[Query, list[str]]:
    """What is sent, and the fields (or patterns of them) that were named. Fails where a field is not `known`."""
    if not text.strip():
        return {"match_all": {}}, []
    lexemes = [found[found.lastgroup or 0] for found in _LEXEME.finditer(text)]
    assert "".join(lexemes).replace(" ", "") == "".join(text.split()), f"not understood: {text}"
    parser = _Parser(lexemes, tuple(known))
    query = parser.either()
    assert not parser.lexemes, f"{text}: nothing was made of {parser.lexemes}"
    return query, parser.named


def _matching(name: str, literal: str) -> Query:
    if literal == "*":
        return {"exists": {"field": name}}
    if literal.startswith('"'):
        return {"match_phrase": {name: literal.strip('"')}}
    if "*" in literal:
        return {"query_string": {"fields": [name], "query": literal}}
    return {"match": {name: literal}}


def _anywhere(literal: str) -> Query:
    if literal.startswith('"'):
        return {"multi_match": {"type": "phrase", "query": literal.strip('"'), "lenient": True}}
    if "*" in literal:
        return {"query_string": {"query": literal}}
    return {"multi_match": {"type": "best_fields", "query": literal, "lenient": True}}
