"""GET /v1/insights/stakes: the money that problems put at risk, and the brief of one of them."""

from agent_assist.admit import Scope
from agent_assist.core.errors import FieldProblem, InvalidInput
from agent_assist.core.money import InvalidAmount, exponent, format_minor, parse_minor
from agent_assist.core.stake_inputs import Factors
from agent_assist.web.exchange import Exchange
from agent_assist.web.insights.brief import MEDIA, render
from agent_assist.web.insights.stake_shapes import IssueReport, StakesQuery, StakesReport
from agent_assist.web.insights.stake_writers import write_brief, write_look, write_stake
from agent_assist.web.operation import About
from agent_assist.web.operations import File, Operations
from agent_assist.web.services import Services
from agent_assist.weigh import Asked

_ISSUE = {
    "issue": {
        "type": "string",
        "pattern": r"^[a-z][a-z0-9_]{0,63}$",
        "description": "The issue's key.",
        "examples": ["cash_withdrawal_charge"],
    }
}
_MOST = 10**9
"""Nobody is worth more a year, in whole units of any currency."""


def register(api: Operations, services: Services) -> None:
    """Add what is told of money at risk."""

    @api.get(
        "/v1/insights/stakes",
        Scope.INSIGHTS,
        About("insights", "What money problems put at risk"),
        query=StakesQuery,
        answer=StakesReport,
    )
    def look_at_stakes(query: StakesQuery, now: Exchange) -> StakesReport:
        """Tell for each issue and cause what money it puts at risk, with what that rests on.

        That is contacts x share not resolved at once x loyalty lost x value of a customer, each as
        a range. A number in the query stands for the library's estimate: what if. In a session of
        somebody who sees one team's work it is that team's.
        """
        return stakes_told(query, now, services)

    @api.get(
        "/v1/insights/stakes/<issue>",
        Scope.INSIGHTS,
        About("insights", "What there is to say of an issue", path=_ISSUE),
        query=StakesQuery,
        answer=IssueReport,
    )
    def read_stake(query: StakesQuery, now: Exchange, issue: str) -> IssueReport:
        """Tell of an issue what it puts at risk, by cause and week, and what was said and given.

        The sentences are customers', masked as they are kept.
        """
        basis = services.live.current().basis()
        found = services.weigher.brief(basis, issue, read_asked(query, now, services))
        return write_brief(found, basis.vocabulary)

    @api.file(
        "/v1/insights/stakes/<issue>/brief",
        Scope.INSIGHTS,
        About("insights", "The same as a page to print", path=_ISSUE),
        query=StakesQuery,
        media=(MEDIA,),
    )
    def download_brief(query: StakesQuery, now: Exchange, issue: str) -> File:
        """Download what there is to say of an issue as one page that needs nothing else."""
        basis = services.live.current().basis()
        found = services.weigher.brief(basis, issue, read_asked(query, now, services))
        page = render(write_brief(found, basis.vocabulary))
        return File(page.encode(), MEDIA, f"brief-{issue}.html")


def stakes_told(query: StakesQuery, now: Exchange, services: Services) -> StakesReport:
    """What is asked for, of what whoever asks may see; raises as `read_asked`."""
    basis = services.live.current().basis()
    look, found = services.weigher.look(basis, read_asked(query, now, services))
    days, currency = look.days, basis.vocabulary.currency
    return {
        **write_look(look, basis.vocabulary),
        "total": write_stake(found.total, days, currency),
        "items": [write_stake(one, days, currency) for one in found.items],
    }


def read_asked(query: StakesQuery, now: Exchange, services: Services) -> Asked:
    """What is asked for, as far as whoever asks may see it.

    Raises:
        InvalidInput: an amount that is none.
        NotYourself: a team that is out of sight.
    """
    team = now.caller.team_seen(query.team, Scope.INSIGHTS)
    currency = services.live.current().vocabulary.currency
    return Asked(query.since, query.until, team, read_supposed(query, currency))


def read_supposed(query: StakesQuery, currency: str) -> Factors:
    """What a query supposes; InvalidInput names an amount that is none."""
    return Factors(
        customer_value=None
        if query.customer_value is None
        else _value(query.customer_value, currency),
        resolved=query.loss_resolved,
        repeated=query.loss_repeated,
        unresolved=query.loss_unresolved,
        share=query.share,
    )


def _value(text: str, currency: str) -> int:
    try:
        minor = parse_minor(text, currency)
    except InvalidAmount as error:
        like = format_minor(15 * 10 ** exponent(currency), currency)
        problem = FieldProblem("customer_value", error.code, f"must be an amount such as {like}")
        raise InvalidInput([problem]) from error
    if minor > _MOST * 10 ** exponent(currency):
        problem = FieldProblem("customer_value", "out_of_range", f"must be at most {_MOST}")
        raise InvalidInput([problem])
    return minor
