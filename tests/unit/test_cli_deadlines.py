"""planbot deadlines: what it prints, and what it refuses."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from bot import app as planbot_app
from bot.cli import deadlines, main, parser_of
from bot.errors import NotCurrentError, UsageError
from bot.plans.deadlines import Adjustment
from bot.plans.model import RocYear
from bot.plans.workdays import DayOverride
from bot.store import adjustments, audit
from bot.store.engine import Database

KEYS = {"id", "title", "unit", "year", "start", "end", "source", "adjusted"}
NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A place where nothing of planbot's is yet."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str]) -> Any:
    """What the command prints: `said("--year", "115")`."""

    def run(*options: str) -> str:
        args = parser_of({"deadlines": deadlines}).parse_args(["deadlines", *options])
        assert deadlines.run(args) == 0
        return capsys.readouterr().out

    return run


@pytest.fixture
def database(sqlite_database: Database, monkeypatch: pytest.MonkeyPatch) -> Database:
    """A database that the command finds."""
    monkeypatch.setenv("DATABASE_URL", str(sqlite_database.url))
    return sqlite_database


def test_json_has_the_fields_that_were_promised(said: Any) -> None:
    found = json.loads(said("--year", "115", "--unit", "三民二所", "--json"))

    assert all(set(one) == KEYS for one in found)
    assert found[0] == {
        "id": "115:s2:三民區第二衛生所",
        "title": "提出提升服務工作計畫，併衛生局執行計畫函報市府備查",
        "unit": "三民區第二衛生所",
        "year": 115,
        "start": "2026-01-01",
        "end": "2026-01-30",
        "source": {
            "plan": "高雄市三民區第二衛生所115年度提升服務工作計畫",
            "path": "伍、一、",
            "text": "機關於115年1月30日前提出提升服務工作計畫，併高雄市政府衛生局提升服務執行計畫"
            "函報高雄市政府備查。",
        },
        "adjusted": False,
    }
    assert found[-1]["end"] == "2027-01-31"


def test_without_a_unit_it_is_the_whole_appendix_of_the_city(said: Any) -> None:
    found = json.loads(said("--year", "115", "--json"))

    assert len(found) == 10
    assert {one["unit"] for one in found} == {"高雄市政府"}
    assert {one["source"]["plan"] for one in found} == {"高雄市政府提升服務實施計畫"}


def test_nothing_is_made_by_asking(said: Any, empty_folder: Path) -> None:
    said("--year", "115")

    assert list(empty_folder.iterdir()) == []


def test_people_read_dates_of_the_republic_and_the_clause(said: Any) -> None:
    lines = said("--year", "115", "--unit", "三民二所").splitlines()

    assert lines[0] == "三民區第二衛生所　115年度"
    assert "115年1月1日至115年1月30日" in lines[1]
    assert lines[1].endswith("三民區第二衛生所115年度工作計畫 伍、一、")
    assert lines[2] == ("    ↳ 一般規定115年3月1日至115年3月31日（衛生局112年度執行計畫 伍、一、）")
    assert "    ↳ 報名參獎的機關" in lines
    assert "    ↳ 期限日逢星期日，前一上班日是116年1月29日" in lines
    assert "★" not in "".join(lines)


def test_a_day_off_by_an_estimate_is_marked(said: Any) -> None:
    """31 March 2029 is a Saturday, and the calendar of 118 is an estimate."""
    assert "期限日逢星期六（推定），前一上班日是118年3月30日" in said(
        "--year", "118", "--unit", "社會局"
    )


def test_a_section_is_told_whose_deadlines_these_are(said: Any) -> None:
    assert said("--year", "115", "--unit", "企劃室").startswith("企劃室　115年度（與衛生局相同）\n")


def test_a_cycle_without_dates_says_so(said: Any) -> None:
    assert said("--year", "111", "--unit", "社會局") == "社會局　111年度：計畫沒有訂期限\n"
    assert json.loads(said("--year", "111", "--unit", "社會局", "--json")) == []


def test_a_year_before_the_office_calendar_still_has_its_dates(said: Any) -> None:
    assert "111年3月1日至111年3月10日" in said("--year", "111", "--unit", "衛生局")


def test_what_was_moved_is_starred_with_its_old_dates_and_reason(
    said: Any, database: Database
) -> None:
    moved = Adjustment(
        entry="s2", unit=None, year=RocYear(115), start=None, end=date(2026, 4, 15),
        reason="配合評獎時程", by=audit.COMMAND_LINE, at=NOW,
    )  # fmt: skip
    with database.begin() as db:
        adjustments.record(db, moved)

    text = said("--year", "115", "--unit", "社會局")
    assert "★  115年2月1日至115年4月15日" in text
    assert "    ↳ 原為115年2月1日至115年3月31日；配合評獎時程" in text
    assert text.endswith("★ 已由管理者調整\n")

    found = json.loads(said("--year", "115", "--unit", "社會局", "--json"))
    assert [one["id"] for one in found if one["adjusted"]] == ["115:s2:社會局"]


def test_a_declared_day_off_counts(said: Any, database: Database) -> None:
    off = DayOverride(
        day=date(2026, 3, 31), works=False, reason="颱風停班", by=audit.COMMAND_LINE, at=NOW
    )
    with database.begin() as db:
        adjustments.override_day(db, off)

    assert "期限日逢颱風停班，前一上班日是115年3月30日" in said("--year", "115", "--unit", "社會局")


@pytest.mark.parametrize(
    ("moment", "years"),
    [
        (datetime(2026, 11, 22, 4, tzinfo=UTC), {115}),
        (datetime(2026, 12, 31, 15, 59, tzinfo=UTC), {115}),
        (datetime(2026, 12, 31, 16, 0, tzinfo=UTC), {115, 116}),  # already January in Taipei
        (datetime(2027, 2, 1, 4, tzinfo=UTC), {116}),
    ],
)
def test_without_a_year_it_is_the_running_cycle_and_in_january_two(
    said: Any, monkeypatch: pytest.MonkeyPatch, moment: datetime, years: set[int]
) -> None:
    real_build = planbot_app.build
    monkeypatch.setattr(planbot_app, "build", lambda given: real_build(given, lambda: moment))

    assert {one["year"] for one in json.loads(said("--json"))} == years


@pytest.mark.parametrize(
    ("options", "fault"),
    [
        (["--unit", "企化室"], "there is no unit 企化室; did you mean 企劃室"),
        (["--year", "2026"], "2026 is 115"),
        (["--year", "99"], "from 111 on"),
        (["--year", "200"], "from 111 on"),
        (["--year", "-5"], "from 111 on"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_a_hint(
    said: Any, options: list[str], fault: str
) -> None:
    with pytest.raises(UsageError, match=fault):
        said(*options)


def test_dates_are_not_shown_without_what_was_moved(
    said: Any, empty_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{empty_folder}/other.sqlite3")
    (empty_folder / "other.sqlite3").touch()

    with pytest.raises(NotCurrentError, match="planbot migrate"):
        said("--year", "115")


def test_a_year_that_is_no_number_is_wrong_use(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(["deadlines", "--year", "今年"])

    assert left.value.code == 2
    assert "--year" in capsys.readouterr().err


def test_an_unknown_unit_ends_with_2_and_nothing_on_stdout(tmp_path: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "bot", "deadlines", "--unit", "三民三所", "--json"],
        cwd=tmp_path, env=dict(os.environ), capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip

    assert (ended.returncode, ended.stdout) == (2, "")
    assert "三民區第二衛生所" in ended.stderr
