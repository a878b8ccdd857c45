"""`agent-assist customer`: what is held of a customer, and their erasure."""

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import click

from agent_assist.app.stores import Stores
from agent_assist.cli.opened import stores
from agent_assist.cli.output import json_option, say, show
from agent_assist.core.errors import FieldProblem, InvalidInput
from agent_assist.core.ids import same_form
from agent_assist.store import migrate
from agent_assist.store.database import StoreUnavailable

_WORDS = {
    "contacts": "contacts",
    "grants": "grants",
    "approvals": "approval requests",
    "suggestions": "suggestions",
    "decisions": "decisions",
    "people": "people who work here",
    "answers": "answers kept for retries",
}


@click.group("customer")
def customer_group() -> None:
    """Find, hand out and erase what is held of a customer."""


@customer_group.command("find")
@click.argument("customer_id", metavar="ID")
@json_option
def find(customer_id: str, *, as_json: bool) -> None:
    """Say how much is held of the customer with the CRM's ID."""
    with _opened() as opened:
        found = opened.customers.holding(same_form(customer_id))
    if as_json:
        show({"rows": dict(found.rows), "shared": found.shared})
        return
    _tell(found.rows)
    if found.shared:
        say(f"{found.shared} contacts or orders are named with others too: these ids would stay")


@customer_group.command("show")
@click.argument("customer_id", metavar="ID")
@click.option("--by", required=True, help="Who asks, for the audit.")
def show_(customer_id: str, by: str) -> None:
    """Print all that is held of the customer as one JSON object; the audit notes that it was."""
    customer = same_form(customer_id)
    with _opened() as opened:
        found = opened.customers.hand_out(customer, _actor(by))
    show({"customer": customer, "rows": found})


@customer_group.command("erase")
@click.argument("customer_id", metavar="ID")
@click.option("--by", required=True, help="Who decided it, for the audit.")
@click.option("--dry-run", is_flag=True, help="Say what would be changed, and change nothing.")
@click.option("--yes", is_flag=True, help="In a terminal: do not ask for the ID once more.")
@json_option
def erase(customer_id: str, by: str, *, dry_run: bool, yes: bool, as_json: bool) -> None:
    """Take out of everything what says who the customer was. It cannot be undone.

    Figures stay. On SQLite the database's file is written anew afterwards, so that nothing is
    left in its free parts: whoever writes meanwhile waits.
    """
    customer, actor = same_form(customer_id), _actor(by)
    with _opened() as opened:
        found = opened.customers.holding(customer)
        if dry_run or found.is_empty:
            if as_json:
                show({"erased": None, "rows": dict(found.rows), "shared": found.shared})
            else:
                _tell(found.rows)
            return
        if sys.stdin.isatty() and not yes and _typed() != customer:
            raise InvalidInput([FieldProblem("ID", "not_the_same", "is not the same")])
        erased = opened.customers.erase(customer, actor)
        wiped = _wipe(opened)
    if erased is None:
        say("nothing is held of them any more")
        return
    if as_json:
        told = {"at": erased.at.isoformat(), "alias": erased.alias, "rows": dict(erased.rows)}
        show({"erased": {**told, "wiped": wiped}})
        return
    _tell(erased.rows)
    say(f"erased; {erased.alias} stands for them in the figures")
    if not wiped:
        say("the database's file is in use: a server that runs wipes its free parts soon")


def _typed() -> str:
    return same_form(click.prompt("It cannot be undone. The ID once more", err=True))


def _wipe(opened: Stores) -> bool:
    try:
        opened.wiper.run()
    except StoreUnavailable:
        return False
    return True


def _actor(by: str) -> str:
    return f"cli:{by}"[:200]


def _tell(rows: Mapping[str, int]) -> None:
    for name, number in rows.items():
        if number:
            click.echo(f"{number:>8}  {_WORDS[name]}")
    if not any(rows.values()):
        say("nothing is held of them")


@contextmanager
def _opened() -> Iterator[Stores]:
    with stores() as (_, opened):
        migrate.check_current(opened.engine)
        yield opened
