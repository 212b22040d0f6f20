"""Personal data in what people type: it is never kept with a question.

Rather too much goes than too little: a question can be understood without a number, and any long
number may be somebody's. Only letters and marks are compared in their narrow form; nothing else
of the text changes.
"""

from __future__ import annotations

import re

from bot.search.words import bare

MARK = "〔個資〕"

_NARROW = str.maketrans(
    {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20, 0x2013: 0x2D}
)
_INVISIBLE = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u00ad]")

_DATE = r"(?:(?:民國|西元)\s?)?\d{2,4}\s?[年/.-]\s?\d{1,2}\s?[月/.-]\s?\d{1,2}(?:\s?[日號])?"
_HAN = "[\u4e00-\u9fff]"
_NUMBER = r"[\d一二三四五六七八九十百]+"
_FLOOR = rf"(?:之\d+)?(?:\s?,?{_NUMBER}\s?[樓F](?:之\d+)?)?"

# National ID, old and new resident numbers: a letter, then 1, 2, 8, 9 or A to D, then 8 digits.
_ID = r"(?<![A-Za-z0-9])[A-Za-z][ -]?[1289A-Da-d](?:[ -]?\d){8}(?!\d)"
_CARD = r"(?<!\d)(?:\d{4}([ -])\d{4}\1\d{4}\1\d{1,7}|\d{4}[ -]\d{6}[ -]\d{5})(?!\d)"
_MOBILE = r"(?<!\d)(?:\+?886[ -]?\(?0?\)?|\(?0)9\d{2}\)?[ -]?\d{3}[ -]?\d{3}(?!\d)"
_LONG_NUMBER = r"(?<![\dA-Za-z])\d{9,}(?!\d)"
_BORN = (
    rf"(?:生日|出生(?:年月日|日期)?|生於)\s?[:是為]?\s?(?:{_DATE}|\d{{6,8}})"
    rf"|{_DATE}\s?(?:出?生)(?![效活產])"
)
_MAIL = r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+"
_LANDLINE = (
    r"(?<![\d-])(?:\(0[2-8]\d{0,2}\)\s?|(?:\+?886[ -]?|0)[2-8]\d{0,2}[ -])"
    r"\d{3,4}[ -]?\d{3,4}(?:\s?(?:#|轉|分機|ext\.?)\s?\d{1,6})?(?!\d)"
    r"|(?<!\d)0[2-8]\d{7,8}(?!\d)"
    r"|(?:電話|手機|tel)\s?[:是為]?\s?\d{3,4}[ -]?\d{4}(?!\d)"
)
_ADDRESS = (
    rf"(?:{_HAN}{{2,3}}[縣市])?(?:{_HAN}{{1,3}}[區鄉鎮市])?(?:{_HAN}{{1,3}}[里村])?(?:\d+鄰)?"
    rf"{_HAN}{{1,4}}(?:路|街|大道|巷)(?:{_NUMBER}段)?(?:{_NUMBER}巷)?(?:{_NUMBER}弄)?"
    rf"{_NUMBER}(?:-\d+)?號{_FLOOR}"
    rf"|\d+(?:巷|弄)(?:\d+弄)?\d+號{_FLOOR}"
    rf"|\d+號(?:之\d+)?\s?{_NUMBER}樓(?:之\d+)?"
)

_PRIVATE = re.compile("|".join(f"(?:{one})" for one in (_ID, _BORN, _MOBILE, _LONG_NUMBER)))
_CARDS = re.compile(_CARD)
_REACHED = re.compile("|".join(f"(?:{one})" for one in (_MAIL, _LANDLINE, _ADDRESS)), re.IGNORECASE)
_HAS_ID = re.compile(_ID)
_DATES = re.compile(_DATE)
_ABOUT_THEM = re.compile(
    "我的?|請問|姓名|名字|身分證|身份證|字號|號碼|統號|居留證|電話|手機|市話|信箱|電子郵件|email|mail|地址|"
    "住址|住在?|生日|出生|年月日|日期|卡號|信用卡|帳號|聯絡|是|為|先生|小姐"
)

_LEAST = 2


def redacted(text: str, *, office: bool = False) -> str:
    """The text with 「〔個資〕」 in place of personal data.

    Numbers of people (ID, resident, mobile, card, any number of nine digits and more), dates of
    birth (beside an ID number every date), e-mail, telephone and postal addresses.

    Args:
        office: an administrator's own words: an office's telephone and address may stay.
    """
    text = _INVISIBLE.sub("", text)
    patterns = [_CARDS, _PRIVATE] if office else [_CARDS, _PRIVATE, _REACHED]
    if _HAS_ID.search(text.translate(_NARROW)):
        patterns.append(_DATES)
    for pattern in patterns:
        text = _without(pattern, text)
    return text


def storable(text: str) -> str | None:
    """What may be kept of a question; None where nothing is left that asks anything.

    A message whose larger part was personal data is somebody's data, not a question.
    """
    clean = redacted(text.strip())
    left = bare(_ABOUT_THEM.sub("", clean.replace(MARK, "")).lower())
    if MARK in clean and len(left) < len(_INVISIBLE.sub("", text)) - len(clean.replace(MARK, "")):
        return None
    return clean if len(bare(clean.replace(MARK, "").lower())) >= _LEAST and left else None


def _without(pattern: re.Pattern[str], text: str) -> str:
    """The text with the mark in each place that the pattern finds in its narrow form."""
    parts: list[str] = []
    end = 0
    for found in pattern.finditer(text.translate(_NARROW)):
        parts += [text[end : found.start()], MARK]
        end = found.end()
    return "".join([*parts, text[end:]])
