"""調整 and 停班: administrators move a deadline or declare a day off, and take it back."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from rapidfuzz import process

from bot import phrases
from bot.messages import Button, Card, Incoming, IncomingKind, Reply, Tone, say
from bot.plans import roc, typed_dates
from bot.plans.deadlines import (
    Adjustment,
    Deadline,
    DeadlineKind,
    ScheduleEntry,
    deadlines_of,
    running_cycles,
)
from bot.plans.model import RocYear, Unit, UnitLevel
from bot.plans.workdays import DayOverride
from bot.store import adjustments, audit
from handlers import timeline
from handlers.context import Context
from handlers.timeline import tap

ADJUST, CLOSE = "調整", "停班"

_TEXTS = (IncomingKind.TEXT, IncomingKind.EDITED)
_RESTORE, _REOPEN = "restore", "reopen"
_REASON = re.compile(r"[\s,，;；。(（]*(?:原因|理由|因為|由於)\s*(?:是|為)?\s*[:：]?\s*")
_EVERYBODY = frozenset({"全部", "全部單位", "所有單位", "各單位", "各機關", "全市", "大家", "全體"})
_NUMBER = re.compile(r"(?:第|序號|項次|項目|s)?\s*(\d{1,2})\s*(?:項|號)?")
_FIRST, _SECOND = re.compile(r"第\s*[1一]\s*次|上半年"), re.compile(r"第\s*[2二]\s*次|下半年")
_TO = re.compile(r"(?:延後|延長|延|提前|改|移|順延)?\s*[到至為成]?\s*$")
_ALIKE, _SUGGESTIONS = 40, 3
_EXAMPLE_AHEAD, _EXAMPLE_BEFORE = timedelta(days=6), timedelta(days=12)
_AHEAD = timedelta(days=90)  # a day off without a year is rather to come than past

_KINDS: tuple[tuple[DeadlineKind, tuple[str, ...]], ...] = (
    (DeadlineKind.RESULT_REPORT, ("成果報告", "執行成果", "成果")),
    (DeadlineKind.IMPLEMENTATION_PLAN, ("實施計畫", "函頒")),
    (DeadlineKind.COURTESY_TEST, ("電話", "禮貌測試", "禮貌")),
    (DeadlineKind.AWARD_APPLICATION, ("參獎申請書", "參獎申請", "申請書")),
    (DeadlineKind.UNANNOUNCED_VISIT, ("不定期查訪", "查訪")),
    (DeadlineKind.AWARD_REVIEW, ("推薦參獎", "評選", "輔導")),
    (DeadlineKind.AWARD_SUBMISSION, ("函送行政院", "函送", "行政院")),
    (DeadlineKind.TRAINING, ("研習", "訓練", "講習")),
    (DeadlineKind.OWN_PLAN, ("執行計畫", "工作計畫", "計畫")),
)


def is_meant(message: Incoming, ctx: Context) -> bool:
    """Whether an administrator's word is said, or a button under its answer is tapped.

    Of anybody else only the bare word, or one with a blank after it, is taken for it: other
    people ask questions that begin so.
    """
    if message.kind is IncomingKind.POSTBACK:
        return message.data.get("do") in (_RESTORE, _REOPEN)
    return message.kind in _TEXTS and says_word(message, (ADJUST, CLOSE), ctx)


def says_word(message: Incoming, words: Sequence[str], ctx: Context) -> bool:
    """Whether a text is one of an administrator's words with what belongs to it."""
    text = narrow(message.text)
    word = next((one for one in words if text.startswith(one)), None)
    if word is None:
        return False
    rest = text[len(word) :]
    if not rest or rest[0] in " :\n":
        return True
    return not rest.rstrip().endswith("?") and ctx.is_admin(message.person)


