"""Every sentence that staff read, in Traditional Chinese of Taiwan.

Short, polite, plain; years of the Republic; the remedy beside the fault.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from bot.clock import TAIPEI
from bot.messages import Button, Card, Does, Tone
from bot.plans.roc import from_western

BOT = "提升服務小幫手"

# --- answers from the plans -------------------------------------------------------------------

GREETING = "您好！想查提升服務計畫的什麼，直接問我就好；傳「說明」看我會什麼。"
THANKS = "不客氣，有需要再叫我。"
NOTHING_ASKED = "想查提升服務計畫的什麼呢？例如「電話禮貌測試是什麼時候」。"
NOT_LONGER_HERE = "這則訊息的按鈕已經過期，請再問一次。"
INSULTED = "聽起來不太順利，不好意思。想查提升服務計畫的內容，請用一句話告訴我，我會照原文回答。"
SMALL_TALK = {
    "greeting": GREETING,
    "thanks": THANKS,
    "insult": INSULTED,
    "morning": "早安！想查計畫的什麼，直接問我就好。",
    "here": "我在，請說。",
    "bye": "掰掰，有需要再叫我。",
    "wish": "也祝您順心！",
    "laugh": "哈哈，有要查計畫的再叫我。",
    "who": f"我是{BOT}，一個查提升服務計畫的聊天機器人，不是真人；答案都照計畫原文，不會自己編。",
    "person": "我是聊天機器人，沒有真人在線上。計畫的事請洽主辦單位，系統的事請洽管理者。",
    "maker": f"我是{BOT}，市府同仁用的查詢工具，照計畫原文回答。系統的事請洽管理者。",
    "able": "我可以查計畫條文、負責單位和格式，也能看期限。直接問就好；傳「說明」看全部。",
    "call": "在群組請用「小幫手」開頭、@我，或引用我的訊息；一對一直接說就好。",
    "okay": "好的，有需要再叫我。",
    "will": "好的，有需要再叫我。",
    "praise": "謝謝誇獎，有需要再叫我。",
    "chat": "這個我不在行，計畫倒是背得很熟。想查計畫的什麼，直接問我就好。",
    "tired": "辛苦了！要查條文或期限交給我，您喘口氣。",
    "test": "收到，我在。想查計畫的什麼，直接問我就好。",
    "sorry": "抱歉，沒有幫上忙。換個說法再問一次，或回「不對」讓管理者知道；傳「說明」看我會什麼。",
    "unclear": (
        "抱歉，答案照計畫原文，讀起來比較硬。可以只問一點，例如「誰負責」「什麼時候」；"
        "不是這一條就回「不對」，傳「說明」看我會什麼。"
    ),
}
LOST = "您是問哪一項呢？請把主題一起寫上，例如「雙語標示由誰負責」。"
LOST_COMPARE = "要比較哪一項呢？請把主題一起寫上，例如「電話禮貌 111跟112差在哪」。"
COMPARING = "跟前一版差在哪"
COMPARED = ("雙語標示", "電話禮貌", "成果報告")
"""Subjects to tap where a comparison has none."""

NOT_SAID = "計畫沒有寫到這件事。"
OFF_TOPIC = (
    "提升服務計畫沒有寫到這件事，這個我幫不上忙。想查計畫的條文、期限或負責單位，直接問我就好。"
)
ERRAND = (
    "抱歉，這個我做不到。我會查計畫的條文、負責單位、期限和格式，直接問就好；傳「說明」看全部。"
)
NEARLY_SAID = "計畫沒有直接這樣寫，最接近的是："
NOT_THAT = (
    "了解。可以換個說法再問一次，或說「別的答案」；答案下方的「不對」「引錯條文」會交給管理者查看。"
)
NO_MORE = "相關的條文就是這些了。想找別的，換個說法再問我。"
NOTHING_TO_CANCEL = "好的，目前沒有需要取消的事。"
HELPED_TYPED = "太好了，謝謝告訴我。"
SAY_IT_OTHERWISE = "謝謝告知，已交給管理者查看。您要找的是哪一條？說條號或主題，我再找一次。"
NOT_SAID_LATE = "計畫沒有寫能不能晚交，也沒有寫晚交會怎樣。"
NOT_SAID_HANDED = "計畫看不出誰交了、誰還沒交。"
SEE_PROGRESS = "單位回報過的，傳「進度」就看得到。"
CAN_BE_MOVED = "真的來不及，請早點跟管理者說；管理者可以「調整」期限並留下原因。"
SEE_DEADLINES = "傳「期限」可以看接下來的期限。"
NO_MORE_DEADLINES = "接下來的期限就是這些了。"
UNDATED = "這一條沒有寫期限。"
GOES_ON = "（續）"
SHARED_FROM_HERE = "── 以下是和其他單位共同的 ──"
NEAREST_OF_EACH = "沒有逐字對應的一條，兩年最接近的是："
BOTH_SAY = "兩邊是這樣寫的："
BEFORE_IT, AFTER_IT = "前一條", "後一條"
COURTESY_CARD = "電話禮貌"
COURTESY_HINT = "計畫沒有規定到這麼細；電話怎麼接，可以看「電話禮貌」小卡。"
WHO_OF_EACH = "各條的責任單位"
SAME_TITLE, OTHER_TITLE, ONLY_TITLE = "寫法相同", "寫法不同", "只有一份有寫"
NO_SUCH_ENTRY = "這裡沒有那一條了。要看別條，請說出條號或主題，例如「一(三)3.(2)」。"
AT_THE_END = "這份計畫到這裡為止，沒有再前或再後的條文。"
NOT_WHY = "計畫沒有寫理由；這一條放在下面的要項裡："
NOT_WHY_ELSE = "計畫沒有另外寫理由，條文是："
NONE_OF_THESE = "剛才列的裡面，沒有列到您這個單位的。"

RESPONSIBLE, FORM, FORM_FOR = "責任單位", "格式", "適用機關"
UNITS_LOST = "原計畫沒寫清楚是哪個單位"
UNCLEAR = "未列明"
SOME_UNITS_LOST = "（沒有列出責任單位的，是原計畫沒寫清楚是哪個單位。）"
NO_UNIT_COLUMN = "這份計畫沒有列單位"
NO_UNIT_HERE = "這一條沒有列單位"
OF_ANOTHER, OF_OLD = "（別單位的計畫，供參考）", "（舊版）"
UNSURE = "（原計畫把好幾條的責任單位寫在同一格，這裡是照順序對的，以原計畫為準。）"

WHOLE, AROUND, OTHERS, COPY, MORE = "看全文", "前後條文", "別的答案", "複製引用", "看後面的"
HELPED, WRONG, WRONG_CLAUSE = "有幫助", "不對", "引錯條文"
THANKS_FOR_MARK = "謝謝，記下來了。"
SORRY_MARKED = "謝謝告知，這題已交給管理者查看。您要找的是哪一條？說條號或主題，我再找一次。"

TOPICS = {
    "chapters": "計畫內容的要項",
    "goals": "計畫目標",
    "subjects": "實施對象",
    "basis": "計畫依據",
    "schedule": "附件1 作業期程",
    "chapter": "這一部分的內容",
    "others": "別的條文",
    "parts": "計畫的章節",
}


def citation(short: str, path: str) -> str:
    """How a clause is cited: the plan's short name, a blank, the path."""
    return f"{short} {path_of(path)}".strip()


def path_of(path: str) -> str:
    """A path without the mark that ends a heading's number: 「肆、」 is cited as 「肆」."""
    return path.rstrip("、，,. ")


def not_stated(kinds: Sequence[str]) -> str:
    """That the plans do not say it, with what kind of thing was asked for."""
    return f"計畫沒有寫到這件事（沒有寫{'、'.join(kinds)}）。" if kinds else NOT_SAID


