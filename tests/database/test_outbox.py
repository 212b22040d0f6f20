from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.errors import (
    LineError,
    LineQuotaExhausted,
    LineRateLimited,
    LineRejected,
    LineTokenDead,
    LineUnauthorized,
    LineUnreachable,
)
from bot.store import outbox, sent
from bot.store.engine import Database
from bot.store.models import OutboxMessage, State, Way
from bot.store.outbox import ClaimedMessage
from bot.store.queues import LeaseLost
from tests.factories import group

CHAT = group("企劃室").id
HELLO = {"type": "text", "text": "您好"}


def decide(database: Database, now: datetime, what: str = "a", **more: Any) -> bool:
    given = {"chat_id": CHAT, "messages": [HELLO], "abouts": [""], "now": now, **more}
    with database.begin() as db:
        return outbox.enqueue(db, what=what, **given)


def decide_reply(database: Database, now: datetime, what: str = "a", **more: Any) -> bool:
    dies = now + outbox.TOKEN_LIFE
    return decide(database, now, what, reply_token="token", token_dies_at=dies, **more)


def take(database: Database, now: datetime, k: int = 8) -> list[ClaimedMessage]:
    with database.begin() as db:
        return outbox.claim(db, k, now=now, by="me")


def refuse(database: Database, message: ClaimedMessage, error: LineError, now: datetime) -> str:
    with database.begin() as db:
        return outbox.refused(db, message, error, now=now, jitter=1.0)


def row(database: Database, what: str = "a") -> OutboxMessage:
    with database.begin() as db:
        found = db.query(OutboxMessage).filter_by(what=what).one()
        db.expunge(found)
        return found


def test_the_same_thing_is_decided_once(database: Database, now: datetime) -> None:
    assert decide(database, now, "due:1:2026-03-02:C1")
    assert not decide(
        database, now, "due:1:2026-03-02:C1", messages=[HELLO, HELLO], abouts=["", ""]
    )
    assert len(take(database, now)) == 1


def test_a_message_comes_back_as_it_was_decided(database: Database, now: datetime) -> None:
    decide_reply(database, now, abouts=["clause:1"], worth_a_push=True, event_id="E1")

    (message,) = take(database, now)

    assert (message.way, message.reply_token, message.chat_id) == (Way.REPLY, "token", CHAT)
    assert (message.messages, message.abouts) == ([HELLO], ["clause:1"])
    assert (message.attempts, message.unsure, message.first_tried_at) == (1, False, now)
    assert message.worth_a_push


def test_a_chat_is_sent_to_in_order_one_at_a_time(database: Database, now: datetime) -> None:
    for what in "abc":
        decide(database, now, what)
    decide(database, now, "elsewhere", chat_id=group("會計室").id)

    assert [message.what for message in take(database, now)] == ["a", "elsewhere"]
    assert take(database, now) == []


def test_replies_go_before_the_pushes_that_wait_in_a_chat(
    database: Database, now: datetime
) -> None:
    decide(database, now, "push")
    decide_reply(database, now, "reply")

    assert [message.what for message in take(database, now)] == ["reply"]


def test_what_was_sent_is_known_by_lines_ids_and_its_words_are_gone(
    database: Database, now: datetime
) -> None:
    decide_reply(database, now, messages=[HELLO, HELLO], abouts=["clause:1", ""])
    (message,) = take(database, now)

    with database.begin() as db:
        outbox.sent(db, message, ids=["101", "102"], request_id="r1", now=now)

    with database.begin() as db:
        assert sent.about(db, "101") == "clause:1"
        assert sent.about(db, "102") is None
        assert sent.is_ours(db, "102")
        assert not sent.is_ours(db, "103")
        assert not sent.is_ours(db, None)
    kept = row(database)
    assert (kept.state, kept.outcome, kept.messages, kept.reply_token) == ("done", "sent", "", "")
    assert (kept.request_id, kept.settled_at) == ("r1", now)


def test_a_success_without_ids_is_a_success(database: Database, now: datetime) -> None:
    decide(database, now)
    (message,) = take(database, now)

    with database.begin() as db:
        outbox.sent(db, message, ids=["", "1"], request_id=None, now=now)

    assert row(database).state == State.DONE


def test_who_lost_the_lease_cannot_settle(database: Database, now: datetime) -> None:
    decide(database, now)
    (first,) = take(database, now)
    (second,) = take(database, now + outbox.LEASE)

    assert (second.attempts, second.unsure) == (2, True)
    with pytest.raises(LeaseLost), database.begin() as db:
        outbox.sent(db, first, ids=["1"], request_id=None, now=now)
    with database.begin() as db:
        assert not sent.is_ours(db, "1")


