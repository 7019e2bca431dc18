"""Finding: search, and the commands that keep the search index in step with the store."""

import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from html import unescape
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.text import Text

from index import spelling
from index.backends import own_synonyms, troubled
from index.follower import follow
from index.history import history_of, versions
from index.queries import QueryError
from index.search import search as search_documents
from index.store import get_documents
from marsad.arguments import Asking, QueryWord
from marsad.commands.hints import unknown_sources
from marsad.output import Failed, counted, isolated, local_time, print_json, progress_bar, shown_url
from marsad.workplace import Workplace, json_option
from news.dates import parse_date
from news.documents import SearchHit, SearchQuery, SearchResult


class Moment(click.ParamType[datetime]):
    """A date as people write it, Arabic included; a day, month or year means its beginning in the user's zone."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        if isinstance(value, datetime):
            return value
        place: Workplace | None = ctx.obj if ctx else None
        date = parse_date(value, now=datetime.now(UTC), timezone=(place.zone if place else None) or "UTC")
        if date is None:
            self.fail(f"{value!r} is no date that is understood; write 2026-11-23 or «23 نوفمبر 2026».", param, ctx)
        return date.value


@click.command(cls=Asking)
@click.argument("query", nargs=-1, type=QueryWord())
@click.option(
    "--file",
    "queries",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="One query a line; prints one JSON result a line.",
)
@click.option("--exact", is_flag=True, help="Only the words as written: no article, clitic or plural folding.")
@click.option("--source", help="Only this outlet.")
@click.option("--since", type=Moment(), help="Published on or after this date.")
@click.option("--until", type=Moment(), help="Published before this date.")
@click.option("--limit", type=click.IntRange(1, 1000), default=10, show_default=True)
@click.option("--sort", type=click.Choice(["newest", "best"]), default="newest", show_default=True)
@click.option("--all-copies", is_flag=True, help="Show every outlet's copy, not one a story.")
@click.option("--history", is_flag=True, help="Search what articles said before they were edited.")
@json_option
@click.pass_obj
def search(
    place: Workplace,
    query: tuple[str, ...],
    queries: Path | None,
    exact: bool,
    source: str | None,
    since: datetime | None,
    until: datetime | None,
    limit: int,
    sort: str,
    all_copies: bool,
    history: bool,
    as_json: bool,
) -> None:
    """Search what the press said. All words are required; «وزير» also finds «الوزير».

    \b
    marsad search "اتفاق وقف إطلاق النار"          all four words, newest first
    marsad search '"وقف إطلاق النار"'               the phrase
    marsad search غزة -مصر --since 2026-11-01      without a word, from a day on
    marsad search 'title:انتخابات OR اقتراع'        in the title, or another word
    marsad search 'اقتصاد*' --sort best             a prefix, by relevance
    marsad search «قتيلا» --history                 in what was edited since
    """
    if bool(query) == bool(queries):
        raise click.UsageError("Name a QUERY, or a file of queries with --file.")

    def asked(text: str) -> SearchQuery:
        return SearchQuery(text=text, exact=exact, source=source, since=since, until=until, limit=limit,
                           sort=sort, all_copies=all_copies)  # fmt: skip

    with place.store(readonly=True) as store:
        own = own_synonyms(place.settings, store)
        opened = history_of(store, own) if history else place.index(store, readonly=True)
        load = versions if history else get_documents
        with opened as index:
            for text in _texts(query, queries):
                result = search_documents(store, index, asked(text), load)
                if isinstance(result, QueryError):
                    raise Failed(f"{result}.", 2)
                meant = None if result.total else spelling.meant(store, index, asked(text), load)
                print_json(result_dict(result, meant)) if as_json or queries else _print_result(place, result, meant)
                if not result.total:
                    for hint in unknown_sources(place, index, asked(text)):
                        click.echo(f"marsad: {hint}", err=True)


def _texts(query: tuple[str, ...], queries: Path | None) -> Iterator[str]:
    if queries is None:
        yield " ".join(query)
        return
    with queries.open(encoding="utf-8-sig") as lines:
        yield from (line.strip() for line in lines if line.strip())


def result_dict(result: SearchResult, meant: str | None = None) -> dict[str, Any]:
    """`meant`: other words that would find something."""
    told = {
        "query": result.query,
        "total": result.total,
        "total_relation": result.total_relation,
        "took_ms": round(result.took_ms, 2),
        "hits": [_hit_dict(hit) for hit in result.hits],
    }
    return {**told, "meant": meant} if meant else told


def _hit_dict(hit: SearchHit) -> dict[str, Any]:
    """A hit of `--history` has its document's id and the number of the revision that was found."""
    id_, _, revision = hit.id.partition("@")
    told = {name: getattr(hit, name) for name in SearchHit.__slots__}
    return {**told, "id": id_, "revision": int(revision)} if revision else told


def _print_result(place: Workplace, result: SearchResult, meant: str | None) -> None:
    console = Console(highlight=False, soft_wrap=not sys.stdout.isatty())  # a terminal would break words in two
    more = "at least " if result.total_relation == "gte" else ""
    console.print(f"{more}{counted(result.total, 'document')}, {result.took_ms:.0f} ms", style="dim")
    if meant:
        console.print(f"Did you mean {isolated(meant)}?")
    for hit in result.hits:
        copies = f", {counted(hit.copies, 'copy', 'copies')}" if hit.copies else ""
        console.print()
        console.print(Text(isolated(hit.title), style="bold"))
        console.print(marked(hit.snippet))
        when = local_time(hit.published_at, place.zone)
        revision = hit.id.partition("@")[2]
        version = f", revision {revision}" if revision else ""
        console.print(Text(f"{hit.source}, {when or 'no date'}{copies}{version}  {shown_url(hit.url)}", style="dim"))


def marked(snippet: str) -> Text:
    """An HTML snippet for the terminal: the marks become colour."""
    text = Text()
    for number, part in enumerate(snippet.replace("</mark>", "<mark>").split("<mark>")):
        text.append(unescape(part), style="bold yellow" if number % 2 else "")
    return text


@click.command()
@json_option
@click.pass_obj
def sync(place: Workplace, as_json: bool) -> None:
    """Send what is pending to the search index now. The running service does this by itself."""
    with place.store() as store, place.index(store) as index:
        report = follow(store, index)
        trouble = troubled(index)
    answer = {"sent": report.sent, "deleted": report.deleted, "rejected": report.rejected, "pending": report.pending}
    print_json(answer) if as_json else click.echo(", ".join(f"{count} {name}" for name, count in answer.items()))
    if report.pending:
        why = trouble or "`marsad status` shows the index's state"
        raise Failed(f"{counted(report.pending, 'document')} could not be sent: {why}.")


@click.command()
@json_option
@click.pass_obj
def reindex(place: Workplace, as_json: bool) -> None:
    """Rebuild the search index from the store beside the old one, then swap them. Nothing is fetched again."""
    with place.store() as store, place.index(store) as index, progress_bar() as progress:
        task = progress.add_task("Rebuilding the search index", total=store.count_documents())
        index.rebuild(lambda sink: follow(store, sink, on_progress=lambda done: progress.update(task, completed=done)))
        count = index.count()
    print_json({"indexed": count}) if as_json else click.echo(f"{count} documents indexed.")
