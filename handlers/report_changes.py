"""更正, 撤回, 復原, 歷程: changes to reports that stand; an edited message changes its own.

The report that is meant is the one whose number is said (#12), else the one whose card is quoted,
else the person's last.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from bot import phrases, phrases_reports
from bot.messages import Card, Incoming, Message, Reply, say
from bot.plans.deadlines import running_cycles
from bot.plans.model import RocYear
from bot.plans.progress import Entry, Item, ProgressReport, ProgressStatus
from bot.plans.typed_reports import TypedReport
from bot.store import evidence, progress
from bot.store.progress import Content
from handlers import amending, receipts, recording, report_lines
from handlers.addressing import plain
from handlers.context import Context
from handlers.report_replies import ask_for, ask_reason, told

_CORRECT = re.compile(
    r"\s*(?:更正|修正|更改)(?!\W*我(?:是|要|想)*[查問问找]|的?[話话]|的?[時时]|前|之|以?[後后])(?:回報|上一?筆)?[\s:：,，、]*(?P<words>.*)"
    r"|\s*(?:請|幫我)?[把將]\s*(?=[#＃])(?P<of_number>.*)",
    re.DOTALL,
)
_WITHDRAW = re.compile(
    r"(?:撤回|收回|撤銷|刪除|刪掉|取消(?=.))\s*(?:#\s*\d{1,9})?"
    r"\s*(?:我|剛才|剛剛|上一?筆|最後一?筆|那一?筆|這一?筆|的)*\s*(?:回報)?"
)
_RESTORE = re.compile(r"(?:復原|還原)\s*(?:#\s*\d{1,9})?\s*(?:剛才|剛剛|那一?筆|的|撤回|回報)*")
_HISTORY = re.compile(r"(?:歷程|修改紀錄)\s*(?:#?\s*\d{1,9})?")
_SLIP = re.compile(
    r"(?:剛才|剛剛|我)*(?:(?:打|寫|報|回報|key)錯了?|(?:不對|錯了)(?=.*\d))[啦喔了,，。!\s]*"
    r"(?:應該)?(?:是|改成)?\s*(?P<words>.*)",
    re.DOTALL | re.IGNORECASE,
)
_NUMBER = re.compile(r"[#＃]\s*(\d{1,9})")
_TO_ITEM = re.compile(r"\s*(?:條號|改到|移到|項目)[\s:：是]*")
_LATER = re.compile(
    r"(?:好|好喔|好的|好滴|ok|收到|了解|知道了|嗯+|喔+|沒有|先不用|不用|等一下(?:再補)?|等等(?:再補)?|稍後(?:再補)?|晚點(?:再補)?|再補)[啦喔哦~!。]*"
)


class Kind(StrEnum):
    """What is to become of a report."""

    CORRECT = "correct"
    WITHDRAW = "withdraw"
    RESTORE = "restore"
    HISTORY = "history"
    SLIP = "slip"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Words about a report that is there: what is to become of it, and what it should say."""

    kind: Kind
    words: str = ""


def change_in(text: str) -> Change | None:
    """What a text wants to change about a report; None when it is about something else."""
    short = plain(text)
    for pattern, kind in (
        (_WITHDRAW, Kind.WITHDRAW),
        (_RESTORE, Kind.RESTORE),
        (_HISTORY, Kind.HISTORY),
    ):
        if pattern.fullmatch(short):
            return Change(kind=kind)
    if match := _CORRECT.match(text):
        return Change(kind=Kind.CORRECT, words=match["words"] or match["of_number"] or "")
    if match := _SLIP.match(short):
        return Change(kind=Kind.SLIP, words=match["words"])
    return None


def is_meant(text: str, message: Incoming, ctx: Context) -> bool:
    """Whether a text changes a report: 「不對」 and 「復原」 only where one was just made."""
    change = change_in(text)
    if change is None or change.kind not in (Kind.SLIP, Kind.RESTORE):
        return change is not None
    about = ctx.about(message) or ""
    if _NUMBER.search(plain(text)) or about.startswith("report"):
        return True
    if about.startswith("deadline"):
        return False  # 復原 of a deadline is its own
    if change.kind is Kind.RESTORE:
        return _just_withdrawn(message, ctx) is not None
    last = _last(message, ctx)
    return last is not None and ctx.now - last.at <= recording.SAME_MOMENT


