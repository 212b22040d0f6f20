"""行事曆: a unit's deadlines in Outlook and Google, by a secret link."""

from __future__ import annotations

import re
from datetime import date

import pytest
import urllib3
from icalendar import Calendar, Event

from bot import phrases
from bot.plans.deadlines import Adjustment
from bot.plans.model import RocYear
from bot.store import acknowledgements, adjustments, audit
from bot.store.acknowledgements import Ack
from bot.store.models import CalendarLink
from tests.journeys.conftest import City, Place

UNIT = "三民區第二衛生所"
_LINK = re.compile(r"/calendar/\S+\.ics")


@pytest.fixture
def mine(alone: Place) -> Place:
    """The officer's one-to-one chat, bound to 三民二所."""
    alone.bind(UNIT)
    return alone


def link(place: Place) -> str:
    """The path of the link that the bot gives."""
    (said,) = place.says("行事曆")
    found = _LINK.search(said)
    assert found is not None
    return found[0]


def fetch(city: City, path: str) -> tuple[int, str, bytes]:
    """What a calendar program gets: status, content type, body."""
    with urllib3.PoolManager() as http:
        answer = http.request("GET", city.line.webhook_url.removesuffix("/callback") + path)
    return answer.status, answer.headers["content-type"], answer.data


def events(city: City, path: str) -> list[Event]:
    """The events of a feed."""
    status, _, body = fetch(city, path)
    assert status == 200
    return [one for one in Calendar.from_ical(body).walk("VEVENT") if isinstance(one, Event)]


def the(found: list[Event], start: date) -> Event:
    """The event that starts on a day."""
    return next(one for one in found if one["dtstart"].dt == start)


def test_the_feed_has_the_units_deadlines_with_exclusive_ends(city: City, mine: Place) -> None:
    path = link(mine)
    _, kind, body = fetch(city, path)
    found = events(city, path)
    plan = the(found, date(2026, 1, 1))

    assert kind == "text/calendar; charset=utf-8"
    assert b"DTSTART;VALUE=DATE:20260101" in body
    ends = {one["dtend"].dt for one in found if "工作計畫" in str(one["summary"])}
    assert date(2026, 1, 31) in ends
    assert "依據：" in str(plan["description"])


def test_names_of_events_stay_the_same_when_a_date_moves(city: City, mine: Place) -> None:
    path = link(mine)
    before = {str(one["uid"]) for one in events(city, path)}
    with city.app.database.begin() as db:
        adjustments.record(
            db,
            Adjustment(
                entry="s10", unit=None, year=RocYear(115), start=None, end=date(2027, 2, 26),
                reason="配合評核", by=audit.COMMAND_LINE, at=city.clock.now,
            ),
        )  # fmt: skip
    found = events(city, path)

    assert {str(one["uid"]) for one in found} == before
    assert len(found) == len(before)
    assert any(one["dtend"].dt == date(2027, 2, 27) for one in found)
    assert any(str(one["summary"]).startswith("＊") for one in found)


def test_what_is_done_is_ticked(city: City, mine: Place) -> None:
    path = link(mine)
    with city.app.database.begin() as db:
        acknowledgements.record(
            db, deadline=f"115:s2:{UNIT}", unit=UNIT, what=Ack.DONE, by=None, chat=None,
            now=city.clock.now,
        )  # fmt: skip

    assert [one for one in events(city, path) if str(one["summary"]).startswith("✔")]


def test_a_revoked_link_and_a_guessed_one_open_nothing(city: City, mine: Place) -> None:
    path = link(mine)
    message = mine.last_message()
    action = {"type": "postback", "data": f"do=revoke_calendar&unit={UNIT}"}
    with mine.listening() as heard:
        city.line.tap(mine.person.id, mine.chat.id, message.id, action)

    assert heard == [phrases.CALENDAR_REVOKED]
    assert fetch(city, path)[0] == 404
    assert fetch(city, "/calendar/" + "x" * 32 + ".ics")[0] == 404
    assert fetch(city, "/calendar/x.ics")[0] == 404


def test_only_the_hash_of_a_link_is_kept(city: City, mine: Place) -> None:
    token = link(mine).removeprefix("/calendar/").removesuffix(".ics")
    with city.app.database.begin() as db:
        kept = [one.hash for one in db.query(CalendarLink)]

    assert len(kept) == 1
    assert token not in kept[0]


def test_in_a_group_there_is_no_link(group: Place) -> None:
    assert group.says("小幫手 行事曆") == [phrases.CALENDAR_ALONE]


def test_without_a_unit_there_is_no_link(alone: Place) -> None:
    assert alone.says("行事曆") == [phrases.CALENDAR_UNBOUND]


def test_an_administrator_ends_everybodys_links(city: City, mine: Place) -> None:
    path = link(mine)
    boss = city.alone_with(city.line.add_person("陳主任"))
    assert boss.says("停用行事曆 三民二所") == [phrases.CALENDAR_NONE]
    assert fetch(city, path)[0] == 200
    city.make_admin(boss.person)

    assert boss.says("停用行事曆 三民二所") == [phrases.CALENDAR_REVOKED]
    assert fetch(city, path)[0] == 404
