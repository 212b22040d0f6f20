"""What a question itself names: years, plans, units; and who asks."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from bot.plans import precedence, roc
from bot.plans.corpus import Corpus
from bot.plans.model import Plan, PlanKind, RocYear, Unit, UnitLevel
from bot.search.words import Folder

# 「報衛生局」「給市府」 name who receives something, not whose plan is meant.
_RECEIVES = re.compile(r"(?:(?<![子海月年日])报|给|送|交|呈|函|汇送|缴)(?:到|去|给)?$")


_EACH = re.compile("各个?[卫戶户地]")  # folded: 各衛生所
_KIND = re.compile(r".{2,3}區(?:第.)?(.{2,})")  # 三民區第二衛生所 is a 衛生所


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What the question names.

    `named` are units as a plan's owner or a responsible unit; `rest` is the folded question
    without the years and without the names of units that own a plan, because every clause of
    such a plan would match them alike. `kind` is a kind of office that it names without saying
    which, such as 衛生所, where the asker is none of that kind; `of_each`: each of that kind is
    meant, of which no one office's plan speaks.
    """

    asker: Unit | None
    years: tuple[RocYear, ...]
    named: tuple[Unit, ...]
    rest: str
    kind: str = ""
    of_each: bool = False

    def home(self, corpus: Corpus) -> Unit | None:
        """The unit whose plans are meant: the first named one that has or shares a plan."""
        for unit in self.named:
            if unit.level not in (UnitLevel.CITY, UnitLevel.RDEC):
                return unit
        return self.asker


class Names:
    """Finds the units that a text names, by name, full name, alias or place."""

    def __init__(self, corpus: Corpus, fold: Folder) -> None:
        self._corpus = corpus
        self._fold = fold
        self._asking = fold("哪每同另")  # 「哪一組」 names no 一組

    @cached_property
    def _words(self) -> dict[str, Unit]:
        words: dict[str, Unit] = {}
        for unit in self._corpus.units:
            for word in (unit.name, unit.full_name, *unit.aliases):
                words.setdefault(self._fold(word), unit)
        for plan in self._corpus.plans.values():
            owner = self._corpus.units.get(plan.owner)
            place = re.match(r"(.{2,3})區", plan.owner)
            if owner and place:
                words.setdefault(self._fold(place[1]), owner)
        return words

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        longest = sorted(self._words, key=len, reverse=True)
        return re.compile("|".join(re.escape(word) for word in longest))

    @cached_property
    def _kinds(self) -> dict[str, str]:
        """Kinds of office of which there are several, by what staff call them: 衛生所, 衛所."""
        names = (unit.name for unit in self._corpus.units if unit.level is UnitLevel.SUBORDINATE)
        found = [match[1] for name in names if (match := _KIND.fullmatch(name))]
        kinds = {kind for kind in found if found.count(kind) > 1}
        return {self._fold(word): kind for kind in kinds for word in (kind, kind[0] + kind[-1])}

    def kind_in(self, folded: str) -> str:
        """The kind of office that a text names without saying which one, else nothing."""
        for _, start, end in reversed(self.find(folded)):
            folded = f"{folded[:start]} {folded[end:]}"
        for word, kind in self._kinds.items():
            match = re.search(word, folded)
            if match and not _RECEIVES.search(folded[: match.start()]):
                return kind
        return ""

    def without_kinds(self, folded: str) -> str:
        """A text without the kinds of office that it names."""
        for word in self._kinds:
            folded = folded.replace(word, " ")
        return folded

    def find(self, folded: str) -> list[tuple[Unit, int, int]]:
        """The named units with where their names begin and end, in order."""
        return [
            (self._words[match[0]], match.start(), match.end())
            for match in self._pattern.finditer(folded)
            if not (match.start() and folded[match.start() - 1] in self._asking)
        ]


def receives(before: str) -> bool:
    """Whether folded letters before a unit's name say that it receives something."""
    return _RECEIVES.search(before) is not None


def read(question: str, asker: Unit | None, names: Names, corpus: Corpus, fold: Folder) -> Scope:
    """The scope of a question."""
    folded = fold(question)
    years = roc.years_in(question)
    rest = fold(roc.without_years(question))
    named: list[Unit] = []
    for unit, start, _ in names.find(folded):
        if not receives(folded[:start]) and unit not in named:
            named.append(unit)
    cut = [
        (start, end) for unit, start, end in names.find(rest) if precedence.own_plans(corpus, unit)
    ]
    for start, end in reversed(cut):
        rest = f"{rest[:start]} {rest[end:]}"
    kind = names.kind_in(folded)
    if asker is not None and kind and asker.name.endswith(kind):
        kind = ""
    return Scope(
        asker=asker, years=years, named=tuple(named), rest=rest.strip() or folded, kind=kind,
        of_each=bool(kind) and _EACH.search(folded) is not None,
    )  # fmt: skip


_OURS = r"我們(?![局府])所?|本所|本中心|我所|咱們|我們?單位"
_BUREAUS = r"局[裡里]|我們局|本局|(?<=[跟和與])局(?=的|一樣|寫|有)"
_CITYS = r"市府|本府|研考會|市[裡里]"


