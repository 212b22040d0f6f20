"""期限: what is due next; and what people answer to it: done, seen, later, taken back."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta

from bot import phrases
from bot.messages import Button, Card, Incoming, IncomingKind, Message, Reply, Text, say
from bot.plans import typed_dates
from bot.plans.deadlines import (
    Adjustment,
    Deadline,
    Duty,
    deadline_of,
    deadlines_of,
    duty_bearer,
    running_cycles,
    upcoming,
)
from bot.plans.model import RocYear, Unit, UnitLevel
from bot.store import acknowledgements, adjustments, chases, reminders
from bot.store.acknowledgements import Ack
from bot.store.reminders import LedgerState
from handlers import recording, talk, timeline
from handlers.addressing import plain
from handlers.context import Context
from handlers.timeline import Seen

LATE_DAYS = 90
"""How long something that was not done stands in the list after its day."""

SOON = timedelta(days=30)
"""How near something must be to be meant by 「完成了」 where nothing is named."""

JUST = timedelta(days=7)
"""For how long after its reminder the only thing that may be meant needs no question."""

_SOON_DAYS = 92
_HORIZON = timedelta(days=365)  # further on everything comes again
_ASKS = re.compile(
    r"(?:(?:我們|我們單位|我|本單位|單位|最近|接下來)的?)?(?:期限|期限表|作業期程表)(?:有哪些|呢)?"
    r"|(?:那|啊)?(?:我們(?:單位|[科室處課局所組]|中心|公所)?|本[科室處課局所]|最近|接下來|今年)的?"
    r"(?:還?有)?(?:哪些|什麼)?(?:期限|截止日)(?:要注意|快到|快到了)?(?:有哪些|呢|嗎)?"
    r"|(?:還?有)(?:哪些|什麼)(?:期限|截止日)(?:要注意)?(?:呢|嗎)?"
    r"|(?:.{0,12}[,， ])?(?:今年|這個月|本月|最近|接下來|我們|還)*有?(?:哪些|什麼|啥)(?:東西|資料|報告|文件)?"
    r"(?:是?要|該|需要)(?:交|繳|報|提報|繳交)的?(?:呢|嗎|啊)?"
    r"|(?:今年|這個月|本月|最近|接下來|我們|還)*(?:要|該)(?:交|繳|繳交)(?:什麼|哪些)(?:東西|資料|報告|文件)?(?:呢|啊)?"
)
_OF_A_UNIT = re.compile(r"(?:期限\s+(\S+)|(\S+?)(?:的|有哪些|有什麼)期限(?:要注意)?(?:呢|嗎)?)")
_DONE = re.compile(
    r"(?:我們?|這項|這個|這件|都|全部)?(?:已經|已)?(?:完成|做完|做好|辦完|辦好|辦理完成|繳交|交出去|交|送出|送出去)了"
    r"|已完成|已辦理|已繳交|已送出|完成|done"
)  # fmt: skip
_SEEN = re.compile(r"知道了|收到了?|了解|瞭解|看到了|已知悉|知悉|好的?")
_UNDO = re.compile(r"復原|按錯了?|還沒完成|還沒做完|取消完成")
_LATER = re.compile(r"(?P<before>.*?)(?:再|請)*提醒(?:我們?)?(?P<after>.*)", re.DOTALL)
_A_DAY = (
    r"(?:今天|明天|後天|下[週周]|一[週周]後|[\d一二三四五六七八九十]{1,3}\s*[天日]後"
    r"|\d{1,2}\s*[月/]\s*\d{1,2}\s*日?)"
)
_REMIND = re.compile(
    rf"(?:請|麻煩)?再?提醒(?:我們?|一下)?\W*(?:{_A_DAY})?|{_A_DAY}再?提醒(?:我們?|一下)?"
)
_MOST_TO_CHOOSE = 8
_IN_DAYS = re.compile(r"(\d{1,2})\s*(?:天|日後)")
_WORDS_FOR_DAYS = {"今天": 0, "明天": 1, "後天": 2, "下週": 7, "下周": 7, "一週後": 7, "一周後": 7}
_OFFERED = (1, 3, 7)

_TAPS = frozenset({"done", "seen", "remind", "snooze", "undo"})


def is_meant(message: Incoming, ctx: Context) -> bool:
    """Whether somebody asks for the next deadlines, by the word alone or with a unit's name."""
    if message.kind not in (IncomingKind.TEXT, IncomingKind.EDITED):
        return False
    text = plain(message.text)
    return _ASKS.fullmatch(text) is not None or _unit_in(text, ctx) is not None


