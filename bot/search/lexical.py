"""Which texts share the question's runs of characters: a small BM25 index in numpy."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

Scores = NDArray[np.float32]

K1 = 1.2
B = 0.3  # a clause is long because it says more or is asked for in many ways: length is no fault


def codes(grams: Iterable[str]) -> NDArray[np.int64]:
    """Grams as numbers, for tables that would be too large as Python's dictionaries.

    Two grams with one number are one in 10^13 here, and would only blur a score.
    """
    return np.fromiter((hash(gram) for gram in grams), dtype=np.int64)


class Postings:
    """Texts by their grams.

    Args:
        rows: for each text its grams with a weight (1.0 for each time a gram stands in the text
            itself, less in its headings), already summed.
    """

    def __init__(self, rows: Iterable[Mapping[str, float]]) -> None:
        keys: list[NDArray[np.int64]] = []
        weights: list[Scores] = []
        for row in rows:
            keys.append(codes(row))
            weights.append(np.fromiter(row.values(), dtype=np.float32, count=len(row)))
        self.size = len(keys)
        lengths = np.array([weight.sum() for weight in weights], dtype=np.float32)
        mean = max(float(lengths.mean()) if self.size else 1.0, 1e-9)
        norms = K1 * (1 - B + B * lengths / mean)
        gains = [
            weight * np.float32(K1 + 1) / (weight + norm)
            for weight, norm in zip(weights, norms, strict=True)
        ]
        texts = np.repeat(np.arange(self.size, dtype=np.int32), [len(key) for key in keys])
        every = np.concatenate(keys) if keys else np.zeros(0, dtype=np.int64)
        order = np.argsort(every, kind="stable")
        self._keys, starts = np.unique(every[order], return_index=True)
        self._starts = np.append(starts, len(every))
        self._texts = texts[order]
        self._gains = (np.concatenate(gains) if gains else np.zeros(0, np.float32))[order]

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
