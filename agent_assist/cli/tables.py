"""`agent-assist limits` and `agent-assist budgets`: single sheets, as CSV, XLSX or JSON."""

from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import click

from agent_assist.app.stores import Stores, now
from agent_assist.cli.commands import LazyGroup
from agent_assist.cli.opened import stores
from agent_assist.cli.output import FAILED, fault_json, json_option, say, show
from agent_assist.core.budgets import Budget
from agent_assist.core.errors import NotReady, SetupRefused
from agent_assist.core.library import Library
from agent_assist.core.limits import LimitRow
from agent_assist.core.review import Finding, Severity, review_table
from agent_assist.core.review.words import Words
from agent_assist.core.vocabulary import Vocabulary
from agent_assist.library.budget_sheet import BUDGETS
from agent_assist.library.faults import SheetFaulty
from agent_assist.library.limit_sheet import LIMITS
from agent_assist.library.quality import sayable_faults
from agent_assist.library.sheet_kind import SheetKind
from agent_assist.library.sheets import FORMATS
from agent_assist.store import migrate
from agent_assist.store.ledger.records import write_facts

T = TypeVar("T", LimitRow, Budget)

sheet_argument = click.argument("file", type=click.Path(path_type=Path))
_version = click.option("--version", "number", type=click.IntRange(1), help="Not the live version.")


@click.group(
    "limits",
    cls=LazyGroup,
    elsewhere={"import": "importing:import_limits", "replay": "replaying:replay"},
)
def limits_group() -> None:
    """Check, import, export, review and replay limit tables; a file's ending tells its format."""


@click.group("budgets", cls=LazyGroup, elsewhere={"import": "importing:import_budgets"})
def budgets_group() -> None:
    """Check, import and export budgets; a file's ending tells its format."""


@limits_group.command("check")
@sheet_argument
@json_option
def check_limits(file: Path, *, as_json: bool) -> None:
    """List every fault of the limit table in FILE, by cell; exit code 1 if there is one."""
    _check(LIMITS, file, as_json=as_json)


@budgets_group.command("check")
@sheet_argument
@json_option
def check_budgets(file: Path, *, as_json: bool) -> None:
    """List every fault of the budgets in FILE, by cell; exit code 1 if there is one."""
    _check(BUDGETS, file, as_json=as_json)


@limits_group.command("export")
@sheet_argument
@_version
@json_option
def export_limits(file: Path, number: int | None, *, as_json: bool) -> None:
    """Write the live limit table into FILE, which must be new."""
    with stores() as (_, opened):
        versions = opened.libraries.current()
        library = live_library(opened, limits=number)
    _export(LIMITS, file, library.limits, library, number or versions.limits, as_json=as_json)


@budgets_group.command("export")
@sheet_argument
@_version
@json_option
def export_budgets(file: Path, number: int | None, *, as_json: bool) -> None:
    """Write the live budgets into FILE, which must be new."""
    with stores() as (_, opened):
        versions = opened.libraries.current()
        library = live_library(opened, budgets=number)
    _export(BUDGETS, file, library.budgets, library, number or versions.budgets, as_json=as_json)


@limits_group.command("review")
@sheet_argument
@json_option
def review(file: Path, *, as_json: bool) -> None:
    """What there is to say about the limit table in FILE; exit code 1 if an error is in it.

    Each finding has a case that shows it and, where a row would settle it, that row. Budgets are
    the live ones.
    """
    with stores() as (_, opened):
        library = live_library(opened)
    vocabulary = library.vocabulary
    findings = review_table(
        LIMITS.read_file(file, vocabulary),
        vocabulary,
        library.budgets,
        say_faults=sayable_faults,
        day=vocabulary.day(now()),
    )
    if as_json:
        show({"findings": [_finding_json(one, vocabulary) for one in findings]})
    else:
        for one in findings:
            click.echo("\n".join(_finding_lines(one, vocabulary)))
        say(f"{file}: {len(findings)} findings")
    if any(one.severity is Severity.ERROR for one in findings):
        raise SystemExit(FAILED)


def live_library(
    opened: Stores, *, limits: int | None = None, budgets: int | None = None
) -> Library:
    """The live library, with another version of limits or budgets where one is asked for.

    Raises:
        NotReady: there is no library yet.
        NotFound: there is no such version.
    """
    migrate.check_current(opened.engine)
    versions = opened.libraries.current()
    if not versions.library:
        raise NotReady("there is no library yet: run `agent-assist library import DIR`")
    versions = replace(
        versions, limits=limits or versions.limits, budgets=budgets or versions.budgets
    )
    return opened.libraries.load(versions).library()


def _check(kind: SheetKind[T], file: Path, *, as_json: bool) -> None:
    with stores() as (_, opened):
        vocabulary = live_library(opened).vocabulary
    rows: tuple[T, ...] = ()
    found: SheetFaulty | None = None
    try:
        rows = kind.read_file(file, vocabulary)
    except SheetFaulty as faulty:
        found = faulty
    faults = found.faults if found else ()
    if as_json:
        listed = [fault_json(fault) for fault in faults]
        show({"ok": not faults, "rows": len(rows), "faults": listed})
    else:
        for fault in faults:
            click.echo(str(fault))
        holds = f"; {len(rows)} rows" if not faults else ""
        say(f"{file}: {len(faults)} fault{'' if len(faults) == 1 else 's'}{holds}")
    if faults:
        raise SystemExit(FAILED)


def _export(
    kind: SheetKind[T],
    file: Path,
    rows: tuple[T, ...],
    library: Library,
    version: int,
    *,
    as_json: bool,
) -> None:
    if file.suffix.lower() not in FORMATS:
        raise SetupRefused(f"{file}: the name must end in {', '.join(FORMATS)}")
    content = kind.file(file.name, rows, library.vocabulary)
    try:
        with file.open("xb") as out:
            out.write(content)
    except FileExistsError:
        raise SetupRefused(f"{file}: is there already; name another or remove it") from None
    except OSError as error:
        raise SetupRefused(f"{file}: cannot be written ({error.strerror})") from error
    if as_json:
        show({"file": str(file), "version": version, "rows": len(rows)})
    else:
        say(f"{file}: {kind.stem} version {version}, {len(rows)} rows")


def _finding_json(finding: Finding, vocabulary: Vocabulary) -> dict[str, object]:
    case, proposal = finding.case, finding.proposal
    return {
        "severity": finding.severity,
        "code": finding.code,
        "rows": finding.rows,
        "message": finding.message,
        "case": case
        and {
            "issue": case.issue,
            "remedy": case.remedy,
            "facts": write_facts(case.facts),
            "day": case.day and case.day.isoformat(),
        },
        "proposal": proposal and _proposal(proposal, vocabulary),
    }


def _finding_lines(finding: Finding, vocabulary: Vocabulary) -> list[str]:
    lines = [f"{finding.severity}: {finding.message} [{finding.code}]"]
    if finding.case:
        lines.append(f"  for example: {Words(vocabulary).case(finding.case)}")
    if finding.proposal:
        cells = _proposal(finding.proposal, vocabulary).items()
        lines.append("  this row settles it: " + " · ".join(f"{k} {v}" for k, v in cells))
    return lines


def _proposal(row: LimitRow, vocabulary: Vocabulary) -> dict[str, str]:
    header, (cells,) = LIMITS.sheet([row], vocabulary)
    return {column: cell for column, cell in zip(header, cells, strict=True) if cell}
