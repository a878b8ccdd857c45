"""Which requests that wait were told of outside, and through which channel."""

from alembic import op
import sqlalchemy as sa

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    op.create_table(
        "reminders",
        sa.Column("approval_id", sa.String(length=40), nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["approval_id"], ["approvals.id"], name=op.f("fk_reminders_approval_id")
        ),
        sa.PrimaryKeyConstraint("approval_id", "channel", name=op.f("pk_reminders")),
    )
    # What was decided lately is asked for with every look at what waits.
    op.create_index("ix_approval_ends_at", "approval_ends", ["at"])


def downgrade() -> None:
    op.drop_index("ix_approval_ends_at", "approval_ends")
    op.drop_table("reminders")
