"""Which texts share the question's runs of characters: a small BM25 index in numpy."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

Scores = NDArray[np.float32]

K1 = 1.2
B = 0.3  # a clause is long because it says more or is asked for in many ways: length is no fault


class Postings:
    """Texts by their grams.

    Args:
        rows: for each text its grams with a weight (1.0 for each time a gram stands in the text
            itself, less in its headings), already summed.
    """

    def __init__(self, rows: Sequence[Mapping[str, float]]) -> None:
        self.size = len(rows)
        lengths = np.array([sum(row.values()) for row in rows], dtype=np.float32)
        mean = float(lengths.mean()) if self.size else 1.0
        norm = K1 * (1 - B + B * lengths / max(mean, 1e-9))
        places: dict[str, list[int]] = {}
        weights: dict[str, list[float]] = {}
        for at, row in enumerate(rows):
            for gram, weight in row.items():
                places.setdefault(gram, []).append(at)
                weights.setdefault(gram, []).append(weight * (K1 + 1) / (weight + norm[at]))
        self._rows = {gram: np.array(at, dtype=np.int32) for gram, at in places.items()}
        self._gains = {gram: np.array(gain, dtype=np.float32) for gram, gain in weights.items()}
        self._unseen = math.log(1 + (self.size + 0.5) / 0.5)

    def rarity(self, gram: str) -> float:
        """How much a gram tells: high where few texts have it."""
        rows = self._rows.get(gram)
        if rows is None:
            return self._unseen
        return math.log(1 + (self.size - len(rows) + 0.5) / (len(rows) + 0.5))

    def score(self, grams: Mapping[str, float]) -> Scores:
        """BM25 of every text, shape (size,), for weighted grams of a question."""
        total = np.zeros(self.size, dtype=np.float32)
        for gram, weight in grams.items():
            rows = self._rows.get(gram)
            if rows is not None:
                total[rows] += self._gains[gram] * np.float32(self.rarity(gram) * weight)
        return total

    def coverage(self, grams: Mapping[str, float]) -> Scores:
        """The share, by rarity, of the question's grams that each text has, shape (size,)."""
        total = np.zeros(self.size, dtype=np.float32)
        whole = 0.0
        for gram in grams:
            rarity = self.rarity(gram)
            whole += rarity
            rows = self._rows.get(gram)
            if rows is not None:
                total[rows] += np.float32(rarity)
        return total / np.float32(whole) if whole else total


def weigh(*fields: tuple[Sequence[str], float]) -> dict[str, float]:
    """Grams with their weights, from fields of grams with the weight of one occurrence each."""
    row: dict[str, float] = {}
    for grams, weight in fields:
        for gram, times in Counter(grams).items():
            row[gram] = row.get(gram, 0.0) + weight * times
    return row
