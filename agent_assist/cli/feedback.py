"""`agent-assist feedback` and `agent-assist drift`."""

from collections.abc import Iterator
from pathlib import Path

import click
from pydantic import TypeAdapter

from agent_assist.app.composition import Parts, composed
from agent_assist.cli.output import json_option, say, show
from agent_assist.drift import Drift
from agent_assist.learn import Learnt, learn_feedback, learn_outcomes, lines_of
from agent_assist.matching.artefacts import CannotWrite
from agent_assist.settings import read_settings
from agent_assist.web.library.drift import WEEKS, DriftReport, write_drift

_REPORT = TypeAdapter(DriftReport)

weak_option = click.option(
    "--weak",
    is_flag=True,
    help="Also from contacts that were resolved by one policy that was suggested; such labels "
    "mostly confirm what the model believed.",
)


@click.group("feedback")
def feedback_group() -> None:
    """Look at what feedback teaches."""


@feedback_group.command("export")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@weak_option
@json_option
def export(file: Path, *, weak: bool, as_json: bool) -> None:
    """Write to FILE what feedback teaches, as the JSON lines that `train --data` reads.

    The texts are as they are kept: masked.
    """
    with composed(read_settings()) as parts:
        found = learnt(parts, weak=weak)
    cases = [case for one in found for case in one.cases]
    try:
        file.write_bytes(b"".join(lines_of(cases)))
    except OSError as error:
        raise CannotWrite(f"{file} cannot be written: {error.strerror}") from error
    if as_json:
        show(counts(found))
    else:
        tell(found)
        say(f"written: {file}")


@click.command("drift")
@click.option("--weeks", type=click.IntRange(1, 52), default=WEEKS, show_default=True)
@json_option
def drift_command(weeks: int, *, as_json: bool) -> None:
    """Tell by week and model whether matching still fits what customers say."""
    with composed(read_settings()) as parts:
        found = parts.drift.report(parts.live.current(), weeks)
    if as_json:
        show(_REPORT.dump_python(write_drift(found), mode="json"))
    else:
        click.echo("\n".join(_lines(found)))


def learnt(parts: Parts, *, weak: bool) -> list[Learnt]:
    """What feedback teaches; then, if wanted, what outcomes do."""
    snapshot, store = parts.live.current(), parts.stores.appraised
    found = [learn_feedback(store, snapshot)]
    return [*found, learn_outcomes(store, snapshot)] if weak else found


def counts(found: list[Learnt]) -> dict[str, int]:
    """How much there is to learn, and how much of it cannot be, for machines."""
    return {
        "explicit": len(found[0].cases),
        "weak": sum(len(one.cases) for one in found[1:]),
        "wrong": sum(one.wrong for one in found),
        "textless": sum(one.textless for one in found),
        "gone": sum(one.gone for one in found),
    }


def tell(found: list[Learnt]) -> None:
    """The same for a person."""
    told = counts(found)
    say(
        f"feedback: {told['explicit']:,} cases, {told['weak']:,} weak ones; nothing from "
        f"{told['wrong']:,} that say no more than wrong, {told['textless']:,} whose text is not "
        f"kept, {told['gone']:,} about policies that are gone"
    )


def _lines(found: Drift) -> Iterator[str]:
    if not found.weeks:
        yield "no suggestion was logged in that time"
    for week in found.weeks:
        low, high = week.interval
        abstained = week.abstained / week.suggestions
        sure = "-" if week.probability is None else f"{week.probability:.2f}"
        words = f"{week.unknown / week.words:.1%}" if week.words else "-"
        yield (
            f"{week.monday}  {week.model}  {week.suggestions:,} suggestions"
            f"{' (few)' if week.is_few else ''}  abstained {abstained:.1%} "
            f"({low:.1%} to {high:.1%})  median probability {sure}  unknown words {words}"
        )
    if not found.is_whole:
        yield "older suggestions were left out: there are too many"
