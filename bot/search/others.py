"""Of which other agencies a short question asks the question before: 「那各衛生所呢」, 「他們也要嗎」.

It is written anew so that it stands for itself. A kind of agency writes another plan than who asked:
「我們局的執行計畫什麼時候提出」 becomes 「各衛生所的工作計畫什麼時候提出」.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from bot.plans.corpus import Corpus
from bot.plans.model import Node, NodeKind, Unit, UnitLevel
from bot.search import scope
from bot.search.scope import Names, Scope
from bot.search.words import Folder, bare

_LOW = (
    r"(?:二級|所屬|底下|轄下|下屬|下面)的?(?:機關|單位)?(?:的?(?:衛生所|戶政(?:事務)?所|地政(?:事務)?所))?"
    r"|(?:底下|轄下|下屬|下面)?的?(?:衛生)?所(?:跟|和|與|及)(?:市立)?醫院|衛生所|衛所|戶政(?:事務)?所|地政(?:事務)?所|戶政|地政|(?:市立)?醫院"
)
_HIGH = r"一級(?:機關|單位)?|局處|區公所|公所"
_TURNS = (
    r"^(?:那麼?|啊|阿|至於|換成|改問|我們|區裡|局裡|市府|的)*(?:各個?)?({kind})(?:的|他們|們)*"
    r"(?:呢|咧|勒|ㄋ|哩)$"
)
_OURS = r"我們?(?:局|處|所|會|中心|公所|單位|這邊)?(?:自己)?的?|本[局處所會]的?"
_WORK, _EXECUTION = "工作計畫", "執行計畫"
_THEY = "他們|它們"


@dataclass(frozen=True, slots=True, kw_only=True)
class Others:
    """Writes a short question anew for the agencies that it turns to.

    `mentions` are, for a unit's name, the rows of the clauses that name it; `rows` those of nodes.
    """

    corpus: Corpus
    names: Names
    fold: Folder
    mentions: Mapping[str, Collection[int]]
    rows: Mapping[str, int]

    def asked(self, question: str, named: Scope, before: str, shown: Node | None) -> str:
        """The question that is meant, or nothing where this one asks something else.

        Args:
            question: as typed.
            named: what it names.
            before: the question before.
            shown: the clause that the talk is about.
        """
        city = (UnitLevel.CITY, UnitLevel.RDEC)
        is_of_one = any(unit.level not in city for unit in named.named)
        if shown is None or is_of_one or named.years:
            return ""
        return self._of_kind(question, before, shown) or self._of_them(
            question, named.asker, before, shown
        )

    def _of_kind(self, question: str, before: str, shown: Node) -> str:
        """The question before, of a kind of agency, where the talk is about who writes plans."""
        if not before or not _is_about_writing(shown):
            return ""
        for kinds, its, other in ((_LOW, _WORK, _EXECUTION), (_HIGH, _EXECUTION, _WORK)):
            match = self._match(_TURNS.replace("{kind}", kinds), bare(self.fold(question)))
            if match is not None:
                rest = scope.without_units(self.fold(before), self.names)
                rest = self._without(f"{_LOW}|{_HIGH}|{_OURS}|各(?=的)", rest)
                rest = rest.replace(self.fold(other), self.fold(its))
                kind = re.sub("([级属下面])的?$", r"\1机关", match[1])  # 「那二級的呢」
                return f"各{kind} {rest.strip()}"
        return ""

    def _of_them(self, question: str, asker: Unit | None, before: str, shown: Node) -> str:
        """A question about 「他們」, of a unit that the clause names which was shown."""
        if not self._finds(_THEY, self.fold(question)):
            return ""
        row = self.rows.get(shown.id)
        naming = [name for name, rows in self.mentions.items() if row in rows]
        if not naming or (asker is not None and asker.name in naming):
            return ""
        asked = [unit.name for unit, _, _ in self.names.find(self.fold(before))]
        unit = next((one for one in asked if one in naming), naming[0])
        return re.sub(_THEY, unit, question, count=1)

    def _match(self, pattern: str, folded: str) -> re.Match[str] | None:
        return re.match(self.fold(pattern), folded)

    def _finds(self, pattern: str, folded: str) -> bool:
        return re.search(self.fold(pattern), folded) is not None

    def _without(self, pattern: str, folded: str) -> str:
        return re.sub(self.fold(pattern), " ", folded)


def _is_about_writing(node: Node) -> bool:
    """Whether a clause is about plans as such, who writes, checks and reports them, and not about
    what stands in them."""
    is_form = node.kind in (NodeKind.SCHEDULE, NodeKind.FORM)
    is_content = node.segments[0] in ("1", "2", "4") and node.segments[:2] != ("4", "0")
    return is_form or not is_content
