"""Paths of clauses as clerks type them: 「一(三)2」, 「肆、一、(三)3.(2)」, 「1-3-2」, 「第一章(三)第2點」."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.plans import roc

_CHINESE = "一二三四五六七八九十"
_N = rf"(?:[{_CHINESE}]{{1,3}}|\d{{1,2}})"
_COUNTERS = (
    "場人次件案分元戶家處台份則天支班篇個位名張冊筆隻輛床堂棟面座間集檔%成趴月日年號樓組級季歲週萬千百"
    "期科課室所區代小鄰里折倍公級度星線劑種類"
)
_ENDS = rf"(?![\d{_CHINESE}{_COUNTERS}:/]|\.\d|,\d{{3}})"
_BETWEEN = r"\s*[-–、.之_]\s*"
_ALONE = rf"(?<![\d.{_CHINESE}:/\-])"
_SECTION = r"(?:肆\s*[、,.]?\s*)?"
_DEEPER = rf"(?:\s*[.、]?\s*\(\s*({_N})\s*\)|[-.之]\s*({_N}){_ENDS}(?!\s*\(\s*{_N}\s*\)\s*\d))?"
_BELOW_ITEM = (
    rf"(?:\s*[、,.之\-的]?\s*(?:第\s*)?({_N}){_ENDS}(?:\s*(?:點|條|款|項(?!目)|目(?![前標的])))?{_DEEPER}\.?(?!\d)"
    rf"|\s*\(\s*({_N})\s*\))?"
)
_BRACKETED = re.compile(
    rf"{_ALONE}{_SECTION}(?:第\s*|要項\s*)?({_N})\s*(?:章|要項|大項|項)?\s*[、,.之\-的]?\s*"
    rf"(?:第\s*)?\(\s*({_N})\s*\)\s*(?:項|節)?{_BELOW_ITEM}"
)
_SEPARATED = re.compile(
    rf"{_ALONE}{_SECTION}({_N}){_BETWEEN}({_N}){_BETWEEN}({_N})"
    rf"(?:{_BETWEEN}({_N}))?(?:{_BETWEEN}({_N}))?{_ENDS}(?:\s*\(\s*({_N})\s*\))?"
)
_ORDINAL = re.compile(
    rf"(?:第\s*({_N})\s*(?:章|要項|大項|面向)|要項\s*({_N}){_ENDS})"
    rf"(?:\s*的?\s*第\s*({_N})\s*(?:項|節|子項)(?:\s*的?\s*第?\s*({_N}){_ENDS}\s*(?:點|條|款|目)?)?)?"
)
_PAIR = re.compile(rf"^\s*([1-9]|[{_CHINESE}])\s*[-–之]\s*({_N}){_ENDS}(?![-~至到]|\s*[月日])")
_DOTTED_PAIR = re.compile(
    r"^\s*([1-9])\.([1-9])(?=\s*(?:$|已|完|進行|落後|未|尚|還|辦理中|結案|辦畢|辦完|做完|大致|即將|快"
    r"|將近|將完|接近|幾乎|差不多|初步|全[部數]|大?部[分份]|大?多數|過?半數|取消|停辦|免辦|不適用|\d{1,3}\s*%))"
)
_PATTERNS = (_BRACKETED, _SEPARATED, _ORDINAL, _PAIR, _DOTTED_PAIR)
_OF_A_DATE = re.compile(
    rf"^\s*(?:(?P<section>伍)\s*[、,.]?\s*(?P<part>[{_CHINESE}])(?:\s*[、,.]?\s*\(\s*(?P<item>{_N})\s*\))?"
    r"|(?:附件\s*[1一]?\s*[,、]?\s*)?序號\s*(?P<row>\d{1,2})(?!\d))[、,.]?"
)
MORE = re.compile(
    rf"(?:\s*[、和跟及]\s*(?:{_N}{_ENDS}|\(\s*{_N}\s*\))(?=\s*(?:[、和跟及,]|[已都均皆也全完做進還未]|$|\s|\d)))+"
)
"""Further numbers after a path: 「一(三)2、3」."""

_TO = r"\s*[~到至–-]\s*"
_UP_TO = re.compile(
    rf"(?:{_TO}\(\s*(?P<inner>{_N})\s*\)|\s*[~到至]\s*(?:第\s*)?(?P<bare>{_N}){_ENDS}(?!\s+[{_COUNTERS}])(?:\s*[點條款項])?\.?)"
    r"(?=[\s,。;、:]|[已都均皆也全完做進辦還未尚結]|$)"
)
_AFTER_JOINT = re.compile(_TO + _BRACKETED.pattern.removeprefix(_ALONE))
_MOST = 10
"""How far the first and the last of a range may be apart."""

_POINTS_AT = re.compile(r"(?:詳見?|如同?|參[見照考]?|見|比照|併入?|依|同)\s*$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Path:
    """A path and where it stands; `segments` are chapter, item, clause and what is below."""

    start: int
    end: int
    segments: tuple[str, ...]


SCHEDULE = "附件1"
"""The first segment of a row of the city's schedule."""


