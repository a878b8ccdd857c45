"""How sessions end: by those they belong to, with the person, or because a secret was copied."""

from datetime import datetime

from sqlalchemy import ColumnElement, delete, update
from sqlalchemy.orm import Session

from agent_assist.store import audit
from agent_assist.store.schema import CodeRow, InvitationRow, SessionRow, SignInRow


def end_sessions(
    session: Session, at: datetime, which: ColumnElement[bool], *, by: str, why: str
) -> int:
    """End the sessions that go on among some, in the caller's transaction; gives how many."""
    ended = session.scalars(
        update(SessionRow)
        .where(which, SessionRow.ended_at.is_(None), SessionRow.expires_at > at)
        .values(ended_at=at)
        .returning(SessionRow.id)
    ).all()
    for session_id in ended:
        audit.append(session, audit.Act(by, "session.end", session_id, {"why": why}), at)
    return len(ended)


def end_all_of(session: Session, at: datetime, person: str, *, by: str, why: str) -> None:
    """End every way in that is open to a person: sessions, browsers, codes, an invitation."""
    end_sessions(session, at, SessionRow.person == person, by=by, why=why)
    end_sign_ins(session, at, person)
    session.execute(delete(CodeRow).where(CodeRow.person == person, CodeRow.used_at.is_(None)))
    session.execute(delete(InvitationRow).where(InvitationRow.person == person))


def end_sign_ins(session: Session, at: datetime, person: str) -> None:
    """End what a person's browsers are let in by; panels that are open go on."""
    open_ones = (SignInRow.person == person, SignInRow.ended_at.is_(None))
    session.execute(update(SignInRow).where(*open_ones).values(ended_at=at))
