"""Twenty conversations, as they are written down in docs/conversations.md."""

from __future__ import annotations

import os

import pytest

from bot.search import encoders
from tests import aloud

ALL = 2  # encoders, with which the page was written
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
