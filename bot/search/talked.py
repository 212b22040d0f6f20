"""The answer to a short question: what the conversation has shown, and only then the plans anew."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from bot.plans import precedence, roc
from bot.plans.corpus import Corpus
from bot.plans.model import Node, Plan, Unit, UnitLevel
from bot.search.details import CONTENT, FORM, RECEIVER, Detail, Details
from bot.search.editions import Editions
from bot.search.follow import Followed, Previous
from bot.search.refusal import Band
from bot.search.result import (
    APPLIES,
    DEADLINES,
    HAS_OURS,
    HERE,
    LATE,
    PASSAGES,
    SILENT,
    SPARES,
    THEIRS,
    TOLD,
    Answer,
    Kind,
    Passage,
)
from bot.search.scope import Names
from bot.search.words import Folder, bare

WRITERS = (UnitLevel.AGENCY, UnitLevel.DISTRICT_OFFICE, UnitLevel.SUBORDINATE)
"""The levels that write a plan of their own."""

AFTERWARDS = "之後要做什麼"
_A_TIME = re.compile(r"\d+\s*月|[上下]半年|次年|每[日週周月]")
_OFTEN = re.compile(r"(?<!不)定期")
_SHORT = 12  # letters of a question that may only make sense after another
_TURNING = "呢咧"
_ALSO_SHOWN = 3  # of the clauses of an answer those that a person has seen
_NEARLY = 0.5  # of the pairs of letters of what a question names
_SURE = -4.0  # doubt below which a question surely stands for itself
_SUBJECT = 20  # letters of a clause that stand for the subject where no question named one
_FEW = 3  # letters of a subject that is none when no clause found for it has them


@dataclass(frozen=True, slots=True, kw_only=True)
class Strength:
    """From which score on a few words in a talk have a subject of their own.

    `worded` where the clause that is found for them has their words, `alone` where it has not.
    """

    worded: float
    alone: float


WITH_MEANING, BY_WORDS = Strength(worded=4.5, alone=5.5), Strength(worded=0.0, alone=math.inf)
"""Words alone give no measure of how sure a score is; the encoders do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """A few words in a talk: the detail and the words that they bring, and what the talk is about.

    `own` are those of `runs` that are a subject, unlike 申請 or 格式; `known` are the clauses that
    were shown, `before` what the question before named.
    """

    question: str
    short: str
    detail: Detail | None
    runs: tuple[str, ...]
    own: tuple[str, ...]
    known: tuple[Node, ...]
    before: tuple[str, ...]
    asker: Unit | None
    listed: bool

    @property
    def turns(self) -> bool:
        """Whether the words turn to something: 「文康車呢」."""
        return self.short[-1:] in _TURNING


