"""Whether the plans answer a question at all.

No single sign decides: everything is near something in meaning. Several weak signs are added:
how the question leans between the phrasings and the questions known to be outside, the nearest
such question, the words typical of either, a kind of thing asked for that the found clauses do not
state, and how much of the question the found clauses cover. The weights were fitted once by
logistic regression and are fixed; figures are in docs/decisions/answering.md.
"""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import numpy as np
import pydantic

from bot.plans import precedence
from bot.plans.corpus import Corpus, read_yaml
from bot.plans.model import UnitLevel
from bot.search.index import Index
from bot.search.intent import Intent, Shape
from bot.search.lexical import Codes, Runs, Scores, codes
from bot.search.outside import Outside
from bot.search.phrasings import Phrasings
from bot.search.rank import Ranking
from bot.search.scope import Scope
from bot.search.words import Folder, grams

BIAS = -3.66
WEIGHTS = {
    "margin": 3.8,
    "near_miss": 2.7,
    "off_topic": 8.8,
    "leaning": 0.73,
    "words": 0.44,
    "coverage": -3.4,
    "unstated": 1.55,
    "elsewhere": 3.4,
    "centre": -1.3,
    "length": -2.4,
    "dated": -1.5,
    "who": -0.77,
    "form": -0.64,
}
"""Fitted by logistic regression on data/questions and the development file, then rounded."""

NO_SUCH_PLAN = 6.0
LEADING = 8
SHORT, LONG = 12, 40  # characters between which a longer question is rather one about the plans
NEAR_FROM, NOT_SAID_FROM, FAR_FROM = -1.9, -1.1, 1.3
"""From these doubts on the answer says «not in so many words», or is given so only where its clause
stands out, or is not given."""

OFF_TOPIC = 0.05
"""How much nearer a question off the topic than a near miss has to be, as likeness."""

TYPICAL = (-0.1, 0.4, 0.3, -0.5, 0.35)


class Band(StrEnum):
    """How sure it is that the plans answer."""

    SAID = "said"  # answer
    NEAR = "near"  # answer, but say that the plans do not put it so
    NOT_SAID = "not_said"  # the plans do not say; the nearest clauses may be tapped


def band(doubt: float) -> Band:
    """The band of a doubt (log odds)."""
    if doubt >= NOT_SAID_FROM:
        return Band.NOT_SAID
    return Band.NEAR if doubt >= NEAR_FROM else Band.SAID


class _KindIn(pydantic.BaseModel):
    model_config = pydantic.ConfigDict(extra="forbid")
    name: str
    ask: str
    told: str | None = None
    exact: bool = False


class _AskedForIn(pydantic.BaseModel):
    model_config = pydantic.ConfigDict(extra="forbid")
    kinds: tuple[_KindIn, ...]
    elsewhere: str


@dataclass(frozen=True, slots=True)
class AskedFor:
    """A kind of thing that questions ask for, and how a clause shows that it states one.

    `exact`: a clause that states one may state that of something else.
    """

    name: str
    ask: re.Pattern[str]
    told: re.Pattern[str] | None
    exact: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Signs:
    """The signs of one question.

    Doubt grows with `margin` (how much nearer the nearest question outside is than the nearest
    phrasing of the leading clauses), with `near_miss` and `off_topic` (likeness to the nearest question outside),
    `leaning` and `words` (towards such questions), `unstated` (kinds of things that no found
    clause states) and `elsewhere` (another city). It falls with `coverage` (of the question by
    the found clauses), `centre` (likeness to the first clause's phrasings), `length`, and where a
    date, a unit or a form is asked for and found.
    """

    margin: float
    near_miss: float
    off_topic: float
    leaning: float
    words: float
    coverage: float
    unstated: float
    elsewhere: float
    centre: float
    length: float
    dated: float
    who: float
    form: float


@dataclass(frozen=True, slots=True)
class Odds:
    """For runs of characters (by code, sorted) how much rather they stand outside (log odds)."""

    keys: Codes
    values: Scores

    @classmethod
    def of(
        cls, outside: Sequence[str], inside: Sequence[str], plans: Iterable[str], fold: Folder
    ) -> Odds:
        """The odds of all runs that stand in at least three questions.

        The plans' own terms never speak for outside: phrasings avoid them and near misses do not,
        but who uses a plan's term asks about the plan.
        """
        asked = Runs.of(fold(text) for text in itertools.chain(outside, inside))
        keys, out, ins = asked.counted(len(outside))
        often = out + ins >= 3
        keys, out, ins = keys[often], out[often], ins[often]
        values = np.log((out + 0.5) / (len(outside) + 1)) - np.log((ins + 0.5) / (len(inside) + 1))
        terms = np.isin(keys, Runs.of(plans).codes)
        values[terms] = np.minimum(values[terms], 0)
        return cls(keys, values.astype(np.float32))

    def known(self, runs: Iterable[str]) -> Scores:
        """The odds of those runs that have any."""
        wanted = codes(runs)
        if not len(self.keys):
            return np.zeros(0, dtype=np.float32)
        at = np.minimum(np.searchsorted(self.keys, wanted), len(self.keys) - 1)
        found: Scores = self.values[at[self.keys[at] == wanted]]
        return found


