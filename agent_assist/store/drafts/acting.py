"""Acting on a draft, inside a transaction: locks, rules, rows and audit."""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy.orm import Session

from agent_assist.core.draft_rows import Changes
from agent_assist.core.drafts import DECIDING, ActKind, Draft, DraftAct, StaleEdit
from agent_assist.core.people import (
    LevelTooLow,
    UnknownPerson,
    above_lowest,
    check_acting,
    check_level,
)
from agent_assist.store import audit
from agent_assist.store.drafts.records import act_row, changed_since, draft_act, edit_rows
from agent_assist.store.locks import lock
from agent_assist.store.people import find_person


def append_act(
    session: Session, draft: Draft, act: DraftAct, changes: Changes, principal: str
) -> Draft:
    """The draft after an act, which is written with its changes and its audit entry."""
    seq = audit.append(session, draft_act(draft, act, changes, principal), act.at)
    session.add(act_row(draft.id, act, seq))
    session.flush()
    session.add_all(edit_rows(draft.id, act.number, changes))
    session.flush()
    return replace(draft, acts=(*draft.acts, act))


def check_act(
    session: Session,
    draft: Draft,
    kind: ActKind,
    by: str,
    edit: int | None,
    ladder: Sequence[str],
) -> None:
    """Refuse what may not be done to the draft now, and whoever may not do it.

    Raises:
        UnknownPerson, LevelTooLow: see `check_person`.
        DraftRefused, OwnApproval, StaleEdit: see `core.drafts`.
    """
    check_person(session, kind, by, ladder)
    draft.check(kind, by)
    if edit is not None and edit != draft.edit:
        changes = changed_since(session, draft, edit)
        raise StaleEdit(known=edit, edit=draft.edit, changed=changes)


def check_person(session: Session, kind: ActKind, by: str, ladder: Sequence[str]) -> None:
    """Refuse whoever may not do such a thing.

    Args:
        session: of the transaction.
        kind: what is to be done.
        by: id of who wants it.
        ladder: keys of the levels, lowest first.

    Raises:
        UnknownPerson: nobody active is known under the id.
        LevelTooLow: only others decide on limits, and they are of the lowest level.
    """
    person = find_person(session, by)
    if kind in DECIDING:
        check_level(person, above_lowest(ladder), ladder)
    check_acting(person)


def may(session: Session, kind: ActKind, by: str, ladder: Sequence[str]) -> bool:
    """Whether somebody may do such a thing now; arguments as those of `check_person`."""
    try:
        check_person(session, kind, by, ladder)
    except (UnknownPerson, LevelTooLow):
        return False
    return True


def lock_draft(session: Session, draft_id: str) -> None:
    """Wait until nobody else acts on the draft; before the lock of versions."""
    lock(session, [f"draft:{draft_id}"])
