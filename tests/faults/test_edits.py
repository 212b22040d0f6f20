"""Messages that are changed or taken back while they are on their way."""

from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy import select

from bot.line.stand_in import Group, Person
from bot.messages import ChatKind, ChatRef, IncomingKind
from bot.store import conversations, inbox
from bot.store.models import InboxEvent, State, UnsentMessage
from tests.faults.conftest import Bot


def texts(bot: Bot) -> list[tuple[IncomingKind, str]]:
    """What the handler heard of messages."""
    kinds = (IncomingKind.TEXT, IncomingKind.EDITED)
    return [(heard.kind, heard.text) for heard in bot.echo.heard if heard.kind in kinds]


# edits


def test_an_edit_of_a_message_that_waits_replaces_it(
    bot: Bot, group: Group, officer: Person
) -> None:
    said = bot.line.say(officer.id, group.id, "期線？")
    bot.clock.goes_on(seconds=1)
    bot.line.edit(officer.id, said.id, "期限？")
    bot.works()

    assert texts(bot) == [(IncomingKind.TEXT, "期限？")]
    assert bot.said(group.id) == ["回：期限？"]


def test_of_several_edits_that_wait_the_last_counts(
    bot: Bot, group: Group, officer: Person
) -> None:
    bot.line.hold_deliveries()
    said = bot.line.say(officer.id, group.id, "一")
    for text in ("二", "三", "四"):
        bot.clock.goes_on(seconds=1)
        bot.line.edit(officer.id, said.id, text)
    bot.line.release_deliveries(shuffled=True)
    bot.works()

    assert texts(bot) == [(IncomingKind.TEXT, "四")]


def test_an_edit_of_a_message_that_was_answered_is_an_edit(
    bot: Bot, group: Group, officer: Person
) -> None:
    said = bot.line.say(officer.id, group.id, "期線？")
    bot.works()
    bot.clock.goes_on(seconds=1)
    bot.line.edit(officer.id, said.id, "期限？")
    bot.works()

    assert texts(bot) == [(IncomingKind.TEXT, "期線？"), (IncomingKind.EDITED, "期限？")]


def test_an_edit_that_comes_before_its_message_stands_in_for_it(
    bot: Bot, group: Group, officer: Person
) -> None:
    bot.works()
    bot.line.hold_deliveries()
    said = bot.line.say(officer.id, group.id, "期線？")
    bot.clock.goes_on(seconds=1)
    bot.line.edit(officer.id, said.id, "期限？")
    message, edit = (event["webhookEventId"] for event in bot.line.events[-2:])

    assert bot.line.redeliver(edit) == 200
    bot.worker.run_until_idle()
    assert bot.line.redeliver(message) == 200
    bot.worker.run_until_idle()

    assert texts(bot) == [(IncomingKind.TEXT, "期限？")]


def test_an_older_edit_that_comes_late_changes_nothing(
    bot: Bot, group: Group, officer: Person
) -> None:
    said = bot.line.say(officer.id, group.id, "一")
    bot.works()
    bot.line.hold_deliveries()
    for text in ("二", "三"):
        bot.clock.goes_on(seconds=1)
        bot.line.edit(officer.id, said.id, text)
    older, newer = (event["webhookEventId"] for event in bot.line.events[-2:])
    for event in (newer, older):
        assert bot.line.redeliver(event) == 200
        bot.worker.run_until_idle()

    assert [text for _, text in texts(bot)] == ["一", "三"]


def test_an_edit_saves_a_message_that_was_set_aside(
    bot: Bot, group: Group, officer: Person
) -> None:
    bot.echo.failures = inbox.MAX_ATTEMPTS
    said = bot.line.say(officer.id, group.id, "壞掉")
    for _ in range(inbox.MAX_ATTEMPTS + 1):
        bot.works()
        bot.clock.goes_on(minutes=2)
    bot.line.edit(officer.id, said.id, "好的")
    bot.works()

    assert texts(bot)[-1] == (IncomingKind.TEXT, "好的")
    assert bot.said(group.id) == ["回：好的"]
    assert {event.state for event in bot.events()} == {State.DONE}


# unsends


