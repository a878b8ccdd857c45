"""People with their levels and teams, and who stands in for whom."""

from alembic import op
import sqlalchemy as sa

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "people",
        sa.Column("id", sa.String(length=200), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("level", sa.String(length=64), nullable=False),
        sa.Column("team", sa.String(length=200), nullable=False),
        sa.Column("customer", sa.String(length=200), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people")),
    )
    op.create_table(
        "delegations",
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("person", sa.String(length=200), nullable=False),
        sa.Column("substitute", sa.String(length=200), nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=False),
        sa.Column("ended", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["seq"], ["audit.seq"], name=op.f("fk_delegations_seq")),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_delegations_person")),
        sa.ForeignKeyConstraint(
            ["substitute"], ["people.id"], name=op.f("fk_delegations_substitute")
        ),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_delegations")),
    )
    op.create_index("ix_delegations_person", "delegations", ["person"])
    _refuse_deletion()


def _refuse_deletion() -> None:
    """Nobody is deleted to hide what they did, not even by hand."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "CREATE TRIGGER people_delete BEFORE DELETE ON people "
            "BEGIN SELECT RAISE(ABORT, 'people are never deleted: deactivate them'); END"
        )
        return
    op.execute(
        "CREATE FUNCTION refuse_deletion() RETURNS trigger AS $$ "
        "BEGIN RAISE EXCEPTION 'people are never deleted: deactivate them'; END $$ LANGUAGE plpgsql"
    )
    op.execute(
        "CREATE TRIGGER people_delete BEFORE DELETE OR TRUNCATE ON people "
        "EXECUTE FUNCTION refuse_deletion()"
    )


def downgrade() -> None:
    op.drop_table("delegations")
    op.drop_table("people")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION refuse_deletion()")
