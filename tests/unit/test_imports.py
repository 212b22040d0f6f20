"""Who imports whom (STYLE, «Where a thing is»): only to the right, and never in a circle."""

from __future__ import annotations

import ast
import itertools
from collections.abc import Iterable, Iterator
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

LAYERS = (
    ("bot.cli",),
    ("bot.app",),
    ("bot.worker", "bot.web"),
    ("bot.checks", "handlers", "schedules"),
    ("bot.reports",),
    ("bot.search", "bot.store", "bot.line", "bot.documents"),
    ("bot.phrases_reports",),
    ("bot.phrases",),
    ("bot.plans",),
    (
        "bot.settings",
        "bot.clock",
        "bot.errors",
        "bot.log",
        "bot.metrics",
        "bot.messages",
        "bot.links",
    ),
)
LEVEL = {part: level for level, parts in enumerate(LAYERS) for part in parts}
SHARED = len(LAYERS) - 1
"""The last layer is a toolbox: its tools may use each other."""

NEVER = (
    ("handlers", "bot.line"),
    ("schedules", "bot.line"),
    ("bot.worker", "handlers"),
    ("bot.worker", "schedules"),
    ("bot.web", "handlers"),
    ("bot.web", "schedules"),
    ("bot.line", "bot.plans"),
    ("bot.plans", "bot.clock"),
    ("bot.plans", "sqlalchemy"),
    ("bot.plans", "flask"),
    ("bot.plans", "urllib3"),
    ("bot.plans", "socket"),
    ("bot", "tests"),
    ("handlers", "tests"),
    ("schedules", "tests"),
    ("bot.web", "linebot"),
    ("handlers", "linebot"),
    ("handlers", "flask"),
)

MODULES = {
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
    for folder in ("bot", "handlers", "schedules")
    for path in sorted((ROOT / folder).rglob("*.py"))
}


@cache
def tree_of(module: str) -> ast.Module:
    """A module's syntax."""
    return ast.parse(MODULES[module].read_text(encoding="utf-8"))


@cache
def imports_of(module: str) -> frozenset[str]:
    """What a module imports anywhere in it: modules of ours, and other packages by name."""
    return frozenset(_imports(ast.walk(tree_of(module))))


@cache
def imports_at_run_time(module: str) -> frozenset[str]:
    """The same without what is imported for types alone."""
    return frozenset(_imports(_run_nodes(tree_of(module))))


def _run_nodes(node: ast.AST) -> Iterator[ast.AST]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.If) and ast.unparse(child.test) == "TYPE_CHECKING":
            continue
        yield child
        yield from _run_nodes(child)


def _imports(nodes: Iterable[ast.AST]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are written in full"
            assert node.module is not None
            for alias in node.names:
                inside = f"{node.module}.{alias.name}"
                yield inside if inside in MODULES else node.module


def part_of(module: str) -> str | None:
    """The part of the program that a module belongs to, None where it is not ours."""
    names = ["bot", "cli"] if module == "bot.__main__" else module.split(".")
    return next(
        (part for n in range(len(names), 0, -1) if (part := ".".join(names[:n])) in LEVEL), None
    )


def is_inside(module: str, package: str) -> bool:
    """Whether a module is the package or in it."""
    return module == package or module.startswith(f"{package}.")


def test_every_module_has_its_place() -> None:
    without = [module for module in MODULES if part_of(module) is None]

    assert without == ["bot"]


@pytest.mark.parametrize("module", MODULES)
def test_a_module_imports_only_to_the_right(module: str) -> None:
    here = part_of(module)
    wrong = []
    for imported in imports_of(module):
        there = part_of(imported)
        if here is None or there is None or here == there:
            continue
        shares = LEVEL[here] == LEVEL[there] == SHARED
        if LEVEL[there] <= LEVEL[here] and not shares:
            wrong.append(imported)

    assert wrong == []


@pytest.mark.parametrize(("who", "whom"), NEVER)
def test_some_never_meet(who: str, whom: str) -> None:
    meetings = [
        (module, imported)
        for module, imported in itertools.chain.from_iterable(
            ((module, imported) for imported in imports_of(module))
            for module in MODULES
            if is_inside(module, who)
        )
        if is_inside(imported, whom)
    ]

    assert meetings == []


def test_no_module_imports_itself_in_a_circle() -> None:
    ours = {
        module: {one for one in imports_at_run_time(module) if one in MODULES and one != module}
        for module in MODULES
    }
    try:
        list(TopologicalSorter(ours).static_order())
    except CycleError as error:
        pytest.fail(" → ".join(error.args[1]))


@pytest.mark.parametrize(
    "module",
    [name for name in MODULES if is_inside(name, "bot.plans") and name != "bot.plans.corpus"],
)
def test_of_the_plans_only_the_corpus_opens_files(module: str) -> None:
    opened = [
        ast.unparse(node)
        for node in ast.walk(tree_of(module))
        if isinstance(node, ast.Call)
        and (
            (isinstance(node.func, ast.Name) and node.func.id == "open")
            or (
                isinstance(node.func, ast.Attribute)
                and node.func.attr in ("open", "read_text", "read_bytes", "write_text")
            )
        )
    ]

    assert opened == []


@pytest.mark.parametrize(
    "module", [name for name in MODULES if not is_inside(name, "bot.cli") and name != "bot.log"]
)
def test_only_the_app_builds_things_when_it_is_asked(module: str) -> None:
    """Nothing is opened or read from the environment by importing."""
    called = [
        ast.unparse(node)
        for statement in tree_of(module).body
        if isinstance(statement, ast.Assign | ast.AnnAssign | ast.Expr)
        for node in ast.walk(statement)
        if isinstance(node, ast.Call)
        and ast.unparse(node.func)
        in ("open", "Database", "create_engine", "LineClient", "os.environ.get", "os.getenv")
    ]

    assert called == []
