"""`agent-assist library`: check, import and export library folders."""

import getpass
from datetime import UTC, datetime
from pathlib import Path

import click

from agent_assist.app.stores import open_publisher
from agent_assist.cli.output import FAILED, fault_json, json_option, say, show, stores
from agent_assist.core.difference import Changes
from agent_assist.core.library import Library
from agent_assist.library.faults import Fault, LibraryFaulty
from agent_assist.library.folder import read_library
from agent_assist.library.quality import quality_faults
from agent_assist.store import migrate

folder = click.argument("folder", type=click.Path(path_type=Path))


@click.group("library")
def library_group() -> None:
    """Check, import and export whole library folders."""


@library_group.command("check")
@folder
@click.option("--strict", is_flag=True, help="Also hold the texts to the quality rules.")
@json_option
@click.pass_context
def check(ctx: click.Context, folder: Path, *, strict: bool, as_json: bool) -> None:
    """List every fault of FOLDER, by file and line or cell."""
    library: Library | None = None
    faults: tuple[Fault, ...] = ()
    try:
        library = read_library(folder)
        faults = quality_faults(library, datetime.now(UTC).date()) if strict else ()
    except LibraryFaulty as faulty:
        faults = faulty.faults
    counts = _counts(library)
    if as_json:
        show({"ok": not faults, **counts, "faults": [fault_json(fault) for fault in faults]})
    else:
        for fault in faults:
            click.echo(str(fault))
        found = f"{len(faults)} fault{'' if len(faults) == 1 else 's'}"
        holds = ", ".join(f"{count} {kind.replace('_', ' ')}" for kind, count in counts.items())
        say(f"{folder}: {found}{'; ' + holds if holds else ''}")
    if faults:
        ctx.exit(FAILED)


@library_group.command("import")
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


@library_group.command("export")
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


def _counts(library: Library | None) -> dict[str, int]:
    if library is None:
        return {}
    return {
        "policies": len(library.policies),
        "issues": len(library.vocabulary.issues),
        "facts": len(library.vocabulary.facts),
        "remedies": len(library.vocabulary.remedies),
        "limit_rows": len(library.limits),
        "budgets": len(library.budgets),
    }


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
