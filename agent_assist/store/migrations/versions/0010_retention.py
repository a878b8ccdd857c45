"""What is old can be found, and what is named cannot be deleted unseen."""

from alembic import op
import sqlalchemy as sa

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.create_index("ix_idempotency_at", "idempotency", ["at"])
    named = sa.text("suggestion IS NOT NULL")
    for table in ("grants", "approvals"):
        op.create_index(
            f"ix_{table}_suggestion",
            table,
            ["suggestion"],
            sqlite_where=named,
            postgresql_where=named,
        )


def downgrade() -> None:
    for table in ("approvals", "grants"):
        op.drop_index(f"ix_{table}_suggestion", table)
    op.drop_index("ix_idempotency_at", "idempotency")
