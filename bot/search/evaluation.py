"""Measures answers against a file of questions, as the question files' own README counts.

A question names what answers it by document and snippet, or by clause id; both are understood.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.errors import DataError
from bot.search.answer import Answer, Kind

Ask = Callable[[str, str | None], tuple[Answer, str]]
"""Question and asker to the answer and the words that the chat would show."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A question with what answers it; `gold` are (plan source or clause id, snippet) pairs."""

    id: str
    q: str
    unit: str | None
    kind: str
    gold: tuple[tuple[str, str], ...]
    must: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Marked:
    """A question with how its answer did; ranks count from one, 0 is no hit."""

    question: Question
    answer: Answer
    rank: int
    musts: bool
    both: bool
    share: float


@dataclass(slots=True)
class Report:
    """The figures over some questions."""

    marked: list[Marked] = field(default_factory=list)

    @property
    def answerable(self) -> list[Marked]:
        """Those that the plans answer."""
        return [one for one in self.marked if one.question.kind != "unknown"]

    def top(self, depth: int) -> float:
        """The share of answerable questions with a hit among the first `depth` passages."""
        return _share(0 < one.rank <= depth for one in self.answerable)

    @property
    def mrr(self) -> float:
        """The mean of one through the rank of the first hit."""
        ranks = [1 / one.rank if one.rank else 0.0 for one in self.answerable]
        return sum(ranks) / max(len(ranks), 1)

    @property
    def must(self) -> float:
        """The share of questions with required words whose answer shows all of them."""
        return _share(one.musts for one in self.answerable if one.question.must)

    @property
    def wrong_refusals(self) -> float:
        """The share of answerable questions that were refused."""
        return _share(_refused(one) for one in self.answerable)

    @property
    def wrong_answers(self) -> float:
        """The share of unanswerable questions that were answered."""
        unknown = [one for one in self.marked if one.question.kind == "unknown"]
        return _share(not _refused(one) for one in unknown)

    @property
    def unknown_f1(self) -> float:
        """F1 of `unknown` against the unanswerable questions."""
        refused = [one for one in self.marked if _refused(one)]
        right = sum(one.question.kind == "unknown" for one in refused)
        unknown = sum(one.question.kind == "unknown" for one in self.marked)
        return 2 * right / max(len(refused) + unknown, 1)

    def figures(self) -> dict[str, float]:
        """All figures by name."""
        compare = [one for one in self.marked if one.question.kind == "compare"]
        lists = [one for one in self.marked if one.question.kind == "list"]
        times = sorted(one.answer.took_ms for one in self.marked)
        return {
            "questions": len(self.marked),
            "top1": self.top(1),
            "hit3": self.top(3),
            "mrr5": self.mrr,
            "must": self.must,
            "unknown_f1": self.unknown_f1,
            "wrong_refusals": self.wrong_refusals,
            "wrong_answers": self.wrong_answers,
            "both_plans": _share(one.both for one in compare),
            "list_share": sum(one.share for one in lists) / max(len(lists), 1),
            "p50_ms": times[len(times) // 2] if times else 0.0,
            "p95_ms": times[int(len(times) * 0.95)] if times else 0.0,
        }

    def by_kind(self) -> dict[str, Report]:
        """A report for each kind of question."""
        kinds: dict[str, Report] = {}
        for one in self.marked:
            kinds.setdefault(one.question.kind, Report()).marked.append(one)
        return kinds

    def misses(self) -> list[Marked]:
        """Wrong first passages, wrong refusals and wrong answers."""
        return [
            one
            for one in self.marked
            if (one.question.kind == "unknown") != _refused(one)
            or (one.question.kind != "unknown" and one.rank != 1)
        ]


def read(file: Path) -> list[Question]:
    """The questions of a file of JSON lines.

    Raises:
        DataError: a line is no question.
    """
    questions = []
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1):
        if not line.strip():
            continue
        try:
            questions.append(_question(json.loads(line)))
        except (ValueError, KeyError, TypeError, AttributeError) as exc:
            raise DataError(
                file, number, f"no question ({exc})", "a JSON object with id, q, kind, gold"
            ) from exc
    return questions


def measure(questions: Iterable[Question], ask: Ask, sources: Mapping[str, str]) -> Report:
    """Asks every question and marks the answers.

    Args:
        ask: answers a question.
        sources: for each plan id the number that its source document begins with.
    """
    return Report(
        [_mark(question, *ask(question.q, question.unit), sources) for question in questions]
    )


def _mark(question: Question, answer: Answer, text: str, sources: Mapping[str, str]) -> Marked:
    hits = [_hits(passage.node.id, passage.text, passage.plan.id, question, sources)
            for passage in answer.passages]  # fmt: skip
    rank = next((place for place, hit in enumerate(hits, start=1) if hit), 0)
    met = {gold for hit in hits for gold in hit}
    return Marked(
        question=question,
        answer=answer,
        rank=rank,
        musts=all(_says(text, must) for must in question.must),
        both={doc for doc, _ in question.gold} == {doc for doc, _ in met},
        share=len({words for _, words in met}) / max(min(5, len({w for _, w in question.gold})), 1),
    )


def _hits(
    node_id: str, text: str, plan_id: str, question: Question, sources: Mapping[str, str]
) -> list[tuple[str, str]]:
    """The gold entries that a passage meets. A snippet may be met in any document."""
    said = plain(text)
    return [
        (doc, words)
        for doc, words in question.gold
        if (doc == node_id if not words else words in said)
        or (words and sources.get(plan_id) == doc and words in said)
    ]


def plain(text: str) -> str:
    """Letters and digits only, NFKC, small: what the question files compare."""
    return "".join(one for one in unicodedata.normalize("NFKC", text).lower() if one.isalnum())


def _says(text: str, must: str) -> bool:
    said = re.sub(r"\s+", "", text)
    return any(re.sub(r"\s+", "", either) in said for either in must.split("|"))


def _question(row: Mapping[str, Any]) -> Question:
    gold = tuple(
        (one, "") if isinstance(one, str) else (str(one["doc"]), plain(one["snippet"]))
        for one in row["gold"]
    )
    return Question(
        id=str(row["id"]),
        q=str(row["q"]),
        unit=row.get("unit"),
        kind=str(row["kind"]),
        gold=gold,
        must=tuple(row.get("must", ())),
    )


def _refused(one: Marked) -> bool:
    return one.answer.kind is Kind.UNKNOWN


def _share(of: Iterable[bool]) -> float:
    values: Sequence[bool] = list(of)
    return sum(values) / max(len(values), 1)
