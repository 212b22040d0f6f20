"""What was written, opened by LibreOffice and printed; one start of it for all files."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

from bot.documents import docx, odt, tables
from bot.documents.tables import rows_of
from tests import played_year as played
from tests.played_year import COURTESY, EVIDENCE, PLAYED, composed

SOFFICE, PDFTOTEXT = shutil.which("soffice"), shutil.which("pdftotext")
pytestmark = [
    pytest.mark.skipif(SOFFICE is None, reason="LibreOffice (soffice) is not installed"),
    pytest.mark.skipif(PDFTOTEXT is None, reason="poppler-utils (pdftotext) is not installed"),
]
SECONDS = 180


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, str]:
    """By the name of a file the words of its pages."""
    folder = tmp_path_factory.mktemp("office")
    report = composed(PLAYED, courtesy=COURTESY, evidence=EVIDENCE)
    rows = list(rows_of(played.progress(PLAYED)))
    names = ["odt", "docx", "ods", "xlsx"]
    for name, write in (("odt", odt.write), ("docx", docx.write)):
        with (folder / f"{name}.{name}").open("wb") as out:
            write(report, out)
    for name, tabulate in (("ods", tables.write_ods), ("xlsx", tables.write_xlsx)):
        with (folder / f"{name}.{name}").open("wb") as out:
            tabulate(rows, out)
    command = [
        str(SOFFICE), f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless",
        "--convert-to", "pdf", "--outdir", str(folder), *(f"{name}.{name}" for name in names),
    ]  # fmt: skip
    subprocess.run(command, check=True, cwd=folder, capture_output=True, timeout=SECONDS)
    return {name: _words(folder / f"{name}.pdf") for name in names}


def _words(file: Path) -> str:
    command = [str(PDFTOTEXT), "-layout", file.name, "-"]
    done = subprocess.run(
        command, check=True, cwd=file.parent, capture_output=True, timeout=SECONDS
    )
    return done.stdout.decode()


@pytest.mark.parametrize("kind", ["odt", "docx"])
def test_a_report_prints_with_numbered_pages_and_heads(
    kind: str, printed: Mapping[str, str]
) -> None:
    pages = printed[kind].split("\f")[:-1]

    assert len(pages) > 10
    for number, page in enumerate(pages, 1):
        plain = "".join(page.split())
        assert f"第{number}頁，共{len(pages)}頁" in plain
        assert plain.startswith("高雄市三民區第二衛生所115年度提升服務成果報告")
    assert "".join(pages[0].split()).count("高雄市三民區第二衛生所115年度提升服務成果報告") == 2


@pytest.mark.parametrize("kind", ["odt", "docx"])
def test_nothing_of_the_reports_is_cut(kind: str, printed: Mapping[str, str]) -> None:
    plain = "".join(printed[kind].split())

    for words in ("辦了2場電話禮貌訓練（#1）", "3場（#1、#2）", "專員出缺", "10月底前補實", "圖2"):
        assert words in plain
    assert plain.count("工作要項工作重點業務單位執行情形量化成果佐證") > 5  # on each page


def test_both_formats_have_about_as_many_pages(printed: Mapping[str, str]) -> None:
    one, other = (printed[kind].count("\f") for kind in ("odt", "docx"))

    assert abs(one - other) <= 2


@pytest.mark.parametrize("kind", ["ods", "xlsx"])
def test_a_table_prints(kind: str, printed: Mapping[str, str]) -> None:
    plain = "".join(printed[kind].split())

    assert "辦了2場電話禮貌訓練" in plain
    assert "完成率" in plain