def answer(change: Change, message: Incoming, ctx: Context) -> Reply:
    """Do it, to the report that is meant."""
    number = _numbered(message, ctx)
    if isinstance(number, Reply):
        return number
    if change.kind is Kind.HISTORY:
        last = _last(message, ctx) if number is None else None
        return history(number or (last.root if last else 0), message, ctx)
    if change.kind is Kind.RESTORE:
        gone = _just_withdrawn(message, ctx) if number is None else number
        return _restore(gone or 0, message, ctx)
    report = _last(message, ctx) if number is None else progress.standing_report(ctx.db, number)
    if report is None:
        known = number is not None and progress.history(ctx.db, number)
        gone_or_none = phrases_reports.ALREADY_WITHDRAWN if known else phrases_reports.NO_REPORT_YET
        return say(gone_or_none if number is None or known else phrases_reports.NO_SUCH_REPORT)
    if change.kind is Kind.WITHDRAW:
        return withdraw(report, message, ctx)
    words = _NUMBER.sub("", change.words, count=1)
    return correct(report, words, message, ctx)


def _numbered(message: Incoming, ctx: Context) -> int | Reply | None:
    """The number that is said or whose card is quoted; a card of several has to be asked about."""
    if match := _NUMBER.search(plain(message.text)):
        return int(match[1])
    kind, _, about = (ctx.about(message) or "").partition(":")
    if kind == "reports":
        return say(phrases_reports.which_of([int(one) for one in about.split(",")]))
    return int(about) if kind == "report" and about.isdecimal() else None


def _last(message: Incoming, ctx: Context) -> ProgressReport | None:
    assert message.chat is not None
    mine = ctx.units_of(message.chat)
    return progress.last_by(ctx.db, message.person, message.chat, mine)


def _just_withdrawn(message: Incoming, ctx: Context) -> int | None:
    """The report that the person has just taken back."""
    assert message.chat is not None
    since = ctx.now - recording.SAME_MOMENT
    return progress.last_withdrawn(ctx.db, message.person, message.chat, since)


def may_change(report: ProgressReport, message: Incoming, ctx: Context) -> bool:
    """Whether the chat speaks for the unit whose report it is."""
    assert message.chat is not None
    return report.unit in ctx.units_of(message.chat)


def tapped(step: str, number: int, message: Incoming, ctx: Context) -> Reply:
    """A button of a receipt."""
    if step == "restore":
        return _restore(number, message, ctx)
    report = progress.standing_report(ctx.db, number)
    if report is None:
        return say(phrases_reports.ALREADY_WITHDRAWN)
    if not may_change(report, message, ctx):
        return say(phrases_reports.NOT_YOUR_UNITS)
    if step == "withdraw":
        return withdraw(report, message, ctx)
    if step == "year":
        return _in_other_year(report, message, ctx)
    if step == "move":
        return _move(report, message.data.get("item", ""), message, ctx)
    if step == "status" and message.data.get("status") in list(ProgressStatus):
        status = ProgressStatus(message.data["status"])
        return _put(report, report_lines.with_status(report, status), None, message, ctx)
    return ask_for("correction", phrases_reports.WHAT_TO_CORRECT, report, message, ctx)


def correct(report: ProgressReport, words: str, message: Incoming, ctx: Context) -> Reply:
    """Change what the words say, keep what they leave open; without words ask for them."""
    if not may_change(report, message, ctx):
        return say(phrases_reports.NOT_YOUR_UNITS)
    if amending.is_empty(words):
        return ask_for("correction", phrases_reports.WHAT_TO_CORRECT, report, message, ctx)
    if changed := amending.amended(report, words, ctx):
        return _put(report, changed, None, message, ctx)
    bare = amending.without_front(_TO_ITEM.sub("", words, count=1))
    found = report_lines.read(bare, ctx)
    if not found:
        return say(phrases_reports.WHAT_TO_CORRECT)
    if fault := report_lines.fault(found[:1], ctx):
        return say(fault)
    unit = ctx.corpus.units.get(report.unit)
    if found[0].segments and unit is not None:
        meant = report_lines.meant(found[0], unit, report.year, ctx)
        if meant.certain is None:
            return _which_item(report, meant.candidates, bare)
    item = _other_item(found[0], report, ctx)
    content = amending.merged(report, found[0], moved=item is not None)
    return _put(report, content, item, message, ctx)


