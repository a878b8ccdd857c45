"""Subtotals of what was captured, by team, organisation and hour."""

from alembic import op
import sqlalchemy as sa

revision = "0026"
down_revision = "0025"

_HOUR = {
    "sqlite": "substr(g.at, 1, 13) || ':00:00.000000'",
    "postgresql": "date_trunc('hour', g.at AT TIME ZONE 'UTC') AT TIME ZONE 'UTC'",
}
_FILL = """
INSERT INTO subtotals (scope, holder, hour, remedy, kind, unit, currency, amount, grants)
SELECT '{scope}', holder, hour, remedy, kind, unit, currency,
       sum(left_of), sum(CASE WHEN left_of > 0 THEN 1 ELSE 0 END)
FROM (
    SELECT {holder} AS holder, {hour} AS hour, g.remedy, g.kind, g.unit, g.currency,
           g.amount - (
               SELECT coalesce(sum(e.released), 0) FROM grant_entries e WHERE e.grant_id = g.id
           ) AS left_of
    FROM grants g
    WHERE EXISTS (
        SELECT 1 FROM grant_entries c WHERE c.grant_id = g.id AND c.kind = 'capture'
    )
) AS captured
WHERE holder IS NOT NULL
GROUP BY holder, hour, remedy, kind, unit, currency
"""


def upgrade() -> None:
    op.create_table(
        "subtotals",
        sa.Column("scope", sa.String(length=16), nullable=False),
        sa.Column("holder", sa.String(length=200), nullable=False),
        sa.Column("hour", sa.DateTime(timezone=True), nullable=False),
        sa.Column("remedy", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("unit", sa.String(length=16), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("grants", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint(
            "scope",
            "holder",
            "hour",
            "remedy",
            "kind",
            "unit",
            "currency",
            name=op.f("pk_subtotals"),
        ),
    )
    op.create_index("ix_grants_expires_at", "grants", ["expires_at"])
    op.create_index("ix_grants_team_expires_at", "grants", ["team", "expires_at"])
    hour = _HOUR[op.get_bind().dialect.name]
    for scope, holder in (("organisation", "CAST('' AS VARCHAR)"), ("team", "g.team")):
        op.execute(_FILL.format(scope=scope, holder=holder, hour=hour))


def downgrade() -> None:
    op.drop_index("ix_grants_team_expires_at", "grants")
    op.drop_index("ix_grants_expires_at", "grants")
    op.drop_table("subtotals")
