"""GET /v1/insights/grants and /v1/insights/approvals: what was given, and what was asked for."""

from datetime import date
from typing import Annotated

from pydantic import Field
from typing_extensions import TypedDict

from agent_assist.admit import Scope
from agent_assist.core.measures import ApprovalsBy, GrantsBy, Wanted
from agent_assist.measure_grants import (
    ApprovalMeasures,
    ApprovalReport,
    GrantMeasures,
    GrantReport,
)
from agent_assist.web.exchange import Exchange
from agent_assist.web.insights.measures import DaysQuery, Number, RateSeen, read_wanted, write_rate
from agent_assist.web.operation import About
from agent_assist.web.operations import Operations
from agent_assist.web.option_shapes import Money
from agent_assist.web.services import Services
from agent_assist.web.writers import write_money


class GrantsQuery(DaysQuery):
    """Which grants to measure, and what to tell them apart by."""

    by: GrantsBy = GrantsBy.WEEK


class ApprovalsQuery(DaysQuery):
    """Which requests to measure, and what to tell them apart by; a level is that of who asked."""

    by: ApprovalsBy = ApprovalsBy.WEEK


class GivenSeen(TypedDict):
    """The measures of some grants; docs/measures.md defines each."""

    reserved: Number
    given: Annotated[
        RateSeen, Field(description="Captured, and not wholly taken back; of reserved.")
    ]
    taken_back: Annotated[RateSeen, Field(description="Voided, in part or whole; of reserved.")]
    spend: Annotated[list[Money], Field(description="What is left of those given, by currency.")]
    others: Annotated[int, Field(ge=0, description="Given remedies that are no money.")]


class GivenItem(GivenSeen):
    """The measures of one kind; `key` is null where grants name none."""

    key: str | None


class AskedSeen(TypedDict):
    """The measures of some requests; docs/measures.md defines each."""

    requests: Number
    states: Annotated[dict[str, int], Field(description="How many requests are in each state.")]
    approved: Annotated[RateSeen, Field(description="Of those that somebody decided.")]
    cut: Annotated[RateSeen, Field(description="With less than was asked for; of approved.")]
    taken_back: Annotated[RateSeen, Field(description="Voided, in part or whole; of approved.")]
    waited_seconds: Annotated[
        int | None,
        Field(description="Half were decided within so many, rounded up to the end of a stretch."),
    ]
    waited_long_seconds: Annotated[int | None, Field(description="The same of nine of ten.")]


class AskedItem(AskedSeen):
    """The measures of one kind; `key` is null where requests name none."""

    key: str | None


class _Days(TypedDict):
    since: date
    until: date
    team: str | None
    issue: str | None
    pending: Annotated[
        int, Field(ge=0, description="Days that have changed and are not counted again yet.")
    ]
    whole: Annotated[bool, Field(description="False if some items were left out.")]


class GrantsReport(_Days):
    """Grants, on the day when they were reserved."""

    by: GrantsBy
    total: GivenSeen
    items: list[GivenItem]


class ApprovalsReport(_Days):
    """Requests for approvals, on the day when they were made."""

    by: ApprovalsBy
    total: AskedSeen
    items: list[AskedItem]


def register(api: Operations, services: Services) -> None:
    """Add the measures of grants and requests."""

    @api.get(
        "/v1/insights/grants",
        Scope.INSIGHTS,
        About("insights", "Measure grants and what they come to"),
        query=GrantsQuery,
        answer=GrantsReport,
    )
    def measure_grants(query: GrantsQuery, now: Exchange) -> GrantsReport:
        """Tell how many grants were given and taken back, and what was spent, in each currency.

        In a session of somebody who sees one team's work it is that team's.
        """
        return grants_told(query, now, services)

    @api.get(
        "/v1/insights/approvals",
        Scope.INSIGHTS,
        About("insights", "Measure requests for approvals and what became of them"),
        query=ApprovalsQuery,
        answer=ApprovalsReport,
    )
    def measure_approvals(query: ApprovalsQuery, now: Exchange) -> ApprovalsReport:
        """Tell how many requests were approved, cut and taken back, and after how long.

        In a session of somebody who sees one team's work it is that team's.
        """
        return approvals_told(query, now, services)


def grants_told(query: GrantsQuery, now: Exchange, services: Services) -> GrantsReport:
    """What is asked for, of what whoever asks may see; raises as `read_wanted`."""
    basis = services.live.current().basis()
    wanted = read_wanted(query, now, services, basis)
    found = services.grant_measurer.grants(basis, wanted, query.by)
    return {
        **_write_days(wanted, found),
        "by": query.by,
        "total": _write_given(found.total),
        "items": [{"key": one.key, **_write_given(one)} for one in found.items],
    }


def approvals_told(query: ApprovalsQuery, now: Exchange, services: Services) -> ApprovalsReport:
    """What is asked for, of what whoever asks may see; raises as `read_wanted`."""
    basis = services.live.current().basis()
    wanted = read_wanted(query, now, services, basis)
    found = services.grant_measurer.approvals(basis, wanted, query.by)
    return {
        **_write_days(wanted, found),
        "by": query.by,
        "total": _write_asked(found.total),
        "items": [{"key": one.key, **_write_asked(one)} for one in found.items],
    }


def _write_days(wanted: Wanted, found: GrantReport | ApprovalReport) -> _Days:
    return {
        "since": wanted.since,
        "until": wanted.until,
        "team": wanted.team,
        "issue": wanted.issue,
        "pending": found.pending,
        "whole": found.is_whole,
    }


def _write_given(found: GrantMeasures) -> GivenSeen:
    return {
        "reserved": found.reserved,
        "given": write_rate(found.given),
        "taken_back": write_rate(found.taken_back),
        "spend": [write_money(money) for money in found.spend],
        "others": found.others,
    }


def _write_asked(found: ApprovalMeasures) -> AskedSeen:
    return {
        "requests": found.requests,
        "states": {state.value: number for state, number in found.states.items()},
        "approved": write_rate(found.approved),
        "cut": write_rate(found.cut),
        "taken_back": write_rate(found.taken_back),
        "waited_seconds": found.waited,
        "waited_long_seconds": found.waited_long,
    }
