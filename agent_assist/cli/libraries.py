"""`agent-assist library`; to check a folder needs nothing that is set up."""

from datetime import UTC, datetime
from pathlib import Path

import click

from agent_assist.cli.commands import LazyGroup
from agent_assist.cli.output import FAILED, fault_json, json_option, say, show
from agent_assist.core.library import Library
from agent_assist.library.faults import Fault, LibraryFaulty
from agent_assist.library.folder import read_library
from agent_assist.library.quality import quality_faults

folder = click.argument("folder", type=click.Path(path_type=Path))


@click.group(
    "library",
    cls=LazyGroup,
    elsewhere={"import": "publishing:import_", "export": "publishing:export"},
)
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
