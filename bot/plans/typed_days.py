"""The day on which something was done, as clerks type it: 「3/15」, 「115.3.15」, 「上週五」."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from bot.plans import typed_dates
from bot.plans.typed_dates import ImpossibleDate, Typed
from bot.plans.typed_numbers import UNIT
from bot.plans.typed_text import AHEAD, DAY, Plain

_N = "[〇零一二三四五六七八九十]"
# 「3月15場」 tells the month and a count.
_NO_COUNT = rf"(?!{_N}|[\d百千萬%趴成多餘+]|[,.]\d|{UNIT})"
_DAY = (
    rf"(?:(?:(?:民國)?(?<!\d)(?:\d{{2,4}}|{_N}{{3}})年度?)?(?<!\d)(?:\d{{1,2}}|{_N}{{1,3}})月(?:底|份|(?<!\d)(?:\d{{1,2}}|{_N}{{1,3}})(?:[日號]|{_NO_COUNT}))?"
    r"|(?<!\d)\d{3,4}(?P<mark{n}>[/.-])\d{1,2}(?P=mark{n})\d{1,2}(?!\d)"
    r"|(?<![\d./-])\d{1,2}/\d{1,2}(?![\d/])"
    r"|(?:(?<=\s)|^)\d{1,2}\.\d{1,2}(?=\s|$)"
    r"|(?<!\d)(?:1[01]\d{5}|20[12]\d{5})(?!\d))"
)
_LAST_DAY = _DAY.replace("{n}", "2").replace(r"(?<![\d./-])", "")
_PERIOD = re.compile(
    _DAY.replace("{n}", "1") + rf"(?:\s*[至到~\-–—]\s*(?:{_LAST_DAY}|\d{{1,2}}[日號]))?"
)
_NOT_A_DAY = re.compile(r"\s*(?:場|人|件|案|次|%|個|分)")
_RELATIVE = re.compile(
    r"(?P<ago>大前天|前天|昨[天日]|今[天日]|剛剛|剛才)"
    r"|(?P<week>上上|上個?|這個?|本)(?:週|周|星期|禮拜)(?P<day>[一二三四五六日天])"
)
_AGO = {"大前天": 3, "前天": 2, "昨天": 1, "昨日": 1}
_WEEKS = {"上上": 2, "上": 1, "上個": 1}
_WILL = re.compile(
    r"(?:預計|預定|預期|擬於?|將於?|訂於?|排定|定於|計畫於|改到|改至|改期|延到|延至|延後|下次|爭取)[^,。;]{0,6}$"
)
_BY = re.compile(r"\s*[日號]?\s*(?:以前|之前|前(?!往|進))")
_HALF_A_YEAR = timedelta(days=183)


@dataclass(frozen=True, slots=True, kw_only=True)
class Days:
    """What a text says of days: the day it was done, and words that are no day."""

    done_on: date | None
    impossible: tuple[str, ...]


def read(plain: Plain, today: date) -> Days:
    """The last day in a text that is not in the future; every date in it is covered."""
    found: list[date] = []
    impossible: list[str] = []
    for match in list(_PERIOD.finditer(plain.text)):
        if _NOT_A_DAY.match(plain.text, match.end()) and "月" not in match[0]:
            continue
        try:
            day, is_day = _past(match[0], today)
        except ImpossibleDate:
            if re.search(r"[年月]|\d{3}[/.-]", match[0]) or _nearly(match[0]):
                impossible.append(plain.typed(match.start(), match.end()))
                plain.cover(match.start(), match.end(), DAY)
            continue
        is_plan = bool(_WILL.search(plain.text[: match.start()])) or bool(
            _BY.match(plain.text, match.end())
        )
        is_ahead = is_plan or day > today
        plain.cover(match.start(), match.end(), AHEAD if is_ahead else DAY)
        if is_day and not is_ahead:
            found.append(day)
    found += _relative(plain, today)
    return Days(done_on=max(found, default=None), impossible=tuple(impossible))


def _past(words: str, today: date) -> tuple[date, bool]:
    """The last day that is meant, and whether a day was named rather than a month.

    A missing year is this one, or the one before where the day is over half a year ahead: reports
    are of what was done.
    """
    typed = typed_dates.find(words)
    if typed is None:
        raise ImpossibleDate(words)
    day = _in(typed, today.year)
    if day - today > _HALF_A_YEAR and _in(typed, today.year + 1) != day:
        day = _in(typed, today.year - 1)
    first = typed.near(day)[0] or day
    is_day = re.search(r"月(?:份|底)?$", words) is None
    return (day if is_day else min(day, first)), is_day


def _in(typed: Typed, year: int) -> date:
    return typed.near(date(year, 7, 1))[1]


def _nearly(words: str) -> bool:
    """Whether 「2/30」 was meant as a date: its month is one, and its day might be."""
    parts = re.fullmatch(r"(\d{1,2})/(\d{1,2})", words)
    return parts is not None and 1 <= int(parts[1]) <= 12 and 28 < int(parts[2]) < 40


def _relative(plain: Plain, today: date) -> Iterator[date]:
    for match in list(_RELATIVE.finditer(plain.text)):
        if match["ago"]:
            day = today - timedelta(days=_AGO.get(match["ago"], 0))
        else:
            monday = today - timedelta(days=today.weekday() + 7 * _WEEKS.get(match["week"], 0))
            day = monday + timedelta(days="一二三四五六日".find(match["day"].replace("天", "日")))
        plain.cover(match.start(), match.end(), AHEAD if day > today else DAY)
        if day <= today:
            yield day
