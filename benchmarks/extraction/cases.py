"""The project's own pages, each of a template family that outlets use, against what a careful reader takes from them.

    python -m benchmarks.extraction.cases

A page is `<name>.html` with `<name>.json` beside it: address, source, the encoding it is sent in, what is expected, and
under `visible` what its visible text alone tells of the date, where that is less.
"""

import json
import sys
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from selectolax.lexbor import LexborHTMLParser

from benchmarks.extraction.shingles import precision_recall
from benchmarks.shared import ROOT
from news.documents import Article, NotDocument, Page, ParsedDate, Precision, Selectors, Source
from news.extract import extract
from news.urls import canonical, site_of

PAGES = ROOT / "tests" / "news" / "extract" / "pages"
NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
_DATES = ("time", "date", "published", "modified", "pub", "issued", "created", "revised")


@dataclass(frozen=True, slots=True)
class Case:
    name: str
    url: str
    html: str
    source: Source
    expect: dict[str, Any]
    encoding: str = "utf-8"
    visible: dict[str, Any] = field(default_factory=dict)

    @property
    def is_article(self) -> bool:
        return "outcome" not in self.expect

    def page(self, html: str | None = None) -> Page:
        body = (self.html if html is None else html).encode(self.encoding, "xmlcharrefreplace")
        return self.of(body)

    def of(self, body: bytes, content_type: str = "text/html") -> Page:
        headers = {"content-type": content_type}
        return Page(requested_url=self.url, url=self.url, status=200, headers=headers, body=body, fetched_at=NOW)


def load(folder: Path = PAGES) -> list[Case]:
    return [_case(path) for path in sorted(folder.glob("*.json"))]


def _case(path: Path) -> Case:
    told = json.loads(path.read_text(encoding="utf-8"))
    fields = dict(told["source"], id="example", articles=tuple(told["source"].get("articles", ())))
    if "selectors" in fields:
        chosen = fields["selectors"]
        fields["selectors"] = Selectors(**{**chosen, "remove": tuple(chosen["remove"])})
    html = path.with_suffix(".html").read_text(encoding="utf-8")
    encoding, visible = told.get("encoding", "utf-8"), told.get("visible", {})
    return Case(path.stem, told["url"], html, Source(**fields), told["expect"], encoding, visible)


def visible_only(html: str) -> str:
    """The page without what states its date to machines: JSON-LD, meta dates, microdata, `datetime` and `title`."""
    parser = LexborHTMLParser(html)
    for node in parser.css("script, meta[itemprop]"):
        node.decompose()
    for node in parser.css("meta[property], meta[name]"):
        name = (node.attributes.get("property") or node.attributes.get("name") or "").lower()
        if any(word in name for word in _DATES):
            node.decompose()
    for node in parser.css("[datetime], [itemprop], [property], abbr[title]"):
        for attribute in ("datetime", "itemprop", "title"):
            if attribute in node.attributes:
                del node.attrs[attribute]
    return parser.html or ""


@dataclass(slots=True)
class Figures:
    """Counts by field, and the worst of the bodies."""

    right: Counter[str] = field(default_factory=Counter)
    asked: Counter[str] = field(default_factory=Counter)
    wrong: Counter[str] = field(default_factory=Counter)
    bodies: dict[str, list[tuple[float, float]]] = field(default_factory=lambda: defaultdict(list))
    faults: list[str] = field(default_factory=list)

    def judge(self, what: str, case: Case, found: Any, wanted: Any, *, empty: Any = None) -> None:
        """`empty` is the answer that claims nothing: missing is not wrong."""
        self.asked[what] += 1
        if found == wanted:
            self.right[what] += 1
            return
        self.wrong[what] += found != empty
        self.faults.append(f"{case.name}: {what}: {found!r}, not {wanted!r}")

    def share(self, what: str) -> float:
        return self.right[what] / self.asked[what] if self.asked[what] else 1.0

    @property
    def body_by_site(self) -> float:
        """Mean over the sites of F1 of mean precision and mean recall."""
        return sum(map(_f1, self.bodies.values())) / len(self.bodies)

    @property
    def worst_body(self) -> float:
        return min(_f1([pair]) for pairs in self.bodies.values() for pair in pairs)


def _f1(pairs: Sequence[tuple[float, float]]) -> float:
    precision, recall = (sum(column) / len(pairs) for column in zip(*pairs, strict=True))
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def measure(cases: Iterable[Case]) -> Figures:
    figures = Figures()
    for case in cases:
        found = extract(case.page(), case.source, NOW)
        if isinstance(found, NotDocument) or not case.is_article:
            outcome = found.outcome.value if isinstance(found, NotDocument) else "stored"
            figures.judge("outcome", case, outcome, case.expect.get("outcome", "stored"))
            continue
        figures.judge("outcome", case, "stored", "stored")
        _judge(figures, case, found)
    return figures


def _judge(figures: Figures, case: Case, found: Article) -> None:
    expect = case.expect
    figures.bodies[site_of(case.url)].append(precision_recall("\n".join(expect["paragraphs"]), found.text))
    figures.judge("title", case, found.title, expect["title"])
    day_only = expect.get("published_precision") == "day"
    published = expect["published"][: len("2013-08-04")] if day_only else expect["published"]
    figures.judge("published", case, _minute(found.published), _wanted(published))
    if "authors" in expect:
        figures.judge("authors", case, list(found.authors), expect["authors"], empty=[])
    if "section" in expect:
        figures.judge("section", case, found.section, expect["section"])
    _judge_related(figures, case, found)
    alone = extract(case.page(visible_only(case.html)), case.source, NOW)
    told = {"published": published, **case.visible}
    if isinstance(alone, Article):
        figures.judge("visible date", case, _minute(alone.published), _wanted(told["published"]))


def _judge_related(figures: Figures, case: Case, found: Article) -> None:
    wanted = {(title, canonical(url)) for _, title, url in case.expect["related"]}
    for one in found.related:
        figures.asked["related precision"] += 1
        figures.right["related precision"] += (one.title, canonical(one.url)) in wanted
    figures.asked["related recall"] += len(wanted)
    figures.right["related recall"] += len(wanted & {(one.title, canonical(one.url)) for one in found.related})


def _minute(date: ParsedDate | None) -> str | None:
    """In UTC to the minute; a bare day as a day of the outlet."""
    if date is None or date.precision not in (Precision.MINUTE, Precision.SECOND):
        return date.local.date().isoformat() if date else None
    return date.value.strftime("%Y-%m-%dT%H:%M")


def _wanted(text: str | None) -> str | None:
    if text is None or len(text) == len("2013-08-04"):
        return text
    moment = datetime.fromisoformat(text)
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M")


def lines(figures: Figures) -> Iterator[str]:
    pages = sum(map(len, figures.bodies.values()))
    yield f"body F1 {figures.body_by_site:.4f} by site, worst page {figures.worst_body:.4f}, n {pages} pages"
    for what, asked in figures.asked.items():
        wrong = figures.wrong[what]
        bound = f"at most {3 / asked:.1%} with 95 % confidence" if not wrong else f"{wrong / asked:.1%}"
        claim = "" if what.startswith("related") else f", wrong {wrong} ({bound})"
        yield f"{what}: {figures.right[what]} of {asked} right{claim}"
    yield from figures.faults


def main() -> int:
    ArgumentParser(description=__doc__, formatter_class=RawDescriptionHelpFormatter).parse_args()
    for line in lines(measure(load())):
        print(line)
    return 0


if __name__ == "__main__":
    sys.exit(main())
