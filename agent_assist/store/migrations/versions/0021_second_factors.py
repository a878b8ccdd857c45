"""Second factors, and by what means and when people have shown who they are."""

from alembic import op
import sqlalchemy as sa

revision = "0021"
down_revision = "0020"

# Nobody knows it of what was open before: it counts as a password, long ago.
_LONG_AGO = "1970-01-01 00:00:00+00:00"


def upgrade() -> None:
    op.create_table(
        "second_factors",
        sa.Column("person", sa.String(length=200), nullable=False),
        sa.Column("salt", sa.String(length=64), nullable=True),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("offered", sa.String(length=64), nullable=True),
        sa.Column("offered_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_second_factors_person")),
        sa.PrimaryKeyConstraint("person", name=op.f("pk_second_factors")),
    )
    op.create_table(
        "recovery_codes",
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("person", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_recovery_codes_person")),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_recovery_codes")),
    )
    op.create_index("ix_recovery_codes_person", "recovery_codes", ["person"])
    for table in ("sign_ins", "codes", "sessions"):
        op.add_column(
            table,
            sa.Column("means", sa.String(length=16), nullable=False, server_default="password"),
        )
    for table in ("codes", "sessions"):
        op.add_column(
            table,
            sa.Column(
                "proved_at",
                sa.DateTime(timezone=True),
                nullable=False,
                server_default=_LONG_AGO,
            ),
        )


def downgrade() -> None:
    for table in ("codes", "sessions"):
        op.drop_column(table, "proved_at")
    for table in ("sign_ins", "codes", "sessions"):
        op.drop_column(table, "means")
    op.drop_table("recovery_codes")
    op.drop_table("second_factors")
