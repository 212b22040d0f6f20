"""Reminders: the ledger, what was acknowledged, settings of units, courtesy tests, prices."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables."""
    _reminders()
    _acknowledgements()
    _settings_overrides()
    _courtesy_tests()
    op.create_table(
        "chat_sizes",
        sa.Column("chat_id", sa.String(length=64), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("chat_id", name=op.f("pk_chat_sizes")),
    )


def downgrade() -> None:
    """Forget what was said and answered."""
    for table in (
        "chat_sizes",
        "courtesy_tests",
        "settings_overrides",
        "acknowledgements",
        "reminders",
    ):
        op.drop_table(table)


def _reminders() -> None:
    op.create_table(
        "reminders",
        sa.Column("id", _ID, nullable=False),
        sa.Column("deadline", sa.String(length=160), nullable=False),
        sa.Column("unit", sa.String(length=120), nullable=False),
        sa.Column("chat_id", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("message", sa.String(length=200), nullable=True),
        sa.Column("at", _MOMENT, nullable=False),
        sa.CheckConstraint(
            "state IN ('said', 'missed', 'settled', 'held')", name=op.f("ck_reminders_state")
        ),
        sa.CheckConstraint(
            "(state = 'said') = (message IS NOT NULL)",
            name=op.f("ck_reminders_said_in_a_message"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminders")),
        sa.UniqueConstraint(
            "deadline", "unit", "chat_id", "kind", "day",
            name=op.f("uq_reminders_deadline_unit_chat_id_kind_day"),
        ),
    )  # fmt: skip
    op.create_index("ix_reminders_day", "reminders", ["day"])
    op.create_index("ix_reminders_message", "reminders", ["message"])
    held = sa.text("state = 'held'")
    op.create_index(
        "ix_reminders_held", "reminders", ["chat_id"], postgresql_where=held, sqlite_where=held
    )


def _acknowledgements() -> None:
    op.create_table(
        "acknowledgements",
        sa.Column("id", _ID, nullable=False),
        sa.Column("deadline", sa.String(length=160), nullable=False),
        sa.Column("unit", sa.String(length=120), nullable=False),
        sa.Column("what", sa.String(length=32), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("by", sa.String(length=32), nullable=False),
        sa.Column("chat", sa.String(length=32), nullable=True),
        sa.Column("at", _MOMENT, nullable=False),
        sa.CheckConstraint(
            "what IN ('done', 'seen', 'snoozed', 'open')", name=op.f("ck_acknowledgements_what")
        ),
        sa.CheckConstraint(
            "(what = 'snoozed') = (until IS NOT NULL)",
            name=op.f("ck_acknowledgements_snoozed_until"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_acknowledgements")),
    )
    op.create_index("ix_acknowledgements_unit_deadline", "acknowledgements", ["unit", "deadline"])


def _settings_overrides() -> None:
    op.create_table(
        "settings_overrides",
        sa.Column("id", _ID, nullable=False),
        sa.Column("unit", sa.String(length=120), nullable=True),
        sa.Column("quiet_from", sa.Time(), nullable=True),
        sa.Column("quiet_until", sa.Time(), nullable=True),
        sa.Column("lead_days", sa.JSON(), nullable=True),
        sa.Column("by", sa.String(length=32), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.CheckConstraint(
            "(quiet_from IS NULL) = (quiet_until IS NULL)",
            name=op.f("ck_settings_overrides_quiet_hours"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_settings_overrides")),
    )


def _courtesy_tests() -> None:
    op.create_table(
        "courtesy_tests",
        sa.Column("id", _ID, nullable=False),
        sa.Column("unit", sa.String(length=120), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("which", sa.Integer(), nullable=False),
        sa.Column("tested_on", sa.Date(), nullable=True),
        sa.Column("score", sa.Double(), nullable=True),
        sa.Column("faults", sa.Text(), nullable=False),
        sa.Column("improvement", sa.Text(), nullable=False),
        sa.Column("asks_improvement", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("by", sa.String(length=32), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.CheckConstraint("which IN (1, 2)", name=op.f("ck_courtesy_tests_which")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_courtesy_tests")),
    )
    op.create_index("ix_courtesy_tests_unit_year", "courtesy_tests", ["unit", "year"])
