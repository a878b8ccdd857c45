"""`agent-assist insights`: what the work teaches, for those who change products and processes."""

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import click
from pydantic import TypeAdapter

from agent_assist.app.composition import composed
from agent_assist.cli.output import json_option, say, show
from agent_assist.core.measures import By, Wanted
from agent_assist.core.money import Money
from agent_assist.core.stakes import Stakes, a_year
from agent_assist.matching.artefacts import CannotWrite
from agent_assist.settings import read_settings
from agent_assist.web.insights.brief import render
from agent_assist.web.insights.measures import MeasuresReport, check_days, write_measures
from agent_assist.web.insights.stake_shapes import StakesReport
from agent_assist.web.insights.stake_writers import write_brief, write_look, write_stake
from agent_assist.weigh import Asked, Look

_REPORT = TypeAdapter(StakesReport)
_MEASURES = TypeAdapter(MeasuresReport)
_SHOWN = 15

_day = click.DateTime(["%Y-%m-%d"])
_since = click.option("--since", type=_day, help="First day; left out, 90 days before the last.")
_until = click.option("--until", type=_day, help="Last day; left out, today.")
_team = click.option("--team", help="Only this team's contacts.")


@click.group("insights")
def insights_group() -> None:
    """Tell what the work teaches."""


@insights_group.command("stakes")
@_since
@_until
@_team
@json_option
def stakes(
    since: datetime | None, until: datetime | None, team: str | None, *, as_json: bool
) -> None:
    """Tell what money each issue and cause puts at risk, the most first."""
    with composed(read_settings()) as parts:
        basis = parts.live.current().basis()
        look, found = parts.weigher.look(basis, _asked(since, until, team))
    if not as_json:
        click.echo("\n".join(_lines(look, found, basis.vocabulary.currency)))
        _tell_pending(look.pending)
        return
    days, currency = look.days, basis.vocabulary.currency
    report: StakesReport = {
        **write_look(look, basis.vocabulary),
        "total": write_stake(found.total, days, currency),
        "items": [write_stake(one, days, currency) for one in found.items],
    }
    show(_REPORT.dump_python(report, mode="json"))


@insights_group.command("measures")
@click.option("--by", type=click.Choice([one.value for one in By]), default=By.WEEK.value)
@_since
@_until
@_team
@json_option
def measures(
    by: str, since: datetime | None, until: datetime | None, team: str | None, *, as_json: bool
) -> None:
    """Tell what became of contacts, by whatever they can be told apart by."""
    with composed(read_settings()) as parts:
        basis, measurer = parts.live.current().basis(), parts.stores.measurer
        days = measurer.days(basis.vocabulary, _date(since), _date(until))
        check_days(*days)
        found = measurer.look(basis, Wanted(*days, team), By(by))
    if as_json:
        show(_MEASURES.dump_python(write_measures(found), mode="json"))
        return
    for one in found.items:
        rate = one.resolved_at_once
        few = "  (few)" if rate.is_few else ""
        key = one.key if one.version is None else f"{one.key}, version {one.version}"
        click.echo(
            f"{key or 'none'}: {one.contacts:,} contacts, {rate.count:,} of {rate.of:,} resolved "
            f"at once, {one.repeated.count:,} repeated, {one.escalated.count:,} escalated, "
            f"{one.transferred.count:,} transferred{few}"
        )
    _tell_pending(found.pending)


@insights_group.command("brief")
@click.argument("issue")
@_since
@_until
@_team
@click.option(
    "--out", required=True, type=click.Path(dir_okay=False, path_type=Path), help="Where to write."
)
@json_option
def brief(
    issue: str,
    since: datetime | None,
    until: datetime | None,
    team: str | None,
    out: Path,
    *,
    as_json: bool,
) -> None:
    """Write what there is to say of ISSUE as a page that needs nothing else and prints.

    It quotes customers, masked: keep it as you keep what they said.
    """
    with composed(read_settings()) as parts:
        basis = parts.live.current().basis()
        found = parts.weigher.brief(basis, issue, _asked(since, until, team))
    try:
        out.write_text(render(write_brief(found, basis.vocabulary)), encoding="utf-8")
    except OSError as error:
        raise CannotWrite(f"{out} cannot be written: {error.strerror}") from error
    if as_json:
        show({"written": str(out)})
    else:
        say(f"written: {out}")


def _asked(since: datetime | None, until: datetime | None, team: str | None) -> Asked:
    return Asked(_date(since), _date(until), team)


def _date(day: datetime | None) -> date | None:
    return None if day is None else day.date()


def _lines(look: Look, found: Stakes, currency: str) -> Iterator[str]:
    yield f"{look.since} to {look.until}, money at risk a year in {currency}"
    for one in found.items[:_SHOWN]:
        money = a_year(one.at_risk, look.days)
        low, likely, high = (
            str(Money(minor, currency)) for minor in (money.low, money.likely, money.high)
        )
        few = "  (few)" if one.tally.is_few else ""
        yield (
            f"{likely:>14}  ({low} to {high})  {one.issue}, {one.cause or 'cause not known'}: "
            f"{one.tally.contacts:,} contacts, {one.tally.lost:,} of {one.tally.ended:,} "
            f"not resolved at once{few}"
        )
    if not found.items:
        yield "no contact of these days names an issue"


def _tell_pending(days: int) -> None:
    if days:
        click.echo(f"{days} days have changed and are not counted again yet: ask again soon")