def test_the_retry_key_is_there_from_the_start_and_stays(database: Database, now: datetime) -> None:
    decide(database, now)
    (first,) = take(database, now)
    refuse(database, first, LineUnreachable("timeout"), now)
    (second,) = take(database, now + timedelta(hours=2))

    assert first.retry_key == second.retry_key == row(database).retry_key
    assert second.messages == first.messages


# replies


def test_a_reply_that_may_have_arrived_is_tried_again_with_its_token(
    database: Database, now: datetime
) -> None:
    decide_reply(database, now, worth_a_push=True)
    (message,) = take(database, now)

    assert refuse(database, message, LineUnreachable("timeout"), now) == "unsure"

    (again,) = take(database, now + timedelta(seconds=1))
    assert (again.way, again.reply_token, again.unsure) == (Way.REPLY, "token", True)


def test_a_dead_token_after_an_unsure_attempt_means_it_had_arrived(
    database: Database, now: datetime
) -> None:
    decide_reply(database, now, worth_a_push=True)
    (message,) = take(database, now)
    refuse(database, message, LineUnreachable("timeout"), now)
    (again,) = take(database, now + timedelta(seconds=1))

    assert refuse(database, again, LineTokenDead("used"), now) == "had_arrived"
    assert row(database).state == State.DONE


def test_a_reply_in_the_hands_of_a_dead_process_is_never_pushed(
    database: Database, now: datetime
) -> None:
    decide_reply(database, now, worth_a_push=True)
    take(database, now)
    (again,) = take(database, now + outbox.LEASE)

    assert refuse(database, again, LineTokenDead("used"), now) == "had_arrived"


def test_an_unsure_reply_is_given_up_when_its_token_dies(database: Database, now: datetime) -> None:
    decide_reply(database, now, worth_a_push=True)
    (message,) = take(database, now)
    later = now + outbox.TOKEN_LIFE

    assert refuse(database, message, LineUnreachable("timeout"), later) == "gave_up"
    assert (row(database).state, row(database).outcome) == (State.FAILED, "unsure")


def test_a_dead_token_becomes_a_push_when_the_words_are_worth_it(
    database: Database, now: datetime
) -> None:
    decide_reply(database, now, worth_a_push=True)
    (message,) = take(database, now)

    assert refuse(database, message, LineTokenDead("expired"), now) == "becomes_a_push"

    (push,) = take(database, now)
    assert (push.way, push.reply_token, push.unsure) == (Way.PUSH, None, False)
    assert push.messages == [HELLO]
    assert push.retry_key
    assert push.attempts == 2  # the mark of a claim never comes back


def test_a_dead_token_ends_what_is_not_worth_a_push(database: Database, now: datetime) -> None:
    decide_reply(database, now)
    (message,) = take(database, now)

    assert refuse(database, message, LineTokenDead("expired"), now) == "expired"
    assert (row(database).state, row(database).outcome) == (State.DROPPED, "expired")


def test_a_rate_limited_reply_waits_a_little_then_counts_as_late(
    database: Database, now: datetime
) -> None:
    decide_reply(database, now)
    (message,) = take(database, now)
    assert refuse(database, message, LineRateLimited("slow"), now) == "rate_limited"
    (again,) = take(database, now + timedelta(seconds=1))
    assert not again.unsure

    late = now + outbox.TOKEN_LIFE
    assert refuse(database, again, LineRateLimited("slow"), late) == "expired"


# pushes


def test_a_push_waits_longer_each_time(database: Database, now: datetime) -> None:
    decide(database, now)
    moment, waits = now, []
    for _ in range(14):
        (message,) = take(database, moment)
        assert refuse(database, message, LineUnreachable("500"), moment) == "unsure"
        waits.append((row(database).free_at - moment).total_seconds())
        moment = row(database).free_at

    assert waits[:5] == [1, 2, 4, 8, 16]
    assert waits[-1] == 3600


def test_waits_are_spread_by_chance(database: Database, now: datetime) -> None:
    decide(database, now)
    (message,) = take(database, now)
    with database.begin() as db:
        outbox.refused(db, message, LineUnreachable("500"), now=now, jitter=0.0)

    assert row(database).free_at == now + timedelta(seconds=0.5)