def _which_item(report: ProgressReport, items: Sequence[Item], words: str) -> Reply:
    """A correction names a place where there is no clause, or several."""
    if not items:
        return say(phrases_reports.no_such_clause(words.strip()))
    buttons = tuple(
        receipts.tap(receipts.label(one), step="move", id=report.root, item=one.id) for one in items
    )
    lines = [f"・{receipts.cite(one)} {one.title}" for one in items]
    title = phrases_reports.MOVE_WHERE
    card = Card(title=title, buttons=buttons, alt="\n".join([title, *lines]))
    return Reply(messages=(card,))


def _move(report: ProgressReport, item_id: str, message: Incoming, ctx: Context) -> Reply:
    """File a report under another item."""
    unit = ctx.corpus.units.get(report.unit)
    item = recording.item_of(unit, report.year, item_id, ctx) if unit else None
    if item is None:
        return say(phrases_reports.not_an_item_of(report.unit))
    return _put(report, report_lines.said_in(report), item, message, ctx)


def explain(report: ProgressReport, missing: str, message: Incoming, ctx: Context) -> Reply:
    """Reason and remedy, in the words that the bot has asked for.

    Args:
        missing: `reason` for both, `remedy` where the reason is known.
    """
    if _LATER.fullmatch(plain(message.text)):
        return say(phrases_reports.add_it_later(report.root))
    found = report_lines.read(message.text, ctx)
    if fault := report_lines.fault(found, ctx):
        return say(fault)
    said = message.text.strip()
    reason = "".join(one.reason for one in found)
    remedy = "".join(one.remedy for one in found)
    if missing == "remedy":
        reason, remedy = reason or report.reason, remedy or said
    elif not reason:
        reason = said if not remedy else report.reason
    content = replace(report_lines.said_in(report), reason=reason, remedy=remedy or report.remedy)
    return _put(report, content, None, message, ctx, asks=missing == "reason" and not remedy)


def withdraw(report: ProgressReport, message: Incoming, ctx: Context) -> Reply:
    """Take a report back; a slip can be undone."""
    if not may_change(report, message, ctx):
        return say(phrases_reports.NOT_YOUR_UNITS)
    recording.withdraw(report, message, ctx)
    item = _item_of(report, ctx)
    title = phrases_reports.withdrawn(report.root, item.title if item else "")
    card = Card(
        kicker=f"{report.unit} · {phrases.cycle(report.year)}",
        title=title,
        buttons=(receipts.tap(phrases_reports.RESTORE, step="restore", id=report.root),),
        about=receipts.about([report.root]),
        alt=title,
    )
    return Reply(messages=(card,), worth_a_push=True)


def history(number: int, message: Incoming, ctx: Context) -> Reply:
    """歷程: every entry of a report, for the chats of its unit and for administrators."""
    entries = progress.history(ctx.db, number)
    is_report = bool(entries) and entries[0].entry is Entry.REPORT
    if not is_report or not _may_see(entries[0], message, ctx):
        return say(phrases_reports.NO_SUCH_REPORT)
    item = _item_of(entries[-1], ctx)
    title = phrases_reports.history_title(number, item.title if item else entries[-1].item)
    events = [
        (one.at, phrases_reports.history_line(one.at, one.reporter, one.entry, _in_words(one)))
        for one in entries
    ]
    events += [
        (one.at, phrases_reports.reviewed_line(one.at, one.verdict, one.remark))
        for one in progress.reviews_of(ctx.db, number)
    ]
    lines = [line for _, line in sorted(events, key=lambda one: one[0])]
    kicker = phrases_reports.origin_of(entries[0].unit, entries[0].year, number)
    card = Card(kicker=kicker, title=title, body="\n".join(lines), about=receipts.about([number]))
    return Reply(messages=(card,))


def _may_see(report: ProgressReport, message: Incoming, ctx: Context) -> bool:
    assert message.chat is not None
    is_admin = not message.chat.is_shared and ctx.is_admin(message.person)
    return is_admin or may_change(report, message, ctx)


def _in_words(one: ProgressReport) -> str:
    if one.is_unsent:
        return phrases_reports.TAKEN_BACK
    if one.entry is Entry.WITHDRAWAL:
        return ""
    status = phrases_reports.status_of(one.status, one.percent)
    return " ".join(part for part in (status, one.note, one.reason, one.remedy) if part)


