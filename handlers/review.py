"""核閱, 退回, 待核閱: a superior accepts a report or returns it with a remark, where it wants to.

A remark that was asked for is shown once more before the report goes back: in a group the next
words may be for a colleague. Every word of a superior can be taken back.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

from bot import phrases, phrases_reports
from bot.messages import Button, Card, Cards, ChatRef, Incoming, IncomingKind, Reply, Tone, say
from bot.plans.deadlines import running_cycles
from bot.plans.progress import ProgressReport, ProgressStatus, Verdict, standing
from bot.store import chats, overrides, progress
from handlers import help, receipts, recording
from handlers.addressing import plain
from handlers.admin import refuse
from handlers.citing import clipped, data
from handlers.context import Context
from handlers.report_replies import PATIENCE
from handlers.timeline import tap

TOPIC = "review"

ALONE = timedelta(minutes=30)
"""How long a person's next words one-to-one are taken for the remark."""

_TEXTS = (IncomingKind.TEXT, IncomingKind.EDITED)
_LIST = re.compile(r"待核[閱阅]|(?:全部)?核[閱阅](?:清單)?")
_SET = re.compile(r"核[閱阅]\s*(?P<on>開啟|打開|開|關閉|關掉|關)\s*(?P<unit>\S*)")
_ACCEPT = re.compile(
    r"\s*核[閱阅][\s:：,，]*(?P<numbers>[#＃]?\d{1,9}(?:[\s,，、和]+[#＃]?\d{1,9})*)\W*"
)
_RETURN = re.compile(
    r"\s*退回[\s:：,，]*(?:[#＃]\s*(?P<marked>\d{1,9})|(?P<bare>\d{1,9})(?![\d./年月日號項件]))"
    r"[\s:：,，]*(?P<remark>.*)",
    re.DOTALL,
)
_TAKE_BACK = re.compile(r"\s*收回(?:退回|核[閱阅])[\s:：]*(?:[#＃]?(?P<number>\d{1,9}))?\W*")
_BARE = re.compile(r"\s*退回\W*")
_YES = frozenset({"確定退回", "確定", "確認"})  # not 好 or 是, which colleagues hear all day
_NO = frozenset({"取消", "不退回"})
_TAPS = frozenset({"accept", "return", "confirm", "leave", "take_back", "notify", "list"})
_SHOWN, _LISTED = 8, 15  # cards with buttons, and lines for what comes after them
_REMARK = 300  # characters of a remark on a card; all of it is kept


_Doing = Callable[[Sequence[ProgressReport], Incoming, Context], Reply]


# which messages are meant


def is_meant(message: Incoming, ctx: Context) -> bool:
    """Whether reports are to be reviewed, or reviews turned on or off."""
    if message.kind is IncomingKind.POSTBACK:
        return message.data.get("a") == TOPIC
    if message.kind not in _TEXTS:
        return False
    text = plain(message.text)
    if _LIST.fullmatch(text) or _SET.fullmatch(text) or _BARE.fullmatch(text):
        return True
    return any(one.fullmatch(message.text) for one in (_ACCEPT, _RETURN, _TAKE_BACK))


def is_awaited(message: Incoming, ctx: Context) -> bool:
    """Whether this may be why a report is returned, or the answer whether these words are it.

    A command or a question is neither, and nothing is that comes too late.
    """
    if message.kind is not IncomingKind.TEXT or message.chat is None:
        return False
    text = plain(message.text)
    if help.is_command(message.text) and text not in _NO:
        return False
    state = ctx.recall(message, topic=TOPIC)
    if state is None or ctx.now.isoformat() > state["until"]:
        return False
    if "remark" in state:
        return text in _YES | _NO
    return bool(text) and not message.text.rstrip().endswith(("?", "？"))


# what is said to them


def answer(message: Incoming, ctx: Context) -> Reply:
    """Show what waits, turn it on or off, or do what was tapped or typed."""
    if message.kind is IncomingKind.POSTBACK:
        return _tapped(message, ctx)
    if match := _SET.fullmatch(plain(message.text)):
        is_on = match["on"].startswith(("開", "打"))
        return _set(match["unit"], message, ctx, on=is_on)
    if match := _TAKE_BACK.fullmatch(message.text):
        return _on(_numbers(match["number"] or ""), _take_back, message, ctx)
    if match := _ACCEPT.fullmatch(message.text):
        return _on(_numbers(match["numbers"]), _accept, message, ctx)
    if match := _RETURN.fullmatch(message.text):
        return _returned_by_words(match, message, ctx)
    if _BARE.fullmatch(message.text):
        return say(phrases_reports.WHICH_REPORT)
    return _list(message, ctx)


