"""One Elasticsearch a test run, started when the first test asks for it; every test works under an alias of its own."""

import gzip
import json
import os
import shutil
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from elasticsearch import Elasticsearch

from index.elastic.index import ElasticIndex
from index.elastic.names import Names
from index.store import Store
from marsad.config import Settings, load_settings
from tests.elastic.node import MISSING, Node, find_jdk, unpacked
from tests.index.press import Press

OpenIndex = Callable[..., ElasticIndex]
_numbers = count(1)


_left_out: pytest.StashKey[int] = pytest.StashKey()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Where no node can be had these tests are left out, and one line says so; in CI they fail."""
    here = Path(__file__).parent
    mine = [item for item in items if item.path.is_relative_to(here)]
    for item in mine:
        item.add_marker("elastic")
        item.add_marker(pytest.mark.timeout(600))
    if mine and not _node_can_be_had() and os.environ.get("CI") != "true":
        config.stash[_left_out] = len(mine)
        config.hook.pytest_deselected(items=mine)
        items[:] = [item for item in items if item not in mine]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    if number := config.stash.get(_left_out, 0):
        terminalreporter.write_line(f"SKIPPED [{number}] tests/elastic: {MISSING}", yellow=True, bold=True)


def _node_can_be_had() -> bool:
    own = find_jdk() is not None and shutil.which("mvn") is not None
    return own or bool(os.environ.get("MARSAD_TEST_ELASTICSEARCH_URL"))


@pytest.fixture(scope="session")
def new_node() -> Iterator[Callable[..., Node]]:
    """Starts further nodes, for what one must not do to a node that others use."""
    jdk = find_jdk()
    if jdk is None or shutil.which("mvn") is None:
        if os.environ.get("CI") == "true":
            pytest.fail(MISSING, pytrace=False)
        pytest.skip("needs a node of its own, and so a JDK 25 and mvn")
    home = unpacked(jdk)
    nodes: list[Node] = []

    def make(**how: Any) -> Node:
        nodes.append(Node(jdk, home, **how))
        return nodes[-1]

    yield make
    for node in nodes:
        node.remove()


@pytest.fixture(scope="session")
def node_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """Somebody's own node, or one that lives as long as the test run."""
    if url := os.environ.get("MARSAD_TEST_ELASTICSEARCH_URL"):
        yield url
        return
    node: Node = request.getfixturevalue("new_node")()
    node.start()
    yield node.url
    node.remove()


@pytest.fixture(scope="session")
def client(node_url: str) -> Iterator[Elasticsearch]:
    with Elasticsearch(node_url, request_timeout=60) as connected:
        yield connected


@pytest.fixture
def names(client: Elasticsearch) -> Iterator[Names]:
    """An alias of the test's own; what was made under it is removed afterwards."""
    made = Names(f"test{os.getpid()}-{next(_numbers)}")
    yield made
    remove(client, made)


def remove(client: Elasticsearch, names: Names) -> None:
    quiet = client.options(ignore_status=404)
    everything = f"{names.alias}*"
    made = quiet.indices.get(index=everything, expand_wildcards="all", filter_path=["*.settings.index.uuid"])
    for index in made.body:
        quiet.indices.delete(index=index)
    quiet.indices.delete_index_template(name=everything)
    quiet.cluster.delete_component_template(name=everything)


def settings(url: str, alias: str, **more: str) -> Settings:
    return load_settings(overrides={"elasticsearch.url": url, "elasticsearch.alias": alias, **more}, environ={})


@pytest.fixture
def open_index(node_url: str, names: Names, store: Store, press: Press) -> Iterator[OpenIndex]:
    """`open_index(readonly=True)`, `open_index(url=…, **{"index.retention_months": "2"})`."""
    opened: list[ElasticIndex] = []

    def make(*, readonly: bool = False, url: str | None = None, **more: str) -> ElasticIndex:
        index = ElasticIndex.open(
            settings(url or node_url, names.alias, **more), store, {press.source.id: press.source}, readonly=readonly
        )
        opened.append(index)
        return index

    yield make
    for index in opened:
        index.close()


@pytest.fixture
def index(open_index: OpenIndex) -> ElasticIndex:
    return open_index()


@pytest.fixture(scope="session")
def corpus(shared_eval: Path) -> list[dict[str, str]]:
    with gzip.open(shared_eval / "corpus" / "ant-2018-feb-jun.jsonl.gz", "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]
