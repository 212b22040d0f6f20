"""The plans of data/plans hold every word of the five source documents, and no other word.

`python tests/unit/test_plans_are_complete.py data/plans/112/khh-doh-112.yaml` prints what is
missing or foreign in one file while it is being written.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from bot.plans import corpus
from bot.plans.model import Node, Plan

ROOT = Path(__file__).parents[2]
SEEDS = ROOT.parent / "shared" / "seeds"
PLANS = sorted((ROOT / "data" / "plans").glob("*/*.yaml"))

needs_seeds = pytest.mark.skipif(not SEEDS.is_dir(), reason="the source documents are not here")

# Heads of tables that are printed again on every page.
HEADS = ["執行要項", "執行重點", "執行單位", "工作要項", "工作重點", "業務單位"]


def squeeze(text: str) -> str:
    """Without white space and the marks that only lay out (tags, list dashes, bold)."""
    text = re.sub(r"</?(?:p|ol|li|hr|table|tr|td|b|br)\s*/?>", "", text)
    # 「;」 and 「；」 stand for each other where a source prints one cell twice.
    return re.sub(r"\s+|\*\*", "", text).replace(";", "；")


def pieces(seed: str) -> list[str]:
    """The runs of text between the breaks of a source document: lines, cells, paragraphs."""
    parts = re.split(r"\n|\t|</?(?:p|ol|li|hr)[^>]*>", seed)
    parts = [re.sub(r"^\s*- ", "", part) for part in parts]
    return [squeezed for part in parts if (squeezed := squeeze(part).strip("-"))]


def labelled(node: Node) -> str:
    return squeeze(node.label + node.title + node.text)


def missing(plan: Plan, seed: str) -> list[str]:
    """The pieces of a source document that stand nowhere in the plan."""
    said = "".join(labelled(node) for node in plan.nodes)
    units = {squeeze(unit) for node in plan.nodes for unit in node.units}
    only_units = re.compile("(?:" + "|".join(map(re.escape, sorted(units, key=len)[::-1])) + ")+")
    frame = "".join(
        squeeze(form.name + form.title + "".join((*form.columns, *form.sections)))
        for form in plan.formats
    )
    whole = "|".join((said, squeeze(plan.title), "".join(HEADS), frame))

    def run(part: str) -> bool:
        return part in whole or bool(units and only_units.fullmatch(part))

    def known(piece: str) -> bool:
        """One run of the plan, or two cells that the source prints on one line."""
        return run(piece) or any(
            run(piece[:at]) and run(piece[at:]) for at in range(4, len(piece) - 3)
        )

    return [piece for piece in pieces(seed) if not known(piece)]


def foreign(plan: Plan, seed: str) -> list[str]:
    """The ids of nodes with words that are not one run of the source document.

    A clause that goes over a page break has the page's furniture inside; it is then compared
    piece by piece, each at least four characters long.
    """
    flat = squeeze(re.sub(r"(?m)^\s*- ", "", seed))
    found = []
    for node in plan.nodes:
        for words in (node.title, node.text):
            if not _in_pieces(squeeze(words), flat):
                found.append(node.id)
    return found


def _in_pieces(words: str, flat: str) -> bool:
    at = 0
    while at < len(words):
        end = len(words)
        while end > at and words[at:end] not in flat:
            end -= 1
        if end == at or (end - at < 2 and end < len(words)):
            return False
        at = end
    return True


def report(file: Path) -> tuple[list[str], list[str], float]:
    plan = corpus.read_plan(file)
    seed = (SEEDS / plan.source).read_text(encoding="utf-8")
    lost = missing(plan, seed)
    total = sum(map(len, pieces(seed)))
    return lost, foreign(plan, seed), 1 - sum(map(len, lost)) / total


@needs_seeds
@pytest.mark.parametrize("file", PLANS, ids=lambda file: file.stem)
def test_a_plan_holds_every_word_of_its_source(file: Path) -> None:
    lost, _, share = report(file)
    assert share >= 0.995, lost


@needs_seeds
@pytest.mark.parametrize("file", PLANS, ids=lambda file: file.stem)
def test_a_plan_holds_no_word_that_its_source_does_not(file: Path) -> None:
    _, strange, _ = report(file)
    assert strange == []


if __name__ == "__main__":
    lost, strange, share = report(Path(sys.argv[1]))
    print(f"{share:.4%} of the source is in the plan")
    print("missing:", *lost, sep="\n  ")
    print("not in the source:", *strange, sep="\n  ")