def plan_lacks(kinds: Sequence[str], stated: Sequence[str] = (), vaguely: str = "") -> str:
    """What the plans do not state of a subject that they speak of, and what they do."""
    lacks = f"沒有寫{'、'.join(kinds)}"
    if stated:
        return f"計畫有寫{'、'.join(stated)}，{lacks}："
    if vaguely:
        return f"計畫只寫「{vaguely}」，{lacks}："
    return f"計畫{lacks}；關於這個，是這樣寫的："


def nearest(count: int) -> str:
    """What leads to the clauses that are nearest to what the plans do not say."""
    return f"內容最接近的是這{'幾' if count > 1 else '一'}條，點一下看原文："


def clause_lacks(kinds: Sequence[str], vaguely: str = "") -> str:
    """What the clause that is shown does not state, and what it has in its place."""
    only = f"只寫「{vaguely}」，" if vaguely else ""
    return f"這裡{only}沒有寫{'、'.join(kinds)}。"


def may_ask(units: Sequence[str]) -> str:
    """Whom one could ask."""
    return f"可以問問責任單位：{'、'.join(units)}。"


def same_subject_elsewhere(cited: str, words: str) -> str:
    """What another plan says on the subject."""
    return f"另見 {cited}：{words}"


def it_states(words: str) -> str:
    """Before a clause: its own words that answer a short question."""
    return f"寫的是「{words.translate(_INNER_QUOTES)}」："


_INNER_QUOTES = str.maketrans("「」", "『』")


TWICE = "一年兩次："


def perhaps(cited: str, words: str, units: str) -> str:
    """A clause that may be the one that was meant."""
    return f"也可能是 {cited}：{words}{f'（{units}）' if units else ''}"


def also(cited: str, words: str, units: str) -> str:
    """A further clause on the subject."""
    return f"另外還有 {cited}：{words}{f'（{units}）' if units else ''}"


def of_another_unit(owner: str) -> str:
    """That the plan is not the asker's own."""
    return f"這是{owner}的計畫，其他單位可以參考。"


def is_of_year(owner: str, year: int) -> str:
    """Of which year a plan is, where this year's was asked for."""
    return f"{owner}的計畫我有的是{year}年度的。"


THERE_IS_A_FORM = "有，格式附在計畫裡："


def get_form(plan: str) -> str:
    """A button that makes the form of a plan as a document."""
    return f"拿{plan}格式檔"


def no_own_plan(unit: str, speaking: str) -> str:
    """That a unit's own plan is not loaded, and which plan binds it, if one that does speaks."""
    what = f"適用的是{speaking}" if speaking else "別的單位這樣寫"
    return f"{unit}自己的計畫不在我的資料裡，{what}："


def plan_not_here(unit: str, speaking: str) -> str:
    """The same as an answer of its own."""
    instead = f"適用的是{speaking}，可以問我那份怎麼寫。" if speaking else ""
    return f"{unit}自己的計畫不在我的資料裡。{instead}"


def has_to_do(unit: str, what: str) -> str:
    """That a unit has to do what a date is for."""
    return f"是，{unit}要{what}："


def is_responsible(unit: str) -> str:
    """That the clause names the unit."""
    return f"是，{unit}是這一條的責任單位："


def has_to(unit: str) -> str:
    """That the clause names the unit, of which somebody thought that it need not."""
    return f"要，{unit}是這一條的責任單位："


def is_included(unit: str, group: str) -> str:
    """That the clause names a group to which the unit may belong."""
    return f"這一條由{group}負責，{unit}有相關業務就包括在內："


def is_not_responsible(unit: str, units: Sequence[str]) -> str:
    """That the clause names others."""
    return f"這一條沒有列{unit}，責任單位是{'、'.join(units)}："


def is_unclear(unit: str) -> str:
    """That the clause names nobody."""
    return f"這一條沒有寫責任單位，看不出是不是{unit}負責："


WHOSE_UNKNOWN = "這裡還沒有綁定單位，我不知道您是哪個單位；請看看這一條和它的責任單位："


def binds(unit: str, units: Sequence[str], *, must: bool) -> str:
    """That a plan binds a unit, and who there is responsible; `must`: «must we» was asked."""
    said = f"{unit}適用這一條{'，由' + '、'.join(units) + '負責' if units else ''}："
    return f"要，{said}" if must else said


def does_not_bind(owner: str, unit: str, *, must: bool) -> str:
    """That a clause stands in the plan of somebody else."""
    return f"{'不用' if must else '不是'}，這是{owner}自己的計畫，不適用{unit}；可以參考："


def only_its(unit: str) -> str:
    """That a clause names the unit alone."""
    return f"對，這一條只列{unit}："


def not_only(units: Sequence[str]) -> str:
    """That a clause names several."""
    return f"不只，這一條的責任單位是{'、'.join(units)}："


def not_its(units: Sequence[str]) -> str:
    """That a clause is not of the unit that was asked about, but of others."""
    return f"不是，這一條的責任單位是{'、'.join(units)}："


def which_in_charge(its: Sequence[str], units: Sequence[str], *, both: bool) -> str:
    """Which of some units are responsible, and who is."""
    said = "都是" if both else f"是{'、'.join(its)}" if its else "都不是"
    return f"{said}，這一條的責任單位是{'、'.join(units)}："


def is_theirs(units: Sequence[str], *, alike: bool) -> str:
    """Whether a clause is of the same units as the one before."""
    if not units:
        return "這一條沒有列責任單位，看不出來："
    return f"{'對，也是' if alike else '不是同一群，這一條是'}{'、'.join(units)}："


def is_not_its_row(unit: str, *, must: bool) -> str:
    """That a row of a schedule concerns others."""
    return f"{'不用' if must else '不是'}，這一項不是{unit}要辦的："


def deadline_was(title: str, day: date) -> str:
    """The deadline of what was talked about."""
    return f"「{title}」的期限是{day_of(day)}。"


def said_alike(*, years: bool, units_differ: bool) -> str:
    """That two plans say the same, and whether they give it to other units."""
    both = "兩年" if years else "兩份計畫"
    if units_differ:
        return f"{both}的文字相同，只有責任單位不一樣："
    return f"{both}相同，都是這樣寫："


def said_otherwise(*, years: bool) -> str:
    """That two plans do not say the same."""
    return "兩年的寫法不同：" if years else "兩份計畫的寫法不同："


def does_not_say(short: str) -> str:
    """That another owner's plan has nothing on it."""
    return f"{short}沒有寫這一點，只有這一份有寫："


def no_longer_there(year: int, last: int) -> str:
    """That a later edition dropped a clause."""
    return f"{year}年度沒有這一條了，{last}年度是這樣寫："


def not_yet_there(year: int, first: int) -> str:
    """That an earlier edition had no such clause."""
    return f"{year}年度沒有這一條，{first}年度才有："


def is_still_there(year: int) -> str:
    """That an edition still has a clause."""
    return f"還在，{year}年度這樣寫："


def plainly(asked: str, *, alike: bool) -> str:
    """The first word of a comparison: to «the same?», «it too?», «any difference?», else none."""
    if asked == "has":
        return "有，"
    if asked == "same":
        return "一樣，" if alike else "不一樣，"
    return "" if not asked else "沒有差，" if alike else "有差，"


CHANGES = {
    "new": "新增",
    "dropped": "刪掉",
    "reworded": "文字有改",
    "units": "只有責任單位改了",
    "same": "兩年相同",
}
"""What became of a clause from one edition to the next."""
NEITHER_SAYS = "這幾份計畫都沒有寫到這件事，沒有可以比的條文。"
IN_BOTH_YEARS = "兩年的責任單位"


def between_years(years: Sequence[int]) -> str:
    """The title of what changed."""
    return f"{'與'.join(f'{year}年度' for year in years)}比較"


def changes(counts: Mapping[str, int]) -> str:
    """How many clauses are new, dropped and so on."""
    told = "、".join(f"{name} {counts[key]} 條" for key, name in CHANGES.items() if counts[key])
    return f"{told}。"


