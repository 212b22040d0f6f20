"""Where an item stands, as clerks type it: 「做完了」, 「還沒開始」, 「六成」, 「卡住」, 「己完成」."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from bot.plans.progress import ProgressStatus
from bot.plans.typed_numbers import NUMBER, TENTHS, UNIT, tenths, value
from bot.plans.typed_text import AHEAD, AMOUNT, DAY, IDIOM, MARKS, PATH, PERCENT, Plain

DONE, UNDERWAY = ProgressStatus.DONE, ProgressStatus.UNDERWAY
NOT_STARTED, BEHIND = ProgressStatus.NOT_STARTED, ProgressStatus.BEHIND

_LEFT = rf"(?:^|(?<=[{MARKS}已也都全皆均了是]))"
_RIGHT = rf"(?=(?:[了喔囉啦嘍唷哦呢的][{MARKS}]|[了喔囉啦嘍唷哦呢的]?(?:[{MARKS}]|$)))"
_ALREADY = "(?:業?[已己巳以]經?|業經|都|均|皆|全部?|也){1,4}"

_HAS_DONE = "(?:[已都均皆]經?)?(?:辦理)?(?:完成|做完|辦完)(?![度率])"
PERCENTAGE = (
    rf"(?:(?<!\d)(?<!\d[.,])(?P<plain>{NUMBER})\s*(?:%|趴|percent|pa(?![a-z]))|百分之\s*(?P<of>{NUMBER})|(?P<whole>百分百)"
    rf"|{TENTHS}"
    r"|(?P<below>[二三四五六七八九十]|(?<![\d.])\d{1,2})分之(?P<above>[一二三四五六七八九]|\d{1,2})"
    rf"|(?<=完成)了?(?P<top>[1-9])/(?P<bottom>[2-9])(?!\d)|{_LEFT}(?:[已己巳]經?)?(?P<middle>一半|半數(?={_HAS_DONE}))(?:{_HAS_DONE})?"
    r"|(?<=[成做到了約])(?P<midway>一半|半數(?!以))"
    ")"
)
_PERCENTAGE = re.compile(PERCENTAGE)
_PROGRESS = re.compile(
    rf"(?:目前)?(?:進度|完成[度率])\s*[:為是約到達有]*\s*(?P<plain>\d{{1,4}}(?:\.\d+)?)(?![\d/.:%趴])(?!\s*(?:{UNIT}|%|趴|成(?![長立功果效])))"
)
_LEAD = re.compile(
    r"(?:(?:目前|整體|執行|工作|辦理)*(?:進度|完成[度率]|達成率|執行率|辦理率)[\s:為是]*)?"
    r"(?:目前|已達|已約|大約|大概|差不多|達到?|約|有)*(?:(?:[已己巳以]經?)?(?:做|完成)(?:了|到)?(?:大約|大概|約)?)?$"
)
_LEAD_LENGTH = 16
_NONE = re.compile(
    r"(?:沒有?|未|無|並未|不會|沒再|不再)(?:進度)?(?:落後|延遲|延誤|延宕|卡住|delay)"
    rf"|(?:預計|預定|預期|可望|爭取|力拚|希望|打算)(?:[^,。;、\s已{PATH}{PERCENT}]|(?<=[預計定於在])\s"
    rf"|\s(?={AHEAD})|(?<={AHEAD})\s){{0,14}}?(?:完成|做完|辦畢|辦理完畢|結案|辦完)"
    rf"|{AHEAD}\s*(?:日|底|前|以前|之前)?\s*(?:可|會|將|要|才|能)?(?:完成|做完|辦完|結案|辦畢)"
    r"|(?:下個?[月週季年]|下星期|下半年|明[天年]|年底|月底)(?:前|會|再|要|才|可)*(?:完成|做完|辦完|結案|辦理)"
    r"|(?:會|才能|就能|可以)(?:完成|做完|辦完|結案)"
    r"|(?:什麼時候|何時|幾時|是否|有沒有|要不要|能不能|會不會|怎麼|如何|誰)[^,。;\s]{0,6}?(?:完成|做完|辦完|辦理|開始)"
    r"|(?:尚未|還沒有?|沒有?|未)?(?:[已己巳]經?)?(?:完成|做完|辦完|辦理|辦|結案|好|開始|落後|進行中|辦理中)了?"
    rf"(?:\s*\?|嗎|了?沒有?(?=[{MARKS}]|$)|與否)"
    r"|(?:待|俟|等)[^,。;\s已]{0,12}完成(?:後|再)|完成(?:期限|日期|時間|時限|後)|辦理完成後"
)
_NOT = "(?:尚未|還沒有?|還未|仍未|沒有?|未|没有?|并未|並未)"
# Tried in this order; what one has found, the next does not see.
_WORDS: tuple[tuple[tuple[str, ...], ProgressStatus, int], ...] = (
    (
        (
            r"(?:無法|未能|不能|沒能|來不及)(?:如期|準時|按時|及時)?(?:完成|辦理)",
            r"(?:無法|未能)(?:如期|準時|按時|及時)",
            r"來不及了?",
        ),
        BEHIND,
        2,
    ),
    (
        (
            (
                rf"{_NOT}(?:全部|完全|都|能)?(?:辦理?|執行)?"
                rf"(?:完成|做完|辦完|辦畢|完畢|結案|弄好|做好|弄完|好{_RIGHT})"
            ),
        ),
        UNDERWAY,
        2,
    ),
    (
        (
            rf"{_NOT}(?:正式)?(?:開始|啟動|動工|著手|展開)(?:辦理?|執行|進行|做)?",
            rf"{_NOT}(?:辦理?|執行|進行|做|弄|動|處理|實施|規劃)(?!理由){_RIGHT}",
            rf"{_NOT}(?:辦理|執行|進行)",
            rf"(?:尚未|還沒有?|還未|仍未){_RIGHT}",
            r"not ?(?:yet )?started",
            rf"{_LEFT}(?:待辦理?|還在等|未動){_RIGHT}",
        ),
        NOT_STARTED,
        2,
    ),
    (
        (
            (
                rf"(?:快要?|即將|將近|將|接近|大致上?|初步|差不多|幾乎|大?{IDIOM}+"
                r"|大?多數|(?:(?:超過|過)半數?|半數)(?:以上)?)"
                r"(?:[已都均皆]經?)?(?:辦理)?(?:完成|做完|辦完|好了|結案|辦畢|完工)(?![度率])"
            ),
            rf"完成(?:大半|大?{IDIOM}{{2}}{_RIGHT})",
            "過半|接近尾聲|大致底定|(?:準備|等待?|待)結案",
        ),
        UNDERWAY,
        2,
    ),
    (
        (
            (
                rf"{_ALREADY}(?:全部|順利|如期|提前|提早|按時|準時|都|全數)?"
                r"(?:辦理?|執行|處理|製作|上傳|函報|公告)?"
                r"(?:完成|做完|辦完|辦畢|辦竣|完畢|完竣|結案|完工|做好|弄好|處理好)了?(?![度率])"
            ),
        ),
        DONE,
        1,
    ),
    (
        (
            r"(?:完成|做完|辦完|弄完|搞定|做好|弄好|處理好|辦好|上傳好|執行完)了",
            r"(?:辦理|執行|處理|施作|製作)完(?:成|畢|竣)",
            r"辦畢|辦竣|搞定",
            r"(?:全部|全數|順利|如期|提前|圓滿|按時)(?:辦理|執行)?(?:完成|結束|辦畢|結案)",
        ),
        DONE,
        1,
    ),
    (
        (
            rf"{_ALREADY}(?:辦理?|做|執行|結束|上傳|函報|公告|繳交|送出|交|報)(?:過|好|完)?{_RIGHT}",
            rf"{_LEFT}(?:完成|做完|辦完|結案|完工|執行完|好了|👌|💯){_RIGHT}",
            rf"{_LEFT}(?:ok(?![a-z])|done(?![a-z])|finish(?:ed)?|completed?){_RIGHT}",
        ),
        DONE,
        2,
    ),
    (
        (
            (
                r"(?:陸續|持續|賡續|目前|仍在?|正在?|繼續){0,3}"
                r"(?:進[行形型]|近行|辦理|處理|執行|規[劃畫]|籌備|籌[劃畫]|推動|建置|施工|製作|準備|聯繫"
                r"|洽談|審核|簽核|整理|彙整|申請|撰寫|修訂|設計|施作|研擬|排定|招標|採購|持續|推廣)"
                r"當?中(?![心央])"
            ),
            rf"(?:還|正)?(?:在|正)(?:做|弄|辦|辦理|進行|處理|執行|準備|規劃)(?:當?中|了)?{_RIGHT}",
            r"on ?going|in progress|wip(?![a-z])",
            (
                r"(?:陸續|持續|賡續|按月|逐步|仍在?|繼續)"
                rf"(?:辦理?|進行|推動|執行|處理|做|規劃)(?:中)?{_RIGHT}"
            ),
            rf"{_LEFT}(?:進行|規劃){_RIGHT}",
            r"(?:[已己巳]經?|剛|才剛)(?:開始|啟動|展開|著手)|開始(?:辦理?|做|進行|執行)?了",
        ),
        UNDERWAY,
        2,
    ),
    (
        (
            r"(?:進度|嚴重|稍微|有點|略)?(?:落後|延遲|延宕|延誤|卡住|卡關|delay(?:ed)?)了?|趕不上",
            rf"{_LEFT}(?:逾期|延期|延後){_RIGHT}",
        ),
        BEHIND,
        2,
    ),
    ((rf"{_LEFT}(?:完成|辦完|做完|執行完|結束)(?![{MARKS}後前時日期]|$)",), DONE, 1),
    ((rf"(?:完成|做完|辦完|結案|ok|好了|done|結束|辦理過){_RIGHT}", "[✅✔☑]"), DONE, 0),
)
_SAYS_SO = re.compile(
    rf"已於?{DAY}*(?:函報|函送|送|提報|提送|公告|公布|張貼|更新|設置|設立|建置|建立|訂定|修訂|召開"
    r"|發布|寄送|寄出|繳交|彙送|報送|接受|"
    rf"裝設|安裝|上傳|上網|送件|送出|成立|印製|發放|進駐|改善|檢測|參加)[\u4e00-\u9fff]{{0,8}}{_RIGHT}"
)
_SOME_LEFT = re.compile(
    rf"(?:還有|尚餘|尚有|尚缺|剩下?|另有?)?\s*(?<!\d){NUMBER}個?{UNIT}(?:還|尚|仍)?(?:沒有?|未)(?:辦理?|做|完成|執行|舉辦)"
    r"|(?:超過|過)?半數(?:以上)?的?[\u4e00-\u9fff]{2,5}?[已都均皆]?(?:完成|做完|辦完)"
)
_AFTER = re.compile("[了喔囉啦嘍唷哦]*")
_PATTERNS = [(re.compile("|".join(words)), status, weight) for words, status, weight in _WORDS]


_TELLS = re.compile(
    "函報|公告|上傳|繳交|送出|完工|結束|施工|籌備|籌[劃畫]|製作|聯繫|洽談|審核|簽核|整理|彙整|申請|撰寫|修訂"
    "|設計|施作|研擬|排定|招標|採購|推廣|推動|建置|規[劃畫]|準備"
)


def tells_what(words: str) -> bool:
    """Whether words of status also tell what was done or is being done."""
    return _TELLS.search(words) is not None


def whole(percent: Decimal) -> int:
    """Rounded to the nearest whole; but only nothing is 0, and only all is 100: 99.5 is 99."""
    rounded = int(percent.quantize(Decimal(1), rounding=ROUND_HALF_UP))
    return rounded if percent in (0, 100) else min(max(rounded, 1), 99)


@dataclass(frozen=True, slots=True, kw_only=True)
class Percentage:
    """A percentage and where it stands; `value` may be over 100."""

    start: int
    end: int
    value: Decimal

    @property
    def whole(self) -> int:
        """As `whole`."""
        return whole(self.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A word of status and where it stands.

    `weight`: 2 stands for itself, 1 may be a verb with its object (「已完成初稿」), 0 is the end of
    another word (「訓練完成」). `stays`: it says more than the status, so it belongs to the note too.
    """

    start: int
    end: int
    status: ProgressStatus
    weight: int
    stays: bool = False


