"""The running service between a printing press and a real search node that goes away: is anything lost, how late is it?

    unshare -n bash -c 'ip link set lo up; python -m benchmarks.service_hour [--up 8] [--away 60]'

`marsad run` watches outlets on loopback, over real sockets and at the delay that it ships with. The node is there for
`--up` minutes, then stopped for `--away` minutes of crawling, then started again. Everything is held against the
outlets' own log and clock. Needs what tests/elastic need: a JDK 25 and Maven. Exits 1 where a check fails.
"""

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from elasticsearch import Elasticsearch

from benchmarks.replay.checks import Checks
from benchmarks.service_hour import figures
from benchmarks.service_hour.press import LivePress
from benchmarks.service_hour.watch import Watch
from benchmarks.shared import ROOT
from index.elastic.index import ElasticIndex
from index.store import Store
from marsad.config import load_settings
from tests.elastic.node import Node, find_jdk, unpacked
from tests.site import World

DELAY = 3.0
ALIAS = "hour"
LOOK_EVERY = 60.0
PATIENCE = 600.0  # seconds in which what waits must become searchable once the node is there


class Hour:
    """One service, one node, one press."""

    def __init__(self, world: World, press: LivePress, node: Node, folder: Path) -> None:
        self.press = press
        self.node = node
        self.folder = folder
        self.checks = Checks()
        self.troubles: list[dict[str, Any]] = []
        self.environ = {
            **{name: value for name, value in os.environ.items() if not name.startswith("MARSAD_")},
            "MARSAD_DATA": str(folder / "data"),
            "MARSAD_SOURCES": str(world.write_sources(folder / "sources")),
            "MARSAD_ALLOW_NETWORKS": "127.0.0.0/8",
            "MARSAD_DELAY": f"{DELAY:g}",
            "MARSAD_WORKERS": "1",
            "MARSAD_METRICS_PORT": "0",
            "MARSAD_CONTACT": "benchmarks@localhost",
            "MARSAD_ELASTICSEARCH_URL": node.url,
            "MARSAD_ELASTICSEARCH_ALIAS": ALIAS,
        }
        self._world = world

    def run(self, up: float, away: float) -> int:
        with self._service() as service, Elasticsearch(self.node.url) as client:
            watch = Watch(client, ALIAS)
            self.press.start()
            with watch.watching():
                self._wait(up, "node up")
            stopped = time.monotonic()
            self.node.stop()
            self._wait(away, "node away")
            self.press.stop()
            self.node.start()
            seconds = self._until(self._caught_up, PATIENCE)
            self.checks.that("all that waited was sent by itself", seconds is not None, f"{seconds} s after the start")
            self._until(lambda: self._status()["totals"]["pending"] == 0, PATIENCE)
            time.sleep(6)  # the index shows what it has every five seconds
            status = self._status()
            code = self._stop(service)
        self.checks.that("SIGTERM: exit 0", code == 0, code)
        self._told(status)
        figures.late(self.checks, watch, self._world.requests(), until=stopped - 30)
        documents = figures.complete(self.checks, self.press, self._world.requests(), self.folder / "data")
        figures.polite(self.checks, self._world.requests(), DELAY)
        figures.balanced(self.checks, status, self.press, self._world.requests(), documents)
        self._equal()
        print(f"{self.checks.failed} checks failed" if self.checks.failed else "every check holds")
        return 1 if self.checks.failed else 0

    @contextmanager
    def _service(self) -> Iterator[subprocess.Popen[bytes]]:
        with (self.folder / "service.log").open("wb") as log:
            command = [sys.executable, "-m", "marsad.cli", "run"]
            service = subprocess.Popen(command, cwd=ROOT, env=self.environ, stdout=log, stderr=log)
            try:
                yield service
            finally:
                service.kill()
                service.wait()

    def _stop(self, service: subprocess.Popen[bytes]) -> int:
        service.send_signal(signal.SIGTERM)
        return service.wait(60)

    def _wait(self, minutes: float, phase: str) -> None:
        end = time.monotonic() + minutes * 60
        while (left := end - time.monotonic()) > 0:
            time.sleep(min(left, LOOK_EVERY))
            told = self._status()
            self.troubles.append({"phase": phase, **told["index"]})
            totals = {name: told["totals"][name] for name in ("listed", "stored", "pending", "indexed")}
            print(f"{phase}: {totals} {told['index']}", flush=True)

    def _caught_up(self) -> bool:
        index = self._status()["index"]
        return index["pending"] == 0 and index["trouble"] is None

    def _until(self, condition: Callable[[], bool], seconds: float) -> float | None:
        began = time.monotonic()
        while not condition():
            if time.monotonic() - began > seconds:
                return None
            time.sleep(1)
        return round(time.monotonic() - began, 1)

    def _status(self) -> Any:
        command = [sys.executable, "-m", "marsad.cli", "status", "--json"]
        done = subprocess.run(command, cwd=ROOT, env=self.environ, capture_output=True, text=True, check=True)
        return json.loads(done.stdout)

    def _told(self, status: dict[str, Any]) -> None:
        up = [one for one in self.troubles if one["phase"] == "node up"]
        away = [one for one in self.troubles if one["phase"] == "node away"]
        self.checks.that("no trouble is shown while the node is up", not any(one["trouble"] for one in up))
        shown = sum("does not answer" in (one["trouble"] or "") for one in away)
        self.checks.that("status names the trouble at every look while it is away", shown == len(away), f"{shown}")
        lags = [one["lag_seconds"] for one in away]
        self.checks.that("its lag grows", lags == sorted(lags), f"to {max(lags, default=0):.0f} s")
        left = {name: status["index"][name] for name in ("pending", "rejected", "lag_seconds", "trouble")}
        self.checks.that("afterwards there is neither", not any(left.values()), left)

    def _equal(self) -> None:
        """The index against the store, document by document and version by version, with nobody writing."""
        told = {"elasticsearch.url": self.node.url, "elasticsearch.alias": ALIAS}
        with (
            Store.open(self.folder / "data") as store,
            ElasticIndex.open(load_settings(overrides=told, environ={}), store, {}) as index,
        ):
            found = index.differences()
            equal = not found and found.compared == store.count_documents()
        detail = f"{found.compared} compared, {len(found.missing)} missing, {len(found.stale)} stale, "
        self.checks.that("the index equals the store", equal, f"{detail}{len(found.unknown)} unknown")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--outlets", type=int, default=44)
    parser.add_argument("--up", type=float, default=8, help="minutes with the node")
    parser.add_argument("--away", type=float, default=60, help="minutes without it")
    parser.add_argument("--seed", type=int, default=20261124)
    parser.add_argument("--keep", type=Path, help="Leave the data folder and the service's log here.")
    asked = parser.parse_args()
    jdk = find_jdk()
    if jdk is None:
        sys.exit("There is no JDK 25 for a node; see CONTRIBUTING.md.")
    node = Node(jdk, unpacked(jdk))
    try:
        node.start()
        with tempfile.TemporaryDirectory() as scratch, World() as world:
            press = LivePress(world, asked.outlets, asked.seed)
            folder = asked.keep or Path(scratch)
            folder.mkdir(parents=True, exist_ok=True)
            return Hour(world, press, node, folder).run(asked.up, asked.away)
    finally:
        node.remove()


if __name__ == "__main__":
    sys.exit(main())
