"""Measure the answers against a file of questions.

Prints a table by kind of question, wrong refusals and wrong answers apart, and every miss.
"""

from __future__ import annotations

import argparse
import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot import settings
from bot.cli import DONE, new_command
from bot.errors import UsageError

if TYPE_CHECKING:
    from bot.search.answer import Answer, Answerer
    from bot.search.evaluation import Marked, Report


def add(subparsers: Any) -> None:
    """Declare the command."""
    parser = new_command(subparsers, __name__, __doc__)
    parser.add_argument("file", metavar="FILE.jsonl", type=Path, help="the questions")
    parser.add_argument("--json", action="store_true", help="print one JSON value")
    parser.add_argument(
        "--without", action="append", default=[], metavar="ENCODER", help="leave an encoder out"
    )
    parser.add_argument("--no-misses", action="store_true", help="do not list the misses")


def run(args: argparse.Namespace) -> int:
    """Ask every question of the file and print the figures."""
    from bot.search import answer, encoders

    if not args.file.is_file():
        raise UsageError(f"there is no file {args.file}")
    used = encoders.installed(without=args.without)
    answerer = answer.load(settings.read(os.environ).data, encoders=used)
    report = measured(answerer, args.file)
    if args.json:
        made = report.figures() | {
            "encoders": list(answerer.encoders),
            "by_kind": {kind: one.figures() for kind, one in report.by_kind().items()},
            "misses": [one.question.id for one in report.misses()],
        }
        print(json.dumps(made, ensure_ascii=False))
        return DONE
    _print_table(report, answerer.encoders)
    if not args.no_misses:
        for one in report.misses():
            _print_miss(one)
    return DONE


def measured(answerer: Answerer, file: Path) -> Report:
    """The report of a question file, asked as the chat would ask."""
    from bot import clock
    from bot.search import evaluation
    from handlers import answers

    today = clock.today(clock.system_clock())

    def ask(question: str, unit: str | None) -> tuple[Answer, str]:
        found = answerer.answer(question, unit=unit, today=today)
        return found, answers.as_reply(found, answerer.corpus).plain

    sources = {plan.id: plan.source[:3] for plan in answerer.corpus.plans.values()}
    return evaluation.measure(evaluation.read(file), ask, sources)


def _print_table(report: Report, encoders: tuple[str, ...]) -> None:
    print(f"encoders: {', '.join(encoders) or 'none'}")
    for name, value in report.figures().items():
        print(f"  {name:<15} {value:.3f}" if isinstance(value, float) else f"  {name:<15} {value}")
    print(f"  {'kind':<10} {'n':>4} {'top-1':>6} {'hit@3':>6} {'must':>6} {'refused':>8}")
    for kind, one in report.by_kind().items():
        refused = sum(mark.answer.kind.value == "unknown" for mark in one.marked)
        print(
            f"  {kind:<10} {len(one.marked):>4} {one.top(1):>6.2f} {one.top(3):>6.2f} "
            f"{one.must:>6.2f} {refused:>8}"
        )


def _print_miss(one: Marked) -> None:
    got = ", ".join(passage.node.id for passage in one.answer.passages[:3]) or "refused"
    wanted = ", ".join(f"{doc} {words[:12]}".strip() for doc, words in one.question.gold[:2])
    print(f"{one.question.id} [{one.question.kind}] {one.question.q} ({one.question.unit or '-'})")
    print(f"    got {got} (doubt {one.answer.doubt:.1f}); wanted {wanted or 'a refusal'}")
