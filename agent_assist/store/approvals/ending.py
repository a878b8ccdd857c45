"""Ending: is a request still open, may this person decide on it, and what is then written."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from agent_assist.core.approvals import Approval, ApprovalSettled, ApprovalState, End
from agent_assist.core.deciders import check_asker, check_decider
from agent_assist.core.errors import FieldProblem, InvalidInput
from agent_assist.core.grants import GrantAsked, Terms, needed_scopes
from agent_assist.core.vocabulary import Vocabulary
from agent_assist.store import audit
from agent_assist.store.approvals.reading import find_approval
from agent_assist.store.approvals.records import asked_again, end_act, end_row
from agent_assist.store.clock import Clock
from agent_assist.store.ledger.locking import lock_parties
from agent_assist.store.people import find_person


def open_request(session: Session, approval_id: str, clock: Clock) -> tuple[Approval, datetime]:
    """A request that has not ended, under its locks; ApprovalSettled if it has."""
    lock_parties(session, find_approval(session, approval_id).parties)
    # Read again: what became of it while this waited counts.
    approval, at = find_approval(session, approval_id), audit.present(session, clock)
    state = approval.state(at)
    if state is not ApprovalState.PENDING:
        raise ApprovalSettled(f"the request is {state}: nothing more can become of it")
    return approval, at


def authority(session: Session, approval: Approval, by: str, vocabulary: Vocabulary) -> str:
    """The level of who decides, as it is now; and who asked must still be somebody to give."""
    level = check_decider(find_person(session, by), approval, vocabulary.ladder)
    check_asker(find_person(session, approval.parties.rep or ""), approval, vocabulary.ladder)
    return level


def approved(approval: Approval, level: str, amount: int | None, terms: Terms) -> GrantAsked:
    """What is to be granted of a request, at the level of who approves, as of now.

    Raises:
        InvalidInput: it is more than was asked for.
        ApprovalSettled: by these terms it cannot be said any more what was asked for.
    """
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
    return asked


def end_request(session: Session, approval: Approval, end: End, actor: str) -> Approval:
    """The request with its end, which is written."""
    end = replace(end, seq=audit.append(session, end_act(approval, end, actor), end.at))
    # The grant must stand before the row that names it: the database checks it at once.
    session.flush()
    session.add(end_row(approval.id, end))
    return replace(approval, end=end)
