"""Text that may stand in a file: what XML forbids, and what a spreadsheet would take as a formula."""

from __future__ import annotations

import re

_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NEW_LINES = re.compile("\r\n?|[\u000b\u000c\u0085\u2028\u2029]")
_ESCAPES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"}
_SPECIAL = re.compile('[&<>"]')


def clean(text: str) -> str:
    """The text with line feeds as its only line ends, and without what XML 1.0 forbids."""
    if text.isprintable():  # most is, and asking is faster than searching
        return text
    return _FORBIDDEN.sub("", _NEW_LINES.sub("\n", text))


def escaped(text: str) -> str:
    """The clean text, fit for an element or an attribute in double quotes."""
    return _SPECIAL.sub(lambda match: _ESCAPES[match[0]], clean(text))
