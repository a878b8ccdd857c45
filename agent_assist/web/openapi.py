"""The published document, OpenAPI 3.1, made from the operations and their shapes."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import TypeAdapter
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaMode, JsonSchemaValue
from pydantic_core import core_schema

from agent_assist import __version__
from agent_assist.admit import Scope
from agent_assist.admit.access import AFTER_PROOF
from agent_assist.web.admission import PUBLIC, SESSION, Admits, Open
from agent_assist.web.once import KEY_HEADER, KEY_PATTERN
from agent_assist.web.operation import Operation
from agent_assist.web.problem_shapes import Conflict, Gone, Outdated, Problem, Proving
from agent_assist.web.problems import CONTENT_TYPE
from agent_assist.web.streams import MEDIA
from agent_assist.web.versioned import MATCH_HEADER, MATCH_PATTERN

_DESCRIPTION = """\
What a representative may say, and may give, while the customer waits.

Send what the customer said to `POST /v1/suggestions`; the answer holds the policies that fit, with
what to say and why, the exact decision on every remedy worth discussing, and what to ask next.
`POST /v1/decisions` gives the decisions alone, for an issue that is already known.

Amounts of money are decimal texts with an ISO 4217 code. Unknown fields are refused. Every error
is an `application/problem+json` (RFC 9457) with a stable `type` and the request's id, which every
answer repeats in `X-Request-Id`; send your own id in that header to find it in the log.

The examples work with the bank's library; who decides and drafts in them is there after
`agent-assist setup --demo`."""
_TAGS = {
    "sessions": "Panels that act as a person.",
    "contacts": "One contact: what to say, what may be given, how it ended.",
    "grants": "Remedies given: reserved, captured, voided; and what budgets have left.",
    "approvals": "What is above a headroom: asked, decided, withdrawn.",
    "events": "What happens, in order.",
    "audit": "What was done, chained so that no change to it goes unseen.",
    "brake": "Goodwill stopped below the highest level, for a team or everybody.",
    "systems": "Keys of CRM systems, pages that embed the panel, and webhooks.",
    "customers": "What is held of a customer, their erasure, and what is kept how long.",
    "people": "Those who give and approve; their levels are the server's word.",
    "limits": "Limits and budgets: versions, drafts, review, a second person, publication.",
    "insights": "How days went, and which contacts their figures are made of.",
    "library": "What the answers are made from: policies, issues, facts, remedies.",
    "service": "For those who run the service.",
}
_FAILURES = {
    400: ("BadRequest", "The body is not valid JSON, or a header that is needed is missing"),
    401: ("Unauthenticated", "There is no valid key, token or code"),
    403: ("Forbidden", "The key does not have the scope, or the session is another person's"),
    404: ("NotFound", "There is no such thing"),
    409: ("Conflict", "It is not possible as things stand; nothing was done"),
    410: ("Gone", "It was done before, as `subject`; its customer was erased since"),
    412: ("Outdated", "It was edited since it was read; `changed` says what; nothing was done"),
    413: ("ContentTooLarge", "The body is larger than 1,000,000 bytes"),
    415: ("UnsupportedMediaType", "The body is not sent as application/json, or is encoded"),
    422: ("InvalidInput", "The request has faults; `errors` lists all of them"),
    428: ("MatchMissing", "The header If-Match is missing"),
    429: ("TooManyRequests", "It was asked more often than it may be; see `Retry-After`"),
    500: ("InternalError", "Something went wrong on our side"),
    503: ("NotReady", "Something needed is missing; `detail` says what to run"),
}
_AFTER_PROOF = """\


