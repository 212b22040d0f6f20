"""A question's answer: found in the plans, never written.

Order: small talk; what the conversation makes of a short question; what curators taught; what the
plans' structure says; ranking; and last whether the plans say it at all.
"""

from __future__ import annotations

import gc
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np

from bot import metrics
from bot.clock import monotonic
from bot.plans import corpus as plans_corpus
from bot.plans import deadlines, precedence, roc, schedule_data
from bot.plans.corpus import Corpus
from bot.plans.deadlines import Adjustment, Deadline, DeadlineKind, Duty, Rule, Schedules
from bot.plans.model import Node, NodeKind, Plan, RocYear, Unit, UnitLevel
from bot.search import encoders as encoders_module
from bot.search import index as index_module
from bot.search import outside as outside_module
from bot.search import phrasings as phrasings_module
from bot.search import rank, refusal, scope
from bot.search.against import Against
from bot.search.changes import Changes
from bot.search.curated import Curated, Taught
from bot.search.details import Details
from bot.search.editions import Difference, Editions, same_words
from bot.search.elliptic import BY_WORDS, WITH_MEANING, Elliptic
from bot.search.encoders import Encoder
from bot.search.follow import Follower, Previous
from bot.search.index import Index
from bot.search.intent import Intent, Reader, Shape, boost
from bot.search.lexical import Scores
from bot.search.periods import Asked, Periods
from bot.search.phrasings import Phrasings
from bot.search.refusal import Band, Refusal
from bot.search.rerank import CANDIDATES, Clause, Reranker
from bot.search.result import (
    ERRAND,
    LATE,
    OFF_TOPIC,
    PASSAGES,
    PERIOD,
    TAUGHT,
    Answer,
    Kind,
    Passage,
)
from bot.search.scope import Names, Scope
from bot.search.shown import Shown
from bot.search.structure import Found, Structure, is_alone
from bot.search.talked import WRITERS, Talked
from bot.search.words import Folder, Lexicon, bare

__all__ = ["LATE", "Answer", "Answerer", "Kind", "Passage", "load"]

LONGEST, TOO_LONG = 300, 1_000
"""Characters of a question that are read, and from which on a message is no question at all."""

FAMILY = 3


