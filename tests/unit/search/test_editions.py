"""Whether two clauses say the same, and the same clause in another edition."""

from __future__ import annotations

from dataclasses import replace

from bot.plans.corpus import Corpus
from bot.search import editions, phrasings
from bot.search.editions import Editions
from tests.unit.search.conftest import DATA


def test_line_breaks_and_the_width_of_marks_are_no_difference(corpus: Corpus) -> None:
    node = corpus.nodes["khh-doh-112:4.1.3.1.5"]
    other = replace(node, text=node.text.replace("、", "､\n").replace("。", ""))
    assert editions.same_words(node, other)
    assert not editions.same_words(node, replace(node, text=node.text.replace("名片", "名牌")))


def test_a_clause_is_found_in_the_edition_before_and_after(corpus: Corpus) -> None:
    both = Editions(corpus, phrasings.load(DATA, corpus))
    new = corpus.nodes["khh-doh-112:4.1.3.1.5"]
    old = both.counterpart(new, corpus.plans["khh-doh-111"])
    assert old is not None
    assert both.counterpart(old, corpus.plans["khh-doh-112"]) == new
    assert both.counterpart(new, corpus.plans["khh-112"]) is None


def test_another_edition_is_that_of_a_named_year_else_the_one_before(corpus: Corpus) -> None:
    both = Editions(corpus, phrasings.load(DATA, corpus))
    new, old = corpus.plans["khh-doh-112"], corpus.plans["khh-doh-111"]
    assert both.other(new, ()) == old
    assert both.other(old, ()) == new
    assert both.other(new, (old.year,)) == old
    assert both.other(new, (113,)) is None  # type: ignore[arg-type]  # a year of nobody's plan
