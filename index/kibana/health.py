"""Health: is every outlet fresh, what became of what they listed, does the search index keep up?"""

from typing import Final

from index.kibana.dashboard import Control, Dashboard, Panel, Row, Session
from index.kibana.lens import Chart, bars, count, donut, greatest, latest, metric, table, top, total
from index.kibana.views import HEALTH
from news.documents import Outcome

OUTLETS: Final = 300  # more than the catalogue has
FIGURES: Final = {
    "outlets-count": ("Outlets", count("Outlets", "not health: disabled")),
    "silent-count": ("Silent", count("Silent", "health: silent")),
    "failing-count": ("Failing", count("Failing", "health: (failing or backing_off)")),
    "never-count": ("Never heard", count("Never heard", "not last_success_at: * and not health: disabled")),
    "pending": ("Pending", total("pending", "Pending")),
    "lag": ("Index lag", greatest("index_lag_seconds", "Index lag")),
    "rejected": ("Index rejected", greatest("index_rejected", "Index rejected")),
    "reported": ("Last report", latest("at", "Last report")),
}


def health() -> Dashboard:
    return Dashboard(
        name="health",
        title="Health",
        description="The latest report of each outlet: freshness, outcomes, lag, silence. Written every five minutes.",
        since="now-24h",
        controls=(
            Control(field="health", title="Health", view=HEALTH),
            Control(field="country", title="Country", view=HEALTH),
        ),
        rows=(
            Row(height=7, panels=_figures()),
            Row(
                height=16,
                panels=(
                    Panel(name="unwell", title="Unwell outlets", width=32, content=Session(name="unwell")),
                    Panel(name="states", title="Outlets by health", width=16, content=_states()),
                ),
            ),
            Row(
                height=18,
                panels=(
                    Panel(name="freshness", title="Freshness", width=24, content=_freshness()),
                    Panel(name="outcomes", title="Outcomes", width=24, content=_outcomes()),
                ),
            ),
            Row(height=18, panels=(Panel(name="books", title="Books by outlet", width=48, content=_books()),)),
        ),
    )


def _figures() -> tuple[Panel, ...]:
    return tuple(
        Panel(name=name, title=title, width=6, content=metric(HEALTH, column))
        for name, (title, column) in FIGURES.items()
    )


def _states() -> Chart:
    return donut(HEALTH, top("health", "Health", 10, "value"), count("Outlets"))


def _freshness() -> Chart:
    columns = {
        "outlet": top("source_name", "Outlet", OUTLETS, "since"),
        "since": greatest("silent_seconds", "Since last success"),
        "last": latest("last_success_at", "Last success"),
        "lag": greatest("index_lag_seconds", "Index lag"),
    }
    return table(HEALTH, columns, wide="outlet")


def _outcomes() -> Chart:
    """Each outcome is a field of its own, and so a bar of its own."""
    dropped = (outcome for outcome in Outcome if outcome is not Outcome.STORED)
    columns = {outcome.value: total(f"dropped.{outcome.value}", outcome.value) for outcome in dropped}
    return bars(HEALTH, columns, x=None, series="bar_horizontal")


def _books() -> Chart:
    """listed = stored + pending + dropped, outlet by outlet."""
    figures = ("listed", "stored", "pending", "dropped_total", "fetched", "extracted", "indexed", "searchable")
    columns = {name: total(name, name.removesuffix("_total").capitalize()) for name in figures}
    return table(HEALTH, {"outlet": top("source_name", "Outlet", OUTLETS, "listed"), **columns}, wide="outlet")
