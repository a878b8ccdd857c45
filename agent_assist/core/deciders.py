"""Who may decide on a request, and to whom it goes."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from agent_assist.core.approvals import Approval, MayNotDecide
from agent_assist.core.errors import Forbidden
from agent_assist.core.people import (
    Delegation,
    OwnBenefit,
    Person,
    Standing,
    standing,
    whose_requests,
)


def check_decider(person: Person | None, approval: Approval, ladder: Sequence[str]) -> str:
    """The level at which a person may decide on a request.

    Whether limits and budgets let that level give the amount is another question.

    Raises:
        MayNotDecide: they are not known or not active, they asked for it themselves, their level
            is below the one that is needed, that one is no longer on the ladder, or they are of
            another team and not of the highest level.
        OwnBenefit: they are the customer.
    """
    if person is None or not person.active:
        raise MayNotDecide("who decides must be known and active: see `agent-assist users`")
    if person.id == approval.parties.rep:
        raise MayNotDecide("nobody decides on what they asked for themselves")
    if person.customer is not None and person.customer == approval.parties.customer:
        raise OwnBenefit
    if approval.level not in ladder:
        raise MayNotDecide(
            f"the level {approval.level} that this needs is no longer there: withdraw it, and ask "
            "anew"
        )
    if _rank(person.level, ladder) < _rank(approval.level, ladder):
        raise MayNotDecide(f"this needs the level {approval.level} or one above it")
    if not whose_requests(person, ladder).covers(approval.parties.rep, approval.parties.team):
        raise MayNotDecide(f"this is for the team that asks, or for the level {ladder[-1]}")
    return person.level


def check_asker(asker: Person | None, approval: Approval, ladder: Sequence[str]) -> None:
    """Refuse to grant a request of somebody who may be given nothing to hand on.

    Args:
        asker: whom the server knows under the id of who asked, as they are now; None for nobody.
        approval: the request.
        ladder: keys of the levels, lowest first.

    Raises:
        RepInactive: they were deactivated.
        OwnBenefit: they are the customer.
    """
    standing(asker, Standing(None, None), ladder)
    if asker is not None and asker.customer and asker.customer == approval.parties.customer:
        raise OwnBenefit


def may_decide(person: Person, approval: Approval, ladder: Sequence[str]) -> bool:
    """True if a person may decide on a request; see `check_decider`."""
    try:
        check_decider(person, approval, ladder)
    except Forbidden:
        return False
    return True


def route(
    approval: Approval,
    at: datetime,
    people: Iterable[Person],
    delegations: Iterable[Delegation],
    ladder: Sequence[str],
) -> Person | None:
    """The first qualified person: of the lowest level that is enough, of the same team first.

    Somebody absent is passed over for the person who stands in for them, if that person may
    decide in their own right and is there: a delegation moves work, never authority, and it is
    not passed on. A request that fell back goes to the levels above, if anybody is there.

    Args:
        approval: the request.
        at: now.
        people: those who could be asked.
        delegations: of today, the newest first.
        ladder: keys of the levels, lowest first.
    """
    qualified = {one.id: one for one in people if may_decide(one, approval, ladder)}
    substitutes = {one.person: one.substitute for one in reversed(tuple(delegations))}
    ordered = sorted(
        qualified.values(),
        key=lambda one: (_rank(one.level, ladder), one.team != approval.parties.team, one.id),
    )
    above = [one for one in ordered if _rank(one.level, ladder) > _rank(approval.level, ladder)]
    groups = (above, ordered) if approval.fell_back(at) else (ordered,)
    for one in (one for group in groups for one in group):
        there = substitutes.get(one.id, one.id)
        if there in qualified and (there == one.id or there not in substitutes):
            return qualified[there]
    return None


def _rank(level: str, ladder: Sequence[str]) -> int:
    """A level that is no longer on the ladder is enough for nothing."""
    return ladder.index(level) if level in ladder else -1
