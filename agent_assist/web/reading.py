"""Reads bodies and queries into models; every fault of a request is found at once."""

import codecs
import json
from collections.abc import Iterator, Sequence
from typing import Any, TypeVar
from urllib.parse import parse_qsl

from flask import request
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails
from werkzeug.exceptions import (
    BadRequest,
    HTTPException,
    RequestEntityTooLarge,
    UnsupportedMediaType,
)

from agent_assist.core.errors import FieldProblem, InvalidInput
from agent_assist.web.problem_kinds import EncodedBody, InvalidJson

M = TypeVar("M", bound=BaseModel)

# Our codes for pydantic's types, for codes are published; with our sentences, so that all
# problems speak with one voice. Types of our own validators keep their names.
_CODES: dict[str, tuple[str, str]] = {
    "missing": ("missing", "is required"),
    "extra_forbidden": ("unknown_field", "is not a field here"),
    "string_type": ("wrong_type", "must be a text"),
    "bool_type": ("wrong_type", "must be true or false"),
    "int_type": ("wrong_type", "must be a whole number"),
    "int_parsing": ("wrong_type", "must be a whole number"),
    "list_type": ("wrong_type", "must be a list"),
    "dict_type": ("wrong_type", "must be an object"),
    "model_type": ("wrong_type", "must be an object"),
    "model_attributes_type": ("wrong_type", "must be an object"),
    "string_too_short": ("too_short", "must have at least {min_length} character{s}"),
    "string_too_long": ("too_long", "must have at most {max_length} character{s}"),
    "too_short": ("too_short", "must have at least {min_length} item{s}"),
    "too_long": ("too_long", "must have at most {max_length} item{s}"),
    "greater_than_equal": ("out_of_range", "must be at least {ge}"),
    "less_than_equal": ("out_of_range", "must be at most {le}"),
    "enum": ("unknown_choice", "must be {expected}"),
    "literal_error": ("unknown_choice", "must be {expected}"),
    "string_pattern_mismatch": ("wrong_form", "must have the form {pattern}"),
    "datetime_type": ("bad_time", "must be a time such as 2026-01-31T09:30:00Z"),
    "datetime_parsing": ("bad_time", "must be a time such as 2026-01-31T09:30:00Z"),
    "datetime_from_date_parsing": ("bad_time", "must be a time such as 2026-01-31T09:30:00Z"),
    "timezone_aware": ("bad_time", "must name its time zone, as 2026-01-31T09:30:00Z does"),
}


def read_body(model: type[M]) -> M:
    """The JSON body as a model.

    Raises:
        UnsupportedMediaType: it is not sent as JSON.
        EncodedBody: it is compressed.
        RequestEntityTooLarge: it is larger than the app allows.
        BadRequest: it breaks off, or its chunks are none.
        InvalidJson: it is not JSON in UTF-8, or has a key twice, NaN, or too deep a nesting.
        InvalidInput: all other faults, each with its JSON pointer.
    """
    if request.mimetype != "application/json":
        raise UnsupportedMediaType
    if _coding() != "identity":
        raise EncodedBody("send the body uncompressed, without the header Content-Encoding")
    return read_json(_received(), model)


def read_json(raw: bytes, model: type[M]) -> M:
    """JSON bytes as a model; errors as `read_body`, whose form is not checked here."""
    document = _parse(raw)
    try:
        return model.model_validate_json(raw)
    except ValidationError as error:
        faults = error.errors(include_url=False, include_input=False)
    if faults[0]["type"] == "json_invalid":
        raise _half_character(document)
    raise InvalidInput([_body_problem(fault, document) for fault in faults])


def read_query(model: type[M]) -> M:
    """The query's parameters as a model.

    Raises:
        InvalidInput: parameters that are unknown, repeated, missing, malformed or not in UTF-8,
            each by its name.
    """
    garbled = _garbled()
    if garbled:
        detail = "is not in UTF-8; encode it so before it is percent-encoded"
        raise InvalidInput([FieldProblem(name, "not_utf8", detail) for name in garbled])
    values = request.args.to_dict(flat=False)
    repeated = [name for name, given in values.items() if len(given) > 1]
    if repeated:
        raise InvalidInput(
            [FieldProblem(name[:80], "repeated", "is given twice") for name in repeated]
        )
    try:
        return model.model_validate({name: given[0] for name, given in values.items()})
    except ValidationError as error:
        faults = error.errors(include_url=False, include_input=False)
    problems = [FieldProblem(str(fault["loc"][0])[:80], *_described(fault)) for fault in faults]
    raise InvalidInput(problems)


