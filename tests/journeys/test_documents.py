"""格式, 成果報告, 總表 匯出: documents as links, for whom they are and for nobody else."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from datetime import UTC, datetime
from io import BytesIO
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
import urllib3

from bot import phrases, phrases_reports
from bot.line.stand_in import Person
from bot.plans.model import RocYear
from bot.store import audit, chats, progress
from bot.store.models import AuditEntry
from tests.journeys.conftest import City, Place, actions_of

UNIT, BUREAU = "三民區第二衛生所", "衛生局"


@pytest.fixture
def office(city: City, ling: Person, ming: Person) -> Place:
    """三民二所's group, bound, seen by the officer, in September of 115."""
    city.clock.now = datetime(2026, 9, 1, 2, tzinfo=UTC)
    place = city.group("三民二所", ling, ming)
    place.bind(UNIT)
    return place


@pytest.fixture
def boss(city: City, office: Place) -> Place:
    """An administrator's one-to-one chat."""
    person = city.line.add_person("陳主任")
    city.make_admin(person)
    return city.alone_with(person)


def links_of(place: Place) -> dict[str, str]:
    """The addresses behind the buttons of the newest message, by label."""
    found = actions_of(place.last_message())
    return {one["label"]: one["uri"] for one in found if one["type"] == "uri"}


def fetch(city: City, address: str) -> tuple[int, Mapping[str, str], bytes]:
    """What a browser gets."""
    parts = urlsplit(address)
    with urllib3.PoolManager() as http:
        answer = http.request("GET", city.line.webhook_url.removesuffix("/callback") + parts.path)
    return answer.status, answer.headers, answer.data


def words_of(document: bytes) -> str:
    with zipfile.ZipFile(BytesIO(document)) as package:
        name = "content.xml" if "content.xml" in package.namelist() else "word/document.xml"
        return package.read(name).decode()


def audited(city: City) -> list[tuple[str, str]]:
    with city.app.database.begin() as db:
        return [(one.what, one.about) for one in db.query(AuditEntry).order_by(AuditEntry.id)]


# 成果報告


def test_the_report_comes_as_two_links_that_hold_what_was_reported(
    city: City, office: Place
) -> None:
    office.says("小幫手 回報 一(三)2.(1) 已完成 辦了2場電話禮貌訓練 60人")
    (said,) = office.says("小幫手 成果報告")
    links = links_of(office)

    assert list(links) == ["ODF 文件 .odt", "Word 文件 .docx"]
    for address in links.values():
        status, headers, body = fetch(city, address)
        assert status == 200
        assert "辦了2場電話禮貌訓練" in words_of(body)
        assert "attachment" in headers["content-disposition"]
    assert f"{UNIT} · 115年度" in said
    assert "已回報：1／" in said
    assert "已完成 1" in said
    assert "連結到9月8日（二）有效" in said


def test_a_link_dies_after_seven_days(city: City, office: Place) -> None:
    office.says("小幫手 成果報告")
    address = links_of(office)["ODF 文件 .odt"]
    city.clock.goes_on(days=7)
    status, _, body = fetch(city, address)

    assert status == 410
    assert body.decode().strip() == phrases_reports.FILE_EXPIRED


def test_the_file_is_named_after_the_unit(office: Place) -> None:
    office.says("小幫手 成果報告")

    address = urlsplit(links_of(office)["ODF 文件 .odt"])
    name = unquote(address.path.rsplit("/", 1)[1])
    assert name == "高雄市三民區第二衛生所115年度提升服務成果報告.odt"
    assert address.query == "openExternalBrowser=1"


def test_making_a_link_is_audited_and_the_link_is_kept_nowhere(city: City, office: Place) -> None:
    office.says("小幫手 成果報告")
    token = links_of(office)["ODF 文件 .odt"].split("/")[-2]

    assert ("issue_file", f"result_report:115:{UNIT}") in audited(city)
    assert all(token not in about for _, about in audited(city))


def test_before_october_the_gaps_are_a_number(office: Place) -> None:
    (said,) = office.says("小幫手 成果報告")

    assert "還缺：" in said
    assert "・肆、" not in said


