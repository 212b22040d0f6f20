"""Administrators' adjustments: moved deadlines, declared days off."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "adjustments",
        sa.Column("id", _ID, nullable=False),
        sa.Column("entry", sa.String(length=32), nullable=False),
        sa.Column("unit", sa.String(length=120), nullable=True),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("starts", sa.Date(), nullable=True),
        sa.Column("ends", sa.Date(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by", sa.String(length=32), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.CheckConstraint(
            "starts IS NULL OR (ends IS NOT NULL AND starts <= ends)",
            name=op.f("ck_adjustments_in_order"),
        ),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_adjustments_has_reason")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_adjustments")),
    )
    op.create_index(op.f("ix_adjustments_year"), "adjustments", ["year"])
    op.create_table(
        "day_overrides",
        sa.Column("id", _ID, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("works", sa.Boolean(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by", sa.String(length=32), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_day_overrides_has_reason")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_day_overrides")),
    )


def downgrade() -> None:
    """Forget what was decided."""
    for table in ("day_overrides", "adjustments"):
        op.drop_table(table)
