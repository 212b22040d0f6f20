"""Whether two clauses say the same, and the same clause in another edition."""

from __future__ import annotations

from dataclasses import replace

from bot.plans.corpus import Corpus
from bot.search import editions, phrasings
from bot.search.editions import Change, Difference, Editions
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


def what_became(corpus: Corpus) -> dict[str, Difference]:
    both = Editions(corpus, phrasings.load(DATA, corpus))
    return {one.node.id: one for one in both.differences(corpus.plans["khh-doh-112"])}


def test_each_clause_is_new_dropped_reworded_given_to_others_or_the_same(corpus: Corpus) -> None:
    found = what_became(corpus)
    assert found["khh-doh-112:4.5.1.b.a.1"].change is Change.NEW
    assert found["khh-doh-111:4.1.3.3.3"].change is Change.DROPPED
    assert found["khh-doh-112:5.1"].change is Change.REWORDED
    assert found["khh-doh-112:4.4.2.a.1.1"].change is Change.UNITS
    assert found["khh-doh-112:4.1.3.2.3"].change is Change.SAME


def test_a_clause_that_was_rewritten_at_its_place_or_moved_is_no_new_one(corpus: Corpus) -> None:
    found = what_became(corpus)
    rewritten, moved = found["khh-doh-112:4.3.1.a.2.1"], found["khh-doh-112:4.6.2.a.1"]
    assert rewritten.before == corpus.nodes["khh-doh-111:4.3.1.a.2.1"]
    assert moved.before == corpus.nodes["khh-doh-111:4.3.4.2"]


def test_a_title_that_became_the_heading_above_is_no_difference(corpus: Corpus) -> None:
    assert what_became(corpus)["khh-doh-112:4.5.2.a.a"].change is Change.SAME


def test_units_are_compared_only_where_both_editions_name_them(corpus: Corpus) -> None:
    found = what_became(corpus)["khh-doh-112:4.1.3.1.1"]
    assert (found.node.units, found.before is None or found.before.units) == (("秘書室",), ())
    assert found.change is Change.SAME


def test_a_plan_with_one_edition_has_no_differences(corpus: Corpus) -> None:
    both = Editions(corpus, phrasings.load(DATA, corpus))
    assert both.differences(corpus.plans["khh-112"]) == ()
