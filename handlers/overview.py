"""總表, 未回報: all units at a glance, and one tap to ask those that have not reported."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot import phrases, phrases_reports, reports
from bot.clock import today
from bot.messages import (
    Button,
    Card,
    Cards,
    ChatRef,
    Does,
    Incoming,
    IncomingKind,
    Reply,
    Text,
    Tone,
    say,
)
from bot.plans.deadlines import running_cycles
from bot.plans.model import RocYear, Unit
from bot.plans.progress import ProgressStatus, UnitProgress
from bot.store import audit, chats
from handlers import progress, receipts, recording, units
from handlers.addressing import plain
from handlers.admin import refuse
from handlers.chase import may_speak
from handlers.context import Context
from handlers.timeline import tap

_TEXTS = (IncomingKind.TEXT, IncomingKind.EDITED)
# The words with an agency or a year behind them, or the agency before: 「衛生局下面誰還沒交」.
_WORDS = re.compile(
    r"(?:總表|总表|未回報|未回报|催回報|催回报|誰還沒回報|哪些單位(?:還)?沒回報"
    r"|(?=.*(?:[誰谁]|哪些單位|哪些单位).{0,3}[沒没]))(?P<rest>.*?)"
    r"(?:(?:下面|底下|轄下|所屬|所属)*的?[還还]?有?(?:[誰谁]|哪些單位|哪些单位)都?[還还]?[沒没]有?"
    r"(?:交|回報|回报)的?[嗎吗呢?？]?)?"
)
_UNREPORTED, _ASK, _SEND = "未回報", "ask_reports", "send_ask_reports"
_ON_A_CARD, _CARDS = 15, 10


@dataclass(frozen=True, slots=True, kw_only=True)
class _Line:
    """A unit in the overview: how many items stand how, and when it last reported."""

    unit: str
    waiting: int
    underway: int
    done: int
    behind: int
    missing: int
    last: date | None

    @property
    def plain(self) -> str:
        """The line as staff read it."""
        return phrases_reports.overview_line(
            done=self.done, underway=self.underway, behind=self.behind, missing=self.missing,
            last=self.last,
        )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class _Scope:
    """What is looked at: a cycle, of all units or of an agency with those under it."""

    year: RocYear
    agency: Unit | None = None

    @property
    def under(self) -> str:
        """The agency's name, empty for all."""
        return self.agency.name if self.agency else ""

    @property
    def fields(self) -> dict[str, str]:
        """What a button carries, so that it does what was shown."""
        return {"year": str(self.year), "unit": self.under}


def is_meant(message: Incoming, ctx: Context) -> bool:
    """Whether one of the words is said, or a button of the question is tapped."""
    if message.kind is IncomingKind.POSTBACK:
        return message.data.get("do") in (_ASK, _SEND)
    match = _WORDS.fullmatch(plain(message.text)) if message.kind in _TEXTS else None
    return match is not None and units.details(match["rest"], ctx) is not None


def answer(message: Incoming, ctx: Context) -> Reply:
    """Show it to administrators; whoever may not gets a sentence and an entry in the log."""
    if not ctx.is_admin(message.person):
        return refuse(phrases_reports.OVERVIEW, message, ctx)
    scope = _scope(message, ctx)
    if refused := progress.no_such_cycle(scope.year, ctx):
        return say(refused)
    if message.kind is IncomingKind.POSTBACK:
        return _ask(scope, message, ctx)
    if plain(message.text).startswith(("總表", "总表")):
        return _overview(scope, ctx)
    return _unreported(scope, ctx)


def _scope(message: Incoming, ctx: Context) -> _Scope:
    """The cycle and the agency that are named, or that the tapped card was about."""
    match = _WORDS.fullmatch(plain(message.text))
    said = units.details(match["rest"], ctx) if match else None
    if message.kind is IncomingKind.POSTBACK:
        words = f"{message.data.get('year', '')} {message.data.get('unit', '')}"
        said = units.details(words, ctx)
    found = said or units.Details()
    return _Scope(year=found.year or recording.cycle(ctx), agency=found.unit)


def _overview(scope: _Scope, ctx: Context) -> Reply:
    """Every unit that speaks through a chat or has reported: a line each."""
    year = scope.year
    lines = _lines(scope, ctx)
    title = phrases_reports.overview_title(year, scope.under)
    running = year in running_cycles(ctx.today)
    if not running and all(one.last is None for one in lines):
        return say(phrases_reports.nothing_that_year(year, scope.under))
    if not lines:
        return say(f"{title}：{phrases_reports.NOBODY_REPORTED}")
    reported = sum(one.last is not None for one in lines)
    summary = phrases_reports.overview_summary(len(lines), reported, len(_unbound(scope, ctx)))
    cards = _cards(lines, title, summary, scope, ctx)
    if len(cards) == 1:
        return Reply(messages=(cards[0],))
    alt = "\n".join([title, summary, *(f"{one.unit}：{one.plain}" for one in lines)])
    more = len(lines) - _ON_A_CARD * _CARDS
    told = (Text(text=phrases_reports.rest_in_tables(more)),) if more > 0 else ()
    return Reply(messages=(Cards(cards=cards, alt=alt), *told))