def units_not_known(count: int) -> str:
    """Of how many clauses the units cannot be compared."""
    return f"其中 {count} 條只有一個年度的計畫看得出責任單位，單位有沒有換比不出來。"


def plans_here(owner: str, years: Sequence[int]) -> str:
    """Which editions of an owner's plan are here."""
    *older, newest = sorted(years)
    before = f"，也有{'、'.join(str(year) for year in older)}年度的" if older else ""
    return f"{owner}的計畫，我這裡最新的是{newest}年度{before}。"


def only_these_years(owner: str, years: Sequence[int]) -> str:
    """That there are no two editions to compare."""
    named = "、".join(str(year) for year in sorted(years))
    return f"{owner}的計畫我只有{named}年度的，沒有別的年度可以比。"


def units_unknown_in(year: int) -> str:
    """That it cannot be told whether other units are responsible."""
    return f"看不出責任單位有沒有換，{year}年度的計畫沒寫清楚是哪個單位："


def hands(
    asked: str,
    old: tuple[int, Sequence[str]],
    new: tuple[int, Sequence[str]],
    *,
    alike: bool,
) -> str:
    """Whether other units became responsible, as an answer to «also?», «changed?» or «who?»."""
    (before, then), (after, now) = old, new
    if alike:
        yes = {"same": "是，", "differs": "沒有換，"}.get(asked, "")
        return f"{yes}兩年都是{'、'.join(now)}："
    yes = {"same": "不是，", "differs": "有換，"}.get(asked, "")
    return f"{yes}{before}年度是{'、'.join(then)}，{after}年度是{'、'.join(now)}："


def was_dropped(unit: str, before: int, after: int, *, had: bool, has: bool) -> str:
    """Whether a unit is no longer among the responsible ones."""
    if had and not has:
        return f"是，{before}年度有列{unit}，{after}年度沒有列了："
    if has and not had:
        return f"沒有，{before}年度沒有列{unit}，{after}年度才列："
    return f"沒有拿掉，兩年都有列{unit}：" if had else f"兩年都沒有列{unit}："


def was_its_too(its: str, year: int, units: Sequence[str], *, other: int, also: bool) -> str:
    """Whether a unit, listed as `its`, is responsible in a year, and in the other year as well."""
    if not its:
        return f"不是，{year}年度是{'、'.join(units)}："
    if not also:
        return f"是，{year}年度有列{its}，{other}年度沒有列："
    return f"是，{year}年度也{'是' if len(units) == 1 else '有列'}{its}："


def wording_of(year: int) -> str:
    """Before a clause that two years word otherwise: whose wording it is."""
    return f"{year}年度的文字："


def no_other_edition(owner: str, year: int) -> str:
    """That there is nothing to compare with."""
    return f"{owner}的計畫我只有{year}年度的，沒有別的年度可以比。{year}年度這樣寫："


def responsible_in(name: str) -> str:
    """The name of a row: who is responsible by the plan of this year, or of this name."""
    return f"{name}的責任單位"


def that_year_has_it(year: int) -> str:
    """That the plan of a year has the clause too."""
    return f"有，{year}年度這樣寫："


OURS_HAS_IT = "有，就是這一條："
IN_THIS_CLAUSE = "這一條是這樣寫的："


def clause_is_silent(kinds: Sequence[str], words: Sequence[str], vaguely: str = "") -> str:
    """That the clause of the conversation does not state a detail, or has not the words asked for.

    `vaguely` is what it has in place of the detail.

    Where neither is known, whether it says what was meant is left to the reader.
    """
    if kinds:
        only = f"只寫「{vaguely}」，" if vaguely else ""
        return f"這一條{only}沒有寫{'、'.join(kinds)}。條文是："
    if words:
        return f"這一條沒有提到「{'、'.join(words)}」。條文是："
    return "關於這個，計畫是這樣寫的："


def edition_before(year: int) -> str:
    """That this is the edition before."""
    return f"前一版是{year}年度的，這樣寫："


def only_shared(unit: str) -> str:
    """That a section has duties only together with others."""
    return f"計畫沒有單獨交給{unit}的工作；下面是各單位共同的："


def perhaps_meant(word: str) -> str:
    """For a mistyped command."""
    return f"您是不是要「{word}」？按下面的按鈕就可以；不是的話，請用一句話問我。"


def list_ends(total: int) -> str:
    """That all of a list was shown."""
    return f"這份清單到這裡為止，共 {total} 條。"


def cycle(year: int) -> str:
    """The name of a cycle's dates."""
    return f"{year}年度"


def cycle_of(year: int, whose: str) -> str:
    """The name of a cycle's dates, with whose they are where they are not the asker's own."""
    return f"{cycle(year)}（{whose}）" if whose else cycle(year)


def falls_into(period: str, whose: str) -> str:
    """The title of all dates of a time; of a year what is to be handed in."""
    said = f"{period}的時程" if period else "這個年度要交的"
    return f"{said}（{whose}）" if whose else said


def unsure_of(entries: Sequence[int]) -> str:
    """Which entries of a list have units that the source does not tell apart."""
    named = "、".join(str(one) for one in entries)
    return f"（第{named}項的責任單位，原計畫是好幾條寫在同一格，這裡照順序對，以原計畫為準。）"


def older_edition(cited: str, words: str) -> str:
    """What the superseded edition said."""
    return f"舊版 {cited} 寫法不同：{words}"


def there_is_a_newer(short: str) -> str:
    """That a plan is superseded."""
    return f"這是舊版；現行的是{short}。"


def duties_of(unit: str) -> str:
    """The title of a unit's duties."""
    return f"{unit}的工作"


def on_subject(title: str, subject: str) -> str:
    """The title of a unit's duties, perhaps only of those on a subject."""
    return f"{title}裡和「{subject}」有關的" if subject else title


def bound_by(unit: str) -> str:
    """The title of the clauses that bind a unit without a plan of its own."""
    return f"{unit}適用的條文"


def counted(title: str, alone: int, shared: int) -> str:
    """A title of a list with how many there are, a section's alone and those that it shares."""
    if alone and shared:
        return f"{title}：單獨 {alone} 條，和其他單位共同的 {shared} 條"
    return f"{title}：共 {alone + shared} 條"


def in_charge(units: Sequence[str]) -> str:
    """Who is responsible, in a sentence."""
    return f"由{'、'.join(units)}負責："


def units_are(units: Sequence[str]) -> str:
    """Whose the clause is."""
    return f"這一條的責任單位是{'、'.join(units)}："


def all_in_charge(units: Sequence[str]) -> str:
    """That these are all."""
    if len(units) == 1:
        return f"只列{units[0]}，沒有別的單位："
    return f"一起負責的是{'、'.join(units)}："


def nobody_in_charge(why: str) -> str:
    """That nobody is named, and why."""
    return f"{why}，看不出由誰負責："


def ask_its_owner(why: str, owner: str) -> str:
    """That nobody is named, and who wrote the plan."""
    return f"{why}，可以問訂這份計畫的{owner}："


def who_acts(where: str, words: str) -> str:
    """Who acts by a plan's own words, with the heading's path where they stand in one."""
    return f"{where}寫的是「{words}」："


def only_the_city(words: str) -> str:
    """That a plan says no more than 本府 of who acts."""
    return f"計畫寫的是「{words}」，沒有寫由哪個單位負責："


def acts(unit: str, where: str, words: str) -> str:
    """That a unit is the one that a plan names."""
    return f"是{unit}，{where}寫的是「{words}」："


def does_not_act(unit: str, where: str, words: str) -> str:
    """That a plan names others than a unit."""
    return f"{where}寫的是「{words}」，不是{unit}："


def acts_as_an_agency(unit: str, words: str) -> str:
    """That a section's agency is meant, and no section is named."""
    return f"寫的是「{words}」，沒有寫到{unit}這樣的內部單位："


def only_spares(where: str, words: str) -> str:
    """That a clause spares a unit one thing, and not what is asked about."""
    return f"{where}只寫「{words}」，這一項沒有寫可以免："


