"""Years of the Republic of China, and the numerals in which staff write them."""

from __future__ import annotations

import re

from bot.plans.model import RocYear

_DIGITS = dict(zip("〇零一二三四五六七八九", (0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9), strict=True))

_YEAR = re.compile(
    r"(?<!\d)(?P<western>20[12]\d)(?!\d)"
    r"|(?<!\d)(?P<roc>1[01]\d)(?!\d)(?!\s*[號号樓楼元個个人次份])"
    r"|(?P<chinese>一[一〇零百][〇零一二三四五六七八九十]{1,3})(?=年|\s|那|的|版|$)"
)


def years_in(text: str) -> tuple[RocYear, ...]:
    """The years that a text names, in order: 「111」, 「一一一年」, 「2022」.

    >>> years_in('111跟112差在哪')
    (111, 112)
    """
    found: list[RocYear] = []
    for match in _YEAR.finditer(text):
        year = _year_of(match)
        if year is not None and year not in found:
            found.append(year)
    return tuple(found)


def without_years(text: str) -> str:
    """The text with the years that it names replaced by a blank."""
    return re.sub(r"\s*(?:年度?|版)", " ", _YEAR.sub("\0", text).replace("\0", "年")).strip() if (
        years_in(text)
    ) else text  # fmt: skip


def from_western(year: int) -> RocYear:
    """2026 is 115."""
    return RocYear(year - 1911)


def to_western(year: int) -> int:
    """115 is 2026."""
    return year + 1911


def number(text: str) -> int | None:
    """A small Chinese or Arabic numeral: 「3」, 「三」, 「十二」, 「二十」; None when it is none.

    >>> number('二十一')
    21
    """
    if text.isdecimal():
        return int(text)
    if "十" in text:
        tens, _, ones = text.partition("十")
        if (tens and tens not in _DIGITS) or (ones and ones not in _DIGITS):
            return None
        return (_DIGITS[tens] if tens else 1) * 10 + (_DIGITS[ones] if ones else 0)
    return _DIGITS.get(text)


def _year_of(match: re.Match[str]) -> RocYear | None:
    if match["western"]:
        return from_western(int(match["western"]))
    if match["roc"]:
        return RocYear(int(match["roc"]))
    words = match["chinese"]
    if "百" in words:
        rest = number(words.partition("百")[2].lstrip("零〇"))
        return None if rest is None else RocYear(100 + rest)
    digits = [_DIGITS.get(one) for one in words]
    if len(digits) != 3 or None in digits:
        return None
    return RocYear(int("".join(str(one) for one in digits)))