def test_an_unsure_push_is_given_up_before_line_forgets_its_key(
    database: Database, now: datetime
) -> None:
    decide(database, now)
    (message,) = take(database, now)
    refuse(database, message, LineUnreachable("500"), now)
    late = now + outbox.KEY_LIFE
    (again,) = take(database, late)

    assert outbox.is_too_late(again, late)
    assert not outbox.is_too_late(again, late - timedelta(seconds=1))
    assert refuse(database, again, LineUnreachable("500"), late) == "gave_up"
    assert (row(database).state, row(database).outcome) == (State.FAILED, "gave_up")


def test_a_push_that_was_refused_for_certain_is_never_too_late(
    database: Database, now: datetime
) -> None:
    decide(database, now)
    (message,) = take(database, now)
    refuse(database, message, LineRateLimited("slow"), now)
    (again,) = take(database, now + timedelta(days=2))

    assert again.first_tried_at == now + timedelta(days=2)
    assert not outbox.is_too_late(again, now + timedelta(days=2))


def test_a_push_beyond_the_quota_is_held_until_the_month_changes(
    database: Database, now: datetime
) -> None:
    decide(database, now, "stale")
    decide(database, now, "another", chat_id=group("會計室").id)
    for message in take(database, now):
        assert refuse(database, message, LineQuotaExhausted("month"), now) == "held"
    keys = {row(database, what).retry_key for what in ("stale", "another")}

    april = outbox.next_month(now)
    assert april.isoformat() == "2026-04-01T00:00:00+08:00"
    with database.begin() as db:
        assert outbox.release_held(db, april - timedelta(seconds=1)) == 0
        assert outbox.counts(db)["held"] == 2
        # Both were decided on 2 March: nobody wants to read them in April.
        assert outbox.release_held(db, april) == 0
    assert row(database, "stale").outcome == "stale"

    decide(database, april - timedelta(days=1), "fresh")
    (fresh,) = take(database, april - timedelta(days=1))
    refuse(database, fresh, LineQuotaExhausted("month"), april - timedelta(days=1))
    with database.begin() as db:
        assert outbox.release_held(db, april) == 1
    (again,) = take(database, april)
    assert again.retry_key not in keys | {fresh.retry_key}


def test_a_held_push_does_not_stop_its_chat(database: Database, now: datetime) -> None:
    decide(database, now, "held")
    (message,) = take(database, now)
    refuse(database, message, LineQuotaExhausted("month"), now)
    decide_reply(database, now, "reply")

    assert [message.what for message in take(database, now)] == ["reply"]


def test_an_unsure_push_is_not_held_since_its_key_would_be_forgotten(
    database: Database, now: datetime
) -> None:
    decide(database, now)
    (message,) = take(database, now)
    refuse(database, message, LineUnreachable("500"), now)
    (again,) = take(database, now + timedelta(seconds=1))

    refuse(database, again, LineQuotaExhausted("month"), now)
    assert row(database).state == State.FAILED


@pytest.mark.parametrize("is_reply", [True, False])
def test_a_message_that_line_will_never_take_is_recorded(
    database: Database, now: datetime, is_reply: bool
) -> None:
    (decide_reply if is_reply else decide)(database, now)
    (message,) = take(database, now)

    refused = refuse(database, message, LineRejected("bad", request_id="r9"), now)

    assert refused == "rejected"
    assert (row(database).state, row(database).request_id) == (State.FAILED, "r9")


@pytest.mark.parametrize("is_reply", [True, False])
def test_a_refused_access_token_costs_the_message_nothing(
    database: Database, now: datetime, is_reply: bool
) -> None:
    (decide_reply if is_reply else decide)(database, now)
    (message,) = take(database, now)

    assert refuse(database, message, LineUnauthorized("401"), now) == "unauthorized"

    (again,) = take(database, now)
    assert not again.unsure


def test_what_waits_for_a_chat_that_was_left_is_dropped(database: Database, now: datetime) -> None:
    decide(database, now, "a")
    decide(database, now, "b", chat_id=group("會計室").id)
    decide(database, now, "c", event_id="E7", chat_id=group("秘書室").id)

    with database.begin() as db:
        outbox.cancel(db, "left_chat", now, chat_id=CHAT)
        outbox.cancel(db, "unsent", now, event_ids=["E7"])

    assert [message.what for message in take(database, now)] == ["b"]
    assert (row(database, "a").outcome, row(database, "c").outcome) == ("left_chat", "unsent")
