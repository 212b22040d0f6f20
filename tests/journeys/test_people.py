"""代理人, 交接, 我是誰: who speaks for a unit while its officer is away, or from now on."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from bot import phrases, phrases_reports
from bot.line.stand_in import Person
from bot.store.models import AuditEntry, OutboxMessage
from tests.journeys.conftest import City, Place, actions_of

UNIT = "企劃室"
NAMED = "@李志明 代理人設定完成："


@pytest.fixture
def own(city: City, ling: Person) -> Place:
    """The officer's one-to-one chat, bound to 企劃室."""
    place = city.alone_with(ling)
    place.bind(UNIT)
    return place


@pytest.fixture
def others(city: City, ming: Person) -> Place:
    """The colleague's one-to-one chat; he is a friend of the bot."""
    city.line.follow(ming.id)
    city.settle()
    return city.alone_with(ming)


def code_in(said: str) -> str:
    found = re.search(r"綁定 [0-9A-Z]{4}-[0-9A-Z]{4}", said)
    assert found is not None
    return found[0]


def pushes(city: City) -> int:
    with city.app.database.begin() as db:
        ways = db.scalars(select(OutboxMessage.way)).all()
    return list(ways).count("push")


def kept(city: City) -> list[str]:
    with city.app.database.begin() as db:
        return list(db.scalars(select(AuditEntry.what).order_by(AuditEntry.id)))


# a substitute, named in the group


def test_a_substitute_named_in_the_group_speaks_for_the_unit_on_those_days(
    city: City, group: Place, others: Place
) -> None:
    (receipt,) = group.says("小幫手 代理人 @李志明 3/3-3/4")

    assert receipt.startswith(f"{NAMED}115年3月3日至3月4日（三）代理企劃室")
    assert "小幫手 結束代理" in receipt
    assert "加好友" not in receipt, "he is one already"
    assert others.units() == ()
    city.clock.goes_on(days=1)
    assert others.units() == (UNIT,)
    city.clock.goes_on(days=1)
    assert others.units() == (UNIT,)
    city.clock.goes_on(days=1)
    assert others.units() == ()
    assert group.units() == (UNIT,)
    assert pushes(city) == 0, "the receipt in the group is free"
    assert kept(city) == ["bind", "appoint_substitute"]


@pytest.mark.parametrize(
    "typed",
    [
        "小幫手 代理人 @李志明 今天",
        "小幫手，職務代理人@李志明 到3/2",
        "小幫手 3/2 請 @李志明 代理",
        "@李志明 @提升服務小幫手 代理人 115.3.2",
        "小幫手 代理人 @李志明 企劃室 115/3/2",
    ],
)
def test_a_substitute_may_be_named_in_any_order(group: Place, others: Place, typed: str) -> None:
    assert group.says(typed)[0].startswith(f"{NAMED}115年3月2日（一）代理企劃室")
    assert others.units() == (UNIT,)


def test_who_is_no_friend_of_the_bot_is_asked_to_become_one(group: Place) -> None:
    assert "請先加好友" in group.says("小幫手 代理人 @李志明 今天")[0]


def test_without_days_they_are_asked_and_tapped(group: Place, others: Place) -> None:
    (question,) = group.says("小幫手 代理人 @李志明")
    assert question.startswith(phrases_reports.HOW_LONG)
    assert [one["label"] for one in actions_of(group.last_message())] == [
        "今天", "三天", "一週", "兩週",
    ]  # fmt: skip

    (receipt,) = group.tap("三天")

    assert receipt.startswith(f"{NAMED}115年3月2日至3月4日（三）代理企劃室")
    assert others.units() == (UNIT,)


def test_without_days_they_may_be_typed(city: City, group: Place, others: Place) -> None:
    group.says("小幫手 代理人 @李志明")

    assert group.seen_by(others.person).says("3/3-3/4") == [], "he was not asked"
    assert group.says("我3/3要出差，先這樣") == [], "people go on talking"
    (receipt,) = group.says("3/3-3/4")

    assert receipt.startswith(f"{NAMED}115年3月3日至3月4日")
    assert group.says("3/5-3/6") == [], "it asked once"


