"""The answer to a short question: what the conversation has shown, and only then the plans anew."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace

from bot.plans import precedence
from bot.plans.model import Node, Unit, UnitLevel
from bot.search.asked import Asked
from bot.search.detail_kinds import ENUMERATION
from bot.search.editions import Editions
from bot.search.elliptic import Elliptic
from bot.search.follow import Followed, Previous
from bot.search.refusal import Band
from bot.search.result import (
    APPLIES,
    DEADLINES,
    HANDED,
    HAS_OURS,
    LATE,
    NONE_IS,
    PASSAGES,
    SILENT,
    SPARES,
    THEIRS,
    WHOSE,
    Answer,
    Kind,
)
from bot.search.shown import Shown
from bot.search.structure import covers, is_alone
from bot.search.turning import Turning
from bot.search.whose import Whose

WRITERS = (UnitLevel.AGENCY, UnitLevel.DISTRICT_OFFICE, UnitLevel.SUBORDINATE)
"""The levels that write a plan of their own."""

_A_TIME = re.compile(r"\d+\s*月|[上下]半年|次年|每[日週周月]")
_ALONE = re.compile("自己|单独")
_SURE = -4.0  # doubt below which a question surely stands for itself


class Talked:
    """Answers what only makes sense after something that was shown.

    Args:
        elliptic: answers a few words that bring no subject of their own.
        turning: reads whose plan, or which edition, a follow-up turns to.
        rule_of: what the city's plan says of a unit's own plan.
        concerned: for each row of a work schedule, the levels that it concerns.
    """

    def __init__(
        self,
        shown: Shown,
        elliptic: Elliptic,
        turning: Turning,
        editions: Editions,
        rule_of: Callable[[Unit, str], Answer | None],
        concerned: Mapping[str, frozenset[UnitLevel]],
    ) -> None:
        self._shown = shown
        self._elliptic = elliptic
        self._whose = Whose(shown=shown)
        self._turning = turning
        self._elsewhere = turning.elsewhere
        self._editions = editions
        self._rule_of = rule_of
        self._concerned = concerned
        self._corpus = shown.corpus
        self._details = shown.details
        self._fold = shown.fold
        self._looked_up = shown.looked_up

    def answer(
        self, followed: Followed | None, question: str, asker: Unit | None, previous: Previous
    ) -> Answer | None:
        """The answer to a question in a conversation; None when it stands for itself."""
        if followed is None or followed.what == "asks":
            whose = self._whose.answer(question, asker, previous)
            if whose is not None:
                return whose
        asked = self._elliptic.read(question, asker, previous)
        is_plain = asked.detail is None or asked.detail.name == ENUMERATION
        is_open = followed is None and is_plain and not asked.listed
        if is_open and asked.known and self._details.asks_which(asked.short):
            return self._which_ones(asked.known[0], question)
        is_of_many = previous.topic == DEADLINES and previous.listed
        if is_of_many and followed is None and self._elliptic.is_bare(asked):
            return Answer(question=question, kind=Kind.SMALLTALK, topic="lost")
        is_open = followed is None or (followed.what == "asks" and followed.unit is None)
        turned = self._turning.read(asked) if is_open else None
        if isinstance(turned, Answer):
            return turned
        if turned is not None:
            alone = self._of_itself(turned.unit, asked)
            return alone or self.followed(turned, question, asker)
        if is_open and self._elliptic.is_short(asked):
            found = self._elliptic.answer(asked)
            if found is not None and found.topic == SILENT and self._turning.is_past(question):
                older = Followed(what="edition", nodes=asked.known[:1])
                return self.followed(older, question, asker)
            if found is not None or followed is None:
                return found
        if followed is not None:
            return self.followed(followed, question, asker)
        return self._elliptic.last(asked) if asked.known else None

    def _of_itself(self, unit: Unit | None, asked: Asked) -> Answer | None:
        """What a plan says of a unit itself, where that has no plan here and the words lead there."""
        if unit is None or precedence.written_by(self._corpus, unit):
            return None
        return self._elliptic.own.turned(asked)

    def _which_ones(self, node: Node, question: str) -> Answer:
        """What was shown, which lists some or does not."""
        if self._details.lists_some(node):
            return self._shown.here(node, question)
        return self._shown.about(SILENT, (node,), question)

    def whose(self, question: str, asker: Unit | None) -> Answer | None:
        """Whether what a question names is a section's, where nothing was shown before."""
        return self._whose.answer(question, asker, Previous(question="", clauses=()))

    def which(self, question: str, asker: Unit | None, previous: Previous) -> Answer | None:
        """Which of several sections has what was shown; None when a question asks something else."""
        return self._whose.which(question, asker, previous)

    def _asked_again(self, followed: Followed, asker: Unit | None) -> Answer:
        """The question before, perhaps for the unit to which the conversation turned.

        A unit without a plan of its own is answered as if it had asked: from the plan above it.
        """
        unit = followed.unit
        plans = precedence.written_by(self._corpus, unit) if unit is not None else ()
        if plans:
            return self._elsewhere.in_plan(
                plans[0], followed.question, followed.kept, followed.nodes, asker,
                is_bare=not followed.alone,
            )  # fmt: skip
        if unit is not None and unit.level in WRITERS:
            rule = self._rule_of(unit, self._fold(followed.kept))
            return rule or replace(self._looked_up(followed.kept, unit), turned_to=unit)
        found = self._looked_up(followed.question, asker)
        if unit is not None and unit.level is UnitLevel.SECTION:
            return self._of_section(found, followed, unit)
        if not followed.alone or found.on_subject:
            return found
        found = self._with_detail(found, followed, asker)
        shown = [one.node for one in (*found.passages[:1], *found.differs)]
        unstated, vaguely = self._details.lacking(self._fold(followed.alone), shown)
        return replace(found, question=followed.alone, unstated=unstated, vaguely=vaguely)

    def _of_section(self, found: Answer, followed: Followed, unit: Unit) -> Answer:
        """Whether what was shown concerns the section to which the conversation turned."""
        if found.kind is Kind.LIST or not followed.nodes:
            return found
        return Answer(
            question=found.question,
            kind=Kind.UNIT,
            passages=(self._shown.passage(followed.nodes[0]),),
            plan=self._corpus.plan_of(followed.nodes[0]),
            topic=WHOSE,
            turned_to=unit,
        )

    def _with_detail(self, found: Answer, followed: Followed, asker: Unit | None) -> Answer:
        """The answer to 「那上班時間呢」: not once more what was shown, unless that speaks of it."""
        if not followed.nodes:
            return found
        alone = self._looked_up(followed.alone, asker)
        if not alone.passages or alone.band is not Band.SAID:
            return found
        own = alone.passages[0].node
        detail = self._details.asked(self._fold(followed.alone))
        first = found.passages[0].node if found.passages else None
        if first is None or (
            detail is not None
            and self._details.states(own, detail)
            and not self._details.states(first, detail)
        ):
            return alone
        if first != followed.nodes[0]:
            return found
        runs = self._details.subject(self._fold(followed.alone))
        shown, share = self._details.share(first, runs), self._details.share(own, runs)
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
        if what in (LATE, HANDED):
            return Answer(question=question, kind=Kind.UNKNOWN, band=Band.NOT_SAID, topic=what)
        if what in ("compares", "edition"):
            return self._in_another_year(followed, question, asker)
        if what == "applies":
            return self._applying(nodes[0], question, asker)
        if what == "mine" and asker is not None:
            return self._mine(nodes, question, asker)
        if what == "ours":
            return self._in_our_plan(followed, question, asker)
        if what == "theirs":
            return replace(self._shown.about(THEIRS, nodes[:1], question), others=nodes[1].units)
        if what == "when":
            return self._when(followed, question, asker)
        return self._shown.about(what, nodes, question)

    def _item(self, heading: Node, question: str) -> Answer:
        """What stands under a heading of the part that was shown."""
        leaves = self._corpus.leaves(heading)
        return Answer(
            question=question,
            kind=Kind.LIST if len(leaves) > 1 else Kind.CLAUSE,
            topic="path",
            passages=tuple(self._shown.passage(one) for one in leaves[:PASSAGES]),
            shown=leaves,
            heading=heading,
            plan=self._corpus.plan_of(heading),
        )

    def _applying(self, node: Node, question: str, asker: Unit | None) -> Answer:
        """Whether what was shown concerns who asks."""
        return Answer(
            question=question,
            kind=Kind.UNIT,
            passages=(self._shown.passage(node),),
            plan=self._corpus.plan_of(node),
            topic=SPARES if self._spares(node, asker) else APPLIES,
            asker=asker,
        )

    def _mine(self, nodes: tuple[Node, ...], question: str, asker: Unit) -> Answer:
        """Those clauses of a list of which the asker is a responsible unit, perhaps with others."""
        mine = tuple(
            one for one in nodes if any(covers(self._corpus, unit, asker) for unit in one.units)
        )
        if _ALONE.search(self._fold(question)):
            mine = tuple(one for one in mine if is_alone(self._corpus, one, asker))
        if not mine:
            return Answer(question=question, kind=Kind.UNKNOWN, band=Band.NOT_SAID, topic=NONE_IS)
        return Answer(
            question=question,
            kind=Kind.LIST,
            topic="duties",
            passages=tuple(self._shown.passage(one) for one in mine[:PASSAGES]),
            shown=mine,
            plan=self._corpus.plan_of(mine[0]),
            unit=asker,
        )

    def _in_our_plan(self, followed: Followed, question: str, asker: Unit | None) -> Answer:
        """Whether the plan of who asks says what was shown: itself, or another clause on it."""
        node = followed.nodes[0]
        bound = precedence.plans_for(self._corpus, asker)
        if not bound or self._corpus.plan_of(node) == bound[0]:
            return self._has_ours(node, question, asker)
        before = self._shown.subject(followed.kept)
        words = self._shown.words(followed.kept)
        found = self._looked_up(words, asker) if words else None
        for one in found.passages if found is not None else ():
            if one.plan == bound[0] and self._details.is_on(one.node, before):
                return self._has_ours(one.node, question, asker)
        return self._shown.lacks(bound[0], node, question)

    def _has_ours(self, node: Node, question: str, asker: Unit | None) -> Answer:
        """That the own plan has it; where a detail is asked for that it has not, that it lacks it."""
        detail = self._details.asked(self._fold(question))
        if detail is not None and not self._details.states(node, detail):
            return self._shown.silent(node, detail, question)
        return replace(self._shown.about(HAS_OURS, (node,), question), asker=asker)

    def _spares(self, node: Node, unit: Unit | None) -> bool:
        """Whether a row of a schedule concerns agencies of other levels only."""
        levels = self._concerned.get(node.id, frozenset())
        if unit is not None and unit.level is UnitLevel.SECTION:
            unit = self._corpus.units.get(unit.parent)
        return bool(levels) and unit is not None and unit.level not in levels

    def _when(self, followed: Followed, question: str, asker: Unit | None) -> Answer:
        """The date of what was shown; where it has none, what else says when."""
        node = followed.nodes[0]
        if node.is_quotable and _A_TIME.search(node.text):
            return replace(self._shown.about("when", (node,), question), kind=Kind.DEADLINE)
        runs = tuple(
            one for one in self._details.subject(self._fold(followed.kept)) if len(one) > 1
        )
        found = self._looked_up(followed.question, asker) if runs else None
        if found is None or found.band is not Band.SAID:
            return self._undated(node, question)
        timed = [
            one
            for one in found.passages
            if _A_TIME.search(one.node.text) and self._details.has_one(one.node, runs)
        ]
        if not timed:
            return self._undated(node, question)
        others = [one for one in found.passages if one != timed[0]]
        return replace(found, kind=Kind.DEADLINE, passages=(timed[0], *others), second=None)

    def _undated(self, node: Node, question: str) -> Answer:
        """That a clause has no date; what it says in its place, such as 定期, is told with it."""
        detail = self._details.asked(self._fold(question))
        if detail is not None and self._details.vaguely(node, detail):
            return self._shown.silent(node, detail, question)
        return self._shown.about("undated", (node,), question)

    def _in_another_year(self, followed: Followed, question: str, asker: Unit | None) -> Answer:
        """What was shown beside the same clause of another year, or that clause alone."""
        node = followed.nodes[0]
        plan = self._corpus.plan_of(node)
        is_old = precedence.is_superseded(self._corpus, plan)
        is_same = plan.year in followed.years if followed.years else is_old
        if followed.what == "edition" and is_same:
            return self._shown.here(node, question)
        other = self._editions.other(plan, followed.years)
        twin = self._editions.counterpart(node, other) if other else None
        if followed.what == "edition" and twin is not None:
            return self._shown.about(
                "older" if twin.plan_id == plan.supersedes else "node", (twin,), question
            )
        first = self._shown.passage(node)
        passages = (first,) if twin is None else (first, self._shown.passage(twin))
        return Answer(
            question=question,
            kind=Kind.COMPARE,
            passages=passages,
            plan=plan,
            topic="compare" if other else "no_edition",
            lacking=other if twin is None else None,
            asker=asker,
        )
