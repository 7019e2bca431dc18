"""The story of one URL, from the listing that named it to the search that finds it — or to where it stopped."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, select

from index.database import documents, endpoints, related, tombstones, url_events, urls
from index.documents.stored import cluster_sizes, find_id
from index.documents.stored import revisions as versions_of
from index.yields import in_vain, last_stored
from news.documents import Outcome, Source
from news.urls import canonical, in_scope


def why(
    conn: Connection,
    url: str,
    *,
    position: int,
    sources: Mapping[str, Source] | None = None,
    holds: Callable[[str], bool] | None = None,
) -> dict[str, Any]:
    """`known`, a `sentence`, the `steps` taken ({at, what}), and what the rows say. `holds`: whether a document is
    visible to a search."""
    try:
        address = canonical(url)
    except ValueError:
        address = ""
    row = conn.execute(select(urls).where(urls.c.url == address)).first() if address else None
    if row is None and (id_ := find_id(conn, url)):
        row = conn.execute(select(urls).where(urls.c.document_id == id_).order_by(urls.c.id)).first()
    if row is None:
        return _never_listed(conn, url, address, sources or {})
    document = _document(conn, row.document_id)
    found = _found(conn, document, position, holds) if document else None
    steps = [_listed(row), *_attempts(conn, row), *(_versions(conn, document) if document else [])]
    return {
        "sentence": _sentence(row, document, found),
        **_told(row),
        "document": found,
        "steps": sorted(steps, key=lambda step: step["at"]),
    }


def _told(row: Row[Any]) -> dict[str, Any]:
    """What the URL's own row says."""
    found_via = {"kind": row.found_kind, "url": row.found_url}
    moments = ("fetched_at", "extracted_at", "outcome_at", "next_visit_at", "last_visit_at")
    plain = ("source", "attempts", "last_status", "outcome", "reason", "last_visit")
    return {
        "known": True,
        "url": row.url,
        "requested_url": row.fetch_url or row.url,
        "listed": {"at": _iso(row.first_listed_at), "found_via": found_via, "hop": row.hop, "title": row.title},
        **{name: getattr(row, name) for name in plain},
        **{name: _iso(getattr(row, name)) for name in moments},
        "leased": row.leased_by is not None,
    }


def _document(conn: Connection, id_: str | None) -> Row[Any] | None:
    return conn.execute(select(documents).where(documents.c.id == id_)).first() if id_ else None


def _found(conn: Connection, document: Row[Any], position: int, holds: Callable[[str], bool] | None) -> dict[str, Any]:
    indexed = document.created_seq <= position
    return {
        "id": document.id,
        "url": document.url,
        "title": document.title,
        "revision": document.revision,
        "first_seen_at": _iso(document.first_seen_at),
        "removed_at": _iso(document.removed_at),
        "cluster_id": document.cluster_id,
        "duplicate_of": document.duplicate_of,
        "copies": cluster_sizes(conn, [document.cluster_id])[document.cluster_id] - 1,
        "indexed": indexed,
        "up_to_date": document.seq <= position,
        "searchable": holds(document.id) if holds else indexed,
    }


def _listed(row: Row[Any]) -> dict[str, str]:
    place = f"by the {row.found_kind} {row.found_url}" if row.found_url else f"by {row.found_kind}"
    if row.found_kind in ("related", "story"):
        place = f"as {row.found_kind} coverage of {row.found_url}, {row.hop} links from a listing"
    return {"at": str(_iso(row.first_listed_at)), "what": f"listed {place}"}


def _attempts(conn: Connection, row: Row[Any]) -> list[dict[str, Any]]:
    query = select(url_events).where(url_events.c.url_id == row.id).order_by(url_events.c.id)
    return [
        {
            "at": _iso(event.at),
            "what": ": ".join(part for part in (event.event, _status(event.status), event.reason) if part),
        }
        for event in conn.execute(query)
    ]


def _status(status: int | None) -> str | None:
    return f"HTTP {status}" if status else None


def _versions(conn: Connection, document: Row[Any]) -> list[dict[str, Any]]:
    return [
        {
            "at": _iso(version.seen_at),
            "what": f"stored as {document.id}"
            if version.revision == 1
            else f"revision {version.revision}: {', '.join(version.changed)}",
        }
        for version in versions_of(conn, document.id)
    ]