def _cards(
    lines: Sequence[_Line], title: str, summary: str, scope: _Scope, ctx: Context
) -> tuple[Card, ...]:
    """The lines on as many cards as go; the first has the sum and the buttons."""
    running = scope.year in running_cycles(ctx.today)
    parts = [lines[at : at + _ON_A_CARD] for at in range(0, len(lines), _ON_A_CARD)]
    export = phrases_reports.export_of(scope.year)
    buttons = (
        *((tap(_UNREPORTED, do=_ASK, **scope.fields),) if running else ()),
        Button(label=phrases_reports.EXPORT, does=Does.SAY, value=export),
    )
    return tuple(
        Card(
            kicker=phrases.day_of(ctx.today),
            title=title,
            body=summary if number == 0 else "",
            rows=tuple((one.unit, one.plain) for one in part),
            buttons=buttons if number == 0 else (),
        )
        for number, part in enumerate(parts[:_CARDS])
    )


def _unreported(scope: _Scope, ctx: Context) -> Reply:
    """The units without any report of a cycle, and while it runs what asking them costs."""
    year = scope.year
    silent = _silent(scope, ctx)
    unbound = _unbound(scope, ctx)
    also = phrases_reports.not_bound(unbound) if unbound else ""
    if not silent:
        words = phrases_reports.all_reported(year, scope.under)
        if not _lines(scope, ctx):
            words = phrases_reports.nobody_bound(scope.under)
        return say("\n".join(one for one in (words, also) if one))
    places = _places(silent, ctx)
    price = sum(ctx.speaking.price(ctx.db, chat) for chat in places)
    title = phrases_reports.unreported_title(year, len(silent), scope.under)
    button = tap(phrases_reports.ASK_THEM, do=_SEND, price=str(price), **scope.fields)
    names = "、".join(silent)
    running = year in running_cycles(ctx.today)
    cost = (phrases.CHASE_PRICE, phrases.chase_cost(len(places), price, sure=True))
    card = Card(
        title=title,
        body=names,
        rows=(cost,) if running else (),
        note=also if running else phrases_reports.no_longer_asked(year),
        buttons=(button,) if running and places else (),
        tone=Tone.CARE,
        alt=f"{title}\n{names}",
    )
    return Reply(messages=(card,))


def _ask(scope: _Scope, message: Incoming, ctx: Context) -> Reply:
    """Send what was shown with its price; one that has risen since is shown anew."""
    year = scope.year
    if message.data["do"] == _ASK or year not in running_cycles(ctx.today):
        return _unreported(scope, ctx)
    places = _places(_silent(scope, ctx), ctx)
    shown = message.data.get("price", "")
    price = sum(ctx.speaking.price(ctx.db, chat) for chat in places)
    if not places or not shown.isdecimal() or price > int(shown):
        return _unreported(scope, ctx)
    if not may_speak(ctx):
        return say(phrases.NOT_NOW)
    told, cost = 0, 0
    for chat, names in places.items():
        what = f"ask-reports:{year}:{chat.id}:{ctx.today}"
        reply = Reply(messages=(_asking(names, year, chat),))
        priced = ctx.speaking.price(ctx.db, chat)
        if ctx.speaking.push(ctx.db, what, chat, reply, price=priced, now=ctx.now):
            told, cost = told + 1, cost + priced
    audit.record(ctx.db, message.person, "ask_reports", f"{year}:{told} chats", ctx.now)
    return say(phrases.chased(told, cost) if told else phrases.CHASED_TODAY, worth_a_push=True)


def _asking(names: Sequence[str], year: RocYear, chat: ChatRef) -> Card:
    """What a chat is told: what to do, in one tap."""
    words = phrases_reports.please_report(names, year)
    return Card(
        title=phrases_reports.PLEASE_REPORT,
        body=words,
        note=phrases_reports.how_to_report(shared=chat.is_shared),
        buttons=(receipts.tap(phrases_reports.REPORT, step="chapters"),),
        alt=words,
    )


def _lines(scope: _Scope, ctx: Context) -> list[_Line]:
    year = scope.year
    wanted = [
        one for one in reports.reporting_units(ctx.db, ctx.corpus, year) if _is_in(one, scope, ctx)
    ]
    schedules = ctx.dates.schedules
    found = reports.agency_progress(ctx.db, ctx.corpus, schedules, year, ctx.today, wanted)
    return [_line(one) for one in found]


def _is_in(unit: Unit, scope: _Scope, ctx: Context) -> bool:
    """Whether a unit is the agency that is looked at, or stands under it."""
    agency = scope.agency
    return agency is None or unit == agency or agency in ctx.corpus.units.above(unit)


def _line(one: UnitProgress) -> _Line:
    last = one.last_report
    return _Line(
        unit=one.unit.name,
        waiting=one.count(ProgressStatus.NOT_STARTED),
        underway=one.count(ProgressStatus.UNDERWAY),
        done=one.count(ProgressStatus.DONE),
        behind=one.count(ProgressStatus.BEHIND),
        missing=len(one.missing),
        last=today(last.at) if last else None,
    )


def _silent(scope: _Scope, ctx: Context) -> list[str]:
    """The units without a report that stands, in the city's order."""
    return [one.unit for one in _lines(scope, ctx) if one.last is None]


def _places(names: Sequence[str], ctx: Context) -> dict[ChatRef, list[str]]:
    """The chats that speak for some units, each once, with the units that it speaks for."""
    found: dict[ChatRef, list[str]] = {}
    for name in names:
        for chat in chats.chats_of(ctx.db, name, today=ctx.today):
            found.setdefault(chat, []).append(name)
    return found


def _unbound(scope: _Scope, ctx: Context) -> list[str]:
    """The agencies and offices that owe a report and have no chat."""
    bound = chats.bound_units(ctx.db)
    obliged = reports.obliged_units(ctx.corpus)
    return [one.name for one in obliged if one.name not in bound and _is_in(one, scope, ctx)]
