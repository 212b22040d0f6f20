"""What staff read about reports, evidence and documents; the habits are those of `phrases`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from bot.clock import TAIPEI
from bot.messages import Refusal
from bot.phrases import CALL, called, day_of, how_to_bind, span
from bot.plans.typed_reports import LONGEST_NOTE, Fault, FaultKind

_QUOTED = 20  # characters of somebody's words in a sentence of ours


# --- reports ----------------------------------------------------------------------------------

REPORT, REPORT_COURTESY = "回報", "回報 電話禮貌"
CORRECT, WITHDRAW, ADD_PICTURE, RESTORE = "更正", "撤回", "加照片", "復原"
STATUS, PATH, NUMBERS, SAID_DAY, REASON, REMEDY = (
    "狀態",
    "條號",
    "量化",
    "日期",
    "落後原因",
    "因應對策",
)
NONE_OF_THESE = "都不是，從章節選"
FROM_CHAPTERS = "從章節選"
WHICH_ITEM = "這是回報哪一項？"
NOT_FOUND = "找不到符合的項目，還沒有記錄。"
EMPTY_REPORT = "要回報哪一項、做到哪裡了？例如「回報 一(三)2 已完成 辦了2場 60人」。"
HOW_FAR = "做到哪裡了？"
ALREADY_WITHDRAWN = "這筆回報已經撤回了，沒有變更。"
NO_REPORT_YET = "您最近沒有可以更正或撤回的回報。要更正別筆，請引用那張回報卡片再說「更正 …」。"
NOT_YOUR_UNITS = "這筆回報是別的單位的，這個聊天不能更改。"
CANCELLED = "好的，這次不回報，沒有留下任何紀錄。"
WHAT_TO_CORRECT = (
    "要改成什麼？直接傳，例如「80%」「已完成 3場 75人」「條號 一(三)3.(1)」；不改請傳「取消」。"
)
ASK_REASON = (
    "落後原因和因應對策是什麼？直接傳，例如「原因：場地整修 對策：改線上辦理」；不補請傳「取消」。"
)
ASK_REMEDY = "因應對策是什麼？直接傳，例如「改線上辦理，10月補課」；不補請傳「取消」。"
NOTHING_CHANGED = "和原來的一樣，沒有變更。"


def recorded(title: str) -> str:
    """The title of a receipt."""
    return f"已記錄：{title}"


def corrected(title: str) -> str:
    """The title of a receipt for a correction."""
    return f"已更正：{title}"


def withdrawn(number: int, title: str) -> str:
    """The title of a receipt for a withdrawal."""
    return f"已撤回 #{number}：{title}"


def origin_of(unit: str, year: int, number: int) -> str:
    """Whose report it is, of which cycle, and its number."""
    return f"{unit} · {year}年度 · #{number}"


def status_of(status: str, percent: int) -> str:
    """A status with its percent where that says more."""
    return f"{status} {percent}%" if 0 < percent < 100 else status


def several_recorded(number: int) -> str:
    """The title of a receipt for several reports."""
    return f"已記錄 {number} 項"


def change_one(number: int) -> str:
    """How one of several reports is changed."""
    return f"要改其中一筆，加上號碼，例如「更正 #{number} 80%」「撤回 #{number}」。"


def already_recorded(number: int) -> str:
    """That the very same was reported before."""
    return f"這筆剛才已經記錄過了（#{number}），沒有重複記錄。"


def also_reported(number: int) -> str:
    """That somebody else has just reported on the same item."""
    return f"剛才也有同仁回報這一項（#{number}），兩筆都保留；重複的話請撤回一筆。"


def asked_about(words: str) -> str:
    """What was typed, when asking which item it is about."""
    return f"「{words}」"


def still_to_place(number: int) -> str:
    """How many lines of a message are still to be asked about."""
    return f"還有 {number} 行要請您確認。"


def past_cycle(year: int, running: int) -> str:
    """That a cycle is closed."""
    return f"{year}年度已經結束，不能再回報；現在回報的是{running}年度。要補正舊資料請洽管理者。沒有記錄。"


def future_cycle(year: int, running: int) -> str:
    """That a cycle has not begun."""
    return f"{year}年度還沒開始，現在回報的是{running}年度。沒有記錄。"


def in_other_year(year: int) -> str:
    """The label of the button that files a report under the other running cycle."""
    return f"改為{year}年度"


def not_an_item_of(unit: str) -> str:
    """That an item is not one of the unit's."""
    return f"這一項不是{unit}的工作項目，沒有記錄。"


