"""Sending many documents: in requests of bounded size, with an account of every single one."""

import json
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, Final

from elasticsearch import ApiError, Elasticsearch, TransportError

from index.elastic import verdicts
from index.elastic.verdicts import Verdict

MOST_BYTES: Final = 8 * 2**20
MOST_ACTIONS: Final = 250
AT_ONCE: Final = 2  # one request keeps one core of the server busy, and us waiting
TRIES: Final = 5  # of one request within one call; the caller comes again later
# So many documents refused at once, and most of all: then it is the index that is wrong, not they.
SUSPICIOUS: Final = 20

_encode: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


@dataclass(frozen=True, slots=True)
class Action:
    """One operation as it goes out: its line, and for all but deletions the document's."""

    id: str
    seq: int
    lines: tuple[bytes, ...]

    @property
    def size(self) -> int:
        return sum(map(len, self.lines)) + len(self.lines)


@dataclass(slots=True)
class Sent:
    """What became of the actions. `left` were not decided, because of `verdict` for that `reason`."""

    done: list[Action] = field(default_factory=list)
    rejected: list[tuple[Action, str]] = field(default_factory=list)
    left: list[Action] = field(default_factory=list)
    verdict: Verdict | None = None
    reason: str = ""

    def take(self, other: "Sent") -> None:
        """What stood in the way first stays the reason."""
        self.done += other.done
        self.rejected += other.rejected
        self.left += other.left
        if self.verdict is None:
            self.verdict, self.reason = other.verdict, other.reason


def index_action(index: str, id_: str, seq: int, document: dict[str, Any]) -> Action:
    """The document wins over every older version, whenever it comes."""
    head = {"index": {"_index": index, "_id": id_, "version": seq, "version_type": "external"}}
    return Action(id_, seq, (_encode(head).encode(), _encode(document).encode("utf-8", "replace")))


def delete_action(index: str, id_: str, seq: int, seq_no: int, primary_term: int) -> Action:
    """Of the version that was found, and only while it is there: by a version, it could make an index."""
    head = {"delete": {"_index": index, "_id": id_, "if_seq_no": seq_no, "if_primary_term": primary_term}}
    return Action(id_, seq, (_encode(head).encode(),))


def send(client: Elasticsearch, actions: Iterable[Action], *, sleep: Callable[[float], None] = time.sleep) -> Sent:
    """Two requests at a time; the next ones are made of `actions` meanwhile."""
    with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="bulk") as threads:
        parts = [threads.submit(_send, client, request, sleep) for request in _requests(actions)]
    sent = Sent()
    for part in parts:
        sent.take(part.result())
    return sent


def _send(client: Elasticsearch, actions: list[Action], sleep: Callable[[float], None]) -> Sent:
    """One request, and what it has to be split into."""
    sent = Sent()
    waiting = deque([actions])
    failures = 0
    verdict: Verdict | None
    while waiting:
        request = waiting.popleft()
        try:
            again = _answered(client, request, sent)
        except (ApiError, TransportError) as error:
            verdict, reason = verdicts.of_error(error), verdicts.error_reason(error)
            if verdict is Verdict.SPLIT and len(request) == 1:
                sent.rejected.append((request[0], reason))
                continue
            again = request
        else:
            verdict, reason = sent.verdict, sent.reason
        if not again:
            failures = 0
            continue
        failures += verdict is Verdict.RETRY
        if verdict not in (Verdict.SPLIT, Verdict.RETRY) or failures >= TRIES:
            sent.verdict, sent.reason = verdict, reason
            sent.left = [*again, *(action for other in waiting for action in other)]
            return sent
        sent.verdict, sent.reason = None, ""
        if verdict is Verdict.RETRY:
            sleep(verdicts.pause(Verdict.RETRY, failures))
        waiting.extendleft(reversed(_halves(again)))
    return sent


def _answered(client: Elasticsearch, request: Sequence[Action], sent: Sent) -> list[Action]:
    """Books what was decided and returns what was not; `sent.verdict` says why not."""
    lines = [line for action in request for line in action.lines]
    answer = client.bulk(
        operations=lines,  # type: ignore[arg-type]  # encoded lines go out as they are
        require_alias=True,
        filter_path=["errors", "items.*.status", "items.*.error"],
    )
    if not answer["errors"]:
        sent.done += request
        return []
    left: list[Action] = []
    rejected: list[tuple[Action, str]] = []
    for action, item in zip(request, answer["items"], strict=True):
        (result,) = item.values()
        error = result.get("error")
        verdict = verdicts.of_item(result["status"], error)
        if verdict is Verdict.DONE:
            sent.done.append(action)
        elif verdict is Verdict.REJECT:
            rejected.append((action, verdicts.item_reason(error)))
        else:
            left.append(action)
            sent.verdict, sent.reason = verdict, verdicts.item_reason(error or {})
    if len(rejected) >= SUSPICIOUS and 2 * len(rejected) > len(request):
        sent.verdict, sent.reason = Verdict.STOP, rejected[0][1]
        return left + [action for action, _ in rejected]
    sent.rejected += rejected
    return left


def _requests(actions: Iterable[Action]) -> Iterator[list[Action]]:
    """A document that is too large for company goes alone."""
    request: list[Action] = []
    size = 0
    for action in actions:
        if request and (len(request) == MOST_ACTIONS or size + action.size > MOST_BYTES):
            yield request
            request, size = [], 0
        request.append(action)
        size += action.size
    if request:
        yield request


def _halves(request: list[Action]) -> list[list[Action]]:
    middle = (len(request) + 1) // 2
    return [half for half in (request[:middle], request[middle:]) if half]