class Refusal:
    """Weighs the signs."""

    def __init__(
        self,
        index: Index,
        shape: Shape,
        phrasings: Phrasings,
        outside: Outside,
        file: Path,
    ) -> None:
        fold = index.fold
        content = read_yaml(file, _AskedForIn)
        self._index = index
        self._shape = shape
        self._kinds = tuple(
            AskedFor(
                kind.name,
                re.compile(fold(kind.ask)),
                re.compile(fold(kind.told)) if kind.told else None,
                kind.exact,
            )
            for kind in content.kinds
        )
        self._elsewhere = re.compile(fold(content.elsewhere))
        asked = [one for many in phrasings.by_node.values() for one in many]
        self._said = [fold(node.words) for node in index.nodes]
        self._odds = Odds.of(outside.questions, asked, self._said, fold)

    def stands_in_plans(self, run: str) -> bool:
        """Whether folded letters stand in any clause."""
        return any(run in said for said in self._said)

    def signs(self, folded: str, ranking: Ranking, intent: Intent) -> Signs:
        """The signs of a ranked question."""
        top = np.argsort(-ranking.total)[:3]
        found = {gram: 1.0 for gram in ranking.grams if len(gram) > 1}
        margin, near_miss, off_topic, leaning, centre = self._in_meaning(ranking, int(top[0]))
        return Signs(
            margin=margin,
            near_miss=near_miss,
            off_topic=off_topic,
            leaning=leaning,
            words=self._lean_of_words(folded),
            coverage=float(self._index.words.coverage(found)[top].max()),
            unstated=float(len(self.unstated(folded, [int(at) for at in top[:2]]))),
            elsewhere=float(bool(self._elsewhere.search(folded))),
            centre=centre,
            length=min(max(len(folded), SHORT), LONG) / LONG,
            dated=float(intent.when and bool(self._shape.dated[top[0]])),
            who=float(intent.who),
            form=float(intent.form and bool(self._shape.form[top[0]])),
        )

    def _in_meaning(self, ranking: Ranking, top: int) -> tuple[float, float, float, float, float]:
        """The five signs that need an encoder; typical values without one."""
        meaning, vector = self._index.meaning, ranking.question
        if meaning is None or vector is None:
            return TYPICAL
        aim = meaning.adapter.aim(vector)
        near_miss = float(meaning.outside.likeness(aim).max(initial=0.0))
        off_topic = float(meaning.off_topic.likeness(aim).max(initial=0.0))
        leading, _ = self._index.asked_for(np.argsort(-ranking.content)[:LEADING])
        inside = float(meaning.asked.likeness(aim, leading).max(initial=0.0))
        return (
            max(near_miss, off_topic) - inside,
            near_miss,
            off_topic,
            float(np.r_[vector, 1] @ meaning.leaning),
            float(meaning.centres[top] @ vector),
        )

    def is_off_topic(self, ranking: Ranking) -> bool:
        """Whether a question that the plans do not answer is not even about what they are about:
        it is clearly nearer to a question off the topic than to a near miss."""
        at = int(np.argmax(ranking.total))
        _, near_miss, off_topic, _, _ = self._in_meaning(ranking, at)
        return off_topic - near_miss >= OFF_TOPIC

    def doubt(
        self, folded: str, ranking: Ranking, intent: Intent, named: Scope, corpus: Corpus
    ) -> float:
        """How much speaks for «the plans do not say it», as log odds."""
        signs = self.signs(folded, ranking, intent)
        total = BIAS + sum(weight * float(getattr(signs, name)) for name, weight in WEIGHTS.items())
        return total + (NO_SUCH_PLAN if is_about_a_missing_plan(folded, named, corpus) else 0.0)

    def unstated(self, folded: str, found: Sequence[int]) -> list[str]:
        """The kinds of things that the question asks for and no found clause states."""
        return [
            kind.name
            for kind in self._kinds
            if kind.ask.search(folded)
            and not (kind.told and any(kind.told.search(self._said[at]) for at in found))
        ]

    def may_be_nearly(self, folded: str, first: int) -> bool:
        """Whether the first clause may be shown as nearly the answer: it states each kind of thing
        asked for, none of them could be that of something else, and no other city is meant."""
        is_exact = any(kind.exact and kind.ask.search(folded) for kind in self._kinds)
        is_elsewhere = self._elsewhere.search(folded) is not None
        return not (is_exact or is_elsewhere or self.unstated(folded, [first]))

    def _lean_of_words(self, folded: str) -> float:
        odds = self._odds.known(set(grams(folded)))
        return float(odds.sum() / math.sqrt(max(len(odds), 1)))


def is_about_a_missing_plan(folded: str, named: Scope, corpus: Corpus) -> bool:
    """Whether the question is about the plan of an agency whose plan is not loaded."""
    if not _OWN_PLAN.search(folded) or _FORM_ASKED.search(folded):
        return False
    own = {named.asker, *(corpus.units.above(named.asker) if named.asker else ())}
    return any(
        unit.level in (UnitLevel.AGENCY, UnitLevel.DISTRICT_OFFICE, UnitLevel.SUBORDINATE)
        and unit not in own
        and not precedence.own_plans(corpus, unit)
        for unit in named.named
    )


# Folded: 「(他們)自己(的)…計畫」, 「…的(提升服務/執行/工作)計畫」, 「那本」; but not 「警察局要交
# 計畫嗎」 and 「可以自己訂計畫嗎」, which the city's plan answers.
_OWN_PLAN = re.compile(
    "(?:自己|他们|[局处会所院])的?(?:(?!我们|本[局所处])[^要交报订写照可能]|[订写]的){0,6}(?:计画|那本|那份|那一本)"
)
_FORM_ASKED = re.compile("格式|范本|哪一?[个份]?附件|附件几")
"""Folded: asks for the form of a plan, which the city's plan has for every agency."""
