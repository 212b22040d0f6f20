"""What is learned from all phrasings together, kept beside the vectors for the next start.

Learning goes several times through every vector and takes longer than the rest of a start. The
file says what it was learned from; when that is no longer what the data says, a start learns anew
until `planbot index` has run.
"""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.plans.model import Node
from bot.search.adapter import BLOCK, Adapter
from bot.search.encoders import Encoder, Matrix
from bot.search.outside import Outside
from bot.search.phrasings import Phrasings
from bot.search.vectors import QUESTION, UNREADABLE, Keys, Vectors, keys_of

VERSION = 1
"""Raise it when something else is learned from the same questions."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Questions:
    """The keys of all questions of the data; `owner` is the row of each phrasing's node."""

    asked: Keys
    owner: NDArray[np.int32]
    near: Keys
    off_topic: Keys

    @classmethod
    def of(cls, nodes: Sequence[Node], phrasings: Phrasings, outside: Outside) -> Questions:
        """The questions, the phrasings in the order of their nodes."""
        asked = [phrasings.by_node.get(node.id, ()) for node in nodes]
        near = itertools.chain.from_iterable(outside.near_misses.values())
        return cls(
            asked=keys_of(QUESTION + one for many in asked for one in many),
            owner=np.repeat(np.arange(len(nodes), dtype=np.int32), [len(many) for many in asked]),
            near=keys_of(QUESTION + one for one in near),
            off_topic=keys_of(QUESTION + one for one in outside.off_topic),
        )

    def known_to(self, kept: Sequence[Vectors]) -> Questions:
        """Only those that have a vector of every encoder."""
        asked, near, off_topic = (
            _known(keys, kept) for keys in (self.asked, self.near, self.off_topic)
        )
        return Questions(
            asked=self.asked[asked],
            owner=self.owner[asked],
            near=self.near[near],
            off_topic=self.off_topic[off_topic],
        )

    @property
    def all(self) -> Keys:
        """The phrasings, then the near misses and the questions off the topic."""
        return np.concatenate([self.asked, self.near, self.off_topic])

    def mark(self, encoders: Sequence[Encoder]) -> str:
        """What tells whether something was learned from exactly these questions."""
        made = hashlib.sha256(f"{VERSION} {[one.version for one in encoders]}".encode())
        for part in (self.asked, self.owner, self.near, self.off_topic):
            made.update(f"{len(part)} ".encode() + part.tobytes())
        return made.hexdigest()


@dataclass(frozen=True)
class Learned:
    """The adapter, the direction in which questions outside lean (d + 1,), and each question's
    factors (encoders, questions), in the order of `Questions.all`."""

    adapter: Adapter
    leaning: Matrix
    factors: Matrix

    @classmethod
    def of(cls, questions: Questions, kept: Sequence[Vectors]) -> Learned:
        """Learn from questions that all the encoders know."""
        asked = partial(_in_blocks, questions.asked, kept)
        outside = partial(_in_blocks, questions.all[len(questions.asked) :], kept)
        adapter = Adapter.learn(asked, questions.owner)
        every = itertools.chain(asked(), outside())
        return cls(
            adapter,
            _leaning(map(adapter, asked()), map(adapter, outside()), len(adapter.turn)),
            np.concatenate([adapter.factors(parts) for parts in every], axis=1),
        )

    @classmethod
    def read(cls, file: Path, mark: str) -> Learned | None:
        """What a file keeps; None when it is missing, damaged, or was learned from others."""
        try:
            with file.open("rb") as opened, np.load(opened) as kept:
                if str(kept["mark"]) != mark:
                    return None
                means = tuple(kept[f"arr_{at}"] for at in range(len(kept["factors"])))
                return cls(Adapter(means, kept["turn"]), kept["leaning"], kept["factors"])
        except UNREADABLE:
            return None

    def write(self, file: Path, mark: str) -> None:
        """Keep it in a file."""
        with file.open("wb") as out:
            np.savez(
                out, *self.adapter.means, mark=np.array(mark), turn=self.adapter.turn,
                leaning=self.leaning, factors=self.factors,
            )  # fmt: skip


def learned_file(folder: Path, encoders: Sequence[Encoder]) -> Path:
    """Where it is kept what was learned with these encoders."""
    return folder / "vectors" / f"learned-{'-'.join(one.name for one in encoders)}.npz"


def _known(keys: Keys, kept: Sequence[Vectors]) -> NDArray[np.bool_]:
    known = np.ones(len(keys), dtype=np.bool_)
    for one in kept:
        known &= np.isin(keys, one.keys)
    return known


def _in_blocks(keys: Keys, kept: Sequence[Vectors]) -> Iterator[list[Matrix]]:
    """The vectors of texts by each encoder, a block at a time."""
    for start in range(0, len(keys), BLOCK):
        yield [one.of(keys[start : start + BLOCK]) for one in kept]


def _leaning(inside: Iterable[Matrix], outside: Iterable[Matrix], size: int) -> Matrix:
    """The direction from answerable to unanswerable questions, by ridge regression, (size + 1,)."""
    squares_in, sums_in, count_in = _moments(inside, size)
    squares_out, sums_out, count_out = _moments(outside, size)
    weight = np.float32(count_in / max(count_out, 1))  # both sides count alike
    ridge = np.eye(len(sums_in), dtype=np.float32) * 20
    made: Matrix = np.linalg.solve(
        squares_in + weight * squares_out + ridge, weight * sums_out - sums_in
    )
    return made


def _moments(blocks: Iterable[Matrix], size: int) -> tuple[Matrix, Matrix, int]:
    """The sum of squares and the sum (size + 1,) of vectors with a one behind them, and how many."""
    squares = np.zeros((size + 1, size + 1), dtype=np.float32)
    sums = np.zeros(size + 1, dtype=np.float32)
    count = 0
    for block in blocks:
        rows = np.hstack([block, np.ones((len(block), 1), dtype=np.float32)])
        squares += rows.T @ rows
        sums += rows.sum(axis=0)
        count += len(block)
    return squares, sums, count
