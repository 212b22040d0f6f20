"""What is said after something was recorded: the receipt, and what is still to be asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from bot import phrases_reports
from bot.messages import Button, Card, Incoming, Message, Reply, Text, say
from bot.plans.deadlines import running_cycles
from bot.plans.model import RocYear, Unit
from bot.plans.progress import Item, ProgressReport, ProgressStatus, totals
from bot.plans.typed_reports import TypedReport
from bot.store import progress
from handlers import receipts, recording, report_lines
from handlers.context import Context

TOPIC = "report"
"""The conversation of reports that are not complete, apart from the one about answers."""

LIFETIME = timedelta(hours=12)
"""How long what was left half filled in can be gone on with."""

PATIENCE = timedelta(minutes=5)
"""How long a person's next words in a group are taken for the answer."""


def told(
    stored: Sequence[tuple[int, Item]],
    waiting: Sequence[TypedReport],
    unit: Unit,
    year: RocYear,
    message: Incoming,
    ctx: Context,
) -> Reply:
    """The receipt of what was stored, then the question about what was not.

    Args:
        stored: reports with their items; a negative number is one that was there before.
        waiting: lines whose item is not certain.
    """
    messages: list[Message] = []
    if stored:
        messages.append(_receipt(stored, message, ctx))
    if waiting:
        messages.append(_ask(waiting, unit, year, message, ctx, stored=bool(stored)))
    elif len(stored) == 1 and (asked := ask_reason(stored[0][0], message, ctx)):
        messages.append(asked)
    return Reply(messages=tuple(messages), worth_a_push=True)


def _receipt(stored: Sequence[tuple[int, Item]], message: Incoming, ctx: Context) -> Message:
    found = [
        (report, item)
        for root, item in stored
        if root > 0 and (report := progress.standing_report(ctx.db, root))
    ]
    notes = [phrases_reports.already_recorded(-root) for root, _ in stored if root < 0]
    if not found:
        return Text(text="\n".join(notes))
    if len(found) > 1:
        return receipts.several(found, *notes)
    report, item = found[0]
    card = receipts.receipt(
        report, item, phrases_reports.recorded(item.title), *_notes(report, message, ctx)
    )
    extra = (*_next_status(report), *_year_button(report, ctx))
    return replace(card, quick=extra)


def _notes(report: ProgressReport, message: Incoming, ctx: Context) -> list[str]:
    """What one should know: that somebody else has just reported on the item, what its numbers
    come to with those reported before."""
    every = recording.standing_on(report.unit, report.year, report.item, ctx)
    others = [one for one in every if one.root != report.root]
    recent = [
        one
        for one in others
        if one.person != message.person and ctx.now - one.at <= recording.SAME_MOMENT
    ]
    if recent:
        return [phrases_reports.also_reported(recent[-1].root)]
    units = {one.unit for one in report.quantities if not one.is_total}
    sums = [(one, roots) for one, roots in totals(every) if one.unit in units and len(roots) > 1]
    if not sums:
        return []
    shown = "、".join(f"{one.what}{one.plain}" for one, _ in sums)
    return [phrases_reports.comes_to(shown, sorted({root for _, roots in sums for root in roots}))]


def _next_status(report: ProgressReport) -> tuple[Button, ...]:
    """Other states to tap, while it is under way: nobody may have said how far it is."""
    if report.status is not ProgressStatus.UNDERWAY:
        return ()
    others = (ProgressStatus.DONE, ProgressStatus.BEHIND)
    return tuple(
        receipts.tap(one.value, step="status", id=report.root, status=one.value) for one in others
    )


def _year_button(report: ProgressReport, ctx: Context) -> tuple[Button, ...]:
    """In January, when two cycles run: the other one."""
    others = [one for one in running_cycles(ctx.today) if one != report.year]
    return tuple(
        receipts.tap(phrases_reports.in_other_year(one), step="year", id=report.root, year=one)
        for one in others
    )


def _ask(
    waiting: Sequence[TypedReport],
    unit: Unit,
    year: RocYear,
    message: Incoming,
    ctx: Context,
    *,
    stored: bool,
) -> Card:
    """Ask which item the first line is about, and keep all of them."""
    first, rest = waiting[0], waiting[1:]
    meant = report_lines.meant(first, unit, year, ctx)
    state: dict[str, Any] = {
        "lines": [one.words for one in waiting],
        "offered": [one.id for one in meant.candidates],
        "stored": stored,
        "unit": unit.name,
        "year": int(year),
        "day": ctx.today.isoformat(),
        "message": message.message_id or "",
        "until": (ctx.now + PATIENCE).isoformat(),
    }
    ctx.remember(message, state, topic=TOPIC, lifetime=LIFETIME)
    title = phrases_reports.WHICH_ITEM if meant.candidates else phrases_reports.NOT_FOUND
    further = phrases_reports.still_to_place(len(rest)) if rest else ""
    return receipts.choice(title, first.words, meant.candidates, further=further)


def ask_reason(root: int, message: Incoming, ctx: Context) -> Text | None:
    """落後 asks for reason and remedy, or for what was not said of them."""
    report = progress.standing_report(ctx.db, root) if root > 0 else None
    if report is None or report.status is not ProgressStatus.BEHIND:
        return None
    if report.reason and report.remedy:
        return None
    what, words = "reason", phrases_reports.ASK_REASON
    if report.reason:
        what, words = "remedy", phrases_reports.ASK_REMEDY
    asked = ask_for(what, words, report, message, ctx)
    return next(one for one in asked.messages if isinstance(one, Text))


def ask_for(
    what: str, words: str, report: ProgressReport, message: Incoming, ctx: Context
) -> Reply:
    """Ask for words about a report; in a group for five minutes."""
    assert message.chat is not None
    until = (ctx.now + PATIENCE).isoformat()
    state = {"awaits": what, "until": until, "report": report.root}
    ctx.remember(message, state, topic=TOPIC, lifetime=LIFETIME)
    return say(phrases_reports.in_groups(words, shared=message.chat.is_shared))
