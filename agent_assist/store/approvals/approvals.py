"""Ask, decide, withdraw, expire: each one short transaction that ends a request once, or not.

Requests are locked by the scopes of the grant that they ask for, in the ledger's own order, so
that a decision, the grant it becomes, and whatever else happens to the request queue together.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy.orm import Session

from agent_assist.core.approvals import (
    Approval,
    ApprovalState,
    End,
    MayNotDecide,
    NoApprovalNeeded,
    NotAsShown,
    Pair,
    Precedents,
    Ruling,
    RulingReason,
    Shown,
)
from agent_assist.core.decision import Verdict
from agent_assist.core.grants import GrantAsked, Terms
from agent_assist.core.people import EVERYTHING, Person, Sight
from agent_assist.core.vocabulary import Vocabulary
from agent_assist.core.waiting import LOOKED_BACK, Kind, Ruled
from agent_assist.store import audit
from agent_assist.store.again import again_if_aborted
from agent_assist.store.approvals.asking import ask
from agent_assist.store.approvals.ending import approved, authority, end_request, open_request
from agent_assist.store.approvals.reading import (
    Filter,
    check_seen,
    digest_in_audit,
    find_approval,
    overdue,
    page_of_approvals,
    pairs,
    precedents_of,
    shown,
)
from agent_assist.store.approvals.waiting import oldest_waiting, people_by_id, ruled_since
from agent_assist.store.clock import Clock
from agent_assist.store.database import Database
from agent_assist.store.ledger.ledger import CREATED, Ledger, Weighed, check_rep
from agent_assist.store.ledger.ledger import Answer as GrantAnswer
from agent_assist.store.ledger.locking import lock_parties
from agent_assist.store.once import Once, StoredAnswer, claim, fulfil

ACCEPTED, OK = 202, 200
_AT_ONCE = 100

Answer = Callable[[Shown], bytes]
"""Writes the answer about a request."""


class Answers(NamedTuple):
    """Writes the answer about what a request for a remedy became."""

    grant: GrantAnswer
    approval: Answer


@dataclass(frozen=True, slots=True)
class Decided:
    """What a person says to a request.

    Attributes:
        hash: of the request as it was shown to them.
        by: id of the person.
        amount: in whole parts of the unit; None for all that was asked for.
        actor: who says so, for the record.
    """

    approval_id: str
    hash: str
    by: str
    ruling: Ruling
    amount: int | None
    reason: RulingReason
    comment: str | None
    actor: str


class Queue(NamedTuple):
    """Requests that wait, as one moment of the database has them.

    Attributes:
        askers: whom the server knows of those who ask, by id.
        ruled: what was decided on cases of their kinds, as far back as precedent reaches.
    """

    at: datetime
    waiting: tuple[Shown, ...]
    askers: Mapping[str, Person]
    ruled: Mapping[Kind, Sequence[Ruled]]


class ApprovalStore:
    """Writes and reads requests.

    Args:
        database: where they are kept.
        clock: the database's; see `store.clock`.
        ledger: grants what is approved.
        life: how long the level that is needed has to decide, and then once more the next.
    """

    def __init__(
        self, database: Database, clock: Clock, ledger: Ledger, *, life: timedelta
    ) -> None:
        self._database = database
        self._clock = clock
        self._ledger = ledger
        self._life = life

    @again_if_aborted
    def request(self, asked: GrantAsked, terms: Terms, once: Once, answer: Answer) -> StoredAnswer:
        """Ask for an approval, once; an unchanged or lower repeat gets the earlier answer.

        Raises:
            NoApprovalNeeded: it may be given without.
            ApprovalPending: less is asked for already; nothing was written.
            OverHeadroom: no level may give it; nothing was written.
            Others: as for `Ledger.reserve`.
        """
        with self._database.writing() as session:
            earlier = claim(session, once, self._clock(session))
            if earlier is not None:
                return earlier
            weighed = self._ledger.weigh(session, asked, terms)
            check_rep(session, asked, terms)
            if weighed.decision.verdict is Verdict.ALLOWED:
                raise NoApprovalNeeded("this may be given without asking: send it as a grant")
            asked_for = self._ask(session, asked, terms, weighed)
            body = answer(asked_for)
            return fulfil(session, once, _status(asked_for), body, asked_for.approval.id)

    @again_if_aborted
    def give_or_request(
        self, asked: GrantAsked, terms: Terms, once: Once, answers: Answers
    ) -> StoredAnswer:
        """Reserve a grant, or ask for its approval where it needs one; errors as for `request`."""
        with self._database.writing() as session:
            earlier = claim(session, once, self._clock(session))
            if earlier is not None:
                return earlier
            weighed = self._ledger.weigh(session, asked, terms)
            check_rep(session, asked, terms)
            if weighed.decision.verdict is Verdict.ALLOWED:
                grant = self._ledger.give(session, asked, terms, weighed)
                body = answers.grant(grant, weighed.at)
                return fulfil(session, once, CREATED, body, grant.id)
            asked_for = self._ask(session, asked, terms, weighed)
            body = answers.approval(asked_for)
            return fulfil(session, once, _status(asked_for), body, asked_for.approval.id)

    @again_if_aborted
    def decide(self, decided: Decided, terms: Terms, once: Once, answer: Answer) -> StoredAnswer:
        """End a request by a person's word; what is approved is granted in the same transaction.

        Raises:
            NotFound: there is no such request.
            ApprovalSettled: it has ended, or the library no longer knows what was asked for.
            NotAsShown: the hash is not that of the request.
            MayNotDecide, OwnBenefit: this person may not decide on it now.
            RepInactive: who asked was deactivated.
            OverHeadroom: the person's level may not give as much now; the request stays open.
            InvalidInput: more was approved than was asked for.
            StaleVersion, KeyReused, KeyInFlight, NotReady: as for `Ledger.reserve`.
        """
        with self._database.writing() as session:
            earlier = claim(session, once, self._clock(session))
            if earlier is not None:
                return earlier
            approval, at = open_request(session, decided.approval_id, self._clock)
            if not approval.hash == decided.hash == digest_in_audit(session, approval):
                raise NotAsShown("the hash is not that of this request: read it again")
            level = authority(session, approval, decided.by, terms.vocabulary)
            end = End(
                state=ApprovalState.REFUSED,
                at=at,
                by=decided.by,
                level=level,
                reason=decided.reason,
                comment=decided.comment,
            )
            if decided.ruling is Ruling.APPROVE:
                asked = approved(approval, level, decided.amount, terms)
                weighed = self._ledger.weigh(session, asked, terms)
                grant = self._ledger.give(session, asked, terms, weighed)
                end = replace(
                    end,
                    state=ApprovalState.APPROVED,
                    amount=grant.amount,
                    grant=grant.id,
                    versions=terms.versions,
                )
            ended = end_request(session, approval, end, decided.actor)
            return fulfil(session, once, OK, answer(Shown(ended, at, None)), ended.id)

    @again_if_aborted
    def withdraw(
        self,
        approval_id: str,
        by: str,
        actor: str,
        once: Once,
        answer: Answer,
        sight: Sight = EVERYTHING,
    ) -> StoredAnswer:
        """End a request in sight by the word of who asked; errors as for `decide`."""
        with self._database.writing() as session:
            earlier = claim(session, once, self._clock(session))
            if earlier is not None:
                return earlier
            check_seen(find_approval(session, approval_id), sight)
            approval, at = open_request(session, approval_id, self._clock)
            if by != approval.parties.rep:
                raise MayNotDecide("only who asked for it may withdraw it")
            end = End(ApprovalState.WITHDRAWN, at, by)
            ended = end_request(session, approval, end, actor)
            return fulfil(session, once, OK, answer(Shown(ended, at, None)), ended.id)

    def expire(self) -> int:
        """Write down which requests have expired; gives how many. Each was expired before."""
        with self._database.reading() as session:
            found = overdue(session, self._clock(session), limit=_AT_ONCE)
        return sum(self._expire(approval.id) for approval in found)

    def find(self, approval_id: str, vocabulary: Vocabulary) -> Shown:
        """A request as it stands now; NotFound if there is none with that id."""
        with self._database.reading() as session:
            approval = find_approval(session, approval_id)
            return shown(session, (approval,), self._clock(session), vocabulary)[0]

    def precedents(self, approval: Approval) -> Precedents:
        """What was decided in like cases."""
        with self._database.reading() as session:
            return precedents_of(session, approval)

    def page(
        self, wanted: Filter, vocabulary: Vocabulary, *, limit: int, before: int | None
    ) -> tuple[Shown, ...]:
        """Requests, newest first, with `seq` below `before`."""
        with self._database.reading() as session:
            at = self._clock(session)
            found = page_of_approvals(session, at, wanted, limit=limit, before=before)
            return shown(session, found, at, vocabulary)

    def waiting(
        self,
        vocabulary: Vocabulary,
        *,
        team: str | None,
        sight: Sight,
        limit: int,
        after: int | None,
    ) -> Queue:
        """The requests that have waited longest, with `seq` above `after`.

        Args:
            vocabulary: of the live library.
            team: only what its representatives ask for; None for all.
            sight: only what representatives ask for whose work it covers.
            limit: how many at most.
            after: None for the oldest.
        """
        with self._database.reading() as session:
            at = self._clock(session)
            found = oldest_waiting(session, at, team=team, sight=sight, limit=limit, after=after)
            return Queue(
                at,
                shown(session, found, at, vocabulary),
                people_by_id(session, (one.parties.rep or "" for one in found)),
                ruled_since(session, map(Kind.of, found), at - LOOKED_BACK),
            )

    def pairs(self, sight: Sight = EVERYTHING) -> tuple[Pair, ...]:
        """People who approve what the other asks for, of the requests that a sight covers."""
        with self._database.reading() as session:
            return pairs(session, sight)

    def _ask(self, session: Session, asked: GrantAsked, terms: Terms, weighed: Weighed) -> Shown:
        approval = ask(session, asked, terms, weighed, self._life)
        return shown(session, (approval,), weighed.at, terms.vocabulary)[0]

    @again_if_aborted
    def _expire(self, approval_id: str) -> bool:
        with self._database.writing() as session:
            lock_parties(session, find_approval(session, approval_id).parties)
            approval, at = find_approval(session, approval_id), audit.present(session, self._clock)
            if approval.end is not None or at < approval.expires_at:
                return False
            end_request(session, approval, End(ApprovalState.EXPIRED, at, ""), "clock")
            return True


def _status(shown: Shown) -> int:
    """Accepted while somebody has to decide; an earlier answer is an answer."""
    return ACCEPTED if shown.approval.state(shown.at) is ApprovalState.PENDING else OK
