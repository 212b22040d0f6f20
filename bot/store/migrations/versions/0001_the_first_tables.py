"""The first tables: inbox, outbox, chats and rights, conversations, questions, the audit log."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_MOMENT = sa.DateTime(timezone=True)

_ASIDE = sa.text("state = 'aside'")
_HANDLED = sa.text("state IN ('done', 'aside') AND message_id IS NOT NULL")
_LIVE = sa.text("settled_at IS NULL")
_CLAIMED = sa.text("state = 'claimed'")
_HELD = sa.text("state = 'held'")


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "audit_log",
        sa.Column("id", _ID, nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("who", sa.String(length=32), nullable=False),
        sa.Column("what", sa.String(length=32), nullable=False),
        sa.Column("about", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_log")),
    )
    op.create_index(op.f("ix_audit_log_at"), "audit_log", ["at"])
    op.create_table(
        "binding_codes",
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("role", sa.String(length=32), nullable=False),
        sa.Column("unit", sa.String(length=120), nullable=True),
        sa.Column("issued_at", _MOMENT, nullable=False),
        sa.Column("issued_by", sa.String(length=32), nullable=False),
        sa.Column("expires_at", _MOMENT, nullable=False),
        sa.Column("used_at", _MOMENT, nullable=True),
        sa.Column("used_by", sa.String(length=32), nullable=True),
        sa.CheckConstraint(
            "(role = 'admin' AND unit IS NULL) OR (role = 'unit' AND unit IS NOT NULL)",
            name=op.f("ck_binding_codes_role"),
        ),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_binding_codes")),
    )
    op.create_index(op.f("ix_binding_codes_expires_at"), "binding_codes", ["expires_at"])
    op.create_table(
        "chats",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("active", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("since", _MOMENT, nullable=False),
        sa.CheckConstraint("kind IN ('user', 'group', 'room')", name=op.f("ck_chats_kind")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chats")),
    )
    op.create_table(
        "code_attempts",
        sa.Column("id", _ID, nullable=False),
        sa.Column("who", sa.String(length=32), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_code_attempts")),
    )
    op.create_index("ix_code_attempts_who_at", "code_attempts", ["who", "at"])
    op.create_table(
        "conversations",
        sa.Column("chat_id", sa.String(length=64), nullable=False),
        sa.Column("person", sa.String(length=64), nullable=False),
        sa.Column("state", sa.JSON(), nullable=False),
        sa.Column("expires_at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("chat_id", "person", name=op.f("pk_conversations")),
    )
    op.create_index(op.f("ix_conversations_expires_at"), "conversations", ["expires_at"])
    op.create_table(
        "inbox_events",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("chat_key", sa.String(length=80), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("message_id", sa.String(length=64), nullable=True),
        sa.Column("rank", sa.Integer(), server_default="1", nullable=False),
        sa.Column("stored_at", _MOMENT, nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=32), server_default="waiting", nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("free_at", _MOMENT, nullable=False),
        sa.Column("claimed_by", sa.String(length=32), nullable=True),
        sa.Column("settled_at", _MOMENT, nullable=True),
        sa.Column("outcome", sa.String(length=32), nullable=True),
        sa.CheckConstraint(
            "(state IN ('claimed', 'waiting')) = (settled_at IS NULL)",
            name=op.f("ck_inbox_events_settled"),
        ),
        sa.CheckConstraint(
            "state IN ('claimed', 'waiting', 'done', 'aside')", name=op.f("ck_inbox_events_state")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inbox_events")),
    )
    op.create_index(
        "ix_inbox_events_aside",
        "inbox_events",
        ["at"],
        postgresql_where=_ASIDE,
        sqlite_where=_ASIDE,
    )
    op.create_index(
        "ix_inbox_events_message",
        "inbox_events",
        ["message_id"],
        postgresql_where=_HANDLED,
        sqlite_where=_HANDLED,
    )
    op.create_index(
        "ix_inbox_events_oldest",
        "inbox_events",
        ["rank", "at", "id"],
        postgresql_where=_LIVE,
        sqlite_where=_LIVE,
    )
    op.create_index(
        "ix_inbox_events_order",
        "inbox_events",
        ["chat_key", "state", "rank", "at", "id"],
        postgresql_where=_LIVE,
        sqlite_where=_LIVE,
    )
    op.create_index(
        "uq_inbox_events_one_in_hand",
        "inbox_events",
        ["chat_key"],
        unique=True,
        postgresql_where=_CLAIMED,
        sqlite_where=_CLAIMED,
    )
    op.create_table(
        "outbox_messages",
        sa.Column("id", _ID, nullable=False),
        sa.Column("what", sa.String(length=200), nullable=False),
        sa.Column("chat_id", sa.String(length=64), nullable=False),
        sa.Column("event_id", sa.String(length=64), nullable=True),
        sa.Column("way", sa.String(length=32), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("reply_token", sa.Text(), nullable=True),
        sa.Column("token_dies_at", _MOMENT, nullable=True),
        sa.Column("worth_a_push", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("messages", sa.Text(), nullable=False),
        sa.Column("abouts", sa.JSON(), nullable=False),
        sa.Column("retry_key", sa.String(length=36), nullable=False),
        sa.Column("price", sa.Integer(), nullable=True),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("state", sa.String(length=32), server_default="waiting", nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("unsure", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("first_tried_at", _MOMENT, nullable=True),
        sa.Column("free_at", _MOMENT, nullable=False),
        sa.Column("claimed_by", sa.String(length=32), nullable=True),
        sa.Column("settled_at", _MOMENT, nullable=True),
        sa.Column("outcome", sa.String(length=32), nullable=True),
        sa.Column("request_id", sa.String(length=80), nullable=True),
        sa.CheckConstraint(
            "(state IN ('claimed', 'waiting')) = (settled_at IS NULL)",
            name=op.f("ck_outbox_messages_settled"),
        ),
        sa.CheckConstraint(
            "state IN ('claimed', 'waiting', 'done', 'held', 'dropped', 'failed')",
            name=op.f("ck_outbox_messages_state"),
        ),
        sa.CheckConstraint(
            "way = 'push' OR reply_token IS NOT NULL",
            name=op.f("ck_outbox_messages_reply_has_token"),
        ),
        sa.CheckConstraint("way IN ('reply', 'push')", name=op.f("ck_outbox_messages_way")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox_messages")),
        sa.UniqueConstraint("retry_key", name=op.f("uq_outbox_messages_retry_key")),
        sa.UniqueConstraint("what", name=op.f("uq_outbox_messages_what")),
    )
    op.create_index(
        "ix_outbox_messages_held",
        "outbox_messages",
        ["free_at"],
        postgresql_where=_HELD,
        sqlite_where=_HELD,
    )
    op.create_index(
        "ix_outbox_messages_oldest",
        "outbox_messages",
        ["rank", "id"],
        postgresql_where=_LIVE,
        sqlite_where=_LIVE,
    )
    op.create_index(
        "ix_outbox_messages_order",
        "outbox_messages",
        ["chat_id", "state", "rank", "id"],
        postgresql_where=_LIVE,
        sqlite_where=_LIVE,
    )
    op.create_index(
        "uq_outbox_messages_one_in_hand",
        "outbox_messages",
        ["chat_id"],
        unique=True,
        postgresql_where=_CLAIMED,
        sqlite_where=_CLAIMED,
    )
    op.create_table(
        "people",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("admin", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("since", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people")),
    )
    op.create_table(
        "questions",
        sa.Column("id", _ID, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("unit", sa.String(length=120), nullable=True),
        sa.Column("message_id", sa.String(length=64), nullable=True),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("status", sa.String(length=32), server_default="open", nullable=False),
        sa.CheckConstraint(
            "status IN ('open', 'answered', 'dismissed')", name=op.f("ck_questions_status")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_questions")),
    )
    op.create_index(op.f("ix_questions_message_id"), "questions", ["message_id"])
    op.create_index("ix_questions_status_at", "questions", ["status", "at"])
    op.create_table(
        "sent_messages",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("chat_id", sa.String(length=64), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sent_messages")),
    )
    op.create_index(op.f("ix_sent_messages_at"), "sent_messages", ["at"])
    op.create_table(
        "unsent_messages",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unsent_messages")),
    )
    op.create_index(op.f("ix_unsent_messages_at"), "unsent_messages", ["at"])
    op.create_table(
        "bindings",
        sa.Column("chat_id", sa.String(length=64), nullable=False),
        sa.Column("unit", sa.String(length=120), nullable=False),
        sa.Column("active", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("changed_by", sa.String(length=32), nullable=False),
        sa.Column("changed_at", _MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["chat_id"], ["chats.id"], name=op.f("fk_bindings_chat_id_chats")),
        sa.PrimaryKeyConstraint("chat_id", "unit", name=op.f("pk_bindings")),
    )
    op.create_index(op.f("ix_bindings_unit"), "bindings", ["unit"])
    if op.get_bind().dialect.name == "postgresql":
        # Queues change all the time: the planner must learn of it early (DEPENDENCIES, 10).
        for table in ("inbox_events", "outbox_messages"):
            op.execute(
                f"ALTER TABLE {table} SET (autovacuum_vacuum_scale_factor = 0.02, "
                "autovacuum_analyze_scale_factor = 0.02, autovacuum_analyze_threshold = 200)"
            )


def downgrade() -> None:
    """Back to nothing."""
    for table in (
        "bindings",
        "unsent_messages",
        "sent_messages",
        "questions",
        "people",
        "outbox_messages",
        "inbox_events",
        "conversations",
        "code_attempts",
        "chats",
        "binding_codes",
        "audit_log",
    ):
        op.drop_table(table)
