"""Answers as a chat shows them: one line where there is nothing to say, and nobody misled."""

from __future__ import annotations

import pytest

from bot import phrases, phrases_reports
from tests.journeys.conftest import City, Place, actions_of


@pytest.fixture
def admin(city: City, alone: Place) -> Place:
    """An administrator's one-to-one chat."""
    city.make_admin(alone.person)
    return alone


@pytest.mark.parametrize("words", ["講個笑話", "陪我聊天", "你很爛", "你真的很差勁"])
def test_small_talk_and_insults_get_one_friendly_line(alone: Place, words: str) -> None:
    alone.bind("三民二所")
    (said,) = alone.says(words)
    assert "\n" not in said
    assert phrases.NOT_SAID not in said


@pytest.mark.parametrize("words", ["還是不對", "不對", "也不對"])
def test_a_dislike_in_other_words_is_one_too(alone: Place, words: str) -> None:
    alone.says("電話禮貌由誰負責？")
    (said,) = alone.says(words)
    assert said == phrases.SAY_IT_OTHERWISE


class TestWhoHasNotReported:
    @pytest.mark.parametrize(
        "words",
        ["衛生局下面誰還沒交", "衛生局所屬有誰沒交", "誰還沒交", "衛生局底下哪些單位還沒回報",
         "誰還沒回報"],
    )  # fmt: skip
    def test_it_is_the_list_of_those_that_have_not(
        self, admin: Place, group: Place, words: str
    ) -> None:
        said = admin.says(words)
        assert said == admin.says("未回報 衛生局" if "衛生局" in words else "未回報")

    def test_another_question_about_not_handing_in_is_none(self, admin: Place) -> None:
        (said, *_) = admin.says("企劃室沒交的話會怎樣")
        assert phrases_reports.OVERVIEW not in said

    def test_only_administrators_see_it(self, group: Place) -> None:
        (said,) = group.says("小幫手 衛生局下面誰還沒交")
        assert said == group.says("小幫手 未回報")[0]


@pytest.mark.parametrize("words", ["今年第二次電話測試什麼時候開始", "第2次電話禮貌測試何時"])
def test_who_is_bound_to_no_unit_sees_the_citys_dates(alone: Place, words: str) -> None:
    (said,) = alone.says(words)
    assert "115年7月1日至12月31日" in said
    assert phrases.REMIND not in [one.get("label") for one in actions_of(alone.last_message())]


def test_a_lost_unit_is_told_once_and_plainly(alone: Place) -> None:
    alone.bind("三民二所")
    (said,) = alone.says("環境美化要做什麼")
    assert said.count(phrases.UNITS_LOST) == 1
    (who,) = alone.says("誰負責")
    assert who.startswith(phrases.UNITS_LOST)
