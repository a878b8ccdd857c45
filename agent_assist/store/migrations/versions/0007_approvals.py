"""Approval requests, and how they ended."""

from alembic import op
import sqlalchemy as sa

revision = "0007"
down_revision = "0006"

APPEND_ONLY = ("approvals", "approval_ends")


def upgrade() -> None:
    op.create_table(
        "approvals",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("falls_back_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("contact", sa.String(length=200), nullable=True),
        sa.Column("order", sa.String(length=200), nullable=True),
        sa.Column("customer", sa.String(length=200), nullable=True),
        sa.Column("rep", sa.String(length=200), nullable=False),
        sa.Column("team", sa.String(length=200), nullable=True),
        sa.Column("rep_level", sa.String(length=64), nullable=False),
        sa.Column("level", sa.String(length=64), nullable=False),
        sa.Column("issue", sa.String(length=64), nullable=False),
        sa.Column("remedy", sa.String(length=64), nullable=False),
        sa.Column("unit", sa.String(length=16), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("reason_code", sa.String(length=64), nullable=False),
        sa.Column("comment", sa.Text(), nullable=True),
        sa.Column("library_version", sa.Integer(), nullable=False),
        sa.Column("limits_version", sa.Integer(), nullable=False),
        sa.Column("budgets_version", sa.Integer(), nullable=False),
        sa.Column("suggestion", sa.String(length=40), nullable=True),
        sa.Column("key_id", sa.String(length=16), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("case", sa.String(length=64), nullable=True),
        sa.CheckConstraint("amount > 0", name=op.f("ck_approvals_amount")),
        sa.ForeignKeyConstraint(["seq"], ["audit.seq"], name=op.f("fk_approvals_seq")),
        sa.ForeignKeyConstraint(
            ["library_version"],
            ["library_versions.version"],
            name=op.f("fk_approvals_library_version"),
        ),
        sa.ForeignKeyConstraint(
            ["limits_version"],
            ["limits_versions.version"],
            name=op.f("fk_approvals_limits_version"),
        ),
        sa.ForeignKeyConstraint(
            ["budgets_version"],
            ["budgets_versions.version"],
            name=op.f("fk_approvals_budgets_version"),
        ),
        sa.ForeignKeyConstraint(
            ["suggestion"], ["suggestions.id"], name=op.f("fk_approvals_suggestion")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approvals")),
        sa.UniqueConstraint("seq", name=op.f("uq_approvals_seq")),
    )
    op.create_index("ix_approvals_case", "approvals", ["case", "seq"])
    op.create_index("ix_approvals_issue_remedy", "approvals", ["issue", "remedy"])
    op.create_table(
        "approval_ends",
        sa.Column("approval_id", sa.String(length=40), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("by", sa.String(length=200), nullable=False),
        sa.Column("level", sa.String(length=64), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.String(length=64), nullable=True),
        sa.Column("comment", sa.Text(), nullable=True),
        sa.Column("grant_id", sa.String(length=40), nullable=True),
        sa.Column("library_version", sa.Integer(), nullable=True),
        sa.Column("limits_version", sa.Integer(), nullable=True),
        sa.Column("budgets_version", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["approval_id"], ["approvals.id"], name=op.f("fk_approval_ends_approval_id")
        ),
        sa.ForeignKeyConstraint(["seq"], ["audit.seq"], name=op.f("fk_approval_ends_seq")),
        sa.ForeignKeyConstraint(
            ["grant_id"], ["grants.id"], name=op.f("fk_approval_ends_grant_id")
        ),
        sa.PrimaryKeyConstraint("approval_id", name=op.f("pk_approval_ends")),
        sa.UniqueConstraint("seq", name=op.f("uq_approval_ends_seq")),
        sa.UniqueConstraint("grant_id", name=op.f("uq_approval_ends_grant_id")),
    )
    _refuse_changes()


def _refuse_changes() -> None:
    """Triggers that refuse every change but an insertion."""
    for table in APPEND_ONLY:
        if op.get_bind().dialect.name == "sqlite":
            for act in ("UPDATE", "DELETE"):
                op.execute(
                    f"CREATE TRIGGER {table}_{act.lower()} BEFORE {act} ON {table} "
                    f"BEGIN SELECT RAISE(ABORT, '{table} is immutable: add an entry instead'); END"
                )
        else:
            op.execute(
                f"CREATE TRIGGER {table}_change BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
                "EXECUTE FUNCTION refuse_rewriting()"
            )


def downgrade() -> None:
    op.drop_table("approval_ends")
    op.drop_table("approvals")
