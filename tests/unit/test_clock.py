"""Moments are aware and in UTC; days are Taipei's."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from bot import clock


def test_the_machines_time_is_aware_and_in_utc() -> None:
    assert clock.system_clock().utcoffset() == timedelta(0)


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2026, 1, 31, 15, 59, tzinfo=UTC), date(2026, 1, 31)),
        (datetime(2026, 1, 31, 16, 0, tzinfo=UTC), date(2026, 2, 1)),
        (datetime(2026, 12, 31, 16, 0, tzinfo=UTC), date(2027, 1, 1)),
    ],
)
def test_a_day_begins_at_midnight_in_taipei(moment: datetime, day: date) -> None:
    assert clock.today(moment) == day


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="no time zone"):
        clock.today(datetime(2026, 1, 1))  # noqa: DTZ001 - the fault that is tested


def test_measured_seconds_never_go_back() -> None:
    before = clock.monotonic()

    assert clock.monotonic() >= before
