"""Rows of webhooks and deliveries, read as the core knows them."""

from typing import Any

from sqlalchemy import Row

from agent_assist.core.webhooks import Delivery, DeliveryState, Endpoint, Fault, Off
from agent_assist.store.schema import DeliveryRow, WebhookRow


def read_endpoint(row: WebhookRow | Row[Any]) -> Endpoint:
    """A webhook."""
    return Endpoint(
        id=row.id,
        url=row.url,
        types=tuple(row.types),
        description=row.description,
        off=None if row.off is None else Off(row.off),
        salt=row.salt,
        old_salt=row.old_salt,
        old_until=row.old_until,
        made_by=row.made_by,
        at=row.at,
        failing_since=row.failing_since,
    )


def read_delivery(row: DeliveryRow | Row[Any]) -> Delivery:
    """A delivery."""
    return Delivery(
        seq=row.seq,
        type=row.type,
        happened_at=row.happened_at,
        state=DeliveryState(row.state),
        tries=row.tries,
        at=row.at,
        next_at=row.next_at,
        status=row.status,
        fault=None if row.fault is None else Fault(row.fault),
        ms=row.ms,
    )
