"""Immutable versions of library, limits and budgets; API keys; the log of suggestions."""

from alembic import op
import sqlalchemy as sa

revision = "0001"
down_revision = None

# Published versions can be added to, and never changed or deleted, not even by hand.
IMMUTABLE = (
    "library_versions",
    "policy_versions",
    "library_policies",
    "limits_versions",
    "limits_rows",
    "budgets_versions",
    "budgets_rows",
)


def upgrade() -> None:
    op.create_table(
        "api_keys",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("scopes", sa.JSON(), nullable=False),
        sa.Column("secret_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_keys")),
    )
    op.create_table(
        "library_versions",
        sa.Column("vocabulary", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_by", sa.String(length=200), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("version", name=op.f("pk_library_versions")),
    )
    op.create_table(
        "policy_versions",
        sa.Column("policy_id", sa.String(length=120), nullable=False),
        sa.Column("locale", sa.String(length=16), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("file", sa.String(length=160), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("policy_id", "locale", "version", name=op.f("pk_policy_versions")),
    )
    op.create_table(
        "budgets_versions",
        sa.Column("library_version", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_by", sa.String(length=200), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["library_version"],
            ["library_versions.version"],
            name=op.f("fk_budgets_versions_library_version"),
        ),
        sa.PrimaryKeyConstraint("version", name=op.f("pk_budgets_versions")),
    )
    op.create_table(
        "library_policies",
        sa.Column("library_version", sa.Integer(), nullable=False),
        sa.Column("policy_id", sa.String(length=120), nullable=False),
        sa.Column("locale", sa.String(length=16), nullable=False),
        sa.Column("policy_version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["library_version"],
            ["library_versions.version"],
            name=op.f("fk_library_policies_library_version"),
        ),
        sa.ForeignKeyConstraint(
            ["policy_id", "locale", "policy_version"],
            ["policy_versions.policy_id", "policy_versions.locale", "policy_versions.version"],
            name=op.f("fk_library_policies_policy_id_locale_policy_version"),
        ),
        sa.PrimaryKeyConstraint(
            "library_version", "policy_id", "locale", name=op.f("pk_library_policies")
        ),
    )
    op.create_table(
        "limits_versions",
        sa.Column("library_version", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_by", sa.String(length=200), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["library_version"],
            ["library_versions.version"],
            name=op.f("fk_limits_versions_library_version"),
        ),
        sa.PrimaryKeyConstraint("version", name=op.f("pk_limits_versions")),
    )
    op.create_table(
        "budgets_rows",
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("cells", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["version"], ["budgets_versions.version"], name=op.f("fk_budgets_rows_version")
        ),
        sa.PrimaryKeyConstraint("version", "key", name=op.f("pk_budgets_rows")),
    )
    op.create_table(
        "limits_rows",
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("cells", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["version"], ["limits_versions.version"], name=op.f("fk_limits_rows_version")
        ),
        sa.PrimaryKeyConstraint("version", "key", name=op.f("pk_limits_rows")),
    )
    op.create_table(
        "suggestions",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("key_id", sa.String(length=16), nullable=True),
        sa.Column("library_version", sa.Integer(), nullable=False),
        sa.Column("limits_version", sa.Integer(), nullable=False),
        sa.Column("budgets_version", sa.Integer(), nullable=False),
        sa.Column("model", sa.String(length=200), nullable=False),
        sa.Column("level", sa.String(length=64), nullable=False),
        sa.Column("abstained", sa.Boolean(), nullable=False),
        sa.Column("around", sa.JSON(), nullable=False),
        sa.Column("answer", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["budgets_version"],
            ["budgets_versions.version"],
            name=op.f("fk_suggestions_budgets_version"),
        ),
        sa.ForeignKeyConstraint(
            ["library_version"],
            ["library_versions.version"],
            name=op.f("fk_suggestions_library_version"),
        ),
        sa.ForeignKeyConstraint(
            ["limits_version"],
            ["limits_versions.version"],
            name=op.f("fk_suggestions_limits_version"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suggestions")),
    )
    op.create_index("ix_suggestions_at", "suggestions", ["at"])
    for table in IMMUTABLE:
        refuse_changes(table)


def refuse_changes(table: str) -> None:
    message = f"{table} is immutable: publish a new version instead"
    if op.get_bind().dialect.name == "sqlite":
        for act in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_{act.lower()} BEFORE {act} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{message}'); END"
            )
        return
    op.execute(
        "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger AS $$ "
        "BEGIN RAISE EXCEPTION '% is immutable: publish a new version instead', TG_TABLE_NAME; "
        "END $$ LANGUAGE plpgsql"
    )
    op.execute(
        f"CREATE TRIGGER {table}_change BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        "EXECUTE FUNCTION refuse_change()"
    )


def downgrade() -> None:
    op.drop_table("suggestions")
    op.drop_table("limits_rows")
    op.drop_table("budgets_rows")
    op.drop_table("limits_versions")
    op.drop_table("library_policies")
    op.drop_table("budgets_versions")
    op.drop_table("policy_versions")
    op.drop_table("library_versions")
    op.drop_table("api_keys")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION refuse_change()")
