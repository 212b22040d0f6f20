"""Details that a few words ask for (how often, how much), and whether a clause states one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from bot.plans.model import Node
from bot.search.words import Folder, Lexicon

_RUNS = re.compile(r"[^\W_]+")


HOW_OFTEN, NUMBER = "次數", "數量"
RECEIVER, FORM, CONTENT = "交給誰", "要用哪種表格", "要寫哪些內容"
"""Details whose questions may name a unit without being about it, or that a form answers."""
LOOKER, MONEY = "由誰來看", "費用"
"""Details that are asked for with 誰 and are not who is responsible."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Detail:
    """A kind of detail: its name as staff read it, how it is asked for and how a clause states it.

    `decides`: of two clauses on one subject the one that states it is the answer.
    """

    name: str
    ask: re.Pattern[str]
    told: re.Pattern[str]
    decides: bool = False


# Name, question, clause; traditional letters, folded before use.
_KINDS: tuple[tuple[str, str, str, bool], ...] = (
    ("要帶或準備什麼", r"(?:要|該|得)?(?:檢附|帶|附|準備)(?:什麼|哪些|啥)(?:證件|文件|資料|東西)?|什麼證件|哪些證件",
     r"檢附|身分證影本", True),
    (FORM, r"(?:用|套|照).{0,4}(?:格式|表)嗎|(?:用|填|寫|套)?(?:哪一?|什麼)[個張份種]?(?:表格|表單|書表|格式|範本|表)|(?:有|有沒有)(?:表格|表單|格式|範本)|^(?:表格|格式|範本)",
     r"附件\s*[\d一二三]|格式|書表|表單|申請表|申請書|表格", False),
    (CONTENT, r"寫(?:什麼|哪些)(?:東西|內容)?|內容(?:有|要|是)?(?:什麼|哪些)|(?:包含|包括)(?:什麼|哪些)",
     r"附件\s*[\d一二三]|格式|包括|包含|欄", False),
    ("資格", r"資格|什麼條件|條件(?:是|有)|(?:誰|哪些人|什麼人|什麼樣的人)都?(?:可以|能|才能)",
     r"資格|符合|設籍|\d+\s*歲|低收|對象|者|民眾|老人|長輩|家庭", False),
    (RECEIVER, r"(?:交|送|報|寄|傳|繳|給)(?:到|去|給)?(?:誰|哪[裡邊]?(?!些|天|時)|哪個單位|哪[個一]科|.{2,6}還是.{2,6})|(?:報給|交給|送給|報到|送到|送交).{2,6}嗎|還是.{0,4}(?:給|交|送|報).{2,6}",
     r"備查|[彙函報併]送|送(?:交|本局|本府|市府|研考會)|報府|送.{0,8}(?:彙辦|彙整)", False),
    ("補助多少", r"(?:補助|補貼)(?:是|到|了)?(?:多少|幾成|幾)", r"全額|\d+\s*[%％元]", True),
    (LOOKER, r"誰(?:會|要|該)*(?:過?來|去)(?:看|檢?查|抽|考|評|驗)[查核驗收]?|誰(?:會|要|在)?看|誰(?:會|要)(?:檢查|抽查|考核|評分|打分數)",
     r"查核|查訪|訪查|抽查|考核|評核|評審|督導|輔導|會同", False),
    (MONEY, r"誰(?:要|來|該)*(?:出|付|給|負擔)(?:錢|經費)|(?:錢|經費|費用)(?:是|要|由|該)*(?:誰|哪.{0,3}[位課科室組局])(?:要|來|該)*(?:出|付|給|負擔)?|誰(?:要|來|該)*(?:付|買單|負擔)|多少錢|要錢|付錢|免費|費用|收費|經費|預算|幾元|幾塊",
     r"\d+\s*[%％元]|免費|全額|優惠", False),
    ("年齡", r"幾歲|年齡|多老|幾歲以上", r"\d+\s*歲", True),
    ("星期幾或幾點", r"幾點|哪幾天|(?:星期|禮拜|週|周)[一二三四五六日天幾]|(?:假日|週末|平日|晚上|中午)(?:可以|能|也|有|開)",
     r"[週周][一二三四五六日至]|星期|上班日|每日", True),
    ("電話", r"電話(?:是|號碼|幾號|多少|打)|分機|幾號電話|打哪支|哪支電話", r"\d{3,}[-\d]{3,}|1999", False),
    ("份數", r"(?:幾|多少)份", r"\d+\s*份", False),
    (HOW_OFTEN, r"(?:幾|多少)(?:次|場|趟|回)", r"\d+\s*[次場趟]|每[日週周月季年]", False),
    ("人數", r"(?:幾|多少)個?人|幾位|名額", r"\d+\s*[人位名]", False),
    (NUMBER, r"(?<!哪)(?:幾|多少)(?:件|個|家|間|台|輛|部|篇|則|條)", r"\d+\s*[件家間台輛部篇則]", False),
    ("名單", r"哪(?:幾|些)(?:家|間|所)|哪些(?:醫院|院所|診所|學校|公司)",
     r"(?:、[^、,，。;；]{0,12}|等)(?:院所|醫院|診所|公所|大學|學校|團體|協會|公司|分區)|醫學中心", False),
    ("多久", r"多快|每[日天週周月季年](?:都)?(?:要|得)?.{0,3}嗎|多久(?:.{0,3}一次)?|隔多久|(?<!哪)幾[天日週周年]|幾個月|多常|頻率",
     r"每[日天週周月季年半]|定期|隨時|隨到隨辦|\d+\s*[天日]內?|[上下]半年|時效|期限", False),
    ("日期", r"什麼時候|哪時|何時|哪一?天|幾月幾?[號日]?|幾號|日期|期限|截止|時限|時程",
     r"\d+\s*月|[上下]半年|次年|期間", False),
    ("地點", r"(?:去|到|在)?哪(?:些|幾個)?(?:地方|地點|社區|區)|在?哪[裡邊]|在哪|地點|地址|放哪|擺哪|幾樓|去哪",
     r"\d+樓|大廳|網[站頁]|置於|設置於|專區|櫃[台檯臺]|各?社區|分區|進駐|場所", False),
    ("分數", r"幾分|多少分|分數|及格|滿分|名次|成績(?:多少|是)", r"分數|\d+\s*分", False),
    ("獎金或獎勵", r"獎金|獎品|獎狀|敘獎|記功|嘉獎", r"獎勵|敘獎|獎金|優惠", False),
    ("罰則", r"會怎樣|會怎麼樣|罰|後果|扣分|扣考績|懲處|處分", r"罰|懲處|處分|扣分", False),
)  # fmt: skip

