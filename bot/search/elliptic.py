"""A few words in a conversation that bring no subject of their own, or none that is clear.

「用哪個表」 after 成果報告: what was shown tells it, or a clause beside it, or another on the subject
of the conversation; only where the words clearly have a subject of their own they are looked up
alone, and where nothing tells it, that is said of what was shown.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from bot.plans import precedence, roc
from bot.plans.model import Node, NodeKind, Unit
from bot.search.detail_kinds import CONTENT, FORM, RECEIVER
from bot.search.details import Detail, Details
from bot.search.follow import Previous
from bot.search.refusal import Band
from bot.search.remarks import Remarks
from bot.search.result import PASSAGES, REMARK, SILENT, THOSE, TOLD, Answer, Kind, Passage
from bot.search.shown import Shown, led_by, typed
from bot.search.words import bare

AFTERWARDS = "之後要做什麼"
_SHORT, _LONGER = 16, 20
"""Letters of a question that may only make sense after another; of one that names nothing."""
_TURNING = "呢咧"
_ALSO_SHOWN = 3  # of the clauses of an answer those that a person has seen
_NEARLY = 0.5  # of the pairs of letters of what a question names
_SUBJECT = 20  # letters of a clause that stand for the subject where no question named one
_A_FORM = "格式"  # says whose form is meant, by the level of who asks
_CLOSE = 1.5  # score by which a form may be behind a clause that names it
_FAMILY = "family"  # the topic of a list that ranking made
_THOSE = re.compile("那[几幾些]|[这這][几幾些]|哪[几幾些]|有[关關]|相[关關]|部分|就好|[给給]我")
_FORMAL = re.compile("依據|依据|對象|对象|適用|适用|哪[些個个]?(?:機關|机关|單位|单位)")
_BRIEF, _A_LETTER, _WHOLE = 7, 0.2, 12
"""Letters of what says least of itself, what each further is worth, and of a whole question."""
_LINE = 30  # letters that a clause on whom a plan concerns has at most
_NEAR_BY = 1.1  # of the fit, by which a clause beside what was shown may be behind another
_ALIKE = 0.4  # of the fit of two clauses
_SEVERAL = 2  # words that a clause of another unit's plan must have to be offered
_FEW = 3  # letters of a subject that is none when no clause found for it has them


@dataclass(frozen=True, slots=True, kw_only=True)
class Margin:
    """How much better words have to fit the clause that is found for them than the one that was
    shown, to have a subject of their own.

    `agreed` where that clause is found also together with the subject of the talk (`bare` where
    the words name nothing); else `alone`, less `by_words` times the share of the words that it
    has, but not less than `worded`. From `surely` on also words that
    name nothing mean something else. From `names`
    on words that ask nothing name something. From `perhaps` on it is offered beside what was shown. From `fits` on what was shown says what is asked,
    from `fits_bare` on where the words name nothing.
    """

    agreed: float
    bare: float
    worded: float
    by_words: float
    alone: float
    whole: float
    surely: float
    names: float
    perhaps: float
    fits: float
    fits_bare: float


WITH_MEANING = Margin(
    agreed=0.85,
    bare=2.6,
    worded=1.2,
    by_words=4.4,
    alone=3.4,
    whole=1.0,
    surely=4.2,
    names=3.0,
    perhaps=0.6,
    fits=2.2,
    fits_bare=3.8,
)
BY_WORDS = Margin(
    agreed=1.2,
    bare=math.inf,
    worded=0.0,
    by_words=4.4,
    alone=2.2,
    whole=math.inf,
    surely=math.inf,
    names=1.9,
    perhaps=math.inf,
    fits=math.inf,
    fits_bare=math.inf,
)
"""Words alone give no measure of how sure a score is; the encoders do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A few words in a talk: the detail and the words that they bring, and what the talk is about.

    `own` are those of `runs` that are a subject, unlike 申請 or 格式; `known` are the clauses that
    were shown, `before` what the question before named. `looked_up` answers a text as who asks,
    each once.
    """

    question: str
    short: str
    detail: Detail | None
    runs: tuple[str, ...]
    own: tuple[str, ...]
    known: tuple[Node, ...]
    before: tuple[str, ...]
    previous: str
    asker: Unit | None
    listed: bool
    looked_up: Callable[[str], Answer]

    @property
    def turns(self) -> bool:
        """Whether the words turn to something: 「文康車呢」."""
        return any(mark in self.short[1:] for mark in _TURNING)


@dataclass(frozen=True, slots=True, kw_only=True)
class Elliptic:
    """Answers a few words by what was shown.

    `is_word` tells whether letters stand in any clause, `fit` how well clauses fit a question by
    their content alone.
    """

    shown: Shown
    remarks: Remarks
    margin: Margin
    is_word: Callable[[str], bool]
    fit: Callable[[str, Sequence[Node]], Sequence[float]]

    def read(self, question: str, asker: Unit | None, previous: Previous) -> Asked:
        """What a few words bring, beside what the conversation is about."""
        folded = self.shown.fold(question)
        runs = tuple(one for one in self._details.subject(folded) if len(one) > 1)
        return Asked(
            question=question,
            short=bare(folded),
            detail=self._details.asked(folded),
            runs=runs,
            own=tuple(one for one in runs if not self._details.is_light(one)),
            known=self._known(folded, previous),
            before=self.shown.subject(previous.question),
            previous=previous.question,
            asker=asker,
            listed=previous.listed,
            looked_up=lru_cache(lambda text: self.shown.looked_up(text, asker)),
        )

    def _known(self, folded: str, previous: Previous) -> tuple[Node, ...]:
        """What was shown; 「他們」 after a comparison means the other plan's clause, and a form is
        the form of the clause before it."""
        nodes = self.shown.corpus.nodes
        known = tuple(nodes[one] for one in previous.clauses if one in nodes)
        if known and known[0].kind is NodeKind.FORM:
            earlier = tuple(nodes[one] for one in previous.earlier if one in nodes)
            known = (*earlier, *known)
        is_other = len(known) > 1 and known[0].plan_id != known[1].plan_id
        is_theirs = is_other and self.shown.fold("他們") in folded and not previous.listed
        return (known[1], known[0], *known[2:]) if is_theirs else known

    def is_bare(self, asked: Asked) -> bool:
        """Whether a few words ask something of nothing that they name."""
        is_question = self._details.is_question(asked.short)
        return not asked.own and len(asked.short) <= _SHORT and is_question

    def is_short(self, asked: Asked) -> bool:
        """Whether a few words may only make sense with what was shown."""
        may_name = asked.detail is not None and asked.detail.name in (RECEIVER, FORM)
        names_some = self.shown.names.find(self.shown.fold(asked.question)) and not may_name
        return (
            bool(asked.known)
            and len(asked.short) <= (_SHORT if asked.own else _LONGER)
            and not roc.years_in(asked.question)
            and not names_some
        )

    def answer(self, asked: Asked) -> Answer | None:
        """The answer to a few words, by what was shown or by a subject of their own."""
        told = self._of_list(asked) or self._surely_else(asked) or self._told(asked)
        if told is None and not asked.own:
            told = self._on_subject(asked)
        if told is not None:
            return told
        turned = self.turned(asked)
        if turned is not None:
            return turned
        if (remark := self.remark(asked)) is not None:
            return remark
        return self._of_what_was_shown(asked)

    @property
    def _details(self) -> Details:
        return self.shown.details

    def _told(self, asked: Asked) -> Answer | None:
        """What what was shown tells, where the words bring no subject of their own."""
        first = asked.known[0]
        if not asked.listed and self._details.asks_what_follows(asked.short):
            near = (first, *self.shown.beside(first))
            if not asked.own or any(self._details.share(one, asked.own) for one in near):
                return self._what_follows(asked)
        if asked.own:
            return None
        if asked.runs and (shown := self._shown(asked, asked.runs)) is not None:
            return shown if shown.topic != SILENT else None
        if asked.detail is None or asked.listed:
            return None
        if asked.detail.name == FORM and (form := self._form(asked)) is not None:
            return form
        if self._details.states(first, asked.detail):
            return self._form(asked) or self.shown.here(first, asked.question)
        for one in (*self.shown.beside(first), *asked.known[1:_ALSO_SHOWN]):
            if self._details.has_one(one, asked.before) and self._tells(one, asked):
                return self.shown.said(one, asked.question)
        return None

    def _what_follows(self, asked: Asked) -> Answer:
        """What is done with results: said by the clause, by one beside it, or on its subject."""
        node = asked.known[0]
        near = (node, *self.shown.beside(node))
        later = [one for one in near if one.order > node.order]
        found = next((one for one in (*later, node) if self._details.says_what_follows(one)), None)
        if found is not None:
            return (self.shown.here if found == node else self.shown.said)(found, asked.question)
        bound = self.shown.bound(node, asked.asker)
        for one in self._with_subject(asked).passages if asked.before else ():
            is_on = one.plan in bound and self._details.is_on(one.node, asked.before)
            if is_on and self._details.says_what_follows(one.node):
                return self.shown.said(one.node, asked.question)
        silent = self.shown.about(SILENT, (node,), asked.question)
        return replace(silent, unstated=(AFTERWARDS,))

    def _shown(self, asked: Asked, words: tuple[str, ...]) -> Answer | None:
        """The clause that was shown, or the entry of a list, that has some words."""
        shown = asked.known if asked.listed else asked.known[:1]
        node = next((one for one in shown if self._details.names(one, words)), None)
        if node is None and not asked.listed and self._details.share(shown[0], words) >= _NEARLY:
            node = shown[0]
        if node is None:
            return None
        if self._details.asks_who(asked.short):
            return self.shown.about("who", (node,), asked.question)
        if asked.detail is None or self._details.states(node, asked.detail):
            is_same = node == asked.known[0] and not asked.listed
            return (self.shown.here if is_same else self.shown.said)(node, asked.question)
        return self._silent(node, asked)

    def _of_list(self, asked: Asked) -> Answer | None:
        """Those entries of a list that was shown that name something: 「獨居老人那幾條」."""
        if not asked.listed or not asked.own or not _THOSE.search(asked.question):
            return None
        those = tuple(one for one in asked.known if self._details.names(one, asked.own))
        if len(those) < _SEVERAL:
            return None
        passages = tuple(self.shown.passage(one) for one in those)
        return Answer(
            question=asked.question, kind=Kind.LIST, passages=passages[:PASSAGES], plan=passages[0].plan,
            shown=those, topic=THOSE,
        )  # fmt: skip

    def _surely_else(self, asked: Asked) -> Answer | None:
        """The answer to words that name no subject, and yet surely mean something else than what
        was shown: 「會不會又延」 after a clause without any date."""
        if asked.own or asked.listed or self._details.asks_who(asked.short):
            return None
        found = asked.looked_up(asked.question)
        first = next(iter(found.passages), None)
        if first is None or found.band is not Band.SAID or found.topic or found.kind is Kind.LIST:
            return None
        fits, known_fits = self.fit(asked.question, (first.node, asked.known[0]))
        return found if fits - known_fits >= self.margin.surely else None

    def turned(self, asked: Asked) -> Answer | None:
        """The answer to the question alone, where that clearly has a subject of its own.

        Of two clauses that fit the words alike it is the one on the subject of the talk.
        """
        found = asked.looked_up(asked.question)
        if found.passages and not found.topic:
            found = self._in_their_plan(found.passages[0], asked) or found
        if not self._is_clear(found, asked):
            return None
        near = self._with_subject(asked).passages if not asked.listed else ()
        if found.topic or not found.passages or not near or _leads(found, near[0].node):
            return found
        if _is_formal(found.passages[0].node) and not _FORMAL.search(asked.question):
            return found if _is_formal(near[0].node) else led_by(near[0], found)
        if (sister := self._beside(found.passages[0], asked)) is not None:
            return led_by(sister, found)
        fits, near_fits = self.fit(asked.question, (found.passages[0].node, near[0].node))
        is_old = precedence.is_superseded(self.shown.corpus, near[0].plan)
        is_told = asked.detail is None or self._details.states(near[0].node, asked.detail)
        is_other = near[0].node != asked.known[0] and not is_old and is_told
        is_on = bool(asked.before) and self._details.is_on(near[0].node, asked.before)
        if not is_other or near_fits < fits - (_NEAR_BY if is_on else _ALIKE):
            return found
        led = led_by(near[0], found)
        kept = f"{self.shown.words(asked.previous)} {asked.question}"
        return replace(led, question=kept) if is_on else led

    def _in_their_plan(self, first: Passage, asked: Asked) -> Answer | None:
        """The answer from the plan that the talk is about, where that is another unit's and has a
        clause that fits nearly as well as the one that was found."""
        corpus = self.shown.corpus
        plan = corpus.plan_of(asked.known[0])
        if plan == first.plan or plan in precedence.plans_for(corpus, asked.asker):
            return None
        if asked.asker is None or precedence.is_superseded(corpus, plan):
            return None
        theirs = asked.looked_up(f"{plan.owner} {asked.question}")
        near = next((one for one in theirs.passages if one.plan == plan), None)
        if near is None or theirs.band is Band.NOT_SAID:
            return None
        fits, near_fits = self.fit(asked.question, (first.node, near.node))
        return led_by(near, theirs) if near_fits >= fits - _NEAR_BY else None

    def _beside(self, first: Passage, asked: Asked) -> Passage | None:
        """A clause under the heading of what was shown that has the words too and fits nearly as
        well as the one that was found for them."""
        beside = self.shown.beside(asked.known[0])
        having = [one for one in beside if asked.own and self._details.names(one, asked.own)]
        if not having or first.node in beside:
            return None
        best, *fits = self.fit(asked.question, (first.node, *having))
        near = max(range(len(having)), key=lambda at: fits[at])
        is_near = fits[near] >= best - _NEAR_BY
        return self.shown.passage(having[near]) if is_near else None

    def _is_clear(self, found: Answer, asked: Asked) -> bool:
        """Whether what is found for words alone is what they mean, not what was shown."""
        known = asked.known[0]
        joined = found if asked.listed else self._with_subject(asked)
        if found.band is Band.NOT_SAID or not found.passages:
            is_word = any(self.is_word(one) for one in asked.own)
            stays = joined.band is not Band.NOT_SAID and _leads(joined, known)
            stays = stays or self.fit(asked.question, (known,))[0] >= self.margin.fits
            return bool(asked.own) and not stays and (len("".join(asked.own)) > _FEW or not is_word)
        if found.topic not in ("", _FAMILY):
            return True
        if found.kind is Kind.LIST:
            return bool(asked.own)
        if not asked.own and (self._details.asks_who(asked.short) or len(asked.short) > _SHORT):
            return False
        first = found.passages[0].node
        is_told = asked.detail is None or self._details.states(first, asked.detail)
        words = asked.own or (asked.runs if is_told else ())
        share = self._details.share(first, words) if words else 0.0
        found_fits, known_fits = self.fit(asked.question, (first, known))
        letters = len(asked.short)
        wanted = self.margin.alone - _A_LETTER * max(0, letters - _BRIEF)
        wanted = wanted if letters <= _WHOLE else min(wanted, self.margin.whole)
        if share >= self._details.share(known, words):
            wanted = max(self.margin.worded, wanted - self.margin.by_words * share)
        if self._agrees(joined, first, asked):
            wanted = min(wanted, self.margin.agreed if asked.own else self.margin.bare)
        return first != known and found_fits - known_fits >= wanted

    def _agrees(self, joined: Answer, first: Node, asked: Asked) -> bool:
        """Whether the words lead to a clause also together with the subject of the talk, or to one
        that fits them as well."""
        if not joined.passages:
            return False
        near = joined.passages[0].node
        if near in (first, asked.known[0]):
            return near == first
        fits, near_fits = self.fit(asked.question, (first, near))
        return near_fits >= fits - _ALIKE

    def _of_what_was_shown(self, asked: Asked) -> Answer | None:
        """What was shown, or a clause beside it, has the words; else that it does not tell.

        After a list, whose entries are many subjects, None where nothing does.
        """
        if asked.own:
            found = self._shown(asked, asked.own) or self._on_subject(asked)
            if found is not None:
                return found
            for near in self.shown.beside(asked.known[0]):
                if self._details.names(near, asked.own) and self._is_better(near, asked):
                    return self.shown.said(near, asked.question)
        if asked.listed:
            return None
        if self._details.asks_who(asked.short):
            return self.shown.about("who", asked.known[:1], asked.question)
        if self._fits(asked):
            return self.shown.here(asked.known[0], asked.question)
        return replace(self._silent(asked.known[0], asked), second=self._else(asked))

    def _else(self, asked: Asked) -> Passage | None:
        """What may be meant instead of what was shown, where words with a subject fit it better."""
        found = asked.looked_up(asked.question)
        if not asked.own or found.band is not Band.SAID or not found.passages:
            return None
        first = found.passages[0]
        fits, known_fits = self.fit(asked.question, (first.node, asked.known[0]))
        return first if fits - known_fits >= self.margin.perhaps else self._having(asked)

    def _having(self, asked: Asked) -> Passage | None:
        """The clause of any plan in force that has all the words, where there are several."""
        corpus = self.shown.corpus
        plans = (one for one in corpus.plans.values() if not precedence.is_superseded(corpus, one))
        nodes = [node for plan in plans for node in plan.nodes if node.is_quotable]
        having = [one for one in nodes if self._details.names(one, asked.own)]
        if len(asked.own) < _SEVERAL or not having:
            return None
        fits = self.fit(asked.question, having)
        best = max(range(len(having)), key=lambda at: fits[at])
        return self.shown.passage(having[best])

    def remark(self, asked: Asked) -> Answer | None:
        """That words were taken note of, where they ask nothing and name nothing."""
        if not self.remarks.asks_nothing(asked.question) or self._names_something(asked):
            return None
        return Answer(question=asked.question, kind=Kind.SMALLTALK, topic=REMARK)

    def _is_better(self, near: Node, asked: Asked) -> bool:
        """Whether a clause beside what was shown fits the words better, and states the detail."""
        if asked.detail is not None and not self._details.states(near, asked.detail):
            return False
        fits, known_fits = self.fit(asked.question, (near, asked.known[0]))
        return fits > known_fits

    def _names_something(self, asked: Asked) -> bool:
        """Whether words that ask nothing fit what was shown or another clause well."""
        found = asked.looked_up(asked.question)
        first = found.passages[:1] if found.band is Band.SAID else ()
        fits = self.fit(asked.question, (asked.known[0], *(one.node for one in first)))
        return self._fits(asked) or max(fits) >= self.margin.names

    def _fits(self, asked: Asked) -> bool:
        """Whether what was shown says in other words what is asked."""
        node = asked.known[0]
        if asked.detail is not None and not self._details.states(node, asked.detail):
            return False
        is_said = asked.detail is not None or (
            asked.looked_up(asked.question).band is not Band.NOT_SAID
        )
        wanted = self.margin.fits if asked.own else self.margin.fits_bare
        return is_said and self.fit(asked.question, (node,))[0] >= wanted

    def _on_subject(self, asked: Asked) -> Answer | None:
        """Another clause on the subject of the talk that tells what is asked for."""
        if asked.detail is None and not asked.runs:
            return None
        if (form := self._form(asked)) is not None:
            return form
        first, found = asked.known[0], self._with_subject(asked)
        bound = self.shown.bound(first, asked.asker)
        for one in found.passages or found.nearest:
            is_on = not asked.before or self._details.is_on(one.node, asked.before)
            if one.plan not in bound or not is_on or not self._tells(one.node, asked):
                continue
            if one.node == first:
                return self.shown.here(first, asked.question)
            if found.band is Band.NOT_SAID:
                return self.shown.about(TOLD, (one.node,), asked.question)
            return replace(led_by(one, found), topic=found.topic or TOLD)
        return None

    def _form(self, asked: Asked) -> Answer | None:
        """The form on the subject of the talk, where one is asked for."""
        if asked.detail is None or asked.detail.name not in (FORM, CONTENT):
            return None
        found = self._with_subject(asked, _A_FORM)
        if found.band is Band.NOT_SAID or not found.passages:
            return None
        best = found.passages[0].score - _CLOSE
        forms = (one for one in found.passages if one.node.kind is NodeKind.FORM)
        form = next((one for one in forms if one.score >= best), None)
        if form is None:
            return None
        return replace(led_by(form, found), kind=Kind.FORMAT, topic=found.topic or TOLD)

    def _with_subject(self, asked: Asked, more: str = "") -> Answer:
        """The answer to the words, perhaps with more, and what the talk is about."""
        first = asked.known[0]
        words = self.shown.words(asked.previous) or (first.title or first.words)[:_SUBJECT]
        return asked.looked_up(f"{words} {asked.question} {more}".strip())

    def _tells(self, node: Node, asked: Asked) -> bool:
        """Whether a clause states the detail, with the words that go with it."""
        detail = asked.detail
        is_stated = detail is None or (self._details.states(node, detail) and not detail.loose)
        return is_stated and (not asked.runs or self._details.names(node, asked.runs))

    def _silent(self, node: Node, asked: Asked) -> Answer:
        """That the clause which was shown does not state a detail, or has not some words."""
        if asked.detail is not None:
            return self.shown.silent(node, asked.detail, asked.question)
        words = tuple(
            typed(one, asked.question, self.shown.fold)
            for one in asked.own
            if (asked.turns or self.is_word(one)) and not self._details.names(node, (one,))
        )
        return replace(self.shown.about(SILENT, (node,), asked.question), unmentioned=words)


def _is_formal(node: Node) -> bool:
    """Whether a clause says only on what a plan rests or to whom it applies."""
    heads = " ".join((node.title, *node.trail[:1]))
    return len(node.text) < _LINE and _FORMAL.search(heads) is not None


def _leads(found: Answer, node: Node) -> bool:
    """Whether a clause is the first of an answer."""
    return bool(found.passages) and found.passages[0].node == node
