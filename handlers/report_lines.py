"""A typed report turned into what is stored: status and percent, the cycle, what cannot be meant."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from itertools import pairwise

from bot import phrases_reports
from bot.messages import Incoming
from bot.plans import roc, typed_reports
from bot.plans.deadlines import running_cycles
from bot.plans.model import RocYear, Unit
from bot.plans.progress import Item, ItemKind, ProgressReport, ProgressStatus
from bot.plans.typed_reports import TypedReport
from bot.search import items as search_items
from bot.search.items import Meant
from bot.store.progress import Content
from handlers import recording
from handlers.context import Context

_NUMBERED = re.compile(r"[一二三四五六1-6１-６][(（㈠-㈩.、之-]")
_NAMES_IT = 0.6  # share of the pairs of characters that an item's own words must have
_ASKS = re.compile(r"[?？嗎呢]|什麼|甚麼|哪|誰|怎|如何|為何|多少|是否|幾")


def read(words: str, ctx: Context, *, today: date | None = None) -> tuple[TypedReport, ...]:
    """The reports of a message, in its order.

    Args:
        today: the day when it was written, for 「昨天」; the day of the event if None.
    """
    return typed_reports.read(words, today=today or ctx.today, unit_names=_names(ctx))


def meant(one: TypedReport, unit: Unit, year: RocYear, ctx: Context) -> Meant:
    """Which of the unit's items a line is about."""
    return search_items.find(one, recording.items(unit, year, ctx), ctx.answerer)


def fault(found: Sequence[TypedReport], ctx: Context) -> str:
    """The sentence for the first thing that cannot be meant; empty when all can."""
    running = running_cycles(ctx.today)
    for one in found:
        if one.faults:
            return phrases_reports.fault(one.faults[0])
        if one.year is not None and one.year not in running:
            is_over = one.year < running[0]
            sentence = phrases_reports.past_cycle if is_over else phrases_reports.future_cycle
            return sentence(one.year, running[-1])
    return ""


def year_of(one: TypedReport, ctx: Context) -> RocYear:
    """The cycle that a line is about: in January the day that it names tells which."""
    if one.year is None and one.done_on is not None:
        said = roc.from_western(one.done_on.year)
        if said in running_cycles(ctx.today):
            return said
    return one.year or recording.cycle(ctx)


def in_its_cycle(
    item: Item, year: RocYear, one: TypedReport, unit: Unit, ctx: Context
) -> tuple[Item, RocYear]:
    """A date in the cycle that it is due in: in January last year's 成果報告, this year's plan."""
    if item.kind is not ItemKind.DEADLINE or one.year is not None:
        return item, year
    entry = item.id.partition(":")[2]
    either = [
        (found, cycle)
        for cycle in running_cycles(ctx.today)
        if (found := recording.item_of(unit, cycle, f"{cycle}:{entry}", ctx)) and found.due
    ]
    open_now = [pair for pair in either if pair[0].due and pair[0].due >= ctx.today]
    if not open_now:
        return item, year
    return min(open_now, key=lambda pair: pair[0].due or ctx.today)


def content_of(one: TypedReport, before: ProgressReport | None = None) -> Content:
    """What a line says, with the status and the percent that follow from each other.

    Without a status what was reported before stays; where nothing was, work that is told of is
    under way, and as nobody said how far, its percent is 0.

    Args:
        before: the last report on the item that stands.
    """
    says_state = one.status is not None or one.percent is not None
    if before is not None and not says_state:
        status, percent = before.status, before.percent
    else:
        status = one.status or _status_at(one.percent)
        percent = one.percent if one.percent is not None else 100 * (status is ProgressStatus.DONE)
    return Content(
        status=status,
        percent=percent,
        quantities=one.quantities,
        note=one.note,
        reason=one.reason,
        remedy=one.remedy,
        done_on=one.done_on,
    )