_TOLD_PLAINLY = frozenset(
    {MONEY, "電話", "份數", "次數", "人數", "日期", "多久", "分數", "獎金或獎勵"}
)
_TOLD_BESIDE, _NEXT = frozenset({"要帶或準備什麼"}), re.compile(r"[,，;；?？\n]+.")

# What may stand around a detail; if nothing else is left, the question has no subject of its own.
_AROUND = (
    r"所以|而且|還有|然後|另外|順便|對了|話說|那麼|不過|但是|可是|因為|如果|假如|萬一|就是|其實|反正|總之|"
    r"現在|目前|一年|今年|每年|一個月|每個?月|是不是|有沒有|會不會|要不要|可不可以|能不能|一定|必須|需要|可以|應該|通知|事先|提前|之後|以後|結果|限制|規定|"
    r"我們所?|本所|所裡|你們|自己|這個|那個|每次|一次|一下|大概|通常|"
    r"[這那它會要可能得該也都還先再才就只又去來打看發做辦交填寫報查測收用開送給找問審跑管弄出派完好到有沒是從在了的第個次多幾被怕麼啊嘛吧喔呢嗎咧]"
)
# Words that say what is done or what is meant, with any subject: alone they are none.
_LIGHT = (
    r"定期|缺失|符合|問卷|訂定|擬定|研訂|修訂|修正|修改|統計|分析|更新|維護|申請|辦理|處理|執行|進行|參加|報名|登記|測試|調查|檢查|查核|抽查|公告|公布|回覆|回報|提報|提出|繳交|負責|配合|"
    r"公開|計畫|規定|條文|資料|文件|表格|格式|附件|內容|時間|地點|方式|方法|流程|步驟|項目|條件|資格|期限|單位|人員|對象|標準"
)
_NOUNS = (
    "執行計畫",
    "工作計畫",
    "實施計畫",
    "成果報告",
    "參獎申請書",
    "申請書",
    "今年計畫",
    "今年的計畫",
    "年度計畫",
)
"""Papers, which are a subject though their parts are not."""
_ASKS = r"怎樣|怎麼|如何|什麼|[哪誰幾]|多少|[嗎呢咧吧]$|沒有?$|[要會能可是有]不|有沒有|^(?:那|啊)?(?:要|會|可以|能|需要|一定|也要|還要)|幹嘛|做什麼|怎麼辦|怎樣$"
_AFTER = (
    r"^(?:那|啊|所以)?.{0,6}(?:完|結果|出來|結束|之後|以後|好了)(?:了|出來|之後|以後|後)*"
    r"(?:要|該)?(?:幹嘛|做什麼|幹什麼|怎麼辦|呢)$"
    r"|(?:缺失|不好|很差|太低|不及格|不合格|沒過|考差|考不好).{0,3}(?:要|該)?(?:幹嘛|做什麼|幹什麼|怎麼辦|怎麼改|怎麼處理)$"
)
_WHO = r"(?<![給向跟])誰|哪個?一?[個間]?(?:單位|科|室|組|課|局|處|所)"
# Which of something: where no detail is named, a clause tells it if it lists some.
_WHICH = r"^(?:那|啊|是|有|分別|總共|一共|到底|包括|包含|所以)*哪(?:些|幾).{0,2}?(?:有|是|呢|啊)*$"
_LISTS = r"、|包括|包含|例如|[(「：]"
_RUNS_KEPT = 512  # runs of questions whose plans' words are kept
_ON = 0.6  # of the pairs of letters of a subject
_IMPROVES = r"檢討|改善|改進|提列|列入|分析"


