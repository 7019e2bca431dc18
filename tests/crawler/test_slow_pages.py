"""Pages that take long: what they are given, who waits for them, and whose fault it was."""

import asyncio
import contextlib
import os
import signal

import pytest

from crawler.pool import Crowded, Pool, PoolClosed
from news.documents import Outcome
from tests.crawler.pools import HOSTILE, answered, hostile, of, page, run, said


def test_a_page_that_hangs_is_given_up_at_its_deadline_and_the_next_one_is_read() -> None:
    async def main() -> None:
        async with hostile(size=1, deadline=2.0) as pool:
            outcome, reason = said(await answered(pool, page(b"hang")))
            assert outcome is Outcome.PARSE_ERROR and "2 s" in reason
            assert said(await pool.read(page(b"next"))) == (Outcome.NOT_ARTICLE, "next")

    run(main)


def test_an_outlet_whose_pages_hang_keeps_nobody_elses_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """One worker, and deadlines far beyond this test: whoever waited for one of them would never be answered."""
    monkeypatch.setattr("crawler.pool.QUICK", 0.2)

    async def main() -> None:
        async with hostile(size=1, deadline=3600) as pool:
            hanging = [asyncio.ensure_future(pool.read(of("bad", b"hang"))) for _ in range(5)]
            hanging += [asyncio.ensure_future(pool.read(of(f"bad-{number}", b"hang"))) for number in range(5)]
            await asyncio.sleep(0)
            for number in range(50):
                assert said(await pool.read(page(b"%d" % number))) == (Outcome.NOT_ARTICLE, str(number))
            assert not any(task.done() for task in hanging)
            pool.close()
            closed = await asyncio.gather(*hanging, return_exceptions=True)
            assert {type(answer) for answer in closed} == {PoolClosed}

    run(main)


def test_no_more_slow_pages_are_held_in_memory_than_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crawler.pool.QUICK", 0.1)

    async def main() -> None:
        async with Pool(1, deadline=3600, most_held=2, command=HOSTILE) as pool:
            hanging = [asyncio.ensure_future(pool.read(of(f"bad-{number}", b"hang"))) for number in range(4)]
            over, under = await asyncio.wait(hanging, return_when=asyncio.FIRST_COMPLETED)
            assert {type(task.exception()) for task in over} == {Crowded}
            assert said(await pool.read(page(b"quick"))) == (Outcome.NOT_ARTICLE, "quick")
            pool.close()
            told = await asyncio.gather(*under, return_exceptions=True)
            assert sorted(type(answer).__name__ for answer in told).count("PoolClosed") >= 2

    run(main)


def test_a_page_whose_worker_was_frozen_beyond_its_deadline_is_read_by_another() -> None:
    async def main() -> None:
        async with hostile(size=1, deadline=1.0) as pool:
            os.kill(pool.pids[0], signal.SIGSTOP)
            assert said(await pool.read(page(b"after all"))) == (Outcome.NOT_ARTICLE, "after all")

    run(main)


def test_a_page_that_no_worker_had_time_for_is_put_off_and_not_given_up() -> None:
    async def main() -> None:
        async with hostile(size=1, deadline=1.0) as pool:
            reading = asyncio.ensure_future(pool.read(page(b"innocent")))
            while not reading.done():
                for pid in pool.pids:
                    with contextlib.suppress(ProcessLookupError):
                        os.kill(pid, signal.SIGSTOP)
                await asyncio.sleep(0)
            with pytest.raises(Crowded, match="only"):
                await reading

    run(main)


@pytest.mark.slow
def test_an_outlet_that_was_slow_is_read_among_the_others_again_after_enough_quick_pages(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """While another one's page hangs in the slow lane, only those are answered that need not wait in it."""
    monkeypatch.setattr("crawler.pool.QUICK", 1.0)
    monkeypatch.setattr("crawler.pool.QUICK_AGAIN", 3)

    async def main() -> None:
        async with hostile(size=1, deadline=30) as pool:
            pool.deadline = 4.0
            assert said(await pool.read(page(b"hang")))[0] is Outcome.PARSE_ERROR
            for body in (b"1", b"2", b"3"):
                assert said(await pool.read(page(body))) == (Outcome.NOT_ARTICLE, body.decode())
            pool.deadline = 3600
            hanging = asyncio.ensure_future(pool.read(of("bad", b"hang")))
            assert said(await pool.read(page(b"4"))) == (Outcome.NOT_ARTICLE, "4")
            assert not hanging.done()
            pool.close()
            with pytest.raises(PoolClosed):
                await hanging

    run(main)
