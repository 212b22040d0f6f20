"""進度: where a unit stands, chapter by chapter, what is missing, and what was reported last."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from bot import phrases, phrases_reports, reports
from bot.clock import today
from bot.messages import Button, Card, Cards, Does, Incoming, IncomingKind, Reply, Tone, say
from bot.plans import roc
from bot.plans.deadlines import running_cycles
from bot.plans.model import RocYear
from bot.plans.progress import ItemState, ProgressReport, ProgressStatus, UnitProgress
from handlers import receipts, recording, units
from handlers.addressing import plain
from handlers.citing import clipped
from handlers.context import Context

_TEXTS = (IncomingKind.TEXT, IncomingKind.EDITED)
_WORD = re.compile(
    r"(?:我們?的?|本單位的?|單位的?|目前的?)?進度(?:如何|呢|怎麼樣|到哪了?)?(?P<rest>\s*\d.*|\s+.*)?"
)
_LAST, _MISSING, _RETURNED = 8, 10, 5
_REMARK = 200  # characters of a remark; all of it is kept


def is_meant(message: Incoming, ctx: Context) -> bool:
    """Whether somebody asks where the unit stands."""
    if message.kind not in _TEXTS:
        return False
    return _asked(message, ctx) is not None


def show(message: Incoming, ctx: Context) -> Reply:
    """The unit's cycle on three cards; a unit sees its own, administrators see all."""
    asked = _asked(message, ctx) or units.Details()
    if asked.unit is not None:
        message = replace(message, text=f"{phrases_reports.PROGRESS} {asked.unit.name}")
    unit = units.unit_for(message, ctx, what=phrases_reports.PROGRESS, looking=True)
    if isinstance(unit, Reply):
        return unit
    year = asked.year or recording.cycle(ctx)
    if refused := no_such_cycle(year, ctx):
        return say(refused)
    found = reports.unit_progress(ctx.db, ctx.corpus, ctx.dates.schedules, unit, year, ctx.today)
    running = year in running_cycles(ctx.today)
    if not running and found.last_report is None:
        return say(phrases_reports.nothing_that_year(year, unit.name))
    cards = [
        _overview(found, ctx.today, running=running),
        *_missing(found, ctx.today, running=running),
        *_latest(found, running=running),
    ]
    alt = "\n\n".join(card.plain for card in cards)
    if len(cards) == 1:
        return Reply(messages=(cards[0],))
    return Reply(messages=(Cards(cards=tuple(cards), alt=alt),))


def no_such_cycle(year: RocYear, ctx: Context) -> str | None:
    """Why there is nothing to see of a year: it lies ahead, or before the first plans."""
    first = ctx.dates.schedules.first_year
    if year > roc.from_western(ctx.today.year):
        return phrases_reports.not_begun(year)
    return phrases_reports.no_such_cycle(year, first) if year < first else None


def _asked(message: Incoming, ctx: Context) -> units.Details | None:
    """The year and the unit that are named behind the word; None where it is another word."""
    match = _WORD.fullmatch(plain(message.text))
    return units.details(match["rest"] or "", ctx) if match else None


def _overview(found: UnitProgress, day: date, *, running: bool) -> Card:
    """All chapters with their lights, and why reports came back."""
    lit = {name: _lights(states) for name, states in found.chapters.items()}
    rows = [(clipped(name, 24), lights) for name, lights in lit.items() if lights]
    report = receipts.tap(
        phrases_reports.REPORT, step="chapters", u=found.unit.name, year=found.year
    )
    year = "" if running else f" {found.year}"
    result = _says(phrases_reports.RESULT_REPORT, f"{phrases_reports.RESULT_REPORT}{year}")
    return Card(
        kicker=phrases.day_of(day),
        title=phrases_reports.progress_title(found.unit.name, found.year),
        body=phrases_reports.counted(
            *(found.count(one) for one in ProgressStatus),
            total=len(found.asked),
            unasked=len(found.unasked),
        ),
        rows=(*rows, *_returned(found)),
        buttons=(*_to_correct(found), report, result) if running else (result,),
        tone=Tone.CARE if found.count(ProgressStatus.BEHIND) else Tone.NORMAL,
    )


