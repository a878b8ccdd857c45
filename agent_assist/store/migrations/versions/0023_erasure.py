"""Customers can be erased: what says who they were may be taken out of rows that never change else."""

import hashlib
import json

from alembic import op
import sqlalchemy as sa

revision = "0023"
down_revision = "0022"

PERSONAL = {
    "grants": ("contact", "order", "customer", "comment", "blind"),
    "grant_entries": ("reason", "blind"),
    "approvals": ("contact", "order", "customer", "comment", "case", "blind"),
    "approval_ends": ("comment",),
    "outcomes": ("contact", "note"),
}
# What must hold of a row before it may lose anything.
ERASED = {
    "grants": "EXISTS (SELECT 1 FROM erased WHERE seq = OLD.seq)",
    "grant_entries": "EXISTS (SELECT 1 FROM erased WHERE seq = OLD.seq)",
    "approvals": "EXISTS (SELECT 1 FROM erased WHERE seq = OLD.seq)",
    "approval_ends": "EXISTS (SELECT 1 FROM erased, approvals WHERE erased.seq = approvals.seq "
    "AND approvals.id = OLD.approval_id)",
    "outcomes": "NEW.note IS NULL AND (NEW.contact = OLD.contact OR NEW.contact LIKE 'erased-%')",
}
BLINDED = ("grants", "grant_entries", "approvals")
REFUSED = "is immutable: add an entry instead"


def upgrade() -> None:
    op.create_table(
        "erasures",
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("alias", sa.String(length=40), nullable=False),
        sa.Column("rows", sa.JSON(), nullable=False),
        sa.Column("wiped_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["seq"], ["audit.seq"], name=op.f("fk_erasures_seq")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_erasures")),
    )
    op.create_table(
        "erased",
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("erasure", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["seq"], ["audit.seq"], name=op.f("fk_erased_seq")),
        sa.ForeignKeyConstraint(["erasure"], ["audit.seq"], name=op.f("fk_erased_erasure")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_erased")),
    )
    op.create_table(
        "purges",
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("ran_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("deleted", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("kind", name=op.f("pk_purges")),
    )
    for table in BLINDED:
        blind = sa.Column("blind", sa.String(length=32), nullable=False, server_default="")
        op.add_column(table, blind)
    op.add_column("idempotency", sa.Column("subject", sa.String(length=200), nullable=True))
    _read_answers()
    named = sa.text("subject IS NOT NULL")
    op.create_index(
        "ix_idempotency_subject",
        "idempotency",
        ["subject"],
        sqlite_where=named,
        postgresql_where=named,
    )
    _let_erasures_through()


def _read_answers() -> None:
    """Hash the keys that are kept, and read from the answers what they are about."""
    connection = op.get_bind()
    rows = sa.table(
        "idempotency",
        *(sa.column(name) for name in ("principal", "route", "key", "body", "subject")),
    )
    place = (
        rows.c.principal == sa.bindparam("of_principal"),
        rows.c.route == sa.bindparam("of_route"),
        rows.c.key == sa.bindparam("of_key"),
    )
    change = sa.update(rows).where(*place)
    change = change.values(key=sa.bindparam("hashed"), subject=sa.bindparam("about"))
    kept = connection.execute(sa.select(rows)).all()
    for start in range(0, len(kept), 1_000):
        connection.execute(
            change,
            [
                {
                    "of_principal": row.principal,
                    "of_route": row.route,
                    "of_key": row.key,
                    "hashed": hashlib.sha256(row.key.encode()).hexdigest(),
                    "about": _subject(row.route, row.body),
                }
                for row in kept[start : start + 1_000]
            ],
        )


def _subject(route: str, body: bytes | None) -> str | None:
    if not route.startswith(("POST /v1/grants", "POST /v1/approvals", "POST /v1/contacts")):
        return None
    told = json.loads(body) if body else {}
    return told.get("contact" if "/contacts/" in route else "id")


def _let_erasures_through() -> None:
    """Triggers that refuse every change but an insertion, and what an erasure takes out."""
    if op.get_bind().dialect.name == "sqlite":
        for table in PERSONAL:
            op.execute(f"DROP TRIGGER {table}_update")
            op.execute(
                f"CREATE TRIGGER {table}_update BEFORE UPDATE ON {table} "
                f"WHEN NOT ({_same(table)} AND {ERASED[table]}) "
                f"BEGIN SELECT RAISE(ABORT, '{table} {REFUSED}'); END"
            )
        return
    for table, columns in PERSONAL.items():
        personal = "ARRAY[{}]".format(", ".join(f"'{one}'" for one in columns))
        op.execute(f"DROP TRIGGER {table}_change ON {table}")
        op.execute(
            f"CREATE FUNCTION refuse_but_erasure_of_{table}() RETURNS trigger AS $$ BEGIN "
            f"IF to_jsonb(NEW) - {personal} = to_jsonb(OLD) - {personal} AND {ERASED[table]} "
            "THEN RETURN NEW; END IF; "
            f"RAISE EXCEPTION '{table} {REFUSED}'; END $$ LANGUAGE plpgsql"
        )
        op.execute(
            f"CREATE TRIGGER {table}_change BEFORE UPDATE ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION refuse_but_erasure_of_{table}()"
        )
        op.execute(
            f"CREATE TRIGGER {table}_loss BEFORE DELETE OR TRUNCATE ON {table} "
            "EXECUTE FUNCTION refuse_rewriting()"
        )


def _same(table: str) -> str:
    """SQL for: nothing changes that an erasure leaves."""
    columns = sa.inspect(op.get_bind()).get_columns(table)
    kept = (one["name"] for one in columns if one["name"] not in PERSONAL[table])
    return " AND ".join(f'NEW."{name}" IS OLD."{name}"' for name in kept)


def downgrade() -> None:
    """Keys stay hashed: a retry of a request from before is a new request then."""
    sqlite = op.get_bind().dialect.name == "sqlite"
    for table in PERSONAL:
        if sqlite:
            op.execute(f"DROP TRIGGER {table}_update")
            op.execute(
                f"CREATE TRIGGER {table}_update BEFORE UPDATE ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} {REFUSED}'); END"
            )
            continue
        for trigger in ("change", "loss"):
            op.execute(f"DROP TRIGGER {table}_{trigger} ON {table}")
        op.execute(f"DROP FUNCTION refuse_but_erasure_of_{table}()")
        op.execute(
            f"CREATE TRIGGER {table}_change BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "EXECUTE FUNCTION refuse_rewriting()"
        )
    op.drop_index("ix_idempotency_subject", "idempotency")
    op.drop_column("idempotency", "subject")
    for table in BLINDED:
        op.drop_column(table, "blind")
    for table in ("purges", "erased", "erasures"):
        op.drop_table(table)
