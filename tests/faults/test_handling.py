"""Deliveries that repeat, disorder and fail, and handlers that fail."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from bot.line.stand_in import Group, Person
from bot.messages import IncomingKind
from bot.store import inbox
from bot.store.models import State
from tests.faults.conftest import Bot


def test_a_message_is_answered(bot: Bot, group: Group, officer: Person) -> None:
    bot.line.say(officer.id, group.id, "期限？")
    bot.works()

    assert bot.said(group.id) == ["回：期限？"]
    assert bot.line.used == 0


def test_an_event_that_is_delivered_twice_is_answered_once(
    bot: Bot, group: Group, officer: Person
) -> None:
    bot.line.say(officer.id, group.id, "期限？")
    bot.line.wait_idle()
    event = bot.line.events[-1]["webhookEventId"]

    assert bot.line.redeliver(event) == 200  # before it is handled
    bot.works()
    assert bot.line.redeliver(event) == 200  # and after
    bot.works()

    assert bot.said(group.id) == ["回：期限？"]
    assert bot.written_down() == ["期限？"]


def test_events_that_come_in_disorder_are_handled_in_the_order_they_were_said(
    bot: Bot, group: Group, officer: Person
) -> None:
    bot.line.hold_deliveries()
    for number in range(20):
        bot.line.say(officer.id, group.id, str(number))
        bot.clock.goes_on(milliseconds=10)
    bot.line.release_deliveries(shuffled=True)
    bot.works()

    assert bot.said(group.id) == [f"回：{number}" for number in range(20)]


def test_a_handler_that_fails_leaves_nothing_behind_and_is_tried_again(
    bot: Bot, group: Group, officer: Person
) -> None:
    bot.echo.failures = 2
    bot.line.say(officer.id, group.id, "期限？")
    bot.works()
    assert (bot.written_down(), bot.said(group.id)) == ([], [])

    for wait in inbox.WAITS:
        bot.clock.goes_on(seconds=wait.total_seconds())
        bot.works()

    assert bot.written_down() == ["期限？"]
    assert bot.said(group.id) == ["回：期限？"]


def test_an_event_that_always_fails_is_set_aside_and_the_chat_goes_on(
    bot: Bot, group: Group, officer: Person
) -> None:
    bot.echo.failures = inbox.MAX_ATTEMPTS
    bot.line.say(officer.id, group.id, "壞掉")
    bot.clock.goes_on(seconds=1)
    bot.line.say(officer.id, group.id, "好的")
    for _ in range(inbox.MAX_ATTEMPTS):
        bot.works()
        bot.clock.goes_on(minutes=2)
    bot.works()

    assert bot.written_down() == ["好的"]
    assert [event.state for event in bot.events()].count(State.ASIDE) == 1


def test_an_event_that_kills_its_processes_is_set_aside(
    bot: Bot, group: Group, officer: Person
) -> None:
    bot.line.say(officer.id, group.id, "當機")
    bot.line.wait_idle()
    with bot.database.begin() as db:  # as often as it may be tried, nobody came back
        db.execute(text("UPDATE inbox_events SET attempts = 5 WHERE kind = 'message'"))
    bot.works()

    assert bot.said(group.id) == []
    assert [event.state for event in bot.events() if event.kind == "message"] == [State.ASIDE]


def test_a_chat_that_fails_does_not_stop_the_others(
    bot: Bot, group: Group, officer: Person
) -> None:
    bot.line.follow(officer.id)
    bot.works()
    bot.echo.failures = 1
    bot.line.say(officer.id, group.id, "壞掉")
    bot.line.wait_idle()
    bot.clock.goes_on(milliseconds=1)
    bot.line.say(officer.id, officer.id, "好的")
    bot.works()

    assert bot.said(officer.id) == ["回：好的"]


def test_days_later_the_chat_is_handled_all_the_same_but_nothing_useless_is_pushed(
    bot: Bot, group: Group, officer: Person
) -> None:
    bot.line.say(officer.id, group.id, "期限？")
    bot.line.wait_idle()
    bot.clock.goes_on(days=3)
    bot.works()

    assert bot.written_down() == ["期限？"]
    assert bot.said(group.id) == []
    assert [message.outcome for message in bot.outgoing()] == ["expired"]
    assert bot.line.used == 0


def test_a_confirmation_is_worth_a_push_days_later(bot: Bot, group: Group, officer: Person) -> None:
    bot.echo.worth_a_push = True
    bot.line.say(officer.id, group.id, "已完成")
    bot.line.wait_idle()
    bot.clock.goes_on(days=3)
    bot.works()

    assert bot.said(group.id) == ["回：已完成"]
    assert bot.line.used == 2  # the people of the group


def test_while_another_channel_is_in_charge_nothing_is_said(
    bot: Bot, group: Group, officer: Person
) -> None:
    bot.line.hold_deliveries()
    bot.line.say(officer.id, group.id, "期限？")
    standby = {**bot.line.events[-1], "mode": "standby"}
    assert bot.line.deliver_raw({"destination": bot.line.bot_user_id, "events": [standby]}) == 200
    bot.echo.worth_a_push = True
    bot.worker.run_until_idle()

    assert bot.said(group.id) == []


def test_events_of_tomorrows_line_are_kept_and_ignored(
    bot: Bot, group: Group, officer: Person
) -> None:
    bot.line.hold_deliveries()
    bot.line.say(officer.id, group.id, "期限？")
    known = bot.line.events[-1]
    future = [
        {**known, "type": "hologram", "webhookEventId": "01FUTURE1"},
        {**known, "webhookEventId": "01FUTURE2", "message": {"id": "1", "type": "smell"}},
        {"type": "nothing", "webhookEventId": "01FUTURE3"},
        "not even an object",
    ]
    body = {"destination": bot.line.bot_user_id, "events": [*future, known], "extra": {}}
    assert bot.line.deliver_raw(body) == 200
    bot.worker.run_until_idle()

    assert bot.said(group.id) == ["回：期限？"]
    assert {event.state for event in bot.events()} == {State.DONE}
    assert [i.kind for i in bot.echo.heard if i.kind is IncomingKind.OTHER] == [
        IncomingKind.OTHER
    ] * 4


@pytest.mark.parametrize("answer", ["sent", "dropped"])
def test_no_words_stay_in_the_queues(bot: Bot, group: Group, officer: Person, answer: str) -> None:
    bot.line.say(officer.id, group.id, "這是祕密")
    bot.line.wait_idle()
    if answer == "dropped":
        bot.clock.goes_on(minutes=30)
    bot.works()

    assert {event.payload for event in bot.events()} == {""}
    assert {message.messages for message in bot.outgoing()} == {""}
