"""Reports as clerks type them: 「一(三)2 已完成 辦了2場 60人」, 「60% 長照專員進駐」."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from functools import cache
from itertools import pairwise

from bot.plans import roc, typed_days, typed_numbers, typed_paths, typed_status
from bot.plans.model import RocYear
from bot.plans.progress import ProgressStatus, Quantity
from bot.plans.typed_status import Mention, Percentage
from bot.plans.typed_text import AMOUNT, MARKS, PATH, PERCENT, Plain, tidy

LONGEST_NOTE = 1_000
"""Characters of a note that a report may have."""


class FaultKind(StrEnum):
    """Why a part of a report cannot be meant as it was typed."""

    PERCENT = "percent"  # over 100
    NEGATIVE = "negative"  # a number below zero
    DATE = "date"  # a day that no calendar has
    TOO_LONG = "too_long"  # a note over LONGEST_NOTE
    CONTRADICTION = "contradiction"  # 「已完成 30%」
    STATUSES = "statuses"  # 「已完成」 and 「未開始」 in one report
    PERCENTS = "percents"  # two percentages that both may be the progress
    ITEMS = "items"  # 「一(三)2、3」: one report for several items


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What cannot be meant, and the words that say it, as typed."""

    kind: FaultKind
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedReport:
    """One report of a message.

    `words` is its text as typed. `path` is a clause path as typed, `segments` its numbers
    (chapter, item, clause …). `subject` are the words that name the item; beside a path, what
    else was said. `unit` and `year` are those that were named. `percent` is 0 to 100. `note` is
    word for word, without path, status, percent and the words that name the item. `not_held`: it
    was said that the item is not carried out (取消辦理, 不適用), and nothing of its status: whoever
    stores it has to ask. `faults` are reasons to ask rather than store.
    """

    words: str
    path: str = ""
    segments: tuple[str, ...] = ()
    subject: str = ""
    unit: str = ""
    status: ProgressStatus | None = None
    percent: int | None = None
    quantities: tuple[Quantity, ...] = ()
    done_on: date | None = None
    year: RocYear | None = None
    note: str = ""
    reason: str = ""
    remedy: str = ""
    not_held: bool = False
    faults: tuple[Fault, ...] = ()