def show(message: Incoming, ctx: Context) -> Reply:
    """The next deadlines of the unit that is named, else of the chat's units, else the city's."""
    assert message.chat is not None
    named = _unit_in(plain(message.text), ctx)
    names = (named.name,) if named else ctx.units_of(message.chat)
    units = [unit for name in names if (unit := ctx.corpus.units.get(name)) is not None]
    if not units:
        how = phrases.unbound_deadlines(shared=message.chat.is_shared)
        return Reply(messages=(Text(text=how), *_city(ctx)))
    talk.keep_deadlines(_next(units[0], ctx), message, ctx)
    return Reply(messages=tuple(_of_unit(unit, ctx) for unit in units[:3]))


def is_said(message: Incoming, ctx: Context) -> bool:
    """Whether words answer a quoted deadline, or say that something is done."""
    if message.kind not in (IncomingKind.TEXT, IncomingKind.EDITED) or message.chat is None:
        return False
    text = plain(message.text)
    if message.quoted_message_id is not None and _quoted(message, ctx):
        return _said(text) is not None
    if _REMIND.fullmatch(text) is not None:
        return True
    return _DONE.fullmatch(text) is not None and bool(ctx.units_of(message.chat))


def is_an_answer(text: str) -> bool:
    """Whether words say nothing but that something is done, seen, to come later or open again."""
    bare = plain(text)
    return any(one.fullmatch(bare) for one in (_UNDO, _DONE, _SEEN, _REMIND))


def said(message: Incoming, ctx: Context) -> Reply:
    """Take down what was said of the quoted deadline; of several ask which."""
    what = _said(plain(message.text)) or "done"
    found = _quoted(message, ctx) or (_talked_about(message, ctx) if what == "remind" else [])
    if what == "done" and len(found) != 1:
        return _finished(found, message, ctx)
    if not found:
        found = _open_ones(message, ctx)
        if not found:
            return say(_why_none(message, ctx))
        return _which(what, found, message, ctx)
    if len(found) > 1:
        return _which(what, found, message, ctx)
    return _take(what, found[0], message, ctx)


def _finished(quoted: Sequence[Deadline], message: Incoming, ctx: Context) -> Reply:
    """「完成了」 without one quoted deadline: of what is owed, not done, and late or soon due.

    The only one that may be meant is taken at once if it was quoted among others, or if the chat
    was just reminded of it.
    """
    assert message.chat is not None
    found = _to_finish(quoted, ctx) if quoted else _near(_open_ones(message, ctx), ctx)
    if not found:
        return say(phrases.nothing_to_finish(SOON.days, shared=message.chat.is_shared))
    if len(found) == 1 and (quoted or _was_just_reminded(found[0], message, ctx)):
        return _take("done", found[0], message, ctx)
    return _which("done", found, message, ctx)


def _why_none(message: Incoming, ctx: Context) -> str:
    assert message.chat is not None
    if ctx.units_of(message.chat):
        return phrases.NO_DEADLINES
    return phrases.not_bound_yet(shared=message.chat.is_shared)


def _which(what: str, found: Sequence[Deadline], message: Incoming, ctx: Context) -> Reply:
    """Which of several is meant; a day that was named goes with the choice."""
    title = phrases.WHICH_DONE if what == "done" else phrases.WHICH_ONE
    until = _day_in(plain(message.text), found[0], ctx) if what == "remind" else None
    if until is None:
        return Reply(messages=(timeline.choice(title, found, what),))
    open_then = [one for one in found if one.end < ctx.today or until <= one.end][:_MOST_TO_CHOOSE]
    if not open_then:
        return say(phrases.NOT_SNOOZED)
    card = timeline.choice(title, open_then, "snooze", until=until.isoformat())
    return Reply(messages=(card,))


