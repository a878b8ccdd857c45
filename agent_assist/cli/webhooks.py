"""`agent-assist webhooks`: where events go, and whether they arrive."""

import click

from agent_assist.cli.opened import stores
from agent_assist.cli.output import json_option, say, show
from agent_assist.store import migrate
from agent_assist.subscribe import Subscribed


@click.group("webhooks")
def webhooks_group() -> None:
    """List where events are sent; webhooks are made in the console, or by `POST /v1/webhooks`."""


@webhooks_group.command("list")
@json_option
def list_(*, as_json: bool) -> None:
    """List all webhooks, without their secrets, and how many deliveries wait and have failed."""
    with stores() as (_, opened):
        migrate.check_current(opened.engine)
        found = opened.subscriber.all()
    if as_json:
        show({"webhooks": [_json(one) for one in found]})
        return
    for one in found:
        line = f"{one.line.waiting} waiting, {one.line.failed} failed"
        click.echo(f"{one.endpoint.id}  {one.endpoint.url}  {one.endpoint.state}  {line}")
    if not found:
        say("no webhooks yet: make one in the console, under Systems")


def _json(one: Subscribed) -> dict[str, object]:
    endpoint = one.endpoint
    since = endpoint.failing_since
    return {
        "id": endpoint.id,
        "url": endpoint.url,
        "types": list(endpoint.types),
        "description": endpoint.description,
        "state": endpoint.state,
        "failing_since": since.isoformat() if since else None,
        "waiting": one.line.waiting,
        "failed": one.line.failed,
    }
