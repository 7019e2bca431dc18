"""A page that our own reader failed at is not the outlet's fault: a new version of it gets another chance."""

from typing import Final

from sqlalchemy import Connection, update

from index.database import urls
from index.meta import read_value, write_value
from news.documents import Outcome

# How the reason of such an outcome begins.
OUR_MISTAKE: Final = "our own mistake"
_READER: Final = "reader_version"


def reopen_mistakes(conn: Connection, version: str) -> int:
    """Once for each `version`: what a former one failed at is pending again. Returns how many URLs that are."""
    if read_value(conn, _READER) == version:
        return 0
    write_value(conn, _READER, version)
    failed = (urls.c.outcome == Outcome.PARSE_ERROR.value) & urls.c.reason.startswith(OUR_MISTAKE, autoescape=True)
    undecided = {"outcome": None, "outcome_at": None, "next_visit_at": None, "attempts": 0}
    return conn.execute(update(urls).where(failed & urls.c.document_id.is_(None)).values(**undecided)).rowcount
