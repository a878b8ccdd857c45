"""What suggestions were made from, masked."""

from alembic import op
import sqlalchemy as sa

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    op.add_column("suggestions", sa.Column("texts", sa.JSON(), nullable=True))
    kept = sa.text("texts IS NOT NULL")
    op.create_index(
        "ix_suggestions_texts", "suggestions", ["at"], sqlite_where=kept, postgresql_where=kept
    )


def downgrade() -> None:
    op.drop_index("ix_suggestions_texts", "suggestions")
    op.drop_column("suggestions", "texts")
