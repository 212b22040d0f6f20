"""待補問題: a question without an answer gets one, within a minute, by an administrator."""

from __future__ import annotations

import re
from typing import Any

import pytest
from sqlalchemy import select

from bot import phrases
from bot.app import build
from bot.line.stand_in import Person
from bot.search import answer
from bot.settings import packaged_data
from bot.store.models import AuditEntry, Conversation, Mark, Question, TeachingRow
from tests.journeys.conftest import City, Place

ASKED = "員工餐廳幾點開"
CLAUSE = "khh-doh-112:4.1.3.3.2"
WORDS = "推展電話服務禮貌工作"  # some words of the clause
PATH = "衛生局112 一(三)3.(2)"
ANSWERED = phrases.EXAMPLES[0]


@pytest.fixture
def admin(city: City) -> Place:
    """An administrator's one-to-one chat."""
    person = city.line.add_person("陳怡君")
    city.make_admin(person)
    return city.alone_with(person)


def actions_of(place: Place) -> list[dict[str, Any]]:
    """Everything that can be tapped under the newest message."""
    found: list[dict[str, Any]] = []
    _collect(place.last_message().content, found)
    return found


def _collect(part: Any, found: list[dict[str, Any]]) -> None:
    if isinstance(part, dict):
        if isinstance(part.get("action"), dict):
            found.append(part["action"])
        for value in part.values():
            _collect(value, found)
    elif isinstance(part, list):
        for value in part:
            _collect(value, found)


def tap(place: Place, label: str) -> list[str]:
    """Tap the first button whose label contains the words; what the bot says to it."""
    action = next(one for one in actions_of(place) if label in one["label"])
    return tap_action(place, action)


def tap_action(place: Place, action: dict[str, Any]) -> list[str]:
    with place.listening() as heard:
        place.city.line.tap(place.person.id, place.chat.id, place.last_message().id, action)
    return heard


def kept(city: City) -> list[Question]:
    with city.app.database.begin() as db:
        return list(db.scalars(select(Question).order_by(Question.id)))


def audited(city: City) -> list[str]:
    with city.app.database.begin() as db:
        return list(db.scalars(select(AuditEntry.what).order_by(AuditEntry.id)))


def is_unknown(said: list[str]) -> bool:
    return said[-1].startswith(phrases.NOT_SAID.removesuffix("。"))


# the way from a question to its answer


def test_an_unanswered_question_is_linked_and_answered_and_taken_back(
    city: City, group: Place, admin: Place
) -> None:
    assert is_unknown(group.says(f"小幫手 {ASKED}？"))
    group.says(f"小幫手 請問{ASKED}")

    (listed,) = admin.says("待補問題")
    assert f"1. {ASKED}" in listed
    assert "企劃室" in listed

    tap(admin, "1 ")
    tap(admin, phrases.CURATION_PATH)
    (done,) = admin.says(PATH)
    assert phrases.CURATION_DONE["link"] in done
    undo = next(one for one in actions_of(admin) if one["label"] == phrases.UNDO)

    assert WORDS in group.says(f"小幫手 {ASKED}")[0]
    assert WORDS in group.says(f"小幫手 請問{ASKED}呢？")[0]

    assert tap_action(admin, undo) == [phrases.CURATION_UNDONE]
    assert is_unknown(group.says(f"小幫手 {ASKED}？"))
    assert ASKED in admin.says("待補問題")[0]
    assert audited(city)[-2:] == ["teach_link", "unteach"]


def test_one_of_the_nearest_clauses_is_linked_with_a_tap(group: Place, admin: Place) -> None:
    group.says(f"小幫手 {ASKED}")
    admin.says("待補問題")
    tap(admin, "1 ")

    (done,) = tap(admin, phrases.CURATION_LINK)

    assert phrases.CURATION_DONE["link"] in done
    assert not is_unknown(group.says(f"小幫手 {ASKED}"))


def test_an_entry_is_written_step_by_step_and_answers_with_its_clauses(
    city: City, group: Place, admin: Place
) -> None:
    group.says(f"小幫手 {ASKED}")
    admin.says("待補問題")
    tap(admin, "1 ")
    assert tap(admin, phrases.CURATION_WRITE) == [phrases.CURATION_ASK_WORDS]
    assert admin.says("好的") == [phrases.CURATION_BAD_WORDS]

    (draft,) = admin.says("餐廳不在計畫裡，動線標示請看這一條。聯絡人A123456789")
    assert "A123456789" not in draft
    assert not any(one["label"] == phrases.CURATION_SAVE for one in actions_of(admin))
    (cited,) = admin.says(PATH)
    assert "已引用 1 條" in cited
    tap(admin, phrases.CURATION_CITE)
    (done,) = tap(admin, phrases.CURATION_SAVE)

    assert phrases.CURATION_DONE["faq"] in done
    said = group.says(f"小幫手 {ASKED}")[0]
    assert "動線標示請看這一條" in said
    assert WORDS in said
    with city.app.database.begin() as db:
        (row,) = db.scalars(select(TeachingRow))
        assert row.clauses[0] == CLAUSE
        assert len(row.clauses) == 2
        assert not db.scalars(
            select(Conversation).where(Conversation.chat_id == admin.chat.id)
        ).all()


