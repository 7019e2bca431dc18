"""Documents from elsewhere: import."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from index.documents.importing import Importer
from marsad.output import Failed, print_json, progress_bar
from marsad.workplace import Workplace, json_option
from news.importing import BadLine, GoodLine, parse_line


@click.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@json_option
@click.pass_obj
def import_(place: Workplace, file: Path, as_json: bool) -> None:
    """Take documents in from FILE.jsonl, one JSON object a line.

    Keys: url, title, text, published_at, source; optional: authors, section, summary. They take the same way as
    fetched articles: copies are grouped, a known address with other words becomes a revision. Lines that cannot be
    used are named and counted; the others are kept.
    """
    problems: list[dict[str, Any]] = []
    with place.store(may_begin=True) as store, place.index(store) as index, progress_bar() as progress:
        importer = Importer(store, index, datetime.now(UTC))
        task = progress.add_task("Importing", total=file.stat().st_size)
        for number, size, line in _lines(file):
            progress.advance(task, size)
            read = parse_line(line, importer.now)
            if isinstance(read, GoodLine):
                importer.add(read.article)
            problem = read.problem if isinstance(read, BadLine) else read.warning if read else None
            if problem:
                problems.append({"line": number, "problem": problem, "kept": isinstance(read, GoodLine)})
                click.echo(f"marsad: {file}, line {number}: {problem}", err=True)
        counts = importer.finish()
    invalid = sum(not problem["kept"] for problem in problems)
    print_json({**counts, "invalid": invalid, "problems": problems}) if as_json else click.echo(
        ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in {**counts, "invalid": invalid}.items())
    )
    if invalid and not sum(counts.values()):
        raise Failed(f"{file}: no line could be used; see `marsad import --help` for the keys.")


def _lines(file: Path) -> Iterator[tuple[int, int, bytes]]:
    with file.open("rb") as stream:
        for number, line in enumerate(stream, 1):
            yield number, len(line), line
