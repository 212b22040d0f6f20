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
from functools import lru_cache
from pathlib import Path

from bot import metrics
from bot.clock import monotonic
from bot.plans import corpus as plans_corpus
from bot.plans import roc, schedule_data
from bot.plans.corpus import Corpus
from bot.plans.deadlines import Adjustment, Schedules
from bot.plans.model import Node, NodeKind, Unit, UnitLevel
from bot.search import encoders as encoders_module
from bot.search import index as index_module
from bot.search import outside as outside_module
from bot.search import phrasings as phrasings_module
from bot.search import rank, scope
from bot.search.acting import Acting
from bot.search.actors import Actors
from bot.search.against import Against
from bot.search.changes import Changes
from bot.search.contents import Contents
from bot.search.counterparts import Counterparts
from bot.search.curated import Curated, Taught
from bot.search.dated import Dated, concerned
from bot.search.details import Details
from bot.search.editions import Difference, Editions
from bot.search.elliptic import Elliptic
from bot.search.elsewhere import Elsewhere
from bot.search.encoders import Encoder
from bot.search.exemption import Exemption
from bot.search.follow import Follower, Previous
from bot.search.index import Index
from bot.search.intent import Reader, Shape
from bot.search.lexical import Scores
from bot.search.missing_plan import MissingPlan, mentions
from bot.search.order import Order
from bot.search.others import Others
from bot.search.our_part import OurPart
from bot.search.periods import Periods
from bot.search.phrasings import Phrasings
from bot.search.ranked import Ranked
from bot.search.refusal import Band, Refusal
from bot.search.remarks import Remarks
from bot.search.rerank import Reranker
from bot.search.result import ERRAND, LATE, PASSAGES, TAUGHT, Answer, Kind, Passage
from bot.search.scope import Names, Scope
from bot.search.shown import SURELY, Shown, led_by
from bot.search.structure import Found, Structure, is_alone
from bot.search.subject import BY_WORDS, WITH_MEANING, OwnSubject
from bot.search.talked import Talked
from bot.search.turning import Turning
from bot.search.words import Folder, Lexicon, bare

__all__ = ["LATE", "Answer", "Answerer", "Kind", "Passage", "load"]

