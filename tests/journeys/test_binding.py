"""綁定: a chat comes to speak for a unit, a person becomes an administrator."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from bot import phrases
from bot.clock import today
from bot.line.stand_in import Person
from bot.messages import ChatKind
from bot.store.models import AuditEntry
from tests.journeys.conftest import City, Place

WRONG = "綁定 2222-3333"


def test_a_code_binds_a_group_to_its_unit(city: City, new_group: Place) -> None:
    code = city.unit_code("長期照顧中心")

    (answer,) = new_group.says(f"小幫手 綁定 {code}")

    assert answer == "綁定完成：這個群組現在代表長期照顧中心。"
    assert new_group.units() == ("長期照顧中心",)


def test_a_code_binds_a_person_one_to_one(city: City, alone: Place) -> None:
    (answer,) = alone.says(f"綁定 {city.unit_code('企劃室')}")

    assert answer == "綁定完成：這個聊天現在代表企劃室。"
    assert alone.units() == ("企劃室",)


@pytest.mark.parametrize(
    "typed",
    ["綁定{code}", "綁定 {lower}", "　綁定　{wide}", "綁定碼：{code}", "「綁定 {code}」", "绑定 {bare}"],
)  # fmt: skip
def test_a_code_may_be_typed_in_any_way(city: City, alone: Place, typed: str) -> None:
    code = city.unit_code("企劃室")
    wide = "".join(chr(ord(letter) + 0xFEE0) for letter in code)
    text = typed.format(code=code, lower=code.lower(), wide=wide, bare=code.replace("-", " "))

    alone.says(text)

    assert alone.units() == ("企劃室",)


def test_a_bound_chat_may_speak_for_a_further_unit(city: City, group: Place) -> None:
    group.says(f"小幫手 綁定 {city.unit_code('秘書室')}")

    assert set(group.units()) == {"企劃室", "秘書室"}


def test_an_admin_code_makes_the_sender_an_administrator(city: City, alone: Place) -> None:
    (answer,) = alone.says(f"綁定 {city.admin_code()}")

    assert answer == "綁定完成：您現在是管理者。"
    assert city.is_admin(alone.person)


def test_an_admin_code_that_a_group_has_read_is_void(
    city: City, group: Place, alone: Place
) -> None:
    code = city.admin_code()

    (said,) = group.says(f"小幫手 綁定 {code}")
    assert "已經作廢" in said
    assert alone.says(f"綁定 {code}") == [phrases.CODE_REFUSED]
    assert not city.is_admin(group.person)


def test_wrong_used_and_expired_codes_get_the_same_sentence(city: City, alone: Place) -> None:
    used = city.unit_code("企劃室")
    alone.says(f"綁定 {used}")
    expired = city.unit_code("秘書室")
    city.clock.goes_on(hours=73)

    said = [alone.says(f"綁定 {code}") for code in ("2222-3333", used, expired)]

    assert said == [[phrases.CODE_REFUSED]] * 3


def test_the_sixth_guess_within_ten_minutes_is_not_looked_at(city: City, alone: Place) -> None:
    code = city.unit_code("企劃室")
    for _ in range(5):
        assert alone.says(WRONG) == [phrases.CODE_REFUSED]

    assert alone.says(f"綁定 {code}") == [phrases.TOO_MANY_CODES]

    city.clock.goes_on(minutes=11)
    assert alone.says(f"綁定 {code}") == ["綁定完成：這個聊天現在代表企劃室。"]


def test_one_persons_guesses_do_not_slow_another(city: City, group: Place, ming: Person) -> None:
    for _ in range(6):
        group.says(f"小幫手 {WRONG}")

    group.seen_by(ming).says(f"小幫手 綁定 {city.unit_code('秘書室')}")

    assert "秘書室" in group.units()


def test_binding_is_kept_in_the_audit_log(city: City, alone: Place) -> None:
    alone.says(f"綁定 {city.unit_code('企劃室')}")
    alone.says(f"綁定 {city.admin_code()}")

    with city.app.database.begin() as db:
        kept = db.scalars(select(AuditEntry.what).order_by(AuditEntry.id)).all()
    assert kept == ["issue_code", "bind", "issue_code", "become_admin"]


# without a code


def test_without_a_code_it_asks_and_the_next_message_is_the_code(
    city: City, new_group: Place, ming: Person
) -> None:
    code = city.unit_code("長期照顧中心")
    assert new_group.says("小幫手 綁定") == [phrases.SEND_THE_CODE]

    assert new_group.seen_by(ming).says(code) == [], "the other person was not asked"
    assert new_group.says("等我找一下") == [], "people go on talking"
    new_group.says(code)

    assert new_group.units() == ("長期照顧中心",)


def test_the_question_for_a_code_can_be_cancelled(city: City, new_group: Place) -> None:
    new_group.says("小幫手 綁定")

    assert new_group.says("取消") == [phrases.BINDING_CANCELLED]
    assert new_group.says(city.unit_code("長期照顧中心")) == []


def test_the_question_for_a_code_is_forgotten_after_a_while(city: City, new_group: Place) -> None:
    new_group.says("小幫手 綁定")
    city.clock.goes_on(minutes=6)

    assert new_group.says(city.unit_code("長期照顧中心")) == []


def test_while_it_waits_for_a_code_it_answers_other_things(alone: Place) -> None:
    alone.says("綁定")

    assert alone.says("說明")[0].startswith("說明")


@pytest.mark.parametrize("words", ["綁定 企劃室", "綁定要怎麼做", "綁定碼去哪裡拿？"])
def test_words_instead_of_a_code_bring_the_way_to_one(alone: Place, words: str) -> None:
    assert alone.says(words) == [phrases.how_to_bind(shared=False)]


def test_a_room_can_be_bound_like_a_group(city: City, ling: Person) -> None:
    room = city.line.add_group("多人聊天", [ling], room=True)
    city.line.invite_bot(room.id)
    city.settle()

    city.line.say(ling.id, room.id, f"小幫手 綁定 {city.unit_code('企劃室')}")
    city.settle()

    with city.app.database.begin() as db:
        from bot.store import chats

        (chat,) = chats.chats_of(db, "企劃室", today=today(city.clock.now))
    assert chat.kind is ChatKind.ROOM