def test_the_question_for_days_can_be_cancelled(group: Place, others: Place) -> None:
    group.says("小幫手 代理人 @李志明")

    assert group.says("取消") == [phrases_reports.NO_SUBSTITUTE_NOW]
    assert group.says("3/3-3/4") == []
    assert others.units() == ()


def test_days_that_cannot_be_are_refused(group: Place, others: Place) -> None:
    for days, answer in (
        ("2/30", phrases.no_such_date("2/30")),
        ("115/2/1-115/2/5", "115年2月5日（四）已經過了，沒有設定代理人。"),
        ("3/9-3/5", "115年3月5日"),
        ("3/2-117/3/5", phrases_reports.TOO_LONG_FOR_SUBSTITUTE),
    ):
        (said,) = group.says(f"小幫手 代理人 @李志明 {days}")
        assert answer in said
    assert others.units() == ()


def test_without_a_person_it_says_how_one_is_named(group: Place) -> None:
    assert group.says("小幫手 代理人 李志明 今天") == [
        phrases_reports.whom_to_mention("代理人", several=False)
    ]


def test_two_people_at_once_are_refused(city: City, group: Place) -> None:
    (said,) = group.says("小幫手 代理人 @李志明 @王美玲 今天")
    assert said == phrases_reports.whom_to_mention("代理人", several=True)


def test_a_stranger_in_an_unbound_group_names_nobody(new_group: Place, others: Place) -> None:
    for word in ("代理人 @李志明 今天", "交接 @李志明", "結束代理"):
        assert new_group.says(f"小幫手 {word}") == [phrases.how_to_bind(shared=True)]
    assert others.units() == ()


def test_who_speaks_for_the_unit_anyway_needs_no_days(group: Place, others: Place) -> None:
    others.bind(UNIT)

    assert group.says("小幫手 代理人 @李志明 今天")[0].endswith("不用設代理，沒有變更。")
    city = group.city
    city.clock.goes_on(days=1)
    assert others.units() == (UNIT,)


def test_a_group_of_two_units_gets_a_substitute_for_both_or_for_the_named_one(
    group: Place, others: Place
) -> None:
    group.bind("人事室")

    group.says("小幫手 代理人 @李志明 人事室 今天")
    assert others.units() == ("人事室",)
    group.says("小幫手 代理人 @李志明 今天")
    assert set(others.units()) == {UNIT, "人事室"}


def test_a_question_about_it_is_answered_as_one(group: Place, own: Place, others: Place) -> None:
    for words in ("代理人是誰？", "代理人要怎麼設", "@李志明 的代理人是誰？"):
        (said, *_) = group.says(f"小幫手 {words}")
        assert "代理人設定" not in said
        assert "請從清單" not in said
    (said, *_) = own.says("交接 清冊要附什麼")
    assert "交接碼" not in said
    assert others.units() == ()


def test_a_substitutes_own_unit_stays_the_first(city: City, group: Place, others: Place) -> None:
    others.bind("秘書室")  # by name it comes after 企劃室 or before it, as it may
    others.bind("食品衛生科")
    group.says("小幫手 代理人 @李志明 今天")

    assert others.units()[-1] == UNIT
    assert set(others.units()[:-1]) == {"秘書室", "食品衛生科"}


def test_words_to_a_colleague_about_the_bot_are_not_for_it(group: Place) -> None:
    assert group.says("@李志明 小幫手 可以設代理人") == []


# the end of a substitution


def test_a_substitution_can_be_ended_early(city: City, group: Place, others: Place) -> None:
    group.says("小幫手 代理人 @李志明 兩週")

    assert group.tap("結束代理") == [phrases_reports.substitute_ended([UNIT])]
    assert others.units() == ()
    assert group.says("小幫手 結束代理") == [phrases_reports.NO_SUBSTITUTE]


def test_of_two_substitutes_the_one_who_is_meant_is_ended(
    city: City, group: Place, ling: Person, others: Place
) -> None:
    group.says("小幫手 代理人 @李志明 今天")
    group.says("小幫手 代理人 @王美玲 三天")

    group.says("小幫手 結束代理")
    labels = [one["label"] for one in actions_of(group.last_message())]
    assert labels == ["代理人 3/2", "代理人 3/2-3/4"]
    group.tap("代理人 3/2-3/4")

    assert city.alone_with(ling).units() == ()
    assert others.units() == (UNIT,)

    group.says("小幫手 代理人 @王美玲 三天")
    group.says("小幫手 結束代理 @李志明")
    assert city.alone_with(ling).units() == (UNIT,)
    assert others.units() == ()