_BUREAU = re.compile("局[裡裏里](?:面)?")
_BUREAUS = re.compile("局[裡裏里](?:面)?(?=的)")  # 「局裡會來看嗎」 asks of those below it
LONGEST, TOO_LONG = 300, 1_000
"""Characters of a question that are read, and from which on a message is no question at all."""


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
        self.corpus = corpus
        self.index = index
        self.phrasings = phrasings
        self._fold = index.fold
        self._lexicon = lexicon
        self._names = Names(corpus, index.fold)
        self._reader = Reader(corpus, index.fold)
        self._structure = Structure(corpus, index.fold, lexicon)
        self._contents = Contents(
            corpus=corpus, structure=self._structure, names=self._names, fold=index.fold
        )
        self._follower = Follower(corpus, self._names, lexicon, index.fold)
        self._content = lru_cache(maxsize=_KEPT)(self._content_of)
        self._curated = Curated.none()
        self._editions = Editions(corpus, phrasings)
        naming = mentions(corpus, index)
        self._missing_plan = MissingPlan(
            corpus=corpus, index=index, names=self._names, fold=index.fold, mentions=naming
        )
        self._others = Others(
            corpus=corpus, names=self._names, fold=index.fold, mentions=naming, rows=index.row
        )
        self._details = Details(index.fold, lexicon)
        actors = Actors(corpus)
        self._exemption = Exemption(actors=actors, fold=index.fold)
        self._acting = Acting(actors=actors, details=self._details, fold=index.fold)
        self._our_part = OurPart(structure=self._structure, details=self._details, fold=index.fold)
        self._dated = Dated(
            corpus=corpus, schedules=schedules, reader=self._reader, names=self._names,
            periods=Periods(index.fold), fold=index.fold,
        )  # fmt: skip
        shown = Shown(
            corpus=corpus, details=self._details, names=self._names, fold=index.fold,
            looked_up=self._looked_up,
        )  # fmt: skip
        elsewhere = Elsewhere(shown=shown, index=index, lexicon=lexicon)
        self.remarks = Remarks(
            details=self._details, fold=index.fold, is_word=refusal.stands_in_plans
        )
        own = OwnSubject(
            shown=shown, margin=WITH_MEANING if index.meaning else BY_WORDS,
            is_word=refusal.stands_in_plans, fit=self._fit,
        )  # fmt: skip
        elliptic = Elliptic(
            shown=shown, remarks=self.remarks, own=own, is_word=refusal.stands_in_plans
        )
        self._talked = Talked(
            shown,
            elliptic,
            Turning(shown=shown, editions=self._editions, elsewhere=elsewhere),
            self._editions,
            self._missing_plan.rule_of,
            concerned=concerned(schedules),
        )
        self._against = Against(
            corpus=corpus, index=index, details=self._details, editions=self._editions,
            structure=self._structure, names=self._names, lexicon=lexicon, fold=index.fold, looked_up=self._looked_up,
            elsewhere=elsewhere,
        )  # fmt: skip
        self._counterparts = Counterparts(
            corpus=corpus, index=index, editions=self._editions, details=self._details,
            runs=self._against.runs,
        )  # fmt: skip
        order = Order(
            corpus=corpus, index=index, shape=shape, details=self._details, actors=actors,
            refusal=refusal, counterparts=self._counterparts, reranker=reranker,
        )  # fmt: skip
        self._ranked = Ranked(
            corpus=corpus, index=index, lexicon=lexicon, fold=index.fold, reader=self._reader,
            shape=shape, refusal=refusal, details=self._details, order=order,
            counterparts=self._counterparts, mentions=naming,
        )  # fmt: skip
        self._changes = Changes(
            corpus=corpus, editions=self._editions, details=self._details, names=self._names,
            lexicon=lexicon, fold=index.fold, looked_up=self._looked_up,
        )  # fmt: skip

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
            found = self._dated.of_period(asked[:LONGEST], asker, today, moves) or self._answer(
                asked[:LONGEST], asker, previous
            )
        found = self._acting.told(found, asked[:LONGEST], asks_who=self._asks_who(asked[:LONGEST]))
        if previous is not None:
            found = self._exemption.beyond(found, asked[:LONGEST], asker)
        found = replace(
            found,
            deadlines=found.deadlines
            or self._dated.dates_of(found, asked, asker, previous, today, moves),
            dates_of=self._dated.whose(found.question or asked, asker)[1],
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
        known = [self.corpus.nodes[one] for one in nodes if one in self.index.row]
        scores = zip((one.id for one in known), self._fit(question, known), strict=True)
        return sorted(scores, key=lambda one: -one[1])

    def _fit(self, question: str, nodes: Sequence[Node]) -> list[float]:
        """How well clauses say what a text names, whosever plan they are of."""
        content = self._content(question)
        return [float(content[self.index.row[one.id]]) for one in nodes]

    def _content_of(self, question: str) -> Scores:
        named = scope.read(question, None, self._names, self.corpus, self._fold)
        plan_words = self._lexicon.plan_words(named.rest)
        return rank.rank(self.index, question, named, plan_words=plan_words).content

    def _asks_who(self, question: str) -> bool:
        named = scope.read(question, None, self._names, self.corpus, self._fold)
        return self._reader.read(self._fold(question), named).who

    def _answer(self, question: str, asker: Unit | None, previous: Previous | None) -> Answer:
        topic = self._small_talk(self._letters(question))
        if topic:
            return Answer(question=question, kind=Kind.SMALLTALK, topic=topic)
        question = self._lexicon.small_talk.asked(question, self._letters)
        if self._lexicon.errands.has(self._letters(question)):
            return Answer(question=question, kind=Kind.UNKNOWN, band=Band.NOT_SAID, topic=ERRAND)
        named = scope.read(question, asker, self._names, self.corpus, self._fold)
        known = (
            self.corpus.nodes.get(previous.clauses[0]) if previous and previous.clauses else None
        )
        talked_of = self.corpus.plan_of(known) if known is not None else None
        anew = self._others.asked(question, named, previous.question if previous else "", known)
        if anew:
            return self._looked_up(anew, asker)
        found = (
            self._missing_plan.which_here(question, named, talked_of)
            or self._consisting(question, named, known)
            or self._in_talk(question, asker, previous)
        )
        if found is not None:
            return found
        alone = self._looked_up(self._with_the_bureau(question, asker, _BUREAUS), asker)
        rest, names = self.remarks.without_preamble(question)
        if alone.kind is Kind.UNKNOWN and not alone.topic and rest:
            without = self._looked_up(rest, asker)
            is_clear = without.doubt <= CLEAR or not names
            alone = without if without.band is Band.SAID and is_clear else alone
        return replace(alone, question=question)

    def _consisting(self, question: str, named: Scope, shown: Node | None) -> Answer | None:
        """What a plan or its form consists of, where that is asked."""
        found = self._contents.find(question, named, shown)
        if found is None or not found.nodes:
            return None
        # The form is what the talk is about from here on.
        about = found.heading.title if found.heading is not None else ""
        answer = self._structured(found, f"{about} {question}".strip())
        is_line = len(found.nodes) == 1 and found.nodes[0].kind is NodeKind.FORM
        return replace(answer, kind=Kind.FORMAT, topic="", shown=()) if is_line else answer

    def _letters(self, text: str) -> str:
        return bare(self._fold(text))

    def _with_the_bureau(
        self, question: str, asker: Unit | None, pattern: re.Pattern[str] = _BUREAU
    ) -> str:
        """A question with the agency's name for 「局裡」, as its staff call it."""
        above = (asker, *self.corpus.units.above(asker)) if asker else ()
        agency = next((one for one in above if one.level is UnitLevel.AGENCY), None)
        return question if agency is None else pattern.sub(agency.name, question)

    def _in_talk(
        self, question: str, asker: Unit | None, previous: Previous | None
    ) -> Answer | None:
        """What the conversation makes of a question; None when it stands for itself."""
        if previous is not None and self.remarks.corrects(question):
            return self._corrected(self.remarks.without(question), asker, previous)
        if previous is not None:
            question = self.remarks.without(question)
            question, previous = self._follower.narrowed(question, previous)
            if (which := self._talked.which(question, asker, previous)) is not None:
                return which
        question = self._with_the_bureau(question, asker)
        points = bool(previous and _THIS.search(question) and not roc.years_in(question))
        compared = self._changes.answer(question, asker, previous) or (
            None if points else self._against.answer(question, asker, previous)
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
        if followed is not None:
            return self._talked.followed(followed, question, asker)
        return self._talked.whose(question, asker)

    def _corrected(self, question: str, asker: Unit | None, previous: Previous) -> Answer | None:
        """The answer to 「不是成果，是計畫」: not the clause again that was shown."""
        found = self._in_talk(question, asker, previous) or self._looked_up(question, asker)
        rejected = previous.clauses[:1]
        if (
            found.kind is Kind.LIST
            or not found.passages
            or found.passages[0].node.id not in rejected
        ):
            return found
        alone = self._looked_up(question, asker)
        if alone.band is Band.NOT_SAID or not alone.passages:
            return alone
        other = next((one for one in alone.passages if one.node.id not in rejected), None)
        return found if other is None else led_by(other, alone)

    def _small_talk(self, short: str) -> str:
        """The topic of words that ask nothing of the plans, else nothing."""
        return self._lexicon.small_talk.topic_of(short) if short else "empty"

    def _looked_up(self, question: str, asker: Unit | None) -> Answer:
        """The answer to a question that stands for itself."""
        folded = self._fold(question)
        named = scope.read(question, asker, self._names, self.corpus, self._fold)
        found = (
            self._taught(question)
            or self._missing_plan.answer(question, folded, named)
            or self._missing_plan.rule_for_asker(question, folded, named)
            or self._by_structure(question, folded, named)
            or self._ranked.answer(question, folded, named)
        )
        if found.kind is Kind.UNKNOWN and not found.topic:
            found = self._first_of_several(question, folded, asker) or found
        planless = self._missing_plan.planless(folded, named)
        if planless is None or found.turned_to or self._missing_plan.is_named_in(found, planless):
            return found
        return replace(found, turned_to=planless)

    def _first_of_several(self, question: str, folded: str, asker: Unit | None) -> Answer | None:
        """The answer to the first of several questions, where it is clear, with what it lacks."""
        parts = [part for part in _PARTS.split(question) if part.strip()]
        asks = all(_ASKS.search(self._fold(part)) for part in parts)
        if len(parts) < 2 or not asks or not self._details.lacking(folded, ())[0]:
            return None
        first = self._looked_up(parts[0], asker)
        nodes = [one.node for one in first.passages[:1]]
        lacking, vaguely = self._details.lacking(folded, nodes)
        is_clear = bool(nodes) and (first.doubt <= CLEAR or first.passages[0].score >= SURELY)
        if not lacking or first.band is not Band.SAID or not is_clear:
            return None
        stated, _ = self._details.stated(folded, nodes[0])
        return replace(first, question=question, stated=stated, unstated=lacking, vaguely=vaguely)

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
        if intent.compare and len(self._counterparts.plans(named)) > 1:
            return None
        several = self._structure.duties_of_several(folded, named)
        if several:
            return self._in_parts([self._structured(one, question) for one in several])
        is_part = self._our_part.subject(question, named) != ()
        found = (
            self._our_part.find(question, named) if is_part else self._structure.find(folded, named)
        )
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
            on=found.on,
        )


_THIS = re.compile("[這这]一?[條条項项]")  # what was shown is meant, not a subject that is named
_KEPT = 16  # questions whose fit to all clauses is kept: a turn asks for it more than once
_PARTS = re.compile(r"[,，、;；?？\s]+")
_ASKS = re.compile("[谁哪吗呢怎几何]|什么|多少|多久|[要能可会]不")
CLEAR = -2.5
"""Up to this doubt one of several questions is answered though the whole is not stated."""


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
    shape = Shape(corpus, index.nodes, fold, concerned(schedules))
    weigher = Refusal(index, shape, phrasings, outside, folder / "asked_for.yaml")
    return Answerer(corpus, index, phrasings, weigher, lexicon, shape, schedules, reranker)


def _chapter(node: Node) -> tuple[str, ...]:
    return node.segments[:2]
