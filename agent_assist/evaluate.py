"""Evaluate: how well the live library matches labelled questions."""

import time
from collections.abc import Callable, Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from agent_assist.live import LiveLibrary, Snapshot
from agent_assist.matching.cases import Case, read_cases
from agent_assist.matching.evaluation import Evaluation, evaluate, run
from agent_assist.matching.report import write_report

_EVERY = 250


def labelled_cases(lines: Iterable[bytes], snapshot: Snapshot) -> tuple[Case, ...]:
    """The cases of JSON lines, checked against the live library; CasesFaulty names every line."""
    vocabulary = snapshot.vocabulary
    return read_cases(lines, issues=vocabulary.issues, policies=snapshot.policies)


def evaluate_live(
    live: LiveLibrary, cases: tuple[Case, ...], progress: Callable[[str], None]
) -> Evaluation:
    """Ask every case, one at a time, and measure."""
    snapshot = live.current()
    covers = {key: held.policy.issues for key, held in snapshot.policies.items()}
    trials = []
    for trial in run(snapshot.index, snapshot.encoder, cases, clock=time.perf_counter):
        trials.append(trial)
        if len(trials) % _EVERY == 0:
            progress(f"{len(trials)} of {len(cases)} questions")
    return evaluate(trials, covers)


def figures(evaluation: Evaluation) -> dict[str, Any]:
    """The measures as JSON, rounded to what they can mean."""
    measures = asdict(evaluation.measures)
    return {key: _rounded(value) for key, value in measures.items()}


def report(evaluation: Evaluation, folder: Path) -> Path:
    """Write the page with plots and tables; gives its path."""
    return write_report(folder, evaluation)


def _rounded(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _rounded(one) for key, one in value.items()}
    return round(value, 4) if isinstance(value, float) else value