class Answerer:
    """Answers questions from a corpus; safe to use from several threads."""

    def __init__(
        self,
        corpus: Corpus,
        index: Index,
        phrasings: Phrasings,
        refusal: Refusal,
        lexicon: Lexicon,
        shape: Shape,
        schedules: Schedules,
        reranker: Reranker | None = None,
    ) -> None:
        self._reranker = reranker
        self.corpus = corpus
        self.index = index
        self.phrasings = phrasings
        self._fold = index.fold
        self._lexicon = lexicon
        self._refusal = refusal
        self._names = Names(corpus, index.fold)
        self._reader = Reader(corpus, index.fold)
        self._shape = shape
        self._schedules = schedules
        self._structure = Structure(corpus, index.fold, lexicon)
        self._follower = Follower(corpus, self._names, lexicon, index.fold)
        self._curated = Curated.none()
        self._editions = Editions(corpus, phrasings)
        self._mentions = _mentions(corpus, index)
        self._plans_asked = re.compile(index.fold("計畫|提報|成果|報告|參獎|申請書|要交"))
        self._must_we = re.compile(index.fold(_MUST_WE))
        self._details = Details(index.fold, lexicon)
        self._periods = Periods(index.fold)
        shown = Shown(
            corpus=corpus, details=self._details, names=self._names, fold=index.fold,
            looked_up=self._looked_up,
        )  # fmt: skip
        strength = WITH_MEANING if index.meaning else BY_WORDS
        elliptic = Elliptic(shown=shown, strength=strength, is_word=refusal.stands_in_plans)
        self._talked = Talked(
            shown, elliptic, self._editions, self._rule_of, concerned=_concerned(schedules)
        )
        self._changes = Changes(
            corpus=corpus, editions=self._editions, details=self._details, names=self._names,
            lexicon=lexicon, fold=index.fold, looked_up=self._looked_up,
        )  # fmt: skip
        self._against = Against(
            corpus=corpus, index=index, details=self._details, editions=self._editions,
            structure=self._structure, names=self._names, lexicon=lexicon, fold=index.fold, looked_up=self._looked_up,
        )  # fmt: skip
        self._city = next(one for one in corpus.units if one.level is UnitLevel.CITY)

    @property
    def encoders(self) -> tuple[str, ...]:
        """The names of the encoders in use."""
        meaning = self.index.meaning
        return tuple(one.name for one in meaning.encoders) if meaning else ()

    @property
    def small_talk(self) -> frozenset[str]:
        """The topics of small talk."""
        return frozenset(self._lexicon.small_talk.parts)

    @property
    def taught_version(self) -> int:
        """The version of the curators' teaching that is in use."""
        return self._curated.version

    def teach(self, taught: Sequence[Taught], version: int) -> None:
        """Use what curators taught from the next question on, in place of the teaching before."""
        self._curated = Curated.of(taught, version, self.index, self._fold)

    def answer(
        self,
        question: str,
        *,
        unit: str | None,
        today: date,
        previous: Previous | None = None,
        moves: Sequence[Adjustment] = (),
    ) -> Answer:
        """The answer to one question.

        Args:
            question: as typed.
            unit: who asks, a name or alias of units.yaml; unknown names count as nobody.
            today: the date in Taipei.
            previous: what the conversation was about, for short questions.
            moves: deadlines that administrators moved.
        """
        began = monotonic()
        asker = self.corpus.units.get(unit)
        asked = question.strip()
        if len(asked) > TOO_LONG:
            found = Answer(question="", kind=Kind.SMALLTALK, topic="too_long")
        else:
            found = self._of_period(asked[:LONGEST], asker, today, moves) or self._answer(
                asked[:LONGEST], asker, previous
            )
        found = replace(
            found,
            deadlines=found.deadlines or self._dates(found, asked, asker, previous, today, moves),
            dates_of=self._whose_dates(found.question or asked, asker)[1],
        )
        took = monotonic() - began
        metrics.answers.labels(found.kind.value).inc()
        metrics.answer_seconds.observe(took)
        return replace(found, asker=asker, today=today, took_ms=took * 1000)

    def duties(self, unit: Unit) -> Answer:
        """All duties of a unit."""
        nothing = Scope(asker=unit, years=(), named=(), rest="")
        found = self._structure.duties(unit, nothing)
        if found is None or not found.nodes:
            return Answer(question="", kind=Kind.UNKNOWN, band=Band.NOT_SAID, unit=unit)
        return self._structured(found, "")

    def differences(self, node: Node) -> tuple[Difference, ...]:
        """What became of each clause of a clause's plan from one edition to the next."""
        return self._changes.of(self.corpus.plan_of(node))

    def knows(self, words: str) -> bool:
        """Whether words name something of the plans, and are neither small talk nor a sentence."""
        short = bare(self._fold(words))
        named = bare(self._lexicon.content(self._fold(words)))
        if len(named) < 2 or self._small_talk(short):
            return False
        told = (*self._lexicon.plan_words(named), named)
        return any(word in self._fold(node.words) for node in self.index.nodes for word in told)

    def passage(self, node: Node, score: float = 1.0) -> Passage:
        """A node as a passage."""
        return Passage(node=node, plan=self.corpus.plan_of(node), score=score)

    def on_subject(self, question: str, clauses: Sequence[str]) -> list[Node]:
        """Of some clauses those on what a question names; all where none is, or it names nothing.

        Args:
            clauses: their ids; those that no plan has are left out.
        """
        nodes = [self.corpus.nodes[one] for one in clauses if one in self.corpus.nodes]
        runs = tuple(run for run in self._details.subject(self._fold(question)) if len(run) > 1)
        return [one for one in nodes if self._details.is_on(one, runs)] or nodes

    def rank_among(self, question: str, nodes: Sequence[str]) -> list[tuple[str, float]]:
        """Some clauses by how well they say what a text names, best first.

        Args:
            question: as typed.
            nodes: the clauses' ids; those that no plan has are left out.

        Returns:
            Each id with its content score, which knows nothing of whose plan it is.
        """
        named = scope.read(question, None, self._names, self.corpus, self._fold)
        ranking = rank.rank(
            self.index, question, named, plan_words=self._lexicon.plan_words(named.rest)
        )
        rows = {one: self.index.row[one] for one in nodes if one in self.index.row}
        scores = ((one, float(ranking.content[row])) for one, row in rows.items())
        return sorted(scores, key=lambda one: -one[1])

    def _dates(
        self,
        found: Answer,
        asked: str,
        asker: Unit | None,
        previous: Previous | None,
        today: date,
        moves: Sequence[Adjustment],
    ) -> tuple[Deadline, ...]:
        """The dates, in the running cycle, of the clauses that were found.

        They are those of the unit or the kind of agency that the question is about, else the
        asker's own; where nobody is known to ask, the city's.
        """
        if found.topic in ("when", LATE) and previous is not None and previous.deadlines:
            same = (
                deadlines.deadline_of(self._schedules, one, moves) for one in previous.deadlines
            )
            return tuple(one for one in same if one is not None)
        whose, _ = self._whose_dates(found.question or asked, asker)
        own = [
            one
            for year in deadlines.running_cycles(today)
            for one in deadlines.deadlines_of(self._schedules, whose, year, moves)
        ]
        for clauses in _by_turns(found, previous):
            dates = tuple(one for one in own if _speaks_of(one, clauses))
            if dates:
                return dates
        return ()

    def _of_period(
        self, question: str, asker: Unit | None, today: date, moves: Sequence[Adjustment]
    ) -> Answer | None:
        """All dates that fall into a time, where a question asks for no more than that."""
        folded = scope.without_units(self._fold(question), self._names)
        asked = self._periods.read(folded, today)
        if asked is None:
            return None
        whose, _ = self._whose_dates(question, asker)
        year = roc.from_western(asked.start.year)
        found = [
            one
            for cycle in ((year,) if asked.is_year else (RocYear(year - 1), year))
            for one in deadlines.deadlines_of(self._schedules, whose, cycle, moves)
            if _falls_into(one, asked)
        ]
        clauses = dict.fromkeys(one.source.clause for one in found)
        nodes = tuple(self.corpus.nodes[one] for one in clauses if one in self.corpus.nodes)
        if not nodes:
            return None
        return Answer(
            question=question,
            kind=Kind.LIST,
            passages=tuple(self.passage(node) for node in nodes[:PASSAGES]),
            shown=nodes,
            deadlines=tuple(found),
            topic=PERIOD,
            plan=self.corpus.plan_of(nodes[0]),
            period=f"{roc.from_western(asked.start.year)}年{asked.name}" if asked.name else "",
        )

    def _whose_dates(self, question: str, asker: Unit | None) -> tuple[Unit, str]:
        """Whose dates a question asks for, and their name where they are not the asker's own.

        Of a kind of office any one of it, for the dates of all are the same.
        """
        named = scope.read(question, asker, self._names, self.corpus, self._fold)
        own = deadlines.duty_bearer(self.corpus.units, asker) if asker else None
        unit = next((one for one in named.named if one.level in WRITERS), own)
        level = self._reader.whose(self._fold(question), named)
        if unit is not None and (level is None or unit.level is level):
            return unit, "" if unit == asker else unit.name
        if level is None:
            return self._city, ""
        if level is UnitLevel.AGENCY and unit is not None:
            above = self.corpus.units.above(unit)
            agency = next((one for one in above if one.level is level), None)
            return (agency, agency.name) if agency else (unit, "")
        return self._any_below(unit, named.kind) or (own or self._city, "")

    def _any_below(self, unit: Unit | None, kind: str) -> tuple[Unit, str] | None:
        """An office below a unit (of the city, where none is given), and what all of them are called.

        Not one with a plan of its own, whose dates may differ from the others'.
        """
        offices = (one for one in self.corpus.units if one.level is UnitLevel.SUBORDINATE)
        alike = [one for one in offices if one.name.endswith(kind)
                 and not precedence.own_plans(self.corpus, one)]  # fmt: skip
        is_agency = unit is not None and unit.level is UnitLevel.AGENCY
        below = [one for one in alike if unit is not None and one.parent == unit.name]
        if is_agency and not below and not kind:
            return None
        found = below or alike
        return (found[0], kind or (OFFICES_BELOW if is_agency else OFFICES)) if found else None

    def _answer(self, question: str, asker: Unit | None, previous: Previous | None) -> Answer:
        topic = self._small_talk(self._letters(question))
        if topic:
            return Answer(question=question, kind=Kind.SMALLTALK, topic=topic)
        question = self._lexicon.small_talk.asked(question, self._letters)
        if self._lexicon.errands.has(self._letters(question)):
            return Answer(question=question, kind=Kind.UNKNOWN, band=Band.NOT_SAID, topic=ERRAND)
        return self._in_talk(question, asker, previous) or self._looked_up(question, asker)

    def _letters(self, text: str) -> str:
        return bare(self._fold(text))

    def _in_talk(
        self, question: str, asker: Unit | None, previous: Previous | None
    ) -> Answer | None:
        """What the conversation makes of a question; None when it stands for itself."""
        if previous is not None:
            question, previous = self._follower.narrowed(question, previous)
        compared = self._changes.answer(question, asker, previous) or self._against.answer(
            question, asker, previous
        )
        if compared is not None:
            return compared
        followed = self._follower.follow(question, previous)
        if followed is not None and followed.what == "asks" and followed.unit is None:
            compared = self._changes.on_subject(followed.question, asker)
            if compared is not None:
                return compared
        if previous is not None:
            return self._talked.answer(followed, question, asker, previous)
        return self._talked.followed(followed, question, asker) if followed else None

    def _small_talk(self, short: str) -> str:
        """The topic of words that ask nothing of the plans, else nothing."""
        return self._lexicon.small_talk.topic_of(short) if short else "empty"

    def _looked_up(self, question: str, asker: Unit | None) -> Answer:
        """The answer to a question that stands for itself."""
        folded = self._fold(question)
        named = scope.read(question, asker, self._names, self.corpus, self._fold)
        found = (
            self._taught(question)
            or self._without_plan(question, folded, named)
            or self._rule_for_asker(question, folded, named)
            or self._by_structure(question, folded, named)
            or self._by_ranking(question, folded, named)
        )
        if found.kind is Kind.UNKNOWN and not found.topic:
            found = self._first_of_several(question, folded, asker) or found
        planless = self._planless(folded, named)
        if planless is None or found.turned_to or self._speaks_of(found, planless):
            return found
        return replace(found, turned_to=planless)

    def _first_of_several(self, question: str, folded: str, asker: Unit | None) -> Answer | None:
        """The answer to the first of several questions, where it is clear, with what it lacks."""
        parts = [part for part in _PARTS.split(question) if part.strip()]
        if len(parts) < 2 or not all(_ASKS.search(self._fold(part)) for part in parts):
            return None
        first = self._looked_up(parts[0], asker)
        lacking = self._details.lacking(folded, [one.node for one in first.passages[:1]])
        if not lacking or first.band is not Band.SAID or first.doubt > CLEAR:
            return None
        return replace(first, question=question, unstated=lacking)

    def _speaks_of(self, found: Answer, unit: Unit) -> bool:
        """Whether the clause that was found names the unit itself."""
        rows = [self.index.row[one.node.id] for one in found.passages[:1]]
        return any(row in self._mentions.get(unit.name, []) for row in rows)

    def _without_plan(self, question: str, folded: str, named: Scope) -> Answer | None:
        """That the plan of the agency that is asked about is not loaded."""
        if not refusal.is_about_a_missing_plan(folded, named, self.corpus):
            return None
        unit = next(
            one
            for one in named.named
            if one.level in WRITERS and not precedence.own_plans(self.corpus, one)
        )
        bound = precedence.plans_for(self.corpus, unit)
        own = self._rule_of(unit, folded)
        if own is not None:
            return replace(own, question=question)
        return Answer(
            question=question,
            kind=Kind.UNKNOWN,
            band=Band.NOT_SAID,
            topic="no_plan",
            turned_to=unit,
            plan=bound[0] if bound else None,
        )

    def _rule_for_asker(self, question: str, folded: str, named: Scope) -> Answer | None:
        """What the city's plan says of the asker's own plan, where it asks whether it needs one."""
        if named.asker is None or named.named or not self._must_we.search(folded):
            return None
        own = self._rule_of(named.asker, folded)
        return None if own is None else replace(own, question=question)

    def _rule_of(self, unit: Unit, folded: str) -> Answer | None:
        """What the city's plan says of this very unit's plan, such as that 警察局 hands in none."""
        nodes = [self.index.nodes[row] for row in self._mentions.get(unit.name, [])]
        about = [node for node in nodes if self._fold("計畫") in self._fold(node.words)]
        if not about or not self._plans_asked.search(folded):
            return None
        first = self.passage(about[0])
        return Answer(question="", kind=Kind.CLAUSE, passages=(first,), plan=first.plan)

    def _planless(self, folded: str, named: Scope) -> Unit | None:
        """The unit with which a question begins, when its own plan is not loaded."""
        found = self._names.find(folded)
        if not found or found[0][1] > 0 or found[0][0] not in named.named:
            return None
        unit = found[0][0]
        if unit == named.asker or unit.level in (UnitLevel.CITY, UnitLevel.RDEC, UnitLevel.SECTION):
            return None
        return None if precedence.own_plans(self.corpus, unit) else unit

    def _taught(self, question: str) -> Answer | None:
        """What curators taught for this very question, or one that means the same."""
        taught = self._curated.match(question, self.index)
        if taught is None:
            return None
        nodes = [self.corpus.nodes[one] for one in taught.clauses if one in self.corpus.nodes]
        if not nodes and not taught.faq:
            topic = "" if taught.clauses else "outside"
            return Answer(question=question, kind=Kind.UNKNOWN, band=Band.NOT_SAID, topic=topic)
        return Answer(
            question=question,
            kind=Kind.CLAUSE,
            passages=tuple(self.passage(node) for node in nodes[:PASSAGES]),
            faq=taught.faq,
            topic="faq" if taught.faq else TAUGHT,
        )

    def _by_structure(self, question: str, folded: str, named: Scope) -> Answer | None:
        intent = self._reader.read(folded, named)
        if intent.compare and len(self._compared(named)) > 1:
            return None
        several = self._structure.duties_of_several(folded, named)
        if several:
            return self._in_parts([self._structured(one, question) for one in several])
        found = self._structure.find(folded, named)
        return self._structured(found, question) if found else None

    def _names_it(self, node: Node, unit: Unit) -> bool:
        """Whether the clause names the unit itself, not only a group with it."""
        return any(self.corpus.units.get(one) == unit for one in node.units)

    def _in_parts(self, parts: Sequence[Answer]) -> Answer:
        """One answer of several lists; its passages are the first of each, in turns."""
        turns = [part.passages[place : place + 1] for place in range(PASSAGES) for part in parts]
        passages = {one.node.id: one for turn in turns for one in turn}
        return replace(parts[-1], passages=tuple(passages.values())[:PASSAGES], parts=tuple(parts))

    def _structured(self, found: Found, question: str) -> Answer:
        nodes = shown = found.nodes
        if found.topic == "duties" and found.unit and found.unit.level is UnitLevel.SECTION:
            unit = found.unit
            own = {node.id: self._names_it(node, unit) for node in nodes}
            nodes = tuple(sorted(nodes, key=lambda node: (not own[node.id], len(node.units))))
            chapters = list(dict.fromkeys(_chapter(node) for node in shown))

            def place(node: Node) -> tuple[bool, int, bool]:
                shared = not is_alone(self.corpus, node, unit)
                return shared, chapters.index(_chapter(node)), not own[node.id]

            shown = tuple(sorted(shown, key=place))
        return Answer(
            question=question,
            kind=Kind.CLAUSE if found.topic == "path" and len(nodes) == 1 else Kind.LIST,
            passages=tuple(self.passage(node) for node in nodes[:PASSAGES]),
            shown=shown,
            topic=found.topic,
            heading=found.heading,
            plan=found.plan,
            unit=found.unit,
        )

    def _by_ranking(self, question: str, folded: str, named: Scope) -> Answer:
        intent = self._reader.read(folded, named)
        ranking = rank.rank(
            self.index,
            question,
            named,
            plan_words=self._lexicon.plan_words(named.rest),
            boost=boost(intent, self._shape, self._level(named)) + self._named_in(named),
        )
        order = self._order(question, ranking, intent, named)
        family = self._family(order, ranking) if intent.which and not intent.compare else ()
        order = order if not family else sorted(family, key=lambda row: -float(ranking.total[row]))
        if intent.which and not family and not intent.compare:
            order = self._for_list(order, ranking, named)
        order = self._own_first(order, ranking, intent, named)
        order = self._binding_first(order, ranking, named)
        order, stated = self._stating_first(folded, order)
        order = self._in_turn(order, ranking, intent)
        passages = tuple(
            self.passage(self.index.nodes[at], float(ranking.total[at])) for at in order[:PASSAGES]
        )
        if intent.which and not family and not intent.compare:
            passages = _without_strangers(passages, named)
        differs = self._differing(passages[0], ranking, named) if passages else ()
        doubt = self._refusal.doubt(folded, ranking, intent, named, self.corpus)
        band = Band.SAID if doubt < stated else refusal.band(doubt)
        if band is Band.NOT_SAID:
            is_off = self._refusal.is_off_topic(ranking) and not self._names_rarely(folded, order)
            return Answer(
                question=question,
                kind=Kind.UNKNOWN,
                band=band,
                nearest=_worth_offering(passages) if doubt < FAR_OFF and not is_off else (),
                topic=OFF_TOPIC if is_off else "",
                unstated=tuple(self._refusal.unstated(folded, order[:2])),
                doubt=doubt,
            )
        kind, lacking, topic = self._kind(intent, passages), None, "family" if family else ""
        if kind is Kind.COMPARE:
            passages, lacking, topic = self._set_apart(question, passages, ranking)
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
            second=(second := _second(passages, differs, intent)),
            differs=differs,
            unstated=self._lacking(folded, passages[0], second, differs),
            doubt=doubt,
        )

    def _lacking(
        self, folded: str, first: Passage, second: Passage | None, differs: Sequence[Passage]
    ) -> tuple[str, ...]:
        """What the question asks for besides and nothing that is shown states."""
        shown = [first, *([second] if second else []), *differs]
        return self._details.lacking(folded, [one.node for one in shown])

    def _own_first(
        self, order: list[int], ranking: rank.Ranking, intent: Intent, named: Scope
    ) -> list[int]:
        """The rows with one of the asker's own plan first, where that fits about as well.

        One without a date does not go before one with a date where that is asked for.
        """
        own = precedence.plans_for(self.corpus, named.asker)[:1] if named.asker else ()
        if not own or named.named or named.years or named.kind:
            return order
        if self._shape.form[order[0]]:
            return order
        best = float(ranking.total[order[0]]) - CLOSE
        for row in order:
            is_undated = intent.when and self._shape.dated[order[0]] > self._shape.dated[row]
            if is_undated or float(ranking.total[row]) < best:
                continue
            if self.index.nodes[row].plan_id == own[0].id:
                return [row, *(one for one in order if one != row)]
        return order

    def _binding_first(self, order: list[int], ranking: rank.Ranking, named: Scope) -> list[int]:
        """The rows with one of a plan that binds the asker first, where that fits about as well."""
        asker = named.asker
        if asker is None or named.named or named.years or named.kind:
            return order
        best = float(ranking.total[order[0]]) - CLOSE
        bound = [row for row in order if precedence.binds(self.corpus, self._plan_at(row), asker)]
        if not bound or float(ranking.total[bound[0]]) < best:
            return order
        return [bound[0], *(row for row in order if row != bound[0])]

    def _plan_at(self, row: int) -> Plan:
        return self.corpus.plan_of(self.index.nodes[row])

    def _for_list(self, order: list[int], ranking: rank.Ranking, named: Scope) -> list[int]:
        """Rows for a list: none of an older edition, the asker's own first where they are near.

        Another unit's only where nothing that binds the asker is near.
        """
        if not named.years:
            newer = [row for row in order if not self._is_old(row)]
            order = newer or order
        if named.asker is None or named.named or named.kind or named.years:
            return order
        chain = precedence.plans_for(self.corpus, named.asker)
        best = float(ranking.total[order[0]]) - NEAR_IN_LIST
        near = [row for row in order if float(ranking.total[row]) >= best]
        bound = [row for row in near if self._plan_at(row) in chain]
        own = [row for row in bound if self._plan_at(row) == chain[0]]
        if not bound:
            return order
        return list(
            dict.fromkeys([*own, *bound, *(row for row in order if self._plan_at(row) in chain)])
        )

    def _is_old(self, row: int) -> bool:
        return precedence.is_superseded(self.corpus, self._plan_at(row))

    def _in_turn(self, order: list[int], ranking: rank.Ranking, intent: Intent) -> list[int]:
        """Of rows of one schedule that fit alike, or are one thing done twice, the earlier first."""
        first = self.index.nodes[order[0]]
        if intent.turn or first.kind is not NodeKind.SCHEDULE:
            return order
        for place, row in enumerate(order[1:STATING], start=1):
            other = self.index.nodes[row]
            if _is_same_again(first, other):
                rest = [one for one in order[1:] if one != row]
                both = [order[0], row] if first.order < other.order else [row, order[0]]
                return [*both, *rest]
            is_alike = float(ranking.total[order[0]] - ranking.total[row]) <= CLOSE
            is_next = place == 1 and other.kind is NodeKind.SCHEDULE
            if is_next and is_alike and first.plan_id == other.plan_id:
                return order if first.order < other.order else [row, order[0], *order[2:]]
        return order

    def _stating_first(self, folded: str, order: list[int]) -> tuple[list[int], float]:
        """The rows with one on the subject that states the detail first, and up to which doubt it answers.

        Details that decide (what to bring, an amount, an age, a day of the week) bring a clause
        forward; of the others one of the first two clauses answers, where it states what is asked.
        """
        detail = self._details.asked(folded)
        runs = tuple(one for one in self._details.subject(folded) if len(one) > 1)
        if detail is None or not runs:
            return order, NEVER
        for row in order[: STATING if detail.decides else 2]:
            node = self.index.nodes[row]
            is_stated = self._details.states(node, detail) and not self._refusal.unstated(
                folded, [row]
            )
            share = self._details.share(node, runs)
            if detail.decides and self._details.states(node, detail) and share >= ON_SUBJECT:
                return [row, *(one for one in order if one != row)], STATED
            if not detail.decides and is_stated and share == 1:
                return [row, *(one for one in order if one != row)], STATED_FULLY
        return order, NEVER

    def _names_rarely(self, folded: str, order: Sequence[int]) -> bool:
        """Whether a leading clause has words of the question that few clauses have.

        They are four letters in a row, or the plans' words for an everyday word. Such a question
        is about what the plans are about, even where they do not answer it.
        """
        text = self._lexicon.content(folded)
        runs = {text[at : at + RARE] for at in range(len(text) - RARE + 1)}
        runs = {run for run in runs if bare(run) == run}
        runs |= {one for one in self._lexicon.plan_words(folded) if len(one) >= RARE}
        said = [self._fold(node.words) for node in self.index.nodes]
        rare = {run for run in runs if 0 < sum(run in one for one in said) <= FEW}
        return any(run in said[row] for run in rare for row in order[:2])

    def _named_in(self, named: Scope) -> Scores:
        """What speaks for clauses that name the asker, such as 警察局 in the city's plan."""
        rows = self._mentions.get(named.asker.name, []) if named.asker else []
        total = np.zeros(len(self.index.nodes), dtype=np.float32)
        total[rows] = ABOUT_ASKER
        return total

    def _level(self, named: Scope) -> UnitLevel | None:
        """The level of whose dates are meant; a section's are its agency's."""
        unit = named.home(self.corpus)
        if unit is not None and unit.level is UnitLevel.SECTION:
            unit = self.corpus.units.get(unit.parent)
        return unit.level if unit else None

    def _order(
        self, question: str, ranking: rank.Ranking, intent: Intent, named: Scope
    ) -> list[int]:
        """The rows of the best nodes, at most five; a heading gives way to its clauses."""
        plans = self._compared(named) if intent.compare else ()
        if len(plans) > 1:
            return self._best_of_each(ranking, plans)
        wanted = PASSAGES if self._reranker is None else CANDIDATES
        chosen: list[int] = []
        for at in np.argsort(-ranking.total)[: 4 * wanted]:
            for row in self._leaves(int(at), ranking):
                if row not in chosen:
                    chosen.append(row)
            if len(chosen) >= wanted:
                break
        return self._reordered(question, chosen[:wanted])[:PASSAGES]

    def _reordered(self, question: str, rows: list[int]) -> list[int]:
        """The rows as the agency's own model orders them, where one is set up and answers."""
        if self._reranker is None:
            return rows
        nodes = [self.index.nodes[row] for row in rows]
        clauses = [Clause(id=node.id, words=node.label + node.words) for node in nodes]
        order = self._reranker.order(question, clauses)
        return rows if order is None else [self.index.row[one] for one in order]

    def _leaves(self, at: int, ranking: rank.Ranking) -> list[int]:
        node = self.index.nodes[at]
        if node.kind is not NodeKind.HEADING:
            return [at]
        rows = [
            self.index.row[leaf.id]
            for leaf in self.corpus.leaves(node)
            if leaf.kind is not NodeKind.HEADING
        ]
        return sorted(rows, key=lambda row: -float(ranking.total[row]))[:3]

    def _family(self, order: list[int], ranking: rank.Ranking) -> tuple[int, ...]:
        """All clauses under one heading, when at least three of the five best stand there.

        Who asks for several things gets them complete, not the five that rank best.
        """
        parents = [self.index.nodes[row].parent for row in order]
        parent = parents[0] if parents else None
        if (
            parent is None
            or parents.count(parent) < FAMILY
            or len(self.corpus.nodes[parent].segments) < 3
        ):
            return ()
        return tuple(
            self.index.row[leaf.id] for leaf in self.corpus.leaves(self.corpus.nodes[parent])
        )

    def _compared(self, named: Scope) -> tuple[Plan, ...]:
        """The plans that a comparing question names, in its order."""
        found: list[Plan] = []
        for year in named.years:
            found += [
                plan for plan in self.corpus.plans.values()
                if plan.year == year and not precedence.is_city_wide(self.corpus, plan)
            ]  # fmt: skip
        if len(found) < 2:
            for unit in named.named:
                found += precedence.own_plans(self.corpus, unit)[:1]
        if len(found) < 2 and named.asker is not None:
            bound = precedence.plans_for(self.corpus, named.asker)
            editions = [plan for one in bound[:1] for plan in self._with_older(one)]
            found += editions if len(editions) > 1 and not found else bound[: 1 if found else 2]
        return tuple(dict.fromkeys(found))

    def _with_older(self, plan: Plan) -> list[Plan]:
        """A plan with the edition that it supersedes."""
        older = self.corpus.plans.get(plan.supersedes or "")
        return [plan, older] if older else [plan]

    def _best_of_each(self, ranking: rank.Ranking, plans: tuple[Plan, ...]) -> list[int]:
        """The best clause of each plan, then the second best of each."""
        by_plan = []
        for plan in plans:
            rows = [self.index.row[node.id] for node in plan.nodes if node.is_quotable]
            by_plan.append(sorted(rows, key=lambda row: -float(ranking.asked[row]))[:3])
        best = [rows[place] for place in (0, 1) for rows in by_plan]
        return list(dict.fromkeys([*self._one_clause(by_plan, ranking), *best]))[:PASSAGES]

    def _one_clause(self, by_plan: Sequence[list[int]], ranking: rank.Ranking) -> tuple[int, ...]:
        """One clause in two editions, when together they answer about as well as the best."""
        if len(by_plan) != 2:
            return ()
        pairs: list[tuple[int, int]] = []
        for at, rows in enumerate(by_plan):
            other = self.corpus.plan_of(self.index.nodes[by_plan[1 - at][0]])
            for row in rows:
                twin = self._editions.counterpart(self.index.nodes[row], other)
                if twin is not None and twin.is_quotable:
                    pair = (row, self.index.row[twin.id])
                    pairs.append(pair if at == 0 else pair[::-1])

        def score(pair: tuple[int, ...]) -> float:
            return sum(float(ranking.asked[row]) for row in pair)

        found = max(pairs, key=score, default=())
        best = (by_plan[0][0], by_plan[1][0])
        return found if found and score(found) >= SAME_SUBJECT * score(best) else ()

    def _set_apart(
        self, question: str, passages: tuple[Passage, ...], ranking: rank.Ranking
    ) -> tuple[tuple[Passage, ...], Plan | None, str]:
        """Two plans' best clauses, the plan that has none on it, and the topic.

        Without a counterpart they are only the nearest of each; when one is far off, its plan has
        nothing on the subject, and the other stands alone.
        """
        first, second = passages[:2]
        twin = self._editions.counterpart(first.node, second.plan)
        if twin == second.node:
            return passages, None, ""

        def near(one: Passage) -> float:
            return float(ranking.content[self.index.row[one.node.id]])

        other, better = sorted((first, second), key=near)
        if first.plan.owner != second.plan.owner:
            is_far = near(other) < SAME_SUBJECT * near(better)
            if not (is_far and self._is_stranger(question, other, better)):
                return passages, None, ""
            return (better, other, *passages[2:]), other.plan, ""
        if near(other) >= HAS_COUNTERPART * near(better):
            return passages, None, "apart"
        return (better, other, *passages[2:]), other.plan, "apart"

    def _is_stranger(self, question: str, one: Passage, better: Passage) -> bool:
        """Whether only the better of two clauses is on what a question compares."""
        runs = self._against.runs(question)
        is_on = self._details.is_on
        return bool(runs) and is_on(better.node, runs) and not is_on(one.node, runs)

    def _kind(self, intent: Intent, passages: Sequence[Passage]) -> Kind:
        if not passages:
            return Kind.UNKNOWN
        node = passages[0].node
        if intent.compare and passages[0].plan != passages[min(1, len(passages) - 1)].plan:
            return Kind.COMPARE
        if node.kind is NodeKind.FORM:
            return Kind.FORMAT
        if intent.when and self._shape.dated[self.index.row[node.id]]:
            return Kind.DEADLINE
        if intent.who:
            return Kind.UNIT
        return Kind.LIST if intent.which else Kind.CLAUSE

    def _differing(
        self, first: Passage, ranking: rank.Ranking, named: Scope
    ) -> tuple[Passage, ...]:
        """Clauses on the same subject that say it otherwise: older edition, superior's plan."""
        found: list[Passage] = []
        older = self._editions.older(first.node)
        if older is not None and not same_words(older, first.node) and not named.years:
            found.append(self.passage(older))
        owner = self.corpus.units.get(first.plan.owner)
        above = precedence.plans_for(self.corpus, owner)[1:] if owner else ()
        asker = named.asker
        if asker is not None and not precedence.binds(self.corpus, first.plan, asker):
            above = precedence.plans_for(self.corpus, asker)
        for plan in above:
            rows = [self.index.row[node.id] for node in plan.nodes if node.is_quotable]
            best = max(rows, key=lambda row: float(ranking.content[row]))
            top = float(ranking.content[self.index.row[first.node.id]])
            node = self.index.nodes[best]
            if float(ranking.content[best]) >= SAME_SUBJECT * top and not same_words(
                node, first.node
            ):
                found.append(self.passage(node, float(ranking.total[best])))
        return tuple(found[:2])