def owners(
    folded: str, asker: Unit | None, names: Names, corpus: Corpus, fold: Folder
) -> tuple[Unit, ...]:
    """The owners of plans whom a question sets side by side, also as 我們 and 局裡, in its order.

    Units without a plan of their own stand there too; sections write none.
    """
    found = [(start, unit) for unit, start, _ in names.find(folded)]
    above = (asker, *corpus.units.above(asker)) if asker else ()
    bureau = next((one for one in above if one.level is UnitLevel.AGENCY), None)
    city = next((one for one in corpus.units if one.level is UnitLevel.RDEC), None)
    for pattern, unit in ((_OURS, asker), (_BUREAUS, bureau), (_CITYS, city)):
        match = re.search(fold(pattern), folded)
        if match and unit is not None:
            found.append((match.start(), unit))
    named = (unit for _, unit in sorted(found, key=lambda one: one[0]))
    writers = (
        city if unit.level is UnitLevel.CITY and city else unit
        for unit in named
        if unit.level is not UnitLevel.SECTION
    )
    return tuple(dict.fromkeys(writers))


def without_owners(folded: str, names: Names, fold: Folder) -> str:
    """Folded text without what `owners` reads."""
    for _, start, end in reversed(names.find(folded)):
        folded = f"{folded[:start]} {folded[end:]}"
    return re.sub(fold(f"{_OURS}|{_BUREAUS}|{_CITYS}"), " ", folded)


def without_units(folded: str, names: Names) -> str:
    """Folded text without the units and the kind of office that it names."""
    for _, start, end in reversed(names.find(folded)):
        folded = f"{folded[:start]} {folded[end:]}"
    return names.without_kinds(folded)


def plan_priors(scope: Scope, corpus: Corpus) -> dict[str, float]:
    """What speaks for each plan before a word of its clauses is read, by plan id."""
    return {plan.id: _prior(plan, scope, corpus) for plan in corpus.plans.values()}


# What each circumstance is worth beside a content score that runs to about five for a sure hit;
# the sweep is in docs/decisions/answering.md.
OWN, ABOVE, NAMED, OLD, YEAR = 1.3, 0.0, 1.6, -0.4, 1.2
OWN_BESIDE_NAMED = 0.0  # who asks about another unit wants that unit's plan first
OF_KIND = 0.8  # the plan of an office of the kind that is named
OTHERS = -1.2  # a plan that does not bind who asks, such as another bureau's
OTHERS_FOR_NOBODY = -0.2  # an office's own plan, where nobody is known to ask


def _prior(plan: Plan, scope: Scope, corpus: Corpus) -> float:
    prior = 0.0
    if scope.years and any(one.year in scope.years for one in corpus.plans.values()):
        prior += YEAR if plan.year in scope.years else 0.0
    elif precedence.is_superseded(corpus, plan):
        prior += OLD
    chain = precedence.plans_for(corpus, scope.asker) if scope.asker else ()
    if chain and plan == _of_year(chain[0], scope.years, corpus):
        prior += OWN_BESIDE_NAMED if _asks_about_another(scope, plan, corpus) else OWN
    elif plan in chain:
        prior += ABOVE
    if any(_speaks_for(plan, unit, corpus) for unit in scope.named):
        prior += NAMED
    elif scope.kind and not scope.of_each and plan.owner.endswith(scope.kind):
        prior += OF_KIND
    elif scope.asker is None:
        prior += OTHERS_FOR_NOBODY if plan.kind is PlanKind.WORK else 0.0
    elif not precedence.binds(corpus, plan, scope.asker):
        prior += OTHERS
    return prior


def _of_year(plan: Plan, years: tuple[RocYear, ...], corpus: Corpus) -> Plan:
    """The edition of a plan of the one year that is named; the plan itself where there is none."""
    owner = corpus.units.get(plan.owner)
    editions = precedence.own_plans(corpus, owner) if owner and len(years) == 1 else ()
    return next((one for one in editions if one.year in years), plan)


def _asks_about_another(scope: Scope, own: Plan, corpus: Corpus) -> bool:
    """Whether the question names a unit that has a plan of its own, other than the asker's."""
    return _asks_about_strangers(scope, own, corpus) or any(
        precedence.own_plans(corpus, unit) and not _speaks_for(own, unit, corpus)
        for unit in scope.named
        if unit.level not in (UnitLevel.CITY, UnitLevel.RDEC)
    )


def _asks_about_strangers(scope: Scope, own: Plan, corpus: Corpus) -> bool:
    """Whether the question names a kind of office whose plan is loaded and that is not below."""
    plans = (one for one in corpus.plans.values() if scope.kind and one.owner.endswith(scope.kind))
    owners = [unit for one in plans if (unit := corpus.units.get(one.owner))]
    return any(not precedence.binds(corpus, own, unit) for unit in owners)


def _speaks_for(plan: Plan, unit: Unit, corpus: Corpus) -> bool:
    """Whether naming the unit means this plan: the nearest plan at or above the unit."""
    chain = precedence.plans_for(corpus, unit)
    if not chain:
        return False
    nearest = chain[0]
    return plan == nearest or plan.supersedes == nearest.id or nearest.supersedes == plan.id
