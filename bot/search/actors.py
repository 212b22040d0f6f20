"""Who acts in a clause of a plan without a column of units, by its own first words or the headings
above it: 「本府研考會：計畫研擬…」, 「二級機關：…」, 「各機關提報…」."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property

from bot.plans.corpus import Corpus
from bot.plans.model import Node, NodeKind, PlanKind, Unit, UnitLevel
from bot.search.words import Folder

_KINDS = {
    "一級機關": UnitLevel.AGENCY,
    "主管機關": UnitLevel.AGENCY,
    "區公所": UnitLevel.DISTRICT_OFFICE,
    "二級機關": UnitLevel.SUBORDINATE,
    "所屬機關": UnitLevel.SUBORDINATE,
}
"""The plans' words for the levels of agencies."""
WRITERS = frozenset({UnitLevel.AGENCY, UnitLevel.DISTRICT_OFFICE, UnitLevel.SUBORDINATE})
"""The levels of agencies, of which 「機關」 means all."""
_WITH_ENDS = r"(?=[：:，,]|應|得|將|依)"
_AND = re.compile("[及與和、]")
_NAMED = re.compile("「([^」]+)」")


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who acts, as it is printed; `node` is the clause or the heading where it stands.

    Either `unit` is named, or `levels` are meant; the city's own where only 「本府」 is printed.
    """

    node: Node
    name: str
    unit: Unit | None
    levels: frozenset[UnitLevel]

    @property
    def is_city(self) -> bool:
        """Whether it is only 「本府」, which names no unit."""
        return self.levels == {UnitLevel.CITY}

    @property
    def is_of_agencies(self) -> bool:
        """Whether agencies of some level are meant."""
        return bool(self.levels & WRITERS)

    def includes(self, unit: Unit) -> bool:
        """Whether a unit, no section, is meant."""
        return unit == self.unit or unit.level in self.levels


@dataclass(frozen=True)
class Actors:
    """Finds who acts in clauses that list no units, where a plan has no column of them."""

    corpus: Corpus

    def of(self, node: Node) -> Actor | None:
        """Who acts in a clause; None where neither it nor a heading above begins with it."""
        plan = self.corpus.plan_of(node)
        if node.units or plan.kind is not PlanKind.IMPLEMENTATION:
            return None
        here: Node | None = node
        while here is not None:
            for words in (here.text, here.title):
                actor = self._first_words(here, words)
                if actor is not None:
                    return actor
            here = self.corpus.nodes.get(here.parent or "")
        return None

    def doing_in(self, node: Node, folded: str, fold: Folder) -> Actor | None:
        """Who does what a question names: another than the rest of a clause, where that says so, as
        in 「由各主管機關彙整」."""
        for match in re.finditer(f"由({self._who})(\\w\\w)", node.text):
            if fold(match[2]) in folded and not node.units:
                return self._read(node, match[1])
        return self.of(node)

    def doing(self, row: Node) -> Node:
        """For a row of a schedule that names nobody the clause on the same thing that does: the
        one whose title has a word of the row, or that alone names the same paper; else itself."""
        if row.kind is not NodeKind.SCHEDULE or self.of(row) is not None:
            return row
        clauses = [
            one
            for one in self.corpus.plan_of(row).nodes
            if one.kind is NodeKind.CLAUSE and (actor := self.of(one)) and actor.node is not one
        ]
        papers = [one for one in _NAMED.findall(row.text) if len(one) > 1]
        naming = [one for one in clauses if any(f"「{paper}」" in one.text for paper in papers)]
        titled = [one for one in clauses if self._has_title_word(one, row)]
        found = titled or naming
        return found[0] if len(found) == 1 else row

    def _has_title_word(self, clause: Node, row: Node) -> bool:
        words = _AND.split(clause.title)
        return any(len(word) > 1 and word in row.text for word in words)

    def level(self, unit: Unit) -> Unit:
        """The agency whose level counts: a section's is its agency."""
        above = self.corpus.units.get(unit.parent) if unit.level is UnitLevel.SECTION else None
        return above or unit

    def concerns(self, node: Node, unit: Unit) -> bool:
        """Whether a clause is addressed to agencies of a unit's level and not to all, or says what
        the city does."""
        actor = self.of(node)
        if actor is None or actor.levels == WRITERS:
            return False
        return actor.is_city or (actor.is_of_agencies and actor.includes(self.level(unit)))

    def is_citys(self, node: Node) -> bool:
        """Whether a clause says what the city does."""
        actor = self.of(node)
        return actor is not None and actor.is_city

    def speaks_to_others(self, node: Node, unit: Unit) -> bool:
        """Whether a clause is addressed to agencies of other levels than a unit's."""
        actor = self.of(node)
        return actor is not None and actor.is_of_agencies and not actor.includes(self.level(unit))

    def _first_words(self, node: Node, words: str) -> Actor | None:
        ends = "" if node.kind is NodeKind.SCHEDULE else _WITH_ENDS
        match = re.match(self._who + ends, words)
        return None if match is None else self._read(node, match[0])

    def _read(self, node: Node, name: str) -> Actor | None:
        unit = next((one for one in self._units if one.name in name), None)
        levels = {level for kind, level in _KINDS.items() if kind in name}
        if not levels and re.search("機關|實施對象", name):
            levels = set(WRITERS)
        elif levels == {UnitLevel.DISTRICT_OFFICE} and "機關" in name:
            levels.add(UnitLevel.AGENCY)
        if unit is None and not levels:
            levels = {UnitLevel.CITY} if name.startswith("本府") else set()
        return (
            Actor(node=node, name=name, unit=unit, levels=frozenset(levels))
            if (unit or levels)
            else None
        )

    @cached_property
    def _units(self) -> Collection[Unit]:
        levels = (UnitLevel.RDEC, UnitLevel.AGENCY)
        return tuple(one for one in self.corpus.units if one.level in levels)

    @cached_property
    def _who(self) -> str:
        names = "|".join(re.escape(one.name) for one in self._units)
        return (
            rf"(?:本實施計畫|本府|本市|各|{'|'.join(_KINDS)}|一級|執行|實施對象|機關|\(單位\)|"
            rf"{names}|[暨及與、])+"
        )
