"""planbot export: what it writes, and what it refuses."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import openpyxl
import pytest

from bot.cli import main
from bot.plans.model import RocYear
from bot.plans.progress import ProgressStatus
from bot.store import chats, progress
from bot.store.engine import Database
from bot.store.progress import Content, Origin
from tests import factories

NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
OFFICE, SECTION = "三民區第二衛生所", "企劃室"
REPORTED = {
    OFFICE: ("khh-sanmin2-115:4.1.3.2.1", "辦了2場電話禮貌訓練"),
    SECTION: ("khh-doh-112:4.1.3.3.2", "=cmd|'/c calc'!A0"),
}

Export = Callable[..., int]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the files are written."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def database(sqlite_database: Database, monkeypatch: pytest.MonkeyPatch) -> Database:
    """A database that the command finds, with two units that have reported."""
    monkeypatch.setenv("DATABASE_URL", str(sqlite_database.url))
    with sqlite_database.begin() as db:
        for number, (unit, (item, note)) in enumerate(REPORTED.items()):
            progress.report(
                db,
                unit=unit,
                year=RocYear(115),
                item=item,
                content=Content(status=ProgressStatus.DONE, percent=100, note=note),
                origin=Origin(
                    person=factories.person(),
                    chat=factories.group(),
                    message_id=str(number),
                    event_id=str(number),
                    at=NOW,
                ),
            )
    return sqlite_database


def export(form: str, *options: str, year: str = "115") -> int:
    return main(["export", "--year", year, "--format", form, "-o", f"out.{form}", *options])


def rows(file: Path) -> list[list[str]]:
    text = file.read_bytes().decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))


def content(file: Path, part: str) -> str:
    with zipfile.ZipFile(file) as package:
        return package.read(part).decode()


def test_without_a_unit_the_table_has_all_that_reported(database: Database, folder: Path) -> None:
    assert export("csv") == 0

    said = "\n".join("|".join(row) for row in rows(folder / "out.csv"))
    assert "辦了2場電話禮貌訓練" in said
    assert SECTION in said


def test_a_unit_by_its_alias_is_alone_in_it(database: Database, folder: Path) -> None:
    assert export("csv", "--unit", "三民二所") == 0

    said = "\n".join("|".join(row) for row in rows(folder / "out.csv"))
    assert "辦了2場電話禮貌訓練" in said
    assert SECTION not in said


def test_a_formula_stays_words(database: Database, folder: Path) -> None:
    assert export("xlsx") == 0

    book = openpyxl.load_workbook(folder / "out.xlsx")
    cells = [cell for sheet in book for row in sheet for cell in row]
    assert any(str(cell.value).endswith("=cmd|'/c calc'!A0") for cell in cells)
    assert all(cell.data_type != "f" for cell in cells)


def test_a_unit_gets_its_report(database: Database, folder: Path) -> None:
    assert export("odt", "--unit", OFFICE) == 0

    words = content(folder / "out.odt", "content.xml")
    assert "高雄市三民區第二衛生所115年度提升服務成果報告" in words
    assert "辦了2場電話禮貌訓練" in words


def test_without_a_unit_the_report_is_compiled_for_whom_all_are_below(
    database: Database, folder: Path
) -> None:
    assert export("docx") == 0

    words = content(folder / "out.docx", "word/document.xml")
    assert "高雄市政府衛生局115年度提升服務成果報告" in words
    assert "辦了2場電話禮貌訓練" in words


def test_an_ods_can_be_opened(database: Database, folder: Path) -> None:
    assert export("ods") == 0

    assert (
        content(folder / "out.ods", "mimetype") == "application/vnd.oasis.opendocument.spreadsheet"
    )


def test_where_nobody_reports_yet_all_that_owe_one_stand_in_the_table(folder: Path) -> None:
    assert export("csv") == 0

    units = {row[0] for row in rows(folder / "out.csv")[1:]}
    assert {"衛生局", OFFICE} <= units
    assert SECTION not in units


def test_where_nobody_reports_yet_there_is_no_compiled_report(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert export("odt") == 1

    assert "no unit has reported in 115" in capsys.readouterr().err
    assert not (folder / "out.odt").exists()


def test_a_bound_unit_that_keeps_silent_is_in_the_table(database: Database, folder: Path) -> None:
    with database.begin() as db:
        chats.bind(db, factories.group(), "民政局", by=None, now=NOW)

    assert export("csv") == 0
    assert "民政局" in {row[0] for row in rows(folder / "out.csv")}


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (("--unit", "三民三所"), "there is no unit 三民三所; did you mean"),
        (("--year", "2026"), "2026 is 115 of the Republic"),
        (("--year", "90"), "no plan speaks of the cycle 90"),
        (("--year", "190"), "the cycle 190 has not begun"),
        (("-o", "nowhere/out.csv"), "nowhere/out.csv cannot be written"),
        (("-o", "."), ". cannot be written"),
    ],
)
def test_wrong_use_names_what_is_wrong(
    options: tuple[str, ...], says: str, capsys: pytest.CaptureFixture[str], database: Database
) -> None:
    assert export("csv", *options) == 2

    assert says in capsys.readouterr().err


def test_a_file_is_replaced_only_by_a_whole_one(
    database: Database, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(*_: object) -> None:
        raise OSError(28, "No space left on device")

    (folder / "out.csv").write_text("as before", encoding="utf-8")
    with monkeypatch.context() as broken:
        broken.setattr("bot.documents.tables.write_csv", breaks)
        assert export("csv") == 1

    assert (folder / "out.csv").read_text(encoding="utf-8") == "as before"
    assert export("csv") == 0
    assert "辦了2場電話禮貌訓練" in (folder / "out.csv").read_text(encoding="utf-8")
    assert [one.name for one in folder.iterdir() if one.name.startswith(".out")] == []


def test_a_new_file_can_be_read_like_any_other(database: Database, folder: Path) -> None:
    beside = folder / "beside"
    beside.touch()
    assert export("csv") == 0

    assert (folder / "out.csv").stat().st_mode == beside.stat().st_mode
