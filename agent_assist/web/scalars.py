"""The scalars of the wire, each with the schema that is published for it.

Where a schema is published by hand, the value is judged by the core, which knows the library:
its message is better than a pattern's, and it is the same for files and for requests.
"""

import re
from datetime import UTC, date, datetime
from typing import Annotated, Any, TypeVar

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetJsonSchemaHandler,
    WithJsonSchema,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError

from agent_assist.core.facts import MOST
from agent_assist.core.ids import same_form

T = TypeVar("T")

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
# The same for readers of the schema, whose dialect of patterns is JavaScript's.
_CLEAN_SCHEMA = r"^[^\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]*$"
SAYING = _CLEAN_SCHEMA[:-1] + r"[!-~\u00a1-\u1fff\u2070-\ufefe]" + _CLEAN_SCHEMA[1:]
_VISIBLE = re.compile(r"[!-~\u00a1-\u1fff\u2070-\ufefe\U00010000-\U0010ffff]")
# What nobody sees: controls, marks of direction and joining, spaces but the plain one, tags.
UNSEEN = (
    r"\u0000-\u001f\u007f-\u00a0\u00ad\u061c\u1680\u180e\u2000-\u200f\u2028-\u202f\u205f-\u206f"
    r"\u3000\ufeff\ufff9-\ufffb" + "\U000e0000-\U000e007f"
)
_ID_SCHEMA = f"^[^ {UNSEEN}]([^{UNSEEN}]*[^ {UNSEEN}])?$"
_ID = re.compile(_ID_SCHEMA)
_LONGEST = 200
_YEARS = range(2000, 2200)
_DIGITS = re.compile(r"[0-9]{1,9}", re.ASCII)


class Received(BaseModel):
    """A JSON object that clients send: strict, and closed to fields nobody knows."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Query(BaseModel):
    """The parameters of a query, which are all texts at first."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def _refuse_null(value: Any) -> Any:
    if value is None:
        raise PydanticCustomError("null", "must be left out instead of sent as null")
    return value


class _WithoutNull:
    """Takes `null` out of the published schema of a field."""

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        published = handler(schema)
        rest = [part for part in published.get("anyOf", []) if part != {"type": "null"}]
        return rest[0] if len(rest) == 1 else published


# A BeforeValidator would hand pydantic a Python value, and strict JSON's reading of times is lost.
Maybe = Annotated[T | None, AfterValidator(_refuse_null), _WithoutNull]
"""May be left out, but not null: None only ever means "was left out"."""


def _refuse_control(text: str) -> str:
    if _CONTROL.search(text):
        raise PydanticCustomError(
            "control_character", "must hold no control characters but tabs and line breaks"
        )
    return text


def _refuse_blank(text: str) -> str:
    if not says_something(text):
        raise PydanticCustomError("blank", "must say something")
    return text


def says_something(text: str) -> bool:
    """True if there is more in it than space."""
    return _VISIBLE.search(text) is not None


def _refuse_unseen(text: str) -> str:
    if not _ID.fullmatch(text):
        raise PydanticCustomError(
            "control_character",
            "must hold no control or invisible characters, nor begin or end with a space",
        )
    return text


def _in_one_form(text: str) -> str:
    found = same_form(text)
    if len(found) > _LONGEST:  # some characters have no short form
        raise PydanticCustomError("id_too_long", f"must have at most {_LONGEST} characters")
    return found


def _in_utc(at: datetime) -> datetime:
    try:
        return at.astimezone(UTC)
    except OverflowError:
        raise PydanticCustomError(
            "bad_time", "must lie within the years 0001 to 9999 in UTC"
        ) from None


def _in_reach(day: date) -> date:
    if day.year not in _YEARS:
        raise PydanticCustomError("bad_day", "must lie within the years 2000 to 2199")
    return day


CalendarDay = Annotated[date, AfterValidator(_in_reach)]
"""A day near enough to reckon with, in whichever time zone is said beside it."""
Time = Annotated[AwareDatetime, AfterValidator(_in_utc)]
"""An instant, whatever time zone it was said in."""
Said = Annotated[
    str,
    Field(min_length=1, max_length=20_000, json_schema_extra={"pattern": SAYING}),
    AfterValidator(_refuse_control),
    AfterValidator(_refuse_blank),
]
Asked = Annotated[
    str,
    Field(min_length=1, max_length=2_000, json_schema_extra={"pattern": SAYING}),
    AfterValidator(_refuse_control),
    AfterValidator(_refuse_blank),
]
TurnText = Annotated[
    str,
    Field(max_length=20_000, json_schema_extra={"pattern": _CLEAN_SCHEMA}),
    AfterValidator(_refuse_control),
]
Id = Annotated[
    str,
    Field(min_length=1, max_length=_LONGEST, json_schema_extra={"pattern": _ID_SCHEMA}),
    AfterValidator(_refuse_unseen),
    AfterValidator(_in_one_form),
]
Key = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,63}$")]
Locale = Annotated[str, Field(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$")]

FACT_KEY = r"^[a-z][a-z0-9_]{0,31}\.[a-z][a-z0-9_]{0,31}$"
AMOUNT = r"^(0|[1-9][0-9]{0,14})(\.[0-9]{1,4})?$"

FactKey = Annotated[str, WithJsonSchema({"type": "string", "pattern": FACT_KEY})]
AmountText = Annotated[
    str, Field(max_length=64), WithJsonSchema({"type": "string", "pattern": AMOUNT})
]
CurrencyText = Annotated[
    str, Field(max_length=64), WithJsonSchema({"type": "string", "pattern": "^[A-Z]{3}$"})
]


def whole(value: Any) -> Any:
    """For JSON Schema 2.0 is an integer, so for a strict server it must be one too."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


# Bounds stand before the validator: after it pydantic would publish them as `ge` and `le`.
Whole = Annotated[int, Field(ge=-MOST, le=MOST), BeforeValidator(whole)]
PerMinute = Annotated[int, Field(ge=1, le=100_000), BeforeValidator(whole)]
AtLeastOne = Annotated[int, Field(ge=1, le=MOST), BeforeValidator(whole)]


def digits(value: Any) -> Any:
    """A number of a query, which is a text of digits."""
    if isinstance(value, str) and not _DIGITS.fullmatch(value):
        raise PydanticCustomError("int_parsing", "must be a whole number")
    return value


PageSize = Annotated[
    int,
    Field(ge=1, le=200, description="How many items at most."),
    BeforeValidator(digits),
]
SearchSize = Annotated[
    int,
    Field(ge=1, le=20, description="How many matches at most."),
    BeforeValidator(digits),
]
