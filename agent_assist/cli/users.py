"""`agent-assist users`: the people whose level is the server's word."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import click

from agent_assist.admit.invitations import MOST_DAYS
from agent_assist.app.opening import open_roster
from agent_assist.cli.opened import stores
from agent_assist.cli.output import json_option, say, show
from agent_assist.core.people import Delegation, Person
from agent_assist.enrol import Roster
from agent_assist.store import migrate

_BY = "cli"
_PAGE = 500
_DAY = click.DateTime(["%Y-%m-%d"])


@click.group("users")
def users_group() -> None:
    """Add, list, change and deactivate representatives and those who approve."""


@users_group.command("add")
@click.argument("person_id", metavar="ID")
@click.option("--name", required=True, help="As colleagues know them.")
@click.option("--level", required=True, help="A level of the library, such as supervisor.")
@click.option("--team", required=True, help="The CRM's id of their team.")
@click.option("--customer", help="Their own id as a customer: nobody gives to themselves.")
@click.option("--admin", is_flag=True, help="They look after people and systems.")
@json_option
def add(
    person_id: str,
    name: str,
    level: str,
    team: str,
    customer: str | None,
    *,
    admin: bool,
    as_json: bool,
) -> None:
    """Add a person under the CRM's ID."""
    person = Person(person_id, name.strip(), level, team, customer, admin=admin)
    with _roster() as roster:
        roster.add(person, _BY)
    _tell(person, as_json=as_json)


@users_group.command("set")
@click.argument("person_id", metavar="ID")
@click.option("--name", help="As colleagues know them.")
@click.option("--level", help="A level of the library.")
@click.option("--team", help="The CRM's id of their team.")
@click.option("--customer", help="Their own id as a customer.")
@click.option("--active", is_flag=True, default=None, help="Take somebody back who had left.")
@click.option(
    "--admin/--no-admin", default=None, help="Whether they look after people and systems."
)
@json_option
def set_(
    person_id: str,
    name: str | None,
    level: str | None,
    team: str | None,
    customer: str | None,
    *,
    active: bool | None,
    admin: bool | None,
    as_json: bool,
) -> None:
    """Change a person; what is not given stays. It counts from the next request on."""
    with _roster() as roster:
        person = roster.change(
            person_id,
            _BY,
            name=name,
            level=level,
            team=team,
            customer=customer,
            active=active,
            admin=admin,
        )
    _tell(person, as_json=as_json)


@users_group.command("deactivate")
@click.argument("person_id", metavar="ID")
@json_option
def deactivate(person_id: str, *, as_json: bool) -> None:
    """Let a person give and approve nothing from the next request on. Nobody is ever deleted."""
    with _roster() as roster:
        person = roster.change(person_id, _BY, active=False)
    _tell(person, as_json=as_json)


@users_group.command("password")
@click.argument("person_id", metavar="ID")
@json_option
def password(person_id: str, *, as_json: bool) -> None:
    """Give a person a password to sign in with; their open panels end.

    It is asked for twice, or read as one line from standard input, and never an argument: others
    on this computer can read these.
    """
    if sys.stdin.isatty():
        given = click.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)
    else:
        given = sys.stdin.readline().rstrip("\r\n")
    with stores() as (_, opened):
        migrate.check_current(opened.engine)
        opened.sign_ins.set_password(person_id, given, _BY)
    if as_json:
        show({"id": person_id})
    else:
        say(f"{person_id} can sign in at /login now")


@users_group.command("invite")
@click.argument("person_id", metavar="ID")
@click.option(
    "--days", type=click.IntRange(1, MOST_DAYS), default=3, show_default=True, help="How long."
)
@json_option
def invite(person_id: str, days: int, *, as_json: bool) -> None:
    """Make a link by which a person chooses a password, once. It is shown this once."""
    with stores() as (settings, opened):
        migrate.check_current(opened.engine)
        secret, until = opened.invitations.invite(person_id, timedelta(days=days), _BY)
    url = f"{settings.origin or f'http://{settings.address}'}/invitation#{secret}"
    if as_json:
        show({"id": person_id, "url": url, "expires_at": until.isoformat()})
        return
    click.echo(url)
    say(f"hand it to {person_id} alone; good until {until:%Y-%m-%d %H:%M} UTC")


