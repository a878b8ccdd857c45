"""`agent-assist train` and `agent-assist models`."""

import getpass
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import asdict
from itertools import chain
from pathlib import Path
from typing import Any

import click

from agent_assist.app.composition import Parts, composed
from agent_assist.app.stores import now
from agent_assist.cli.feedback import learnt, tell, weak_option
from agent_assist.cli.output import json_option, say, show, step
from agent_assist.learn import lines_of, remembered
from agent_assist.matching.finetuning import STEPS
from agent_assist.matching.model import ModelRecord
from agent_assist.models import NONE, Models
from agent_assist.settings import read_settings
from agent_assist.train import Outcome, Trainer, Wanted

NOT_ACTIVATED = 3
"""Exit code of a training that succeeded and was judged worse."""

_NONE_NAME = "none"


@click.command("train")
@click.option(
    "--data",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Labelled questions as JSON lines.",
)
@click.option(
    "--from-feedback",
    is_flag=True,
    help="Learn from feedback, beside what the active model has learned.",
)
@weak_option
@click.option("--seed", type=click.IntRange(0, 2**31), default=1, show_default=True)
@click.option(
    "--error-rate",
    type=click.FloatRange(0.001, 0.5),
    default=0.05,
    show_default=True,
    help="Share of answers that may be wrong; where more doubt is left, the answer abstains.",
)
@click.option(
    "--fine-tune", is_flag=True, help="Let the encoder itself learn, too: minutes instead of one."
)
@click.option(
    "--steps",
    type=click.IntRange(1, 10_000),
    default=STEPS,
    show_default=True,
    help="Of fine-tuning, at most: it stops when it learns no more.",
)
@json_option
def train_command(
    data: Path | None,
    seed: int,
    error_rate: float,
    *,
    from_feedback: bool,
    weak: bool,
    fine_tune: bool,
    steps: int,
    as_json: bool,
) -> None:
    """Learn from labelled questions, and serve what was learned if it is not worse.

    Each line of the data is {"text": …} or {"transcript": [{"from": "customer", "text": …}]} with
    "issue": KEY, or "policies": [IDS], or "issue": null where nothing in the library fits. One in
    ten, by a hash of its text, is held out to judge by. A model that is worse on those beyond
    noise, or that breaks an example of the library, is kept and not activated: exit code 3.
    """
    if data is None and not from_feedback:
        raise click.UsageError("say what to learn from: --data FILE, --from-feedback, or both")
    if weak and not from_feedback:
        raise click.UsageError("--weak goes with --from-feedback")
    settings = read_settings()
    with composed(settings) as parts, step("training") as progress, ExitStack() as files:
        given = files.enter_context(data.open("rb")) if data else ()
        lines = chain(given, _feedback_lines(parts, weak=weak) if from_feedback else ())
        trainer = Trainer(
            live=parts.live,
            models=parts.models,
            indexes=settings.indexes,
            source=settings.encoder,
            now=now,
            clock=time.perf_counter,
        )
        wanted = Wanted(
            seed=seed, error_rate=error_rate, steps=steps if fine_tune else 0, by=getpass.getuser()
        )
        outcome = trainer.train(lines, wanted, progress)
    if as_json:
        show(_json(outcome))
    else:
        _tell(outcome)
    if not outcome.is_active:
        sys.exit(NOT_ACTIVATED)


def _feedback_lines(parts: Parts, *, weak: bool) -> Iterator[bytes]:
    """What the active model has learned, and what feedback teaches, as JSON lines."""
    active, _ = parts.models.open_active()
    found = learnt(parts, weak=weak)
    tell(found)
    if active.learned is not None:
        yield from lines_of(remembered(active.learned.lessons, parts.live.current()))
    for one in found:
        yield from lines_of(one.cases)


def _json(outcome: Outcome) -> dict[str, Any]:
    return {
        **record_json(outcome.record),
        "activated": outcome.is_active,
        "golden_broken": list(outcome.broken),
    }


def record_json(record: ModelRecord) -> dict[str, Any]:
    """What is told of a model version, for machines."""
    return asdict(record) | {"trained_at": record.trained_at.isoformat()}


def _tell(outcome: Outcome) -> None:
    record, comparison = outcome.record, outcome.comparison
    left = {why: count for why, count in record.left_out.items() if count}
    more = f"; left out: {', '.join(f'{n} {why}' for why, n in left.items())}" if left else ""
    say(f"model {record.id}: {record.labelled:,} lessons, {record.unknown:,} unknown{more}")
    if comparison is None:
        say("no lesson was held out, so only the golden questions judged it")
    else:
        say(
            f"on {comparison.new.n} questions held out: right first {comparison.new.top1:.3f} "
            f"(active: {comparison.old.top1:.3f}), right in three {comparison.new.top3:.3f} "
            f"({comparison.old.top3:.3f}); {comparison.won} won, {comparison.lost} lost"
        )
        if comparison.is_worse:
            say(f"it is worse beyond noise (exact sign test: {comparison.chance:.3f})")
    for text in outcome.broken:
        say(f"it breaks a golden question: {text}")
    if outcome.is_active:
        say("it is active")
    else:
        say(f"it is kept and NOT active; `agent-assist models activate {record.id}` does it anyway")


@click.group("models")
def models_group() -> None:
    """List, show and activate model versions."""


@models_group.command("list")
@json_option
def list_(*, as_json: bool) -> None:
    """List the model versions of this host, newest first."""
    with composed(read_settings()) as parts:
        found, active = parts.models.records(), _active(parts.models)
    if as_json:
        show({"active": active or None, "models": [record_json(one) for one in found]})
        return
    for one in found:
        mark = "*" if one.id == active else " "
        top1 = one.judgement.get("new", {}).get("top1")
        click.echo(f"{mark} {one.id}  {one.trained_at:%Y-%m-%d %H:%M}  {one.labelled:,}  {top1}")
    if active == NONE:
        say("none is active: matching works from the library's own texts")


@models_group.command("show")
@click.argument("model_id")
@json_option
def show_(model_id: str, *, as_json: bool) -> None:
    """Show what is known of a model version, and check its files."""
    del as_json  # it always is
    with composed(read_settings()) as parts:
        record = parts.models.record(model_id)
        parts.models.open(model_id)
        show(record_json(record) | {"is_active": model_id == _active(parts.models)})


@models_group.command("activate")
@click.argument("model_id")
@json_option
def activate(model_id: str, *, as_json: bool) -> None:
    """Make a model version the active one, such as an older one to roll back; `none` for none.

    It is not judged again. Its index is made before, so that it is served at once.
    """
    wanted = NONE if model_id == _NONE_NAME else model_id
    with composed(read_settings()) as parts:
        parts.live.prepare(wanted)
        done = parts.models.activate(wanted, getpass.getuser())
    if as_json:
        show({"active": done.model or None, "at": done.at.isoformat()})
    else:
        say(f"active: {done.model or _NONE_NAME}")


def _active(models: Models) -> str:
    active = models.active()
    return active.model if active else NONE