_COMMAND = re.compile(
    r"[\s@#【\[(（「，,:：]*(?:我要|我|要|請)?"
    r"(?:[回迴]報進度|進度[回迴]報|報告進度|[回迴]報|回报|報進度|(?i:report)(?![a-zA-Z]))"
    r"(?!機制|系統|單)(?:一下)?[\s:：,，】\])）」]*"
)
_BULLET = re.compile(
    r"\s*(?:[-*•·●○◎▪‧※➤→◆■□▲★]\s*(?![\d-])|[-*•·●]\s+|\(?\d{1,2}\s*[.)、]\s*(?!\d)|\d{1,2}\s*\)\s*)"
)
_CHINESE_BULLET = re.compile(
    r"\s*(?:\([一二三四五六七八九十]{1,2}\)|[一二三四五六七八九十]{1,2}\s*[、.])\s*"
)
_HEADING = re.compile(
    r"\s*(?:[今昨本這]?[天日週周月季]?的?(?:工作)?(?:進度|回報|執行情形|辦理情形)(?:如下)?|各位好|大家好|您好|你好|早安|午安)[\s:！!。,]*$"
)
_SENTENCE_ENDS = re.compile(r"[;；。\n]|(?<!\d)[,、，]|[,、，](?!\d)")
_YEAR = re.compile(
    r"(?:(?P<front>^\s*(?<!\d)(?:民國)?(?P<first>1[01]\d|20[12]\d)\s*年)(?!\s*\d{1,2}\s*月|前|度)"
    r"|(?<![較比與和跟自從於照\d])(?:民國)?(?P<any>1[01]\d|20[12]\d)\s*年度)的?"
    r"|^\s*(?P<last>去年度?)(?!同期)的?"
)
_REASON = re.compile(
    r"(?:進度)?(?:落後|延遲|延誤|延宕|未完成|未辦理|卡關|卡住)的?(?:原因|理由)\s*(?:是|為|:|,|在於)*\s*"
    r"|(?:^|(?<=[\s,。;、]))(?:原因|理由)\s*(?:是|為|:|在於)*\s*"
)
_LATE_REASON = re.compile("(?:落後|延遲|延誤|延宕|卡關|卡住)的?(?:原因|理由)")
_NUMBER = re.compile(typed_numbers.NUMBER)
_BECAUSE = re.compile(r"因為|由於|(?:^|(?<=[\s,。;、後遲住誤宕\ue000-\ue004]))因(?![應此為素地材])")
_REMEDY = re.compile(
    r"(?:因應|改善|改進|補救|解決)(?:對策|措施|作為|方案|方式|作法|辦法)\s*(?:是|為|:)\s*"
    r"|(?:^|(?<=[\s,。;、]))(?:因應對策|對策)\s*(?:是|為|:)*\s*"
)
_MEND = re.compile(
    r"(?:^|(?<=[\s,。;、]))(?:因應(?:對策|措施|作為)?|改善(?:對策|措施|作法|方案|方式)?|補救(?:措施)?|"
    r"解決(?:方式|辦法|方案)|後續(?:對策|作法))\s*(?:是|為|:)*\s*(?=\S)"
)
_LATE = re.compile("落後|延遲|延誤|延宕|來不及|卡住|卡關|delay|無法如期|未能如期|趕不上")
_STANDING_LAST = re.compile(
    rf"[\s,。;、]+(?:{typed_status.PERCENTAGE}|已?完成|進行中|辦理中|落後|未開始|已辦理)\s*$"
)
_ORDERS = re.compile(
    r"^(?:已經|已|今年度?的?|我們|本所|關於|辦理?了|舉辦了?|辦理?|做了?|召開了?|參加了|完成了?|總共|共計|合計|共|計(?!畫))+"
)
_TAIL = re.compile(
    "(?:那個|這個|的?部[分份]|[這那][項條件]|的|一案|辦理?了|舉辦了?|做了|召開了?|總共|合計|共計)+$"
)
_FILLING = re.compile(
    rf"^[{MARKS}]*(?:的(?:部分|部份)?|這[項條個]|那[項條個]|部[分份]|目前|現在|今天|本[所科室組課局處中心]+|我們)*[{MARKS}]*$"
)
_ONLY_MARKS = re.compile(rf"[{MARKS}]*$")
_WHEN = re.compile("[上下]半年|[本這上]個?[月季週年]|今年|去年|年底|年度")
_PEOPLE = re.compile("(?:參加|出席|參與|到場|報名|左右|以上|受惠|次數|民眾)+$")
_RUN = re.compile("[^\ue000-\ue004]+")
_COVERED = re.compile("[\ue000-\ue004]")
_NOT_HELD = re.compile(
    rf"(?<!{AMOUNT})(?:(?:本|今|當)?年度?)?(?:取消|停止|暫停|免予?|免去|無須|無需|毋須|不用|不須|不需|不再|不予|不)"
    r"(?:辦理?|舉辦|執行|實施)(?:了|(?:本|此|該)[項案次]\S{0,2})?"
    rf"(?=[{MARKS}]|$)|(?:取消|停辦|不適用|(?:無|非)(?:此|該|本|相關)[項類]?(?:業務|工作))了?(?=[{MARKS}]|$)"
)
_CONTINUES = re.compile(
    r"[\s(（【「\[\-－–—•·●○*＊※→↳☆]|備註|說明|附?註|補充|另|並|且|及|其中|共|合計|以上|謝|感謝|請|因|由於|原因|對策"
)
_GOES_ON = re.compile(r"[,，、:：(（]\s*$")
_SYMBOLS = re.compile(r"^[^\w(「『（]+|[^\w)」』）]+$")
_CHUNK = re.compile(rf"[^\s,，。;；:：、!！?？{PATH}{PERCENT}]+")
_SHORT = 4


def read(text: str, *, today: date, unit_names: Collection[str] = ()) -> tuple[TypedReport, ...]:
    """The reports of a message, in its order; empty when it says nothing.

    A line that names no item and says no status belongs to the line above, but in a list whose
    every other line has its path it stands alone, to be asked about. A unit or a year that is
    named holds for what follows. Two items with one status after them share it, and so do those
    of a range of paths.

    Args:
        text: with or without 「回報」 before it.
        today: the date in Taipei.
        unit_names: names and aliases of units that may be named.
    """
    names = frozenset(unit_names)
    command = _COMMAND.match(text)
    body = text[command.end() :] if command else text
    unit: str = ""
    year: RocYear | None = None
    found: list[TypedReport] = []
    for part in _parts(body, today, names):
        draft = _Draft(part, today, names)
        one = draft.read()
        unit, year = one.unit or unit, one.year or year
        found += draft.each(replace(one, unit=unit, year=year))
    return tuple(_shared([one for one in found if not _says_nothing(one)]))


