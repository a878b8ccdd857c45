"""Which locks a grant needs: one for each id that some budget may sum up by."""

from sqlalchemy.orm import Session

from agent_assist.core.budgets import Scope
from agent_assist.core.grants import Parties
from agent_assist.store.locks import lock


def lock_parties(session: Session, parties: Parties) -> None:
    """Wait until nobody else grants, captures or voids within any of the scopes.

    All of them, and not only those of today's budgets: another process may still decide by
    budgets of an older version.
    """
    named = ((scope, parties.of(scope)) for scope in Scope)
    lock(session, [f"{scope}:{key}" for scope, key in named if key is not None])
