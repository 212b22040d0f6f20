"""What an answer is: its kind, its clauses, and what has to be said beside them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from bot.plans.deadlines import Deadline
from bot.plans.model import Node, Plan, Unit
from bot.search.actors import Actor
from bot.search.editions import Difference
from bot.search.refusal import Band

PASSAGES = 5
REMARK = "remark"
"""The topic of words that ask nothing and name nothing, and are taken note of."""
HANDED = "handed"
"""The topic of «has it been handed in», which no plan can say."""
PLANS_HERE = "plans_here"
"""The topic of which editions of an owner's plan are here; `plan` is one of them."""
THOSE = "those"
"""The topic of those entries of a list that are on a subject."""
LATE = "late"
"""The topic of «may it be handed in late», which the plans do not say."""
OFF_TOPIC = "off_topic"
"""The topic of a question that has nothing to do with the plans."""
ERRAND = "errand"
"""The topic of what the bot is asked to do and cannot."""
SILENT = "silent"
"""The topic of a detail that the clause of the conversation does not state."""
APPLIES, SPARES = "applies", "spares"
"""The topics of «does it bind us»: by whose plan it is, and not, by the level of the unit."""
NONE_IS = "none_is"
"""The topic of «which of these are ours», where none is."""
TAUGHT = "taught"
"""The topic of clauses that curators linked to the question."""
DEADLINES = "deadlines"
"""The topic of the card of next deadlines."""
SAID = "said"
"""The topic of a clause that answers a question about what was shown."""
HERE = "here"
"""The topic of a clause that was shown and also says what is asked for then."""
TOLD = "told"
"""The topic of another clause that tells more of what the conversation is about."""
THEIRS = "theirs"
"""The topic of «is that theirs too», of the units of the clause before."""
SOME = "some"
"""The topic of several entries of the list that was shown."""
WHOSE = "whose"
"""The topic of «is it that section's», of what was shown."""
HAS_IT = "has_it"
"""The topic of «does that year have it too», where it has."""
HAS_OURS = "has_ours"
"""The topic of «does our own plan have it», where it has."""
TWICE = "twice"
"""The topic of two rows of a schedule that are one thing done twice."""
TWO = "two"
"""The topic of a comparison of two clauses, perhaps of one plan."""
BESIDE = "beside"
"""The topic of a comparison of owners' plans on the subject of the conversation."""
NEITHER = "neither"
"""The topic of a comparison of plans that none of them speaks of."""
PERIOD = "period"
"""The topic of all that falls into a time; `deadlines` are what does."""
SECTIONS = "sections"
"""The topic of a comparison of the same section of two plans; `parts` are the two."""
PARTS = "parts"
"""The topic of what a plan or a form consists of, its chapters or the explanation of a column."""
EDITIONS, ONE_EDITION = "editions", "one_edition"
"""The topics of what changed between two editions, a list, and of a plan that has but one."""
STILL, GONE, IN_CHARGE = "still", "gone", "in_charge"
"""The topics of a clause that an edition still has, of one that it has not, and of whether the
same units are responsible in both."""


class Kind(StrEnum):
    """What kind of answer it is (SURFACE, `ask --json`)."""

    CLAUSE = "clause"
    DEADLINE = "deadline"
    UNIT = "unit"
    LIST = "list"
    FORMAT = "format"
    COMPARE = "compare"
    SMALLTALK = "smalltalk"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A clause that answers, with its plan."""

    node: Node
    plan: Plan
    score: float

    @property
    def text(self) -> str:
        """The clause word for word, with the number that is printed before it."""
        label = self.node.label
        return f"{label} {self.node.words}" if label.isdecimal() else label + self.node.words

    def as_json(self) -> dict[str, Any]:
        """The passage as SURFACE has it."""
        return {
            "clause": self.node.id,
            "plan": self.plan.title,
            "year": self.plan.year,
            "path": self.node.path,
            "text": self.text,
            "units": list(self.node.units),
            "score": round(self.score, 3),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What was found.

    `shown` are all nodes of a list or look-up, however many; `passages` at most five, best first.
    `differs` are clauses of a superior's plan or an older edition that say something else on the
    same subject. `deadlines` are the asker's own dates on it, or those of `dates_of`, a unit or a kind of office, in a `period` where one is asked about. `topic` names a structured answer, `heading` its heading. `unit` is whose duties
    are listed, `on` the subject to which they are limited. `second` is a clause that answers nearly as well. `band` tells how sure the answer is; `nearest` are offered where the plans do not
    say. `faq` is a curators' entry that answers with the cited clauses. `parts` are the answers of
    one that has several. `turned_to` is a unit that the question names: one that the clause does
    not name, or whose own plan is not loaded. `asked_of` are sections of which it is asked
    whether the clause is theirs. `lacking` is a plan without a clause on it.
    `differences` are what became of the clauses that are compared, of which `shown` are some.
    `others` are the units of the clause that was shown before.
    `unstated` are details, `unmentioned` words that were asked for and do not stand there;
    `vaguely` is what stands there in place of a detail, such as 定期; `stated` are details that do
    stand there; `actor` is who acts, by the words of a plan without a column of units;
    `exemption` is a clause that spares who asks something else than what the question is about;
    `says` are the clause's own words that answer a short question. `on_subject`: the
    `nearest` are on the subject and lack what is `unstated`.
    """

    question: str
    kind: Kind
    band: Band = Band.SAID
    passages: tuple[Passage, ...] = ()
    shown: tuple[Node, ...] = ()
    deadlines: tuple[Deadline, ...] = ()
    dates_of: str = ""
    period: str = ""
    nearest: tuple[Passage, ...] = ()
    second: Passage | None = None
    differs: tuple[Passage, ...] = ()
    topic: str = ""
    heading: Node | None = None
    plan: Plan | None = None
    unit: Unit | None = None
    on: str = ""
    asker: Unit | None = None
    today: date | None = None
    unstated: tuple[str, ...] = ()
    unmentioned: tuple[str, ...] = ()
    vaguely: str = ""
    says: str = ""
    stated: tuple[str, ...] = ()
    on_subject: bool = False
    others: tuple[str, ...] = ()
    faq: str = ""
    parts: tuple[Answer, ...] = ()
    turned_to: Unit | None = None
    asked_of: tuple[Unit, ...] = ()
    lacking: Plan | None = None
    differences: tuple[Difference, ...] = ()
    actor: Actor | None = None
    exemption: Node | None = None
    doubt: float = 0.0
    took_ms: float = 0.0

    def as_json(self, text: str) -> dict[str, Any]:
        """The answer as SURFACE has it, with what the bot would say."""
        made: dict[str, Any] = {
            "kind": self.kind.value,
            "text": text,
            "passages": [one.as_json() for one in self.passages],
            "deadlines": [_deadline_json(one) for one in self.deadlines],
            "took_ms": round(self.took_ms, 1),
        }
        if self.kind is Kind.UNKNOWN:
            made["nearest"] = [one.as_json() for one in self.nearest]
        return made


def _deadline_json(deadline: Deadline) -> dict[str, Any]:
    return {
        "id": deadline.id,
        "title": deadline.title,
        "start": deadline.start.isoformat(),
        "end": deadline.end.isoformat(),
        "unit": deadline.unit,
        "clause": deadline.source.clause,
    }
