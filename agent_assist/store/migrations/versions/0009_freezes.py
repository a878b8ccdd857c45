"""Budgets that the ledger's check of itself froze, and who released them."""

from alembic import op
import sqlalchemy as sa

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.create_table(
        "freezes",
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("budget", sa.String(length=64), nullable=False),
        sa.Column("frozen", sa.Boolean(), nullable=False),
        sa.Column("by", sa.String(length=220), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("findings", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["seq"], ["audit.seq"], name=op.f("fk_freezes_seq")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_freezes")),
    )
    op.create_index("ix_freezes_budget", "freezes", ["budget", "seq"])
    if op.get_bind().dialect.name == "sqlite":
        for act in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER freezes_{act.lower()} BEFORE {act} ON freezes "
                "BEGIN SELECT RAISE(ABORT, 'freezes is immutable: add an entry instead'); END"
            )
        return
    op.execute(
        "CREATE TRIGGER freezes_change BEFORE UPDATE OR DELETE OR TRUNCATE ON freezes "
        "EXECUTE FUNCTION refuse_rewriting()"
    )


def downgrade() -> None:
    op.drop_table("freezes")
