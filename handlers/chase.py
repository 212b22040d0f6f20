"""預告, 催辦, 提醒紀錄: what will be sent and what it costs, whom to chase, what was sent to whom."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta

from bot import phrases
from bot.clock import TAIPEI, today
from bot.messages import (
    Button,
    Card,
    Cards,
    ChatKind,
    ChatRef,
    Incoming,
    IncomingKind,
    Message,
    Reply,
    Tone,
    say,
)
from bot.plans.deadlines import (
    Adjustment,
    Cycle,
    Deadline,
    Duty,
    deadline_of,
    duty_bearer,
    running_cycles,
)
from bot.plans.model import RocYear, Unit
from bot.store import acknowledgements, adjustments, audit, chases, reminders
from bot.store.acknowledgements import Ack
from bot.store.models import State
from bot.store.reminders import LedgerState
from handlers import deadlines, timeline
from handlers.admin import Refused, entry_named, narrow, refuse, says_word, unit_named
from handlers.context import Context
from handlers.timeline import tap

FORECAST, CHASE, ACCOUNT = "預告", "催辦", "提醒紀錄"

AHEAD = timedelta(days=14)
"""How far 預告 looks ahead, and how near something must be to be offered by 催辦."""

_TEXTS = (IncomingKind.TEXT, IncomingKind.EDITED)
_WORDS = (ACCOUNT, FORECAST, CHASE)
_ASK, _DO = "ask_chase", "chase"
_LONG_AGO, _FAR_AHEAD = timedelta(days=120), timedelta(days=60)  # for what is named
_OFFICE_HOURS = (time(8), time(18))
_LINES, _NAMED = 20, 12


def is_meant(message: Incoming, ctx: Context) -> bool:
    """Whether one of the words is said, or a button of 催辦 is tapped."""
    if message.kind is IncomingKind.POSTBACK:
        return message.data.get("do") in (_ASK, _DO)
    return message.kind in _TEXTS and says_word(message, _WORDS, ctx)


def answer(message: Incoming, ctx: Context) -> Reply:
    """Show or do it; whoever may not gets a sentence and an entry in the log."""
    text = narrow(message.text)
    word = next((one for one in _WORDS if text.startswith(one)), CHASE)
    if not ctx.is_admin(message.person):
        return refuse(word, message, ctx)
    rest = text[len(word) :].strip(" :\n")
    try:
        if message.kind is IncomingKind.POSTBACK:
            return _tapped(message, ctx)
        if word == CHASE:
            return _whom(rest, ctx)
        unit = unit_named(rest, ctx) if rest else None
        return _forecast(unit, ctx) if word == FORECAST else _account(unit, ctx)
    except Refused as refused:
        return say(str(refused))


# 預告


def _forecast(unit: Unit | None, ctx: Context) -> Reply:
    """Every reminder of the next days, a row a day, and what they cost."""
    bearer = duty_bearer(ctx.corpus.units, unit).name if unit else None
    outlook = ctx.speaking.preview(ctx.db, ctx.today, ctx.today + AHEAD, bearer)
    title = phrases.forecast_title(AHEAD.days, unit.name if unit else None)
    if not outlook.planned:
        return say(f"{title}：{phrases.NOTHING_PLANNED}")
    days: dict[str, dict[str, None]] = {}
    for one in outlook.planned[: _LINES * 5]:
        day = phrases.day_of(today(one.at), year=False)
        line = phrases.planned_line(one.unit, one.title, one.kind)
        days.setdefault(day, {})[line] = None
    guessed = len(_of_unknown_size(unit, ctx))
    cost = phrases.forecast_cost(len(outlook.planned), outlook.price, guessed=guessed)
    card = Card(
        title=title,
        rows=tuple((day, "\n".join(_some(list(lines)))) for day, lines in days.items()),
        note=f"{cost}\n{phrases.PERIODS_ARE_LEFT_OUT}",
    )
    return Reply(messages=(card,))


def _of_unknown_size(unit: Unit | None, ctx: Context) -> set[str]:
    """The groups whose price is a guess, since LINE has not said how many people are in them."""
    counted = reminders.sizes(ctx.db)
    chats = (chat for found in _places(unit, ctx).values() for chat in found)
    return {chat.id for chat in chats if chat.is_shared and chat.id not in counted}


def _some(lines: Sequence[str]) -> list[str]:
    more = len(lines) - _NAMED
    return [*lines[:_NAMED], *([phrases.further_deadlines(more)] if more > 0 else [])]


# 催辦


@dataclass(frozen=True, slots=True, kw_only=True)
class _Targets:
    """One thing that is owed: by whom, and where they can be told."""

    entry: str
    year: RocYear
    deadlines: list[Deadline] = field(default_factory=list)
    chats: dict[str, tuple[ChatRef, list[Deadline]]] = field(default_factory=dict)

    def price(self, ctx: Context) -> int:
        """What it costs to tell them: one message for every person in the chats."""
        return sum(ctx.speaking.price(ctx.db, chat) for chat, _ in self.chats.values())


def _whom(rest: str, ctx: Context) -> Reply:
    """Which thing, for whom: with one that is named the price, else what can be chased for."""
    unit = _last_unit(rest, ctx)
    item = rest.removesuffix(rest.split()[-1]).strip() if unit and rest else rest
    if item:
        entry = entry_named(item, ctx).id
        every = [one for one in _owed(unit, ctx, _FAR_AHEAD) if one.entry == entry]
    else:
        every = _owed(unit, ctx, AHEAD)
    if not every:
        return say(phrases.NOBODY_TO_CHASE)
    if len(every) == 1:
        return _ask(every[0], unit, ctx)
    buttons = [_choice(one, unit) for one in every[:8]]
    lines = [f"・{button.label}" for button in buttons]
    card = Card(
        title=phrases.CHASE_WHICH,
        body="\n".join(lines),
        buttons=tuple(buttons),
        alt="\n".join([phrases.CHASE_WHICH, *lines]),
    )
    return Reply(messages=(card,))


def _last_unit(rest: str, ctx: Context) -> Unit | None:
    return ctx.corpus.units.get(rest.split()[-1]) if rest else None


def _choice(targets: _Targets, unit: Unit | None) -> Button:
    label = phrases.chase_choice(targets.deadlines[0].title, len(targets.deadlines))
    return tap(label, do=_ASK, **_fields(targets, unit))


def _fields(targets: _Targets, unit: Unit | None) -> dict[str, str]:
    return {
        "entry": targets.entry,
        "year": str(targets.year),
        "unit": unit.name if unit else "",
    }


def _ask(targets: _Targets, unit: Unit | None, ctx: Context) -> Reply:
    """The price, and a button; nothing goes before it is tapped."""
    price = targets.price(ctx)
    counted = reminders.sizes(ctx.db)
    sure = all(not chat.is_shared or chat.id in counted for chat, _ in targets.chats.values())
    names = [one.unit for one in targets.deadlines]
    title = phrases.chase_title(targets.deadlines[0].title)
    rows = (
        (phrases.CHASE_WHOM, "、".join(_some(names))),
        (phrases.DUE, phrases.day_of(targets.deadlines[0].end)),
        (phrases.CHASE_PRICE, phrases.chase_cost(len(targets.chats), price, sure=sure)),
    )
    send = tap(phrases.CHASE_SEND, do=_DO, price=str(price), **_fields(targets, unit))
    card = Card(title=title, rows=rows, note=phrases.CHASE_NOTE, buttons=(send,), tone=Tone.CARE)
    return Reply(messages=(card,))


def _tapped(message: Incoming, ctx: Context) -> Reply:
    """Ask or send, on what is owed now; a price that has risen is shown anew."""
    unit = ctx.corpus.units.get(message.data.get("unit"))
    wanted = (message.data.get("entry"), message.data.get("year"))
    found = [one for one in _owed(unit, ctx, _FAR_AHEAD) if (one.entry, str(one.year)) == wanted]
    if not found:
        return say(phrases.NOBODY_TO_CHASE)
    targets = found[0]
    shown = message.data.get("price", "")
    if message.data["do"] == _ASK or not shown.isdecimal() or targets.price(ctx) > int(shown):
        return _ask(targets, unit, ctx)
    if not may_speak(ctx):
        return say(phrases.NOT_NOW)
    return _send(targets, message, ctx)


def _send(targets: _Targets, message: Incoming, ctx: Context) -> Reply:
    told, price = 0, 0
    for chat, owed in targets.chats.values():
        cost = ctx.speaking.price(ctx.db, chat)
        what = chases.message_of(targets.year, targets.entry, chat.id, ctx.today)
        reply = Reply(messages=(_chaser(owed, ctx),))
        if ctx.speaking.push(ctx.db, what, chat, reply, price=cost, now=ctx.now):
            told, price = told + 1, price + cost
    about = f"{targets.year}:{targets.entry}:{told} chats"
    audit.record(ctx.db, message.person, "chase", about, ctx.now)
    return say(phrases.chased(told, price) if told else phrases.CHASED_TODAY, worth_a_push=True)


def _chaser(owed: Sequence[Deadline], ctx: Context) -> Message:
    """What a chat is told."""
    cards = []
    for one in owed:
        card = timeline.detail(one, deadlines.seen_by(one.unit, [one], ctx))
        words = phrases.chaser(one.unit, one.title, one.end)
        cards.append(replace(card, body=phrases.CHASED_BODY, tone=Tone.CARE, alt=words))
    if len(cards) == 1:
        return cards[0]
    alt = "\n".join(card.alt for card in cards)
    return Cards(cards=tuple(cards), alt=alt, about=timeline.about(owed))


def may_speak(ctx: Context) -> bool:
    """Within office hours of a working day: nobody is chased at night or on a holiday."""
    workdays = ctx.dates.workdays(adjustments.day_overrides(ctx.db))
    moment = ctx.now.astimezone(TAIPEI).time()
    opens, closes = _OFFICE_HOURS
    return workdays.is_workday(ctx.today) and opens <= moment < closes


def _owed(unit: Unit | None, ctx: Context, ahead: timedelta) -> list[_Targets]:
    """What is late or soon due and not done by units that have a chat, the earliest first."""
    places = _places(unit, ctx)
    given = adjustments.adjustments(ctx.db)
    found: dict[tuple[str, int], _Targets] = {}
    for year in running_cycles(ctx.today):
        for one in _not_done(year, list(places), given, ahead, ctx):
            targets = found.setdefault(
                (one.entry, one.year), _Targets(entry=one.entry, year=one.year)
            )
            targets.deadlines.append(one)
            for chat in places[one.unit]:
                targets.chats.setdefault(chat.id, (chat, []))[1].append(one)
    return sorted(found.values(), key=lambda targets: min(one.end for one in targets.deadlines))


def _places(unit: Unit | None, ctx: Context) -> Mapping[str, list[ChatRef]]:
    """By unit that owes something the chats that hear of it."""
    only = duty_bearer(ctx.corpus.units, unit).name if unit else None
    found: dict[str, dict[str, ChatRef]] = {}
    for place in reminders.places(ctx.db, today=ctx.today):
        bound = ctx.corpus.units.get(place.unit)
        bearer = duty_bearer(ctx.corpus.units, bound).name if bound else None
        if bearer is not None and only in (None, bearer):
            found.setdefault(bearer, {})[place.chat.id] = place.chat
    return {name: list(chats.values()) for name, chats in found.items()}


def _not_done(
    year: RocYear,
    names: Sequence[str],
    given: Sequence[Adjustment],
    ahead: timedelta,
    ctx: Context,
) -> Iterator[Deadline]:
    cycle = Cycle(ctx.dates.schedules, year, given)
    first, last = ctx.today - _LONG_AGO, ctx.today + ahead
    for name in names:
        unit = ctx.corpus.units.get(name)
        every = cycle.of(unit) if unit else ()
        near = [one for one in every if one.duty is Duty.OWED and first <= one.end <= last]
        known = acknowledgements.state_of(ctx.db, name, [one.id for one in near])
        for one in near:
            if one.id not in known or known[one.id].what is not Ack.DONE:
                yield one


# 提醒紀錄


@dataclass(frozen=True, slots=True, kw_only=True)
class _Said:
    """Something that was said about a deadline."""

    at: datetime
    deadline: str
    what: str
    where: str
    became: str


def _account(unit: Unit | None, ctx: Context) -> Reply:
    """What was sent to whom, the newest first, and what was answered to it."""
    bearer = duty_bearer(ctx.corpus.units, unit).name if unit else None
    every = sorted(_said(bearer, ctx), key=lambda one: one.at, reverse=True)
    title = phrases.account_title(unit.name if unit else None)
    if not every:
        return say(f"{title}：{phrases.NOTHING_SENT}")
    given = adjustments.adjustments(ctx.db)
    lines = [_in_a_line(one, given, ctx) for one in every[:_LINES]]
    more = len(every) - _LINES
    note = phrases.further_deadlines(more) if more > 0 else ""
    card = Card(title=title, body="\n".join(lines), note=note)
    return Reply(messages=(card,))


def _said(bearer: str | None, ctx: Context) -> Iterator[_Said]:
    kinds = {place.chat.id: place.chat.kind for place in reminders.places(ctx.db, today=ctx.today)}
    for entry in reminders.said(ctx.db, unit=bearer):
        if entry.state in (LedgerState.SAID, LedgerState.HELD):
            yield _Said(
                at=entry.at,
                deadline=entry.deadline,
                what=phrases.REMINDER_KINDS[entry.kind],
                where=_where(kinds.get(entry.chat_id)),
                became=phrases.SENT if entry.state is LedgerState.SAID else phrases.KEPT_BACK,
            )
    for chase in chases.chased(ctx.db):
        for deadline in chase.deadlines:
            if bearer in (None, deadline.split(":", 2)[-1]):
                yield _Said(
                    at=chase.at,
                    deadline=deadline,
                    what=CHASE,
                    where=_where(kinds.get(chase.chat_id)),
                    became=_became(chase.state),
                )


def _became(state: State) -> str:
    if state in (State.DROPPED, State.FAILED):
        return phrases.NOT_SENT
    return phrases.KEPT_BACK if state is State.HELD else phrases.SENT


def _where(kind: ChatKind | None) -> str:
    return phrases.ONE_TO_ONE if kind is ChatKind.USER else phrases.IN_GROUP


def _in_a_line(one: _Said, given: Sequence[Adjustment], ctx: Context) -> str:
    unit = one.deadline.split(":", 2)[-1]
    deadline = deadline_of(ctx.dates.schedules, one.deadline, given)
    known = acknowledgements.state_of(ctx.db, unit, [one.deadline]).get(one.deadline)
    answered = None if known is None or known.what is Ack.OPEN else known
    return phrases.account_line(
        today(one.at),
        unit,
        deadline.title if deadline else one.deadline,
        one.what,
        one.where,
        one.became,
        timeline.state_words(answered) or phrases.UNANSWERED,
    )
