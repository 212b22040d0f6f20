"""The runs of characters as numbers say what the runs themselves say."""

from __future__ import annotations

import pytest

from bot.plans.corpus import Corpus
from bot.search.lexical import Postings, Runs, codes
from bot.search.words import Folder, grams

TEXTS = ["qr码 怎么,办2.0理", "", "！？", "电", "app app", "办理app", "理办"]


def test_the_runs_of_texts_are_those_of_each_text() -> None:
    apart = sorted((int(code), at) for at, text in enumerate(TEXTS) for code in codes(grams(text)))

    found = Runs.of(TEXTS)

    assert [code for code, _ in apart] == sorted(found.codes.tolist())
    assert len(set(apart)) == len(set(found.cells.tolist()))


def test_a_run_counts_once_for_each_text_that_has_it() -> None:
    keys, first, others = Runs.of(["app app", "办", "app", "办app办"]).counted(2)

    at = keys.tolist().index(int(codes(["app"])[0]))
    assert (first[at], others[at]) == (1, 2)


@pytest.mark.parametrize(("one", "other"), [("敢", "be"), ("敲", "re"), ("灵", "up")])
def test_a_character_is_not_the_latin_word_of_the_same_bytes(one: str, other: str) -> None:
    assert codes([one]) != codes([other])


def test_no_two_runs_of_the_plans_have_one_number(corpus: Corpus, fold: Folder) -> None:
    every = {run for node in corpus.nodes.values() for run in grams(fold(node.words))}
    assert len(set(codes(every).tolist())) == len(every)


def test_an_occurrence_in_a_heading_weighs_less() -> None:
    words = Postings(3, (Runs.of(["电话", "", ""]), 1.0), (Runs.of(["", "电话", ""]), 0.3))

    text, heading, neither = words.score({"电话": 1.0})

    assert text > heading > neither == 0


def test_texts_without_a_run_are_found_by_nothing() -> None:
    words = Postings(2, (Runs.of(["", "。"]), 1.0))
    assert words.score({"电": 1.0}).tolist() == words.coverage({"电": 1.0}).tolist() == [0, 0]
