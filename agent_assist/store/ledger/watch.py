"""The ledger watches itself: what is new is decided again, the past is compared in rounds.

A difference freezes every budget that counts the remedy concerned: see `freezes`.
"""

import random
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from agent_assist.core.budgets import Scope
from agent_assist.core.errors import AgentAssistError
from agent_assist.core.grants import Grant
from agent_assist.core.headroom import counts
from agent_assist.store.database import Database
from agent_assist.store.ledger.check import LedgerCheck, made_again
from agent_assist.store.ledger.erased import digests_since
from agent_assist.store.ledger.freezes import Freezes
from agent_assist.store.ledger.held import Held
from agent_assist.store.ledger.reading import with_entries
from agent_assist.store.ledger.records import entry_row_digest, row_digest
from agent_assist.store.ledger.subtotals import HOUR, differing, hour_of
from agent_assist.store.libraries import LibraryStore
from agent_assist.store.schema import AuditEntry, GrantEntry, GrantRow

_NEW = 200
"""Acts whose decisions are made again at once."""
_PAST = 5_000
"""Older acts that are compared with the audit in one run."""
_MOST_HELD = 2_000
_NARROW = frozenset({Scope.CONTACT, Scope.ORDER, Scope.CUSTOMER})


class LedgerDiffers(AgentAssistError):
    """The ledger is not as the audit has it; what rests on it gives nothing."""

    code = "ledger_differs"


@dataclass(frozen=True, slots=True)
class _Finding:
    """A difference, and the remedies whose sums it touches; None among them if nobody knows."""

    said: str
    remedies: frozenset[str | None]


class LedgerWatch:
    """Checks the ledger a part at a time and freezes budgets; for one process at a time.

    Every act since the last run is checked, with its decision: the sums of contact, order and
    customer added up anew, those of rep, team and organisation taken as they were recorded. Older
    acts are compared with the audit in rounds, the first of which begins anywhere, so that
    frequent restarts leave no part unseen.
    """

    def __init__(
        self, database: Database, libraries: LibraryStore, check: LedgerCheck, freezes: Freezes
    ) -> None:
        self._database = database
        self._libraries = libraries
        self._check = check
        self._freezes = freezes
        self._seen: int | None = None
        self._round = 0
        self._uncounted: dict[str, None] = {}

    def run(self) -> None:
        """Check what is due, and freeze what it concerns.

        Raises:
            LedgerDiffers: a budget is frozen, or something that no budget counts differs.
        """
        newest = self._newest()
        if self._seen is None:
            self._seen = max(newest - _PAST, 0)
            self._round = random.randint(0, self._seen)  # noqa: S311 - nothing to be guessed
        while self._seen < newest:
            last = min(self._seen + _NEW, newest)
            self._freeze([*self._compared(self._seen, last), *self._decided(self._seen, last)])
            self._seen = last
        self._freeze(self._compared(self._round, self._round + _PAST))
        self._round = 0 if self._round + _PAST >= newest else self._round + _PAST
        self._tell()

    def _newest(self) -> int:
        with self._database.reading() as session:
            return session.scalars(select(func.max(AuditEntry.seq))).one() or 0

    def _compared(self, after: int, last: int) -> list[_Finding]:
        """What of some acts the ledger does not hold as the audit remembers it."""
        with self._database.reading() as session:
            try:
                return [*_against_audit(session, after, last), *_subtotals(session, after, last)]
            except (ValueError, TypeError, ArithmeticError):
                # Rows that are not even of their type: nobody can tell what they were.
                said = f"the ledger cannot be read from entry {after + 1} to {last} of the audit"
                return [_Finding(said, frozenset({None}))]

    def _decided(self, after: int, last: int) -> list[_Finding]:
        """Which grants of some acts would not be given again."""
        try:
            with self._database.reading() as session:
                grants, held = _with_neighbours(session, after, last)
            found = [
                _Finding(f"{grant.id}: {one.what}", frozenset({grant.remedy}))
                for grant in grants
                for one in made_again(grant, held, self._check.terms_of(grant.versions), _NARROW)
            ]
        except (ValueError, TypeError, KeyError, ArithmeticError, AttributeError):
            said = f"grants from entry {after + 1} to {last} of the audit cannot be decided again"
            return [_Finding(said, frozenset({None}))]
        return found

    def _freeze(self, findings: Iterable[_Finding]) -> None:
        found: dict[str, list[str]] = {}
        for one in findings:
            budgets = self._counting(one.remedies)
            for budget in budgets:
                found.setdefault(budget, []).append(one.said)
            if not budgets:
                self._uncounted[one.said] = None
        if found:
            self._freezes.freeze(found)

    def _counting(self, remedies: frozenset[str | None]) -> list[str]:
        """The live budgets that count a grant of any of the remedies; all if one is not known."""
        versions = self._libraries.current()
        if not versions.library:
            return []
        terms = self._check.terms_of(versions)
        known = [terms.vocabulary.remedies.get(key) for key in remedies if key is not None]
        sure = len(known) == len(remedies)
        return [
            budget.key
            for budget in terms.budgets
            if not sure or any(one is None or counts(budget, one) for one in known)
        ]

    def _tell(self) -> None:
        frozen = [one.budget for one in self._freezes.frozen()]
        if frozen:
            raise LedgerDiffers(
                f"the ledger differs from the audit, so these budgets give nothing: "
                f"{', '.join(frozen)}. Run `agent-assist ledger check`; then `agent-assist ledger "
                "release BUDGET --reason …`"
            )
        if self._uncounted:
            raise LedgerDiffers(
                f"the ledger differs from the audit ({len(self._uncounted)} findings) where no "
                "budget counts: run `agent-assist ledger check`; subtotals are mended by "
                "`agent-assist ledger recount`"
            )


