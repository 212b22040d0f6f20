"""The kinds of details that questions ask for: how each is asked for, told, and told vaguely.

All patterns are written in traditional letters and folded before use.
"""

from __future__ import annotations

from typing import NamedTuple

HOW_OFTEN, NUMBER, ENUMERATION = "次數", "數量", "是哪些"
SCORE, ELIGIBLE, DATE = "分數", "資格", "日期"
PAYER, LOOKER = "經費由誰出", "由誰來看"
RECEIVER, FORM, CONTENT = "交給誰", "要用哪種表格", "要寫哪些內容"
"""Details whose questions may name a unit without being about it, or that a form answers."""


class KindOfDetail(NamedTuple):
    """A kind of detail: its name as staff read it, how it is asked for, and how a clause tells it.

    `vague`: words of a clause that tell it only vaguely, as 定期 tells how often. `decides`: of two
    clauses on one subject the one that tells it is the answer. `plainly`: so surely told by
    `told` that a clause without it does not state it, also where nothing was said before. `loose`:
    `told` fits much else, so that only the clause that was shown is taken to tell it. `said`: the
    name in a sentence, where that is another.
    """

    name: str
    ask: str
    told: str
    vague: str = ""
    decides: bool = False
    plainly: bool = False
    loose: bool = False
    said: str = ""


_N = r"[\d一二兩三四五六七八九十]"
_MANY = r"[\d二兩三四五六七八九十]{1,3}"  # 一 stands in too many words
_HOW_MANY = r"(?:幾|多少)"
_WHEN_NEEDED = r"視(?:實際)?(?:需要|情形|狀況|情況|業務)|依(?:實際)?需要|必要時"
_AT_TIMES = rf"不?定期|適時|隨時|{_WHEN_NEEDED}"
_SOON = r"儘[速快]|盡[速快]|立即|迅速|即時(?=更新|處理|回|提供|掌握)|及時(?=回|處理)|適時|時效"
_LATER = rf"不?定期|適時|隨時|{_WHEN_NEEDED}|另行(?:通知|公告|訂定)|另[定訂]|未來|陸續"
_EVERY = r"每(?:[日天週周月季年]|半年|個月|學期)"
_LASTS = r"(?:天|日|小?時|鐘頭|分鐘|[週周]|個月|年)"


_UNIT = "(?:局|處|科|室|課|組|醫院|大學|公司|協會|衛生所|分區)"
_LISTED = (
    rf"、[^、,;。]{{1,20}}(?:、|等)|[:(][^。]{{1,30}}、|{_UNIT}(?:、|及|和|與).{{1,10}}{_UNIT}"
)


def _counted(units: str, told: str = "") -> tuple[str, str]:
    """How the number of some units is asked for, and told."""
    ask = rf"(?<![哪那這]){_HOW_MANY}(?:{units})|(?:有|要|到|才){_N}+(?:{units})嗎"
    return ask, rf"{_MANY}\s*(?:{told or units})"


def _counted_or_listed(units: str, told: str) -> tuple[str, str]:
    """The same for units that a clause may name one by one: 「(苓雅分區、鳳山分區)」."""
    ask, counted = _counted(units, told)
    return ask, rf"{counted}|\([^)]*、"


