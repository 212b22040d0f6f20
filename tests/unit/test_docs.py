"""What a user or an operator may rely on is written down, and the pages agree with the program."""

from __future__ import annotations

import ast
import importlib.util
import re
from dataclasses import fields
from pathlib import Path
from types import ModuleType

import pytest
from prometheus_client import Metric

from bot import app, metrics
from bot.cli import COMMANDS
from bot.settings import Settings
from bot.store.retention import Days
from handlers.table import TABLE

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
OPERATIONS = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
PRIVACY = (ROOT / "docs" / "privacy.md").read_text(encoding="utf-8")
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])

_VARIABLE = re.compile(r"[A-Z]{3,}(_[A-Z]+)*")
_LINK = re.compile(r"\]\((?!https?:|#)([^)#]+)")


def variables() -> set[str]:
    """Every name of an environment variable that the program reads."""
    found: set[str] = set()
    for file in (ROOT / "bot" / "settings.py", ROOT / "bot" / "cli" / "web.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.update([node.value] if _VARIABLE.fullmatch(node.value) else [])
    return found | {"PORT"}


def generator() -> ModuleType:
    """docs/commands.py, which is no module of the program."""
    spec = importlib.util.spec_from_file_location("commands", ROOT / "docs" / "commands.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_page_of_commands_is_what_their_help_says() -> None:
    page = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")

    assert page == generator().page(), "run: make docs"


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_in_the_readme(command: str) -> None:
    assert f"`planbot {command}`" in README


@pytest.mark.parametrize("variable", sorted(variables()))
def test_every_variable_is_in_the_readme(variable: str) -> None:
    assert f"| `{variable}` |" in README


def test_every_chat_word_is_in_the_readme() -> None:
    for row in TABLE:
        for word in row.words:
            assert f"`{word}" in README, word


def test_every_route_is_in_the_operators_page(tmp_path: Path) -> None:
    given = Settings(database_url=f"sqlite:///{tmp_path / 'x'}", data=tmp_path)
    planbot = app.build(given)
    routes = {
        (rule.rule, *sorted(rule.methods or ())) for rule in planbot.web().url_map.iter_rules()
    }
    planbot.close()

    assert routes
    for path, *methods in routes:
        verb = "POST" if "POST" in methods else "GET"
        assert f"| `{verb} {path}` |" in OPERATIONS


def test_every_metric_is_in_the_operators_page() -> None:
    counted: list[Metric] = list(metrics.registry.collect())

    assert counted
    for metric in counted:
        assert f"`{metric.name}`" in OPERATIONS


@pytest.mark.parametrize("field", [field.name for field in fields(Days)])
def test_how_long_things_are_kept_is_in_the_privacy_page(field: str) -> None:
    assert f"{getattr(Days(), field)} 天" in PRIVACY


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    leading_nowhere = [
        link
        for link in _LINK.findall(page.read_text(encoding="utf-8"))
        if not (page.parent / link).exists() and link != "docs/demo.png"
    ]

    assert leading_nowhere == []
