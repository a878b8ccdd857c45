"""How often contacts changed hands, and how many of each day did."""

from alembic import op
import sqlalchemy as sa

revision = "0032"
down_revision = "0031"

_FIGURES = ("contact_figures", "policy_figures")


def upgrade() -> None:
    op.add_column(
        "contacts", sa.Column("transfers", sa.Integer(), nullable=False, server_default="0")
    )
    for table in _FIGURES:
        op.add_column(
            table, sa.Column("transferred", sa.Integer(), nullable=False, server_default="0")
        )


def downgrade() -> None:
    for table in _FIGURES:
        op.drop_column(table, "transferred")
    op.drop_column("contacts", "transfers")
