"""Forgetting: rows of each kind without what says who the customer was; their figures stay."""

import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Table, bindparam, delete, insert, select, update
from sqlalchemy.orm import Session

from agent_assist.core.budgets import Scope
from agent_assist.store.approvals.records import read_approval
from agent_assist.store.customers.tracing import Trace, chunks
from agent_assist.store.ledger.records import entry_row_digest, row_digest
from agent_assist.store.once import GONE
from agent_assist.store.schema import (
    ApprovalEnd,
    ApprovalRow,
    Base,
    ContactRow,
    DecisionEntry,
    GrantEntry,
    GrantRow,
    OnceRow,
    OutcomeRow,
    PersonRow,
    ScopeLock,
    SuggestionEntry,
)

PREFIX = "erased-"
"""What every id that stands for an erased one begins with; see migration 23."""

_KEPT_AROUND = frozenset({"rep", "team", "channel", "locale"})


class Aliases:
    """What stands for a customer, their contacts and their orders from now on.

    It is random, and nothing keeps what it stands for. The same id has the same alias in every
    row, so that sums, windows and repeats are as they were.
    """

    def __init__(self, of: Trace) -> None:
        theirs = of.theirs
        self.customer = _alias()
        self.contacts = {one: _alias() for one in sorted(theirs.contacts)}
        self._by_scope: Mapping[str, Mapping[str, str]] = {
            Scope.CUSTOMER: {theirs.customer: self.customer},
            Scope.CONTACT: self.contacts,
            Scope.ORDER: {one: _alias() for one in sorted(theirs.orders)},
        }

    def of(self, scope: str, key: str | None) -> str | None:
        """What stands for an id; itself where it is not theirs alone."""
        return None if key is None else self._by_scope[scope].get(key, key)

    def parties(self, row: GrantRow | ApprovalRow) -> dict[str, str | None]:
        """The ids of a row as they are from now on."""
        return {scope: self.of(scope, getattr(row, scope)) for scope in self._by_scope}

    def around(self, around: Mapping[str, Any]) -> dict[str, Any]:
        """What stays of a log entry beside its answer: who, where, and no fact."""
        ids = {scope: self.of(scope, around[scope]) for scope in self._by_scope if scope in around}
        return {key: value for key, value in around.items() if key in _KEPT_AROUND} | ids

    def locked(self) -> set[str]:
        """The ids of the locks of all that they stand for."""
        return {f"{scope}:{one}" for scope, ids in self._by_scope.items() for one in ids}


class Forgotten:
    """The rows of a customer's grants and requests as they are to be, worked out before any act.

    Attributes:
        digests: of grants, captures and voids, and requests, by their places in the audit: what
            the audit is to remember of them from now on.
    """

    def __init__(self, session: Session, of: Trace, aliases: Aliases) -> None:
        self.digests: dict[int, str] = {}
        self._changes: dict[type[Base], list[dict[str, Any]]] = {}
        for grant in _rows(session, GrantRow, GrantRow.id, of.grants):
            left = {**aliases.parties(grant), "comment": None, "blind": ""}
            self._note(grant, {"id": grant.id}, left, row_digest)
        for entry in _rows(session, GrantEntry, GrantEntry.grant_id, of.grants):
            self._note(entry, {"seq": entry.seq}, {"reason": "", "blind": ""}, entry_row_digest)
        for asked in _rows(session, ApprovalRow, ApprovalRow.id, of.approvals):
            left = {**aliases.parties(asked), "comment": None, "case": None, "blind": ""}
            self._note(asked, {"id": asked.id}, left, lambda one: read_approval(one, None).hash)
        self._changes[ApprovalEnd] = [{"approval_id": one, "comment": None} for one in of.approvals]

    def write(self, session: Session) -> None:
        """Change the rows; the database lets it through where `erased` names them."""
        for table, changes in self._changes.items():
            if changes:
                _change(session, table, changes)

    def counts(self) -> dict[str, int]:
        """How many of each table."""
        return {
            table.__tablename__: len(changes)
            for table, changes in self._changes.items()
            if table is not ApprovalEnd
        }

    def _note(
        self,
        row: Any,
        key: Mapping[str, Any],
        left: Mapping[str, Any],
        digest: Callable[[Any], str],
    ) -> None:
        table = type(row)
        columns = {name: getattr(row, name) for name in table.__table__.columns.keys()}  # noqa: SIM118 - of columns, whose iteration gives no names
        self.digests[row.seq] = digest(table(**{**columns, **left}))
        self._changes.setdefault(table, []).append({**key, **left})


