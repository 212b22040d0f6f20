"""Questions for all that falls into a time: 「上半年要做什麼」, 「這個月要交什麼」."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date

from bot.search.words import Folder, bare

# What may stand around a time; if anything else is left, the question has a subject of its own.
_FRAME = (
    r"我們?(?:這邊|[局所科室課組處])?|本[局所科室課處]|小幫手|請問|一共|總共|全部|需要|到期|期限|截止|應該|"
    r"什麼|哪些|哪幾|幾[樣件項份個]|事情?|東西|工作|項目|資料|報告|提升服務|計畫|"
    r"[有要該得做辦交繳送報弄跑的了嗎呢啊喔是還會幾到給]"
)
_ASKS = r"什麼|哪些|哪幾|幾[樣件項份個]|有.{0,4}嗎"
_OWED = r"[交繳送報]"
_THIS_MONTH, _NEXT_MONTH = r"這個?月|本月|當月", r"下個?月"
_YEAR = r"(?:今年|一年|整年|全年|這一?年)"
_TIME = rf"({_YEAR}?[上下]半年)|({_THIS_MONTH})|({_NEXT_MONTH})|(\d{{1,2}})月份?|({_YEAR})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A time that is asked about, both days inclusive; `owed`: only what is to be handed in.

    `name` is the time as staff read it.
    """

    name: str
    start: date
    end: date
    owed: bool
    is_year: bool = False


class Periods:
    """Reads questions for a time as a whole; the groups of the pattern are told apart by order."""

    def __init__(self, fold: Folder) -> None:
        self._time = re.compile(fold(_TIME))
        self._frame = re.compile(fold(_FRAME))
        self._asks = re.compile(fold(_ASKS))
        self._owed = re.compile(fold(_OWED))
        self._second_half = fold("下半年")

    def read(self, folded: str, today: date) -> Asked | None:
        """The time that a question asks about as a whole; None where it asks for something else."""
        match = self._time.search(folded)
        if match is None or not self._asks.search(folded):
            return None
        rest = self._frame.sub("", folded[: match.start()] + " " + folded[match.end() :])
        if bare(rest):
            return None
        owed = self._owed.search(folded) is not None
        if match[5]:
            if not owed:
                return None  # the whole schedule, which the plans' structure answers
            return _of_months(today.year, 1, 12, "", owed, is_year=True)
        if match[1]:
            is_second = match[1].endswith(self._second_half)
            first, name = (7, "下半年") if is_second else (1, "上半年")
            return _of_months(today.year, first, first + 5, name, owed)
        return self._month(match, today, owed)

    def _month(self, match: re.Match[str], today: date, owed: bool) -> Asked | None:
        month = int(match[4]) if match[4] else today.month + bool(match[3])
        year = today.year
        if match[3] and month == 13:
            month, year = 1, year + 1
        return _of_months(year, month, month, f"{month}月", owed) if 1 <= month <= 12 else None


def _of_months(
    year: int, first: int, last: int, name: str, owed: bool, *, is_year: bool = False
) -> Asked:
    end = date(year, last, calendar.monthrange(year, last)[1])
    return Asked(name=name, start=date(year, first, 1), end=end, owed=owed, is_year=is_year)
