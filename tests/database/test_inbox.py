from __future__ import annotations

import threading
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from bot.line.webhook import RawEvent
from bot.store import inbox
from bot.store.engine import Database
from bot.store.inbox import ClaimedEvent
from bot.store.models import InboxEvent, State
from bot.store.queues import LeaseLost
from tests.factories import group, raw, text_event, unsend_event


def keep(database: Database, now: datetime, *events: RawEvent) -> int:
    with database.begin() as db:
        return inbox.store(db, events, now)


def take(database: Database, now: datetime, k: int = 8, by: str = "me") -> list[ClaimedEvent]:
    with database.begin() as db:
        return inbox.claim(db, k, now=now, by=by)


def finish(database: Database, event: ClaimedEvent, now: datetime) -> None:
    with database.begin() as db:
        inbox.done(db, event, "answered", now)


def row(database: Database, event_id: str) -> InboxEvent:
    with database.begin() as db:
        return db.get_one(InboxEvent, event_id)


def test_an_event_that_comes_twice_is_stored_once(database: Database, now: datetime) -> None:
    event = raw(text_event(group(), now))

    assert keep(database, now, event) == 1
    assert keep(database, now, event) == 0
    assert keep(database, now, event, event, raw(text_event(group(), now))) == 1


def test_a_storing_without_events_stores_nothing(database: Database, now: datetime) -> None:
    assert keep(database, now) == 0


def test_an_event_comes_back_as_it_was_stored(database: Database, now: datetime) -> None:
    event = raw(text_event(group("企劃室"), now, "🙂 期限？", message_id="77"))
    keep(database, now, event)

    (claimed,) = take(database, now)

    assert (claimed.id, claimed.chat_key, claimed.at) == (event.id, event.chat_key, event.at)
    assert (claimed.payload, claimed.kind, claimed.message_id) == (event.payload, "message", "77")
    assert (claimed.stored_at, claimed.attempts) == (now, 1)


def test_a_chat_gives_one_event_at_a_time_in_the_order_of_their_times(
    database: Database, now: datetime
) -> None:
    late, early = (raw(text_event(group(), now - timedelta(seconds=s))) for s in (1, 2))
    keep(database, now, late)
    keep(database, now, early)

    (first,) = take(database, now)
    assert first.id == early.id
    assert take(database, now) == []

    finish(database, first, now)
    assert [event.id for event in take(database, now)] == [late.id]


def test_an_event_that_comes_late_waits_while_a_later_one_is_in_hand(
    database: Database, now: datetime
) -> None:
    late = raw(text_event(group(), now))
    keep(database, now, late)
    (in_hand,) = take(database, now)
    keep(database, now, raw(text_event(group(), now - timedelta(minutes=1))))

    assert in_hand.id == late.id
    assert take(database, now) == []


def test_many_chats_are_claimed_at_once_the_oldest_first(database: Database, now: datetime) -> None:
    events = [raw(text_event(group(str(n)), now - timedelta(seconds=n))) for n in range(5)]
    keep(database, now, *events)

    assert [event.id for event in take(database, now, k=3)] == [
        events[4].id,
        events[3].id,
        events[2].id,
    ]
    assert [event.id for event in take(database, now, k=3)] == [events[1].id, events[0].id]


def test_an_event_whose_lease_has_ended_is_claimed_again(database: Database, now: datetime) -> None:
    keep(database, now, raw(text_event(group(), now)))
    (first,) = take(database, now)

    assert take(database, now + inbox.LEASE - timedelta(seconds=1)) == []
    (second,) = take(database, now + inbox.LEASE, by="another")
    assert (second.id, second.attempts) == (first.id, 2)


def test_who_lost_the_lease_cannot_finish(database: Database, now: datetime) -> None:
    keep(database, now, raw(text_event(group(), now)))
    (first,) = take(database, now)
    (second,) = take(database, now + inbox.LEASE, by="another")

    with pytest.raises(LeaseLost):
        finish(database, first, now)
    with pytest.raises(LeaseLost), database.begin() as db:
        inbox.failed(db, first, now)
    finish(database, second, now)
    with pytest.raises(LeaseLost):
        finish(database, second, now)


