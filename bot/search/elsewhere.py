"""What another plan says on the subject of a conversation, or that it has nothing on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.plans.model import Node, NodeKind, Plan, Unit
from bot.search import rank
from bot.search.editions import same_words
from bot.search.index import Index
from bot.search.refusal import Band
from bot.search.result import Answer, Kind, Passage
from bot.search.scope import Scope
from bot.search.shown import NEARLY, SURELY, Shown, led_by
from bot.search.words import Lexicon

_COUNTERPART, _SURELY = 0.6, 0.8
"""How much of the shown clause's score another plan's needs, to be on the same subject: with the
subject's own words, and without."""
_ALIKE, _MOST = 0.5, 60
"""How much of the shown clause's likeness to itself makes another like it, and how many letters of
it are compared."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Elsewhere:
    """Finds the clause of a plan on a subject, beside one that was shown."""

    shown: Shown
    index: Index
    lexicon: Lexicon

    def in_plan(
        self,
        plan: Plan,
        question: str,
        subject: str,
        shown: Sequence[Node],
        asker: Unit | None,
        *,
        is_bare: bool = True,
    ) -> Answer:
        """The answer from a plan on the subject of the talk, or that it has nothing on it.

        Args:
            question: names the plan's owner and the subject, perhaps with what else is asked.
            subject: in words, as they were typed.
            is_bare: nothing else is asked of the subject.
        """
        first = shown[0] if shown else None
        details = self.shown.details
        if first is not None and first.plan_id == plan.id and is_bare:
            return self.shown.here(first, question)
        found = self.shown.looked_up(question, asker)
        if first is None or (found.kind is Kind.LIST and found.plan == plan):
            return found
        own = tuple(one for one in found.passages if one.plan == plan)
        is_first = bool(own) and own[0] == found.passages[0]
        rows = {
            self.index.row[one.node.id]: one
            for one in own if is_bare and one.node.kind is first.kind
        }  # fmt: skip
        if (like := self._alike(tuple(rows), first)) is not None:
            return self.led_in(rows[like], found)
        if is_first and own[0].score >= SURELY:
            return self.led_in(own[0], found)
        runs = self.shown.subject(subject)
        on_it = [one for one in own if details.is_on(one.node, runs)]
        alike = [one for one in on_it if is_bare and one.node.kind is first.kind]
        near = next(iter((*alike, *on_it)), None)
        if near is not None:
            return self.led_in(near, found)
        scores = self.scores(subject)
        best, score = self.best(plan, scores, first)
        if best == first or self.is_on(best, runs, score, scores[self.index.row[first.id]]):
            return Answer(
                question=question, kind=Kind.CLAUSE, plan=plan,
                passages=(self.shown.passage(best),),
            )  # fmt: skip
        if is_first and own[0].score >= NEARLY:
            return replace(self.led_in(own[0], found), band=Band.NEAR)
        return self.shown.lacks(plan, first, question)

    def _alike(self, rows: Sequence[int], shown: Node) -> int | None:
        """The row that is clearly like the clause that was shown, whatever it was found by."""
        scores = self.scores(shown.words[:_MOST])
        best = max(rows, key=lambda row: scores[row], default=None)
        whole = scores[self.index.row[shown.id]]
        return best if best is not None and scores[best] >= _ALIKE * whole else None

    def led_in(self, one: Passage, found: Answer) -> Answer:
        """An answer with one of its passages first, and none of other plans."""
        led = led_by(one, found)
        others = tuple(o for o in found.passages if o.plan == one.plan and o != one)
        second = led.second if led.second is not None and led.second.plan == one.plan else None
        differs = tuple(o for o in led.differs if o.plan.owner == one.plan.owner)
        return replace(led, passages=(one, *others), second=second, differs=differs, plan=one.plan)

    def scores(self, subject: str) -> list[float]:
        """How well each clause says a subject, by row; whose plan it is counts nothing."""
        named = Scope(asker=None, years=(), named=(), rest=self.shown.fold(subject))
        words = self.lexicon.plan_words(named.rest)
        ranking = rank.rank(self.index, subject, named, plan_words=words)
        return [float(score) for score in ranking.content]

    def best(
        self,
        plan: Plan,
        scores: Sequence[float],
        node: Node | None,
        kinds: tuple[NodeKind, ...] = (NodeKind.CLAUSE,),
    ) -> tuple[Node, float]:
        """A plan's best clause with its score; what was shown where the plan is its own.

        One that is clearly like what was shown goes before one that only has the subject's words.
        """
        if node is not None and node.plan_id == plan.id:
            return node, scores[self.index.row[node.id]]
        if node is not None:
            same = next((one for one in plan.nodes if one.text and same_words(one, node)), None)
            if same is not None:
                return same, scores[self.index.row[node.id]]
        rows = [
            self.index.row[one.id]
            for one in plan.nodes
            if one.kind in kinds and one.id in self.index.row
        ] or [self.index.row[one.id] for one in plan.nodes if one.kind is NodeKind.CLAUSE]
        alike = self._alike(rows, node) if node is not None else None
        if node is not None and alike is not None:
            return self.index.nodes[alike], scores[self.index.row[node.id]]
        best = max(rows, key=lambda row: scores[row])
        return self.index.nodes[best], scores[best]

    def is_on(self, node: Node, runs: tuple[str, ...], score: float, top: float) -> bool:
        """Whether a clause is on the subject: by its words, and by its score beside the best."""
        has_words = not runs or self.shown.details.is_on(node, runs)
        return score >= (_COUNTERPART if has_words else _SURELY) * top