def typed(message: Incoming, ctx: Context) -> Reply:
    """The remark that was asked for, or whether it is one."""
    state = ctx.recall(message, topic=TOPIC) or {}
    text = plain(message.text)
    if text in _NO:
        ctx.forget(message, topic=TOPIC)
        return say(phrases_reports.NOT_RETURNED)
    if "remark" in state:
        return _on([int(state["report"])], _confirmed, message, ctx)
    return _on([int(state["report"])], _show_remark, message, ctx)


def _returned_by_words(match: re.Match[str], message: Incoming, ctx: Context) -> Reply:
    """退回 #18 and the reason in one message needs no question."""
    numbers = [int(match["marked"] or match["bare"])]
    remark = match["remark"].strip()
    if not plain(remark):
        return _on(numbers, _ask_why, message, ctx)
    return _on(numbers, partial(_return, remark), message, ctx)


def _tapped(message: Incoming, ctx: Context) -> Reply:
    step = message.data.get("step", "")
    numbers = _numbers(message.data.get("id", ""))
    if step not in _TAPS:
        return say(phrases.NOT_LONGER_HERE)
    if step == "list":
        return _list(message, ctx, after=numbers[0] if numbers else 0)
    do: dict[str, _Doing] = {
        "accept": _accept,
        "return": _ask_why,
        "confirm": _confirmed,
        "leave": _leave,
        "take_back": _take_back,
        "notify": _notify,
    }
    return _on(numbers, do[step], message, ctx)


def _on(numbers: Sequence[int], do: _Doing, message: Incoming, ctx: Context) -> Reply:
    """Do something with reports, if they stand and this chat, or this person, reviews them."""
    if not numbers:
        return say(phrases_reports.WHICH_REPORT)
    found = [report for one in numbers if (report := progress.standing_report(ctx.db, one))]
    if not found:
        return say(phrases_reports.NO_SUCH_REPORT_TO_REVIEW)
    if not all(_may(one, message, ctx) for one in found):
        return say(_why_not(message, ctx) or phrases_reports.MAY_NOT_REVIEW)
    return do(found, message, ctx)


def _numbers(text: str) -> list[int]:
    return [int(one) for one in re.findall(r"\d+", text)]


# 核閱


def _accept(found: Sequence[ProgressReport], message: Incoming, ctx: Context) -> Reply:
    """Accept what is not accepted yet; say how many that were, and what still waits."""
    fresh = [one for one in found if not _is_accepted(one)]
    if not fresh:
        return say(phrases_reports.accepted_already([one.root for one in found]))
    for one in fresh:
        _record(Verdict.ACCEPTED, one, message, ctx)
    roots = [one.root for one in fresh]
    left = len(_waiting(_agencies(message, ctx), ctx))
    return say(
        phrases_reports.accepted(roots, left),
        quick=(_button(phrases_reports.UNDO_ACCEPT, "take_back", roots),),
        worth_a_push=True,
    )


def _is_accepted(report: ProgressReport) -> bool:
    review = report.review
    return review is not None and review.verdict is Verdict.ACCEPTED and not report.waits


# 退回


def _ask_why(found: Sequence[ProgressReport], message: Incoming, ctx: Context) -> Reply:
    assert message.chat is not None
    shared = message.chat.is_shared
    _keep({"report": found[0].root}, message, ctx)
    title = phrases_reports.why_returned(found[0].root, _item_title(found[0], ctx))
    return say(phrases_reports.in_groups(title, shared=shared))


def _show_remark(found: Sequence[ProgressReport], message: Incoming, ctx: Context) -> Reply:
    """The words that were taken for the remark: nothing goes back before they are confirmed."""
    report, remark = found[0], message.text.strip()
    _keep({"report": report.root, "remark": remark, "message_id": message.message_id}, message, ctx)
    words = phrases_reports.really_return(report.root, clipped(remark, _REMARK))
    buttons = (
        _button(phrases_reports.CONFIRM_RETURN, "confirm", [report.root]),
        _button(phrases_reports.CANCEL, "leave", [report.root]),
    )
    return Reply(messages=(Card(title=phrases_reports.RETURN, body=words, buttons=buttons),))


def _keep(state: dict[str, Any], message: Incoming, ctx: Context) -> None:
    assert message.chat is not None
    patience = PATIENCE if message.chat.is_shared else ALONE
    until = (ctx.now + patience).isoformat()
    ctx.remember(message, {**state, "until": until}, topic=TOPIC, lifetime=patience)


