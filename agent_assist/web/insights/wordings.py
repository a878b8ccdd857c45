"""GET /v1/insights/wordings: two wordings of an explanation, side by side."""

from typing import Annotated

from pydantic import Field
from typing_extensions import TypedDict

from agent_assist.admit import Scope
from agent_assist.contrast import Contrasted
from agent_assist.core.wording_trial import ERROR, Arm
from agent_assist.core.wordings import Wording, explanation
from agent_assist.web.answers import Markdown, PolicyRef
from agent_assist.web.exchange import Exchange
from agent_assist.web.insights.measures import Number, RateSeen, write_rate
from agent_assist.web.operation import About
from agent_assist.web.operations import Operations
from agent_assist.web.scalars import Id, Maybe, Query
from agent_assist.web.services import Services
from agent_assist.web.writers import write_policy_ref

Difference = Annotated[float, Field(ge=-1, le=1)]


class WordingsQuery(Query):
    """Whose contacts to compare by."""

    team: Maybe[Annotated[Id, Field(description="Only this team's; left out, all.")]] = None


class DifferenceSeen(TypedDict):
    """Where the alternative's share less the standing one's lies, however often one looks."""

    low: Difference
    high: Difference


class WordingSeen(TypedDict):
    """A wording, and what became of the contacts that were assigned it."""

    wording: Wording
    say: Markdown
    why: Markdown
    contacts: Number
    settled: Annotated[
        int, Field(ge=0, description="Can be repeated no longer: those that are counted.")
    ]
    ended: Annotated[int, Field(ge=0, description="Have an outcome; of the settled.")]
    repeated: Annotated[RateSeen, Field(description="Of the settled that name a customer.")]
    accepted: Annotated[
        RateSeen, Field(description="Resolved, and no approval asked for; of the settled.")
    ]


class WordingsCompared(TypedDict):
    """A policy with two wordings; docs/measures.md says how they are compared.

    `better` is the wording that is proposed: null while neither is surely better by one measure
    and surely worse by none. Nothing changes until a person makes a draft.
    """

    policy: PolicyRef
    pair: Annotated[str, Field(description="Changes with the words, and with the share.")]
    alternative_share: Annotated[int, Field(ge=1, le=99, description="In percent.")]
    wordings: list[WordingSeen]
    repeated: DifferenceSeen
    accepted: DifferenceSeen
    better: Wording | None


class WordingsReport(TypedDict):
    """All policies with two wordings, by id.

    `error` is the chance that one comparison ever proposes a wording although both are alike,
    however often one looks.
    """

    team: str | None
    error: Annotated[float, Field(ge=0, le=1)]
    items: list[WordingsCompared]


def register(api: Operations, services: Services) -> None:
    """Add the comparison of wordings."""

    @api.get(
        "/v1/insights/wordings",
        Scope.INSIGHTS,
        About("insights", "Compare two wordings of an explanation"),
        query=WordingsQuery,
        answer=WordingsReport,
    )
    def compare_wordings(query: WordingsQuery, now: Exchange) -> WordingsReport:
        """Tell by which wording fewer customers come back, and more contacts end well.

        In a session of somebody who sees one team's work it is that team's.
        """
        team = now.caller.team_seen(query.team, Scope.INSIGHTS)
        found = services.contraster.look(services.live.current(), team)
        return {"team": team, "error": ERROR, "items": [_write(one) for one in found]}


def _write(one: Contrasted) -> WordingsCompared:
    compared = one.compared
    return {
        "policy": write_policy_ref(one.policy),
        "pair": one.pair,
        "alternative_share": one.policy.policy.alternative_share,
        "wordings": [_write_arm(one, which, arm) for which, arm in compared.arms.items()],
        "repeated": _write_difference(compared.repeated),
        "accepted": _write_difference(compared.accepted),
        "better": compared.better,
    }


def _write_arm(one: Contrasted, wording: Wording, arm: Arm) -> WordingSeen:
    told = explanation(one.policy.policy, wording)
    return {
        "wording": wording,
        "say": told.say,
        "why": told.why,
        "contacts": arm.contacts,
        "settled": arm.settled,
        "ended": arm.ended,
        "repeated": write_rate(arm.repeated),
        "accepted": write_rate(arm.accepted),
    }


def _write_difference(found: tuple[float, float]) -> DifferenceSeen:
    low, high = found
    return {"low": round(low, 4), "high": round(high, 4)}
