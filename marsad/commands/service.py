"""The crawl: run, crawl."""

from typing import Any

import click

from crawler import reactor
from crawler.engine import CrawlReport, Progress
from marsad.config import PROJECT_PAGE
from marsad.output import Failed, print_json, progress_bar
from marsad.workplace import Workplace, json_option
from scheduler.service import PassReport, one_pass, serve


@click.command()
@click.pass_context
def run(ctx: click.Context) -> None:
    """Watch the press until SIGTERM: schedule, fetch, recognise copies and edits, index.

    Stops in order within 20 seconds of SIGTERM or Ctrl-C. One service a data folder.
    """
    place: Workplace = ctx.obj
    if place.settings.crawler.contact == PROJECT_PAGE:
        click.echo("marsad: set MARSAD_CONTACT to your address, so that an outlet can reach you.", err=True)
    ctx.exit(reactor.run(lambda: serve(place.settings, place.sources)))


@click.command()
@click.option("--source", "only", multiple=True, metavar="ID", help="Only this outlet; may be given several times.")
@click.option("--all", "everything", is_flag=True, help="Every endpoint, every retry and revisit, due or not.")
@json_option
@click.pass_obj
def crawl(place: Workplace, only: tuple[str, ...], everything: bool, as_json: bool) -> None:
    """Make one pass: fetch everything due, follow it through until nothing is left, and exit."""
    for id_ in only:
        place.source(id_)
    with progress_bar() as progress:
        task = progress.add_task("Crawling", total=None)

        def show(now: Progress) -> None:
            progress.update(task, completed=now.fetched, total=now.fetched + now.pending, description=now.words)

        report = reactor.run(
            lambda: one_pass(place.settings, place.sources, everything=everything, only=only or None, on_progress=show)
        )
        progress.update(task, description="Crawled")
    print_json(_pass_dict(report)) if as_json else click.echo(_pass_words(report))
    if report.crawl.failed:
        raise Failed(f"{report.crawl.failed}.")


def _pass_dict(report: PassReport) -> dict[str, Any]:
    return {**report.crawl.as_dict(), "indexed": report.sync.sent}


def _pass_words(report: PassReport) -> str:
    did: CrawlReport = report.crawl
    parts = [
        f"{did.fetched} fetched",
        f"{did.not_modified} not modified",
        f"{did.new} new" if did.new else "nothing new",
        f"{did.revisions} revised",
        f"{did.copies} copies",
        f"{did.dropped} dropped",
        f"{did.failures} to be tried again",
        f"{report.sync.sent} indexed",
    ]
    return ", ".join(parts) + "." + (f" {did.note}" if did.note else "")
