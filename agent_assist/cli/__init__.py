"""The command line: `agent-assist`. Every command has `--help`, and `--json` for machines."""

import click

from agent_assist import __version__
from agent_assist.cli.audit import audit_group, ledger_group
from agent_assist.cli.contacts import contacts_group
from agent_assist.cli.customers import customer_group
from agent_assist.cli.evaluating import evaluate_command
from agent_assist.cli.feedback import drift_command, feedback_group
from agent_assist.cli.hosts import hosts_group
from agent_assist.cli.importing import import_command
from agent_assist.cli.keys import keys_group
from agent_assist.cli.libraries import library_group
from agent_assist.cli.output import Commands
from agent_assist.cli.packaging import package_group
from agent_assist.cli.replaying import replay
from agent_assist.cli.serving import serve_command, setup_command
from agent_assist.cli.suggesting import suggest_command
from agent_assist.cli.tables import budgets_group, limits_group
from agent_assist.cli.training import models_group, train_command
from agent_assist.cli.users import users_group
from agent_assist.cli.webhooks import webhooks_group
from agent_assist.core.draft_rows import TableKind
from agent_assist.settings import wants_colour


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="agent-assist")
@click.pass_context
def main(ctx: click.Context) -> None:
    """What a representative may say, and may give, while the customer waits."""
    ctx.color = None if wants_colour() else False  # None: click sees whether it is a terminal


limits_group.add_command(replay)
limits_group.add_command(import_command(TableKind.LIMITS))
budgets_group.add_command(import_command(TableKind.BUDGETS))
for command in (
    setup_command,
    serve_command,
    suggest_command,
    library_group,
    limits_group,
    budgets_group,
    train_command,
    models_group,
    evaluate_command,
    feedback_group,
    drift_command,
    keys_group,
    users_group,
    contacts_group,
    customer_group,
    hosts_group,
    webhooks_group,
    package_group,
    ledger_group,
    audit_group,
):
    main.add_command(command)
