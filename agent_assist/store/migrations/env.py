"""Runs the migrations over the connection that the application hands in."""

from alembic import context

from agent_assist.store.schema import Base


def run() -> None:
    """Apply the migrations in one transaction, so that a failure leaves nothing half-done."""
    with context.config.attributes["engine"].connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            render_as_batch=True,
            transactional_ddl=True,
            compare_type=True,
        )
        with context.begin_transaction():
            context.run_migrations()


run()
