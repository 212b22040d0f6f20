"""A start without what was learned learns it anew and answers the same; `planbot index` keeps it."""

from __future__ import annotations

import gc
import shutil
from pathlib import Path

import pytest

from bot.cli import main
from bot.search import answer
from bot.search.answer import Answerer
from tests.unit.search.conftest import DATA
from tests.unit.search.helpers import ask

QUESTION = "測試電話禮貌的人是誰派來的"


@pytest.fixture
def elsewhere(tmp_path: Path) -> Path:
    """A folder with the kept vectors, but with nothing that was learned from them."""
    forgotten = shutil.ignore_patterns("learned-*")
    shutil.copytree(DATA / "vectors", tmp_path / "vectors", ignore=forgotten)
    return tmp_path


def test_what_was_learned_is_learned_anew_and_kept(
    answerer: Answerer, elsewhere: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    if answerer.index.meaning is None:
        pytest.skip("no encoder is installed")
    encoders = answerer.index.meaning.encoders
    expected = ask(answerer, QUESTION)

    anew = ask(answer.load(DATA, encoders=encoders, vectors=elsewhere), QUESTION)

    assert [one.node.id for one in anew.passages] == [one.node.id for one in expected.passages]
    assert anew.passages[0].score == pytest.approx(expected.passages[0].score, abs=1e-3)

    assert main(["index", "--into", str(elsewhere)]) == 0

    said = capsys.readouterr().out.splitlines()
    assert [line.rpartition(" texts, ")[2] for line in said] == ["0 encoded now"] * len(said)
    kept = sorted(file.name for file in (elsewhere / "vectors").iterdir())
    assert f"learned-{'-'.join(answerer.encoders)}.npz" in kept


def test_a_folder_without_vectors_is_searched_by_words(
    by_words: Answerer, answerer: Answerer, tmp_path: Path
) -> None:
    found = answer.load(DATA, vectors=tmp_path)

    assert found.index.meaning is None
    assert ask(found, QUESTION).passages == ask(by_words, QUESTION).passages


def test_the_garbage_collector_is_left_as_it_was() -> None:
    gc.disable()
    try:
        answer.load(DATA, encoders=[])
        assert not gc.isenabled()
    finally:
        gc.enable()
    answer.load(DATA, encoders=[])
    assert gc.isenabled()
