"""Secret links: a random token that only its holder knows; planbot keeps its hash (DESIGN 10)."""

from __future__ import annotations

import hashlib
import re
import secrets

_BYTES = 24
_TOKEN = re.compile(r"[A-Za-z0-9_-]{20,64}")


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
