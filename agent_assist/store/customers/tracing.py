"""Tracing: which rows are a customer's, in every table that can name one."""

from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime
from itertools import zip_longest
from typing import Any, TypeAlias

from sqlalchemy import null, or_, select
from sqlalchemy.orm import Session

from agent_assist.core.erasure import Named, Theirs, theirs
from agent_assist.store.database import Reads
from agent_assist.store.schema import (
    ApprovalRow,
    ContactRow,
    DecisionEntry,
    GrantRow,
    PersonRow,
    SuggestionEntry,
)

Table: TypeAlias = (
    type[ContactRow]
    | type[GrantRow]
    | type[ApprovalRow]
    | type[SuggestionEntry]
    | type[DecisionEntry]
)
_MOST = 10_000
"""Values of one statement: databases take no more than 32,766."""


@dataclass(frozen=True, slots=True)
class Trace:
    """The rows that are a customer's, by their keys.

    Attributes:
        theirs: which contacts and orders are.
        people: who works here and is the customer.
        suggestions: also those that only a grant or request of theirs names.
    """

    theirs: Theirs
    contacts: frozenset[str]
    grants: frozenset[str]
    approvals: frozenset[str]
    suggestions: frozenset[str]
    decisions: frozenset[str]
    people: frozenset[str]

    @property
    def is_empty(self) -> bool:
        """True if nobody ever said anything of them, or not under this id."""
        return not (self.contacts or self.is_logged or self.people)

    @property
    def is_logged(self) -> bool:
        """True if anything was asked or given for them."""
        return bool(self.grants or self.approvals or self.suggestions or self.decisions)


def trace(reads: Reads, customer: str) -> Trace:
    """All that is a customer's, as this transaction sees it.

    Reads all suggestions and decisions, which have no index by whom they are about.
    """
    contacts, orders = set[str](), set[str]()
    while True:
        found = {
            table: list(_naming(reads, table, customer, contacts, orders)) for table in _TABLES
        }
        mine = theirs(customer, {named for rows in found.values() for _, named, _ in rows})
        if mine.contacts <= contacts and mine.orders <= orders:
            break
        # Never less, for what turns out to be others' too must go on being looked at.
        contacts |= mine.contacts
        orders |= mine.orders
    covered = {
        table: [(key, suggestion) for key, named, suggestion in rows if mine.covers(named)]
        for table, rows in found.items()
    }
    named = (covered[table] for table in (GrantRow, ApprovalRow))
    suggestions = {one for rows in named for _, one in rows if one is not None}
    people = reads.scalars(select(PersonRow.id).where(PersonRow.customer == customer))
    return Trace(
        theirs=mine,
        contacts=_keys(covered[ContactRow]),
        grants=_keys(covered[GrantRow]),
        approvals=_keys(covered[ApprovalRow]),
        suggestions=_keys(covered[SuggestionEntry]) | suggestions,
        decisions=_keys(covered[DecisionEntry]),
        people=frozenset(people),
    )


def has_news(session: Session, found: Trace, since: datetime) -> bool:
    """Whether anything of a customer was written since it was traced."""
    of: dict[Table, frozenset[str]] = {
        ContactRow: found.contacts,
        GrantRow: found.grants,
        ApprovalRow: found.approvals,
        SuggestionEntry: found.suggestions,
        DecisionEntry: found.decisions,
    }
    ids = found.theirs.customer, found.theirs.contacts, found.theirs.orders
    return any(
        key not in known
        for table, known in of.items()
        for key, _, _ in _naming(session, table, *ids, since)
    )


def chunks(values: Iterable[Any]) -> Iterator[Sequence[Any]]:
    """Values in parts that one statement can name."""
    ordered = sorted(values)
    for start in range(0, len(ordered), _MOST):
        yield ordered[start : start + _MOST]


def _naming(
    reads: Reads,
    table: Table,
    whom: str,
    contacts: AbstractSet[str],
    orders: AbstractSet[str],
    since: datetime | None = None,
) -> Iterator[tuple[str, Named, str | None]]:
    """Key, whom it names, and which suggestion, of rows that name any of some ids.

    Of those that were written since an instant; a contact, which can be changed, at any time.
    """
    key, customer, contact, order, suggestion = _TABLES[table]
    rows = select(key, customer, contact, order, suggestion)
    if since is not None and not issubclass(table, ContactRow):
        rows = rows.where(table.at >= since)
    seen: set[str] = set()
    parts = zip_longest(chunks([whom]), chunks(contacts), chunks(orders))
    for part in parts:
        named = zip((customer, contact, order), part, strict=True)
        tests = [column.in_(values) for column, values in named if values]
        for one, whose, within, on, shown in reads.execute(rows.where(or_(*tests))):
            if one not in seen:
                seen.add(one)
                yield one, Named(whose, within, on), shown


def _keys(rows: Iterable[tuple[str, Any]]) -> frozenset[str]:
    return frozenset(key for key, _ in rows)


def _around(table: type[SuggestionEntry] | type[DecisionEntry]) -> tuple[Any, ...]:
    names = ("customer", "contact", "order")
    return (table.id, *(table.around[name].as_string() for name in names), null())


_TABLES: dict[Table, tuple[Any, ...]] = {
    ContactRow: (
        ContactRow.external_id,
        ContactRow.customer,
        ContactRow.external_id,
        null(),
        null(),
    ),
    GrantRow: (
        GrantRow.id,
        GrantRow.customer,
        GrantRow.contact,
        GrantRow.order,
        GrantRow.suggestion,
    ),
    ApprovalRow: (
        ApprovalRow.id,
        ApprovalRow.customer,
        ApprovalRow.contact,
        ApprovalRow.order,
        ApprovalRow.suggestion,
    ),
    SuggestionEntry: _around(SuggestionEntry),
    DecisionEntry: _around(DecisionEntry),
}
