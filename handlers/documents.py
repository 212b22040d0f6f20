"""格式, 成果報告: the plan to fill in and the yearly report, as links that expire.

A group gets its own unit's documents only; an administrator one-to-one those of any unit, and the
compiled ones of all (全機關, 總表 匯出). What a link opens is made when it is opened.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from bot import links, phrases, phrases_reports, reports
from bot.documents import plan_format
from bot.links import FileFormat, FileKind, FileWanted
from bot.messages import Button, Card, Does, Incoming, IncomingKind, Reply, say
from bot.plans import roc
from bot.plans.deadlines import DeadlineKind, deadlines_of, running_cycles
from bot.plans.model import RocYear, Unit
from bot.plans.progress import ItemState, ProgressStatus, UnitProgress
from bot.store import adjustments, audit, chats, progress
from handlers import admin, receipts
from handlers.addressing import plain
from handlers.citing import clipped
from handlers.context import Context
from handlers.timeline import tap

LIFETIME = timedelta(days=7)
"""How long a link opens its document."""

GAPS_FROM_MONTH, NEXT_YEAR_FROM_MONTH = 10, 9
"""From when on 成果報告 lists what is missing, and 格式 means the next cycle's plan."""

_DO = "document"
_TEXTS = (IncomingKind.TEXT, IncomingKind.EDITED)
_WORDS = (
    (FileKind.PLAN_FORMAT, re.compile(r"(?:下載)?格式(?P<rest>.*)")),
    (FileKind.RESULT_REPORT, re.compile(r"(?:下載)?(?:年度)?成果報告書?(?P<rest>.*)")),
    (FileKind.TABLES, re.compile(r"總表\s*(?:匯出|下載)(?P<rest>.*)|(?:匯出|下載)\s*總表(?P<more>.*)")),
)  # fmt: skip
_YEAR = re.compile(r"(?:民國)?(?P<year>1\d\d|20\d\d)(?:年度?)?")
_EVERYBODY = frozenset({"全機關", "全部", "所有單位", "各單位", "彙整", "全市"})
_SHOWN, _TAPPED, _NAMED, _ASKED = 5, 3, 12, 20
_LABEL = 20  # characters of a button (LINE.md, section 4)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wanted:
    """What was asked for; `unit` and `year` None where they were not named."""

    kind: FileKind
    unit: Unit | None = None
    year: RocYear | None = None
    everybody: bool = False


def is_meant(message: Incoming, ctx: Context) -> bool:
    """Whether a document is asked for; a question about one is not."""
    if message.kind is IncomingKind.POSTBACK:
        return message.data.get("do") == _DO
    return message.kind in _TEXTS and _typed(message.text, ctx) is not None


def answer(message: Incoming, ctx: Context) -> Reply:
    """The links, or which unit, or why not."""
    assert message.chat is not None
    wanted = _tapped(message, ctx) or _typed(message.text, ctx)
    if wanted is None:
        return say(phrases.NOT_LONGER_HERE)
    alone = not message.chat.is_shared and ctx.is_admin(message.person)
    mine = [unit for name in ctx.units_of(message.chat) if (unit := ctx.corpus.units.get(name))]
    if wanted.everybody or (alone and not wanted.unit and not mine):
        return _of_all(wanted, message, ctx) if alone else _not_of_all(message, ctx)
    if wanted.unit is None and len(mine) > 1:
        return _which(wanted, mine)
    unit = wanted.unit or next(iter(mine), None)
    if unit is None:
        return say(phrases_reports.file_needs_unit(shared=message.chat.is_shared))
    who = message.person
    if not chats.may_report(ctx.db, message.chat, unit.name, person=who, today=ctx.today):
        return say(phrases_reports.file_of_others(unit.name, shared=message.chat.is_shared))
    of_unit = {
        FileKind.PLAN_FORMAT: _format,
        FileKind.RESULT_REPORT: _report,
        FileKind.TABLES: _tables,
    }[wanted.kind]
    return of_unit(unit, wanted.year, message, ctx)


# what was asked for


def _typed(text: str, ctx: Context) -> _Wanted | None:
    """The document that the words ask for; None when a word among them says something else."""
    for kind, pattern in _WORDS:
        if match := pattern.fullmatch(plain(text)):
            rest = "".join(part for part in match.groups() if part)
            return _details(kind, re.split(r"[\s,，、:的]+", rest), ctx)
    return None


