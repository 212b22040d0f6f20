"""The answer by ranking: the clauses that say best what is asked, or that the plans do not say it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from bot.plans import precedence
from bot.plans.corpus import Corpus
from bot.plans.model import NodeKind, UnitLevel
from bot.search import rank, refusal
from bot.search.counterparts import Counterparts
from bot.search.details import Details
from bot.search.editions import same_words
from bot.search.index import Index
from bot.search.intent import Intent, Reader, Shape, boost
from bot.search.lexical import Scores
from bot.search.order import CLOSE, Order, is_same_again
from bot.search.refusal import Band, Refusal
from bot.search.result import OFF_TOPIC, PASSAGES, TWICE, Answer, Kind, Passage
from bot.search.scope import Scope
from bot.search.words import Folder, Lexicon, bare

_ABOUT_ASKER = 0.5
_FAMILY = 3
_ALMOST_ALL = 0.8  # of the pairs of letters of what a question is about; the rest is wording
_BOTH = 2  # clauses on a subject of which none states what is asked
_RARE, _FEW = 4, 3
"""Letters in a row that name a subject, where no more clauses than a few have them."""
_FAR_OFF = 2.0  # from this doubt on nothing is near, and offering something would be odd


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranked:
    """Answers from the clauses that rank best.

    `mentions` are, for a unit's name, the rows of the clauses that name it; `refusal` weighs
    whether the plans say what is asked.
    """

    corpus: Corpus
    index: Index
    lexicon: Lexicon
    fold: Folder
    reader: Reader
    shape: Shape
    refusal: Refusal
    details: Details
    order: Order
    counterparts: Counterparts
    mentions: Mapping[str, list[int]]

    def answer(self, question: str, folded: str, named: Scope) -> Answer:
        """The answer to a question that stands for itself, by what it names."""
        intent = self.reader.read(folded, named)
        ranking = rank.rank(
            self.index,
            question,
            named,
            plan_words=self.lexicon.plan_words(named.rest),
            boost=boost(intent, self.shape, self._level(named)) + self._named_in(named),
        )
        order = self.order.best(question, ranking, intent, named)
        family = self._family(order, ranking) if intent.which and not intent.compare else ()
        order = order if not family else sorted(family, key=lambda row: -float(ranking.total[row]))
        if intent.which and not family and not intent.compare:
            order = self.order.for_list(order, ranking, named)
        order = self.order.own_first(order, ranking, intent, named)
        if not intent.compare and not intent.which:
            order = self.order.named_first(order, ranking, named)
        order = self.order.binding_first(order, ranking, named)
        order = self._without_others(folded, order, named)
        order, stated = self.order.stating_first(folded, order, ranking, named)
        if not intent.compare:
            order = self.order.current_first(order, ranking, named)
            order = self.order.ours_first(folded, order, ranking, named)
            order = self.order.addressed_first(order, ranking, intent, named)
            order = self.order.naming_first(order, ranking, self._naming(named))
            order = self.order.form_first(folded, order, intent, named)
        if intent.when and not intent.compare:
            order = self.order.due_first(folded, order, ranking)
        order = self.order.in_turn(order, ranking, intent)
        passages = tuple(self._passage(at, ranking) for at in order[:PASSAGES])
        is_one = intent.which and not family and self.order.stands_out(order[0], ranking, folded)
        if intent.which and not family and not intent.compare:
            passages = _without_strangers(passages, named)
        differs = self.counterparts.differing(passages[0], ranking, named) if passages else ()
        doubt = self.refusal.doubt(folded, ranking, intent, named, self.corpus)
        band = Band.SAID if doubt < stated else refusal.band(doubt)
        if band is Band.NEAR and self._says_it(folded, order[0]):
            band = Band.SAID
        is_off = (
            band is Band.NOT_SAID
            and self.refusal.is_off_topic(ranking)
            and not self._names_rarely(folded, order)
        )
        is_meant = band is Band.NOT_SAID and self.order.stands_out(order[0], ranking)
        if is_meant and not is_off and doubt < refusal.FAR_FROM:
            band = Band.NEAR if self.refusal.may_be_nearly(folded, order[0]) else band
        if band is Band.NOT_SAID:
            near = () if doubt >= _FAR_OFF or is_off else _worth_offering(passages)
            found = Answer(
                question=question,
                kind=Kind.UNKNOWN,
                band=band,
                nearest=near[:1] if is_meant else near,
                topic=OFF_TOPIC if is_off else "",
                unstated=tuple(self.refusal.unstated(folded, order[:2])),
                doubt=doubt,
            )
            return self._on_subject(folded, found, is_meant=is_meant)
        kind, lacking, topic = self._kind(intent, passages), None, "family" if family else ""
        kind = Kind.CLAUSE if is_one and kind is Kind.LIST else kind
        if kind is Kind.COMPARE:
            passages, lacking, topic = self.counterparts.set_apart(question, passages, ranking)
        second = self._second(passages, differs, intent, named)
        if second is not None and self.order.is_less_ours(
            folded, second.node, passages[0].node, named
        ):
            second = None
        if second is not None and is_same_again(passages[0].node, second.node):
            kind, topic, family = Kind.DEADLINE, TWICE, tuple(order[:2])
        shown = [passages[0], *([second] if second else []), *differs]
        unstated, vaguely = self.details.lacking(
            folded, [one.node for one in shown], listed=kind is Kind.LIST
        )
        return Answer(
            question=question,
            kind=kind,
            band=band,
            passages=passages,
            lacking=lacking,
            shown=tuple(self.index.nodes[row] for row in sorted(family)),
            plan=passages[0].plan if passages else None,
            topic=topic,
            heading=self.corpus.nodes.get(passages[0].node.parent or "") if family else None,
            second=second,
            differs=differs,
            unstated=unstated,
            vaguely=vaguely,
            doubt=doubt,
        )

    def _says_it(self, folded: str, row: int) -> bool:
        """Whether a clause has the words of what a question is about, and states all details that
        it asks for."""
        node = self.index.nodes[row]
        runs = tuple(run for run in self.details.subject(folded) if len(run) > 1)
        if all(self.details.is_light(run) for run in runs) or self.refusal.unstated(folded, [row]):
            return False
        is_told = all(self.details.states(node, one) for one in self.details.all_asked(folded))
        return is_told and self.details.share(node, runs) >= _ALMOST_ALL

    def _on_subject(self, folded: str, found: Answer, *, is_meant: bool) -> Answer:
        """A refusal that says what is not stated, by the clauses that are on the subject alone.

        Those are the one that is meant, else those that name all of the subject.
        """
        runs = self.details.subject(folded)
        has_subject = not all(self.details.is_light(run) for run in runs)
        near = [
            one
            for one in found.nearest
            if is_meant or (has_subject and self.details.names(one.node, runs))
        ]
        if not near:
            return found
        stated, rest = self.details.stated(folded, near[0].node)
        nodes = [one.node for one in near]
        lacking, vaguely = self.details.lacking(folded, nodes)
        rows = [self.index.row[node.id] for node in nodes]
        unstated = (*lacking, *self.refusal.unstated(rest, rows))
        if not unstated:
            return found
        return replace(
            found,
            nearest=tuple(near[:_BOTH]),
            on_subject=True,
            stated=stated,
            unstated=unstated,
            vaguely=vaguely if len(unstated) == 1 else "",
        )

    def _second(
        self,
        passages: Sequence[Passage],
        differs: Sequence[Passage],
        intent: Intent,
        named: Scope,
    ) -> Passage | None:
        """The second passage, when it is so near that it may be the one that was meant.

        Not one that is shown anyway because it says otherwise, nor the first time of what is done
        twice where the second is asked for, nor one of an older edition where no year is named.
        """
        if len(passages) < 2:
            return None
        first, second = passages[:2]
        if is_same_again(first.node, second.node):
            return None if intent.turn else second
        is_old = precedence.is_superseded(self.corpus, second.plan) and not named.years
        if is_old or first.score - second.score > CLOSE:
            return None
        if self.order.is_for_others(second.node, first.node, intent, named):
            return None
        shown = (first.node, *(one.node for one in differs))
        return None if any(same_words(second.node, one) for one in shown) else second

    def _kind(self, intent: Intent, passages: Sequence[Passage]) -> Kind:
        if not passages:
            return Kind.UNKNOWN
        node = passages[0].node
        if intent.compare and passages[0].plan != passages[min(1, len(passages) - 1)].plan:
            return Kind.COMPARE
        if node.kind is NodeKind.FORM:
            return Kind.FORMAT
        if intent.when and self.shape.dated[self.index.row[node.id]]:
            return Kind.DEADLINE
        if intent.who:
            return Kind.UNIT
        return Kind.LIST if intent.which else Kind.CLAUSE

    def _family(self, order: list[int], ranking: rank.Ranking) -> tuple[int, ...]:
        """All clauses under one heading, when at least three of the five best stand there.

        Who asks for several things gets them complete, not the five that rank best.
        """
        parents = [self.index.nodes[row].parent for row in order]
        parent = parents[0] if parents else None
        if (
            parent is None
            or parents.count(parent) < _FAMILY
            or len(self.corpus.nodes[parent].segments) < 3
        ):
            return ()
        return tuple(
            self.index.row[leaf.id] for leaf in self.corpus.leaves(self.corpus.nodes[parent])
        )

    def _without_others(self, folded: str, order: list[int], named: Scope) -> list[int]:
        """The rows with those that name other districts behind the rest, where a district office
        asks and names none of them."""
        asker = named.asker
        if asker is None or asker.level is not UnitLevel.DISTRICT_OFFICE or named.named:
            return order
        own = set(self.mentions.get(asker.name, []))
        units = [one for one in self.corpus.units if one.level is UnitLevel.DISTRICT_OFFICE]
        places = [self.fold(one.name.removesuffix("區公所")) for one in units]
        if any(one in folded for one in (*places, self.fold("他們"))):
            return order
        theirs = {row for one in units for row in self.mentions.get(one.name, [])} - own
        return sorted(order, key=lambda row: row in theirs)

    def _names_rarely(self, folded: str, order: Sequence[int]) -> bool:
        """Whether a leading clause has words of the question that few clauses have.

        They are four letters in a row, or the plans' words for an everyday word. Such a question
        is about what the plans are about, even where they do not answer it.
        """
        text = self.lexicon.content(folded)
        runs = {text[at : at + _RARE] for at in range(len(text) - _RARE + 1)}
        runs = {run for run in runs if bare(run) == run}
        runs |= {one for one in self.lexicon.plan_words(folded) if len(one) >= _RARE}
        said = [self.fold(node.words) for node in self.index.nodes]
        rare = {run for run in runs if 0 < sum(run in one for one in said) <= _FEW}
        return any(run in said[row] for run in rare for row in order[:2])

    def _named_in(self, named: Scope) -> Scores:
        """What speaks for clauses that name the asker, such as 警察局 in the city's plan."""
        total = np.zeros(len(self.index.nodes), dtype=np.float32)
        total[self._naming(named)] = _ABOUT_ASKER
        return total

    def _naming(self, named: Scope) -> list[int]:
        """The rows of the clauses that name the asker."""
        return self.mentions.get(named.asker.name, []) if named.asker else []

    def _level(self, named: Scope) -> UnitLevel | None:
        """The level of whose dates are meant; a section's are its agency's."""
        unit = named.home(self.corpus)
        if unit is not None and unit.level is UnitLevel.SECTION:
            unit = self.corpus.units.get(unit.parent)
        return unit.level if unit else None

    def _passage(self, row: int, ranking: rank.Ranking) -> Passage:
        node = self.index.nodes[row]
        return Passage(node=node, plan=self.corpus.plan_of(node), score=float(ranking.total[row]))


def _worth_offering(passages: Sequence[Passage]) -> tuple[Passage, ...]:
    """The nearest clauses that a person may want to read; forms and approval lines are not.

    Of two editions that say the same the nearer one.
    """
    found: list[Passage] = []
    for one in passages:
        is_said = any(same_words(one.node, other.node) for other in found)
        if one.node.kind in (NodeKind.CLAUSE, NodeKind.SCHEDULE) and not is_said:
            found.append(one)
    return tuple(found[:3])


def _without_strangers(passages: tuple[Passage, ...], named: Scope) -> tuple[Passage, ...]:
    """Of the clauses of a list those that belong into it.

    The first stays; of two that say the same the first; none from a goal or an approval line
    beside duties; of other years none where a year is named.
    """
    duties = [one for one in passages if one.node.segments[0] == passages[0].node.segments[0]]
    of_year = [one for one in duties if one.plan.year in named.years]
    kept: list[Passage] = []
    for one in of_year or duties:
        if not any(same_words(one.node, other.node) for other in kept):
            kept.append(one)
    return tuple(kept)
