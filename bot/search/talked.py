"""The answer to a short question: what the conversation has shown, and only then the plans anew."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from bot.plans import precedence, roc
from bot.plans.corpus import Corpus
from bot.plans.model import Node, Unit, UnitLevel
from bot.search.details import Detail, Details
from bot.search.editions import Editions
from bot.search.follow import Followed, Previous
from bot.search.refusal import Band
from bot.search.result import LATE, PASSAGES, SILENT, Answer, Kind, Passage
from bot.search.scope import Names
from bot.search.words import Folder, bare

WRITERS = (UnitLevel.AGENCY, UnitLevel.DISTRICT_OFFICE, UnitLevel.SUBORDINATE)
"""The levels that write a plan of their own."""

_A_TIME = re.compile(r"\d+\s*月|[上下]半年|次年|每[日週周月]")
_OFTEN = re.compile(r"(?<!不)定期")
_SHORT = 12  # letters of a question that may only make sense after another
_FRAGMENT = 8  # letters of one that surely does where nothing is found for it
_NEARLY = 0.5  # of the pairs of letters of what a question names
_SURE = -4.0  # doubt below which a question surely stands for itself
_FEW = 3  # letters of a subject that is none when no clause found for it has them


@dataclass(frozen=True, slots=True, kw_only=True)
class Talked:
    """Answers what only makes sense after something that was shown.

    `looked_up` answers a question that stands for itself, for who asks.
    """

    corpus: Corpus
    editions: Editions
    details: Details
    names: Names
    fold: Folder
    looked_up: Callable[[str, Unit | None], Answer]
    rule_of: Callable[[Unit, str], Answer | None]

    def answer(
        self, followed: Followed | None, question: str, asker: Unit | None, previous: Previous
    ) -> Answer | None:
        """The answer to a question in a conversation; None when it stands for itself."""
        if followed is None or (followed.what == "asks" and followed.unit is None):
            stays = self._detail(question, asker, previous)
            if stays is not None:
                return stays
        return None if followed is None else self.followed(followed, question, asker)

    def _detail(self, question: str, asker: Unit | None, previous: Previous) -> Answer | None:
        """The answer to a few words that bring no clear subject of their own."""
        folded = self.fold(question)
        short = bare(folded)
        known = [self.corpus.nodes[one] for one in previous.clauses if one in self.corpus.nodes]
        is_meant = known and len(short) <= _SHORT and self.details.is_question(short)
        if not is_meant or roc.years_in(question) or self.names.find(folded):
            return None
        detail = self.details.asked(folded)
        runs = tuple(one for one in self.details.subject(folded) if len(one) > 1)
        if not previous.listed and self.details.asks_what_follows(short):
            near = (known[0], *self._beside(known[0]))
            if not runs or any(self.details.share(one, runs) for one in near):
                return self._what_follows(known[0], question)
        if not runs:
            return (
                None if previous.listed else self._bare(question, detail, known[0], asker, previous)
            )
        return self._worded(question, detail, runs, known, asker, previous)

    def _what_follows(self, node: Node, question: str) -> Answer:
        """What is done with results: said by the clause or by one beside it."""
        near = (node, *self._beside(node))
        later = [one for one in near if one.order > node.order]
        found = next((one for one in (*later, node) if self.details.says_what_follows(one)), None)
        return self._silent(node, None, question) if found is None else self._said(found, question)

    def _beside(self, node: Node) -> tuple[Node, ...]:
        """The clauses under the same heading."""
        parent = self.corpus.nodes.get(node.parent or "")
        leaves = self.corpus.leaves(parent) if parent is not None else ()
        return tuple(one for one in leaves if one != node)

    def _bare(
        self,
        question: str,
        detail: Detail | None,
        node: Node,
        asker: Unit | None,
        previous: Previous,
    ) -> Answer:
        """The answer to a detail without any subject: the shown clause, or one on its subject."""
        if detail is None:
            return self._silent(node, None, question)
        if self.details.states(node, detail):
            return self._said(node, question)
        before = self._subject(previous)
        found = self.looked_up(f"{previous.question} {question}", asker) if before else None
        bound = (*precedence.plans_for(self.corpus, asker), self.corpus.plan_of(node))
        near = found.passages if found is not None and found.band is Band.SAID else ()
        others = (one.node for one in near if one.plan in bound)
        for one in (*self._beside(node), *others):
            if self.details.states(one, detail) and self.details.has_one(one, before):
                return self._said(one, question)
        return self._silent(node, detail, question)

    def _subject(self, previous: Previous) -> tuple[str, ...]:
        """What the question before names."""
        runs = self.details.subject(self.fold(previous.question))
        return tuple(one for one in runs if len(one) > 1)

    def _worded(
        self,
        question: str,
        detail: Detail | None,
        runs: tuple[str, ...],
        known: list[Node],
        asker: Unit | None,
        previous: Previous,
    ) -> Answer | None:
        """The answer where what was shown has the words; None where another clause has them."""
        found = self.looked_up(question, asker)
        first = found.passages[0].node if found.passages else None
        is_clear = found.band is Band.SAID and first is not None
        if is_clear and first is not None and self._is_own(first, runs, detail):
            return None
        for node in (*known[:PASSAGES], *self._beside(known[0])):
            if self.details.names(node, runs):
                is_told = detail is None or self.details.states(node, detail)
                return (
                    self._said(node, question) if is_told else self._silent(node, detail, question)
                )
        before = self._subject(previous)
        for offered in found.nearest[:1]:
            if self.details.names(offered.node, runs) and any(
                self.details.names(offered.node, (run,)) for run in before
            ):
                return self._said(offered.node, question)
        is_few = len(bare(self.fold(question))) <= _FRAGMENT
        is_nothing = is_few and len("".join(runs)) <= _FEW and not found.shown
        if is_nothing and first is not None and len(known) == 1:
            return self._silent(known[0], detail, question)
        return None

    def _is_own(self, node: Node, runs: tuple[str, ...], detail: Detail | None) -> bool:
        """Whether a clause is about what a question names, or states it of nearly that."""
        if self.details.names(node, runs):
            return True
        is_stated = detail is not None and self.details.states(node, detail)
        return is_stated and self.details.share(node, runs) >= _NEARLY

    def _said(self, node: Node, question: str) -> Answer:
        return self._about("said", (node,), question)

    def _silent(self, node: Node, detail: Detail | None, question: str) -> Answer:
        """That the clause which was shown does not state a detail."""
        named = (detail.name,) if detail else ()
        return replace(self._about(SILENT, (node,), question), unstated=named)

    def _asked_again(self, followed: Followed, asker: Unit | None) -> Answer:
        """The question before, perhaps for the unit to which the conversation turned.

        A unit without a plan of its own is answered as if it had asked: from the plan above it.
        """
        unit = followed.unit
        if unit is not None and unit.level in WRITERS:
            if precedence.own_plans(self.corpus, unit):
                return self.looked_up(followed.question, asker)
            rule = self.rule_of(unit, self.fold(followed.kept))
            return rule or replace(self.looked_up(followed.kept, unit), turned_to=unit)
        found = self.looked_up(followed.question, asker)
        if unit is not None and unit.level is UnitLevel.SECTION:
            return self._of_section(found, followed, unit)
        return self._with_detail(found, followed, asker) if followed.alone else found

    def _of_section(self, found: Answer, followed: Followed, unit: Unit) -> Answer:
        """Whether what was shown concerns the section to which the conversation turned."""
        if found.kind is Kind.LIST or not followed.nodes:
            return found
        return Answer(
            question=found.question,
            kind=Kind.UNIT,
            passages=(self._passage(followed.nodes[0]),),
            plan=self.corpus.plan_of(followed.nodes[0]),
            topic="whose",
            turned_to=unit,
        )

    def _with_detail(self, found: Answer, followed: Followed, asker: Unit | None) -> Answer:
        """The answer to 「那上班時間呢」: not once more what was shown, unless that speaks of it."""
        if not followed.nodes:
            return found
        alone = self.looked_up(followed.alone, asker)
        if not alone.passages or alone.band is not Band.SAID:
            return found
        own = alone.passages[0].node
        detail = self.details.asked(self.fold(followed.alone))
        first = found.passages[0].node if found.passages else None
        if first is None or (
            detail is not None
            and self.details.states(own, detail)
            and not self.details.states(first, detail)
        ):
            return alone
        if first != followed.nodes[0]:
            return found
        runs = self.details.subject(self.fold(followed.alone))
        shown, share = self.details.share(first, runs), self.details.share(own, runs)
        is_own = share > shown or (share == shown and alone.doubt <= _SURE)
        return alone if is_own else found

    def followed(self, followed: Followed, question: str, asker: Unit | None) -> Answer:
        """The answer to what a short question means after another, or that it lost its thread."""
        what, nodes = followed.what, followed.nodes
        if what == "asks":
            return self._asked_again(followed, asker)
        if what == "item":
            return self._item(nodes[0], question)
        if what in ("lost", "lost_compare"):
            return Answer(question=question, kind=Kind.SMALLTALK, topic=what)
        if what == LATE:
            return Answer(question=question, kind=Kind.UNKNOWN, band=Band.NOT_SAID, topic=what)
        if what in ("compares", "edition"):
            return self._in_another_year(followed, question, asker)
        if what == "when":
            return self._when(followed, question, asker)
        return self._about(what, nodes, question)

    def _item(self, heading: Node, question: str) -> Answer:
        """What stands under a heading of the part that was shown."""
        leaves = self.corpus.leaves(heading)
        return Answer(
            question=question,
            kind=Kind.LIST if len(leaves) > 1 else Kind.CLAUSE,
            topic="path",
            passages=tuple(self._passage(one) for one in leaves[:PASSAGES]),
            shown=leaves,
            heading=heading,
            plan=self.corpus.plan_of(heading),
        )

    def _when(self, followed: Followed, question: str, asker: Unit | None) -> Answer:
        """The date of what was shown; where it has none, what else says when."""
        node = followed.nodes[0]
        if node.is_quotable and _A_TIME.search(node.text):
            return replace(self._about("when", (node,), question), kind=Kind.DEADLINE)
        runs = tuple(one for one in self.details.subject(self.fold(followed.kept)) if len(one) > 1)
        found = self.looked_up(followed.question, asker) if runs else None
        if found is None or found.band is not Band.SAID:
            return self._undated(node, question)
        timed = [
            one
            for one in found.passages
            if _A_TIME.search(one.node.text) and self.details.has_one(one.node, runs)
        ]
        if not timed:
            return self._undated(node, question)
        others = [one for one in found.passages if one != timed[0]]
        return replace(found, kind=Kind.DEADLINE, passages=(timed[0], *others), second=None)

    def _undated(self, node: Node, question: str) -> Answer:
        """That a clause has no date; that it says 定期 is told with it."""
        says = "when" if node.is_quotable and _OFTEN.search(node.text) else "undated"
        return self._about(says, (node,), question)

    def _in_another_year(self, followed: Followed, question: str, asker: Unit | None) -> Answer:
        """What was shown beside the same clause of another year, or that clause alone."""
        node = followed.nodes[0]
        plan = self.corpus.plan_of(node)
        other = self.editions.other(plan, followed.years)
        twin = self.editions.counterpart(node, other) if other else None
        if followed.what == "edition" and twin is not None:
            return self._about(
                "older" if twin.plan_id == plan.supersedes else "node", (twin,), question
            )
        first = self._passage(node)
        passages = (first,) if twin is None else (first, self._passage(twin))
        return Answer(
            question=question,
            kind=Kind.COMPARE,
            passages=passages,
            plan=plan,
            topic="compare" if other else "no_edition",
            lacking=other if twin is None else None,
            asker=asker,
        )

    def _about(self, what: str, nodes: tuple[Node, ...], question: str) -> Answer:
        """An answer about clauses that the conversation has shown."""
        if not nodes:
            return Answer(question=question, kind=Kind.UNKNOWN, band=Band.NOT_SAID, topic=what)
        kind = Kind.UNIT if what == "who" else Kind.LIST if what == "others" else Kind.CLAUSE
        return Answer(
            question=question,
            kind=kind,
            topic=what,
            passages=tuple(self._passage(node) for node in nodes[:PASSAGES]),
            shown=nodes,
            plan=self.corpus.plan_of(nodes[0]),
        )

    def _passage(self, node: Node) -> Passage:
        return Passage(node=node, plan=self.corpus.plan_of(node), score=1.0)
