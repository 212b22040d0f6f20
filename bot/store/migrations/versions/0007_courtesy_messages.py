"""Which message reported a courtesy test's result, so that taking it back withdraws it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the column."""
    op.add_column("courtesy_tests", sa.Column("message_id", sa.String(length=64), nullable=True))
    op.create_index("ix_courtesy_tests_message_id", "courtesy_tests", ["message_id"])


def downgrade() -> None:
    """Forget the messages."""
    op.drop_index("ix_courtesy_tests_message_id", "courtesy_tests")
    op.drop_column("courtesy_tests", "message_id")
