"""What must never be shown: keys, and a name and password inside an address."""

import json

import pytest
from click.testing import CliRunner

from marsad.commands.folder import config
from marsad.config import load, load_settings, shown
from marsad.keys import ADDRESSES, SECRETS
from marsad.layers import SettingsError
from marsad.workplace import Workplace

SECRET = "open-sesame"


@pytest.mark.parametrize("key", sorted(SECRETS))
def test_a_key_is_masked(key: str) -> None:
    settings = load_settings(overrides={key: SECRET}, environ={})
    assert shown(settings, key) == "********"
    assert SECRET not in repr(settings)


@pytest.mark.parametrize("key", sorted(ADDRESSES))
@pytest.mark.parametrize("user", [f"elastic:{SECRET}", f":{SECRET}", f"{SECRET}", f"a%40b:{SECRET}%2F"])
def test_a_name_and_password_inside_an_address_are_masked_and_the_rest_is_not(key: str, user: str) -> None:
    settings = load_settings(overrides={key: f"https://{user}@search.example:9200/base"}, environ={})
    assert shown(settings, key) == "https://********@search.example:9200/base"


@pytest.mark.parametrize("key", sorted(ADDRESSES))
def test_an_address_without_them_is_shown_as_it_is(key: str) -> None:
    settings = load_settings(overrides={key: "http://search.example:9200/a"}, environ={})
    assert shown(settings, key) == "http://search.example:9200/a"


@pytest.mark.parametrize("key", sorted(ADDRESSES))
@pytest.mark.parametrize(
    "wrong",
    [
        f"https://elastic:{SECRET}@search.example:port",
        f"elastic:{SECRET}@search.example:9200",
        f"ftp://elastic:{SECRET}@search.example/",
        f"https://elastic:{SECRET}/with@slash@search.example:x",
        f"https://elastic:first@{SECRET}@:1",
    ],
)
def test_what_is_wrong_with_an_address_is_told_without_its_password(key: str, wrong: str) -> None:
    with pytest.raises(SettingsError) as told:
        load(overrides={key: wrong}, environ={})
    assert key in str(told.value)
    assert SECRET not in str(told.value)


def test_marsad_config_prints_neither() -> None:
    told = dict.fromkeys(SECRETS, SECRET) | dict.fromkeys(ADDRESSES, f"https://elastic:{SECRET}@search.example/")
    for arguments in ([], ["--json"]):
        result = CliRunner().invoke(config, arguments, obj=Workplace(None, told))
        assert result.exit_code == 0
        assert SECRET not in result.output
    rows = {row["key"]: row["value"] for row in json.loads(result.output)["settings"]}
    assert rows["elasticsearch.url"] == "https://********@search.example/"