def test_a_message_that_is_taken_back_while_it_waits_is_never_answered(
    bot: Bot, group: Group, officer: Person
) -> None:
    said = bot.line.say(officer.id, group.id, "這是祕密")
    bot.line.unsend(officer.id, said.id)
    bot.works()

    assert bot.said(group.id) == []
    assert texts(bot) == []
    assert {event.payload for event in bot.events()} == {""}


def test_a_message_that_waits_to_be_tried_again_is_emptied_at_once(
    bot: Bot, group: Group, officer: Person
) -> None:
    bot.echo.failures = 1
    said = bot.line.say(officer.id, group.id, "這是祕密")
    bot.works()
    bot.line.unsend(officer.id, said.id)
    bot.works()

    assert {(event.state, event.payload) for event in bot.events()} == {(State.DONE, "")}
    bot.clock.goes_on(minutes=5)
    bot.works()
    assert bot.said(group.id) == []


def test_a_message_that_comes_after_its_unsend_is_never_answered(
    bot: Bot, group: Group, officer: Person
) -> None:
    bot.works()
    bot.line.hold_deliveries()
    said = bot.line.say(officer.id, group.id, "這是祕密")
    bot.line.unsend(officer.id, said.id)
    message, unsend = (event["webhookEventId"] for event in bot.line.events[-2:])
    for event in (unsend, message):
        assert bot.line.redeliver(event) == 200
        bot.worker.run_until_idle()

    assert texts(bot) == []
    assert {event.payload for event in bot.events()} == {""}


@pytest.mark.parametrize("kept", ["handled", "aside"])
def test_what_is_left_of_a_message_goes_when_it_is_taken_back(
    bot: Bot, group: Group, officer: Person, kept: str
) -> None:
    bot.echo.failures = inbox.MAX_ATTEMPTS if kept == "aside" else 0
    said = bot.line.say(officer.id, group.id, "這是祕密")
    for _ in range(inbox.MAX_ATTEMPTS + 1):
        bot.works()
        bot.clock.goes_on(minutes=2)
    bot.line.unsend(officer.id, said.id)
    bot.works()

    assert bot.written_down() == []
    assert {event.payload for event in bot.events()} == {""}
    assert bot.echo.heard[-1].kind is IncomingKind.UNSENT
    with bot.database.begin() as db:
        assert db.scalars(select(UnsentMessage.id)).all() == [said.id]


def test_an_answer_that_was_not_yet_given_is_withdrawn(
    bot: Bot, group: Group, officer: Person
) -> None:
    bot.line.fail_next("/message/reply", status=500)
    said = bot.line.say(officer.id, group.id, "這是祕密")
    bot.works()
    bot.line.unsend(officer.id, said.id)
    bot.works()
    bot.clock.goes_on(seconds=5)
    bot.works()

    assert bot.said(group.id) == []
    assert [message.outcome for message in bot.outgoing()] == ["unsent"]


def test_a_form_that_holds_the_message_is_forgotten_and_others_are_not(
    bot: Bot, group: Group, officer: Person
) -> None:
    chat = ChatRef(kind=ChatKind.GROUP, id=group.id)
    said = bot.line.say(officer.id, group.id, "這是祕密")
    bot.works()
    moment: datetime = bot.clock()
    with bot.database.begin() as db:
        conversations.put(db, chat, "U1", moment, {"note": "這是祕密", "from": said.id})
        conversations.put(db, chat, "U2", moment, {"note": "別的", "from": "1"})
    bot.line.unsend(officer.id, said.id)
    bot.works()

    with bot.database.begin() as db:
        assert conversations.get(db, chat, "U1", moment) is None
        assert conversations.get(db, chat, "U2", moment) is not None


def test_another_chats_events_are_left_alone(bot: Bot, group: Group, officer: Person) -> None:
    bot.line.follow(officer.id)
    bot.works()
    said = bot.line.say(officer.id, group.id, "這是祕密")
    bot.line.say(officer.id, officer.id, "期限？")
    bot.line.unsend(officer.id, said.id)
    bot.works()

    assert bot.said(officer.id) == ["回：期限？"]
    with bot.database.begin() as db:
        assert db.scalars(select(InboxEvent).where(InboxEvent.state != State.DONE)).all() == []