def test_what_is_outside_is_not_asked_for_again_and_can_be_taken_back(
    city: City, group: Place, admin: Place
) -> None:
    group.says(f"小幫手 {ASKED}")
    admin.says("待補問題")
    tap(admin, "1 ")
    (done,) = tap(admin, phrases.CURATION_OUTSIDE)
    assert phrases.CURATION_DONE["outside"] in done

    assert is_unknown(group.says(f"小幫手 {ASKED}"))
    assert len(kept(city)) == 1

    assert tap(admin, phrases.UNDO) == [phrases.CURATION_UNDONE]
    assert ASKED in admin.says("待補問題")[0]


def test_passing_over_a_question_takes_it_off_the_list_and_can_be_taken_back(
    city: City, group: Place, admin: Place
) -> None:
    group.says(f"小幫手 {ASKED}")
    admin.says("待補問題")
    tap(admin, "1 ")
    (done,) = tap(admin, phrases.CURATION_SKIP)
    assert phrases.CURATION_SKIPPED in done
    undo = next(one for one in actions_of(admin) if one["label"] == phrases.UNDO)

    assert admin.says("待補問題") == [phrases.CURATION_NONE]
    assert tap_action(admin, undo) == [phrases.CURATION_UNDONE]
    assert tap_action(admin, undo) == [phrases.CURATION_UNDONE_ALREADY]
    assert audited(city)[-2:] == ["skip_question", "reopen_question"]


def test_a_second_tap_changes_nothing(city: City, group: Place, admin: Place) -> None:
    group.says(f"小幫手 {ASKED}")
    admin.says("待補問題")
    tap(admin, "1 ")
    link = next(one for one in actions_of(admin) if one["label"] == phrases.CURATION_LINK)
    tap_action(admin, link)

    assert tap_action(admin, link) == [phrases.CURATION_SETTLED]
    assert audited(city).count("teach_link") == 1


def test_writing_can_be_cancelled_and_is_forgotten_after_a_while(
    city: City, group: Place, admin: Place
) -> None:
    group.says(f"小幫手 {ASKED}")
    admin.says("待補問題")
    tap(admin, "1 ")
    tap(admin, phrases.CURATION_WRITE)
    assert admin.says("取消") == [phrases.CURATION_CANCELLED]

    admin.says("待補問題")
    tap(admin, "1 ")
    tap(admin, phrases.CURATION_WRITE)
    city.clock.goes_on(minutes=16)
    assert admin.says(ANSWERED)[0] != phrases.CURATION_BAD_WORDS
    assert "teach_faq" not in audited(city)


def test_the_list_shows_eight_and_then_the_next(group: Place, admin: Place) -> None:
    for number in "一二三四五六七八九":
        group.says(f"小幫手 員工餐廳{number}號桌幾點開")

    admin.says("待補問題")
    labels = [one["label"] for one in actions_of(admin)]
    assert len(labels) == 9
    assert labels[-1] == phrases.MORE
    (second,) = tap(admin, phrases.MORE)
    assert "9. " in second


def test_another_process_answers_with_it_from_its_next_question_on(
    city: City, group: Place, admin: Place
) -> None:
    other = build(city.app.settings, city.clock, answerer=answer.load(packaged_data(), encoders=()))
    other.answerer.teach([], 0)
    group.says(f"小幫手 {ASKED}")
    admin.says("待補問題")
    tap(admin, "1 ")
    tap(admin, phrases.CURATION_LINK)

    city.worker = other.worker("another")
    said = group.says(f"小幫手 {ASKED}")
    other.close()

    assert not is_unknown(said)
    assert other.answerer.taught_version == 1


def test_an_edited_question_is_on_the_list_once_as_it_reads_now(city: City, group: Place) -> None:
    group.says(f"小幫手 {ASKED}")
    (asked,) = (one for one in city.line.history(group.chat.id) if ASKED in str(one.content)[:80])

    city.line.edit(group.person.id, asked.id, "小幫手 員工餐廳幾點關")
    city.settle()

    assert [one.text for one in kept(city)] == ["員工餐廳幾點關"]


# who may