def _talked_about(message: Incoming, ctx: Context) -> list[Deadline]:
    """The deadlines of the last answer in this conversation."""
    given = adjustments.adjustments(ctx.db)
    ids = talk.of(message, ctx).get("deadlines", [])
    found = (deadline_of(ctx.dates.schedules, one, given) for one in ids)
    return [one for one in found if one is not None and _may(one, message, ctx)]


def is_tapped(message: Incoming, ctx: Context) -> bool:
    """Whether a button under a deadline was tapped."""
    return message.kind is IncomingKind.POSTBACK and message.data.get("do") in _TAPS


def tapped(message: Incoming, ctx: Context) -> Reply:
    """What the button says about its deadline."""
    given = adjustments.adjustments(ctx.db)
    deadline = deadline_of(ctx.dates.schedules, message.data.get("id", ""), given)
    if deadline is None:
        return say(phrases.NOT_LONGER_HERE)
    return _take(message.data["do"], deadline, message, ctx)


def seen_by(unit: str, deadlines: Sequence[Deadline], ctx: Context) -> Seen:
    """How deadlines of a unit look today."""
    answers = acknowledgements.state_of(ctx.db, unit, [one.id for one in deadlines])
    overrides = adjustments.day_overrides(ctx.db)
    return Seen(today=ctx.today, workdays=ctx.dates.workdays(overrides), answers=answers)


def _unit_in(text: str, ctx: Context) -> Unit | None:
    match = _OF_A_UNIT.fullmatch(text)
    return ctx.corpus.units.get(match[1] or match[2]) if match else None


def _of_unit(unit: Unit, ctx: Context) -> Message:
    deadlines = _next(unit, ctx)
    if not deadlines:
        return Text(text=f"{phrases.deadlines_title(unit.name)}：{phrases.NO_DEADLINES}")
    return timeline.timeline(unit.name, deadlines, seen_by(deadlines[0].unit, deadlines, ctx))


def _city(ctx: Context) -> tuple[Message, ...]:
    city = next((one for one in ctx.corpus.units if one.level is UnitLevel.CITY), None)
    deadlines = _next(city, ctx) if city else ()
    if city is None or not deadlines:
        return ()
    return (timeline.overview(city.name, deadlines, seen_by(city.name, deadlines, ctx)),)


def _next(unit: Unit, ctx: Context) -> tuple[Deadline, ...]:
    """What is late and owed and not done, then a year of what comes, nearest first, done last."""
    given = adjustments.adjustments(ctx.db)
    horizon = ctx.today + _HORIZON
    coming = [
        one for one in upcoming(ctx.dates.schedules, unit, ctx.today, given) if one.end < horizon
    ]
    late = _late(unit, given, ctx)
    if not (late or coming):
        return ()
    bearer = duty_bearer(ctx.corpus.units, unit)
    seen = seen_by(bearer.name, (*late, *coming), ctx)
    open_late = [one for one in late if not seen.is_done(one)]
    soon = sorted(coming, key=lambda one: (seen.is_done(one), one.end, one.start))
    return (*open_late, *soon)


def _late(unit: Unit, given: Sequence[Adjustment], ctx: Context) -> list[Deadline]:
    """What was owed in the running cycles and ended not too long ago."""
    oldest = ctx.today - timedelta(days=LATE_DAYS)
    every = [one for year in running_cycles(ctx.today) for one in _over(unit, year, given, ctx)]
    return sorted((one for one in every if oldest <= one.end), key=lambda one: one.end)


def _over(unit: Unit, year: RocYear, given: Sequence[Adjustment], ctx: Context) -> list[Deadline]:
    """What was owed in a cycle and is over, however long."""
    every = deadlines_of(ctx.dates.schedules, unit, year, given)
    return [one for one in every if one.duty is Duty.OWED and one.end < ctx.today]


