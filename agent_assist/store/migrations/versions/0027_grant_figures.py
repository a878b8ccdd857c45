"""Figures of grants and of requests for approvals."""

from alembic import op
import sqlalchemy as sa

revision = "0027"
down_revision = "0026"

_KINDS = (("team", 200), ("issue", 64), ("remedy", 64), ("level", 64))


def _kinds() -> list[sa.Column]:
    return [
        sa.Column("day", sa.Date(), nullable=False),
        *(sa.Column(name, sa.String(length=length), nullable=False) for name, length in _KINDS),
    ]


def upgrade() -> None:
    op.create_table(
        "grant_figures",
        *_kinds(),
        sa.Column("row", sa.String(length=64), nullable=False),
        sa.Column("unit", sa.String(length=16), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        *(
            sa.Column(name, sa.Integer(), nullable=False)
            for name in ("reserved", "given", "taken_back")
        ),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint(
            "day", *(name for name, _ in _KINDS), "row", "unit", "currency",
            name=op.f("pk_grant_figures"),
        ),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "approval_figures",
        *_kinds(),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("waited", sa.Integer(), autoincrement=False, nullable=False),
        *(
            sa.Column(name, sa.Integer(), nullable=False)
            for name in ("requests", "cut", "taken_back")
        ),
        sa.PrimaryKeyConstraint(
            "day", *(name for name, _ in _KINDS), "state", "waited",
            name=op.f("pk_approval_figures"),
        ),
        sqlite_with_rowid=False,
    )
    # What was given before is to be counted as well: everything is, by an unknown basis.
    op.execute("DELETE FROM figure_basis")


def downgrade() -> None:
    op.drop_table("approval_figures")
    op.drop_table("grant_figures")
