"""Figures of suggestions and of contacts they helped in; those of contacts at several cuts."""

from alembic import op
import sqlalchemy as sa

revision = "0029"
down_revision = "0028"


def _kinds() -> list[sa.Column]:
    return [
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("team", sa.String(length=200), nullable=False),
        sa.Column("channel", sa.String(length=64), nullable=False),
        sa.Column("issue", sa.String(length=64), nullable=False),
    ]


_COUNTS = ("contacts", "ended", "resolved", "at_once", "named", "repeated", "escalated")


def _make_contact_figures(*cut: str) -> None:
    for table, more in (("contact_figures", ()), ("policy_figures", ("policy", "version"))):
        beside = {
            "policy": sa.Column("policy", sa.String(length=120), nullable=False),
            "version": sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        }
        op.create_table(
            table,
            *(sa.Column(name, sa.Integer(), autoincrement=False, nullable=False) for name in cut),
            *_kinds(),
            sa.Column("main", sa.Boolean(), nullable=False),
            sa.Column("cause", sa.String(length=16), nullable=False),
            *(sa.Column(name, sa.Integer(), nullable=False) for name in _COUNTS),
            *(beside[name] for name in more),
            sa.PrimaryKeyConstraint(
                *cut, "day", "team", "channel", "issue", "main", "cause", *more,
                name=op.f(f"pk_{table}"),
            ),
            sqlite_with_rowid=False,
        )


def upgrade() -> None:
    op.drop_table("policy_figures")
    op.drop_table("contact_figures")
    _make_contact_figures("cut")
    # By an unknown basis everything is counted anew.
    op.execute("DELETE FROM figure_basis")
    op.create_table(
        "suggestion_figures",
        *_kinds(),
        sa.Column("policy", sa.String(length=120), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        *(
            sa.Column(name, sa.Integer(), nullable=False)
            for name in ("suggestions", "abstained", "judged", "right", "wrong")
        ),
        sa.PrimaryKeyConstraint(
            "day", "team", "channel", "issue", "policy", "version",
            name=op.f("pk_suggestion_figures"),
        ),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "help_figures",
        *_kinds(),
        sa.Column("waited", sa.Integer(), autoincrement=False, nullable=False),
        *(
            sa.Column(name, sa.Integer(), nullable=False)
            for name in ("contacts", "ended", "followed")
        ),
        sa.PrimaryKeyConstraint(
            "day", "team", "channel", "issue", "waited", name=op.f("pk_help_figures")
        ),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("figure_basis") as table:
        table.add_column(sa.Column("suggested_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("figure_basis") as table:
        table.drop_column("suggested_at")
    op.drop_table("help_figures")
    op.drop_table("suggestion_figures")
    op.drop_table("policy_figures")
    op.drop_table("contact_figures")
    _make_contact_figures()
    op.execute("DELETE FROM figure_basis")
