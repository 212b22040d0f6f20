"""What a plan or its form consists of, asked alone and in a talk."""

from __future__ import annotations

import pytest

from bot import phrases
from bot.search.answer import Answerer, Kind
from bot.search.result import PARTS
from handlers.answers import as_reply
from tests.unit.search.helpers import after, ask

_SECTIONS = ("壹、依據", "貳、計畫目標", "參、實施對象", "肆、計畫內容", "伍、推動及管考")


@pytest.mark.parametrize(
    ("question", "asker", "plan", "count"),
    [
        ("我們所的計畫總共分幾大項", "三民區第二衛生所", "khh-sanmin2-115", 6),
        ("本局計畫分成哪些章節", "秘書室", "khh-doh-112", 7),
        ("111年那份計畫有哪些章節", "衛生局", "khh-doh-111", 7),
        ("市府那份計畫有幾章", "文化局", "khh-112", 9),
    ],
)
def test_the_chapters_of_a_plan_are_its_sections(
    by_words: Answerer, question: str, asker: str, plan: str, count: int
) -> None:
    found = ask(by_words, question, asker)
    assert found.topic == PARTS
    assert [node.id for node in found.shown] == [f"{plan}:{n}" for n in range(1, count + 1)]


def test_the_chapters_are_told_by_their_headings(by_words: Answerer) -> None:
    said = str(as_reply(ask(by_words, "本局計畫分成哪些章節", "秘書室"), by_words.corpus))
    assert all(title in said for title in _SECTIONS)
    assert phrases.TOPICS[PARTS] in said


@pytest.mark.parametrize(
    ("question", "asker", "lines"),
    [
        ("工作計畫的格式要寫哪些章節", "楠梓戶政事務所", ["khh-112:f3.c"]),
        ("執行計畫該寫哪幾大項", "教育局", ["khh-112:f2.c"]),
        ("我們的計畫分成幾章", "農業局", ["khh-112:f2.c"]),
        ("附錄的格式有哪些章節", "旗津區衛生所", [f"khh-doh-112:f1.{n}" for n in range(1, 6)]),
    ],
)
def test_where_somebody_has_to_write_the_chapters_are_the_forms(
    by_words: Answerer, question: str, asker: str, lines: list[str]
) -> None:
    found = ask(by_words, question, asker)
    assert [node.id for node in found.shown] or [one.node.id for one in found.passages] == lines
    assert [one.node.id for one in found.passages] == lines[:5]


@pytest.mark.parametrize("question", ["內容總共包括哪些項目", "那該寫幾個章節"])
def test_after_a_form_its_chapters_are_meant(by_words: Answerer, question: str) -> None:
    shown = ask(by_words, "二級機關適用哪份格式", "地政局")
    found = ask(by_words, question, "地政局", after(shown))
    assert found.kind is Kind.FORMAT
    assert [one.node.id for one in found.passages] == ["khh-112:f3.c"]


@pytest.mark.parametrize(
    ("question", "asker", "lines"),
    [
        ("工作重點這欄該填什麼", "大寮地政事務所", ["khh-112:f3.f.1", "khh-112:f3.f.2"]),
        ("執行重點那格要怎麼填", "水利局", ["khh-112:f2.f"]),
        (
            "格式的本欄說明講什麼",
            "旗津區衛生所",
            ["khh-doh-112:f1.4.1.1.a.1", "khh-doh-112:f1.4.1.1.a.2"],
        ),
    ],
)
def test_how_the_middle_column_is_filled_in_is_told_whole(
    by_words: Answerer, question: str, asker: str, lines: list[str]
) -> None:
    assert [one.node.id for one in ask(by_words, question, asker).passages] == lines


@pytest.mark.parametrize(
    ("question", "asker", "line"),
    [
        ("表格總共有幾欄", "教育局", "khh-112:f2.d"),
        ("附錄的表格有哪些欄位", "旗津區衛生所", "khh-doh-112:f1.4.a"),
    ],
)
def test_the_columns_of_a_form_are_the_line_that_prints_them(
    by_words: Answerer, question: str, asker: str, line: str
) -> None:
    assert [one.node.id for one in ask(by_words, question, asker).passages] == [line]


@pytest.mark.parametrize(
    ("question", "topic"),
    [("裡面有哪些服務設施", ""), ("六大面向是哪六個", "chapters")],
)
def test_other_questions_are_not_taken_for_it(
    by_words: Answerer, question: str, topic: str
) -> None:
    assert ask(by_words, question, "教育局").topic == topic


def test_whom_a_plan_binds_is_its_section_on_that(by_words: Answerer) -> None:
    found = ask(by_words, "這本計畫誰得照著辦", "三民區第二衛生所")
    assert [one.node.id for one in found.passages] == ["khh-sanmin2-115:3.a"]
