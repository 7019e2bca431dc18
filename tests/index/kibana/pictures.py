"""Draws the pictures of docs/search.md from what the code has: python -m tests.index.kibana.pictures

Kibana cannot be photographed where it does not run, so nothing here pretends to be a photograph: the dashboards are
plans of their panels, and the words are what the analysis makes of them.
"""

from collections.abc import Iterable, Iterator, Mapping
from html import escape
from pathlib import Path
from typing import Any, Final

from index.elastic.names import Names
from index.kibana.objects import saved_objects
from index.kibana.saved import SavedObject
from index.kibana.sessions import SESSIONS
from news.analysis import analyse
from tests.index.kibana import lint

FOLDER: Final = Path(__file__).parents[3] / "docs" / "pictures"
FONT: Final = "font-family='system-ui, Segoe UI, Tahoma, DejaVu Sans, sans-serif'"
INK, PALE, LINE, MARK, PAPER = "#343741", "#69707d", "#c3cad6", "#bfe3d8", "#ffffff"
COLUMN, ROW = 20, 17  # a cell of Kibana's grid
QUERY: Final = "وزير"
WORDS: Final = ("وزير", "الوزير", "وللوزير", "وَزِيــر", "وزيرة", "الوزراء", "وزارة", "زير")
SEARCH: Final = '"وقف إطلاق النار" and غزة'


def pictures() -> dict[str, str]:
    boards = [each for each in saved_objects(Names()) if each["type"] == "dashboard"]
    names = ("today", "story", "health")
    plans = {f"kibana-{name}.svg": _plan(board) for name, board in zip(names, boards, strict=True)}
    return {"arabic-forms.svg": _forms(), "kibana-discover.svg": _discover(), **plans}


def _forms() -> str:
    """A row a word, a column a form; what equals the query's word in the same form is marked: it is found."""
    columns = {"written": 40, "exact": 210, "light": 360, "stem": 510}
    parts = [_text(x, 30, name, PALE, 13) for name, x in columns.items()]
    for number, word in enumerate(WORDS):
        y = 62 + number * 34
        parts.append(_text(columns["written"], y, word, INK, 18))
        found = False
        for form in ("exact", "light", "stem"):
            [mine], [asked] = (analyse(one, form) for one in (word, QUERY))
            if mine.term == asked.term:
                found = True
                parts.append(_box(columns[form] - 10, y - 21, 130, 29, MARK, MARK))
            parts.append(_text(columns[form], y, mine.term, INK, 18))
        parts.append(_text(660, y, "found" if found else "not found", INK if found else PALE, 13))
        parts.append(f"<line x1='30' x2='740' y1='{y + 11}' y2='{y + 11}' stroke='{LINE}'/>")
    return _svg(770, 62 + len(WORDS) * 34, f"Which words the query {QUERY} finds, and in which form", parts)


def _plan(board: SavedObject) -> str:
    found = lint.panels(board)
    bottom = max(panel["gridData"]["y"] + panel["gridData"]["h"] for panel in found)
    title = board["attributes"]["title"]
    parts = [_text(12, 26, title, INK, 17), *_controls(board)]
    for panel in found:
        at = panel["gridData"]
        x, y, width, height = at["x"] * COLUMN + 12, at["y"] * ROW + 78, at["w"] * COLUMN - 8, at["h"] * ROW - 8
        parts += [_box(x, y, width, height), _text(x + 10, y + 21, panel["title"], INK, 13)]
        parts += _sketch(_kind(panel), x + 10, y + 34, width - 20, height - 44)
    return _svg(48 * COLUMN + 16, bottom * ROW + 84, f"Plan of the dashboard {title}", parts)


def _controls(board: SavedObject) -> Iterator[str]:
    for number, control in enumerate(lint.controls(board).values()):
        x = 12 + number * 220
        yield _box(x, 38, 210, 30)
        yield _text(x + 10, 58, control["explicitInput"]["title"], PALE, 13)
        yield _text(x + 188, 58, "▾", PALE, 13)


def _kind(panel: Mapping[str, Any]) -> str:
    if panel["type"] != "lens":
        return str(panel["type"])
    attributes = panel["embeddableConfig"]["attributes"]
    kind = attributes["visualizationType"]
    series = attributes["state"]["visualization"].get("preferredSeriesType", "")
    return f"{kind} {series}".strip()


