"""Contacts as the CRM describes them, and their outcomes, which are only added to."""

from alembic import op
import sqlalchemy as sa

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "contacts",
        sa.Column("external_id", sa.String(length=200), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("channel", sa.String(length=64), nullable=True),
        sa.Column("locale", sa.String(length=40), nullable=True),
        sa.Column("customer", sa.String(length=200), nullable=True),
        sa.Column("rep", sa.String(length=200), nullable=True),
        sa.Column("team", sa.String(length=200), nullable=True),
        sa.Column("issues", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("external_id", name=op.f("pk_contacts")),
    )
    op.create_index("ix_contacts_opened_at", "contacts", ["opened_at"])
    op.create_index("ix_contacts_customer", "contacts", ["customer", "opened_at"])
    op.create_table(
        "outcomes",
        sa.Column("contact", sa.String(length=200), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(length=220), nullable=False),
        sa.Column("resolved", sa.Boolean(), nullable=False),
        sa.Column("cause", sa.String(length=16), nullable=True),
        sa.Column("said", sa.JSON(), nullable=False),
        sa.Column("given", sa.JSON(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["contact"], ["contacts.external_id"], name=op.f("fk_outcomes_contact")
        ),
        sa.PrimaryKeyConstraint("contact", "number", name=op.f("pk_outcomes")),
    )
    op.create_index("ix_outcomes_at", "outcomes", ["at"])
    _refuse_changes("outcomes")


def _refuse_changes(table: str) -> None:
    """Triggers that refuse every change but an insertion."""
    if op.get_bind().dialect.name == "sqlite":
        for act in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_{act.lower()} BEFORE {act} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is immutable: add an entry instead'); END"
            )
        return
    # `refuse_rewriting` was made with the ledger.
    op.execute(
        f"CREATE TRIGGER {table}_change BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        "EXECUTE FUNCTION refuse_rewriting()"
    )


def downgrade() -> None:
    op.drop_table("outcomes")
    op.drop_table("contacts")
