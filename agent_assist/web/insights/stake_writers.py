"""Money at risk as the wire shows it."""

from fractions import Fraction

from agent_assist.core.money import Money
from agent_assist.core.stake_counts import Tally
from agent_assist.core.stake_inputs import AS_ESTIMATED, Inputs, inputs
from agent_assist.core.stakes import Saved, Stake, a_year, share_of
from agent_assist.core.vocabulary import Estimate, Unit, Vocabulary
from agent_assist.store.stakes import Lost
from agent_assist.web.insights import stake_shapes as shapes
from agent_assist.web.option_shapes import Money as MoneySeen
from agent_assist.web.writers import write_money, write_quantity
from agent_assist.weigh import Brief, Given, Look, Week


def write_look(look: Look, vocabulary: Vocabulary) -> shapes.Looked:
    """What was looked at."""
    currency = vocabulary.currency
    return {
        "since": look.since,
        "until": look.until,
        "days": look.days,
        "team": look.team,
        "pending": look.pending,
        "inputs": _factors(look.inputs, currency),
        "library": _factors(inputs(vocabulary.economics, AS_ESTIMATED), currency),
    }


def write_stake(stake: Stake, days: int, currency: str) -> shapes.StakeSeen:
    """What a problem puts at risk, of so many days."""
    without = stake.without_remedies
    return {
        "issue": stake.issue,
        "cause": stake.cause,
        "ends": _ends(stake.tally),
        "given": _ends(stake.given),
        "share": None if stake.share is None else _shares(stake.share),
        "loyalty_lost": _shares(stake.loyalty),
        "at_risk": _range(stake.at_risk, currency),
        "a_year": _range(a_year(stake.at_risk, days), currency),
        "saved": None if stake.saved is None else _saved(stake.saved, currency),
        "without_remedies": None if without is None else _range(without, currency),
        "ranked": _money(stake.ranked, currency),
    }


def write_brief(brief: Brief, vocabulary: Vocabulary) -> shapes.IssueReport:
    """What there is to say of an issue."""
    days, currency = brief.look.days, vocabulary.currency
    return {
        **write_look(brief.look, vocabulary),
        "issue": brief.issue,
        "name": brief.name,
        "total": write_stake(brief.stakes.total, days, currency),
        "items": [write_stake(one, days, currency) for one in brief.stakes.items],
        "weeks": [_week(one) for one in brief.weeks],
        "sentences": list(brief.sentences),
        "given": [_gave(one, currency) for one in brief.given],
        "lost": [_lost(one) for one in brief.lost],
    }


def _lost(contact: Lost) -> shapes.LostSeen:
    return {
        "external_id": contact.id,
        "opened_at": contact.at,
        "ended": "came_back" if contact.came_back else "unresolved",
        "cause": contact.cause,
    }


def _factors(found: Inputs, currency: str) -> shapes.FactorsUsed:
    return {
        "customer_value": _range(found.customer_value, currency),
        "loyalty_loss": {
            "resolved": _shares(found.resolved),
            "repeated": _shares(found.repeated),
            "unresolved": _shares(found.unresolved),
        },
        "share": None if found.share is None else _share(found.share),
    }


def _ends(tally: Tally) -> shapes.Ends:
    return {
        "contacts": tally.contacts,
        "ended": tally.ended,
        "unresolved": tally.unresolved,
        "came_back": tally.came_back,
        "few": tally.is_few,
    }


def _saved(saved: Saved, currency: str) -> shapes.SavedSeen:
    return {"share": _shares(saved.share), "money": _range(saved.money, currency)}


def _week(week: Week) -> shapes.WeekSeen:
    share = share_of(week.tally)
    return {
        "week": week.monday,
        "ends": _ends(week.tally),
        "share": None if share is None else _shares(share),
    }


def _gave(given: Given, currency: str) -> shapes.GaveSeen:
    adds_up = given.unit is not None and given.unit is not Unit.PERCENT
    return {
        "remedy": given.remedy,
        "label": given.label,
        "grants": given.grants,
        "amount": write_quantity(given.amount, given.unit, currency)
        if given.unit is not None and adds_up
        else None,
        "cost": None if given.cost is None else _money(given.cost, currency),
    }


def _range(money: Estimate[int], currency: str) -> shapes.MoneyRange:
    return {
        "low": _money(money.low, currency),
        "likely": _money(money.likely, currency),
        "high": _money(money.high, currency),
    }


def _money(minor: int, currency: str) -> MoneySeen:
    return write_money(Money(minor, currency))


def _shares(share: Estimate[Fraction]) -> shapes.ShareRange:
    return {
        "low": _share(share.low),
        "likely": _share(share.likely),
        "high": _share(share.high),
    }


def _share(share: Fraction) -> float:
    """Four decimals, which is all that it has; libraries may estimate finer."""
    return float(round(share, 4))