def test_a_substitute_may_end_their_own_substitution(group: Place, others: Place) -> None:
    group.says("小幫手 代理人 @李志明 兩週")

    assert others.says("結束代理") == [phrases_reports.substitute_ended([UNIT])]
    assert others.units() == ()


def test_a_substitute_names_no_substitute_and_hands_nothing_over(
    group: Place, others: Place
) -> None:
    group.says("小幫手 代理人 @李志明 今天")

    assert others.says("代理人 三天") == [phrases_reports.SUBSTITUTE_MAY_NOT]
    assert others.says("交接") == [phrases_reports.SUBSTITUTE_MAY_NOT]
    help_card = others.says("說明")[0]
    assert "交接" not in help_card
    assert "我是誰" in help_card


# a substitute by a code


def test_an_officer_gives_a_substitute_a_code_one_to_one(
    city: City, own: Place, others: Place
) -> None:
    (card,) = own.says("代理人 3/3-3/4")
    assert card.startswith("企劃室的代理碼：綁定 ")

    (granted,) = others.says(code_in(card))

    assert granted.startswith("您是企劃室的代理人")
    assert others.units() == ()
    city.clock.goes_on(days=1)
    assert others.units() == (UNIT,)
    city.clock.goes_on(days=2)
    assert others.units() == ()
    assert own.units() == (UNIT,)


def test_one_to_one_the_days_are_asked_too(own: Place, others: Place) -> None:
    own.says("代理人")
    others.says(code_in(own.tap("一週")[0]))
    assert others.units() == (UNIT,)


def test_a_code_is_used_once(city: City, own: Place, others: Place, ling: Person) -> None:
    code = code_in(own.says("代理人 三天")[0])
    third = city.alone_with(city.line.add_person("陳大文"))

    others.says(code)

    assert third.says(code) == [phrases.CODE_REFUSED]
    assert third.units() == ()


def test_a_code_is_worth_nothing_once_its_days_are_over(
    city: City, own: Place, others: Place
) -> None:
    code = code_in(own.says("代理人 今天")[0])
    city.clock.goes_on(days=1)

    assert others.says(code) == [phrases.CODE_REFUSED]


def test_a_personal_code_in_a_group_is_void(group: Place, own: Place, others: Place) -> None:
    code = code_in(own.says("代理人 三天")[0])

    assert group.says(f"小幫手 {code}") == [phrases_reports.PERSONAL_CODE_IN_GROUP]
    assert others.says(code) == [phrases.CODE_REFUSED]


# handing over


def test_a_unit_is_handed_over_in_one_message(
    city: City, group: Place, own: Place, others: Place
) -> None:
    (receipt,) = group.says("小幫手 交接 @李志明")

    assert receipt.startswith("@李志明 交接完成：現在由您代表企劃室")
    assert "不再代表企劃室" in receipt
    assert others.units() == (UNIT,)
    assert own.units() == ()
    assert group.units() == (UNIT,)
    assert kept(city) == ["bind", "bind", "hand_over", "unbind"]
    assert pushes(city) == 0

    group.seen_by(others.person).says("小幫手 交接 @王美玲")
    assert own.units() == (UNIT,)
    assert others.units() == ()


def test_nobody_hands_over_to_themselves(group: Place, own: Place) -> None:
    assert group.says("小幫手 交接 @王美玲") == [phrases_reports.HAND_OVER_TO_SELF]
    assert own.units() == (UNIT,)


def test_one_to_one_a_unit_is_handed_over_by_a_code(own: Place, others: Place) -> None:
    (card,) = own.says("交接")
    assert card.startswith("企劃室的交接碼：綁定 ")
    assert own.units() == (UNIT,), "nothing changes before it is used"

    (granted,) = others.says(code_in(card))

    assert granted.startswith("交接完成：您現在代表企劃室")
    assert others.units() == (UNIT,)
    assert own.units() == ()


def test_the_giver_cannot_use_the_code_and_stays_bound(own: Place) -> None:
    assert own.says(code_in(own.says("交接")[0])) == [phrases_reports.CODE_FOR_ANOTHER]
    assert own.units() == (UNIT,)


