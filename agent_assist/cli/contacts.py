"""`agent-assist contacts import`: an organisation begins with its own past."""

import time
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Self

import click

from agent_assist.cli.opened import stores
from agent_assist.cli.output import FAILED, json_option, say, show
from agent_assist.core.errors import FieldProblem
from agent_assist.store import migrate
from agent_assist.web.contacts.past import LONGEST, read_csv, read_json_lines

_BY = "cli"
_EVERY = 5.0
"""Seconds from one line of progress to the next."""


@click.group("contacts")
def contacts_group() -> None:
    """Bring in contacts of the past."""


@contacts_group.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Only look for faults.")
@json_option
@click.pass_context
def import_(ctx: click.Context, file: Path, *, dry_run: bool, as_json: bool) -> None:
    """Bring in the contacts of FILE: JSON lines, or a sheet whose name ends in .csv.

    Every faulty line is told of, and all others are kept; exit code 1 says that there were some.
    Contacts are known by the CRM's id: the same file again changes nothing, and goes on where it
    was stopped. docs/history.md has the format.
    """
    faults: list[tuple[int, FieldProblem]] = []

    def fault(line: int, problem: FieldProblem) -> None:
        faults.append((line, problem))
        if not as_json:
            say(f"line {line}: {problem.pointer or 'it'} {problem.detail}")

    with stores() as (_, opened), _Progress(file) as progress:
        migrate.check_current(opened.engine)
        vocabulary = opened.libraries.load(opened.libraries.current()).vocabulary
        is_sheet = file.suffix.lower() == ".csv"
        lines = read_csv(progress.texts()) if is_sheet else read_json_lines(progress.lines())
        kept = opened.backfill.bring_in(lines, vocabulary, _BY, fault=fault, keeps=not dry_run)
        faulty = len({line for line, _ in faults})
        if not dry_run:
            opened.backfill.note(_BY, digest=progress.digest(), kept=kept, faulty=faulty)
    if as_json:
        counts = {"new": kept.new, "changed": kept.changed, "same": kept.same}
        told = [
            {"line": line, "pointer": one.pointer, "code": one.code, "detail": one.detail}
            for line, one in faults
        ]
        show({**counts, "outcomes": kept.endings, "faulty": faulty, "faults": told})
    else:
        say(
            f"{kept.new} new, {kept.changed} changed, {kept.same} as they were, "
            f"{kept.endings} outcomes; {faulty} faulty lines"
        )
    if faults:
        ctx.exit(FAILED)


class _Progress:
    """A file that is read once, and tells how far it is."""

    def __init__(self, file: Path) -> None:
        self._file = file.open("rb")
        self._size = max(1, file.stat().st_size)
        self._hash = sha256()
        self._read = 0
        self._told = self._begun = time.monotonic()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def lines(self) -> Iterator[bytes]:
        """Its lines; of one that is too long no more than shows that it is."""
        rest = False
        while line := self._file.readline(LONGEST + 2):
            self._note(line)
            if not rest:
                yield line
            rest = not line.endswith(b"\n") and len(line) > LONGEST

    def texts(self) -> Iterator[str]:
        """The same as text; bytes that are not UTF-8 become what no field takes."""
        for line in self.lines():
            yield line.decode("utf-8", "surrogateescape")

    def digest(self) -> str:
        """SHA-256 of all that was read."""
        return self._hash.hexdigest()

    def _note(self, line: bytes) -> None:
        self._hash.update(line)
        self._read += len(line)
        now = time.monotonic()
        if now - self._told >= _EVERY:
            self._told = now
            say(f"  {100 * self._read // self._size} % in {now - self._begun:.0f} s")