class Details:
    """Reads which detail a question asks for."""

    def __init__(self, fold: Folder, lexicon: Lexicon) -> None:
        self._fold = fold
        self._lexicon = lexicon
        self._kinds = tuple(
            Detail(
                name=name,
                ask=re.compile(fold(ask)),
                told=re.compile(fold(told)),
                decides=decides,
            )
            for name, ask, told, decides in _KINDS
        )
        self._folded: dict[str, str] = {}
        self._plan_words = lru_cache(maxsize=_RUNS_KEPT)(self._find_plan_words)
        self._around = re.compile(fold(_AROUND))
        self._light = re.compile(fold(_LIGHT))
        words = {word for one in lexicon.synonyms.items() for word in (one[0], *one[1])}
        self._nouns = frozenset(fold(word) for word in _NOUNS)
        words |= self._nouns
        known = sorted((word for word in words if len(word) > 1), key=len, reverse=True)
        self._known = re.compile(f"({'|'.join([*map(re.escape, known), fold(_LIGHT)])})")
        self._who = re.compile(fold(_WHO))
        self._asks = re.compile(fold(_ASKS))
        self._after = re.compile(fold(_AFTER))
        self._which = re.compile(fold(_WHICH))
        self._lists = re.compile(fold(_LISTS))
        self._improves = re.compile(fold(_IMPROVES))

    def asked(self, folded: str) -> Detail | None:
        """The detail that a question asks for."""
        return next((one for one in self._kinds if one.ask.search(folded)), None)

    def lacking(self, folded: str, nodes: Sequence[Node]) -> tuple[str, ...]:
        """The names of the details that a question asks for besides and no clause states.

        A place and an age are left out: clauses tell them in too many ways to say that one does
        not; and what to prepare, but in a message with several questions.
        """
        plainly = _TOLD_PLAINLY | (_TOLD_BESIDE if _NEXT.search(folded) else frozenset())
        kinds = (one for one in self._kinds if one.name in plainly)
        asked = (one for one in kinds if one.ask.search(folded))
        return tuple(one.name for one in asked if not any(self.states(node, one) for node in nodes))

    def is_question(self, short: str) -> bool:
        """Whether letters ask something, rather than only name it."""
        return self._asks.search(short) is not None or self.asked(short) is not None

    def asks_who(self, short: str) -> bool:
        """Whether letters ask for a unit or for people, not for who pays or looks."""
        detail = self.asked(short)
        is_other = detail is not None and detail.name in (LOOKER, MONEY)
        return not is_other and self._who.search(short) is not None

    def asks_what_follows(self, short: str) -> bool:
        """Whether letters ask what has to be done afterwards."""
        return self._after.search(short) is not None

    def asks_which(self, short: str) -> bool:
        """Whether letters ask only which ones, of something that they hardly name: 「哪幾種」."""
        return self._which.match(short) is not None

    def lists_some(self, node: Node) -> bool:
        """Whether a clause lists some of a kind."""
        return self._lists.search(self._said(node)) is not None

    def says_what_follows(self, node: Node) -> bool:
        """Whether a clause says what is done with results."""
        return self._improves.search(self._said(node)) is not None

    def states(self, node: Node, detail: Detail) -> bool:
        """Whether a clause states a detail of this kind."""
        return detail.told.search(self._said(node)) is not None

    def subject(self, folded: str) -> tuple[str, ...]:
        """The runs of letters that a question brings beside the detail and filling words.

        Words that we know stay whole: 隨到隨辦 has filling letters in it.
        """
        rest = folded
        for kind in self._kinds:
            rest = kind.ask.sub(" ", rest)
        runs: list[str] = []
        for place, piece in enumerate(self._known.split(self._lexicon.content(rest))):
            runs += [piece] if place % 2 else _RUNS.findall(self._around.sub(" ", piece))
        return tuple(runs)

    def is_light(self, run: str) -> bool:
        """Whether a run says only what is done with some subject, or what of it is meant."""
        return run not in self._nouns and len(self._light.sub("", run)) <= 1

    def names(self, node: Node, runs: tuple[str, ...]) -> bool:
        """Whether every run stands in a clause: whole, piece by piece, or in the plan's words."""
        said = self._said(node)
        return bool(runs) and all(
            _stands(run, said) or any(word in said for word in self._plan_words(run))
            for run in runs
        )

    def _said(self, node: Node) -> str:
        """A clause's words, folded; kept, because each is looked at again and again."""
        if node.id not in self._folded:
            self._folded[node.id] = self._fold(node.words)
        return self._folded[node.id]

    def _find_plan_words(self, run: str) -> tuple[str, ...]:
        """The plans' words for a run that is, but for a letter, one everyday word."""
        return tuple(
            plan
            for word, plans in self._lexicon.synonyms.items()
            if word in run and len(run) - len(word) <= 1
            for plan in plans
        )

    def has_one(self, node: Node, runs: tuple[str, ...]) -> bool:
        """Whether one of the runs stands in a clause letter by letter."""
        said = self._said(node)
        return any(run in said for run in runs)

    def is_on(self, node: Node, runs: tuple[str, ...]) -> bool:
        """Whether a clause, with the headings above it, is on what the runs name, or nearly."""
        said = self._fold(" ".join((*node.trail, node.words)))
        words = [word for run in runs for word in (run, *self._plan_words(run))]
        return any(
            word in said or (word not in self._nouns and _pairs_in(word, said) >= _ON)
            for word in words
        )

    def share(self, node: Node, runs: tuple[str, ...]) -> float:
        """How much of the runs stands in a clause, by pairs of letters, from 0 to 1."""
        if self.names(node, runs):
            return 1.0
        return _pairs_in(" ".join(runs), self._said(node))


def _pairs_in(words: str, said: str) -> float:
    """How many of the pairs of letters of some words stand in a text, from 0 to 1."""
    runs = words.split()
    pairs = [run[at : at + 2] for run in runs for at in range(max(len(run) - 1, 1))]
    return sum(pair in said for pair in pairs) / len(pairs) if pairs else 0.0


def _stands(run: str, said: str) -> bool:
    if run in said:
        return True
    pairs = [run[at : at + 2] for at in range(len(run) - 1)]
    return len(run) > 3 and all(pair in said for pair in pairs)