def too_many_lines(most: int) -> str:
    """That a message has too many reports."""
    return f"一次最多回報 {most} 項，請分成兩則再傳。沒有記錄。"


def fault(one: Fault) -> str:
    """Why a report cannot be meant as it was typed, with the remedy."""
    remedy = {
        FaultKind.PERCENT: "進度要在 0 到 100% 之間，請改一下再傳。",
        FaultKind.NEGATIVE: "數量不能是負的，請改一下再傳。",
        FaultKind.DATE: "沒有這一天，請改一下日期再傳。",
        FaultKind.TOO_LONG: f"說明最多 {LONGEST_NOTE:,} 字，請精簡，或分成兩則回報；全文可以用檔案當佐證。",
        FaultKind.CONTRADICTION: "狀態和百分比對不起來，請只留一個再傳。",
        FaultKind.STATUSES: "一項裡有兩個狀態，請只留一個，或分成兩行再傳。",
        FaultKind.PERCENTS: "一項裡有兩個進度，請只留一個，或分成兩行再傳。",
        FaultKind.ITEMS: "一行寫了好幾項，請一項一行再傳。",
    }[one.kind]
    words = one.words if len(one.words) <= _QUOTED else f"{one.words[:_QUOTED]}…"
    return f"還沒有記錄：「{words}」{remedy}"


# --- evidence ---------------------------------------------------------------------------------

PICTURE, FILE = "照片", "檔案"
EVIDENCE, REMOVE, DONE_NOW = "佐證", "移除", "已完成"
EVIDENCE_REPORT_GONE = "這筆回報已經撤回或不在了，不能加佐證。請先回報，再傳照片或檔案。"
EVIDENCE_WHICH = "這些照片或檔案是哪一項的？"
EVIDENCE_FOR_NOTHING = (
    "要加到哪一筆回報呢？請引用那張回報卡片說「加照片」，"
    "或先回報，例如「回報 一(三)2 已完成 辦了2場 60人」，十分鐘內傳的照片就會加上去。"
)
EVIDENCE_NOT_AWAITED = (
    "謝謝。照片和檔案要跟著一筆回報，才能當佐證，這次沒有留存。"
    "請先傳「回報 …」再傳照片，或按回報卡片上的「加照片」，十分鐘內傳來就會加上去。"
)
EVIDENCE_REMOVED_ALREADY = "這些佐證已經移除了，沒有變更。"
EVIDENCE_HOW_TO_CAPTION = "引用這則說「圖說 …」可加說明。"
EVIDENCE_ALBUM_GOES_ON = "同一組的其他照片收到也會加上，不再逐張回覆。"
EVIDENCE_MADE_REPORT = "這一項還沒有回報，先記為進行中；已經完成請按「已完成」。"
CAPTION_KEPT = "已加上圖說"
CAPTION_HOW = "請引用那則佐證訊息再說「圖說 …」，例如「圖說 志工訓練合照」。"
_REFUSALS = {
    Refusal.FILM: "影片不能當佐證。請傳照片，或擷取畫面再傳。",
    Refusal.SOUND: "錄音不能當佐證。請傳照片或文件。",
    Refusal.TOO_LARGE: "檔案超過 20 MB，沒有收下。請縮小或拆開再傳。",
    Refusal.TOO_MANY_PIXELS: "照片的尺寸太大(超過 5,000 萬像素)，沒有收下。請縮小再傳。",
    Refusal.EMPTY: "這個檔案是空的，沒有收下。",
    Refusal.BROKEN: "這個檔案打不開，可能已經損壞或有密碼，沒有收下。請確認後再傳一次。",
    Refusal.HEIC: "HEIC 照片我打不開。請從手機相簿用「照片」傳送，或先轉成 JPG。",
    Refusal.OLD_OFFICE: "舊格式(.doc、.xls、.ppt)或有密碼的檔案不能收。請另存為 .odt、.docx 或 PDF。",
    Refusal.PROGRAM: "這個檔案是程式，或裡面有程式、巨集，為了安全沒有收下。請另存為 PDF。",
    Refusal.UNKNOWN: (
        "這種檔案不能當佐證。可以傳照片、PDF、ODF(odt、ods、odp)、"
        "Office(docx、xlsx、pptx)、文字檔或 CSV。"
    ),
    Refusal.FULL: "一筆回報最多 20 件佐證，這一件沒有收下。請移除幾件，或另外回報一筆。",
    Refusal.GONE: "這個檔案在 LINE 上已經不在了，沒有收下。請再傳一次。",
    Refusal.UNREACHABLE: "LINE 一直沒有把這個檔案交給我，沒有收下。請過幾分鐘再傳一次。",
}


