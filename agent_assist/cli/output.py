"""How commands speak: results to standard output, everything else to standard error."""

import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any

import click
import structlog

from agent_assist.app.database import bare_app
from agent_assist.app.stores import Stores, open_stores
from agent_assist.core.errors import AgentAssistError, InvalidInput
from agent_assist.library.faults import Fault, LibraryFaulty
from agent_assist.matching.cases import CasesFaulty
from agent_assist.settings import Settings, read_settings

FAILED = 1

json_option = click.option(
    "--json", "as_json", is_flag=True, help="Print one JSON object and nothing else."
)


class SystemRefused(AgentAssistError):
    """The system would not let a command read or write something."""

    code = "system_refused"


class Commands(click.Group):
    """A group whose commands end with a message and exit code 1 when the product refuses."""

    def main(self, *args: Any, **extra: Any) -> Any:
        """Run the command line, unless nobody would get what it says."""
        if sys.stdout is None:
            # Python and click pass over what is written to nowhere; and whatever file is opened
            # next would take the number of the output, and with it what a library prints.
            say("agent-assist: the output is closed; send it to a file, a pipe or /dev/null")
            sys.exit(FAILED)
        return super().main(*args, **extra)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; see the class."""
        as_json = "--json" in ctx.args  # before they are given away
        # What is logged must not stand between a result and the machine that reads it.
        structlog.configure(logger_factory=lambda *_: structlog.PrintLogger(sys.stderr))
        try:
            return super().invoke(ctx)
        except AgentAssistError as error:
            _report(error, as_json=as_json)
            sys.exit(FAILED)
        except click.UsageError as error:
            if not as_json:
                raise
            show({"error": {"code": "usage", "message": error.format_message()}})
            sys.exit(error.exit_code)
        except BrokenPipeError:
            raise  # whoever read the output has seen enough; click ends quietly
        except OSError as error:
            where = error.filename or "the output"
            why = f"{where}: {error.strerror}; see its permissions and the free space"
            # What cannot be written to cannot be told so either.
            _report(SystemRefused(why), as_json=as_json and bool(error.filename))
            sys.exit(FAILED)


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


@contextmanager
def stores() -> Iterator[tuple[Settings, Stores]]:
    """The settings and stores, inside an application context."""
    settings = read_settings()
    with bare_app(settings).app_context():
        yield settings, open_stores(settings)


def _report(error: AgentAssistError, *, as_json: bool) -> None:
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
