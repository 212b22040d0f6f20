"""What of a subject is for a section to do: 「滿意度調查那塊我們科要做哪些」."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache

from bot.plans.model import Unit, UnitLevel
from bot.search.details import Details
from bot.search.scope import Scope
from bot.search.shown import typed
from bot.search.structure import Found, Structure
from bot.search.words import Folder

_PART = r"(?:[那這]一?(?:塊|邊|部分|方面|件事?|個)|的?(?:部分|方面|事情?|相關的?))"
_OURS = r"(?:我們?(?:這邊|科室|[科室課組處]|中心)?|本[科室課組處])"
_ASKED = (
    r"(?:自己|到底|分別|總共|需要|應該|[要該得會有])*(?:做|負責|辦理?|處理|配合|弄|放|設置?|提供)(?:的|是|有)*"
    r"(?:哪些|什麼|啥|哪幾[條項件])(?:事情?|工作|東西|項目|條文)*(?:呢|啊)*$"
)
_OF_THESE = (
    r"(?:還有|有)?哪(?:些|幾[條項件])(?:條文|工作|事情?|項目)?是{ours}(?:自己|需要|應該|[要該得])*"
    r"(.{{2,8}}?)(?:做|辦理?|弄|處理)?的(?:呢|啊)*$"
)
_PAUSE, _MARKS = r"\s,，。;；!?？", " ?？!！。"
_LEAST = 2  # entries that make a list


@dataclass(frozen=True, slots=True, kw_only=True)
class OurPart:
    """Finds a section's duties on a subject."""

    structure: Structure
    details: Details
    fold: Folder

    def subject(self, question: str, named: Scope) -> tuple[str, ...]:
        """The words of the subject of which the asker's section asks for its part; nothing where a
        question asks something else."""
        unit = named.asker
        if unit is None or unit.level is not UnitLevel.SECTION:
            return ()
        runs = self.details.subject(self._subject(self.fold(question), unit))
        own = tuple(one for one in runs if len(one) > 1 and not self.details.is_light(one))
        return own or tuple(one for one in runs if len(one) > 1)

    def find(self, question: str, named: Scope) -> Found | None:
        """The asker's duties on the subject that is named; None where they are no list."""
        words, unit = self.subject(question, named), named.asker
        found = self.structure.duties(unit, named) if unit is not None and words else None
        if found is None or unit is None:
            return None
        is_on = (
            self.details.names
            if all(self.details.is_light(one) for one in words)
            else self.details.is_on
        )
        nodes = tuple(node for node in found.nodes if is_on(node, words))
        if len(nodes) < _LEAST:
            return None
        on = typed(self._subject(self.fold(question), unit), question, self.fold)
        return replace(found, nodes=nodes, on=on)

    def _subject(self, folded: str, unit: Unit) -> str:
        """What is named before 「我們要做哪些」; a pause between them needs a 「那塊」."""
        before, own = rf"^([^{_PAUSE}]{{2,14}}?)", re.escape(self.fold(unit.name))
        asked = self.fold(f"{before}(?:{_PART}[{_PAUSE}]*)?{_OURS}(?:{own})?{_ASKED}")
        of_these = self.fold(_OF_THESE.format(ours=_OURS))
        said = folded.strip(_MARKS)
        match = _compiled(asked).match(said) or _compiled(of_these).search(said)
        return match[1] if match is not None else ""


@lru_cache(maxsize=64)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)
