"""GET /v1/models: what was learned from labelled questions, and which of it is active."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import Field
from typing_extensions import TypedDict

from agent_assist.admit import Scope
from agent_assist.matching.model import ModelRecord
from agent_assist.web import requests
from agent_assist.web.exchange import Exchange
from agent_assist.web.operation import About
from agent_assist.web.operations import Operations
from agent_assist.web.services import Services


class JudgedBy(TypedDict):
    """Figures on the questions that were held out."""

    n: int
    top1: float | None
    top3: float | None
    coverage: float
    selective_accuracy: float | None
    ece: float


class Model(TypedDict):
    """A model version. What customers said is never in it."""

    id: str
    is_active: bool
    trained_at: datetime
    parent: Annotated[str | None, Field(description="The one that was active; null for none.")]
    library: Annotated[int, Field(description="The library version it was trained beside.")]
    encoder: str
    is_fine_tuned: bool
    seed: int
    labelled: Annotated[int, Field(description="Lessons with a label.")]
    unknown: Annotated[int, Field(description="Lessons that nothing in the library fits.")]
    held_out: Annotated[int, Field(description="Of those with a label, kept to judge by.")]
    new: Annotated[JudgedBy | None, Field(description="Its figures; null if nothing was held out.")]
    old: Annotated[JudgedBy | None, Field(description="Those of what was active before it.")]


class ModelList(TypedDict):
    """The model versions of the host that answers, newest first.

    `active` is null where none is. It may be one that this host has not: then the one before
    serves, and `/readyz` says so.
    """

    active: str | None
    items: list[Model]


def register(api: Operations, services: Services) -> None:
    """Add the operation on models."""

    @api.get(
        "/v1/models",
        Scope.READ,
        About("library", "List model versions"),
        query=requests.NoQuery,
        answer=ModelList,
    )
    def list_models(_query: requests.NoQuery, _now: Exchange) -> ModelList:
        """List what was learned from labelled questions, with how good it was when it was judged.

        An answer's `versions.model` begins with the id of the model that it was made by.
        """
        newest = services.models.active()
        active = newest.model if newest else ""
        items = [_write(one, active) for one in services.models.records()]
        return {"active": active or None, "items": items}


def _write(record: ModelRecord, active: str) -> Model:
    return {
        "id": record.id,
        "is_active": record.id == active,
        "trained_at": record.trained_at,
        "parent": record.parent or None,
        "library": record.library,
        "encoder": record.encoder,
        "is_fine_tuned": record.is_fine_tuned,
        "seed": record.seed,
        "labelled": record.labelled,
        "unknown": record.unknown,
        "held_out": record.held_out,
        "new": _judged(record.judgement.get("new")),
        "old": _judged(record.judgement.get("old")),
    }


def _judged(figures: Any) -> JudgedBy | None:
    if figures is None:
        return None
    return {
        "n": figures["n"],
        "top1": figures["top1"],
        "top3": figures["top3"],
        "coverage": figures["coverage"],
        "selective_accuracy": figures["selective_accuracy"],
        "ece": figures["ece"],
    }