def evidence_refused(reason: Refusal) -> str:
    """Why a picture or a file is not kept, with the remedy."""
    return _REFUSALS[reason]


def some_refused(number: int) -> str:
    """How many of an album are not kept."""
    return f"另有 {number} 件沒有收下："


def evidence_added(pictures: int, files: int) -> str:
    """The title of a receipt for evidence."""
    return f"已加上{_of_both(pictures, files)}"


def evidence_moved(number: int) -> str:
    """The title of a receipt for evidence that another report has now."""
    return f"已改放到 #{number}"


def evidence_removed(number: int) -> str:
    """That evidence is forgotten."""
    return f"已移除 {number} 件佐證，內容已刪除。"


def evidence_in_all(number: int) -> str:
    """How much shows a report."""
    return f"共 {number} 件"


def send_evidence(number: int, title: str, minutes: int) -> str:
    """That pictures are awaited for a report."""
    return (
        f"請在 {minutes} 分鐘內把照片或檔案傳到這裡，我會加到 #{number}「{title}」，可以傳好幾件。"
    )


def send_evidence_on(title: str, minutes: int) -> str:
    """That pictures are awaited for a deadline without a report."""
    return f"請在 {minutes} 分鐘內把照片或檔案傳到這裡，我會加到「{title}」，可以傳好幾件。"


def put_to(number: int) -> str:
    """The label of the button that puts evidence to another report."""
    return f"改放到 #{number}"


def _of_both(pictures: int, files: int) -> str:
    parts = (f" {pictures} 張照片" if pictures else "", f" {files} 個檔案" if files else "")
    return "、".join(part for part in parts if part)


NOTHING_TO_RESTORE = "沒有剛撤回的回報可以復原。"
MOVE_WHERE = "要改到哪一項？"
NO_SUCH_REPORT = "找不到這筆回報。請引用那張回報卡片再說「歷程」，或傳「歷程 #號碼」。"


def which_of(numbers: Sequence[int]) -> str:
    """That a card of several reports is quoted and the number has to be said."""
    shown = "、".join(f"#{one}" for one in numbers)
    return f"這張卡片有 {len(numbers)} 筆（{shown}），請加上號碼，例如「更正 #{numbers[0]} 80%」「撤回 #{numbers[0]}」。"


def no_such_clause(words: str) -> str:
    """That a correction names a clause that the unit does not have."""
    return f"找不到「{words[:_QUOTED]}」這一條，沒有變更。"


def restored(title: str) -> str:
    """The title of a receipt for a report that was brought back."""
    return f"已復原：{title}"


def add_it_later(number: int) -> str:
    """That reason and remedy may come later."""
    return f"好。之後傳「更正 #{number} 原因：… 對策：…」就能補上。"


def kept_as_it_is(number: int) -> str:
    """That a question about a stored report was left; the report stays."""
    return f"好，不改了。回報 #{number} 還在。"


def rest_not_recorded(number: int) -> str:
    """That the lines that waited for their item were left."""
    return f"好，沒有對到項目的 {number} 行不記錄；已記錄的不受影響。"


def comes_to(total: str, numbers: Sequence[int]) -> str:
    """What the numbers of an item come to with this report."""
    return f"這一項合計 {total}（{'、'.join(f'#{one}' for one in numbers)}）；同一件事重複回報的話，請撤回一筆。"


def history_title(number: int, title: str) -> str:
    """The title of a report's history."""
    return f"#{number} 的歷程：{title}"


def history_line(at: datetime, who: str, entry: str, words: str) -> str:
    """An entry of a report's history."""
    moment = at.astimezone(TAIPEI)
    by = f" {who}" if who else reporter("")
    front = f"{moment.month}月{moment.day}日 {moment:%H:%M}{by} {_ENTRIES[entry]}"
    return f"{front}：{words}" if words else front


def reviewed_line(at: datetime, verdict: str, remark: str) -> str:
    """What a superior said, in a report's history."""
    moment = at.astimezone(TAIPEI)
    front = f"{moment.month}月{moment.day}日 {moment:%H:%M} 上級{verdict}"
    return f"{front}：{remark}" if remark else front


_ENTRIES = {"report": "回報", "correction": "更正", "withdrawal": "撤回"}
TAKEN_BACK = "（訊息已收回，內容不保留）"


# --- the report, step by step -----------------------------------------------------------------

