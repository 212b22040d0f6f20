"""Bring the kept vectors up to date after plans, phrasings or outside questions changed."""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import Any

from bot import settings
from bot.cli import DONE, FAILED, new_command


def add(subparsers: Any) -> None:
    """Declare the command."""
    parser = new_command(subparsers, __name__, __doc__)
    parser.add_argument("--into", metavar="FOLDER", type=Path, help="default: the data folder")


def run(args: argparse.Namespace) -> int:
    """Encode what is missing, drop what is no longer used, learn from it, and write the files."""
    from bot.plans import corpus as plans
    from bot.search import encoders, index, outside, phrasings
    from bot.search.learned import Learned, Questions, learned_file
    from bot.search.vectors import Vectors

    data = settings.read(os.environ).data
    into = args.into or data
    corpus = plans.load(data)
    asked, beyond = phrasings.load(data, corpus), outside.load(data, corpus)
    texts = index.texts_to_encode(corpus, asked, beyond)
    found = encoders.installed()
    kept: list[Vectors] = []
    for encoder in found:
        file = index.vectors_file(into, encoder)
        before = Vectors.read(file, encoder)
        missing = len(before.missing(texts))
        kept.append(before.brought_up(texts, encoder))
        kept[-1].write(file, encoder)
        print(f"{encoder.name}: {len(texts)} texts, {missing} encoded now")
    if not found:
        return FAILED
    questions = Questions.of(tuple(corpus.nodes.values()), asked, beyond)
    Learned.of(questions, kept).write(learned_file(into, found), questions.mark(found))
    return DONE
