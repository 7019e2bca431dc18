"""What the books say: status, why, healthcheck."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from index import ledger
from index.backends import backend_name, follower_name, searchable
from marsad.output import Failed, local_time, print_json, print_table
from marsad.workplace import Workplace, json_option
from scheduler import heartbeat


@click.command()
@json_option
@click.pass_obj
def status(place: Workplace, as_json: bool) -> None:
    """The ledger per source and in total, and the health of each part.

    Always: listed = stored + pending + the sum of dropped.
    """
    now = datetime.now(UTC)
    with place.store(readonly=True) as store, place.index(store, readonly=True) as index, store.read() as conn:
        pulse = heartbeat.read(place.settings.data, now)
        seen, trouble = searchable(index)
        answer = ledger.status(
            conn,
            now=now,
            searchable=seen,
            position=index.position(),
            backend=backend_name(index),
            rejected_by=follower_name(index),
        )
    answer["index"]["trouble"] = trouble
    answer["service"] = {"running": pulse.alive, "heartbeat_at": pulse.at, "state": pulse.state,
                         "jobs": pulse.details.get("jobs", {})}  # fmt: skip
    print_json(answer) if as_json else _print_status(place, answer)


TROUBLES = ("failures", "missed", "overlaps")
COLUMNS = ("listed", "fetched", "extracted", "stored", "indexed", "searchable", "pending")


def _print_status(place: Workplace, answer: dict[str, Any]) -> None:
    rows = [
        (row["id"], row["health"], *(row[name] for name in COLUMNS), _dropped(row),
         local_time(row["last_success_at"], place.zone))
        for row in answer["sources"]
    ]  # fmt: skip
    totals = answer["totals"]
    rows.append(("total", "", *(totals[name] for name in COLUMNS), _dropped(totals), ""))
    print_table(("source", "health", *COLUMNS, "dropped", "last success"), rows)
    index, service = answer["index"], answer["service"]
    click.echo(f"index: {index['backend']}, {index['pending']} pending, {index['rejected']} rejected, "
               f"lag {index['lag_seconds'] or 0:.0f} s")  # fmt: skip
    if index["trouble"]:
        click.echo(f"index trouble: {index['trouble']}")
    beat = local_time(service["heartbeat_at"], place.zone)
    click.echo(f"service: {service['state']}" + (f", last heartbeat {beat}" if beat else ""))
    for name, job in service["jobs"].items():
        if any(job[what] for what in TROUBLES):
            told = ", ".join(f"{job[what]} {what}" for what in TROUBLES if job[what])
            click.echo(f"job {name}: {told}" + (f"; last error: {job['last_error']}" if job["last_error"] else ""))


def _dropped(row: dict[str, Any]) -> str:
    return " ".join(f"{outcome}:{count}" for outcome, count in sorted(row["dropped"].items()) if count)


@click.command()
@click.argument("url")
@json_option
@click.pass_obj
def why(place: Workplace, url: str, as_json: bool) -> None:
    """The trail of one URL: listed, fetched, extracted, stored, indexed, searchable — or where it stopped and why."""
    with place.store(readonly=True) as store, place.index(store, readonly=True) as index, store.read() as conn:
        trail = ledger.why(conn, url, sources=place.sources, position=index.position(), holds=index.holds)
    if as_json:
        print_json(trail)
        return
    click.echo(trail["sentence"])
    for step in trail["steps"]:
        click.echo(f"  {local_time(step['at'], place.zone):16}  {step['what']}")


@click.command()
@json_option
@click.pass_obj
def healthcheck(place: Workplace, as_json: bool) -> None:
    """Exit 0 while the service works, 1 otherwise; what a container or a supervisor calls."""
    pulse = heartbeat.read(Path(place.settings.data), datetime.now(UTC))
    if as_json:
        print_json({"running": pulse.alive, "heartbeat_at": pulse.at, "state": pulse.state})
    elif pulse.alive:
        click.echo(f"{pulse.state}, last heartbeat {pulse.at}")
    if not pulse.alive:
        raise Failed(f"The service does not run (last heartbeat: {pulse.at or 'never'}); start it with `marsad run`.")
