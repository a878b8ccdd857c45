"""Contacts that were told one of two wordings, with what became of them."""

from datetime import datetime

from sqlalchemy import and_, select

from agent_assist.core.repeats import Window, settles_at
from agent_assist.core.wording_trial import Assigned
from agent_assist.core.wordings import Wording
from agent_assist.store.database import Database
from agent_assist.store.days import newest_outcomes, repeated
from agent_assist.store.figures.contacts import escalated
from agent_assist.store.schema import ContactRow, SuggestionEntry

_CONTACT = SuggestionEntry.around["contact"].as_string()
_NO_ISSUE = ("",)
"""What a contact that names no issue counts as about: the library's own window settles it."""


class WordingStore:
    """Reads what became of contacts that were assigned a wording."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def assigned(self, pair: str, team: str | None, window: Window, at: datetime) -> list[Assigned]:
        """All contacts of a pair that somebody described, of a team or of all for None.

        Each counts once, however many suggestions it was answered with.

        Args:
            pair: its key; see `core.wordings.pair_of`.
            team: whose contacts.
            window: tells how long which issue may be repeated.
            at: the present.
        """
        of_pair = select(_CONTACT).where(SuggestionEntry.pair == pair)
        whose = [] if team is None else [ContactRow.team == team]
        told = and_(ContactRow.external_id.in_(of_pair), *whose)
        columns = ContactRow.external_id, ContactRow.opened_at, ContactRow.issues
        with self._database.reading() as session:
            wordings = select(_CONTACT, SuggestionEntry.wording).distinct()
            wording = {
                contact: Wording(which)
                for contact, which in session.execute(wordings.where(SuggestionEntry.pair == pair))
            }
            found = session.execute(select(*columns, ContactRow.customer).where(told)).all()
            ended = newest_outcomes(session, told)
            back = repeated(session, told, window)
            asked = escalated(session, told)
        return [
            Assigned(
                wording=wording[contact],
                settled=settles_at(opened, issues or _NO_ISSUE, window) < at,
                named=customer is not None,
                repeated=contact in back,
                ended=contact in ended,
                resolved=contact in ended and ended[contact][0],
                escalated=contact in asked,
            )
            for contact, opened, issues, customer in found
        ]
