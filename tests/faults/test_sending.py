"""LINE refuses, hangs, loses its answer, forgets its manners."""

from __future__ import annotations

import pytest

from bot.line.stand_in import Group, Person
from bot.messages import ChatKind, ChatRef
from bot.store import chats, outbox, sent
from bot.store.models import State
from bot.worker import PAUSE
from tests.faults.conftest import Bot

REPLY, PUSH = "/message/reply", "/message/push"
HELLO = {"type": "text", "text": "提醒"}


def remind(bot: Bot, chat_id: str, what: str = "due:1") -> None:
    """Decide on a push."""
    with bot.database.begin() as db:
        outbox.enqueue(
            db, what=what, chat_id=chat_id, messages=[HELLO], abouts=["deadline:1"], now=bot.clock()
        )


def outcomes(bot: Bot) -> list[tuple[str, str | None]]:
    return [(message.state, message.outcome) for message in bot.outgoing()]


def test_a_reply_that_arrived_although_its_answer_was_lost_is_not_said_twice(
    bot: Bot, group: Group, officer: Person
) -> None:
    bot.echo.worth_a_push = True
    bot.line.fail_next(REPLY, status=500, after_effect=True)
    bot.line.say(officer.id, group.id, "期限？")
    bot.works()
    bot.clock.goes_on(seconds=1)
    bot.works()

    assert bot.said(group.id) == ["回：期限？"]
    assert outcomes(bot) == [(State.DONE, "had_arrived")]
    assert bot.line.used == 0


def test_a_reply_that_did_not_arrive_is_said_at_the_second_try(
    bot: Bot, group: Group, officer: Person
) -> None:
    bot.line.fail_next(REPLY, status=500)
    bot.line.say(officer.id, group.id, "期限？")
    bot.works()
    assert bot.said(group.id) == []
    bot.clock.goes_on(seconds=1)
    bot.works()

    assert bot.said(group.id) == ["回：期限？"]
    assert outcomes(bot) == [(State.DONE, "sent")]


def test_a_reply_whose_fate_stays_unknown_is_never_pushed(
    bot: Bot, group: Group, officer: Person
) -> None:
    bot.echo.worth_a_push = True
    bot.line.fail_next(REPLY, status=500, times=50)
    bot.line.say(officer.id, group.id, "已完成")
    for _ in range(10):
        bot.works()
        bot.clock.goes_on(seconds=20)

    assert outcomes(bot) == [(State.FAILED, "unsure")]
    assert [call for call in bot.line.calls if call.path.endswith(PUSH)] == []


def test_a_push_that_arrived_although_its_answer_was_lost_is_not_said_twice(
    bot: Bot, group: Group
) -> None:
    bot.works()
    bot.line.fail_next(PUSH, status=500, after_effect=True)
    remind(bot, group.id)
    bot.works()
    bot.clock.goes_on(seconds=2)
    bot.works()

    assert bot.said(group.id) == ["提醒"]
    assert outcomes(bot) == [(State.DONE, "sent")]
    keys = [call.retry_key for call in bot.line.calls if call.path.endswith(PUSH)]
    assert len(keys) == 2
    assert len(set(keys)) == 1


def test_a_push_waits_out_a_long_outage_with_its_first_key(bot: Bot, group: Group) -> None:
    bot.works()
    bot.line.fail_next(PUSH, status=503, times=8)
    remind(bot, group.id)
    for _ in range(9):
        bot.works()
        bot.clock.goes_on(minutes=5)

    assert bot.said(group.id) == ["提醒"]
    assert len({call.retry_key for call in bot.line.calls if call.path.endswith(PUSH)}) == 1


def test_an_outage_of_more_than_a_day_ends_in_a_record_not_in_two_messages(
    bot: Bot, group: Group
) -> None:
    bot.works()
    bot.line.fail_next(PUSH, status=500, after_effect=True, times=100)
    remind(bot, group.id)
    for _ in range(60):
        bot.works()
        bot.clock.goes_on(hours=1)

    assert bot.said(group.id) == ["提醒"]
    assert outcomes(bot) == [(State.FAILED, "gave_up")]


def test_a_push_that_nobody_settled_for_a_day_is_not_sent_again(bot: Bot, group: Group) -> None:
    """Its process died, and LINE has forgotten the key by now."""
    bot.works()
    remind(bot, group.id)
    with bot.database.begin() as db:
        outbox.claim(db, 1, now=bot.clock(), by="a process that dies")
    bot.clock.goes_on(hours=30)
    bot.works()

    assert bot.said(group.id) == []
    assert outcomes(bot) == [(State.FAILED, "gave_up")]


