"""`agent-assist audit` and `agent-assist ledger`: the records checked, entry by entry."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

import click
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from agent_assist import chain
from agent_assist.app.opening import open_attester
from agent_assist.chain import Bad, Verification
from agent_assist.cli.opened import stores
from agent_assist.cli.output import FAILED, json_option, say, show
from agent_assist.store import migrate


@click.group("audit")
def audit_group() -> None:
    """Check the record of every act, and sign where it stands."""


@audit_group.command("verify")
@click.option(
    "--checkpoints",
    "file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Checkpoints that were kept elsewhere; those of this host if left out.",
)
@click.option(
    "--public-key",
    "key",
    metavar="HEX",
    help="The key they were signed with, as `audit key` printed it; this host's if left out.",
)
@json_option
def verify(file: Path | None, key: str | None, *, as_json: bool) -> None:
    """Follow the chain of the audit past its checkpoints; exit code 1 if anything is amiss.

    Whoever owns this host could sign anew: checkpoints and key that were kept elsewhere show it.
    """
    given = None if key is None else _public_key(key)
    with stores() as (settings, opened):
        migrate.check_current(opened.engine)
        known = given or _public_key(open_attester(settings, opened).public_key)
        with _lines(file or settings.checkpoints) as lines:
            found = opened.audit.verify(lines, known)
    if as_json:
        show(
            {
                "entries": found.entries,
                "newest": found.newest,
                "checkpoints": found.checkpoints,
                "witnessed": found.witnessed,
                "broken": _bad_json("entry", found.bad_entry),
                "bad_checkpoint": _bad_json("checkpoint", found.bad_checkpoint),
            }
        )
    else:
        _tell(found)
    if not found.is_sound:
        sys.exit(FAILED)


@audit_group.command("checkpoint")
@json_option
def checkpoint(*, as_json: bool) -> None:
    """Sign where the audit stands, now. The service does so by itself while it runs."""
    with stores() as (settings, opened):
        migrate.check_current(opened.engine)
        newest = open_attester(settings, opened).attest()
    if as_json:
        show({"checkpoint": None if newest is None else asdict(newest)})
    elif newest is None:
        say("there is nothing in the audit yet")
    else:
        click.echo(newest.line)
        say(f"checkpoint {newest.number} vouches for {newest.seq} entries: {settings.checkpoints}")


@audit_group.command("key")
@json_option
def key_(*, as_json: bool) -> None:
    """Print the public key of the checkpoints; keep it where this host cannot change it."""
    with stores() as (settings, opened):
        key = open_attester(settings, opened).public_key
    if as_json:
        show({"public_key": key})
    else:
        click.echo(key)


@audit_group.command("export")
@json_option
def export(*, as_json: bool) -> None:
    """Print the whole chain as JSON lines, to be checked elsewhere with a copy of `chain.py`."""
    del as_json  # it always is
    with stores() as (_, opened):
        migrate.check_current(opened.engine)
        with opened.audit.entries() as entries:
            for entry in entries:
                click.echo(chain.canonical(asdict(entry)))


def _public_key(text: str) -> Ed25519PublicKey:
    try:
        return chain.public_key(text)
    except ValueError:
        detail = "must be the 64 hexadecimal digits that `agent-assist audit key` prints"
        raise click.BadParameter(detail, param_hint="--public-key") from None


@contextmanager
def _lines(file: Path) -> Iterator[Iterator[str]]:
    """The lines of a file of checkpoints; none of one that is not there yet."""
    if not file.exists():
        yield iter(())
        return
    with file.open(encoding="utf-8", errors="replace", newline="\n") as lines:
        yield lines


def _tell(found: Verification) -> None:
    for what, bad in (("checkpoint", found.bad_checkpoint), ("entry", found.bad_entry)):
        if bad is not None:
            place = f"{what} {bad.first}" + (f" to {bad.last}" if bad.last > bad.first else "")
            say(f"{place}: {bad.reason}")
    if found.bad_entry is not None:
        say(f"{found.entries} entries before it are sound")
    else:
        say(f"{found.entries} entries are as they were written; the newest is {found.newest}")
    say(
        f"{found.checkpoints} checkpoints vouch for the first {found.witnessed}; only a checkpoint "
        "can show that later ones were cut off or written anew"
    )


def _bad_json(what: str, bad: Bad | None) -> dict[str, object] | None:
    return None if bad is None else {what: bad.first, "last": bad.last, "reason": bad.reason}


@click.group("ledger")
def ledger_group() -> None:
    """Check the ledger of grants, mend its subtotals, and release what its checks froze."""


@ledger_group.command("check")
@json_option
def check(*, as_json: bool) -> None:
    """Make every decision again and add up every budget anew; exit code 1 on any difference."""
    with stores() as (_, opened):
        migrate.check_current(opened.engine)
        report = opened.ledger_check.run(
            lambda done, of: None if done % 10_000 else say(f"  {done:,} of {of:,} grants")
        )
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


@ledger_group.command("recount")
@json_option
def recount(*, as_json: bool) -> None:
    """Add the subtotals of teams and the organisation up anew, where a check says they differ.

    The release of a budget does so too. Nothing can be granted meanwhile.
    """
    with stores() as (_, opened):
        migrate.check_current(opened.engine)
        opened.recount.run("cli")
    if as_json:
        show({"recounted": True})
        return
    say("all subtotals are what their grants add up to")


@ledger_group.command("release")
@click.argument("budget")
@click.option("--reason", required=True, help="Why it may give again; the audit keeps it.")
@json_option
def release(budget: str, reason: str, *, as_json: bool) -> None:
    """Let a BUDGET give again that was frozen because the ledger differs from the audit.

    What was found is listed. It freezes the budget no more; anything else that differs does.
    All subtotals are added up anew from the grants.
    """
    if not reason.strip():
        raise click.BadParameter("must say why", param_hint="--reason")
    with stores() as (_, opened):
        migrate.check_current(opened.engine)
        findings = [
            said for one in opened.freezes.frozen() if one.budget == budget for said in one.findings
        ]
        opened.freezes.release(budget, "cli", reason.strip())
    if as_json:
        show({"budget": budget, "findings": findings})
        return
    for said in findings:
        click.echo(said)
    say(f"{budget} gives again")
