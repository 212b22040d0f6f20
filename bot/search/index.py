"""The index: every node of every plan with its words, vectors and phrasings, built once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.plans.corpus import Corpus
from bot.plans.model import Node
from bot.search.adapter import Adapter, Packed
from bot.search.encoders import Encoder, Matrix
from bot.search.learned import Learned, Questions, learned_file
from bot.search.lexical import Postings, Runs, Scores
from bot.search.outside import Outside
from bot.search.phrasings import Phrasings
from bot.search.vectors import PASSAGE, QUESTION, Vectors, keys_of
from bot.search.words import Folder

_KEPT = 16  # questions whose vectors are kept
HEADING = 0.3  # what a run of characters in the two headings above a clause is worth


@dataclass(frozen=True)
class Meaning:
    """What the encoders know. Absent when no encoder is installed.

    `headed` holds for each encoder the nodes' vectors (nodes, size); `asked` the adapted vectors
    of the phrasings; `centres` their mean by node (nodes, dimensions); `outside` and `off_topic`
    those of the questions that the plans do not answer.
    """

    encoders: tuple[Encoder, ...]
    headed: tuple[Matrix, ...]
    adapter: Adapter
    asked: Packed
    centres: Matrix
    outside: Packed
    off_topic: Packed
    leaning: Matrix

    def question(self, text: str) -> tuple[list[Matrix], Matrix]:
        """A question's vector by each encoder (size,), and adapted (dimensions,).

        The last few are kept: a turn of a conversation looks the same words up more than once.
        """
        return self._kept(text)

    @cached_property
    def _kept(self) -> Callable[[str], tuple[list[Matrix], Matrix]]:
        return lru_cache(maxsize=_KEPT)(self._encoded)

    def _encoded(self, text: str) -> tuple[list[Matrix], Matrix]:
        raw = [encoder.questions([text]) for encoder in self.encoders]
        return [one[0] for one in raw], self.adapter(raw)[0]


@dataclass(frozen=True)
class Index:
    """What the ranking looks things up in. Arrays over nodes follow the order of `nodes`.

    `slices[n]` are the phrasings of node `n` (from, to); twins in another plan share them.
    `has` tells which nodes have any.
    """

    corpus: Corpus
    nodes: tuple[Node, ...]
    row: Mapping[str, int]
    words: Postings
    slices: NDArray[np.int32]
    has: NDArray[np.bool_]
    meaning: Meaning | None
    fold: Folder

    def of_plans(self, values: Mapping[str, float]) -> Scores:
        """For each node the value of its plan, (nodes,)."""
        plans, at = self._plans
        return np.array([values[one] for one in plans], dtype=np.float32)[at]

    @cached_property
    def _plans(self) -> tuple[tuple[str, ...], NDArray[np.intp]]:
        plans = tuple(self.corpus.plans)
        place = {plan: at for at, plan in enumerate(plans)}
        return plans, np.array([place[node.plan_id] for node in self.nodes], dtype=np.intp)

    def asked_for(self, nodes: NDArray[np.intp]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """The places of the phrasings of some nodes, node after node, and how many each has."""
        spans = self.slices[nodes]
        counts = spans[:, 1] - spans[:, 0]
        ends = np.cumsum(counts)
        return np.arange(counts.sum()) + np.repeat(spans[:, 1] - ends, counts), counts


def build(
    corpus: Corpus,
    phrasings: Phrasings,
    outside: Outside,
    fold: Folder,
    encoders: Sequence[Encoder],
    folder: Path,
) -> Index:
    """The index of a corpus.

    Args:
        folder: the data folder, where the kept vectors are. A text without a vector is compared
            by its words only until `planbot index` has run: a start must not wait for minutes.
    """
    nodes = tuple(corpus.nodes.values())
    row = {node.id: at for at, node in enumerate(nodes)}
    twin = [row[phrasings.same_as.get(node.id, node.id)] for node in nodes]
    kept = [Vectors.read(vectors_file(folder, encoder), encoder) for encoder in encoders]
    questions = Questions.of(nodes, phrasings, outside).known_to(kept)
    ends = np.cumsum(np.bincount(questions.owner, minlength=len(nodes)))
    own = np.stack([np.r_[0, ends[:-1]], ends], axis=1).astype(np.int32)
    slices = own[twin]
    meaning = None
    if encoders and len(questions.asked):
        mark = questions.mark(encoders)
        learned = Learned.read(learned_file(folder, encoders), mark) or Learned.of(questions, kept)
        meaning = _meaning(nodes, twin, questions, learned, encoders, kept)
    return Index(
        corpus=corpus,
        nodes=nodes,
        row=row,
        words=_words(nodes, phrasings, fold),
        slices=slices,
        has=slices[:, 1] > slices[:, 0],
        meaning=meaning,
        fold=fold,
    )


def headed(node: Node) -> str:
    """A node with the two headings above it, which say what its words are about."""
    return " ".join((*node.trail[-2:], node.words))


def texts_to_encode(corpus: Corpus, phrasings: Phrasings, outside: Outside) -> list[str]:
    """Every text that needs a vector, each with its mark."""
    return [
        *(PASSAGE + headed(node) for node in corpus.nodes.values()),
        *(QUESTION + one for many in phrasings.by_node.values() for one in many),
        *(QUESTION + one for one in outside.questions),
    ]


def vectors_file(folder: Path, encoder: Encoder) -> Path:
    """Where an encoder's vectors are kept."""
    return folder / "vectors" / f"{encoder.name}.npz"


def _words(nodes: Sequence[Node], phrasings: Phrasings, fold: Folder) -> Postings:
    return Postings(
        len(nodes),
        (Runs.of(fold(node.words) for node in nodes), 1.0),
        (Runs.of(fold(" ".join(phrasings.of(node.id))) for node in nodes), 1.0),
        (Runs.of(fold(" ".join((*node.trail[-2:], *node.units))) for node in nodes), HEADING),
    )


def _meaning(
    nodes: Sequence[Node],
    twin: Sequence[int],
    questions: Questions,
    learned: Learned,
    encoders: Sequence[Encoder],
    kept: Sequence[Vectors],
) -> Meaning:
    groups = (questions.asked, questions.near, questions.off_topic)
    ends = np.cumsum([len(keys) for keys in groups])
    factors = np.split(learned.factors, ends[:-1], axis=1)
    asked, near, off_topic = (
        Packed.of(keys, kept, factor) for keys, factor in zip(groups, factors, strict=True)
    )
    headed_keys = keys_of(PASSAGE + headed(node) for node in nodes)
    return Meaning(
        encoders=tuple(encoders),
        headed=tuple(one.of(headed_keys) for one in kept),
        adapter=learned.adapter,
        asked=asked,
        centres=learned.adapter.centres(asked, questions.owner, len(nodes))[twin],
        outside=near,
        off_topic=off_topic,
        leaning=learned.leaning,
    )
