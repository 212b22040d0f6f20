"""The recorded figures hold: a change that answers worse fails here and says by how much.

`data/questions/figures.json` has for each question file the figures that were reached; a little
room is left for another machine's arithmetic. The question files of `../shared` are asked where
they are present.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from bot.search import evaluation
from bot.search.answer import Answer, Answerer
from handlers.answers import as_reply
from tests.unit.search.conftest import DATA
from tests.unit.search.helpers import ask

SHARED = DATA.parents[1] / "shared" / "eval"
FIGURES = json.loads((DATA / "questions" / "figures.json").read_text(encoding="utf-8"))
ROOM = 0.011
IN_CI = os.environ.get("CI") == "true"
HIGHER_IS_WORSE = frozenset({"wrong_refusals", "wrong_answers"})


def file_of(name: str) -> Path:
    return DATA / "questions" / name if (DATA / "questions" / name).is_file() else SHARED / name


@pytest.mark.skipif(not IN_CI, reason="hundreds of questions: asked in CI only (CI=true)")
@pytest.mark.parametrize("name", sorted(FIGURES))
def test_the_recorded_figures_hold(answerer: Answerer, name: str) -> None:
    file = file_of(name)
    if not file.is_file():
        pytest.skip(f"the question file {name} is not here")
    if len(answerer.encoders) < 2:
        pytest.skip("recorded with both encoders, and one is not installed")

    def one(question: str, unit: str | None) -> tuple[Answer, str]:
        found = ask(answerer, question, unit)
        return found, as_reply(found, answerer.corpus).plain

    sources = {plan.id: plan.source[:3] for plan in answerer.corpus.plans.values()}
    reached = evaluation.measure(evaluation.read(file), one, sources).figures()
    worse = {
        figure: (reached[figure], recorded)
        for figure, recorded in FIGURES[name].items()
        if (reached[figure] - recorded) * (-1 if figure in HIGHER_IS_WORSE else 1) < -ROOM
    }
    assert worse == {}, "figure: (now, recorded)"
