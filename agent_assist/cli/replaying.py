"""`agent-assist limits replay`."""

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from agent_assist.cli.opened import stores
from agent_assist.cli.output import json_option, say, show
from agent_assist.cli.tables import live_library, sheet_argument
from agent_assist.core.money import format_minor
from agent_assist.core.replay import Replayed
from agent_assist.library.budget_sheet import BUDGETS
from agent_assist.library.limit_sheet import LIMITS
from agent_assist.replay import HistoryReplayer, Period, Proposed
from agent_assist.web.drafts.replay_writers import write_replayed

_SHOWN = 10


@click.command("replay")
@sheet_argument
@click.option("--budgets", "budget_file", type=click.Path(path_type=Path), help="Other budgets.")
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), help="From this day on.")
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="Until before this day.")
@click.option("--report", type=click.Path(path_type=Path), help="Also write all of it, as JSON.")
@json_option
def replay(
    file: Path,
    budget_file: Path | None,
    since: datetime | None,
    until: datetime | None,
    report: Path | None,
    *,
    as_json: bool,
) -> None:
    """Decide the history again by the limit table in FILE: who would have got more, or less.

    What was granted, and every suggestion and decision that was logged, is decided twice: by
    what was in force then, and by FILE, from the facts and sums of that moment. Budgets are
    those of that moment unless --budgets names others. Nothing is changed.
    """
    with stores() as (_, opened):
        vocabulary = live_library(opened).vocabulary
        proposed = Proposed(
            vocabulary,
            LIMITS.read_file(file, vocabulary),
            BUDGETS.read_file(budget_file, vocabulary) if budget_file else None,
        )
        zone = ZoneInfo(vocabulary.time_zone)
        period = Period(
            since and since.replace(tzinfo=zone),
            until and until.replace(tzinfo=zone),
        )
        replayer = HistoryReplayer(opened.libraries, opened.history)
        found = replayer.replay(proposed, period, _progress)
    told = write_replayed(found, vocabulary.currency)
    if report is not None:
        report.write_text(json.dumps(told, ensure_ascii=False, indent=2), encoding="utf-8")
        say(f"report: {report}")
    if as_json:
        show(told)
    else:
        click.echo("\n".join(_lines(found, vocabulary.currency)))


def _progress(done: int, of: int) -> None:
    say(f"  {done:,} of {of:,}")


def _lines(found: Replayed, currency: str) -> Iterator[str]:
    total = found.total()

    def money(minor: int) -> str:
        return f"{format_minor(minor, currency)} {currency}"

    yield (
        f"{total.cases:,} cases: {total.more:,} more, {total.less:,} less, {total.same:,} the same"
    )
    yield f"approvals: {total.approvals_saved:,} saved, {total.approvals_added:,} added"
    yield (
        f"allowed now: {total.allowed:,}; refused now: {total.refused:,}; "
        f"resting on a fact nobody asked for: {total.opened:,}"
    )
    yield f"what may be given: {money(total.raised)} more, {money(total.lowered)} less"
    yield (
        f"of {total.grants:,} grants ({money(total.granted)}), {total.uncovered_grants:,} would "
        f"not have been covered, by {money(total.uncovered)}"
    )
    rows = sorted(found.by("responsible").items(), key=lambda one: one[1].same - one[1].cases)
    for key, tally in rows[:_SHOWN]:
        if tally.more or tally.less:
            kind_and_key = " ".join(str(part) for part in key)  # type: ignore[attr-defined]  # a Responsible
            yield f"  {kind_and_key}: {tally.more:,} more, {tally.less:,} less"
    for what, counted in (
        ("unknown fact", found.unknown),
        ("not summed up then, so not counted: budget", found.unreckoned),
        ("left out:", found.left_out),
    ):
        for name, number in sorted(counted.items()):
            yield f"{what} {name}: {number:,} cases"