def how_many(shown: int, total: int) -> str:
    """How much of a list is shown."""
    return f"共 {total} 條" if shown >= total else f"共 {total} 條，先列 {shown} 條"


def unit_duties_button(unit: str) -> str:
    """The label for a unit's other duties; at most 20 characters."""
    label = f"{unit}的其他工作"
    return label if len(label) <= 20 else "單位的其他工作"


# --- binding, help, joining -------------------------------------------------------------------

CALL = "小幫手"
"""What people type in front where others read along."""

EXAMPLES = ("雙語標示要做什麼？", "年度執行成果何時提報？", "電話禮貌由誰負責？")
"""Questions to tap, each at most 20 characters."""


def called(words: str, *, shared: bool) -> str:
    """Words as they have to be typed in this kind of chat."""
    return f"{CALL} {words}" if shared else words


def examples(*, shared: bool) -> tuple[Button, ...]:
    """Questions and the help, to tap."""
    return tuple(_says(words, shared=shared) for words in (*EXAMPLES, "說明"))


def hello_group(units: Sequence[str]) -> str:
    """The one hello in a group."""
    binding = (
        f"這個群組已綁定{'、'.join(units)}。"
        if units
        else f"要讓貴單位的計畫排在最前面，請傳「{CALL} 綁定 綁定碼」(綁定碼向管理者索取)。"
    )
    return (
        f"大家好，我是{BOT}。想查提升服務計畫的條文、負責單位或格式，"
        f"用「{CALL}」開頭問我就好，例如：\n{CALL} {EXAMPLES[0]}\n\n"
        f"{binding}\n\n沒有叫我的訊息，我不回應，也不留存。"
    )


HELLO_PERSON = (
    f"您好，我是{BOT}。提升服務計畫要做什麼、由誰負責、用什麼格式，直接問我就好，"
    "我會照計畫原文回答並附上出處。\n\n點一個例子試試，或傳「說明」看我會什麼。"
)

CANNOT_READ = (
    "謝謝，不過我只看得懂文字。想查提升服務計畫的內容，請用一句話問我；傳「說明」看我會什麼。"
)

SEND_THE_CODE = (
    "請傳綁定碼(8 個英數字)，五分鐘內有效；不綁了請傳「取消」。\n"
    "還沒有綁定碼的話，請向管理者索取。不綁定也可以直接問計畫內容。"
)
BINDING_CANCELLED = "好的，先不綁定。"
CODE_REFUSED = (
    "這組綁定碼無法使用，可能打錯、用過或過期了。請核對後再傳一次，或向管理者索取新的綁定碼。"
)
TOO_MANY_CODES = "綁定碼連續錯太多次了，請過十分鐘再試，或向管理者索取新的綁定碼。"
ADMIN_CODE_IN_GROUP = (
    "這是管理者的綁定碼，不能在群組使用；大家都看到了，所以已經作廢，沒有變更。"
    "請向維運人員索取新的綁定碼，在和我的一對一聊天傳「綁定 綁定碼」。"
)


def how_to_bind(*, shared: bool) -> str:
    """What binding needs, for who typed something else than a code."""
    return (
        f"綁定要用綁定碼，像這樣傳：「{called('綁定 ABCD-EFGH', shared=shared)}」。\n"
        "綁定碼請向管理者索取，一組只能用一次，72 小時內有效。"
    )


def not_bound_yet(*, shared: bool) -> str:
    """That the chat speaks for no unit yet, and how to change that."""
    return f"這裡還沒有綁定單位，我不知道您是哪個單位。\n{how_to_bind(shared=shared)}"


def now_bound(unit: str, units: Sequence[str], *, shared: bool) -> Card:
    """The chat is bound."""
    here = "這個群組" if shared else "這個聊天"
    also = [other for other in units if other != unit]
    return Card(
        kicker="綁定完成",
        title=unit,
        body=f"{here}現在代表{unit}。提問時會以{unit}適用的計畫為先。",
        rows=(("同時代表", "、".join(also)),) if also else (),
        note=_in_groups(shared=shared),
        tone=Tone.GOOD,
        quick=_quick("我的單位", EXAMPLES[0], "說明", shared=shared),
        alt=f"綁定完成：{here}現在代表{unit}。",
    )


def now_admin() -> Card:
    """The person is an administrator."""
    return Card(
        kicker="綁定完成",
        title="您現在是管理者",
        body="傳「說明」看管理者可以做什麼。",
        tone=Tone.GOOD,
        quick=_quick("說明", shared=False),
        alt="綁定完成：您現在是管理者。",
    )


_HELP_OF_A_UNIT = (
    ("回報", "例如「回報 一(三)2 已完成 辦了2場 60人」；只傳「回報」可以一步一步選"),
    ("更正、撤回", "改上一筆回報；要改別筆，引用那張卡片再說，「歷程」看改過什麼"),
    ("加照片", "回報後十分鐘內傳照片或檔案，就是那筆的佐證"),
    ("進度", "做到哪裡、還缺什麼"),
    ("期限", "接下來的期限；可按「完成了」「提醒我」，或引用提醒說「完成了」"),
    ("電話禮貌", "電話怎麼接、測試期間、單位的結果"),
    ("回報 電話禮貌", "例如「回報 電話禮貌 第1次 92分 缺失：… 改善：…」"),
    ("成果報告", "年度成果報告的下載連結，還缺哪些項目"),
    ("格式", "空白計畫的下載連結，要項與期限已填好"),
)
_HELP_OF_ADMINS = (
    ("總表、未回報", "各單位一覽；還沒回報的可以一次催"),
    ("核閱", "例如「核閱 開啟 衛生局」；之後傳「待核閱」「核閱 #12」「退回 #12 請補日期」"),
    ("成果報告 全機關", "彙整的成果報告與總表；「成果報告 三民二所」看一個單位"),
    ("預告", "未來 14 天會送出的提醒與費用，可加單位"),
    ("催辦", "先看對象與費用，確認後才送"),
    ("提醒紀錄", "送給誰、有沒有回應，可加單位"),
    ("提醒設定", "安靜時段、提前幾天，可加單位"),
)


def help_card(
    *,
    shared: bool,
    units: Sequence[str],
    admin: bool,
    days: tuple[date, date] | None = None,
    lasting: bool = True,
) -> Card:
    """What this person may do here.

    Args:
        days: for an administrator those of the examples of 調整 and 停班.
        lasting: the chat speaks for a unit without an end, not as a substitute's.
    """
    rows = [("問問題", f"例如「{called(EXAMPLES[0], shared=shared)}」")]
    if units:
        rows.append(("我的單位", "列出單位的各項工作"))
        rows += _HELP_OF_A_UNIT
        if not shared:
            rows.append(("行事曆", "把期限訂閱到 Outlook、Google 日曆"))
        if lasting:
            rows += _help_of_people(shared=shared)
        rows.append(("綁定 綁定碼", "再加一個單位"))
    else:
        rows += [("期限", "市府作業期程"), ("電話禮貌", "電話怎麼接、測試期間")]
        rows.append(("綁定 綁定碼", "以貴單位的計畫為先；綁定碼向管理者索取"))
    rows.append(("我是誰", "這裡代表哪些單位、到什麼時候"))
    if admin and not shared:
        if days is not None:
            rows.append(("調整", f"移動期限，例如「{_example_of_moving(days[0])}」"))
            rows.append(("停班", f"例如「{_example_of_closing(days[1])}」"))
        rows += _HELP_OF_ADMINS
        rows.append((CURATION, "沒答好的提問：連到條文、寫常見問答，或標為範圍外"))
        rows.append(("管理者", "單位要綁定時，請維運人員用 planbot enroll 產生綁定碼給他們"))
    return Card(
        kicker=f"已綁定：{'、'.join(units)}" if units else "尚未綁定單位",
        title="查計畫、記期限、收回報",
        body="條文照計畫原文回答並附出處；期限到了會提醒；回報整理成年度成果報告。",
        rows=tuple(rows),
        note=_in_groups(shared=shared),
        quick=_quick(*(["期限", "我的單位"] if units else ["期限"]), *EXAMPLES, shared=shared),
        alt=_plain_help(rows, units, shared=shared),
    )


