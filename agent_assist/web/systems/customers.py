"""/v1/customers: what is held of a customer, and their erasure; /v1/retention: what goes by itself.

A customer's id is in the body of each request: addresses are written into logs on the way.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, cast

from pydantic import Field
from typing_extensions import TypedDict

from agent_assist.admit import Scope
from agent_assist.core.errors import FieldProblem, InvalidInput
from agent_assist.store.customers.customers import Erasure
from agent_assist.store.retention import Kept
from agent_assist.web import examples
from agent_assist.web.exchange import Exchange
from agent_assist.web.operation import About
from agent_assist.web.operations import Operations
from agent_assist.web.requests import NoQuery
from agent_assist.web.scalars import Id, Received
from agent_assist.web.services import Services

_Customer = Annotated[Id, Field(description="The CRM's id of the customer.")]


class CustomerRequest(Received):
    """Which customer."""

    customer: _Customer


class ErasureRequest(Received):
    """A customer who is to be erased."""

    customer: _Customer
    confirm: Annotated[Id, Field(description="The same id once more: it cannot be undone.")]


class RowCounts(TypedDict, total=False):
    """How many rows of each kind."""

    contacts: int
    grants: int
    approvals: int
    suggestions: int
    decisions: int
    people: Annotated[int, Field(description="Who works here and is this customer.")]
    answers: Annotated[int, Field(description="Kept for retries with an `Idempotency-Key`.")]


class Holding(TypedDict):
    """How much is held of a customer."""

    rows: RowCounts
    shared: Annotated[
        int,
        Field(description="Contacts and orders that others are named with too: these ids stay."),
    ]


class HeldData(TypedDict):
    """All that is held of a customer, table by table, as it is kept."""

    customer: str
    rows: dict[str, list[dict[str, Any]]]


class CustomerErasure(TypedDict):
    """A customer who was erased.

    `alias` stands for them in every figure since, and leads to nobody. `wiped_at` is null until
    nothing is left in the free parts of the database's files either.
    """

    at: datetime
    alias: str
    by: Annotated[str, Field(description="Who did it, as the audit calls them.")]
    rows: RowCounts
    wiped_at: datetime | None


class ErasureAnswer(TypedDict):
    """What an erasure did; null where nothing was held of the customer, or not any more."""

    erased: CustomerErasure | None


class KeptKind(TypedDict):
    """Something that is kept only so long; null for never."""

    kind: Annotated[
        str,
        Field(
            description="`answers` to retries, `suggestions`, `decisions`, `deliveries`, `texts`."
        ),
    ]
    days: Annotated[int, Field(description="How old it gets; 0 where it is not kept at all.")]
    ran_at: datetime | None
    deleted_at: datetime | None
    deleted: Annotated[int, Field(description="How many rows went then.")]
    total: Annotated[int, Field(description="How many rows went so far.")]


class Retention(TypedDict):
    """What goes by itself, and whoever was erased, the newest first and at most 50."""

    kept: list[KeptKind]
    erasures: list[CustomerErasure]


def register(api: Operations, services: Services) -> None:
    """Add the operations on what is held of customers."""

    @api.post(
        "/v1/customers/search",
        Scope.CUSTOMERS,
        About("customers", "How much is held of a customer", examples={"one": examples.CUSTOMER}),
        body=CustomerRequest,
        answer=Holding,
    )
    def search_customer(body: CustomerRequest, _now: Exchange) -> Holding:
        """Say how much is held of a customer, and so what an erasure would change.

        Theirs is what names them, and what names nobody but a contact or an order that is theirs
        alone.
        """
        found = services.customers.holding(body.customer)
        return {"rows": _rows(found.rows), "shared": found.shared}

    @api.post(
        "/v1/customers/export",
        Scope.CUSTOMERS,
        About("customers", "All that is held of a customer", examples={"one": examples.CUSTOMER}),
        body=CustomerRequest,
        answer=HeldData,
    )
    def export_customer(body: CustomerRequest, now: Exchange) -> HeldData:
        """Hand out all that is held of a customer, for whoever asks what is known of them.

        That somebody did is in the audit, without the customer's id.
        """
        found = services.customers.hand_out(body.customer, now.caller.actor)
        rows = {table: [dict(row) for row in of] for table, of in found.items()}
        return {"customer": body.customer, "rows": rows}

    @api.post(
        "/v1/customers/erase",
        Scope.CUSTOMERS,
        About("customers", "Erase a customer", examples={"one": examples.ERASURE}),
        body=ErasureRequest,
        answer=ErasureAnswer,
    )
    def erase_customer(body: ErasureRequest, now: Exchange) -> ErasureAnswer:
        """Take out of everything what says who a customer was; sent again it changes nothing.

        Figures stay: amounts, times, facts of grants, outcomes. Ids of the customer and of
        contacts and orders that are theirs alone become random ones; what anybody wrote, facts of
        suggestions and decisions, and answers kept for retries go; a retry of such a request is
        answered with 410. What waits for a decision ends. The same id said later is somebody new,
        whose budgets are whole.
        """
        if body.confirm != body.customer:
            detail = "must be the customer's id once more"
            raise InvalidInput([FieldProblem("/confirm", "not_the_same", detail)])
        erased = services.customers.erase(body.customer, now.caller.actor)
        return {"erased": None if erased is None else _write(erased)}

    @api.get(
        "/v1/retention",
        Scope.CUSTOMERS,
        About("customers", "What is kept how long"),
        query=NoQuery,
        answer=Retention,
    )
    def read_retention(_query: NoQuery, _now: Exchange) -> Retention:
        """What goes by itself once it is old, when some last went, and who was erased."""
        return {
            "kept": [_kept(one) for one in services.retention.kept()],
            "erasures": [_write(one) for one in services.customers.erasures()],
        }


def _rows(rows: Mapping[str, int]) -> RowCounts:
    return cast("RowCounts", dict(rows))


def _write(erased: Erasure) -> CustomerErasure:
    return {
        "at": erased.at,
        "alias": erased.alias,
        "by": erased.by,
        "rows": _rows(erased.rows),
        "wiped_at": erased.wiped_at,
    }


def _kept(kept: Kept) -> KeptKind:
    return {
        "kind": kept.kind,
        "days": kept.age.days,
        "ran_at": kept.ran_at,
        "deleted_at": kept.deleted_at,
        "deleted": kept.deleted,
        "total": kept.total,
    }