def _sentence(row: Row[Any], document: Row[Any] | None, found: dict[str, Any] | None) -> str:
    if found and document is not None:
        state = "searchable" if found["searchable"] else "indexed" if found["indexed"] else "waiting for the index"
        if row.outcome == Outcome.ALIAS.value:
            return f"Another address of {document.url}, which is stored and {state}."
        copy = f", a copy of {document.duplicate_of}" if document.duplicate_of else ""
        return f"Stored and {state}{copy}."
    if row.outcome is None:
        return _pending(row)
    because = f": {row.reason}" if row.reason else ""
    return f"Not stored, {row.outcome}{because}."


def _pending(row: Row[Any]) -> str:
    if row.leased_by is not None:
        return "Being fetched now."
    if row.next_visit_at is not None:
        because = f" ({row.reason})" if row.reason else ""
        return f"Pending: the next attempt is due at {_iso(row.next_visit_at)}{because}."
    return "Pending: waits for its turn at its site."


def _never_listed(conn: Connection, url: str, address: str, sources: Mapping[str, Source]) -> dict[str, Any]:
    answer: dict[str, Any] = {"known": False, "url": address or url, "steps": [], "document": None, "outcome": None}
    polled = select(endpoints).where((endpoints.c.url == url) | (endpoints.c.moved_url == url))
    if endpoint := conn.execute(polled).first():
        sentence = f"This is a {endpoint.kind} of {endpoint.source}, not an article; it {_read(conn, endpoint)}."
        told = (sentence, _pace(endpoint), _in_vain(conn, endpoint.source))
        return answer | {"sentence": " ".join(filter(None, told)), "source": endpoint.source}
    if not address:
        return answer | {"sentence": "This is neither a web address nor the id of a document."}
    if stone := conn.execute(select(tombstones).where(tombstones.c.url == address)).first():
        return answer | {"sentence": f"Removed on request at {_iso(stone.at)}: {stone.reason}."}
    watching = [source.id for source in sources.values() if in_scope(source, address)]
    if page := _pointing_to(conn, {url, address}):
        why_not = "further from a listing than its source's hops" if watching else "on a host that no source watches"
        sentence = f"Never listed: {page.url} points to it as related coverage, but it is {why_not}."
        return answer | {"sentence": sentence, "source": page.source, "related_from": page.url}
    if watching:
        listed = "its site is watched, but no feed, sitemap, section or article has named this address"
        return answer | {"sentence": f"Never listed: {listed} ({', '.join(watching)}).", "source": watching[0]}
    return answer | {"sentence": "Never listed: no source watches this host; see `marsad sources add`."}


def _read(conn: Connection, endpoint: Row[Any]) -> str:
    if endpoint.reason or endpoint.last_success_at is None:
        return endpoint.reason or "has not been read yet"
    if endpoint.last_new_at is not None:
        return "was read"
    others = conn.execute(select(func.count()).where(endpoints.c.parent == endpoint.id)).scalar_one()
    return f"was read, and names {others} lists" if others else "was read, but has never listed an address to fetch"


def _in_vain(conn: Connection, source: str) -> str:
    """What became of all that the source listed since its last document, where there was anything."""
    since = last_stored(conn).get(source)
    tried = in_vain(conn, source, since)
    if tried is None:
        return ""
    when = f"was stored since {_iso(since)}" if since else "was ever stored"
    outcomes = ", ".join(f"{outcome} {times}" for outcome, times in tried.outcomes.most_common())
    return f"Nothing of {source} {when}: {outcomes}."


def _pace(endpoint: Row[Any]) -> str:
    if endpoint.next_fetch_at is None or endpoint.pace is None:
        return ""
    minutes = endpoint.interval.total_seconds() / 60
    return f"It is asked every {minutes:.0f} minutes ({endpoint.pace}), next at {_iso(endpoint.next_fetch_at)}."


def _pointing_to(conn: Connection, spellings: set[str]) -> Row[Any, Any] | None:
    """An article that has a link to it."""
    joined = related.join(documents, documents.c.row == related.c.document)
    query = select(documents.c.url, documents.c.source).select_from(joined).where(related.c.url.in_(spellings))
    return conn.execute(query.limit(1)).one_or_none()


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat(timespec="seconds") if moment else None