def _help_of_people(*, shared: bool) -> list[tuple[str, str]]:
    if shared:
        return [
            ("代理人", f"例如「{CALL} 代理人 @李志明 下週」；「結束代理」提早結束"),
            ("交接", f"換人承辦，例如「{CALL} 交接 @王美玲」"),
        ]
    return [
        ("代理人", "例如「代理人 下週」，會給一組碼轉交代理人；「結束代理」提早結束"),
        ("交接", "換人承辦，會給一組碼轉交接任者"),
    ]


def _example_of_moving(day: date) -> str:
    return f"調整 成果報告 {day.month}月{day.day}日 三民二所 原因：配合評核"


def _example_of_closing(day: date) -> str:
    return f"停班 {day.month}月{day.day}日 原因：颱風"


def _plain_help(rows: Sequence[tuple[str, str]], units: Sequence[str], *, shared: bool) -> str:
    bound = f"已綁定：{'、'.join(units)}" if units else "尚未綁定單位"
    lines = [f"・{name}：{value}" for name, value in rows]
    return "\n".join(["說明", bound, *lines, _in_groups(shared=shared)])


def _in_groups(*, shared: bool) -> str:
    if shared:
        return f"在群組請用「{CALL}」開頭、@我，或引用我的訊息；其他訊息我不回應。"
    return f"一對一聊天不用加「{CALL}」，直接說就好。"


def _quick(*words: str, shared: bool) -> tuple[Button, ...]:
    return tuple(_says(one, shared=shared) for one in words)


def _says(words: str, *, shared: bool) -> Button:
    return Button(label=words, does=Does.SAY, value=called(words, shared=shared))


# --- the command line -------------------------------------------------------------------------


def new_code(code: str, *, unit: str | None, expires_at: datetime) -> str:
    """A binding code with what to do with it, for the operator to hand on."""
    until = expires_at.astimezone(TAIPEI)
    end = f"{from_western(until.year)}年{until.month}月{until.day}日 {until:%H:%M}"
    if unit is None:
        use = f"請本人在和{BOT}的一對一聊天傳「綁定 {code}」，就成為管理者。"
    else:
        use = f"請在{unit}的群組傳「{CALL} 綁定 {code}」；在一對一聊天傳「綁定 {code}」也可以。"
    return f"綁定碼：{code}\n{use}\n只能用一次，{end}以前有效。"


def demo_is_open(address: str, code: str) -> str:
    """What `planbot demo` prints once it runs."""
    return (
        f"{BOT}試用頁：{address}\n"
        "左上角可以換人，左邊可以換聊天。試試看：\n"
        f"  ・在群組傳「{CALL} {EXAMPLES[0]}」；不叫「{CALL}」時它不說話\n"
        f"  ・@{BOT}，或引用它的訊息再問\n"
        f"  ・在還沒綁定的群組傳「{CALL} 綁定 {code}」\n"
        "  ・一對一聊天直接傳「說明」\n"
        "按 Ctrl-C 結束；試用的內容不會保留。"
    )


DEMO_ADMIN, DEMO_OFFICER, DEMO_STRANGER = "怡君（管理者）", "志明（承辦人）", "小美（新同事）"
DEMO_HEALTH, DEMO_OFFICE, DEMO_NEW = "衛生局企劃室", "三民二所", "長照中心（還沒綁定）"
DEMO_TRIES = (
    *EXAMPLES,
    "推輪椅的民眾進不來怎麼辦？",
    "我的單位",
    "期限",
    "回報 長照專員進駐 60%",
    "回報",
    "進度",
    "成果報告",
    "說明",
)


# --- deadlines, courtesy tests, administrators ------------------------------------------------

DONE, SEEN, REMIND, READ_IT, UNDO = "完成了", "知道了", "提醒我", "看規定", "復原"
DUE, LEFT, ADJUSTED, GENERAL, BASIS, NOTED = "期限", "時間", "＊調整", "一般規定", "依據", "狀態"
NO_DEADLINES = "接下來沒有期限。"
ADJUSTED_MARK = "＊"
WHICH_DONE, WHICH_ONE = "哪一項完成了？", "是哪一項？"
WHEN_TO_REMIND = "什麼時候再提醒？"
NOT_SNOOZED = "這個日子不行。請選明天以後、期限以前的日子，例如「提醒我 3天後」。"
NOT_THIS_UNITS = "這一項不是這個聊天綁定的單位的期限，沒有變更。"
ALREADY_OPEN = "這一項目前沒有登記完成，不用復原。"
STATE_DONE, STATE_SEEN, STATE_UNDONE = "已完成", "已知道", "已復原"
PERIOD = "期間"
PERIODS_ARE_NOT_CHASED = "寫「進行中」「結束」的是活動期間，不用繳交，不催辦；其他的要在期限前交。"
ONLY_ITS_BEGINNING_IS_SAID = "這是進行期間，只在開始時提醒，到期不催辦。"
PERIODS_ARE_LEFT_OUT = "測試、研習、查訪沒有要交的東西，到期不提醒、不催辦。"

_WEEKDAY = "一二三四五六日"


def day_of(day: date, *, year: bool = True) -> str:
    """A day with its weekday: 「115年1月30日（五）」."""
    front = f"{from_western(day.year)}年" if year else ""
    return f"{front}{day.month}月{day.day}日（{_WEEKDAY[day.weekday()]}）"


def short_day(day: date, *, ends_period: bool) -> str:
    """A day of the coming year in a narrow column; of a period its last."""
    return f"{'至' if ends_period else ''}{day.month}/{day.day}"


def short_title(title: str) -> str:
    """A deadline's title in a narrow list, so that what tells it from others is still there."""
    for long, short in (("本府", ""), ("電話服務品質及禮貌測試", "電話禮貌測試")):
        title = title.replace(long, short)
    return title


def list_mark(*, done: bool, late: bool) -> str:
    """What stands before a title in a narrow list."""
    if done:
        return "✔ "
    return "逾期 " if late else ""


def nothing_to_finish(days: int, *, shared: bool) -> str:
    """That nothing is late or soon due, for who says that it is done."""
    return (
        f"沒有逾期或 {days} 天內到期、還沒完成的項目。要提早登記，"
        f"請傳「{called('期限', shared=shared)}」，在那一項按「完成了」。"
    )


def span(start: date, end: date) -> str:
    """A period, the year once where it is the same."""
    if start == end:
        return day_of(end)
    first = f"{from_western(start.year)}年{start.month}月{start.day}日"
    last = f"{end.month}月{end.day}日"
    if start.year != end.year:
        last = f"{from_western(end.year)}年{last}"
    return f"{first}至{last}（{_WEEKDAY[end.weekday()]}）"


def date_of(start: date, end: date, title: str, left: str) -> str:
    """A deadline beside the clause that it rests on."""
    return f"{span(start, end)} {title}{f'（{left}）' if left else ''}"


def days_left(start: date, end: date, today: date, *, owed: bool) -> str:
    """How long there is, or how late it is."""
    left = (end - today).days
    if left < 0:
        return f"已過 {-left} 天" if owed else "已結束"
    if left == 0:
        return "今天到期" if owed else "今天結束"
    if today < start:
        return f"{(start - today).days} 天後開始，{left} 天後{'截止' if owed else '結束'}"
    return f"還有 {left} 天" if owed else f"進行中，還有 {left} 天"


def deadlines_title(unit: str) -> str:
    """The title of a unit's next deadlines."""
    return f"{unit}的期限"


def same_as(bearer: str) -> str:
    """That a section has its agency's deadlines."""
    return f"科室的期限與{bearer}相同。"


def was_moved(start: date, end: date, reason: str) -> str:
    """What a deadline was before an administrator moved it."""
    return f"原為{span(start, end)}；{reason}"


