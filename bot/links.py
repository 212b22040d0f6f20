"""Secret links (DESIGN 10).

To a calendar: a random token that only its holder knows; planbot keeps its hash. To a document:
a token that says which and until when, signed with a key made of the channel's secret.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from urllib.parse import quote

from itsdangerous import BadData, URLSafeSerializer

from bot.clock import aware

_BYTES = 24
_TOKEN = re.compile(r"[A-Za-z0-9_-]{20,64}")
_FILES_SALT = "planbot files 1"
_LONGEST = 500


class FileKind(StrEnum):
    """What a document is."""

    RESULT_REPORT = "result_report"
    PLAN_FORMAT = "plan_format"
    TABLES = "tables"


class FileFormat(StrEnum):
    """How a document is written; also the end of its name."""

    ODT = "odt"
    DOCX = "docx"
    XLSX = "xlsx"
    ODS = "ods"
    CSV = "csv"


@dataclass(frozen=True, slots=True, kw_only=True)
class FileWanted:
    """A document: of which unit (None: of all together), of which year of the Republic."""

    kind: FileKind
    unit: str | None
    year: int
    format: FileFormat


@dataclass(frozen=True, slots=True, kw_only=True)
class Expired:
    """A document that a link once opened, and until when."""

    what: FileWanted
    at: datetime


def new_token() -> str:
    """A token that nobody guesses; it can be read only now."""
    return secrets.token_urlsafe(_BYTES)


def hash_of(token: str) -> str | None:
    """What is kept of a token, 64 hexadecimal digits; None for what cannot be a token."""
    return hashlib.sha256(token.encode()).hexdigest() if _TOKEN.fullmatch(token) else None


def calendar_address(base: str, token: str) -> str:
    """Where a calendar program fetches a unit's deadlines.

    Args:
        base: `PUBLIC_BASE_URL`, without a slash at its end.
    """
    return f"{base}/calendar/{token}.ics"


def sign_file(keys: Sequence[str], what: FileWanted, expires_at: datetime) -> str:
    """A token that opens a document until a moment; it cannot be made without a key.

    Args:
        keys: the channel's secrets; the first one signs.
    """
    until = int(aware(expires_at).timestamp())
    content = [what.kind, what.unit, what.year, what.format, until]
    return str(_signer([keys[0]]).dumps(content))


def read_file_token(keys: Sequence[str], token: str, now: datetime) -> FileWanted | Expired | None:
    """What a token opens; None for one that nobody signed.

    Args:
        keys: the channel's secrets: while one is replaced, tokens of both are good.
    """
    if not keys or len(token) > _LONGEST:
        return None
    try:
        kind, unit, year, form, until = _signer(keys).loads(token)
    except BadData:
        return None
    what = FileWanted(kind=FileKind(kind), unit=unit, year=year, format=FileFormat(form))
    expires_at = datetime.fromtimestamp(until, aware(now).tzinfo)
    return what if now < expires_at else Expired(what=what, at=expires_at)


def file_address(base: str, token: str, name: str) -> str:
    """Where a document is fetched; not in LINE's own browser, which keeps no files.

    Args:
        base: `PUBLIC_BASE_URL`, without a slash at its end.
        name: the file's name, for people only: the token alone says what it is.
    """
    return f"{base}/files/{token}/{quote(name)}?openExternalBrowser=1"


def _signer(keys: Sequence[str]) -> URLSafeSerializer:
    return URLSafeSerializer(
        list(keys),
        salt=_FILES_SALT,
        signer_kwargs={"key_derivation": "hmac", "digest_method": hashlib.sha256},
    )