class _Draft:
    """A part of a message that is read step by step; what was read is covered."""

    def __init__(self, words: str, today: date, names: frozenset[str]) -> None:
        self._plain = Plain.of(words)
        self._words = words
        self._today = today
        self._names = names
        self._faults: list[Fault] = []
        self._mentions: list[Mention] = []
        self._every: tuple[tuple[str, ...], ...] = ()

    def each(self, one: TypedReport) -> list[TypedReport]:
        """The report for each path of a range; numbers cannot be shared out among several."""
        if self._every and one.quantities:
            fault = Fault(kind=FaultKind.ITEMS, words=one.path)
            return [replace(one, faults=(*one.faults, fault))]
        return [replace(one, segments=segments) for segments in self._every] or [one]

    def read(self) -> TypedReport:
        """The part as a report."""
        plain = self._plain
        is_late = _LATE_REASON.search(plain.text) is not None
        reason, remedy = self._reason_and_remedy()
        path, segments = self._path()
        unit = self._unit()
        below_zero = typed_numbers.below_zero(plain)
        if below_zero:
            self._faults.append(Fault(kind=FaultKind.NEGATIVE, words=below_zero))
        year = self._year()
        days = typed_days.read(plain, self._today)
        self._faults += [Fault(kind=FaultKind.DATE, words=words) for words in days.impossible]
        typed_numbers.cover_what_counts_nothing(plain)
        rates = list(typed_numbers.rates_in(plain))
        percent = self._percent() if not below_zero else None
        status = self._status(percent, is_late=is_late, has_path=bool(segments))
        if percent is None and status is None and not self._faults:
            percent, status = _achieved(quantity for _, quantity in rates)
        counts = list(typed_numbers.counts_in(plain))
        quantities = tuple(one for _, one in sorted((*rates, *counts), key=lambda one: one[0]))
        says = bool(quantities) or status is not None or percent is not None
        not_held = not says and self._is_not_held()
        subject, note = self._subject_and_note(has_path=bool(segments))
        if len(note) > LONGEST_NOTE:
            self._faults.append(Fault(kind=FaultKind.TOO_LONG, words=note[:20]))
        return TypedReport(
            words=self._words.strip(),
            path=path,
            segments=segments,
            subject=subject,
            unit=unit,
            status=status,
            percent=_with_status(percent, status),
            quantities=() if below_zero else quantities,
            done_on=days.done_on,
            year=year,
            note=note,
            reason=reason,
            remedy=remedy,
            not_held=not_held,
            faults=tuple(self._faults),
        )

    def _reason_and_remedy(self) -> tuple[str, str]:
        """What stands after 落後原因 and 因應對策, up to the next of them or the end of the line."""
        plain = self._plain
        is_late = _LATE.search(plain.text) is not None
        markers = [(match, "reason") for match in _REASON.finditer(plain.text)]
        markers += [(match, "remedy") for match in _REMEDY.finditer(plain.text)]
        if is_late or any(kind == "reason" for _, kind in markers):
            markers += [(match, "remedy") for match in _MEND.finditer(plain.text)]
        if is_late:
            markers += [(match, "reason") for match in _BECAUSE.finditer(plain.text)]
        found = {"reason": "", "remedy": ""}
        for start, begins, ends, kind in _extents(plain.text, markers):
            if not found[kind]:
                found[kind] = tidy(plain.typed(begins, ends))
                plain.cover(start, ends, PATH, gone=True)
        return found["reason"], found["remedy"]

    def _path(self) -> tuple[str, tuple[str, ...]]:
        """The first path, or a range of them; other numbers after it are a fault."""
        plain = self._plain
        for path in typed_paths.paths_in(plain.text)[:1]:
            several = typed_paths.range_at(plain.text, path)
            end = several.end if several else path.end
            more = typed_paths.MORE.match(plain.text, end)
            if more is not None and len(path.segments) > 2:
                self._ask_for_one(path.start, more.end())
            elif several is not None and not several.every:
                self._ask_for_one(path.start, end)
            elif several is not None:
                self._every = several.every
            typed = tidy(plain.typed(path.start, end))
            plain.cover(path.start, end, PATH, gone=True)
            return typed, path.segments
        return "", ()

    def _ask_for_one(self, start: int, end: int) -> None:
        self._faults.append(Fault(kind=FaultKind.ITEMS, words=self._plain.typed(start, end)))

    def _is_not_held(self) -> bool:
        """Whether it is said that the item is not carried out; the words stay in the note."""
        match = _NOT_HELD.search(self._plain.text)
        if match is None:
            return False
        self._plain.cover(match.start(), match.end(), AMOUNT)
        return True

    def _unit(self) -> str:
        """A unit that is named first, before the path, or as the one that is reported for.

        Elsewhere a name is part of what was done: 「函報 衛生局 備查」.
        """
        plain, pattern = self._plain, _units_in(self._names)
        for match in pattern.finditer(plain.text) if pattern else ():
            is_first = _ONLY_MARKS.match(plain.text[: match.start()]) is not None
            is_before = plain.text[match.end() :].lstrip().startswith(PATH)
            if is_first or is_before or match["on"] or match["reports"]:
                typed = plain.typed(match.start("name"), match.end("name"))
                plain.cover(match.start(), match.end(), PATH, gone=True)
                return typed
        return ""

    def _year(self) -> RocYear | None:
        match = _YEAR.search(self._plain.text)
        if match is None:
            return None
        is_front = not self._plain.text[: match.start()].strip(f" {PATH}")
        self._plain.cover(match.start(), match.end(), AMOUNT, gone=is_front)
        if match["last"]:
            return RocYear(roc.from_western(self._today.year) - 1)
        number = int(match["first"] or match["any"])
        return RocYear(number) if number < 1000 else roc.from_western(number)

    def _percent(self) -> int | None:
        """The percentage that says how far the item is; several that differ are a fault."""
        plain = self._plain
        found = list(typed_status.percentages_in(plain))
        for one in found:
            plain.cover(one.start, one.end, PERCENT, gone=True)
        if len({one.value for one in found}) > 1:
            words = "、".join(_typed(plain, one) for one in found)
            self._faults.append(Fault(kind=FaultKind.PERCENTS, words=words))
            return None
        for one in found[:1]:
            if not 0 <= one.value <= 100:
                self._faults.append(Fault(kind=FaultKind.PERCENT, words=_typed(plain, one)))
                return None
            return one.whole
        return None

    def _status(
        self, percent: int | None, *, is_late: bool, has_path: bool
    ) -> ProgressStatus | None:
        """The status that the plainest words say, else what the percentage says.

        Beside a path, words that also tell what was done (「公告了」, 「10/3完工」) stay in the note.
        """
        every = list(typed_status.mentions_in(self._plain))
        if percent is not None and percent < 100:
            every = [
                one for one in every if one.weight > 1 or one.status is not ProgressStatus.DONE
            ]
        weight = max((one.weight for one in every), default=0)
        chosen = sorted((one for one in every if one.weight == weight), key=lambda one: one.start)
        self._mentions = chosen
        for one in chosen:
            tells = has_path and typed_status.tells_what(self._plain.text[one.start : one.end])
            if not (one.stays or tells):
                counts = one.weight == 1 and _NUMBER.match(self._plain.text, one.end) is not None
                self._plain.cover(one.start, one.end, PERCENT, gone=not counts)
        status = self._one_of(chosen)
        if is_late and status is not ProgressStatus.DONE and not self._has(FaultKind.STATUSES):
            return ProgressStatus.BEHIND
        if not chosen and percent is not None:
            return _status_of(percent)
        if status is not None and percent is not None and not _agree(status, percent):
            words = f"{self._plain.typed(chosen[0].start, chosen[0].end)} {percent}%"
            self._faults.append(Fault(kind=FaultKind.CONTRADICTION, words=words))
        return status

    def _has(self, kind: FaultKind) -> bool:
        return any(one.kind is kind for one in self._faults)

    def _one_of(self, chosen: Sequence[Mention]) -> ProgressStatus | None:
        """The one status of some words; being behind goes with any but being done.

        Where a step is done (「場地已完成，講師邀請中」), the rest decides.
        """
        rest = [one for one in chosen if one.status is not ProgressStatus.DONE]
        is_step = all(self._ends_words(one) for one in chosen if one not in rest)
        said = {one.status for one in (rest if rest and is_step else chosen)}
        if ProgressStatus.BEHIND in said and ProgressStatus.DONE not in said:
            return ProgressStatus.BEHIND
        if len(said) > 1:
            words = "、".join(self._plain.typed(one.start, one.end) for one in chosen)
            self._faults.append(Fault(kind=FaultKind.STATUSES, words=words))
            return None
        return next(iter(said), None)

    def _subject_and_note(self, *, has_path: bool) -> tuple[str, str]:
        """The words that name the item, and what else was said, word for word."""
        plain = self._plain
        if has_path:
            self._keep_what_ends_words()
            rest = _worth_noting(plain.left())
            rest = "" if _FILLING.match(Plain.of(rest).text) else rest
            return rest, rest
        for start, end in _chunks(plain.text):
            for run in _RUN.finditer(plain.text, start, end):
                subject = _TAIL.sub("", _ORDERS.sub("", plain.left(run.start(), run.end())))
                if not _has_words(subject):
                    continue
                if AMOUNT not in plain.text[start : run.start()]:
                    plain.gone[run.start() : run.end()] = [True] * (run.end() - run.start())
                self._keep_what_ends_words()
                return _SYMBOLS.sub("", tidy(subject)), _worth_noting(plain.left())
        return "", _worth_noting(plain.left())

    def _keep_what_ends_words(self) -> None:
        """Leave a status in the note that ends words of it: 「場地布置已完成，講師邀請中」."""
        for one in self._mentions:
            if self._ends_words(one):
                self._plain.gone[one.start : one.end] = [False] * (one.end - one.start)

    def _ends_words(self, mention: Mention) -> bool:
        """Whether a status stands directly after words that are not gone."""
        plain, place = self._plain, mention.start - 1
        if place < 0 or plain.gone[place]:
            return False
        return re.match(f"[{MARKS}]", plain.text[place]) is None


