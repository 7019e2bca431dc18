"""Arguments that click would misread or not check: web addresses, and `-word`, which excludes a word from a search."""

from typing import Final

import click

from news.urls import site_of

_LEFT_OUT: Final = "\0"  # no argument of a process can hold this character


class WebAddress(click.ParamType[str]):
    name = "url"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        try:
            site_of(value)
        except ValueError:
            self.fail(f"{value!r} is no web address; write it with https://", param, ctx)
        return value


class QueryWord(click.ParamType[str]):
    """A word of a query, in a command of the class `Asking`."""

    name = "word"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        return value.removeprefix(_LEFT_OUT)


class Asking(click.Command):
    """A command whose argument may be `-word` (a word to exclude), which click would take for an unknown option."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        return super().parse_args(ctx, [f"{_LEFT_OUT}{arg}" if self._left_out(ctx, arg) else arg for arg in args])

    def _left_out(self, ctx: click.Context, arg: str) -> bool:
        ours = {name for param in self.get_params(ctx) for name in param.opts}
        return len(arg) > 1 and arg[0] == "-" and arg[1] != "-" and arg not in ours