def answer(message: Incoming, ctx: Context) -> Reply:
    """Do it, or say what is wrong; whoever may not gets a sentence and an entry in the log."""
    tapped = message.kind is IncomingKind.POSTBACK
    text = "" if tapped else narrow(message.text)
    if not ctx.is_admin(message.person):
        return refuse(message.data.get("do", "") or text[:2], message, ctx)
    try:
        if tapped:
            undo = _restore if message.data["do"] == _RESTORE else _reopen
            return undo(message, ctx)
        do = _adjust if text.startswith(ADJUST) else _close
        return do(text[len(ADJUST) :].lstrip(" :\n"), message, ctx)
    except Refused as refused:
        return say(str(refused))
    except typed_dates.ImpossibleDate as wrong:
        return say(phrases.no_such_date(wrong.words))


def refuse(what: str, message: Incoming, ctx: Context) -> Reply:
    """Say that it is for administrators, and keep that somebody tried."""
    words = {ADJUST: "adjust", CLOSE: "close_day", "催辦": "chase", "預告": "forecast"}
    audit.record(ctx.db, message.person, "refused", words.get(what, what), ctx.now)
    return say(phrases.ADMINS_ONLY)


def example_days(ctx: Context) -> tuple[date, date]:
    """Days for the examples of 調整 and 停班: working days to come.

    The first is some days before the result report is due, where that is still to come.
    """
    workdays = ctx.dates.workdays(adjustments.day_overrides(ctx.db))
    soon = ctx.today + _EXAMPLE_AHEAD
    kind = DeadlineKind.RESULT_REPORT
    report = next((one for one in entries_of(ctx).values() if one.kind is kind), None)
    near = _running(report, None, (), ctx).end - _EXAMPLE_BEFORE if report else soon
    return workdays.next_workday(max(soon, near)), workdays.next_workday(soon)


class Refused(Exception):
    """What was typed cannot be done; the message is the sentence for who typed it."""


# 調整


@dataclass(frozen=True, slots=True, kw_only=True)
class _Move:
    """What is to be moved, for whom (None: all), and why."""

    entry: ScheduleEntry
    unit: Unit | None
    deadline: Deadline
    start: date | None
    end: date
    reason: str


def _adjust(text: str, message: Incoming, ctx: Context) -> Reply:
    if not text:
        raise Refused(phrases.how_to_adjust(example_days(ctx)[0]))
    move = _read(text, ctx)
    _record(move, message, ctx)
    kicker, title = phrases.adjusted(move.deadline.title, move.unit.name if move.unit else None)
    after = _find(move.entry, move.deadline.year, move.unit, ctx)
    rows = (
        (phrases.BEFORE, phrases.span(move.deadline.start, move.deadline.end)),
        (phrases.AFTER, phrases.span(after.start, after.end)),
        (phrases.REASON, move.reason),
    )
    unit = move.unit.name if move.unit else ""
    back = tap(
        phrases.MOVE_BACK,
        do=_RESTORE,
        entry=move.entry.id,
        year=str(move.deadline.year),
        unit=unit,
    )
    card = Card(
        kicker=f"{kicker} · {move.deadline.year}年度",
        title=title,
        rows=rows,
        note="\n".join(timeline.notes(after, timeline_of(ctx))),
        buttons=(back,),
        tone=Tone.GOOD,
        about=timeline.about([after]),
    )
    return Reply(messages=(card,), worth_a_push=True)


def timeline_of(ctx: Context) -> timeline.Seen:
    """Today with the office calendar."""
    overrides = adjustments.day_overrides(ctx.db)
    return timeline.Seen(today=ctx.today, workdays=ctx.dates.workdays(overrides), answers={})


def _read(text: str, ctx: Context) -> _Move:
    """Item, date, unit and reason; the reason comes last, the unit before or after the date."""
    said, reason = _reason(text)
    years = roc.years_in(match[0]) if (match := re.search(r"\d{3}年度", said)) else ()
    typed = typed_dates.find(re.sub(r"\d{3}年度", " ", said))
    if typed is None:
        raise Refused(phrases.adjust_no_date(example_days(ctx)[0]))
    item, unit = _item_and_unit(_TO.sub("", typed.before), typed.after, ctx)
    entry = entry_named(item, ctx)
    deadline = _running(entry, unit, years, ctx)
    start, end = typed.near(deadline.end)
    if start is not None and end < start:
        raise Refused(phrases.ends_before_start(start, end))
    if not reason:
        raise Refused(phrases.ADJUST_NO_REASON)
    return _Move(entry=entry, unit=unit, deadline=deadline, start=start, end=end, reason=reason)


