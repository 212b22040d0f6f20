"""What stands in a result report, whatever its format."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest

from bot.documents.facts import Part
from bot.documents.model import Document, Gallery, Heading, Paragraph, Table, Tone
from bot.documents.result_report import compose_agency
from bot.documents.template import SectionKind, WithoutReport
from bot.plans.duties import plan_of
from bot.plans.progress import Entry, ItemKind, ProgressStatus, Review, Verdict
from tests import played_year as played
from tests.played_year import COURTESY, DESK, EVIDENCE, PLAYED, TRAINING, composed, report


def headings(document: Document) -> list[str]:
    """All headings, each after a blank a level."""
    return [
        " " * (block.level - 1) + block.text
        for section in document.sections
        for block in section.blocks
        if isinstance(block, Heading)
    ]


def tables(document: Document, first: str) -> list[Table]:
    """The tables whose first column bears a name."""
    return [
        block
        for section in document.sections
        for block in section.blocks
        if isinstance(block, Table) and block.columns[0].heading == first
    ]


def rows(table: Table) -> list[tuple[str, ...]]:
    """The words of a table."""
    return [tuple(cell.text for cell in row) for row in table.rows]


def results(document: Document) -> Table:
    """The table of results; the one of the summary has numbers only."""
    return next(one for one in tables(document, "工作要項") if one.columns[1].heading == "工作重點")


def result_row(document: Document, clause: str) -> tuple[str, ...]:
    """The row of the table of results whose clause begins so."""
    table = results(document)
    return next(row for row in rows(table) if clause in row[1])


def paragraphs(document: Document) -> Iterator[str]:
    """All paragraphs outside of tables."""
    for section in document.sections:
        for block in section.blocks:
            if isinstance(block, Paragraph):
                yield block.text


def test_it_has_the_sections_of_the_template_in_order() -> None:
    made = composed(PLAYED, courtesy=COURTESY, evidence=EVIDENCE)

    assert made.title == "高雄市三民區第二衛生所115年度提升服務成果報告"
    assert headings(made) == [
        "壹、依據",
        "貳、目標",
        "參、實施對象",
        "執行概況",
        "肆、執行成果",
        "伍、推動及管考",
        " 一、作業期程辦理情形",
        " 二、電話服務品質及禮貌測試",
        " 三、不定期查訪暨輔導",
        "陸、檢討與策進",
        " 一、落後項目",
        "附件",
        " 一、佐證照片",
        " 二、佐證檔案",
        "數據來源",
    ]


def test_the_first_sections_are_the_plans_own_words() -> None:
    said = list(paragraphs(composed()))

    assert said[:5] == [
        "高雄市政府提升服務實施計畫及高雄市政府衛生局提升服務執行計畫辦理。",
        "一、便捷服務遞送，確保效能與公平並重，發展適性的正確服務。",
        "二、擴大社會參與，重視服務對象意見回饋，提供有感的優質服務。",
        "三、開放政府治理，建立透明互信的合作環境，帶動創新的加值服務。",
        "本所全體同仁。",
    ]


def test_a_section_of_the_plan_that_is_one_clause_is_taken_too() -> None:
    said = list(paragraphs(composed(name="衛生局")))

    assert said[0] == "高雄市政府提升服務實施計畫辦理。"
    assert said[4] == "本局各單位暨所屬醫院及衛生所。"


def test_each_report_is_a_line_and_each_figure_names_its_reports() -> None:
    row = result_row(composed(PLAYED, evidence=EVIDENCE), "積極參與衛生局辦理")

    assert row[1:] == (
        (
            "2.提升服務人員專業能力\n(1)積極參與衛生局辦理各類專業知能之服務訓練，提升人員專業能力，"
            "培養服務親切主動性，強化服務深度。"
        ),
        "各組室",
        "進行中（50%）\n3月12日：辦了2場電話禮貌訓練（#1）\n5月4日：又辦1場（#2）",
        "3場（#1、#2）\n60人（#1）",
        "圖1\n圖2",
    )


def test_a_report_without_words_has_no_line_and_the_latest_ones_number_is_at_the_status() -> None:
    record = [
        report(1, quantities=(played.quantity("25", "件"),)),
        report(2, percent=60),
        report(3, status=ProgressStatus.DONE, percent=100),
    ]
    row = result_row(composed(record), "積極參與衛生局辦理")

    assert row[3:5] == ("已完成（#3）", "25件（#1）")


def test_what_is_no_longer_so_and_has_no_words_is_not_told() -> None:
    record = [
        report(1, status=ProgressStatus.NOT_STARTED, percent=0),
        report(2, status=ProgressStatus.BEHIND, percent=10, reason="專員出缺", remedy="補實"),
        report(3, note="已補實開辦", status=ProgressStatus.DONE, percent=100),
    ]
    row = result_row(composed(record), "積極參與衛生局辦理")

    assert row[3].splitlines() == ["已完成", "3月15日：已補實開辦（#3）"]


def test_what_still_is_behind_says_why_and_what_is_done_about_it() -> None:
    behind = report(
        2, note="尚缺一場。", status=ProgressStatus.BEHIND, reason="專員出缺", remedy="補實"
    )
    row = result_row(composed([behind]), "積極參與衛生局辦理")

    assert row[3].splitlines() == [
        "落後（50%）",
        "3月15日：尚缺一場；落後原因：專員出缺；因應對策：補實（#2）",
    ]


def test_the_same_words_are_told_once_with_both_numbers() -> None:
    record = [
        report(1, note="綠化工程設計中"),
        report(2, note="綠化工程 設計中。", on=date(2026, 5, 4)),
    ]
    row = result_row(composed(record), "積極參與衛生局辦理")

    assert row[3].splitlines() == ["進行中（50%）", "3月15日：綠化工程設計中（#1、#2）"]


def test_numbers_of_reports_are_small_and_faint() -> None:
    table = results(composed(PLAYED))
    runs = [
        run
        for row in table.rows
        for cell in row
        for one in cell.paragraphs
        for run in one.runs
        if "#" in run.text
    ]

    assert [run.text for run in runs][:2] == ["（#1）", "（#2）"]
    assert {run.tone for run in runs} == {Tone.SOURCE}


def test_a_day_of_another_year_bears_its_year() -> None:
    row = result_row(composed([report(1, note="補報", on=date(2027, 1, 5))]), "積極參與衛生局")

    assert "116年1月5日：補報（#1）" in row[3]


def test_a_clause_without_a_report_says_so_faintly_in_a_low_row() -> None:
    table = results(composed())

    cell = table.rows[0][3]
    assert cell.text == "（尚無回報）"
    assert cell.paragraphs[0].runs[0].tone is Tone.FAINT
    assert all(one.paragraphs[-1].small for one in table.rows[0][1:4])


def test_what_was_withdrawn_is_nowhere() -> None:
    gone = report(2, note="報錯了", id=9, entry=Entry.WITHDRAWAL)
    made = composed([*PLAYED[:2], gone], evidence=EVIDENCE)

    assert "#2" not in str(made)
    assert "報錯了" not in str(made)
    assert "訓練實況" not in str(made)


def test_a_correction_takes_the_place_of_what_was_said() -> None:
    mended = report(1, note="辦了3場", id=9, entry=Entry.CORRECTION)
    row = result_row(composed([PLAYED[0], mended]), "積極參與衛生局辦理")

    assert row[3].splitlines()[1:] == ["3月15日：辦了3場（#1）"]


def test_chapters_are_merged_and_said_again_after_some_rows() -> None:
    table = results(composed())
    spans = [row[0].rows for row in table.rows]

    assert sum(spans) == len(table.rows)
    assert max(spans) == played.layout().repeat_after
    for at, span in enumerate(spans):
        assert spans[at + 1 : at + span] == [0] * (span - 1 if span else 0)
    assert table.rows[1][0].text == (
        "一、完備基礎服務項目，注重服務特性差異性\n(一)建立業務標準作業流程，維持服務措施處理一致性；"
        "確保資訊提供、問題回應或申辦案件處理的正確性，並適時檢討改進流程與作業方式。"
    )


def test_headings_without_a_number_stand_as_they_are() -> None:
    table = results(composed())

    assert rows(table)[0][0] == (
        "訂定「提升服務工作計畫」\n訂定機關年度提升服務工作計畫，具體規劃為民服務工作。"
    )


def test_a_unit_that_the_plans_source_lost_is_left_empty_with_one_note() -> None:
    made = composed()

    assert result_row(made, "採用自然人憑證")[2] == ""
    assert list(paragraphs(made)).count("註：業務單位空白者，計畫原文未載明。") == 1


def test_a_heading_that_is_said_again_is_cut_short() -> None:
    first, again = [
        row[0].text
        for row in results(composed()).rows
        if row[0].rows and "(一)建立業務標準" in row[0].text
    ][:2]

    assert first.endswith("並適時檢討改進流程與作業方式。")
    assert again == "一、完備基礎服務項目，注重服務特性差異性\n(一)建立業務標準作業流程…（續）"


@pytest.mark.parametrize("name", ["三民區第二衛生所", "長青綜合服務中心", "衛生局", "研考會"])
def test_every_clause_of_a_unit_stands_in_it_word_for_word(name: str) -> None:
    table = results(composed(name=name))
    said = [row[1] for row in rows(table)]

    clauses = [one for one in played.items(name) if one.kind is ItemKind.CLAUSE]
    assert len(said) == len(clauses)
    assert all(item.text in row for item, row in zip(clauses, said, strict=True))


def test_items_without_a_report_can_be_left_out() -> None:
    brief = replace(played.layout(), without_report=WithoutReport.ONLY_REPORTED)

    assert len(results(composed(PLAYED, template=brief)).rows) == 3


def test_items_without_a_report_are_listed_where_an_agency_wants_it() -> None:
    wanted = replace(played.layout(), lists_missing=True)
    made = composed(PLAYED, template=wanted)

    assert " 二、尚無回報項目" in headings(made)
    (listed,) = [one for one in tables(made, "條號") if len(one.columns) == 3]
    said = next(one for one in paragraphs(made) if one.startswith("本年度應辦"))
    assert f"尚有{len(listed.rows)}項未回報" in said
    assert not any("尚無回報項目" in one for one in headings(composed(PLAYED)))


def test_a_unit_that_never_reported_has_a_report_all_the_same() -> None:
    brief = replace(played.layout(), without_report=WithoutReport.ONLY_REPORTED)

    assert "（尚無回報）" in list(paragraphs(composed(template=brief)))


def test_the_summary_counts_what_is_asked_and_says_how_much_is_missing() -> None:
    made = composed(PLAYED, courtesy=COURTESY, evidence=EVIDENCE)

    assert (
        "本年度應辦102項，截至116年1月8日止，已完成1項、進行中1項、落後1項；尚有99項未回報。"
        "執行情形依5筆回報彙整，附佐證照片2張、檔案1件。"
        "電話服務品質及禮貌測試：第1次84.5分。" in list(paragraphs(made))
    )


def test_nothing_missing_is_not_spoken_of() -> None:
    everything = [
        report(number, item.id, status=ProgressStatus.DONE, percent=100)
        for number, item in enumerate(played.items(), 1)
    ]
    made = composed(everything)

    assert "本年度應辦102項，截至116年1月8日止，已完成102項。" in next(
        one for one in paragraphs(made) if one.startswith("本年度應辦")
    )
    assert "回報" not in str([one.heading for one in tables(made, "工作要項")[0].columns])


def test_the_counts_by_chapter_come_to_the_whole() -> None:
    """No item is counted twice: what has no report is neither behind nor not begun."""
    by_chapter, *_ = tables(composed(PLAYED), "工作要項")
    counted = [tuple(map(int, row[1:])) for row in rows(by_chapter)]

    assert all(every == sum(others) for every, *others in counted)
    progress = played.progress(PLAYED)
    assert sum(row[-1] for row in counted) == len(progress.missing)


def test_without_a_summary_the_counts_stand_under_routine_checks() -> None:
    packaged = played.layout()
    others = tuple(one for one in packaged.sections if one.kind is not SectionKind.SUMMARY)
    made = composed(PLAYED, template=replace(packaged, sections=others))

    assert " 一、平時查核" in headings(made)
    assert any(one.startswith("本年度應辦102項") for one in paragraphs(made))


def test_the_schedule_shows_what_was_done_and_what_is_not_due_yet() -> None:
    (table,) = tables(composed([*PLAYED], evidence=[photo_of(5)]), "作業項目")
    by_state = [row[1:] for row in rows(table)]

    assert by_state == [
        ("115年1月30日", "（尚無回報）", ""),
        ("115年11月30日", "已完成", "3月15日：10月14日受訪，建議增設指標（#5）〔圖1〕"),
        ("116年1月31日", "期限未到", ""),
    ]


def photo_of(root: int) -> played.Evidence:
    """A picture of a report."""
    return played.photo(root, 1)


def test_both_courtesy_tests_stand_in_it_the_one_without_a_result_too() -> None:
    (table,) = tables(composed(courtesy=COURTESY), "測試")

    assert rows(table) == [
        ("第1次", "115年4月21日", "84.5分", "未報姓氏", "晨會演練應答"),
        ("第2次", "（尚無結果）", "", "", ""),
    ]


def test_what_is_behind_has_its_reason_and_remedy() -> None:
    behind, *_ = tables(composed(PLAYED), "條號")

    assert [row[2:] for row in rows(behind)] == [
        ("落後（40%）（#4）", "專員出缺", "10月底前補實"),
    ]


def test_what_was_returned_is_shown_with_the_remark_where_an_agency_wants_it() -> None:
    returned = Review(verdict=Verdict.RETURNED, remark="請補人數", at=PLAYED[0].at)
    record = [report(7, DESK, "輪值", review=returned)]
    made = composed(record, template=replace(played.layout(), lists_returned=True))

    assert "請補人數" not in str(composed(record).sections[:-1])
    (table,) = [one for one in tables(made, "編號") if one.columns[-1].heading == "退回意見"]
    assert rows(table)[0][0] == "#7"
    assert rows(table)[0][3] == "請補人數"


def test_pictures_and_files_are_numbered_in_the_order_of_the_items() -> None:
    made = composed(PLAYED, evidence=EVIDENCE)
    (gallery,) = [
        block for section in made.sections for block in section.blocks if isinstance(block, Gallery)
    ]
    (files,) = [one for one in tables(made, "編號") if one.columns[1].heading == "檔名"]

    assert [(one.label, one.caption) for one in gallery.pictures] == [
        ("圖1", "積極參與衛生局辦理各類專業知能之服務訓練…（肆、一、(一)2.(1)，#1）"),
        ("圖2", "訓練實況（肆、一、(一)2.(1)，#2）"),
    ]
    assert rows(files) == [
        ("附件1", "簽到表.pdf", "338 KB", "9f86d081884c", "肆、一、(一)2.(3)", "#3")
    ]


def test_without_evidence_the_annex_says_so() -> None:
    assert "本年度沒有佐證照片或檔案。" in list(paragraphs(composed(PLAYED)))


def test_every_report_is_among_the_sources_by_its_number() -> None:
    made = composed(PLAYED)
    (sources,) = [one for one in tables(made, "編號") if len(one.columns) == 5]

    assert [row[0] for row in rows(sources)] == ["#1", "#2", "#3", "#4", "#5"]
    assert rows(sources)[0][1:] == (
        "3月12日",
        "肆、一、(一)2.(1)",
        "積極參與衛生局辦理各類專業知能之服務訓練…",
        "2場、60人",
    )
    assert sources.dense
    assert "王小明" not in str(made.sections)


def test_who_reported_is_named_where_an_agency_wants_it() -> None:
    made = composed(PLAYED, template=replace(played.layout(), names=True))
    (sources,) = [one for one in tables(made, "編號") if len(one.columns) == 6]

    assert sources.columns[-1].heading == "回報人"
    assert rows(sources)[0][-1] == "王小明"


def test_several_pictures_of_a_report_share_a_number_and_a_caption() -> None:
    shown = [played.photo(1, number, "訓練實況") for number in (10, 11, 12)]
    made = composed(PLAYED, evidence=[*shown, played.photo(2, 13, "第二場")])
    (gallery,) = [
        block for section in made.sections for block in section.blocks if isinstance(block, Gallery)
    ]

    assert [(one.label, one.caption[:4]) for one in gallery.pictures] == [
        ("圖1-1", "訓練實況"),
        ("圖1-2", ""),
        ("圖1-3", ""),
        ("圖2", "第二場（"),
    ]
    assert result_row(made, "積極參與衛生局辦理")[5] == "圖1-1～3\n圖2"


def test_every_number_in_it_is_a_source() -> None:
    """No line and no figure has a number that is not among the sources."""
    made = composed(PLAYED, evidence=EVIDENCE)
    table = results(made)
    named = {
        word.strip("（）#")
        for row in rows(table)
        for cell in row[3:5]
        for word in cell.replace("、", " ").replace("（", " （").split()
        if "#" in word
    }

    assert named == {"1", "2", "3", "4"}


def test_the_compiled_report_has_each_unit_in_each_section() -> None:
    bureau = played.unit("衛生局")
    parts = [
        Part(
            progress=played.progress(PLAYED if name == played.OFFICE else (), name),
            plan=plan_of(played.plans(), played.unit(name), (played.YEAR,)),
        )
        for name in (played.OFFICE, "衛生局")
    ]
    made = compose_agency(
        bureau,
        played.YEAR,
        plan=plan_of(played.plans(), bureau, (played.YEAR,)),
        corpus=played.plans(),
        parts=parts,
        template=played.layout(),
        made_on=played.JANUARY,
    )

    assert made.title == "高雄市政府衛生局115年度提升服務成果報告（彙整）"
    assert headings(made)[0] == "各單位辦理情形"
    assert headings(made)[4:7] == [
        "肆、執行成果",
        " 一、高雄市三民區第二衛生所",
        " 二、高雄市政府衛生局",
    ]
    assert "  (一)平時查核" in headings(made)
    (overview,) = tables(made, "單位")
    assert rows(overview)[0] == (
        "三民區第二衛生所", "102", "1", "1", "1", "0", "99", "1%", "5月4日",
    )  # fmt: skip
    sources = [one for one in tables(made, "編號") if one.columns[1].heading == "單位"]
    assert rows(sources[0])[0][1] == played.OFFICE


def test_the_training_clause_is_where_these_tests_think() -> None:
    assert played.plans().nodes[TRAINING].path == "肆、一、(一)2.(1)"