def general_rule(start: date, end: date, cited: str) -> str:
    """What the more general plan says."""
    return f"{span(start, end)}（{cited}）"


def falls_on_day_off(day: date, name: str | None, before: date, *, estimated: bool) -> str:
    """That a date is not worked, and the working day before."""
    why = name or f"星期{_WEEKDAY[day.weekday()]}"
    unsure = "（推定）" if estimated else ""
    return f"期限日逢{why}{unsure}，前一上班日是{day_of(before)}"


def calendar_is_estimated(year: int) -> str:
    """That working days of a year are an estimate."""
    return f"【推定】{year}年辦公日曆尚未公布，上班日為推定"


def further_deadlines(count: int) -> str:
    """How many more there are."""
    return f"之後還有 {count} 項"


def unbound_deadlines(*, shared: bool) -> str:
    """How to get one's own deadlines."""
    bind = called("綁定 綁定碼", shared=shared)
    return f"這裡還沒有綁定單位，先列市府作業期程。要看貴單位的期限，請傳「{bind}」（綁定碼向管理者索取）。"


def noted_on(words: str, day: date) -> str:
    """A state with the day of its entry."""
    return f"{words}（{day.month}月{day.day}日登記）"


def reminds_on(day: date) -> str:
    """Until when a deadline is quiet."""
    return f"{day_of(day)}再提醒"


def done_echo(title: str) -> tuple[str, str]:
    """Title and body after something was reported as done."""
    return f"已完成：{title}", "記下來了，這一項不再提醒。按錯了可以復原。"


def seen_echo(title: str) -> tuple[str, str]:
    """Title and body after something was acknowledged."""
    return f"知道了：{title}", "記下來了。按錯了可以復原。"


def snoozed_echo(title: str, until: date) -> tuple[str, str]:
    """Title and body after something was put off."""
    return f"稍後提醒：{title}", f"好的，{reminds_on(until)}，在那之前不再提醒。"


def undone_echo(title: str) -> tuple[str, str]:
    """Title and body after an entry was taken back."""
    return f"已復原：{title}", "這一項回到未完成，會照常提醒。"


COURTESY_TITLE = "電話怎麼接：速度、禮貌、答話"
COURTESY_NOT_SHOWN = "測試結果只給該單位與管理者看，這裡不能顯示。"
STILL_OWED = "尚未填寫"
HOW_TO_REPORT_COURTESY = "回報請傳「回報 電話禮貌 第1次 92分 缺失：… 改善：…」。"
HOW_TO_CORRECT_COURTESY = "要更正，請傳「更正 電話禮貌 第1次 95分」這樣的一句話。"
COURTESY_FAULTS_KEPT = "缺失沿用先前回報的；有變請一併更正。"
TESTS = {1: "第1次", 2: "第2次"}
NO_RESULT_YET = "尚未回報"
COURTESY_NOT_YOURS = "只能回報這個聊天綁定的單位，沒有記錄。"
COURTESY_NEEDS_BINDING = (
    "要先綁定單位才能回報，沒有記錄。請傳「綁定 綁定碼」（綁定碼向管理者索取）。"
)
COURTESY_NO_SCORE = "沒有看到分數，沒有記錄。請像這樣傳：「回報 電話禮貌 第1次 92分 缺失：未報姓氏 改善：晨會演練」。"
COURTESY_CANCELLED = "好的，改善措施先不填；之後再傳一次回報也可以。"
FAULTS, IMPROVEMENT, SCORE, TESTED_ON = "缺失", "改善措施", "分數", "測試日"


def courtesy_bad_score(words: str) -> str:
    """That a score cannot be one."""
    return f"分數要在 0 到 100 之間，「{words}」不行，沒有記錄。"


def courtesy_bad_window(words: str) -> str:
    """That there are two tests a year."""
    return f"電話禮貌測試一年兩次，沒有「{words}」，沒有記錄。請寫第1次或第2次。"


def courtesy_too_early(words: str) -> str:
    """That a test's day lies ahead."""
    return f"測試日{words}還沒到，沒有記錄。"


def window_state(start: date, end: date, today: date) -> str:
    """Where one of the two windows stands."""
    if today < start:
        where = f"{(start - today).days} 天後開始"
    elif today > end:
        where = "已結束"
    else:
        where = f"進行中，還有 {(end - today).days} 天"
    return f"{span(start, end)}，{where}"


def result_line(score: float, grade: str, tested: date | None) -> str:
    """A result in a row."""
    when = f"，{day_of(tested, year=False)}測試" if tested else ""
    return f"{number_of(score)} 分（{grade}）{when}"


def results_of(unit: str) -> str:
    """The title of a unit's own results."""
    return f"{unit}的測試結果"


def scoring(
    items: Sequence[tuple[str, int]],
    grades: Sequence[tuple[str, float]],
    below: float,
    source: str,
) -> str:
    """How points and grades are given, and where that comes from."""
    points = "、".join(f"{name} {worth} 分" for name, worth in items)
    names = "、".join(f"{number_of(above)} 分以上{name}" for name, above in grades if above)
    return f"計分：{points}。{names}；未達 {number_of(below)} 分要提改善措施。\n（{source}）"


def courtesy_which_unit(units: Sequence[str]) -> str:
    """That several units are bound and one must be named."""
    return (
        f"這裡綁定了{'、'.join(units)}，請寫明是哪一個，"
        f"例如「回報 電話禮貌 {units[0]} 第1次 92分」。沒有記錄。"
    )


def number_of(score: float) -> str:
    """A score without needless decimals."""
    return f"{score:g}"


def courtesy_recorded(which: str, *, again: bool = False) -> str:
    """The title of a recorded result."""
    return f"已{'更正' if again else '記錄'}{which}電話禮貌測試"


def courtesy_moved(which: str, year: int) -> str:
    """The title of a result that was put to another cycle."""
    return f"已改為{year}年度{which}電話禮貌測試"


def ask_improvement(below: float, minutes: int, *, shared: bool) -> str:
    """That an improvement is wanted, and that the next message counts as the answer."""
    who = "您在這裡的" if shared else "您的"
    return (
        f"低於 {number_of(below)} 分，需要改善措施。請直接回覆："
        f"{minutes} 分鐘內{who}下一則訊息會記為改善措施；先不填請傳「取消」。"
    )


IMPROVEMENT_RECORDED = "已記錄改善措施"

ADMINS_ONLY = "這項功能限管理者使用，沒有變更。需要時請洽管理者。"
ADJUST_NO_REASON = "請寫出原因，例如「原因：配合評核」。沒有變更。"
MOVE_BACK, OPEN_AGAIN = "改回原期限", "恢復上班"
EVERY_UNIT = "全部單位"


def how_to_adjust(day: date) -> str:
    """How a deadline is moved, with a day for the example."""
    return (
        f"請像這樣傳：「{_example_of_moving(day)}」；"
        "日期也可以是「3月1日至3月20日」，不寫單位就是全部單位。沒有變更。"
    )


def adjust_no_date(day: date) -> str:
    """That no date was typed."""
    return f"沒有看到日期。{how_to_adjust(day)}"


def how_to_close(day: date) -> str:
    """How a day off is declared, with a day for the example."""
    return f"請像這樣傳：「{_example_of_closing(day)}」。沒有變更。"


def no_such_date(words: str) -> str:
    """That a date does not exist."""
    return f"沒有「{words}」這一天，沒有變更。"


def ends_before_start(start: date, end: date) -> str:
    """That a period is the wrong way round."""
    return f"結束日{day_of(end)}早於開始日{day_of(start)}，沒有變更。"


def unknown_unit(words: str, nearest: Sequence[str]) -> str:
    """That there is no such unit, with the nearest names."""
    hint = f"是不是：{'、'.join(nearest)}？" if nearest else "請用單位的正式名稱或簡稱。"
    return f"找不到單位「{words}」，沒有變更。{hint}"


