"""Ask, decide, withdraw, expire: each one short transaction that ends a request once, or not.

Requests are locked by the scopes of the grant that they ask for, in the ledger's own order, so
that a decision, the grant it becomes, and whatever else happens to the request queue together.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy.orm import Session

from agent_assist.core.approvals import (
    Approval,
    ApprovalPending,
    ApprovalSettled,
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
    answers,
    check_decider,
    route,
)
from agent_assist.core.decision import Verdict
from agent_assist.core.errors import FieldProblem, InvalidInput
from agent_assist.core.grants import Grant, GrantAsked, OverHeadroom, Terms, needed_scopes
from agent_assist.core.people import OwnBenefit, Standing, standing
from agent_assist.core.vocabulary import Vocabulary
from agent_assist.store import audit
from agent_assist.store.again import again_if_aborted
from agent_assist.store.approvals.reading import (
    Filter,
    digest_in_audit,
    find_approval,
    newest_of_case,
    overdue,
    page_of_approvals,
    pairs,
    precedents_of,
)
from agent_assist.store.approvals.records import (
    approval_hash,
    approval_row,
    asked_again,
    case_hash,
    end_act,
    end_row,
    request_act,
)
from agent_assist.store.clock import Clock
from agent_assist.store.database import Database
from agent_assist.store.ledger.ledger import CREATED, Ledger, Weighed, check_rep
from agent_assist.store.ledger.ledger import Answer as GrantAnswer
from agent_assist.store.ledger.locking import lock_parties
from agent_assist.store.ledger.reading import find_grant
from agent_assist.store.ledger.records import write_facts
from agent_assist.store.once import Once, StoredAnswer, claim, fulfil
from agent_assist.store.people import active_at, delegations_on, find_person

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
            shown = self._asked(session, asked, terms, weighed)
            return fulfil(session, once, _status(shown), answer(shown))

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
                return fulfil(session, once, CREATED, answers.grant(grant, weighed.at))
            shown = self._asked(session, asked, terms, weighed)
            return fulfil(session, once, _status(shown), answers.approval(shown))

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
            approval, at = self._open(session, decided.approval_id)
            if not approval.hash == decided.hash == digest_in_audit(session, approval):
                raise NotAsShown("the hash is not that of this request: read it again")
            level = self._authority(session, approval, decided.by, terms.vocabulary)
            end = End(
                state=ApprovalState.REFUSED,
                at=at,
                by=decided.by,
                level=level,
                reason=decided.reason,
                comment=decided.comment,
            )
            if decided.ruling is Ruling.APPROVE:
                grant = self._grant(session, approval, level, decided.amount, terms)
                end = replace(
                    end,
                    state=ApprovalState.APPROVED,
                    amount=grant.amount,
                    grant=grant.id,
                    versions=terms.versions,
                )
            ended = self._end(session, approval, end, decided.actor)
            return fulfil(session, once, OK, answer(Shown(ended, at, None)))

    @again_if_aborted
    def withdraw(
        self, approval_id: str, by: str, actor: str, once: Once, answer: Answer
    ) -> StoredAnswer:
        """End a request by the word of who asked; errors as for `decide`."""
        with self._database.writing() as session:
            earlier = claim(session, once, self._clock(session))
            if earlier is not None:
                return earlier
            approval, at = self._open(session, approval_id)
            if by != approval.parties.rep:
                raise MayNotDecide("only who asked for it may withdraw it")
            end = End(ApprovalState.WITHDRAWN, at, by)
            ended = self._end(session, approval, end, actor)
            return fulfil(session, once, OK, answer(Shown(ended, at, None)))

    def expire(self) -> int:
        """Write down which requests have expired; gives how many. Each was expired before."""
        with self._database.reading() as session:
            found = overdue(session, self._clock(session), limit=_AT_ONCE)
        return sum(self._expire(approval.id) for approval in found)

    def find(self, approval_id: str, vocabulary: Vocabulary) -> Shown:
        """A request as it stands now; NotFound if there is none with that id."""
        with self._database.reading() as session:
            approval = find_approval(session, approval_id)
            return self._shown(session, (approval,), self._clock(session), vocabulary)[0]

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
            return self._shown(session, found, at, vocabulary)

    def pairs(self) -> tuple[Pair, ...]:
        """People who approve what the other asks for."""
        with self._database.reading() as session:
            return pairs(session)

    def _asked(self, session: Session, asked: GrantAsked, terms: Terms, weighed: Weighed) -> Shown:
        """The earlier request that answers this one, or a new one."""
        vocabulary, at = terms.vocabulary, weighed.at
        approval = newest_of_case(session, case_hash(asked))
        if approval is None or not answers(
            approval, at, asked.amount, terms.versions, _given(session, approval, at)
        ):
            if approval is not None and approval.state(at) is ApprovalState.PENDING:
                raise ApprovalPending(
                    f"less is asked for in {approval.id}, which is being decided on: withdraw "
                    "that first"
                )
            approval = self._new(asked, terms, weighed)
            seq = audit.append(session, request_act(approval, f"key:{asked.key}"), at)
            approval = replace(approval, seq=seq)
            session.add(approval_row(approval))
        return self._shown(session, (approval,), at, vocabulary)[0]

    def _new(self, asked: GrantAsked, terms: Terms, weighed: Weighed) -> Approval:
        decision, at, vocabulary = weighed.decision, weighed.at, terms.vocabulary
        if decision.verdict is not Verdict.NEEDS_APPROVAL or decision.approval is None:
            raise OverHeadroom(decision, asked.level, vocabulary.currency)
        level = decision.approval.level
        falls_back_at = None if level == vocabulary.ladder[-1] else at + self._life
        approval = Approval(
            id=f"apr_{secrets.token_urlsafe(12)}",
            at=at,
            falls_back_at=falls_back_at,
            expires_at=(falls_back_at or at) + self._life,
            parties=asked.parties,
            rep_level=asked.level,
            level=level,
            issue=asked.issue,
            remedy=asked.remedy.key,
            unit=asked.remedy.unit,
            amount=asked.amount,
            currency=vocabulary.currency,
            reason_code=asked.reason_code,
            comment=asked.comment,
            versions=terms.versions,
            suggestion=asked.suggestion,
            key=asked.key,
            facts=write_facts(asked.facts),
            case=case_hash(asked),
        )
        return replace(approval, hash=approval_hash(approval))

    def _open(self, session: Session, approval_id: str) -> tuple[Approval, datetime]:
        """A request that has not ended, under its locks; ApprovalSettled if it has."""
        lock_parties(session, find_approval(session, approval_id).parties)
        # Read again: what became of it while this waited counts.
        approval, at = find_approval(session, approval_id), audit.present(session, self._clock)
        state = approval.state(at)
        if state is not ApprovalState.PENDING:
            raise ApprovalSettled(f"the request is {state}: nothing more can become of it")
        return approval, at

    def _authority(
        self, session: Session, approval: Approval, by: str, vocabulary: Vocabulary
    ) -> str:
        """The level of who decides, as it is now; and who asked must still be somebody to give."""
        level = check_decider(find_person(session, by), approval, vocabulary.ladder)
        rep = find_person(session, approval.parties.rep or "")
        standing(rep, Standing(None, None), vocabulary.ladder)
        if rep is not None and rep.customer and rep.customer == approval.parties.customer:
            raise OwnBenefit
        return level

    def _grant(
        self, session: Session, approval: Approval, level: str, amount: int | None, terms: Terms
    ) -> Grant:
        """The grant that an approval becomes, at the level of who approves, as of now."""
        amount = approval.amount if amount is None else amount
        if not 1 <= amount <= approval.amount:
            detail = "must be more than 0, and at most what was asked for"
            raise InvalidInput([FieldProblem("/amount", "out_of_range", detail)])
        try:
            asked = asked_again(approval, terms.vocabulary, level, amount)
        except (KeyError, InvalidInput):
            raise ApprovalSettled(
                "the library that is live now does not know what was asked for: withdraw it, and "
                "ask anew"
            ) from None
        for scope, budget in needed_scopes(terms.budgets, asked.remedy).items():
            if asked.parties.of(scope) is None:
                raise ApprovalSettled(
                    f"the budget {budget} sums up by {scope} since, and none was named: withdraw "
                    "it, and ask anew"
                )
        weighed = self._ledger.weigh(session, asked, terms)
        return self._ledger.give(session, asked, terms, weighed)

    def _end(self, session: Session, approval: Approval, end: End, actor: str) -> Approval:
        end = replace(end, seq=audit.append(session, end_act(approval, end, actor), end.at))
        # The grant must stand before the row that names it: the database checks it at once.
        session.flush()
        session.add(end_row(approval.id, end))
        return replace(approval, end=end)

    @again_if_aborted
    def _expire(self, approval_id: str) -> bool:
        with self._database.writing() as session:
            lock_parties(session, find_approval(session, approval_id).parties)
            approval, at = find_approval(session, approval_id), audit.present(session, self._clock)
            if approval.end is not None or at < approval.expires_at:
                return False
            self._end(session, approval, End(ApprovalState.EXPIRED, at, ""), "clock")
            return True

    def _shown(
        self,
        session: Session,
        approvals: tuple[Approval, ...],
        at: datetime,
        vocabulary: Vocabulary,
    ) -> tuple[Shown, ...]:
        """Requests with whom they go to, as far as they are pending."""
        if all(one.state(at) is not ApprovalState.PENDING for one in approvals):
            return tuple(Shown(one, at, None) for one in approvals)
        # Nobody of the lowest level is ever asked.
        people = active_at(session, vocabulary.ladder[1:])
        away = delegations_on(session, vocabulary.day(at))
        return tuple(
            Shown(one, at, route(one, at, people, away, vocabulary.ladder))
            if one.state(at) is ApprovalState.PENDING
            else Shown(one, at, None)
            for one in approvals
        )


def _given(session: Session, approval: Approval, at: datetime) -> int:
    """How much of the grant that a request became still counts."""
    if approval.end is None or approval.end.grant is None:
        return 0
    return find_grant(session, approval.end.grant).counts(at)


def _status(shown: Shown) -> int:
    """Accepted while somebody has to decide; an earlier answer is an answer."""
    return ACCEPTED if shown.approval.state(shown.at) is ApprovalState.PENDING else OK
