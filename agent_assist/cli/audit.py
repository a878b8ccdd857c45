"""`agent-assist audit` and `agent-assist ledger`: the records checked, entry by entry."""

import sys

import click

from agent_assist.cli.output import FAILED, json_option, say, show, stores
from agent_assist.store import migrate


@click.group("audit")
def audit_group() -> None:
    """Check the record of every act."""


@audit_group.command("verify")
@json_option
def verify(*, as_json: bool) -> None:
    """Follow the chain of the audit from its first entry; exit code 1 if it is broken.

    Keep the newest hash somewhere else: a chain cannot show that its end was cut off.
    """
    with stores() as (_, opened):
        migrate.check_current(opened.engine)
        found = opened.audit.verify()
    bad = found.bad
    if as_json:
        broken = None if bad is None else {"entry": bad.seq, "reason": bad.reason}
        show({"entries": found.entries, "newest": found.newest, "bad": broken})
    elif bad is None:
        say(f"{found.entries} entries are as they were written; the newest is {found.newest}")
    else:
        say(f"entry {bad.seq}: {bad.reason}; {found.entries} entries before it are sound")
    if bad is not None:
        sys.exit(FAILED)


@click.group("ledger")
def ledger_group() -> None:
    """Check the ledger of grants."""


@ledger_group.command("check")
@json_option
def check(*, as_json: bool) -> None:
    """Make every decision again and add up every budget anew; exit code 1 on any difference."""
    with stores() as (_, opened):
        migrate.check_current(opened.engine)
        report = opened.ledger_check.run()
    if as_json:
        differences = [{"subject": one.subject, "what": one.what} for one in report.differences]
        show({"grants": report.grants, "sums": report.sums, "differences": differences})
    else:
        for one in report.differences:
            click.echo(f"{one.subject}: {one.what}")
        number = len(report.differences)
        say(f"{report.grants} grants and {report.sums} sums checked, {number} differences")
    if report.differences:
        sys.exit(FAILED)
