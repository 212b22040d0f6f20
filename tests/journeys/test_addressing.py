"""When the bot speaks, and when it keeps silent."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from bot.store.models import Base, InboxEvent
from tests.journeys.conftest import City, Place

QUESTION = "電話禮貌測試是什麼時候？"


@pytest.mark.parametrize(
    "chatter",
    ["早安", QUESTION, "小幫手們好", "小幫手的回答好快", "請小幫手來", "@王美玲 看一下", "👍", "綁定 ABCD-EFGH"],
)  # fmt: skip
def test_in_a_group_it_keeps_silent_unless_it_is_addressed(group: Place, chatter: str) -> None:
    assert group.says(chatter) == []


def test_what_it_was_not_told_leaves_no_trace(group: Place) -> None:
    group.says("這句話跟小幫手無關，祕密的事")

    with group.city.app.database.begin() as db:
        payloads = db.scalars(select(InboxEvent.payload)).all()
        rows = {
            table.name: db.scalar(select(func.count()).select_from(table))
            for table in Base.metadata.sorted_tables
            if table.name in ("conversations", "questions", "audit_log", "outbox_messages")
        }
    assert set(payloads) == {""}
    # One hello and one binding, both from before.
    assert rows == {"conversations": 0, "questions": 0, "audit_log": 1, "outbox_messages": 1}


@pytest.mark.parametrize(
    "call", ["小幫手 ", "小幫手，", "小幫手,", "小幫手～", "小幫手：", "＠小幫手 "]
)
def test_it_answers_a_message_that_begins_with_its_name(group: Place, call: str) -> None:
    assert len(group.says(f"{call}{QUESTION}")) >= 1


def test_a_mention_in_the_middle_is_enough(group: Place) -> None:
    bot = group.city.line.bot_name

    assert len(group.says(f"😀請問 @{bot} {QUESTION}謝謝")) >= 1


def test_a_quoted_message_of_its_own_is_enough(group: Place) -> None:
    group.says("小幫手 說明")
    quoted = group.last_message()

    assert len(group.says(QUESTION, quote=quoted.id)) >= 1


def test_quoting_a_colleague_is_not(group: Place) -> None:
    group.says("大家下午三點開會")
    quoted = group.last_message()

    assert group.says("收到", quote=quoted.id) == []


def test_one_to_one_it_always_answers(alone: Place) -> None:
    assert len(alone.says(QUESTION)) >= 1


def test_one_to_one_its_name_does_no_harm(alone: Place) -> None:
    assert alone.says("小幫手，說明") == alone.says("說明")


def test_calling_it_without_a_question_brings_the_help(group: Place) -> None:
    assert group.says("小幫手") == group.says("小幫手 說明")


def test_a_picture_in_a_group_is_not_for_the_bot(group: Place) -> None:
    with group.listening() as heard:
        group.city.line.send_content(group.person.id, group.chat.id, "image", b"\xff\xd8\xff")
        group.city.line.send_sticker(group.person.id, group.chat.id)

    assert heard == []


def test_a_picture_one_to_one_gets_a_kind_sentence(alone: Place) -> None:
    with alone.listening() as heard:
        alone.city.line.send_content(alone.person.id, alone.chat.id, "image", b"\xff\xd8\xff")

    assert len(heard) == 1
    assert "照片和檔案要跟著一筆回報" in heard[0]


def test_an_edited_question_is_answered_again(group: Place) -> None:
    group.says("小幫手 電話")
    question = next(
        line for line in group.city.line.history(group.chat.id) if line.sender == group.person.id
    )

    with group.listening() as heard:
        group.city.line.edit(group.person.id, question.id, QUESTION)

    assert len(heard) >= 1


def test_editing_the_name_into_a_message_addresses_the_bot(group: Place) -> None:
    group.says(QUESTION)
    message = group.last_message()

    with group.listening() as heard:
        group.city.line.edit(group.person.id, message.id, f"小幫手 {QUESTION}")

    assert len(heard) >= 1


def test_editing_chatter_stays_chatter(group: Place) -> None:
    group.says("早安")
    message = group.last_message()

    with group.listening() as heard:
        group.city.line.edit(group.person.id, message.id, "早安，大家")

    assert heard == []


def test_an_event_in_standby_is_not_answered(city: City, group: Place) -> None:
    event = {
        "type": "message",
        "mode": "standby",
        "timestamp": int(city.clock.now.timestamp() * 1000),
        "source": {"type": "group", "groupId": group.chat.id, "userId": group.person.id},
        "webhookEventId": "01STANDBY00000000000000000",
        "deliveryContext": {"isRedelivery": False},
        "message": {"id": "1", "type": "text", "text": "小幫手 說明"},
    }
    with group.listening() as heard:
        assert (
            city.line.deliver_raw({"destination": city.line.bot_user_id, "events": [event]}) == 200
        )

    assert heard == []
