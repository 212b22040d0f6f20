"""Reminders as words: a line each, and one message a chat and day."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from urllib.parse import urlencode

from bot import phrases
from bot.messages import Button, Card, Does, Reply, Text, Tone
from bot.plans.deadlines import Duty
from bot.plans.workdays import Workdays
from bot.store.reminders import ReminderKind
from schedules.due import Reminder
from schedules.rules import which_test

MOST_ROWS = 8
MOST_BUTTONS = 3
_URGENCY = (
    ReminderKind.DUE,
    ReminderKind.OVERDUE,
    ReminderKind.LEAD,
    ReminderKind.OPENING,
    ReminderKind.FOLLOWUP,
    ReminderKind.COURTESY,
)


def line(reminder: Reminder, today: date, workdays: Workdays) -> str:
    """A reminder in one line, as it reads today."""
    one = reminder.deadline
    match reminder.kind:
        case ReminderKind.OPENING:
            return phrases.reminder_opens(one.title, one.start, one.end)
        case ReminderKind.LEAD:
            return phrases.reminder_near(one.title, one.end, today)
        case ReminderKind.DUE:
            estimated = workdays.is_estimated(one.end)
            return phrases.reminder_due(one.title, one.end, today, estimated=estimated)
        case ReminderKind.OVERDUE:
            return phrases.reminder_late(one.title, one.end, today)
        case ReminderKind.COURTESY:
            return _of_test(reminder)
        case ReminderKind.FOLLOWUP:
            ask = phrases.reminder_improvement if reminder.has_result else phrases.reminder_result
            several = len(reminder.listener.units) > 1
            return ask(which_test(one.rule), reminder.units if several else ())


def message(
    reminders: Sequence[Reminder], today: date, workdays: Workdays, calls: tuple[str, ...] = ()
) -> Reply:
    """The one message of a chat and day, the most urgent first.

    Args:
        reminders: at least one, all for the same chat.
        calls: LINE's ids of members of the chat who are called in front of it, by the most
            urgent of what is due or late; a card itself can mention nobody.
    """
    card = _card(reminders, today, workdays)
    if not calls:
        return Reply(messages=(card,), worth_a_push=True)
    own = [one for one in reminders if not one.listener.above]
    first = line(min(own, key=_urgency), today, workdays)
    call = Text(text=first, mentions=calls, about=card.about)
    return Reply(messages=(call, card), worth_a_push=True)


def _card(reminders: Sequence[Reminder], today: date, workdays: Workdays) -> Card:
    own = sorted((one for one in reminders if not one.listener.above), key=_urgency)
    above = [one for one in reminders if one.listener.above]
    if not own:
        return _digest(above)
    if len(own) == 1 and not above:
        return _alone(own[0], line(own[0], today, workdays))
    return _together(own, above, today, workdays)


def _of_test(reminder: Reminder) -> str:
    one = reminder.deadline
    which = which_test(one.rule)
    if (reminder.day.year, reminder.day.month) == (one.start.year, one.start.month):
        return phrases.reminder_test_opens(which, one.start, one.end)
    return phrases.reminder_test_goes_on(which, one.end)


def _alone(reminder: Reminder, words: str) -> Card:
    deadline = reminder.deadline
    head, body = _parted(words)
    happens = deadline.duty is Duty.TAKES_PLACE
    done = (phrases.SEEN, "seen") if happens else (phrases.DONE, "done")
    answers = (done, (phrases.REMIND, "remind"))
    return Card(
        kicker=f"{'、'.join(reminder.units) or deadline.unit} · {deadline.year}年度",
        title=head or deadline.title,
        body=body,
        note=deadline.for_whom,
        buttons=(
            *(_tap(label, do, deadline.id) for label, do in answers),
            _tap(phrases.READ_IT, "clause", deadline.source.clause),
        ),
        tone=_tone([reminder]),
        about=f"deadline:{deadline.id}",
        alt=phrases.of_whom(words, deadline.for_whom),
    )


def _together(
    own: Sequence[Reminder], above: Sequence[Reminder], today: date, workdays: Workdays
) -> Card:
    """Several things in one card: a row each, and a button for what can be done."""
    units = list(dict.fromkeys(one.deadline.unit for one in own))
    rows, lines = [], []
    for one in own:
        words = phrases.of_whom(line(one, today, workdays), one.deadline.for_whom)
        unit = f"{one.deadline.unit}　" if len(units) > 1 else ""
        head, body = _parted(words)
        rows.append((head or phrases.REMIND_OF_TEST, unit + body))
        lines.append(f"・{unit}{words}")
    late = _late_lines(above)
    rows += [(phrases.LATE_UNITS, words) for words in late]
    title = phrases.reminders_title(len(own) + bool(late))
    ids = list(dict.fromkeys(one.deadline.id for one in own))
    return Card(
        kicker="、".join(units),
        title=title,
        rows=tuple(rows[:MOST_ROWS]),
        note=phrases.how_to_answer_reminders(len(rows) - MOST_ROWS),
        buttons=tuple(_done_buttons(own)),
        tone=_tone(own),
        about=f"deadline{'s' if len(ids) > 1 else ''}:{','.join(ids)}",
        alt="\n".join([title, *lines, *(f"・{phrases.LATE_UNITS} {words}" for words in late)]),
    )


def _parted(words: str) -> tuple[str, str]:
    head, mark, body = words.partition("｜")
    return (head, body) if mark else ("", words)


def _tone(reminders: Sequence[Reminder]) -> Tone:
    hurries = any(one.kind in (ReminderKind.OVERDUE, ReminderKind.DUE) for one in reminders)
    return Tone.CARE if hurries else Tone.NORMAL


def _done_buttons(own: Sequence[Reminder]) -> Iterator[Button]:
    """What may be reported as done with a tap: the most urgent of what is owed."""
    owed = {one.deadline.id: one.deadline for one in own if one.deadline.duty is Duty.OWED}
    for deadline in list(owed.values())[:MOST_BUTTONS]:
        yield _tap(phrases.done_with(deadline.title), "done", deadline.id)


def _tap(label: str, do: str, identifier: str) -> Button:
    value = urlencode({"do": do, "id": identifier})
    return Button(label=label, does=Does.POSTBACK, value=value, says=label)


def _digest(above: Sequence[Reminder]) -> Card:
    """Who is late with what, for those above."""
    lines = _late_lines(above)
    return Card(
        title=phrases.LATE_UNITS,
        body="\n".join(lines),
        note=phrases.LATE_UNITS_NOTE,
        tone=Tone.CARE,
        alt="\n".join([phrases.LATE_UNITS, *lines]),
    )


def _late_lines(above: Sequence[Reminder]) -> list[str]:
    units: dict[tuple[str, date], dict[str, None]] = {}
    for one in above:
        what = (one.deadline.title, one.deadline.end)
        units.setdefault(what, {})[one.deadline.unit] = None
    return [phrases.late_units(*what, list(found)) for what, found in units.items()]


def _urgency(reminder: Reminder) -> tuple[int, date, str]:
    return (_URGENCY.index(reminder.kind), reminder.deadline.end, reminder.deadline.id)
