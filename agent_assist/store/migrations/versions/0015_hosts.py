"""Pages that embed the panel, the launch tokens they have spent, and requests by contact."""

from alembic import op
import sqlalchemy as sa

revision = "0015"
down_revision = "0014"

_AT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "hosts",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("origins", sa.JSON(), nullable=False),
        sa.Column("salt", sa.String(length=64), nullable=False),
        sa.Column("public_key", sa.Text(), nullable=False),
        sa.Column("audience", sa.Text(), nullable=False),
        sa.Column("at", _AT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hosts")),
    )
    op.create_table(
        "launches",
        sa.Column("host", sa.String(length=64), nullable=False),
        sa.Column("token", sa.String(length=64), nullable=False),
        sa.Column("expires_at", _AT, nullable=False),
        sa.ForeignKeyConstraint(
            ["host"], ["hosts.id"], name=op.f("fk_launches_host"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("host", "token", name=op.f("pk_launches")),
    )
    op.create_index("ix_launches_expires_at", "launches", ["expires_at"])
    op.create_index("ix_approvals_contact", "approvals", ["contact", "seq"])


def downgrade() -> None:
    op.drop_index("ix_approvals_contact", "approvals")
    op.drop_table("launches")
    op.drop_table("hosts")
