"""Today: how much the press publishes and where, which stories spread, and what is newest."""

from typing import Final

from index.kibana.dashboard import Control, Dashboard, Note, Panel, Row, Session
from index.kibana.lens import Chart, bars, count, earliest, latest, metric, over_time, table, top, unique
from index.kibana.views import ARTICLES

# The Arabic stands in lines of its own: mixed into an English line its punctuation would move.
SEARCHING: Final = """**Searching** Two words find either. Write `and` for both, quotes for a phrase.

    "وقف إطلاق النار" and غزة

`title*:` looks in titles only.

    title*: انتخابات
"""


def today() -> Dashboard:
    return Dashboard(
        name="today",
        title="Today",
        description="The last 24 hours: volume by outlet and section, the stories that spread, the newest documents.",
        since="now-24h",
        controls=(
            Control(field="source_name", title="Outlet", view=ARTICLES),
            Control(field="section", title="Section", view=ARTICLES),
            Control(field="country", title="Country", view=ARTICLES),
        ),
        rows=(
            Row(height=8, panels=_figures()),
            Row(height=13, panels=(Panel(name="volume", title="Documents by outlet", width=48, content=_volume()),)),
            Row(
                height=16,
                panels=(
                    Panel(name="stories", title="Stories by spread", width=32, content=_stories()),
                    Panel(name="outlets", title="Outlets", width=16, content=_most("source_name", "Outlet")),
                ),
            ),
            Row(
                height=20,
                panels=(
                    Panel(name="newest", title="Newest", width=32, content=Session(name="newest")),
                    Panel(name="sections", title="Sections", width=16, content=_most("section", "Section")),
                ),
            ),
        ),
    )


def _figures() -> tuple[Panel, ...]:
    figures = {
        "documents": ("Documents", count()),
        "outlets-count": ("Outlets", unique("source", "Outlets")),
        "stories-count": ("Stories", unique("cluster_id", "Stories")),
        "copies-count": ("Copies", count("Copies", "duplicate_of: *")),
        "edits-count": ("Edited", count("Edited", "revision > 1")),
    }
    panels = (
        Panel(name=name, title=title, width=6, content=metric(ARTICLES, column))
        for name, (title, column) in figures.items()
    )
    return (*panels, Panel(name="searching", title="Searching", width=18, content=Note(markdown=SEARCHING)))


def _volume() -> Chart:
    columns = {
        "outlet": top("source_name", "Outlet", 12, "documents", others=True),
        "time": over_time(),
        "documents": count(),
    }
    return bars(ARTICLES, columns, x="time", split="outlet")


def _stories() -> Chart:
    """By cluster and not by title: two stories may have the same one. The id is written as a link to its dashboard."""
    columns = {
        "story": top("cluster_id", "Story", 20, "outlets"),
        "title": top("cluster_title", "Title", 1, "documents"),
        "outlets": unique("source", "Outlets"),
        "documents": count(),
        "first": earliest("at", "First"),
        "latest": latest("at", "Latest"),
    }
    return table(ARTICLES, columns, wide="title")


def _most(field: str, label: str) -> Chart:
    columns = {"value": top(field, label, 20, "documents"), "documents": count()}
    return bars(ARTICLES, columns, x="value", series="bar_horizontal")