def edited(
    earlier: Sequence[ProgressReport], found: Sequence[TypedReport], message: Incoming, ctx: Context
) -> Reply | None:
    """The message was edited in LINE: its reports say what it says now.

    Returns:
        None when it has become another number of reports, so that they are made anew; the old
        ones are withdrawn then.
    """
    if len(found) != len(earlier):
        for part, one in enumerate(earlier):
            recording.withdraw(one, message, ctx, part=part)
        return None
    for part, (before, typed) in enumerate(zip(earlier, found, strict=True)):
        item = _other_item(typed, before, ctx)
        now_on = item or _item_of(before, ctx)
        content = report_lines.content_of(report_lines.filed(typed, now_on) if now_on else typed)
        recording.correct(before, content, message, ctx, item=item, part=part)
    stand = [progress.standing_report(ctx.db, one.root) for one in earlier]
    pairs = [(one, on) for one in stand if one and (on := _item_of(one, ctx))]
    if len(pairs) == 1:
        report, on = pairs[0]
        title = phrases_reports.corrected(on.title)
        return Reply(messages=(receipts.receipt(report, on, title),), worth_a_push=True)
    return Reply(messages=(receipts.several(pairs),), worth_a_push=True)


def _put(
    report: ProgressReport,
    content: Content,
    item: Item | None,
    message: Incoming,
    ctx: Context,
    *,
    asks: bool = True,
) -> Reply:
    now_on = item or _item_of(report, ctx)
    if now_on is None:
        return say(phrases_reports.not_an_item_of(report.unit))
    if content == report_lines.said_in(report) and item is None:
        return say(phrases_reports.NOTHING_CHANGED)
    recording.correct(report, content, message, ctx, item=item)
    changed = progress.standing_report(ctx.db, report.root)
    assert changed is not None
    card = receipts.receipt(changed, now_on, phrases_reports.corrected(now_on.title))
    asked = ask_reason(changed.root, message, ctx) if asks else None
    messages: tuple[Message, ...] = (card, asked) if asked else (card,)
    return Reply(messages=messages, worth_a_push=True)


def _other_item(one: TypedReport, report: ProgressReport, ctx: Context) -> Item | None:
    """Another item, when the words name one by its number."""
    unit = ctx.corpus.units.get(report.unit)
    if not one.segments or unit is None:
        return None
    found = report_lines.meant(one, unit, report.year, ctx).certain
    return None if found is None or found.id == report.item else found


def _restore(number: int, message: Incoming, ctx: Context) -> Reply:
    """A withdrawal was a slip: the report stands again, under its number."""
    said = [one for one in progress.history(ctx.db, number) if one.entry is not Entry.WITHDRAWAL]
    if not said or said[0].is_unsent or progress.standing_report(ctx.db, number):
        return say(phrases_reports.NOTHING_TO_RESTORE)
    last = next(one for one in reversed(said) if not one.is_unsent)
    if not may_change(last, message, ctx):
        return say(phrases_reports.NOT_YOUR_UNITS)
    item = _item_of(last, ctx)
    if item is None:
        return say(phrases_reports.not_an_item_of(last.unit))
    recording.correct(last, report_lines.said_in(last), message, ctx, item=item)
    report = progress.standing_report(ctx.db, number)
    assert report is not None
    card = receipts.receipt(report, item, phrases_reports.restored(item.title))
    return Reply(messages=(card,), worth_a_push=True)


def _in_other_year(report: ProgressReport, message: Incoming, ctx: Context) -> Reply:
    """In January, when two cycles run: file a report under the other one."""
    running = {str(one): one for one in running_cycles(ctx.today)}
    year = running.get(message.data.get("year", ""))
    if year is None or year == report.year:
        return say(phrases.NOT_LONGER_HERE)
    unit = ctx.corpus.units.get(report.unit)
    item = recording.item_of(unit, year, _in_cycle(report.item, year), ctx) if unit else None
    if item is None or unit is None:
        return say(phrases_reports.not_an_item_of(report.unit))
    recording.withdraw(report, message, ctx)
    content = report_lines.said_in(report)
    root = recording.record(content, item, message, ctx, unit=unit.name, year=year, part=1)
    shown = [one.id for one in evidence.of_reports(ctx.db, [report.root])]
    if shown:
        evidence.move(ctx.db, shown, root, by=message.person, now=ctx.now)
    return told([(root, item)], [], unit, year, message, ctx)


def _in_cycle(item: str, year: RocYear) -> str:
    """An item's id in another cycle: a deadline's begins with its year."""
    before, _, rest = item.partition(":")
    return f"{year}:{rest}" if before.isdecimal() else item


def _item_of(report: ProgressReport, ctx: Context) -> Item | None:
    unit = ctx.corpus.units.get(report.unit)
    return recording.item_of(unit, report.year, report.item, ctx) if unit else None