def _reason(text: str) -> tuple[str, str]:
    match = _REASON.search(text)
    if match is None:
        return text, ""
    return text[: match.start()], text[match.end() :].strip().rstrip("。)）")


def _item_and_unit(before: str, after: str, ctx: Context) -> tuple[str, Unit | None]:
    """What stands before the date without a unit's name, and the unit from either side.

    Raises:
        Refused: what stands after the date is no unit.
    """
    if after := re.sub(r"^[\s,，;；。以之前]+|[\s,，;；。]+$", "", after):
        return before.strip(), None if after in _EVERYBODY else unit_named(after, ctx)
    words = before.split()
    for word in words:
        unit = ctx.corpus.units.get(word)
        if unit is not None or word in _EVERYBODY:
            return " ".join(one for one in words if one != word), unit
    return before.strip(), None


def unit_named(words: str, ctx: Context) -> Unit:
    """The unit of a name or an alias.

    Raises:
        Refused: there is none; names the nearest.
    """
    unit = ctx.corpus.units.get(words)
    if unit is not None:
        return unit
    names = {
        word: one.name
        for one in ctx.corpus.units
        for word in (one.name, one.full_name, *one.aliases)
    }
    found = process.extract(words, list(names), limit=10, score_cutoff=_ALIKE)
    nearest = list(dict.fromkeys(names[word] for word, _, _ in found))[:_SUGGESTIONS]
    raise Refused(phrases.unknown_unit(words, nearest))


def entries_of(ctx: Context) -> dict[str, ScheduleEntry]:
    """Everything that has a date, by id; what the city says of it where it says something."""
    found: dict[str, ScheduleEntry] = {}
    for schedule in sorted(ctx.dates.schedules.all, key=lambda one: not one.city_wide):
        for entry in schedule.entries:
            found.setdefault(entry.id, entry)
    return found


def title_of(entry: ScheduleEntry) -> str:
    """What an entry is called where no unit is named."""
    return entry.concerns[-1].title


def entry_named(words: str, ctx: Context) -> ScheduleEntry:
    """The one that the words mean, by number or by name.

    Raises:
        Refused: none or several are meant; lists them.
    """
    every = entries_of(ctx)
    words = words.strip(" 「」的:,，、")
    if (number := _NUMBER.fullmatch(words)) and f"s{number[1]}" in every:
        return every[f"s{number[1]}"]
    found = [one for one in every.values() if one.kind is _kind(words)]
    if len(found) > 1 and found[0].kind is DeadlineKind.COURTESY_TEST:
        halves = {0: _FIRST, 1: _SECOND}
        found = [one for n, one in enumerate(found) if n in halves and halves[n].search(words)]
    if len(found) == 1:
        return found[0]
    offered = found or list(every.values())
    lines = [phrases.entry_line(one.id.removeprefix("s"), title_of(one)) for one in offered]
    raise Refused(phrases.unknown_entry(words, lines))


def _kind(words: str) -> DeadlineKind | None:
    found = [
        (len(word), -place, kind)
        for place, (kind, named) in enumerate(_KINDS)
        for word in named
        if word in words
    ]
    return max(found)[2] if found else None


def _running(
    entry: ScheduleEntry, unit: Unit | None, years: Sequence[RocYear], ctx: Context
) -> Deadline:
    """The deadline of the cycle that is meant: the named one, else the one not over yet."""
    found = [
        one
        for year in (years or running_cycles(ctx.today))
        if (one := _found(entry, year, unit, ctx)) is not None
    ]
    if not found:
        who = unit.name if unit else phrases.EVERY_UNIT
        raise Refused(phrases.entry_not_of(title_of(entry), who))
    return next((one for one in found if one.end >= ctx.today), found[-1])


def _found(entry: ScheduleEntry, year: RocYear, unit: Unit | None, ctx: Context) -> Deadline | None:
    of = unit or next((one for one in ctx.corpus.units if one.level is UnitLevel.CITY), None)
    if of is None:
        return None
    given = adjustments.adjustments(ctx.db, [year])
    every = deadlines_of(ctx.dates.schedules, of, year, given)
    return next((one for one in every if one.entry == entry.id), None)