CHOOSE_CHAPTER, CHOOSE_ITEM = "要回報哪一章？", "要回報哪一項？"
MORE_ITEMS, BACK, SKIP, CONFIRM, CANCEL = "看後面的", "回上一步", "略過", "確認送出", "取消"
STILL_THERE = "上次的回報還沒填完，要繼續嗎？"
GO_ON, START_ANEW = "繼續填", "重新開始"
WHAT_WAS_DONE = "做了什麼、多少場次或人數？直接傳，例如「辦了2場，共60人」；沒有請按「略過」。"
CHECK_IT = "這樣對嗎？"


def chapter_label(chapter: str, missing: int) -> str:
    """A chapter's button: its number and how much of it is without a report."""
    return f"{chapter}（缺{missing}）" if missing else f"{chapter} ✓"


def in_groups(words: str, *, shared: bool) -> str:
    """A request for words, with what to begin them with where others read along."""
    return f"{words}\n（五分鐘內您的下一則訊息就算回答）" if shared else words


# --- people: who speaks for whom --------------------------------------------------------------


SUBSTITUTE_MAY_NOT = (
    "代理人可以回報、查期限，但不能再指定代理人或交接；請由原承辦人或在單位的群組辦理。"
)
HOW_LONG = "要代理多久？"
HOW_TO_TYPE_DAYS = "點一個，或直接傳日期，例如「12/1-12/5」「到12/5」「下週」；不用了請傳「取消」。"
CODE_COMES = "選好之後會給一組代理碼，轉給代理人就好。"
NO_SUBSTITUTE_NOW = "好的，這次不設代理人。"
NO_SUBSTITUTE = "目前沒有代理人，不用結束。"
WHICH_TO_END = "要結束哪一位的代理？"
TOO_LONG_FOR_SUBSTITUTE = "代理最長一年，沒有設定。要長期換人，請用「交接」。"
HAND_OVER_TO_SELF = "不能交接給自己，沒有變更。請 @ 接任的同仁。"
PERSONAL_CODE_IN_GROUP = (
    "這是給一個人用的代理碼或交接碼，不能在群組使用；群組的人都看到了，所以已經作廢。"
    "請原承辦人再傳一次「代理人」或「交接」，並到和我的一對一聊天使用。"
)
CODE_FOR_ANOTHER = (
    "這組碼是給代理人或接任者用的，您自己不能用，已經作廢。需要時請再傳一次「代理人」或「交接」。"
)
COPY_CODE = "複製給對方"
TO_COME, FOR_GOOD, MAY = "即將代理", "長期，沒有期限", "在這裡可以"
IS_ADMIN = "是，可以調整期限、催辦、看總表"


def whom_to_mention(word: str, *, several: bool) -> str:
    """How a person is named in a group."""
    if several:
        return f"一次請只 @ 一位，例如「小幫手 {word} @李志明」。沒有變更。"
    days = " 下週" if word == "代理人" else ""
    return (
        f"請從清單點選要 @ 的人，例如「小幫手 {word} @李志明{days}」。\n"
        f"點不到的話，承辦人可以到和我的一對一聊天傳「{word}」，會給一組碼轉交對方。沒有變更。"
    )


def days_are_over(last: date) -> str:
    """That the days of a substitute are past."""
    return f"{day_of(last)}已經過了，沒有設定代理人。"


def speaks_anyway(units: Sequence[str]) -> str:
    """That somebody speaks for units without an end already."""
    return f"這位本來就代表{'、'.join(units)}，不用設代理，沒有變更。"


def substitute_named(
    units: Sequence[str], starts: date, ends: date, *, known: bool, shared: bool
) -> str:
    """The receipt for a substitute, said to them by name."""
    stop = called("結束代理", shared=shared)
    return (
        f"代理人設定完成：{span(starts, ends)}代理{'、'.join(units)}，"
        "期間可以在和我的一對一聊天回報、更正、查期限，期滿自動結束。"
        f"{_befriend(known=known)}\n要提早結束，請傳「{stop}」。"
    )


def substitute_button(name: str, starts: date, ends: date) -> str:
    """A substitute with the days, short enough for a button."""
    days = f"{starts.month}/{starts.day}"
    return f"{name[:7]} {days}" if starts == ends else f"{name[:7]} {days}-{ends.month}/{ends.day}"


def substitute_ended(units: Sequence[str]) -> str:
    """The receipt for the end of a substitution."""
    return f"已結束代理：{'、'.join(units)}。代理期間的回報都保留。"