KINDS: tuple[KindOfDetail, ...] = (
    KindOfDetail(
        "要帶或準備什麼",
        r"(?:要|該|得)?(?:檢附|帶|附|繳)(?:些)?(?:什麼|哪些|哪幾[樣種張]|啥)(?:證件|文件|資料|東西)?"
        r"|準備(?:些)?(?:什麼|哪些|哪幾[樣種張]|啥)(?:證件|文件|資料|東西|[啊呢?,;，；？]|$)"
        r"|(?:什麼|哪些|哪幾[樣種張])(?:證件|文件|證明)|(?:身分證|戶口名簿|健保卡|印章|證件).{0,3}(?:帶|附)",
        r"檢附|身分證影本|攜帶",
        r"相關(?:文件|資料|證件)|佐證資料|書面資料",
        decides=True,
    ),
    KindOfDetail(
        FORM,
        r"附件\s*[\d一二三]還是?附件|哪一?[個種張]附件|(?:用|套|照).{0,4}(?:格式|表)嗎|(?:用|填|寫|套)?(?:哪一?|什麼)[個張份種]?(?:表格|表單|書表|格式|範本|表)|(?:有|有沒有|給)(?:表格|表單|格式|範本)|^(?:表格|格式|範本)",
        r"附件\s*[\d一二三]|格式|書表|表單|申請表|申請書|表格",
    ),
    KindOfDetail(
        CONTENT,
        r"寫(?:什麼|哪些)(?:東西|內容)?|內容(?:有|要|是)?(?:什麼|哪些)|(?:包含|包括)(?:什麼|哪些)",
        r"附件\s*[\d一二三]|格式|包括|包含|欄",
    ),
    KindOfDetail(
        "戶籍",
        r"(?:是|住)?(?:屏東|台南|臺南|台東|臺東|外縣市|外地|別的?縣市|[北中]部)的.{0,3}(?:可以|能|行)|戶籍.{0,2}在.{2,4}|戶[口籍].{0,8}(?:嗎|呢|可以|能|行|算|才)|(?:要|得|需)?設籍.{0,8}(?:嗎|呢|可以|能|才)|(?:外縣市|別的?縣市|外地)(?:的|人)?.{0,6}(?:可以|能|行|算|嗎)|住(?![院民宿]).{1,4}的.{0,3}(?:能|可以|行|算)|住(?:在)?(?:外面|別的|外縣市|高雄|本市).{0,6}(?:嗎|可以|能|行|才)",
        r"設籍|戶籍|居住於|市民",
    ),
    KindOfDetail(
        ELIGIBLE,
        r"資格|什麼條件|條件(?:是|有)|(?:誰|哪些人|什麼人|什麼樣的人|哪種人)都?(?:可以|能|才能|符合|算|適用)(?!.{0,2}(?:幫|協助|翻|處理|做|負責|帶|教|陪))|(?:給|服務|收|照顧)(?:哪些人|什麼人|哪種人)",
        r"資格|符合|設籍|\d+\s*歲|低收|對象(?:為|是|[:：])|(?<![記業或學用筆讀])者|患|長輩|老人|獨居|弱勢|失能|身心障礙|病人|病友|未成年|[外新]住民|外國",
        r"民眾|市民|里民|家屬|服務對象|同仁|家庭",
    ),
    KindOfDetail(
        RECEIVER,
        r"(?:交|送|報|寄|傳|繳|給)(?:到|去|給)?(?:誰|哪[裡邊]?(?!些|天|時|[一幾]?[區個次種])|哪個單位|哪[個一]科|.{2,6}還是.{2,6})|(?:報給|交給|送給|報到|送到|送交).{2,6}嗎|還是.{0,4}(?:給|交|送|報).{2,6}",
        r"備查|[彙函報併]送|送(?:交|本局|本府|市府|研考會)|報府|送.{0,8}(?:彙辦|彙整)",
    ),
    KindOfDetail(
        LOOKER,
        r"誰(?:會|要|該)*(?:過?來|去)(?:看|檢?查|抽|考|評|驗)[查核驗收]?|誰(?:會|要|在)?看|誰(?:會|要|在|來)?(?:盯|督導|管)[他她]們|誰(?:會|要)(?:檢查|抽查|考核|評分|打分數)",
        r"查核|查訪|訪查|抽查|考核|評核|評審|督導|輔導|會同",
    ),
    KindOfDetail(
        PAYER,
        r"誰(?:要|來|該)*(?:出|付|給|負擔)(?:錢|經費)|誰(?:要|來|該)*(?:付|買單|負擔)|(?:錢|費用?|經費|預算|開銷)(?:是|要|都)?(?:由|從|找|跟)?(?:誰|哪裡?|哪邊|哪個單位|哪一?科)|(?:誰|哪個單位|哪一?科|市府|局裡).{0,2}(?:出錢|付錢|買單|(?:出|付)(?:的|嗎|$))",
        r"經費|預算|自籌|編列|自費|全額|免費",
    ),
    KindOfDetail(
        "補助多少",
        r"(?:補助|補貼)(?:是|到|了|他|我們)?(?:多少|幾成|幾)",
        r"全額|\d+\s*[%％元]",
        r"補助|補貼|津貼",
        decides=True,
    ),
    KindOfDetail(
        "獎金",
        r"獎金|獎品|禮券|獎勵(?:是|有|給)?(?:多少|幾)",
        r"獎金|獎品|禮券|\d+\s*元",
        r"獎勵|敘獎|表揚|優惠",
        plainly=True,
    ),
    KindOfDetail(
        "敘獎或獎狀",
        r"獎狀|敘獎|記功|嘉獎",
        r"敘獎|獎狀|記功|嘉獎",
        r"獎勵|表揚",
        plainly=True,
    ),
    KindOfDetail("賠償", r"[要得會]賠|賠(?:錢|償|多少)|要不要賠", r"賠", plainly=True),
    KindOfDetail(
        "費用",
        r"多少錢|要錢|付錢|[收花]錢|免費|免錢|租金|場租|押金|費用|收費|經費|(?<!參與式)預算|幾[元塊]|自費|津貼|車馬費|鐘點費|(?:(?<=[餐次個趟場份張晚堂])|[付出收給領補繳花]|一個?(?:小時|鐘頭))多少(?:[啊呢喔阿]|(?!\w))",
        r"\d+\s*[%％元]|免費|全額|免收|免付費|自費",
        r"優惠|酌收|補助|經費|預算",
        plainly=True,
    ),
    KindOfDetail(
        "年齡",
        r"幾歲|年齡|多老|\d+\s*歲.{0,6}(?:嗎|可以|能|行|算|才)",
        r"\d+\s*歲|學齡",
        r"年長者|高齡者?|長者|長輩|老人|銀髮|未成年|兒童|幼兒",
        decides=True,
    ),
    KindOfDetail(
        "罰則", r"會怎樣|會怎麼樣|罰|後果|扣分|扣考績|懲處|處分", r"罰|懲處|處分|扣分"
    ),
    KindOfDetail(
        "多久一次",
        rf"多久.{{0,4}}一[次回趟]|多久(?:要|得|該|會)?(?:更新|檢查|檢視|檢測|檢討|維護|巡|看一|開一|辦一|做一|換|測|查|發|追蹤)|隔多久|多常|頻率|{_EVERY}(?:都)?(?:要|得|會)?.{{0,4}}[嗎吧]|^{_EVERY}都?[^幾多]{{1,3}}$|{_N}?個?半?(?:[天日週周月季年]|禮拜|星期)(?:要|得|會|做|開|辦|查|看)?.{{0,2}}{_N}+[次回趟篇場]|(?:{_EVERY}|一(?:天|[週周季年]|個月|個?禮拜)).{{0,4}}還是.{{0,3}}[日天週周月季年]",
        rf"{_EVERY}|逐[日月年]|按[月季年]|{_N}+個?[月季年週周][\d一兩二三]次|第[一二]次|\d+\s*次|[上下]半年",
        _AT_TIMES,
        plainly=True,
    ),
    KindOfDetail(
        "星期幾或幾點",
        r"幾點|(?:星期|禮拜|週|周)[一二三四五六日天幾](?!次)|(?:假日|週末|平日|早上|上午|下午|晚上|中午|整天)(?:都|也)?(?:可以|能|也|有|開|沒)|哪幾天",
        r"[週周][一二三四五六日至]|星期|上班日|[上下]午|每日|24\s*小時|全年",
        r"上班時間|服務時間|約定時段|定期",
        decides=True,
    ),
    KindOfDetail(
        "電話",
        r"電話(?:是|號碼|幾號|多少|打|給我)|分機|幾號電話|打(?:幾號|哪支)|哪一?支電話",
        r"\d{3,}[-\d]{3,}|1999",
        r"專線",
        plainly=True,
    ),
    KindOfDetail("份數", *_counted("份"), plainly=True),
    KindOfDetail(
        HOW_OFTEN,
        rf"{_HOW_MANY}[次場趟回]",
        rf"\d+\s*[次場趟]|第[一二]次|{_EVERY}",
        _AT_TIMES,
        plainly=True,
    ),
    KindOfDetail(
        "人數",
        rf"{_HOW_MANY}個?(?:人|同仁|志工|專員|人力)|(?<!哪)幾位|名額",
        rf"{_MANY}\s*(?:人|位|名)",
        r"專人|若干",
        plainly=True,
    ),
    KindOfDetail(
        "要跑幾個地方",
        r"(?:跑|走|去|往返)(?:好|很)?(?:幾|多少|多|兩|三)(?:個|處)?(?:地方|單位|機關|窗口|局|趟)",
        r"只需|單一窗口|一站|一處|一次|往返|全程|跨機關",
    ),
    KindOfDetail(
        NUMBER, *_counted("[台臺輛部]"), plainly=True, said="有幾輛"
    ),
    KindOfDetail(
        NUMBER,
        *_counted_or_listed(
            "個?據點|個?地方|個?單位|個?點|[家間處所站]|個(?!月|小時|鐘頭|禮拜|星期|工作|人)",
            "[家間個處所站區]|據點|大|項",
        ),
        plainly=True,
        said="有幾個",
    ),
    KindOfDetail(
        NUMBER, *_counted("[種類項]", "[種類項大國]|、.{1,12}[、及和]"), plainly=True, said="有幾種"
    ),
    KindOfDetail(NUMBER, *_counted("[件案篇則條]"), plainly=True),
    KindOfDetail(
        "成績怎麼公布",
        r"(?:成績|結果|名單|排名|分數).{0,6}(?:公[布佈告開]|貼出來|會來|出來|下來|會知道|通知)",
        r"公[布佈告開]|刊登",
    ),
    KindOfDetail(
        "比例", r"幾成|幾趴|幾\s*[%％]|百分之幾|(?:多少|什麼)比例|比例(?:是|要|多少)", r"\d\s*[%％成]|百分之", plainly=True
    ),
    KindOfDetail(
        "時數", rf"(?:{_HOW_MANY}|多少)個?(?:小時|鐘頭)|時數", r"\d+\s*小時|時數", plainly=True
    ),
    KindOfDetail(
        "天數",
        r"(?:一|每)(?:[週周年]|個?(?:月|禮拜|星期)).{0,2}(?:幾|多少)[天日]",
        rf"{_MANY}\s*[天日]|每[日天]|[週周][一二三四五]至",
        _AT_TIMES,
        plainly=True,
    ),
    KindOfDetail(
        "多久",
        rf"多快|多久|(?<!哪)(?:幾|多少)個?(?:工作)?{_LASTS}(?!前|左右)",
        rf"{_EVERY}|隨到隨辦|\d+\s*個?(?:工作)?[天日](?:內|以內)?|\d+\s*(?:小時|分鐘|個月)|[上下]半年",
        rf"{_SOON}|期限",
        plainly=True,
    ),
    KindOfDetail(
        DATE,
        r"什麼時候|哪時|何時|哪一?[天年]|哪(?:幾)?個月|幾月幾?[號日]?|幾號|日期|期限|截止|時限|時程|[月年季]底前?(?:嗎|呢|要|得|$)",
        r"\d+\s*月|[上下]半年|次年|\d+\s*年\s*\d|\d+\s*日前",
        _LATER,
        plainly=True,
    ),
    KindOfDetail(
        "地點",
        r"(?:去|到|在)?哪(?:些|一|[一幾]?個)?(?:地方|地點|社區|[區里樓層站])|在?哪[裡邊]|在哪|地點|地址|(?:放|擺|貼)哪(?![些幾])|幾樓|去哪|(?:開|來|去|進|駐|坐)到?我們(?:這邊|這裡|這區|里|區|所|那邊)?",
        r"\d+樓|大廳|網[站頁]|置於|設置於|專區|櫃[台檯臺]|各?社區|分區|進駐|場所|各區|衛生所|公所|偏遠|原民區|(?<![轄本全])[\u4e00-\u9fff]{2}區|各里|到宅|到府|轄區",
    ),
    KindOfDetail(
        SCORE, r"幾分|多少分|分數|(?:成績|分數|表現).{0,3}(?:最[差好高低]|第一|墊底)|(?<!不)及格|滿分|名次|成績(?:多少|是)", r"分數|\d+\s*分", plainly=True
    ),
    KindOfDetail(
        "有哪些內容",
        r"(?:講|說|告知|告訴|通知|教|宣導|檢查|檢視|查|看|問|評|測|提供|跟[他她]講)(?:[他她]們?|民眾|對方|人家)?(?:些)?(?:什麼|哪些|啥)(?!時|人|單位|地方)"
        r"|(?:什麼|哪些)(?:內容|項目|事項|重點|課)|(?:上面|裡面)?(?:要|該)?(?:放|擺|列|分)(?:些)?(?:什麼|哪些|啥)(?!時|人|單位|地方)",
        rf"{_LISTED}|包括|包含",
        loose=True,
    ),
    KindOfDetail(
        ENUMERATION,
        rf"哪(?:幾|{_MANY}|些)(?:家|間|個(?!月|小時|人)|區|種|類|項|國|樣|條|點|分|大|位|所|處|單位|機關|醫院|語言|院所)|哪些(?:[啊呢喔]|(?!\w))",
        _LISTED,
        plainly=True,
        loose=True,
    ),
)  # fmt: skip
