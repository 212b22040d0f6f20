"""Draws reports: the receipt of one, of several, and the question which item is meant."""

from __future__ import annotations

from collections.abc import Sequence

from bot import phrases, phrases_reports
from bot.messages import Button, Card, Does, Tone
from bot.plans.progress import Item, ProgressReport, ProgressStatus
from handlers.citing import clipped, data

_LABEL = 20  # characters of a button (LINE.md, section 4)
_NOTE = 300  # characters of a note on a receipt; all of it is kept


def receipt(report: ProgressReport, item: Item, title: str, *notes: str) -> Card:
    """What was taken down, with what one can do about it.

    Args:
        title: such as `phrases_reports.recorded(…)`.
        notes: small print, each a line of its own; empty ones are left out.
    """
    rows = receipt_rows(report, item)
    lines = [f"{name}：{value}" for name, value in rows]
    note = clipped(report.note, _NOTE)
    small = "\n".join(one for one in notes if one)
    kicker = phrases_reports.origin_of(report.unit, report.year, report.root)
    return Card(
        kicker=kicker,
        title=title,
        body=note,
        rows=rows,
        note=small,
        buttons=(
            tap(phrases_reports.CORRECT, step="correct", id=report.root),
            tap(phrases_reports.WITHDRAW, step="withdraw", id=report.root),
            Button(
                label=phrases_reports.ADD_PICTURE,
                does=Does.POSTBACK,
                value=data(a="evidence", report=report.root),
                says=phrases_reports.ADD_PICTURE,
            ),
        ),
        tone=Tone.CARE if report.status is ProgressStatus.BEHIND else Tone.GOOD,
        about=about([report.root]),
        alt="\n".join(one for one in (title, kicker, note, *lines, small) if one),
    )


def receipt_rows(report: ProgressReport, item: Item) -> tuple[tuple[str, str], ...]:
    """Name and value of what a report says."""
    numbers = "、".join(f"{one.what}{one.plain}" for one in report.quantities)
    done_on = phrases.day_of(report.done_on) if report.done_on else ""
    rows = (
        (phrases_reports.PATH, cite(item)),
        (phrases_reports.STATUS, phrases_reports.status_of(report.status, report.percent)),
        (phrases_reports.NUMBERS, numbers),
        (phrases_reports.SAID_DAY, done_on),
        (phrases_reports.REASON, clipped(report.reason, _NOTE)),
        (phrases_reports.REMEDY, clipped(report.remedy, _NOTE)),
    )
    return tuple((name, value) for name, value in rows if value)


def several(found: Sequence[tuple[ProgressReport, Item]], *notes: str) -> Card:
    """The receipt of a message with more than one report: a line for each."""
    title = phrases_reports.several_recorded(len(found))
    rows = [(f"#{report.root}", _in_short(report, item)) for report, item in found]
    first = found[0][0]
    small = "\n".join(one for one in (*notes, phrases_reports.change_one(first.root)) if one)
    return Card(
        kicker=f"{first.unit} · {phrases.cycle(first.year)}",
        title=title,
        rows=tuple(rows),
        note=small,
        tone=Tone.GOOD,
        about=about([report.root for report, _ in found]),
        alt="\n".join([title, *(f"{name} {value}" for name, value in rows), small]).rstrip(),
    )


def choice(title: str, words: str, items: Sequence[Item], *, further: str = "") -> Card:
    """Which of several items is meant; the words that wait are filed under the one tapped."""
    buttons = [tap(label(one), step="place", id=one.id) for one in items]
    other = phrases_reports.NONE_OF_THESE if items else phrases_reports.FROM_CHAPTERS
    lines = [f"・{cite(one)} {one.title}" for one in items]
    asked = phrases_reports.asked_about(clipped(words, 60)) if words else ""
    return Card(
        title=title,
        body=asked,
        note=further,
        buttons=(*buttons, tap(other, step="chapters", then="place")),
        alt="\n".join(one for one in (title, asked, *lines, further) if one),
    )


def about(roots: Sequence[int]) -> str:
    """What quoting a message about these reports refers to."""
    ids = ",".join(str(one) for one in roots)
    return f"report:{ids}" if len(roots) == 1 else f"reports:{ids}"


def cite(item: Item) -> str:
    """An item as it is cited."""
    return phrases.citation(item.plan, item.path)


def cite_short(item: Item) -> str:
    """An item by its path alone, without the section that all have."""
    return item.path.removeprefix("肆、") or item.chapter


def label(item: Item) -> str:
    """An item as a button: the end of its path, and its title as far as there is room."""
    path = cite_short(item)
    return clipped(f"{path} {item.title}" if len(path) < _LABEL - 4 else item.title, _LABEL)


def tap(label: str, **fields: str | int) -> Button:
    """A button of a report."""
    return Button(label=label, does=Does.POSTBACK, value=data(a="report", **fields), says=label)


def _in_short(report: ProgressReport, item: Item) -> str:
    status = phrases_reports.status_of(report.status, report.percent)
    numbers = "、".join(f"{one.what}{one.plain}" for one in report.quantities)
    return f"{item.title}：{status} {numbers}".rstrip()
