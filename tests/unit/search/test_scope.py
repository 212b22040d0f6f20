from __future__ import annotations

import pytest

from bot.plans import roc
from bot.plans.corpus import Corpus
from bot.search import scope
from bot.search.answer import Answerer
from bot.search.scope import Names
from bot.search.words import Folder
from tests.unit.search.helpers import ask


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


def priors(names: Names, corpus: Corpus, fold: Folder, text: str, asker: str) -> dict[str, float]:
    found = scope.read(text, corpus.units.get(asker), names, corpus, fold)
    return scope.plan_priors(found, corpus)


def test_a_plan_that_does_not_bind_the_asker_stands_behind_those_that_do(
    names: Names, corpus: Corpus, fold: Folder
) -> None:
    found = priors(names, corpus, fold, "表單要放哪", "長青中心")
    assert found["khh-changqing-113"] > found["khh-112"] > found["khh-doh-112"]
    assert found["khh-112"] > found["khh-sanmin2-115"]


@pytest.mark.parametrize(
    ("text", "plan"),
    [
        ("三民二所的服務台", "khh-sanmin2-115"),
        ("衛所的服務台", "khh-sanmin2-115"),
        ("衛生局的服務台", "khh-doh-112"),
    ],
)
def test_the_plan_of_who_is_named_speaks_first_also_over_the_askers_own(
    names: Names, corpus: Corpus, fold: Folder, text: str, plan: str
) -> None:
    found = priors(names, corpus, fold, text, "長青中心")
    assert max(found, key=lambda one: found[one]) == plan


def test_a_kind_of_office_below_leaves_the_superiors_own_plan_first(
    names: Names, corpus: Corpus, fold: Folder
) -> None:
    found = priors(names, corpus, fold, "衛生所的服務台", "企劃室")
    assert max(found, key=lambda one: found[one]) == "khh-doh-112"


@pytest.mark.parametrize(
    ("text", "asker", "kind"),
    [
        ("衛生所要準備什麼", "企劃室", "衛生所"),
        ("衛生所要準備什麼", "鼓山區衛生所", ""),
        ("三民二所要準備什麼", "企劃室", ""),
        ("要交給衛生所嗎", "企劃室", ""),
    ],
)
def test_a_kind_of_office_is_read_where_the_asker_is_none_of_it(
    names: Names, corpus: Corpus, fold: Folder, text: str, asker: str, kind: str
) -> None:
    assert scope.read(text, corpus.units.get(asker), names, corpus, fold).kind == kind


@pytest.mark.parametrize("question", ["是哪一組", "另一組也要嗎", "每一組都要嗎"])
def test_which_section_names_none(names: Names, fold: Folder, question: str) -> None:
    assert names.find(fold(question)) == []


@pytest.mark.parametrize(
    ("question", "year"), [("111年癌篩設站是誰負責", 111), ("癌篩設站是誰負責", 112)]
)
def test_a_year_means_the_askers_own_edition_of_it(
    answerer: Answerer, question: str, year: int
) -> None:
    assert ask(answerer, question, "健康管理科").passages[0].plan.year == year


def test_a_named_office_means_its_plan_where_that_has_the_word(answerer: Answerer) -> None:
    found = ask(answerer, "三民二所登革熱要做什麼", "疾病管制處")
    assert found.passages[0].plan.id == "khh-sanmin2-115"
    assert "登革熱" in found.passages[0].node.words
