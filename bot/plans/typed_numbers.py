"""Numbers with their units as clerks type them: 「兩場」, 「1,200人次」, 「1萬2千人」, 「滿意度95.5%」."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal

from bot.plans.progress import Quantity
from bot.plans.typed_text import AMOUNT, IDIOM, Plain

ARABIC = r"(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?(?!\d)|\d+(?:\.\d+)?)"
UNIT = (
    "(?>場次|人次|梯次|輛次|車次|趟次|件次|戶次|家次|通次|小時|分鐘|鐘頭|公斤|公里|公尺|百分點"  # long first
    "|場(?![地館])|人(?!員|力|民|工|數|事)|次(?!數|年)|件(?!數)|案(?!件|數)|分(?![鐘之機析享別組為類工])"
    "|元|塊錢?|戶(?!數|政)|家(?!庭|長|屬|訪)|處(?!理|室|長)|台(?![北中南灣東])|份(?!數)|則|天|支"
    "|班|篇|個(?!月|案)|位|名(?!單|稱|冊|額)|張|冊|本(?![所局中市府年月季次週])|筆|通(?!知|報|過|譯)"
    "|隻|輛|床|堂|棟|項(?!目)|面|座(?!談)|間|部(?!分|門)|集|檔|梯|對|盒|包|箱|瓶"
    "|組(?!長|員|室|織)|里(?!長|民|鄰)|頁|條|款|株|棵|盆|題|趟|幅|套|劑|針|頂"
    "|副(?![所局市處校主院總本])|雙(?![語向月])|隊(?![員長部伍])|封(?![面閉]))"
)
_PLAIN = "〇零一二兩三四五六七八九十百千萬"
_FORMAL, _FORMAL_POWERS = "壹貳參肆伍陸柒捌玖", "拾佰仟"
# A formal numeral is one among its like (參仟, 拾萬) or right before a unit: 參 is also a verb, 肆
# and 伍 are sections of a plan, 陸 and 拾 parts of other words.
CHINESE = (
    f"(?<![{_PLAIN}{_FORMAL}{_FORMAL_POWERS}])"
    f"(?:[{_PLAIN}]+|(?=[{_FORMAL}]?[{_FORMAL_POWERS}萬])"
    f"[{_FORMAL}{_FORMAL_POWERS}][{_FORMAL}{_FORMAL_POWERS}萬零〇]+(?![加訪與考展賽觀])"
    f"|[壹貳肆伍柒捌玖](?={UNIT}))"
)
_TAIL = rf"[百千萬](?:\d{{1,3}},\d{{3}}|[\d.{_PLAIN}]){{0,12}}"  # 1萬2千
NUMBER = rf"(?>{ARABIC}(?:{_TAIL})?|{CHINESE})"
TENTHS = (
    r"(?P<tenths>[一二兩三四五六七八九十]|(?<![\d.])\d)\s*成(?P<half>[一二三四五六七八九半]?)"
    "(?![長立功果效本就員為人績分年])"
)
"""「九成五」, with the groups `tenths` and `half`."""

_UNITS = {
    "人數": "人", "參加人數": "人", "場數": "場", "件數": "件", "案數": "案", "份數": "份",
    "戶數": "戶", "時數": "小時", "次數": "次", "金額": "元", "經費": "元", "塊": "元",
    "塊錢": "元", "鐘頭": "小時", "趴": "%", "家數": "家", "班數": "班", "分數": "分",
}  # fmt: skip
_RATE = (
    r"(?:滿意度|滿意率|滿意(?:者|比例|比率)?|目標達成[率度]?|達[成到]?(?:年度)?目標(?:值)?的?"
    r"|[\u4e00-\u9fff]{2}比率|比率|比例|[占佔]比|得分|成績|分數|平均(?!每)"
    r"|[\u4e00-\u9fff]{2}率|信賴度|知曉度|認同度)"
)
_ROSE = r"(?:\s*(?:由|從)\s*[\d.]+\s*%?\s*(?:提升|提高|成長|增加|上升|進步|下降|降低|減少)(?:至|到|為))?"
_SAID_AS = (
    _ROSE
    + r"(?:\s|都|為|是|達到?|達|有|約|至|到|[占佔]|:|,|高|提升|維持|平均|共|計|在|也|由|從){0,6}"
)
_PORTION = (
    rf"(?:(?P<number>{NUMBER})\s*(?P<unit>%|趴|分(?![鐘之]))|百分之\s*(?P<of>{NUMBER})|{TENTHS})"
)
_GREW = "(?:增加|成長|減少|下降|降低|提升|提高|進步|上升|衰退)"
_THAN = (
    rf"(?:(?<!比)較|比(?=去年|上|前|預期|原|同期|往年|{AMOUNT}))[^\s\d,。;、%]{{1,8}}?"
    rf"(?:{_GREW}|落後|超前|[增減多少高低+])(?:了|約|達|至|到){{0,2}}"
)
_COMPARED = re.compile(rf"(?P<what>{_THAN})\s*$")

_RATED = re.compile(rf"(?P<what>{_RATE}){_SAID_AS}{_PORTION}")
_RATED_AFTER = re.compile(
    rf"(?<!\d)(?<!\d[.,]){_PORTION}(?:以上|以下|左右)?[的之]?"
    r"(?:(?:(?!完成|進行|辦理|[未尚])[\u4e00-\u9fff]){0,8}?(?P<what>滿意度?(?!度?調查|度?問卷))"
    r"|(?:年度)?(?P<rate>目標(?![值群])|(?!完成)[\u4e00-\u9fff]{2}率|比例))"
    rf"(?![\s:為達約]{{0,3}}{AMOUNT})"
)
_TARGET = re.compile(rf"目標(?:值|[為是訂定:]|\s){{0,3}}{_PORTION}")
_GROWN = re.compile(
    rf"(?:(?P<what>{_THAN})|(?:[由從]\s*[\d.]+\s*%\s*)?(?:{_GREW}|[年月季][增減]|[占佔])(?:了|約|達|至|到){{0,2}})"
    rf"\s*{_PORTION}"
)
_SHARE = re.compile(
    rf"(?<!\d)(?<!\d[.,])(?P<number>{NUMBER})\s*(?:%|趴)(?=的|以上|以下|於|如期|準時|均|回覆)"
)
_BY_NOUN = re.compile(
    r"(?P<unit>場次|場數|參加人數|人次|人數|件數|案數|份數|戶數|時數|次數|家數|班數|金額|經費|分數)"
    rf"\s*(?:[:=為共計約是達有]\s*){{0,3}}(?P<number>{NUMBER})"
    rf"(?![\d%成趴年月日/.])(?!{UNIT})(?!\s+{UNIT}(?!\s*:?\s*\d))"
)
_COUNTED = re.compile(
    rf"(?<!\d)(?<!\d[.,])(?P<number>{NUMBER})(?P<more>多|餘|來|\+)?(?:個(?=小時|人|場次|鐘頭|梯次|百分點))?"
    rf"(?:(?P<unit>{UNIT})|\s+(?P<apart>{UNIT})(?!\s*:?\s*{NUMBER}(?!\s*{UNIT}))(?![\u4e00-\u9fff]{{2}}))"
)
_NO_NUMBER = re.compile(
    rf"第\s*(?:\d+|{CHINESE})(?:\s*(?:場次|場|次|季|期|梯次|梯|屆|組|名|位|天|週|年|項|點|條|案|件|班|號|樓|章|階段))?"
    r"|(?:民國)?(?<!\d)\d{2,4}\s*年度?|(?<!\d)\d{1,2}:\d{2}(?:\s*[-~至到]\s*\d{1,2}:\d{2})?"
    r"|(?:上午|下午|中午|晚上|早上)\s*\S{1,3}[時點](?:\s*\d{1,2}\s*分|半)?|(?<!\d)\d{1,2}[時點](?:\d{1,2}分|半)?(?!間)"
    r"|(?<!\d)\(?0\d{1,3}\)?[- ]?\d{3,4}[- ]?\d{3,4}(?!\d)|分機\s*[:#]?\s*\d+|#\s*\d+|(?<!\d)\d+\s*號"
    r"|(?:週|周|星期|禮拜)[一二三四五六日天](?!次|場)"
)
_IDIOMS = re.compile(
    r"24\s*小時|二十四小時|七分篩檢|十分(?!鐘)|萬分|充分|部分"
    r"|一次(?=告知|完成|性|到位|補正|滿足|解決|收件|服務|辦)|一件事|一案到底|一處收|一天到晚|一個窗口|一人一"
    r"|(?:週|月|季|年|日|天)一次"
    r"|單一|統一|唯一|一些|一起|一同|一律|一直|一定|一般|萬一|千萬|三高|一樣|進一步|逐一|之一"
)
_ACHIEVED = re.compile("達成[率度]|目標達成|達[成到]?(?:年度)?目標|執行率|辦理率")
_EACH = re.compile(
    rf"(?:每(?!月活動)(?:(?!{AMOUNT}[,、]?(?:共|總|合計|全年))[^\s,。;]){{0,6}}"
    r"|各[^\s,。;\d]{0,2}|\d\s*[-~至到/]|[一二三四五六七八九十\d]\s*、)\s*約?$"
)
_AHEAD = re.compile(
    r"(?:預計|預定|預期|目標|尚餘|尚有|尚缺|還有|還差|還要|還剩|剩下?|應辦|需辦|擬|將(?!近)|"
    r"(?<![接招期對看等款])待|再辦|未完成|未辦|規劃|下次|明年|原訂|原定)"
    r"[^\s,。;、已實\ue002]{0,8}$|[去前往]年度?(?:同期)?[有為的共]?\s*$|(?:較|比)上[個次年月季](?:同期)?\s*$"
)
_TOTAL = re.compile(r"累計|累積|至今|截至|迄今|目前共|到目前為止|合計至今")
_TOTAL_ENDS = re.compile(r"[。;\n]|本次|這次|此次|本月|今天|今日|本週|本季|當日|另")
# After a name a hyphen only separates: 「電話禮貌訓練-2場」.
_BELOW_ZERO = re.compile(r"(?:(?:^|(?<=[\s:(了有共計辦做加到約]))-|負)(?=\d)")

_DIGIT = dict(
    zip(
        "〇零一二兩三四五六七八九壹貳參肆伍陸柒捌玖",
        (0, 0, 1, 2, 2, *range(3, 10), *range(1, 10)),
        strict=True,
    )
)
_POWER = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_LONGEST = 15


def value(words: str) -> Decimal | None:
    """A number in digits, Chinese numerals or both: 「1,200」, 「一百二十」, 「1萬2」; None when none.

    >>> value('三千五')
    Decimal('3500')
    """
    plain = words.replace(",", "")
    if not plain or len(plain) > _LONGEST:
        return None
    if re.fullmatch(r"\d+(?:\.\d+)?", plain):
        return Decimal(plain)
    if len(plain) > 2 and all(one in _DIGIT for one in plain):
        return Decimal("".join(str(_DIGIT[one]) for one in plain))
    return _composed(re.findall(r"\d+(?:\.\d+)?|.", plain))


def _composed(parts: list[str]) -> Decimal | None:
    """A number with its powers of ten written out; a last digit alone is of the next power."""
    total = section = Decimal(0)
    digit: Decimal | None = None
    power, is_zero = 1, False
    for part in parts:
        if part in "〇零":
            is_zero = True
        elif part in _POWER:
            if digit is None and (_POWER[part] > 10 or (section and not is_zero)):
                return None
            section += (1 if digit is None else digit) * _POWER[part]
            digit, power, is_zero = None, _POWER[part], False
        elif part == "萬":
            total += (section + (digit or 0)) * 10_000
            if not total:
                return None
            section, digit, power, is_zero = Decimal(0), None, 10_000, False
        elif part == "." or digit is not None:
            return None
        else:
            digit = Decimal(_DIGIT[part]) if part in _DIGIT else Decimal(part)
    if digit is not None and power > 10 and not is_zero and digit < 10:
        digit = digit * power / 10
    return total + section + (digit or 0)


def below_zero(plain: Plain) -> str:
    """A number below zero as typed, empty when there is none."""
    match = _BELOW_ZERO.search(plain.text)
    if match is None:
        return ""
    number = re.compile(rf"{NUMBER}\s*(?:%|{UNIT})?").match(plain.text, match.end())
    return plain.typed(match.start(), number.end() if number else match.end())


def cover_what_counts_nothing(plain: Plain) -> None:
    """Cover ordinals, years, times, telephone numbers and idioms, which are no quantities."""
    for pattern, mark in ((_NO_NUMBER, AMOUNT), (_IDIOMS, IDIOM)):
        for match in list(pattern.finditer(plain.text)):
            plain.cover(match.start(), match.end(), mark)


def rates_in(plain: Plain) -> Iterator[tuple[int, Quantity]]:
    """Percentages and scores of something, which are no progress: 「滿意度95.5%」.

    What grew is told with what it is compared with: 「較去年成長」 12 %. A target is neither.
    """
    for match in list(_RATED.finditer(plain.text)):
        number, unit = _portion(match)
        if number is not None and match["what"] != "完成率":
            is_average = match["what"].startswith("平均")
            start = match.start() if is_average else match.end("what")
            plain.cover(start, match.end(), AMOUNT)
            yield match.start(), Quantity(value=number, unit=unit, what=match["what"])
    for match in list(_TARGET.finditer(plain.text)):
        plain.cover(match.start(), match.end(), AMOUNT)
    for pattern in (_RATED_AFTER, _GROWN, _SHARE):
        for match in list(pattern.finditer(plain.text)):
            number, unit = _portion(match)
            if number is not None:
                what = _what(match, plain)
                # Being behind by some per cent still is being behind.
                start = match.end("what") if "落後" in what else match.start()
                plain.cover(start, match.end(), AMOUNT)
                yield match.start(), Quantity(value=number, unit=unit, what=what)


def achieved(rates: Iterable[Quantity]) -> Decimal | None:
    """The rate that tells how far an item is where nothing else does: 「達成率80%」."""
    for one in rates:
        if _ACHIEVED.search(one.what) and one.unit == "%" and one.value <= 100:
            return one.value
    return None


def tenths(whole: str, half: str | None) -> Decimal | None:
    """Per cent from the groups of `TENTHS`: 「九成五」 is 95."""
    number = value(whole)
    rest = Decimal(5) if half == "半" else value(half) if half else Decimal(0)
    return None if number is None or rest is None else number * 10 + rest


def counts_in(plain: Plain) -> Iterator[tuple[int, Quantity]]:
    """What was counted, with where it stands; plans, rates per head and ranges are left out."""
    totals = _totals(plain.text)
    for pattern in (_BY_NOUN, _COUNTED):
        for match in list(pattern.finditer(plain.text)):
            found = _read(match)
            before = plain.text[: match.start()]
            compared = _COMPARED.search(before)
            plain.cover(match.start(), match.end(), AMOUNT)
            if found is None:
                continue
            number, unit = found
            if compared:
                what = plain.typed(compared.start("what"), compared.end("what"))
                yield match.start(), Quantity(value=number, unit=unit, what=what)
            elif not (_EACH.search(before) or _AHEAD.search(before)):
                is_total = any(start <= match.start() < end for start, end in totals)
                yield match.start(), Quantity(value=number, unit=unit, is_total=is_total)


def _read(match: re.Match[str]) -> tuple[Decimal, str] | None:
    groups = match.groupdict()
    unit = groups["unit"] or groups["apart"]
    number = value(match["number"])
    is_small = number is not None and number < 11
    if number is None or (unit == "分" and is_small and not match["number"][0].isdigit()):
        return None
    return number, _UNITS.get(unit, unit)


def _totals(text: str) -> list[tuple[int, int]]:
    """From where to where numbers are sums so far."""
    found: list[tuple[int, int]] = []
    for match in _TOTAL.finditer(text):
        end = _TOTAL_ENDS.search(text, match.end())
        found.append((match.start(), end.start() if end else len(text)))
    return found


def _portion(match: re.Match[str]) -> tuple[Decimal | None, str]:
    """The number of a percentage or a score, and its unit."""
    said = {name: words for name, words in match.groupdict().items() if words}
    if "tenths" in said:
        return tenths(said["tenths"], said.get("half")), "%"
    number = said.get("of") or said["number"]
    return value(number), "分" if said.get("unit") == "分" else "%"


def _what(match: re.Match[str], plain: Plain) -> str:
    """What a percentage is of, as typed; what is reached of a target is 「達成目標」."""
    groups = match.groupdict()
    if groups.get("rate") == "目標":
        return "達成目標"
    for name in ("what", "rate"):
        if groups.get(name):
            return plain.typed(match.start(name), match.end(name))
    return ""
