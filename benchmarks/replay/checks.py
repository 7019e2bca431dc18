"""What a replay is held against: the outlets' own log, the texts that were printed, the real pages' gold entries."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from statistics import mean
from typing import Any

from benchmarks.extraction.gold import judge, tally
from benchmarks.replay.press import Press, Printed
from news.arabic import words
from news.urls import canonical
from tests.site.log import Seen

Document = Mapping[str, Any]


class Checks:
    """Each claim once, printed as it is judged."""

    def __init__(self) -> None:
        self.failed = 0

    def that(self, claim: str, holds: bool, detail: object = "") -> None:
        self.failed += not holds
        print(f"  {'ok    ' if holds else 'FAILED'} {claim}{f': {detail}' if detail != '' else ''}", flush=True)

    def all_of(self, claim: str, wanted: Collection[str], found: Collection[str]) -> None:
        """`found` is the part of `wanted` for which the claim holds."""
        missing = [one for one in wanted if one not in found]
        named = f", not {missing[:5]}" if missing else ""
        self.that(claim, not missing, f"{len(wanted) - len(missing)} of {len(wanted)}{named}")


def balances(checks: Checks, status: Mapping[str, Any]) -> None:
    """listed = stored + pending + the sum of dropped, and all that is stored can be found."""
    rows = {row["id"]: row for row in status["sources"]} | {"total": status["totals"]}
    off = [name for name, row in rows.items() if row["listed"] != _accounted(row)]
    checks.that("status balances, per source and in total", not off, off or status["totals"])
    found = {name: status["totals"][name] for name in ("stored", "indexed", "searchable")}
    checks.that("stored = indexed = searchable", len(set(found.values())) == 1, found)


def fetches(checks: Checks, press: Press, seen: Sequence[Seen]) -> None:
    """Of passes 1 to 3. Robots, endpoints and what else was asked for count as well: an outlet pays for each."""
    asked = Counter(canonical(press.site.url(one)) for one in seen)
    sent = Counter(canonical(press.site.url(one)) for one in seen if one.status == 200)
    once = {url for url, count in sent.items() if count == 1}
    checks.all_of("every reachable article was sent in full exactly once", press.reachable, once)
    once = {url for url, count in asked.items() if count == 1}
    checks.all_of("every missing article was asked for exactly once", press.missing, once)
    checks.all_of(
        "no link of a most-read list and no second hop was followed", press.unwanted, press.unwanted - asked.keys()
    )


def stored_once(checks: Checks, press: Press, documents: Sequence[Document]) -> dict[str, Document]:
    """The documents by canonical URL."""
    by_url = {canonical(document["url"]): document for document in documents}
    articles = press.articles()
    once = [addresses for addresses in articles if len(addresses & by_url.keys()) == 1]
    checks.all_of(
        "every reachable article is stored once", *([min(some) for some in part] for part in (articles, once))
    )
    print(f"         {len(press.reachable)} pages are {len(articles)} articles: an outlet may print one twice")
    for name, wanted in (("of the feeds", press.listed), ("only related", press.related), ("real pages", press.real)):
        print(f"         {name}: {len(wanted.keys() & by_url.keys())} documents, {len(wanted)} pages")
    besides = sorted(by_url.keys() - press.reachable)
    one_each = len(documents) == len(by_url) and not besides
    checks.that("no document twice and none besides", one_each, f"{len(documents)} documents {besides[:3] or ''}")
    copies = sum(document["duplicate_of"] is not None for document in documents)
    print(f"         {copies} documents are copies of another")
    return by_url


def rendered(press: Press, documents: Mapping[str, Document]) -> None:
    """The words of the rendered pages are known, so what was extracted can be held against them."""
    printed = press.listed | press.related
    stored = [(documents[url], one) for url, one in printed.items() if url in documents]
    titles = sum(document["title"] == " ".join(one.row["title"].split()) for document, one in stored)
    dates = sum(_dated_right(document, one) for document, one in stored)
    scores = {one.url: _overlap(document["text"], one.row["text"]) for document, one in stored}
    exact = sum(score == 1 for score in scores.values())
    print(
        f"rendered pages, of {len(stored)}: title {titles}, date to the minute {dates}, exactly the words of the text "
        f"{exact}, mean F1 of the words {mean(scores.values()) if scores else 0:.4f}"
    )
    for url, score in scores.items():
        if score < 0.9:
            print(f"         F1 {score:.2f} {url}")


def real(press: Press, documents: Mapping[str, Document]) -> None:
    found = {gold["file"]: judge(documents[url], gold) for url, gold in press.real.items() if url in documents}
    print("real pages:", ", ".join(f"{field} {count}" for field, count in tally(found.values()).items()))
    for file, verdict in found.items():
        if wrong := [field for field, answers in verdict.items() if not all(answers)]:
            print(f"         {file}: {', '.join(wrong)}")


def conditional(checks: Checks, name: str, seen: Sequence[Seen]) -> None:
    asked = sum(one.conditional for one in seen)
    unchanged = sum(one.status == 304 for one in seen)
    checks.that(
        f"{name} asked conditionally", asked == len(seen) > 0, f"{asked} of {len(seen)}, {unchanged} answered 304"
    )


def nothing_added(checks: Checks, before: Collection[str], after: Sequence[Document]) -> None:
    checks.that("the fourth pass adds no document", len(after) == len(before), f"{len(before)} and {len(after)}")
    revised = [document["url"] for document in after if document["revision"] != 1]
    checks.that("no document has a second revision", not revised, revised[:3] or "0")


def statuses(seen: Iterable[Seen]) -> str:
    counts = Counter(one.status for one in seen)
    return ", ".join(f"{count} × {status}" for status, count in sorted(counts.items(), key=str))


def _accounted(row: Mapping[str, Any]) -> int:
    return int(row["stored"] + row["pending"] + sum(row["dropped"].values()))


def _dated_right(document: Document, one: Printed) -> bool:
    found = document["published_at"]
    return bool(found) and abs((datetime.fromisoformat(found) - one.published).total_seconds()) < 60


def _overlap(found: str, wanted: str) -> float:
    """F1 of the words, each as often as it stands there."""
    ours, theirs = Counter(words(found)), Counter(words(wanted))
    common = (ours & theirs).total()
    return 2 * common / (ours.total() + theirs.total()) if common else 0.0
