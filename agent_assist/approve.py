"""Approve: ask for what is above the headroom, decide on it, withdraw it; say who approves whom."""

from dataclasses import dataclass

from agent_assist.circumstances import StatedAmount
from agent_assist.core.approvals import (
    ApprovalState,
    Brief,
    Pair,
    Ruling,
    RulingReason,
    Shown,
)
from agent_assist.core.errors import FieldProblem, InvalidInput
from agent_assist.core.grants import GrantAsked
from agent_assist.core.ids import by_caller
from agent_assist.core.people import EVERYTHING, Person, Sight, whose_requests
from agent_assist.core.vocabulary import Unit
from agent_assist.library.cells import CellFault
from agent_assist.live import Snapshot
from agent_assist.store.approvals.approvals import Answer, Answers, ApprovalStore, Decided
from agent_assist.store.approvals.levels import levels_of
from agent_assist.store.approvals.reading import Filter, check_seen
from agent_assist.store.ledger.ledger import Ledger
from agent_assist.store.once import Once, StoredAnswer
from agent_assist.store.people import PeopleStore


@dataclass(frozen=True, slots=True)
class RulingWanted:
    """A decision on a request as it arrives.

    Attributes:
        hash: of the request as it was shown.
        by: id of the person who decides.
        amount: None for all that was asked for.
        key: id of the API key that names the person.
        sight: whose requests who calls may know of.
    """

    approval_id: str
    hash: str
    by: str
    ruling: Ruling
    reason: RulingReason
    amount: StatedAmount | None = None
    comment: str | None = None
    key: str = ""
    sight: Sight = EVERYTHING


