"""The plans as they are, once without encoders (fast) and once as installed."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.plans import corpus as plans
from bot.plans.corpus import Corpus
from bot.search import answer
from bot.search.answer import Answerer
from bot.search.words import Folder, Lexicon

DATA = Path(__file__).parents[3] / "data"


@pytest.fixture(scope="session")
def corpus() -> Corpus:
    return plans.load(DATA)


@pytest.fixture(scope="session")
def fold() -> Folder:
    return Folder.read(DATA / "characters.txt")


@pytest.fixture(scope="session")
def lexicon(fold: Folder) -> Lexicon:
    return Lexicon.read(DATA / "words.yaml", fold)


@pytest.fixture(scope="session")
def by_words() -> Answerer:
    """Answers by words alone, as where no encoder is installed."""
    return answer.load(DATA, encoders=[])


@pytest.fixture(scope="session")
def answerer() -> Answerer:
    """Answers with the encoders that are installed."""
    return answer.load(DATA)
