"""Conditional GET: ask only for what has changed, and notice for ourselves when nothing has."""

import hashlib
import re
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final

from scrapy.http import Headers, Response

from index.frontier.visits import Fetched, Visit

_MAX_AGE = re.compile(r"(?:^|[,\s])max-age\s*=\s*\"?(\d{1,9})", re.IGNORECASE)

NOT_MODIFIED: Final = 304


def request_headers(visit: Visit) -> dict[str, str]:
    """The validators verbatim, as the server gave them; the frontier leaves them out when it is time to look anew."""
    headers = {"If-None-Match": visit.etag, "If-Modified-Since": visit.last_modified}
    return {name: value for name, value in headers.items() if value}


def is_unchanged(visit: Visit, response: Response) -> bool:
    """Some servers send the same body for ever and never a 304: equal bytes are not read again."""
    if response.status == NOT_MODIFIED:
        return bool(visit.etag or visit.last_modified)
    return visit.body_hash is not None and visit.body_hash == body_hash(response.body)


def body_hash(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


def fetched_of(visit: Visit, response: Response, at: datetime, *, moved_to: str | None, primary: bool) -> Fetched:
    """What is to be remembered of an answer. Validators count only from a 200 of the address itself."""
    etag = last_modified = hashed = None
    if response.status == NOT_MODIFIED:
        etag, last_modified, hashed = visit.etag, visit.last_modified, visit.body_hash
    elif response.status == 200:
        hashed = body_hash(response.body)
        if primary:
            etag, last_modified = header(response.headers, "ETag"), header(response.headers, "Last-Modified")
    return Fetched(
        status=response.status,
        etag=etag,
        last_modified=last_modified,
        body_hash=hashed,
        at=at,
        retry_after=retry_after(response.headers, at),
        max_age=max_age(response.headers),
        moved_to=moved_to,
    )


def header(headers: Headers, name: str) -> str | None:
    value = headers.get(name)
    return value.decode("latin-1").strip() or None if value else None


def max_age(headers: Headers) -> timedelta | None:
    found = _MAX_AGE.search(header(headers, "Cache-Control") or "")
    return timedelta(seconds=int(found[1])) if found else None


def retry_after(headers: Headers, now: datetime) -> timedelta | None:
    """Seconds or a date (RFC 9110, 10.2.3); one that has passed, or says nothing, is none."""
    said = header(headers, "Retry-After")
    if said is None:
        return None
    if said.isdecimal():
        return timedelta(seconds=int(said[:9]))
    try:
        when = parsedate_to_datetime(said)
    except ValueError:
        return None
    wait = when - now if when.tzinfo else None
    return wait if wait is not None and wait > timedelta(0) else None
