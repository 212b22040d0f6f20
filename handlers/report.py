"""回報, 更正, 撤回, 取消: reports in a line or in many, and answers to quoted messages.

What is certain is stored at once; what is not is asked with the nearest items to tap. The lines
that wait for their item are a row of their own, apart from what the talk is about, so that a
question in between, or a restart, loses none of them.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from typing import Any

from bot import phrases, phrases_reports
from bot.messages import Incoming, IncomingKind, Reply, say
from bot.plans import roc
from bot.plans.model import RocYear, Unit
from bot.plans.progress import Item, ProgressReport
from bot.plans.typed_reports import TypedReport
from bot.store import progress
from handlers import (
    deadlines,
    receipts,
    recording,
    report_changes,
    report_form,
    report_lines,
    units,
)
from handlers.addressing import plain
from handlers.context import Context
from handlers.report_replies import TOPIC, told

MOST_LINES = 20
"""Reports in one message: as many fit on a receipt."""

_TEXTS = frozenset({IncomingKind.TEXT, IncomingKind.EDITED})
_WORD = re.compile(
    r"\s*(?:進度)?(?:[回迴][報报]|report\b)(?:進度|进度)?[\s:：,，、]*", re.IGNORECASE
)
_HOW = re.compile(
    r"(?:怎麼|如何|要怎樣|怎樣)(?:來|去|做|才能)?回報|回報(?:要)?(?:怎麼|如何)(?:做|用|打|寫)?"
)
_LOOKS_LIKE_ONE = re.compile(
    r"[回迴][報报]|report|更正|完成|進行|落後|[%％]|\d\s*(?:場|人|件|次)", re.IGNORECASE
)
_MORE = re.compile(r"(?:再|又|另外?|追)加?了?(?:辦|做)?了?(?=.*\d)")
_ORDINAL = re.compile(r"第?\s*(?P<number>[1-5一二三四五])\s*(?:個|項|條|筆)?")
_SENT = frozenset({"確認送出", "確認", "送出", "對", "是", "是的", "沒錯", "ok"})
_CANCEL = "取消"


# which messages are meant


def is_meant(message: Incoming, ctx: Context) -> bool:
    """Whether something is reported, corrected or withdrawn."""
    if message.kind not in _TEXTS:
        return False
    text = message.text
    if _HOW.search(text):
        return True
    if _WORD.match(text) and _asks_about(text, ctx):
        return False
    if _WORD.match(text) or report_changes.is_meant(text, message, ctx):
        return True
    if message.kind is IncomingKind.EDITED:
        return bool(_of_message(message, ctx))
    if report_lines.is_bare_report(text, ctx):
        return True
    quoted = _quoted(message, ctx)
    if isinstance(quoted, Item) and deadlines.is_an_answer(text):
        return False  # to a reminder the bare words say the same as its buttons
    return quoted is not None and report_lines.says_something(text, ctx)


def is_tapped(message: Incoming, ctx: Context) -> bool:
    """Whether a button of a report was tapped."""
    return message.kind is IncomingKind.POSTBACK and message.data.get("a") == TOPIC


def is_awaited(message: Incoming, ctx: Context) -> bool:
    """Whether the bot has just asked this person for words about a report."""
    state = _state_for(message, ctx)
    if state is None or message.chat is None:
        return False
    return not message.chat.is_shared or ctx.now.isoformat() <= state["until"]


def is_answer(message: Incoming, ctx: Context) -> bool:
    """Whether words that are for the bot go on with a report: no question, however late."""
    if _state_for(message, ctx) is None:
        return False
    return is_awaited(message, ctx) or not report_lines.is_question(message.text)


def is_cancelled(message: Incoming, ctx: Context) -> bool:
    """Whether somebody leaves what is half filled in."""
    if message.kind is not IncomingKind.TEXT or plain(message.text) != _CANCEL:
        return False
    return ctx.recall(message, topic=TOPIC) is not None


def may_report(message: Incoming) -> bool:
    """Whether a message may end in a report, by its looks alone."""
    if message.kind is IncomingKind.POSTBACK:
        return message.data.get("a") in (TOPIC, "evidence") or message.data.get("do") == "done"
    return message.kind in _TEXTS and _LOOKS_LIKE_ONE.search(message.text) is not None


# what is said to them


def cancel(message: Incoming, ctx: Context) -> Reply:
    """取消: nothing stays of what was half filled in; what was stored stays."""
    state = ctx.recall(message, topic=TOPIC) or {}
    ctx.forget(message, topic=TOPIC)
    if state.get("report"):
        return say(phrases_reports.kept_as_it_is(int(state["report"])))
    if state.get("stored"):
        return say(phrases_reports.rest_not_recorded(len(state["lines"])))
    return say(phrases_reports.CANCELLED)


def answer(message: Incoming, ctx: Context) -> Reply:
    """Report, correct or withdraw."""
    if message.kind is IncomingKind.EDITED and (earlier := _of_message(message, ctx)):
        return _edited(earlier, message, ctx)
    if _HOW.search(message.text):
        return _how_to(message)
    change = report_changes.change_in(message.text)
    if change is not None and not _WORD.match(message.text):
        return report_changes.answer(change, message, ctx)
    quoted = _quoted(message, ctx)
    if isinstance(quoted, ProgressReport) and not _WORD.match(message.text):
        return _about_quoted(quoted, message, ctx)
    unit = units.unit_for(message, ctx, what=phrases_reports.REPORT)
    if isinstance(unit, Reply):
        return unit
    words = _WORD.sub("", message.text, count=1)
    if isinstance(quoted, Item):
        return _report_on(quoted, words, unit, message, ctx)
    if not words.strip():
        return report_form.begin(unit, message, ctx)
    return _report(words, unit, message, ctx)


def typed(message: Incoming, ctx: Context) -> Reply:
    """The words that the bot has asked for."""
    state = ctx.recall(message, topic=TOPIC) or {}
    if state.get("lines"):
        number = _ORDINAL.fullmatch(plain(message.text))
        assert number is not None
        at = roc.number(number["number"]) or 1
        return _place(state["offered"][at - 1], message, ctx)
    if plain(message.text) in _SENT and state.get("awaits") is None:
        return report_form.send(state, message, ctx)
    if state["awaits"] == "note":
        return report_form.noted(state, message, ctx)
    ctx.forget(message, topic=TOPIC)
    report = progress.standing_report(ctx.db, int(state["report"]))
    if report is None:
        return say(phrases_reports.ALREADY_WITHDRAWN)
    if state["awaits"] in ("reason", "remedy"):
        return report_changes.explain(report, state["awaits"], message, ctx)
    return report_changes.correct(report, message.text, message, ctx)


def tapped(message: Incoming, ctx: Context) -> Reply:
    """A button: of a question which item is meant, of the form, of a receipt."""
    step = message.data.get("step", "")
    if step == "place":
        return _place(message.data.get("id", ""), message, ctx)
    if step in report_form.STEPS:
        return report_form.tapped(message, ctx)
    number = message.data.get("id", "")
    if not number.isdecimal():
        return say(phrases_reports.ALREADY_WITHDRAWN)
    return report_changes.tapped(step, int(number), message, ctx)


# reporting


def _report(words: str, unit: Unit, message: Incoming, ctx: Context) -> Reply:
    """Store every line that is certain, and ask about the first that is not."""
    found = report_lines.read(words, ctx)
    if not found:
        return say(phrases_reports.EMPTY_REPORT)
    if len(found) > MOST_LINES:
        return say(phrases_reports.too_many_lines(MOST_LINES))
    if fault := report_lines.fault(found, ctx):
        return say(fault)
    year = report_lines.year_of(found[0], ctx)
    stored: list[tuple[int, Item]] = []
    waiting: list[TypedReport] = []
    for one in found:
        item = report_lines.meant(one, unit, year, ctx).certain
        if item is None:
            waiting.append(one)
            continue
        item, cycle = report_lines.in_its_cycle(item, year, one, unit, ctx)
        line, part = report_lines.filed(one, item), len(stored)
        root = report_lines.store(line, item, message, ctx, unit=unit, year=cycle, part=part)
        stored.append((root, item))
    return told(stored, waiting, unit, year, message, ctx)


def _report_on(item: Item, words: str, unit: Unit, message: Incoming, ctx: Context) -> Reply:
    """Words that quote a reminder report on its deadline, whatever else they name."""
    found = report_lines.read(words, ctx)
    if not found:
        return say(phrases_reports.EMPTY_REPORT)
    if fault := report_lines.fault(found[:1], ctx):
        return say(fault)
    year = RocYear(int(item.id.partition(":")[0]))
    line = report_lines.on_its_item(found[0])
    root = report_lines.store(line, item, message, ctx, unit=unit, year=year)
    return told([(root, item)], [], unit, year, message, ctx)


def _asks_about(text: str, ctx: Context) -> bool:
    """Whether a text that begins with 回報 asks something about reports rather than making one."""
    if not report_lines.is_question(text):
        return False
    return not any(
        one.segments or one.quantities or one.percent is not None
        for one in report_lines.read(_WORD.sub("", text, count=1), ctx)
    )


def _how_to(message: Incoming) -> Reply:
    """How a report is made, and the button that leads through it."""
    assert message.chat is not None
    words = phrases_reports.how_to_report(shared=message.chat.is_shared)
    button = receipts.tap(phrases_reports.REPORT, step="chapters")
    return say(words, quick=(button,))


def _about_quoted(report: ProgressReport, message: Incoming, ctx: Context) -> Reply:
    """Words that quote a receipt correct it; 「再加2場」 is further work on the same item."""
    unit = ctx.corpus.units.get(report.unit)
    item = recording.item_of(unit, report.year, report.item, ctx) if unit else None
    found = report_lines.read(message.text, ctx)
    is_more = _MORE.search(plain(message.text)) and found and found[0].quantities
    if not is_more or item is None or unit is None:
        return report_changes.correct(report, message.text, message, ctx)
    if not report_changes.may_change(report, message, ctx):
        return say(phrases_reports.NOT_YOUR_UNITS)
    line = report_lines.on_its_item(found[0])
    root = report_lines.store(line, item, message, ctx, unit=unit, year=report.year)
    return told([(root, item)], [], unit, report.year, message, ctx)


def _edited(earlier: list[ProgressReport], message: Incoming, ctx: Context) -> Reply:
    words = _WORD.sub("", message.text, count=1)
    found = report_lines.read(words, ctx)
    if fault := report_lines.fault(found, ctx):
        return say(fault)
    told_already = report_changes.edited(earlier, found, message, ctx)
    unit = ctx.corpus.units.get(earlier[0].unit)
    if told_already is not None or unit is None:
        return told_already or say(phrases_reports.NO_REPORT_YET)
    return _report(words, unit, replace(message, event_id=f"{message.event_id}+"), ctx)


# lines that wait for their item


def _state_for(message: Incoming, ctx: Context) -> dict[str, Any] | None:
    """What the bot waits for from this person, if a text can be the answer to it."""
    if message.kind is not IncomingKind.TEXT or message.chat is None:
        return None
    state = ctx.recall(message, topic=TOPIC)
    if state is None:
        return None
    short = plain(message.text)
    if state.get("awaits") or short == _CANCEL:
        return state
    if state.get("lines"):
        number = _ORDINAL.fullmatch(short)
        offered = len(state.get("offered", ()))
        return state if number and (roc.number(number["number"]) or 9) <= offered else None
    return state if state.get("status") and short in _SENT else None


def _place(item_id: str, message: Incoming, ctx: Context) -> Reply:
    """The item of the first waiting line was tapped: record it, then ask about the next."""
    assert message.chat is not None
    state = ctx.recall(message, topic=TOPIC) or {}
    if not state.get("lines"):
        return say(phrases.NOT_LONGER_HERE)
    unit, year = ctx.corpus.units.get(state["unit"]), RocYear(state["year"])
    item = recording.item_of(unit, year, item_id, ctx) if unit else None
    if item is None or unit is None or unit.name not in ctx.units_of(message.chat):
        return say(phrases_reports.not_an_item_of(state["unit"]))
    ctx.forget(message, topic=TOPIC)
    day = date.fromisoformat(state["day"])
    first, *rest = (report_lines.read(one, ctx, today=day)[0] for one in state["lines"])
    placed = replace(message, message_id=state["message"] or None)
    item, year = report_lines.in_its_cycle(item, year, first, unit, ctx)
    line = report_lines.filed(first, item)
    root = report_lines.store(line, item, placed, ctx, unit=unit, year=year)
    return told([(root, item)], rest, unit, year, placed, ctx)


# who and what


def _quoted(message: Incoming, ctx: Context) -> ProgressReport | Item | None:
    """The report, or the deadline, that the quoted message of ours was about."""
    kind, _, about = (ctx.about(message) or "").partition(":")
    if kind == "report" and about.isdecimal():
        return progress.standing_report(ctx.db, int(about))
    return _deadline_item(about, message, ctx) if kind == "deadline" else None


def _deadline_item(deadline: str, message: Incoming, ctx: Context) -> Item | None:
    assert message.chat is not None
    year = deadline.partition(":")[0]
    for name in ctx.units_of(message.chat) if year.isdecimal() else ():
        unit = ctx.corpus.units.get(name)
        item = recording.item_of(unit, RocYear(int(year)), deadline, ctx) if unit else None
        if item is not None:
            return item
    return None


def _of_message(message: Incoming, ctx: Context) -> list[ProgressReport]:
    """The reports that an earlier version of the message made, as they stand."""
    if message.message_id is None:
        return []
    first = progress.of_message(ctx.db, message.message_id)
    stand = (progress.standing_report(ctx.db, one.root) for one in first)
    return [one for one in stand if one is not None]
