"""Operations: typed handlers as routes, remembered for the published document."""

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Concatenate, ParamSpec, TypeVar

from flask import Flask, Response
from pydantic import BaseModel, TypeAdapter

from agent_assist.store.once import Once, StoredAnswer
from agent_assist.web import exchange
from agent_assist.web.admission import Admission, Admits
from agent_assist.web.exchange import Exchange
from agent_assist.web.once import once_for, read_key, respond_stored
from agent_assist.web.reading import read_body, read_query
from agent_assist.web.requests import NoQuery

P = ParamSpec("P")
In = TypeVar("In", bound=BaseModel)
Out = TypeVar("Out", bound=Mapping[str, object])
Decorator = Callable[
    [Callable[Concatenate[In, Exchange, P], Out]], Callable[Concatenate[In, Exchange, P], Out]
]

OnceDecorator = Callable[
    [Callable[Concatenate[In, Exchange, Once, P], StoredAnswer]],
    Callable[Concatenate[In, Exchange, Once, P], StoredAnswer],
]


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
    """A route of the API: `name` and `description` are its handler's name and docstring."""

    method: str
    rule: str
    name: str
    description: str
    admits: Admits
    about: About
    body: type[BaseModel] | None
    query: type[BaseModel]
    answer: type[Mapping[str, object]]
    status: int = 200
    once: bool = False


class Operations:
    """The operations of an app's API."""

    def __init__(self, app: Flask, admission: Admission) -> None:
        self.all: list[Operation] = []
        self._app = app
        self._admission = admission

    def post(
        self, rule: str, admits: Admits, about: About, *, body: type[In], answer: type[Out]
    ) -> Decorator[In, P, Out]:
        """An operation whose handler takes the body, the exchange, then the path's parameters."""
        shape = TypeAdapter(answer)

        def register(
            handler: Callable[Concatenate[In, Exchange, P], Out],
        ) -> Callable[Concatenate[In, Exchange, P], Out]:
            def view(*args: P.args, **kwargs: P.kwargs) -> Response:
                now = exchange.current()
                with now.timing.step("parse"):
                    read_query(NoQuery)
                    given = read_body(body)
                return _respond(shape, handler(given, now, *args, **kwargs))

            self._add(
                Operation(
                    "POST",
                    rule,
                    handler.__name__,
                    _doc(handler),
                    admits,
                    about,
                    body,
                    NoQuery,
                    answer,
                ),
                view,
            )
            return handler

        return register

    def post_once(
        self,
        rule: str,
        admits: Admits,
        about: About,
        *,
        body: type[In],
        answer: type[Mapping[str, object]],
        status: int,
    ) -> OnceDecorator[In, P]:
        """An operation that happens once for each `Idempotency-Key`.

        Its handler takes the body, the exchange, what tells this request from others, then the
        path's parameters; it gives the answer's bytes, new or as they were first given.
        """

        def register(
            handler: Callable[Concatenate[In, Exchange, Once, P], StoredAnswer],
        ) -> Callable[Concatenate[In, Exchange, Once, P], StoredAnswer]:
            def view(*args: P.args, **kwargs: P.kwargs) -> Response:
                now = exchange.current()
                with now.timing.step("parse"):
                    key = read_key()
                    read_query(NoQuery)
                    given = read_body(body)
                once = once_for(rule, key, given, now.caller)
                return respond_stored(handler(given, now, once, *args, **kwargs))

            self._add(
                Operation(
                    "POST",
                    rule,
                    handler.__name__,
                    _doc(handler),
                    admits,
                    about,
                    body,
                    NoQuery,
                    answer,
                    status,
                    once=True,
                ),
                view,
            )
            return handler

        return register

    def get(
        self, rule: str, admits: Admits, about: About, *, query: type[In], answer: type[Out]
    ) -> Decorator[In, P, Out]:
        """An operation whose handler takes the query, the exchange, then the path's parameters."""
        shape = TypeAdapter(answer)

        def register(
            handler: Callable[Concatenate[In, Exchange, P], Out],
        ) -> Callable[Concatenate[In, Exchange, P], Out]:
            def view(*args: P.args, **kwargs: P.kwargs) -> Response:
                return _respond(
                    shape, handler(read_query(query), exchange.current(), *args, **kwargs)
                )

            self._add(
                Operation(
                    "GET", rule, handler.__name__, _doc(handler), admits, about, None, query, answer
                ),
                view,
            )
            return handler

        return register

    def _add(self, operation: Operation, view: Callable[..., Response]) -> None:
        self.all.append(operation)
        self._admission.declare(operation.name, operation.admits)
        self._app.add_url_rule(
            operation.rule,
            operation.name,
            view,
            methods=[operation.method],
            # Without it Flask answers OPTIONS by itself, and the document would not say so.
            provide_automatic_options=False,
        )


def _respond(shape: TypeAdapter[Out], answer: Out) -> Response:
    response = Response(shape.dump_json(answer), mimetype="application/json")
    response.headers["Cache-Control"] = "no-store"
    return response


def _doc(handler: Callable[..., Any]) -> str:
    return inspect.getdoc(handler) or ""
