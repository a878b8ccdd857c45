"""Who acts on which draft, as a request says it."""

from typing import Protocol

from agent_assist.core.draft_rows import TableKind
from agent_assist.draft import Acting
from agent_assist.web.exchange import Exchange
from agent_assist.web.grants.shapes import ByGiven


class Signed(Protocol):
    """A body that says who acts."""

    @property
    def by(self) -> ByGiven:
        """Who."""


def acting_on(table: str, draft_id: str, body: Signed, now: Exchange, comment: str = "") -> Acting:
    """The person of the body, or of the session, with the edit that they have read.

    Raises:
        NotYourself: the session is another person's.
    """
    by = now.caller.named(body.by.id)
    return Acting(TableKind(table), draft_id, by, now.edit, comment)