def test_an_event_that_is_done_keeps_no_words(database: Database, now: datetime) -> None:
    keep(database, now, raw(text_event(group(), now, "這是祕密")))
    (event,) = take(database, now)
    finish(database, event, now)

    kept = row(database, event.id)
    assert (kept.state, kept.payload, kept.outcome) == (State.DONE, "", "answered")
    assert kept.settled_at == now


def test_an_event_that_fails_waits_longer_each_time_then_steps_aside(
    database: Database, now: datetime
) -> None:
    keep(database, now, raw(text_event(group(), now)), raw(text_event(group(), now)))
    moment, waits = now, []
    (event,) = take(database, moment)
    while True:
        with database.begin() as db:
            if inbox.failed(db, event, moment) is State.ASIDE:
                break
        free_at = row(database, event.id).free_at
        waits.append(free_at - moment)
        # The head waits, and the chat waits with it: order counts.
        assert take(database, free_at - timedelta(milliseconds=1)) == []
        moment = free_at
        (again,) = take(database, moment)
        assert again.id == event.id
        event = again

    assert tuple(waits) == inbox.WAITS
    assert row(database, event.id).state == State.ASIDE
    (following,) = take(database, moment)
    assert following.id != event.id
    with database.begin() as db:
        assert inbox.counts(db) == {"claimed": 1, "waiting": 0, "aside": 1}


def test_it_knows_which_messages_were_answered(database: Database, now: datetime) -> None:
    for second, message_id in enumerate(("1", "2")):
        at = now + timedelta(seconds=second)
        keep(database, now, raw(text_event(group(), at, message_id=message_id)))
    (event,) = take(database, now)
    finish(database, event, now)

    with database.begin() as db:
        assert inbox.was_answered(db, "1")
        assert not inbox.was_answered(db, "2")
        assert not inbox.was_answered(db, None)


def test_an_unsend_overtakes_what_waits_in_its_chat(database: Database, now: datetime) -> None:
    message = raw(text_event(group(), now, message_id="1"))
    unsend = raw(unsend_event(group(), now + timedelta(seconds=5), message_id="1"))
    keep(database, now, message, unsend)

    assert [event.id for event in take(database, now)] == [unsend.id]


def test_two_processes_never_hold_two_events_of_one_chat(database: Database, now: datetime) -> None:
    """The index refuses it, whatever two snapshots may have seen."""
    one, other = raw(text_event(group(), now)), raw(text_event(group(), now))
    keep(database, now, one, other)
    take(database, now)

    with pytest.raises(IntegrityError), database.begin() as db:
        db.execute(update(InboxEvent).values(state=State.CLAIMED))


def test_threads_that_claim_together_share_the_chats(database: Database, now: datetime) -> None:
    chats = 40
    keep(database, now, *(raw(text_event(group(str(n % chats)), now)) for n in range(chats * 3)))
    claimed: list[ClaimedEvent] = []
    start = threading.Barrier(4)

    def work() -> None:
        start.wait()
        for _ in range(10):
            try:
                claimed.extend(take(database, now, k=3))
            except IntegrityError:
                continue

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len({event.id for event in claimed}) == len(claimed)
    assert len({event.chat_key for event in claimed}) == len(claimed) == chats


def test_after_a_restart_the_one_process_takes_everything_back(
    database: Database, now: datetime
) -> None:
    keep(database, now, raw(text_event(group(), now)))
    take(database, now)

    with database.begin() as db:
        inbox.release_all(db, now)

    assert len(take(database, now)) == 1


@pytest.mark.parametrize(
    "fields",
    [
        {"type": "somethingNew", "message": "no object"},
        {"type": 7, "message": {"id": 7}},
        {"type": "message", "message": {"id": "x" * 500}},
        {"type": "message", "message": {"id": "\ud83d\u0000"}},
        {"type": "unsend"},
    ],
)
def test_events_of_unknown_shape_are_stored_too(
    database: Database, now: datetime, fields: dict[str, object]
) -> None:
    event = raw({**text_event(group(), now), **fields})

    assert keep(database, now, event) == 1
    (claimed,) = take(database, now)
    assert claimed.payload == event.payload
    assert claimed.message_id is None


def test_a_naive_time_is_refused(database: Database, now: datetime) -> None:
    naive = now.replace(tzinfo=None)
    with pytest.raises(Exception, match="no time zone"), database.begin() as db:
        db.scalars(select(InboxEvent).where(InboxEvent.at < naive)).all()
