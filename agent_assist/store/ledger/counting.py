"""What of a grant counts, as SQL: what is left of it while it stands."""

from sqlalchemy import ColumnElement, and_, bindparam, case, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from agent_assist.core.budgets import Scope
from agent_assist.core.grants import EntryKind
from agent_assist.core.vocabulary import RemedyKind, Unit
from agent_assist.store.schema import GrantEntry, GrantRow, Instant, SubtotalRow

COLUMNS: dict[Scope, InstrumentedAttribute[str | None]] = {
    Scope.CONTACT: GrantRow.contact,
    Scope.ORDER: GrantRow.order,
    Scope.CUSTOMER: GrantRow.customer,
    Scope.REP: GrantRow.rep,
    Scope.TEAM: GrantRow.team,
}


def totals() -> tuple[ColumnElement[int], ColumnElement[int]]:
    """Minor units, and how many grants."""
    left = still_counting()
    return (
        func.coalesce(func.sum(case((is_money(GrantRow), left), else_=0)), 0),
        func.coalesce(func.sum(case((left > 0, 1), else_=0)), 0),
    )


def is_money(of: type[GrantRow] | type[SubtotalRow]) -> ColumnElement[bool]:
    """Money in the organisation's currency."""
    return and_(of.unit == Unit.MONEY.value, of.currency == bindparam("currency"))


def still_counting() -> ColumnElement[int]:
    """How much of a grant was not released since."""
    released = (
        select(func.coalesce(func.sum(GrantEntry.released), 0))
        .where(GrantEntry.grant_id == GrantRow.id)
        .correlate(GrantRow)
        .scalar_subquery()
    )
    return GrantRow.amount - released


def standing() -> ColumnElement[bool]:
    """Captured, or reserved and not expired."""
    return or_(unexpired(), captured())


def captured() -> ColumnElement[bool]:
    """Captured, whatever was voided since."""
    return (
        select(GrantEntry.seq)
        .where(GrantEntry.grant_id == GrantRow.id, GrantEntry.kind == EntryKind.CAPTURE.value)
        .correlate(GrantRow)
        .exists()
    )


def unexpired() -> ColumnElement[bool]:
    """Whatever became of it, its reservation would still hold."""
    return GrantRow.expires_at > bindparam("at", type_=Instant())


def of_remedies(
    remedies: frozenset[str], of: type[GrantRow] | type[SubtotalRow] = GrantRow
) -> ColumnElement[bool]:
    """Grants that a budget counts, by the remedies it names; all goodwill if it names none."""
    if remedies:
        # Not IN, which is written out anew each time the statement runs.
        return or_(*(of.remedy == remedy for remedy in sorted(remedies)))
    return of.kind == RemedyKind.GOODWILL.value
