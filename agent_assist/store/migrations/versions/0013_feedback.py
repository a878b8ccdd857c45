"""Feedback on suggestions, which is only added to, and goes with its suggestion."""

from alembic import op
import sqlalchemy as sa

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    op.create_table(
        "feedback",
        sa.Column("suggestion", sa.String(length=40), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(length=220), nullable=False),
        sa.Column("rep", sa.String(length=200), nullable=True),
        sa.Column("verdict", sa.String(length=16), nullable=False),
        sa.Column("policy", sa.String(length=200), nullable=False),
        sa.Column("issue", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(
            ["suggestion"],
            ["suggestions.id"],
            name=op.f("fk_feedback_suggestion"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("suggestion", "number", name=op.f("pk_feedback")),
    )
    _refuse_changes()


def _refuse_changes() -> None:
    """Triggers that refuse every change but an insertion, and the end of the suggestion."""
    if op.get_bind().dialect.name == "sqlite":
        refuse = "SELECT RAISE(ABORT, 'feedback is immutable: add an entry instead')"
        op.execute(f"CREATE TRIGGER feedback_update BEFORE UPDATE ON feedback BEGIN {refuse}; END")
        op.execute(
            "CREATE TRIGGER feedback_delete BEFORE DELETE ON feedback "
            "WHEN EXISTS (SELECT 1 FROM suggestions WHERE id = OLD.suggestion) "
            f"BEGIN {refuse}; END"
        )
        return
    op.execute(
        "CREATE FUNCTION refuse_while_suggested() RETURNS trigger AS $$ BEGIN "
        "IF TG_OP = 'DELETE' AND NOT EXISTS (SELECT 1 FROM suggestions WHERE id = OLD.suggestion) "
        "THEN RETURN OLD; END IF; "
        "RAISE EXCEPTION 'feedback is immutable: add an entry instead'; "
        "END $$ LANGUAGE plpgsql"
    )
    op.execute(
        "CREATE TRIGGER feedback_change BEFORE UPDATE OR DELETE ON feedback "
        "FOR EACH ROW EXECUTE FUNCTION refuse_while_suggested()"
    )
    op.execute(
        "CREATE TRIGGER feedback_truncate BEFORE TRUNCATE ON feedback "
        "EXECUTE FUNCTION refuse_rewriting()"
    )


def downgrade() -> None:
    op.drop_table("feedback")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION refuse_while_suggested()")
