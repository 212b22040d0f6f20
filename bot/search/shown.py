"""What a conversation has shown, and answers about it: once more, that it does not tell, elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from bot.plans import precedence, roc
from bot.plans.corpus import Corpus
from bot.plans.model import Node, Plan, Unit
from bot.search.details import Detail, Details
from bot.search.refusal import Band
from bot.search.result import (
    BESIDE,
    HERE,
    PASSAGES,
    SAID,
    SILENT,
    SOME,
    Answer,
    Kind,
    Passage,
)
from bot.search.scope import Names
from bot.search.words import Folder

SURELY, NEARLY = 5.5, 4.0
"""From these scores on the first clause answers, with the encoders, or comes near."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """Makes answers about clauses that were shown, and finds others on their subject.

    `looked_up` answers a question that stands for itself, for who asks.
    """

    corpus: Corpus
    details: Details
    names: Names
    fold: Folder
    looked_up: Callable[[str, Unit | None], Answer]

    def about(self, what: str, nodes: tuple[Node, ...], question: str) -> Answer:
        """An answer about clauses that the conversation has shown."""
        if not nodes:
            return Answer(question=question, kind=Kind.UNKNOWN, band=Band.NOT_SAID, topic=what)
        kind = (
            Kind.UNIT if what == "who" else Kind.LIST if what in ("others", SOME) else Kind.CLAUSE
        )
        return Answer(
            question=question,
            kind=kind,
            topic=what,
            passages=tuple(self.passage(node) for node in nodes[:PASSAGES]),
            shown=nodes,
            plan=self.corpus.plan_of(nodes[0]),
        )

    def here(self, node: Node, question: str) -> Answer:
        """The clause that was shown, once more: it says what is asked for, or of two things one."""
        folded, found = self.fold(question), self.about(HERE, (node,), question)
        stated, _ = self.details.stated(folded, node)
        lacking, vaguely = self.details.lacking(folded, (node,))
        if stated and lacking:
            return replace(found, stated=stated, unstated=lacking, vaguely=vaguely)
        return replace(found, says=self.details.stating(node, folded))

    def said(self, node: Node, question: str) -> Answer:
        """Another clause that says it."""
        says = self.details.stating(node, self.fold(question))
        return replace(self.about(SAID, (node,), question), says=says)

    def silent(self, node: Node, detail: Detail, question: str) -> Answer:
        """That a clause does not state a detail, or states it only vaguely; and what else is asked
        for that it lacks."""
        more, _ = self.details.lacking(self.fold(question), (node,))
        unstated = tuple(dict.fromkeys((detail.said, *more)))
        vaguely = self.details.vaguely(node, detail) if len(unstated) == 1 else ""
        found = self.about(SILENT, (node,), question)
        return replace(found, unstated=unstated, vaguely=vaguely)

    def lacks(self, plan: Plan, node: Node, question: str) -> Answer:
        """That a plan has nothing on what another says."""
        return Answer(
            question=question,
            kind=Kind.COMPARE,
            passages=(self.passage(node),),
            plan=self.corpus.plan_of(node),
            lacking=plan,
            topic=BESIDE,
        )

    def subject(self, question: str) -> tuple[str, ...]:
        """What a question names, without units and years: the runs of folded letters of a subject."""
        folded = self.fold(roc.without_years(question))
        for _, start, end in reversed(self.names.find(folded)):
            folded = f"{folded[:start]} {folded[end:]}"
        runs = [one for one in self.details.subject(folded) if len(one) > 1]
        return tuple(one for one in runs if not self.details.is_light(one)) or tuple(runs)

    def words(self, question: str) -> str:
        """What a question names, as it was typed, with spaces between."""
        return " ".join(typed(run, question, self.fold) for run in self.subject(question))

    def bound(self, node: Node, asker: Unit | None) -> tuple[Plan, ...]:
        """The plans that bind who asks, and that of what was shown."""
        return (*precedence.plans_for(self.corpus, asker), self.corpus.plan_of(node))

    def beside(self, node: Node) -> tuple[Node, ...]:
        """The clauses under the same heading."""
        parent = self.corpus.nodes.get(node.parent or "")
        leaves = self.corpus.leaves(parent) if parent is not None else ()
        return tuple(one for one in leaves if one != node)

    def passage(self, node: Node) -> Passage:
        """A node as a passage."""
        return Passage(node=node, plan=self.corpus.plan_of(node), score=1.0)


def led_by(one: Passage, found: Answer) -> Answer:
    """An answer with one of its passages first."""
    if one.node == found.passages[0].node:
        return replace(found, band=Band.SAID)
    others = tuple(other for other in found.passages if other.node != one.node)
    return replace(
        found,
        band=Band.SAID,
        passages=(one, *others),
        second=None,
        differs=(),
        unstated=(),
        vaguely="",
    )


def typed(run: str, question: str, fold: Folder) -> str:
    """Folded letters of a question as they were typed."""
    at = fold(question).find(run)
    is_aligned = at >= 0 and len(fold(question)) == len(question)
    return question[at : at + len(run)] if is_aligned else run
