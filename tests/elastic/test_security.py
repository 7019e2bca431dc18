"""A node with security and TLS: keys that can do their work and nothing else, and certificates that are looked at."""

import base64
import hashlib
import json
import logging
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from elasticsearch import AuthorizationException, Elasticsearch

from index import ledger
from index.elastic.index import ElasticIndex
from index.elastic.names import Names
from index.follower import follow
from index.store import Store
from marsad.commands.elastic import elastic
from marsad.workplace import Workplace
from tests.elastic import manual
from tests.elastic.certificates import Pair, make_authority, write_authority, write_server_pair
from tests.elastic.conftest import settings
from tests.elastic.filling import until_all_is_sent
from tests.elastic.node import Node
from tests.index.press import OTHER_TEXT, Press

PASSWORD = "only-for-this-test-9f3b"
SECURE = {
    "xpack.security.enabled": "true",
    "xpack.security.http.ssl.enabled": "true",
    "xpack.security.http.ssl.certificate": "server.crt",
    "xpack.security.http.ssl.key": "server.key",
    "xpack.security.transport.ssl.enabled": "false",
    "xpack.security.authc.api_key.cache.ttl": "1s",
}


@pytest.fixture(scope="module")
def authority() -> Pair:
    return make_authority()


@pytest.fixture(scope="module")
def certificate(authority: Pair, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_authority(tmp_path_factory.mktemp("authority") / "ca.crt", authority)


@pytest.fixture(scope="module")
def secure_node(new_node: Callable[..., Node], authority: Pair, certificate: Path) -> Iterator[Node]:
    node = new_node(settings=SECURE, user=("person", PASSWORD))
    write_server_pair(node.config, authority)
    make_user(node)
    node.start()
    yield node
    node.remove()


def make_user(node: Node) -> None:
    """A superuser, by the file realm: in the format of its own tool."""
    salt = os.urandom(32)
    digest = hashlib.pbkdf2_hmac("sha512", PASSWORD.encode(), salt, 10_000, 32)
    encoded = f"{{PBKDF2}}10000${base64.b64encode(salt).decode()}${base64.b64encode(digest).decode()}"
    (node.config / "users").write_text(f"person:{encoded}\n")
    (node.config / "users_roles").write_text("superuser:person\n")
    node.give()


@pytest.fixture(scope="module")
def person(secure_node: Node, certificate: Path) -> Iterator[Elasticsearch]:
    with Elasticsearch(secure_node.url, basic_auth=("person", PASSWORD), ca_certs=str(certificate)) as connected:
        yield connected


@pytest.fixture
def marsad(
    secure_node: Node, certificate: Path, tmp_path: Path, names: Names, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Result]:
    """`marsad elastic …` as a person runs it."""
    monkeypatch.setenv("ELASTIC_PASSWORD", PASSWORD)
    told = {
        "data": str(tmp_path / "data"),
        "elasticsearch.url": secure_node.url,
        "elasticsearch.ca_certs": str(certificate),
        "elasticsearch.alias": names.alias,
    }

    def run(*arguments: str, **more: str) -> Result:
        return CliRunner().invoke(elastic, arguments, obj=Workplace(None, told | more))

    return run


@pytest.fixture
def names(request: pytest.FixtureRequest) -> Names:
    """The node goes with the module: nothing to clean up."""
    return Names(f"safe{abs(hash(request.node.name)) % 10**6}")


@pytest.fixture
def keys(marsad: Callable[..., Result], tmp_path: Path) -> Path:
    result = marsad("bootstrap", "--user", "person", "--keys", str(tmp_path / "keys"))
    assert result.exit_code == 0, result.output
    return tmp_path / "keys"


@pytest.fixture
def open_secure(
    secure_node: Node, certificate: Path, store: Store, names: Names, press: Press
) -> Iterator[Callable[..., ElasticIndex]]:
    opened: list[ElasticIndex] = []

    def make(**more: str) -> ElasticIndex:
        told = {"elasticsearch.ca_certs": str(certificate)} | more
        opened.append(ElasticIndex.open(settings(secure_node.url, names.alias, **told), store, {}))
        return opened[-1]

    yield make
    for index in opened:
        index.close()


def with_keys(keys: Path, *, admin: bool = False) -> dict[str, str]:
    told = {"elasticsearch.api_key": (keys / "api_key").read_text()}
    return told | ({"elasticsearch.admin_api_key": (keys / "admin_api_key").read_text()} if admin else {})


def test_the_writers_key_does_all_that_the_service_needs(
    press: Press, store: Store, keys: Path, open_secure: Callable[..., ElasticIndex]
) -> None:
    index = open_secure(**with_keys(keys))
    press.publish("/a")
    press.later(days=40)
    press.publish("/b", OTHER_TEXT, title="فوز المنتخب")
    assert follow(store, index).sent == 2
    index.place.client.indices.refresh(index=index.names.all_articles)
    assert index.count() == 2
    assert not index.differences()
    assert index.trouble is None


def test_the_admins_key_reindexes_while_the_writers_may_not(
    press: Press, store: Store, keys: Path, open_secure: Callable[..., ElasticIndex]
) -> None:
    press.publish("/a")
    index = open_secure(**with_keys(keys, admin=True))
    follow(store, index)
    with pytest.raises(AuthorizationException):
        index.place.client.indices.delete(index=index.names.index(1, f"{press.now:%Y.%m}"))
    index.rebuild(lambda sink: follow(store, sink))
    assert set(index.place.client.indices.get_alias(name=index.names.alias)) == {
        index.names.index(2, f"{press.now:%Y.%m}")
    }


def test_neither_key_reaches_what_is_not_marsads(
    keys: Path, person: Elasticsearch, secure_node: Node, certificate: Path
) -> None:
    person.options(ignore_status=400).indices.create(index="payroll")
    for file in ("api_key", "admin_api_key"):
        with Elasticsearch(secure_node.url, api_key=(keys / file).read_text(), ca_certs=str(certificate)) as client:
            with pytest.raises(AuthorizationException):
                client.search(index="payroll")
            with pytest.raises(AuthorizationException):
                client.index(index="payroll", document={"a": 1})
            with pytest.raises(AuthorizationException):
                client.indices.delete(index="payroll")
            with pytest.raises(AuthorizationException):
                client.security.get_user()
            with pytest.raises(AuthorizationException):
                client.cluster.put_settings(persistent={"action.auto_create_index": "false"})


def test_keys_are_for_their_owner_alone_and_stay_while_they_work(
    keys: Path, marsad: Callable[..., Result], person: Elasticsearch, names: Names
) -> None:
    assert [oct((keys / name).stat().st_mode)[-3:] for name in ("api_key", "admin_api_key")] == ["600", "600"]
    before = (keys / "api_key").read_text()
    again = marsad("bootstrap", "--user", "person", "--keys", str(keys), "--json")
    assert json.loads(again.output)["keys"] == []
    assert (keys / "api_key").read_text() == before
    assert before not in again.output
    person.security.invalidate_api_key(name=f"marsad-{names.alias}-writer")
    third = marsad("bootstrap", "--user", "person", "--keys", str(keys), "--json")
    assert json.loads(third.output)["keys"] == [str(keys / "api_key")]


def test_without_a_template_the_writer_says_what_to_run(
    press: Press, store: Store, keys: Path, person: Elasticsearch, names: Names,
    open_secure: Callable[..., ElasticIndex],
) -> None:  # fmt: skip
    person.indices.delete_index_template(name=names.template(1))
    person.cluster.delete_component_template(name=names.template(1))
    press.publish("/a")
    index = open_secure(**with_keys(keys))
    assert follow(store, index).pending == 1
    assert manual.heading_of(str(index.trouble)) == "The templates are gone"


def test_without_its_index_health_is_not_told_and_the_writer_says_once_what_to_run(
    press: Press, store: Store, keys: Path, person: Elasticsearch, names: Names,
    open_secure: Callable[..., ElasticIndex], caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    """By its own rights it could make one that takes every field for a text."""
    person.indices.delete(index=names.health)
    person.indices.delete_index_template(name=names.health)
    index = open_secure(**with_keys(keys))
    with store.read() as conn:
        told = ledger.status(conn, now=press.now, position=0, backend="elasticsearch")
    assert [index.tell_health(told, {}, press.now) for _ in range(3)] == [0, 0, 0]
    assert not person.indices.exists(index=names.health)
    assert sum("`marsad elastic bootstrap` makes what is missing" in said for said in caplog.messages) == 1


@pytest.mark.parametrize(
    "wrong",
    [{"elasticsearch.api_key": "d3Jvbmc6c2VjcmV0LXRoYXQtbXVzdC1ub3QtYmUtc2hvd24="}, {}],
    ids=["wrong key", "no key"],
)
def test_a_wrong_key_stops_the_sync_with_a_sentence_that_does_not_tell_it(
    press: Press, store: Store, open_secure: Callable[..., ElasticIndex], wrong: dict[str, str],
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    press.publish("/a")
    index = open_secure(**wrong)
    with caplog.at_level(logging.DEBUG):
        assert follow(store, index).pending == 1
    assert manual.heading_of(str(index.trouble)) == "The key or the password is wrong"
    for secret in wrong.values():
        assert secret not in caplog.text + str(index.trouble)


def test_a_wrong_password_is_one_sentence(marsad: Callable[..., Result], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ELASTIC_PASSWORD", "wrong")
    result = marsad("bootstrap", "--user", "person")
    assert result.exit_code == 1
    assert "security_exception" in result.output
    assert len(result.output.splitlines()) == 1


def test_a_certificate_of_an_unknown_authority_is_refused(
    press: Press, store: Store, keys: Path, open_secure: Callable[..., ElasticIndex], tmp_path: Path
) -> None:
    stranger = write_authority(tmp_path / "stranger.crt", make_authority("stranger"))
    press.publish("/a")
    index = open_secure(**with_keys(keys) | {"elasticsearch.ca_certs": str(stranger)})
    assert follow(store, index).pending == 1
    assert manual.heading_of(str(index.trouble)) == "The certificate is not trusted"


def test_an_expired_certificate_is_refused_and_its_renewal_is_enough(
    press: Press, store: Store, keys: Path, open_secure: Callable[..., ElasticIndex], secure_node: Node,
    authority: Pair,
) -> None:  # fmt: skip
    press.publish("/a")
    index = open_secure(**with_keys(keys))
    renew(secure_node, authority, days=-1)
    assert follow(store, index).pending == 1
    assert manual.heading_of(str(index.trouble)) == "The certificate has expired"
    renew(secure_node, authority, days=30)
    until_all_is_sent(store, index)


def renew(node: Node, authority: Pair, *, days: int) -> None:
    node.stop()
    write_server_pair(node.config, authority, days=days)
    node.give()
    node.start()