def _against_audit(session: Session, after: int, last: int) -> Iterator[_Finding]:
    acts = {
        seq: (subject, content)
        for seq, subject, content in session.execute(
            select(AuditEntry.seq, AuditEntry.subject, AuditEntry.content).where(
                AuditEntry.seq > after, AuditEntry.seq <= last, AuditEntry.act.startswith("grant.")
            )
        )
    }
    held: dict[int, tuple[str, str]] = {}
    for row in session.scalars(select(GrantRow).where(GrantRow.seq > after, GrantRow.seq <= last)):
        held[row.seq] = (row.id, row_digest(row))
    for entry in session.scalars(
        select(GrantEntry).where(GrantEntry.seq > after, GrantEntry.seq <= last)
    ):
        held[entry.seq] = (entry.grant_id, entry_row_digest(entry))
    erased = digests_since(session, held)
    for seq, (grant, digest) in held.items():
        subject, content = acts.get(seq, ("", {}))
        if (subject, erased.get(seq, content.get("digest"))) != (grant, digest):
            # The digest too: what is changed again after a release is found again.
            said = f"{grant}: is not what entry {seq} of the audit remembers, but {digest[:16]}"
            yield _Finding(said, _remedies(session, (grant, subject), content))
    for seq in sorted(acts.keys() - held.keys()):
        subject, content = acts[seq]
        said = f"{subject}: entry {seq} of the audit is not in the ledger"
        yield _Finding(said, _remedies(session, (subject,), content))


def _subtotals(session: Session, after: int, last: int) -> Iterator[_Finding]:
    """The subtotals of the hours from the last grant before some acts to the first after them.

    So the parts of a round leave out no hour, though nothing was granted in it.
    """
    before = select(GrantRow.at).where(GrantRow.seq <= after).order_by(GrantRow.seq.desc())
    later = select(GrantRow.at).where(GrantRow.seq > last).order_by(GrantRow.seq)
    first, end = session.scalar(before.limit(1)), session.scalar(later.limit(1))
    since = None if first is None else hour_of(first)
    until = None if end is None else hour_of(end) + HOUR
    for remedy, said in differing(session, since, until):
        yield _Finding(said, frozenset({remedy}))


def _remedies(
    session: Session, grants: Iterable[str], content: Mapping[str, Any]
) -> frozenset[str | None]:
    """The remedies of grants, as the ledger and the audit have them."""
    rows = select(GrantRow.remedy).where(GrantRow.id.in_(list(grants)))
    found: set[str | None] = set(session.scalars(rows))
    if "remedy" in content:
        found.add(content["remedy"])
    return frozenset(found or {None})


def _with_neighbours(session: Session, after: int, last: int) -> tuple[tuple[Grant, ...], Held]:
    """The grants of some acts, and all of the same contacts, orders and customers.

    None where there are too many of those: it would take too long, beside requests.
    """
    of_acts = select(GrantRow).where(GrantRow.seq > after, GrantRow.seq <= last)
    rows = session.scalars(of_acts).all()
    ids = (
        (GrantRow.contact, {row.contact for row in rows}),
        (GrantRow.order, {row.order for row in rows}),
        (GrantRow.customer, {row.customer for row in rows}),
    )
    same = or_(*(column.in_(sorted(some - {None})) for column, some in ids))
    neighbours = session.scalars(
        select(GrantRow).where(same, GrantRow.seq <= last).limit(_MOST_HELD + 1)
    ).all()
    if len(neighbours) > _MOST_HELD:
        return (), Held(())
    grants = with_entries(session, neighbours)
    return tuple(one for one in grants if one.seq > after), Held(grants)
