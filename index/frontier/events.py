"""What happened to a URL, attempt by attempt; kept for a month, for `why`."""

from datetime import datetime

from sqlalchemy import Connection, func, select

from index.database import url_events
from index.rows import add


def note(
    conn: Connection, url_id: int, event: str, at: datetime, *, status: int | None = None, reason: str | None = None
) -> None:
    add(conn, url_events, {"url_id": url_id, "at": at, "event": event, "status": status, "reason": reason})


def times_noted(conn: Connection, url_id: int, event: str) -> int:
    mine = (url_events.c.url_id == url_id) & (url_events.c.event == event)
    return conn.execute(select(func.count()).where(mine)).scalar_one()