def _returned(found: UnitProgress) -> list[tuple[str, str]]:
    """A row for the reports that a superior has returned, with the remarks."""
    lines = [
        phrases_reports.returned(one.root, clipped(one.review.remark, _REMARK))
        for one in found.returned[:_RETURNED]
        if one.review is not None
    ]
    if (more := len(found.returned) - len(lines)) > 0:
        lines.append(phrases_reports.further_returned(more))
    return [(phrases_reports.RETURN, "\n".join(lines))] if lines else []


def _to_correct(found: UnitProgress) -> list[Button]:
    """A button for the first report that was returned."""
    return [
        receipts.tap(phrases_reports.correct_that(one.root), step="correct", id=one.root)
        for one in found.returned[:1]
    ]


def _missing(found: UnitProgress, day: date, *, running: bool) -> list[Card]:
    """What a report is still to come on, and what is behind, with the days by which it was due."""
    behind = [one for one in found.asked if one.status is ProgressStatus.BEHIND]
    missing = [one for one in found.missing if one not in behind]
    listed = [*behind, *missing][:_MISSING]
    if not listed:
        return []
    rows = [(receipts.cite_short(one.item), _in_a_line(one, day)) for one in listed]
    more = len(behind) + len(missing) - len(listed)
    return [
        Card(
            kicker=phrases_reports.progress_title(found.unit.name, found.year),
            title=phrases_reports.still_missing(len(found.missing), len(behind)),
            rows=tuple(rows),
            note=phrases_reports.and_more(more) if more else "",
            buttons=tuple(_report_button(one, found) for one in listed[:3]) if running else (),
        )
    ]


def _latest(found: UnitProgress, *, running: bool) -> list[Card]:
    """The last reports, the newest first."""
    every = sorted(_standing(found), key=lambda one: (one.at, one.id), reverse=True)
    if not every:
        return []
    titles = {state.item.id: state.item for state in found.states}
    rows = [
        (f"#{one.root} {phrases.day_of(today(one.at), year=False)}", _reported(one, titles[one.item].title))
        for one in every[:_LAST]
    ]  # fmt: skip
    return [
        Card(
            kicker=phrases_reports.progress_title(found.unit.name, found.year),
            title=phrases_reports.LAST_REPORTS,
            rows=tuple(rows),
            note=phrases_reports.QUOTE_TO_CHANGE if running else "",
            buttons=(_says(phrases_reports.CORRECT),) if running else (),
        )
    ]


def _reported(one: ProgressReport, title: str) -> str:
    return f"{phrases_reports.LIGHTS[one.status]}{title}{phrases_reports.reporter(one.reporter)}"


def _standing(found: UnitProgress) -> list[ProgressReport]:
    return [report for state in found.states for report in state.reports]


def _lights(states: Sequence[ItemState]) -> str:
    """A chapter's counts of asked items by light, those that are none left out."""
    asked = [one for one in states if not one.item.is_optional]
    counts = {one: sum(state.status is one for state in asked) for one in ProgressStatus}
    shown = [f"{phrases_reports.LIGHTS[one]}{number}" for one, number in counts.items() if number]
    return " ".join(reversed(shown))


def _in_a_line(one: ItemState, day: date) -> str:
    due = one.item.due
    is_over = due is not None and due < day
    return phrases_reports.light_of(one.status, one.item.title, due, is_over=is_over)


def _report_button(one: ItemState, found: UnitProgress) -> Button:
    label = phrases_reports.report_on(receipts.label(one.item))
    return receipts.tap(
        clipped(label, 20), step="item", id=one.item.id, u=found.unit.name, year=found.year
    )


def _says(label: str, words: str = "") -> Button:
    return Button(label=label, does=Does.SAY, value=f"{phrases.CALL} {words or label}")