def unknown_entry(words: str, titles: Sequence[str]) -> str:
    """That there is no such deadline, with those that could be meant."""
    said = f"「{words}」對不到一個項目" if words else "請寫明要調整哪一個項目"
    return "\n".join([f"{said}，沒有變更。可以用序號或名稱：", *titles])


def entry_line(number: str, title: str) -> str:
    """One that could be meant."""
    return f"・{number} {title}"


def entry_not_of(title: str, unit: str) -> str:
    """That a unit has no such deadline."""
    return f"{unit}沒有「{title}」這一項，沒有變更。"


def adjusted(title: str, unit: str | None) -> tuple[str, str]:
    """Kicker and title of a moved deadline."""
    return unit or EVERY_UNIT, f"已調整：{title}"


def restored(title: str) -> str:
    """A deadline is the plan's again."""
    return f"已改回原期限：{title}"


BEFORE, AFTER, REASON = "原期限", "新期限", "原因"


def day_declared_off(day: date, reason: str) -> tuple[str, str]:
    """Title and body of a declared day off."""
    return f"{day_of(day)}停班", f"原因：{reason}\n這一天不會發出提醒，上班日照此計算。"


def day_restored(day: date) -> str:
    """A declared day off is taken back."""
    return f"{day_of(day)}已恢復原來的辦公日曆。"


def day_is_off_already(day: date, name: str | None) -> str:
    """That nobody works on that day anyway."""
    why = f"（{name}）" if name else ""
    return f"{day_of(day)}本來就不上班{why}，沒有變更。"


def day_not_covered(day: date) -> str:
    """That the office calendar does not reach that far."""
    return f"辦公日曆還沒有{from_western(day.year)}年，沒有變更。"


NOTHING_PLANNED = "沒有要送出的提醒。"
NOTHING_SENT = "還沒有送出過提醒。"
NOBODY_TO_CHASE = (
    "沒有需要催辦的：已綁定的單位沒有快到期、或逾期 120 天內還沒完成的項目；"
    "逾期更久的這裡不催，請看「總表」的落後。"
    f"{PERIODS_ARE_LEFT_OUT}"
)
CHASE_WHICH, CHASE_SEND = "要催辦哪一項？", "確認送出"
CHASE_WHOM, CHASE_PRICE = "對象", "費用"
CHASE_NOTE = "按下「確認送出」才會傳；同一項一天只會催一次。"
CHASED_BODY = "管理者提醒：請儘速辦理，完成後按「完成了」。"
CHASED_TODAY = "這一項今天已經催辦過了，沒有再送。"
NOT_NOW = "現在不是上班時間，沒有送出；請在上班日 8 點到 18 點再按一次。"
SENT, NOT_SENT, KEPT_BACK, UNANSWERED = "已送", "未送達", "則數不足保留", "未回應"
ONE_TO_ONE, IN_GROUP = "個人", "群組"
REMINDER_KINDS = {
    "opening": "開始",
    "lead": "提前",
    "due": "到期",
    "overdue": "逾期",
    "courtesy": "測試期間",
    "followup": "追蹤",
}


def forecast_title(days: int, unit: str | None) -> str:
    """What is shown of the days to come."""
    return f"{unit or EVERY_UNIT}未來 {days} 天的提醒"


def planned_line(unit: str, title: str, kind: str) -> str:
    """A reminder to come."""
    return f"{unit}：{title}（{REMINDER_KINDS.get(kind, kind)}）"


def forecast_cost(number: int, price: int, *, guessed: int) -> str:
    """How many reminders there will be, what they cost, and how that was counted.

    Args:
        guessed: groups of which LINE has not said how many people are in them.
    """
    total = f"共 {number} 則提醒，預計用掉 {price} 則 LINE 訊息（同一聊天同一天併成一則）。"
    unsure = f"；{guessed} 個群組人數未知，先以 20 人計" if guessed else ""
    return f"{total}\n算法：個人 1 則，群組每人 1 則{unsure}。"


def chase_choice(title: str, units: int) -> str:
    """A button for something to chase for; at most 40 characters."""
    return f"{title[:24]}（{units} 個單位）"


def chase_title(title: str) -> str:
    """What is about to be chased for."""
    return f"催辦：{title}"


def chase_cost(chats: int, price: int, *, sure: bool) -> str:
    """What it costs; not sure while LINE has not said how many people are in a group."""
    guess = "" if sure else "（人數未知的群組先以 20 人計）"
    return f"{chats} 個聊天，會用掉 {price} 則 LINE 訊息{guess}"


def chaser(unit: str, title: str, end: date) -> str:
    """What the chased are told, in plain words."""
    return f"【催辦】{unit}：{title}，期限{day_of(end)}。{CHASED_BODY}"


def chased(chats: int, price: int) -> str:
    """What was sent."""
    return f"已催辦 {chats} 個聊天，用掉 {price} 則 LINE 訊息。"


def account_title(unit: str | None) -> str:
    """What was sent, and to whom."""
    return f"{unit or EVERY_UNIT}的提醒紀錄"


def account_line(
    day: date, unit: str, title: str, what: str, where: str, became: str, answered: str
) -> str:
    """One thing that was sent."""
    return f"・{day.month}/{day.day} {unit} {title}：{what}，{where}{became}，{answered}"


HOW_TO_SET = "例如「提醒設定 安靜 18:00-08:00 提前 7、3、1 三民二所」；不寫單位就是全部單位。"
HOW_TO_SET_REMINDERS = f"時間或天數不對，沒有變更。{HOW_TO_SET}"
QUIET_HOURS, LEAD_DAYS, AS_THE_RULES = "安靜時段", "提前提醒", "依預設規則"


def lead_days(days: Sequence[int]) -> str:
    """How many workdays before the due day something is said."""
    return f"期限前 {'、'.join(str(one) for one in days)} 個上班日" if days else "不提前提醒"


def reminder_settings(unit: str | None, *, changed: bool) -> str:
    """The title of the settings."""
    return f"{unit or EVERY_UNIT}的提醒設定{'（已變更）' if changed else ''}"


CALENDAR_ALONE = "行事曆連結只給本人，請到和我的一對一聊天傳「行事曆」。"
CALENDAR_UNBOUND = "要先綁定單位才有行事曆。請傳「綁定 綁定碼」（綁定碼向管理者索取）。"
CALENDAR_REVOKED = "舊的行事曆連結都停用了。要新的請傳「行事曆」。"
CALENDAR_NONE = "沒有使用中的行事曆連結。"
COPY_LINK, REVOKE_LINKS = "複製連結", "停用全部連結"
CALENDAR_NAME_OF_BOT = "提升服務期限"


def calendar_card(unit: str) -> tuple[str, str, str]:
    """Title, body and small print of a unit's calendar link."""
    return (
        f"{unit}的行事曆",
        "把連結加到 Outlook 或 Google 日曆的「以網址訂閱」，期限會自己更新。",
        "拿到連結的人都看得到，請勿轉傳；這個連結只顯示這一次。",
    )


def calendar_name(unit: str) -> str:
    """What the calendar is called in Outlook and Google."""
    return f"{unit} {CALENDAR_NAME_OF_BOT}"


def calendar_summary(title: str, *, moved: bool, done: bool) -> str:
    """The title of an event."""
    return f"{'✔ ' if done else ''}{ADJUSTED_MARK if moved else ''}{title}"


def calendar_note(cited: str, clause: str, moved: str) -> str:
    """The description of an event."""
    return "\n".join(part for part in (f"依據：{cited}", clause, moved) if part)


# --- reminders --------------------------------------------------------------------------------

HOW_TO_ANSWER_THE_PHONE = "鈴響4聲內接聽，先說「您好」並報單位與姓氏；轉接說清楚，結束說「再見」。"
_TESTS = ("", "第1次", "第2次")
_MOST_NAMED = 8
_LABEL = 18


def reminder_opens(title: str, start: date, end: date) -> str:
    """That the time for something has begun."""
    return f"開始｜{title}：{span(start, end)}"


