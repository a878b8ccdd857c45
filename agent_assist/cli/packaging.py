"""`agent-assist package`: what is installed in a CRM, so that it shows the panel."""

import io
import json
import re
import zipfile
from collections.abc import Mapping
from pathlib import Path

import click

from agent_assist import __version__
from agent_assist.cli.logo import png
from agent_assist.cli.output import json_option, say, show
from agent_assist.core.errors import FieldProblem, InvalidInput
from agent_assist.settings import read_settings
from agent_assist.settings.values import read_origin

_NAME = "agent-assist-zendesk.zip"
_NO_TIME = (1980, 1, 1, 0, 0, 0)
_READABLE = 0o644 << 16
_UNIX = 3
_HOST = re.compile(r"[a-z][a-z0-9-]{0,62}", re.ASCII)


@click.group("package")
def package_group() -> None:
    """Make what is installed in a CRM."""


@package_group.command("zendesk")
@click.option(
    "--out",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    required=True,
    help="The folder that the archive is written to.",
)
@click.option("--host", default="zendesk", show_default=True, help="The ID of `hosts add`.")
@click.option("--origin", help="Where Agent Assist is reached; AGENT_ASSIST_ORIGIN if left out.")
@click.option("--contact", required=True, help="The e-mail address of whoever runs it.")
@json_option
def zendesk(folder: Path, host: str, origin: str | None, contact: str, *, as_json: bool) -> None:
    """Make the app for Zendesk's ticket sidebar: the same bytes for the same options.

    Install it as a private app; then `hosts add` it with the app's public key and the
    installation's URL.
    """
    where = read_settings().origin if origin is None else origin
    content = archive(files(_address(where, host), _contact(contact)))
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / _NAME
    path.write_bytes(content)
    if as_json:
        show({"file": str(path), "bytes": len(content)})
        return
    say(f"{path}: upload it in the Admin Centre under Apps, as a private app; then")
    say(
        f"  agent-assist hosts add {host} --kind zendesk --origin https://YOU.zendesk.com "
        "--public-key FILE --audience https://YOU.zendesk.com/api/v2/apps/installations/ID.json"
    )


def files(address: str, contact: str) -> Mapping[str, bytes]:
    """The files of the app, by their names; `address` is where Zendesk posts its token."""
    sidebar = {"url": address, "flexible": True, "autoLoad": True}
    manifest = {
        "name": "Agent Assist",
        "author": {"name": "Agent Assist", "email": contact},
        "version": __version__,
        "frameworkVersion": "2.0",
        "defaultLocale": "en",
        "private": True,
        "signedUrls": True,
        "location": {"support": {"ticket_sidebar": sidebar}},
    }
    told = {
        "app": {
            "name": "Agent Assist",
            "short_description": "What you may say and give, while the customer waits.",
            "long_description": "Beside the ticket: the policy that fits what the customer says, "
            "the reason to give for it, and what you may give now without asking.",
            "installation_instructions": "After installing, tell Agent Assist the app's public "
            "key and the installation's URL: agent-assist hosts add --help.",
        }
    }
    return {
        "assets/logo-small.png": png(128),
        "assets/logo.png": png(320),
        "manifest.json": _json(manifest),
        "translations/en.json": _json(told),
    }


def archive(content: Mapping[str, bytes]) -> bytes:
    """A ZIP archive of files that depends on nothing but them: no times, no compression."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_STORED) as target:
        for name in sorted(content):
            about = zipfile.ZipInfo(name, _NO_TIME)
            about.external_attr, about.create_system = _READABLE, _UNIX
            target.writestr(about, content[name])
    return written.getvalue()


def _address(origin: str | None, host: str) -> str:
    problems = []
    try:
        origin = read_origin(origin or "")
    except ValueError as error:
        problems.append(FieldProblem("origin", "wrong_form", str(error)))
    if not _HOST.fullmatch(host):
        detail = "must be small letters, digits and dashes, at most 63"
        problems.append(FieldProblem("host", "wrong_form", detail))
    if problems:
        raise InvalidInput(problems)
    return f"{origin}/panel/launch?host={host}"


def _contact(text: str) -> str:
    if not re.fullmatch(r"[^@\s]{1,64}@[^@\s]{1,190}", text) or not text.isprintable():
        detail = "must be an e-mail address"
        raise InvalidInput([FieldProblem("contact", "wrong_form", detail)])
    return text


def _json(document: object) -> bytes:
    return (json.dumps(document, indent=2) + "\n").encode()
