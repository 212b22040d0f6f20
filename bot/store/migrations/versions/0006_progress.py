"""What was reported, what shows it, what a supervisor said; names; substitutes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables and the columns."""
    op.add_column("people", sa.Column("name", sa.String(length=120), nullable=True))
    op.add_column("bindings", sa.Column("starts", sa.Date(), nullable=True))
    op.add_column("bindings", sa.Column("ends", sa.Date(), nullable=True))
    op.add_column("binding_codes", sa.Column("giver", sa.String(length=64), nullable=True))
    op.add_column("binding_codes", sa.Column("starts", sa.Date(), nullable=True))
    op.add_column("binding_codes", sa.Column("ends", sa.Date(), nullable=True))
    op.add_column("settings_overrides", sa.Column("reviews", sa.Boolean(), nullable=True))
    _progress_reports()
    _reviews()
    _evidence()


def downgrade() -> None:
    """Forget what was reported."""
    op.drop_table("evidence_contents")
    op.drop_table("evidence")
    op.drop_table("reviews")
    op.drop_table("progress_reports")
    op.drop_column("settings_overrides", "reviews")
    for column in ("ends", "starts", "giver"):
        op.drop_column("binding_codes", column)
    op.drop_column("bindings", "ends")
    op.drop_column("bindings", "starts")
    op.drop_column("people", "name")


def _progress_reports() -> None:
    op.create_table(
        "progress_reports",
        sa.Column("id", _ID, nullable=False),
        sa.Column("entry", sa.String(length=32), nullable=False),
        sa.Column("root", _ID, nullable=True),
        sa.Column("unit", sa.String(length=120), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("item", sa.String(length=160), nullable=False),
        sa.Column("status", sa.String(length=32), nullable=False),
        sa.Column("percent", sa.Integer(), nullable=False),
        sa.Column("quantities", sa.JSON(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("remedy", sa.Text(), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("person", sa.String(length=64), nullable=True),
        sa.Column("chat_id", sa.String(length=64), nullable=False),
        sa.Column("message_id", sa.String(length=64), nullable=True),
        sa.Column("event_id", sa.String(length=64), nullable=False),
        sa.Column("part", sa.Integer(), nullable=False),
        sa.Column("unsent", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.CheckConstraint(
            "entry IN ('report', 'correction', 'withdrawal')",
            name=op.f("ck_progress_reports_entry"),
        ),
        sa.CheckConstraint(
            "(entry = 'report') = (root IS NULL)", name=op.f("ck_progress_reports_root")
        ),
        sa.CheckConstraint(
            "status IN ('未開始', '進行中', '已完成', '落後')",
            name=op.f("ck_progress_reports_status"),
        ),
        sa.CheckConstraint("percent BETWEEN 0 AND 100", name=op.f("ck_progress_reports_percent")),
        sa.ForeignKeyConstraint(
            ["root"], ["progress_reports.id"],
            name=op.f("fk_progress_reports_root_progress_reports"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_progress_reports")),
        sa.UniqueConstraint("event_id", "part", name=op.f("uq_progress_reports_event_id_part")),
    )  # fmt: skip
    op.create_index("ix_progress_reports_unit_year", "progress_reports", ["unit", "year", "id"])
    op.create_index("ix_progress_reports_year", "progress_reports", ["year", "id"])
    for column in ("root", "message_id"):
        op.create_index(f"ix_progress_reports_{column}", "progress_reports", [column])


def _reviews() -> None:
    op.create_table(
        "reviews",
        sa.Column("id", _ID, nullable=False),
        sa.Column("root", _ID, nullable=False),
        sa.Column("verdict", sa.String(length=32), nullable=False),
        sa.Column("remark", sa.Text(), nullable=False),
        sa.Column("by", sa.String(length=32), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.CheckConstraint("verdict IN ('核閱', '退回', '收回')", name=op.f("ck_reviews_verdict")),
        sa.ForeignKeyConstraint(
            ["root"], ["progress_reports.id"], name=op.f("fk_reviews_root_progress_reports")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reviews")),
    )
    op.create_index("ix_reviews_root", "reviews", ["root"])


def _evidence() -> None:
    op.create_table(
        "evidence",
        sa.Column("id", _ID, nullable=False),
        sa.Column("root", _ID, nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("caption", sa.Text(), nullable=False),
        sa.Column("caption_from", sa.String(length=64), nullable=True),
        sa.Column("person", sa.String(length=64), nullable=True),
        sa.Column("message_id", sa.String(length=64), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("removed_at", _MOMENT, nullable=True),
        sa.CheckConstraint("kind IN ('picture', 'file')", name=op.f("ck_evidence_kind")),
        sa.ForeignKeyConstraint(
            ["root"], ["progress_reports.id"], name=op.f("fk_evidence_root_progress_reports")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence")),
        sa.UniqueConstraint("message_id", "root", name=op.f("uq_evidence_message_id_root")),
    )
    for column in ("root", "message_id", "caption_from"):
        op.create_index(f"ix_evidence_{column}", "evidence", [column])
    op.create_table(
        "evidence_contents",
        sa.Column("evidence_id", _ID, nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["evidence_id"], ["evidence.id"],
            name=op.f("fk_evidence_contents_evidence_id_evidence"), ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("evidence_id", name=op.f("pk_evidence_contents")),
    )  # fmt: skip
