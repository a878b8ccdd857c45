"""Which of two wordings of an explanation a contact was assigned."""

from alembic import op
import sqlalchemy as sa

revision = "0033"
down_revision = "0032"

_KNOWN = sa.text("pair IS NOT NULL")


def upgrade() -> None:
    op.add_column("suggestions", sa.Column("pair", sa.String(16)))
    op.add_column("suggestions", sa.Column("wording", sa.String(16)))
    op.create_index(
        "ix_suggestions_pair",
        "suggestions",
        ["pair", "at"],
        sqlite_where=_KNOWN,
        postgresql_where=_KNOWN,
    )


def downgrade() -> None:
    op.drop_index("ix_suggestions_pair", "suggestions")
    op.drop_column("suggestions", "wording")
    op.drop_column("suggestions", "pair")
