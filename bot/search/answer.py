"""A question's answer: found in the plans, never written.

Order: small talk; what the conversation makes of a short question; what curators taught; what the
plans' structure says; ranking; and last whether the plans say it at all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from difflib import SequenceMatcher
from enum import StrEnum
from pathlib import Path
from typing import Any

import numpy as np

from bot import metrics
from bot.clock import monotonic
from bot.plans import corpus as plans_corpus
from bot.plans import deadlines, precedence, schedule_data
from bot.plans.corpus import Corpus
from bot.plans.deadlines import Adjustment, Deadline, Rule, Schedules
from bot.plans.model import Node, NodeKind, Plan, Unit, UnitLevel
from bot.search import encoders as encoders_module
from bot.search import index as index_module
from bot.search import outside as outside_module
from bot.search import phrasings as phrasings_module
from bot.search import rank, refusal, scope
from bot.search.curated import Curated, Taught
from bot.search.encoders import Encoder
from bot.search.follow import Follower, Previous
from bot.search.index import Index
from bot.search.intent import Intent, Reader, Shape, boost
from bot.search.lexical import Scores
from bot.search.phrasings import Phrasings
from bot.search.refusal import Band, Refusal
from bot.search.rerank import CANDIDATES, Clause, Reranker
from bot.search.scope import Names, Scope
from bot.search.structure import Found, Structure
from bot.search.words import Folder, Lexicon, bare

LONGEST, TOO_LONG = 300, 1_000
"""Characters of a question that are read, and from which on a message is no question at all."""

PASSAGES = 5
FAMILY = 3


class Kind(StrEnum):
    """What kind of answer it is (SURFACE, `ask --json`)."""

    CLAUSE = "clause"
    DEADLINE = "deadline"
    UNIT = "unit"
    LIST = "list"
    FORMAT = "format"
    COMPARE = "compare"
    SMALLTALK = "smalltalk"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A clause that answers, with its plan."""

    node: Node
    plan: Plan
    score: float

    @property
    def text(self) -> str:
        """The clause word for word, with the number that is printed before it."""
        return self.node.label + self.node.words

    def as_json(self) -> dict[str, Any]:
        """The passage as SURFACE has it."""
        return {
            "clause": self.node.id,
            "plan": self.plan.title,
            "year": self.plan.year,
            "path": self.node.path,
            "text": self.text,
            "units": list(self.node.units),
            "score": round(self.score, 3),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What was found.

    `shown` are all nodes of a list or look-up, however many; `passages` at most five, best first.
    `differs` are clauses of a superior's plan or an older edition that say something else on the
    same subject. `deadlines` are the asker's own dates on it. `topic` names a structured answer, `heading` its heading. `unit` is whose duties
    are listed. `second` is a clause that answers nearly as well. `band` tells how sure the answer is; `nearest` are offered where the plans do not
    say. `faq` is a curators' entry that answers with the cited clauses.
    """

    question: str
    kind: Kind
    band: Band = Band.SAID
    passages: tuple[Passage, ...] = ()
    shown: tuple[Node, ...] = ()
    deadlines: tuple[Deadline, ...] = ()
    nearest: tuple[Passage, ...] = ()
    second: Passage | None = None
    differs: tuple[Passage, ...] = ()
    topic: str = ""
    heading: Node | None = None
    plan: Plan | None = None
    unit: Unit | None = None
    asker: Unit | None = None
    unstated: tuple[str, ...] = ()
    faq: str = ""
    doubt: float = 0.0
    took_ms: float = 0.0

    def as_json(self, text: str) -> dict[str, Any]:
        """The answer as SURFACE has it, with what the bot would say."""
        made: dict[str, Any] = {
            "kind": self.kind.value,
            "text": text,
            "passages": [one.as_json() for one in self.passages],
            "deadlines": [_deadline_json(one) for one in self.deadlines],
            "took_ms": round(self.took_ms, 1),
        }
        if self.kind is Kind.UNKNOWN:
            made["nearest"] = [one.as_json() for one in self.nearest]
        return made


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
        self._older = _older_editions(corpus, phrasings)
        self._mentions = _mentions(corpus, index)

    @property
    def encoders(self) -> tuple[str, ...]:
        """The names of the encoders in use."""
        meaning = self.index.meaning
        return tuple(one.name for one in meaning.encoders) if meaning else ()

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
            found = self._answer(asked[:LONGEST], asker, previous)
        found = replace(found, deadlines=self._dates(found, asker, today, moves))
        took = monotonic() - began
        metrics.answers.labels(found.kind.value).inc()
        metrics.answer_seconds.observe(took)
        return replace(found, asker=asker, took_ms=took * 1000)

    def duties(self, unit: Unit) -> Answer:
        """All duties of a unit."""
        nothing = Scope(asker=unit, years=(), named=(), rest="")
        found = self._structure.duties(unit, nothing)
        if found is None or not found.nodes:
            return Answer(question="", kind=Kind.UNKNOWN, band=Band.NOT_SAID, unit=unit)
        return self._structured(found, "")

    def passage(self, node: Node, score: float = 1.0) -> Passage:
        """A node as a passage."""
        return Passage(node=node, plan=self.corpus.plan_of(node), score=score)

    def _dates(
        self, found: Answer, asker: Unit | None, today: date, moves: Sequence[Adjustment]
    ) -> tuple[Deadline, ...]:
        """The asker's own dates, in the running cycle, of the clauses that were found."""
        if found.kind is not Kind.DEADLINE or asker is None or not found.passages:
            return ()
        clauses = {one.node.id for one in found.passages[:2]}
        return tuple(
            one
            for year in deadlines.running_cycles(today)
            for one in deadlines.deadlines_of(self._schedules, asker, year, moves)
            if _speaks_of(one, clauses)
        )

    def _answer(self, question: str, asker: Unit | None, previous: Previous | None) -> Answer:
        folded = self._fold(question)
        short = bare(folded)
        if not short or short in self._lexicon.greetings or short in self._lexicon.thanks:
            topic = "thanks" if short in self._lexicon.thanks else "greeting" if short else "empty"
            return Answer(question=question, kind=Kind.SMALLTALK, topic=topic)
        if self._lexicon.is_insult(short):
            return Answer(question=question, kind=Kind.SMALLTALK, topic="insult")
        followed = self._follower.follow(question, previous)
        if followed is not None and followed.what != "asks":
            return self._about(followed.what, followed.nodes, question)
        if followed is not None:
            question = followed.question
            folded = self._fold(question)
        named = scope.read(question, asker, self._names, self.corpus, self._fold)
        return (
            self._taught(question)
            or self._by_structure(question, folded, named)
            or self._by_ranking(question, folded, named)
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
            passages=tuple(self.passage(node) for node in nodes[:PASSAGES]),
            shown=nodes,
            plan=self.corpus.plan_of(nodes[0]),
        )

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
            topic="faq" if taught.faq else "",
        )

    def _by_structure(self, question: str, folded: str, named: Scope) -> Answer | None:
        intent = self._reader.read(folded, named)
        if intent.compare and len(self._compared(named)) > 1:
            return None
        if refusal.is_about_a_missing_plan(folded, named, self.corpus):
            return None
        found = self._structure.find(folded, named)
        return self._structured(found, question) if found else None

    def _structured(self, found: Found, question: str) -> Answer:
        nodes = found.nodes
        if found.topic == "duties" and found.unit and found.unit.level is UnitLevel.SECTION:
            groups = self.corpus.units.groups
            nodes = tuple(
                sorted(
                    nodes, key=lambda node: (all(u in groups for u in node.units), len(node.units))
                )
            )
        return Answer(
            question=question,
            kind=Kind.CLAUSE if found.topic == "path" and len(nodes) == 1 else Kind.LIST,
            passages=tuple(self.passage(node) for node in nodes[:PASSAGES]),
            shown=nodes,
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
        passages = tuple(
            self.passage(self.index.nodes[at], float(ranking.total[at])) for at in order[:PASSAGES]
        )
        doubt = self._refusal.doubt(folded, ranking, intent, named, self.corpus)
        band = refusal.band(doubt)
        if band is Band.NOT_SAID:
            return Answer(
                question=question,
                kind=Kind.UNKNOWN,
                band=band,
                nearest=_worth_offering(passages) if doubt < FAR_OFF else (),
                unstated=tuple(self._refusal.unstated(folded, order[:2])),
                doubt=doubt,
            )
        return Answer(
            question=question,
            kind=self._kind(intent, passages),
            band=band,
            passages=passages,
            shown=tuple(self.index.nodes[row] for row in sorted(family)),
            plan=passages[0].plan if passages else None,
            topic="family" if family else "",
            heading=self.corpus.nodes.get(passages[0].node.parent or "") if family else None,
            second=_second(passages),
            differs=self._differing(passages[0], ranking, named) if passages else (),
            doubt=doubt,
        )

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
            editions = [plan for one in bound[:1] for plan in self._editions(one)]
            found += editions if len(editions) > 1 and not found else bound[: 1 if found else 2]
        return tuple(dict.fromkeys(found))

    def _editions(self, plan: Plan) -> list[Plan]:
        """A plan with the edition that it supersedes."""
        older = self.corpus.plans.get(plan.supersedes or "")
        return [plan, older] if older else [plan]

    def _best_of_each(self, ranking: rank.Ranking, plans: tuple[Plan, ...]) -> list[int]:
        """The best clause of each plan, then the second best of each."""
        by_plan = []
        for plan in plans:
            rows = [self.index.row[node.id] for node in plan.nodes if node.is_quotable]
            by_plan.append(sorted(rows, key=lambda row: -float(ranking.asked[row]))[:2])
        return [rows[place] for place in (0, 1) for rows in by_plan][:PASSAGES]

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
        older = self._older.get(first.node.id)
        if older is not None and older.words != first.node.words and not named.years:
            found.append(self.passage(older))
        owner = self.corpus.units.get(first.plan.owner)
        above = precedence.plans_for(self.corpus, owner)[1:] if owner else ()
        for plan in above:
            rows = [self.index.row[node.id] for node in plan.nodes if node.is_quotable]
            best = max(rows, key=lambda row: float(ranking.content[row]))
            top = float(ranking.content[self.index.row[first.node.id]])
            node = self.index.nodes[best]
            if (
                float(ranking.content[best]) >= SAME_SUBJECT * top
                and node.words != first.node.words
            ):
                found.append(self.passage(node, float(ranking.total[best])))
        return tuple(found[:2])


ABOUT_ASKER = 0.5
CLOSE = 0.35
"""Scores this near are a coin's toss: the chat shows both clauses."""

FAR_OFF = 2.0  # from this doubt on nothing is near, and offering something would be odd
SAME_SUBJECT = 0.85
SAME_CLAUSE = 0.5
"""How much of the first clause's score another plan's clause needs to count as its counterpart."""


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


def _deadline_json(deadline: Deadline) -> dict[str, Any]:
    return {
        "id": deadline.id,
        "title": deadline.title,
        "start": deadline.start.isoformat(),
        "end": deadline.end.isoformat(),
        "unit": deadline.unit,
        "clause": deadline.source.clause,
    }


def _concerned(schedules: Schedules) -> dict[str, frozenset[UnitLevel]]:
    """For each clause of the city's schedule the levels that it concerns."""
    found: dict[str, frozenset[UnitLevel]] = {}
    for plan in schedules.all:
        for entry in plan.entries:
            for concern in entry.concerns:
                clause = concern.source.clause
                found[clause] = found.get(clause, frozenset()) | concern.levels
    return found


def _worth_offering(passages: Sequence[Passage]) -> tuple[Passage, ...]:
    """The nearest clauses that a person may want to read; forms and approval lines are not."""
    return tuple(one for one in passages if one.node.kind in (NodeKind.CLAUSE, NodeKind.SCHEDULE))[
        :3
    ]


def _second(passages: Sequence[Passage]) -> Passage | None:
    """The second passage, when it is so near that it may be the one that was meant."""
    if len(passages) < 2 or passages[0].score - passages[1].score > CLOSE:
        return None
    first, second = ("".join(one.node.words.split()) for one in passages[:2])
    return passages[1] if first != second else None


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


def _older_editions(corpus: Corpus, phrasings: Phrasings) -> dict[str, Node]:
    """For each clause its counterpart in the edition that its plan supersedes.

    Reviewed twins first; else the clause at the same place, when it is largely the same words.
    """
    found: dict[str, Node] = {}
    for old, new in phrasings.same_as.items():
        node = corpus.nodes[old]
        if corpus.plan_of(corpus.nodes[new]).supersedes == node.plan_id:
            found[new] = node
    for plan in corpus.plans.values():
        for node in plan.nodes if plan.supersedes else ():
            other = corpus.nodes.get(f"{plan.supersedes}:{'.'.join(node.segments)}")
            if node.id not in found and node.text and other is not None:
                likeness = SequenceMatcher(None, node.words, other.words, autojunk=False).ratio()
                if likeness >= SAME_CLAUSE:
                    found[node.id] = other
    return found