ABOUT_ASKER = 0.5
STATING, ON_SUBJECT, STATED = 3, 0.5, 0.5
"""Of how many clauses one that states the detail comes first, how much of the subject's pairs of
letters it needs, and below which doubt it answers."""
_MUST_WE = "(?:我們?|本[局所處]).{0,6}(?:要|需|得|必須|可以?不|免).{0,8}(?:計畫|成果|報告).{0,3}(?:嗎|沒|不|呢|$)"
_PARTS = re.compile(r"[,，、;；?？\n]+")
_ASKS = re.compile("[谁哪吗呢怎几何]|什么|多少|多久|[要能可会]不")
STATED_FULLY, NEVER = 1.5, -99.0
"""The same for a clause that names all of the subject; and where none states the detail."""
RARE, FEW = 4, 3
"""Letters in a row that name a subject, where no more clauses than a few have them."""
CLEAR = -2.5
"""Up to this doubt one of several questions is answered though the whole is not stated."""
CLOSE = 0.35
"""Scores this near are a coin's toss: the chat shows both clauses."""

OFFICES_BELOW, OFFICES = "所屬機關", "二級機關"
NEAR_IN_LIST = 0.8
"""How far behind the best a clause of the asker's own plan may be and still begins a list."""

FAR_OFF = 2.0  # from this doubt on nothing is near, and offering something would be odd
HAS_COUNTERPART = 0.5
"""How much of the better clause's score another edition's needs, to be on the same subject."""
SAME_SUBJECT = 0.85
"""How much of the first clause's score another plan's clause needs to count as its counterpart."""


