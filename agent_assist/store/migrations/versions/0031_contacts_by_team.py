"""An index of contacts by their team."""

from alembic import op

revision = "0031"
down_revision = "0030"


def upgrade() -> None:
    op.create_index("ix_contacts_team", "contacts", ["team", "opened_at"])


def downgrade() -> None:
    op.drop_index("ix_contacts_team", "contacts")