def test_from_october_on_the_first_gaps_are_named_and_can_be_reported_on(
    city: City, office: Place
) -> None:
    office.says("小幫手 回報 一(一)1.(1) 已完成")
    city.clock.now = datetime(2026, 10, 1, 2, tzinfo=UTC)
    (said,) = office.says("小幫手 成果報告")

    assert "還缺：\n・" in said
    assert "肆、一、(一)1.(2)" in said
    assert "肆、一、(一)1.(1) " not in said
    labels = [one["label"] for one in actions_of(office.last_message())]
    asked = next(one for one in labels if one.startswith("回報"))
    (answered,) = office.tap(asked)
    assert phrases_reports.HOW_FAR in answered


def test_what_is_not_due_yet_is_no_gap(city: City, office: Place) -> None:
    city.clock.now = datetime(2026, 11, 1, 2, tzinfo=UTC)
    (said,) = office.says("小幫手 成果報告")

    assert "成果報告，彙送" not in said


def test_in_january_it_is_the_closing_years(city: City, office: Place) -> None:
    city.clock.now = datetime(2027, 1, 4, 2, tzinfo=UTC)
    (said,) = office.says("小幫手 成果報告")

    assert "115年度" in said
    (said,) = office.says("小幫手 成果報告 116")
    assert "116年度" in said


@pytest.mark.parametrize("year", ["99", "119", "2031"])
def test_a_year_without_a_report_is_named(office: Place, year: str) -> None:
    said = office.says(f"小幫手 成果報告 {year}年度")

    assert said != []
    assert links_of(office) == {}


def test_a_question_about_the_report_is_answered_from_the_plans(office: Place) -> None:
    office.says("小幫手 成果報告什麼時候要交？")

    assert links_of(office) == {}


# for whom


def test_a_group_never_gets_another_units_documents(city: City, office: Place) -> None:
    for asked in ("成果報告 衛生局", "格式 民政局", "總表 匯出 衛生局"):
        (said,) = office.says(f"小幫手 {asked}")
        assert said.startswith("這個群組沒有綁定")
        assert links_of(office) == {}
    assert [one for one in audited(city) if one[0] == "issue_file"] == []


def test_an_administrator_gets_nothing_of_others_in_a_group(
    city: City, office: Place, boss: Place
) -> None:
    city.line.add_member(office.chat.id, boss.person.id)
    seen = office.seen_by(boss.person)

    assert seen.says("小幫手 成果報告 衛生局")[0].startswith("這個群組沒有綁定")
    assert seen.says("小幫手 成果報告 全機關") == [phrases_reports.ALL_ONE_TO_ONE]


def test_who_is_no_administrator_does_not_get_all(city: City, office: Place) -> None:
    assert office.says("小幫手 成果報告 全機關") == [phrases.ADMINS_ONLY]
    assert office.says("小幫手 總表 匯出") == [phrases.ADMINS_ONLY]
    assert ("refused", "export") in audited(city)


def test_without_a_unit_one_is_told_how_to_get_bound(alone: Place) -> None:
    for asked in ("成果報告", "格式"):
        (said,) = alone.says(asked)
        assert said.startswith("要先綁定單位")
        assert "綁定碼請向管理者索取" in said


def test_a_chat_of_several_units_is_asked_which(city: City, office: Place) -> None:
    office.bind("企劃室")
    office.says("小幫手 成果報告 115")
    (said,) = office.tap("企劃室")

    assert "企劃室 · 115年度" in said
    assert len(links_of(office)) == 2


def test_a_tapped_unit_must_still_be_the_chats(city: City, office: Place) -> None:
    office.bind("企劃室")
    office.says("小幫手 格式")
    asked = office.last_message()
    with city.app.database.begin() as db:
        chats.unbind(db, office.chat, "企劃室", by=None, now=city.clock.now)

    assert office.tap("企劃室", card=asked)[0].startswith("這個群組沒有綁定企劃室")


def test_an_administrator_names_any_unit(city: City, office: Place, boss: Place) -> None:
    (said,) = boss.says("成果報告 三民二所 115")

    assert said.startswith(f"{UNIT} · 115年度")
    assert len(links_of(boss)) == 2


