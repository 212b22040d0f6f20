"""What staff see, and that LINE takes all of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.line.shapes import (
    BUBBLE_BYTES,
    CAROUSEL_BYTES,
    TEXT_UNITS,
    checked,
    fitted,
    json_bytes,
    shortened,
    split_text,
    to_line,
    units,
    without_mentions,
)
from bot.line.stand_in.rules import validate_faults
from bot.messages import Button, Card, Cards, Does, Message, Text, Tone

SENTENCE = "各申辦業務單位應設置單一窗口，依民眾需求提供全程服務。"


def button(
    label: str = "全文", does: Does = Does.POSTBACK, value: str = "a=x", says: str = ""
) -> Button:
    return Button(label=label, does=does, value=value, says=says)


def card(**more: Any) -> Card:
    given: dict[str, Any] = {
        "kicker": "115年 衛生局工作計畫 · 肆、一、(三)3.(2)",
        "title": "高齡及身心障礙者便利措施",
        "body": SENTENCE,
        "rows": (("負責單位", "企劃室、長期照顧中心"), ("期限", "7月1日至12月31日")),
        "note": "與112年的計畫不同",
        "buttons": (button("全文"), button("下一條"), button("本單位其他工作")),
    }
    return Card(**{**given, **more})


def walk(component: Any) -> Iterator[dict[str, Any]]:
    if isinstance(component, dict):
        yield component
        component = list(component.values())
    if isinstance(component, list):
        for item in component:
            yield from walk(item)


def texts(message: dict[str, Any]) -> list[str]:
    return [part["text"] for part in walk(message["contents"]) if part.get("type") == "text"]


def refused(messages: list[dict[str, Any]]) -> list[dict[str, str]]:
    return validate_faults({"messages": messages})


# drawing


def test_a_text_is_a_text() -> None:
    assert to_line(Text(text="好")) == {"type": "text", "text": "好"}


def test_people_are_called_in_front_of_a_text_with_its_braces_doubled() -> None:
    (shaped,) = checked([to_line(Text(text="今天到期｜{成果}", mentions=("U1", "U2")))])
    assert shaped == {
        "type": "textV2",
        "text": "{officer0} {officer1} 今天到期｜{{成果}}",
        "substitution": {
            "officer0": {"type": "mention", "mentionee": {"type": "user", "userId": "U1"}},
            "officer1": {"type": "mention", "mentionee": {"type": "user", "userId": "U2"}},
        },
    }
    assert not refused([shaped])
    assert without_mentions(shaped) == to_line(Text(text="今天到期｜{成果}"))


def test_at_most_twenty_people_are_called() -> None:
    shaped = to_line(Text(text="今天到期", mentions=tuple(f"U{n}" for n in range(30))))
    assert len(shaped["substitution"]) == 20
    assert not refused([shaped])


@pytest.mark.parametrize("text", [SENTENCE * 500, "{}" * 4_000, "{" * 7_501, ""])
def test_a_long_text_calls_people_in_its_first_part_only(text: str) -> None:
    parts = checked([to_line(Text(text=text, mentions=("U1",), quick=(button(),)))])
    assert [part["type"] for part in parts] == ["textV2", *["text"] * (len(parts) - 1)]
    assert not refused(parts)
    assert "".join(without_mentions(part)["text"] for part in parts) == (text or "…")
    assert "quickReply" in parts[-1]


def test_a_card_shows_everything_from_top_to_bottom() -> None:
    shaped = to_line(card())
    assert texts(shaped) == [
        "115年 衛生局工作計畫 · 肆、一、(三)3.(2)",
        "高齡及身心障礙者便利措施",
        SENTENCE,
        "負責單位",
        "企劃室、長期照顧中心",
        "期限",
        "7月1日至12月31日",
        "與112年的計畫不同",
    ]
    assert shaped["altText"] == card().plain
    assert shaped["contents"]["size"] == "mega"


def test_a_card_leaves_out_what_it_has_not() -> None:
    shaped = to_line(Card(title="只有標題", rows=(("", "x"), ("y", " "))))
    assert texts(shaped) == ["只有標題"]
    assert "footer" not in shaped["contents"]
    assert not refused(checked([shaped]))


def test_every_text_of_a_card_wraps() -> None:
    parts = walk(to_line(card())["contents"])
    assert all(part["wrap"] for part in parts if part.get("type") == "text")


def test_the_tone_is_in_the_band_at_the_top() -> None:
    bands = [to_line(card(tone=tone))["contents"]["header"]["backgroundColor"] for tone in Tone]
    assert len(set(bands)) == 3


def _brightness(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("tone", Tone)
def test_every_text_can_be_read_by_weak_eyes(tone: Tone) -> None:
    shaped = to_line(card(tone=tone))
    for part in walk(shaped["contents"]):
        if part.get("type") == "text":
            assert 1.05 / (_brightness(part["color"]) + 0.05) >= 4.5  # WCAG AA on white
        if part.get("type") == "button":
            letters = _brightness("#111111") + 0.05
            assert (_brightness(part["color"]) + 0.05) / letters >= 4.5


def test_short_buttons_stand_side_by_side_and_long_ones_alone() -> None:
    labels = ["全文", "上一條", "下一條", "更正", "本單位其他工作", "複製全部原文", "看規定"]
    footer = to_line(card(buttons=tuple(button(label) for label in labels)))["contents"]["footer"]
    rows = [
        [one["action"]["label"] for one in row.get("contents", [row])] for row in footer["contents"]
    ]
    assert rows == [
        ["全文", "上一條", "下一條"],
        ["更正"],
        ["本單位其他工作"],
        ["複製全部原文", "看規定"],
    ]


def test_each_kind_of_button_does_what_it_says() -> None:
    buttons = (
        button("一", Does.POSTBACK, "a=1"),
        button("二", Does.POSTBACK, "a=2", says="第二條"),
        button("三", Does.SAY, "小幫手 期限"),
        button("四", Does.OPEN, "https://example.org/b?x=1"),
        button("五", Does.COPY, "條文"),
    )
    shaped = to_line(card(buttons=buttons))
    actions = [part["action"] for part in walk(shaped["contents"]) if part.get("type") == "button"]
    assert actions == [
        {"type": "postback", "label": "一", "data": "a=1"},
        {"type": "postback", "label": "二", "data": "a=2", "displayText": "第二條"},
        {"type": "message", "label": "三", "text": "小幫手 期限"},
        {"type": "uri", "label": "四", "uri": "https://example.org/b?x=1"},
        {"type": "clipboard", "label": "五", "clipboardText": "條文"},
    ]


def test_several_cards_are_a_carousel_of_one_size_and_one_card_is_a_bubble() -> None:
    many = to_line(Cards(cards=(card(), card(title="另一條")), alt="兩條"))
    assert many["altText"] == "兩條"
    assert [bubble["size"] for bubble in many["contents"]["contents"]] == ["mega", "mega"]
    assert to_line(Cards(cards=(card(),), alt="一條"))["contents"]["type"] == "bubble"


def test_quick_replies_are_there_but_none_that_copies() -> None:
    shaped = to_line(Text(text="好", quick=(button("期限"), button("複製", Does.COPY, "x"))))
    labels = [item["action"]["label"] for item in shaped["quickReply"]["items"]]
    assert labels == ["期限"]


def test_drawing_twice_gives_the_same_and_checking_changes_nothing_that_fits() -> None:
    for message in (Text(text="好"), card(quick=(button(),)), Cards(cards=(card(),) * 3, alt="三")):
        assert to_line(message) == to_line(message)
        assert checked([to_line(message)]) == [to_line(message)]


# limits


def test_a_long_text_becomes_several_and_each_ends_with_a_sentence() -> None:
    parts = checked([to_line(Text(text=SENTENCE * 500, quick=(button("期限"),)))])
    assert len(parts) == 3
    assert all(part["text"].endswith("。") and units(part["text"]) <= TEXT_UNITS for part in parts)
    assert "".join(part["text"] for part in parts) == SENTENCE * 500
    assert [("quickReply" in part) for part in parts] == [False, False, True]


def test_a_text_is_rather_cut_between_paragraphs() -> None:
    first = SENTENCE * 130
    assert split_text(first + "\n\n" + SENTENCE * 100) == [first, SENTENCE * 100]


def test_a_text_without_any_end_is_cut_between_characters() -> None:
    parts = split_text("👩‍👩‍👧" * 2000)
    assert all(units(part) <= TEXT_UNITS for part in parts)
    assert all(part.startswith("👩") and part.endswith("👧") for part in parts)


def test_too_much_for_five_messages_ends_with_a_mark() -> None:
    parts = checked([to_line(Text(text=SENTENCE * 2000))])
    assert len(parts) == 5
    assert parts[-1]["text"].endswith("…")
    assert not refused(parts)


def test_nothing_to_say_is_no_message() -> None:
    assert checked([to_line(Text(text=" \n "))]) == []
    assert checked([]) == []


def test_a_body_of_a_thousand_characters_is_shown_whole() -> None:
    body = SENTENCE * 40
    assert body in texts(checked([to_line(card(body=body))])[0])


def test_a_body_too_long_for_a_card_is_shortened_and_says_so() -> None:
    parts = checked([to_line(card(body=SENTENCE * 400))])
    assert json_bytes(parts[0]["contents"]) <= BUBBLE_BYTES
    body = texts(parts[0])[2]
    assert body.endswith("…")
    assert len(body) > 3000
    assert texts(parts[0])[-1] == "與112年的計畫不同"


def test_a_card_with_far_too_many_rows_and_buttons_still_goes_out() -> None:
    parts = checked([to_line(card(rows=(("單位", SENTENCE),) * 200, buttons=(button(),) * 300))])
    assert json_bytes(parts[0]["contents"]) <= BUBBLE_BYTES
    assert not refused(parts)


def test_a_carousel_that_is_too_large_becomes_several() -> None:
    parts = checked([to_line(Cards(cards=(card(body=SENTENCE * 20),) * 12, alt="十二條"))])
    assert sum(len(part["contents"].get("contents", [1])) for part in parts) == 12
    assert len(parts) > 1
    assert all(json_bytes(part["contents"]) <= CAROUSEL_BYTES for part in parts)


def test_more_than_twelve_cards_become_two_carousels() -> None:
    parts = checked([to_line(Cards(cards=(Card(title="一"),) * 14, alt="十四條"))])
    assert [len(part["contents"]["contents"]) for part in parts] == [12, 2]


def test_a_long_notification_is_shortened() -> None:
    parts = checked([to_line(card(alt="字" * 3000))])
    assert units(parts[0]["altText"]) == 1500
    assert parts[0]["altText"].endswith("…")


def test_only_thirteen_quick_replies_fit_and_their_labels_are_short() -> None:
    quick = tuple(button("很長的標籤" * 5 + str(n), value=f"n={n}") for n in range(20))
    items = checked([to_line(Text(text="好", quick=quick))])[0]["quickReply"]["items"]
    assert len(items) == 13
    assert all(len(item["action"]["label"]) == 20 for item in items)


def test_the_quick_replies_of_all_messages_are_on_the_last_one() -> None:
    parts = checked(
        [
            to_line(Text(text="一", quick=(button("甲"), button("乙")))),
            to_line(Text(text="二", quick=(button("乙"), button("丙")))),
            to_line(Text(text="三")),
        ]
    )
    assert ["quickReply" in part for part in parts] == [False, False, True]
    labels = [item["action"]["label"] for item in parts[-1]["quickReply"]["items"]]
    assert labels == ["甲", "乙", "丙"]


@pytest.mark.parametrize(
    "bad",
    [
        button("", value="a=1"),
        button(value=""),
        button(value="x" * 301),
        button(does=Does.SAY, value="字" * 301),
        button(does=Does.OPEN, value="javascript:alert(1)"),
        button(does=Does.OPEN, value="https://example.org/" + "x" * 1000),
        button(does=Does.OPEN, value="https://例.tw/看板"),
        button(does=Does.COPY, value=""),
    ],
)
def test_a_button_that_line_would_refuse_is_left_out_and_the_rest_arrives(bad: Button) -> None:
    parts = checked([to_line(card(buttons=(bad, button("全文")), quick=(bad,)))])
    labels = [p["action"]["label"] for p in walk(parts[0]["contents"]) if p.get("type") == "button"]
    assert labels == ["全文"]
    assert "quickReply" not in parts[0]
    alone = checked([to_line(card(buttons=(bad,)))])
    assert "footer" not in alone[0]["contents"]
    assert not refused(parts + alone)


def test_what_a_button_says_and_copies_is_shortened() -> None:
    buttons = (button(says="字" * 400), button("複製", Does.COPY, "字" * 2000))
    parts = checked([to_line(card(buttons=buttons))])
    actions = [p["action"] for p in walk(parts[0]["contents"]) if p.get("type") == "button"]
    assert units(actions[0]["displayText"]) == 300
    assert units(actions[1]["clipboardText"]) == 1000
    assert not refused(parts)


def test_characters_that_cannot_be_stored_are_replaced() -> None:
    parts = checked([to_line(Text(text="壞\ud83d字\0\ud83d\ude00"))])
    assert parts[0]["text"] == "壞�字😀"
    assert parts[0]["text"].encode()


def test_the_parts_of_one_message_stay_together() -> None:
    assert len(fitted(to_line(Text(text=SENTENCE * 500)))) == 3
    assert len(fitted(to_line(card()))) == 1


def test_shortening_counts_as_line_does() -> None:
    assert shortened("😀😀😀", 6) == "😀😀😀"
    assert shortened("😀😀😀", 5) == "😀😀…"
    assert shortened("😀😀😀", 4) == "😀…"


WORDS = st.text(
    alphabet=st.one_of(
        st.sampled_from(list("提升服務計畫，。\n 1a(三)")),
        st.characters(),
        st.sampled_from(list("😀\u200d\u0301\u200b\u202e\0")),
    ),
    max_size=40,
)
LONG_WORDS = st.builds(lambda text, times: text * times, WORDS, st.sampled_from([1, 1, 1, 40, 400]))
BUTTONS = st.builds(
    Button,
    label=WORDS,
    does=st.sampled_from(Does),
    value=st.one_of(LONG_WORDS, st.just("a=1"), st.just("https://example.org/x")),
    says=WORDS,
)
QUICK = st.lists(BUTTONS, max_size=16).map(tuple)
CARDS = st.builds(
    Card,
    title=WORDS,
    kicker=WORDS,
    body=LONG_WORDS,
    rows=st.lists(st.tuples(WORDS, LONG_WORDS), max_size=6).map(tuple),
    note=WORDS,
    buttons=st.lists(BUTTONS, max_size=6).map(tuple),
    tone=st.sampled_from(Tone),
    quick=QUICK,
)
MESSAGES: st.SearchStrategy[Message] = st.one_of(
    st.builds(Text, text=LONG_WORDS, quick=QUICK),
    CARDS,
    st.builds(Cards, cards=st.lists(CARDS, min_size=1, max_size=4).map(tuple), alt=WORDS),
)


@settings(
    max_examples=40,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)
@given(messages=st.lists(MESSAGES, min_size=1, max_size=6))
def test_line_takes_whatever_planbot_says(messages: list[Message]) -> None:
    parts = checked([to_line(message) for message in messages])
    assert len(parts) <= 5
    if parts:
        assert not refused(parts)
