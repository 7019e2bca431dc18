"""What all tests share: a running world of outlets, settings for it, evaluation data, nothing beyond loopback."""

import os
import socket
import sys
from collections.abc import Callable, Iterator
from ipaddress import ip_address
from pathlib import Path

import pytest

from index.store import Store
from marsad.config import Settings, load_settings
from tests.index.press import Press
from tests.site import World

REPOSITORY = Path(__file__).parent.parent
SettingsFor = Callable[..., Settings]


def _stay_home(event: str, arguments: tuple[object, ...]) -> None:
    """No test may look up a name or reach an address outside this machine, whatever the code under test does."""
    if event == "socket.connect":
        address = arguments[1]
        if isinstance(address, tuple) and not _is_here(address[0]):
            raise OSError(f"a test may not connect to {address[0]}")
    elif event == "socket.getaddrinfo" and not _is_here(arguments[0]):
        raise socket.gaierror(socket.EAI_NONAME, f"a test may not look up {arguments[0]!r}")


def _is_here(host: object) -> bool:
    name = host.decode("ascii", "replace") if isinstance(host, bytes) else host
    if name in (None, "", "localhost"):
        return True
    try:
        return ip_address(str(name).partition("%")[0]).is_loopback or str(name) in ("0.0.0.0", "::")
    except ValueError:
        return False


sys.addaudithook(_stay_home)


@pytest.fixture
def world() -> Iterator[World]:
    """A running server without outlets: open them with `world.outlet(articles=8)`."""
    with World() as running:
        yield running


@pytest.fixture
def settings_for() -> SettingsFor:
    """`settings_for(world, tmp_path, **{"crawler.delay": 1})`: this world's outlets, loopback allowed, no delay."""

    def make(world: World, folder: Path, **over: object) -> Settings:
        values = {
            "data": str(folder / "data"),
            "sources": str(world.write_sources(folder / "sources")),
            "crawler.allow_networks": "127.0.0.0/8",
            "crawler.delay": "0",
            "crawler.workers": "1",
            **{key: str(value) for key, value in over.items()},
        }
        return load_settings(overrides=values, environ={})

    return make


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "data") as opened:
        yield opened


@pytest.fixture
def press(store: Store) -> Press:
    """A source that is watched, and what it publishes."""
    started = Press(store)
    started.watch()
    return started


@pytest.fixture(scope="session")
def shared_eval() -> Path:
    """The folder of evaluation data, which never travels with the project."""
    shared = Path(os.environ.get("MARSAD_SHARED") or REPOSITORY.parent / "shared")
    if not (shared / "eval").is_dir():
        pytest.skip(f"no evaluation data at {shared / 'eval'} (MARSAD_SHARED names its parent folder)")
    return shared / "eval"
