"""Whole passes against servers that mean harm: each page ends in its own outcome, and the honest ones are stored."""

import gzip
import logging
import socket
import sys
import threading
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path

import brotli  # type: ignore[import-untyped]
import pytest

from crawler import limits
from crawler.limits import Limit
from tests.conftest import SettingsFor
from tests.crawler.passes import crawl_pass, leased, outcomes
from tests.site import Outlet, World
from tests.site.behaviours import hang, redirect, text
from tests.site.exchange import CHUNK, Answer, Behaviour, Exchange

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

ZEROS = bytes(24 << 20)
REFUSED = "127.0.9.9"
AGAIN = None  # still pending, with its next try set


def packed(body: bytes, encoding: str) -> Behaviour:
    async def behave(exchange: Exchange) -> None:
        await exchange.send(Answer(body=body, headers={"Content-Encoding": encoding}))

    return behave


def deflated(data: bytes) -> bytes:
    return zlib.compress(data, 9)


def raw(head: str, body: bytes = b"", *, close: bool = True) -> Behaviour:
    """Exactly these bytes, whatever HTTP says."""

    async def behave(exchange: Exchange) -> None:
        exchange.keep_alive = not close
        exchange.seen.status = 200
        exchange.writer.write(head.replace("\n", "\r\n").encode("latin-1"))
        await exchange.write(body)

    return behave


async def endless_chunks(exchange: Exchange) -> None:
    exchange.keep_alive = False
    exchange.writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Type: text/html\r\n\r\n")
    while not exchange.stopping.is_set():
        await exchange.write(b"%x\r\n" % CHUNK + b"x" * CHUNK + b"\r\n")


async def loris_headers(exchange: Exchange) -> None:
    """A byte of a header every now and then."""
    exchange.keep_alive = False
    exchange.writer.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    while not exchange.stopping.is_set():
        await exchange.write(b"x")
        await exchange.sleep(0.05)


async def loris_body(exchange: Exchange) -> None:
    await exchange.start(200, {"Content-Type": "text/html", "Content-Length": "100000"})
    while not exchange.stopping.is_set():
        await exchange.write(b"x")
        await exchange.sleep(0.05)


async def continues(exchange: Exchange) -> None:
    """Interim answers without end, and never the one that counts."""
    exchange.keep_alive = False
    while not exchange.stopping.is_set():
        await exchange.write(b"HTTP/1.1 100 Continue\r\n\r\n" * 64)
        await exchange.sleep(0.005)


def meet(outlet: Outlet, behaviours: Mapping[str, Behaviour]) -> dict[str, str]:
    """Give each behaviour an article of its own; their URLs by the behaviours' names."""
    victims = {name: outlet.add(path=f"/news/2026/11/1/{number}") for number, name in enumerate(behaviours, 1)}
    for name, victim in victims.items():
        outlet.behave(victim.path, behaviours[name])
    return {name: victim.url for name, victim in victims.items()}


def ends(
    world: World, settings_for: SettingsFor, folder: Path, behaviours: Mapping[str, Behaviour]
) -> dict[str, str | None]:
    """The outcomes by the behaviours' names, after one pass in which honest articles were stored all the same."""
    outlet = world.outlet(articles=2)
    honest = [one.url for one in outlet.articles if one.via]
    urls = meet(outlet, behaviours)
    settings = settings_for(world, folder, **{"crawler.allow_networks": "127.0.1.0/24"})
    crawl_pass(settings)
    got = outcomes(settings)
    assert [got[url] for url in honest] == ["stored"] * len(honest)
    assert leased(settings) == 0
    return {name: got[url] for name, url in urls.items()}