@contextmanager
def _collecting_nothing() -> Iterator[None]:
    """Without the garbage collector: a start keeps nearly all that it makes, and the collector
    would go through it again and again, a fifth of the start's time."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


@_collecting_nothing()
def load(
    folder: Path,
    *,
    encoders: Sequence[Encoder] | None = None,
    vectors: Path | None = None,
    reranker: Reranker | None = None,
) -> Answerer:
    """The answerer of a data folder.

    Args:
        encoders: those to use; by default all that are installed.
        vectors: where the kept vectors are, if not in the data folder.
        reranker: the agency's own model, if it has set one up.

    Raises:
        DataError: a data file is wrong.
    """
    corpus = plans_corpus.load(folder)
    fold = Folder.read(folder / "characters.txt")
    lexicon = Lexicon.read(folder / "words.yaml", fold)
    phrasings = phrasings_module.load(folder, corpus)
    outside = outside_module.load(folder, corpus)
    used = encoders_module.installed() if encoders is None else encoders
    index = index_module.build(corpus, phrasings, outside, fold, used, vectors or folder)
    schedules = schedule_data.load(folder, corpus)
    shape = Shape(corpus, index.nodes, fold, _concerned(schedules))
    weigher = Refusal(index, shape, phrasings, outside, folder / "asked_for.yaml")
    return Answerer(corpus, index, phrasings, weigher, lexicon, shape, schedules, reranker)


def _speaks_of(deadline: Deadline, clauses: set[str]) -> bool:
    """Whether a deadline, or the general rule beside it, rests on one of the clauses."""
    rule: Rule | None = deadline.rule
    while rule is not None:
        if rule.source.clause in clauses:
            return True
        rule = rule.general
    return False


def _falls_into(deadline: Deadline, asked: Asked) -> bool:
    """Whether a deadline falls into a time; of what is owed in a year all of the cycle's."""
    if asked.is_year:
        return deadline.duty is Duty.OWED
    is_applying = deadline.kind is DeadlineKind.AWARD_APPLICATION
    if asked.owed and deadline.duty is not Duty.OWED and not is_applying:
        return False
    return deadline.start <= asked.end and asked.start <= deadline.end