def _open_ones(message: Incoming, ctx: Context) -> list[Deadline]:
    """What may be meant by a bare 「完成了」: owed by the chat's units, late or soon, not done.

    What is late counts however old it is in this year's cycle, for 進度 shows it all year.
    """
    assert message.chat is not None
    given, year = adjustments.adjustments(ctx.db), running_cycles(ctx.today)[-1]
    until = ctx.today + timedelta(days=_SOON_DAYS)
    found: dict[str, Deadline] = {}
    for name in ctx.units_of(message.chat):
        unit = ctx.corpus.units.get(name)
        if unit is None:
            continue
        for one in (*_next(unit, ctx), *_over(unit, year, given, ctx)):
            if one.duty is not Duty.TAKES_PLACE and one.end <= until:
                found[one.id] = one
    if not found:
        return []
    answers = [
        seen_by(unit, list(found.values()), ctx) for unit in {one.unit for one in found.values()}
    ]
    still = [one for one in found.values() if not any(seen.is_done(one) for seen in answers)]
    return still[:8]


def _to_finish(quoted: Sequence[Deadline], ctx: Context) -> list[Deadline]:
    """Of several quoted deadlines what is owed and not done: what is near, else what is far."""
    still = [
        one
        for one in quoted
        if one.duty is not Duty.TAKES_PLACE and not seen_by(one.unit, [one], ctx).is_done(one)
    ]
    return (_near(still, ctx) or still)[:_MOST_TO_CHOOSE]


def _near(deadlines: Sequence[Deadline], ctx: Context) -> list[Deadline]:
    return [one for one in deadlines if one.end <= ctx.today + SOON]


def _was_just_reminded(deadline: Deadline, message: Incoming, ctx: Context) -> bool:
    """Whether the chat was told of the deadline of late, by itself or by 催辦."""
    assert message.chat is not None
    since = ctx.now - JUST
    told = reminders.said(ctx.db, unit=deadline.unit, chat=message.chat)
    by_itself = any(
        one.deadline == deadline.id and one.state is LedgerState.SAID and one.at >= since
        for one in told
    )
    return by_itself or any(
        one.chat_id == message.chat.id and deadline.id in one.deadlines and one.at >= since
        for one in chases.chased(ctx.db)
    )


def _quoted(message: Incoming, ctx: Context) -> list[Deadline]:
    """The deadlines that the quoted message of ours was about."""
    kind, _, ids = (ctx.about(message) or "").partition(":")
    if kind not in ("deadline", "deadlines"):
        return []
    given = adjustments.adjustments(ctx.db)
    found = (deadline_of(ctx.dates.schedules, one, given) for one in ids.split(","))
    return [one for one in found if one is not None]


def _said(text: str) -> str | None:
    if _UNDO.fullmatch(text):
        return "undo"
    if _DONE.fullmatch(text):
        return "done"
    if _SEEN.fullmatch(text):
        return "seen"
    return "remind" if "提醒" in text and len(text) <= 24 else None


def _take(what: str, deadline: Deadline, message: Incoming, ctx: Context) -> Reply:
    """Take down an answer, or offer what it needs."""
    if not _may(deadline, message, ctx):
        return say(phrases.NOT_THIS_UNITS)
    if what == "remind":
        return _remind(deadline, message, ctx)
    if what == "snooze":
        return _snooze(deadline, _day(message.data.get("until", "")), message, ctx)
    if what == "undo":
        return _undo(deadline, message, ctx)
    if what == "done" and deadline.duty is not Duty.TAKES_PLACE:
        _record(Ack.DONE, deadline, message, ctx)
        recording.finished(deadline, message, ctx)
        words = phrases.done_echo(deadline.title)
    else:
        _record(Ack.SEEN, deadline, message, ctx)
        words = phrases.seen_echo(deadline.title)
    return Reply(messages=(timeline.echo(deadline, words),), worth_a_push=True)


