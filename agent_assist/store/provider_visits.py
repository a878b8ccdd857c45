"""Visits to the identity provider: each comes back once, soon, or never."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete

from agent_assist.store.again import again_if_aborted
from agent_assist.store.clock import Clock
from agent_assist.store.database import Database
from agent_assist.store.schema import ProviderVisitRow


@dataclass(frozen=True, slots=True)
class Visit:
    """What somebody was sent to the provider for.

    Attributes:
        place, popup: what they want to sign in for.
        again: whether they are to show anew who they are.
    """

    place: str
    popup: bool
    again: bool


class ProviderVisitStore:
    """Keeps visits, by hashes of what comes back with them."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    @again_if_aborted
    def begin(self, state: str, visit: Visit, life: timedelta) -> None:
        """Keep a visit; those that are too old are forgotten."""
        with self._database.writing() as session:
            at = self._clock(session)
            old = ProviderVisitRow.expires_at < at
            session.execute(delete(ProviderVisitRow).where(old))
            session.add(
                ProviderVisitRow(
                    state=state,
                    place=visit.place,
                    popup=visit.popup,
                    again=visit.again,
                    expires_at=at + life,
                )
            )

    @again_if_aborted
    def end(self, state: str) -> Visit | None:
        """The visit that came back; None if it did before, took too long, or never was."""
        # One statement, so that of two who come back with one state one gets in.
        ended = (
            delete(ProviderVisitRow)
            .where(ProviderVisitRow.state == state)
            .returning(
                ProviderVisitRow.place,
                ProviderVisitRow.popup,
                ProviderVisitRow.again,
                ProviderVisitRow.expires_at,
            )
        )
        with self._database.writing() as session:
            row = session.execute(ended).one_or_none()
            if row is None or row.expires_at <= self._clock(session):
                return None
            return Visit(row.place, row.popup, row.again)