def test_a_code_of_who_no_longer_speaks_for_the_unit_is_worth_nothing(
    city: City, group: Place, own: Place, others: Place
) -> None:
    code = code_in(own.says("交接")[0])
    group.says("小幫手 交接 @李志明")
    third = city.alone_with(city.line.add_person("陳大文"))

    assert third.says(code) == [phrases.CODE_REFUSED]
    assert third.units() == ()


def test_a_hand_over_makes_a_substitute_permanent(group: Place, others: Place) -> None:
    group.says("小幫手 代理人 @李志明 今天")
    group.says("小幫手 交接 @李志明")
    group.city.clock.goes_on(days=9)

    assert others.units() == (UNIT,)


# a chat of several units


def test_a_chat_of_two_units_is_asked_which_and_the_words_are_not_typed_twice(
    group: Place, others: Place
) -> None:
    group.bind("人事室")

    assert group.says("小幫手 交接 @李志明") == ["要替哪個單位交接？"]
    assert {one["label"] for one in actions_of(group.last_message())} == {UNIT, "人事室"}
    question = group.last_message()
    (receipt,) = group.tap("人事室", card=question)

    assert receipt.startswith("@李志明 交接完成：現在由您代表人事室")
    assert others.units() == ("人事室",)
    assert group.tap(UNIT, card=question) == [phrases.NOT_LONGER_HERE]


def test_the_question_is_for_who_wrote_the_words(group: Place, others: Place) -> None:
    group.bind("人事室")
    group.says("小幫手 交接 @李志明")

    assert group.seen_by(others.person).tap("人事室") == [phrases.NOT_LONGER_HERE]
    assert others.units() == ()


def test_words_that_were_taken_back_are_not_used(group: Place, others: Place) -> None:
    group.bind("人事室")
    group.says("小幫手 交接 @李志明")
    question = group.last_message()
    words = group.city.line.history(group.chat.id)[-2]
    group.city.line.unsend(group.person.id, words.id)
    group.city.settle()

    assert group.tap("人事室", card=question) == [phrases.NOT_LONGER_HERE]
    assert others.units() == ()


def test_the_unit_may_be_named_at_once(own: Place, others: Place) -> None:
    own.bind("人事室")
    others.says(code_in(own.says("交接 人事室")[0]))

    assert others.units() == ("人事室",)
    assert own.units() == (UNIT,)


def test_another_units_name_is_never_taken_for_ones_own(own: Place) -> None:
    assert own.says("交接 秘書室") == [phrases_reports.not_for("秘書室", [UNIT], "交接")]


# 我是誰


def test_who_am_i_says_for_whom_the_chat_speaks_and_until_when(
    city: City, group: Place, own: Place, others: Place
) -> None:
    group.says("小幫手 代理人 @李志明 3/3-3/4")

    assert others.says("我是誰")[0].startswith("您還沒有代表任何單位\n即將代理：企劃室 115年3月3日")
    city.clock.goes_on(days=1)
    assert "企劃室：代理到115年3月4日（三）" in others.says("我的權限")[0]
    mine = own.says("我是誰")[0]
    assert "企劃室：長期，沒有期限" in mine
    assert "代理人：代理人 3/3-3/4（企劃室）" in mine
    assert group.says("小幫手 我是誰")[0].startswith("這個群組代表企劃室")


def test_who_am_i_names_an_administrator_one_to_one_only(
    city: City, group: Place, alone: Place
) -> None:
    city.make_admin(alone.person)

    assert "管理者：是" in alone.says("我是誰")[0]
    assert "管理者" not in group.says("小幫手 我是誰")[0]


def test_an_unbound_chat_is_told_how_to_bind(alone: Place) -> None:
    assert phrases.how_to_bind(shared=False) in alone.says("我是誰")[0]


def test_the_help_names_these_words_where_they_may_be_used(group: Place, alone: Place) -> None:
    (in_group,) = group.says("小幫手 說明")
    assert "小幫手 代理人 @李志明 下週" in in_group
    assert "小幫手 交接 @王美玲" in in_group

    (unbound,) = alone.says("說明")
    assert "我是誰" in unbound
    assert "代理人" not in unbound
