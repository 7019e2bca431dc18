"""Kibana: bring the data views, Discover sessions and dashboards there, or write them to a file."""

from pathlib import Path

import click

from index.elastic.names import Names
from index.kibana.client import Kibana
from index.kibana.objects import ndjson, saved_objects
from index.kibana.saved import SavedObject
from marsad.layers import elastic_password
from marsad.output import Failed, print_json
from marsad.workplace import Workplace, json_option

url_option = click.option("--url", help="Kibana's address instead of kibana.url; may end in a space, /s/press.")
user_option = click.option(
    "--user", default="elastic", show_default=True,
    help="Who asks where kibana.api_key is unset; the password is in ELASTIC_PASSWORD, or in the file "
    "ELASTIC_PASSWORD_FILE names.",
)  # fmt: skip


@click.group()
def kibana() -> None:
    """Bring marsad's data views, Discover sessions and dashboards to Kibana."""


@kibana.command(name="import")
@click.argument("file", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@url_option
@user_option
@json_option
@click.pass_obj
def import_(place: Workplace, file: Path | None, url: str | None, user: str, as_json: bool) -> None:
    """Import them into Kibana, or FILE, which an export wrote. May be run again: each replaces itself.

    Whoever changes one of them does so in a copy under a name of their own: the next import restores the original.
    """
    objects = _read(file) if file else ndjson(_objects(place))
    count = _kibana(place, url, user).import_objects(objects)
    print_json({"imported": count}) if as_json else click.echo(f"{count} objects imported.")


@kibana.command()
@click.argument("file", required=False, type=click.Path(dir_okay=False, path_type=Path))
@click.option("--changed", is_flag=True, help="As they are in Kibana now, with what people changed there.")
@url_option
@user_option
@json_option
@click.pass_obj
def export(place: Workplace, file: Path | None, changed: bool, url: str | None, user: str, as_json: bool) -> None:
    """Write them to FILE (default: standard output), for Kibana's own import under Saved Objects."""
    objects = _objects(place)
    text = _kibana(place, url, user).export_objects(objects) if changed else ndjson(objects)
    lines = [line for line in text.splitlines() if line]
    text = "".join(f"{line}\n" for line in lines)
    if file is None:
        click.echo(text, nl=False)
        return
    file.write_text(text, encoding="utf-8")
    count = {"file": str(file), "exported": len(lines)}
    print_json(count) if as_json else click.echo(f"{file}: {len(lines)} objects.")


def _objects(place: Workplace) -> list[SavedObject]:
    return saved_objects(Names(place.settings.elasticsearch.alias))


def _kibana(place: Workplace, url: str | None, user: str) -> Kibana:
    told, key = url or place.settings.kibana.url, place.settings.kibana.api_key
    if not told:
        raise Failed("There is no Kibana; set kibana.url (MARSAD_KIBANA_URL), or name it by --url.", 2)
    password = None if key else elastic_password()
    return Kibana(
        url=str(told),
        api_key=key.get_secret_value() if key else None,
        user=(user, password) if password else None,
        # One authority signs for both, where a cluster has its own.
        ca_certs=place.settings.elasticsearch.ca_certs,
    )


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise Failed(f"{file}: is no UTF-8; name a file that `marsad kibana export` or Kibana wrote.") from None