A session's person must have shown lately who they are; else 403 `step_up_required`, with `how` they
do it by `POST /v1/sessions/current/proof`. A key is not asked."""
_PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>")
_Refs = Mapping[Any, JsonSchemaValue]
"""References to schemas, by shape and mode."""
_HEADERS = {
    "X-Request-Id": {
        "description": "The request's id, as in the log.",
        "schema": {"type": "string"},
    }
}

_REPLAYED = {
    "Idempotent-Replayed": {
        "description": "`true` on an answer that was given before, and is given again as it was.",
        "schema": {"const": "true"},
    }
}
_KEY = {
    "name": KEY_HEADER,
    "in": "header",
    "required": True,
    "description": "Made anew for each thing to be done, and sent again with every retry of it.",
    "schema": {"type": "string", "pattern": KEY_PATTERN},
}
_MATCH = {
    "name": MATCH_HEADER,
    "in": "header",
    "required": True,
    "description": "The `etag` of what the change knows of; if it was edited since, 412.",
    "schema": {"type": "string", "pattern": MATCH_PATTERN},
}


class _Schemas(GenerateJsonSchema):
    """No titles that repeat names; no `default: null` on a field that refuses null."""

    def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ARG002 - the parent's
        return False

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        if schema.get("default", ...) is None:
            return self.generate_inner(schema["schema"])
        return super().default_schema(schema)


def document(operations: Sequence[Operation]) -> dict[str, Any]:
    """The OpenAPI document of the operations."""
    refs, schemas = _schemas(operations)
    paths: dict[str, dict[str, Any]] = {}
    for operation in operations:
        path = _PARAMETER.sub(r"{\1}", operation.rule)
        query = schemas[operation.query.__name__]
        paths.setdefault(path, {})[operation.method.lower()] = _item(operation, refs, query)
    for name in {operation.query.__name__ for operation in operations}:
        del schemas[name]
    problem = {CONTENT_TYPE: {"schema": refs[Problem, "serialization"]}}
    extended = {
        "Forbidden": (_FAILURES[403][1], refs[Proving, "serialization"]),
        "Conflict": (_FAILURES[409][1], refs[Conflict, "serialization"]),
        "Gone": (_FAILURES[410][1], refs[Gone, "serialization"]),
        "Outdated": (_FAILURES[412][1], refs[Outdated, "serialization"]),
    }
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Agent Assist",
            "version": __version__,
            "description": _DESCRIPTION,
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "tags": [{"name": name, "description": text} for name, text in _TAGS.items()],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "responses": {
                name: {"description": text, "headers": _HEADERS, "content": problem}
                for name, text in _FAILURES.values()
            }
            | {
                name: {
                    "description": text,
                    "headers": _HEADERS,
                    "content": {
                        CONTENT_TYPE: {"schema": {"allOf": [refs[Problem, "serialization"], more]}}
                    },
                }
                for name, (text, more) in extended.items()
            },
            "securitySchemes": {
                "key": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "An API key, made with `agent-assist keys create` or in the "
                    "console, or a session's token.",
                }
            },
        },
    }


def _schemas(operations: Sequence[Operation]) -> tuple[_Refs, dict[str, Any]]:
    """References to the schemas of all shapes, and the schemas by their names."""
    wanted: dict[tuple[type, JsonSchemaMode], None] = {
        (Problem, "serialization"): None,
        (Proving, "serialization"): None,
        (Conflict, "serialization"): None,
        (Gone, "serialization"): None,
        (Outdated, "serialization"): None,
    }
    for operation in operations:
        wanted |= {(one, "serialization"): None for one in operation.others.values()}
        if operation.answer is not None:
            wanted[operation.answer, "serialization"] = None
        wanted[operation.query, "validation"] = None
        if operation.body is not None:
            wanted[operation.body, "validation"] = None
    refs, definitions = TypeAdapter.json_schemas(
        [(shape, mode, TypeAdapter(shape)) for shape, mode in wanted],
        ref_template="#/components/schemas/{model}",
        schema_generator=_Schemas,
    )
    return refs, definitions["$defs"]


def _item(
    operation: Operation,
    refs: _Refs,
    query: Mapping[str, Any],
) -> dict[str, Any]:
    item: dict[str, Any] = {
        "operationId": operation.name,
        "tags": [operation.about.tag],
        "summary": operation.about.summary,
        "description": operation.description
        + (_AFTER_PROOF if operation.name in AFTER_PROOF else ""),
        # For a bearer key the list names the scopes that it needs.
        "security": _security(operation.admits),
        "parameters": _parameters(operation, query),
        "responses": {
            **{
                str(status): {
                    "description": "The answer",
                    "headers": _HEADERS | (_REPLAYED if operation.once else {}),
                    "content": _content(operation, shape, refs),
                }
                for status, shape in {
                    operation.status: operation.answer,
                    **operation.others,
                }.items()
            },
            **{
                str(status): {"$ref": f"#/components/responses/{_FAILURES[status][0]}"}
                for status in _failures(operation)
            },
        },
    }
    if operation.body is not None:
        content = {
            "schema": refs[operation.body, "validation"],
            "examples": {
                name.replace(" ", "_"): {"summary": name, "value": value}
                for name, value in operation.about.examples.items()
            },
        }
        item["requestBody"] = {"required": True, "content": {"application/json": content}}
    return item


def _security(admits: Admits) -> list[dict[str, list[str]]]:
    if isinstance(admits, Open):
        return [{"key": []}] if admits is SESSION else []
    scopes = (admits,) if isinstance(admits, Scope) else admits
    return [{"key": [str(scope)]} for scope in scopes]


def _content(
    operation: Operation, shape: type[Mapping[str, object]] | None, refs: _Refs
) -> dict[str, Any]:
    if shape is None:
        return {media: {} for media in operation.files}
    streamed: dict[str, Any] = {MEDIA: {"schema": {"type": "string"}}} if operation.streams else {}
    return {"application/json": {"schema": refs[shape, "serialization"]}, **streamed}


def _parameters(operation: Operation, query: Mapping[str, Any]) -> list[dict[str, Any]]:
    named = [
        {"name": name, "in": "path", "required": True, "schema": operation.about.path[name]}
        for name in _PARAMETER.findall(operation.rule)
    ]
    named += [_KEY] if operation.once else []
    named += [_MATCH] if operation.matched else []
    required = query.get("required", ())
    return named + [
        {"name": name, "in": "query", "required": name in required, "schema": schema}
        for name, schema in query.get("properties", {}).items()
    ]


def _failures(operation: Operation) -> list[int]:
    failures = [422, 500, 503, *operation.failures]
    if operation.admits is not PUBLIC:
        failures += [401, 403, 429]
    if operation.about.path:
        failures.append(404)
    if operation.once:
        failures += [409, 410]
    if operation.matched:
        failures += [412, 428]
    if operation.body is not None:
        failures += [400, 413, 415]
    return sorted(failures)
