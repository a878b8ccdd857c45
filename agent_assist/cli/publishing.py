"""`agent-assist library import` and `export`: library folders, and what is published."""

import getpass
from pathlib import Path

import click

from agent_assist.app.opening import open_publisher
from agent_assist.cli.libraries import folder
from agent_assist.cli.opened import stores
from agent_assist.cli.output import json_option, say, show
from agent_assist.core.difference import Changes
from agent_assist.library.folder import read_library
from agent_assist.store import migrate


@click.command("import")
@folder
@click.option("--note", default="", help="Why, for the record.")
@click.option("--replace", is_flag=True, help="Publish over versions the folder does not know.")
@click.option("--dry-run", is_flag=True, help="Only show what would change.")
@json_option
def import_(folder: Path, *, note: str, replace: bool, dry_run: bool, as_json: bool) -> None:
    """Publish FOLDER as the live library: all of it, or nothing."""
    with stores() as (settings, opened):
        migrate.check_current(opened.engine)
        publisher = open_publisher(settings, opened)
        if dry_run:
            changes = publisher.compare(read_library(folder))
            versions = opened.libraries.current()
        else:
            done = publisher.import_folder(folder, by=_person(), note=note, replace=replace)
            changes, versions = done.changes, done.after
    if as_json:
        show(
            {
                "versions": _numbers(versions),
                "published": not dry_run and bool(changes),
                "changes": [_changes_json(change) for change in changes],
            }
        )
        return
    for change in changes:
        click.echo(_changes_text(change))
    if not changes:
        say("nothing differs from the live library")
    elif dry_run:
        say("nothing was published (--dry-run)")
    else:
        say(
            f"live now: library {versions.library}, limits {versions.limits}, "
            f"budgets {versions.budgets}"
        )


@click.command("export")
@folder
@json_option
def export(folder: Path, *, as_json: bool) -> None:
    """Write the live library into FOLDER, which must be new or empty."""
    with stores() as (settings, opened):
        migrate.check_current(opened.engine)
        versions = open_publisher(settings, opened).export_folder(folder)
    if as_json:
        show({"folder": str(folder), "versions": _numbers(versions)})
    else:
        say(
            f"{folder}: library {versions.library}, limits {versions.limits}, "
            f"budgets {versions.budgets}"
        )


def _person() -> str:
    """Who runs the command, for the record."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "command line"


def _numbers(versions: object) -> dict[str, int]:
    return {kind: getattr(versions, kind) for kind in ("library", "limits", "budgets")}


def _changes_json(changes: Changes) -> dict[str, object]:
    return {
        "kind": changes.kind,
        "added": changes.added,
        "changed": changes.changed,
        "removed": changes.removed,
    }


def _changes_text(changes: Changes) -> str:
    parts = [
        f"{len(keys)} {what} ({', '.join(keys[:5])}{', …' if len(keys) > 5 else ''})"
        for what, keys in (
            ("added", changes.added),
            ("changed", changes.changed),
            ("removed", changes.removed),
        )
        if keys
    ]
    return f"{changes.kind}: " + "; ".join(parts)