def _find(entry: ScheduleEntry, year: RocYear, unit: Unit | None, ctx: Context) -> Deadline:
    found = _found(entry, year, unit, ctx)
    assert found is not None  # it was there before it was moved
    return found


def _record(move: _Move, message: Incoming, ctx: Context) -> None:
    adjustments.record(
        ctx.db,
        Adjustment(
            entry=move.entry.id,
            unit=move.unit.name if move.unit else None,
            year=move.deadline.year,
            start=move.start,
            end=move.end,
            reason=move.reason,
            by=_by(message),
            at=ctx.now,
        ),
    )
    ctx.db.flush()


def _restore(message: Incoming, ctx: Context) -> Reply:
    year = message.data.get("year", "")
    entry = entries_of(ctx).get(message.data.get("entry", ""))
    unit = ctx.corpus.units.get(message.data.get("unit"))
    if entry is None or not year.isdecimal():
        return say(phrases.NOT_LONGER_HERE)
    adjustments.record(
        ctx.db,
        Adjustment(
            entry=entry.id,
            unit=unit.name if unit else None,
            year=RocYear(int(year)),
            start=None,
            end=None,
            reason=phrases.MOVE_BACK,
            by=_by(message),
            at=ctx.now,
        ),
    )
    ctx.db.flush()
    after = _find(entry, RocYear(int(year)), unit, ctx)
    card = Card(
        kicker=unit.name if unit else phrases.EVERY_UNIT,
        title=phrases.restored(after.title),
        rows=((phrases.DUE, phrases.span(after.start, after.end)),),
        tone=Tone.GOOD,
        about=timeline.about([after]),
    )
    return Reply(messages=(card,), worth_a_push=True)


# 停班


def _close(text: str, message: Incoming, ctx: Context) -> Reply:
    typed = typed_dates.find(text)
    if typed is None:
        raise Refused(phrases.how_to_close(example_days(ctx)[1]))
    start, day = typed.near(ctx.today + _AHEAD)
    if start is not None and start != day:
        raise Refused(phrases.how_to_close(example_days(ctx)[1]))
    rest = f"{typed.before} {typed.after}"
    _, reason = _reason(rest)
    reason = reason or rest.strip(" ,，:;；。")
    workdays = ctx.dates.workdays(adjustments.day_overrides(ctx.db))
    if not workdays.covers(day):
        raise Refused(phrases.day_not_covered(day))
    if not workdays.is_workday(day):
        raise Refused(phrases.day_is_off_already(day, workdays.name_of(day)))
    if not reason:
        raise Refused(phrases.ADJUST_NO_REASON)
    _override(day, False, reason, message, ctx)
    title, body = phrases.day_declared_off(day, reason)
    back = tap(phrases.OPEN_AGAIN, do=_REOPEN, day=day.isoformat())
    return _of_a_day(title, body, (back,))


def _reopen(message: Incoming, ctx: Context) -> Reply:
    try:
        day = date.fromisoformat(message.data.get("day", ""))
    except ValueError:
        return say(phrases.NOT_LONGER_HERE)
    _override(day, None, phrases.OPEN_AGAIN, message, ctx)
    return _of_a_day(phrases.day_restored(day), "", ())


def _of_a_day(title: str, body: str, buttons: tuple[Button, ...]) -> Reply:
    card = Card(title=title, body=body, buttons=buttons, tone=Tone.GOOD)
    return Reply(messages=(card,), worth_a_push=True)


def _override(day: date, works: bool | None, reason: str, message: Incoming, ctx: Context) -> None:
    override = DayOverride(day=day, works=works, reason=reason, by=_by(message), at=ctx.now)
    adjustments.override_day(ctx.db, override)
    ctx.db.flush()


def _by(message: Incoming) -> str:
    assert message.person is not None  # an administrator is known by it
    return message.person


def narrow(text: str) -> str:
    """A text in narrow letters, without blanks around."""
    return unicodedata.normalize("NFKC", text).strip()
