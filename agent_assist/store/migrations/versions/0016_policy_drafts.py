"""Drafts of policies: library versions may take effect later, and keys of drafted rows be ids."""

from alembic import op
import sqlalchemy as sa

revision = "0016"
down_revision = "0015"

LONG, SHORT = sa.String(length=160), sa.String(length=64)


def upgrade() -> None:
    table = "library_versions"
    op.add_column(table, sa.Column("effective_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column(table, sa.Column("draft_id", sa.String(length=40), nullable=True))
    op.add_column(table, sa.Column("approved_by", sa.String(length=200), nullable=True))
    _resize_keys(SHORT, LONG)


def _resize_keys(old: sa.String, new: sa.String) -> None:
    with op.batch_alter_table("draft_edits") as edits:
        edits.alter_column("key", existing_type=old, type_=new, existing_nullable=False)
    if op.get_bind().dialect.name != "sqlite":
        return
    # SQLite changes no column in place: the table is made anew, without its triggers.
    for act in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER draft_edits_{act.lower()} BEFORE {act} ON draft_edits "
            "BEGIN SELECT RAISE(ABORT, 'draft_edits is immutable: add an entry instead'); END"
        )


def downgrade() -> None:
    _resize_keys(LONG, SHORT)
    for column in ("approved_by", "draft_id", "effective_at"):
        op.drop_column("library_versions", column)