def of_a_date(text: str) -> Path | None:
    """Where a date is printed, if a text begins with it: 「伍、三」, 「附件1 序號7」."""
    match = _OF_A_DATE.match(text)
    if match is None:
        return None
    if match["row"]:
        segments: tuple[str, ...] = (SCHEDULE, str(int(match["row"])))
    else:
        numbers = (roc.number(one) for one in (match["part"], match["item"]) if one)
        segments = (match["section"], *(str(one) for one in numbers))
    start = match.end() - len(match[0].lstrip())
    return Path(start=start, end=match.end(), segments=segments)


@dataclass(frozen=True, slots=True, kw_only=True)
class Range:
    """Several paths typed as one, 「一(三)1.(1)~(4)」, up to the place `end`.

    `every` has the segments of each; it is empty where the ends make no range of at most ten.
    """

    end: int
    every: tuple[tuple[str, ...], ...]


def range_at(text: str, first: Path) -> Range | None:
    """The range that begins with a path of a text, None where it stands alone.

    Args:
        text: half width.
    """
    whole = _AFTER_JOINT.match(text, first.end)
    if whole is not None:
        numbers = tuple(str(roc.number(one)) for one in whole.groups() if one)
        return Range(end=whole.end(), every=_between(first.segments, numbers))
    match = _UP_TO.match(text, first.end)
    if match is None or not first.segments[-1].isdecimal():
        return None
    is_inner = text[: first.end].rstrip(" .、").endswith(")")
    last = roc.number(match["inner"] or match["bare"])
    is_level = is_inner == bool(match["inner"]) and last is not None
    until_segments = (*first.segments[:-1], str(last))
    return Range(
        end=match.end(), every=_between(first.segments, until_segments) if is_level else ()
    )


def _between(first: tuple[str, ...], last: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    if first[:-1] != last[:-1] or len(first) < 3:
        return ()
    begin, end = int(first[-1]), int(last[-1])
    if not begin < end <= begin + _MOST:
        return ()
    return tuple((*first[:-1], str(one)) for one in range(begin, end + 1))


def paths_in(text: str) -> tuple[Path, ...]:
    """The paths of a text in its order; one that is only pointed at (「詳如一(三)3」) is none.

    Args:
        text: half width.
    """
    dated = of_a_date(text)
    found: list[Path] = [dated] if dated else []
    for pattern in _PATTERNS:
        for match in pattern.finditer(text):
            numbers = [roc.number(one) for one in match.groups() if one]
            is_new = all(match.end() <= one.start or one.end <= match.start() for one in found)
            if is_new and None not in numbers and not _POINTS_AT.search(text[: match.start()]):
                start = match.end() - len(match[0].lstrip())
                segments = tuple(str(one) for one in numbers)
                found.append(Path(start=start, end=match.end(), segments=segments))
    return tuple(sorted(found, key=lambda one: one.start))
