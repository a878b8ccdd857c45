"""Drafts of limits and budgets; versions that take effect at a date, and their cancellation."""

from alembic import op
import sqlalchemy as sa

revision = "0004"
down_revision = "0003"

VERSIONS = ("limits_versions", "budgets_versions")
# History can be added to, and never changed or deleted, not even by hand.
APPEND_ONLY = ("cancellations", "drafts", "draft_acts", "draft_edits")


def upgrade() -> None:
    for table in VERSIONS:
        op.add_column(table, sa.Column("effective_at", sa.DateTime(timezone=True), nullable=True))
        op.add_column(table, sa.Column("draft_id", sa.String(length=40), nullable=True))
        op.add_column(table, sa.Column("approved_by", sa.String(length=200), nullable=True))
    op.create_table(
        "cancellations",
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("kind", "version", name=op.f("pk_cancellations")),
    )
    op.create_table(
        "drafts",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("owner", sa.String(length=200), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("base", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["seq"], ["audit.seq"], name=op.f("fk_drafts_seq")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_drafts")),
        sa.UniqueConstraint("seq", name=op.f("uq_drafts_seq")),
    )
    op.create_table(
        "draft_acts",
        sa.Column("draft_id", sa.String(length=40), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(length=200), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("base", sa.Integer(), nullable=True),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["draft_id"], ["drafts.id"], name=op.f("fk_draft_acts_draft_id")),
        sa.ForeignKeyConstraint(["seq"], ["audit.seq"], name=op.f("fk_draft_acts_seq")),
        sa.PrimaryKeyConstraint("draft_id", "number", name=op.f("pk_draft_acts")),
        sa.UniqueConstraint("seq", name=op.f("uq_draft_acts_seq")),
    )
    op.create_table(
        "draft_edits",
        sa.Column("draft_id", sa.String(length=40), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("cells", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(
            ["draft_id", "number"],
            ["draft_acts.draft_id", "draft_acts.number"],
            name=op.f("fk_draft_edits_draft_id_number"),
        ),
        sa.PrimaryKeyConstraint("draft_id", "number", "key", name=op.f("pk_draft_edits")),
    )
    _refuse_changes()


def _refuse_changes() -> None:
    """Triggers that refuse every change but an insertion."""
    if op.get_bind().dialect.name == "sqlite":
        for table in APPEND_ONLY:
            for act in ("UPDATE", "DELETE"):
                op.execute(
                    f"CREATE TRIGGER {table}_{act.lower()} BEFORE {act} ON {table} "
                    f"BEGIN SELECT RAISE(ABORT, '{table} is immutable: add an entry instead'); END"
                )
        return
    for table in APPEND_ONLY:
        op.execute(
            f"CREATE TRIGGER {table}_change BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "EXECUTE FUNCTION refuse_rewriting()"
        )


def downgrade() -> None:
    for table in ("draft_edits", "draft_acts", "drafts", "cancellations"):
        op.drop_table(table)
    for table in VERSIONS:
        for column in ("approved_by", "draft_id", "effective_at"):
            op.drop_column(table, column)
