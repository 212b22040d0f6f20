"""說明: what this person may do here."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest

from bot.clock import today
from bot.store import adjustments
from tests.journeys.conftest import City, Place


@pytest.mark.parametrize("word", ["說明", "help", "HELP", "?", "？", "說明！", "小幫手 ｈｅｌｐ"])
def test_several_words_bring_the_help(alone: Place, word: str) -> None:
    (answer,) = alone.says(word)

    assert answer.startswith("說明")


def test_a_bound_chat_is_told_its_unit_and_the_units_duties(group: Place) -> None:
    (answer,) = group.says("小幫手 說明")

    assert "已綁定：企劃室" in answer
    assert "・我的單位" in answer


def test_an_unbound_chat_is_told_how_to_bind_and_nothing_of_units(new_group: Place) -> None:
    (answer,) = new_group.says("小幫手 說明")

    assert "尚未綁定單位" in answer
    assert "・我的單位" not in answer


def test_an_administrator_is_told_more_but_not_in_a_group(
    city: City, group: Place, alone: Place
) -> None:
    (before,) = alone.says("說明")
    city.make_admin(alone.person)

    (after,) = alone.says("說明")

    assert "管理者：" not in before
    assert "管理者：" in after
    assert "管理者：" not in group.says("小幫手 說明")[0]


@pytest.mark.parametrize("day", [(2026, 3, 2), (2026, 7, 3), (2026, 12, 28), (2027, 1, 28)])
def test_an_administrators_examples_work_as_they_stand(
    city: City, alone: Place, day: tuple[int, int, int]
) -> None:
    city.clock.now = datetime(*day, 2, tzinfo=UTC)
    city.make_admin(alone.person)
    (said,) = alone.says("說明")
    moving, closing = (
        re.search(rf"例如「({word} [^」]+)」", said)[1]  # type: ignore[index]
        for word in ("調整", "停班")
    )

    assert alone.says(closing)[0].splitlines()[0].endswith("停班")
    assert "新期限" in alone.says(moving)[0]
    with city.app.database.begin() as db:
        (moved,) = adjustments.adjustments(db)
        (closed,) = adjustments.day_overrides(db)
    workdays = city.app.dates.workdays()
    for one in (moved.end, closed.day):
        assert one is not None
        assert one > today(city.clock.now)
        assert workdays.is_workday(one)


def test_a_group_is_told_how_to_address_the_bot(group: Place, alone: Place) -> None:
    assert "@我" in group.says("小幫手 說明")[0]
    assert "不用加" in alone.says("說明")[0]


def test_buttons_in_a_group_carry_the_name_so_that_they_are_answered(group: Place) -> None:
    group.says("小幫手 說明")
    message = group.last_message()
    actions = [item["action"] for item in message.content["quickReply"]["items"]]

    assert all(action["text"].startswith("小幫手 ") for action in actions)
    with group.listening() as heard:
        group.city.line.tap(group.person.id, group.chat.id, message.id, actions[0])
    assert len(heard) >= 1


def test_buttons_one_to_one_do_without_the_name(alone: Place) -> None:
    alone.says("說明")
    items = alone.last_message().content["quickReply"]["items"]

    assert not any(item["action"]["text"].startswith("小幫手") for item in items)
