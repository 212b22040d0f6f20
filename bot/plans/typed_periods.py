"""The days of an absence as people type them: 「12/1-12/5」, 「到12/5」, 「明天起3天」, 「下週」."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta

from bot.plans import roc, typed_dates

_AHEAD = timedelta(days=150)
"""A day without a year is the one nearest to this long from now: rather to come than past."""

_DAYS_AHEAD = {"今": 0, "明": 1, "後": 2, "大後": 3}
_WEEKDAYS = "一二三四五六日"
_WEEK = r"(?:週|周|星期|禮拜)"
_NAMED = re.compile(
    r"(?P<word>大後|今|明|後)[天日]"
    rf"|(?P<of>下|這|本)?[個一]?{_WEEK}(?P<weekday>[一二三四五六日天])(?!天)"
    rf"|(?P<which>下|這|本)[個一]?{_WEEK}"
)
_LENGTH = re.compile(
    rf"(?P<number>\d{{1,3}}|[一二兩三四五六七八九十]{{1,3}}|半)\s*個?(?P<unit>工作天|天|{_WEEK}|月)"
)
_SHORT_END = re.compile(r"(?<=[/.])(\d{1,2}\s*[至到~-]\s*\d{1,2})(?![\d/.月日號天週周])")
_FROM_TO = re.compile(r"起(?=\s*[至到~-])")
_FROM = re.compile(r"^\s*(?:起|開始|算)*\s*(?:共|連續)?\s*")
_UNTIL_BEFORE = re.compile(r"[到至]\s*$")
_UNTIL_AFTER = re.compile(r"^\s*(?:為止|止|以前|之前|前)")
_START_BEFORE = re.compile(r"(?:從|自|由)\s*$")


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedPeriod:
    """First and last day, both inclusive, as they were typed; `rest` is what else was said.

    Nothing keeps the last day from standing before the first.
    """

    starts: date
    ends: date
    rest: str


def read(text: str, today: date) -> TypedPeriod | None:
    """The period in a text; None when there is none.

    A length alone begins today, an end alone too.

    Raises:
        typed_dates.ImpossibleDate: a day of it does not exist.

    >>> read('明天起3天', date(2026, 3, 2)).ends
    datetime.date(2026, 3, 5)
    """
    plain = _with_dates(unicodedata.normalize("NFKC", text), today)
    plain = _SHORT_END.sub(r"\1日", _FROM_TO.sub("", plain))
    typed = typed_dates.find(plain)
    if typed is None:
        length = _LENGTH.search(plain)
        if length is None:
            return None
        rest = f"{plain[: length.start()]} {plain[length.end() :]}"
        return TypedPeriod(starts=today, ends=_last(today, length), rest=rest.strip())
    starts, ends = typed.near(today + _AHEAD)
    before, after = _START_BEFORE.sub("", typed.before), typed.after
    if starts is None:
        starts, ends, before, after = _around_a_day(ends, before, after, today)
    rest = f"{before} {_UNTIL_AFTER.sub('', after)}"
    return TypedPeriod(starts=starts, ends=ends, rest=rest.strip())


def _around_a_day(day: date, before: str, after: str, today: date) -> tuple[date, date, str, str]:
    """What a single day means by the words around it, and what is left of them."""
    if _UNTIL_BEFORE.search(before) or _UNTIL_AFTER.match(after):
        return today, day, _UNTIL_BEFORE.sub("", before), after
    begins = _FROM.match(after)
    assert begins is not None  # it matches even nothing
    if length := _LENGTH.match(after, begins.end()):
        return day, _last(day, length), before, after[length.end() :]
    return day, day, before, after


def _last(first: date, length: re.Match[str]) -> date:
    """The last day of so many; a month is thirty days, half a day is one."""
    size = {"天": 1, "工作天": 1, "月": 30}.get(length["unit"], 7)
    if length["number"] == "半":
        days = max(1, size // 2)
    else:
        days = (roc.number(length["number"].replace("兩", "二")) or 1) * size
    return first + timedelta(days=days - 1)


def _with_dates(text: str, today: date) -> str:
    """The text with 「明天」, 「下週三」, 「下週」 written as dates."""
    found: list[date] = []

    def written(match: re.Match[str]) -> str:
        first, last = _named(match, today, found[-1] if found else today)
        found.append(last)
        return _typed(first) if first == last else f"{_typed(first)}-{_typed(last)}"

    return _NAMED.sub(written, text)


def _named(match: re.Match[str], today: date, since: date) -> tuple[date, date]:
    """First and last day of a word; a weekday alone is the next one since a day."""
    if match["word"]:
        day = today + timedelta(days=_DAYS_AHEAD[match["word"]])
        return day, day
    which = match["of"] or match["which"]
    monday = today - timedelta(days=today.weekday()) + timedelta(days=7 * (which == "下"))
    if not match["weekday"]:
        return (max(monday, today), monday + timedelta(days=6))
    place = _WEEKDAYS.index(match["weekday"].replace("天", "日"))
    if which:
        day = monday + timedelta(days=place)
    else:
        day = since + timedelta(days=(place - since.weekday()) % 7)
    return day, day


def _typed(day: date) -> str:
    return f"{roc.from_western(day.year)}/{day.month}/{day.day}"