@pytest.fixture
def no_mistakes_of_ours(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    with caplog.at_level(logging.ERROR):
        yield
    assert [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR] == []


@pytest.mark.usefixtures("no_mistakes_of_ours")
def test_bombs_in_every_encoding_and_within_each_other_are_too_large(
    world: World, settings_for: SettingsFor, tmp_path: Path
) -> None:
    bombs = {
        "gzip": packed(gzip.compress(ZEROS), "gzip"),
        "deflate": packed(deflated(ZEROS), "deflate"),
        "brotli": packed(brotli.compress(ZEROS, quality=1), "br"),
        "zstd": packed(zstd.compress(ZEROS), "zstd"),
        "gzip twice": packed(gzip.compress(gzip.compress(ZEROS)), "gzip, gzip"),
        "brotli in gzip": packed(gzip.compress(brotli.compress(ZEROS, quality=1)), "br, gzip"),
    }
    assert set(ends(world, settings_for, tmp_path, bombs).values()) == {"too_large"}


@pytest.mark.usefixtures("no_mistakes_of_ours")
def test_answers_that_lie_about_themselves_end_in_an_outcome_or_another_try(
    world: World, settings_for: SettingsFor, tmp_path: Path
) -> None:
    html = b"<html><body>" + b"x" * 500
    lies: dict[str, tuple[Behaviour, str | None]] = {
        "endless chunks": (endless_chunks, "too_large"),
        "longer than sent": (raw("HTTP/1.1 200 OK\nContent-Length: 900000\n\n", html), AGAIN),
        "shorter than sent": (raw("HTTP/1.1 200 OK\nContent-Type: text/html\nContent-Length: 40\n\n", html), "no_text"),
        "no number": (raw("HTTP/1.1 200 OK\nContent-Length: many\n\n", html), "http_error"),
        "negative": (raw("HTTP/1.1 200 OK\nContent-Length: -5\n\n", html), "http_error"),
        "two lengths": (raw("HTTP/1.1 200 OK\nContent-Length: 40\nContent-Length: 50\n\n", html), "http_error"),
        "bad chunk": (raw("HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\nzz\n", html), AGAIN),
        "no gzip": (packed(html, "gzip"), AGAIN),
        "no brotli": (packed(html, "br"), AGAIN),
        "no zstd": (packed(html, "zstd"), AGAIN),
        "torn gzip": (packed(gzip.compress(html)[:-12], "gzip"), "no_text"),
        "unheard-of encoding": (packed(html, "x-secret"), "no_text"),
        "no http": (raw("SSH-2.0-OpenSSH_9.6\n\n"), AGAIN),
        "status 999": (raw("HTTP/1.1 999 Denied\nContent-Length: 0\n\n"), AGAIN),
        "no colon": (raw("HTTP/1.1 200 OK\nthis is no header\nContent-Length: 0\n\n"), "no_text"),
        "switches": (raw("HTTP/1.1 101 Switching Protocols\nUpgrade: websocket\n\n"), AGAIN),
        "no page": (raw("HTTP/1.1 204 No Content\n\n"), "no_text"),
        "nothing": (raw(""), AGAIN),
    }
    got = ends(world, settings_for, tmp_path, {name: behaviour for name, (behaviour, _) in lies.items()})
    assert got == {name: outcome for name, (_, outcome) in lies.items()}


@pytest.mark.slow
@pytest.mark.usefixtures("no_mistakes_of_ours")
def test_slow_servers_are_given_up_and_tried_again_later(
    world: World, settings_for: SettingsFor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "ARTICLE", Limit(limits.ARTICLE.size, 0.7))
    slow: dict[str, Behaviour] = {
        "headers": loris_headers, "body": loris_body, "never": hang, "interim answers": continues,
    }  # fmt: skip
    assert set(ends(world, settings_for, tmp_path, slow).values()) == {AGAIN}


@pytest.fixture
def doorbell(world: World) -> Iterator[list[str]]:
    """Whoever connects to an address of this machine that is outside the allowed networks."""
    world.outlet(articles=0, endpoints=())
    callers: list[str] = []
    with socket.socket() as door:
        door.bind((REFUSED, world.port))
        door.listen(64)

        def answer() -> None:
            while True:
                try:
                    caller, (address, _) = door.accept()
                except OSError:
                    return
                callers.append(address)
                caller.close()

        threading.Thread(target=answer, daemon=True).start()
        yield callers
        door.shutdown(socket.SHUT_RDWR)


@pytest.mark.usefixtures("no_mistakes_of_ours")
def test_a_redirect_to_a_refused_address_is_followed_in_no_spelling(
    world: World, settings_for: SettingsFor, tmp_path: Path, doorbell: list[str]
) -> None:
    spellings = [
        f"http://{REFUSED}:{{}}/s", "http://2130708745:{}/s", "http://0x7f000909:{}/s", "http://0177.0.011.011:{}/s",
        "http://127.2313:{}/s", "http://[::ffff:127.0.9.9]:{}/s", "http://[::ffff:7f00:909]:{}/s", "//127.0.9.9:{}/s",
        "\\\\127.0.9.9:{}\\s", "http:\\\\127.0.9.9:{}/s", "http://x@127.0.9.9:{}/s", "http://127.0.1.2@127.0.9.9:{}/s",
        "http://\u0661\u0662\u0667.0.9.9:{}/s", "http://127\u30020\u30029\u30029:{}/s", "HTTP://%31%32%37.0.9.9:{}/s",
        "ht\ttp://127.0.9.9:{}/s", "http://127.0.9.9.:{}/s", "http://localhost:{}/s", "http://169.254.169.254/latest/",
        "http://[fe80::1%25lo]:{}/s", "http://0:{}/s",
    ]  # fmt: skip
    lures = {at: redirect(at.format(world.port).encode().decode("latin-1")) for at in spellings}
    lures |= {at: redirect(at) for at in ("file:///etc/hostname", "FILE:/etc/hostname", " fi\tle:///etc/hostname")}
    got = ends(world, settings_for, tmp_path, lures)
    assert doorbell == []
    no_address_at_all = {"http://[fe80::1%25lo]:{}/s", "http://\u0661\u0662\u0667.0.9.9:{}/s"}
    assert {at: outcome for at, outcome in got.items() if outcome != "refused_address"} == dict.fromkeys(
        no_address_at_all, "http_error"
    )


def test_an_address_that_the_source_calls_its_own_is_refused_all_the_same(
    world: World, settings_for: SettingsFor, tmp_path: Path, doorbell: list[str]
) -> None:
    outlet = world.outlet(articles=1)
    lure = outlet.add(path="/news/2026/11/1/1")
    target = f"http://{REFUSED}:{world.port}/s"
    outlet.behave(lure.path, redirect(target))
    settings = settings_for(world, tmp_path, **{"crawler.allow_networks": "127.0.1.0/24"})
    assert settings.sources is not None
    file = settings.sources / f"{outlet.id}.toml"
    own = f'allowed_domains = ["{outlet.site}", "{REFUSED}"]\n[related]'
    file.write_text(file.read_text(encoding="utf-8").replace("[related]", own), encoding="utf-8")
    crawl_pass(settings)
    assert outcomes(settings)[target] == "refused_address"
    assert doorbell == []


@pytest.mark.slow
@pytest.mark.usefixtures("no_mistakes_of_ours")
def test_pages_that_are_hard_to_parse_end_in_an_outcome(
    world: World, settings_for: SettingsFor, tmp_path: Path
) -> None:
    pages = {
        "nested": "<div>" * 200_000,
        "unclosed": "<table><tr><td><b><i><a href='/x'>" * 30_000,
        "attributes": "<p " + " ".join(f"a{number}=1" for number in range(60_000)) + ">",
        "entities": "<p>" + "&lt;" * 400_000,
        "comments": "<!--" * 300_000,
        "one word": "<p>" + "\u0627" * 1_500_000,
        "json": '<script type="application/ld+json">' + "[" * 200_000 + "</script>",
        "nothing but zeros": "\0" * 1_000_000,
    }
    got = ends(world, settings_for, tmp_path, {name: text(page) for name, page in pages.items()})
    assert None not in got.values()
    assert "stored" not in got.values()
