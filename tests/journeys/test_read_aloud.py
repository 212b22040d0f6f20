"""Twenty conversations, as they are written down in docs/conversations.md, and many labelled ones."""

from __future__ import annotations

import json
import os

import pytest

from bot.plans import corpus as plans
from bot.search import encoders
from bot.settings import packaged_data
from tests import aloud, talks

ALL = 2  # encoders, with which the page was written
RECORDED = aloud.TURNS.with_name("figures.json")
EACH = 3  # every third conversation is played, for time
ROOM = 0.03  # for another machine's arithmetic, which decides near cases: one of the conversations
IN_CI = os.environ.get("CI") == "true"


def test_there_are_twenty_of_several_turns() -> None:
    told = aloud.conversations()
    assert len(told) >= 20
    assert all(len(one.turns) >= 4 for one in told)


@pytest.mark.skipif(not IN_CI, reason="a hundred questions: asked in CI only (CI=true)")
def test_the_page_is_what_the_bot_says() -> None:
    if len(encoders.installed()) < ALL:
        pytest.skip("written down with both encoders, and one is not installed")
    assert aloud.page() == aloud.PAGE.read_text(encoding="utf-8"), "run: python -m tests.aloud"


def test_each_label_names_clauses_that_there_are() -> None:
    corpus = plans.load(packaged_data())
    labelled = talks.talks()
    named = {one for talk in labelled for turn in talk.turns for one in turn.leads}
    assert len(labelled) >= 100
    assert sorted(one for one in named if one not in corpus.nodes) == []


@pytest.mark.skipif(not IN_CI, reason="hundreds of turns: asked in CI only (CI=true)")
def test_the_recorded_shares_of_right_turns_hold() -> None:
    if len(encoders.installed()) < ALL:
        pytest.skip("recorded with both encoders, and one is not installed")
    reached = talks.figures(talks.play(talks.talks()[::EACH]))
    recorded = json.loads(RECORDED.read_text(encoding="utf-8"))
    fell = {name: reached[name] for name, share in recorded.items() if reached[name] < share - ROOM}
    assert fell == {}, f"recorded: {recorded}; python -m tests.talks lists the turns"
