"""`agent-assist keys`: make, list and revoke the keys of CRM systems."""

from datetime import timedelta

import click

from agent_assist.admit import Scope
from agent_assist.app.stores import now
from agent_assist.cli.opened import stores
from agent_assist.cli.output import json_option, say, show
from agent_assist.store import migrate

_BY = "cli"
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
@click.option(
    "--network",
    "networks",
    multiple=True,
    help="From where it may be used, such as 192.0.2.0/24; give it once for each. All if left out.",
)
@click.option(
    "--per-minute",
    type=click.IntRange(1, 100_000),
    help="How often it may be used; no cap if left out.",
)
@json_option
def create(
    name: str,
    scopes: tuple[str, ...],
    days: int,
    networks: tuple[str, ...],
    per_minute: int | None,
    *,
    as_json: bool,
) -> None:
    """Make a key. It is shown once and cannot be shown again."""
    if not name.strip() or len(name) > 200 or not name.isprintable():
        raise click.BadParameter("must be 1 to 200 visible characters", param_hint="--name")
    expires_at = now() + timedelta(days=days)
    with stores() as (_, opened):
        migrate.check_current(opened.engine)
        made, key = opened.keys.make(
            name.strip(),
            frozenset(Scope(scope) for scope in scopes),
            expires_at,
            by=_BY,
            networks=networks,
            per_minute=per_minute,
        )
    if as_json:
        show(
            {
                "key": key,
                "id": made.id,
                "name": made.name,
                "scopes": list(made.scopes),
                "expires_at": expires_at.isoformat(),
                "networks": list(made.networks),
                "per_minute": made.per_minute,
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
            "state": opened.keys.state(key),
            "expires_at": key.expires_at.isoformat() if key.expires_at else None,
            "networks": list(key.networks),
            "per_minute": key.per_minute,
            "made_by": key.made_by or None,
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
        opened.keys.revoke(key_id, _BY)
    if as_json:
        show({"id": key_id, "state": "revoked"})
    else:
        say(f"{key_id} is revoked")
