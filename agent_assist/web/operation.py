"""An operation: a route of the API with all that the published document says of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel

from agent_assist.web.admission import Admits
from agent_assist.web.requests import NoQuery


@dataclass(frozen=True, slots=True)
class About:
    """What the document says of an operation beside its shapes.

    Attributes:
        examples: bodies by name, which work with the default library.
        path: JSON Schema by path parameter.
    """

    tag: str
    summary: str
    examples: Mapping[str, Any] = field(default_factory=dict)
    path: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Operation:
    """A route of the API.

    Attributes:
        name, description: its handler's name and docstring, once it has one.
        answer: None where the answer is a file.
        status, others: what it answers with; further statuses, and their shapes.
        once: needs an `Idempotency-Key`.
        matched: needs `If-Match`.
        files: media types, where the answer is a file and not JSON.
        streams: answers with server-sent events where these are asked for.
        failures: statuses it may refuse with, beside those that follow from the rest.
    """

    method: str
    rule: str
    admits: Admits
    about: About
    name: str = ""
    description: str = ""
    body: type[BaseModel] | None = None
    query: type[BaseModel] = NoQuery
    answer: type[Mapping[str, object]] | None = None
    status: int = 200
    others: Mapping[int, type[Mapping[str, object]]] = field(default_factory=dict)
    once: bool = False
    matched: bool = False
    files: tuple[str, ...] = ()
    failures: tuple[int, ...] = ()
    streams: bool = False
