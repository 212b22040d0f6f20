"""The one clock. `app.py` gives it to the entry points; below them `now` is a parameter."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime
from typing import Protocol
from zoneinfo import ZoneInfo

TAIPEI = ZoneInfo("Asia/Taipei")
"""The zone of everything that staff read."""


class Clock(Protocol):
    """Something that tells the time."""

    def __call__(self) -> datetime:
        """The present moment, aware, in UTC."""
        ...


def system_clock() -> datetime:
    """The machine's time, aware, in UTC."""
    return datetime.now(UTC)  # noqa: TID251 - this is the clock


def today(now: datetime) -> date:
    """The date in Taipei at an aware moment."""
    return aware(now).astimezone(TAIPEI).date()


def aware(moment: datetime) -> datetime:
    """The moment itself.

    Raises:
        ValueError: it has no time zone; a naive time is nobody's time.
    """
    if moment.tzinfo is None:
        raise ValueError(f"{moment} has no time zone")
    return moment


def monotonic() -> float:
    """Seconds for measuring how long something took."""
    return time.monotonic()
