"""What curators teach, what people think of answers, and askings of the same words as one."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables, and the columns of questions."""
    op.add_column("questions", sa.Column("folded", sa.Text(), nullable=True))
    op.add_column("questions", sa.Column("clause", sa.String(length=120), nullable=True))
    op.execute("UPDATE questions SET folded = text")
    op.create_index("ix_questions_folded", "questions", ["folded"])
    _teachings()
    _marks()


def downgrade() -> None:
    """Forget what was taught."""
    op.drop_table("marks")
    op.drop_table("teachings")
    op.drop_index("ix_questions_folded", "questions")
    op.drop_column("questions", "clause")
    op.drop_column("questions", "folded")


def _teachings() -> None:
    op.create_table(
        "teachings",
        sa.Column("id", _ID, nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("clauses", sa.JSON(), nullable=False),
        sa.Column("faq", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("by", sa.String(length=32), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("question_id", _ID, nullable=True),
        sa.Column("undone_at", _MOMENT, nullable=True),
        sa.Column("undone_by", sa.String(length=32), nullable=True),
        sa.CheckConstraint("kind IN ('link', 'faq', 'outside')", name=op.f("ck_teachings_kind")),
        sa.CheckConstraint("(kind = 'faq') = (faq <> '')", name=op.f("ck_teachings_faq")),
        sa.CheckConstraint(
            "(undone_at IS NULL) = (undone_by IS NULL)", name=op.f("ck_teachings_undone")
        ),
        sa.ForeignKeyConstraint(
            ["question_id"], ["questions.id"],
            name=op.f("fk_teachings_question_id_questions"), ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_teachings")),
    )  # fmt: skip


def _marks() -> None:
    op.create_table(
        "marks",
        sa.Column("id", _ID, nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("clause", sa.String(length=120), nullable=False),
        sa.Column("mark", sa.String(length=32), nullable=False),
        sa.Column("unit", sa.String(length=120), nullable=True),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("question_id", _ID, nullable=True),
        sa.CheckConstraint(
            "mark IN ('helped', 'wrong', 'wrong_clause')", name=op.f("ck_marks_mark")
        ),
        sa.ForeignKeyConstraint(
            ["question_id"], ["questions.id"],
            name=op.f("fk_marks_question_id_questions"), ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_marks")),
        sa.UniqueConstraint("key", name=op.f("uq_marks_key")),
    )  # fmt: skip
