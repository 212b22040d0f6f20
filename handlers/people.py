"""代理人, 結束代理, 交接, 我是誰: who speaks for a unit while its officer is away, or for good."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from bot import phrases, phrases_reports
from bot.messages import (
    Button,
    Card,
    ChatKind,
    ChatRef,
    Does,
    Incoming,
    IncomingKind,
    Reply,
    Text,
    Tone,
    say,
)
from bot.plans import typed_dates, typed_periods
from bot.plans.model import Unit
from bot.plans.typed_periods import TypedPeriod
from bot.store import audit, chats, codes, progress
from bot.store.chats import Bound
from bot.store.codes import Redeemed, Role
from handlers import units
from handlers.addressing import plain
from handlers.admin import narrow
from handlers.context import Context
from handlers.timeline import tap

SUBSTITUTE, END, HAND_OVER, WHO_AM_I = "代理人", "結束代理", "交接", "我是誰"

PATIENCE = timedelta(minutes=5)
"""How long the bot waits for the days of a substitute."""

LONGEST = timedelta(days=366)

_TEXTS = (IncomingKind.TEXT, IncomingKind.EDITED)
_TOPIC = "substitute"
_APPOINT, _DISMISS = "appoint", "dismiss"
_CHOICES = {"今天": 1, "三天": 3, "一週": 7, "兩週": 14}
_WHO = frozenset({WHO_AM_I, "我的權限", "我有什麼權限", "我可以做什麼", "我代表誰"})
_CANCEL = "取消"
_WORDS = (
    (END, re.compile(r"(?:結束|取消|停止|解除|提早結束)(?:職務)?代理人?")),
    (HAND_OVER, re.compile(r"(?:職務|業務)?(?:交接|移交)給?")),
    (SUBSTITUTE, re.compile(r"(?:職務)?代理人?")),
)
_FILLERS = re.compile(r"[\s,，、;；:：。()（）]|請|由|是|為|擔任")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Said:
    """One of the words, and what stands around it."""

    word: str
    rest: str


def is_meant(message: Incoming, ctx: Context) -> bool:
    """Whether one of the words is said, or a button under an answer is tapped."""
    if message.kind is IncomingKind.POSTBACK:
        return message.data.get("do") in (_APPOINT, _DISMISS)
    return message.kind in _TEXTS and _said(message, ctx) is not None


def is_awaited(message: Incoming, ctx: Context) -> bool:
    """Whether the text gives the days that the bot has asked for, and nothing else.

    The words are looked at first: most of what people say in a group is nothing of the kind.
    """
    if message.kind not in _TEXTS or not _is_days_alone(message.text, ctx.today):
        return False
    return ctx.recall(message, topic=_TOPIC) is not None


def answer(message: Incoming, ctx: Context) -> Reply:
    """Do it, or say how it is done."""
    assert message.chat is not None
    if message.kind is IncomingKind.POSTBACK:
        return _tapped(message, ctx)
    said = _said(message, ctx)
    assert said is not None
    if said.word == WHO_AM_I:
        return Reply(messages=(_who_am_i(message, ctx),))
    do = {SUBSTITUTE: _substitute, END: _end, HAND_OVER: _hand_over}[said.word]
    if said.word != END and (refusal := _may_not(message.chat, ctx)):
        return say(refusal)
    return do(message, said, ctx)


def typed(message: Incoming, ctx: Context) -> Reply:
    """The days that the bot has asked for, or that it is left."""
    assert message.chat is not None
    waiting = ctx.recall(message, topic=_TOPIC)
    assert waiting is not None
    ctx.forget(message, topic=_TOPIC)
    if plain(message.text) == _CANCEL:
        return say(phrases_reports.NO_SUBSTITUTE_NOW)
    period = typed_periods.read(message.text, ctx.today)
    assert period is not None
    mine = [name for name in waiting["units"] if name in ctx.lasting_units_of(message.chat)]
    return _appoint(waiting["who"], mine, period, message, ctx)


def _is_days_alone(text: str, today: date) -> bool:
    if plain(text) == _CANCEL:
        return True
    try:
        period = typed_periods.read(text, today)
    except typed_dates.ImpossibleDate:
        return False
    return period is not None and not _FILLERS.sub("", period.rest)


def _said(message: Incoming, ctx: Context) -> _Said | None:
    """The word that is meant. A question about one of them is none."""
    text = narrow(message.text)
    if plain(text) in _WHO:
        return _Said(word=WHO_AM_I, rest="")
    if text.endswith("?"):
        return None
    for word, pattern in _WORDS:
        match = pattern.search(text) if message.mentions else pattern.match(text)
        if match is None:
            continue
        rest = f"{text[: match.start()]} {text[match.end() :]}"
        said = _Said(word=word, rest=rest)
        is_first = match.start() == 0
        if is_first and (
            message.mentions or (word == SUBSTITUTE and text[match.end() :][:1] == " ")
        ):
            return said
        return said if _is_order(said, ctx) else None
    return None


def _is_order(said: _Said, ctx: Context) -> bool:
    """Whether nothing else is said than the word, days and units."""
    try:
        period = typed_periods.read(said.rest, ctx.today)
    except typed_dates.ImpossibleDate:
        return True
    words = units.words_of(period.rest if period else said.rest)
    return not _FILLERS.sub("", "".join(one for one in words if not ctx.corpus.units.get(one)))


def _may_not(chat: ChatRef, ctx: Context) -> str | None:
    """Why nobody can be named from this chat; a substitute names no substitutes."""
    if ctx.lasting_units_of(chat):
        return None
    if ctx.units_of(chat):
        return phrases_reports.SUBSTITUTE_MAY_NOT
    return phrases.how_to_bind(shared=chat.is_shared)


# 代理人


def _substitute(message: Incoming, said: _Said, ctx: Context) -> Reply:
    assert message.chat is not None
    try:
        period = typed_periods.read(said.rest, ctx.today)
    except typed_dates.ImpossibleDate as wrong:
        return say(phrases.no_such_date(wrong.words))
    if not message.chat.is_shared:
        unit = _own_unit(message, "指定代理人", ctx)
        if isinstance(unit, Reply):
            return unit
        return _for_whom("", [unit.name], period, message, ctx)
    if len(message.mentions) != 1:
        return say(phrases_reports.whom_to_mention(SUBSTITUTE, several=bool(message.mentions)))
    mine = ctx.lasting_units_of(message.chat)
    named = [one for one in mine if _names(period.rest if period else said.rest, one, ctx)]
    return _for_whom(message.mentions[0], named or mine, period, message, ctx)


def _for_whom(
    who: str, mine: Sequence[str], period: TypedPeriod | None, message: Incoming, ctx: Context
) -> Reply:
    if period is not None:
        return _appoint(who, mine, period, message, ctx)
    waiting = {"who": who, "units": list(mine), "message_id": message.message_id}
    ctx.remember(message, waiting, topic=_TOPIC, lifetime=PATIENCE)
    unit = mine[0] if len(mine) == 1 else ""
    buttons = tuple(
        tap(label, do=_APPOINT, days=str(days), who=who, unit=unit)
        for label, days in _CHOICES.items()
    )
    card = Card(
        title=phrases_reports.HOW_LONG,
        body=phrases_reports.HOW_TO_TYPE_DAYS,
        note="" if who else phrases_reports.CODE_COMES,
        buttons=buttons,
    )
    return Reply(messages=(card,))


def _appoint(
    who: str, mine: Sequence[str], period: TypedPeriod, message: Incoming, ctx: Context
) -> Reply:
    """Name the substitute, or (of nobody) give a code for one."""
    starts, ends = max(period.starts, ctx.today), period.ends
    if fault := _fault(period, ctx.today):
        return say(fault)
    if not mine:
        return say(phrases.NOT_LONGER_HERE)
    if not who:
        return _give_code(mine[0], message, ctx, starts=starts, ends=ends)
    chat = ChatRef(kind=ChatKind.USER, id=who)
    by = message.person
    named = [
        unit
        for unit in mine
        if chats.appoint(ctx.db, chat, unit, starts=starts, ends=ends, by=by, now=ctx.now)
    ]
    if not named:
        return say(phrases_reports.speaks_anyway(mine))
    words = phrases_reports.substitute_named(
        named, starts, ends, known=chats.is_active(ctx.db, who), shared=_is_shared(message)
    )
    button = Button(label=END, does=Does.SAY, value=phrases.called(END, shared=_is_shared(message)))
    return Reply(messages=(Text(text=words, quick=(button,), mentions=(who,)),), worth_a_push=True)


def _fault(period: TypedPeriod, today: date) -> str | None:
    """What is wrong with the days of a substitute."""
    if period.ends < period.starts:
        return phrases.ends_before_start(period.starts, period.ends)
    if period.ends < today:
        return phrases_reports.days_are_over(period.ends)
    if period.ends - today > LONGEST:
        return phrases_reports.TOO_LONG_FOR_SUBSTITUTE
    return None


def _tapped(message: Incoming, ctx: Context) -> Reply:
    """A button: for how long, or whose substitution ends."""
    assert message.chat is not None
    mine = ctx.lasting_units_of(message.chat)
    if unit := message.data.get("unit"):
        mine = tuple(one for one in mine if one == unit)
    who = message.data.get("who", "")
    if message.data["do"] == _DISMISS:
        found = chats.substitutes(ctx.db, units=mine, today=ctx.today)
        return _dismiss([one for one in found if one.chat.id == who], message, ctx)
    days = message.data.get("days", "")
    if not mine or days not in map(str, _CHOICES.values()) or bool(who) != _is_shared(message):
        return say(phrases.NOT_LONGER_HERE)
    ctx.forget(message, topic=_TOPIC)
    last = ctx.today + timedelta(days=int(days) - 1)
    return _appoint(who, mine, TypedPeriod(starts=ctx.today, ends=last, rest=""), message, ctx)


# 結束代理


def _end(message: Incoming, said: _Said, ctx: Context) -> Reply:
    """End the substitution that is meant; one-to-one a substitute ends their own."""
    assert message.chat is not None
    mine = ctx.lasting_units_of(message.chat)
    found = chats.substitutes(ctx.db, units=mine, today=ctx.today)
    if not mine and not message.chat.is_shared:
        found = chats.substitutes(ctx.db, person=message.chat, today=ctx.today)
    elif not mine:
        return say(phrases.how_to_bind(shared=True))
    if message.mentions:
        found = tuple(one for one in found if one.chat.id in message.mentions)
    if named := [one for one in found if _names(said.rest, one.unit, ctx)]:
        found = tuple(named)
    if len({one.chat.id for one in found}) > 1 and not message.mentions:
        return _which_to_end(found, ctx)
    return _dismiss(found, message, ctx)


def _which_to_end(found: Sequence[Bound], ctx: Context) -> Reply:
    buttons = tuple(
        tap(_label(one, ctx), do=_DISMISS, who=one.chat.id, unit=one.unit) for one in found
    )
    return Reply(messages=(Card(title=phrases_reports.WHICH_TO_END, buttons=buttons),))


def _label(one: Bound, ctx: Context) -> str:
    name = progress.name_of(ctx.db, one.chat.id) or SUBSTITUTE
    return phrases_reports.substitute_button(name, *_days(one))


def _dismiss(found: Sequence[Bound], message: Incoming, ctx: Context) -> Reply:
    if not found:
        return say(phrases_reports.NO_SUBSTITUTE)
    for one in found:
        chats.unbind(ctx.db, one.chat, one.unit, by=message.person, now=ctx.now)
    names = list(dict.fromkeys(one.unit for one in found))
    return say(phrases_reports.substitute_ended(names), worth_a_push=True)


# 交接


def _hand_over(message: Incoming, said: _Said, ctx: Context) -> Reply:
    """The unit goes to a successor: at once to who is mentioned, else by a code."""
    assert message.chat is not None
    shared = message.chat.is_shared
    if shared and len(message.mentions) != 1:
        return say(phrases_reports.whom_to_mention(HAND_OVER, several=bool(message.mentions)))
    if shared and message.mentions[0] == message.person:
        return say(phrases_reports.HAND_OVER_TO_SELF)
    unit = _own_unit(message, HAND_OVER, ctx)
    if isinstance(unit, Reply):
        return unit
    if not shared:
        return _give_code(unit.name, message, ctx)
    to = ChatRef(kind=ChatKind.USER, id=message.mentions[0])
    giver = ChatRef(kind=ChatKind.USER, id=message.person) if message.person else None
    gave = chats.hand_over(ctx.db, unit.name, to=to, giver=giver, by=message.person, now=ctx.now)
    known = chats.is_active(ctx.db, to.id)
    words = phrases_reports.handed_over(unit.name, gave=gave, known=known)
    return Reply(messages=(Text(text=words, mentions=(to.id,)),), worth_a_push=True)


def _own_unit(message: Incoming, what: str, ctx: Context) -> Unit | Reply:
    """The unit that is meant, one of those for which the chat speaks without an end."""
    assert message.chat is not None
    unit = units.unit_for(message, ctx, what=what)
    mine = ctx.lasting_units_of(message.chat)
    if isinstance(unit, Unit) and unit.name not in mine:
        return say(phrases_reports.not_for(unit.name, mine, what))
    return unit


# codes


def _give_code(
    unit: str,
    message: Incoming,
    ctx: Context,
    *,
    starts: date | None = None,
    ends: date | None = None,
) -> Reply:
    """A code for one person: a successor, or with first and last day a substitute."""
    assert message.chat is not None
    issued = codes.issue(
        ctx.db,
        role=Role.UNIT,
        unit=unit,
        now=ctx.now,
        issued_by=message.person,
        giver=message.chat.id,
        starts=starts,
        ends=ends,
    )
    words = f"綁定 {issued.code}"
    days = phrases.span(starts, ends) if starts and ends else None
    title, body, note = phrases_reports.personal_code(unit, words, issued.expires_at, days)
    copy = Button(label=phrases_reports.COPY_CODE, does=Does.COPY, value=words)
    card = Card(title=title, body=body, note=note, buttons=(copy,), alt=f"{title}：{words}\n{body}")
    return Reply(messages=(card,), worth_a_push=True)


def accept(redeemed: Redeemed, message: Incoming, ctx: Context) -> Reply:
    """A code from an officer was used: the person speaks for the unit, for good or for days.

    It is worth nothing in a group, for the giver, or once the giver no longer speaks for the unit.
    """
    assert message.chat is not None
    assert redeemed.unit is not None
    assert redeemed.giver is not None
    giver = ChatRef(kind=ChatKind.USER, id=redeemed.giver)
    if refusal := _worthless(redeemed, giver, message.chat, ctx):
        audit.record(ctx.db, message.person, "void_code", redeemed.unit, ctx.now)
        return say(refusal, worth_a_push=True)
    chats.followed(ctx.db, message.chat, ctx.now)  # whoever types a code here is here
    by = message.person
    if redeemed.starts is None or redeemed.ends is None:
        chats.hand_over(ctx.db, redeemed.unit, to=message.chat, giver=giver, by=by, now=ctx.now)
        title, body = phrases_reports.taken_over(redeemed.unit)
        return _granted(title, body)
    starts, ends = redeemed.starts, redeemed.ends
    known = chats.appoint(
        ctx.db, message.chat, redeemed.unit, starts=starts, ends=ends, by=by, now=ctx.now
    )
    if not known:
        return say(phrases_reports.speaks_anyway([redeemed.unit]))
    return _granted(*phrases_reports.now_substitute(redeemed.unit, starts, ends))


def _worthless(redeemed: Redeemed, giver: ChatRef, chat: ChatRef, ctx: Context) -> str | None:
    if chat.is_shared:
        return phrases_reports.PERSONAL_CODE_IN_GROUP
    if chat == giver:
        return phrases_reports.CODE_FOR_ANOTHER
    over = redeemed.ends is not None and redeemed.ends < ctx.today
    if over or redeemed.unit not in ctx.lasting_units_of(giver):
        return phrases.CODE_REFUSED
    return None


def _granted(title: str, body: str) -> Reply:
    quick = tuple(
        Button(label=words, does=Does.SAY, value=words) for words in ("期限", "進度", WHO_AM_I)
    )
    card = Card(title=title, body=body, tone=Tone.GOOD, quick=quick)
    return Reply(messages=(card,), worth_a_push=True)


# 我是誰


def _who_am_i(message: Incoming, ctx: Context) -> Card:
    """For which units this chat speaks, until when, and what this person may do here."""
    assert message.chat is not None
    shared = message.chat.is_shared
    bound = chats.bindings_of(ctx.db, message.chat, today=ctx.today)
    rows = [
        (one.unit, phrases_reports.until(one.ends) if one.ends else phrases_reports.FOR_GOOD)
        for one in bound
    ]
    coming = chats.substitutes(ctx.db, person=message.chat, today=ctx.today)
    rows += [
        (phrases_reports.TO_COME, f"{one.unit} {phrases.span(*_days(one))}")
        for one in coming
        if _days(one)[0] > ctx.today
    ]
    lasting = [one.unit for one in bound if not one.is_substitute]
    named = chats.substitutes(ctx.db, units=lasting, today=ctx.today)
    rows += [(SUBSTITUTE, f"{_label(one, ctx)}（{one.unit}）") for one in named]
    if not shared and ctx.is_admin(message.person):
        rows.append(("管理者", phrases_reports.IS_ADMIN))
    rows.append(
        (phrases_reports.MAY, phrases_reports.may_do(bound=bool(bound), lasting=bool(lasting)))
    )
    return Card(
        title=phrases_reports.speaks_for([one.unit for one in bound], shared=shared),
        rows=tuple(rows),
        note="" if bound else phrases.how_to_bind(shared=shared),
    )


def _days(one: Bound) -> tuple[date, date]:
    assert one.starts is not None
    assert one.ends is not None
    return one.starts, one.ends


def _names(text: str, unit: str, ctx: Context) -> bool:
    """Whether a text names a unit, by its name or an alias, as a word of its own."""
    found = (ctx.corpus.units.get(word) for word in units.words_of(text))
    return any(one is not None and one.name == unit for one in found)


def _is_shared(message: Incoming) -> bool:
    assert message.chat is not None
    return message.chat.is_shared
