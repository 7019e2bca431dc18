"""What people type where the command line's own rules would misread it: addresses, and words that are left out."""

from typing import Final

import click

from news.urls import site_of

_LEFT_OUT: Final = "\0"  # A sign that no argument of a process can hold.


class WebAddress(click.ParamType[str]):
    name = "url"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        try:
            site_of(value)
        except ValueError:
            self.fail(f"{value!r} is no web address; write it with https://", param, ctx)
        return value


class QueryWord(click.ParamType[str]):
    """For commands of the class `Asking`."""

    name = "word"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        return value.removeprefix(_LEFT_OUT)


class Asking(click.Command):
    """Takes `-word` for a word that is left out, where other commands see an option that they do not know."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        return super().parse_args(ctx, [f"{_LEFT_OUT}{arg}" if self._left_out(ctx, arg) else arg for arg in args])

    def _left_out(self, ctx: click.Context, arg: str) -> bool:
        ours = {name for param in self.get_params(ctx) for name in param.opts}
        return len(arg) > 1 and arg[0] == "-" and arg[1] != "-" and arg not in ours