def _concerned(schedules: Schedules) -> dict[str, frozenset[UnitLevel]]:
    """For each clause of the city's schedule the levels that it concerns."""
    found: dict[str, frozenset[UnitLevel]] = {}
    for plan in schedules.all:
        for entry in plan.entries:
            for concern in entry.concerns:
                clause = concern.source.clause
                found[clause] = found.get(clause, frozenset()) | concern.levels
    return found


def _by_turns(found: Answer, previous: Previous | None) -> list[set[str]]:
    """The clauses whose dates are meant; the later ones only where the earlier have none."""
    if found.topic == LATE:
        return [set(previous.clauses[:1])] if previous else []
    if found.kind is not Kind.DEADLINE:
        return []
    clauses = [one.node.id for one in found.passages[:2]]
    # Either of two near ones may be meant: of both courtesy tests both times.
    return [set(clauses)] if found.second else [{one} for one in clauses]


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


def _second(
    passages: Sequence[Passage], differs: Sequence[Passage], intent: Intent
) -> Passage | None:
    """The second passage, when it is so near that it may be the one that was meant.

    Not one that is shown anyway because it says otherwise, nor the first time of what is done
    twice where the second is asked for.
    """
    if len(passages) < 2:
        return None
    first, second = passages[:2]
    if _is_same_again(first.node, second.node):
        return None if intent.turn else second
    if first.score - second.score > CLOSE:
        return None
    shown = (first.node, *(one.node for one in differs))
    return None if any(same_words(second.node, one) for one in shown) else second


def _is_same_again(one: Node, other: Node) -> bool:
    """Whether two rows of a schedule are the same thing, done a first and a second time."""
    first, second = (_TIMES.split(node.words) for node in (one, other))
    is_row = one.kind is other.kind is NodeKind.SCHEDULE and one.plan_id == other.plan_id
    return is_row and len(first) == len(second) == 2 and first[0] == second[0]


_TIMES = re.compile(r"第\d次")


def _chapter(node: Node) -> tuple[str, ...]:
    return node.segments[:2]


def _mentions(corpus: Corpus, index: Index) -> dict[str, list[int]]:
    """The rows of clauses that name a unit, in the plans above it; a district by its place."""
    found: dict[str, list[int]] = {}
    for plan in corpus.plans.values():
        if not precedence.is_city_wide(corpus, plan):
            continue
        for unit in corpus.units:
            place = unit.name.removesuffix("區公所")
            if unit.level not in (UnitLevel.AGENCY, UnitLevel.DISTRICT_OFFICE):
                continue
            rows = [index.row[node.id] for node in plan.nodes if place in node.text]
            if rows:
                found[unit.name] = rows
    return found
