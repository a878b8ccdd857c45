"""Who was sent to the identity provider, and has not come back."""

from alembic import op
import sqlalchemy as sa

revision = "0024"
down_revision = "0023"


def upgrade() -> None:
    op.create_table(
        "provider_visits",
        sa.Column("state", sa.String(length=64), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("popup", sa.Boolean(), nullable=False),
        sa.Column("again", sa.Boolean(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("state", name=op.f("pk_provider_visits")),
    )
    op.create_index("ix_provider_visits_expires_at", "provider_visits", ["expires_at"])


def downgrade() -> None:
    op.drop_table("provider_visits")
