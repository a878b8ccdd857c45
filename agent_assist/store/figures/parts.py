"""Parts: what is counted by the day, each by itself, and which acts of the audit change it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from agent_assist.store.figures.changes import CONTACTS, SUGGESTIONS
from agent_assist.store.figures.contacts import count_contacts
from agent_assist.store.figures.days import Basis, Rows
from agent_assist.store.figures.grants import count_approvals, count_grants
from agent_assist.store.figures.suggestions import count_suggestions
from agent_assist.store.schema import (
    ApprovalEnd,
    ApprovalFigure,
    ApprovalRow,
    Base,
    ContactFigure,
    ContactRow,
    GrantEntry,
    GrantFigure,
    GrantRow,
    HelpFigure,
    PolicyFigure,
    StakeFigure,
    SuggestionEntry,
    SuggestionFigure,
)


@dataclass(frozen=True, slots=True)
class Part:
    """Figures that are counted together.

    Attributes:
        name: in notes.
        tables: where they are kept.
        count: gives those of a day.
        at: an instant of the day of each of its records.
        acts: which records an act of the audit changes: a selection of such instants, and the
            column of the act's place.
        fades: whether its records are kept only so long, and its figures longer.
    """

    name: str
    tables: Sequence[type[Base]]
    count: Callable[[Session, Basis, date], Rows]
    at: Any
    acts: Sequence[tuple[Select[Any], Any]]
    fades: bool = False


_GIVEN_IN = select(ContactRow.opened_at).join(GrantRow, GrantRow.contact == ContactRow.external_id)
_ASKED = select(ApprovalRow.at).join(ApprovalEnd, ApprovalEnd.approval_id == ApprovalRow.id)

CONTACT_PART = Part(
    name=CONTACTS,
    tables=(ContactFigure, PolicyFigure, StakeFigure),
    count=count_contacts,
    at=ContactRow.opened_at,
    acts=(
        (
            select(ContactRow.opened_at).join(
                ApprovalRow, ApprovalRow.contact == ContactRow.external_id
            ),
            ApprovalRow.seq,
        ),
        (_GIVEN_IN, GrantRow.seq),
        (_GIVEN_IN.join(GrantEntry, GrantEntry.grant_id == GrantRow.id), GrantEntry.seq),
    ),
)
GRANT_PART = Part(
    name="grants",
    tables=(GrantFigure,),
    count=count_grants,
    at=GrantRow.at,
    acts=(
        (select(GrantRow.at), GrantRow.seq),
        (
            select(GrantRow.at).join(GrantEntry, GrantEntry.grant_id == GrantRow.id),
            GrantEntry.seq,
        ),
    ),
)
APPROVAL_PART = Part(
    name="approvals",
    tables=(ApprovalFigure,),
    count=count_approvals,
    at=ApprovalRow.at,
    acts=(
        (select(ApprovalRow.at), ApprovalRow.seq),
        (_ASKED, ApprovalEnd.seq),
        (
            _ASKED.join(GrantEntry, GrantEntry.grant_id == ApprovalEnd.grant_id),
            GrantEntry.seq,
        ),
    ),
)
SUGGESTION_PART = Part(
    name=SUGGESTIONS,
    tables=(SuggestionFigure, HelpFigure),
    count=count_suggestions,
    at=SuggestionEntry.at,
    acts=(),
    fades=True,
)
PARTS = (CONTACT_PART, GRANT_PART, APPROVAL_PART, SUGGESTION_PART)
