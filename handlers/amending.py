"""What a report says after a correction: the words that were changed, and all that were not."""

from __future__ import annotations

import re
from dataclasses import replace

from bot.plans.progress import ProgressReport, Quantity
from bot.plans.typed_reports import TypedReport
from bot.store.progress import Content
from handlers import report_lines
from handlers.context import Context

_SHORT = 20  # characters of a correction that is about its numbers alone
_INSTEAD = re.compile(
    r"(?:把|將)?\s*(?P<old>[^\s,，。]{1,20}?)\s*(?:改成|改為|更正為|→|->|=>)\s*(?P<new>[^\s,，。]{1,40})"
    r"|(?P<wrong>[^\s,，。]{1,20}?)\s*(?:寫|打)?錯了?[,，\s]*(?:應該?)?是\s*(?P<right>[^\s,，。]{1,40})"
)
_SHOULD_BE = re.compile(
    r"^.{0,12}?(?:應該是|應為|正確是|才對的?是|更正為|改成|改為)\s*(?P<new>.+)$", re.DOTALL
)
_NAMED = {
    "人數": ("人", "人次", "名", "位"),
    "人次": ("人次", "人"),
    "場次": ("場", "場次", "次"),
    "次數": ("次", "場次", "場"),
    "件數": ("件", "案"),
    "份數": ("份",),
    "分數": ("分",),
}
_NAMED_NUMBER = re.compile(
    rf"(?P<name>{'|'.join(_NAMED)})\s*(?:改成|改為|更正為|應該是|應為|是|為|:|：)?\s*(?P<digits>\d[\d,]*(?:\.\d+)?)\D{{0,6}}"
)
_NOTHING_SAID = frozenset({"備註", "說明", "內容", "數字", "數量", "人數", "場次", "狀態", "進度"})


def is_empty(words: str) -> bool:
    """Whether a correction only names what is to be corrected, so that the bot has to ask."""
    return words.strip(" ,，。:：") in {"", *_NOTHING_SAID}


def amended(report: ProgressReport, words: str, ctx: Context) -> Content | None:
    """The report with a part of its words changed: 「把4場改成5場」, 「人數改成12」.

    Returns:
        None when the words do not say so, or what they would change does not stand there.
    """
    note = _with_named_number(report, words) or _with_other_words(report.note, words)
    if note is None or note == report.note:
        return None
    found = report_lines.read(note, ctx)
    quantities = tuple(number for one in found for number in one.quantities)
    return replace(report_lines.said_in(report), note=note, quantities=quantities)


def without_front(words: str) -> str:
    """A correction without what leads to it: 「多打一個0 應該是6人次」 is 「6人次」."""
    match = _SHOULD_BE.match(words.strip())
    return match["new"] if match else words


def merged(report: ProgressReport, one: TypedReport, *, moved: bool) -> Content:
    """The report with what a correction says in place of what it said.

    Args:
        moved: the correction names another item, so that its number is no note.
    """
    new, old = report_lines.content_of(one, report), report_lines.said_in(report)
    note, quantities = old.note, old.quantities
    if not moved:
        note, quantities = _in_place(old, report_lines.on_its_item(one))
    return Content(
        status=new.status,
        percent=new.percent,
        quantities=quantities,
        note=note,
        reason=one.reason or old.reason,
        remedy=one.remedy or old.remedy,
        done_on=one.done_on or old.done_on,
    )


def _with_other_words(note: str, words: str) -> str | None:
    match = _INSTEAD.search(words)
    if match is None:
        return None
    old, new = match["old"] or match["wrong"], match["new"] or match["right"]
    return note.replace(old, new, 1) if old in note else None


def _with_named_number(report: ProgressReport, words: str) -> str | None:
    """「人數改成12」: the one number of that kind."""
    match = _NAMED_NUMBER.fullmatch(words.strip())
    if match is None:
        return None
    meant = [one for one in report.quantities if one.unit in _NAMED[match["name"]]]
    place = _place_of(meant[0], report.note) if len(meant) == 1 else None
    if place is None:
        return None
    return f"{report.note[: place[0]]}{match['digits']}{meant[0].unit}{report.note[place[1] :]}"


def _in_place(old: Content, one: TypedReport) -> tuple[str, tuple[Quantity, ...]]:
    """Words and numbers after a correction.

    「有效問卷124份」 after 「2場 有效問卷120份」 changes the one number; where a number's old place
    is not found, the new words take the place of all.
    """
    if not one.note:
        return old.note, one.quantities or old.quantities
    note, kept = old.note, {(each.what, each.unit): each for each in old.quantities}
    for each in one.quantities:
        before = kept.get((each.what, each.unit))
        place = before and _place_of(before, note)
        if not place:
            return one.note, one.quantities
        note = f"{note[: place[0]]}{each.plain}{note[place[1] :]}"
        kept[each.what, each.unit] = each
    if not one.quantities or not _is_only_numbers(one):
        return one.note, one.quantities
    return note, tuple(kept.values())


def _place_of(quantity: Quantity, note: str) -> tuple[int, int] | None:
    """Where a number stands in a note, with or without commas in it."""
    digits = ",?".join(re.escape(one) for one in f"{quantity.value.normalize():f}")
    match = re.search(rf"(?<![\d,.]){digits}\s*{re.escape(quantity.unit)}", note)
    return match.span() if match else None


def _is_only_numbers(one: TypedReport) -> bool:
    """Whether a correction is about its numbers: short, and nothing but what they count."""
    return len(one.note) <= _SHORT and not re.search(r"[，。；;\n]|,(?!\d)", one.note)
