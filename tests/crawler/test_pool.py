"""The extraction pool against pages that crash and eat memory, and against whoever kills its processes."""

import asyncio
import contextlib
import os
import random
import signal

import pytest

from crawler.pool import Pool, PoolClosed
from news.documents import Outcome
from tests.crawler.pools import HOSTILE, answered, hostile, page, run, said


def test_a_page_that_crashes_the_parser_is_a_parse_error_and_its_neighbours_never_notice() -> None:
    async def main() -> None:
        async with hostile(size=3) as pool:
            pages = [b"crash" if number % 5 == 0 else b"%d" % number for number in range(40)]
            answers = [said(answer) for answer in await asyncio.gather(*(pool.read(page(body)) for body in pages))]
            for body, (outcome, reason) in zip(pages, answers, strict=True):
                if body == b"crash":
                    assert outcome is Outcome.PARSE_ERROR and "killed" in reason
                else:
                    assert (outcome, reason) == (Outcome.NOT_ARTICLE, body.decode())

    run(main)


def test_a_page_that_eats_memory_meets_the_workers_limit() -> None:
    async def main() -> None:
        # Filling that much memory takes seconds where others want the same cores.
        async with hostile(deadline=60) as pool:
            outcome, reason = said(await pool.read(page(b"eat")))
            assert outcome is Outcome.PARSE_ERROR and "memory" in reason
            assert said(await pool.read(page(b"next"))) == (Outcome.NOT_ARTICLE, "next")

    run(main)


def test_an_exception_in_a_reader_is_told_with_its_place(caplog: pytest.LogCaptureFixture) -> None:
    async def main() -> None:
        async with hostile() as pool:
            outcome, reason = said(await pool.read(page(b"raise")))
            assert outcome is Outcome.PARSE_ERROR and "no such field" in reason

    run(main)
    assert "hostile_worker.py" in caplog.text


def test_large_answers_and_large_pages_pass_whole() -> None:
    async def main() -> None:
        body = "كلام كثير ".encode() * 500_000
        async with hostile() as pool:
            assert said(await pool.read(page(body)))[1] == body.decode()

    run(main)


def test_a_closed_pool_says_so_to_whoever_waits_and_leaves_no_process_behind() -> None:
    async def main() -> None:
        async with hostile(size=1, deadline=30) as pool:
            waiting = [asyncio.ensure_future(pool.read(page(b"hang"))) for _ in range(3)]
            await asyncio.sleep(0.2)
            pids = pool.pids
            assert pids
            pool.close()
            results = await asyncio.gather(*waiting, return_exceptions=True)
            assert all(isinstance(result, PoolClosed) for result in results)
        await asyncio.sleep(0.2)
        assert not [pid for pid in pids if alive(pid)]

    run(main)


def test_the_process_that_workers_are_forked_from_may_be_killed_too() -> None:
    async def main() -> None:
        async with hostile(size=1) as pool:
            process = pool._forkserver._process
            assert process is not None
            os.kill(process.pid, signal.SIGKILL)
            assert said(await pool.read(page(b"by the old worker")))[1] == "by the old worker"
            os.kill(pool.pids[0], signal.SIGKILL)
            await asyncio.sleep(0.05)
            assert said(await pool.read(page(b"by a new one")))[1] == "by a new one"

    run(main)


def test_the_process_that_workers_are_forked_from_may_be_killed_for_longer_than_a_start_may_take(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("crawler.forkserver.START_TIMEOUT", 5.0)

    async def main() -> None:
        async with Pool(1, command=HOSTILE) as pool:
            reading = asyncio.ensure_future(pool.read(page(b"at last")))
            over = asyncio.get_running_loop().time() + 6.0
            while asyncio.get_running_loop().time() < over:
                process = pool._forkserver._process
                if process is not None:
                    process.kill()
                await asyncio.sleep(0.01)
            assert said(await reading) == (Outcome.NOT_ARTICLE, "at last")

    run(main)


def test_a_process_that_ends_by_itself_instead_of_starting_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crawler.forkserver.START_TIMEOUT", 0.3)

    async def main() -> None:
        async with Pool(1, command=("false",)) as pool:
            with pytest.raises(RuntimeError, match="do not start"):
                await pool.read(page(b"never"))

    run(main)


def test_workers_end_with_the_process_that_owns_them() -> None:
    """A worker's socket is closed when its owner dies, however it dies."""

    async def main() -> list[int]:
        pool = Pool(1, command=HOSTILE)
        await pool.read(page(b"warm"))
        pids = pool.pids
        for worker in pool._idle:
            worker.writer.close()
        pool._idle.clear()
        await asyncio.sleep(0.3)
        pool.close()
        return pids

    assert not [pid for pid in asyncio.run(main()) if alive(pid)]


def test_forty_kills_of_busy_and_idle_workers_lose_no_page() -> None:
    asyncio.run(_survive(kills=40))


@pytest.mark.slow
def test_a_thousand_kills_of_busy_and_idle_workers_lose_no_page() -> None:
    asyncio.run(_survive(kills=1_000))


async def _survive(kills: int) -> None:
    """Pages are read all the while; a page is at worst a parse error, never lost, and the pool never stops."""
    dice = random.Random(7)
    async with hostile(size=2) as pool:
        over = asyncio.Event()
        answers: list[tuple[Outcome, str]] = []

        async def reader() -> None:
            while not over.is_set():
                answers.append(said(await answered(pool, page(dice.choice((b"nap", b"quick"))))))
                if dice.random() < 0.2:
                    await asyncio.sleep(0.01)

        readers = [asyncio.ensure_future(reader()) for _ in range(3)]
        killed = 0
        while killed < kills:
            await asyncio.sleep(dice.uniform(0.0, 0.05))
            if pool.pids:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(dice.choice(pool.pids), signal.SIGKILL)
                    killed += 1
        over.set()
        await asyncio.wait_for(asyncio.gather(*readers), 10)
        unread = [outcome for outcome, _ in answers if outcome is not Outcome.NOT_ARTICLE]
        # Each kill costs at most the page that its worker was reading.
        assert len(unread) <= kills and len(unread) < len(answers)
        assert said(await pool.read(page(b"still here")))[1] == "still here"


def alive(pid: int) -> bool:
    try:
        with open(f"/proc/{pid}/stat", encoding="ascii") as stat:
            return stat.read().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False
