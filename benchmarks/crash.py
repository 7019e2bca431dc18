"""Kills crawls after random progress, again and again, and proves that nothing is lost, doubled or asked for twice.

    python -m benchmarks.crash                    200 kills, then the other ways to die; minutes
    python -m benchmarks.crash --kills 30 --ways kill,term

Each crawl is a world of 40 sites and more than 2,000 URLs on loopback. Exits 1 where a promise was broken.
"""

import argparse
import json
import random
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import psutil

from benchmarks import crash_checks as checks
from benchmarks.crash_checks import Figures
from benchmarks.crash_trial import PATIENCE, Trial, first_error, trial
from benchmarks.shared import ROOT

TERM_LIMIT = 20.0
# Longer than any deadline of a download or of reading a page.
FROZEN = 50.0
# Longer than a download may take, so that all that are under way are cut short together.
STALLED = 35.0
# A download that was cut short by it is tried again after a minute.
FIRST_RETRY = 61.0
DISKS = ("1m", "2m", "4m", "7m", "12m", "400m")


def by_kills(one: Trial, kills: int) -> None:
    """SIGKILL to the crawl itself, wherever it is."""
    for number in range(kills):
        process = one.start("crawl")
        in_time = one.until(one.requests() + one.step(kills - number), process)
        process.kill()
        process.wait()
        one.figures.must(in_time, "a crawl ended before it was killed")
        one.figures.kills += 1
        one.figures.in_flight_at_kills += one.note_leases()
    one.finish()


def by_dying_workers(one: Trial, kills: int) -> None:
    """SIGKILL to an extraction process, now and then to the one that they are forked from; the crawl goes on."""
    process = one.start("crawl")
    for number in range(kills):
        one.until(one.requests() + one.step(kills - number), process)
        family = psutil.Process(process.pid).children(recursive=True) if process.poll() is None else []
        for victim in one.dice.sample(family, min(1, len(family))):
            victim.kill()
            one.figures.kills += 1
    one.figures.must(process.wait(PATIENCE) == 0, "a crawl whose workers were killed did not end well")
    one.finish()


def by_terms(one: Trial, terms: int) -> None:
    """SIGTERM to the service: in-flight pages finish or are given back."""
    for number in range(terms):
        process = one.start("run")
        one.until(one.requests() + one.step(terms - number), process)
        began = time.monotonic()
        process.send_signal(signal.SIGTERM)
        status = process.wait(PATIENCE)
        one.figures.term_seconds.append(time.monotonic() - began)
        one.figures.must(status == 0, f"SIGTERM ended with {status}")
        left = one.note_leases()
        one.figures.must(left == 0, f"{left} visits were left leased after SIGTERM")
    one.figures.must(max(one.figures.term_seconds) < TERM_LIMIT, f"SIGTERM took {max(one.figures.term_seconds):.1f} s")
    time.sleep(checks.until_first_polls(one.data))
    one.finish()


def by_freezes(one: Trial, freezes: int) -> None:
    """Everything of the crawl stands still for longer than any deadline, as on a machine that sleeps."""
    process = one.start("crawl")
    for number in range(freezes):
        one.until(one.requests() + one.step(freezes - number), process)
        family = [psutil.Process(process.pid), *psutil.Process(process.pid).children(recursive=True)]
        for member in family:
            member.suspend()
        one.note_leases()
        time.sleep(FROZEN)
        for member in reversed(family):
            member.resume()
    one.figures.must(process.wait(PATIENCE) == 0, "a crawl that was frozen did not end well")
    time.sleep(FIRST_RETRY)
    one.finish()


def by_stalls(one: Trial, stalls: int) -> None:
    """The whole world stands still, as if our own line were cut: what was asked is given back, and asked once more."""
    process = one.start("crawl")
    for number in range(stalls):
        one.until(one.requests() + one.step(stalls - number), process)
        one.world.stand_still(STALLED)
        time.sleep(STALLED)
    one.figures.must(process.wait(PATIENCE) == 0, "a crawl whose world stood still did not end well")
    time.sleep(FIRST_RETRY)
    one.finish()