@cache
def _units_in(names: frozenset[str]) -> re.Pattern[str] | None:
    """What finds one of the names; of two that begin alike the longer."""
    folded = {Plain.of(name).text for name in names} - {""}
    if not folded:
        return None
    either = "|".join(re.escape(one) for one in sorted(folded, key=len, reverse=True))
    return re.compile(
        rf"(?:^|(?<=[{MARKS}]))(?P<on>幫|代替?|替)?(?P<name>{either})"
        rf"(?:的?(?=[{MARKS}]|$)|的|(?P<reports>回報))"
    )


def _parts(body: str, today: date, names: frozenset[str]) -> Iterator[str]:
    """The message cut into what belongs to one item each."""
    lines = [line for line in body.splitlines() if line.strip() and not _is_greeting(line)]
    is_list = len(lines) > 1 and all(_is_bulleted(line) for line in lines)
    by_line = [list(_pieces(_unnumbered(line), today, names)) for line in lines]
    stray = _stray(lines, by_line)
    pieces = [piece for line in by_line for piece in line]
    is_bare = not any(piece.has_path or piece.has_status for piece in pieces)
    part: _Piece | None = None
    for piece in pieces:
        if part is None:
            part = piece
        elif (
            part.is_heading
            or piece is stray
            or piece.is_new_after(part)
            or (is_list and is_bare and piece.opens_line)
        ):
            yield part.words
            part = piece
        else:
            part = part.followed_by(piece)
    if part is not None:
        yield part.words


