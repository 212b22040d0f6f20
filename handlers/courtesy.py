"""電話禮貌: how to answer the phone, the two tests, a unit's own results; 回報 電話禮貌 records one.

Scores are a unit's own matter: they are shown in its chats, and to an administrator one-to-one.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from bot import phrases
from bot.messages import Card, Incoming, IncomingKind, Message, Reply, Tone, say
from bot.plans import roc, typed_dates
from bot.plans.deadlines import Deadline, DeadlineKind, deadlines_of, running_cycles
from bot.plans.model import RocYear, Unit, UnitLevel
from bot.store import adjustments, courtesy
from bot.store.courtesy import CourtesyResult
from handlers import timeline
from handlers.addressing import plain
from handlers.context import Context

PATIENCE = timedelta(minutes=30)
"""How long the bot waits for 改善措施."""

_TEXTS = (IncomingKind.TEXT, IncomingKind.EDITED)
_TEST = r"(?:電話服務)?(?:品質及)?(?:電話禮貌|電話測試|禮貌測試|電話服務禮貌)(?:測試)?"
_SHOW = re.compile(rf"{_TEST}(?:\s+(?P<unit>\S+))?")
_REPORT = re.compile(rf"\W*回報\W*(?:{_TEST})(?P<rest>.*)", re.DOTALL)
_WHICH = re.compile(r"第\s*(?P<number>[0-9一二三四五六七八九十]+)\s*次|(?P<half>[上下])半年")
_NUMBER = r"(?P<digits>-?\d{1,4}(?:\.\d+)?)|(?P<chinese>[〇零一二三四五六七八九十百點]+)"
_SCORES = (
    re.compile(rf"(?:分數|得分|成績|總分)\s*(?:是|為)?\s*:?\s*(?:{_NUMBER})\s*分?"),
    re.compile(rf"(?:{_NUMBER})\s*分(?![機鐘之數])"),
    re.compile(r"滿分"),
)
_BARE = re.compile(r"(?<![\d第.])(?P<digits>-?\d{1,4}(?:\.\d+)?)(?![\d次月日年/.-])")
_ALONE = r"(?:^|(?<=[\s,，;；。、:]))(?:{})(?=$|[\s,，;；。、])"
_WHICH_ALONE = re.compile(_ALONE.format(_WHICH.pattern))
_SCORES_ALONE = tuple(re.compile(_ALONE.format(one.pattern)) for one in _SCORES)
_LEADING_MARKS = re.compile(r"^[\s:,，;；。、是為]+|[\s,，;；。、]+$")
_NARROWED = re.compile(r"(?<=[\u4e00-\u9fff])[,;:?!]")
_WIDE = str.maketrans(",;:?!", "，；：？！")
_NOTHING = frozenset({"無", "沒有", "待補", "尚無", "-", "無缺失", "没有"})
_SHORTEST_ANSWER = 4
_AWAITED = "improvement"


def is_meant(message: Incoming, ctx: Context) -> bool:
    """Whether somebody asks for the courtesy card, perhaps with a unit."""
    if message.kind not in _TEXTS:
        return False
    match = _SHOW.fullmatch(plain(message.text))
    return match is not None and (
        match["unit"] is None or ctx.corpus.units.get(match["unit"]) is not None
    )


def show(message: Incoming, ctx: Context) -> Reply:
    """The card, the windows, and for the unit itself its results."""
    assert message.chat is not None
    match = _SHOW.fullmatch(plain(message.text))
    named = ctx.corpus.units.get(match["unit"]) if match else None
    units = ctx.units_of(message.chat)
    if named is not None:
        if not _may_read(named, message, ctx):
            return say(phrases.COURTESY_NOT_SHOWN)
        units = (named.name,)
    cards: list[Message] = [_how_to_answer(_windows(_unit(units, ctx), ctx), ctx)]
    cards += [_results(unit, ctx) for unit in units[:3]]
    return Reply(messages=tuple(cards))


def is_report(message: Incoming, ctx: Context) -> bool:
    """Whether a result is reported."""
    return message.kind in _TEXTS and _REPORT.fullmatch(_narrow(message.text)) is not None


def report(message: Incoming, ctx: Context) -> Reply:
    """Record a result; below the mark ask for 改善措施."""
    match = _REPORT.fullmatch(_narrow(message.text))
    assert match is not None
    try:
        read = _read(match["rest"], ctx)
        result = _result(read, message, ctx)
    except _Refused as refused:
        return say(str(refused))
    courtesy.record(ctx.db, result)
    return _recorded(result, message, ctx)


def is_awaited(message: Incoming, ctx: Context) -> bool:
    """Whether the text answers the bot's question for 改善措施."""
    if message.kind not in _TEXTS or message.chat is None:
        return False
    text = plain(message.text)
    if message.text.rstrip().endswith(("?", "？")):
        return False
    if len(_improvement(text)) < _SHORTEST_ANSWER and text != "取消":
        return False
    return _AWAITED in (ctx.recall(message) or {})


