"""GET /v1/insights/policies: how policies are used, and what is said of them."""

from datetime import datetime, timedelta
from typing import Annotated

from pydantic import BeforeValidator, Field
from typing_extensions import TypedDict

from agent_assist.admit import Scope
from agent_assist.store.policy_use import PolicyUse, UseReport
from agent_assist.web.exchange import Exchange
from agent_assist.web.operation import About
from agent_assist.web.operations import Operations
from agent_assist.web.scalars import Query, digits
from agent_assist.web.services import Services

DAYS = 90

Count = Annotated[int, Field(ge=0)]


class PolicyUseQuery(Query):
    """How far to look back."""

    days: Annotated[
        int,
        Field(ge=1, le=365, description="How many days, until now."),
        BeforeValidator(digits),
    ] = DAYS


class PolicyUsed(TypedDict):
    """How one policy was used."""

    policy: str
    shown: Annotated[Count, Field(description="Suggestions whose sure main match it was.")]
    said: Annotated[Count, Field(description="Contacts whose outcome names it as explained.")]
    resolved: Annotated[Count, Field(description="How many of these ended resolved.")]
    right: Annotated[Count, Field(description="Feedback that it was right.")]
    wrong: Annotated[Count, Field(description="Feedback that it was wrong.")]
    missed: Annotated[Count, Field(description="Feedback that it should have been this one.")]


class PolicyUseReport(TypedDict):
    """Policies that were used since an instant. `whole` is false if older entries are left out."""

    since: datetime
    whole: bool
    items: list[PolicyUsed]


def register(api: Operations, services: Services) -> None:
    """Add the report on the use of policies."""

    @api.get(
        "/v1/insights/policies",
        Scope.READ,
        About("library", "How policies are used"),
        query=PolicyUseQuery,
        answer=PolicyUseReport,
    )
    def report_policy_use(query: PolicyUseQuery, _now: Exchange) -> PolicyUseReport:
        """How often each policy was shown, said and judged within a window that ends now.

        Of outcomes and feedback only what holds counts: the newest outcome of a contact, and the
        newest feedback of each person on a suggestion.
        """
        return _written(services.policy_use.report(timedelta(days=query.days)))


def _written(report: UseReport) -> PolicyUseReport:
    return {
        "since": report.since,
        "whole": report.is_whole,
        "items": [_used(key, report.policies[key]) for key in sorted(report.policies)],
    }


def _used(policy: str, use: PolicyUse) -> PolicyUsed:
    return {
        "policy": policy,
        "shown": use.shown,
        "said": use.said,
        "resolved": use.resolved,
        "right": use.right,
        "wrong": use.wrong,
        "missed": use.missed,
    }