def _stray(lines: Sequence[str], by_line: Sequence[Sequence[_Piece]]) -> _Piece | None:
    """The beginning of the one line that says nothing between lines that each have a path."""
    without = [
        at
        for at, line in enumerate(by_line)
        if line and not line[0].has_path and not line[0].is_heading
    ]
    if len(without) != 1 or not 0 < without[0] < len(lines) - 1:
        return None
    (at,) = without
    goes_on = _CONTINUES.match(lines[at]) or _GOES_ON.search(lines[at - 1])
    says = any(
        one.has_path or one.has_status or one.has_reason or one.has_more for one in by_line[at]
    )
    return None if goes_on or says else by_line[at][0]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Piece:
    """A piece of a line, up to a mark that may separate reports.

    `joint` is the mark before it. `status_first`: it begins with its status. `has_subject`: words
    of its own are left beside status, percentage and numbers. `has_more`: it says numbers or a day.
    `is_heading`: it only names a unit or a year.
    """

    words: str
    joint: str
    has_path: bool
    has_status: bool
    has_subject: bool
    has_reason: bool
    has_more: bool
    status_first: bool
    is_heading: bool

    @property
    def opens_line(self) -> bool:
        """Whether it is the first of its line."""
        return self.joint == "\n"

    def is_new_after(self, part: _Piece) -> bool:
        """Whether another report begins with it."""
        if self.has_path:
            return True
        if not (self.has_status and self.has_subject) or self._goes_on_with(part):
            return False
        if not part.has_status:
            return not self.status_first and not part.has_path and self.opens_line
        return bool(set(self.joint) & set("\n;；。")) or not part.has_path

    def _goes_on_with(self, part: _Piece) -> bool:
        """Whether it is still the reason that the part gives."""
        return part.has_reason and self.joint.strip() in (",", "，", "、")

    def followed_by(self, piece: _Piece) -> _Piece:
        """Both together."""
        return replace(
            self,
            words=f"{self.words}{piece.joint}{piece.words}",
            has_path=self.has_path or piece.has_path,
            has_status=self.has_status or piece.has_status,
            has_subject=self.has_subject or piece.has_subject,
            has_reason=self.has_reason or piece.has_reason,
            has_more=self.has_more or piece.has_more,
        )