def improve(message: Incoming, ctx: Context) -> Reply:
    """The improvement that was asked for, kept with its result."""
    wanted = (ctx.recall(message) or {})[_AWAITED]
    ctx.forget(message)
    if plain(message.text) == "取消":
        return say(phrases.COURTESY_CANCELLED)
    known = courtesy.results(ctx.db, wanted["unit"], RocYear(wanted["year"]))
    result = known.get(wanted["which"])
    if result is None:
        return say(phrases.NOT_LONGER_HERE)
    words = _improvement(message.text)
    improved = replace(result, improvement=words, by=message.person, at=ctx.now)
    courtesy.record(ctx.db, improved)
    card = _result_card(improved, phrases.IMPROVEMENT_RECORDED, ctx)
    return Reply(messages=(card,), worth_a_push=True)


def _improvement(text: str) -> str:
    """The words of an answer without 「改善措施：」 in front."""
    return _cut(text.strip().removeprefix("改善措施").removeprefix("改善"))


# what is shown


def _how_to_answer(windows: Sequence[Deadline], ctx: Context) -> Card:
    rows = [(item.name, item.how) for item in ctx.sheet.items]
    for which, window in enumerate(windows, start=1):
        state = phrases.window_state(window.start, window.end, ctx.today)
        rows.append((phrases.TESTS[which], state))
    return Card(
        title=phrases.COURTESY_TITLE,
        rows=tuple(rows),
        note=phrases.scoring(
            [(item.name, item.points) for item in ctx.sheet.items],
            [(grade.name, grade.above) for grade in ctx.sheet.grades],
            ctx.sheet.improve_below,
            ctx.sheet.source,
        ),
        about=timeline.about(windows) if windows else "",
    )


def _results(unit: str, ctx: Context) -> Card:
    """A unit's own results of the running cycle, and the closing one's in January."""
    rows: list[tuple[str, str]] = []
    years = running_cycles(ctx.today)
    for year in years:
        known = courtesy.results(ctx.db, unit, year)
        for which in (1, 2):
            name = phrases.TESTS[which] if len(years) == 1 else f"{year}年{phrases.TESTS[which]}"
            rows += _result_rows(name, known.get(which), ctx)
    return Card(
        kicker=f"{years[-1]}年度",
        title=phrases.results_of(unit),
        rows=tuple(rows),
        note=phrases.HOW_TO_REPORT_COURTESY,
    )


def _result_rows(
    name: str, result: CourtesyResult | None, ctx: Context
) -> Iterator[tuple[str, str]]:
    if result is None or result.score is None:
        yield name, phrases.NO_RESULT_YET
        return
    grade = ctx.sheet.grade_of(result.score)
    yield name, phrases.result_line(result.score, grade, result.tested_on)
    if result.faults:
        yield phrases.FAULTS, result.faults
    if result.improvement:
        yield phrases.IMPROVEMENT, result.improvement
    elif result.owes_improvement:
        yield phrases.IMPROVEMENT, phrases.STILL_OWED


def _result_card(result: CourtesyResult, title: str, ctx: Context, note: str = "") -> Card:
    rows = tuple(_result_rows(phrases.SCORE, result, ctx))
    return Card(
        kicker=f"{result.unit} · {result.year}年度 {phrases.TESTS[result.which]}",
        title=title,
        rows=rows,
        note=note,
        tone=Tone.CARE if result.owes_improvement else Tone.GOOD,
    )


