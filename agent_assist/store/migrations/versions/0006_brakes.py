"""The spend brake: who pulled and released it, for whom and why."""

from alembic import op
import sqlalchemy as sa

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.create_table(
        "brakes",
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("team", sa.String(length=200), nullable=False),
        sa.Column("pulled", sa.Boolean(), nullable=False),
        sa.Column("by", sa.String(length=220), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["seq"], ["audit.seq"], name=op.f("fk_brakes_seq")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_brakes")),
    )
    op.create_index("ix_brakes_team", "brakes", ["team", "seq"])
    if op.get_bind().dialect.name == "sqlite":
        for act in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER brakes_{act.lower()} BEFORE {act} ON brakes "
                "BEGIN SELECT RAISE(ABORT, 'brakes is immutable: add an entry instead'); END"
            )
        return
    op.execute(
        "CREATE TRIGGER brakes_change BEFORE UPDATE OR DELETE OR TRUNCATE ON brakes "
        "EXECUTE FUNCTION refuse_rewriting()"
    )


def downgrade() -> None:
    op.drop_table("brakes")