def _pieces(line: str, today: date, names: frozenset[str]) -> Iterator[_Piece]:
    """The pieces of a line: cut at marks that are in no path, and before each further path."""
    plain = Plain.of(line)
    joint, begins = "\n", 0
    for start, end in [*_cuts(plain.text), (len(plain.text), len(plain.text))]:
        words = plain.typed(begins, start)
        if words.strip():
            yield _piece(words, joint, today, names)
            joint = plain.typed(start, end) or " "
        else:
            joint += plain.typed(begins, end)
        begins = end


def _cuts(text: str) -> list[tuple[int, int]]:
    paths = typed_paths.paths_in(text)
    inside = {place for one in paths for place in range(one.start, one.end)}
    cuts = [
        (match.start(), match.end())
        for match in _SENTENCE_ENDS.finditer(text)
        if match.start() not in inside
    ]
    for above, one in pairwise(paths):
        several = typed_paths.range_at(text, above)
        if several is not None and one.start < several.end:
            continue
        before = text[: one.start].rstrip()
        if not any(end == len(before) for _, end in cuts):
            cuts.append((one.start, one.start))
    return sorted(cuts)


def _piece(words: str, joint: str, today: date, names: frozenset[str]) -> _Piece:
    one = _Draft(words, today, names).read()
    text = Plain.of(words.strip()).text
    starts = [mention.start for mention in typed_status.mentions_in(Plain.of(text))]
    starts += [percent.start for percent in typed_status.percentages_in(Plain.of(text))]
    is_reason = bool(one.reason or one.remedy)
    says = one.status is not None or one.percent is not None or one.not_held or bool(one.faults)
    names_only = bool(one.unit or one.year) and not (one.segments or one.subject or one.note)
    return _Piece(
        words=words,
        joint=joint,
        has_path=bool(one.segments),
        has_status=says and not is_reason,
        has_subject=_has_words(one.subject),
        has_reason=is_reason,
        has_more=bool(one.quantities) or one.done_on is not None or any(map(str.isdigit, text)),
        status_first=0 in starts,
        is_heading=names_only and not says and joint == "\n",
    )


def _shared(parts: Sequence[TypedReport]) -> Iterator[TypedReport]:
    """The reports, where one that is a path alone takes the status of the one after it."""
    status: TypedReport | None = None
    found: list[TypedReport] = []
    for one in reversed(parts):
        is_bare = one.segments and one.status is None and not (one.note or one.faults)
        if is_bare and status is not None:
            one = replace(one, status=status.status, percent=status.percent, done_on=status.done_on)
        status = one if one.segments else None
        found.append(one)
    return reversed(found)


