"""Which texts share the question's runs of characters: a small BM25 index in numpy."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from bot.search.words import bare

Codes = NDArray[np.uint64]
Scores = NDArray[np.float32]

K1 = 1.2
B = 0.3  # a clause is long because it says more or is asked for in many ways: length is no fault

_BASE = 0x9E3779B97F4A7C15
_TEXT_BITS = np.uint64(20)  # a million texts
_CODES = 1 << 44
_APART = "\0"  # stands in no text: YAML does not allow it
_LATIN = re.compile("[a-z0-9]{2,}")


def codes(grams: Iterable[str]) -> Codes:
    """Grams as numbers, for tables that would be too large as Python's dictionaries.

    Two grams with one number are one in 10^13 here, and would only blur a score. Python's own
    hash is no such number: to it 敢 and «be» are the same bytes.
    """
    return np.fromiter((_code(gram) for gram in grams), dtype=np.uint64)


def _code(gram: str) -> int:
    """A polynomial of the characters: the codes of two parts give the code of the whole."""
    made = 0
    for character in gram:
        made = (made * _BASE + ord(character)) % _CODES
    return made


@dataclass(frozen=True, slots=True)
class Runs:
    """The grams of many texts, one for each time it stands there, in no order.

    Each is one number, its code before the number of its text, so that one sort brings
    everything together.
    """

    cells: NDArray[np.uint64]

    @classmethod
    def of(cls, folded: Iterable[str]) -> Runs:
        """What `codes(grams(text))` gives for each text, for all at once and without strings."""
        joined = _APART.join(folded)
        points = np.frombuffer(joined.encode("utf-32-le"), dtype=np.uint32)
        begins, one, shift = _units(joined, points)
        text = np.cumsum(points == ord(_APART), dtype=np.uint64)[begins]
        two = one[:-1] * shift[1:] + one[1:]
        three = two[:-1] * shift[2:] + one[2:]
        cells = [
            (code << _TEXT_BITS | first)[first == last]
            for code, first, last in (
                (one, text, text),
                (two, text[:-1], text[1:]),
                (three, text[:-2], text[2:]),
            )
        ]
        return cls(np.concatenate(cells))

    @property
    def codes(self) -> Codes:
        """The codes, in no order, one for each time a gram stands in a text."""
        return self.cells >> _TEXT_BITS

    def counted(self, first: int) -> tuple[Codes, Scores, Scores]:
        """The different codes, sorted, and in how many of the first texts and the others each is."""
        cells = np.sort(self.cells)
        cells = cells[_begins(cells)]
        codes = cells >> _TEXT_BITS
        begins = _begins(codes)
        is_first = (_texts_of(cells) < first).astype(np.float32)
        in_first = np.add.reduceat(is_first, begins)
        return codes[begins], in_first, np.diff(begins, append=len(codes)) - in_first


@lru_cache(maxsize=4096)
def _code_and_shift(gram: str) -> tuple[int, int]:
    """A gram's code, and what the code of something before it is multiplied by."""
    return _code(gram), pow(_BASE, len(gram), _CODES)


def _units(joined: str, points: NDArray[np.uint32]) -> tuple[NDArray[np.intp], Codes, Codes]:
    """Where letters, and Latin words and numbers, of folded text begin; their codes and shifts."""
    letters = set(joined)
    stands = np.zeros(max(map(ord, letters), default=0) + 1, dtype=np.bool_)
    stands[[ord(letter) for letter in letters if bare(letter)]] = True
    begin, one = stands[points], points.astype(np.uint64)
    shift = np.full(len(one), _BASE, dtype=np.uint64)
    for word in _LATIN.finditer(joined):
        start, end = word.span()
        one[start], shift[start] = _code_and_shift(word[0])
        begin[start + 1 : end] = False
    begins = np.flatnonzero(begin)
    return begins, one[begins], shift[begins]


class Postings:
    """Texts by their grams.

    Args:
        size: how many texts there are.
        fields: runs of the texts, and what one occurrence weighs (1.0 in the text itself, less in
            its headings).
    """

    def __init__(self, size: int, *fields: tuple[Runs, float]) -> None:
        self.size = size
        cells = np.concatenate([runs.cells for runs, _ in fields])
        weights = [np.full(len(runs.cells), weight, np.float32) for runs, weight in fields]
        order = np.argsort(cells)
        cells = cells[order]
        begins = _begins(cells)
        weight = np.add.reduceat(np.concatenate(weights)[order], begins)
        cells = cells[begins]
        codes, self._texts = cells >> _TEXT_BITS, _texts_of(cells)
        starts = _begins(codes)
        self._keys, self._starts = codes[starts], np.append(starts, len(codes))
        lengths = np.bincount(self._texts, weights=weight, minlength=size)
        norms = K1 * (1 - B + B * lengths / max(float(lengths.mean()), 1e-9))
        self._gains = weight * np.float32(K1 + 1) / (weight + norms.astype(np.float32)[self._texts])

    def score(self, grams: Mapping[str, float]) -> Scores:
        """BM25 of every text, shape (size,), for weighted grams of a question."""
        total = np.zeros(self.size, dtype=np.float32)
        for (start, end), weight in zip(self._places(grams), grams.values(), strict=True):
            if end > start:
                rarity = self._rarity(end - start)
                total[self._texts[start:end]] += self._gains[start:end] * (rarity * weight)
        return total

    def coverage(self, grams: Mapping[str, float]) -> Scores:
        """The share, by rarity, of the question's grams that each text has, shape (size,)."""
        total = np.zeros(self.size, dtype=np.float32)
        whole = np.float32(0)
        for start, end in self._places(grams):
            rarity = self._rarity(end - start)
            whole += rarity
            total[self._texts[start:end]] += rarity
        return total / whole if whole else total

    def _places(self, grams: Iterable[str]) -> list[tuple[int, int]]:
        """Where each gram's texts stand, from and to; nowhere for an unknown gram."""
        wanted = codes(grams)
        if not len(self._keys):
            return [(0, 0)] * len(wanted)
        at = np.minimum(np.searchsorted(self._keys, wanted), len(self._keys) - 1)
        known = self._keys[at] == wanted
        ends = np.where(known, self._starts[at + 1], self._starts[at])
        return list(zip(self._starts[at].tolist(), ends.tolist(), strict=True))

    def _rarity(self, count: int) -> np.float32:
        """How much a gram tells that so many texts have: the fewer, the more."""
        return np.float32(math.log(1 + (self.size - count + 0.5) / (count + 0.5)))


def weigh(*fields: tuple[Sequence[str], float]) -> dict[str, float]:
    """Grams with their weights, from fields of grams with the weight of one occurrence each."""
    row: dict[str, float] = {}
    for grams, weight in fields:
        for gram, times in Counter(grams).items():
            row[gram] = row.get(gram, 0.0) + weight * times
    return row


def _texts_of(cells: Codes) -> NDArray[np.int32]:
    return (cells & ((np.uint64(1) << _TEXT_BITS) - np.uint64(1))).astype(np.int32)


def _begins(sorted_values: Codes) -> NDArray[np.intp]:
    """Where each new value begins."""
    new = np.append(True, sorted_values[1:] != sorted_values[:-1])
    return np.flatnonzero(new[: len(sorted_values)])
