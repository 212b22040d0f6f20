"""What writes to the record of progress, for every handler that does; deadlines are settled along.

A report on a deadline is also an answer to its reminders: who is done is not asked again.
"""

from __future__ import annotations

from datetime import timedelta

from bot.messages import Incoming
from bot.plans.deadlines import Deadline, deadline_of, duty_bearer, running_cycles
from bot.plans.model import RocYear, Unit
from bot.plans.progress import (
    Item,
    ProgressReport,
    ProgressStatus,
    deadline_item,
    items_of,
    standing,
)
from bot.store import acknowledgements, adjustments, progress
from bot.store.acknowledgements import Ack
from bot.store.progress import Content, Origin
from handlers.context import Context

SAME_MOMENT = timedelta(minutes=10)
"""Within this time a second report on an item by somebody else may be the same news."""


def items(unit: Unit, year: RocYear, ctx: Context) -> tuple[Item, ...]:
    """What the unit may report on in a cycle."""
    moves = adjustments.adjustments(ctx.db)
    return items_of(ctx.corpus, ctx.dates.schedules, unit, year, moves)


def item_of(unit: Unit, year: RocYear, item_id: str, ctx: Context) -> Item | None:
    """The unit's item of an id, None when it is none of the unit's."""
    return next((one for one in items(unit, year, ctx) if one.id == item_id), None)


def cycle(ctx: Context) -> RocYear:
    """The cycle that is reported on: in January still the closing one, whose report is due."""
    return running_cycles(ctx.today)[0]


def record(
    content: Content,
    item: Item,
    message: Incoming,
    ctx: Context,
    *,
    unit: str,
    year: RocYear,
    part: int = 0,
) -> int:
    """Add a report and settle its deadline.

    Args:
        part: counts the reports of one message.

    Returns:
        The report's number.
    """
    given = origin(message, ctx, part=part)
    root = progress.report(
        ctx.db, unit=unit, year=year, item=item.id, content=content, origin=given
    )
    settle(item.id, content.status, message, ctx)
    return root


def correct(
    report: ProgressReport,
    content: Content,
    message: Incoming,
    ctx: Context,
    *,
    item: Item | None = None,
    part: int = 0,
) -> None:
    """Put other words in place of a report's, and settle its deadline by them."""
    given = origin(message, ctx, part=part)
    progress.correct(ctx.db, report, content, given, item=item.id if item else None)
    if item is not None and item.id != report.item:
        settle(report.item, _left(report, ctx), message, ctx)
    settle(item.id if item else report.item, content.status, message, ctx)


def withdraw(report: ProgressReport, message: Incoming, ctx: Context, *, part: int = 0) -> None:
    """Take a report back; its deadline is as open as before it."""
    progress.withdraw(ctx.db, report, origin(message, ctx, part=part))
    settle(report.item, _left(report, ctx), message, ctx)


def finished(deadline: Deadline, message: Incoming, ctx: Context) -> None:
    """「完成了」 to a reminder is a report, too."""
    unit = _speaking_for(deadline, message, ctx)
    known = standing_on(unit, deadline.year, deadline.id, ctx)
    if known and known[-1].status is ProgressStatus.DONE:
        return
    content = Content(status=ProgressStatus.DONE, percent=100)
    record(content, deadline_item(deadline), message, ctx, unit=unit, year=deadline.year)


def reopened(deadline: Deadline, message: Incoming, ctx: Context) -> None:
    """It is not done after all: the report that said so is withdrawn."""
    unit = _speaking_for(deadline, message, ctx)
    for part, one in enumerate(standing_on(unit, deadline.year, deadline.id, ctx)):
        if one.status is ProgressStatus.DONE:
            withdraw(one, message, ctx, part=part)


def settle(item: str, status: ProgressStatus, message: Incoming, ctx: Context) -> None:
    """A deadline that was reported as done is asked for no more; one that is not, again."""
    deadline = deadline_of(ctx.dates.schedules, item, adjustments.adjustments(ctx.db))
    if deadline is None:
        return
    last = acknowledgements.state_of(ctx.db, deadline.unit, [deadline.id]).get(deadline.id)
    was_done = last is not None and last.what is Ack.DONE
    if (status is ProgressStatus.DONE) != was_done:
        _answer(deadline, Ack.OPEN if was_done else Ack.DONE, message, ctx)


def origin(message: Incoming, ctx: Context, *, part: int = 0) -> Origin:
    """Where a report comes from."""
    assert message.chat is not None
    return Origin(
        person=message.person,
        chat=message.chat,
        message_id=message.message_id,
        event_id=message.event_id,
        at=ctx.now,
        part=part,
    )


def standing_on(unit: str, year: RocYear, item: str, ctx: Context) -> tuple[ProgressReport, ...]:
    """The reports of a unit on an item that stand, the oldest first."""
    every = standing(progress.record_of(ctx.db, unit, year))
    return tuple(one for one in every if one.item == item)


def _speaking_for(deadline: Deadline, message: Incoming, ctx: Context) -> str:
    """The unit of the chat that has the deadline: a section has its agency's."""
    assert message.chat is not None
    for name in ctx.units_of(message.chat):
        unit = ctx.corpus.units.get(name)
        if unit is not None and duty_bearer(ctx.corpus.units, unit).name == deadline.unit:
            return unit.name
    return deadline.unit


def _left(report: ProgressReport, ctx: Context) -> ProgressStatus:
    """Where an item stands without a report."""
    others = standing_on(report.unit, report.year, report.item, ctx)
    kept = [one for one in others if one.root != report.root]
    return kept[-1].status if kept else ProgressStatus.NOT_STARTED


def _answer(deadline: Deadline, what: Ack, message: Incoming, ctx: Context) -> None:
    acknowledgements.record(
        ctx.db,
        deadline=deadline.id,
        unit=deadline.unit,
        what=what,
        by=message.person,
        chat=message.chat,
        now=ctx.now,
    )
