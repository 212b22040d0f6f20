"""Reads the plans and units from YAML; the only part of `plans` that opens files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

import pydantic
import yaml

from bot.errors import DataError
from bot.plans.model import Node, NodeKind, Plan, PlanFormat, PlanKind, RocYear, Unit, UnitLevel

Model = TypeVar("Model", bound=pydantic.BaseModel)


class _Strict(pydantic.BaseModel):
    model_config = pydantic.ConfigDict(extra="forbid", frozen=True)


class _NodeIn(_Strict):
    id: str = pydantic.Field(pattern=r"^[0-9a-z]+$")
    kind: NodeKind | None = None
    label: str = ""
    title: str = ""
    text: str = ""
    path: str = ""
    units: tuple[str, ...] = ()
    units_unsure: bool = False
    note: str = ""
    children: tuple[_NodeIn, ...] = ()

    @pydantic.model_validator(mode="after")
    def _says_something(self) -> _NodeIn:
        if not (self.title or self.text):
            raise ValueError("a node needs `title` or `text`")
        if self.text and self.children:
            raise ValueError("a node with `text` has no `children`: give the text its own node")
        seen = [child.id for child in self.children]
        doubled = sorted({one for one in seen if seen.count(one) > 1})
        if doubled:
            raise ValueError(f"two children have the id {doubled[0]!r}")
        return self


class _FormatIn(_Strict):
    node: str
    name: str
    title: str
    document: PlanKind
    levels: tuple[UnitLevel, ...]
    columns: tuple[str, ...]
    sections: tuple[str, ...]


class _PlanIn(_Strict):
    id: str = pydantic.Field(pattern=r"^[a-z0-9-]+$")
    title: str
    short: str
    kind: PlanKind
    year: int = pydantic.Field(ge=100, le=200)
    owner: str
    source: str
    supersedes: str | None = None
    nodes: tuple[_NodeIn, ...]
    formats: tuple[_FormatIn, ...] = ()


class _UnitIn(_Strict):
    name: str
    full_name: str = ""
    level: UnitLevel
    parent: str | None = None
    aliases: tuple[str, ...] = ()
    may_follow_central_plan: bool = False


class _UnitsIn(_Strict):
    units: tuple[_UnitIn, ...]
    groups: Mapping[str, str] = {}


def read_yaml(file: Path, model: type[Model]) -> Model:
    """One YAML file, checked.

    Args:
        file: the file.
        model: what it must look like.

    Returns:
        The checked content.

    Raises:
        DataError: it cannot be read, is no YAML, or does not fit; names line and remedy.
    """
    try:
        raw = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as exc:
        raise DataError(file, None, f"cannot be read ({exc})", "check path and UTF-8") from exc
    try:
        content = yaml.load(raw, Loader=_Loader)  # noqa: S506 - _Loader is a safe loader
    except yaml.YAMLError as exc:
        mark = getattr(exc, "problem_mark", None)
        fault = getattr(exc, "problem", None) or "is not YAML"
        line = mark.line + 1 if mark else None
        raise DataError(file, line, str(fault), "mend the YAML at this line") from exc
    try:
        return model.model_validate(content)
    except pydantic.ValidationError as exc:
        first = exc.errors()[0]
        place = ".".join(str(part) for part in first["loc"]) or "the file"
        raise DataError(
            file,
            _line_of(yaml.compose(raw, Loader=_Loader), first["loc"]),
            f"{place}: {first['msg']}",
            "see data/README.md for the format",
        ) from exc


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """PyYAML's safe loader, the compiled one where there is one; refuses doubled keys."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[str] = set()
        for key, _ in node.value:
            if key.value in seen:
                raise yaml.MarkedYAMLError(
                    problem=f"the key {key.value!r} stands twice", problem_mark=key.start_mark
                )
            seen.add(key.value)
        made: dict[Any, Any] = super().construct_mapping(node, deep=deep)
        return made


def _line_of(tree: yaml.Node | None, place: Iterable[int | str]) -> int | None:
    """The line, from 1, of the deepest node of `place` that exists."""
    if tree is None:
        return None
    here = tree
    for part in place:
        if isinstance(here, yaml.MappingNode):
            below = next((value for key, value in here.value if key.value == part), None)
        elif isinstance(here, yaml.SequenceNode) and isinstance(part, int):
            below = here.value[part] if part < len(here.value) else None
        else:
            below = None
        if below is None:
            break
        here = below
    return int(here.start_mark.line) + 1


@dataclass(frozen=True)
class Units:
    """The city's units and the groups of units that plans address (各組室 …)."""

    all: Mapping[str, Unit]
    groups: Mapping[str, str] = field(default_factory=dict)

    def __iter__(self) -> Iterator[Unit]:
        return iter(self.all.values())

    def get(self, name: str | None) -> Unit | None:
        """The unit of this very name or alias, or None."""
        if name is None:
            return None
        return self.all.get(name) or self.all.get(self._by_alias.get(name, ""))

    def above(self, unit: Unit) -> tuple[Unit, ...]:
        """The units above, nearest first."""
        found: list[Unit] = []
        here = self.get(unit.parent)
        while here is not None and here not in found:
            found.append(here)
            here = self.get(here.parent)
        return tuple(found)

    def below(self, unit: Unit) -> tuple[Unit, ...]:
        """The units directly below, in the file's order."""
        return tuple(one for one in self if one.parent == unit.name)

    @cached_property
    def _by_alias(self) -> dict[str, str]:
        names: dict[str, str] = {}
        for unit in self:
            for alias in (unit.full_name, *unit.aliases):
                names.setdefault(alias, unit.name)
        return names