def _details(kind: FileKind, words: Iterable[str], ctx: Context) -> _Wanted | None:
    unit, year, everybody = None, None, kind is FileKind.TABLES
    for word in filter(None, words):
        if match := _YEAR.fullmatch(word):
            number = int(match["year"])
            year = roc.from_western(number) if number > 1911 else RocYear(number)
        elif named := ctx.corpus.units.get(word):
            unit, everybody = named, False
        elif word in _EVERYBODY and kind is not FileKind.PLAN_FORMAT:
            everybody = True
        else:
            return None
    return _Wanted(kind=kind, unit=unit, year=year, everybody=everybody)


def _tapped(message: Incoming, ctx: Context) -> _Wanted | None:
    if message.kind is not IncomingKind.POSTBACK:
        return None
    kind, year = message.data.get("kind"), message.data.get("year", "")
    unit = ctx.corpus.units.get(message.data.get("unit"))
    if kind not in list(FileKind) or unit is None:
        return None
    return _Wanted(
        kind=FileKind(kind), unit=unit, year=RocYear(int(year)) if year.isdecimal() else None
    )


def _which(wanted: _Wanted, mine: Sequence[Unit]) -> Reply:
    """Which of the chat's units."""
    year = {"year": str(wanted.year)} if wanted.year else {}
    buttons = tuple(
        tap(one.name, do=_DO, kind=wanted.kind, unit=one.name, **year) for one in mine[:_ASKED]
    )
    return Reply(messages=(Card(title=phrases_reports.FILE_OF_WHICH, buttons=buttons),))


def _not_of_all(message: Incoming, ctx: Context) -> Reply:
    assert message.chat is not None
    if ctx.is_admin(message.person):
        return say(phrases_reports.ALL_ONE_TO_ONE)
    return admin.refuse("export", message, ctx)


# 格式


def _format(unit: Unit, year: RocYear | None, message: Incoming, ctx: Context) -> Reply:
    """The empty plan of the unit's level."""
    form = plan_format.form_of(ctx.corpus, unit)
    if form is None:
        return say(phrases_reports.no_format(unit.name))
    now = roc.from_western(ctx.today.year)
    coming = RocYear(now + (ctx.today.month >= NEXT_YEAR_FROM_MONTH))
    wanted = year or coming
    if not ctx.dates.schedules.first_year <= wanted <= now + 1:
        return say(phrases_reports.format_of_no_year(wanted, now + 1))
    moved = adjustments.adjustments(ctx.db, [wanted])
    dates = deadlines_of(ctx.dates.schedules, form.unit, wanted, moved)
    due = next((one for one in dates if one.kind is DeadlineKind.OWN_PLAN), None)
    rows = [(phrases_reports.FORMAT_BY, form.cited)]
    if form.unit != unit:
        rows.append((phrases_reports.PLAN_WRITER, form.unit.name))
    if due is not None:
        rows.append((phrases.DUE, phrases.span(due.start, due.end)))
    card = Card(
        kicker=f"{unit.name} · {phrases.cycle(wanted)}",
        title=phrases_reports.format_title(form.kind),
        body=phrases_reports.FORMAT_IS,
        rows=tuple(rows),
        note=phrases_reports.link_note(ctx.today + LIFETIME),
        buttons=_downloads(FileKind.PLAN_FORMAT, unit, wanted, reports.TEXTS, message, ctx),
    )
    return Reply(messages=(card,))


# 成果報告


def _report(unit: Unit, year: RocYear | None, message: Incoming, ctx: Context) -> Reply:
    """The unit's result report, and from October on what it still lacks."""
    wanted = year or running_cycles(ctx.today)[0]
    if refused := _of_no_year(wanted, ctx):
        return refused
    schedules = ctx.dates.schedules
    found = reports.unit_progress(ctx.db, ctx.corpus, schedules, unit, wanted, ctx.today)
    gaps = _gaps(found, ctx)
    is_late = ctx.today.month >= GAPS_FROM_MONTH or wanted < roc.from_western(ctx.today.year)
    shown = gaps[:_SHOWN] if is_late else []
    more = len(gaps) - len(shown)
    listed = phrases_reports.gaps([_cited(one) for one in shown], more) if shown else ""
    downloads = _downloads(FileKind.RESULT_REPORT, unit, wanted, reports.TEXTS, message, ctx)
    fill = tuple(_fill(one, unit, wanted) for one in shown[:_TAPPED])
    card = Card(
        kicker=f"{unit.name} · {phrases.cycle(wanted)}",
        title=phrases_reports.REPORT_TITLE,
        body="\n".join(part for part in (phrases_reports.REPORT_IS, listed) if part),
        rows=_counted(found, ctx),
        note=phrases_reports.link_note(ctx.today + LIFETIME),
        buttons=(*downloads, *fill),
    )
    return Reply(messages=(card,))


def _gaps(found: UnitProgress, ctx: Context) -> list[ItemState]:
    """What is missing; what is not due yet stands last."""
    return sorted(
        found.missing, key=lambda one: one.item.due is not None and one.item.due >= ctx.today
    )


