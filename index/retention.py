"""Deleting old events, and the rows of sitemaps that are no longer listed."""

from datetime import datetime

from sqlalchemy import Connection, delete

from index.database import endpoints, url_events


def prune_events(conn: Connection, before: datetime) -> int:
    """Delete events before `before`, and child sitemaps that no index has named since. Returns the number of rows."""
    events = delete(url_events).where(url_events.c.at < before)
    sitemaps = delete(endpoints).where(endpoints.c.parent.is_not(None), endpoints.c.named_at < before)
    return conn.execute(events).rowcount + conn.execute(sitemaps).rowcount
