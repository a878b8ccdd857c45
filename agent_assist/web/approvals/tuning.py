"""GET /v1/insights/limits: which limits representatives ask beyond, and which to raise."""

from datetime import date, datetime
from typing import Annotated

from pydantic import Field
from typing_extensions import TypedDict

from agent_assist.admit import Scope
from agent_assist.core.approvals import ApprovalState
from agent_assist.core.tuning import Evidence, Raise, WhyNot
from agent_assist.core.vocabulary import Unit
from agent_assist.library.cells import format_ceiling
from agent_assist.tune import Behind, LeftOut, Tuned, Tuning
from agent_assist.web.exchange import Exchange
from agent_assist.web.operation import About
from agent_assist.web.operations import Operations
from agent_assist.web.option_shapes import Quantity
from agent_assist.web.scalars import CalendarDay, Id, Maybe, Query
from agent_assist.web.services import Services
from agent_assist.web.writers import write_probability, write_quantity

Number = Annotated[int, Field(ge=0)]
Share = Annotated[float, Field(ge=0, le=1)]


class TuningQuery(Query):
    """Which requests to look at."""

    since: Maybe[
        Annotated[CalendarDay, Field(description="First day; left out, 90 days before the last.")]
    ] = None
    until: Maybe[Annotated[CalendarDay, Field(description="Last day; left out, today.")]] = None
    team: Maybe[Annotated[Id, Field(description="Only this team's; left out, all.")]] = None


class Overturned(TypedDict):
    """How much of what was decided was approved; from `low` to `high` with 95 % confidence."""

    share: Share
    low: Share
    high: Share


class RaiseAdvised(TypedDict):
    """To raise the ceiling; `spared` of the approvals would not have been asked for."""

    to: Quantity
    spared: Number


class RequestBehind(TypedDict):
    """A request for more than a row gives; `contact` is null where it named none."""

    id: str
    at: datetime
    contact: str | None
    state: ApprovalState
    asked: Quantity


class CellSeen(TypedDict):
    """What became of requests for more than a row gives a level.

    Attributes:
        waited_seconds: the median, of those that somebody decided on.
        asked, given: sums; null where adding up makes no sense.
        raise: null where nothing is advised; `why_not` says why then.
    """

    row: str
    level: str
    remedy: str
    ceiling: Annotated[str, Field(description="As the limit table writes it.")]
    requests: Annotated[int, Field(ge=1)]
    states: Annotated[dict[str, int], Field(description="How many requests are in each state.")]
    cut: Annotated[int, Field(ge=0, description="Approved, but less than was asked for.")]
    taken_back: Annotated[int, Field(ge=0, description="Approved, and voided afterwards.")]
    overturned: Overturned | None
    waited_seconds: Number | None
    asked: Quantity | None
    given: Quantity | None
    advice: RaiseAdvised | None
    why_not: WhyNot | None
    newest: Annotated[list[RequestBehind], Field(description="The newest of them, at most 20.")]


class TuningReport(TypedDict):
    """Rows and levels, the most asked beyond first.

    `whole` is false if older requests were passed over; `left_out` counts requests that say nothing
    about a row of the live table, by why.
    """

    since: date
    until: date
    team: str | None
    whole: bool
    items: list[CellSeen]
    left_out: dict[str, int]


def register(api: Operations, services: Services) -> None:
    """Add the report on limits."""

    @api.get(
        "/v1/insights/limits",
        Scope.INSIGHTS,
        About("insights", "Which limits representatives ask beyond, and which to raise"),
        query=TuningQuery,
        answer=TuningReport,
    )
    def look_at_limits(query: TuningQuery, now: Exchange) -> TuningReport:
        """Tell for each row and level how often more was asked for, and what became of it.

        The requests of some days are decided again by the live table; what it gives
        today without asking is left out. A ceiling is advised where nearly all that was decided was
        approved. In a session of somebody who sees one team's work it is that team's.
        """
        return limits_told(query, now, services)


def limits_told(query: TuningQuery, now: Exchange, services: Services) -> TuningReport:
    """What is asked for; NotYourself of a team that whoever asks may not see."""
    terms = services.live.current().terms()
    team = now.caller.team_seen(query.team, Scope.INSIGHTS)
    found = services.tuner.look(terms, query.since, query.until, team)
    return _write(found, team, terms.vocabulary.currency)


def _write(found: Tuning, team: str | None, currency: str) -> TuningReport:
    return {
        "since": found.since,
        "until": found.until,
        "team": team,
        "whole": found.is_whole,
        "items": [_write_cell(one, currency) for one in found.cells],
        "left_out": {why.value: found.left_out[why] for why in LeftOut},
    }


def _write_cell(tuned: Tuned, currency: str) -> CellSeen:
    evidence, unit, advice = tuned.evidence, tuned.remedy.unit, tuned.advice
    adds_up = unit is not Unit.PERCENT
    return {
        "row": evidence.cell.row,
        "level": evidence.cell.level,
        "remedy": tuned.remedy.key,
        "ceiling": format_ceiling(tuned.ceiling, unit, currency),
        "requests": evidence.requests,
        "states": {state.value: evidence.states[state] for state in ApprovalState},
        "cut": evidence.cut,
        "taken_back": evidence.taken_back,
        "overturned": _write_share(evidence),
        "waited_seconds": None if evidence.waited is None else int(evidence.waited.total_seconds()),
        "asked": write_quantity(evidence.asked, unit, currency) if adds_up else None,
        "given": write_quantity(sum(evidence.given), unit, currency) if adds_up else None,
        "advice": {"to": write_quantity(advice.to, unit, currency), "spared": advice.spared}
        if isinstance(advice, Raise)
        else None,
        "why_not": advice if isinstance(advice, WhyNot) else None,
        "newest": [_write_behind(one, unit, currency) for one in tuned.newest],
    }


def _write_behind(behind: Behind, unit: Unit, currency: str) -> RequestBehind:
    approval = behind.approval
    return {
        "id": approval.id,
        "at": approval.at,
        "contact": approval.parties.contact,
        "state": behind.state,
        "asked": write_quantity(approval.amount, unit, currency),
    }


def _write_share(evidence: Evidence) -> Overturned | None:
    interval = evidence.overturned
    if interval is None:
        return None
    low, high = interval
    return {
        "share": write_probability(evidence.states[ApprovalState.APPROVED] / evidence.decided),
        "low": write_probability(low),
        "high": write_probability(high),
    }
