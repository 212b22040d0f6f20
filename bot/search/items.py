"""Which item of a unit a typed report means: by its path, or by the words that name it."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Protocol

from bot.plans import typed_paths
from bot.plans.progress import Item, ItemKind
from bot.plans.typed_reports import TypedReport
from bot.plans.typed_text import Plain

MOST = 5
"""Candidates to choose from."""

_CONTENT = "4"  # 肆、計畫內容
_SEARCH = 0.5  # what the search counts beside the letters; the rest of one
_LONE = 0.3  # what a single character counts beside a pair
# What clerks call a date, by words of its title.
_ALSO = (
    (re.compile("提出.*計畫"), "訂計畫、研訂計畫"),
    (re.compile("提出.*工作計畫"), "訂定工作計畫"),
    (
        re.compile("^(?!.*成果).*計畫"),
        "交計畫、送計畫、提計畫、報計畫、函送計畫、研提計畫、研擬計畫、計畫研擬",
    ),
    (re.compile("成果"), "成果報告、年度成果報告、交成果、送成果、提成果、年終成果"),
    (re.compile("參獎申請"), "報獎、送參獎資料"),
    (re.compile("評選"), "參獎評選"),
    (re.compile("研習"), "參加研習"),
    (re.compile("查訪"), "訪查、訪視"),
)

# How far ahead of the second, and how well it fits itself, the one item must be that is meant: by
# letters alone, which saves the search, and with it. Chosen on the development table
# tests/fixtures/reports/subjects.yaml: of its 279 subjects the first is right for 276 (277 with
# encoders), and 206 (212) are certain, 2 (1) of them although a third clause says the same.
_LETTERS_LEAD, _LETTERS_FIT = 0.35, 0.6
_LEAD, _FIT = 0.22, 0.7

_LIKE = 0.12  # share of a subject's letters below which an item is offered only if the search
_FAR_AHEAD = 0.3  # finds it this far ahead
_NEAR_BEST = 0.6


class Ranker(Protocol):
    """Orders clauses by what a text names (`Answerer.rank_among`)."""

    def rank_among(self, question: str, nodes: Sequence[str]) -> list[tuple[str, float]]:
        """The clauses' ids with their scores, best first."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Meant:
    """The item that is meant: `certain`, or else up to five `candidates`, best first."""

    certain: Item | None
    candidates: tuple[Item, ...] = ()


def find(typed: TypedReport, items: Sequence[Item], ranker: Ranker | None) -> Meant:
    """The item that a typed report means, among those that the unit may report on.

    A path decides alone where it names one clause; where it is a heading, or its last number is
    wrong, the words beside it order the clauses that stand there.

    Args:
        ranker: the search; without it words are compared letter by letter only.
    """
    if not typed.segments:
        return _by_words(typed.subject, items, ranker)
    at = _at(typed, items)
    if len(at) == 1:
        return Meant(certain=at[0])
    near = at or _beside(typed.segments, items)
    if not near:
        return _by_words(typed.subject, items, ranker)
    if typed.subject and at:
        meant = _by_words(typed.subject, near, None)  # most are a note: only plain letters count
        if meant.certain is not None:
            return meant
    return Meant(certain=None, candidates=tuple(near[:MOST]))


def _at(typed: TypedReport, items: Sequence[Item]) -> list[Item]:
    """The clauses at or below a path, in the plan's order; one that is the path itself alone.

    「4.1.3.2」 may begin with 肆 or with chapter four: then whatever there is of both.
    """
    readings = [list(typed.segments)]
    if re.match(r"4\s*[.-]", typed.path) and len(typed.segments) > 2:
        readings.append(list(typed.segments[1:]))
    found = [one for reading in readings for one in _below(reading, items)]
    exact = [one for one in found if _numbers(one) in readings]
    return list(dict.fromkeys(exact if len(exact) == 1 and len(readings) == 1 else found))


def _below(segments: list[str], items: Sequence[Item]) -> list[Item]:
    return [one for one in items if _numbers(one)[: len(segments)] == segments]


def _beside(segments: Sequence[str], items: Sequence[Item]) -> list[Item]:
    """The clauses under the nearest heading above a path that leads nowhere."""
    for length in range(len(segments) - 1, 0, -1):
        found = _below(list(segments[:length]), items)
        if found:
            wanted = int(segments[length]) if segments[length].isdecimal() else 0
            return sorted(found, key=lambda one: abs(_number(one, length) - wanted))
    return []


