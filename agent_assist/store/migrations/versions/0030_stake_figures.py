"""Figures of how contacts ended, by what money at risk is weighed by."""

from alembic import op
import sqlalchemy as sa

revision = "0030"
down_revision = "0029"

_COUNTS = ("contacts", "ended", "unresolved", "came_back")


def upgrade() -> None:
    op.create_table(
        "stake_figures",
        sa.Column("cut", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("team", sa.String(length=200), nullable=False),
        sa.Column("issue", sa.String(length=64), nullable=False),
        sa.Column("cause", sa.String(length=16), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in _COUNTS),
        sa.Column("given", sa.Integer(), nullable=False),
        *(sa.Column(f"given_{name}", sa.Integer(), nullable=False) for name in _COUNTS[1:]),
        sa.PrimaryKeyConstraint(
            "cut", "day", "team", "issue", "cause", name=op.f("pk_stake_figures")
        ),
        sqlite_with_rowid=False,
    )
    # By an unknown basis everything is counted anew.
    op.execute("DELETE FROM figure_basis")


def downgrade() -> None:
    op.drop_table("stake_figures")
    op.execute("DELETE FROM figure_basis")
