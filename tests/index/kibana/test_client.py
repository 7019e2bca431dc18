"""Importing and exporting against a server that answers as Kibana's documentation says."""

import json

import pytest

from index.elastic.names import Names
from index.kibana.client import Kibana, KibanaError
from index.kibana.objects import ndjson, saved_objects
from tests.elastic.node import free_port
from tests.index.kibana.server import basic, stand_in

OBJECTS = saved_objects(Names())


def test_everything_arrives_and_a_second_import_replaces_it() -> None:
    with stand_in() as server:
        kibana = Kibana(url=server.url)
        assert kibana.import_objects(ndjson(OBJECTS)) == len(OBJECTS)
        assert kibana.import_objects(ndjson(OBJECTS)) == len(OBJECTS)
        assert list(server.objects.values()) == OBJECTS


def test_a_space_and_a_trailing_slash_are_part_of_the_address() -> None:
    with stand_in() as server:
        Kibana(url=f"{server.url}/s/press/").import_objects(ndjson(OBJECTS))
        assert server.asked == ["/s/press/api/saved_objects/_import?overwrite=true"]


def test_what_people_changed_can_be_exported() -> None:
    with stand_in() as server:
        kibana = Kibana(url=server.url)
        kibana.import_objects(ndjson(OBJECTS))
        server.objects["dashboard", "marsad-news-today"]["attributes"]["title"] = "اليوم"
        lines = [json.loads(line) for line in kibana.export_objects(OBJECTS).splitlines()]
        assert [line["id"] for line in lines] == [each["id"] for each in OBJECTS]
        assert "اليوم" in [line["attributes"].get("title") for line in lines]


def test_a_key_and_a_password_open_the_door() -> None:
    with stand_in(secret="ApiKey abc") as server:
        assert Kibana(url=server.url, api_key="abc").import_objects(ndjson(OBJECTS)) == len(OBJECTS)
    with stand_in(secret=basic("elastic", "كلمة السر")) as server:
        assert Kibana(url=server.url, user=("elastic", "كلمة السر")).import_objects(ndjson(OBJECTS)) == len(OBJECTS)


def test_secrets_are_not_shown() -> None:
    assert "abc" not in repr(Kibana(url="http://localhost", api_key="abc", user=("elastic", "abc")))


def test_what_kibana_refuses_is_named_with_its_reason() -> None:
    lonely = [each for each in OBJECTS if each["type"] == "dashboard"]
    with stand_in() as server, pytest.raises(KibanaError, match=r"took 0 .*marsad-news-today \(missing_references"):
        Kibana(url=server.url).import_objects(ndjson(lonely))


ANSWERS = {
    "a wrong key": ((401, "application/json", '{"message": "unable to authenticate"}'), "kibana.api_key"),
    "too few rights": ((403, "application/json", '{"message": "Unable to bulk_create dashboard"}'), "the right to"),
    "another server": ((404, "text/html", "<h1>nothing here</h1>"), "check kibana.url"),
    "a login page": ((200, "text/html", "<html>Log in</html>"), "does not answer as Kibana does"),
    "a redirect": ((302, "text/html", ""), "leads elsewhere"),
    "an answer without a report": ((200, "application/json", "[]"), "does not answer as Kibana does"),
    "Kibana that starts": ((503, "text/plain", "Kibana server is not ready yet"), "try again in a minute"),
}


@pytest.mark.parametrize("answer, hint", ANSWERS.values(), ids=ANSWERS)
def test_a_sentence_tells_of(answer: tuple[int, str, str], hint: str) -> None:
    with stand_in(answer=answer) as server, pytest.raises(KibanaError, match=hint) as told:
        Kibana(url=server.url, api_key="abc").import_objects(ndjson(OBJECTS))
    assert server.asked == ["/api/saved_objects/_import?overwrite=true"]
    assert "abc" not in str(told.value)


def test_a_sentence_tells_of_nobody_there() -> None:
    with pytest.raises(KibanaError, match=r"does not answer .*start it"):
        Kibana(url=f"http://127.0.0.1:{free_port()}").import_objects("")


@pytest.mark.parametrize("url", ["localhost:5601", "ftp://localhost", "http://elastic:secret@localhost:5601", "kibana"])
def test_an_address_that_cannot_be_meant_is_refused(url: str) -> None:
    with pytest.raises(KibanaError) as told:
        Kibana(url=url).import_objects("")
    assert "secret" not in str(told.value)


def test_a_key_of_other_letters_is_refused() -> None:
    with pytest.raises(KibanaError, match="copy it again"):
        Kibana(url="http://127.0.0.1:1", api_key="مفتاح").import_objects("")
