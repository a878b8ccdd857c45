"""Acting on a draft, inside a transaction: locks, rules, rows and audit."""

from dataclasses import replace

from sqlalchemy.orm import Session

from agent_assist.core.draft_rows import Changes
from agent_assist.core.drafts import ActKind, Draft, DraftAct, StaleEdit
from agent_assist.core.people import check_acting
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


def check_act(session: Session, draft: Draft, kind: ActKind, by: str, edit: int | None) -> None:
    """Refuse what may not be done to the draft now, and whoever may not do it.

    Raises:
        UnknownPerson: nobody active is known under the id.
        DraftRefused, OwnApproval, StaleEdit: see `core.drafts`.
    """
    check_person(session, by)
    draft.check(kind, by)
    if edit is not None and edit != draft.edit:
        changes = changed_since(session, draft, edit)
        raise StaleEdit(known=edit, edit=draft.edit, changed=changes)


def check_person(session: Session, by: str) -> None:
    """Refuse whoever is not known, or has left (UnknownPerson)."""
    check_acting(find_person(session, by))


def lock_draft(session: Session, draft_id: str) -> None:
    """Wait until nobody else acts on the draft; before the lock of versions."""
    lock(session, [f"draft:{draft_id}"])
