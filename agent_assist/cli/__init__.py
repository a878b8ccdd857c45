"""The command line: `agent-assist`. Every command has `--help`, and `--json` for machines."""

import click

from agent_assist import __version__
from agent_assist.cli.commands import Commands
from agent_assist.settings import wants_colour

_ELSEWHERE = {
    "setup": "serving:setup_command",
    "serve": "serving:serve_command",
    "suggest": "suggesting:suggest_command",
    "library": "libraries:library_group",
    "limits": "tables:limits_group",
    "budgets": "tables:budgets_group",
    "train": "training:train_command",
    "models": "training:models_group",
    "evaluate": "evaluating:evaluate_command",
    "feedback": "feedback:feedback_group",
    "drift": "feedback:drift_command",
    "insights": "insights:insights_group",
    "keys": "keys:keys_group",
    "users": "users:users_group",
    "contacts": "contacts:contacts_group",
    "customer": "customers:customer_group",
    "hosts": "hosts:hosts_group",
    "webhooks": "webhooks:webhooks_group",
    "package": "packaging:package_group",
    "ledger": "audit:ledger_group",
    "audit": "audit:audit_group",
}


@click.group(
    cls=Commands, elsewhere=_ELSEWHERE, context_settings={"help_option_names": ["-h", "--help"]}
)
@click.version_option(__version__, prog_name="agent-assist")
@click.pass_context
def main(ctx: click.Context) -> None:
    """What a representative may say, and may give, while the customer waits."""
    ctx.color = None if wants_colour() else False  # None: click sees whether it is a terminal