def _confirmed(found: Sequence[ProgressReport], message: Incoming, ctx: Context) -> Reply:
    state = ctx.recall(message, topic=TOPIC) or {}
    if state.get("report") != found[0].root or "remark" not in state:
        return say(phrases.NOT_LONGER_HERE)
    ctx.forget(message, topic=TOPIC)
    return _return(state["remark"], found, message, ctx)


def _leave(found: Sequence[ProgressReport], message: Incoming, ctx: Context) -> Reply:
    ctx.forget(message, topic=TOPIC)
    return say(phrases_reports.NOT_RETURNED)


def _return(remark: str, found: Sequence[ProgressReport], message: Incoming, ctx: Context) -> Reply:
    """Send it back, with what one can do next: tell the unit at a price, or undo it."""
    report = found[0]
    _record(Verdict.RETURNED, report, message, ctx, remark)
    price = sum(ctx.speaking.price(ctx.db, chat) for chat in _chats(report.unit, ctx))
    words = phrases_reports.returned_with(report.root, report.unit, clipped(remark, _REMARK))
    label = phrases_reports.notify_price(price)
    notify = tap(label, a=TOPIC, step="notify", id=str(report.root), price=str(price))
    undo = _button(phrases_reports.UNDO_RETURN, "take_back", [report.root])
    buttons = (notify, undo) if price else (undo,)
    card = Card(title=phrases_reports.RETURN, body=words, buttons=buttons, alt=words)
    return Reply(messages=(card,), worth_a_push=True)


def _take_back(found: Sequence[ProgressReport], message: Incoming, ctx: Context) -> Reply:
    """The last word on a report was a slip: what was said before it counts again."""
    spoken = [one for one in found if one.review is not None]
    if not spoken:
        return say(phrases_reports.NOTHING_TO_TAKE_BACK)
    for one in spoken:
        _record(Verdict.TAKEN_BACK, one, message, ctx)
    last = spoken[-1].review
    assert last is not None
    roots = [one.root for one in spoken]
    return say(phrases_reports.taken_back(last.verdict, roots), worth_a_push=True)


def _record(
    verdict: Verdict, report: ProgressReport, message: Incoming, ctx: Context, remark: str = ""
) -> None:
    progress.review(ctx.db, report.root, verdict, remark=remark, by=message.person, now=ctx.now)


def _notify(found: Sequence[ProgressReport], message: Incoming, ctx: Context) -> Reply:
    """Tell the unit's chats now, at the price that was shown."""
    report = found[0]
    if report.review is None or not report.is_returned:
        return say(phrases.NOT_LONGER_HERE)
    item = _item_title(report, ctx)
    words = phrases_reports.please_correct(report.root, item, report.review.remark)
    card = Card(
        title=phrases_reports.RETURN,
        body=words,
        buttons=(receipts.tap(phrases_reports.CORRECT, step="correct", id=report.root),),
        tone=Tone.CARE,
        about=receipts.about([report.root]),
        alt=words,
    )
    told = 0
    for chat in _chats(report.unit, ctx):
        price = ctx.speaking.price(ctx.db, chat)
        what = f"returned:{report.root}:{chat.id}:{ctx.today}"
        reply = Reply(messages=(card,))
        if ctx.speaking.push(ctx.db, what, chat, reply, price=price, now=ctx.now):
            told += price
    return say(phrases_reports.told_units(told) if told else phrases.CHASED_TODAY)


# 待核閱


def _list(message: Incoming, ctx: Context, *, after: int = 0) -> Reply:
    """What waits for this chat's word, the oldest first: cards, and a line for each further one.

    Args:
        after: the number of the last report on the page before.
    """
    agencies = _agencies(message, ctx)
    if not agencies:
        return say(_why_not(message, ctx) or phrases_reports.REVIEWS_ARE_OFF)
    every = _waiting(agencies, ctx)
    if not every:
        return say(phrases_reports.NOTHING_TO_REVIEW)
    waiting = [one for one in every if one.root > after] or every
    cards = (_head(every, waiting, ctx), *(_card(one, ctx) for one in waiting[:_SHOWN]))
    return Reply(messages=(Cards(cards=cards, alt="\n\n".join(one.plain for one in cards)),))


def _head(every: Sequence[ProgressReport], waiting: Sequence[ProgressReport], ctx: Context) -> Card:
    """How many wait, with those that the cards after it do not show."""
    shown, rest = waiting[:_SHOWN], waiting[_SHOWN:]
    buttons = [_button(phrases_reports.ACCEPT_ALL, "accept", [one.root for one in shown])]
    if rest:
        buttons.append(_button(phrases_reports.MORE_ITEMS, "list", [shown[-1].root]))
    left = len(rest) - _LISTED
    return Card(
        title=phrases_reports.to_review(len(every)),
        rows=tuple((f"#{one.root} {one.unit}", _item_title(one, ctx)) for one in rest[:_LISTED]),
        note=phrases_reports.more_to_review(left) if left > 0 else "",
        buttons=tuple(buttons),
    )


