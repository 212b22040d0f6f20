"""GET /calendar/<token>.ics: a unit's deadlines for Outlook, Google and phones (RFC 5545).

What a calendar needs is imported when one is asked for, so that the web process stays small.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from flask import Blueprint, Response, abort

from bot.clock import Clock, today
from bot.store.engine import Database

if TYPE_CHECKING:
    from icalendar import Event
    from sqlalchemy.orm import Session

    from bot.plans.dates import Dates
    from bot.plans.deadlines import Deadline

_REFRESH = timedelta(hours=12)


def calendar(database: Database, dates: Callable[[], Dates], clock: Clock) -> Blueprint:
    """The route.

    Args:
        dates: the plans' dates; called when a calendar is asked for.
    """
    blueprint = Blueprint("calendar", __name__)

    @blueprint.get("/calendar/<token>.ics")
    def feed(token: str) -> Response:
        """The calendar; 404 for a link that never was or is revoked."""
        from bot.store import calendar_links

        now = clock()
        with database.begin() as db:
            unit = calendar_links.unit_of(db, token)
            if unit is None:
                abort(404)
            deadlines, done = _deadlines(db, unit, dates(), now)
        body = as_ics(unit, deadlines, done=done, now=now)
        return Response(body, content_type="text/calendar; charset=utf-8")

    return blueprint


def as_ics(
    unit: str, deadlines: Sequence[Deadline], *, done: frozenset[str], now: datetime
) -> bytes:
    """Deadlines as a calendar of all-day events; each keeps its UID for all time.

    Args:
        done: ids of those that were reported as done.
    """
    from icalendar import Calendar

    from bot import phrases

    made = Calendar()
    made.add("prodid", "-//planbot//deadlines//ZH-TW")
    made.add("version", "2.0")
    made.add("calscale", "GREGORIAN")
    made.add("method", "PUBLISH")
    made.add("x-wr-calname", phrases.calendar_name(unit))
    made.add("x-wr-timezone", "Asia/Taipei")
    made.add("refresh-interval", _REFRESH, parameters={"VALUE": "DURATION"})
    made.add("x-published-ttl", "PT12H")
    for deadline in deadlines:
        made.add_component(_event(deadline, is_done=deadline.id in done, now=now))
    return bytes(made.to_ical())


def uid_of(deadline_id: str) -> str:
    """An event's name for all time, made of the deadline's."""
    return f"{hashlib.sha256(deadline_id.encode()).hexdigest()[:32]}@planbot"


def _event(deadline: Deadline, *, is_done: bool, now: datetime) -> Event:
    from icalendar import Event

    from bot import phrases

    source = deadline.source
    moved = phrases.was_moved(*deadline.moved_from, deadline.reason) if deadline.moved_from else ""
    event = Event()
    event.add("uid", uid_of(deadline.id))
    event.add("dtstamp", now)
    event.add("dtstart", deadline.start)
    event.add("dtend", deadline.end + timedelta(days=1))  # exclusive: the day after the last
    event.add("summary", phrases.calendar_summary(deadline.title, moved=bool(moved), done=is_done))
    cited = phrases.citation(source.short, source.path)
    event.add("description", phrases.calendar_note(cited, source.text, moved))
    event.add("transp", "TRANSPARENT")
    return event


def _deadlines(
    db: Session, name: str, dates: Dates, now: datetime
) -> tuple[list[Deadline], frozenset[str]]:
    """The unit's deadlines of last, this and next year's cycles, and which of them are done."""
    from bot.plans.deadlines import cycles_near, deadlines_of
    from bot.store import acknowledgements, adjustments
    from bot.store.acknowledgements import Ack

    unit = dates.schedules.units.get(name)
    if unit is None:
        return [], frozenset()
    given = adjustments.adjustments(db)
    found = [
        one
        for year in cycles_near(today(now))
        for one in deadlines_of(dates.schedules, unit, year, given)
    ]
    if not found:
        return [], frozenset()
    known = acknowledgements.state_of(db, found[0].unit, [one.id for one in found])
    return found, frozenset(one for one, last in known.items() if last.what is Ack.DONE)
