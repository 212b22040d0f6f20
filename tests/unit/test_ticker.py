"""The metronome goes on, whatever happens to what it calls."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import datetime, time, timedelta

import pytest

from bot.clock import TAIPEI, system_clock
from schedules.ticker import Beat, Ticker
from tests.conftest import TestClock

OFTEN = timedelta(milliseconds=10)


@pytest.fixture
def started() -> Iterator[list[Ticker]]:
    """Tickers that are stopped in the end."""
    tickers: list[Ticker] = []
    yield tickers
    for ticker in tickers:
        ticker.stop()


def test_a_beat_comes_again_after_it_failed(started: list[Ticker]) -> None:
    calls: list[datetime] = []
    came_again = threading.Event()

    def work(now: datetime) -> None:
        calls.append(now)
        if len(calls) == 1:
            raise RuntimeError("the database is away")
        came_again.set()

    ticker = Ticker((Beat(name="queues", work=work, every=OFTEN),), clock=system_clock)
    started.append(ticker)
    ticker.start()

    assert came_again.wait(10)


def test_a_beat_is_told_the_clocks_moment(clock: TestClock) -> None:
    told: list[datetime] = []
    beat = Beat(name="purge", work=told.append, at=time(3, 10))

    Ticker((beat,), clock=clock).run(beat)

    assert told == [clock.now]


def test_a_nightly_beat_means_the_time_in_taipei(started: list[Ticker]) -> None:
    beat = Beat(name="purge", work=lambda _: None, at=time(3, 10))
    ticker = Ticker((beat,), clock=system_clock)
    started.append(ticker)
    ticker.start()

    (job,) = ticker._scheduler.get_jobs()

    assert job.next_run_time.astimezone(TAIPEI).time() == time(3, 10)


def test_it_can_be_stopped_without_having_started(clock: TestClock) -> None:
    Ticker((), clock=clock).stop()


def test_a_beat_without_a_time_is_refused() -> None:
    with pytest.raises(ValueError, match="either"):
        Beat(name="never", work=lambda _: None)
