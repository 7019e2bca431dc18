"""Who refuses our key when: a server that is only starting, or one that means it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from elastic_transport import ApiResponseMeta, HttpHeaders, NodeConfig
from elasticsearch import AuthenticationException, ConnectionError

from index.elastic import standing
from index.elastic.names import Names
from index.elastic.patience import STRANGE, Patience
from index.elastic.verdicts import Verdict
from index.store import Store

NAMES = Names()
AWAY = ConnectionError("connection refused")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path) as opened:
        yield opened


@pytest.fixture
def patience(store: Store) -> Patience:
    return Patience(store, NAMES, "http://127.0.0.1:9200", monotonic=lambda: 1000.0)


def refused() -> AuthenticationException:
    node = NodeConfig("http", "127.0.0.1", 9200)
    meta = ApiResponseMeta(status=401, http_version="1.1", headers=HttpHeaders(), duration=0.0, node=node)
    told = {"error": {"type": "security_exception", "reason": "unable to authenticate"}, "status": 401}
    return AuthenticationException("security_exception", meta, told)


def verdict(patience: Patience) -> Verdict | None:
    return patience.trouble.verdict if patience.trouble else None


def test_who_refuses_our_key_at_first_means_it(patience: Patience) -> None:
    patience.failed(refused())
    assert verdict(patience) is Verdict.STOP


def test_who_was_away_may_not_know_us_for_a_while_and_then_means_it(patience: Patience) -> None:
    patience.failed(AWAY)
    for _ in range(STRANGE):
        patience.failed(refused())
        assert verdict(patience) is Verdict.RETRY
        assert "starting" in str(patience.trouble)
    patience.failed(refused())
    assert verdict(patience) is Verdict.STOP
    patience.failed(refused())
    assert verdict(patience) is Verdict.STOP


def test_who_knew_us_in_between_is_given_as_much_patience_the_next_time(patience: Patience) -> None:
    for _ in range(3):
        patience.failed(AWAY)
        for _ in range(STRANGE):
            patience.failed(refused())
        assert verdict(patience) is Verdict.RETRY
        patience.well()


def test_the_store_keeps_what_troubles_us_until_it_is_over(patience: Patience, store: Store) -> None:
    def kept() -> str | None:
        with store.read() as conn:
            return standing.load_trouble(conn, NAMES)

    patience.failed(AWAY)
    assert kept() == str(patience.trouble)
    patience.well()
    assert kept() is None
    assert patience.trouble is None


def test_what_another_process_mended_ends_a_pause_once(patience: Patience, store: Store) -> None:
    patience.failed(AWAY)
    assert not patience.mended_elsewhere()
    store.writer.submit(lambda conn: standing.save_trouble(conn, NAMES, None)).result()
    assert patience.mended_elsewhere()
    assert not patience.mended_elsewhere()
