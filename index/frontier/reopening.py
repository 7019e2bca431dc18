"""A page that our own reader failed at is not the outlet's fault: a new version of it gets another chance."""

from typing import Final

from sqlalchemy import Connection, select, update
from sqlalchemy.dialects.sqlite import insert

from index.database import meta, urls
from news.documents import Outcome

# How the reason of such an outcome begins.
OUR_MISTAKE: Final = "our own mistake"
_READER: Final = "reader_version"


def reopen_mistakes(conn: Connection, version: str) -> int:
    """Once for each `version`: what a former one failed at is pending again. Returns how many URLs that are."""
    known = conn.execute(select(meta.c.value).where(meta.c.key == _READER)).scalar()
    if known == version:
        return 0
    row = insert(meta).values(key=_READER, value=version)
    conn.execute(row.on_conflict_do_update(index_elements=["key"], set_={"value": version}))
    failed = (urls.c.outcome == Outcome.PARSE_ERROR.value) & urls.c.reason.startswith(OUR_MISTAKE, autoescape=True)
    undecided = {"outcome": None, "outcome_at": None, "next_visit_at": None, "attempts": 0}
    return conn.execute(update(urls).where(failed & urls.c.document_id.is_(None)).values(**undecided)).rowcount
