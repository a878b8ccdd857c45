"""`agent-assist keys`: make, list and revoke the keys of CRM systems."""

from datetime import datetime, timedelta

import click

from agent_assist.admit import Scope
from agent_assist.app.stores import now
from agent_assist.cli.output import json_option, say, show, stores
from agent_assist.store import migrate

_MOST_DAYS = 366


@click.group("keys")
def keys_group() -> None:
    """Make, list and revoke API keys."""


@keys_group.command("create")
@click.option("--name", required=True, help="Whose key it is, such as the CRM's name.")
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    required=True,
    type=click.Choice([scope.value for scope in Scope]),
    help="What it may be used for; give it once for each scope.",
)
@click.option(
    "--days",
    type=click.IntRange(1, _MOST_DAYS),
    default=_MOST_DAYS,
    show_default=True,
    help="How long it is valid.",
)
@json_option
def create(name: str, scopes: tuple[str, ...], days: int, *, as_json: bool) -> None:
    """Make a key. It is shown once and cannot be shown again."""
    if not name.strip() or len(name) > 200 or not name.isprintable():
        raise click.BadParameter("must be 1 to 200 visible characters", param_hint="--name")
    expires_at = now() + timedelta(days=days)
    with stores() as (_, opened):
        migrate.check_current(opened.engine)
        key = opened.keys.create(
            name.strip(), frozenset(Scope(scope) for scope in scopes), expires_at
        )
    if as_json:
        show(
            {
                "key": key,
                "name": name.strip(),
                "scopes": sorted(set(scopes)),
                "expires_at": expires_at.isoformat(),
            }
        )
        return
    click.echo(key)
    say(f"valid until {expires_at.date()}; keep it now, it will not be shown again")


@keys_group.command("list")
@json_option
def list_(*, as_json: bool) -> None:
    """List all keys, without their secrets."""
    with stores() as (_, opened):
        migrate.check_current(opened.engine)
        keys = opened.api_keys.all()
    rows = [
        {
            "id": key.id,
            "name": key.name,
            "scopes": list(key.scopes),
            "state": _state(key.revoked_at, key.expires_at),
            "expires_at": key.expires_at.isoformat() if key.expires_at else None,
        }
        for key in keys
    ]
    if as_json:
        show({"keys": rows})
        return
    for row in rows:
        click.echo("  ".join(str(row[column]) for column in ("id", "state", "name")))
    if not rows:
        say("there are no keys yet: agent-assist keys create --name CRM --scope suggest")


@keys_group.command("revoke")
@click.argument("key_id")
@json_option
def revoke(key_id: str, *, as_json: bool) -> None:
    """Revoke a key by its ID (see `keys list`), at once and for good."""
    with stores() as (_, opened):
        migrate.check_current(opened.engine)
        opened.api_keys.revoke(key_id, now())
    if as_json:
        show({"id": key_id, "state": "revoked"})
    else:
        say(f"{key_id} is revoked")


def _state(revoked_at: datetime | None, expires_at: datetime | None) -> str:
    if revoked_at is not None:
        return "revoked"
    return "expired" if expires_at is not None and expires_at <= now() else "valid"
