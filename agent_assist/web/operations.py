"""Operations: typed handlers as routes, remembered for the published document."""

import inspect
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Concatenate, ParamSpec, TypeVar

from flask import Flask, Response, request
from pydantic import BaseModel, TypeAdapter

from agent_assist.core.errors import AgentAssistError, FieldProblem, InvalidInput
from agent_assist.core.ids import same_form
from agent_assist.store.once import Once, StoredAnswer
from agent_assist.web import exchange
from agent_assist.web.admission import Admission, Admits
from agent_assist.web.exchange import Exchange
from agent_assist.web.once import once_for, read_key, respond_stored
from agent_assist.web.operation import About, Operation
from agent_assist.web.reading import read_body, read_query
from agent_assist.web.requests import NoQuery
from agent_assist.web.streams import MEDIA
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
class File:
    """A file to be downloaded, with the name it is saved under."""

    content: bytes
    media: str
    name: str


class Operations:
    """The operations of an app's API.

    Args:
        app: whose routes they become.
        admission: is told whom each lets through.
        answered: finds the answer that a request got before; see `store.once`.
    """

    def __init__(
        self, app: Flask, admission: Admission, answered: Callable[[Once], StoredAnswer | None]
    ) -> None:
        self.all: list[Operation] = []
        self._app = app
        self._admission = admission
        self._answered = answered

    def post(
        self,
        rule: str,
        admits: Admits,
        about: About,
        *,
        body: type[In],
        answer: type[Out],
        status: int = 200,
        failures: tuple[int, ...] = (),
    ) -> Decorator[In, P, Out]:
        """An operation whose handler takes the body, the exchange, then the path's parameters."""
        return self._with_body(
            "POST", rule, admits, about, body=body, answer=answer, status=status, failures=failures
        )

    def put(
        self, rule: str, admits: Admits, about: About, *, body: type[In], answer: type[Out]
    ) -> Decorator[In, P, Out]:
        """As `post`, for what may be sent again without doing anything twice."""
        return self._with_body("PUT", rule, admits, about, body=body, answer=answer)

    def patch(
        self,
        rule: str,
        admits: Admits,
        about: About,
        *,
        body: type[In],
        answer: type[Out],
        failures: tuple[int, ...] = (),
    ) -> Decorator[In, P, Out]:
        """As `put`, for a body that says what changes and leaves out what stays."""
        return self._with_body(
            "PATCH", rule, admits, about, body=body, answer=answer, failures=failures
        )

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
        operation = Operation(
            "POST",
            rule,
            admits,
            about,
            body=body,
            answer=answer,
            status=status,
            others=others or {},
            once=True,
            matched=matched,
        )

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
                try:
                    return respond_stored(handler(given, now, once, *args, **kwargs))
                except AgentAssistError:
                    # A retry is not judged again: what was done may by now be forbidden.
                    earlier = self._answered(once)
                    if earlier is None:
                        raise
                    return respond_stored(earlier)

            self._add(operation, handler, view)
            return handler

        return register

    def get(
        self, rule: str, admits: Admits, about: About, *, query: type[In], answer: type[Out]
    ) -> Decorator[In, P, Out]:
        """An operation whose handler takes the query, the exchange, then the path's parameters."""
        return self._without_body("GET", rule, admits, about, query=query, answer=answer)

    def feed(
        self,
        rule: str,
        admits: Admits,
        about: About,
        *,
        query: type[In],
        answer: type[Out],
        follow: Callable[Concatenate[In, Exchange, P], Response],
    ) -> Decorator[In, P, Out]:
        """As `get`, for what can be followed as well: `follow` answers who asks for a stream."""
        return self._without_body(
            "GET", rule, admits, about, query=query, answer=answer, follow=follow
        )

    def delete(
        self, rule: str, admits: Admits, about: About, *, query: type[In], answer: type[Out]
    ) -> Decorator[In, P, Out]:
        """As `get`, for what ends something."""
        return self._without_body("DELETE", rule, admits, about, query=query, answer=answer)

    def _without_body(
        self,
        method: str,
        rule: str,
        admits: Admits,
        about: About,
        *,
        query: type[In],
        answer: type[Out],
        follow: Callable[Concatenate[In, Exchange, P], Response] | None = None,
    ) -> Decorator[In, P, Out]:
        streams = follow is not None
        operation = Operation(
            method, rule, admits, about, query=query, answer=answer, streams=streams
        )
        shape = _adapter(answer)

        def register(
            handler: Callable[Concatenate[In, Exchange, P], Out],
        ) -> Callable[Concatenate[In, Exchange, P], Out]:
            def view(*args: P.args, **kwargs: P.kwargs) -> Response:
                given, now = read_query(query), exchange.current()
                if follow is not None and MEDIA in request.headers.get("Accept", ""):
                    return follow(given, now, *args, **kwargs)
                return _respond(shape, handler(given, now, *args, **kwargs))

            self._add(operation, handler, view)
            return handler

        return register

    def file(
        self, rule: str, admits: Admits, about: About, *, query: type[In], media: tuple[str, ...]
    ) -> Callable[
        [Callable[Concatenate[In, Exchange, P], File]],
        Callable[Concatenate[In, Exchange, P], File],
    ]:
        """As `get`, for a file of one of some media types."""
        operation = Operation("GET", rule, admits, about, query=query, files=media)

        def register(
            handler: Callable[Concatenate[In, Exchange, P], File],
        ) -> Callable[Concatenate[In, Exchange, P], File]:
            def view(*args: P.args, **kwargs: P.kwargs) -> Response:
                found = handler(read_query(query), exchange.current(), *args, **kwargs)
                response = Response(found.content, mimetype=found.media)
                response.headers["Content-Disposition"] = f'attachment; filename="{found.name}"'
                response.headers["Cache-Control"] = "no-store"
                return response

            self._add(operation, handler, view)
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
        status: int = 200,
        failures: tuple[int, ...] = (),
    ) -> Decorator[In, P, Out]:
        operation = Operation(
            method,
            rule,
            admits,
            about,
            body=body,
            answer=answer,
            status=status,
            failures=failures,
        )
        shape = _adapter(answer)

        def register(
            handler: Callable[Concatenate[In, Exchange, P], Out],
        ) -> Callable[Concatenate[In, Exchange, P], Out]:
            def view(*args: P.args, **kwargs: P.kwargs) -> Response:
                now = exchange.current()
                with now.timing.step("parse"):
                    read_query(NoQuery)
                    given = read_body(body)
                return _respond(shape, handler(given, now, *args, **kwargs), status)

            self._add(operation, handler, view)
            return handler

        return register

    def _add(
        self, operation: Operation, handler: Callable[..., Any], view: Callable[..., Response]
    ) -> None:
        """Make an operation known under its handler's name, with its docstring."""
        name = handler.__name__
        described = replace(operation, name=name, description=inspect.getdoc(handler) or "")

        def checked(**given: str) -> Response:
            known = {name: same_form(value) for name, value in given.items()}
            _check_path(known, operation.about.path)
            return view(**known)

        self.all.append(described)
        self._admission.declare(name, operation.admits)
        self._app.add_url_rule(
            operation.rule,
            name,
            checked,
            methods=[operation.method],
            # Without it Flask answers OPTIONS by itself, and the document would not say so.
            provide_automatic_options=False,
        )


@cache
def _adapter(shape: type[Mapping[str, object]]) -> TypeAdapter[Any]:
    """What writes answers of a shape; made once in a process, for that takes its time."""
    return TypeAdapter(shape)


def _check_path(given: Mapping[str, str], schemas: Mapping[str, Any]) -> None:
    """Refuse what the published patterns refuse: no database is asked for such a name."""
    problems = [
        FieldProblem(name, "wrong_form", f"must fit {pattern}")
        for name, value in given.items()
        if (pattern := schemas[name].get("pattern")) and not re.fullmatch(pattern, value)
    ]
    if problems:
        raise InvalidInput(problems)


def _respond(shape: TypeAdapter[Out], answer: Out, status: int = 200) -> Response:
    response = Response(shape.dump_json(answer), status, mimetype="application/json")
    response.headers["Cache-Control"] = "no-store"
    if "etag" in answer:
        response.headers["ETag"] = str(answer["etag"])
    return response
