from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.errors import DataError
from bot.search import evaluation
from bot.search.answer import Answer, Answerer
from handlers.answers import as_reply
from tests.unit.search.helpers import ask


def questions(tmp_path: Path, *rows: dict[str, object]) -> list[evaluation.Question]:
    file = tmp_path / "q.jsonl"
    file.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    return evaluation.read(file)


def measured(answerer: Answerer, asked: list[evaluation.Question]) -> evaluation.Report:
    def one(question: str, unit: str | None) -> tuple[Answer, str]:
        found = ask(answerer, question, unit)
        return found, as_reply(found, answerer.corpus).plain

    sources = {plan.id: plan.source[:3] for plan in answerer.corpus.plans.values()}
    return evaluation.measure(asked, one, sources)


def test_it_counts_hits_refusals_and_required_words(by_words: Answerer, tmp_path: Path) -> None:
    report = measured(
        by_words,
        questions(
            tmp_path,
            {"id": "1", "q": "登革熱快訊電子報", "unit": "衛生局", "kind": "clause",
             "gold": ["khh-doh-112:4.1.4.a.1.1"], "must": ["區域防疫體系"]},
            {"id": "2", "q": "登革熱快訊電子報", "unit": "衛生局", "kind": "clause",
             "gold": [{"doc": "004", "snippet": "沒有這個片段在裡面喔喔喔"}], "must": ["不在裡面"]},
            {"id": "3", "q": "你好", "unit": None, "kind": "unknown", "gold": [], "must": []},
        ),
    )  # fmt: skip
    figures = report.figures()
    assert figures["top1"] == 0.5
    assert figures["must"] == 0.5
    assert figures["wrong_answers"] == 1.0
    assert [one.question.id for one in report.misses()] == ["2", "3"]


def test_a_snippet_is_compared_without_marks_and_spaces(by_words: Answerer, tmp_path: Path) -> None:
    gold = [{"doc": "003", "snippet": "（1）推動「登革熱快訊，電子報"}]
    row = {"id": "1", "q": "登革熱快訊電子報", "unit": "衛生局", "kind": "clause", "gold": gold}
    assert measured(by_words, questions(tmp_path, row)).top(1) == 1.0


def test_a_broken_line_names_file_and_line(tmp_path: Path) -> None:
    file = tmp_path / "q.jsonl"
    file.write_text('{"id": "1"}\n', encoding="utf-8")
    with pytest.raises(DataError, match=r"q\.jsonl:1"):
        evaluation.read(file)