@dataclass(frozen=True, slots=True, kw_only=True)
class Talked:
    """Answers what only makes sense after something that was shown.

    `looked_up` answers a question that stands for itself, for who asks; `concerned` are, for
    each row of a work schedule, the levels that it concerns; `is_word` tells whether folded
    letters stand in any clause.
    """

    corpus: Corpus
    editions: Editions
    details: Details
    names: Names
    fold: Folder
    looked_up: Callable[[str, Unit | None], Answer]
    rule_of: Callable[[Unit, str], Answer | None]
    concerned: Mapping[str, frozenset[UnitLevel]]
    strength: Strength
    is_word: Callable[[str], bool]

    def answer(
        self, followed: Followed | None, question: str, asker: Unit | None, previous: Previous
    ) -> Answer | None:
        """The answer to a question in a conversation; None when it stands for itself."""
        asked = self._asked(question, asker, previous)
        is_open = followed is None or (followed.what == "asks" and followed.unit is None)
        if previous.topic == DEADLINES and not asked.known and self._is_bare(asked):
            return Answer(question=question, kind=Kind.SMALLTALK, topic="lost")
        if followed is None and (of_unit := self._of_unit(asked)) is not None:
            return of_unit
        if is_open and self._is_short(asked, question):
            stays = self._told(asked)
            if stays is None and not asked.own:
                stays = self._on_subject(asked)
            if stays is not None:
                return stays
            turned = self._turned(asked)
            if turned is None:
                return self._of_what_was_shown(asked)
            if followed is None:
                return turned
        return None if followed is None else self.followed(followed, question, asker)

    def _is_short(self, asked: _Asked, question: str) -> bool:
        """Whether a few words may only make sense with what was shown."""
        may_name = asked.detail is not None and asked.detail.name in (RECEIVER, FORM)
        names_some = self.names.find(self.fold(question)) and not may_name
        return (
            bool(asked.known)
            and len(asked.short) <= _SHORT
            and self.details.is_question(asked.short)
            and not roc.years_in(question)
            and not names_some
        )

    def _of_unit(self, asked: _Asked) -> Answer | None:
        """The subject of the talk in the plan of a unit that a few words name, when they ask
        nothing else of it: 「那三民二所是交給誰」."""
        folded = self.fold(asked.question)
        named = self.names.find(folded)
        is_short = len(asked.short) <= _SHORT and self.details.is_question(asked.short)
        if not (named and asked.known and asked.before and is_short) or roc.years_in(folded):
            return None
        for _, start, end in reversed(named):
            folded = f"{folded[:start]} {folded[end:]}"
        runs = (one for one in self.details.subject(folded) if len(one) > 1)
        own = precedence.own_plans(self.corpus, named[0][0])
        if not own or not all(self.details.is_light(one) for one in runs):
            return None
        question = f"{asked.question} {' '.join(asked.before)}"
        return self._in_plan(own[0], question, asked.before, asked.known, asked.asker)

    def _is_bare(self, asked: _Asked) -> bool:
        """Whether a few words ask something of nothing that they name."""
        is_question = self.details.is_question(asked.short)
        return not asked.own and len(asked.short) <= _SHORT and is_question

    def _told(self, asked: _Asked) -> Answer | None:
        """What what was shown tells, where the words bring no subject of their own."""
        first = asked.known[0]
        if not asked.listed and self.details.asks_what_follows(asked.short):
            near = (first, *self._beside(first))
            if not asked.own or any(self.details.share(one, asked.own) for one in near):
                return self._what_follows(first, asked.question, asked.before, asked.asker)
        if asked.own:
            return None
        if asked.runs and (shown := self._shown(asked, asked.runs)) is not None:
            return shown if shown.topic != SILENT else None
        if asked.detail is None or asked.listed:
            return None
        if self.details.states(first, asked.detail):
            return self._here(first, asked.question)
        for one in (*self._beside(first), *asked.known[1:_ALSO_SHOWN]):
            if self.details.has_one(one, asked.before) and self._tells(one, asked):
                return self._said(one, asked.question)
        return None

    def _asked(self, question: str, asker: Unit | None, previous: Previous) -> _Asked:
        folded = self.fold(question)
        runs = tuple(one for one in self.details.subject(folded) if len(one) > 1)
        return _Asked(
            question=question,
            short=bare(folded),
            detail=self.details.asked(folded),
            runs=runs,
            own=tuple(one for one in runs if not self.details.is_light(one)),
            known=tuple(
                self.corpus.nodes[one] for one in previous.clauses if one in self.corpus.nodes
            ),
            before=self._subject(previous),
            asker=asker,
            listed=previous.listed,
        )

    def _what_follows(
        self, node: Node, question: str, before: tuple[str, ...], asker: Unit | None
    ) -> Answer:
        """What is done with results: said by the clause, by one beside it, or on its subject."""
        near = (node, *self._beside(node))
        later = [one for one in near if one.order > node.order]
        found = next((one for one in (*later, node) if self.details.says_what_follows(one)), None)
        if found is not None:
            return self._said(found, question)
        other = self.looked_up(f"{' '.join(before)} {question}", asker) if before else None
        for one in other.passages if other is not None else ():
            is_on = one.plan in self._bound(node, asker) and self.details.is_on(one.node, before)
            if is_on and self.details.says_what_follows(one.node):
                return self._said(one.node, question)
        return replace(self._about(SILENT, (node,), question), unstated=(AFTERWARDS,))

    def _bound(self, node: Node, asker: Unit | None) -> tuple[Plan, ...]:
        """The plans that bind who asks, and that of what was shown."""
        return (*precedence.plans_for(self.corpus, asker), self.corpus.plan_of(node))

    def _beside(self, node: Node) -> tuple[Node, ...]:
        """The clauses under the same heading."""
        parent = self.corpus.nodes.get(node.parent or "")
        leaves = self.corpus.leaves(parent) if parent is not None else ()
        return tuple(one for one in leaves if one != node)

    def _shown(self, asked: _Asked, words: tuple[str, ...]) -> Answer | None:
        """The clause that was shown, or the entry of a list, that has some words."""
        shown = asked.known if asked.listed else asked.known[:1]
        node = next((one for one in shown if self.details.names(one, words)), None)
        if node is None:
            return None
        if self.details.asks_who(asked.short):
            return self._about("who", (node,), asked.question)
        if asked.detail is None or self.details.states(node, asked.detail):
            is_same = node == asked.known[0] and not asked.listed
            return (self._here if is_same else self._said)(node, asked.question)
        return self._silent(node, asked)

    def _turned(self, asked: _Asked) -> Answer | None:
        """The answer to the question alone, where that clearly has a subject of its own."""
        found = self.looked_up(asked.question, asked.asker)
        return found if self._is_clear(found, asked) else None

    def _is_clear(self, found: Answer, asked: _Asked) -> bool:
        if found.band is Band.NOT_SAID or not found.passages:
            is_word = any(self.is_word(one) for one in asked.own)
            return bool(asked.own) and (len("".join(asked.own)) > _FEW or not is_word)
        if found.topic or found.kind is Kind.LIST:
            return True
        first = found.passages[0]
        is_told = asked.detail is not None and self.details.states(first.node, asked.detail)
        words = asked.own or (asked.runs if is_told else ())
        share = self.details.share(first.node, words) if words else 0.0
        is_whole = share == 1.0
        if is_whole or share >= _NEARLY:
            return asked.turns or first.score >= self.strength.worded - is_whole
        return first.score >= self.strength.alone

    def _of_what_was_shown(self, asked: _Asked) -> Answer | None:
        """What was shown, or a clause beside it, has the words; else that it does not tell.

        After a list, whose entries are many subjects, None where nothing does.
        """
        if asked.own:
            found = self._shown(asked, asked.own) or self._on_subject(asked)
            if found is not None:
                return found
            for near in self._beside(asked.known[0]):
                if self.details.names(near, asked.own):
                    return self._said(near, asked.question)
        if asked.listed:
            return None
        if self.details.asks_who(asked.short):
            return self._about("who", asked.known[:1], asked.question)
        return self._silent(asked.known[0], asked)

    def _on_subject(self, asked: _Asked) -> Answer | None:
        """Another clause on the subject of the talk that tells what is asked for."""
        if asked.detail is None and not asked.runs:
            return None
        first = asked.known[0]
        words = " ".join(asked.before) or (first.title or first.words)[:_SUBJECT]
        found = self.looked_up(f"{words} {asked.question}", asked.asker)
        is_form = asked.detail is not None and asked.detail.name in (FORM, CONTENT)
        if is_form and found.kind is Kind.FORMAT and found.band is not Band.NOT_SAID:
            return replace(found, topic=found.topic or TOLD)
        bound = self._bound(first, asked.asker)
        for one in found.passages if found.band is not Band.NOT_SAID else ():
            is_on = not asked.before or self.details.is_on(one.node, asked.before)
            if one.plan in bound and is_on and self._tells(one.node, asked):
                is_same = one.node == first
                told = replace(_led_by(one, found), topic=found.topic or TOLD)
                return self._here(one.node, asked.question) if is_same else told
        return None

    def _tells(self, node: Node, asked: _Asked) -> bool:
        """Whether a clause states the detail, with the words that go with it."""
        is_stated = asked.detail is None or self.details.states(node, asked.detail)
        return is_stated and (not asked.runs or self.details.names(node, asked.runs))

    def _subject(self, previous: Previous) -> tuple[str, ...]:
        """What the question before names."""
        return self._subject_of(previous.question)

    def _subject_of(self, question: str) -> tuple[str, ...]:
        folded = self.fold(question)
        for _, start, end in reversed(self.names.find(folded)):
            folded = f"{folded[:start]} {folded[end:]}"
        runs = [one for one in self.details.subject(folded) if len(one) > 1]
        return tuple(one for one in runs if not self.details.is_light(one)) or tuple(runs)

    def _here(self, node: Node, question: str) -> Answer:
        """The clause that was shown, once more: it says what is asked for."""
        return self._about(HERE, (node,), question)

    def _said(self, node: Node, question: str) -> Answer:
        return self._about("said", (node,), question)

    def _silent(self, node: Node, asked: _Asked) -> Answer:
        """That the clause which was shown does not state a detail, or has not some words."""
        named = (asked.detail.name,) if asked.detail else ()
        words = (
            ()
            if named
            else tuple(
                _typed(one, asked.question, self.fold)
                for one in asked.own
                if (asked.turns or self.is_word(one)) and not self.details.names(node, (one,))
            )
        )
        return replace(
            self._about(SILENT, (node,), asked.question), unstated=named, unmentioned=words
        )

    def _asked_again(self, followed: Followed, asker: Unit | None) -> Answer:
        """The question before, perhaps for the unit to which the conversation turned.

        A unit without a plan of its own is answered as if it had asked: from the plan above it.
        """
        unit = followed.unit
        if unit is not None and unit.level in WRITERS:
            if own := precedence.own_plans(self.corpus, unit):
                before = self._subject_of(followed.kept)
                return self._in_plan(own[0], followed.question, before, followed.nodes, asker)
            rule = self.rule_of(unit, self.fold(followed.kept))
            return rule or replace(self.looked_up(followed.kept, unit), turned_to=unit)
        found = self.looked_up(followed.question, asker)
        if unit is not None and unit.level is UnitLevel.SECTION:
            return self._of_section(found, followed, unit)
        return self._with_detail(found, followed, asker) if followed.alone else found

    def _in_plan(
        self,
        plan: Plan,
        question: str,
        before: tuple[str, ...],
        shown: tuple[Node, ...],
        asker: Unit | None,
    ) -> Answer:
        """The answer from a plan on the subject of the talk, or that it has nothing on it."""
        found = self.looked_up(question, asker)
        if not (before and shown and found.passages):
            return found
        first = found.passages[0]
        if first.plan == plan and first.score >= WITH_MEANING.alone:
            return found
        on_it = (
            one for one in found.passages
            if one.plan == plan and self.details.is_on(one.node, before)
        )  # fmt: skip
        near = next(on_it, None)
        return self._lacks(plan, shown[0], question) if near is None else _led_by(near, found)

    def _lacks(self, plan: Plan, node: Node, question: str) -> Answer:
        """That a plan has nothing on what another says."""
        return Answer(
            question=question,
            kind=Kind.COMPARE,
            passages=(self._passage(node),),
            plan=self.corpus.plan_of(node),
            lacking=plan,
            topic="apart",
        )

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
        if what == "applies":
            return self._applying(nodes[0], question, asker)
        if what == "ours":
            return self._in_our_plan(followed, question, asker)
        if what == "theirs":
            return replace(self._about(THEIRS, nodes[:1], question), others=nodes[1].units)
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

    def _applying(self, node: Node, question: str, asker: Unit | None) -> Answer:
        """Whether what was shown concerns who asks."""
        return Answer(
            question=question,
            kind=Kind.UNIT,
            passages=(self._passage(node),),
            plan=self.corpus.plan_of(node),
            topic=SPARES if self._spares(node, asker) else APPLIES,
            asker=asker,
        )

    def _in_our_plan(self, followed: Followed, question: str, asker: Unit | None) -> Answer:
        """Whether the plan of who asks says what was shown: itself, or another clause on it."""
        node = followed.nodes[0]
        bound = precedence.plans_for(self.corpus, asker)
        if not bound or self.corpus.plan_of(node) == bound[0]:
            return self._has_ours(node, question, asker)
        before = self._subject_of(followed.kept)
        found = self.looked_up(" ".join(before), asker) if before else None
        for one in found.passages if found is not None else ():
            if one.plan == bound[0] and self.details.is_on(one.node, before):
                return self._has_ours(one.node, question, asker)
        return self._lacks(bound[0], node, question)

    def _has_ours(self, node: Node, question: str, asker: Unit | None) -> Answer:
        """That the own plan has it; where a detail is asked for that it has not, that it lacks it."""
        detail = self.details.asked(self.fold(question))
        if detail is not None and not self.details.states(node, detail):
            return replace(self._about(SILENT, (node,), question), unstated=(detail.name,))
        return replace(self._about(HAS_OURS, (node,), question), asker=asker)

    def _spares(self, node: Node, unit: Unit | None) -> bool:
        """Whether a row of a schedule concerns agencies of other levels only."""
        levels = self.concerned.get(node.id, frozenset())
        if unit is not None and unit.level is UnitLevel.SECTION:
            unit = self.corpus.units.get(unit.parent)
        return bool(levels) and unit is not None and unit.level not in levels

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


def _led_by(one: Passage, found: Answer) -> Answer:
    """An answer with one of its passages first."""
    if one == found.passages[0]:
        return replace(found, band=Band.SAID)
    others = tuple(other for other in found.passages if other != one)
    return replace(found, band=Band.SAID, passages=(one, *others), second=None, differs=())


def _typed(run: str, question: str, fold: Folder) -> str:
    """Folded letters of a question as they were typed."""
    at = fold(question).find(run)
    is_aligned = at >= 0 and len(fold(question)) == len(question)
    return question[at : at + len(run)] if is_aligned else run
