"""Operations: typed handlers as routes, remembered for the published document."""

import inspect
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Concatenate, ParamSpec, TypeVar

from flask import Flask, Response
from pydantic import BaseModel, TypeAdapter

from agent_assist.core.errors import FieldProblem, InvalidInput
from agent_assist.core.ids import same_form
from agent_assist.store.once import Once, StoredAnswer
from agent_assist.web import exchange
from agent_assist.web.admission import Admission, Admits
from agent_assist.web.exchange import Exchange
from agent_assist.web.once import once_for, read_key, respond_stored
from agent_assist.web.reading import read_body, read_query
from agent_assist.web.requests import NoQuery
from agent_assist.web.versioned import read_match

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
class File:
    """A file to be downloaded, with the name it is saved under."""

    content: bytes
    media: str
    name: str


@dataclass(frozen=True, slots=True)
class Operation:
    """A route of the API: `name` and `description` are its handler's name and docstring.

    Attributes:
        once: needs an `Idempotency-Key`.
        matched: needs `If-Match`.
        files: media types, where the answer is a file and not JSON.
    """

    method: str
    rule: str
    name: str
    description: str
    admits: Admits
    about: About
    body: type[BaseModel] | None
    query: type[BaseModel]
    answer: type[Mapping[str, object]] | None
    status: int = 200
    others: Mapping[int, type[Mapping[str, object]]] = field(default_factory=dict)
    once: bool = False
    matched: bool = False
    files: tuple[str, ...] = ()


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
        return self._with_body("POST", rule, admits, about, body=body, answer=answer)

    def put(
        self, rule: str, admits: Admits, about: About, *, body: type[In], answer: type[Out]
    ) -> Decorator[In, P, Out]:
        """As `post`, for what may be sent again without doing anything twice."""
        return self._with_body("PUT", rule, admits, about, body=body, answer=answer)

    def post_once(
        self,
        rule: str,
        admits: Admits,
        about: About,
        *,
        body: type[In],
        answer: type[Mapping[str, object]],
        status: int,
        others: Mapping[int, type[Mapping[str, object]]] | None = None,
        matched: bool = False,
    ) -> OnceDecorator[In, P]:
        """An operation that happens once for each `Idempotency-Key`.

        Its handler takes the body, the exchange, what tells this request from others, then the
        path's parameters; it gives the answer's bytes, new or as they were first given. A matched
        one must say in `If-Match` what it has read, which is in the exchange. `others` are
        further statuses that it may answer with, and their shapes.
        """

        def register(
            handler: Callable[Concatenate[In, Exchange, Once, P], StoredAnswer],
        ) -> Callable[Concatenate[In, Exchange, Once, P], StoredAnswer]:
            def view(*args: P.args, **kwargs: P.kwargs) -> Response:
                now = exchange.current()
                with now.timing.step("parse"):
                    key = read_key()
                    now.edit = read_match() if matched else 0
                    read_query(NoQuery)
                    given = read_body(body)
                once = once_for(rule, key, given, now.caller, now.edit)
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
                    others or {},
                    once=True,
                    matched=matched,
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

    def file(
        self, rule: str, admits: Admits, about: About, *, query: type[In], media: tuple[str, ...]
    ) -> Callable[
        [Callable[Concatenate[In, Exchange, P], File]],
        Callable[Concatenate[In, Exchange, P], File],
    ]:
        """As `get`, for a file of one of some media types."""

        def register(
            handler: Callable[Concatenate[In, Exchange, P], File],
        ) -> Callable[Concatenate[In, Exchange, P], File]:
            def view(*args: P.args, **kwargs: P.kwargs) -> Response:
                found = handler(read_query(query), exchange.current(), *args, **kwargs)
                response = Response(found.content, mimetype=found.media)
                response.headers["Content-Disposition"] = f'attachment; filename="{found.name}"'
                response.headers["Cache-Control"] = "no-store"
                return response

            self._add(
                Operation(
                    "GET",
                    rule,
                    handler.__name__,
                    _doc(handler),
                    admits,
                    about,
                    None,
                    query,
                    None,
                    files=media,
                ),
                view,
            )
            return handler

        return register

    def _with_body(
        self,
        method: str,
        rule: str,
        admits: Admits,
        about: About,
        *,
        body: type[In],
        answer: type[Out],
    ) -> Decorator[In, P, Out]:
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
                    method,
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

    def _add(self, operation: Operation, view: Callable[..., Response]) -> None:
        def checked(**given: str) -> Response:
            known = {name: same_form(value) for name, value in given.items()}
            _check_path(known, operation.about.path)
            return view(**known)

        self.all.append(operation)
        self._admission.declare(operation.name, operation.admits)
        self._app.add_url_rule(
            operation.rule,
            operation.name,
            checked,
            methods=[operation.method],
            # Without it Flask answers OPTIONS by itself, and the document would not say so.
            provide_automatic_options=False,
        )


def _check_path(given: Mapping[str, str], schemas: Mapping[str, Any]) -> None:
    """Refuse what the published patterns refuse: no database is asked for such a name."""
    problems = [
        FieldProblem(name, "wrong_form", f"must fit {pattern}")
        for name, value in given.items()
        if (pattern := schemas[name].get("pattern")) and not re.fullmatch(pattern, value)
    ]
    if problems:
        raise InvalidInput(problems)


def _respond(shape: TypeAdapter[Out], answer: Out) -> Response:
    response = Response(shape.dump_json(answer), mimetype="application/json")
    response.headers["Cache-Control"] = "no-store"
    if "etag" in answer:
        response.headers["ETag"] = str(answer["etag"])
    return response


def _doc(handler: Callable[..., Any]) -> str:
    return inspect.getdoc(handler) or ""
