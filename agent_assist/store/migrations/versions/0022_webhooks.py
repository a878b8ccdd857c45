"""Addresses outside that are told of events, and what became of each event they were told of."""

from alembic import op
import sqlalchemy as sa

revision = "0022"
down_revision = "0021"

_AT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "webhooks",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("types", sa.JSON(), nullable=False),
        sa.Column("description", sa.String(length=200), nullable=False),
        sa.Column("off", sa.String(length=16), nullable=True),
        sa.Column("salt", sa.String(length=64), nullable=False),
        sa.Column("old_salt", sa.String(length=64), nullable=False),
        sa.Column("old_until", _AT, nullable=True),
        sa.Column("made_by", sa.String(length=200), nullable=False),
        sa.Column("at", _AT, nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("failing_since", _AT, nullable=True),
        sa.Column("rests_until", _AT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhooks")),
    )
    op.create_table(
        "webhook_deliveries",
        sa.Column("webhook", sa.String(length=16), nullable=False),
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("type", sa.String(length=64), nullable=False),
        sa.Column("happened_at", _AT, nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("at", _AT, nullable=False),
        sa.Column("next_at", _AT, nullable=True),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("fault", sa.String(length=16), nullable=True),
        sa.Column("ms", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["webhook"],
            ["webhooks.id"],
            name=op.f("fk_webhook_deliveries_webhook"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("webhook", "seq", name=op.f("pk_webhook_deliveries")),
    )
    columns = ["webhook", "state", "seq"]
    op.create_index("ix_webhook_deliveries_state", "webhook_deliveries", columns)
    op.create_index("ix_webhook_deliveries_at", "webhook_deliveries", ["at"])


def downgrade() -> None:
    op.drop_table("webhook_deliveries")
    op.drop_table("webhooks")
