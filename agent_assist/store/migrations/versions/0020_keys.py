"""From where and how often a key may be used, and who made it."""

from alembic import op
import sqlalchemy as sa

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    op.add_column("api_keys", sa.Column("networks", sa.JSON(), nullable=False, server_default="[]"))
    op.add_column("api_keys", sa.Column("per_minute", sa.Integer(), nullable=True))
    op.add_column(
        "api_keys", sa.Column("made_by", sa.String(length=200), nullable=False, server_default="")
    )


def downgrade() -> None:
    for column in ("made_by", "per_minute", "networks"):
        op.drop_column("api_keys", column)
