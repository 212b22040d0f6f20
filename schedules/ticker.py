"""The metronome: calls what it was given, every so often; it remembers nothing.

APScheduler 3.x without a job store (DEPENDENCIES, section 3). What is due is computed from the
data by what is called, so a tick that comes late or twice changes nothing.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger

from bot.clock import TAIPEI, Clock

log = logging.getLogger(__name__)

Work = Callable[[datetime], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Beat:
    """Something to do again and again: `every` so often, or daily `at` a time in Taipei.

    `name` is a constant word for the log; `work` gets the moment.
    """

    name: str
    work: Work
    every: timedelta | None = None
    at: time | None = None

    def __post_init__(self) -> None:
        """Refuse what cannot be meant.

        Raises:
            ValueError: not exactly one of `every` and `at`.
        """
        if (self.every is None) == (self.at is None):
            raise ValueError("a beat has either `every` or `at`")


class Ticker:
    """Beats in a thread of its own; one that fails is logged and comes again.

    Args:
        clock: what the beats are told as now.
    """

    def __init__(self, beats: tuple[Beat, ...], *, clock: Clock) -> None:
        self._clock = clock
        self._scheduler = BackgroundScheduler(
            timezone=TAIPEI,
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )
        for beat in beats:
            self._scheduler.add_job(self.run, _trigger(beat), args=(beat,), id=beat.name)

    def start(self) -> None:
        """Begin to tick."""
        self._scheduler.start()

    def stop(self) -> None:
        """Finish the beat in hand and tick no more."""
        if self._scheduler.running:
            self._scheduler.shutdown(wait=True)

    def run(self, beat: Beat) -> None:
        """One beat; whatever goes wrong, for example a database that is away, the next comes."""
        try:
            beat.work(self._clock())
        except Exception as error:  # the ticker must outlive whatever it calls
            log.exception("beat_failed", extra={"beat": beat.name, "error": type(error).__name__})


def _trigger(beat: Beat) -> CronTrigger | IntervalTrigger:
    if beat.at is not None:
        return CronTrigger(hour=beat.at.hour, minute=beat.at.minute, timezone=TAIPEI)
    assert beat.every is not None
    return IntervalTrigger(seconds=beat.every.total_seconds(), timezone=TAIPEI)
