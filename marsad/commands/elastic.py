"""Looking after Elasticsearch: what is made once, what it would not take, synonyms, and whether it equals the store."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC
from pathlib import Path

import click
from elasticsearch import ApiError, Elasticsearch, TransportError

from index.elastic import bootstrap as first_steps
from index.elastic import standing, verdicts
from index.elastic import synonyms as synonym_list
from index.elastic.client import connect, shown_url
from index.elastic.index import ElasticIndex
from index.elastic.names import Names
from index.elastic.rejected import Refused, refused, send_again
from index.queries.terms import Groups
from index.store import Store
from marsad.layers import elastic_password
from marsad.output import Failed, local_time, print_json, print_table
from marsad.workplace import Workplace, json_option
from news import wordlists

KEY_FILES: dict[first_steps.Role, str] = {"writer": "api_key", "admin": "admin_api_key"}


@click.group()
def elastic() -> None:
    """Look after the search index in Elasticsearch."""


@elastic.command()
@click.option(
    "--user",
    default="elastic",
    show_default=True,
    help="Who may make roles and keys; the password is in ELASTIC_PASSWORD, or a file ELASTIC_PASSWORD_FILE.",
)
@click.option(
    "--keys",
    type=click.Path(file_okay=False, path_type=Path),
    help="Where to write the new keys: api_key and admin_api_key, readable by you alone.",
)
@click.option("--wait", type=click.FloatRange(0), default=0, help="Seconds to wait for a server that is starting.")
@click.option("--take-over", is_flag=True, help="Make another data folder's indices this one's.")
@json_option
@click.pass_obj
def bootstrap(place: Workplace, user: str, keys: Path | None, wait: float, take_over: bool, as_json: bool) -> None:
    """Make templates and, on a server with security, roles and keys that can do nothing else. May be run again."""
    password = elastic_password()
    if keys is not None and password is None:
        raise Failed("Keys are made with a person's rights: set ELASTIC_PASSWORD or ELASTIC_PASSWORD_FILE.", 2)
    with place.store(may_begin=True) as store, _opened(place, store, (user, password) if password else None) as index:
        first_steps.await_ready(index.place.admin, wait)
        generation = first_steps.bootstrap(index.place, take_over=take_over)
        roles = first_steps.make_roles(index.place.admin, index.names) if password else []
        written = _write_keys(index.place.admin, index, keys) if keys else []
    if as_json:
        print_json({"generation": generation, "roles": roles, "keys": [str(file) for file in written]})
        return
    click.echo(f"Templates of {index.names.template(generation)} and {index.names.health} are in place.")
    if roles:
        click.echo(f"Roles: {', '.join(roles)}.")
    for file in written:
        click.echo(f"Wrote {file}.")


@elastic.command()
@click.option("--send", is_flag=True, help="Send them again, after the reason was seen to.")
@json_option
@click.pass_obj
def rejected(place: Workplace, send: bool, as_json: bool) -> None:
    """What Elasticsearch would not take, and why."""
    with place.store(readonly=not send) as store, _opened(place, store, readonly=not send) as index:
        sent = send_again(index) if send else None
        rows = refused(index)
    if as_json:
        told = [{"id": row.id, "url": row.url, "at": row.at.isoformat(), "reason": row.reason} for row in rows]
        print_json({"rejected": told} | ({"sent": sent} if sent is not None else {}))
        return
    if sent is not None:
        click.echo(f"{sent} documents were taken after all.")
    _print_refused(place, rows)


@elastic.command()
@click.option(
    "--set",
    "file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Add these groups to those that ship: one a line, names separated by commas.",
)
@click.option("--reset", is_flag=True, help="Only those that ship.")
@json_option
@click.pass_obj
def synonyms(place: Workplace, file: Path | None, reset: bool, as_json: bool) -> None:
    """The synonyms in use; --set changes them at once, without indexing anew."""
    if file is not None and reset:
        raise click.UsageError("Give --set or --reset, not both.")
    changed = _groups(file) if file else () if reset else None
    with place.store(readonly=changed is None, may_begin=changed is not None) as store:
        months = _change_synonyms(place, store, changed) if changed is not None else []
        names = Names(place.settings.elasticsearch.alias)
        groups = (*wordlists.synonyms(), *standing.load_own(store, names))
    if as_json:
        print_json({"groups": groups, "changed": months})
        return
    for group in groups:
        click.echo(", ".join(group))
    if changed is not None:
        click.echo(f"{len(months)} indices changed." if months else "Searches use them from now on.", err=True)


@elastic.command()
@click.option("--mend", is_flag=True, help="Put right what differs.")
@json_option
@click.pass_obj
def verify(place: Workplace, mend: bool, as_json: bool) -> None:
    """Hold the search index against the store, document by document, version by version."""
    with place.store() as store, _opened(place, store) as index:
        found = index.differences(mend=mend)
    answer = {"compared": found.compared, "missing": len(found.missing), "stale": len(found.stale),
              "unknown": len(found.unknown)}  # fmt: skip
    print_json(answer) if as_json else click.echo(", ".join(f"{count} {name}" for name, count in answer.items()))
    if found and not mend:
        raise Failed("The search index differs from the store; `marsad elastic verify --mend` puts it right.")


def _change_synonyms(place: Workplace, store: Store, own: Groups) -> list[str]:
    """The indices that were changed; the embedded one need not be."""
    if place.settings.elasticsearch.url is None:
        synonym_list.keep(store, Names(place.settings.elasticsearch.alias), own)
        return []
    with _opened(place, store) as index:
        return synonym_list.apply(index.place, own)


@contextmanager
def _opened(
    place: Workplace, store: Store, user: tuple[str, str] | None = None, *, readonly: bool = False
) -> Iterator[ElasticIndex]:
    """The index with the rights of `user`, else with the configured keys. The server's errors are raised as
    `Failed`."""
    wanted = place.settings.elasticsearch
    if wanted.url is None:
        raise Failed("There is no Elasticsearch; set elasticsearch.url (MARSAD_ELASTICSEARCH_URL).", 2)
    try:
        if user is None:
            index = ElasticIndex.open(place.settings, store, place.sources, readonly=readonly)
        else:
            person = connect(wanted, user=user)
            index = ElasticIndex(person, person, store, place.settings, place.sources)
        with index:
            yield index
    except verdicts.ElasticError as error:
        raise Failed(f"{error}.") from None
    except (ApiError, TransportError) as error:
        trouble = verdicts.trouble(verdicts.of_error(error), verdicts.error_reason(error), shown_url(wanted))
        raise Failed(f"{trouble}.") from None


def _write_keys(client: Elasticsearch, index: ElasticIndex, folder: Path) -> list[Path]:
    """Make the keys whose files are missing or hold one that the server no longer accepts. Returns the files
    written."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for which, name in KEY_FILES.items():
        file = folder / name
        if not (file.exists() and first_steps.works(client, file.read_text(encoding="utf-8").strip())):
            _write_secret(file, first_steps.make_key(client, index.names, which))
            written.append(file)
    return written


def _write_secret(file: Path, secret: str) -> None:
    temporary = file.with_name(f".{file.name}.{os.getpid()}")
    with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as out:
        out.write(secret)
    temporary.replace(file)


def _groups(file: Path) -> Groups:
    try:
        return synonym_list.parse(file.read_text(encoding="utf-8-sig"))
    except (synonym_list.BadSynonyms, UnicodeDecodeError) as error:
        raise Failed(f"{file}: {error}.") from None


def _print_refused(place: Workplace, rows: list[Refused]) -> None:
    if not rows:
        click.echo("Nothing is put aside.")
        return
    shown = ((local_time(row.at.astimezone(UTC), place.zone), row.url or row.id, row.reason) for row in rows)
    print_table(("put aside", "document", "reason"), shown)