def _counted(found: UnitProgress, ctx: Context) -> tuple[tuple[str, str], ...]:
    roots = [one.root for state in found.states for one in state.reports]
    pieces = sum(progress.evidence_counts(ctx.db, roots).values())
    counts = [(one.value, found.count(one)) for one in ProgressStatus]
    return (
        (phrases_reports.REPORTED, phrases_reports.of_items(len(found.reported), len(found.asked))),
        (phrases_reports.STANDING, phrases_reports.by_status(counts)),
        (phrases_reports.STILL_MISSING, phrases_reports.items(len(found.missing))),
        (phrases_reports.EVIDENCE, phrases_reports.pieces(pieces)),
    )


def _cited(state: ItemState) -> str:
    return f"{state.item.path} {state.item.title}".strip()


def _fill(state: ItemState, unit: Unit, year: RocYear) -> Button:
    """Begins a report on what is missing."""
    label = clipped(phrases_reports.report_on(receipts.label(state.item)), _LABEL)
    return receipts.tap(label, step="item", id=state.item.id, u=unit.name, year=int(year))


# tables, and what is compiled of all


def _tables(unit: Unit, year: RocYear | None, message: Incoming, ctx: Context) -> Reply:
    wanted = year or running_cycles(ctx.today)[0]
    if refused := _of_no_year(wanted, ctx):
        return refused
    card = Card(
        kicker=f"{unit.name} · {phrases.cycle(wanted)}",
        title=phrases_reports.TABLES_TITLE,
        body=phrases_reports.REPORT_IS,
        note=phrases_reports.link_note(ctx.today + LIFETIME),
        buttons=_downloads(FileKind.TABLES, unit, wanted, reports.TABLES, message, ctx),
    )
    return Reply(messages=(card,))


def _of_all(wanted: _Wanted, message: Incoming, ctx: Context) -> Reply:
    """The compiled report and the tables of all units; who has not reported yet is named."""
    if wanted.kind is FileKind.PLAN_FORMAT:
        return say(phrases_reports.FORMAT_OF_WHICH)
    year = wanted.year or running_cycles(ctx.today)[0]
    if refused := _of_no_year(year, ctx):
        return refused
    units = reports.reporting_units(ctx.db, ctx.corpus, year)
    if not units:
        return say(phrases_reports.NOBODY_REPORTS)
    have = progress.units_with_standing_reports(ctx.db, year)
    silent = [one.name for one in units if one.name not in have]
    named = phrases_reports.silent_units(silent[:_NAMED], len(silent) - _NAMED) if silent else ""
    texts = () if wanted.kind is FileKind.TABLES else reports.TEXTS
    downloads = [
        button
        for kind, forms in ((FileKind.RESULT_REPORT, texts), (FileKind.TABLES, reports.TABLES))
        for button in _downloads(kind, None, year, forms, message, ctx)
    ]
    card = Card(
        kicker=f"{phrases_reports.ALL_UNITS} · {phrases.cycle(year)}",
        title=phrases_reports.COMPILED_TITLE if texts else phrases_reports.TABLES_TITLE,
        body="\n".join(part for part in (phrases_reports.REPORT_IS, named) if part),
        rows=((phrases_reports.REPORTED, phrases_reports.of_units(len(have), len(units))),),
        note=phrases_reports.link_note(ctx.today + LIFETIME),
        buttons=tuple(downloads),
    )
    return Reply(messages=(card,))


def _of_no_year(year: RocYear, ctx: Context) -> Reply | None:
    now = roc.from_western(ctx.today.year)
    if ctx.dates.schedules.first_year <= year <= now:
        return None
    return say(phrases_reports.report_of_no_year(year, now))


# links


def _downloads(
    kind: FileKind,
    unit: Unit | None,
    year: RocYear,
    forms: Iterable[FileFormat],
    message: Incoming,
    ctx: Context,
) -> tuple[Button, ...]:
    """A button for each form of a document; that links were given is kept, the links are not."""
    name = unit.name if unit else None
    buttons = []
    for form in forms:
        what = FileWanted(kind=kind, unit=name, year=year, format=form)
        token = links.sign_file(ctx.settings.channel_secrets, what, ctx.now + LIFETIME)
        address = links.file_address(
            ctx.settings.public_base_url, token, reports.file_name(ctx.corpus, what)
        )
        label = phrases_reports.DOWNLOADS[form.value]
        buttons.append(Button(label=label, does=Does.OPEN, value=address))
    if buttons:
        audit.record(ctx.db, message.person, "issue_file", f"{kind}:{year}:{name or '*'}", ctx.now)
    return tuple(buttons)
