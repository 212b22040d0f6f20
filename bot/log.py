"""One line of JSON an event on stderr: a constant name with fields, never anybody's words.

`log.info("reply_sent", extra={"event_id": …})`. Message text, names, tokens and links are never
given; identifiers of LINE (users, groups) are shortened to a fingerprint.
"""

from __future__ import annotations

import hashlib
import json
import logging
import sys
from datetime import UTC, datetime

_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


def fingerprint(identifier: str | None) -> str | None:
    """Eight hexadecimal digits that stand for an identifier: the same one, the same digits."""
    if identifier is None:
        return None
    return hashlib.sha256(identifier.encode()).hexdigest()[:8]


class JsonFormatter(logging.Formatter):
    """A record as one line of JSON; of an exception only its type and where it was raised."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "from": record.name,
            "event": record.getMessage(),
        }
        line.update({k: v for k, v in vars(record).items() if k not in _STANDARD})
        if record.exc_info and record.exc_info[0] is not None:
            line["error"] = record.exc_info[0].__name__
            trace = record.exc_info[2]
            while trace is not None and trace.tb_next is not None:
                trace = trace.tb_next
            if trace is not None:
                line["raised_at"] = f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}"
        return json.dumps(line, ensure_ascii=False, default=str)


def configure(level: int = logging.INFO) -> None:
    """Send all logging to stderr as JSON; stdout belongs to the command."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonFormatter())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for noisy in ("urllib3", "apscheduler", "werkzeug", "alembic", "sqlalchemy", "gunicorn.access"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
