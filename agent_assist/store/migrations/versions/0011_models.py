"""Which model version is active."""

from alembic import op
import sqlalchemy as sa

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.create_table(
        "activations",
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("model", sa.String(length=64), nullable=False),
        sa.Column("by", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["seq"], ["audit.seq"], name=op.f("fk_activations_seq")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_activations")),
    )
    if op.get_bind().dialect.name == "sqlite":
        for act in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER activations_{act.lower()} BEFORE {act} ON activations "
                "BEGIN SELECT RAISE(ABORT, 'activations is immutable: add an entry instead'); END"
            )
        return
    op.execute(
        "CREATE TRIGGER activations_change BEFORE UPDATE OR DELETE OR TRUNCATE ON activations "
        "EXECUTE FUNCTION refuse_rewriting()"
    )


def downgrade() -> None:
    op.drop_table("activations")
