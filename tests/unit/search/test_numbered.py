"""Numbers of entries of a list."""

from __future__ import annotations

import pytest

from bot.search.answer import Answerer, Kind
from bot.search.follow import Previous
from bot.search.numbered import Numbered
from bot.search.words import Folder, bare
from tests.unit.search.helpers import ask

LISTED = (
    "khh-doh-112:4.5.3.a.2",
    "khh-doh-112:4.2.2.a.1",
    "khh-doh-112:4.1.3.2.4",
    "khh-doh-112:4.4.3.1.2",
)


def shown(answerer: Answerer, question: str) -> tuple[str, list[int]]:
    before = Previous(question="要做的事", clauses=LISTED, listed=True)
    found = ask(answerer, question, "企劃室", before)
    return found.topic, [LISTED.index(one.node.id) + 1 for one in found.passages]


@pytest.mark.parametrize(
    ("words", "places", "rest"),
    [
        ("第三筆", (3,), ""),
        ("那第2個呢", (2,), "呢"),
        ("最後一條誰管", (4,), "誰管"),
        ("倒數第二項", (3,), ""),
        ("頭兩個", (1, 2), ""),
        ("後面那張表", None, ""),
        ("最後三則", (2, 3, 4), ""),
        ("第一到第三點", (1, 2, 3), ""),
        ("第2跟第4項再貼", (2, 4), "再貼"),
        ("第九條", (), ""),
        ("第一線人員", None, ""),
        ("前兩年", None, ""),
    ],
)
def test_places(fold: Folder, words: str, places: tuple[int, ...] | None, rest: str) -> None:
    found = Numbered(fold).read(bare(fold(words)))
    if places is None:
        assert found is None
        return
    assert found is not None
    assert (found.of(4), found.rest) == (places, fold(rest))


@pytest.mark.parametrize(
    ("question", "topic", "places"),
    [
        ("第3條再貼一次給我", "node", [3]),
        ("可以重新列前兩項嗎", "some", [1, 2]),
        ("麻煩給我看最後一則", "node", [4]),
        ("第二項是誰要交的", "who", [2]),
        ("最後一個是哪一科", "who", [4]),
        ("第二個也是我們嗎", "applies", [2]),
    ],
)
def test_a_list_that_was_shown(
    by_words: Answerer, question: str, topic: str, places: list[int]
) -> None:
    assert shown(by_words, question) == (topic, places)


def test_several_entries_are_a_list(by_words: Answerer) -> None:
    before = Previous(question="要做的事", clauses=LISTED, listed=True)
    assert ask(by_words, "第一跟第三個", "企劃室", before).kind is Kind.LIST


def test_rows_of_a_schedule_go_by_their_own_numbers(by_words: Answerer) -> None:
    rows = ask(by_words, "作業期程", "研考會").shown
    before = Previous(question="作業期程", clauses=tuple(one.id for one in rows), listed=True)
    for question, label in (("第4項", "4"), ("第二個是誰要交", "2"), ("第一列再給我看", "1")):
        found = ask(by_words, question, "研考會", before)
        assert found.passages[0].node.label == label
