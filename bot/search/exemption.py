"""How far an exemption goes: 「那測試也不用嗎」 from whom a clause spares one thing only."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from bot.plans.model import Node, NodeKind, Unit
from bot.search.actors import Actors
from bot.search.result import HERE, SAID, TOLD, TWICE, Answer
from bot.search.words import Folder

_SPARES = re.compile(r"免(?:予)?(?:提[報送]|[報送繳交辦訂])")
_NEITHER = (
    r"(?:也|都|連.{1,8}也)(?:是|就)?(?:不用|不必|不需要?|不須|免).{0,6}(?:嗎|囉|吧|喔|了|\?|$)"
)
_TOPICS = frozenset({"", HERE, SAID, TOLD, TWICE})


@dataclass(frozen=True)
class Exemption:
    """Finds the clause that spares a unit something, and what it does not speak of."""

    actors: Actors
    fold: Folder

    def beyond(self, found: Answer, question: str, asker: Unit | None) -> Answer:
        """The answer with the clause that spares who asks something else, where it is asked whether
        this is spared too."""
        is_asked = re.search(self.fold(_NEITHER), self.fold(question)) is not None
        if asker is None or not is_asked or not found.passages or found.topic not in _TOPICS:
            return found
        first, clause = found.passages[0], self._sparing(asker)
        if clause is None or first.node == clause or first.plan.id != clause.plan_id:
            return found
        return replace(found, exemption=clause)

    def _sparing(self, asker: Unit) -> Node | None:
        home = self.actors.level(asker)
        for plan in self.actors.corpus.plans.values():
            for node in plan.nodes:
                if node.kind is not NodeKind.CLAUSE or not what_is_spared(node):
                    continue
                actor = self.actors.of(node)
                if actor is not None and actor.unit == home:
                    return node
        return None


def what_is_spared(node: Node) -> str:
    """The clause's own word for what need not be done, such as 免提報."""
    found = _SPARES.search(node.text)
    return found[0] if found is not None else ""
