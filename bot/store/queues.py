"""What inbox and outbox share: one statement that claims the head row of up to k chats.

A chat has an order, and only one of its rows is in hand at a time. Live rows of a chat sort by
(state, …): «claimed» comes before «waiting», so a row in hand is the head of its chat until it is
settled or its lease ends, and whoever asks meanwhile sees no free head there. A unique index over
the claimed rows of a chat makes it a rule: of two processes that claim two rows of one chat at
the same moment, the second gets an `IntegrityError`, rolls back and asks again.

The statements are made once: making them costs more than running them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Integer,
    String,
    Table,
    Update,
    bindparam,
    func,
    literal_column,
    select,
    update,
)
from sqlalchemy.orm import Session
from sqlalchemy.sql.dml import ReturningUpdate

from bot.store.models import State, UtcDateTime
from bot.store.rows import change

NOW = bindparam("now", type_=UtcDateTime)


class LeaseLost(Exception):
    """Somebody else has the row by now; nothing of this attempt may be kept."""


def in_state(row: FromClause, *states: State) -> ColumnElement[bool]:
    """A condition on the state, written as the indexes write theirs: with the words themselves."""
    return row.c.state.in_([literal_column(f"'{state}'") for state in states])


def claim_statement(
    queue: Table,
    *,
    chat: str,
    order: Sequence[str],
    returning: Sequence[str],
    values: Mapping[str, Any] | None = None,
) -> ReturningUpdate[Any]:
    """The statement for `claim`.

    Args:
        chat: the column that names the chat.
        order: the columns that order a chat's rows, and the queue as a whole.
        returning: the columns of the claimed rows that are wanted.
        values: further columns to set.
    """
    row, other = queue.alias("row_"), queue.alias("other")
    # Ordered and limited, not NOT EXISTS: so no planner can do without the index of the order.
    head_of_its_chat = (
        select(other.c.id)
        .where(other.c[chat] == row.c[chat], is_live(other))
        .order_by(*(other.c[name] for name in ("state", *order)))
        .limit(literal_column("1"))
        .scalar_subquery()
    )
    heads = (
        select(row.c.id)
        .where(is_live(row), row.c.free_at <= NOW, row.c.id == head_of_its_chat)
        .order_by(*(row.c[name] for name in order))
        .limit(bindparam("k", type_=Integer))
        .with_for_update(skip_locked=True, of=row)
        .cte("heads")
    )
    # The CTE is evaluated once, whatever plan is chosen; a bare IN (SELECT … LIMIT) may not be.
    return (
        update(queue)
        .where(queue.c.id.in_(select(heads.c.id)))
        .values(
            state=State.CLAIMED,
            attempts=queue.c.attempts + 1,
            free_at=bindparam("lease_ends", type_=UtcDateTime),
            claimed_by=bindparam("by", type_=String),
            **(values or {}),
        )
        .returning(*(queue.c[name] for name in returning))
    )


def claim(
    db: Session,
    statement: ReturningUpdate[Any],
    k: int,
    *,
    now: datetime,
    lease: timedelta,
    by: str,
) -> list[dict[str, Any]]:
    """Take the free head rows of up to `k` chats until `now + lease`, the oldest ones.

    Returns:
        The rows, in no particular order. Their `attempts` counts this claim and is its mark:
        whoever settles a row must still find it there.

    Raises:
        sqlalchemy.exc.IntegrityError: another process claimed in the same chat just now.
    """
    parameters = {"now": now, "k": k, "lease_ends": now + lease, "by": by[:32]}
    return [dict(row._mapping) for row in db.execute(statement, parameters)]


def settle_statement(queue: Table, *columns: str, **values: Any) -> Update:
    """The statement for `settle`: sets `columns` to what is given then, `values` always."""
    return (
        update(queue)
        .where(
            queue.c.id == bindparam("row_id"),
            in_state(queue, State.CLAIMED),
            queue.c.attempts == bindparam("mark"),
        )
        .values(claimed_by=None, **{name: bindparam(name) for name in columns}, **values)
    )


def settle(db: Session, statement: Update, identifier: Any, mark: int, **values: Any) -> None:
    """Settle a row in hand.

    Args:
        identifier: the row's id.
        mark: the `attempts` of the claim.

    Raises:
        LeaseLost: the row is no longer in the claimer's hand.
    """
    if not change(db, statement, {"row_id": identifier, "mark": mark, **values}):
        raise LeaseLost(identifier)


def release_all(db: Session, queue: Table, *, now: datetime) -> None:
    """End every lease: for the one claiming process of an SQLite database, when it starts."""
    change(db, update(queue).where(in_state(queue, State.CLAIMED)).values(free_at=now))


def count(db: Session, queue: Table, states: Sequence[State]) -> dict[str, int]:
    """How many rows stand in each of the states."""
    asked = select(queue.c.state, func.count()).where(in_state(queue, *states))
    found = {row.state: row[1] for row in db.execute(asked.group_by(queue.c.state))}
    return {str(state): found.get(state, 0) for state in states}


def is_live(row: FromClause) -> ColumnElement[bool]:
    """Whether a row is claimed or waiting, in the words of the indexes over the live rows."""
    return row.c.settled_at.is_(None)
