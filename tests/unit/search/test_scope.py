from __future__ import annotations

import pytest

from bot.plans import roc
from bot.plans.corpus import Corpus
from bot.search import scope
from bot.search.scope import Names
from bot.search.words import Folder


@pytest.fixture(scope="session")
def names(corpus: Corpus, fold: Folder) -> Names:
    return Names(corpus, fold)


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("111跟112差在哪", (111, 112)),
        ("一一一年的計畫", (111,)),
        ("2022年那份", (111,)),
        ("112年度", (112,)),
        ("打1999", ()),
        ("電話 1121234", ()),
        ("有110人", ()),
    ],
)
def test_years_are_read_as_staff_write_them(text: str, years: tuple[int, ...]) -> None:
    assert roc.years_in(text) == years


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("三民二所的電話禮貌", "三民區第二衛生所"),
        ("三民那邊的太太想照胸部", "三民區第二衛生所"),
        ("長青有懂法的嗎", "長青綜合服務中心"),
        ("長照中心的事", "長期照顧中心"),
    ],
)
def test_units_are_found_by_name_alias_and_place(
    names: Names, corpus: Corpus, fold: Folder, text: str, unit: str
) -> None:
    found = scope.read(text, None, names, corpus, fold)
    assert [one.name for one in found.named] == [unit]


def test_who_receives_something_is_not_whose_plan_is_meant(
    names: Names, corpus: Corpus, fold: Folder
) -> None:
    found = scope.read("成果報告要交給衛生局嗎", None, names, corpus, fold)
    assert found.named == ()


def test_the_askers_own_plan_speaks_first_and_an_old_edition_last(
    names: Names, corpus: Corpus, fold: Folder
) -> None:
    asker = corpus.units.get("三民二所")
    priors = scope.plan_priors(scope.read("服務台", asker, names, corpus, fold), corpus)
    assert max(priors, key=lambda plan: priors[plan]) == "khh-sanmin2-115"
    assert min(priors, key=lambda plan: priors[plan]) in ("khh-doh-111", "khh-changqing-113")


def test_an_old_edition_speaks_when_its_year_is_named(
    names: Names, corpus: Corpus, fold: Folder
) -> None:
    priors = scope.plan_priors(scope.read("111年的新聞稿", None, names, corpus, fold), corpus)
    assert max(priors, key=lambda plan: priors[plan]) == "khh-doh-111"
