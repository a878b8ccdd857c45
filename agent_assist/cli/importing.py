"""`agent-assist limits import` and `budgets import`: a sheet becomes a draft."""

import secrets
from pathlib import Path

import click

from agent_assist.app.opening import open_drafter, open_reviewing
from agent_assist.cli.opened import stores
from agent_assist.cli.output import FAILED, fault_json, json_option, say, show
from agent_assist.cli.tables import sheet_argument
from agent_assist.core.draft_rows import TableKind
from agent_assist.core.drafts import Draft
from agent_assist.library.files import hidden_character
from agent_assist.library.sheet_kind import sheet_at
from agent_assist.review import SheetRead
from agent_assist.store import migrate
from agent_assist.store.once import Once

_LONGEST = 1_000


def _import_command(kind: TableKind) -> click.Command:
    """The command that makes a draft of a sheet of limits or budgets."""

    @click.command("import")
    @sheet_argument
    @click.option("--by", metavar="ID", help="Who imports it: a person of `agent-assist users`.")
    @click.option(
        "--purpose", default="", help="What for, in a sentence; the file's name if left out."
    )
    @click.option("--dry-run", is_flag=True, help="Only show what would change.")
    @json_option
    def import_(file: Path, by: str | None, purpose: str, *, dry_run: bool, as_json: bool) -> None:
        if by is None and not dry_run:
            raise click.UsageError("Missing option '--by': a draft is somebody's.")
        with stores() as (_, opened):
            migrate.check_current(opened.engine)
            reviewing = open_reviewing(opened)
            read = reviewing.sheet(kind, *sheet_at(file))
            draft = None
            if by is not None and not dry_run and read.difference.changes:
                # A command is never sent twice: each run is a request of its own.
                once = Once("cli", f"{kind} import", secrets.token_urlsafe(16), "")
                drafter, why = open_drafter(opened, reviewing), _purpose(purpose, file)
                made = drafter.begin_with(read, owner=by, purpose=why, once=once, answer=_id_of)
                draft = made.body.decode()
        if as_json:
            show(_told(read, draft))
        else:
            _tell(read, draft, file)
        if read.faults:
            raise SystemExit(FAILED)

    import_.help = f"""Make a draft of the {kind} in FILE: CSV, XLSX or JSON by its ending.

    It begins from the newest version and holds the rows of FILE, no others. What differs is shown
    in words. Nothing takes effect by it: drafts are submitted, approved by a second person where
    somebody may be given more, and published over the API.

    Faults are listed by cell; with one the exit code is 1, and the draft is made all the same, to
    be mended there. A file that is no sheet, or whose keys are not unique, makes none.
    """
    return import_


import_limits = _import_command(TableKind.LIMITS)
import_budgets = _import_command(TableKind.BUDGETS)


def _purpose(stated: str, file: Path) -> str:
    if hidden_character(stated) or len(stated) > _LONGEST:
        detail = f"must be at most {_LONGEST:,} visible characters"
        raise click.BadParameter(detail, param_hint="--purpose")
    # A name on disk may hold anything.
    named = f"import of {file.name}"
    return stated.strip() or ("import of a sheet" if hidden_character(named) else named)


def _id_of(draft: Draft) -> bytes:
    return draft.id.encode()


def _told(read: SheetRead, draft: str | None) -> dict[str, object]:
    difference = read.difference
    return {
        "table": read.kind,
        "draft": draft,
        "base": difference.base,
        "rows": len(read.rows),
        "tightens": difference.tightens,
        "faults": [fault_json(fault) for fault in read.faults],
        "changes": [
            {"row": one.row, "kind": one.kind, "sentences": one.sentences}
            for one in difference.changes
        ],
    }


def _tell(read: SheetRead, draft: str | None, file: Path) -> None:
    for fault in read.faults:
        say(str(fault))
    for change in read.difference.changes:
        click.echo("\n".join(change.sentences))
    number, base = len(read.difference.changes), read.difference.base
    if not number:
        say(f"{file}: nothing differs from version {base} of the {read.kind}, so no draft is made")
        return
    rows = f"{number} row{'' if number == 1 else 's'} differ{'s' if number == 1 else ''}"
    say(f"{file}: {rows} from version {base} of the {read.kind}")
    if draft is None:
        say("no draft was made (--dry-run)")
    elif read.faults:
        say(f"draft {draft}: mend its faults, then submit it")
    elif read.difference.tightens:
        say(f"draft {draft}: it gives nobody more, so it may be published at once")
    else:
        say(f"draft {draft}: submit it, and a second person approves it")
