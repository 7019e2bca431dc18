"""Servers that are not who they say they are: names that change their address, certificates that are wrong."""

import ssl
import threading
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from http.server import BaseHTTPRequestHandler, HTTPServer
from ipaddress import ip_address
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from crawler import reactor
from crawler.resolver import SafeResolver
from crawler.safe_fetch import Fetcher, FetchError
from marsad.config import Settings, load_settings
from tests.crawler.passes import fetch_one
from tests.site import World

ALLOWED, REFUSED = "127.0.1.1", "127.0.9.9"


@pytest.fixture
def settings() -> Settings:
    over = {"crawler.allow_networks": "127.0.1.0/24", "crawler.delay": "0"}
    return load_settings(overrides=over, environ={})


class Handler(BaseHTTPRequestHandler):
    asked: list[str]

    def do_GET(self) -> None:
        self.asked.append(self.path)
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"ok")

    def log_message(self, format: str, *arguments: object) -> None:
        """Not to standard error."""


class Serving:
    """A plain or TLS server in a thread; `asked` has the paths that came as far as a request."""

    def __init__(self, address: str, port: int = 0, tls: ssl.SSLContext | None = None) -> None:
        self.asked: list[str] = []
        self._server = HTTPServer((address, port), type("Bound", (Handler,), {"asked": self.asked}))
        if tls is not None:
            self._server.socket = tls.wrap_socket(self._server.socket, server_side=True)
        self.port = self._server.server_port
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)

    def __enter__(self) -> "Serving":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


@pytest.mark.parametrize("first", [ALLOWED, REFUSED])
def test_a_name_that_changes_its_address_never_leads_to_a_refused_one(
    world: World, settings: Settings, monkeypatch: pytest.MonkeyPatch, first: str
) -> None:
    """With answers that are asked for anew each time: the worst that a name service could do."""
    outlet = world.outlet(articles=1)
    answers = [first, REFUSED if first == ALLOWED else ALLOWED]
    turn = count()

    def rebinding(host: str, port: None, **flags: object) -> Sequence[tuple[Any, ...]]:
        return [(2, 1, 6, "", (answers[next(turn) % 2], 0))]

    forgetful = partial(SafeResolver, getaddrinfo=rebinding, clock=partial(next, count(0.0, 1_000.0)))
    monkeypatch.setattr(reactor, "SafeResolver", forgetful)

    async def main() -> int:
        failures = 0
        async with Fetcher(settings) as fetcher:
            for number in range(6):
                try:
                    await fetcher.fetch(f"http://turn-{number}.sahifa-tajriba.com:{world.port}/rss")
                except FetchError:
                    failures += 1
        return failures

    with Serving(REFUSED, world.port) as forbidden:
        failures = reactor.run(main)
        assert forbidden.asked == []
    assert failures and next(turn) > 6
    assert {seen.site for seen in world.requests()} <= {outlet.site}


def certificate(folder: Path, address: str, *, age: timedelta) -> Path:
    """A key and a certificate signed by itself, for `address`, good for 90 days from `age` ago."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "another.example")])
    born = datetime.now(UTC) - age
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    made = made.serial_number(7).not_valid_before(born).not_valid_after(born + timedelta(days=90))
    names = x509.SubjectAlternativeName([x509.IPAddress(ip_address(address))])
    basic = x509.BasicConstraints(ca=True, path_length=None)
    signed = made.add_extension(names, critical=False).add_extension(basic, critical=True).sign(key, hashes.SHA256())
    pem = serialization.Encoding.PEM
    form = serialization.PrivateFormat.PKCS8
    file = folder / f"{address}-{age.days}.pem"
    file.write_bytes(key.private_bytes(pem, form, serialization.NoEncryption()) + signed.public_bytes(pem))
    return file


def serving_tls(file: Path) -> Serving:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return Serving(ALLOWED, tls=context)


def verifying(settings: Settings) -> Settings:
    return settings.model_copy(update={"crawler": settings.crawler.model_copy(update={"verify_tls": True})})


# Signed by itself, for another name, and long expired.
WRONG = ("192.0.2.1", timedelta(days=900))


def test_a_wrong_certificate_does_not_hide_a_public_page(settings: Settings, tmp_path: Path) -> None:
    """Many small outlets let theirs expire; what we read is public, and we send nothing that could be stolen."""
    address, age = WRONG
    with serving_tls(certificate(tmp_path, address, age=age)) as server:
        page = fetch_one(f"https://{ALLOWED}:{server.port}/", settings)
        assert (page.status, page.body) == (200, b"ok")


@pytest.mark.parametrize(
    "address, age, trusted",
    [
        (*WRONG, True),
        (ALLOWED, timedelta(1), False),
        (ALLOWED, timedelta(900), True),
        ("192.0.2.1", timedelta(1), True),
    ],
    ids=["all wrong", "unknown issuer", "expired", "another name"],
)
def test_a_wrong_certificate_is_refused_where_that_is_asked_for(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, address: str, age: timedelta, trusted: bool
) -> None:
    file = certificate(tmp_path, address, age=age)
    monkeypatch.setenv("SSL_CERT_FILE", str(file if trusted else tmp_path / "none.pem"))
    with serving_tls(file) as server, pytest.raises(FetchError, match=r"(?i)certificate|verif"):
        fetch_one(f"https://{ALLOWED}:{server.port}/", verifying(settings))
    assert server.asked == []


def test_a_certificate_in_order_is_accepted_where_certificates_are_verified(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = certificate(tmp_path, ALLOWED, age=timedelta(days=1))
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    with serving_tls(file) as server:
        page = fetch_one(f"https://{ALLOWED}:{server.port}/", verifying(settings))
        assert page.status == 200


def test_a_server_that_speaks_no_tls_is_a_failure_with_its_reason(settings: Settings) -> None:
    with Serving(ALLOWED) as server, pytest.raises(FetchError, match=r"SSL|TLS|wrong version"):
        fetch_one(f"https://{ALLOWED}:{server.port}/", settings)


@pytest.fixture(autouse=True)
def the_usual_resolver_afterwards(settings: Settings) -> Iterator[None]:
    yield
    reactor.guard(settings)
