"""Adds to an answer who acts, where that is asked and the plan has no column of units."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from bot.plans.model import Node
from bot.search.actors import Actors
from bot.search.detail_kinds import PAYER, RECEIVER
from bot.search.details import Details
from bot.search.result import APPLIES, HERE, TWICE, Answer, Kind, Passage
from bot.search.shown import led_by
from bot.search.words import Folder

_DOES = "做|辦|負責|訂|擬|編|寫|弄|管|主辦|承辦|處理|發"
_APPROVES = r"(?:誰|哪.{1,4}).{0,6}(?:審|核[准定]|准|批|收)"
_LOOKS = r"(?:誰|哪.{1,4}).{0,6}(?:看|查|考|評|驗|盯|督)"
"""Asks who approves or looks at what agencies do: those that a clause is addressed to are not meant."""
_WITH = r"(?:找|跟|和|與|邀請?|請|對|向|給|照|依|參考|參照)(?:誰|哪)|哪些人"
"""Asks for somebody else than who does it."""
_LISTS = frozenset({Kind.LIST, Kind.COMPARE, Kind.UNKNOWN, Kind.SMALLTALK})
_ALONE = frozenset({"", TWICE})


@dataclass(frozen=True)
class Acting:
    """Finds who acts in the first clause of an answer, and a clause that says it better."""

    actors: Actors
    details: Details
    fold: Folder

    def told(self, found: Answer, question: str, *, asks_who: bool) -> Answer:
        """The answer with who acts, where it is asked who does it, or whether who asks does.

        Args:
            asks_who: a question that stands for itself asks who.
        """
        is_list = found.kind in _LISTS or (len(found.shown) > 1 and found.topic != TWICE)
        if is_list or not found.passages or found.faq:
            return found
        folded = self.fold(question)
        is_who = found.topic == "who" or (asks_who and found.topic in _ALONE)
        is_ours = found.topic == APPLIES or bool(found.asked_of)
        if not (is_who or is_ours) or self._asks_something_else(folded):
            return found
        found = self._naming_first(found) if is_who else found
        first = found.passages[0]
        does = self._says(_DOES, folded) or is_who
        node = self.actors.doing(first.node) if does else first.node
        actor = self.actors.doing_in(node, folded, self.fold)
        if actor is None or (is_ours and not does and actor.is_city):
            return found
        if is_who and actor.is_of_agencies and self._says(_APPROVES, folded):
            return found
        if is_who and actor.is_of_agencies and self._says(_LOOKS, folded):
            return replace(found, kind=Kind.CLAUSE, topic=HERE if found.topic == "who" else "")
        return replace(self._led_by(node, found), actor=actor)

    def _naming_first(self, found: Answer) -> Answer:
        """The answer with the second of two near clauses first, where only that names who acts."""
        first, second = found.passages[0], found.second
        if second is None or found.topic == TWICE or first.node.units:
            return found
        names = [self.actors.of(self.actors.doing(one.node)) for one in (first, second)]
        return found if names[0] or not names[1] else led_by(second, found)

    def _asks_something_else(self, folded: str) -> bool:
        detail = self.details.asked(folded)
        is_another = detail is not None and detail.name in (PAYER, RECEIVER)
        return is_another or self._says(_WITH, folded)

    def _led_by(self, node: Node, found: Answer) -> Answer:
        """The answer with the clause that names who acts before the row of the schedule."""
        first = found.passages[0]
        if node == first.node:
            return found
        other = Passage(node=node, plan=first.plan, score=first.score)
        rest = tuple(one for one in found.passages if one.node != node)
        return replace(found, passages=(other, *rest), second=None, differs=())

    def _says(self, pattern: str, folded: str) -> bool:
        return re.search(self.fold(pattern), folded) is not None
