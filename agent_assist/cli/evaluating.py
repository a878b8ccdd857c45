"""`agent-assist evaluate`."""

from pathlib import Path

import click

from agent_assist.app.composition import composed
from agent_assist.cli.output import json_option, say, show
from agent_assist.evaluate import evaluate_live, figures, labelled_cases, report
from agent_assist.settings import read_settings


@click.command("evaluate")
@click.option(
    "--data",
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Labelled questions as JSON lines.",
)
@click.option(
    "--report",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    help="Also write a page with plots and tables into this folder.",
)
@json_option
def evaluate_command(data: Path, folder: Path | None, *, as_json: bool) -> None:
    """Measure how well the live library matches labelled questions.

    Each line of the data is {"text": …} or {"transcript": [{"from": "customer", "text": …}]} with
    "issue": KEY, or "policies": [IDS] of which several may be right, or "issue": null where
    nothing in the library fits. Prints one JSON object.
    """
    del as_json  # it always is
    with composed(read_settings()) as parts:
        with data.open("rb") as lines:
            cases = labelled_cases(lines, parts.live.current())
        evaluation = evaluate_live(parts.live, cases, lambda doing: say(f"  {doing}"))
    if folder is not None:
        say(f"report: {report(evaluation, folder)}")
    show(figures(evaluation))