def _unnumbered(line: str) -> str:
    """A line without the bullet or number before it, where that is no path."""
    rest = line.lstrip()
    plain = Plain.of(rest)
    bullet = _BULLET.match(plain.text) or _CHINESE_BULLET.match(plain.text)
    if bullet is None:
        return rest
    without = plain.typed(bullet.end(), len(plain.text))
    starts = [one.start for one in typed_paths.paths_in(plain.text)]
    then = [one.start for one in typed_paths.paths_in(Plain.of(without).text)]
    return rest if 0 in starts and 0 not in then else without


def _is_greeting(line: str) -> bool:
    """Whether a line is 「今日進度：」 and nothing else."""
    return _HEADING.match(Plain.of(line).text) is not None


def _is_bulleted(line: str) -> bool:
    return _unnumbered(line) != line.lstrip()


def _extents(
    text: str, markers: Iterable[tuple[re.Match[str], str]]
) -> Iterator[tuple[int, int, int, str]]:
    """Where each reason or remedy stands with its marker, begins and ends, and which it is."""
    ordered: list[tuple[re.Match[str], str]] = []
    for match, kind in sorted(markers, key=lambda one: (one[0].start(), -one[0].end())):
        if not ordered or match.start() >= ordered[-1][0].end():
            ordered.append((match, kind))
    following = [*(match.start() for match, _ in ordered[1:]), len(text)][: len(ordered)]
    for (match, kind), end in zip(ordered, following, strict=True):
        line_ends = text.find("\n", match.end(), end)
        end = end if line_ends < 0 else line_ends
        while last := _STANDING_LAST.search(text, match.end(), end):
            end = last.start()
        for path in typed_paths.paths_in(text[match.end() : end])[-1:]:
            if (
                match.end() + path.end == end
                and path.start
                and text[match.end() + path.start - 1].isspace()
            ):
                end = match.end() + path.start
        yield match.start(), match.end(), end, kind


def _chunks(text: str) -> Iterator[tuple[int, int]]:
    """Runs of words without a break; short ones that follow each other count as one."""
    start = end = last = -1
    for match in _CHUNK.finditer(text):
        is_name = not (_COVERED.search(match[0]) or match[0].startswith("已"))
        is_short = is_name and max(last, len(match[0])) <= _SHORT
        is_near = start >= 0 and is_short and not text[end : match.start()].strip(" ")
        if start >= 0 and not is_near:
            yield start, end
        start, end = (start if is_near else match.start()), match.end()
        last = len(match[0])
    if start >= 0:
        yield start, end


def _has_words(subject: str) -> bool:
    """Whether words are left that may name an item."""
    rest = _ORDERS.sub("", Plain.of(subject).text.strip())
    rest = _WHEN.sub("", _PEOPLE.sub("", rest))
    return len(re.findall(r"[^\W\d_]", rest)) > 1


def _worth_noting(note: str) -> str:
    """A note, or nothing where it has neither letters nor digits."""
    return note if any(one.isalnum() for one in note) else ""


def _says_nothing(one: TypedReport) -> bool:
    said = (one.segments, one.subject, one.note, one.quantities, one.faults, one.reason, one.remedy)
    return not any(said) and one.status is None and one.percent is None and one.done_on is None


def _status_of(percent: int) -> ProgressStatus:
    if percent == 100:
        return ProgressStatus.DONE
    return ProgressStatus.UNDERWAY if percent else ProgressStatus.NOT_STARTED


def _achieved(rates: Iterable[Quantity]) -> tuple[int | None, ProgressStatus | None]:
    """How far the item is by a rate such as 達成率, and the status that it means."""
    rate = typed_numbers.achieved(rates)
    if rate is None:
        return None, None
    percent = typed_status.whole(rate)
    return percent, _status_of(percent)


def _with_status(percent: int | None, status: ProgressStatus | None) -> int | None:
    """The percentage, or the one that the status means."""
    if percent is None and status is ProgressStatus.DONE:
        return 100
    if percent is None and status is ProgressStatus.NOT_STARTED:
        return 0
    return percent


def _agree(status: ProgressStatus, percent: int) -> bool:
    if status is ProgressStatus.DONE:
        return percent == 100
    if status is ProgressStatus.NOT_STARTED:
        return percent == 0
    return percent < 100


def _typed(plain: Plain, found: Percentage) -> str:
    return plain.typed(found.start, found.end)
