"""What people type, as the commands take it."""

import click
import pytest
from click.testing import CliRunner

from marsad.cli import cli
from marsad.commands.searching import search
from marsad.commands.sources import sources


def asked(*arguments: str) -> dict[str, object]:
    door = click.Context(cli, help_option_names=["-h", "--help"])
    return search.make_context("search", list(arguments), parent=door).params


@pytest.mark.parametrize("left_out", ["-مصر", '-"مجلس الأمن"', "-«مجلس الأمن»", "-source:hudhud", "-usa", "-hamas"])
def test_a_word_that_is_left_out_is_no_option(left_out: str) -> None:
    params = asked("غزة", left_out, "--limit", "3", "OR", "قطر")
    assert params["query"] == ("غزة", left_out, "OR", "قطر")
    assert params["limit"] == 3


def test_behind_two_dashes_it_is_the_same_word() -> None:
    assert asked("--exact", "--", "-مصر", "غزة")["query"] == ("-مصر", "غزة")


def test_a_long_option_that_is_not_there_is_refused() -> None:
    with pytest.raises(click.NoSuchOption, match="--sourse"):
        asked("غزة", "--sourse", "hudhud")


def test_help_is_still_asked_for_with_one_dash() -> None:
    assert "Search what the press said." in CliRunner().invoke(cli, ["search", "-h"]).output


def test_what_is_no_address_is_refused_before_anything_is_fetched() -> None:
    refused = CliRunner().invoke(sources, ["add", "hudhud.example"])
    assert refused.exit_code == 2
    assert "'hudhud.example' is no web address; write it with https://" in refused.output


def test_a_command_that_is_misspelt_is_named() -> None:
    refused = CliRunner().invoke(cli, ["serach", "غزة"])
    assert refused.exit_code == 2
    assert "There is no command 'serach'; did you mean 'search'?" in refused.output
    assert "`marsad --help` lists them" in CliRunner().invoke(cli, ["dance"]).output


def test_the_list_of_commands_cuts_no_sentence_off() -> None:
    told = CliRunner().invoke(cli, ["--help"]).output.partition("Commands:")[2]
    assert "what a container or a supervisor calls" in " ".join(told.split())
    assert "..." not in told
