"""Which item a typed report means."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path

import pytest
import yaml

from bot.plans import schedule_data, typed_reports
from bot.plans.corpus import Corpus
from bot.plans.model import RocYear
from bot.plans.progress import Item, ItemKind, items_of
from bot.plans.typed_reports import TypedReport
from bot.search.answer import Answerer
from bot.search.items import MOST, Meant, Ranker, find
from tests.unit.search.conftest import DATA

TABLE = Path(__file__).parents[2] / "fixtures" / "reports" / "subjects.yaml"
PLANS = {
    "三民區第二衛生所": "khh-sanmin2-115",
    "企劃室": "khh-doh-112",
    "長青綜合服務中心": "khh-changqing-113",
    "左營區衛生所": "khh-doh-112",
}
OFFICE = "三民區第二衛生所"

Items = Mapping[str, Sequence[Item]]


@pytest.fixture(scope="module")
def items(corpus: Corpus) -> Items:
    schedules = schedule_data.load(DATA, corpus)
    found = {}
    for name in PLANS:
        unit = corpus.units.get(name)
        assert unit is not None
        found[name] = items_of(corpus, schedules, unit, RocYear(115))
    return found


@pytest.fixture
def meant(items: Items, by_words: Answerer) -> Callable[[str], Meant]:
    """What one typed line of 三民二所 means."""

    def one(line: str) -> Meant:
        (typed,) = typed_reports.read(line, today=date(2026, 11, 22))
        return find(typed, items[OFFICE], by_words)

    return one


@pytest.mark.parametrize(
    ("line", "clause"),
    [
        ("一(三)2(1) 已完成", "4.1.3.2.1"),
        ("肆、一、(三)3.(2) 完成", "4.1.3.3.2"),
        ("一之三之2之3 60%", "4.1.3.2.3"),
        ("1-3-2-1 完成", "4.1.3.2.1"),
        ("二(一)2 完成", "4.2.1.2"),
        ("二(三)2 完成", "4.2.3.a.2"),
        ("三、(一)(2) 完成", "4.3.1.a.2"),
        ("四(一)3 完成", "4.4.1.3"),
        ("4-4-1-3 完成", "4.4.1.3"),
        ("一(四)2 完成", "4.1.4.2.1"),
        ("四(二) 長照專員 完成", "4.4.2.1.2"),
        ("一(三)2 滿意調查 完成", "4.1.3.2.3"),
    ],
)
def test_a_path_that_leads_to_one_clause_is_certain(
    meant: Callable[[str], Meant], line: str, clause: str
) -> None:
    found = meant(line)

    assert found.certain is not None
    assert found.certain.id == f"khh-sanmin2-115:{clause}"


def test_a_path_to_a_heading_offers_the_clauses_below(meant: Callable[[str], Meant]) -> None:
    found = meant("一(三)2 已完成")

    assert found.certain is None
    assert [one.path for one in found.candidates] == [
        "肆、一、(三)2.(1)", "肆、一、(三)2.(2)", "肆、一、(三)2.(3)",
    ]  # fmt: skip


def test_a_path_with_a_wrong_last_number_offers_those_beside_it(
    meant: Callable[[str], Meant],
) -> None:
    found = meant("四(一)6 已完成")

    assert found.certain is None
    assert {one.path.rpartition("(一)")[0] for one in found.candidates} == {"肆、四、"}
    assert found.candidates[0].path == "肆、四、(一)4."


def test_a_path_in_no_chapter_is_looked_for_by_its_words(meant: Callable[[str], Meant]) -> None:
    found = meant("九(一)2 長照專員進駐 完成")

    assert found.certain is not None
    assert found.certain.id.endswith(":4.4.2.1.2")


def test_an_item_that_nobody_named_is_neither_certain_nor_offered(
    meant: Callable[[str], Meant],
) -> None:
    assert meant("已完成 60人") == Meant(certain=None)
    assert meant("卡拉OK 已完成") == Meant(certain=None)


def test_a_slip_of_the_pen_is_forgiven(meant: Callable[[str], Meant]) -> None:
    found = meant("長照專元進駐 60%")

    assert found.certain is not None
    assert found.certain.id.endswith(":4.4.2.1.2")


def test_without_a_search_letters_are_compared(items: Items) -> None:
    typed = TypedReport(words="長照專員進駐", subject="長照專員進駐")

    found = find(typed, items[OFFICE], None)

    assert found.certain is not None
    assert found.certain.id.endswith(":4.4.2.1.2")


def test_no_items_are_no_error() -> None:
    assert find(TypedReport(words="x", subject="長照專員"), (), None) == Meant(certain=None)
    assert find(TypedReport(words="x", segments=("1", "2")), (), None) == Meant(certain=None)


@pytest.mark.parametrize("unit", ["三民區第二衛生所", "企劃室", "長青綜合服務中心"])
def test_every_clause_is_found_by_its_own_path(items: Items, unit: str) -> None:
    for item in items[unit]:
        typed = typed_reports.read(f"{item.path} 完成", today=date(2026, 11, 22))
        if item.kind is ItemKind.DEADLINE or ":4.0." in item.id:  # 訂定計畫 has no number
            continue
        found = find(typed[0], items[unit], None)
        same = [one for one in items[unit] if one.path == item.path]
        assert item in ((found.certain,) if found.certain else found.candidates), item.path
        assert found.certain is not None or len(same) > 1 or item.id.endswith(".a"), item.path


def test_the_development_table_without_encoders(items: Items, by_words: Answerer) -> None:
    _holds(_tried(items, by_words, list(PLANS)), first=0.96, certain=0.68)


def test_the_development_table_with_encoders(items: Items, answerer: Answerer) -> None:
    if not answerer.encoders:
        pytest.skip("no encoder is installed")
    _holds(_tried(items, answerer, ["企劃室"], most=25), first=0.95, certain=0.68)


def test_an_item_is_found_in_a_moment(items: Items, by_words: Answerer) -> None:
    typed = TypedReport(words="", subject="電話禮貌訓練")
    find(typed, items[OFFICE], by_words)

    took = []
    for _ in range(5):
        began = time.perf_counter()
        find(typed, items[OFFICE], by_words)
        took.append(time.perf_counter() - began)

    assert min(took) < 0.02


def _tried(
    items: Items, ranker: Ranker, units: Sequence[str], most: int | None = None
) -> list[tuple[str, set[str], Meant]]:
    """Every subject of the table with the ids that are right and what was found."""
    tried = []
    for unit, lines in yaml.safe_load(TABLE.read_text(encoding="utf-8")).items():
        if unit not in units:
            continue
        for subject, *right in lines[:most]:
            ids = {
                f"{one}:{unit if unit != '企劃室' else '衛生局'}"
                if one.startswith("115:")
                else f"{PLANS[unit]}:{one}"
                for one in right
            }
            assert ids <= {one.id for one in items[unit]}, subject
            found = find(TypedReport(words=subject, subject=subject), items[unit], ranker)
            tried.append((subject, ids, found))
    return tried


def _holds(tried: Sequence[tuple[str, set[str], Meant]], *, first: float, certain: float) -> None:
    """Shares of the table: the right one first, and certain; at most 2 % of those wrongly.

    Where three clauses or more are right, none of them may be taken for certain.
    """
    named = [one for one in tried if one[1]]
    leading = [
        (ids, found.certain or (found.candidates[0] if found.candidates else None))
        for _, ids, found in named
    ]
    sure = [(subject, ids, found.certain) for subject, ids, found in tried if found.certain]
    wrong = [one for one in sure if one[2].id not in one[1] or len(one[1]) > 2]
    assert all(len(found.candidates) <= MOST for _, _, found in tried)
    assert sum(best is not None and best.id in ids for ids, best in leading) >= first * len(named)
    assert len(sure) >= certain * len(named)
    assert len(wrong) <= 0.02 * len(sure), [one[0] for one in wrong]
