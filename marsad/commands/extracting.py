"""One saved page, read as the crawl would read it: extract."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from marsad.output import Failed, print_json
from marsad.workplace import Workplace, json_option
from news.documents import NotDocument, Page, Source
from news.extract import Explanation
from news.extract import extract as extract_article
from news.rendering import article_dict
from news.urls import in_scope, site_of


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--url", required=True, help="The address the page was fetched from.")
@click.option("--source", "source_id", help="The outlet whose selectors and zone apply (default: by the address).")
@click.option("--explain", is_flag=True, help="Also print candidates, scores and evidence.")
@json_option
@click.pass_obj
def extract(place: Workplace, file: Path, url: str, source_id: str | None, explain: bool, as_json: bool) -> None:
    """Extract one saved page and print the document.

    \b
    marsad extract page.html --url https://www.aljazeera.net/news/2026/8/14/… --explain
    """
    try:
        site = site_of(url)
    except ValueError:
        raise click.BadParameter(f"{url!r} is no web address; write it with https://", param_hint="--url") from None
    source = place.source(source_id) if source_id else _source_by_address(place.sources, url, site)
    explanation = Explanation() if explain else None
    now = datetime.now(UTC)
    page = Page(requested_url=url, url=url, status=200, headers={}, body=file.read_bytes(), fetched_at=now)
    result = extract_article(page, source, now, explain=explanation)
    if isinstance(result, NotDocument):
        answer: dict[str, Any] = {"outcome": result.outcome.value, "reason": result.reason}
    else:
        answer = article_dict(result)
    if explanation:
        answer["explanation"] = explanation.as_dict()
    print_json(answer) if as_json else click.echo(json.dumps(answer, ensure_ascii=False, indent=2))
    if isinstance(result, NotDocument):
        raise Failed(f"{file} gives no document: {result.outcome.value}, {result.reason}.")


def _source_by_address(sources: Mapping[str, Source], url: str, site: str) -> Source:
    known = next((source for source in sources.values() if in_scope(source, url)), None)
    return known or Source(id=site, name=site, homepage=f"https://{site}/")
