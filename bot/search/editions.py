"""The same clause in another edition of a plan, and whether two clauses say the same."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from difflib import SequenceMatcher

from bot.plans import precedence
from bot.plans.corpus import Corpus
from bot.plans.model import Node, Plan, RocYear
from bot.search.phrasings import Phrasings

SAME_CLAUSE = 0.5
"""From this likeness on two clauses at the same place are one clause in two editions."""


def same_words(one: Node, other: Node) -> bool:
    """Whether two clauses differ in nothing but line breaks, blanks and marks."""
    return _letters(one.words) == _letters(other.words)


def same_units(one: Node, other: Node) -> bool:
    """Whether the same units are responsible, as far as both plans say it."""
    return set(map(_letters, one.units)) == set(map(_letters, other.units))


class Editions:
    """Finds a clause in another edition of its plan, and other editions of a plan."""

    def __init__(self, corpus: Corpus, phrasings: Phrasings) -> None:
        self._corpus = corpus
        self._older = _older_editions(corpus, phrasings)
        self._newer = {old.id: corpus.nodes[new] for new, old in self._older.items()}

    def older(self, node: Node) -> Node | None:
        """The clause in the edition that its plan supersedes."""
        return self._older.get(node.id)

    def counterpart(self, node: Node, plan: Plan) -> Node | None:
        """The clause in this plan, when that is the edition before or after its own."""
        for found in (self._older.get(node.id), self._newer.get(node.id)):
            if found is not None and found.plan_id == plan.id:
                return found
        return None

    def other(self, plan: Plan, years: Sequence[RocYear]) -> Plan | None:
        """Another plan of the same owner: of a named year, else the edition before or after."""
        owner = self._corpus.units.get(plan.owner)
        own = precedence.own_plans(self._corpus, owner) if owner else ()
        others = [one for one in own if one != plan]
        named = [one for one in others if one.year in years]
        if named or any(year != plan.year for year in years):
            return named[0] if named else None
        older = [one for one in others if one.year < plan.year]
        return older[0] if older else others[-1] if others else None


def _letters(words: str) -> str:
    narrow = unicodedata.normalize("NFKC", words).casefold()
    return "".join(letter for letter in narrow if letter.isalnum())


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
