"""Reminders from the tick to the chat, and what people answer to them."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.clock import TAIPEI
from bot.line.stand_in import Person
from bot.store import reminders
from tests.journeys.conftest import City, Place

LEAD_DAY = datetime(2026, 3, 11, 10, tzinfo=TAIPEI)
LAST_DAY = datetime(2026, 3, 31, 10, tzinfo=TAIPEI)
UNIT = "三民區第一衛生所"


def tick(city: City) -> tuple[int, int]:
    """One beat of the metronome, and what it decided is sent."""
    found = city.app.reminding.tick(city.clock.now)
    city.settle()
    return found


def office(city: City, *people: Person) -> Place:
    """The group of an office whose plan is due in March."""
    place = city.group("三民一所", *people)
    place.bind(UNIT)
    return place


def test_a_reminder_that_is_quoted_with_done_is_not_repeated(
    city: City, ling: Person, ming: Person
) -> None:
    place = office(city, ling, ming)
    for days in (0, 9):  # the first lead goes with what has just begun, the second goes alone
        city.clock.now = LEAD_DAY + timedelta(days=days)
        assert tick(city) == (1, 0)
    assert city.line.used == 4
    (said,) = city.line.said_to(place.chat.id)[-1:]
    assert said.startswith("還有 11 天｜")
    place.says("完成了", quote=place.last_message().id)

    city.clock.now = LEAD_DAY + timedelta(days=15)  # the third
    assert tick(city) == (0, 0)
    assert city.line.used == 4


def test_a_section_that_has_reported_its_test_is_not_asked_for_it_and_others_are(
    city: City, group: Place, ling: Person, ming: Person
) -> None:
    other = city.group("長照中心", ming, ling)
    other.bind("長期照顧中心")
    city.clock.now = datetime(2026, 6, 30, 10, tzinfo=TAIPEI)
    group.says("小幫手 回報 電話禮貌 第1次 95分")
    city.clock.now = datetime(2026, 7, 14, 10, tzinfo=TAIPEI)
    tick(city)

    assert "有結果了嗎" not in city.line.said_to(group.chat.id)[-1]
    (asked,) = [one for one in city.line.said_to(other.chat.id) if "有結果了嗎" in one]
    assert "95" not in asked


def test_what_the_quota_holds_comes_with_the_next_answer(
    city: City, ling: Person, ming: Person
) -> None:
    place = office(city, ling, ming)
    city.clock.now = LEAD_DAY
    city.line.quota = 1

    assert tick(city) == (0, 1)
    heard = place.says("小幫手 說明")

    assert any("到期" in one for one in heard)
    assert city.line.used == 0
    with city.app.database.begin() as db:
        states = {one.state.value for one in reminders.said(db, unit=UNIT)}
    assert "held" not in states
    assert not any("到期" in one for one in place.says("小幫手 說明"))


def calls(place: Place) -> list[str]:
    """Whom the bot's newest push calls by LINE's id, in the chat it went to."""
    found = [one for one in place.city.line.history(place.chat.id) if one.way == "push"]
    assert len({one.at for one in found}) == 1
    return [
        each["mentionee"]["userId"]
        for one in found
        for each in one.content.get("substitution", {}).values()
    ]


def test_what_is_due_calls_the_officer_who_is_in_the_group(
    city: City, ling: Person, ming: Person
) -> None:
    place = office(city, ling, ming)
    alone = city.alone_with(ling)
    city.line.follow(ling.id)
    alone.bind(UNIT)
    city.clock.now = LAST_DAY
    assert tick(city) == (2, 0)

    assert calls(place) == [ling.id]
    call, card = city.line.said_to(place.chat.id)[-2:]
    assert call.startswith("@王美玲 今天到期｜")
    assert "今天到期" in card
    assert calls(alone) == []
    assert city.line.used == 3  # two people in the group and one alone: the call costs nothing


def test_an_officer_who_is_not_in_the_group_is_not_called(
    city: City, ling: Person, ming: Person
) -> None:
    place = office(city, ming)
    city.line.follow(ling.id)
    city.alone_with(ling).bind(UNIT)
    city.clock.now = LAST_DAY
    assert tick(city) == (2, 0)

    assert calls(place) == []
    assert "@" not in city.line.said_to(place.chat.id)[-1]


def test_who_leaves_before_it_is_sent_is_not_called_and_the_group_is_still_told(
    city: City, ling: Person, ming: Person
) -> None:
    place = office(city, ling, ming)
    city.line.follow(ling.id)
    city.alone_with(ling).bind(UNIT)
    city.settle()
    city.clock.now = LAST_DAY
    assert city.app.reminding.tick(city.clock.now) == (2, 0)
    city.line.remove_member(place.chat.id, ling.id)
    city.settle()

    assert calls(place) == []
    assert city.line.said_to(place.chat.id)[-2].startswith("今天到期｜")
    assert place.units() == (UNIT,)


def test_a_reminder_is_said_plainly_when_line_does_not_tell_who_is_there(
    city: City, ling: Person, ming: Person
) -> None:
    place = office(city, ling, ming)
    city.line.follow(ling.id)
    city.alone_with(ling).bind(UNIT)
    city.clock.now = LAST_DAY
    city.line.fail_next("/member/", status=500)
    assert tick(city) == (2, 0)

    assert calls(place) == []
    assert city.line.said_to(place.chat.id)
