"""What an answer of the search server means for a document, and what is to be done about it. Pure.

What is nobody's fault is tried again; what is the server's makes all wait; what is the document's puts it aside.
"""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any, Final

from elasticsearch import ApiError, AuthenticationException, SSLError, TransportError, UnsupportedProductError

from index.errors import ForeseenError

SHOWN: Final = 300  # Characters of a reason: a server's message may quote a whole document.


class Verdict(Enum):
    DONE = auto()  # taken, or a version as new was there
    RETRY = auto()  # soon, and in smaller pieces
    SPLIT = auto()  # the request is at fault: its parts will show which
    REJECT = auto()  # this document will not be taken as it is
    PREPARE = auto()  # an index is missing: look after the indices, then again
    AWAY = auto()  # nobody answers
    PAUSE = auto()  # nothing is taken for now: a full or a locked index
    STOP = auto()  # a person has to see to it


# How long to leave the server alone, in seconds: at first, and at most. It is asked again at any rate.
PAUSES: Final[Mapping[Verdict, tuple[float, float]]] = {
    Verdict.RETRY: (1, 30),
    Verdict.AWAY: (1, 60),
    Verdict.PREPARE: (0, 30),
    Verdict.PAUSE: (30, 300),
    Verdict.STOP: (60, 600),
}


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why nothing is sent, in a sentence with a hint."""

    verdict: Verdict
    sentence: str

    def __str__(self) -> str:
        return self.sentence


class ElasticError(ForeseenError):
    """What keeps us from working with the search server."""

    def __init__(self, trouble: Trouble) -> None:
        super().__init__(trouble.sentence)
        self.trouble = trouble


def pause(verdict: Verdict, failures: int) -> float:
    """Seconds to wait after that many failures in a row, doubled each time; half of it by chance."""
    first, most = PAUSES[verdict]
    wait = min(most, first * 2.0 ** min(failures - 1, 20))
    return wait * (0.5 + random.random() / 2)


def of_item(status: int, error: Mapping[str, Any] | None) -> Verdict:
    kind = str((error or {}).get("type", ""))
    if status < 300 or status == 409:
        return Verdict.DONE
    if kind in ("cluster_block_exception", "index_closed_exception"):
        return Verdict.PAUSE
    if status == 404:
        return Verdict.PREPARE if kind else Verdict.DONE  # without an error: there was nothing to delete
    if status == 429 or status >= 500:
        return Verdict.RETRY
    if status in (401, 403) or kind == "strict_dynamic_mapping_exception":
        return Verdict.STOP
    return Verdict.REJECT


def of_error(error: ApiError | TransportError) -> Verdict:
    if isinstance(error, SSLError | UnsupportedProductError | AuthenticationException):
        return Verdict.STOP
    if isinstance(error, TransportError):
        return Verdict.AWAY
    status, kind = error.meta.status, _type(error)
    if status in (400, 413):
        return Verdict.PAUSE if kind == "index_closed_exception" else Verdict.SPLIT
    return of_item(status, {"type": kind})


def item_reason(error: Mapping[str, Any]) -> str:
    """A failed item's reason and its deepest cause, clipped."""
    reasons = [f"{error.get('type', 'error')}: {error.get('reason', '')}"]
    while cause := error.get("caused_by"):
        error = cause
        reasons.append(str(error.get("reason", "")))
    return " ← ".join(_clipped(reason) for reason in (reasons[0], *reasons[1:][-1:]))


def error_reason(error: ApiError | TransportError) -> str:
    if isinstance(error, ApiError):
        body: Any = error.body
        found = body.get("error") if isinstance(body, Mapping) else None
        return item_reason(found) if isinstance(found, Mapping) else _clipped(f"{error.meta.status} {error.message}")
    return _clipped(error.message)


def trouble(verdict: Verdict, reason: str, url: str) -> Trouble:
    """`reason` is the server's; the hint is ours."""
    return Trouble(verdict, f"{BEGINNINGS[verdict].format(url=url)} ({reason}); {_hint(verdict, reason)}")


BEGINNINGS: Final = {
    Verdict.RETRY: "Elasticsearch at {url} is starting or overloaded",
    Verdict.PREPARE: "an index at {url} is missing",
    Verdict.AWAY: "Elasticsearch at {url} does not answer",
    Verdict.PAUSE: "Elasticsearch at {url} takes no documents for now",
    Verdict.STOP: "Elasticsearch at {url} refuses what marsad needs",
}
WAITING: Final = "what is stored waits and is sent when it is back"
LOOK_UP: Final = "see docs/operations.md"
# The first whose words are in the reason.
HINTS: Final = (
    ("certificate has expired", "renew its certificate"),
    ("certificate", "set elasticsearch.ca_certs to the authority that signed its certificate"),
    ("not Elasticsearch", "set elasticsearch.url to the address of Elasticsearch itself"),
    ("strict_dynamic_mapping", "the index was made by another version of marsad: run `marsad reindex`"),
    ("security_exception", "check elasticsearch.api_key, or make one with `marsad elastic bootstrap`"),
    ("flood-stage", "its disk is almost full: make room, and it goes on by itself"),
    ("index_closed", "open the index, and it goes on by itself"),
    ("cluster_block", "lift the index's block, and it goes on by itself"),
)
# What we find out ourselves.
STRANGERS: Final = (
    "the indices {indices} belong to another data folder of marsad; set elasticsearch.alias to another name, or take "
    "them over with `marsad elastic bootstrap --take-over`"
)
ALIAS_IS_INDEX: Final = "there is an index named «{alias}»; delete it, or set elasticsearch.alias anew"
NO_TEMPLATE: Final = "the template {template} is missing and this key may not make it; run `marsad elastic bootstrap`"
NOT_OURS: Final = "no template of marsad's made {index}; delete it and run `marsad elastic bootstrap`"
GIVEN_UP: Final = "this generation of the search index was given up meanwhile"
# What is put right without anybody's help, and only told in the log.
FILLED_AGAIN: Final = "Search indices from {month} on are not those that were filled: filling them again"
TURNED_BACK: Final = "The alias {alias} pointed at {indices}: turned back"


def _hint(verdict: Verdict, reason: str) -> str:
    if verdict in (Verdict.AWAY, Verdict.RETRY, Verdict.PREPARE):
        return WAITING
    return next((hint for words, hint in HINTS if words in reason), LOOK_UP)


def _type(error: ApiError) -> str:
    body: Any = error.body
    found = body.get("error") if isinstance(body, Mapping) else None
    return str(found.get("type", "")) if isinstance(found, Mapping) else ""


def _clipped(text: str) -> str:
    """The middle is where a server quotes the document."""
    return text if len(text) <= SHOWN else f"{text[: SHOWN // 2]} … {text[-SHOWN // 2 :]}"
