from __future__ import annotations

import re

import pytest

from bot import phrases
from bot.search.answer import Answerer, Kind
from handlers.answers import as_reply
from tests.unit.search.helpers import ask


@pytest.mark.parametrize(
    ("question", "unit", "first"),
    [
        ("一(三)第3點是什麼", "衛生局", "khh-doh-112:4.1.3.3.1"),
        ("肆、一、(三)3.(2)", "衛生局", "khh-doh-112:4.1.3.3.2"),
        ("一（三）2", "三民二所", "khh-sanmin2-115:4.1.3.2.1"),
        ("四(二)2的第一項", "衛生局", "khh-doh-112:4.4.2.a.2.1"),
    ],
)
def test_a_clause_is_found_by_its_number(
    by_words: Answerer, question: str, unit: str, first: str
) -> None:
    assert ask(by_words, question, unit).passages[0].node.id == first


def test_the_six_chapters_come_complete_and_in_order(by_words: Answerer) -> None:
    found = ask(by_words, "六大面向是哪六個")
    assert found.kind is Kind.LIST
    assert [node.label for node in found.shown][:2] == ["一、", "二、"]
    assert len(found.shown) == 6


def test_the_goals_are_those_of_the_askers_plan(by_words: Answerer) -> None:
    found = ask(by_words, "我們計畫的三個目標是什麼", "長青")
    assert [node.id for node in found.shown] == [f"khh-changqing-113:2.{n}" for n in (1, 2, 3)]


def test_the_years_schedule_is_appendix_one_with_its_note(by_words: Answerer) -> None:
    found = ask(by_words, "整年的作業期程列給我")
    assert len(found.shown) == 11
    assert found.shown[-1].text.startswith("※")


@pytest.mark.parametrize(
    ("question", "unit"),
    [
        ("教保課的工作有哪些", None),
        ("我們課有哪些", "教保課"),
        ("我剛接教保 有哪些是我們的", "教保課"),
    ],
)
def test_a_sections_duties_are_the_clauses_that_name_it(
    by_words: Answerer, question: str, unit: str | None
) -> None:
    found = ask(by_words, question, unit)
    assert found.unit is not None
    assert found.unit.name == "教保課"
    assert all("教保課" in node.units for node in found.shown)
    assert found.passages[0].node.units == ("教保課",)


@pytest.mark.parametrize("unit", ["人事室", "檢驗科", "企劃室"])
def test_a_sections_own_clauses_come_first_and_each_chapter_once(
    by_words: Answerer, unit: str
) -> None:
    found = ask(by_words, f"{unit}要做什麼")
    alone = [node.units == (unit,) for node in found.shown]
    assert alone == sorted(alone, reverse=True)
    for is_own in (True, False):
        part = [n for n, own in zip(found.shown, alone, strict=True) if own is is_own]
        chapters = [node.segments[1] for node in part]
        assert len(runs_of(chapters)) == len(set(chapters))
        for chapter in set(chapters):
            named = [unit in node.units for node in part if node.segments[1] == chapter]
            assert named == sorted(named, reverse=True)


def runs_of(items: list[str]) -> list[str]:
    return [one for at, one in enumerate(items) if at == 0 or items[at - 1] != one]


def test_a_duty_list_says_where_the_shared_clauses_begin(by_words: Answerer) -> None:
    said = [
        as_reply(ask(by_words, "檢驗科要做什麼"), by_words.corpus, page=n).plain for n in (0, 1)
    ]
    assert "".join(said).count(phrases.SHARED_FROM_HERE) == 1


def test_a_section_with_nothing_of_its_own_is_told_so(by_words: Answerer) -> None:
    said = as_reply(ask(by_words, "111年登革熱研究中心要做什麼"), by_words.corpus).plain
    assert phrases.only_shared("登革熱研究中心") in said
    assert phrases.SHARED_FROM_HERE not in said


@pytest.mark.parametrize(
    ("unit", "title"),
    [
        ("檢驗科", "檢驗科的工作：單獨 {alone} 條，和其他單位共同的 {shared} 條（"),
        ("長青綜合服務中心", "長青綜合服務中心的工作：共 {all} 條（"),
    ],
)
def test_a_list_of_duties_says_first_how_many_there_are(
    by_words: Answerer, unit: str, title: str
) -> None:
    found = ask(by_words, f"{unit}要做什麼")
    alone = sum(node.units == (unit,) for node in found.shown)
    total = len(found.shown)
    said = as_reply(found, by_words.corpus).plain
    assert said.startswith(title.format(alone=alone, shared=total - alone, all=total))


