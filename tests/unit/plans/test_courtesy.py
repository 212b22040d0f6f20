"""The score sheet of the courtesy tests."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.errors import DataError
from bot.plans import courtesy
from bot.settings import packaged_data

GOOD = """
source: 測試
items: [{name: 速度, points: 40, how: 快接}, {name: 禮貌, points: 60, how: 說您好}]
grades: [{name: 好, above: 80}, {name: 不好, above: 0}]
improve_below: 80
"""


def sheet(folder: Path, text: str) -> courtesy.CourtesySheet:
    """The sheet of a folder with this file in it."""
    (folder / "courtesy.yaml").write_text(text, encoding="utf-8")
    return courtesy.load(folder)


def test_the_sheet_that_comes_along_is_whole() -> None:
    ours = courtesy.load(packaged_data())

    assert [ours.grade_of(score) for score in (100, 90, 89.5, 70, 0)] == [
        "優良", "優良", "良好", "普通", "待加強",
    ]  # fmt: skip
    assert ours.needs_improvement(89.5)
    assert not ours.needs_improvement(90)


def test_an_agency_may_bring_its_own(tmp_path: Path) -> None:
    own = sheet(tmp_path, GOOD)

    assert own.grade_of(79) == "不好"
    assert own.needs_improvement(79)


@pytest.mark.parametrize(
    ("right", "wrong", "fault"),
    [
        ("points: 40", "points: 41", "add up to 100"),
        ("above: 0", "above: 10", "above: 0"),
        ("above: 80", "above: 0", "from the best down"),
        ("improve_below: 80", "improve_below: 101", "improve_below"),
        ("source: 測試", "sauce: 測試", "source"),
    ],
)
def test_a_wrong_sheet_is_refused_with_its_fault(
    tmp_path: Path, right: str, wrong: str, fault: str
) -> None:
    with pytest.raises(DataError, match=fault):
        sheet(tmp_path, GOOD.replace(right, wrong))


def test_a_missing_sheet_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="there is no score sheet"):
        courtesy.load(tmp_path)
