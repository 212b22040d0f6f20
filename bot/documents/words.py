"""What stands in documents besides the template's headings and what was reported."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from bot import clock
from bot.plans.model import RocYear
from bot.plans.progress import Item, ItemState, ProgressReport, ProgressStatus, Quantity
from bot.plans.roc import from_western

NO_REPORT = "（尚無回報）"
NO_RESULT = "（尚無結果）"
UNIT_NOT_PRINTED = "註：業務單位空白者，計畫原文未載明。"
NOTHING = "—"
UNREADABLE = "（圖檔無法讀取）"
NOT_DUE = "期限未到"

OVERVIEW = "各單位辦理情形"
OVERVIEW_COLUMNS = (
    "單位", "應辦項數", "已完成", "進行中", "落後", "未開始", "尚無回報", "完成率", "最近回報"
)  # fmt: skip

ROUTINE = "平時查核"
CHAPTERS = ("工作要項", "應辦項數", "已完成", "進行中", "落後", "未開始", "尚無回報")
SCHEDULE = "作業期程辦理情形"
SCHEDULE_COLUMNS = ("作業項目", "期限", "狀態", "辦理情形")
COURTESY = "電話服務品質及禮貌測試"
COURTESY_COLUMNS = ("測試", "日期", "分數", "缺失", "改善措施")
VISITS = "不定期查訪暨輔導"
VISIT = "查訪"
"""How a date of the schedule is known to be a visit."""

REASON, REMEDY = "落後原因", "因應對策"
BEHIND = "落後項目"
BEHIND_COLUMNS = ("條號", "項目", "進度", REASON, REMEDY)
NOTHING_BEHIND = "無落後項目。"
MISSING = "尚無回報項目"
MISSING_COLUMNS = ("條號", "項目", "業務單位")
NOTHING_MISSING = "各項目均已回報。"
RETURNED = "退回待補正的回報"
RETURNED_COLUMNS = ("編號", "條號", "項目", "退回意見")

PICTURES = "佐證照片"
FILES = "佐證檔案"
FILE_COLUMNS = ("編號", "檔名", "大小", "SHA-256（前12碼）", "條號", "回報")
NO_EVIDENCE = "本年度沒有佐證照片或檔案。"

SOURCES = "執行情形與量化成果的每一筆，均可由編號（#）對到下列回報。"
SOURCE_COLUMNS = ("編號", "日期", "條號", "項目", "回報數字")
REPORTER = "回報人"
UNIT = "單位"

_CUT = 14
_DIGITS = "〇一二三四五六七八九"


def numeral(number: int) -> str:
    """1 to 99 as headings count: 一, 十, 二十一; beyond that in digits."""
    tens, ones = divmod(number, 10)
    if not 0 < number < 100:
        return str(number)
    front = "" if not tens else "十" if tens == 1 else f"{_DIGITS[tens]}十"
    return front + (_DIGITS[ones] if ones else "")


def numbered(number: int, text: str, level: int) -> str:
    """A heading with its number: level 2 is 一、, level 3 is (一)."""
    return f"{numeral(number)}、{text}" if level < 3 else f"({numeral(number)}){text}"


def day(one: date, year: RocYear | None = None) -> str:
    """A day, without its year where that is `year`."""
    roc_year = from_western(one.year)
    front = "" if roc_year == year else f"{roc_year}年"
    return f"{front}{one.month}月{one.day}日"


def day_of(report: ProgressReport) -> date:
    """The day that a report speaks of: when it was done, else when it was reported."""
    return report.done_on or clock.today(report.at)


def continued(heading: str) -> str:
    """A heading that was said in full before: its first words and 「續」."""
    cut = heading if len(heading) <= _CUT else f"{heading[:_CUT].rstrip('，、；')}…"
    return f"{cut}（續）"


def place(item: Item) -> str:
    """Where an item stands, as it is cited: 肆、一、(三)2.(2)."""
    return item.path.rstrip("、")


def quantities(several: Iterable[Quantity]) -> str:
    """Numbers beside each other: 2場、60人."""
    return "、".join(f"{one.what}{one.plain}" for one in several)


def number(root: int) -> str:
    """A report's number: #12."""
    return f"#{root}"


def sources(roots: Iterable[int]) -> str:
    """Where something is from: （#12、#15）."""
    return f"（{'、'.join(number(one) for one in roots)}）"


def standing(state: ItemState) -> str:
    """Where an item stands: 進行中（60%）."""
    partly = f"（{state.percent}%）" if 0 < state.percent < 100 else ""
    return f"{state.status.value}{partly}"


def named(what: str, text: str) -> str:
    """Words after what they are: 落後原因：專員出缺; nothing when there are none."""
    return f"{what}：{text.strip()}" if text.strip() else ""


def evidence(labels: Iterable[str]) -> str:
    """The labels of evidence behind a line: 〔圖1、附件2〕."""
    return f"〔{'、'.join(labels)}〕"


def state_of_the_unit(counts: Sequence[int], made_on: date) -> str:
    """How a unit stands; counts are all, done, underway, behind, not begun, missing."""
    every, done, *others, missing = counts
    statuses = (ProgressStatus.UNDERWAY, ProgressStatus.BEHIND, ProgressStatus.NOT_STARTED)
    states = [f"{ProgressStatus.DONE.value}{done}項"]
    states += [
        f"{one.value}{count}項" for one, count in zip(statuses, others, strict=True) if count
    ]
    silent = f"；尚有{missing}項未回報" if missing else ""
    return f"本年度應辦{every}項，截至{day(made_on)}止，{'、'.join(states)}{silent}。"


def shown_in_numbers(reports: int, pictures: int, files: int) -> str:
    """What the report rests on: 各單位回報23筆，佐證照片9張、檔案1件。"""
    kinds = ((f"照片{pictures}張", pictures), (f"檔案{files}件", files))
    shown = "、".join(text for text, count in kinds if count)
    return f"執行情形依{reports}筆回報彙整{f'，附佐證{shown}' if shown else ''}。"


def scores(tests: Iterable[tuple[str, str]]) -> str:
    """The courtesy tests' results; each is its name and its score."""
    return f"{COURTESY}：{'、'.join(f'{name}{score}' for name, score in tests)}。"


def size(count: int) -> str:
    """Bytes as staff read them: 1.2 MB."""
    if count < 1024 * 1024:
        return f"{max(1, round(count / 1024))} KB"
    return f"{count / 1024 / 1024:.1f} MB"


def caption(label: str, text: str) -> str:
    """The line below a picture."""
    return f"{label}　{text}" if text else label