def _numbers(item: Item) -> list[str]:
    """The numbers of a clause from its chapter on; unnumbered headings are passed through.

    Those of a date are where it is printed: 「伍、三」 is 伍 and 3.
    """
    if item.kind is not ItemKind.CLAUSE:
        printed = typed_paths.of_a_date(Plain.of(item.path).text)
        return list(printed.segments) if printed else []
    section, *rest = item.id.partition(":")[2].split(".")
    return [one for one in rest if not one.isalpha()] if section == _CONTENT else []


def _number(item: Item, place: int) -> int:
    numbers = _numbers(item)
    return int(numbers[place]) if place < len(numbers) else 0


def _by_words(subject: str, items: Sequence[Item], ranker: Ranker | None) -> Meant:
    """The item whose words the subject says, by letters and by the search."""
    wanted = _grams(subject)
    if not wanted or not items:
        return Meant(certain=None)
    letters = _by_letters(wanted, items)
    best, lead = _best(letters)
    if ranker is None or (letters[best] >= _LETTERS_FIT and lead >= _LETTERS_LEAD):
        return _clear_or_near(items, letters, letters, (_LETTERS_FIT, _LETTERS_LEAD))
    fits = _with_search(subject, items, letters, ranker)
    return _clear_or_near(items, fits, letters, (_FIT, _LEAD))


def _clear_or_near(
    items: Sequence[Item],
    fits: Sequence[float],
    letters: Sequence[float],
    enough: tuple[float, float],
) -> Meant:
    """The best item where its fit and its lead are enough, else those that come near it."""
    best, lead = _best(fits)
    if fits[best] >= enough[0] and lead >= enough[1]:
        return Meant(certain=items[best])
    if letters[best] < _LIKE and lead < _FAR_AHEAD:
        return Meant(certain=None)
    order = sorted(range(len(items)), key=lambda at: -fits[at])[:MOST]
    near = [items[at] for at in order if fits[at] >= _NEAR_BEST * fits[best]]
    return Meant(certain=None, candidates=tuple(near))


def _best(fits: Sequence[float]) -> tuple[int, float]:
    """The place of the highest value, and how far it is ahead of the next."""
    best = max(range(len(fits)), key=fits.__getitem__)
    others = (fit for at, fit in enumerate(fits) if at != best)
    return best, fits[best] - max(others, default=0.0)


def _by_letters(wanted: frozenset[str], items: Sequence[Item]) -> list[float]:
    """For each item the share of the wanted letters and pairs that it has, by rarity, 0 to 1."""
    texts = [_grams(_words_of(one)) for one in items]
    spread = Counter(gram for text in texts for gram in text if gram in wanted)
    weights = {gram: _weight(gram, spread[gram], len(items)) for gram in wanted}
    whole = sum(weights.values())
    return [sum(weights[gram] for gram in wanted & text) / whole for text in texts]


def _words_of(item: Item) -> str:
    also = [words for title, words in _ALSO if title.search(item.title)]
    names = also if item.kind is ItemKind.DEADLINE else []
    return "\n".join((item.title, item.text, *names))


def _weight(gram: str, texts: int, of: int) -> float:
    return math.log(1 + of / (1 + texts)) * (1.0 if len(gram) > 1 else _LONE)


def _with_search(
    subject: str, items: Sequence[Item], letters: Sequence[float], ranker: Ranker
) -> list[float]:
    """Letters and search together; dates, which the search does not know, by letters alone."""
    clauses = [one.id for one in items if one.kind is ItemKind.CLAUSE]
    scores = dict(ranker.rank_among(subject, clauses))
    top = max(scores.values(), default=0.0)
    if top <= 0:
        return list(letters)
    return [
        (1 - _SEARCH) * fit
        + _SEARCH * (max(scores[one.id] / top, 0.0) if one.id in scores else fit)
        for one, fit in zip(items, letters, strict=True)
    ]


@lru_cache(maxsize=4096)
def _grams(text: str) -> frozenset[str]:
    """The letters of a text, one and two at a time."""
    letters = [one for one in Plain.of(text).text if one.isalnum()]
    return frozenset((*letters, *_pairs(letters)))


def _pairs(letters: Sequence[str]) -> Iterable[str]:
    return (one + other for one, other in pairwise(letters))
