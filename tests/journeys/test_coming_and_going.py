"""The bot is invited, put out, added, blocked; people come and go."""

from __future__ import annotations

from bot import phrases
from bot.line.stand_in import Person
from bot.store import chats
from tests.journeys.conftest import City, Place


def test_it_says_one_hello_where_it_is_invited(city: City, ling: Person) -> None:
    place = city.group("企劃室", ling)

    (hello,) = city.line.said_to(place.chat.id)

    assert f"小幫手 {phrases.EXAMPLES[0]}" in hello, "how to address it"
    assert "沒有叫我的訊息，我不回應" in hello, "that it is silent otherwise"
    assert "綁定" in hello


def test_the_hello_knows_that_the_group_was_bound_before(city: City, group: Place) -> None:
    city.line.remove_bot(group.chat.id)
    with group.listening() as heard:
        city.line.invite_bot(group.chat.id)

    assert "已綁定企劃室" in heard[0]


def test_newcomers_are_not_greeted(city: City, group: Place) -> None:
    newcomer = city.line.add_person("陳大文")

    with group.listening() as heard:
        city.line.add_member(group.chat.id, newcomer.id)
        city.line.remove_member(group.chat.id, newcomer.id)

    assert heard == []


def test_a_person_who_adds_it_is_welcomed_with_questions_to_tap(city: City, alone: Place) -> None:
    with alone.listening() as heard:
        city.line.follow(alone.person.id)

    assert len(heard) == 1
    actions = [item["action"] for item in alone.last_message().content["quickReply"]["items"]]
    assert [action["type"] for action in actions] == ["message"] * 4
    for action in actions:
        message = alone.last_message()
        with alone.listening() as answers:
            city.line.tap(alone.person.id, alone.chat.id, message.id, action)
        assert len(answers) >= 1


def test_a_group_that_it_left_is_not_pushed_to(city: City, group: Place) -> None:
    city.line.remove_bot(group.chat.id)
    city.settle()

    with city.app.database.begin() as db:
        assert not chats.is_active(db, group.chat.id)


def test_a_person_who_blocked_it_and_came_back_is_reached_again(city: City, alone: Place) -> None:
    city.line.follow(alone.person.id)
    city.settle()
    city.line.unfollow(alone.person.id)
    city.settle()
    with city.app.database.begin() as db:
        assert not chats.is_active(db, alone.chat.id)

    city.line.follow(alone.person.id)
    city.settle()

    with city.app.database.begin() as db:
        assert chats.is_active(db, alone.chat.id)


def test_who_leaves_a_group_is_no_longer_waited_for(
    city: City, new_group: Place, ling: Person
) -> None:
    new_group.says("小幫手 綁定")
    city.line.remove_member(new_group.chat.id, ling.id)
    city.settle()
    city.line.add_member(new_group.chat.id, ling.id)
    city.settle()

    assert new_group.says(city.unit_code("長期照顧中心")) == []