@dataclass(frozen=True)
class Corpus:
    """All plans, their nodes by id, and the units."""

    plans: Mapping[str, Plan]
    units: Units

    @cached_property
    def nodes(self) -> dict[str, Node]:
        """Every node by its id, in the plans' order."""
        return {node.id: node for plan in self.plans.values() for node in plan.nodes}

    def plan_of(self, node: Node) -> Plan:
        """The plan that a node belongs to."""
        return self.plans[node.plan_id]

    def leaves(self, node: Node) -> tuple[Node, ...]:
        """The quotable nodes at or below a node, in document order."""
        if not node.children:
            return (node,)
        return tuple(leaf for child in node.children for leaf in self.leaves(self.nodes[child]))

    def neighbours(self, node: Node) -> tuple[Node | None, Node | None]:
        """The quotable nodes before and after in the same plan; None at an end."""
        quotable = [one for one in self.plan_of(node).nodes if one.is_quotable]
        at = quotable.index(node)
        before = quotable[at - 1] if at else None
        after = quotable[at + 1] if at + 1 < len(quotable) else None
        return before, after


def load(folder: Path) -> Corpus:
    """All plans and units of a data folder.

    Args:
        folder: the data folder (`units.yaml`, `plans/<year>/*.yaml`).

    Raises:
        DataError: a file is wrong, an id stands twice, or an owner is no unit.
    """
    units = load_units(folder / "units.yaml")
    plans: dict[str, Plan] = {}
    for file in sorted((folder / "plans").glob("*/*.yaml")):
        plan = read_plan(file)
        if plan.id in plans:
            raise DataError(file, 1, f"the plan id {plan.id} stands twice", "give it its own id")
        if units.get(plan.owner) is None:
            raise DataError(file, None, f"owner {plan.owner} is no unit", "add it to units.yaml")
        plans[plan.id] = plan
    if not plans:
        raise DataError(
            folder / "plans", None, "no plan here", "set PLANBOT_DATA to the data folder"
        )
    for plan in plans.values():
        if plan.supersedes and plan.supersedes not in plans:
            raise DataError(
                folder / "plans", None, f"{plan.id} supersedes {plan.supersedes}, which is missing",
                "add that plan or remove `supersedes`",
            )  # fmt: skip
    return Corpus(plans=plans, units=units)


def load_units(file: Path) -> Units:
    """The units of `units.yaml`.

    Raises:
        DataError: the file is wrong, a name or alias stands twice, or a parent is missing.
    """
    content = read_yaml(file, _UnitsIn)
    units: dict[str, Unit] = {}
    taken: dict[str, str] = {}
    for one in content.units:
        unit = Unit(
            name=one.name,
            full_name=one.full_name or one.name,
            level=one.level,
            parent=one.parent,
            aliases=one.aliases,
            may_follow_central_plan=one.may_follow_central_plan,
        )
        for word in dict.fromkeys((unit.name, unit.full_name, *unit.aliases)):
            if word in taken:
                raise DataError(
                    file, None, f"{word} names both {taken[word]} and {unit.name}",
                    "keep the name or alias with one of them",
                )  # fmt: skip
            taken[word] = unit.name
        units[unit.name] = unit
    for unit in units.values():
        if unit.parent is not None and unit.parent not in units:
            raise DataError(
                file, None, f"the parent {unit.parent} of {unit.name} is missing", "add it"
            )
    return Units(all=units, groups=dict(content.groups))


def read_plan(file: Path) -> Plan:
    """One plan file.

    Raises:
        DataError: the file does not fit the format of data/README.md.
    """
    content = read_yaml(file, _PlanIn)
    nodes = tuple(_flatten(content.id, content.nodes))
    ids = {node.id for node in nodes}
    for one in content.formats:
        if f"{content.id}:{one.node}" not in ids:
            raise DataError(file, None, f"formats: no node {one.node}", "name an id of `nodes`")
    return Plan(
        id=content.id,
        title=content.title,
        short=content.short,
        kind=content.kind,
        year=RocYear(content.year),
        owner=content.owner,
        source=content.source,
        supersedes=content.supersedes,
        nodes=tuple(replace(node, order=order) for order, node in enumerate(nodes)),
        formats=tuple(
            PlanFormat(
                node=f"{content.id}:{one.node}",
                name=one.name,
                title=one.title,
                document=one.document,
                levels=one.levels,
                columns=one.columns,
                sections=one.sections,
            )
            for one in content.formats
        ),
    )


def _flatten(plan_id: str, nodes: tuple[_NodeIn, ...], above: Node | None = None) -> Iterator[Node]:
    for one in nodes:
        full_id = f"{above.id}.{one.id}" if above else f"{plan_id}:{one.id}"
        kind = one.kind or (NodeKind.CLAUSE if one.text else NodeKind.HEADING)
        node = Node(
            id=full_id,
            plan_id=plan_id,
            kind=kind,
            label=one.label,
            path=one.path or (above.path if above else "") + one.label,
            title=one.title,
            text=one.text,
            trail=(*above.trail, above.title) if above and above.title else above.trail if above else (),
            units=one.units,
            units_unsure=one.units_unsure,
            note=one.note,
            parent=above.id if above else None,
            children=tuple(f"{full_id}.{child.id}" for child in one.children),
        )  # fmt: skip
        yield node
        yield from _flatten(plan_id, one.children, node)
