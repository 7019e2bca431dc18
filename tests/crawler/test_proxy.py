"""Through a proxy: everything goes that way, at the same pace, and what is private is not even asked of it."""

import http.client
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.conftest import SettingsFor
from tests.crawler.passes import crawl_pass, outcomes
from tests.site import World
from tests.site.behaviours import redirect
from tests.site.log import gaps

HOP_BY_HOP = {"connection", "proxy-connection", "keep-alive", "transfer-encoding"}


class Forwarding(BaseHTTPRequestHandler):
    """A plain forward proxy (RFC 9110, 7.2): the request line names the whole address."""

    asked: list[str]

    def do_GET(self) -> None:
        self.asked.append(self.path)
        parts = urlsplit(self.path)
        onward = http.client.HTTPConnection(parts.netloc, timeout=10)
        target = f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}"
        onward.request("GET", target, headers=dict(self.headers.items()))
        answer = onward.getresponse()
        body = answer.read()
        self.send_response(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in HOP_BY_HOP | {"content-length"}:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        onward.close()

    def log_message(self, format: str, *arguments: object) -> None:
        """Not to standard error."""


@pytest.fixture
def proxy() -> Iterator[tuple[str, list[str]]]:
    """Its address, which is on a network that may not be spoken to otherwise, and what it was asked."""
    asked: list[str] = []
    server = ThreadingHTTPServer(("127.0.8.8", 0), type("Bound", (Forwarding,), {"asked": asked}))
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    yield f"http://127.0.8.8:{server.server_port}", asked
    server.shutdown()
    server.server_close()
    thread.join()


def test_a_pass_through_a_proxy_asks_everything_of_it_at_each_sites_pace(
    world: World, settings_for: SettingsFor, tmp_path: Path, proxy: tuple[str, list[str]]
) -> None:
    address, asked = proxy
    outlets = [world.outlet(articles=3) for _ in range(2)]
    over = {"crawler.allow_networks": "127.0.1.0/24", "crawler.proxy": address, "crawler.delay": 0.2}
    settings = settings_for(world, tmp_path, **over)
    report = crawl_pass(settings)
    assert report.new >= 6 and None not in outcomes(settings).values()
    assert len(asked) == len(world.requests())
    for outlet in outlets:
        assert min(gaps(world.requests(site=outlet.site))) >= 0.2 - 0.01


def test_what_is_private_is_not_asked_of_a_proxy(
    world: World, settings_for: SettingsFor, tmp_path: Path, proxy: tuple[str, list[str]]
) -> None:
    address, asked = proxy
    outlet = world.outlet(endpoints=("feed",))
    lure = outlet.add(path="/news/2026/11/1/1")
    target = f"http://127.0.9.9:{world.port}/secret"
    outlet.behave(lure.path, redirect(target))
    settings = settings_for(world, tmp_path, **{"crawler.allow_networks": "127.0.1.0/24", "crawler.proxy": address})
    assert settings.sources is not None
    file = settings.sources / f"{outlet.id}.toml"
    own = f'allowed_domains = ["{outlet.site}", "127.0.9.9"]\n[related]'
    file.write_text(file.read_text(encoding="utf-8").replace("[related]", own), encoding="utf-8")
    crawl_pass(settings)
    assert outcomes(settings)[target] == "refused_address"
    assert asked and not [url for url in asked if "127.0.9.9" in url]