def test_an_administrator_gets_all_compiled_and_as_tables(
    city: City, office: Place, group: Place, boss: Place
) -> None:
    office.says("小幫手 回報 一(三)2.(1) 已完成 辦了2場電話禮貌訓練 60人")
    (said,) = boss.says("成果報告 全機關")
    links = links_of(boss)

    assert "已回報：1／2 個單位" in said
    assert "還沒有回報：企劃室" in said
    assert [label.rsplit(".", 1)[1] for label in links] == ["odt", "docx", "xlsx", "ods", "csv"]
    status, _, body = fetch(city, links["ODF 文件 .odt"])
    assert status == 200
    assert "高雄市政府衛生局115年度提升服務成果報告" in words_of(body)
    status, _, body = fetch(city, links["CSV 表 .csv"])
    assert status == 200
    assert "辦了2場電話禮貌訓練" in body.decode("utf-8-sig")


def test_an_administrator_exports_the_tables_alone(boss: Place, office: Place) -> None:
    boss.says("總表 匯出")

    assert list(links_of(boss)) == ["Excel 表 .xlsx", "ODF 表 .ods", "CSV 表 .csv"]


def test_scores_of_the_courtesy_tests_stand_in_the_units_own_report(
    city: City, office: Place
) -> None:
    office.says("小幫手 回報 電話禮貌 第1次 87.5分 缺失：未報姓氏 改善：晨會演練")
    (said,) = office.says("小幫手 成果報告")
    _, _, body = fetch(city, links_of(office)["ODF 文件 .odt"])

    assert "87.5" not in said
    assert "87.5" in words_of(body)
    assert "晨會演練" in words_of(body)


# 格式


def test_in_autumn_the_format_is_the_next_years(city: City, office: Place) -> None:
    (said,) = office.says("小幫手 格式")
    links = links_of(office)

    assert "116年度" in said
    assert "衛生局112年度執行計畫 附錄" in said
    assert "116年3月1日至3月31日" in said
    for address in links.values():
        status, _, body = fetch(city, address)
        assert status == 200
        assert "高雄市三民區第二衛生所116年度提升服務工作計畫" in words_of(body)


def test_in_spring_it_is_this_years_and_any_year_can_be_named(city: City, office: Place) -> None:
    city.clock.now = datetime(2026, 3, 2, 2, tzinfo=UTC)

    assert "115年度" in office.says("小幫手 格式")[0]
    assert "116年度" in office.says("小幫手 格式116")[0]
    assert "116年度" in office.says("小幫手 格式 116年度")[0]
    assert office.says("小幫手 格式 120") == [phrases_reports.format_of_no_year(120, 116)]


def test_a_section_gets_the_plan_of_its_agency(group: Place) -> None:
    (said,) = group.says("小幫手 格式")

    assert "市府提升服務實施計畫 附件2" in said
    assert f"訂定機關：{BUREAU}" in said


def test_a_question_with_the_word_is_still_a_question(office: Place) -> None:
    office.says("小幫手 格式要怎麼填？")

    assert links_of(office) == {}


def test_an_administrator_without_a_unit_is_asked_for_one(boss: Place) -> None:
    assert boss.says("格式") == [phrases_reports.FORMAT_OF_WHICH]


def test_nothing_that_is_withdrawn_is_in_the_report(city: City, office: Place) -> None:
    office.says("小幫手 回報 一(三)2.(1) 已完成 辦了7場說明會")
    office.says("小幫手 撤回")
    office.says("小幫手 成果報告")
    _, _, body = fetch(city, links_of(office)["ODF 文件 .odt"])

    assert "辦了7場說明會" not in words_of(body)
    with city.app.database.begin() as db:
        assert progress.record_of(db, UNIT, RocYear(115)) != []


def test_who_acts_is_a_fingerprint_in_the_log(city: City, office: Place) -> None:
    office.says("小幫手 格式")
    with city.app.database.begin() as db:
        entry = db.query(AuditEntry).filter_by(what="issue_file").one()

    assert entry.who == audit.who(office.person.id)


def test_the_buttons_are_within_lines_limits(office: Place, city: City) -> None:
    city.clock.now = datetime(2026, 12, 1, 2, tzinfo=UTC)
    office.says("小幫手 成果報告")
    found: list[dict[str, Any]] = list(actions_of(office.last_message()))

    assert all(len(one["label"]) <= 20 for one in found)
    assert all(len(one["uri"]) <= 1000 and one["uri"].isascii() for one in found if "uri" in one)


def test_under_an_answer_about_a_form_it_can_be_tapped(office: Place) -> None:
    office.says("小幫手 附錄的格式有哪些章節")
    (said,) = office.tap("拿工作計畫格式檔")
    assert "年度" in said
    assert len(links_of(office)) == 2
