"""Deliveries: which events wait for which webhook, and what became of each."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, exists, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from agent_assist.core.errors import NotFound
from agent_assist.core.webhooks import (
    OFF_AFTER,
    Answer,
    Delivery,
    DeliveryState,
    Endpoint,
    is_of,
    next_try,
    rest,
)
from agent_assist.store.again import again_if_aborted
from agent_assist.store.clock import Clock
from agent_assist.store.database import Database
from agent_assist.store.events import TYPES
from agent_assist.store.schema import AuditEntry, Base, DeliveryRow, WebhookRow
from agent_assist.store.webhooks.records import read_delivery, read_endpoint

HELD = timedelta(seconds=60)
"""For so long one sender has a webhook to itself, and longer with each message that it sends."""
_MOST_WAITING = 500
"""More are read from the audit when there is room: one that is away for days fills no disk."""
_AT_ONCE = 200
_DOWN = 3
"""Failures in a row that no single message is the reason of."""

_WAITING, _DELIVERED, _FAILED = (one.value for one in DeliveryState)
_DELIVERIES = Base.metadata.tables[DeliveryRow.__tablename__]
_PUT = {
    "sqlite": sqlite_insert(_DELIVERIES).on_conflict_do_nothing(),
    "postgresql": postgres_insert(_DELIVERIES).on_conflict_do_nothing(),
}
_NEWEST = select(func.coalesce(func.max(AuditEntry.seq), 0))


@dataclass(frozen=True, slots=True)
class Due:
    """A delivery whose time has come, with where it goes, as that is now."""

    endpoint: Endpoint
    delivery: Delivery
    at: datetime


@dataclass(frozen=True, slots=True)
class Line:
    """How many deliveries of a webhook wait, and how many have failed."""

    waiting: int = 0
    failed: int = 0


class DeliveryStore:
    """Keeps deliveries.

    A power cut may undo what was last written here: then something is sent twice, under its id.

    Args:
        database: where they are kept.
        clock: the database's; see `store.clock`.
    """

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def ready(self) -> tuple[str, ...]:
        """Ids of the webhooks for which there is something to do, and that nobody serves."""
        with self._database.glancing() as reads:
            at = self._clock(reads)
            due = exists().where(
                DeliveryRow.webhook == WebhookRow.id,
                DeliveryRow.state == _WAITING,
                DeliveryRow.next_at <= at,
            )
            behind = WebhookRow.seq < _NEWEST.scalar_subquery()
            rows = select(WebhookRow.id).where(*_free(at), or_(behind, due))
            return tuple(reads.scalars(rows.order_by(WebhookRow.id)))

    @again_if_aborted
    def hold(self, webhook: str) -> bool:
        """Have a webhook to oneself until `release`, a failure or HELD; False if another has it."""
        with self._database.logging() as writes:
            at = self._clock(writes)
            taken = update(WebhookRow).where(WebhookRow.id == webhook, *_free(at))
            return writes.execute(taken.values(rests_until=at + HELD)).rowcount == 1

    @again_if_aborted
    def release(self, webhook: str) -> None:
        """Let others serve a webhook that was held; after a failure it rests instead."""
        with self._database.logging() as writes:
            held = update(WebhookRow).where(WebhookRow.id == webhook)
            writes.execute(held.values(rests_until=None))

    @again_if_aborted
    def line_up(self, webhook: str) -> None:
        """Put new events in line for a webhook, as far as there is room."""
        with self._database.logging() as writes:
            wanted = select(WebhookRow.seq, WebhookRow.types).where(WebhookRow.id == webhook)
            found = writes.execute(wanted).one_or_none()
            waiting = select(func.count()).where(
                DeliveryRow.webhook == webhook, DeliveryRow.state == _WAITING
            )
            room = min(_AT_ONCE, _MOST_WAITING - writes.execute(waiting).scalar_one())
            if found is None or room <= 0:
                return
            # Looked at first: acts are placed in the order of their commits, so all of them up to
            # it are seen.
            newest = writes.execute(_NEWEST).scalar_one()
            acts = [act for act, type_ in TYPES.items() if is_of(type_, found.types)]
            rows = select(AuditEntry.seq, AuditEntry.act, AuditEntry.at).where(
                AuditEntry.seq > found.seq, AuditEntry.seq <= newest, AuditEntry.act.in_(acts)
            )
            new = writes.execute(rows.order_by(AuditEntry.seq).limit(room)).all()
            if new:
                at = self._clock(writes)
                line = [_new(webhook, one.seq, TYPES[one.act], one.at, at) for one in new]
                writes.execute(_PUT[writes.dialect.name], line)
            read = new[-1].seq if len(new) == room else newest
            # Unless somebody has put it back meanwhile, so that all is read again.
            moved = update(WebhookRow).where(WebhookRow.id == webhook, WebhookRow.seq == found.seq)
            writes.execute(moved.values(seq=read))

    def next(self, webhook: str) -> Due | None:
        """The first event in line whose time has come; None if there is none, or it is off."""
        with self._database.reading() as session:
            at = self._clock(session)
            row = session.get(WebhookRow, webhook)
            if row is None or row.off is not None:
                return None
            line = select(DeliveryRow).where(
                DeliveryRow.webhook == webhook,
                DeliveryRow.state == _WAITING,
                DeliveryRow.next_at <= at,
            )
            first = session.scalars(line.order_by(DeliveryRow.seq).limit(1)).first()
            if first is None:
                return None
            return Due(read_endpoint(row), read_delivery(first), at)

    @again_if_aborted
    def tried(self, webhook: str, seq: int, answer: Answer, jitter: int) -> bool:
        """Note what became of a try; True if the webhook has now failed for OFF_AFTER.

        Pauses are longer by so many percent of jitter, 0 to MOST_JITTER.
        """
        with self._database.logging() as writes:
            at = self._clock(writes)
            rows = (
                select(
                    DeliveryRow.tries,
                    WebhookRow.failures,
                    WebhookRow.failing_since,
                    WebhookRow.off,
                )
                .join(WebhookRow, WebhookRow.id == DeliveryRow.webhook)
                .where(DeliveryRow.webhook == webhook, DeliveryRow.seq == seq)
            )
            found = writes.execute(rows).one_or_none()
            if found is None:  # the webhook was removed meanwhile
                return False
            fault = answer.fault and answer.fault.value
            told = {"at": at, "status": answer.status, "fault": fault, "ms": answer.ms}
            tries, failures = found.tries + 1, found.failures + 1
            if answer.is_taken:
                _note(writes, webhook, seq, told, _DELIVERED, tries, None)
                _stands(writes, webhook, 0, None, at + HELD)
                if found.failures >= _DOWN:
                    _pull_forward(writes, webhook, at)
                return False
            again = None if found.off else next_try(tries, at, jitter)
            state = _FAILED if again is None else _WAITING
            _note(writes, webhook, seq, told, state, tries, again)
            since = found.failing_since or at
            _stands(writes, webhook, failures, since, rest(failures, at, jitter))
            return bool(at - since >= OFF_AFTER)

    def lines(self) -> Mapping[str, Line]:
        """How many wait and how many have failed, by the id of the webhook."""
        counts = (
            select(DeliveryRow.webhook, DeliveryRow.state, func.count())
            .where(DeliveryRow.state.in_((_WAITING, _FAILED)))
            .group_by(DeliveryRow.webhook, DeliveryRow.state)
        )
        found: dict[str, dict[str, int]] = {}
        with self._database.glancing() as reads:
            for webhook, state, count in reads.execute(counts):
                found.setdefault(webhook, {})[state] = count
        return {key: Line(one.get(_WAITING, 0), one.get(_FAILED, 0)) for key, one in found.items()}

    def page(
        self, webhook: str, *, state: DeliveryState | None, limit: int, before: int | None
    ) -> tuple[Delivery, ...]:
        """Deliveries of a webhook, the newest events first; NotFound if there is no such webhook.

        Of all states for None; of events before one, None for the newest.
        """
        rows = select(DeliveryRow).where(DeliveryRow.webhook == webhook)
        if state is not None:
            rows = rows.where(DeliveryRow.state == state.value)
        if before is not None:
            rows = rows.where(DeliveryRow.seq < before)
        with self._database.reading() as session:
            if session.get(WebhookRow, webhook) is None:
                raise NotFound("webhook", webhook[:80])
            found = session.scalars(rows.order_by(DeliveryRow.seq.desc()).limit(limit))
            return tuple(read_delivery(row) for row in found)


def _free(at: datetime) -> tuple[ColumnElement[bool], ...]:
    """Conditions on a webhook that is on, and that nobody serves."""
    rests = WebhookRow.rests_until
    return WebhookRow.off.is_(None), or_(rests.is_(None), rests <= at)


def _new(
    webhook: str, seq: int, type_: str, happened_at: datetime, at: datetime
) -> dict[str, object]:
    return {
        "webhook": webhook,
        "seq": seq,
        "type": type_,
        "happened_at": happened_at,
        "state": _WAITING,
        "tries": 0,
        "at": at,
        "next_at": at,
    }


def _note(
    writes: Connection,
    webhook: str,
    seq: int,
    told: Mapping[str, object],
    state: str,
    tries: int,
    next_at: datetime | None,
) -> None:
    one = update(DeliveryRow).where(DeliveryRow.webhook == webhook, DeliveryRow.seq == seq)
    writes.execute(one.values(**told, state=state, tries=tries, next_at=next_at))


def _stands(
    writes: Connection,
    webhook: str,
    failures: int,
    failing_since: datetime | None,
    rests_until: datetime,
) -> None:
    values = {
        "failures": failures,
        "failing_since": failing_since,
        "rests_until": rests_until,
    }
    writes.execute(update(WebhookRow).where(WebhookRow.id == webhook).values(values))


def _pull_forward(writes: Connection, webhook: str, at: datetime) -> None:
    """Let all that waits for a webhook that was down go at once, now that it is back."""
    later = update(DeliveryRow).where(
        DeliveryRow.webhook == webhook, DeliveryRow.state == _WAITING, DeliveryRow.next_at > at
    )
    writes.execute(later.values(next_at=at))
