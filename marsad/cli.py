"""The door: `marsad` and its commands."""

import sys
from collections.abc import Sequence
from difflib import get_close_matches
from importlib import import_module
from pathlib import Path
from typing import Any, Final

import click

from index.errors import ForeseenError
from marsad import __version__
from marsad.keys import VARIABLES
from marsad.layers import SettingsError
from marsad.output import Failed

# Imported when called: a search need not load the crawler.
COMMANDS: Final = {
    "run": "service:run",
    "crawl": "service:crawl",
    "status": "ledger:status",
    "why": "ledger:why",
    "search": "searching:search",
    "show": "documents:show",
    "extract": "extracting:extract",
    "import": "importing:import_",
    "export": "documents:export",
    "sync": "searching:sync",
    "reindex": "searching:reindex",
    "sources": "sources:sources",
    "reextract": "reextract:reextract",
    "elastic": "elastic:elastic",
    "kibana": "kibana:kibana",
    "forget": "documents:forget",
    "backup": "folder:backup",
    "restore": "folder:restore",
    "healthcheck": "ledger:healthcheck",
    "config": "folder:config",
}

# Examples and the list of commands need more than the 80 columns that are usual.
HELP: Final = {"help_option_names": ["-h", "--help"], "max_content_width": 110}


class Door(click.Group):
    """Finds commands by name, and turns the errors we foresee into one sentence each."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name].partition(":")
        command: click.Command = getattr(import_module(f"marsad.commands.{module}"), name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Whole sentences: cut off ones tell nothing."""
        found = {name: self.get_command(ctx, name) for name in self.list_commands(ctx)}
        with formatter.section("Commands"):
            formatter.write_dl([(name, one.get_short_help_str(limit=200)) for name, one in found.items() if one])

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args[0] not in COMMANDS and not args[0].startswith("-"):
            near = get_close_matches(args[0], COMMANDS, 1)
            hint = f"did you mean {near[0]!r}?" if near else "`marsad --help` lists them."
            ctx.fail(f"There is no command {args[0]!r}; {hint}")
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except SettingsError as error:
            raise Failed(str(error), 2) from None
        except OSError as error:
            if error.filename is None:
                raise
            hint = "check the path and who may write there, or choose another --data"
            raise Failed(f"{error.filename}: {error.strerror or error}; {hint}.") from None
        except ForeseenError as error:
            raise Failed(str(error)) from None


def _overrides(_: click.Context, __: click.Parameter, values: Sequence[str]) -> dict[str, str]:
    pairs = [value.partition("=") for value in values]
    if wrong := [key for key, sign, _ in pairs if not sign or key not in VARIABLES]:
        raise click.BadParameter(f"{wrong[0]!r} is no setting; write --set crawler.delay=5, see `marsad config`.")
    return {key: value for key, _, value in pairs}


@click.group(cls=Door, invoke_without_command=True, context_settings=HELP)
@click.option("--config", type=click.Path(path_type=Path), help="Settings file (default: marsad.toml here).")
@click.option("--data", help="Folder of the store, the index and the archive (default: ./data).")
@click.option("--set", "settings", metavar="KEY=VALUE", multiple=True, callback=_overrides, help="One setting.")
@click.version_option(__version__, prog_name="marsad")
@click.pass_context
def cli(ctx: click.Context, config: Path | None, data: str | None, settings: dict[str, str]) -> None:
    """marsad (مرصد) watches the Arabic press: it polls outlets, fetches new articles and the related coverage they
    point to, recognises copies and edits, and makes everything searchable.

    \b
    Start here:
      marsad run                        the service: watches until it is told to stop
      marsad search "وقف إطلاق النار"   what the press said
      marsad status                     what was listed, stored, dropped and why
      marsad why URL                    what became of one address

    Every command explains itself: marsad COMMAND --help
    """
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())
        return
    from marsad.workplace import Workplace

    ctx.obj = Workplace(config, settings | ({"data": data} if data else {}))


def main() -> None:
    try:
        cli.main(standalone_mode=True)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)


if __name__ == "__main__":
    main()
