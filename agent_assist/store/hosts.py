"""Hosts: the pages that may embed the panel, and the launch tokens that they have spent."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from agent_assist.core.errors import FieldProblem, InvalidInput, NotFound
from agent_assist.core.proofs import Means, Proof
from agent_assist.store import audit
from agent_assist.store.again import again_if_aborted
from agent_assist.store.clock import Clock
from agent_assist.store.database import Database
from agent_assist.store.locks import lock
from agent_assist.store.people import find_person
from agent_assist.store.schema import Base, HostRow, LaunchRow, SessionRow
from agent_assist.store.session_ends import end_sessions
from agent_assist.store.sessions import add_code

_LOCK = "hosts"
_LAUNCHES = Base.metadata.tables[LaunchRow.__tablename__]
_SPEND = {
    "sqlite": sqlite_insert(_LAUNCHES).on_conflict_do_nothing().returning(_LAUNCHES.c.token),
    "postgresql": postgres_insert(_LAUNCHES).on_conflict_do_nothing().returning(_LAUNCHES.c.token),
}


class HostKind(StrEnum):
    """Which messages a page speaks, and what it signs launch tokens with."""

    CHATWOOT = "chatwoot"
    ZENDESK = "zendesk"
    GENERIC = "generic"


@dataclass(frozen=True, slots=True)
class Host:
    """A page that may embed the panel.

    Attributes:
        origins: exactly these pages may embed it and exchange messages with it.
        salt: from which the shared secret follows; empty where the host has none.
        public_key: PEM; empty where the host has none.
        audience: what its tokens must be made out to; empty where it makes none.
    """

    id: str
    kind: HostKind
    origins: tuple[str, ...]
    salt: str = ""
    public_key: str = ""
    audience: str = ""


class HostStore:
    """Keeps hosts.

    Args:
        database: where they are kept.
        clock: the database's; see `store.clock`.
    """

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    @again_if_aborted
    def add(self, host: Host, by: str) -> None:
        """Keep a new host; InvalidInput if its id is taken."""
        with self._database.writing() as session:
            lock(session, [_LOCK])
            if session.get(HostRow, host.id) is not None:
                detail = "is taken: remove that host first, or choose another id"
                raise InvalidInput([FieldProblem("/id", "known", detail)])
            at = audit.present(session, self._clock)
            session.add(
                HostRow(
                    id=host.id,
                    kind=host.kind,
                    origins=list(host.origins),
                    salt=host.salt,
                    public_key=host.public_key,
                    audience=host.audience,
                    at=at,
                )
            )
            content = {"kind": host.kind, "origins": list(host.origins)}
            audit.append(session, audit.Act(by, "host.add", f"host:{host.id}", content), at)

    @again_if_aborted
    def remove(self, host_id: str, by: str) -> None:
        """Forget a host, and end the sessions that were opened in it; NotFound if there is none."""
        with self._database.writing() as session:
            lock(session, [_LOCK])
            row = session.get(HostRow, host_id)
            if row is None:
                raise NotFound("host", host_id[:80])
            session.delete(row)
            at = audit.present(session, self._clock)
            audit.append(session, audit.Act(by, "host.remove", f"host:{host_id}", {}), at)
            end_sessions(session, at, SessionRow.host == host_id, by=by, why="host removed")

    def find(self, host_id: str) -> Host | None:
        """The host with an id."""
        with self._database.reading() as session:
            row = session.get(HostRow, host_id)
            return None if row is None else _host(row)

    def all(self) -> tuple[Host, ...]:
        """Every host, by its id."""
        with self._database.reading() as session:
            rows = session.scalars(select(HostRow).order_by(HostRow.id))
            return tuple(_host(row) for row in rows)

    @again_if_aborted
    def spend(
        self,
        host: Host,
        token: str,
        person: str,
        *,
        expires_at: datetime,
        code: str,
        code_expires_at: datetime,
    ) -> bool:
        """Spend a launch token for a code; False if it was spent before, or names nobody.

        Args:
            host: that has signed it.
            token: what tells it from others.
            person: whom it names.
            expires_at: when it would be refused anyway.
            code: hash of the code that is given for it.
            code_expires_at: until when the code works.
        """
        with self._database.writing() as session:
            values = {"host": host.id, "token": token, "expires_at": expires_at}
            statement = _SPEND[session.get_bind().dialect.name]
            if session.execute(statement, values).first() is None:
                return False
            found = find_person(session, person)
            if found is None or not found.active:
                return False
            proof = Proof(Means.HOST, self._clock(session))
            add_code(session, code, found.id, host.id, code_expires_at, proof)
            return True

    @again_if_aborted
    def purge(self) -> None:
        """Forget launch tokens that have expired."""
        with self._database.logging() as session:
            past = LaunchRow.expires_at < self._clock(session)
            session.execute(delete(LaunchRow).where(past))


def _host(row: HostRow) -> Host:
    return Host(
        row.id, HostKind(row.kind), tuple(row.origins), row.salt, row.public_key, row.audience
    )
