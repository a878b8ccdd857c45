"""Decisions that were asked for alone are logged, so that they can be replayed."""

from alembic import op
import sqlalchemy as sa

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.create_table(
        "decisions",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("key_id", sa.String(length=16), nullable=True),
        sa.Column("library_version", sa.Integer(), nullable=False),
        sa.Column("limits_version", sa.Integer(), nullable=False),
        sa.Column("budgets_version", sa.Integer(), nullable=False),
        sa.Column("level", sa.String(length=64), nullable=False),
        sa.Column("issue", sa.String(length=64), nullable=False),
        sa.Column("asked", sa.JSON(), nullable=False),
        sa.Column("around", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["library_version"],
            ["library_versions.version"],
            name=op.f("fk_decisions_library_version"),
        ),
        sa.ForeignKeyConstraint(
            ["limits_version"],
            ["limits_versions.version"],
            name=op.f("fk_decisions_limits_version"),
        ),
        sa.ForeignKeyConstraint(
            ["budgets_version"],
            ["budgets_versions.version"],
            name=op.f("fk_decisions_budgets_version"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decisions")),
    )
    op.create_index("ix_decisions_at", "decisions", ["at"])


def downgrade() -> None:
    op.drop_table("decisions")
