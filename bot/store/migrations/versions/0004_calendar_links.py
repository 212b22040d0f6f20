"""Links to the calendars of units."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "calendar_links",
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("unit", sa.String(length=120), nullable=False),
        sa.Column("issued_at", _MOMENT, nullable=False),
        sa.Column("issued_to", sa.String(length=32), nullable=False),
        sa.Column("revoked_at", _MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_calendar_links")),
    )
    op.create_index(
        op.f("ix_calendar_links_unit_issued_to"), "calendar_links", ["unit", "issued_to"]
    )


def downgrade() -> None:
    """Forget the links."""
    op.drop_table("calendar_links")