def handed_over(unit: str, *, gave: bool, known: bool) -> str:
    """The receipt for a hand-over, said to the successor by name."""
    before = "交出的人的一對一聊天不再代表" if gave else "交出的人的一對一聊天原本就沒有綁定"
    return (
        f"交接完成：現在由您代表{unit}，{before}{unit}。"
        f"原來的回報和編號都保留，您可以更正、撤回。{_befriend(known=known)}\n"
        f"弄錯了，請接任者傳「{called('交接', shared=True)}」再 @ 原承辦人，就換回來。"
    )


def personal_code(
    unit: str, words: str, expires_at: datetime, days: str | None
) -> tuple[str, str, str]:
    """Title, body and small print of a code for a substitute (with days) or a successor."""
    until = expires_at.astimezone(TAIPEI)
    note = f"只能用一次，{day_of(until.date())} {until:%H:%M}以前有效；請不要貼到群組。"
    use = f"請對方加我好友，在一對一聊天傳：\n{words}"
    if days is not None:
        return f"{unit}的代理碼", f"{use}\n對方就能在{days}代理{unit}，期滿自動結束。", note
    return (
        f"{unit}的交接碼",
        f"{use}\n對方就代表{unit}，同時這個聊天不再代表{unit}；原來的回報都保留。",
        note,
    )


def now_substitute(unit: str, starts: date, ends: date) -> tuple[str, str]:
    """Title and body for who used a substitute's code."""
    body = f"{span(starts, ends)}可以在這裡回報、更正、查期限，期滿自動結束。"
    return f"您是{unit}的代理人", body


def taken_over(unit: str) -> tuple[str, str]:
    """Title and body for who used a successor's code."""
    body = (
        "原承辦人的一對一聊天已不再代表這個單位；原來的回報和編號都保留，您可以更正、撤回。"
        "弄錯了，傳「交接」取得一組碼給原承辦人，就換回來。"
    )
    return f"交接完成：您現在代表{unit}", body


def until(last: date) -> str:
    """Until when somebody is a substitute."""
    return f"代理到{day_of(last)}"


def speaks_for(units: Sequence[str], *, shared: bool) -> str:
    """For which units a chat speaks."""
    here = "這個群組" if shared else "您"
    return f"{here}代表{'、'.join(units)}" if units else f"{here}還沒有代表任何單位"


def may_do(*, bound: bool, lasting: bool) -> str:
    """What may be done in a chat."""
    if not bound:
        return "查計畫內容、市府作業期程"
    more = "、指定代理人、交接" if lasting else ""
    return f"查計畫、期限、進度，回報、更正、撤回{more}"


def _befriend(*, known: bool) -> str:
    return "" if known else "還沒加我好友的話，請先加好友再使用。"


def which_unit(what: str, *, looking: bool = False) -> str:
    """The question for the unit where a chat speaks for several."""
    return f"要看哪個單位的{what}？" if looking else f"要替哪個單位{what}？"


def not_for(unit: str, mine: Sequence[str], what: str, *, looking: bool = False) -> str:
    """That the chat does not speak for the unit that was named."""
    here = f"這個聊天代表{'、'.join(mine)}"
    if looking:
        return f"{here}，看不到{unit}的{what}。"
    return f"{here}，不能替{unit}{what}，沒有變更。"


def nobody_here(what: str, *, shared: bool, looking: bool = False) -> str:
    """That the chat speaks for no unit, and how to change that."""
    left = {"回報": "沒有記錄"}.get(what, f"看不到{what}" if looking else "沒有變更")
    return f"這個聊天還沒有綁定單位，{left}。\n{how_to_bind(shared=shared)}"


def name_the_unit(what: str, *, looking: bool = False) -> str:
    """That an administrator has to name the unit."""
    rest = {REPORT: " 一(三)2 已完成", REPORT_COURTESY: " 第1次 92分"}.get(what, "")
    left = "" if looking else "，沒有記錄" if rest else "，沒有變更"
    return f"這個聊天還沒有綁定單位{left}。請加上單位名稱，例如「{what} 三民二所{rest}」。"


# --- documents --------------------------------------------------------------------------------