def _card(report: ProgressReport, ctx: Context) -> Card:
    unit = ctx.corpus.units.get(report.unit)
    item = recording.item_of(unit, report.year, report.item, ctx) if unit else None
    return Card(
        kicker=phrases_reports.origin_of(report.unit, report.year, report.root),
        title=item.title if item else report.item,
        body=report.note,
        rows=receipts.receipt_rows(report, item) if item else (),
        buttons=(
            _button(phrases_reports.ACCEPT, "accept", [report.root]),
            _button(phrases_reports.RETURN, "return", [report.root]),
        ),
        tone=Tone.CARE if report.status is ProgressStatus.BEHIND else Tone.NORMAL,
    )


def _button(label: str, step: str, roots: Sequence[int]) -> Button:
    value = data(a=TOPIC, step=step, id=",".join(str(one) for one in roots))
    return replace(tap(label), value=value)


def _set(name: str, message: Incoming, ctx: Context, *, on: bool) -> Reply:
    if not ctx.is_admin(message.person):
        return refuse(phrases_reports.ACCEPT, message, ctx)
    unit = ctx.corpus.units.get(name)
    if unit is None:
        return say(phrases_reports.HOW_TO_SET_REVIEWS)
    known = overrides.every(ctx.db).get(unit.name, overrides.NOTHING)
    overrides.put(ctx.db, unit.name, replace(known, reviews=on), by=message.person, now=ctx.now)
    return say(phrases_reports.reviews_set(unit.name, on=on), worth_a_push=True)


# who may, and what waits


def _agencies(message: Incoming, ctx: Context) -> list[str]:
    """The agencies with reviews for which this chat, or this administrator, speaks."""
    assert message.chat is not None
    wanted = _with_reviews(ctx)
    if not message.chat.is_shared and ctx.is_admin(message.person):
        return wanted
    mine = ctx.units_of(message.chat)
    return [name for name in wanted if name in mine]


def _with_reviews(ctx: Context) -> list[str]:
    every = overrides.every(ctx.db).items()
    return [name for name, given in every if name is not None and given.reviews]


def _may(report: ProgressReport, message: Incoming, ctx: Context) -> bool:
    """Whether one of the agencies above the report's unit speaks here."""
    unit = ctx.corpus.units.get(report.unit)
    above = {one.name for one in ctx.corpus.units.above(unit)} if unit else set()
    return bool(above & set(_agencies(message, ctx)))


def _why_not(message: Incoming, ctx: Context) -> str | None:
    """Who reviews the reports of this chat's units instead; None where nobody does."""
    assert message.chat is not None
    mine = [unit for name in ctx.units_of(message.chat) if (unit := ctx.corpus.units.get(name))]
    shared = message.chat.is_shared
    if not mine and (shared or not ctx.is_admin(message.person)):
        return phrases_reports.nobody_here(phrases_reports.WAITING, shared=shared, looking=True)
    above = {one.name for unit in mine for one in ctx.corpus.units.above(unit)}
    names = [name for name in _with_reviews(ctx) if name in above]
    return phrases_reports.reviewed_above(names) if names else None


def _waiting(agencies: Sequence[str], ctx: Context) -> list[ProgressReport]:
    """What waits below the agencies by number: of each item the latest standing report alone.

    What a newer report on the same item has replaced needs no word any more.
    """
    units = ctx.corpus.units
    below = [one.name for one in units if {up.name for up in units.above(one)} & set(agencies)]
    found = [one for one in _latest(below, ctx) if one.waits]
    return sorted(found, key=lambda one: one.root)


def _latest(units: Iterable[str], ctx: Context) -> Iterator[ProgressReport]:
    for year in running_cycles(ctx.today):
        for _, entries in progress.records(ctx.db, year, units):
            yield from {one.item: one for one in standing(entries)}.values()


def _chats(unit: str, ctx: Context) -> tuple[ChatRef, ...]:
    return chats.chats_of(ctx.db, unit, today=ctx.today)


def _item_title(report: ProgressReport, ctx: Context) -> str:
    unit = ctx.corpus.units.get(report.unit)
    item = recording.item_of(unit, report.year, report.item, ctx) if unit else None
    return item.title if item else report.item
