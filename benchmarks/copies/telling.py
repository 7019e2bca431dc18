"""One outlet's telling of something, and a pair of them with the answer that is right."""

from dataclasses import dataclass
from datetime import UTC, datetime

from news.copies.fingerprints import fingerprint
from news.documents import Article, Candidate

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Telling:
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Pair:
    """`kind` names how it was made or chosen; `is_copy` is the label."""

    kind: str
    is_copy: bool
    one: Telling
    other: Telling


def article(telling: Telling, source: str = "one", url: str = "https://one.example/1") -> Article:
    return Article(url=url, requested_url=url, source=source, title=telling.title, text=telling.text, fetched_at=NOW)


def candidate(telling: Telling, source: str = "two", id_: str = "two") -> Candidate:
    made = fingerprint(telling.title, telling.text)
    return Candidate(
        id=id_, cluster_id=id_, duplicate_of=None, source=source, title=telling.title, text=telling.text,
        minhash=made.minhash, content_hash=made.content_hash, first_seen_at=NOW,
    )  # fmt: skip
