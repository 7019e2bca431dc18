"""The data folder and the settings: backup, restore, config."""

import json
from pathlib import Path
from typing import Any

import click

from index.backup import backup as back_up
from index.backup import restore as restore_store
from index.follower import follow
from marsad.config import shown
from marsad.keys import VARIABLES
from marsad.output import print_json, print_table
from marsad.workplace import Workplace, json_option


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@json_option
@click.pass_obj
def backup(place: Workplace, file: Path, as_json: bool) -> None:
    """Copy the store to FILE while the service runs. The search index is not copied: restoring rebuilds it."""
    with place.store(readonly=True):
        size = back_up(place.settings.data, file)
    print_json({"file": str(file), "bytes": size}) if as_json else click.echo(f"{file}: {size / 1e6:.1f} MB.")


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@json_option
@click.pass_obj
def restore(place: Workplace, file: Path, as_json: bool) -> None:
    """Put a backup in the place of the store and rebuild the search index. The service must not be running."""
    restore_store(file, place.settings.data)
    with place.store(may_begin=True) as store, place.index(store) as index:
        documents = follow(store, index).sent
    print_json({"documents": documents}) if as_json else click.echo(f"Restored; {documents} documents indexed.")


@click.command()
@json_option
@click.pass_obj
def config(place: Workplace, as_json: bool) -> None:
    """Print the settings in force, secrets masked, and where each came from.

    A key is set on the command line (--set KEY=VALUE), by its environment variable, or in marsad.toml; in this order.
    """
    rows = [
        {"key": key, "variable": variable, "value": shown(place.settings, key), "from": place.loaded.origins[key]}
        for key, variable in VARIABLES.items()
    ]
    if as_json:
        print_json({"settings": rows})
    else:
        print_table(
            ("key", "value", "from", "variable"),
            [(row["key"], _as_in_the_file(row["value"]), row["from"], row["variable"]) for row in rows],
        )


def _as_in_the_file(value: Any) -> Any:
    """Lists, true and false are written alike in TOML and JSON."""
    return json.dumps(value) if isinstance(value, list | bool) else value
