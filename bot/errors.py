"""Everything planbot raises on purpose.

PlanbotError
├── SettingsError        a setting is missing or wrong (exit 2)
├── DataError            a file under data/ is wrong (names file, line, remedy)
├── UsageError           a command was called wrongly (exit 2)
├── NotCurrentError      the database schema is older or newer than the program
└── LineError            LINE refused or could not be reached
    ├── LineUnreachable      no answer, or one that does not tell: try again
    ├── LineRateLimited      too fast: wait, then try again
    ├── LineQuotaExhausted   the month's messages are used up: hold until it changes
    ├── LineUnauthorized     the channel's token is not accepted: stop sending
    ├── LineTokenDead        a reply token that is used or expired
    └── LineRejected         this message will never be accepted
"""

from __future__ import annotations

from pathlib import Path


class PlanbotError(Exception):
    """Something went wrong that planbot knows how to name."""


class SettingsError(PlanbotError):
    """A setting is missing or wrong; the message names every variable at fault."""

    def __init__(self, faults: list[str]) -> None:
        self.faults = faults
        super().__init__("; ".join(faults))


class UsageError(PlanbotError):
    """A command was called with something it cannot use."""


class DataError(PlanbotError):
    """A data file is wrong: which file, which line, what to do."""

    def __init__(self, file: Path, line: int | None, fault: str, remedy: str) -> None:
        self.file = file
        self.line = line
        self.fault = fault
        self.remedy = remedy
        where = f"{file}:{line}" if line else str(file)
        super().__init__(f"{where}: {fault} → {remedy}")


class NotCurrentError(PlanbotError):
    """The database schema is not the program's: run `planbot migrate`."""


class LineError(PlanbotError):
    """LINE did not take a call.

    Args of every kind: `status` the HTTP status (None without an answer), `request_id` LINE's
    `x-line-request-id` where there was one, `detail` a short reason without any message text.
    """

    def __init__(
        self, detail: str, *, status: int | None = None, request_id: str | None = None
    ) -> None:
        self.detail = detail
        self.status = status
        self.request_id = request_id
        super().__init__(detail)


class LineUnreachable(LineError):
    """No answer, a timeout, or a 5xx: it may or may not have arrived; try again with the key."""


class LineRateLimited(LineError):
    """429 for speed: wait, then send the same again."""


class LineQuotaExhausted(LineError):
    """429 for the month: hold until the quota returns."""


class LineUnauthorized(LineError):
    """401 or 403: the access token is not accepted; nothing can be sent until it is replaced."""


class LineTokenDead(LineError):
    """400 Invalid reply token: used, or older than LINE keeps it."""


class LineRejected(LineError):
    """400, 404 or 413: this request will never be accepted."""