def test_only_administrators_see_the_list_and_a_refusal_is_noted(
    city: City, group: Place, alone: Place
) -> None:
    group.says(f"小幫手 {ASKED}")

    assert alone.says("待補問題") == [phrases.CURATION_ADMINS_ONLY]
    assert group.says("小幫手 待補問題") == [phrases.CURATION_ADMINS_ONLY]
    assert audited(city)[-2:] == ["refused", "refused"]


def test_in_a_group_an_administrator_is_sent_to_the_one_to_one_chat(
    city: City, group: Place
) -> None:
    city.make_admin(group.person)

    assert group.says("小幫手 待補問題") == [phrases.CURATION_ALONE]


def test_a_tap_on_anothers_button_is_refused(city: City, alone: Place) -> None:
    alone.says("說明")
    action = {"type": "postback", "label": "x", "data": "do=curate&op=outside&q=1"}

    assert tap_action(alone, action) == [phrases.CURATION_ADMINS_ONLY]


@pytest.mark.parametrize(
    "data",
    ["do=curate", "do=curate&op=open", "do=curate&op=open&q=99", "do=curate&op=link&q=x&id=y",
     "do=curate&op=undo&t=99999999999999999999", "do=curate&op=save&q=1", "do=curate&op=drop"],
)  # fmt: skip
def test_a_button_of_long_ago_gets_a_sentence(admin: Place, data: str) -> None:
    admin.says("說明")

    (said,) = tap_action(admin, {"type": "postback", "label": "x", "data": data})

    assert said in (
        phrases.NOT_LONGER_HERE, phrases.CURATION_SETTLED, phrases.CURATION_UNDONE_ALREADY
    )  # fmt: skip


# marks


def marks(city: City) -> list[tuple[str, bool]]:
    with city.app.database.begin() as db:
        return [(one.mark, one.question_id is not None) for one in db.scalars(select(Mark))]


def test_a_good_answer_is_marked_once(city: City, group: Place) -> None:
    group.says(f"小幫手 {ANSWERED}")
    helped = next(one for one in actions_of(group) if one["label"] == phrases.HELPED)

    assert tap_action(group, helped) == [phrases.THANKS_FOR_MARK]
    tap_action(group, helped)

    assert marks(city) == [("helped", False)]
    assert kept(city) == []


def test_a_disliked_answer_goes_on_the_list_with_its_clause(
    city: City, group: Place, admin: Place
) -> None:
    group.says(f"小幫手 {ANSWERED}")
    wrong = next(one for one in actions_of(group) if one["label"] == phrases.WRONG_CLAUSE)
    shown = re.search("id=([^&]+)", wrong["data"])

    assert tap_action(group, wrong) == [phrases.SORRY_MARKED]
    tap_action(group, wrong)

    assert marks(city) == [("wrong_clause", True)]
    (question,) = kept(city)
    assert (question.kind, question.unit) == ("wrong_clause", "企劃室")
    assert shown is not None
    assert question.clause.replace(":", "%3A") == shown[1]
    assert "引錯條文" in admin.says("待補問題")[0]
    (opened,) = tap(admin, "1 ")
    assert phrases.CURATION_SHOWN in opened


def test_a_colleagues_mark_is_kept_without_the_question(
    city: City, group: Place, ming: Person
) -> None:
    group.says(f"小幫手 {ANSWERED}")
    wrong = next(one for one in actions_of(group) if one["label"] == phrases.WRONG)

    assert tap_action(group.seen_by(ming), wrong) == [phrases.THANKS_FOR_MARK]
    tap_action(group.seen_by(ming), wrong)

    assert marks(city) == [("wrong", False)]


# what is not kept


@pytest.mark.parametrize("words", ["A123456789", "😀😀", "你這個白痴", "員工餐廳" * 1250, "？"])
def test_what_asks_nothing_is_answered_in_one_sentence_and_not_kept(
    city: City, alone: Place, words: str
) -> None:
    assert len(alone.says(words)) == 1

    assert kept(city) == []


def test_personal_data_is_neither_in_the_list_nor_in_the_conversation(
    city: City, alone: Place
) -> None:
    alone.says("民眾A123456789問員工餐廳幾點開")
    alone.says(f"民眾A123456789問{ANSWERED}")

    assert kept(city)[0].text == "民眾〔個資〕問員工餐廳幾點開"
    with city.app.database.begin() as db:
        states = [str(one.state) for one in db.scalars(select(Conversation))]
    assert states
    assert not any("A123456789" in state for state in states)


def test_a_question_that_is_taken_back_leaves_the_list(city: City, alone: Place) -> None:
    alone.says(ASKED)
    (asked,) = (one for one in city.line.history(alone.chat.id) if ASKED in str(one.content)[:80])
    assert len(kept(city)) == 1

    city.line.unsend(alone.person.id, asked.id)
    city.settle()

    assert kept(city) == []