@users_group.command("sign-out")
@click.argument("person_id", metavar="ID")
@json_option
def sign_out(person_id: str, *, as_json: bool) -> None:
    """End all sessions of a person, and every browser they signed in in, at once."""
    with stores() as (_, opened):
        migrate.check_current(opened.engine)
        ended = opened.sessions.end_all(person_id, _BY)
    if as_json:
        show({"id": person_id, "ended": ended})
    else:
        say(f"{ended} sessions of {person_id} ended")


@users_group.command("reset-second-factor")
@click.argument("person_id", metavar="ID")
@json_option
def reset_second_factor(person_id: str, *, as_json: bool) -> None:
    """Forget a person's second factor, for they have lost it; all that is open to them ends.

    Until they have set it up anew, their password is enough.
    """
    with stores() as (_, opened):
        migrate.check_current(opened.engine)
        reset = opened.second_factors.reset(person_id, _BY)
    if as_json:
        show({"id": person_id, "reset": reset})
    elif reset:
        say(f"{person_id} has no second factor any more, and was signed out everywhere")
    else:
        say(f"{person_id} had no second factor")


@users_group.command("list")
@json_option
def list_(*, as_json: bool) -> None:
    """List everybody, with who stands in for whom today."""
    with _roster() as roster:
        people = list(_everybody(roster))
        substitutes = roster.substitutes()
    if as_json:
        show({"users": [{**_json(one), "substitute": substitutes.get(one.id)} for one in people]})
        return
    for one in people:
        state = ("  administrator" if one.admin else "") + ("" if one.active else "  deactivated")
        click.echo(f"{one.id}  {one.level}  {one.team}  {one.name}{state}")
    if not people:
        say("nobody yet: agent-assist users add ID --name NAME --level LEVEL --team TEAM")


@users_group.command("delegate")
@click.argument("person_id", metavar="ID")
@click.argument("substitute_id", metavar="SUBSTITUTE")
@click.option("--from", "first", type=_DAY, required=True, help="First day, such as 2026-12-24.")
@click.option("--to", "last", type=_DAY, required=True, help="Last day, included.")
@json_option
def delegate(
    person_id: str, substitute_id: str, first: datetime, last: datetime, *, as_json: bool
) -> None:
    """Let SUBSTITUTE get the requests of an absent person, within their own authority."""
    delegation = Delegation(person_id, substitute_id, first.date(), last.date())
    with _roster() as roster:
        roster.delegate(delegation, _BY)
    if as_json:
        show(
            {
                "id": person_id,
                "substitute": substitute_id,
                "from": delegation.first.isoformat(),
                "to": delegation.last.isoformat(),
            }
        )
    else:
        say(
            f"{substitute_id} stands in for {person_id} from {delegation.first} to "
            f"{delegation.last}"
        )


@users_group.command("undelegate")
@click.argument("person_id", metavar="ID")
@json_option
def undelegate(person_id: str, *, as_json: bool) -> None:
    """End every delegation of a person who is back."""
    with _roster() as roster:
        ended = roster.end_delegations(person_id, _BY)
    if as_json:
        show({"id": person_id, "ended": ended})
    else:
        say(f"{ended} delegations of {person_id} ended")


@contextmanager
def _roster() -> Iterator[Roster]:
    with stores() as (_, opened):
        migrate.check_current(opened.engine)
        yield open_roster(opened)


def _everybody(roster: Roster) -> Iterator[Person]:
    after = None
    while page := roster.page(limit=_PAGE, after=after):
        yield from page
        after = page[-1].id


def _json(person: Person) -> dict[str, object]:
    return {
        "id": person.id,
        "name": person.name,
        "level": person.level,
        "team": person.team,
        "customer": person.customer,
        "active": person.active,
        "admin": person.admin,
    }


def _tell(person: Person, *, as_json: bool) -> None:
    if as_json:
        show(_json(person))
    else:
        state = "active" if person.active else "deactivated"
        flag = ", administrator" if person.admin else ""
        say(f"{person.id} is {person.level} in {person.team}{flag}, {state}")