FILE_NOT_FOUND = (
    "這個連結不對，找不到文件。請在和小幫手的聊天重新要一次：傳「成果報告」或「格式」。"
)
FILE_EXPIRED = "這個連結已經過期了。請在和小幫手的聊天重新要一次：傳「成果報告」或「格式」。"
FILES_BUSY = "正在產生其他文件，請過一分鐘再開一次這個連結。"
DOWNLOADS = {
    "odt": "ODF 文件 .odt",
    "docx": "Word 文件 .docx",
    "xlsx": "Excel 表 .xlsx",
    "ods": "ODF 表 .ods",
    "csv": "CSV 表 .csv",
}
FILE_OF_WHICH = "要哪個單位的文件？"
FORMAT_OF_WHICH = "要哪個單位的格式？請加上單位名稱，例如「格式 三民二所」。"
ALL_ONE_TO_ONE = "全機關的文件請在和我的一對一聊天要，群組裡只給本單位的。"
NOBODY_REPORTS = "還沒有單位綁定，也沒有任何回報，沒有可以彙整的資料。"
FORMAT_BY, PLAN_WRITER = "格式依據", "訂定機關"
FORMAT_IS = (
    "已填好機關名稱、年度、依據、目標、各要項與期限；工作重點和業務單位請自行填寫，灰字是填寫說明。"
)
REPORT_TITLE, TABLES_TITLE, COMPILED_TITLE = "成果報告", "執行情形總表", "成果報告（彙整）"
REPORT_IS = "依目前的回報產生；之後有新的回報，再開同一個連結就是最新的。"
REPORTED, STANDING, STILL_MISSING = "已回報", "狀態", "還缺"
ALL_UNITS = "全機關"


def file_needs_unit(*, shared: bool) -> str:
    """That a document is a unit's, and how to get bound."""
    return f"要先綁定單位，才知道要給哪個單位的文件。\n{how_to_bind(shared=shared)}"


def file_of_others(unit: str, *, shared: bool) -> str:
    """That a chat gets the documents of its own unit only."""
    where = "這個群組" if shared else "這個聊天"
    return f"{where}沒有綁定{unit}，不能給{unit}的文件。\n{how_to_bind(shared=shared)}"


def no_format(unit: str) -> str:
    """That no plan prescribes a form for a unit's level."""
    return f"計畫沒有為{unit}這個層級訂格式（附件2 給一級機關和區公所，附件3 給二級機關）。"


def format_title(kind: str) -> str:
    """The title of the card with an empty plan."""
    return f"提升服務{kind}（空白格式）"


def format_of_no_year(year: int, last: int) -> str:
    """That there is no format of a year."""
    return f"沒有{year}年度的格式，最晚可以要{last}年度的，例如「格式 {last}」。"


def report_of_no_year(year: int, last: int) -> str:
    """That there is no result report of a year."""
    return f"沒有{year}年度的成果報告；例如「成果報告 {last}」。"


def link_note(until: date) -> str:
    """How long links are good, and who should have them."""
    day = day_of(until, year=False)
    return f"連結到{day}有效，過期再傳一次就有。拿到連結的人都能開，請勿轉傳。"


def gaps(cited: Sequence[str], more: int) -> str:
    """The first items without a report, and how many more there are."""
    further = [f"……另有 {more} 項"] if more > 0 else []
    return "\n".join(["還缺：", *(f"・{one}" for one in cited), *further])


def of_items(reported: int, every: int) -> str:
    """How many items were reported on."""
    return f"{reported}／{every} 項"


def of_units(reported: int, every: int) -> str:
    """How many units have reported."""
    return f"{reported}／{every} 個單位"


def items(number: int) -> str:
    """A number of items."""
    return f"{number} 項"


def pieces(number: int) -> str:
    """A number of pictures and files."""
    return f"{number} 件"


def by_status(counts: Sequence[tuple[str, int]]) -> str:
    """How many items stand how."""
    return "、".join(f"{status} {number}" for status, number in counts if number)


def silent_units(names: Sequence[str], more: int) -> str:
    """Which units have not reported yet."""
    further = f"等 {more + len(names)} 個單位" if more > 0 else ""
    return f"還沒有回報：{'、'.join(names)}{further}"


# --- progress and overview --------------------------------------------------------------------

PROGRESS, RESULT_REPORT = "進度", "成果報告"
LIGHTS = {"未開始": "⚪", "進行中": "🟡", "已完成": "🟢", "落後": "🔴"}
LAST_REPORTS = "最近的回報"
QUOTE_TO_CHANGE = "引用回報卡片，說「更正 …」或「撤回」就能更改。"
NOBODY_REPORTED = "還沒有單位回報。"
ASK_THEM = "催回報"


def progress_title(unit: str, year: int) -> str:
    """The title of a unit's progress."""
    return f"{unit} {year}年度進度"