def _sketch(kind: str, x: int, y: int, width: int, height: int) -> Iterator[str]:
    """What sort of picture a panel holds, without figures that nobody counted."""
    match kind:
        case "lnsXY bar_stacked":
            for number in range(24):
                tall = height * (0.25 + 0.6 * ((number * 7) % 11) / 11)
                left = x + number * width // 24
                yield _box(left, int(y + height - tall), width // 24 - 6, int(tall * 0.6), MARK, MARK, 1)
                yield _box(left, int(y + height - tall * 0.4), width // 24 - 6, int(tall * 0.4), LINE, LINE, 1)
        case "lnsXY bar_horizontal":
            for number, top in enumerate(range(y, y + height - 10, 18)):
                yield _box(x, top, int(width * 0.9 * 0.86**number) + 4, 11, MARK, MARK, 1)
        case "lnsDatatable" | "search":
            for top in range(y, y + height - 6, 22):
                yield _box(x, top, int(width * 0.55), 8, LINE if top > y else MARK, "none", 2)
                yield _box(x + int(width * 0.6), top, int(width * 0.15), 8, LINE if top > y else MARK, "none", 2)
                yield _box(x + int(width * 0.8), top, int(width * 0.15), 8, LINE if top > y else MARK, "none", 2)
        case "lnsMetric":
            yield _box(x, y + height // 2 - 12, min(width, 50), 22, MARK, "none", 3)
        case "lnsPie":
            radius = min(width, height) // 2 - 14
            yield (
                f"<circle cx='{x + width // 2}' cy='{y + height // 2}' r='{radius}' fill='none' stroke='{MARK}' "
                f"stroke-width='22'/>"
            )
        case _:
            for top in range(y, y + height - 4, 14):
                yield _box(x, top, int(width * 0.85), 6, LINE, "none", 2)


def _discover() -> str:
    """The parts of Discover that a search needs, and what marsad puts there."""
    newest = next(session for session in SESSIONS if session.name == "newest")
    parts = [
        _box(16, 20, 128, 34), _text(30, 42, "news", INK, 14), _text(124, 42, "▾", PALE, 14),
        _box(152, 20, 470, 34), _text(166, 42, SEARCH, INK, 15),
        _box(630, 20, 174, 34), _text(644, 42, "Last 24 hours", INK, 14),
        *_pointer(80, 54, "1", "the data view"), *_pointer(387, 54, "2", "the search, in Kibana's language (KQL)"),
        *_pointer(717, 54, "3", "the time"),
    ]  # fmt: skip
    x = 16
    for column, width in (("Time", 130), *((name, 400 if name == "title" else 129) for name in newest.columns)):
        label = {"title": "Title", "source_name": "Outlet", "section": "Section"}.get(column, column)
        parts += [_box(x, 122, width, 30, "#f5f7fa"), _text(x + 10, 142, label, INK, 13)]
        parts += [_box(x + 10, top, width - 40, 9, LINE, "none", 2) for top in (166, 190, 214, 238)]
        x += width
    parts += [_box(196, 190, 60, 9, "#f6e58d", "none", 2), _box(290, 214, 60, 9, "#f6e58d", "none", 2)]
    return _svg(820, 270, "The parts of Discover that a search needs", parts)


def _pointer(x: int, y: int, number: str, told: str) -> Iterator[str]:
    yield f"<line x1='{x}' x2='{x}' y1='{y}' y2='{y + 14}' stroke='{PALE}'/>"
    yield _text(x, y + 32, f"{number}  {told}", PALE, 13, "middle")


def _box(x: int, y: int, w: int, h: int, fill: str = PAPER, stroke: str = LINE, round_: int = 4) -> str:
    return f"<rect x='{x}' y='{y}' width='{w}' height='{h}' rx='{round_}' fill='{fill}' stroke='{stroke}'/>"


def _text(x: int, y: int, text: str, colour: str, size: int, anchor: str = "start") -> str:
    """Left to right even where it begins in Arabic: so does Kibana."""
    return (
        f"<text x='{x}' y='{y}' {FONT} font-size='{size}' fill='{colour}' text-anchor='{anchor}'>{escape(text)}</text>"
    )


def _svg(width: int, height: int, title: str, parts: Iterable[str]) -> str:
    head = f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {width} {height}' width='{width}' role='img'>"
    paper = f"<rect width='{width}' height='{height}' fill='{PAPER}'/>"
    return "\n".join([head, f"<title>{escape(title)}</title>", paper, *parts, "</svg>", ""])


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for name, picture in pictures().items():
        (FOLDER / name).write_text(picture, encoding="utf-8")
        print(FOLDER / name)