class Approver:
    """Takes requests and the decisions on them, each once.

    Args:
        store: where they are kept.
        ledger: says what budgets have left.
        people: those who may decide.
    """

    def __init__(self, store: ApprovalStore, ledger: Ledger, people: PeopleStore) -> None:
        self._store = store
        self._ledger = ledger
        self._people = people

    def request(
        self, snapshot: Snapshot, asked: GrantAsked, once: Once, answer: Answer
    ) -> StoredAnswer:
        """Ask for an approval; an unchanged or lower repeat gets the earlier answer.

        Raises:
            InvalidInput: nobody said who asks.
            NoApprovalNeeded: it may be given without.
            ApprovalPending: less is asked for in the same case already; nothing was written.
            OverHeadroom: no level may give it; nothing was written.
            StaleVersion: another version was published meanwhile; ask again with the new one.
            KeyReused, KeyInFlight: see `store.once`.
        """
        return self._store.request(_named(asked), snapshot.terms(), once, answer)

    def give_or_request(
        self, snapshot: Snapshot, asked: GrantAsked, once: Once, answers: Answers
    ) -> StoredAnswer:
        """Reserve a grant, or ask for its approval where it needs one; errors as for `request`."""
        return self._store.give_or_request(_named(asked), snapshot.terms(), once, answers)

    def decide(
        self, snapshot: Snapshot, wanted: RulingWanted, once: Once, answer: Answer
    ) -> StoredAnswer:
        """Approve a request, whole or less, or refuse it; what is approved is granted at once.

        It is decided by the versions that are live now, at the level that the person has now.

        Raises:
            NotFound: there is no such request in sight.
            InvalidInput: the reason is not one for this ruling; the amount cannot be read, or is
                more than was asked for.
            ApprovalSettled: it has ended.
            NotAsShown: the hash is not that of the request.
            MayNotDecide, OwnBenefit: this person may not decide on it.
            OverHeadroom: their level may not give as much now; the request stays open.
            StaleVersion, KeyReused, KeyInFlight: as for `request`.
        """
        approval = self._store.find(wanted.approval_id, snapshot.vocabulary).approval
        check_seen(approval, wanted.sight)
        problems, amount = [], None
        if wanted.reason.ruling is not wanted.ruling:
            fitting = ", ".join(one for one in RulingReason if one.ruling is wanted.ruling)
            problems.append(FieldProblem("/reason_code", "other_ruling", f"must be of {fitting}"))
        if wanted.amount is not None:
            try:
                amount = _amount(wanted.amount, wanted.ruling, approval.unit, approval.currency)
            except CellFault as fault:
                problems.append(FieldProblem("/amount", "bad_amount", str(fault)))
        if problems:
            raise InvalidInput(problems)
        decided = Decided(
            approval_id=wanted.approval_id,
            hash=wanted.hash,
            by=wanted.by,
            ruling=wanted.ruling,
            amount=amount,
            reason=wanted.reason,
            comment=wanted.comment,
            actor=by_caller(wanted.key),
        )
        return self._store.decide(decided, snapshot.terms(), once, answer)

    def withdraw(
        self,
        approval_id: str,
        by: str,
        key: str,
        once: Once,
        answer: Answer,
        *,
        sight: Sight = EVERYTHING,
    ) -> StoredAnswer:
        """End a request by the word of who asked.

        Raises:
            NotFound, ApprovalSettled, KeyReused, KeyInFlight: as for `decide`.
            MayNotDecide: somebody else asked.
        """
        return self._store.withdraw(approval_id, by, by_caller(key), once, answer, sight)

    def brief(self, snapshot: Snapshot, approval_id: str, sight: Sight = EVERYTHING) -> Brief:
        """All that is needed to decide on a request; NotFound if none with that id is in sight."""
        shown = self._store.find(approval_id, snapshot.vocabulary)
        check_seen(shown.approval, sight)
        precedents = self._store.precedents(shown.approval)
        terms = snapshot.terms()
        use = self._ledger.use(terms, shown.approval.parties)
        return Brief(shown, levels_of(shown, terms, use), precedents)

    def page(
        self,
        snapshot: Snapshot,
        *,
        limit: int,
        before: int | None,
        state: ApprovalState | None,
        team: str | None,
        decider: str | None,
        contact: str | None = None,
        sight: Sight = EVERYTHING,
    ) -> tuple[Shown, ...]:
        """Requests, newest first, with `seq` below `before`.

        Args:
            snapshot: of the live library.
            limit: how many at most.
            before: None for the newest.
            state: only those; None for all.
            team: only what its representatives ask for; None for all.
            decider: only what this person may decide on now; None for all.
            contact: only what is asked for in this contact; None for all.
            sight: only what representatives ask for whose work it covers.

        Raises:
            InvalidInput: the decider is not known, or not active.
        """
        person = None if decider is None else self._decider(decider)
        ladder = snapshot.vocabulary.ladder
        levels: tuple[str, ...] = ()
        sights = [sight]
        if person is not None:
            sights.append(whose_requests(person, ladder))
            if person.level in ladder:
                levels = ladder[: ladder.index(person.level) + 1]
        wanted = Filter(state, team, person, levels, contact, sights)
        return self._store.page(wanted, snapshot.vocabulary, limit=limit, before=before)

    def pairs(self, sight: Sight = EVERYTHING) -> tuple[Pair, ...]:
        """People who approve what the other asks for, as far as it is in sight; most first."""
        return self._store.pairs(sight)

    def expire(self) -> None:
        """Write down which requests have expired, so that events tell of them."""
        self._store.expire()

    def _decider(self, person_id: str) -> Person:
        person = self._people.find(person_id)
        if person is None or not person.active:
            detail = "is not a person whom the server knows and who is active"
            raise InvalidInput([FieldProblem("decider", "unknown_person", detail)])
        return person


def _named(asked: GrantAsked) -> GrantAsked:
    """Without an id, nobody could tell whether somebody decides on their own request."""
    if asked.parties.rep is None:
        detail = "is required: nobody decides on what they asked for themselves"
        raise InvalidInput([FieldProblem("/rep/id", "missing", detail)])
    return asked


def _amount(stated: StatedAmount, ruling: Ruling, unit: Unit, currency: str) -> int:
    if ruling is Ruling.REFUSE:
        raise CellFault("belongs to an approval: leave it out of a refusal")
    return stated.read(unit, currency)