def forget_contacts(session: Session, of: Trace, aliases: Aliases) -> None:
    """Contacts under other ids, and outcomes without what somebody noted."""
    contacts, outcomes = _table(ContactRow), _table(OutcomeRow)
    for keys in chunks(of.contacts):
        noted = outcomes.c.contact.in_(keys), outcomes.c.note.is_not(None)
        session.execute(update(outcomes).where(*noted).values(note=None))
        named = contacts.c.external_id.in_(keys)
        rows = session.execute(select(contacts).where(named)).mappings().all()
        renamed, others = list[dict[str, Any]](), list[dict[str, Any]]()
        for row in rows:
            old = row["external_id"]
            new = aliases.of(Scope.CONTACT, old)
            customer = aliases.of(Scope.CUSTOMER, row["customer"])
            left = {**row, "external_id": new, "customer": customer}
            (others if new == old else renamed).append(left)
        if others:
            change = [{"external_id": o["external_id"], "customer": o["customer"]} for o in others]
            _change(session, ContactRow, change)
        if renamed:
            # An outcome names its contact: the new one must be there first.
            session.execute(insert(contacts), renamed)
            moved = update(outcomes).where(outcomes.c.contact == bindparam("old"))
            moves = [
                {"old": old, "new": aliases.contacts[old]}
                for old in keys
                if old in aliases.contacts
            ]
            session.execute(moved.values(contact=bindparam("new")), moves)
            gone = [move["old"] for move in moves]
            session.execute(delete(contacts).where(contacts.c.external_id.in_(gone)))


def forget_logs(session: Session, of: Trace, aliases: Aliases) -> None:
    """Suggestions and decisions without facts and texts."""
    for table, ids, more in (
        (SuggestionEntry, of.suggestions, {"texts": None}),
        (DecisionEntry, of.decisions, {}),
    ):
        columns = _table(table)
        for keys in chunks(ids):
            rows = select(columns.c.id, columns.c.around).where(columns.c.id.in_(keys))
            changes = [
                {"id": key, "around": aliases.around(around), **more}
                for key, around in session.execute(rows)
            ]
            if changes:
                _change(session, table, changes)


def forget_people(session: Session, of: Trace) -> None:
    """Who works here is no customer any more."""
    for keys in chunks(of.people):
        people = _table(PersonRow)
        session.execute(update(people).where(people.c.id.in_(keys)).values(customer=None))


def forget_answers(session: Session, of: Trace, aliases: Aliases) -> int:
    """Kept answers, of which only what they were about is left; gives how many there were."""
    answers = _table(OnceRow)
    gone = {"status": GONE, "body": b"", "request_hash": ""}
    number = 0
    for keys in chunks(of.grants | of.approvals | of.contacts):
        about = answers.c.subject.in_(keys)
        counted = select(answers.c.subject).where(about)
        number += len(session.scalars(counted).all())
        session.execute(update(answers).where(about).values(gone))
    for keys in chunks(aliases.contacts):
        moves = [{"old": old, "new": aliases.contacts[old]} for old in keys]
        moved = update(answers).where(answers.c.subject == bindparam("old"))
        session.execute(moved.values(subject=bindparam("new")), moves)
    return number


def forget_locks(session: Session, aliases: Aliases) -> None:
    """The names of locks, which hold ids as well; who waits for one makes it anew."""
    locks = _table(ScopeLock)
    for keys in chunks(aliases.locked()):
        session.execute(delete(locks).where(locks.c.id.in_(keys)))


def _alias() -> str:
    return PREFIX + secrets.token_hex(8)


def _table(kind: type[Base]) -> Table:
    return Base.metadata.tables[kind.__tablename__]


def _rows(session: Session, kind: type[Any], column: Any, ids: Iterable[str]) -> Iterator[Any]:
    for keys in chunks(ids):
        yield from session.scalars(select(kind).where(column.in_(keys)))


def _change(session: Session, kind: type[Base], changes: Sequence[Mapping[str, Any]]) -> None:
    """Change some columns of rows, which are named by their keys among these."""
    table = _table(kind)
    keys = {column.name for column in table.primary_key}
    named = [table.c[key] == bindparam(f"of_{key}") for key in sorted(keys)]
    values = {
        name: bindparam(f"new_{name}", type_=table.c[name].type)
        for name in changes[0]
        if name not in keys
    }
    session.execute(
        update(table).where(*named).values(values),
        [
            {f"of_{key}" if key in keys else f"new_{key}": value for key, value in one.items()}
            for one in changes
        ],
    )
