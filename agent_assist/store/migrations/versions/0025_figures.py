"""Figures of each day, which are counted again when something that they rest on has changed."""

from alembic import op
import sqlalchemy as sa

revision = "0025"
down_revision = "0024"

_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_COUNTS = ("contacts", "ended", "resolved", "at_once", "named", "repeated", "escalated")


def _counts() -> list[sa.Column]:
    return [
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("team", sa.String(length=200), nullable=False),
        sa.Column("channel", sa.String(length=64), nullable=False),
        sa.Column("issue", sa.String(length=64), nullable=False),
        sa.Column("main", sa.Boolean(), nullable=False),
        sa.Column("cause", sa.String(length=16), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in _COUNTS),
    ]


def upgrade() -> None:
    op.create_table(
        "figure_basis",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("library_version", sa.Integer(), nullable=False),
        sa.Column("basis", sa.String(length=64), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_figure_basis")),
    )
    op.create_table(
        "figure_changes",
        sa.Column("id", _NUMBER, autoincrement=True, nullable=False),
        sa.Column("part", sa.String(length=16), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reach", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_figure_changes")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_figure_changes_at", "figure_changes", ["part", "at"])
    op.create_table(
        "contact_figures",
        *_counts(),
        sa.PrimaryKeyConstraint(
            "day", "team", "channel", "issue", "main", "cause", name=op.f("pk_contact_figures")
        ),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "policy_figures",
        *_counts(),
        sa.Column("policy", sa.String(length=120), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint(
            "day", "team", "channel", "issue", "main", "cause", "policy", "version",
            name=op.f("pk_policy_figures"),
        ),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    for table in ("policy_figures", "contact_figures", "figure_changes", "figure_basis"):
        op.drop_table(table)
