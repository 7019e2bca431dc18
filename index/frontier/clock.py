"""After the clock was set back: rows with times in the future, which would otherwise wait until those times come."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, and_, update

from index.database import endpoints, robots, sites, urls
from index.frontier.sites import LONGEST_ASKED

# No wait that we set ourselves is longer.
LONGEST_REVISIT: Final = timedelta(days=4)
LONGEST_RULES: Final = timedelta(days=1)
LONGEST_DELAY: Final = timedelta(hours=1)


def mend_clock(conn: Connection, now: datetime) -> int:
    """Call at a start and where `now` went back. Endpoints that were asked in the future are due at once, and no other
    wait stays longer than we would ever have set it. Returns how many endpoints that were."""
    ahead = and_(endpoints.c.last_fetch_at > now, endpoints.c.parent.is_(None), endpoints.c.enabled)
    asked = conn.execute(update(endpoints).where(ahead).values(next_fetch_at=now)).rowcount
    for name in ("last_fetch_at", "last_full_at", "last_success_at", "last_changed_at", "last_new_at"):
        conn.execute(update(endpoints).where(endpoints.c[name] > now).values({name: now}))
    conn.execute(update(endpoints).where(endpoints.c.visit_at > now + LONGEST_ASKED).values(visit_at=now))
    late = (urls.c.next_visit_at > now + LONGEST_REVISIT) & urls.c.leased_by.is_(None)
    conn.execute(update(urls).where(late).values(next_visit_at=now))
    conn.execute(update(sites).where(sites.c.next_ok_at > now + LONGEST_DELAY).values(next_ok_at=now + LONGEST_DELAY))
    conn.execute(update(sites).where(sites.c.backoff_until > now + LONGEST_ASKED).values(backoff_until=now))
    conn.execute(update(robots).where(robots.c.expires_at > now + LONGEST_RULES).values(expires_at=now))
    return asked
