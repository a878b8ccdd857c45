"""`agent-assist hosts`: the pages that may embed the panel."""

from pathlib import Path

import click

from agent_assist.cli.opened import stores
from agent_assist.cli.output import json_option, say, show
from agent_assist.store import migrate
from agent_assist.store.hosts import Host, HostKind

_BY = "cli"


@click.group("hosts")
def hosts_group() -> None:
    """Add, list and remove the pages that may embed the panel."""


@hosts_group.command("add")
@click.argument("host_id", metavar="ID")
@click.option(
    "--kind",
    type=click.Choice([kind.value for kind in HostKind]),
    required=True,
    help="Which messages it speaks.",
)
@click.option(
    "--origin",
    "origins",
    multiple=True,
    required=True,
    help="Where it is, such as https://crm.example.com; give it once for each.",
)
@click.option(
    "--public-key",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Zendesk: the file of the app's public key, in PEM.",
)
@click.option("--audience", default="", help="Zendesk: the installation's URL, as in `aud`.")
@json_option
def add(
    host_id: str,
    kind: str,
    origins: tuple[str, ...],
    public_key: Path | None,
    audience: str,
    *,
    as_json: bool,
) -> None:
    """Let a page embed the panel as /panel?host=ID.

    A generic page gets a secret to sign launch tokens with. It is shown once.
    """
    pem = "" if public_key is None else public_key.read_text("utf-8", "replace").strip()
    with stores() as (_, opened):
        migrate.check_current(opened.engine)
        host, secret = opened.hosts.add(
            host_id, HostKind(kind), origins, _BY, public_key=pem, audience=audience
        )
    if as_json:
        show({**_json(host), "secret": secret})
        return
    say(f"{host.id} may embed /panel?host={host.id}")
    if secret is not None:
        click.echo(secret)
        say("the secret that it signs with; keep it now, it will not be shown again")


@hosts_group.command("list")
@json_option
def list_(*, as_json: bool) -> None:
    """List all pages, without their secrets."""
    with stores() as (_, opened):
        migrate.check_current(opened.engine)
        hosts = opened.hosts.all()
    if as_json:
        show({"hosts": [_json(host) for host in hosts]})
        return
    for host in hosts:
        click.echo(f"{host.id}  {host.kind}  {' '.join(host.origins)}")
    if not hosts:
        say("no page may embed the panel yet: agent-assist hosts add ID --kind KIND --origin URL")


@hosts_group.command("remove")
@click.argument("host_id", metavar="ID")
@json_option
def remove(host_id: str, *, as_json: bool) -> None:
    """Let a page embed the panel no more; what is open in it ends at once."""
    with stores() as (_, opened):
        migrate.check_current(opened.engine)
        opened.hosts.remove(host_id, _BY)
    if as_json:
        show({"id": host_id, "state": "removed"})
    else:
        say(f"{host_id} is removed")


def _json(host: Host) -> dict[str, object]:
    return {
        "id": host.id,
        "kind": host.kind,
        "origins": list(host.origins),
        "audience": host.audience or None,
    }