def by_full_disks(one: Trial, _: int) -> None:
    """A disk that is full again and again, in a mount namespace of its own; each pass says so and exits 1."""
    one.data.mkdir()
    command = f"{sys.executable} -m marsad.cli crawl"
    script = [f"mount -t tmpfs -o size={DISKS[0]} tmpfs {one.data}"]
    for size in DISKS:
        script += [f"mount -o remount,size={size} {one.data}", f"{command} >&2", "echo $?"]
    script.append(f"cp -a {one.data} {one.folder}/kept")
    with (one.folder / "full.txt").open("wb") as errors:
        done = subprocess.run(
            ["unshare", "-rm", "sh", "-c", "\n".join(script)],
            cwd=ROOT, env=one.environ, stdout=subprocess.PIPE, stderr=errors, text=True, check=False,
        )  # fmt: skip
    said = (one.folder / "full.txt").read_text(encoding="utf-8", errors="replace")
    statuses = done.stdout.split()
    one.figures.must(statuses[:1] == ["1"] and statuses[-1:] == ["0"], f"full disks: {statuses} {said[-800:]}")
    one.figures.must("Traceback" not in said, f"a full disk gave a traceback: {first_error(said)}")
    print(f"  exit statuses of the passes on disks of {', '.join(DISKS)}: {' '.join(statuses)}", flush=True)
    one.data.rmdir()
    shutil.move(one.folder / "kept", one.data)
    asked = Counter((seen.site, seen.path) for seen in one.world.requests())
    one.leased = asked - Counter(dict.fromkeys(asked, 1))
    most = (len(DISKS) - 1 + one.outages(said)) * len(one.world.outlets) + len(checks.hops_of(one.world))
    one.figures.must(
        one.leased.total() <= most, f"asked for again: {one.leased.total()}, at most {most} were in flight"
    )
    one.finish()


WAYS: dict[str, Callable[[Trial, int], None]] = {
    "kill": by_kills,
    "workers": by_dying_workers,
    "term": by_terms,
    "freeze": by_freezes,
    "stall": by_stalls,
    "disk": by_full_disks,
}

# The option that says how often.
TIMES = {"workers": "kills", "term": "terms", "freeze": "freezes", "stall": "stalls"}


def rounds(asked: argparse.Namespace) -> Iterator[tuple[str, int]]:
    for way in asked.ways.split(","):
        if way == "kill":
            for start in range(0, asked.kills, asked.per_crawl):
                yield way, min(asked.per_crawl, asked.kills - start)
        else:
            yield way, getattr(asked, TIMES[way]) if way in TIMES else 1


def report(figures: Figures) -> dict[str, Any]:
    terms = figures.term_seconds
    return {
        "kills": figures.kills,
        "urls": figures.urls,
        "requests": figures.requests,
        "documents": figures.documents,
        "lost": figures.lost,
        "doubled": figures.doubled,
        "in_flight_at_kills": figures.in_flight_at_kills,
        "refetched": figures.refetched,
        "refetched_beyond_in_flight": figures.refetched_beyond,
        "shortest_gap_s": round(figures.shortest_gap, 3),
        "shortest_gap_under_crawl_delay_s": round(figures.shortest_crawl_delay, 3),
        "most_at_once_per_site": figures.most_at_once,
        "disallowed_requested": figures.disallowed,
        "refused_contacted": figures.refused_contacted,
        "slowest_sigterm_s": round(max(terms), 2) if terms else None,
        "times_the_network_seemed_away": figures.outages,
        "violations": figures.wrong,
    }


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.crash", description=__doc__)
    parser.add_argument("--kills", type=int, default=200, help="SIGKILLs in all; and as many to workers")
    parser.add_argument("--per-crawl", type=int, default=25, help="so many of them for each crawl of the world")
    parser.add_argument("--terms", type=int, default=10, help="SIGTERMs")
    parser.add_argument("--freezes", type=int, default=3, help=f"of {FROZEN:g} s each")
    parser.add_argument("--stalls", type=int, default=2, help=f"of the whole world, {STALLED:g} s each")
    parser.add_argument("--sites", type=int, default=40)
    parser.add_argument("--articles", type=int, default=47, help="articles listed by each site, of 50 at most")
    parser.add_argument("--ways", default=",".join(WAYS), help=f"any of {','.join(WAYS)}")
    parser.add_argument("--seed", type=int, default=20261123)
    asked = parser.parse_args()
    figures, dice = Figures(), random.Random(asked.seed)
    for way, times in rounds(asked):
        began, before = time.monotonic(), len(figures.wrong)
        with trial(asked, figures, dice) as one:
            WAYS[way](one, times)
        said = f"{len(figures.wrong) - before} violations" if len(figures.wrong) > before else "ok"
        print(f"{way} × {times}: {said}, {time.monotonic() - began:.0f} s", flush=True)
    print(json.dumps(report(figures), indent=2, ensure_ascii=False))
    sys.exit(bool(figures.wrong))


if __name__ == "__main__":
    main()
