"""What nobody needs any more."""

from datetime import datetime

from sqlalchemy import Connection, delete

from index.database import endpoints, url_events


def prune_events(conn: Connection, before: datetime) -> int:
    """Attempts, and sitemaps that no index has named any more, since `before`. Returns the number of rows."""
    events = delete(url_events).where(url_events.c.at < before)
    sitemaps = delete(endpoints).where(endpoints.c.parent.is_not(None), endpoints.c.named_at < before)
    return conn.execute(events).rowcount + conn.execute(sitemaps).rowcount
