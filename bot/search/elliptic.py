"""A few words in a conversation that bring no subject of their own, or none that is clear.

「用哪個表」 after 成果報告: what was shown tells it, or a clause beside it, or another on the subject
of the conversation; only where the words clearly have a subject of their own they are looked up
alone, and where nothing tells it, that is said of what was shown.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache

from bot.plans import roc
from bot.plans.model import Node, NodeKind, Unit
from bot.search.asked import LONGER, SHORT, Asked
from bot.search.detail_kinds import CONTENT, DATE, FORM, RECEIVER
from bot.search.details import Details
from bot.search.follow import Previous
from bot.search.order import is_same_again
from bot.search.refusal import Band
from bot.search.remarks import Remarks
from bot.search.result import (
    BESIDE,
    HERE,
    PASSAGES,
    REMARK,
    SILENT,
    THOSE,
    TOLD,
    TWICE,
    TWO,
    Answer,
    Kind,
)
from bot.search.shown import Shown, led_by, typed
from bot.search.subject import SEVERAL, OwnSubject, strays
from bot.search.words import bare

AFTERWARDS = "之後要做什麼"
_ALSO_SHOWN = 3  # of the clauses of an answer those that a person has seen
_COMPARED = frozenset({BESIDE, TWO, "compare"})  # topics of two clauses side by side
_ITSELF = frozenset({"", TWICE, TOLD})  # topics of what answers a question itself
_NEARLY = 0.5  # of the pairs of letters of what a question names
_LONGEST = 60  # letters of a subject: each question on it adds its own words
_SUBJECT = 20  # letters of a clause that stand for the subject where no question named one
_A_FORM = "格式"  # says whose form is meant, by the level of who asks
_CLOSE = 1.5  # score by which a form may be behind a clause that names it
_WITHIN = re.compile("也(?:在|有|算|包)|包[含括]|在[裡里]面|在內|在内|[裡里]面有")
_TIME = re.compile("第([一二12])次")
_THOSE = re.compile("那[几幾些]|[这這][几幾些]|哪[几幾些]|有[关關]|相[关關]|部分|就好|[给給]我")


@dataclass(frozen=True, slots=True, kw_only=True)
class Elliptic:
    """Answers a few words by what was shown, or by a subject of their own.

    `is_word` tells whether letters stand in any clause.
    """

    shown: Shown
    remarks: Remarks
    own: OwnSubject
    is_word: Callable[[str], bool]

    def read(self, question: str, asker: Unit | None, previous: Previous) -> Asked:
        """What a few words bring, beside what the conversation is about."""
        folded = self.shown.fold(question)
        runs = tuple(one for one in self._details.subject(folded) if len(one) > 1)
        known = self._known(folded, previous)
        words = self.shown.words(previous.question)
        return Asked(
            question=question,
            short=bare(folded),
            detail=self._details.asked(folded),
            runs=runs,
            own=tuple(one for one in runs if not self._details.is_light(one)),
            known=known,
            before=self.shown.subject(previous.question),
            previous=previous.question,
            subject=words[:_LONGEST] or (known[0].title or known[0].words)[:_SUBJECT]
            if known
            else words,
            asker=asker,
            listed=previous.listed,
            goes_on=previous.topic in _ITSELF,
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
        is_compared = previous.topic in _COMPARED and len(known) > 1
        is_other = is_compared and known[0].plan_id != known[1].plan_id
        is_theirs = is_other and self.shown.fold("他們") in folded and not previous.listed
        return (known[1], known[0], *known[2:]) if is_theirs else known

    def is_bare(self, asked: Asked) -> bool:
        """Whether a few words ask something of nothing that they name."""
        is_question = self._details.is_question(asked.short)
        return not asked.own and len(asked.short) <= SHORT and is_question

    def is_short(self, asked: Asked) -> bool:
        """Whether a few words may only make sense with what was shown."""
        may_name = asked.detail is not None and asked.detail.name in (RECEIVER, FORM)
        names_some = self.shown.names.find(self.shown.fold(asked.question)) and not may_name
        return (
            bool(asked.known)
            and len(asked.short) <= (SHORT if asked.own else LONGER)
            and not roc.years_in(asked.question)
            and not names_some
        )

    def answer(self, asked: Asked) -> Answer | None:
        """The answer to a few words, by what was shown or by a subject of their own."""
        told = (
            self._other_time(asked)
            or self._of_list(asked)
            or self.own.surely_else(asked)
            or self._told(asked)
        )
        if told is None and not asked.own:
            told = self._on_subject(asked)
        if told is not None:
            return told
        turned = self.own.turned(asked)
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
            here = self._form(asked) or self.shown.here(first, asked.question)
            is_date = first.kind is NodeKind.SCHEDULE and asked.detail.name == DATE
            return replace(here, kind=Kind.DEADLINE) if is_date and here.topic == HERE else here
        for one in (*self.shown.beside(first), *asked.known[1:_ALSO_SHOWN]):
            if self._details.has_one(one, asked.before) and self._tells(one, asked):
                return self.shown.said(one, asked.question)
        for one in asked.known[1:_ALSO_SHOWN] if asked.detail.loose and asked.before else ():
            is_on = self._details.names(one, asked.before) and self._details.states(
                one, asked.detail
            )
            if is_on and one.plan_id == first.plan_id:
                return self.shown.said(one, asked.question)
        return None

    def _other_time(self, asked: Asked) -> Answer | None:
        """The row for the other time of what is done twice: 「第二次呢」."""
        first, time = asked.known[0], _TIME.search(asked.short)
        if time is None or asked.own or asked.listed:
            return None
        said = f"第{'1' if time[1] in '一1' else '2'}次"
        rows = (first, *self.shown.beside(first))
        row = next((one for one in rows if said in one.words and is_same_again(one, first)), None)
        if row is None:
            return None
        return replace(self.shown.said(row, asked.question), kind=Kind.DEADLINE)

    def _what_follows(self, asked: Asked) -> Answer:
        """What is done with results: said by the clause, by one beside it, or on its subject."""
        node = asked.known[0]
        near = (node, *self.shown.beside(node))
        later = [one for one in near if one.order > node.order]
        found = next((one for one in (*later, node) if self._details.says_what_follows(one)), None)
        if found is not None:
            return (self.shown.here if found == node else self.shown.said)(found, asked.question)
        bound = self.shown.bound(node, asked.asker)
        for one in asked.joined().passages if asked.before else ():
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
        if len(those) < SEVERAL:
            return None
        passages = tuple(self.shown.passage(one) for one in those)
        return Answer(
            question=asked.question, kind=Kind.LIST, passages=passages[:PASSAGES], plan=passages[0].plan,
            shown=those, topic=THOSE,
        )  # fmt: skip

    def _of_what_was_shown(self, asked: Asked) -> Answer | None:
        """What was shown, or a clause beside it, has the words; else that it does not tell.

        After a list, whose entries are many subjects, None where nothing does.
        """
        if asked.own:
            found = self._shown(asked, asked.own) or self._on_subject(asked)
            is_here = found is None or found.topic == HERE
            for near in self.shown.beside(asked.known[0]) if is_here else ():
                if self._details.names(near, asked.own) and self.own.is_better(near, asked):
                    return self.shown.said(near, asked.question)
            if found is not None:
                return found
        if asked.listed:
            return None
        if self._details.asks_who(asked.short):
            return self.shown.about("who", asked.known[:1], asked.question)
        is_stated = asked.detail is not None and self._details.states(asked.known[0], asked.detail)
        if is_stated or self.own.fits(asked):
            return self.shown.here(asked.known[0], asked.question)
        return replace(self._silent(asked.known[0], asked), second=self.own.perhaps(asked))

    def last(self, asked: Asked) -> Answer | None:
        """What is said to words that are no few, where they are no question of their own."""
        found = asked.looked_up(asked.question)
        first = next(iter(found.passages), None)
        if first is None or asked.listed or found.topic or not strays(asked.question, first.node):
            return self.remark(asked)
        if self._details.asks_who(asked.short):
            return self.shown.about("who", asked.known[:1], asked.question)
        return self._silent(asked.known[0], asked)

    def remark(self, asked: Asked) -> Answer | None:
        """That words were taken note of, where they ask nothing and name nothing."""
        if self.shown.names.find(self.shown.fold(asked.question)):
            return None
        if not self.remarks.asks_nothing(asked.question) or self.own.names_something(asked):
            return None
        return Answer(question=asked.question, kind=Kind.SMALLTALK, topic=REMARK)

    def _on_subject(self, asked: Asked) -> Answer | None:
        """Another clause on the subject of the talk that tells what is asked for."""
        if asked.detail is None and not asked.runs:
            return None
        if (form := self._form(asked)) is not None:
            return form
        first, found = asked.known[0], asked.joined()
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
        found = asked.joined(_A_FORM)
        if found.band is Band.NOT_SAID or not found.passages:
            return None
        best = found.passages[0].score - _CLOSE
        forms = (one for one in found.passages if one.node.kind is NodeKind.FORM)
        form = next((one for one in forms if one.score >= best), None)
        if form is None:
            return None
        led = led_by(form, found)
        return replace(led, kind=Kind.FORMAT, topic=found.topic or TOLD, unstated=(), vaguely="")

    def _tells(self, node: Node, asked: Asked) -> bool:
        """Whether a clause states the detail, with the words that go with it."""
        detail = asked.detail
        is_stated = detail is None or (self._details.states(node, detail) and not detail.loose)
        return is_stated and (not asked.runs or self._details.names(node, asked.runs))

    def _silent(self, node: Node, asked: Asked) -> Answer:
        """That the clause which was shown does not state a detail, or has not some words."""
        if asked.detail is not None:
            return self.shown.silent(node, asked.detail, asked.question)
        is_within = _WITHIN.search(asked.question) is not None
        words = tuple(
            typed(one, asked.question, self.shown.fold)
            for one in asked.own
            if (asked.turns or is_within or self.is_word(one))
            and not self._details.names(node, (one,))
        )
        return replace(self.shown.about(SILENT, (node,), asked.question), unmentioned=words)
