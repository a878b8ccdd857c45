"""Triage: what waits for a decision, with all that somebody needs to decide on it in seconds."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple, TypeAlias

from agent_assist.core.approvals import Approval, Shown
from agent_assist.core.deciders import check_asker, check_decider
from agent_assist.core.decision import Decision
from agent_assist.core.errors import Forbidden
from agent_assist.core.grants import BudgetHeadroom, Terms
from agent_assist.core.headroom import applied
from agent_assist.core.holds import Use
from agent_assist.core.people import Person, above_lowest, check_acting, check_level, whose_requests
from agent_assist.core.waiting import Kind, Mine, Precedent, Waiting, precedent
from agent_assist.live import Snapshot
from agent_assist.store.approvals.approvals import ApprovalStore, Queue
from agent_assist.store.approvals.levels import levels_of
from agent_assist.store.ledger.ledger import Ledger
from agent_assist.store.people import PeopleStore

Precedents: TypeAlias = Mapping[tuple[Kind, int], Precedent]
"""By kind and amount."""


class LaidOut(NamedTuple):
    """What waits, as it was at an instant."""

    at: datetime
    waiting: tuple[Waiting, ...]


class Triage:
    """Lays out what waits, for one person.

    Args:
        store: where requests are kept.
        ledger: says what budgets have left.
        people: those who may decide.
    """

    def __init__(self, store: ApprovalStore, ledger: Ledger, people: PeopleStore) -> None:
        self._store = store
        self._ledger = ledger
        self._people = people

    def waiting(
        self, snapshot: Snapshot, by: str, *, team: str | None, limit: int, after: int | None
    ) -> LaidOut:
        """The requests in their sight that have waited longest, with `seq` above `after`.

        What it says is advice: only the decision decides, as things are then.

        Args:
            snapshot: of the live library.
            by: id of the person who looks.
            team: only what its representatives ask for; None for all.
            limit: how many at most.
            after: None for the oldest.

        Raises:
            UnknownPerson: nobody active is known under the id.
            LevelTooLow: they decide on nothing.
        """
        terms, person = snapshot.terms(), check_acting(self._people.find(by))
        ladder = terms.vocabulary.ladder
        check_level(person, above_lowest(ladder), ladder)
        queue = self._store.waiting(
            terms.vocabulary,
            team=team,
            sight=whose_requests(person, ladder),
            limit=limit,
            after=after,
        )
        uses = self._ledger.uses(terms, [one.approval.parties for one in queue.waiting])
        like = _precedents(queue)
        waiting = (
            _laid_out(shown, queue, like, terms, use, person)
            for shown, use in zip(queue.waiting, uses, strict=True)
        )
        return LaidOut(queue.at, tuple(waiting))


def _laid_out(
    shown: Shown, queue: Queue, like: Precedents, terms: Terms, use: Use, person: Person
) -> Waiting:
    approval = shown.approval
    asker = queue.askers.get(approval.parties.rep or "")
    levels = levels_of(shown, terms, use)
    return Waiting(
        shown=shown,
        asker=asker,
        mine=Mine(_refusal(approval, asker, person, terms), dict(levels).get(person.level)),
        levels=levels,
        budgets=_budgets(levels, person.level, terms, use),
        precedent=like[Kind.of(approval), approval.amount],
    )


def _precedents(queue: Queue) -> Precedents:
    """Worked out once for each kind and amount: many ask for the same."""
    asked = {(Kind.of(one.approval), one.approval.amount) for one in queue.waiting}
    return {(kind, amount): precedent(amount, queue.ruled[kind]) for kind, amount in asked}


def _refusal(approval: Approval, asker: Person | None, person: Person, terms: Terms) -> str | None:
    """Why a person may not decide on a request; None where they may."""
    ladder = terms.vocabulary.ladder
    try:
        check_decider(person, approval, ladder)
        check_asker(asker, approval, ladder)
    except Forbidden as refusal:
        return str(refusal)
    return None


def _budgets(
    levels: Sequence[tuple[str, Decision]],
    level: str,
    terms: Terms,
    use: Use,
) -> tuple[BudgetHeadroom, ...]:
    """What the budgets that count a request have granted, and have left at a level."""
    if not levels:
        return ()
    remedy, facts = levels[0][1].remedy, levels[0][1].considered.facts
    return tuple(
        BudgetHeadroom.at(level, one.budget, use)
        for one in applied(terms.budgets, remedy, facts, use.used)
    )
