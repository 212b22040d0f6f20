"""The index: every node of every plan with its words, vectors and phrasings, built once."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.plans.corpus import Corpus
from bot.plans.model import Node
from bot.search.adapter import Adapter, centres_of
from bot.search.encoders import Encoder, Matrix
from bot.search.lexical import Postings, weigh
from bot.search.outside import Outside
from bot.search.phrasings import Phrasings
from bot.search.vectors import PASSAGE, QUESTION, Vectors
from bot.search.words import Folder, grams

BLOCK = 2048
HEADING = 0.3  # what a run of characters in the two headings above a clause is worth


@dataclass(frozen=True)
class Meaning:
    """What the encoders know. Absent when no encoder is installed.

    `headed` holds for each encoder the nodes' vectors (nodes, size); `asked` the adapted vectors
    of the phrasings (phrasings, dimensions); `centres` their mean by node (nodes, dimensions);
    `outside` those of the questions that the plans do not answer.
    """

    encoders: tuple[Encoder, ...]
    headed: tuple[Matrix, ...]
    adapter: Adapter
    asked: NDArray[np.float16]
    centres: Matrix
    outside: Matrix
    off_topic: Matrix
    leaning: Matrix

    def question(self, text: str) -> tuple[list[Matrix], Matrix]:
        """A question's vector by each encoder (size,), and adapted (dimensions,)."""
        raw = [encoder.questions([text]) for encoder in self.encoders]
        return [one[0] for one in raw], self.adapter(raw)[0]


@dataclass(frozen=True)
class Index:
    """What the ranking looks things up in. Arrays over nodes follow the order of `nodes`.

    `slices[n]` are the phrasings of node `n` (from, to); twins in another plan share them.
    `has` tells which nodes have any. `unkept` counts the texts that wait for `planbot index`.
    """

    corpus: Corpus
    nodes: tuple[Node, ...]
    row: Mapping[str, int]
    words: Postings
    slices: NDArray[np.int32]
    has: NDArray[np.bool_]
    meaning: Meaning | None
    fold: Folder
    unkept: int


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
    owner, asked = _asked(nodes, phrasings)
    known = np.array([all(one.has(QUESTION + text) for one in kept) for text in asked], dtype=bool)
    if encoders:
        owner, asked = owner[known], tuple(itertools.compress(asked, known))
    ends = np.cumsum(np.bincount(owner, minlength=len(nodes)))
    own = np.stack([np.r_[0, ends[:-1]], ends], axis=1).astype(np.int32)
    slices = own[twin]
    meaning = None
    if encoders and asked:
        meaning = _meaning(nodes, asked, owner, twin, outside, encoders, kept)
    return Index(
        corpus=corpus,
        nodes=nodes,
        row=row,
        words=Postings(_fields(node, phrasings, fold) for node in nodes),
        slices=slices,
        has=slices[:, 1] > slices[:, 0],
        meaning=meaning,
        fold=fold,
        unkept=_unkept(texts_to_encode(corpus, phrasings, outside), kept),
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


def _asked(
    nodes: Sequence[Node], phrasings: Phrasings
) -> tuple[NDArray[np.int32], tuple[str, ...]]:
    """The phrasings in the order of their nodes, and the row of each one's node."""
    pairs = [
        (at, one) for at, node in enumerate(nodes) for one in phrasings.by_node.get(node.id, ())
    ]
    return np.array([at for at, _ in pairs], dtype=np.int32), tuple(one for _, one in pairs)


def _fields(node: Node, phrasings: Phrasings, fold: Folder) -> dict[str, float]:
    return weigh(
        (grams(fold(node.words)), 1.0),
        (grams(fold(" ".join(phrasings.of(node.id)))), 1.0),
        (grams(fold(" ".join((*node.trail[-2:], *node.units)))), HEADING),
    )


def _unkept(texts: Sequence[str], kept: Sequence[Vectors]) -> int:
    return max((len(one.missing(texts)) for one in kept), default=0)


def _meaning(
    nodes: Sequence[Node],
    asked: Sequence[str],
    owner: NDArray[np.int32],
    twin: Sequence[int],
    outside: Outside,
    encoders: Sequence[Encoder],
    kept: Sequence[Vectors],
) -> Meaning:
    near = [one for many in outside.near_misses.values() for one in many]
    blocks = partial(_in_blocks, [QUESTION + text for text in asked], kept)
    adapter = Adapter.learn(blocks, owner)
    adapted = np.concatenate([adapter(parts).astype(np.float16) for parts in blocks()])
    near_v = adapter(_known([QUESTION + one for one in near], kept))
    off_v = adapter(_known([QUESTION + one for one in outside.off_topic], kept))
    centres = centres_of(_wide(adapted), owner, len(nodes))
    return Meaning(
        encoders=tuple(encoders),
        headed=tuple(one.of([PASSAGE + headed(node) for node in nodes]) for one in kept),
        adapter=adapter,
        asked=adapted,
        centres=centres[list(twin)],
        outside=near_v,
        off_topic=off_v,
        leaning=_leaning(_wide(adapted), (near_v, off_v)),
    )


def _wide(vectors: NDArray[np.float16]) -> Iterator[Matrix]:
    """The vectors in full width, a block at a time."""
    for start in range(0, len(vectors), BLOCK):
        yield vectors[start : start + BLOCK].astype(np.float32)


def _in_blocks(texts: Sequence[str], kept: Sequence[Vectors]) -> Iterator[list[Matrix]]:
    """The vectors of texts by each encoder, a block at a time."""
    for start in range(0, len(texts), BLOCK):
        yield [one.of(texts[start : start + BLOCK]) for one in kept]


def _known(texts: Sequence[str], kept: Sequence[Vectors]) -> list[Matrix]:
    """The vectors by each encoder of those texts that all of them have."""
    known = [text for text in texts if all(one.has(text) for one in kept)]
    return [one.of(known) for one in kept]


def _leaning(inside: Iterable[Matrix], outside: Sequence[Matrix]) -> Matrix:
    """The direction from answerable to unanswerable questions, by ridge regression, (d + 1,)."""
    squares_in, sums_in, count_in = _moments(inside)
    squares_out, sums_out, count_out = _moments(outside)
    weight = np.float32(count_in / max(count_out, 1))  # both sides count alike
    ridge = np.eye(len(sums_in), dtype=np.float32) * 20
    made: Matrix = np.linalg.solve(
        squares_in + weight * squares_out + ridge, weight * sums_out - sums_in
    )
    return made


def _moments(blocks: Iterable[Matrix]) -> tuple[Matrix, Matrix, int]:
    """The sum of squares (d + 1, d + 1) and the sum (d + 1,) of vectors with a one behind them."""
    squares: Matrix | None = None
    sums: Matrix | None = None
    count = 0
    for block in blocks:
        rows = np.hstack([block, np.ones((len(block), 1), dtype=np.float32)])
        squares = rows.T @ rows if squares is None else squares + rows.T @ rows
        sums = rows.sum(axis=0) if sums is None else sums + rows.sum(axis=0)
        count += len(block)
    assert squares is not None
    assert sums is not None
    return squares, sums, count