def counted(
    waiting: int, underway: int, done: int, behind: int, *, total: int, unasked: int
) -> str:
    """How many of the asked items stand how, and how many were reported beyond them."""
    counts = (("🟢已完成", done), ("🟡進行中", underway), ("🔴落後", behind), ("⚪未開始", waiting))
    more = f"，另回報不必填的 {unasked} 項" if unasked else ""
    return "、".join(f"{name} {number}" for name, number in counts) + f"（共 {total} 項{more}）"


def still_missing(missing: int, behind: int) -> str:
    """The title of what is missing or behind."""
    return f"還沒回報 {missing} 項" + (f"、落後 {behind} 項（逾期沒完成的也算）" if behind else "")


def light_of(status: str, title: str, due: date | None, *, is_over: bool) -> str:
    """An item in a line, with its day; of one that is over how long ago that was to be done."""
    if due is None:
        return f"{LIGHTS[status]}{title}"
    day = day_of(due, year=False)
    when = f"期限{day}，已過" if is_over else f"{day}到期"
    return f"{LIGHTS[status]}{title}（{when}）"


def and_more(number: int) -> str:
    """How many are not listed."""
    return f"還有 {number} 項；傳「回報」可以從章節一項一項看。"


def report_on(label: str) -> str:
    """The label of a button that begins a report."""
    return f"回報 {label}"


def returned(number: int, remark: str) -> str:
    """That a supervisor has returned a report, and why."""
    return f"#{number} 被退回：{remark}"


def further_returned(number: int) -> str:
    """How many returned reports are not listed."""
    return f"另有 {number} 筆也被退回"


def correct_that(number: int) -> str:
    """The label of the button that corrects a report."""
    return f"{CORRECT} #{number}"


def reporter(name: str) -> str:
    """Who reported, also where LINE does not tell."""
    return f"（{name or UNNAMED}）"


UNNAMED = "未具名"


def nothing_that_year(year: int, unit: str = "") -> str:
    """That nobody, or a unit, reported in a cycle that is over."""
    return f"{unit}{year}年度沒有回報紀錄。"


def no_such_cycle(year: int, first: int) -> str:
    """That no cycle of that year is known."""
    return f"沒有{year}年度的資料，最早是{first}年度。"


def not_begun(year: int) -> str:
    """That a cycle has not begun."""
    return f"{year}年度還沒開始。"


OVERVIEW, EXPORT = "總表", "總表 匯出"
PLEASE_REPORT = "請回報今年的提升服務進度"


def overview_title(year: int, under: str) -> str:
    """The title of the overview of all units, or of those under an agency."""
    return f"{under}{year}年度提升服務總表"


def export_of(year: int) -> str:
    """The words that ask for the tables of a cycle."""
    return f"{EXPORT} {year}"


def overview_summary(units: int, reported: int, unbound: int) -> str:
    """How many units have reported."""
    silent = f"、{units - reported} 個還沒回報" if units > reported else ""
    rest = f"；另有 {unbound} 個單位還沒綁定" if unbound else ""
    return f"共 {units} 個單位：{reported} 個回報過{silent}{rest}。"


def overview_line(*, done: int, underway: int, behind: int, missing: int, last: date | None) -> str:
    """A unit's line in the overview."""
    if last is None:
        return "⚪ 還沒回報"
    counts = (("🟢", done), ("🟡", underway), ("🔴", behind))
    lights = " ".join(f"{light}{number}" for light, number in counts if number)
    left = f" 缺{missing}" if missing else ""
    return f"{lights}{left}（{last.month}月{last.day}日）".strip()


def rest_in_tables(number: int) -> str:
    """How many units do not fit on the cards."""
    return f"還有 {number} 個單位沒列出；傳「{EXPORT}」看完整的表。"


def unreported_title(year: int, number: int, under: str) -> str:
    """The title of the list of units without a report, of all or of those under an agency."""
    whose = f"{under}及所屬" if under else ""
    return f"{whose}{year}年度還沒回報的單位：{number} 個"


def all_reported(year: int, under: str) -> str:
    """That there is nobody to ask."""
    whose = f"{under}及所屬已綁定的單位" if under else "已綁定的單位"
    return f"{year}年度{whose}都回報過了。"


def nobody_bound(under: str) -> str:
    """That none of the units is bound."""
    return f"{under or '目前'}還沒有單位綁定，也沒有回報。"


def no_longer_asked(year: int) -> str:
    """That a cycle is over, so that nobody can report any more."""
    return f"{year}年度已經結束，不能再催回報。"


def not_bound(names: Sequence[str]) -> str:
    """Which units have no chat yet."""
    shown = "、".join(names[:8])
    more = "…" if len(names) > 8 else ""
    return f"還沒綁定、無從提醒的單位 {len(names)} 個：{shown}{more}"