def test_too_fast_is_tried_again(bot: Bot, group: Group, officer: Person) -> None:
    too_fast = {"message": "The API rate limit has been exceeded. Try again later."}
    bot.line.fail_next(REPLY, status=429, body=too_fast)
    bot.line.say(officer.id, group.id, "期限？")
    bot.works()
    bot.clock.goes_on(seconds=1)
    bot.works()

    assert bot.said(group.id) == ["回：期限？"]


def test_an_empty_quota_holds_pushes_and_lets_replies_through(
    bot: Bot, group: Group, officer: Person
) -> None:
    bot.line.quota = 1
    bot.works()
    remind(bot, group.id)
    bot.works()
    bot.line.say(officer.id, group.id, "期限？")
    bot.works()

    assert bot.said(group.id) == ["回：期限？"]
    assert outcomes(bot)[0] == (State.HELD, "quota")


def test_a_held_push_goes_when_the_month_has_changed(bot: Bot, group: Group) -> None:
    bot.clock.goes_on(days=29)  # 31 March
    bot.line.quota = 1
    bot.works()
    remind(bot, group.id)
    bot.works()
    bot.line.quota = 200
    bot.works()
    assert bot.said(group.id) == []

    bot.clock.goes_on(days=1)
    bot.works()
    assert bot.said(group.id) == ["提醒"]


def test_a_refused_access_token_rests_the_sender_and_keeps_the_queue(
    bot: Bot, group: Group, officer: Person, caplog: pytest.LogCaptureFixture
) -> None:
    bot.works()
    bot.line.fail_next(PUSH, status=401)
    remind(bot, group.id)
    bot.works()
    bot.works()

    assert bot.said(group.id) == []
    assert outcomes(bot) == [(State.WAITING, None)]
    assert "sender_paused" in [record.message for record in caplog.records]
    assert len([call for call in bot.line.calls if call.path.endswith(PUSH)]) == 1

    bot.clock.goes_on(seconds=PAUSE.total_seconds())
    bot.works()
    assert bot.said(group.id) == ["提醒"]


def test_a_message_that_line_refuses_is_recorded_and_the_next_one_goes(
    bot: Bot, group: Group
) -> None:
    bot.works()
    bot.line.fail_next(PUSH, status=400, body={"message": "The request body has 1 error(s)"})
    remind(bot, group.id, "due:1")
    remind(bot, group.id, "due:2")
    bot.works()

    assert outcomes(bot) == [(State.FAILED, "rejected"), (State.DONE, "sent")]


def test_a_chat_that_the_bot_is_no_longer_in_gets_no_further_push(
    bot: Bot, group: Group, officer: Person
) -> None:
    """The leave event was lost, so LINE's refusal is the first that is heard of it."""
    bot.works()
    with bot.database.begin() as db:
        chats.joined(db, ChatRef(kind=ChatKind.GROUP, id=group.id), bot.clock())
    bot.line.hold_deliveries()
    bot.line.remove_bot(group.id)
    remind(bot, group.id, "due:1")
    remind(bot, group.id, "due:2")
    bot.worker.run_until_idle()

    assert outcomes(bot) == [(State.FAILED, "rejected"), (State.DROPPED, "left_chat")]
    remind(bot, group.id, "due:3")
    bot.worker.run_until_idle()
    assert outcomes(bot)[-1] == (State.DROPPED, "left_chat")
    assert len([call for call in bot.line.calls if call.path.endswith(PUSH)]) == 1


def test_a_chat_that_speaks_again_is_pushed_to_again(
    bot: Bot, group: Group, officer: Person
) -> None:
    chat = ChatRef(kind=ChatKind.GROUP, id=group.id)
    with bot.database.begin() as db:
        chats.joined(db, chat, bot.clock())
        chats.lost(db, group.id, bot.clock())
    bot.line.say(officer.id, group.id, "還在嗎")
    bot.works()
    remind(bot, group.id)
    bot.works()

    assert "提醒" in bot.said(group.id)


def test_a_client_that_breaks_does_not_stop_the_sender(bot: Bot, group: Group) -> None:
    class Broken:
        def reply(self, *_: object) -> None:
            raise ValueError("a fault in the client")

        def push(self, *_: object, **__: object) -> None:
            raise ValueError("a fault in the client")

    bot.works()
    remind(bot, group.id)
    bot.another_worker(client=Broken()).run_until_idle()
    assert outcomes(bot) == [(State.WAITING, None)]

    bot.clock.goes_on(seconds=2)
    bot.works()
    assert bot.said(group.id) == ["提醒"]


def test_what_a_message_was_about_is_known_when_it_is_quoted(
    bot: Bot, group: Group, officer: Person
) -> None:
    bot.works()
    remind(bot, group.id)
    bot.works()
    message = bot.line.history(group.id)[-1]

    with bot.database.begin() as db:
        assert sent.about(db, message.id) == "deadline:1"
        assert sent.is_ours(db, message.id)
