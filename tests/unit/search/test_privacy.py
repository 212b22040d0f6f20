"""Personal data never stays with a question."""

from __future__ import annotations

import pytest

from bot.search import privacy
from bot.search.privacy import MARK

PERSONAL = {
    "national ID": ("民眾A123456789的補件期限是幾天", "民眾〔個資〕的補件期限是幾天"),
    "small letters": ("民眾 a223456789 的補件期限", "民眾 〔個資〕 的補件期限"),
    "full width": ("民眾Ａ１２３４５６７８９的補件期限", "民眾〔個資〕的補件期限"),
    "with hyphens": ("民眾A12345-6789的補件期限是幾天", "民眾〔個資〕的補件期限是幾天"),
    "zero width": ("民眾A1234\u200b56789的補件期限是幾天", "民眾〔個資〕的補件期限是幾天"),
    "new resident number": ("外籍看護A812345678要附什麼文件", "外籍看護〔個資〕要附什麼文件"),
    "old resident number": ("外籍看護AB12345678要附什麼文件", "外籍看護〔個資〕要附什麼文件"),
    "mobile": ("打0912345678通知申請人可以嗎", "打〔個資〕通知申請人可以嗎"),
    "mobile with hyphens": ("打0912-345-678通知申請人可以嗎", "打〔個資〕通知申請人可以嗎"),
    "mobile from abroad": ("打+886 912 345 678 通知申請人可以嗎", "打〔個資〕 通知申請人可以嗎"),
    "land line": ("打(07)335-7000轉接要幾秒內接起", "打〔個資〕轉接要幾秒內接起"),
    "land line, extension": ("打07-3357000分機123多久要接", "打〔個資〕多久要接"),
    "land line, bare": ("打073357000多久要有人接聽", "打〔個資〕多久要有人接聽"),
    "number called telephone": ("電話：3357000響幾聲要接", "〔個資〕響幾聲要接"),
    "e-mail": ("可以寄到wang.ming@mail.gov.tw補件嗎", "可以寄到〔個資〕補件嗎"),
    "birth date": ("生日78年1月23日的長者要怎麼申請輔具", "〔個資〕的長者要怎麼申請輔具"),
    "born": ("民國45年3月2日出生的長輩有優待嗎", "〔個資〕的長輩有優待嗎"),
    "date beside an ID": (
        "A123456789 78/01/23 的申請案要幾天辦完呢請問", "〔個資〕 〔個資〕 的申請案要幾天辦完呢請問"),
    "address": ("高雄市苓雅區四維三路2號6樓的民眾要到宅服務嗎", "〔個資〕的民眾要到宅服務嗎"),
    "address without road": ("12巷3號5樓的民眾可不可以到宅服務", "〔個資〕的民眾可不可以到宅服務"),
    "card": ("用4311-9522-1111-2222繳規費可以嗎請問", "用〔個資〕繳規費可以嗎請問"),
    "card, bare": ("用4311952211112222繳規費可以嗎", "用〔個資〕繳規費可以嗎"),
    "bank account": ("匯到00412345678901的規費怎麼退", "匯到〔個資〕的規費怎麼退"),
}  # fmt: skip


@pytest.mark.parametrize(("words", "kept"), PERSONAL.values(), ids=PERSONAL.keys())
def test_personal_data_is_replaced(words: str, kept: str) -> None:
    assert privacy.redacted(words) == kept


HARMLESS = (
    "115年1月30日前要報什麼",
    "衛生局112 一(三)3.(2)",
    "112到115年度的計畫差在哪",
    "1999是什麼電話",
    "用附件2還是附件3，第4點怎麼填",
    "2026-01-30 到 2026-12-31 有哪些期限",
    "三樓服務台要放什麼",
    "高市衛企字第1123號函是什麼",
    "一路上都沒有指標怎麼辦",
    "110年1月1日生效的計畫",
)


@pytest.mark.parametrize("words", HARMLESS)
def test_dates_paths_and_public_numbers_stay(words: str) -> None:
    assert privacy.redacted(words) == words
    assert privacy.storable(words) == words


@pytest.mark.parametrize(
    "words",
    [
        "A123456789",
        "我的身分證字號是A123456789",
        "王小明 A123456789 0912-345-678",
        "高雄市苓雅區四維三路2號6樓",
        "電話0912345678，地址高雄市三民區建國路12號",
        "",
        "  ",
        "？！",
        "😀😀😀",
        "嗯",
    ],
)
def test_what_is_mostly_personal_data_or_nothing_is_not_kept_at_all(words: str) -> None:
    assert privacy.storable(words) is None


def test_an_offices_own_telephone_may_stand_in_an_entry() -> None:
    words = "請洽企劃室(07)335-7000，四維三路2號2樓；王先生A123456789、0912345678"

    kept = privacy.redacted(words, office=True)

    assert kept == f"請洽企劃室(07)335-7000，四維三路2號2樓；王先生{MARK}、{MARK}"
