"""Dates and periods as people type them: 「3月20日」, 「3/1~3/20」, 「115.3.20」, 「三月底」.

A year may be missing; `Typed.near` then takes the one that brings the day nearest to another.
"""

from __future__ import annotations

import calendar
import re
import unicodedata
from dataclasses import dataclass, replace
from datetime import date

from bot.plans import roc

_CHINESE_YEAR = re.compile(r"(?<![\d〇零一二三四五六七八九])[〇零一二三四五六七八九]{3}(?=年)")
_CHINESE_NUMBER = re.compile(r"[一二三四五六七八九十]{1,3}(?=[月日號])")
_DIGITS = str.maketrans("〇零一二三四五六七八九", "00123456789")
_DAY = (
    r"(?:(?:(?:民國)?(?P<ya{n}>\d{{2,4}})年度?)?(?P<ma{n}>\d{{1,2}})月"
    r"(?:(?P<da{n}>\d{{1,2}})[日號]?|(?P<end{n}>底)|(?P<whole{n}>份)?)"
    r"|(?<!\d)(?P<yb{n}>\d{{3,4}})(?P<sep{n}>[/.-])(?P<mb{n}>\d{{1,2}})(?P=sep{n})(?P<db{n}>\d{{1,2}})(?!\d)"
    r"|(?<!\d)(?P<mc{n}>\d{{1,2}})[/.](?P<dc{n}>\d{{1,2}})(?!\d)"
    r"|(?<!\d)(?P<yd{n}>\d{{3,4}})(?P<md{n}>\d{{2}})(?P<dd{n}>\d{{2}})(?!\d))"
)
_TO = r"\s*[至到~\-–—]\s*"
_PERIOD = re.compile(
    _DAY.format(n=1) + rf"(?:{_TO}(?:{_DAY.format(n=2)}|(?P<day>\d{{1,2}})[日號]))?"
)


class ImpossibleDate(ValueError):
    """A day that no calendar has; `words` is how it was typed."""

    def __init__(self, words: str) -> None:
        self.words = words
        super().__init__(words)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Day:
    year: int | None  # western
    month: int
    day: int | None  # None: the month's last
    words: str

    def near(self, other: date) -> date:
        if not 1 <= self.month <= 12 or (self.day is not None and not 1 <= self.day <= 31):
            raise ImpossibleDate(self.words)
        years = [self.year] if self.year else [other.year - 1, other.year, other.year + 1]
        day = min(self.day or 28, 28)
        year = min(years, key=lambda one: abs(date(one, self.month, day) - other))
        last = calendar.monthrange(year, self.month)[1]
        if self.day is not None and self.day > last:
            raise ImpossibleDate(self.words)
        return date(year, self.month, self.day or last)


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """A day or a period in a text; `before` and `after` are what stands around it.

    `start` is None where only an end was typed.
    """

    start: _Day | None
    end: _Day
    before: str
    after: str

    def near(self, other: date) -> tuple[date | None, date]:
        """First day (or None) and last day, a missing year taken nearest to another day.

        Raises:
            ImpossibleDate: a day of it does not exist.
        """
        end = self.end.near(other)
        return (self.start.near(end) if self.start else None), end


def find(text: str) -> Typed | None:
    """The first day or period in a text, None when there is none.

    Raises:
        ImpossibleDate: its year cannot be one.

    >>> find('報告 3月1日至20日').near(date(2026, 3, 2))
    (datetime.date(2026, 3, 1), datetime.date(2026, 3, 20))
    """
    plain = in_digits(text)
    match = _PERIOD.search(plain)
    if match is None:
        return None
    first, whole = _read(match, 1)
    around = {"before": plain[: match.start()], "after": plain[match.end() :]}
    if match["day"] is not None:
        end = _Day(year=first.year, month=first.month, day=int(match["day"]), words=match[0])
        return Typed(start=first, end=end, **around)
    opening = replace(first, day=1) if whole else first
    if any(match[f"m{kind}2"] for kind in "abcd"):
        return Typed(start=opening, end=_read(match, 2)[0], **around)
    return Typed(start=opening if whole else None, end=first, **around)


def in_digits(text: str) -> str:
    """A text in narrow letters, with Chinese numerals in dates as digits."""
    narrow = unicodedata.normalize("NFKC", text)
    narrow = _CHINESE_YEAR.sub(lambda match: match[0].translate(_DIGITS), narrow)
    return _CHINESE_NUMBER.sub(_number, narrow)


def _number(match: re.Match[str]) -> str:
    value = roc.number(match[0])
    return match[0] if value is None else str(value)


def _read(match: re.Match[str], n: int) -> tuple[_Day, bool]:
    """One of the two days of a match, and whether it is a whole month."""
    kind = next(one for one in "abcd" if match[f"m{one}{n}"] is not None)
    year = match[f"y{kind}{n}"] if kind != "c" else None
    day = match[f"d{kind}{n}"]
    whole = kind == "a" and day is None and match[f"end{n}"] is None
    read = _Day(
        year=_western(year, match[0]) if year else None,
        month=int(match[f"m{kind}{n}"]),
        day=int(day) if day else None,
        words=match[0],
    )
    return read, whole


def _western(typed: str, words: str) -> int:
    year = int(typed)
    if 80 <= year < 200:
        return roc.to_western(year)
    if 1990 <= year < 2112:
        return year
    raise ImpossibleDate(words)
