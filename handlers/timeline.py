"""Draws deadlines: a small timeline with a card for each, and the echo of what was said of one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from bot import clock, phrases
from bot.messages import Button, Card, Cards, Does, Message, Tone
from bot.plans import roc
from bot.plans.deadlines import Deadline, DeadlineKind, Duty
from bot.plans.workdays import Workdays
from bot.store.acknowledgements import Ack, Acknowledgement
from handlers.citing import cite_source, clipped, data

LISTED = 10
"""Deadlines on the first card, and each with a card of its own: LINE takes twelve cards."""

_ONE_LINE = 13  # letters of a title beside a day, so that the first card is no taller than others


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """From where deadlines are looked at: the day, the office calendar, what was answered."""

    today: date
    workdays: Workdays
    answers: Mapping[str, Acknowledgement]

    def state(self, deadline: Deadline) -> Acknowledgement | None:
        """The last answer that still says something."""
        last = self.answers.get(deadline.id)
        if last is None or last.what is Ack.OPEN:
            return None
        if last.what is Ack.SNOOZED and last.until is not None and last.until <= self.today:
            return None
        return last

    def is_done(self, deadline: Deadline) -> bool:
        """Whether it was reported as done."""
        state = self.state(deadline)
        return state is not None and state.what is Ack.DONE


def timeline(unit: str, deadlines: Sequence[Deadline], seen: Seen) -> Message:
    """A unit's deadlines side by side, first all of them on one card, a line each.

    Args:
        unit: whose they are, by its own name; a section's are its agency's.
        deadlines: at least one, nearest first.
    """
    cards = [detail(one, seen) for one in deadlines[:LISTED]]
    if len(cards) == 1:
        return cards[0]
    first = overview(unit, deadlines, seen)
    rows = tuple(_in_one_line(one, seen) for one in deadlines[:LISTED])
    first = replace(first, rows=rows)
    return Cards(cards=(first, *cards), alt=first.plain, about=first.about)


def overview(unit: str, every: Sequence[Deadline], seen: Seen) -> Card:
    """All deadlines on one card: the day, what, and how long there is."""
    deadlines, more = every[:LISTED], len(every) - LISTED
    rows = [(phrases.day_of(one.end, year=False), _in_short(one, seen)) for one in deadlines]
    notes = [phrases.same_as(deadlines[0].unit)] if deadlines[0].unit != unit else []
    duties = {one.duty for one in deadlines}
    if Duty.TAKES_PLACE in duties and len(duties) > 1:
        notes.append(phrases.PERIODS_ARE_NOT_CHASED)
    if more > 0:
        notes.append(phrases.further_deadlines(more))
    title = phrases.deadlines_title(unit)
    lines = [
        f"{phrases.span(one.start, one.end)} {_in_short(one, seen)}（{cite_source(one.source)}）"
        for one in deadlines
    ]
    details = [note for one in deadlines for note in _alt_notes(one, seen)]
    return Card(
        kicker=phrases.day_of(seen.today),
        title=title,
        rows=tuple(rows),
        note="\n".join(notes),
        about=about(deadlines),
        alt="\n".join([title, *lines, *dict.fromkeys(details), *notes]),
    )


def detail(deadline: Deadline, seen: Seen) -> Card:
    """A deadline: when, how long there is, what moved it, the clause, and what one can do."""
    happens = deadline.duty is Duty.TAKES_PLACE
    rows = [
        (phrases.PERIOD if happens else phrases.DUE, phrases.span(deadline.start, deadline.end)),
        (phrases.LEFT, _left(deadline, seen)),
    ]
    if state := state_words(seen.state(deadline)):
        rows.append((phrases.NOTED, state))
    if deadline.moved_from is not None:
        rows.append((phrases.ADJUSTED, phrases.was_moved(*deadline.moved_from, deadline.reason)))
    if general := _general(deadline):
        rows.append((phrases.GENERAL, general))
    rows.append((phrases.BASIS, cite_source(deadline.source)))
    return Card(
        kicker=f"{deadline.unit} · {deadline.year}年度",
        title=_title(deadline),
        rows=tuple(rows),
        note="\n".join(notes(deadline, seen)),
        buttons=tuple(_buttons(deadline, seen)),
        tone=_tone(deadline, seen),
        about=about([deadline]),
    )


def echo(deadline: Deadline, words: tuple[str, str], *, undo: bool = True) -> Card:
    """What was taken down about a deadline, with a way back.

    Args:
        words: title and body.
    """
    title, body = words
    back = tap(phrases.UNDO, do="undo", id=deadline.id)
    return Card(
        kicker=f"{deadline.unit} · {phrases.span(deadline.start, deadline.end)}",
        title=title,
        body=body,
        buttons=(back,) if undo else (),
        tone=Tone.GOOD,
        about=about([deadline]),
        alt=f"{title}\n{body}",
    )


def about(deadlines: Sequence[Deadline]) -> str:
    """What quoting a message about these deadlines refers to."""
    ids = ",".join(one.id for one in deadlines)
    return f"deadline:{ids}" if len(deadlines) == 1 else f"deadlines:{ids}"


def choice(title: str, deadlines: Sequence[Deadline], do: str, **fields: str) -> Card:
    """Which of several is meant.

    Args:
        fields: what else a button tells.
    """
    buttons = [tap(clipped(one.title, 20), do=do, id=one.id, **fields) for one in deadlines]
    lines = [f"・{one.title}（{phrases.day_of(one.end)}）" for one in deadlines]
    return Card(title=title, buttons=tuple(buttons), alt="\n".join([title, *lines]))


def tap(label: str, **fields: str) -> Button:
    """A button for the bot."""
    return Button(label=label, does=Does.POSTBACK, value=data(**fields), says=label)


def state_words(state: Acknowledgement | None) -> str:
    """What was answered, with its day; empty for nothing."""
    if state is None:
        return ""
    if state.what is Ack.SNOOZED and state.until is not None:
        return phrases.reminds_on(state.until)
    words = phrases.STATE_DONE if state.what is Ack.DONE else phrases.STATE_SEEN
    return phrases.noted_on(words, clock.today(state.at))


def _title(deadline: Deadline) -> str:
    return (phrases.ADJUSTED_MARK if deadline.adjusted else "") + deadline.title


def _in_short(deadline: Deadline, seen: Seen) -> str:
    left = phrases.STATE_DONE if seen.is_done(deadline) else _left(deadline, seen)
    return f"{_title(deadline)}：{left}"


def _in_one_line(deadline: Deadline, seen: Seen) -> tuple[str, str]:
    owed = deadline.duty is not Duty.TAKES_PLACE
    day = phrases.short_day(deadline.end, ends_period=not owed)
    late = owed and deadline.end < seen.today
    mark = phrases.list_mark(done=seen.is_done(deadline), late=late)
    return day, clipped(mark + phrases.short_title(_title(deadline)), _ONE_LINE)


def _left(deadline: Deadline, seen: Seen) -> str:
    owed = deadline.duty is not Duty.TAKES_PLACE
    return phrases.days_left(deadline.start, deadline.end, seen.today, owed=owed)


def _general(deadline: Deadline) -> str:
    general = deadline.general
    if general is None or (general.start, general.end) == (deadline.start, deadline.end):
        return ""
    return phrases.general_rule(general.start, general.end, cite_source(general.source))


def notes(deadline: Deadline, seen: Seen) -> Iterator[str]:
    """Small print: of which units, and what the office calendar says of its last day."""
    if deadline.for_whom:
        yield deadline.for_whom
    if deadline.duty is Duty.TAKES_PLACE and deadline.kind is not DeadlineKind.COURTESY_TEST:
        yield phrases.ONLY_ITS_BEGINNING_IS_SAID
    day, workdays = deadline.end, seen.workdays
    if not workdays.covers(day):
        return
    estimated = workdays.is_estimated(day)
    if not workdays.is_workday(day) and day > workdays.first:
        before = workdays.on_or_before(day)
        yield phrases.falls_on_day_off(day, workdays.name_of(day), before, estimated=estimated)
    if estimated:
        yield phrases.calendar_is_estimated(roc.from_western(day.year))


def _alt_notes(deadline: Deadline, seen: Seen) -> Iterator[str]:
    """What a list in plain words has to add."""
    if deadline.moved_from is not None:
        moved = phrases.was_moved(*deadline.moved_from, deadline.reason)
        yield f"{phrases.ADJUSTED_MARK}{deadline.title}{moved}"
    if general := _general(deadline):
        yield f"{deadline.title}的{phrases.GENERAL}：{general}"
    if seen.workdays.covers(deadline.end) and seen.workdays.is_estimated(deadline.end):
        yield phrases.calendar_is_estimated(roc.from_western(deadline.end.year))


def _buttons(deadline: Deadline, seen: Seen) -> Iterator[Button]:
    state = seen.state(deadline)
    if state is not None and state.what is not Ack.SNOOZED:
        yield tap(phrases.UNDO, do="undo", id=deadline.id)
    elif deadline.duty is Duty.TAKES_PLACE:
        yield tap(phrases.SEEN, do="seen", id=deadline.id)
    else:
        yield tap(phrases.DONE, do="done", id=deadline.id)
    if not seen.is_done(deadline):
        yield tap(phrases.REMIND, do="remind", id=deadline.id)
    yield tap(phrases.READ_IT, do="clause", id=deadline.source.clause)


def _tone(deadline: Deadline, seen: Seen) -> Tone:
    if seen.is_done(deadline):
        return Tone.GOOD
    is_late = deadline.end < seen.today and deadline.duty is not Duty.TAKES_PLACE
    return Tone.CARE if is_late else Tone.NORMAL
