"""How commands speak: results to standard output, everything else to standard error."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict

import click

from agent_assist.core.errors import AgentAssistError, InvalidInput
from agent_assist.library.faults import Fault, LibraryFaulty
from agent_assist.matching.cases import CasesFaulty

FAILED = 1

json_option = click.option(
    "--json", "as_json", is_flag=True, help="Print one JSON object and nothing else."
)


def say(message: str) -> None:
    """One line of progress or explanation for a person."""
    click.echo(message, err=True)


def show(result: object) -> None:
    """A result as JSON."""
    click.echo(json.dumps(result, ensure_ascii=False, indent=2))


@contextmanager
def step(title: str) -> Iterator[Callable[[str], None]]:
    """A step of long work: its title, what is being done, and at the end how long it took.

    Gives a function to tell what is being done.
    """
    started = time.monotonic()
    say(f"{title} …")
    yield lambda doing: say(f"  {doing}")
    say(f"{title}: done in {time.monotonic() - started:.1f} s")


def report(error: AgentAssistError, *, as_json: bool) -> None:
    """Why the product refuses, with each fault and its place."""
    if as_json:
        show({"error": {"code": error.code, "message": str(error), **_details(error)}})
        return
    listed = isinstance(error, (InvalidInput, CasesFaulty))
    title = "this cannot be used:" if listed else str(error)
    say(click.style(f"agent-assist: {title}", fg="red"))
    if isinstance(error, LibraryFaulty):
        for fault in error.faults:
            say(f"  {fault}")
    if isinstance(error, InvalidInput):
        for problem in error.problems:
            say(f"  {problem.pointer}: {problem.detail}")

    if isinstance(error, CasesFaulty):
        for line in error.faults:
            say(f"  line {line.line}: {line.message}")
        if error.count > len(error.faults):
            say(f"  and {error.count - len(error.faults)} more")


def _details(error: AgentAssistError) -> dict[str, object]:
    if isinstance(error, LibraryFaulty):
        return {"faults": [fault_json(fault) for fault in error.faults]}
    if isinstance(error, CasesFaulty):
        return {"faults": [asdict(fault) for fault in error.faults], "count": error.count}
    return {}


def fault_json(fault: Fault) -> dict[str, object]:
    """A fault for machines."""
    place = fault.place
    return {
        "file": place.file,
        "line": place.line or None,
        "cell": place.cell or None,
        "key": place.key or None,
        "code": fault.code,
        "message": fault.message,
    }
