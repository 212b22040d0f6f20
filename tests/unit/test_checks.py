"""planbot check: a finding for each thing, with its remedy."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import URL, text

from bot import settings
from bot.checks import Finding, Verdict, check, check_channel, check_data, check_database
from bot.line.stand_in import StandIn
from bot.settings import packaged_data
from bot.store.engine import Database
from schedules import rules


@pytest.fixture
def url(sqlite_url: URL) -> str:
    """A SQLite database with the schema."""
    return str(sqlite_url)


@pytest.fixture
def line() -> Iterator[StandIn]:
    """LINE with a channel."""
    stand_in = StandIn(secret="secret", token="token")
    yield stand_in
    stand_in.stop()


@pytest.fixture
def channel(line: StandIn) -> dict[str, str]:
    """The channel's variables."""
    base = line.start()
    return {
        "LINE_CHANNEL_SECRET": "secret",
        "LINE_CHANNEL_ACCESS_TOKEN": "token",
        "LINE_API_BASE": base,
        "LINE_API_DATA_BASE": base,
        "PUBLIC_BASE_URL": "https://bot.example",
    }


def by_name(findings: list[Finding]) -> dict[str, Finding]:
    """The findings by name."""
    return {finding.name: finding for finding in findings}


def database_of(environ: dict[str, str]) -> dict[str, Finding]:
    """What is found about the database."""
    return by_name(check_database(settings.read(environ)))


def channel_of(environ: dict[str, str]) -> dict[str, Finding]:
    """What is found about the channel."""
    return by_name(check_channel(settings.read(environ)))


def test_all_is_well_where_data_and_database_are(url: str) -> None:
    findings = by_name(check({"DATABASE_URL": url}))

    assert list(findings) == ["settings", "data", "encoders", "vectors", "database", "schema"]
    assert findings["data"].says.startswith("5 plans")
    assert all(one.verdict is not Verdict.BAD for one in findings.values())


def test_a_wrong_setting_is_a_line_for_each_fault() -> None:
    lines = [finding.line for finding in check({"PORT": "x", "PLANBOT_WORKER_THREADS": "x"})]

    assert len(lines) == 2
    assert all(line.startswith("✘ settings: ") for line in lines)


def test_looking_makes_no_database(tmp_path: Path) -> None:
    missing = tmp_path / "folder" / "none.sqlite3"

    finding = database_of({"DATABASE_URL": f"sqlite:///{missing}"})["database"]

    assert finding.verdict is Verdict.CARE
    assert finding.remedy == "run planbot migrate"
    assert not missing.parent.exists()


def test_a_schema_of_another_version_does_not_work(url: str) -> None:
    database = Database(url)
    with database.begin() as db:
        db.execute(text("UPDATE alembic_version SET version_num = '0000'"))
    database.dispose()

    finding = database_of({"DATABASE_URL": url})["schema"]

    assert finding.verdict is Verdict.BAD
    assert finding.remedy == "run planbot migrate"


def test_a_database_that_does_not_answer_does_not_work() -> None:
    finding = database_of({"DATABASE_URL": "postgresql://u@127.0.0.1:1/none"})["database"]

    assert finding.verdict is Verdict.BAD


def test_a_broken_file_is_named_with_its_line(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    shutil.copytree(packaged_data(), folder)
    units = folder / "units.yaml"
    units.write_text("units: []\nunits: []\n", encoding="utf-8")

    finding = check_data(folder)

    assert finding.verdict is Verdict.BAD
    assert f"{units}:2" in finding.says
    assert finding.remedy


def test_the_rules_of_reminders_belong_to_the_data(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    shutil.copytree(packaged_data(), folder)
    (folder / "reminders.yaml").write_text("sends_at: soon\n", encoding="utf-8")

    assert check_data(folder).verdict is Verdict.GOOD
    assert check_data(folder, rules.load).verdict is Verdict.BAD


def test_half_a_channel_does_not_work() -> None:
    finding = channel_of({"LINE_CHANNEL_SECRET": "s"})["channel"]

    assert finding.verdict is Verdict.BAD
    assert "LINE_CHANNEL_ACCESS_TOKEN" in finding.says


def test_a_channel_that_posts_to_us_is_all_right(channel: dict[str, str], line: StandIn) -> None:
    line.webhook_url = "https://bot.example/callback"

    findings = channel_of(channel)

    assert findings["channel"].verdict is findings["webhook"].verdict is Verdict.GOOD


def test_a_channel_that_posts_elsewhere_needs_care(channel: dict[str, str], line: StandIn) -> None:
    line.webhook_url = "https://other.example/callback"

    finding = channel_of(channel)["webhook"]

    assert finding.verdict is Verdict.CARE
    assert "https://bot.example/callback" in finding.remedy


def test_a_channel_that_posts_nowhere_needs_care(channel: dict[str, str]) -> None:
    assert channel_of(channel)["webhook"].verdict is Verdict.CARE


def test_a_refused_token_does_not_work(channel: dict[str, str]) -> None:
    environ = {**channel, "LINE_CHANNEL_ACCESS_TOKEN": "old"}

    finding = channel_of(environ)["channel"]

    assert finding.verdict is Verdict.BAD
    assert "token" in finding.says


def test_a_line_that_does_not_answer_does_not_work(channel: dict[str, str]) -> None:
    environ = {**channel, "LINE_API_BASE": "http://127.0.0.1:1"}

    assert channel_of(environ)["channel"].verdict is Verdict.BAD
