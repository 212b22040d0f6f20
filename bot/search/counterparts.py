"""Which clauses of other plans are on the same subject: to compare, and to show beside a clause."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.plans import precedence
from bot.plans.corpus import Corpus
from bot.plans.model import Node, Plan
from bot.search.details import Details
from bot.search.editions import Editions, same_words
from bot.search.index import Index
from bot.search.rank import Ranking
from bot.search.result import PASSAGES, Passage
from bot.search.scope import Scope

_HAS_COUNTERPART = 0.5
"""How much of the better clause's score another edition's needs, to be on the same subject."""
_SAME_SUBJECT = 0.85
"""How much of the first clause's score another plan's clause needs to count as its counterpart."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Counterparts:
    """Finds clauses on one subject in several plans, by a question's ranking.

    `runs` are the words of what a question compares.
    """

    corpus: Corpus
    index: Index
    editions: Editions
    details: Details
    runs: Callable[[str], tuple[str, ...]]

    def plans(self, named: Scope) -> tuple[Plan, ...]:
        """The plans that a comparing question names, in its order."""
        found: list[Plan] = []
        for year in named.years:
            found += [
                plan for plan in self.corpus.plans.values()
                if plan.year == year and not precedence.is_city_wide(self.corpus, plan)
            ]  # fmt: skip
        if len(found) < 2:
            for unit in named.named:
                found += precedence.own_plans(self.corpus, unit)[:1]
        if len(found) < 2 and named.asker is not None:
            bound = precedence.plans_for(self.corpus, named.asker)
            editions = [plan for one in bound[:1] for plan in self._with_older(one)]
            found += editions if len(editions) > 1 and not found else bound[: 1 if found else 2]
        return tuple(dict.fromkeys(found))

    def _with_older(self, plan: Plan) -> list[Plan]:
        """A plan with the edition that it supersedes."""
        older = self.corpus.plans.get(plan.supersedes or "")
        return [plan, older] if older else [plan]

    def best_of_each(self, ranking: Ranking, plans: tuple[Plan, ...]) -> list[int]:
        """The best clause of each plan, then the second best of each."""
        by_plan = []
        for plan in plans:
            rows = [self.index.row[node.id] for node in plan.nodes if node.is_quotable]
            by_plan.append(sorted(rows, key=lambda row: -float(ranking.asked[row]))[:3])
        best = [rows[place] for place in (0, 1) for rows in by_plan]
        return list(dict.fromkeys([*self._one_clause(by_plan, ranking), *best]))[:PASSAGES]

    def _one_clause(self, by_plan: Sequence[list[int]], ranking: Ranking) -> tuple[int, ...]:
        """One clause in two editions, when together they answer about as well as the best."""
        if len(by_plan) != 2:
            return ()
        pairs: list[tuple[int, int]] = []
        for at, rows in enumerate(by_plan):
            other = self.corpus.plan_of(self.index.nodes[by_plan[1 - at][0]])
            for row in rows:
                twin = self.editions.counterpart(self.index.nodes[row], other)
                if twin is not None and twin.is_quotable:
                    pair = (row, self.index.row[twin.id])
                    pairs.append(pair if at == 0 else pair[::-1])

        def score(pair: tuple[int, ...]) -> float:
            return sum(float(ranking.asked[row]) for row in pair)

        found = max(pairs, key=score, default=())
        best = (by_plan[0][0], by_plan[1][0])
        return found if found and score(found) >= _SAME_SUBJECT * score(best) else ()

    def set_apart(
        self, question: str, passages: tuple[Passage, ...], ranking: Ranking
    ) -> tuple[tuple[Passage, ...], Plan | None, str]:
        """Two plans' best clauses, the plan that has none on it, and the topic.

        Without a counterpart they are only the nearest of each; when one is far off, its plan has
        nothing on the subject, and the other stands alone.
        """
        first, second = passages[:2]
        twin = self.editions.counterpart(first.node, second.plan)
        if twin == second.node:
            return passages, None, ""

        def near(one: Passage) -> float:
            return float(ranking.content[self.index.row[one.node.id]])

        other, better = sorted((first, second), key=near)
        if first.plan.owner != second.plan.owner:
            is_far = near(other) < _SAME_SUBJECT * near(better)
            if not (is_far and self._is_stranger(question, other, better)):
                return passages, None, ""
            return (better, other, *passages[2:]), other.plan, ""
        if near(other) >= _HAS_COUNTERPART * near(better):
            return passages, None, "apart"
        return (better, other, *passages[2:]), other.plan, "apart"

    def _is_stranger(self, question: str, one: Passage, better: Passage) -> bool:
        """Whether only the better of two clauses is on what a question compares."""
        runs = self.runs(question)
        is_on = self.details.is_on
        return bool(runs) and is_on(better.node, runs) and not is_on(one.node, runs)

    def differing(self, first: Passage, ranking: Ranking, named: Scope) -> tuple[Passage, ...]:
        """Clauses on the same subject that say it otherwise: older edition, superior's plan."""
        found: list[Passage] = []
        older = self.editions.older(first.node)
        if older is not None and not same_words(older, first.node) and not named.years:
            found.append(self._passage(older))
        owner = self.corpus.units.get(first.plan.owner)
        above = precedence.plans_for(self.corpus, owner)[1:] if owner else ()
        asker = named.asker
        if asker is not None and not precedence.binds(self.corpus, first.plan, asker):
            above = precedence.plans_for(self.corpus, asker)
        for plan in above:
            rows = [self.index.row[node.id] for node in plan.nodes if node.is_quotable]
            best = max(rows, key=lambda row: float(ranking.content[row]))
            top = float(ranking.content[self.index.row[first.node.id]])
            node = self.index.nodes[best]
            if float(ranking.content[best]) >= _SAME_SUBJECT * top and not same_words(
                node, first.node
            ):
                found.append(self._passage(node, float(ranking.total[best])))
        return tuple(found[:2])

    def _passage(self, node: Node, score: float = 1.0) -> Passage:
        return Passage(node=node, plan=self.corpus.plan_of(node), score=score)
