"""Webhooks as people look after them: each change is an act in the audit."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from agent_assist.core.errors import FieldProblem, InvalidInput, NotFound
from agent_assist.core.webhooks import (
    KEPT,
    MOST,
    OVERLAP,
    DeliveryState,
    Endpoint,
    Off,
    WebhookOff,
    origin_of,
)
from agent_assist.store import audit
from agent_assist.store.again import again_if_aborted
from agent_assist.store.clock import Clock
from agent_assist.store.database import Database
from agent_assist.store.locks import lock
from agent_assist.store.schema import DeliveryRow, WebhookRow
from agent_assist.store.webhooks.records import read_endpoint

_LOCK = "webhooks"
_CLOCK = "clock"


class EndpointStore:
    """Keeps webhooks.

    Args:
        database: where they are kept.
        clock: the database's; see `store.clock`.
    """

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    @again_if_aborted
    def add(
        self, key: str, url: str, types: Sequence[str], description: str, *, salt: str, by: str
    ) -> Endpoint:
        """Keep a new webhook, which is told of what happens from now on.

        Raises:
            InvalidInput: there are as many as there may be.
        """
        with self._database.writing() as session:
            lock(session, [_LOCK])
            if (session.scalar(select(func.count()).select_from(WebhookRow)) or 0) >= MOST:
                detail = f"there are {MOST} webhooks, and no more: remove one first"
                raise InvalidInput([FieldProblem("", "too_many", detail)])
            at = audit.present(session, self._clock)
            content = {"origin": origin_of(url), "types": list(types), "description": description}
            row = WebhookRow(
                id=key,
                url=url,
                types=list(types),
                description=description,
                off=None,
                salt=salt,
                old_salt="",
                old_until=None,
                made_by=by,
                at=at,
                seq=_act(session, by, "add", key, content, at),
                failures=0,
                failing_since=None,
                rests_until=None,
            )
            session.add(row)
            session.flush()
            return read_endpoint(row)

    def find(self, key: str) -> Endpoint:
        """The webhook with an id; NotFound if there is none."""
        with self._database.reading() as session:
            return read_endpoint(_row(session, key))

    def all(self) -> tuple[Endpoint, ...]:
        """Every webhook, oldest first."""
        with self._database.reading() as session:
            rows = session.scalars(select(WebhookRow).order_by(WebhookRow.at, WebhookRow.id))
            return tuple(read_endpoint(row) for row in rows)

    @again_if_aborted
    def change(
        self,
        key: str,
        by: str,
        *,
        url: str | None = None,
        types: Sequence[str] | None = None,
        description: str | None = None,
        enabled: bool | None = None,
    ) -> Endpoint:
        """Change what is not None. What is new is tried at once; see `DeliveryStore`.

        Switched on again it is told of what happens from then on. Switched off, all that waits
        for it has failed: it can be sent again.

        Raises:
            NotFound: there is none with this id.
        """
        with self._database.writing() as session:
            lock(session, [_LOCK])
            row, at = _row(session, key), audit.present(session, self._clock)
            content: dict[str, Any] = {}
            if url is not None and url != row.url:
                row.url, content["origin"] = url, origin_of(url)
                _forgive(row)
            if types is not None:
                row.types = content["types"] = list(types)
            if description is not None:
                row.description = content["description"] = description
            if enabled is not None:
                content["enabled"] = enabled
            seq = _act(session, by, "change", key, content, at)
            if enabled is False:
                _switch_off(session, row, Off.PERSON)
            elif enabled and row.off is not None:
                row.off, row.seq = None, seq
                _forgive(row)
            session.flush()
            return read_endpoint(row)

    @again_if_aborted
    def rotate(self, key: str, salt: str, by: str) -> Endpoint:
        """Give a webhook another secret; the one before signs for OVERLAP as well."""
        with self._database.writing() as session:
            lock(session, [_LOCK])
            row, at = _row(session, key), audit.present(session, self._clock)
            row.salt, row.old_salt, row.old_until = salt, row.salt, at + OVERLAP
            _act(session, by, "rotate", key, {}, at)
            session.flush()
            return read_endpoint(row)

    @again_if_aborted
    def remove(self, key: str, by: str) -> None:
        """Forget a webhook and its log; NotFound if there is none."""
        with self._database.writing() as session:
            lock(session, [_LOCK])
            session.delete(_row(session, key))
            _act(session, by, "remove", key, {}, audit.present(session, self._clock))

    @again_if_aborted
    def switch_off(self, key: str, why: Off) -> None:
        """Switch off what is of no use any more, unless it was removed or is off already."""
        with self._database.writing() as session:
            lock(session, [_LOCK])
            row = session.get(WebhookRow, key)
            if row is None or row.off is not None:
                return
            at = audit.present(session, self._clock)
            _act(session, _CLOCK, "off", key, {"because": why.value}, at)
            _switch_off(session, row, why)

    @again_if_aborted
    def note_test(self, key: str, by: str) -> tuple[Endpoint, datetime]:
        """Note that a message is sent for a test; gives the webhook and now."""
        with self._database.writing() as session:
            lock(session, [_LOCK])
            row, at = _row(session, key), audit.present(session, self._clock)
            _act(session, by, "test", key, {}, at)
            return read_endpoint(row), at

    @again_if_aborted
    def replay(self, key: str, seq: int, by: str) -> Endpoint:
        """Send an event again, whatever became of it.

        Raises:
            NotFound: there is no such webhook, or the event is not in its log.
            WebhookOff: nothing is sent to it.
        """
        with self._database.writing() as session:
            row, at = self._open(session, key)
            if session.get(DeliveryRow, (key, seq)) is None:
                raise NotFound("delivery", str(seq))
            _line_up_again(session, at, DeliveryRow.webhook == key, DeliveryRow.seq == seq)
            _act(session, by, "replay", key, {"event": seq}, at)
            _hurry(row)
            return read_endpoint(row)

    @again_if_aborted
    def replay_since(self, key: str, since: datetime, by: str) -> Endpoint:
        """Send all that happened since an instant and that it has not taken.

        That is what failed, and what happened while it was off or was not there.

        Raises:
            NotFound: there is no such webhook.
            WebhookOff: nothing is sent to it.
            InvalidInput: the log does not reach so far back, so that it may have taken all of it.
        """
        with self._database.writing() as session:
            row, at = self._open(session, key)
            if not at - KEPT <= since <= at:
                detail = f"must lie within the last {KEPT.days} days"
                raise InvalidInput([FieldProblem("/since", "out_of_range", detail)])
            place = audit.place_at(session, since)
            failed = DeliveryRow.state == DeliveryState.FAILED.value
            _line_up_again(
                session, at, DeliveryRow.webhook == key, failed, DeliveryRow.seq >= place
            )
            row.seq = min(row.seq, place - 1)
            _act(session, by, "replay", key, {"since": since.isoformat()}, at)
            _hurry(row)
            return read_endpoint(row)

    def _open(self, session: Session, key: str) -> tuple[WebhookRow, datetime]:
        lock(session, [_LOCK])
        row = _row(session, key)
        if row.off is not None:
            raise WebhookOff("the webhook is switched off: switch it on first")
        return row, audit.present(session, self._clock)


def _row(session: Session, key: str) -> WebhookRow:
    row = session.get(WebhookRow, key)
    if row is None:
        raise NotFound("webhook", key[:80])
    return row


def _act(
    session: Session, by: str, act: str, key: str, content: Mapping[str, Any], at: datetime
) -> int:
    return audit.append(session, audit.Act(by, f"webhook.{act}", f"webhook:{key}", content), at)


def _switch_off(session: Session, row: WebhookRow, why: Off) -> None:
    row.off = why.value
    waiting = DeliveryRow.state == DeliveryState.WAITING.value
    session.execute(
        update(DeliveryRow)
        .where(DeliveryRow.webhook == row.id, waiting)
        .values(state=DeliveryState.FAILED.value, next_at=None)
    )


def _forgive(row: WebhookRow) -> None:
    """Try it at once, as if it had never failed."""
    row.failures, row.failing_since, row.rests_until = 0, None, None


def _hurry(row: WebhookRow) -> None:
    """Let it rest no longer after a failure; whoever sends to it now goes on alone."""
    if row.failures:
        row.rests_until = None


def _line_up_again(session: Session, at: datetime, *which: Any) -> None:
    session.execute(
        update(DeliveryRow)
        .where(*which)
        .values(state=DeliveryState.WAITING.value, tries=0, next_at=at)
    )