def test_two_sections_get_a_list_each(by_words: Answerer) -> None:
    found = ask(by_words, "秘書室跟人事室分別要做什麼")
    assert [part.unit.name for part in found.parts if part.unit] == ["秘書室", "人事室"]
    first, second = (message.plain for message in as_reply(found, by_words.corpus).messages)
    assert first.startswith("秘書室的工作")
    assert second.startswith("人事室的工作")


def test_entries_of_lists_carry_one_number_only(by_words: Answerer) -> None:
    for question in ("一(三)3", "肆一(三)", "六大面向是哪六個", "整年的作業期程列給我"):
        said = as_reply(ask(by_words, question, "衛生局"), by_words.corpus).plain
        assert not re.search(r"^\d+\. (?:\(\d|\d+[.、]|[一二三四五六][、.])", said, re.MULTILINE)


def test_only_what_one_section_does_alone(by_words: Answerer) -> None:
    found = ask(by_words, "只掛我們課、沒有別課的有哪些", "行政課")
    assert found.shown
    assert all(node.units == ("行政課",) for node in found.shown)


def test_a_question_with_a_subject_is_no_question_for_duties(by_words: Answerer) -> None:
    assert ask(by_words, "教保課的安心手鍊要怎麼申請").topic != "duties"


@pytest.mark.parametrize(
    ("question", "unit", "heading"),
    [
        ("肆、一、", "苓雅區公所", "khh-112:4.1"),
        ("伍、二", "企劃室", "khh-doh-112:5.2"),
        ("伍、三", "企劃室", "khh-doh-112:5.3"),
        ("陸、三、2.", "苓雅區公所", "khh-112:6.3.2"),
        ("貳、(二)", "衛生局", "khh-doh-112:2.2"),
    ],
)
def test_a_path_means_exactly_its_heading(
    by_words: Answerer, question: str, unit: str, heading: str
) -> None:
    found = ask(by_words, question, unit)
    assert found.heading is not None
    assert found.heading.id == heading
    assert all(node.id.startswith(heading) for node in found.shown)


@pytest.mark.parametrize(
    ("question", "unit", "plan"),
    [
        ("我們的目標", "三民二所", "khh-sanmin2-115"),
        ("衛生局的目標", None, "khh-doh-112"),
        ("市府的目標呢", "長青", "khh-112"),
        ("本所目標", "三民二所", "khh-sanmin2-115"),
    ],
)
def test_somebodys_goals_are_all_of_that_plan(
    by_words: Answerer, question: str, unit: str | None, plan: str
) -> None:
    assert [node.id for node in ask(by_words, question, unit).shown] == [
        f"{plan}:2.{number}" for number in (1, 2, 3)
    ]


@pytest.mark.parametrize("question", ["食品衛生科的工作", "食品衛生科的業務呢", "食品衛生科業務"])
def test_a_sections_work_is_its_list(by_words: Answerer, question: str) -> None:
    found = ask(by_words, question, "企劃室")
    assert (found.topic, found.unit and found.unit.name) == ("duties", "食品衛生科")


@pytest.mark.parametrize(
    ("question", "unit", "form"),
    [
        ("計畫裡面應該包含哪些項目", "長青中心", "khh-112:f3"),
        ("計畫書要寫些什麼", "鳳山區公所", "khh-112:f2"),
        ("工作計畫要包括什麼", "三民二所", "khh-doh-112:f1"),
    ],
)
def test_what_a_plan_has_to_contain_is_its_form(
    by_words: Answerer, question: str, unit: str, form: str
) -> None:
    found = ask(by_words, question, unit)
    assert found.heading is not None
    assert found.heading.id == form


@pytest.mark.parametrize(
    "question",
    ["我們計畫裡面有寫哪些事情", "那本寫了我們什麼工作", "今年計畫裡有寫到我們要做哪些嗎"],
)
def test_what_the_plan_has_for_a_section_is_its_list(by_words: Answerer, question: str) -> None:
    found = ask(by_words, question, "食品衛生科")
    assert (found.topic, found.unit and found.unit.name) == ("duties", "食品衛生科")


@pytest.mark.parametrize(
    ("question", "unit"),
    [
        ("我們計畫要寫哪些東西", "食品衛生科"),  # what has to be in one
        ("我們計畫裡有寫加水站要做什麼", "食品衛生科"),  # a subject
        ("我們計畫裡面有寫哪些事情", "楠梓地政事務所"),  # no section
    ],
)
def test_other_questions_about_what_is_written_are_no_list_of_duties(
    by_words: Answerer, question: str, unit: str
) -> None:
    assert ask(by_words, question, unit).topic != "duties"
