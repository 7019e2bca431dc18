"""Damaged pages by the thousand: every one must end in an outcome, soon, and without the process growing.

python -m benchmarks.extraction.mutations [COUNT]
"""

import argparse
import random
import resource
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from benchmarks.extraction.cases import NOW, Case, load
from news.documents import NotDocument
from news.extract import extract

LIMIT = 2.0  # seconds of CPU that no page may take
HUGE = (8_000_000, 20_000_000)  # bytes: just below the limit, and above it
_ROUNDS = 2_000  # pages over which memory is watched

TAGS = (b"<div>", b"<b>", b"<table><tr><td>", b"<blockquote>", b"<ul><li>", b"<span class=a>", b"<a href=/x>")
Mutation = Callable[[random.Random, bytes], bytes]


def truncated(rng: random.Random, body: bytes) -> bytes:
    return body[: rng.randrange(len(body))]


def shuffled(rng: random.Random, body: bytes) -> bytes:
    pieces = body.split(b"<")
    rng.shuffle(pieces)
    return b"<".join(pieces)


def without_tags(rng: random.Random, body: bytes) -> bytes:
    return b"<".join(piece for piece in body.split(b"<") if rng.random() > 0.1)


def repeated(rng: random.Random, body: bytes) -> bytes:
    pieces = body.split(b"<")
    at = rng.randrange(len(pieces))
    return b"<".join([*pieces[:at], *(pieces[at : at + 3] * rng.randrange(2, 2_000)), *pieces[at + 3 :]])


def nested(rng: random.Random, body: bytes) -> bytes:
    at = rng.randrange(len(body))
    return body[:at] + rng.choice(TAGS) * 10_000 + body[at:]


def flipped(rng: random.Random, body: bytes) -> bytes:
    changed = bytearray(body)
    for _ in range(rng.randrange(1, 400)):
        changed[rng.randrange(len(changed))] = rng.randrange(256)
    return bytes(changed)


def binary(rng: random.Random, body: bytes) -> bytes:
    return rng.randbytes(len(body))


def spliced(rng: random.Random, body: bytes) -> bytes:
    at = rng.randrange(len(body))
    return body[:at] + rng.randbytes(rng.randrange(2_000)) + body[at:]


def empty(rng: random.Random, body: bytes) -> bytes:
    return rng.choice((b"", b" \n", b"<html>", b"\xff\xfe", b"\0\0\0"))


MUTATIONS: Sequence[Mutation] = (
    truncated, shuffled, without_tags, repeated, nested, flipped, binary, spliced, empty,
)  # fmt: skip


def grown(case: Case, size: int) -> Iterator[tuple[str, bytes]]:
    """The page blown up to `size` bytes in ways that servers really manage."""
    body = case.html.encode()
    for name, filler in (
        ("paragraphs", "<p>نص طويل يملأ الصفحة من أولها إلى آخرها، ولا ينتهي.</p>".encode()),
        ("links", "<a href='/n/1'>عنوان خبر آخر من أخبار المدينة</a> ".encode()),
        ("one line", "كلمة ".encode()),
        ("script", b"<script>var a=1;</script>"),
        ("comment", b"<!-- x -->"),
        ("zeros", b"\0"),
    ):
        yield name, body.replace(b"</body>", filler * (size // len(filler)) + b"</body>")


@dataclass(slots=True)
class Ordeal:
    outcomes: Counter[str] = field(default_factory=Counter)
    slowest: float = 0.0
    slow: list[str] = field(default_factory=list)

    def read(self, what: str, case: Case, body: bytes) -> None:
        started = time.process_time()
        found = extract(case.of(body), case.source, NOW)
        took = time.process_time() - started
        self.outcomes[found.outcome.value if isinstance(found, NotDocument) else "stored"] += 1
        self.slowest = max(self.slowest, took)
        if took > LIMIT:
            self.slow.append(f"{what} of {case.name}: {took:.1f} s for {len(body):,} bytes")


def mutated(count: int, seed: int = 1) -> Ordeal:
    """Raises whatever extraction raises: it must not."""
    rng = random.Random(seed)
    cases = load()
    ordeal = Ordeal()
    for number in range(count):
        case, mutation = rng.choice(cases), MUTATIONS[number % len(MUTATIONS)]
        ordeal.read(mutation.__name__, case, mutation(rng, case.html.encode()))
    return ordeal


def peak() -> int:
    """Bytes that this process has needed at most."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def growth(rounds: int) -> tuple[int, int]:
    """Peak memory after a tenth of the pages and after all of them."""
    cases = load()
    for number in range(rounds // 10):
        extract(cases[number % len(cases)].page(), cases[number % len(cases)].source, NOW)
    warm = peak()
    for number in range(rounds - rounds // 10):
        extract(cases[number % len(cases)].page(), cases[number % len(cases)].source, NOW)
    return warm, peak()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("count", type=int, nargs="?", default=5_000, help="damaged pages (default 5000)")
    count = parser.parse_args().count
    warm, last = growth(_ROUNDS)
    print(f"peak memory: {warm / 1e6:.1f} MB after {_ROUNDS // 10} pages, {last / 1e6:.1f} MB after {_ROUNDS}")
    ordeal = mutated(count)
    print(f"{count} mutated pages: slowest {ordeal.slowest:.2f} s CPU, over {LIMIT} s: {len(ordeal.slow)}")
    huge = Ordeal()
    for size in HUGE:
        for name, body in grown(load()[0], size):
            huge.read(f"{size} bytes of {name}", load()[0], body)
    print(f"{huge.outcomes.total()} huge pages: slowest {huge.slowest:.2f} s CPU, {dict(huge.outcomes)}")
    print(dict(ordeal.outcomes), *ordeal.slow, *huge.slow, sep="\n")
    return 1 if ordeal.slow or huge.slow else 0


if __name__ == "__main__":
    sys.exit(main())
