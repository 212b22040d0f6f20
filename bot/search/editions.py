"""The same clause in another edition of a plan, and whether two clauses say the same."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import Enum

from bot.plans import precedence
from bot.plans.corpus import Corpus
from bot.plans.model import Node, NodeKind, Plan, RocYear
from bot.search.phrasings import Phrasings

SAME_CLAUSE, REWRITTEN, MOVED = 0.5, 0.3, 0.6
"""From these likenesses on two clauses are one in two editions: at the same place; there too,
where neither has another counterpart; and at different places, where neither has one."""

_VARIANTS = str.maketrans("祕臺", "秘台")


class Change(Enum):
    """What became of a clause from one edition to the next."""

    NEW = "new"
    DROPPED = "dropped"
    REWORDED = "reworded"
    UNITS = "units"
    SAME = "same"


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A clause and what became of it; `node` is the newer edition's, but for a dropped one."""

    node: Node
    change: Change
    before: Node | None = None


def same_words(one: Node, other: Node) -> bool:
    """Whether two clauses differ in nothing but line breaks, blanks and marks.

    A title that stands in one of them as the heading above is no difference.
    """
    first, second = sorted((one, other), key=lambda node: len(_letters(node.words)))
    short, long = _letters(first.words), _letters(second.words)
    heading = _letters(first.trail[-1]) if first.trail else ""
    return short == long or heading + short == long


def same_units(one: Node, other: Node) -> bool:
    """Whether the same units are responsible, as far as both plans say it."""
    return set(map(_letters, one.units)) == set(map(_letters, other.units))


def other_units(one: Node, other: Node) -> bool:
    """Whether both name responsible units, and not the same."""
    return bool(one.units and other.units) and not same_units(one, other)


class Editions:
    """Finds a clause in another edition of its plan, and other editions of a plan."""

    def __init__(self, corpus: Corpus, phrasings: Phrasings) -> None:
        self._corpus = corpus
        self._older = _older_editions(corpus, phrasings)
        self._newer = {old.id: corpus.nodes[new] for new, old in self._older.items()}
        self._differences: dict[str, tuple[Difference, ...]] = {}

    def older(self, node: Node) -> Node | None:
        """The clause in the edition that its plan supersedes."""
        return self._older.get(node.id)

    def counterpart(self, node: Node, plan: Plan) -> Node | None:
        """The clause in this plan, when that is the edition before or after its own."""
        for found in (self._older.get(node.id), self._newer.get(node.id)):
            if found is not None and found.plan_id == plan.id:
                return found
        return None

    def differences(self, plan: Plan) -> tuple[Difference, ...]:
        """What became of each clause since the edition that a plan supersedes.

        The new ones first, then the dropped, the reworded, those given to other units, and last
        those that stayed.
        """
        if plan.id not in self._differences:
            self._differences[plan.id] = self._compared(plan)
        return self._differences[plan.id]

    def _compared(self, plan: Plan) -> tuple[Difference, ...]:
        old = self._corpus.plans.get(plan.supersedes or "")
        if old is None:
            return ()
        found = [self._difference(node) for node in _clauses(plan)]
        found += [
            Difference(node=node, change=Change.DROPPED)
            for node in _clauses(old)
            if node.id not in self._newer and not _stands_in(node, plan)
        ]
        order = list(Change)
        return tuple(sorted(found, key=lambda one: order.index(one.change)))

    def _difference(self, node: Node) -> Difference:
        old = self._older.get(node.id)
        if old is None:
            return Difference(node=node, change=Change.NEW)
        change = Change.UNITS if other_units(node, old) else Change.SAME
        change = change if same_words(node, old) else Change.REWORDED
        return Difference(node=node, change=change, before=old)

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
    narrow = unicodedata.normalize("NFKC", words).casefold().translate(_VARIANTS)
    return "".join(letter for letter in narrow if letter.isalnum())


def _clauses(plan: Plan) -> Iterator[Node]:
    return (node for node in plan.nodes if node.kind is NodeKind.CLAUSE)


def _stands_in(node: Node, plan: Plan) -> bool:
    """Whether a clause of another plan has the words of this one among its own."""
    words = _letters(node.words)
    return any(words in _letters(other.words) for other in _clauses(plan))


def _older_editions(corpus: Corpus, phrasings: Phrasings) -> dict[str, Node]:
    """For each clause its counterpart in the edition that its plan supersedes.

    Reviewed twins first; then the clause at the same place, when it is largely the same words;
    and of those that are left over what was moved or rewritten.
    """
    found: dict[str, Node] = {}
    for old, new in phrasings.same_as.items():
        node = corpus.nodes[old]
        if corpus.plan_of(corpus.nodes[new]).supersedes == node.plan_id:
            found[new] = node
    for plan in corpus.plans.values():
        for node in plan.nodes if plan.supersedes else ():
            other = corpus.nodes.get(f"{plan.supersedes}:{'.'.join(node.segments)}")
            if node.id in found or not node.text or other is None:
                continue
            if _likeness(node.words, other.words) >= SAME_CLAUSE:
                found[node.id] = other
        found.update(_left_over(corpus, plan, found))
    return found


def _left_over(corpus: Corpus, plan: Plan, found: dict[str, Node]) -> dict[str, Node]:
    """Counterparts of clauses that have none at their place, the likest first."""
    old = corpus.plans.get(plan.supersedes or "")
    taken = {node.id for node in found.values()}
    left = [node for node in _clauses(old) if node.id not in taken] if old else []
    alike = sorted(
        (
            (_likeness(node.words, other.words), node, other)
            for node in _clauses(plan)
            if node.id not in found
            for other in left
        ),
        key=lambda one: -one[0],
    )
    pairs: dict[str, Node] = {}
    for likeness, node, other in alike:
        needed = REWRITTEN if node.segments == other.segments else MOVED
        if likeness >= needed and node.id not in pairs and other not in pairs.values():
            pairs[node.id] = other
    return pairs


def _likeness(one: str, other: str) -> float:
    return SequenceMatcher(None, one, other, autojunk=False).ratio()
