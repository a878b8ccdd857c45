"""The grant ledger: grants, their captures and voids, the audit, and what makes requests happen once."""

from alembic import op
import sqlalchemy as sa

revision = "0002"
down_revision = "0001"

# History can be added to, and never changed or deleted, not even by hand.
APPEND_ONLY = ("audit", "grants", "grant_entries")


def upgrade() -> None:
    op.create_table(
        "audit",
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=200), nullable=False),
        sa.Column("act", sa.String(length=64), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_audit")),
    )
    op.create_table(
        "grants",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("contact", sa.String(length=200), nullable=True),
        sa.Column("order", sa.String(length=200), nullable=True),
        sa.Column("customer", sa.String(length=200), nullable=True),
        sa.Column("rep", sa.String(length=200), nullable=True),
        sa.Column("team", sa.String(length=200), nullable=True),
        sa.Column("level", sa.String(length=64), nullable=False),
        sa.Column("issue", sa.String(length=64), nullable=False),
        sa.Column("remedy", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("unit", sa.String(length=16), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("reason_code", sa.String(length=64), nullable=False),
        sa.Column("comment", sa.Text(), nullable=True),
        sa.Column("library_version", sa.Integer(), nullable=False),
        sa.Column("limits_version", sa.Integer(), nullable=False),
        sa.Column("budgets_version", sa.Integer(), nullable=False),
        sa.Column("suggestion", sa.String(length=40), nullable=True),
        sa.Column("key_id", sa.String(length=16), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("decision", sa.JSON(), nullable=False),
        sa.CheckConstraint("amount > 0", name=op.f("ck_grants_amount")),
        sa.ForeignKeyConstraint(["seq"], ["audit.seq"], name=op.f("fk_grants_seq")),
        sa.ForeignKeyConstraint(
            ["library_version"],
            ["library_versions.version"],
            name=op.f("fk_grants_library_version"),
        ),
        sa.ForeignKeyConstraint(
            ["limits_version"],
            ["limits_versions.version"],
            name=op.f("fk_grants_limits_version"),
        ),
        sa.ForeignKeyConstraint(
            ["budgets_version"],
            ["budgets_versions.version"],
            name=op.f("fk_grants_budgets_version"),
        ),
        sa.ForeignKeyConstraint(
            ["suggestion"], ["suggestions.id"], name=op.f("fk_grants_suggestion")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grants")),
        sa.UniqueConstraint("seq", name=op.f("uq_grants_seq")),
    )
    for scope in ("contact", "order", "customer", "rep", "team"):
        op.create_index(f"ix_grants_{scope}", "grants", [scope, "at"])
    op.create_index("ix_grants_at", "grants", ["at"])
    op.create_table(
        "grant_entries",
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("grant_id", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("released", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(length=220), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.CheckConstraint("amount > 0", name=op.f("ck_grant_entries_amount")),
        sa.CheckConstraint("released >= 0", name=op.f("ck_grant_entries_released")),
        sa.ForeignKeyConstraint(["seq"], ["audit.seq"], name=op.f("fk_grant_entries_seq")),
        sa.ForeignKeyConstraint(
            ["grant_id"], ["grants.id"], name=op.f("fk_grant_entries_grant_id")
        ),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_grant_entries")),
    )
    op.create_index("ix_grant_entries_grant_id", "grant_entries", ["grant_id"])
    op.create_index(
        "uq_grant_entries_capture",
        "grant_entries",
        ["grant_id"],
        unique=True,
        sqlite_where=sa.text("kind = 'capture'"),
        postgresql_where=sa.text("kind = 'capture'"),
    )
    op.create_table(
        "idempotency",
        sa.Column("principal", sa.String(length=64), nullable=False),
        sa.Column("route", sa.String(length=120), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("request_hash", sa.String(length=64), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("principal", "route", "key", name=op.f("pk_idempotency")),
    )
    op.create_table(
        "scope_locks",
        sa.Column("id", sa.String(length=240), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scope_locks")),
    )
    _refuse_changes()


def _refuse_changes() -> None:
    """Triggers that refuse every change but an insertion."""
    if op.get_bind().dialect.name == "sqlite":
        for table in APPEND_ONLY:
            for act in ("UPDATE", "DELETE"):
                op.execute(
                    f"CREATE TRIGGER {table}_{act.lower()} BEFORE {act} ON {table} "
                    f"BEGIN SELECT RAISE(ABORT, '{table} is immutable: add an entry instead'); END"
                )
        return
    op.execute(
        "CREATE FUNCTION refuse_rewriting() RETURNS trigger AS $$ "
        "BEGIN RAISE EXCEPTION '% is immutable: add an entry instead', TG_TABLE_NAME; "
        "END $$ LANGUAGE plpgsql"
    )
    for table in APPEND_ONLY:
        op.execute(
            f"CREATE TRIGGER {table}_change BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "EXECUTE FUNCTION refuse_rewriting()"
        )


def downgrade() -> None:
    for table in ("scope_locks", "idempotency", "grant_entries", "grants", "audit"):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION refuse_rewriting()")
