"""What a plan is: nodes in a tree, the units that must act, the forms that it prescribes."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import NewType

RocYear = NewType("RocYear", int)
"""A year of the Republic of China: 115 is 2026."""


class PlanKind(StrEnum):
    """Who writes a plan: the city, an agency of the first level, an office below it."""

    IMPLEMENTATION = "implementation_plan"
    EXECUTION = "execution_plan"
    WORK = "work_plan"

    @property
    def chinese(self) -> str:
        """The name that staff use."""
        return {"implementation_plan": "實施計畫", "execution_plan": "執行計畫"}.get(
            self.value, "工作計畫"
        )


class NodeKind(StrEnum):
    """What a node of a plan is; only `HEADING` cannot be quoted as a duty of its own."""

    HEADING = "heading"
    CLAUSE = "clause"
    APPROVAL = "approval"
    FORM = "form"
    SCHEDULE = "schedule"
    NOTE = "note"


class UnitLevel(StrEnum):
    """Where a unit stands in the city (DOMAIN, Levels)."""

    CITY = "city"
    RDEC = "rdec"  # 研考會, which keeps the city's plan
    AGENCY = "agency"  # 一級機關
    DISTRICT_OFFICE = "district_office"  # 區公所
    SUBORDINATE = "subordinate"  # 二級機關
    SECTION = "section"  # 科室, 組, 課 inside an agency


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """An agency, an office or a section.

    `name` is the short name that planbot says; `aliases` are what staff type; `parent` is the
    name of the unit above, None for the city.
    """

    name: str
    full_name: str
    level: UnitLevel
    parent: str | None = None
    aliases: tuple[str, ...] = ()
    may_follow_central_plan: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """One place in a plan: a heading or a clause, in document order.

    `id` is stable (`khh-doh-112:4.1.3.3.2`), `path` is how an official paper cites it,
    `trail` are the titles of the headings above, outermost first.
    """

    id: str
    plan_id: str
    kind: NodeKind
    label: str
    path: str
    title: str
    text: str
    trail: tuple[str, ...]
    units: tuple[str, ...] = ()
    units_unsure: bool = False
    note: str = ""
    parent: str | None = None
    children: tuple[str, ...] = ()
    order: int = 0

    def __hash__(self) -> int:
        """By the id alone: hashing every word of it took a tenth of a question's time."""
        return hash(self.id)

    @property
    def words(self) -> str:
        """The node word for word, its own title before its text."""
        return f"{self.title}\n{self.text}" if self.title and self.text else self.title or self.text

    @property
    def is_quotable(self) -> bool:
        """Whether it says something by itself, rather than heading other nodes."""
        return self.kind is not NodeKind.HEADING

    @property
    def segments(self) -> tuple[str, ...]:
        """The parts of the id after the plan: `('4', '1', '3')`."""
        return tuple(self.id.partition(":")[2].split("."))


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanFormat:
    """A form that a plan prescribes (附件2, 附件3, 附錄)."""

    node: str
    name: str
    title: str
    document: PlanKind
    levels: tuple[UnitLevel, ...]
    columns: tuple[str, ...]
    sections: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A plan document with all of its nodes in document order."""

    id: str
    title: str
    short: str
    kind: PlanKind
    year: RocYear
    owner: str
    source: str
    supersedes: str | None = None
    nodes: tuple[Node, ...] = field(default=(), repr=False)
    formats: tuple[PlanFormat, ...] = ()

    def __hash__(self) -> int:
        """By the id alone, as a node's."""
        return hash(self.id)
