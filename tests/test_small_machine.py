"""A machine of 2 GB without Elasticsearch: what the whole service takes, and where it gets its bounds from."""

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from marsad import memory
from tests.machine import Machine, until
from tests.site import World

# Of 2 GB three quarters are ours, and the crawl pauses at four fifths of these: 1,229 MB.
PAUSES_AT = int(2 * 2**30 * memory.OUR_SHARE * 0.8)
BUDGET = 600 * 2**20

pytestmark = pytest.mark.slow


def held(process: psutil.Process) -> int:
    """Bytes of memory of their own, and their share of what they have in common."""
    total = 0
    for one in (process, *process.children(recursive=True)):
        try:
            total += one.memory_full_info().pss
        except psutil.NoSuchProcess:
            continue
    return total


def test_a_service_at_work_stays_far_below_what_a_machine_of_2_gb_has_for_it(world: World, tmp_path: Path) -> None:
    outlets = [world.outlet(articles=25, background=2) for _ in range(8)]
    wanted = sum(len([one for one in outlet.articles if one.via]) for outlet in outlets)
    machine = Machine(world, tmp_path, MARSAD_METRICS_PORT="0")
    peak = 0
    with machine.service() as service:
        process = psutil.Process(service.pid)

        def all_asked() -> bool:
            nonlocal peak
            peak = max(peak, held(process))
            return sum(seen.path.startswith("/news/") for seen in world.requests()) >= wanted

        until(all_asked, seconds=240)
        for _ in range(20):
            peak = max(peak, held(process))
            time.sleep(0.1)
    assert peak < BUDGET < PAUSES_AT / 2


@pytest.mark.parametrize("command", ["status", "search الوزارة", "export"])
def test_what_is_asked_beside_it_takes_little(world: World, tmp_path: Path, command: str) -> None:
    world.outlet(articles=25)
    machine = Machine(world, tmp_path)
    machine.run("crawl")
    process = machine.start(*command.split())
    peak = 0
    with ThreadPoolExecutor(1) as reader:
        told = reader.submit(process.communicate)
        while not told.done():
            with suppress(psutil.NoSuchProcess):
                peak = max(peak, held(psutil.Process(process.pid)))
            time.sleep(0.01)
    assert process.returncode == 0
    assert 0 < peak < BUDGET / 2