def please_report(units: Sequence[str], year: int) -> str:
    """What a chat is told whose units have not reported."""
    return f"{'、'.join(units)}今年（{year}年度）還沒有任何提升服務進度回報。"


def how_to_report(*, shared: bool) -> str:
    """How a report is made, in a line."""
    call = f"{CALL} " if shared else ""
    return f"一句話就可以，例如「{call}回報 一(三)2 已完成 辦了2場 60人」；不知道條號就按「回報」一步一步選。"


# --- reviews ----------------------------------------------------------------------------------

ACCEPT, ACCEPT_ALL, RETURN, NOTIFY = "核閱", "全部核閱", "退回", "現在通知單位"
CONFIRM_RETURN, UNDO_ACCEPT, UNDO_RETURN = "確定退回", "收回核閱", "收回退回"
WAITING = "待核閱的回報"
NOTHING_TO_REVIEW = "沒有等著核閱的回報。"
REVIEWS_ARE_OFF = "貴機關沒有開啟核閱；要開啟請管理者在一對一聊天傳「核閱 開啟 機關名稱」。"
MAY_NOT_REVIEW = "核閱由上級機關的群組或管理者進行，這個聊天不能核閱這筆回報。"
HOW_TO_SET_REVIEWS = "請說要開啟或關閉，以及哪個機關，例如「核閱 開啟 衛生局」。"
NOT_RETURNED = "好的，沒有退回。"
NO_SUCH_REPORT_TO_REVIEW = "沒有這個號碼的回報，或已經撤回了，沒有變更。請看「待核閱」裡的號碼。"
WHICH_REPORT = "請加上回報的號碼，例如「核閱 #12」「退回 #12 請補日期」「收回退回 #12」。沒有變更。"
NOTHING_TO_TAKE_BACK = "這筆現在沒有可以收回的核閱或退回，沒有變更。"


def reviews_set(agency: str, *, on: bool) -> str:
    """That an agency's reviews were turned on or off."""
    if on:
        return f"{agency}已開啟核閱：所屬單位的回報，可在{agency}的群組傳「{CALL} 待核閱」來看。"
    return f"{agency}已關閉核閱。"


def to_review(number: int) -> str:
    """The title of what is to be reviewed."""
    return f"等著核閱的回報：{number} 筆"


def reviewed_above(agencies: Sequence[str]) -> str:
    """Who reviews the reports of this chat's units."""
    names = "、".join(agencies)
    return f"{names}已開啟核閱，由{names}的群組或管理者核閱；這個聊天只能看自己的進度，不能核閱。"


def accepted(numbers: Sequence[int], left: int) -> str:
    """Which reports were accepted, and how many still wait."""
    which = "、".join(f"#{one}" for one in numbers)
    many = f" {len(numbers)} 筆：" if len(numbers) > 1 else " "
    rest = f"還有 {left} 筆等著核閱。" if left else "沒有其他等著核閱的了。"
    return f"已核閱{many}{which}。{rest}"


def accepted_already(numbers: Sequence[int]) -> str:
    """That reports were accepted before."""
    return f"{'、'.join(f'#{one}' for one in numbers)} 已經核閱過了，沒有變更。"


def why_returned(number: int, title: str) -> str:
    """The question why a report is returned."""
    return f"#{number}「{title}」要請單位補正什麼？直接傳一句話；不退回請傳「取消」。"


def really_return(number: int, remark: str) -> str:
    """The question whether a report goes back with these words."""
    return f"退回 #{number}：『{remark}』？"


def taken_back(verdict: str, numbers: Sequence[int]) -> str:
    """That a supervisor's word was a slip."""
    return f"已收回{verdict}：{'、'.join(f'#{one}' for one in numbers)}。"


def more_to_review(number: int) -> str:
    """How many that wait are not even listed."""
    return f"另有 {number} 筆沒列出。"


def returned_with(number: int, unit: str, remark: str) -> str:
    """That a report was returned."""
    return f"已退回 {unit} 的 #{number}：{remark}\n單位查「進度」時會看到。"


def notify_price(price: int) -> str:
    """The label of the button that tells the unit now."""
    return f"{NOTIFY}（{price}則）"


def please_correct(number: int, title: str, remark: str) -> str:
    """What a unit is told of a report that was returned."""
    return f"回報 #{number}「{title}」被退回：{remark}\n請引用這則訊息，說「更正 …」。"


def told_units(price: int) -> str:
    """That the unit was told."""
    return f"已通知單位，用掉 {price} 則訊息。"
