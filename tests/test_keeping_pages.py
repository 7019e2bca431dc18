"""The raw archive and the metrics, through the door: as the owner of a service has them."""

import json
import socket
import subprocess
import sys
from pathlib import Path
from urllib.request import urlopen

import pytest

from crawler.reextract import archived_pages
from tests.machine import ROOT, Machine, until
from tests.site import World

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]


def test_archived_pages_are_read_again_beside_the_service_and_a_forgotten_one_is_not_there(
    world: World, tmp_path: Path
) -> None:
    outlet = world.outlet(articles=4)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    machine = Machine(world, tmp_path, MARSAD_METRICS_PORT=str(port))
    with machine.service():
        machine.until_heartbeat()
        until(lambda: machine.json("status")["totals"]["searchable"] == 4)
        assert machine.json("reextract")["unchanged"] == 4
        gone = outlet.articles[0].url
        machine.run("forget", gone)
        assert machine.json("reextract")["unchanged"] == 3
        with urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10) as answer:
            told = answer.read().decode()
        assert f'marsad_urls{{outcome="stored",source="{outlet.id}"}}' in told
        assert 'marsad_job_runs_total{job="tick"}' in told
        assert "marsad_archive_bytes" in told
    archive = b"".join(file.read_bytes() for file in (tmp_path / "data" / "archive").glob("*.warc.gz"))
    assert archive
    machine.balanced_status()


def test_killed_in_the_middle_of_a_crawl_the_archive_can_be_read_and_lacks_at_most_what_was_in_flight(
    world: World, tmp_path: Path
) -> None:
    for _ in range(3):
        world.outlet(articles=20)
    machine = Machine(world, tmp_path)
    process = machine.start("crawl")
    until(lambda: sum(seen.path.startswith("/news/") for seen in world.requests()) >= 25 or process.poll() is not None)
    process.kill()
    process.communicate()
    stored = {document["url"] for document in machine.export()}
    pages = archived_pages(tmp_path / "data" / "archive", None)
    kept = {page.page.requested_url for page, _ in pages if page is not None}
    assert len(stored) > 10
    assert len(stored - kept) <= len(world.outlets), "one for each site, of which one request is under way at a time"
    machine.run("crawl")
    pages = archived_pages(tmp_path / "data" / "archive", None)
    assert len({page.page.requested_url for page, _ in pages if page is not None}) >= 60 - len(world.outlets)


def test_reextract_without_an_archive_says_so(world: World, tmp_path: Path) -> None:
    world.outlet(articles=1)
    machine = Machine(world, tmp_path, MARSAD_ARCHIVE_DAYS="0")
    machine.run("crawl")
    assert "archive.days" in machine.error("reextract")


def test_a_service_that_cannot_let_go_of_its_memory_leaves_to_be_started_anew(world: World, tmp_path: Path) -> None:
    world.outlet(articles=1)
    machine = Machine(world, tmp_path)
    # The machine is small, and the patience short: a minute and a half on a real one.
    small = (
        "from datetime import timedelta\n"
        "from marsad.cli import main\n"
        "from marsad import memory\n"
        "from scheduler import watches\n"
        "memory.ceiling = lambda: 2**20\n"
        "watches.DRAINED_AFTER = timedelta(0)\n"
        "main()\n"
    )
    command = [sys.executable, "-c", small, "run"]
    ended = subprocess.run(command, cwd=ROOT, env=machine.environ, capture_output=True, text=True, timeout=60)
    assert ended.returncode == 1, ended.stdout + ended.stderr
    assert "crawling pauses" in ended.stderr and "to be started anew" in ended.stderr
    beat = json.loads((tmp_path / "data" / "heartbeat.json").read_text())
    assert beat["state"] == "stopped"
    assert machine.balanced_status()["totals"]["pending"] >= 0