def _may(deadline: Deadline, message: Incoming, ctx: Context) -> bool:
    """Whether the deadline is one of the chat's units, or an administrator speaks."""
    assert message.chat is not None
    units = (ctx.corpus.units.get(name) for name in ctx.units_of(message.chat))
    bearers = {duty_bearer(ctx.corpus.units, unit).name for unit in units if unit}
    return deadline.unit in bearers or ctx.is_admin(message.person)


def _record(
    what: Ack, deadline: Deadline, message: Incoming, ctx: Context, until: date | None = None
) -> None:
    acknowledgements.record(
        ctx.db,
        deadline=deadline.id,
        unit=deadline.unit,
        what=what,
        by=message.person,
        chat=message.chat,
        now=ctx.now,
        until=until,
    )


def _undo(deadline: Deadline, message: Incoming, ctx: Context) -> Reply:
    seen = seen_by(deadline.unit, [deadline], ctx)
    if seen.state(deadline) is None:
        return say(phrases.ALREADY_OPEN)
    _record(Ack.OPEN, deadline, message, ctx)
    recording.reopened(deadline, message, ctx)
    card = timeline.echo(deadline, phrases.undone_echo(deadline.title), undo=False)
    return Reply(messages=(card,), worth_a_push=True)


def _remind(deadline: Deadline, message: Incoming, ctx: Context) -> Reply:
    """Put it off to the day in the words; without one offer some days."""
    until = _day_in(plain(message.text), deadline, ctx)
    if until is not None:
        return _snooze(deadline, until, message, ctx)
    buttons = tuple(_later(day, deadline) for day in _days_to_offer(deadline, ctx))
    if not buttons:
        return say(phrases.NOT_SNOOZED)
    card = Card(
        kicker=deadline.title,
        title=phrases.WHEN_TO_REMIND,
        buttons=buttons,
        about=timeline.about([deadline]),
        alt="\n".join([phrases.WHEN_TO_REMIND, *(button.label for button in buttons)]),
    )
    return Reply(messages=(card,))


def _snooze(deadline: Deadline, until: date | None, message: Incoming, ctx: Context) -> Reply:
    is_late = deadline.end < ctx.today
    last = ctx.today + timedelta(days=30) if is_late else deadline.end
    if until is None or not ctx.today < until <= last:
        return say(phrases.NOT_SNOOZED)
    _record(Ack.SNOOZED, deadline, message, ctx, until)
    words = phrases.snoozed_echo(deadline.title, until)
    return Reply(messages=(timeline.echo(deadline, words),), worth_a_push=True)


def _day_in(text: str, deadline: Deadline, ctx: Context) -> date | None:
    """The day that a text names, None when it names none."""
    match = _LATER.fullmatch(text)
    if match is None:
        return None
    words = typed_dates.in_digits(match["before"] + match["after"])
    for word, days in _WORDS_FOR_DAYS.items():
        if word in words:
            return ctx.today + timedelta(days=days)
    if in_days := _IN_DAYS.search(words):
        return ctx.today + timedelta(days=int(in_days[1]))
    try:
        typed = typed_dates.find(words)
        return typed.near(ctx.today)[1] if typed else None
    except typed_dates.ImpossibleDate:
        return None


def _days_to_offer(deadline: Deadline, ctx: Context) -> list[date]:
    """The next working days one, three and seven days from now, and three before the end."""
    workdays = ctx.dates.workdays(adjustments.day_overrides(ctx.db))
    found = [workdays.next_workday(ctx.today + timedelta(days=n - 1)) for n in _OFFERED]
    if workdays.covers(deadline.end) and deadline.end > ctx.today:
        found.append(workdays.minus(deadline.end, 3))
    is_late = deadline.end < ctx.today
    good = {day for day in found if day > ctx.today and (is_late or day <= deadline.end)}
    return sorted(good)


def _later(day: date, deadline: Deadline) -> Button:
    label = phrases.day_of(day, year=False)
    return timeline.tap(label, do="snooze", id=deadline.id, until=day.isoformat())


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
