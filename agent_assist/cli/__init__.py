"""The command line: `agent-assist`. Every command has `--help`, and `--json` for machines."""

import click

from agent_assist import __version__
from agent_assist.cli.audit import audit_group, ledger_group
from agent_assist.cli.evaluating import evaluate_command
from agent_assist.cli.importing import import_command
from agent_assist.cli.keys import keys_group
from agent_assist.cli.libraries import library_group
from agent_assist.cli.output import Commands
from agent_assist.cli.replaying import replay
from agent_assist.cli.serving import serve_command, setup_command
from agent_assist.cli.suggesting import suggest_command
from agent_assist.cli.tables import budgets_group, limits_group
from agent_assist.cli.users import users_group
from agent_assist.core.draft_rows import TableKind


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="agent-assist")
def main() -> None:
    """What a representative may say, and may give, while the customer waits."""


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
    evaluate_command,
    keys_group,
    users_group,
    ledger_group,
    audit_group,
):
    main.add_command(command)
