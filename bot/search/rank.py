"""Orders all nodes for a question: words, meaning, phrasings, and whose plan it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bot.search.encoders import Matrix
from bot.search.index import Index, Meaning
from bot.search.lexical import Scores, weigh
from bot.search.scope import Scope, plan_priors
from bot.search.words import grams

_Z = np.float32(5)  # z-scores of likeness run to about five; divided by it they weigh like words
_FLOOR = np.float32(-0.2)  # what a node without phrasings gets for them
CANDIDATES = 100  # whose phrasings are compared one by one; 50 and 200 give the same
SHARPNESS = 15.0  # of the phrasings' vote: high is the best one alone, low is their mean


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """What each kind of evidence counts; the sweep is in docs/decisions/answering.md."""

    words: float = 2.0
    near: float = 1.1
    centre: float = 0.8
    vote: float = 0.5
    prior: float = 1.0
    synonyms: float = 0.3


@dataclass(frozen=True)
class Ranking:
    """The scores, each of shape (nodes,): `content` knows only the clause, `asked` also what
    kind of thing is asked for, `total` also whose plan it is.

    `question` is the adapted vector of the question, None without an encoder; `grams` what its
    words were looked up with.
    """

    total: Scores
    asked: Scores
    content: Scores
    words: Scores
    question: Matrix | None
    grams: dict[str, float]


def rank(
    index: Index,
    question: str,
    scope: Scope,
    *,
    plan_words: Sequence[str] = (),
    boost: Scores | float = 0.0,
    weights: Weights = Weights(),
) -> Ranking:
    """The scores of every node.

    Args:
        question: as typed; the encoders read it whole.
        scope: what it names; its `rest` is what the words are looked up with.
        plan_words: the plans' words for everyday words in the question.
        boost: what the kind of question says for each node, (nodes,).
    """
    asked = weigh((grams(scope.rest), 1.0), (grams(" ".join(plan_words)), weights.synonyms))
    asked = {gram: min(weight, 2.0) for gram, weight in asked.items()}
    words = _share(index.words.score(asked))
    content = np.float32(weights.words) * words
    vector = None
    if index.meaning is not None:
        raw, vector = index.meaning.question(question)
        content = content + _meaning(index, index.meaning, raw, vector, words, weights)
    prior = index.of_plans(plan_priors(scope, index.corpus))
    fitting = content + np.asarray(boost, dtype=np.float32)
    total = fitting + np.float32(weights.prior) * prior
    return Ranking(
        total=total, asked=fitting, content=content, words=words, question=vector, grams=asked
    )


def _meaning(
    index: Index,
    meaning: Meaning,
    raw: Sequence[Matrix],
    vector: Matrix,
    words: Scores,
    weights: Weights,
) -> Scores:
    near = np.mean(
        [_z(nodes @ one) for nodes, one in zip(meaning.headed, raw, strict=True)], axis=0
    )
    centre = meaning.centres @ vector
    vote = _vote(index, meaning, vector, centre, words)
    return np.asarray(
        weights.near * near
        + weights.centre * _z_of(centre, index.has)
        + weights.vote * _z_of(vote, index.has),
        dtype=np.float32,
    )


def _vote(index: Index, meaning: Meaning, vector: Matrix, centre: Scores, words: Scores) -> Scores:
    """How near a node's phrasings are together: a soft maximum over them, (nodes,).

    Only the nodes that lead by centre and words are looked at, so that the cost grows with the
    candidates and not with the plans; all others get the lowest value found.
    """
    lead = np.where(index.has, centre + np.float32(0.3) * words, np.float32(-9))
    count = min(CANDIDATES, int(index.has.sum()))
    candidates = np.argpartition(-lead, count - 1)[:count]
    asked, counts = index.asked_for(candidates)
    likeness = meaning.asked.likeness(meaning.adapter.aim(vector), asked)
    raised = np.exp(SHARPNESS * (likeness - 1))
    votes = np.log(np.add.reduceat(raised, np.cumsum(counts) - counts) / counts) / SHARPNESS
    made = np.full(len(index.nodes), votes.min(), dtype=np.float32)
    made[candidates] = votes
    return made


def _z(scores: Scores) -> Scores:
    return np.asarray((scores - scores.mean()) / (scores.std() or 1) / _Z, dtype=np.float32)


def _z_of(scores: Scores, which: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> Scores:
    """The z-scores among some nodes; the floor for the others."""
    made = np.full(len(scores), _FLOOR, dtype=np.float32)
    made[which] = _z(scores[which])
    return made


def _share(scores: Scores) -> Scores:
    top = float(scores.max()) if scores.size else 0.0
    return scores / np.float32(top) if top else scores