def on_its_item(one: TypedReport) -> TypedReport:
    """A line whose item is known already, so that all its words are what was done."""
    if not one.subject or one.subject in one.note:
        return one
    says_more = one.segments or one.status or one.percent is not None or one.reason or one.remedy
    words = f"{one.subject} {one.note}".strip() if says_more else one.words
    return replace(one, note=words)


def filed(one: TypedReport, item: Item) -> TypedReport:
    """A line under its item: words that do more than name the item tell what was done."""
    if one.segments or not one.subject:
        return one
    pairs = [f"{first}{second}" for first, second in pairwise(one.subject)]
    named = sum(pair in f"{item.title}{item.text}" for pair in pairs)
    only_names_it = named >= _NAMES_IT * len(pairs) and not re.search(r"\d", one.subject)
    return one if only_names_it else on_its_item(one)


def says_something(text: str, ctx: Context) -> bool:
    """Whether words that quote a receipt or a reminder report anything."""
    return any(
        one.status or one.percent is not None or one.quantities or one.faults
        for one in read(text, ctx)
    )


def is_question(text: str) -> bool:
    """Whether words ask something."""
    return _ASKS.search(text) is not None


def is_bare_report(text: str, ctx: Context) -> bool:
    """Whether words report without saying so: a clause's number and how far it is, no question."""
    if not _NUMBERED.search(text) or is_question(text):
        return False
    found = read(text, ctx)
    return bool(found) and all(
        one.segments and (one.status is not None or one.percent is not None) for one in found
    )


def with_status(report: ProgressReport, status: ProgressStatus) -> Content:
    """The report with another status."""
    percent = {ProgressStatus.DONE: 100, ProgressStatus.NOT_STARTED: 0}.get(status, report.percent)
    is_open = status in (ProgressStatus.UNDERWAY, ProgressStatus.BEHIND)
    return replace(
        said_in(report), status=status, percent=0 if is_open and percent == 100 else percent
    )


def said_in(report: ProgressReport) -> Content:
    """What a report says."""
    return Content(
        status=report.status,
        percent=report.percent,
        quantities=report.quantities,
        note=report.note,
        reason=report.reason,
        remedy=report.remedy,
        done_on=report.done_on,
    )


def store(
    one: TypedReport,
    item: Item,
    message: Incoming,
    ctx: Context,
    *,
    unit: Unit,
    year: RocYear,
    part: int = 0,
) -> int:
    """Record a line; what the same person has just said is not recorded twice.

    What is not held this year is done with where it need not be held, else not begun.

    Returns:
        The report's number, negative for one that was there before.
    """
    before = recording.standing_on(unit.name, year, item.id, ctx)
    content = content_of(one, before[-1] if before else None)
    if one.not_held:
        status = ProgressStatus.DONE if item.is_optional else ProgressStatus.NOT_STARTED
        content = replace(content, status=status, percent=100 * item.is_optional)
    return store_content(content, item, message, ctx, unit=unit, year=year, part=part)


def store_content(
    content: Content,
    item: Item,
    message: Incoming,
    ctx: Context,
    *,
    unit: Unit,
    year: RocYear,
    part: int = 0,
) -> int:
    """Record what was said; arguments and result as of `store`."""
    before = recording.standing_on(unit.name, year, item.id, ctx)
    if before and _is_same(before[-1], content, message, ctx):
        return -before[-1].root
    return recording.record(content, item, message, ctx, unit=unit.name, year=year, part=part)


def _is_same(report: ProgressReport, content: Content, message: Incoming, ctx: Context) -> bool:
    is_recent = ctx.now - report.at <= recording.SAME_MOMENT
    return is_recent and report.person == message.person and content == said_in(report)


def _status_at(percent: int | None) -> ProgressStatus:
    if percent is not None and percent >= 100:
        return ProgressStatus.DONE
    return ProgressStatus.NOT_STARTED if percent == 0 else ProgressStatus.UNDERWAY


def _names(ctx: Context) -> frozenset[str]:
    """Names and aliases of units, so that one in a report is not taken for its subject."""
    return frozenset(
        name for unit in ctx.corpus.units for name in (unit.name, unit.full_name, *unit.aliases)
    )