def percentages_in(plain: Plain) -> Iterator[Percentage]:
    """The percentages that say how far an item is, with the words that lead to them."""
    for pattern in (_PROGRESS, _PERCENTAGE):
        for match in list(pattern.finditer(plain.text)):
            found = _percent_of(match)
            if found is None:
                continue
            before = plain.text[max(0, match.start() - _LEAD_LENGTH) : match.start()]
            lead = _LEAD.search(before)
            begins = match.start() - (len(lead[0]) if lead else 0)
            after = _AFTER.match(plain.text, match.end())
            end = after.end() if after else match.end()
            yield Percentage(start=begins, end=end, value=found)


def mentions_in(plain: Plain) -> Iterator[Mention]:
    """The words of status, the plainest first; they are not covered yet."""
    text = plain.text
    for match in _NONE.finditer(text):
        text = _covered(text, match)
    for match in list(_SOME_LEFT.finditer(text)):
        text = _covered(text, match)
        yield Mention(start=match.start(), end=match.end(), status=UNDERWAY, weight=2, stays=True)
    for pattern, status, weight in _PATTERNS:
        for match in list(pattern.finditer(text)):
            text = _covered(text, match)
            stands_alone = weight == 1 and re.compile(_RIGHT).match(text, match.end())
            after = _AFTER.match(text, match.end())
            yield Mention(
                start=match.start(),
                end=after.end() if after else match.end(),
                status=status,
                weight=2 if stands_alone else weight,
            )

    for match in _SAYS_SO.finditer(text):
        yield Mention(start=match.start(), end=match.end(), status=DONE, weight=0, stays=True)


def _covered(text: str, match: re.Match[str]) -> str:
    return text[: match.start()] + AMOUNT * (match.end() - match.start()) + text[match.end() :]


def _percent_of(match: re.Match[str]) -> Decimal | None:
    said = {name: words for name, words in match.groupdict().items() if words}
    if "middle" in said or "midway" in said:
        return Decimal(50)
    if "whole" in said:
        return Decimal(100)
    if "tenths" in said:
        return tenths(said["tenths"], said.get("half"))
    above, below = said.get("above") or said.get("top"), said.get("below") or said.get("bottom")
    if above and below:
        part, of = value(above), value(below)
        return part * 100 / of if part is not None and of else None
    number = said.get("plain") or said.get("of")
    if number == "百":
        return Decimal(100)
    return value(number) if number else None
