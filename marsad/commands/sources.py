"""The catalogue: list it, check it against the live outlets, add to it."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import click

from crawler import reactor
from crawler.checking import Checked, Discovery, check_sources, discover
from crawler.safe_fetch import FetchError
from index import catalogue
from marsad.arguments import WebAddress
from marsad.output import Failed, print_json, print_table, progress_bar
from marsad.workplace import Workplace, json_option
from news.discovery import owner_of
from news.documents import Endpoint, Source


@click.group()
def sources() -> None:
    """The outlets: list them, check what they serve today, add your own.

    The catalogue that ships is never changed; what you add or switch lies in DATA/sources/ and goes over it.
    """


@sources.command("list")
@json_option
@click.pass_obj
def list_(place: Workplace, as_json: bool) -> None:
    """List the outlets and how many of their endpoints are switched on."""
    values = list(place.sources.values())
    if as_json:
        print_json({"sources": [_source_dict(source) for source in values]})
        return
    rows = [
        (source.id, source.name, source.country, "on" if source.enabled else "off",
         f"{sum(endpoint.enabled for endpoint in source.endpoints)}/{len(source.endpoints)}", source.homepage)
        for source in values
    ]  # fmt: skip
    print_table(("id", "name", "country", "state", "endpoints on", "homepage"), rows)


def _source_dict(source: Source) -> dict[str, Any]:
    return {
        "id": source.id,
        "name": source.name,
        "homepage": source.homepage,
        "country": source.country,
        "timezone": source.timezone,
        "enabled": source.enabled,
        "articles": list(source.articles),
        "endpoints": [_endpoint_dict(endpoint) for endpoint in source.endpoints],
    }


def _endpoint_dict(endpoint: Endpoint) -> dict[str, Any]:
    return {
        "kind": endpoint.kind.value,
        "url": endpoint.url,
        "enabled": endpoint.enabled,
        "confidence": endpoint.confidence,
        "evidence": endpoint.evidence,
        "notes": endpoint.notes,
        "checked_at": endpoint.checked_at,
    }


@sources.command()
@click.argument("ids", nargs=-1)
@click.option("--switch", is_flag=True, help="Switch on what works and off what does not, in DATA/sources/.")
@json_option
@click.pass_obj
def check(place: Workplace, ids: tuple[str, ...], switch: bool, as_json: bool) -> None:
    """Fetch each endpoint of the named outlets (default: all) once and say what it found."""
    chosen = [place.source(id_) for id_ in ids] or list(place.sources.values())
    total = sum(len(source.endpoints) for source in chosen)
    with progress_bar() as progress:
        task = progress.add_task("Checking", total=total)
        found: Sequence[Checked] = reactor.run(
            lambda: check_sources(chosen, place.settings, lambda _: progress.advance(task))
        )
    if switch:
        _switch(place, found)
    if as_json:
        print_json({"endpoints": [_checked_dict(result) for result in found], "switched": switch})
    else:
        rows = [
            (result.source, result.endpoint.kind.value, _verdict(result), result.verdict.words, result.endpoint.url)
            for result in found
        ]
        print_table(("source", "kind", "", "found", "url"), rows)
    if found and not any(result.verdict.works for result in found):
        raise Failed("No endpoint answered as it should; is this machine connected?")


def _verdict(result: Checked) -> str:
    return ("works" if result.verdict.works else "fails") + ("" if result.endpoint.enabled else " (off)")


def _checked_dict(result: Checked) -> dict[str, Any]:
    return {
        "source": result.source,
        **_endpoint_dict(result.endpoint),
        "works": result.verdict.works,
        "entries": result.verdict.entries,
        "found": result.verdict.words,
    }


def _switch(place: Workplace, found: Sequence[Checked]) -> None:
    """One bad moment, a refusal or a dead line switches nothing off: only an answer that is no listing does."""
    now = datetime.now(UTC).isoformat(timespec="seconds")
    clear = [result for result in found if result.verdict.works or result.definite]
    for id_ in dict.fromkeys(result.source for result in clear):
        changes = [
            {"kind": result.endpoint.kind.value, "url": result.endpoint.url, "enabled": result.verdict.works,
             "checked_at": now}
            for result in clear
            if result.source == id_
        ]  # fmt: skip
        catalogue.save_overlay(place.user_sources, id_, {"endpoints": changes})


@sources.command()
@click.argument("url", type=WebAddress())
@click.option("--id", "id_", help="The source's id (default: from the address).")
@json_option
@click.pass_obj
def add(place: Workplace, url: str, id_: str | None, as_json: bool) -> None:
    """Discover an outlet's feeds, sitemaps and sections, and write its file into DATA/sources/.

    \b
    marsad sources add https://www.example.com/
    """
    if owner := owner_of(place.sources, url):
        raise Failed(f"{url} belongs to the source {owner.id!r} already; mend its file, see docs/adding-a-source.md.")
    if id_ in place.sources:
        raise Failed(f"There is a source {id_!r} already; name another with --id.")
    try:
        found: Discovery = reactor.run(lambda: discover(url, place.settings, place.sources))
    except FetchError as error:
        raise Failed(f"{error}; check the address, or write the file by hand (docs/adding-a-source.md).") from None
    if not found.endpoints:
        raise Failed(f"{found.words}; write the file by hand, docs/adding-a-source.md shows how.")
    draft = {**found.draft, "id": id_ or found.draft["id"]}
    file = catalogue.save_overlay(place.user_sources, draft["id"], draft)
    if as_json:
        print_json({"id": draft["id"], "file": str(file), "endpoints": [_checked_dict(one) for one in found.endpoints]})
        return
    print_table(
        ("kind", "found", "url"), [(e.endpoint.kind.value, e.verdict.words, e.endpoint.url) for e in found.endpoints]
    )
    click.echo(f"Written to {file}. Read it through, then: marsad crawl --source {draft['id']}")
