"""電話禮貌: how to answer the phone, the two tests, a unit's own results; 回報 電話禮貌 records one.

Scores are a unit's own matter: they are shown in its chats, and to an administrator one-to-one.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from bot import phrases, phrases_reports
from bot.messages import Button, Card, Incoming, IncomingKind, Message, Reply, Tone, say
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
_NO_TEST = r"(?!\s*(?:訓練|研習|講習|宣導|課程|教育|工作|運動|活動))"  # a duty of the plans
_REPORT = re.compile(
    rf"\W*(?P<word>回報|更正)(?:回報)?\W*(?:{_TEST}){_NO_TEST}(?P<rest>.*)", re.DOTALL
)
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
_IS = re.compile(r"^\s*[是為]")
_NAMED = re.compile(r"^\s*(?:改善措施\s*[是為]?|改善\s*[是為]?(?=[\s:：,，]))")
_MARKS_AROUND = re.compile(r"^[\s:：,，;；。、]+|[\s,，;；。、]+$")
_NARROWED = re.compile(r"(?<=[\u4e00-\u9fff])[,;:?!]")
_WIDE = str.maketrans(",;:?!", "，；：？！")
_NOTHING = frozenset({"無", "沒有", "待補", "尚無", "-", "無缺失", "没有"})
_SHORTEST_ANSWER = 4
_AWAITED = "improvement"
_TOPIC, _MOVE = "courtesy", "year"


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
    """Record a result, or correct one; below the mark ask for 改善措施."""
    match = _REPORT.fullmatch(_narrow(message.text))
    assert match is not None
    try:
        read = _read(match["rest"], ctx)
        reported = _reported(read, message, ctx, corrects=match["word"] == "更正")
    except _Refused as refused:
        return say(str(refused))
    before = courtesy.results(ctx.db, reported.unit, reported.year).get(reported.which)
    now = _kept(reported, ctx)
    return _recorded(now, reported, message, ctx, again=before is not None)


def is_tapped(message: Incoming, ctx: Context) -> bool:
    """Whether the button of a receipt was tapped."""
    return message.kind is IncomingKind.POSTBACK and message.data.get("a") == _TOPIC


def tapped(message: Incoming, ctx: Context) -> Reply:
    """In January a result goes to the other of the two cycles that run."""
    assert message.chat is not None
    source = message.data.get("of", "")
    said = courtesy.said_by(ctx.db, source)
    running = {str(one): one for one in running_cycles(ctx.today)}
    year = running.get(message.data.get(_MOVE, ""))
    if said is None or year is None or said[1] == year:
        return say(phrases.NOT_LONGER_HERE)
    unit, _, which = said
    found = ctx.corpus.units.get(unit)
    if found is None or not _may_read(found, message, ctx):
        return say(phrases.COURTESY_NOT_YOURS)
    courtesy.move_message(ctx.db, source, year, by=message.person, now=ctx.now)
    waiting = (ctx.recall(message) or {}).get(_AWAITED)
    if waiting and waiting["message"] == source:
        ctx.remember(message, {_AWAITED: {**waiting, "year": int(year)}}, lifetime=PATIENCE)
    result = courtesy.results(ctx.db, unit, year)[which]
    title = phrases.courtesy_moved(phrases.TESTS[which], year)
    card = replace(_result_card(result, title, ctx), buttons=_other_years(result, source, ctx))
    return Reply(messages=(card,), worth_a_push=True)


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
    said = CourtesyResult(
        unit=result.unit,
        year=result.year,
        which=result.which,
        improvement=words,
        message_id=message.message_id,
        by=message.person,
        at=ctx.now,
    )
    card = _result_card(_kept(said, ctx), phrases.IMPROVEMENT_RECORDED, ctx)
    return Reply(messages=(card,), worth_a_push=True)


def _kept(said: CourtesyResult, ctx: Context) -> CourtesyResult:
    """Keep what was said; how the test reads now."""
    courtesy.record(ctx.db, said)
    return courtesy.results(ctx.db, said.unit, said.year)[said.which]


def _improvement(text: str) -> str:
    """The words of an answer without 「改善措施：」 in front."""
    return _cut(_NAMED.sub("", text))


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


def _recorded(
    result: CourtesyResult,
    said: CourtesyResult,
    message: Incoming,
    ctx: Context,
    *,
    again: bool,
) -> Reply:
    """The receipt: how the test reads now, and what was only kept from before."""
    assert message.chat is not None
    note = phrases.HOW_TO_CORRECT_COURTESY
    if result.owes_improvement:
        wanted = {
            "unit": result.unit,
            "year": int(result.year),
            "which": result.which,
            "message": message.message_id,  # taken back, it takes the question along
        }
        ctx.remember(message, {_AWAITED: wanted}, lifetime=PATIENCE)
        minutes = int(PATIENCE.total_seconds() // 60)
        note = phrases.ask_improvement(
            ctx.sheet.improve_below, minutes, shared=message.chat.is_shared
        )
    if said.score is not None and result.faults and not said.faults:
        note = f"{phrases.COURTESY_FAULTS_KEPT}\n{note}"
    title = phrases.courtesy_recorded(phrases.TESTS[result.which], again=again)
    card = _result_card(result, title, ctx, note)
    if said.tested_on is None:
        card = replace(card, buttons=_other_years(result, message.message_id, ctx))
    return Reply(messages=(card,), worth_a_push=True)


def _other_years(result: CourtesyResult, source: str | None, ctx: Context) -> tuple[Button, ...]:
    """In January, when two cycles run, a button for the other one."""
    others = [one for one in running_cycles(ctx.today) if one != result.year and source]
    return tuple(
        timeline.tap(
            phrases_reports.in_other_year(one), a=_TOPIC, of=source or "", **{_MOVE: str(one)}
        )
        for one in others
    )


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
        faults=_cut(_IS.sub("", faults)),
        improvement=_cut(_IS.sub("", improvement)),
    )


def _reported(read: _Typed, message: Incoming, ctx: Context, *, corrects: bool) -> CourtesyResult:
    """What the message says of a test; without a score one must be known."""
    unit = _reporting(read.unit, message, ctx)
    which = read.which or _meant_test(unit, read, ctx)
    year = read.year or _cycle_of(unit, which, read, ctx, corrects=corrects)
    known = courtesy.results(ctx.db, unit.name, year).get(which)
    is_known = known is not None and known.score is not None
    if read.score is None and not (is_known and (read.faults or read.improvement)):
        raise _Refused(phrases.COURTESY_NO_SCORE)
    return CourtesyResult(
        unit=unit.name,
        year=year,
        which=which,
        tested_on=read.tested_on,
        score=read.score,
        faults=read.faults,
        improvement=read.improvement,
        asks_improvement=read.score is not None and ctx.sheet.needs_improvement(read.score),
        message_id=message.message_id,
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
    if not mine and not message.chat.is_shared and ctx.is_admin(message.person):
        raise _Refused(phrases_reports.name_the_unit(phrases_reports.REPORT_COURTESY))
    if not mine:
        raise _Refused(phrases.COURTESY_NEEDS_BINDING)
    if len(mine) > 1:
        raise _Refused(phrases.courtesy_which_unit(mine))
    unit = ctx.corpus.units.get(mine[0])
    if unit is None:
        raise _Refused(phrases.COURTESY_NEEDS_BINDING)
    return unit


def _meant_test(unit: Unit, read: _Typed, ctx: Context) -> int:
    """The test whose window it is; in January the last one, while it has no result."""
    if read.tested_on is None and len(running_cycles(ctx.today)) > 1:
        closing = running_cycles(ctx.today)[0]
        return 1 if _has_result(unit, closing, 2, ctx) else 2
    return 1 if (read.tested_on or ctx.today).month <= 6 else 2


def _has_result(unit: Unit, year: RocYear, which: int, ctx: Context) -> bool:
    known = courtesy.results(ctx.db, unit.name, year).get(which)
    return known is not None and known.score is not None


def _cycle_of(unit: Unit, which: int, read: _Typed, ctx: Context, *, corrects: bool) -> RocYear:
    """The cycle of a test: by its day; in January the closing one while that has no result.

    What corrects or completes a result belongs to the last one that there is. Otherwise it is
    the last cycle whose window has begun.
    """
    if read.tested_on is not None:
        return roc.from_western(read.tested_on.year)
    running = running_cycles(ctx.today)
    known = [one for one in running if _has_result(unit, one, which, ctx)]
    if known and (corrects or read.score is None):
        return known[-1]
    if len(running) > 1 and running[0] not in known:
        return running[0]
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
    bare = _MARKS_AROUND.sub("", text.strip()).strip()
    wide = _NARROWED.sub(lambda match: match[0].translate(_WIDE), bare)
    return "" if bare in _NOTHING else wide


def _narrow(text: str) -> str:
    return unicodedata.normalize("NFKC", text)