def reminder_near(title: str, end: date, today: date) -> str:
    """That something is due soon."""
    left = (end - today).days
    return f"還有 {left} 天｜{title}：{day_of(end)}到期"


def reminder_due(title: str, end: date, today: date, *, estimated: bool) -> str:
    """That something is due, today or on the days off that follow."""
    if end <= today:
        return f"今天到期｜{title}"
    unsure = "（推定）" if estimated else ""
    return f"今天是期限前最後一個上班日{unsure}｜{title}：{day_of(end)}到期"


def reminder_late(title: str, end: date, today: date) -> str:
    """That something was due and is not reported as done."""
    return f"已過期 {(today - end).days} 天｜{title}：{day_of(end)}到期，完成了請告訴我"


def reminder_test_opens(which: int, start: date, end: date) -> str:
    """That a window of the courtesy test has opened."""
    return f"電話禮貌測試{_TESTS[which]}期間：{span(start, end)}，不另行通知。{HOW_TO_ANSWER_THE_PHONE}"


def reminder_test_goes_on(which: int, end: date) -> str:
    """How to answer, while the window is open."""
    return f"電話禮貌測試{_TESTS[which]}到{day_of(end)}為止，隨時會測。{HOW_TO_ANSWER_THE_PHONE}"


def of_whom(words: str, for_whom: str) -> str:
    """A line with those whom it concerns, where it is not all."""
    return f"{words}（{for_whom}）" if for_whom else words


def reminder_result(which: int, units: Sequence[str] = ()) -> str:
    """Asks for a test's result; `units` are named where the chat has several."""
    one = _TESTS[which]
    how = f"{CALL} 回報 電話禮貌 {_first_of(units)}{one} 92分"
    return f"{_of(units)}電話禮貌測試{one}有結果了嗎？請傳「{how}」"


def reminder_improvement(which: int, units: Sequence[str] = ()) -> str:
    """Asks for what is being done about a low score; `units` as for the result."""
    one = _TESTS[which]
    how = f"{CALL} 回報 電話禮貌 {_first_of(units)}{one} 改善：…"
    return f"{_of(units)}電話禮貌測試{one}還沒有改善措施，請傳「{how}」"


def _of(units: Sequence[str]) -> str:
    return f"{'、'.join(units)}的" if units else ""


def _first_of(units: Sequence[str]) -> str:
    return f"{units[0]} " if units else ""


def reminders_title(number: int) -> str:
    """What a message of several reminders is called."""
    return f"今天有 {number} 件事"


def late_units(title: str, end: date, units: Sequence[str]) -> str:
    """For a superior: which units are late with something."""
    named = "、".join(units[:_MOST_NAMED])
    rest = f" 等 {len(units)} 個單位" if len(units) > _MOST_NAMED else ""
    return f"{title}（{day_of(end)}到期）：{named}{rest}"


def done_with(title: str) -> str:
    """A button that reports one of several things as done."""
    words = f"完成：{title}"
    return words if len(words) <= _LABEL else words[: _LABEL - 1] + "…"


def how_to_answer_reminders(more: int) -> str:
    """The small print below several reminders; `more` are not listed."""
    rest = f"另有 {more} 件。" if more > 0 else ""
    return f"{rest}傳「{CALL} 期限」看全部、規定，或改天提醒。"


REMIND_OF_TEST = "電話禮貌"
LATE_UNITS = "逾期未完成"
LATE_UNITS_NOTE = "要提醒這些單位請傳「催辦」。"


def quota_is_running_out(used: int, limit: int) -> str:
    """For administrators: most of the month's messages are used."""
    return f"本月 LINE 則數已用 {used}／{limit} 則。用完後提醒會先保留，回答不受影響。"


def quota_will_not_do(used: int, limit: int, to_come: int) -> str:
    """For administrators: the month's messages will not be enough."""
    return (
        f"本月 LINE 則數可能不夠：已用 {used}／{limit} 則，本月還要約 {to_come} 則。"
        "不夠時先留給到期與逾期，並優先傳給承辦人；要全部送出請升級方案。"
    )


def quota_is_short(number: int) -> str:
    """For administrators: some chats are not told for want of quota."""
    return f"LINE 則數不足，有 {number} 個聊天的提醒先保留，則數恢復或對方來詢問時再說。"


def reminders_preview(number: int, price: int) -> str:
    """The last line of `planbot reminders`: how many, and what they cost."""
    return f"共 {number} 則提醒，預計用掉 LINE 訊息 {price} 則"


NO_REMINDERS = "沒有要提醒的事"


# --- curators ---------------------------------------------------------------------------------

TOO_LONG = "這段文字太長了，我一次只看一個問題。請用一句話告訴我想查提升服務計畫的什麼。"

CURATION = "待補問題"
CURATION_ADMINS_ONLY = "待補問題只有管理者能看和處理，沒有變更。需要時請洽管理者。"
CURATION_ALONE = "待補問題不在群組處理，請到和我的一對一聊天傳「待補問題」。"
CURATION_NONE = "目前沒有待補問題。"
CURATION_TAP = "點一題來處理。"
CURATION_SHOWN = "當時引用"
CURATION_LINK, CURATION_CITE = "連到這一條", "引用這一條"
CURATION_WRITE, CURATION_PATH = "寫常見問答", "自己指定條文"
CURATION_OUTSIDE, CURATION_SKIP, CURATION_SAVE = "計畫範圍外", "略過", "存檔"
CURATION_SETTLED = "這一題已經處理過了。傳「待補問題」看其他的。"
CURATION_CANCELLED = "好的，這一題先不處理，還在待補問題裡。"
CURATION_SKIPPED = "已略過，再有人問會重新列入"
CURATION_DONE = {
    "link": "已連到條文",
    "faq": "常見問答已存檔",
    "outside": "已標為計畫範圍外",
}
CURATION_FROM_NOW = "從下一次提問開始生效。按錯了可以復原。"
CURATION_UNDONE = "已復原，這一題回到待補問題。"
CURATION_UNDONE_ALREADY = "這一項已經復原過了。"
CURATION_ASK_WORDS = (
    "請直接傳常見問答的內容(1,000 字以內)，15 分鐘內您的下一則訊息就是內容；不寫了請傳「取消」。"
)
CURATION_ASK_PATH = "請傳條文的位置，例如「衛生局112 一(三)3.(2)」；不找了請傳「取消」。"
CURATION_BAD_WORDS = "內容要有 4 個字以上、1,000 字以內，還沒有存檔。請再傳一次，或傳「取消」。"
CURATION_NO_PLACE = (
    "找不到這個位置，還沒有變更。請像這樣傳：「衛生局112 一(三)3.(2)」，或傳「取消」。"
)
CURATION_WHICH = "是哪一條？"
CURATION_ENOUGH = "最多引用三條。請按「存檔」，或傳「取消」重來。"
CURATION_CITE_OR_TYPE = (
    "還要再引用，點下面的條文，或直接傳條文位置；好了就按「存檔」，或傳「存檔」。"
)
CURATION_MUST_CITE = (
    "還不能存檔：常見問答至少要引用一條條文。請直接傳條文位置，例如「衛生局112 一(三)3.(2)」，"
    "或按「引用這一條」，然後傳「存檔」。"
)
CURATION_CORRECTED = "提問人補充"
_CURATION_WHY = {"unknown": "沒有找到答案", "wrong": "有人按不對", "wrong_clause": "有人按引錯條文"}


def curation_title(total: int) -> str:
    """The title of the curators' list."""
    return f"{CURATION}：共 {total} 題"


def curation_about(count: int, unit: str | None, kind: str) -> str:
    """How often something was asked, where, and why it is on the list."""
    parts = [f"{count} 次", unit or "未綁定的聊天", _CURATION_WHY.get(kind, "")]
    return "、".join(part for part in parts if part)


def curation_draft(cited: int, most: int) -> str:
    """How far an entry is."""
    return f"常見問答草稿，已引用 {cited} 條(最多 {most} 條)"
