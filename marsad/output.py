"""How results reach people and machines: rich tables on a terminal, plain text in a pipe, JSON where asked."""

import json
import sys
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import unquote, unquote_to_bytes
from zoneinfo import ZoneInfo

import click
from rich.box import SIMPLE_HEAD
from rich.cells import cell_len
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from marsad.wrapping import wrapped

# Isolates keep a right-to-left title from reordering the columns beside it (Unicode UAX #9).
ISOLATE, POP = "\u2068", "\u2069"


class Failed(click.ClickException):
    """A command that could not do its work: one sentence and a hint."""

    def __init__(self, message: str, exit_code: int = 1) -> None:
        super().__init__(message)
        self.exit_code = exit_code  # type: ignore[misc]  # the library declares it for the class

    def show(self, file: Any = None) -> None:
        click.echo(f"marsad: {self.message}", file=file or sys.stderr)


def print_json(value: Any) -> None:
    click.echo(json.dumps(value, ensure_ascii=False))


def isolated(text: str) -> str:
    return f"{ISOLATE}{text}{POP}" if text and not text.isascii() and sys.stdout.isatty() else text


def shown_url(url: str) -> str:
    """On a terminal an address with its Arabic letters, as a browser shows it; in a pipe as it is stored."""
    if not sys.stdout.isatty():
        return url
    readable = unquote(url, errors="strict") if _is_utf8(url) else url
    return isolated(readable) if readable.isprintable() and " " not in readable else url


def _is_utf8(url: str) -> bool:
    try:
        unquote_to_bytes(url).decode()
    except UnicodeDecodeError:
        return False
    return True


def counted(number: int, noun: str, plural: str | None = None) -> str:
    return f"{number} {noun if number == 1 else plural or noun + 's'}"


def print_table(columns: Sequence[str], rows: Iterable[Sequence[object]], title: str | None = None) -> None:
    """A rich table on a terminal; tab-separated lines with a header in a pipe."""
    if sys.stdout.isatty():
        Console().print(_table(columns, list(rows), title))
        return
    click.echo("\t".join(columns))
    for row in rows:
        click.echo("\t".join("" if value is None else str(value) for value in row))


def _table(columns: Sequence[str], rows: Sequence[Sequence[object]], title: str | None) -> Table:
    """Without frames, so that a ledger's eleven columns fit; numbers to the right."""
    table = Table(title=title, title_justify="left", box=SIMPLE_HEAD, pad_edge=False, collapse_padding=True)
    for name, *values in zip(columns, *rows, strict=True):
        numbers = bool(values) and all(isinstance(value, int) for value in values)
        table.add_column(name, justify="right" if numbers else "left")
    for row in rows:
        table.add_row(*(_cell(value) for value in row))
    return table


def print_fields(fields: Iterable[tuple[str, object]]) -> None:
    """Named values, one a line."""
    for name, value in fields:
        print_text("" if value is None else str(value), label=f"{name:14} ")


def print_text(text: str, label: str = "") -> None:
    """Paragraphs; on a terminal broken between words, and beside the label where there is one."""
    for line in _lines(text, cell_len(label)):
        click.echo(f"{label}{isolated(line) if label else line}")
        label = " " * cell_len(label)


def _lines(text: str, taken: int) -> list[str]:
    paragraphs = text.split("\n")
    if not sys.stdout.isatty():
        return paragraphs
    width = Console().width - taken
    return [line for paragraph in paragraphs for line in wrapped(paragraph, width)]


def print_link(title: str, url: str, label: str) -> None:
    """On a terminal one below the other: in one line, the title's direction would tear the address apart."""
    print_text("\n".join((title, shown_url(url))) if sys.stdout.isatty() else f"{title}  {url}", label)


def _cell(value: object) -> str:
    return "" if value is None else isolated(value) if isinstance(value, str) else str(value)


def local_time(value: str | datetime | None, zone: str | None) -> str:
    """A moment as a person in `zone` (default: the machine's) reads it."""
    if value is None:
        return ""
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    return moment.astimezone(ZoneInfo(zone) if zone else None).strftime("%Y-%m-%d %H:%M")


def progress_bar() -> Progress:
    """A bar on standard error, and only where a person watches."""
    console = Console(stderr=True)
    return Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=console,
        disable=not console.is_terminal,
        transient=False,
    )
