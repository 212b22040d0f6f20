"""What reminders cost, and who goes first when there is not enough for all."""

from __future__ import annotations

from datetime import date, datetime

from bot.clock import TAIPEI
from bot.messages import ChatKind, ChatRef
from bot.plans import corpus, schedule_data
from bot.plans.deadlines import Cycle
from bot.plans.model import RocYear
from bot.settings import packaged_data
from bot.store.reminders import ReminderKind
from schedules import quota
from schedules.due import Listener, Reminder
from schedules.quota import ChatMessage

CORPUS = corpus.load(packaged_data())
SCHEDULES = schedule_data.load(packaged_data(), CORPUS)
UNIT, OTHER = "三民區第一衛生所", "社會局"


def reminder(
    chat: ChatRef | None, kind: ReminderKind = ReminderKind.LEAD, unit: str = UNIT, day: int = 11
) -> Reminder:
    deadline = Cycle(SCHEDULES, RocYear(115)).of(CORPUS.units.all[unit])[0]
    return Reminder(
        at=datetime(2026, 3, day, 9, 30, tzinfo=TAIPEI),
        day=date(2026, 3, day),
        kind=kind,
        deadline=deadline,
        listener=Listener(chat=chat),
    )


def group(name: str = "C1") -> ChatRef:
    return ChatRef(kind=ChatKind.GROUP, id=name)


def officer(name: str = "U1") -> ChatRef:
    return ChatRef(kind=ChatKind.USER, id=name)


def told(*messages: ChatMessage, left: int | None, reserve: int = 0) -> tuple[list[str], list[str]]:
    decision = quota.decide(messages, left, reserve)
    return [one.chat.id for one in decision.told], [one.chat.id for one in decision.held]


def message(chat: ChatRef, price: int, *reminders: Reminder) -> ChatMessage:
    return ChatMessage(chat=chat, price=price, reminders=reminders or (reminder(chat),))


def test_a_chats_reminders_of_a_day_are_one_push() -> None:
    said = [
        reminder(group()),
        reminder(group(), ReminderKind.DUE),
        reminder(officer()),
        reminder(group(), day=12),
        reminder(None),
    ]

    seen = quota.forecast(said, lambda chat: 20 if chat.is_shared else 1)

    assert (seen.total, seen.urgent) == (41, 20)
    assert [one.price for one in quota.by_chat(said[:3], lambda _: 5)] == [5, 5]


def test_while_there_is_enough_everybody_is_told() -> None:
    both = (message(group(), 20), message(officer(), 1))

    assert told(*both, left=None) == (["C1", "U1"], [])
    assert told(*both, left=21) == (["C1", "U1"], [])


def test_the_reserve_is_kept_for_what_is_due_or_late() -> None:
    later = message(group(), 20)
    now = message(group("C2"), 20, reminder(group("C2"), ReminderKind.DUE, OTHER))

    assert told(later, left=30, reserve=20) == ([], ["C1"])
    assert told(now, left=30, reserve=20) == (["C2"], [])
    assert told(later, now, left=30, reserve=10) == (["C2"], ["C1"])


def test_when_it_is_short_the_officer_hears_it_and_the_group_waits() -> None:
    due = ReminderKind.DUE
    shared = message(group(), 20, reminder(group(), due))
    alone = message(officer(), 1, reminder(officer(), due))
    elsewhere = message(group("C2"), 10, reminder(group("C2"), due, OTHER))

    assert told(shared, alone, elsewhere, left=30) == (["U1", "C2"], ["C1"])
    assert told(shared, alone, elsewhere, left=5) == (["U1"], ["C1", "C2"])


def test_with_nothing_left_nobody_is_told() -> None:
    assert told(message(officer(), 1), left=0) == ([], ["U1"])