def _recorded(result: CourtesyResult, message: Incoming, ctx: Context) -> Reply:
    assert message.chat is not None
    note = phrases.HOW_TO_CORRECT_COURTESY
    if result.owes_improvement:
        wanted = {"unit": result.unit, "year": int(result.year), "which": result.which}
        ctx.remember(message, {_AWAITED: wanted}, lifetime=PATIENCE)
        minutes = int(PATIENCE.total_seconds() // 60)
        note = phrases.ask_improvement(
            ctx.sheet.improve_below, minutes, shared=message.chat.is_shared
        )
    title = phrases.courtesy_recorded(phrases.TESTS[result.which])
    return Reply(messages=(_result_card(result, title, ctx, note),), worth_a_push=True)


def _windows(unit: Unit | None, ctx: Context) -> tuple[Deadline, ...]:
    """The two tests of the running cycle."""
    if unit is None:
        return ()
    given = adjustments.adjustments(ctx.db)
    year = running_cycles(ctx.today)[-1]
    return _tests(unit, year, ctx, deadlines_of(ctx.dates.schedules, unit, year, given))


def _tests(
    unit: Unit, year: RocYear, ctx: Context, found: Sequence[Deadline]
) -> tuple[Deadline, ...]:
    return tuple(one for one in found if one.kind is DeadlineKind.COURTESY_TEST)[:2]


def _unit(names: Sequence[str], ctx: Context) -> Unit | None:
    if names:
        return ctx.corpus.units.get(names[0])
    return next((one for one in ctx.corpus.units if one.level is UnitLevel.CITY), None)


def _may_read(unit: Unit, message: Incoming, ctx: Context) -> bool:
    """Whether the unit's scores may stand in this chat."""
    assert message.chat is not None
    if unit.name in ctx.units_of(message.chat):
        return True
    return not message.chat.is_shared and ctx.is_admin(message.person)


# what is reported


class _Refused(Exception):
    """A report that cannot be recorded; the message is the sentence for who wrote it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Typed:
    """A report as it was typed."""

    unit: Unit | None
    year: RocYear | None
    which: int | None
    score: float | None
    tested_on: date | None
    faults: str
    improvement: str


def _read(text: str, ctx: Context) -> _Typed:
    """Score, test, day, unit in any order; 缺失 and 改善 with what follows them."""
    head, faults, improvement = _sections(text)
    which, head, faults, improvement = _which(head, faults, improvement)
    score, head, faults, improvement = _score(head, faults, improvement)
    tested_on = _tested_on(head, ctx)
    units = [
        unit for word in re.split(r"[\s,，、:]+", head) if (unit := ctx.corpus.units.get(word))
    ]
    years = roc.years_in(head) if "年度" in head else ()
    return _Typed(
        unit=units[0] if units else None,
        year=years[0] if years else None,
        which=which,
        score=score,
        tested_on=tested_on,
        faults=_cut(faults),
        improvement=_cut(improvement),
    )


def _result(read: _Typed, message: Incoming, ctx: Context) -> CourtesyResult:
    unit = _reporting(read.unit, message, ctx)
    which = read.which or _running_test(read.tested_on or ctx.today)
    year = read.year or _cycle_of(unit, which, read.tested_on, ctx)
    known = courtesy.results(ctx.db, unit.name, year).get(which)
    score = read.score
    if score is None and known is not None and (read.faults or read.improvement):
        score = known.score
    if score is None:
        raise _Refused(phrases.COURTESY_NO_SCORE)
    return CourtesyResult(
        unit=unit.name,
        year=year,
        which=which,
        tested_on=read.tested_on or (known.tested_on if known else None),
        score=score,
        faults=read.faults or (known.faults if known else ""),
        improvement=read.improvement or (known.improvement if known else ""),
        asks_improvement=ctx.sheet.needs_improvement(score),
        by=message.person,
        at=ctx.now,
    )


def _reporting(named: Unit | None, message: Incoming, ctx: Context) -> Unit:
    """The unit whose result it is."""
    assert message.chat is not None
    mine = ctx.units_of(message.chat)
    if named is not None:
        if not _may_read(named, message, ctx):
            raise _Refused(phrases.COURTESY_NOT_YOURS)
        return named
    if not mine:
        raise _Refused(phrases.COURTESY_NEEDS_BINDING)
    if len(mine) > 1:
        raise _Refused(phrases.courtesy_which_unit(mine))
    unit = ctx.corpus.units.get(mine[0])
    if unit is None:
        raise _Refused(phrases.COURTESY_NEEDS_BINDING)
    return unit


def _running_test(day: date) -> int:
    return 1 if day.month <= 6 else 2


def _cycle_of(unit: Unit, which: int, tested_on: date | None, ctx: Context) -> RocYear:
    """The cycle of a test: by its day, else the last one whose window has begun."""
    if tested_on is not None:
        return roc.from_western(tested_on.year)
    year = roc.from_western(ctx.today.year)
    tests = _tests(unit, year, ctx, deadlines_of(ctx.dates.schedules, unit, year))
    if len(tests) >= which and tests[which - 1].start > ctx.today:
        return RocYear(year - 1)
    return year


def _sections(text: str) -> tuple[str, str, str]:
    """What stands before, after 缺失 and after 改善, whichever comes first."""
    places = sorted(
        place for word in ("缺失", "改善(?:措施)?") if (place := _place(text, word)) is not None
    )
    head = text[: places[0][0]] if places else text
    found = {"缺": "", "改": ""}
    for number, (start, after) in enumerate(places):
        end = places[number + 1][0] if number + 1 < len(places) else len(text)
        found[text[start]] = text[after:end]
    return head, found["缺"], found["改"]


def _place(text: str, word: str) -> tuple[int, int] | None:
    """Where a word begins a part: after a blank or a mark if it does so anywhere."""
    match = re.search(rf"(?:^|(?<=[\s,，;；。、:]))(?:{word})", text) or re.search(word, text)
    return (match.start(), match.end()) if match else None


def _which(*parts: str) -> tuple[int | None, str, str, str]:
    for place, part in enumerate(parts):
        # Within 缺失 and 改善 people speak of times and minutes, so there it must stand alone.
        match = (_WHICH if place == 0 else _WHICH_ALONE).search(part)
        if match is None:
            continue
        number = {"上": 1, "下": 2}.get(match["half"]) or roc.number(match["number"] or "")
        if number not in (1, 2):
            raise _Refused(phrases.courtesy_bad_window(match[0]))
        return number, *_without(match, place, parts)
    return None, parts[0], parts[1], parts[2]


def _score(*parts: str) -> tuple[float | None, str, str, str]:
    """The score: in front, else anywhere; a bare number counts in front only."""
    for place, part in enumerate(parts):
        for pattern in _SCORES if place == 0 else _SCORES_ALONE:
            if match := pattern.search(part):
                return _value(match), *_without(match, place, parts)
    dated = _dates_in(parts[0])
    for match in _BARE.finditer(parts[0]):
        if not any(start <= match.start() < end for start, end in dated):
            return _value(match), *_without(match, 0, parts)
    return None, parts[0], parts[1], parts[2]


def _dates_in(text: str) -> list[tuple[int, int]]:
    """Where a date stands in a text, so that its numbers are not taken for a score."""
    return [match.span() for match in re.finditer(r"[\d]+(?:[/.-]\d+)+|\d+年(?:度)?", text)]


def _without(match: re.Match[str], place: int, parts: Sequence[str]) -> tuple[str, str, str]:
    cut = [
        part[: match.start()] + " " + part[match.end() :] if number == place else part
        for number, part in enumerate(parts)
    ]
    return cut[0], cut[1], cut[2]


def _value(match: re.Match[str]) -> float:
    fields = match.groupdict()
    if fields.get("digits"):
        value: float | None = float(fields["digits"])
    elif fields.get("chinese"):
        value = _chinese(fields["chinese"])
    else:
        value = 100.0
    if value is None or not 0 <= value <= 100:
        raise _Refused(phrases.courtesy_bad_score(match[0].strip()))
    return value


def _chinese(words: str) -> float | None:
    """「九十二」, 「九十二點五」, 「一百」."""
    whole, _, part = words.partition("點")
    value = 100 if whole in ("一百", "百") else roc.number(whole)
    tenths = roc.number(part) if part else 0
    if value is None or tenths is None or tenths > 9:
        return None
    return value + tenths / 10


def _tested_on(head: str, ctx: Context) -> date | None:
    try:
        typed = typed_dates.find(re.sub(r"\d+年度", " ", head))
        if typed is None:
            return None
        day = typed.near(ctx.today)[1]
    except typed_dates.ImpossibleDate as wrong:
        raise _Refused(phrases.no_such_date(wrong.words)) from wrong
    if day > ctx.today:
        raise _Refused(phrases.courtesy_too_early(phrases.day_of(day)))
    return day


def _cut(text: str) -> str:
    """A part without the marks around it; empty when it says that there is nothing."""
    bare = _LEADING_MARKS.sub("", text.strip()).strip()
    wide = _NARROWED.sub(lambda match: match[0].translate(_WIDE), bare)
    return "" if bare in _NOTHING else wide


def _narrow(text: str) -> str:
    return unicodedata.normalize("NFKC", text)