def _coding() -> str:
    return request.headers.get("Content-Encoding", "").strip().lower() or "identity"


def _garbled() -> list[str]:
    """The names of parameters that are not in UTF-8, which Flask would read as another text."""
    raw = request.query_string.decode(errors="surrogateescape")
    given = parse_qsl(raw, keep_blank_values=True, errors="surrogateescape")
    names = [name for name, value in given if not _is_whole(name + value)]
    return [name[:80].encode(errors="replace").decode() for name in dict.fromkeys(names)]


def _received() -> bytes:
    """All of the body, however it was sent."""
    try:
        raw = request.get_data(cache=False)
        # Of chunks, which state no length, no more than the most is read, and nobody would notice.
        is_all = request.content_length is not None or not request.environ["wsgi.input"].read(1)
    except HTTPException:
        raise
    except Exception as error:  # each server has errors of its own for what it cannot read
        raise BadRequest from error
    if not is_all:
        raise RequestEntityTooLarge
    return raw


def _parse(raw: bytes) -> Any:
    """The plain document: what pointers are made from, and the judge of JSON itself."""
    if raw.startswith(codecs.BOM_UTF8):
        raise InvalidJson("the body begins with a byte-order mark; send UTF-8 without one")
    try:
        return json.loads(raw.decode(), object_pairs_hook=_object, parse_constant=_no_constant)
    except RecursionError:
        raise InvalidJson("the body is nested too deeply") from None
    except UnicodeDecodeError:
        raise InvalidJson("the body is not in UTF-8") from None
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise InvalidJson(f"the body is not JSON: see {place}") from None
    except ValueError:
        raise InvalidJson("the body holds a number with too many digits") from None


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    built = dict(pairs)
    if len(built) != len(pairs):
        raise InvalidJson("an object of the body has a key twice")
    return built


def _no_constant(name: str) -> Any:
    raise InvalidJson(f"{name} is not JSON")


def _half_character(document: Any) -> InvalidInput | InvalidJson:
    """The faults of a body that Python's reader takes and pydantic's does not."""
    problems = [
        FieldProblem(pointer, "lone_surrogate", "holds half a character; send whole ones")
        for pointer, text in _texts(document)
        if not _is_whole(text)
    ]
    return InvalidInput(problems) if problems else InvalidJson("the body is nested too deeply")


def _texts(document: Any) -> Iterator[tuple[str, str]]:
    """Every text with its pointer, keys under the pointer of their object."""
    left = [("", document)]
    while left:
        pointer, value = left.pop()
        match value:
            case str():
                yield pointer, value
            case list():
                left += [(f"{pointer}/{index}", item) for index, item in enumerate(value)]
            case dict():
                left += [(pointer, key) for key in value if not _is_whole(key)]
                left += [(pointer + _step(key), item) for key, item in value.items()]


def _is_whole(text: str) -> bool:
    return not any("\ud800" <= character <= "\udfff" for character in text)


def _body_problem(fault: ErrorDetails, document: Any) -> FieldProblem:
    pointer = _pointer(fault["loc"], document, missing=fault["type"] == "missing")
    return FieldProblem(pointer, *_described(fault))


def _described(fault: ErrorDetails) -> tuple[str, str]:
    known = _CODES.get(fault["type"])
    if known is None:
        return fault["type"], fault["msg"]  # a validator's of ours, whose sentence is ours already
    code, sentence = known
    context = fault.get("ctx", {})
    is_one = 1 in (context.get("min_length"), context.get("max_length"))
    return code, sentence.format_map({"s": "" if is_one else "s", **context})


def _pointer(location: Sequence[str | int], document: Any, *, missing: bool) -> str:
    """The JSON pointer of pydantic's location, whose tags of unions are not in the document."""
    pointer, here = "", document
    for number, step in enumerate(location):
        try:
            here = here[step]
        except (KeyError, IndexError, TypeError):
            if not (missing and number == len(location) - 1):
                continue
        pointer += _step(str(step))
    return pointer


def _step(key: str) -> str:
    """A step of a pointer. Half characters cannot be sent back, and long keys need not be."""
    readable = key[:80].encode("utf-8", "replace").decode()
    return "/" + readable.replace("~", "~0").replace("/", "~1")
