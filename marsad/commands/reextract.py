"""The archived pages read again: reextract."""

import asyncio
from datetime import UTC, datetime

import click

from crawler.archive import FOLDER, files
from crawler.reextract import reextract as read_again
from index.follower import follow
from marsad.commands.searching import Moment
from marsad.output import Failed, print_json, progress_bar
from marsad.workplace import Workplace, json_option
from scheduler.policy import AdaptivePolicy


@click.command()
@click.option("--since", type=Moment(), help="Only pages fetched on or after this date.")
@json_option
@click.pass_obj
def reextract(place: Workplace, since: datetime | None, as_json: bool) -> None:
    """Read the archived pages with today's extractor. Nobody is asked for anything; the service may run beside it.

    Other words become a revision marked `extractor`; dates, authors and paragraphs are mended in place; a page that
    gave no article may give one now. A page older than the version in force is left alone.
    """
    settings, now = place.settings, datetime.now(UTC)
    folder = settings.data / FOLDER
    archived = files(folder)
    if not archived:
        raise Failed(f"There are no archived pages in {folder}; `archive.days` says how long they are kept.")
    with place.store() as store, place.index(store) as index, progress_bar() as progress:
        task = progress.add_task("Reading again", total=sum(file.size for file in archived))
        counts = asyncio.run(
            read_again(
                store, folder, place.sources, AdaptivePolicy(), workers=settings.crawler.workers,
                max_age=settings.crawler.max_age, now=now, since=since,
                on_progress=lambda size: progress.advance(task, size),
            )
        )  # fmt: skip
        indexed = follow(store, index).sent
    print_json({**counts, "indexed": indexed}) if as_json else click.echo(
        ", ".join(f"{count} {name}" for name, count in counts.items()) + f"; {indexed} indexed."
    )
