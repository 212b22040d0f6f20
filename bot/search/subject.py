"""Whether a few words in a talk have a subject of their own, and what is found for it.

They have one where the clause that is found for them fits them clearly better than the one that
was shown; how much better it has to fit depends on whether the words lead there also together with
the subject of the talk. The measurements are in docs/decisions/answering.md.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from bot.plans import precedence
from bot.plans.model import Node
from bot.search.asked import LEAST, SHORT, Asked
from bot.search.details import Details
from bot.search.refusal import Band
from bot.search.result import Answer, Kind, Passage
from bot.search.shown import Shown, led_by

SEVERAL = 2  # words that a clause of another unit's plan must have to be offered, entries of a list
_FAMILY = "family"  # the topic of a list that ranking made
_FORMAL = re.compile("依據|依据|對象|对象|適用|适用|哪[些個个]?(?:機關|机关|單位|单位)")
_TURNING = re.compile(r"^[那啊阿]|[呢咧\W]+$")
_LINE = 30  # letters that a clause on whom a plan concerns has at most
_BRIEF, _A_LETTER, _WHOLE = 7, 0.2, 12
"""Letters of what says least of itself, what each further is worth, and of a whole question."""
_NEAR_BY = 1.1  # of the fit, by which a clause on the subject of the talk may be behind another
_ALIKE = 0.4  # of the fit of two clauses
_FEW = 3  # letters of a subject that is none when no clause found for it has them


@dataclass(frozen=True, slots=True, kw_only=True)
class Margin:
    """How much better words have to fit the clause that is found for them than the one that was
    shown, to have a subject of their own.

    `agreed` where that clause is found also together with the subject of the talk (`bare` where
    the words name nothing); else `alone`, less for longer questions and by `by_words` times the
    share of the words that it has, but not less than `worded`; `whole` for a whole question.
    From `surely` on also words that name nothing mean something else; from `perhaps` on another
    clause is offered beside what was shown. By itself a clause says what is asked from `fits` on,
    from `fits_bare` where the words name nothing, and words that ask nothing name something from
    `names` on.
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
class OwnSubject:
    """Decides by how well clauses fit.

    `is_word` tells whether letters stand in any clause, `fit` how well clauses fit a question by
    their content alone.
    """

    shown: Shown
    margin: Margin
    is_word: Callable[[str], bool]
    fit: Callable[[str, Sequence[Node]], Sequence[float]]

    def turned(self, asked: Asked) -> Answer | None:
        """The answer to the question alone, where that clearly has a subject of its own.

        Of two clauses that fit the words alike it is the one on the subject of the talk.
        """
        if (carried := self._carried(asked)) is not None:
            return carried
        found = asked.looked_up(asked.question)
        if found.passages and not found.topic:
            found = self._in_their_plan(found.passages[0], asked) or found
        if not self.is_clear(found, asked):
            return None
        near = asked.joined().passages if not asked.listed else ()
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
        kept = f"{asked.subject} {asked.question}"
        return replace(led, question=kept) if is_on else led

    def _carried(self, asked: Asked) -> Answer | None:
        """The answer to 「研習呢」 after 「查訪是幾月」: what a clause on it says of the same detail."""
        before = self._details.asked(self.shown.fold(asked.previous))
        is_open = asked.turns and asked.goes_on and asked.detail is None and asked.own
        if before is None or not is_open:
            return None
        wanted = before.ask.search(self.shown.fold(asked.previous))
        found = asked.looked_up(f"{_TURNING.sub('', asked.question)} {wanted[0] if wanted else ''}")
        first = next(iter(found.passages), None)
        if first is None or found.band is not Band.SAID or found.kind is Kind.LIST or found.topic:
            return None
        is_told = self._details.names(first.node, asked.own) and not before.loose
        is_new = first.node != asked.known[0]
        return found if is_new and is_told and self._details.states(first.node, before) else None

    def surely_else(self, asked: Asked) -> Answer | None:
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

    def perhaps(self, asked: Asked) -> Passage | None:
        """What may be meant instead of what was shown, where words with a subject fit it better."""
        found = asked.looked_up(asked.question)
        if not asked.own or found.band is not Band.SAID or not found.passages:
            return None
        first = found.passages[0]
        fits, known_fits = self.fit(asked.question, (first.node, asked.known[0]))
        return first if fits - known_fits >= self.margin.perhaps else self._having(asked)

    def names_something(self, asked: Asked) -> bool:
        """Whether words that ask nothing fit what was shown or another clause well."""
        found = asked.looked_up(asked.question)
        first = found.passages[:1] if found.band is Band.SAID else ()
        fits = self.fit(asked.question, (asked.known[0], *(one.node for one in first)))
        return self.fits(asked) or max(fits) >= self.margin.names

    def fits(self, asked: Asked) -> bool:
        """Whether what was shown says in other words what is asked."""
        node = asked.known[0]
        if asked.detail is not None and not self._details.states(node, asked.detail):
            return False
        is_said = asked.detail is not None or (
            asked.looked_up(asked.question).band is not Band.NOT_SAID
        )
        wanted = self.margin.fits if asked.own else self.margin.fits_bare
        return is_said and self.fit(asked.question, (node,))[0] >= wanted

    def is_better(self, near: Node, asked: Asked) -> bool:
        """Whether a clause beside what was shown fits the words better, and states the detail."""
        if asked.detail is not None and not self._details.states(near, asked.detail):
            return False
        fits, known_fits = self.fit(asked.question, (near, asked.known[0]))
        return fits > known_fits

    def is_clear(self, found: Answer, asked: Asked) -> bool:
        """Whether what is found for words alone is what they mean, not what was shown."""
        known = asked.known[0]
        joined = found if asked.listed else asked.joined()
        if found.band is Band.NOT_SAID or not found.passages:
            is_word = any(self.is_word(one) for one in asked.own)
            is_lacking = asked.detail is not None and self._details.is_on(known, asked.own)
            stays = (joined.band is not Band.NOT_SAID or is_lacking) and _leads(joined, known)
            stays = stays or self.fit(asked.question, (known,))[0] >= self.margin.fits
            return bool(asked.own) and not stays and (len("".join(asked.own)) > _FEW or not is_word)
        if found.topic not in ("", _FAMILY):
            return True
        if found.kind is Kind.LIST:
            return bool(asked.own)
        is_sized = LEAST < len(asked.short) <= SHORT
        if not asked.own and (self._details.asks_who(asked.short) or not is_sized):
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
        if precedence.is_superseded(self.shown.corpus, self.shown.corpus.plan_of(asked.known[0])):
            return None
        beside = self.shown.beside(asked.known[0])
        having = [one for one in beside if asked.own and self._details.names(one, asked.own)]
        if not having or first.node in beside:
            return None
        best, *fits = self.fit(asked.question, (first.node, *having))
        near = max(range(len(having)), key=lambda at: fits[at])
        is_near = fits[near] >= best - _NEAR_BY
        return self.shown.passage(having[near]) if is_near else None

    def _having(self, asked: Asked) -> Passage | None:
        """The clause of any plan in force that has all the words, where there are several."""
        corpus = self.shown.corpus
        plans = (one for one in corpus.plans.values() if not precedence.is_superseded(corpus, one))
        nodes = [node for plan in plans for node in plan.nodes if node.is_quotable]
        having = [one for one in nodes if self._details.names(one, asked.own)]
        if len(asked.own) < SEVERAL or not having:
            return None
        fits = self.fit(asked.question, having)
        best = max(range(len(having)), key=lambda at: fits[at])
        return self.shown.passage(having[best])

    @property
    def _details(self) -> Details:
        return self.shown.details


def strays(question: str, node: Node) -> bool:
    """Whether a clause says only whom a plan concerns, or on what it rests, and a question does not
    ask for that: it was found for want of anything better."""
    return _is_formal(node) and _FORMAL.search(question) is None


def _is_formal(node: Node) -> bool:
    """Whether a clause says only on what a plan rests or to whom it applies."""
    heads = " ".join((node.title, *node.trail[:1]))
    return len(node.text) < _LINE and _FORMAL.search(heads) is not None


def _leads(found: Answer, node: Node) -> bool:
    """Whether a clause is the first of an answer, or of what is nearest."""
    first = (found.passages or found.nearest)[:1]
    return bool(first) and first[0].node == node
