"""Which of the clauses that rank best come first: the asker's own, those that state what is asked.

`best` makes the list of rows; each other step takes it and gives it back in a better order.
"""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Collection
from dataclasses import dataclass

import numpy as np

from bot.plans import precedence
from bot.plans.corpus import Corpus
from bot.plans.model import Node, NodeKind, Plan, PlanKind, UnitLevel
from bot.search.actors import Actors
from bot.search.counterparts import Counterparts
from bot.search.detail_kinds import ENUMERATION, HOW_OFTEN, NUMBER
from bot.search.details import Details
from bot.search.editions import same_words
from bot.search.index import Index
from bot.search.intent import Intent, Shape
from bot.search.rank import Ranking
from bot.search.refusal import Refusal
from bot.search.rerank import CANDIDATES, Clause, Reranker
from bot.search.result import PASSAGES
from bot.search.scope import Scope
from bot.search.words import bare

CLOSE = 0.35
"""Scores this near are a coin's toss: the chat shows both clauses."""
_DUE = 1.5
"""How far behind what leads a clause with a date may be where the date of a plan is asked for."""
_NEWER = 2.0
"""How far behind an older edition the one in force may be."""
_NEAR_IN_LIST = 0.8
"""How far behind the best a clause of the asker's own plan may be and still begins a list."""
_STATING, _ON_SUBJECT, _STATED = 3, 0.5, 0.5
"""Of how many clauses one that states the detail comes first, how much of the subject's pairs of
letters it needs, and below which doubt it answers."""
_STATED_FULLY, _NEVER = 1.5, -99.0
"""The same for a clause that names all of the subject; and where none states the detail."""
_STANDS_OUT, _BEFORE_OTHERS = 5.5, 1.25
_LISTING, _BEFORE_LISTS = 3.5, 0.8
"""The score of a clause that stands out, and by how much it is before every other subject's; the
same of one that lists what is asked for."""
_ADDRESSED, _ADDRESSED_BESIDE = 1.5, 2.5
"""How far behind one for agencies of another level a clause for those of the asker's may be, and
where both stand under one heading."""
_WE = re.compile("我们|本[所科室课组处]|本中心")
_FORM_NAMED = re.compile(r"附件\s*[23二三]")
_FORMS = {
    UnitLevel.AGENCY: "f2",
    UnitLevel.DISTRICT_OFFICE: "f2",
    UnitLevel.SUBORDINATE: "f3",
}
"""The city's form of a plan by the level of who writes it (附件2 and 附件3, 適用機關)."""
_PLAN, _RESULTS = re.compile("计[画划]"), re.compile("成果|结果|报告|绩效|成绩")
_CLAUSES = re.compile("哪(?:几|些|[一二两三四五六七八九十]+)[条项点]|^$")
_TIMES = re.compile(r"第\d次")


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """Puts clauses in the order in which they answer; `reranker` is the agency's own model."""

    corpus: Corpus
    index: Index
    shape: Shape
    details: Details
    actors: Actors
    refusal: Refusal
    counterparts: Counterparts
    reranker: Reranker | None

    def best(self, question: str, ranking: Ranking, intent: Intent, named: Scope) -> list[int]:
        """The rows of the best nodes, at most five; a heading gives way to its clauses."""
        plans = self.counterparts.plans(named) if intent.compare else ()
        if len(plans) > 1:
            return self.counterparts.best_of_each(ranking, plans)
        wanted = PASSAGES if self.reranker is None else CANDIDATES
        chosen: list[int] = []
        for at in np.argsort(-ranking.total)[: 4 * wanted]:
            for row in self._leaves(int(at), ranking):
                if row not in chosen:
                    chosen.append(row)
            if len(chosen) >= wanted:
                break
        return self._reordered(question, chosen[:wanted])[:PASSAGES]

    def _reordered(self, question: str, rows: list[int]) -> list[int]:
        """The rows as the agency's own model orders them, where one is set up and answers."""
        if self.reranker is None:
            return rows
        nodes = [self.index.nodes[row] for row in rows]
        clauses = [Clause(id=node.id, words=node.label + node.words) for node in nodes]
        order = self.reranker.order(question, clauses)
        return rows if order is None else [self.index.row[one] for one in order]

    def _leaves(self, at: int, ranking: Ranking) -> list[int]:
        node = self.index.nodes[at]
        if node.kind is not NodeKind.HEADING:
            return [at]
        rows = [
            self.index.row[leaf.id]
            for leaf in self.corpus.leaves(node)
            if leaf.kind is not NodeKind.HEADING
        ]
        return sorted(rows, key=lambda row: -float(ranking.total[row]))[:3]

    def for_list(self, order: list[int], ranking: Ranking, named: Scope) -> list[int]:
        """Rows for a list: none of an older edition, the asker's own first where they are near.

        Another unit's only where nothing that binds the asker is near.
        """
        if not named.years:
            newer = [row for row in order if not self._is_old(row)]
            order = newer or order
        if named.asker is None or named.named or named.kind or named.years:
            return order
        chain = precedence.plans_for(self.corpus, named.asker)
        best = float(ranking.total[order[0]]) - _NEAR_IN_LIST
        near = [row for row in order if float(ranking.total[row]) >= best]
        bound = [row for row in near if self._plan_at(row) in chain]
        own = [row for row in bound if self._plan_at(row) == chain[0]]
        if not bound:
            return order
        return list(
            dict.fromkeys([*own, *bound, *(row for row in order if self._plan_at(row) in chain)])
        )

    def own_first(
        self, order: list[int], ranking: Ranking, intent: Intent, named: Scope
    ) -> list[int]:
        """The rows with one of the asker's own plan first, where that fits about as well.

        One without a date does not go before one with a date where that is asked for.
        """
        own = precedence.plans_for(self.corpus, named.asker)[:1] if named.asker else ()
        if not own or named.named or named.years or named.kind:
            return order
        if self.shape.form[order[0]]:
            return order
        best = float(ranking.total[order[0]]) - CLOSE
        for row in order:
            is_undated = intent.when and self.shape.dated[order[0]] > self.shape.dated[row]
            if is_undated or float(ranking.total[row]) < best:
                continue
            if self.index.nodes[row].plan_id == own[0].id:
                return [row, *(one for one in order if one != row)]
        return order

    def named_first(self, order: list[int], ranking: Ranking, named: Scope) -> list[int]:
        """The rows with the best one of a named unit's own plan first, where that has the words.

        「三民二所登革熱怎麼寫」 asks for that plan, also where another says more of it.
        """
        units = [one for one in named.named if precedence.own_plans(self.corpus, one)]
        runs = [one for one in self.details.subject(named.rest) if len(one) > 1]
        own = tuple(one for one in runs if not self.details.is_light(one))
        if len(units) != 1 or units[0] == named.asker or named.years or not own:
            return order
        plan = precedence.own_plans(self.corpus, units[0])[0]
        if self._plan_at(order[0]) == plan:
            return order
        rows = [self.index.row[node.id] for node in plan.nodes if node.is_quotable]
        having = [row for row in rows if self.details.share(self.index.nodes[row], own) == 1.0]
        if not having:
            return order
        best = max(having, key=lambda row: float(ranking.total[row]))
        return [best, *(row for row in order if row != best)][: len(order)]

    def binding_first(self, order: list[int], ranking: Ranking, named: Scope) -> list[int]:
        """The rows with one of a plan that binds the asker first, where that fits about as well, or
        has all words of the subject and fits nearly as well."""
        asker = named.asker
        if asker is None or named.named or named.years or named.kind:
            return order
        best = float(ranking.total[order[0]])
        runs = tuple(one for one in self.details.subject(named.rest) if len(one) > 1)
        for row in order:
            has_all = runs and self.details.names(self.index.nodes[row], runs)
            is_near = float(ranking.total[row]) >= best - (_DUE if has_all else CLOSE)
            if is_near and precedence.binds(self.corpus, self._plan_at(row), asker):
                return [row, *(one for one in order if one != row)]
        return order

    def current_first(self, order: list[int], ranking: Ranking, named: Scope) -> list[int]:
        """The rows with the edition in force first, where one that it replaced leads and no year is
        named."""
        if named.years or not self._is_old(order[0]):
            return order
        node, old = self.index.nodes[order[0]], self._plan_at(order[0])
        plans = self.corpus.plans.values()
        newer = next((plan for plan in plans if plan.supersedes == old.id), None)
        twin = self.counterparts.editions.counterpart(node, newer) if newer is not None else None
        row = self.index.row.get(twin.id) if twin is not None else None
        if row is None or float(ranking.total[row]) < float(ranking.total[order[0]]) - _NEWER:
            return order
        return [row, *(one for one in order if one != row)][: len(order)]

    def due_first(self, folded: str, order: list[int], ranking: Ranking) -> list[int]:
        """The rows with a date first, where one is asked for; of a plan's own date not that of what
        is reported of it a year later."""
        is_plan = _PLAN.search(folded) is not None and _RESULTS.search(folded) is None
        first = order[0]
        is_meant = self.shape.dated[first] and not (is_plan and self._is_on_results(first))
        best = float(ranking.total[first]) - _DUE
        for row in order if not is_meant and is_plan else ():
            is_near = float(ranking.total[row]) >= best
            if is_near and self.shape.dated[row] and not self._is_on_results(row):
                return [row, *(one for one in order if one != row)]
        return order

    def _is_on_results(self, row: int) -> bool:
        return _RESULTS.search(self.index.fold(self.index.nodes[row].words)) is not None

    def ours_first(
        self, folded: str, order: list[int], ranking: Ranking, named: Scope
    ) -> list[int]:
        """The rows with one of the asker's own section first, or of an office's own plan, where
        「我們」 is meant and several have the words."""
        asker, is_ours = named.asker, _WE.search(folded) is not None
        is_others = bool(named.named or named.kind or named.years)
        may_be_ours = asker is not None and asker.level is UnitLevel.SECTION and not is_others
        if asker is None or not (is_ours or may_be_ours):
            return order
        own = precedence.plans_for(self.corpus, asker)[:1]
        runs = tuple(one for one in self.details.subject(named.rest) if len(one) > 1)
        first = self.index.nodes[order[0]]
        runs = tuple(one for one in runs if self.details.names(first, (one,)))
        best = float(ranking.total[order[0]]) - (_DUE if is_ours else _NEAR_IN_LIST)
        for row in order if runs else ():
            node = self.index.nodes[row]
            is_alike = float(ranking.total[row]) >= best and self.details.names(node, runs)
            is_sections = asker.level is UnitLevel.SECTION and asker.name in node.units
            is_offices = own and own[0].kind is PlanKind.WORK and node.plan_id == own[0].id
            if is_alike and (is_sections or (is_ours and is_offices)):
                return [row, *(one for one in order if one != row)]
        return order

    def is_less_ours(self, folded: str, node: Node, first: Node, named: Scope) -> bool:
        """Whether 「我們」 is meant, and of two clauses only the first is the asker's section's."""
        asker = named.asker
        is_meant = asker is not None and asker.level is UnitLevel.SECTION and _WE.search(folded)
        if asker is None or not is_meant:
            return False
        return asker.name in first.units and bool(node.units) and asker.name not in node.units

    def addressed_first(
        self, order: list[int], ranking: Ranking, intent: Intent, named: Scope
    ) -> list[int]:
        """The rows with one for the asker's level of agencies first, or one of what the city does,
        where one leads that is addressed to another level and both fit about alike; before one of
        what the city does for all of them only one for that level alone."""
        first = self.index.nodes[order[0]]
        is_city = self._is_open(intent, named) and self.actors.is_citys(first)
        if not is_city and not self._is_for_others(first, intent, named):
            return order
        best = float(ranking.total[order[0]])
        for row in order:
            node = self.index.nodes[row]
            is_alike = node.kind is first.kind and node.plan_id == first.plan_id
            behind = _ADDRESSED_BESIDE if node.parent == first.parent else _ADDRESSED
            is_near = is_alike and float(ranking.total[row]) >= best - behind
            if is_city and self.actors.is_citys(node):
                continue
            if is_near and named.asker and self.actors.concerns(node, named.asker):
                return [row, *(one for one in order if one != row)]
        return order

    def is_for_others(self, node: Node, first: Node, intent: Intent, named: Scope) -> bool:
        """Whether of two clauses only the first is for the asker's level of agencies."""
        asker = named.asker
        is_first_ours = asker is not None and self.actors.concerns(first, asker)
        return is_first_ours and self._is_for_others(node, intent, named)

    def _is_for_others(self, node: Node, intent: Intent, named: Scope) -> bool:
        """Whether a clause is addressed to another level than the asker's, and none other is named."""
        is_open = self._is_open(intent, named)
        asker = named.asker
        return is_open and asker is not None and self.actors.speaks_to_others(node, asker)

    def _is_open(self, intent: Intent, named: Scope) -> bool:
        """Whether a question names no unit and no level of agencies but the asker's."""
        asker = named.asker
        if asker is None or named.named or named.kind or intent.of_all:
            return False
        return intent.named_level in (None, self.actors.level(asker).level)

    def naming_first(
        self, order: list[int], ranking: Ranking, naming: Collection[int]
    ) -> list[int]:
        """The rows with one that names who asks first, where it fits about as well or is another
        paragraph of the section: what 參 says of three districts goes before what it says of all.

        Args:
            order: the rows.
            ranking: their scores.
            naming: the rows of the clauses that name who asks.
        """
        best = float(ranking.total[order[0]]) - CLOSE
        near = [row for row in order if float(ranking.total[row]) >= best]
        beside = [row for row in naming if self._are_paragraphs(order[0], row)]
        row = next((one for one in (*near, *beside) if one in naming), order[0])
        return [row, *(one for one in order if one != row)][: len(order)]

    def _are_paragraphs(self, one: int, other: int) -> bool:
        """Whether two clauses are paragraphs of one section, which have no numbers."""
        first, second = self.index.nodes[one], self.index.nodes[other]
        return first.parent == second.parent is not None and not (first.label or second.label)

    def form_first(self, folded: str, order: list[int], intent: Intent, named: Scope) -> list[int]:
        """The rows with the form of a level first (附件2 for agencies and district offices, 附件3 for
        those below them), where no form is named: of the level that is named, else of the asker's."""
        node, asker = self.index.nodes[order[0]], named.asker
        level = intent.named_level or (asker.level if asker is not None else None)
        if node.kind is not NodeKind.FORM or _FORM_NAMED.search(folded) or level not in _FORMS:
            return order
        plan, _, place = node.id.partition(":")
        form, _, rest = place.partition(".")
        row = self.index.row.get(f"{plan}:{_FORMS[level]}.{rest}")
        if form not in _FORMS.values() or row is None:
            return order
        return [row, *(one for one in order if one != row)][: len(order)]

    def stating_first(
        self, folded: str, order: list[int], ranking: Ranking, named: Scope
    ) -> tuple[list[int], float]:
        """The rows with one on the subject that states the detail first, and up to which doubt it answers.

        Details that decide (what to bring, an amount, an age, a day of the week) bring a clause
        forward; of the others one of the first two clauses answers, where it states what is asked,
        but not one of a plan that does not bind the asker before one that does.
        """
        detail = self.details.asked(folded)
        runs = tuple(one for one in self.details.subject(folded) if len(one) > 1)
        if self.details.asks_what_follows(bare(folded)):
            return self._following_first(order, ranking, runs)
        if detail is None or not runs:
            return order, _NEVER
        if detail.name == HOW_OFTEN and (times := self._each_time(order, runs)):
            return [*times, *(row for row in order if row not in times)], math.inf
        for row in order[: _STATING if detail.decides else 2]:
            node = self.index.nodes[row]
            is_stated = self.details.states(node, detail) and not self.refusal.unstated(
                folded, [row]
            )
            share = self.details.share(node, runs)
            if detail.decides and self.details.states(node, detail) and share >= _ON_SUBJECT:
                return [row, *(one for one in order if one != row)], _STATED
            is_nearly = detail.name == NUMBER and row == order[0] and share >= _ON_SUBJECT
            is_on = (share == 1 and not self._is_strange(row, order[0], named)) or is_nearly
            if not detail.decides and is_stated and is_on:
                return [row, *(one for one in order if one != row)], _STATED_FULLY
        return order, _NEVER

    def _following_first(
        self, order: list[int], ranking: Ranking, runs: tuple[str, ...]
    ) -> tuple[list[int], float]:
        """The rows with one on what is done with results first, where that is asked for, and up to
        which doubt it answers."""
        best = float(ranking.total[order[0]]) - _DUE
        for row in order:
            node = self.index.nodes[row]
            is_near = float(ranking.total[row]) >= best and self.details.is_on(node, runs)
            if is_near and self.details.says_what_follows(node):
                return [row, *(one for one in order if one != row)], _STATED_FULLY
        return order, _NEVER

    def _is_strange(self, row: int, first: int, named: Scope) -> bool:
        """Whether a row is of a plan that does not bind the asker, and the first of one that does."""
        asker = named.asker
        if asker is None or named.named or named.kind:
            return False
        plans = self._plan_at(row), self._plan_at(first)
        is_bound, is_first_bound = (precedence.binds(self.corpus, plan, asker) for plan in plans)
        return is_first_bound and not is_bound

    def stands_out(self, first: int, ranking: Ranking, folded: str = "") -> bool:
        """Whether a clause ranks so far before all that do not say the same that it is meant.

        Args:
            folded: a question, where a clause that lists what it asks for needs a lower score.
        """
        node, score = self.index.nodes[first], float(ranking.total[first])
        detail = None if _CLAUSES.search(folded) else self.details.asked(folded)
        is_listing = (
            detail is not None and detail.name == ENUMERATION and self.details.states(node, detail)
        )
        least, before = (_LISTING, _BEFORE_LISTS) if is_listing else (_STANDS_OUT, _BEFORE_OTHERS)
        if score < least or node.kind not in (NodeKind.CLAUSE, NodeKind.SCHEDULE):
            return False
        near = np.flatnonzero(ranking.total > score - before)
        others = (self.index.nodes[int(row)] for row in near if row != first)
        return all(one.parent == node.parent or same_words(node, one) for one in others)

    def _each_time(self, order: list[int], runs: tuple[str, ...]) -> tuple[int, ...]:
        """The rows of a schedule for each time of what is done twice, on the subject: how often."""
        for one, other in itertools.combinations(order[:_STATING], 2):
            first, second = self.index.nodes[one], self.index.nodes[other]
            if is_same_again(first, second) and self.details.is_on(first, runs):
                return (one, other)
        return ()

    def in_turn(self, order: list[int], ranking: Ranking, intent: Intent) -> list[int]:
        """Of rows of one schedule that fit alike, or are one thing done twice, the earlier first."""
        first = self.index.nodes[order[0]]
        if intent.turn or first.kind is not NodeKind.SCHEDULE:
            return order
        for place, row in enumerate(order[1:_STATING], start=1):
            other = self.index.nodes[row]
            if is_same_again(first, other):
                rest = [one for one in order[1:] if one != row]
                both = [order[0], row] if first.order < other.order else [row, order[0]]
                return [*both, *rest]
            is_alike = float(ranking.total[order[0]] - ranking.total[row]) <= CLOSE
            is_next = place == 1 and other.kind is NodeKind.SCHEDULE
            if is_next and is_alike and first.plan_id == other.plan_id:
                return order if first.order < other.order else [row, order[0], *order[2:]]
        return order

    def _plan_at(self, row: int) -> Plan:
        return self.corpus.plan_of(self.index.nodes[row])

    def _is_old(self, row: int) -> bool:
        return precedence.is_superseded(self.corpus, self._plan_at(row))


def is_same_again(one: Node, other: Node) -> bool:
    """Whether two rows of a schedule are the same thing, done a first and a second time."""
    first, second = (_TIMES.split(node.words) for node in (one, other))
    is_row = one.kind is other.kind is NodeKind.SCHEDULE and one.plan_id == other.plan_id
    return is_row and len(first) == len(second) == 2 and first[0] == second[0]
