"""What is stored, document by document: export, show, forget."""

from datetime import UTC, datetime
from functools import partial
from typing import Any

import click
from sqlalchemy import Connection

from crawler.archive import FOLDER, sweep
from crawler.keeping import removed_on_request
from index.follower import follow
from index.history import forget_history
from index.store import cluster, find_document, revisions
from index.store import export as export_documents
from index.store import forget as forget_documents
from marsad.output import Failed, counted, local_time, print_fields, print_json, print_link, print_text, shown_url
from marsad.workplace import Workplace, json_option
from news.copies.revisions import diff_words
from news.documents import Document
from news.rendering import document_dict, iso


@click.command()
@json_option
@click.pass_obj
def export(place: Workplace, as_json: bool) -> None:
    """Print every stored document, one JSON object a line."""
    with place.store(readonly=True) as store, store.read() as conn:
        for document in export_documents(conn):
            print_json(document_dict(document))


@click.command()
@click.argument("url_or_id")
@click.option("--history", is_flag=True, help="Its revisions, with what changed.")
@json_option
@click.pass_obj
def show(place: Workplace, url_or_id: str, history: bool, as_json: bool) -> None:
    """Show one document: its text, its copies, its revisions with what changed."""
    with place.store(readonly=True) as store, store.read() as conn:
        document = find_document(conn, url_or_id)
        if document is None:
            raise Failed(f"No document has the address or id {url_or_id}; `marsad why URL` tells what became of it.")
        versions = revisions(conn, document.id) if history else []
        copies = _copies(conn, document)
    answer = {**document_dict(document), "copies_list": copies}
    if history:
        answer["history"] = [
            {
                "revision": version.revision,
                "seen_at": version.seen_at.isoformat(timespec="seconds"),
                "title": version.title,
                "text": version.text,
                "changed": list(version.changed),
                "title_difference": diff_words(before.title, version.title) if before else [],
                "difference": diff_words(before.text, version.text) if before else [],
            }
            for before, version in zip([None, *versions], versions, strict=False)
        ]
    print_json(answer) if as_json else _print_document(place, document, answer)


def _copies(conn: Connection, document: Document) -> list[dict[str, Any]]:
    return [
        {
            "id": copy.id,
            "url": copy.url,
            "source": copy.source,
            "title": copy.title,
            "first_seen_at": iso(copy.first_seen_at),
        }
        for copy in cluster(conn, document.cluster_id)
        if copy.id != document.id
    ]


def _print_document(place: Workplace, document: Document, answer: dict[str, Any]) -> None:
    print_fields(
        [
            ("title", document.title),
            ("source", document.source),
            ("url", shown_url(document.url)),
            ("id", document.id),
            ("published", local_time(answer["published_at"], place.zone)),
            ("first seen", local_time(answer["first_seen_at"], place.zone)),
            ("authors", "، ".join(document.authors) or None),
            ("section", document.section),
            ("origin", _guess(answer["origin"])),
            ("told by", _spread(place, answer["spread"])),
            ("revision", document.revision),
            ("removed", local_time(answer["removed_at"], place.zone) or None),
        ]
    )
    print_text(f"\n{document.text}\n")
    for copy in answer["copies_list"]:
        click.echo(f"copy       {copy['source']}  {shown_url(copy['url'])}")
    for related in document.related:
        print_link(related.title, related.url, label="related    ")
    for version in answer.get("history", []):
        when = local_time(version["seen_at"], place.zone)
        click.echo(f"\nrevision {version['revision']}, {when}: {'، '.join(version['changed']) or 'first seen'}")
        for operation, words in [*version["title_difference"], *version["difference"]]:
            if operation != "=":
                print_text(words, label=f"  {operation} ")


def _guess(origin: dict[str, Any] | None) -> str | None:
    return f"perhaps {origin['guess']} ({origin['evidence']})" if origin else None


def _spread(place: Workplace, spread: dict[str, Any]) -> str | None:
    """How far the text went, in words; None where it has no copies."""
    if spread["documents"] == 1:
        return None
    first, last = (local_time(spread[name], place.zone) for name in ("first_seen_at", "last_seen_at"))
    documents = counted(spread["documents"], "document")
    return f"{counted(spread['outlets'], 'outlet')} in {documents}, first {first}, last {last}"


@click.command()
@click.argument("url", required=False)
@click.option("--source", "source_id", help="Forget all that one outlet published.")
@click.option("--reason", default="on request", help="Kept with the tombstone.")
@json_option
@click.pass_obj
def forget(place: Workplace, url: str | None, source_id: str | None, reason: str, as_json: bool) -> None:
    """Remove one page, or all pages of a source, on request.

    Text, revisions, archived pages and index entries go. A tombstone stays, so that the page is not fetched again; its
    outcome is `removed`.
    """
    if (url is None) == (source_id is None):
        raise click.UsageError("Name either one URL or --source ID.")
    now = datetime.now(UTC)
    with place.store() as store, place.index(store) as index:
        count = store.writer.submit(
            lambda conn: forget_documents(conn, url=url, source=source_id, now=now, reason=reason)
        ).result()
        follow(store, index)
        forget_history(store)
        sweep(place.settings.data / FOLDER, partial(removed_on_request, store))
    if not count:
        raise Failed(f"Nothing is known of {url or source_id}; `marsad why URL` tells what was listed.")
    print_json({"removed": count}) if as_json else click.echo(f"{count} removed.")
