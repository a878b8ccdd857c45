"""What all commands share: they are imported when asked for, and say why they end."""

import sys
from collections.abc import Mapping
from importlib import import_module
from typing import Any

import click
import structlog

from agent_assist.cli.output import FAILED, report, say, show
from agent_assist.core.errors import AgentAssistError


class SystemRefused(AgentAssistError):
    """The system would not let a command read or write something."""

    code = "system_refused"


class LazyGroup(click.Group):
    """A group that imports a command when that is asked for: most need more than they share.

    `elsewhere` says of each such command where it is: a module of this package, and its name there.
    """

    def __init__(self, *args: Any, elsewhere: Mapping[str, str], **extra: Any) -> None:
        super().__init__(*args, **extra)
        self._elsewhere = elsewhere

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of all commands, those elsewhere too, sorted."""
        return sorted({*super().list_commands(ctx), *self._elsewhere})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name, imported if it is elsewhere; None if there is none."""
        if cmd_name in self._elsewhere:
            module, _, name = self._elsewhere[cmd_name].partition(":")
            found: click.Command = getattr(import_module(f"agent_assist.cli.{module}"), name)
            return found
        return super().get_command(ctx, cmd_name)


class Commands(LazyGroup):
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
            report(error, as_json=as_json)
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
            report(SystemRefused(why), as_json=as_json and bool(error.filename))
            sys.exit(FAILED)
