"""Files of contacts of the past: JSON lines or CSV, every fault by its line and field."""

import csv
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from agent_assist.backfill import Line
from agent_assist.core.contact import Contact
from agent_assist.core.errors import AgentAssistError, FieldProblem, InvalidInput
from agent_assist.core.outcomes import Ending
from agent_assist.core.past import PastContact, PastEnding
from agent_assist.core.vocabulary import Cause
from agent_assist.web.contacts.outcome_shapes import ContactRequest, Note
from agent_assist.web.problem_kinds import InvalidJson
from agent_assist.web.reading import read_json
from agent_assist.web.scalars import Id, Maybe, Received, Time

LONGEST = 100_000
"""Bytes of a line of JSON."""

_MARK = b"\xef\xbb\xbf"  # what some editors begin a file with
_ENDING = {
    "outcome.resolved": "resolved",
    "outcome.cause": "cause",
    "outcome.at": "at",
    "outcome.note": "note",
}
COLUMNS = (
    "external_id", "opened_at", "closed_at", "channel", "locale", "customer", "rep", "team",
    "issues", *_ENDING,
)  # fmt: skip
_TRUTH = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}


class HeaderRefused(AgentAssistError):
    """The first line of a sheet does not say what its columns are."""

    code = "bad_header"


class PastOutcomeGiven(Received):
    """How a contact of the past ended; `at` is when it closed if it is left out."""

    resolved: bool
    cause: Maybe[Cause] = None
    at: Maybe[Time] = None
    note: Maybe[Note] = None


class PastContactGiven(ContactRequest):
    """A contact of the past: a line of JSON."""

    external_id: Id
    outcome: Maybe[PastOutcomeGiven] = None


def read_json_lines(lines: Iterable[bytes]) -> Iterator[Line]:
    """The contacts of JSON lines; blank lines are passed over."""
    for number, line in enumerate(lines, start=1):
        text = line.removeprefix(_MARK) if number == 1 else line
        if len(text) > LONGEST:
            yield number, [FieldProblem("", "too_long", f"is longer than {LONGEST:,} bytes")]
        elif text.strip():
            yield number, _read(text)


def read_csv(lines: Iterable[str]) -> Iterator[Line]:
    """The contacts of a sheet whose first line names its columns, some of `COLUMNS`.

    An empty cell is one that is left out; issues have commas between.

    Raises:
        HeaderRefused: a column is not known or there twice, or there is no `external_id`.
    """
    reader = csv.reader(lines, strict=True)
    header: list[str] | None = None
    while (row := _next(reader)) is not None:
        if isinstance(row, FieldProblem):
            yield reader.line_num, [row]
        elif header is None:
            header = _columns(row)
        elif len(row) > len(header):
            detail = f"has {len(row)} cells, and the first line names {len(header)} columns"
            yield reader.line_num, [FieldProblem("", "too_many_cells", detail)]
        elif any(row):
            given = dict(zip(header, row, strict=False))
            yield reader.line_num, _read(json.dumps(_document(given)).encode())
    if header is None:
        raise _refused("it is empty")


def _next(reader: Any) -> list[str] | FieldProblem | None:
    """The next row, without space around its cells; what is wrong with it; None at the end."""
    try:
        return [cell.strip() for cell in next(reader)]
    except StopIteration:
        return None
    except csv.Error as error:
        return FieldProblem("", "bad_csv", f"is not a line of CSV: {error}")


def _columns(row: Sequence[str]) -> list[str]:
    header = [cell.removeprefix("\ufeff") for cell in row]
    unknown = [name for name in header if name not in COLUMNS]
    if unknown:
        raise _refused(f"{unknown[0][:80]!r} is not a column")
    if len(set(header)) < len(header):
        raise _refused("a column is there twice")
    if "external_id" not in header:
        raise _refused("there is no external_id")
    return header


def _refused(why: str) -> HeaderRefused:
    return HeaderRefused(f"the first line must name columns: {why}; known: {', '.join(COLUMNS)}")


def _document(given: Mapping[str, str]) -> dict[str, Any]:
    """A row as a line of JSON would have it."""
    filled = {name: cell for name, cell in given.items() if cell}
    found: dict[str, Any] = {name: cell for name, cell in filled.items() if name not in _ENDING}
    if "issues" in found:
        found["issues"] = [one.strip() for one in filled["issues"].split(",")]
    outcome: dict[str, Any] = {key: filled[name] for name, key in _ENDING.items() if name in filled}
    if "resolved" in outcome:
        outcome["resolved"] = _TRUTH.get(outcome["resolved"].lower(), outcome["resolved"])
    return found | ({"outcome": outcome} if outcome else {})


def _read(line: bytes) -> PastContact | list[FieldProblem]:
    try:
        given = read_json(line, PastContactGiven)
    except InvalidInput as error:
        return list(error.problems)
    except InvalidJson:
        detail = 'is not an object of JSON such as {"external_id": "4711", "opened_at": "…"}'
        return [FieldProblem("", "bad_json", detail)]
    contact = Contact(
        external_id=given.external_id,
        opened_at=given.opened_at,
        closed_at=given.closed_at,
        channel=given.channel,
        locale=given.locale,
        customer=given.customer,
        rep=given.rep,
        team=given.team,
        issues=tuple(given.issues),
    )
    ended = given.outcome
    if ended is None:
        return PastContact(contact)
    at = ended.at or contact.closed_at or contact.opened_at
    return PastContact(
        contact, PastEnding(Ending(ended.resolved, ended.cause, note=ended.note), at)
    )
