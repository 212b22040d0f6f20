"""A worker in a process of its own, to be killed: `python -m tests.faults.worker_process URL LINE`.

It says «ready», begins with the first line on its standard input and ends with the input.
"""

from __future__ import annotations

import sys
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from bot.clock import system_clock
from bot.line.client import LineClient
from bot.messages import Incoming, IncomingKind, Reply, say
from bot.store import questions
from bot.store.bell import bell_of
from bot.store.engine import Database
from bot.worker import Worker
from tests.conftest import TOKEN

LEASE = timedelta(seconds=1.5)


def repeat(incoming: Incoming, db: Session, now: datetime) -> Reply | None:
    """Write a text down and say it again."""
    if incoming.kind is not IncomingKind.TEXT:
        return None
    questions.record(db, incoming.text, kind="echo", now=now, message_id=incoming.message_id)
    return say(incoming.text, worth_a_push=True)


def main(url: str, line_url: str) -> None:
    """Work until the input ends."""
    database = Database(url)
    bell = bell_of(database)
    with LineClient(TOKEN, api_base=line_url, data_base=line_url) as client:
        worker = Worker(
            database,
            repeat,
            client,
            clock=system_clock,
            bell=bell,
            poll_seconds=0.05,
            lease=LEASE,
            send_lease=LEASE,
        )
        print("ready", flush=True)
        if sys.stdin.readline():
            worker.start()
            sys.stdin.read()
            worker.stop()
    bell.close()
    database.dispose()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
