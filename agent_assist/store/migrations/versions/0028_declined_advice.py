"""Advice on limits that was declined."""

from alembic import op
import sqlalchemy as sa

revision = "0028"
down_revision = "0027"


def upgrade() -> None:
    op.create_table(
        "declined_advice",
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("row", sa.String(length=64), nullable=False),
        sa.Column("level", sa.String(length=64), nullable=False),
        sa.Column("by", sa.String(length=220), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["seq"], ["audit.seq"], name=op.f("fk_declined_advice_seq")
        ),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_declined_advice")),
    )


def downgrade() -> None:
    op.drop_table("declined_advice")
