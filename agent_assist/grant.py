"""Grant: reserve, capture and void remedies against budgets; say what budgets have left."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TypeVar

from agent_assist.circumstances import StatedAmount
from agent_assist.core.budgets import Scope
from agent_assist.core.errors import FieldProblem, InvalidInput, NotFound
from agent_assist.core.facts import Facts, RawValue, read_facts
from agent_assist.core.grants import (
    OCCASIONS,
    BudgetHeadroom,
    EntryKind,
    Grant,
    GrantAsked,
    Parties,
    needed_scopes,
)
from agent_assist.core.people import EVERYTHING, OwnBenefit, Person, Sight, Standing, standing
from agent_assist.core.vocabulary import Remedy, Unit, Vocabulary
from agent_assist.library.cells import CellFault
from agent_assist.live import Snapshot
from agent_assist.store.ledger.ledger import Answer, Change, Ledger
from agent_assist.store.once import Once, StoredAnswer

T = TypeVar("T")

_POINTERS = {
    Scope.CONTACT: "/contact/external_id",
    Scope.ORDER: "/order/id",
    Scope.CUSTOMER: "/customer/id",
    Scope.REP: "/rep/id",
    Scope.TEAM: "/rep/team",
}


@dataclass(frozen=True, slots=True)
class GrantWanted:
    """A grant as it arrives: keys and amounts that nobody has read yet.

    Attributes:
        level: as the caller may state it; None for the lowest of the ladder. It counts, as the
            team does, where the server does not know the rep.
        key: id of the API key that asks.
    """

    issue: str
    remedy: str
    amount: StatedAmount
    reason_code: str
    comment: str | None = None
    facts: Mapping[str, RawValue] = field(default_factory=dict)
    level: str | None = None
    parties: Parties = field(default_factory=Parties)
    suggestion: str | None = None
    key: str = ""


@dataclass(frozen=True, slots=True)
class ChangeWanted:
    """A capture or void as it arrives; without an amount, all that is left."""

    grant_id: str
    amount: StatedAmount | None
    by: str
    reason: str = ""


class Granter:
    """Gives remedies, each request once.

    Args:
        ledger: where they are reserved.
        people: finds whom the server knows under a rep's id.
        vocabulary: of a version of the library.
    """

    def __init__(
        self,
        ledger: Ledger,
        *,
        people: Callable[[str], Person | None],
        vocabulary: Callable[[int], Vocabulary],
    ) -> None:
        self._ledger = ledger
        self._people = people
        self._vocabulary = vocabulary

    def grant(
        self, snapshot: Snapshot, wanted: GrantWanted, once: Once, answer: Answer
    ) -> StoredAnswer:
        """Reserve a grant.

        Raises:
            InvalidInput, RepInactive, OwnBenefit: see `read`.
            OverHeadroom: it may not be granted; nothing was reserved.
            StaleVersion: another version was published meanwhile; ask again with the new one.
            KeyReused, KeyInFlight: see `store.once`.
        """
        asked = self.read(snapshot, wanted)
        return self._ledger.reserve(asked, snapshot.terms(), once, answer)

    def read(self, snapshot: Snapshot, wanted: GrantWanted) -> GrantAsked:
        """What is wanted, as far as it can be judged without the ledger.

        Raises:
            InvalidInput: unknown keys, facts or amounts of the wrong form, a reason code that is
                not one of the remedy's, or an id missing that ceilings or budgets sum up by.
            RepInactive: the rep was deactivated.
            OwnBenefit: the rep is the customer.
        """
        return _Reading(snapshot, self._placed(wanted, snapshot.vocabulary)).asked()

    def capture(self, wanted: ChangeWanted, once: Once, answer: Answer) -> StoredAnswer:
        """Make a reservation final, whole or less; the rest is released.

        Raises:
            NotFound: there is no such grant.
            GrantSettled: it was captured or voided before, or has expired.
            InvalidInput: the amount cannot be read, or is more than is left.
            KeyReused, KeyInFlight: see `store.once`.
        """
        amount = self._stated(wanted)
        change = Change(wanted.grant_id, EntryKind.CAPTURE, amount, wanted.by, wanted.reason)
        return self._ledger.change(change, once, answer)

    def void(self, wanted: ChangeWanted, once: Once, answer: Answer) -> StoredAnswer:
        """Take back a grant or a part of it, reserved or captured; errors as for `capture`.

        What is captured stays (GrantSettled) where the library by which it was given has it that
        the remedy is not reversible.
        """
        grant, _ = self._ledger.find(wanted.grant_id)
        remedy = self._vocabulary(grant.versions.library).remedies[grant.remedy]
        change = Change(
            grant.id,
            EntryKind.VOID,
            self._stated(wanted),
            wanted.by,
            wanted.reason,
            reversible=remedy.reversible,
        )
        return self._ledger.change(change, once, answer)

    def find(self, grant_id: str, sight: Sight = EVERYTHING) -> tuple[Grant, datetime]:
        """A grant and the instant it was read; NotFound if none with that id is in sight."""
        grant, at = self._ledger.find(grant_id)
        if not sight.covers(grant.parties.rep, grant.parties.team):
            raise NotFound("grant", grant_id[:80])
        return grant, at

    def page(
        self,
        *,
        limit: int,
        before: int | None,
        customer: str | None,
        contact: str | None,
        sight: Sight = EVERYTHING,
    ) -> tuple[tuple[Grant, ...], datetime]:
        """Grants in sight, newest first, with `seq` below `before`; and when they were read."""
        return self._ledger.page(
            limit=limit, before=before, customer=customer, contact=contact, sight=sight
        )

    def headroom(
        self, snapshot: Snapshot, parties: Parties, level: str | None
    ) -> tuple[BudgetHeadroom, ...]:
        """What is left of each budget whose ids are given, at a level. Advice: see `Ledger.use`.

        Raises:
            InvalidInput: the level is not one of the library's.
        """
        known = snapshot.vocabulary.ladder
        if level is not None and level not in known:
            detail = f"must be one of {', '.join(known)}"
            raise InvalidInput([FieldProblem("level", "unknown_level", detail)])
        use = self._ledger.use(snapshot.terms(), parties)
        return tuple(
            BudgetHeadroom.at(level or known[0], budget, use)
            for budget in snapshot.budgets.budgets
            if budget.key in use.used
        )

    def _placed(self, wanted: GrantWanted, vocabulary: Vocabulary) -> GrantWanted:
        """The same with the level and team that the server knows of the rep."""
        parties = wanted.parties
        person = None if parties.rep is None else self._people(parties.rep)
        if person is not None and person.customer and person.customer == parties.customer:
            raise OwnBenefit
        known = standing(person, Standing(wanted.level, parties.team), vocabulary.ladder)
        return replace(wanted, level=known.level, parties=replace(parties, team=known.team))

    def _stated(self, wanted: ChangeWanted) -> int | None:
        if wanted.amount is None:
            return None
        grant, _ = self._ledger.find(wanted.grant_id)
        return _amount(wanted.amount, grant.unit, grant.currency)


class _Reading:
    """Reads a grant that is wanted; all problems of it are found at once."""

    def __init__(self, snapshot: Snapshot, wanted: GrantWanted) -> None:
        self._snapshot = snapshot
        self._vocabulary: Vocabulary = snapshot.vocabulary
        self._wanted = wanted
        self._problems: list[FieldProblem] = []

    def asked(self) -> GrantAsked:
        wanted, vocabulary = self._wanted, self._vocabulary
        facts, level = self._facts(), self._level()
        if wanted.issue not in vocabulary.issues:
            self._note("/issue", "unknown_issue", "is not an issue of this library")
        remedy = vocabulary.remedies.get(wanted.remedy)
        amount = 0
        if remedy is None:
            self._note("/remedy", "unknown_remedy", "is not a remedy of this library")
        else:
            amount = self._try(lambda: _amount(wanted.amount, remedy.unit, vocabulary.currency), 0)
            self._check_reason(remedy)
            self._check_parties(remedy)
        if self._problems or remedy is None:
            raise InvalidInput(self._problems)
        return GrantAsked(
            parties=wanted.parties,
            level=level,
            issue=wanted.issue,
            remedy=remedy,
            amount=amount,
            facts=facts,
            reason_code=wanted.reason_code,
            comment=wanted.comment,
            suggestion=wanted.suggestion,
            key=wanted.key,
        )

    def _facts(self) -> Facts:
        vocabulary = self._vocabulary
        nothing: Facts = {}
        return self._try(
            lambda: read_facts(self._wanted.facts, vocabulary.facts, vocabulary.currency), nothing
        )

    def _level(self) -> str:
        known = self._vocabulary.ladder
        level = self._wanted.level or known[0]
        if level not in known:
            self._note("/rep/level", "unknown_level", f"must be one of {', '.join(known)}")
        return level

    def _check_reason(self, remedy: Remedy) -> None:
        if self._wanted.reason_code not in remedy.reason_codes:
            codes = ", ".join(remedy.reason_codes)
            self._note("/reason_code", "unknown_reason_code", f"must be one of {codes}")

    def _check_parties(self, remedy: Remedy) -> None:
        """Every id that a budget sums up by must be known, or its sums would miss this grant."""
        parties = self._wanted.parties
        why = {
            scope: f"the budget {budget} sums up by {scope}"
            for scope, budget in needed_scopes(self._snapshot.budgets.budgets, remedy).items()
        }
        if all(parties.of(one) is None and one not in why for one in OCCASIONS):
            why[Scope.CONTACT] = "or an order's: ceilings are of all that is given in one of them"
        for scope, reason in why.items():
            if parties.of(scope) is None:
                self._note(_POINTERS[scope], "missing", f"is required: {reason}")

    def _try(self, read: Callable[[], T], otherwise: T) -> T:
        try:
            return read()
        except InvalidInput as invalid:
            self._problems += invalid.problems
            return otherwise

    def _note(self, pointer: str, code: str, detail: str) -> None:
        self._problems.append(FieldProblem(pointer, code, detail))


def _amount(stated: StatedAmount, unit: Unit, currency: str) -> int:
    """Whole parts of a unit; InvalidInput if it is not an amount above 0 in it."""
    try:
        return stated.read(unit, currency)
    except CellFault as fault:
        raise InvalidInput([FieldProblem("/amount", "bad_amount", str(fault))]) from None
