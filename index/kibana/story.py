"""Story: one story's coverage over time and outlets, its copies and its edits."""

from typing import Final

from index.kibana.dashboard import Control, Dashboard, Panel, Row, Session
from index.kibana.lens import Chart, bars, count, earliest, latest, metric, over_time, table, top, total, unique
from index.kibana.views import ARTICLES, STORY

FIGURES: Final = {
    "documents": ("Documents", count()),
    "outlets-count": ("Outlets", unique("source", "Outlets")),
    "originals": ("Own texts", count("Own texts", "not duplicate_of: *")),
    "copies-count": ("Copies", count("Copies", "duplicate_of: *")),
    "edits-count": ("Edited", count("Edited", "revision > 1")),
    "removed-count": ("Removed", count("Removed", "removed_at: *")),
    "first": ("First", earliest("at", "First")),
    "latest": ("Latest", latest("at", "Latest")),
}


def story() -> Dashboard:
    return Dashboard(
        name=STORY,
        title="Story",
        description="One story: choose it by its title, or open it from the stories on Today.",
        since="now-30d",
        controls=(
            Control(field="cluster_title", title="Story", view=ARTICLES, single=True),
            Control(field="stories", title="Followed story", view=ARTICLES, single=True),
            Control(field="source_name", title="Outlet", view=ARTICLES),
        ),
        rows=(
            Row(height=7, panels=_figures()),
            Row(
                height=14,
                panels=(
                    Panel(name="course", title="Coverage over time", width=30, content=_course()),
                    Panel(name="outlets", title="Outlets in order", width=18, content=_outlets()),
                ),
            ),
            Row(height=18, panels=(_session("coverage", "Coverage in order", 48),)),
            Row(height=14, panels=(_session("copies", "Copies", 24), _session("edits", "Edits", 24))),
        ),
    )


def _figures() -> tuple[Panel, ...]:
    return tuple(
        Panel(name=name, title=title, width=6, content=metric(ARTICLES, column))
        for name, (title, column) in FIGURES.items()
    )


def _session(name: str, title: str, width: int) -> Panel:
    return Panel(name=name, title=title, width=width, content=Session(name=name))


def _course() -> Chart:
    columns = {
        "outlet": top("source_name", "Outlet", 15, "documents", others=True),
        "time": over_time(),
        "documents": count(),
    }
    return bars(ARTICLES, columns, x="time", split="outlet")


def _outlets() -> Chart:
    """Who came first: the outlets by their earliest document."""
    columns = {
        "outlet": top("source_name", "Outlet", 100, "first", ascending=True),
        "first": earliest("at", "First"),
        "documents": count(),
        "copies": count("Copies", "duplicate_of: *"),
        "copied": total("copies", "Copied by others"),
    }
    return table(ARTICLES, columns)
