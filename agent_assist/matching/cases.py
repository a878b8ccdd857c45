"""Labelled cases: JSON lines of what customers said and what is right, every fault by its line."""

import json
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from agent_assist.core.contact import Speaker, Transcript, Turn
from agent_assist.core.errors import AgentAssistError

MAX_LINE = 100_000
MAX_CASES = 200_000
MAX_TEXT = 20_000
MAX_TURNS = 500
MAX_LISTED = 50
"""Faults that are listed; of more, only the number is told."""

_KEYS = frozenset({"text", "transcript", "issue", "policies"})
_TURN_KEYS = frozenset({"from", "text"})


@dataclass(frozen=True, slots=True)
class Case:
    """What a customer said, and what is right.

    Attributes:
        issue: None if policies are right rather than an issue, or if nothing fits.
        policies: empty if an issue is right, or if nothing fits.
    """

    said: str | Transcript
    issue: str | None = None
    policies: tuple[str, ...] = ()

    @property
    def is_known(self) -> bool:
        """False if nothing in the library fits."""
        return self.issue is not None or bool(self.policies)


@dataclass(frozen=True, slots=True)
class LineFault:
    """One fault: the line, from 1, a stable code, and what to do. It never holds customer text."""

    line: int
    code: str
    message: str


class CasesFaulty(AgentAssistError):
    """A file of cases cannot be used; `faults` lists the first faults, `count` counts them all."""

    code = "cases_faulty"

    def __init__(self, faults: tuple[LineFault, ...], count: int) -> None:
        self.faults = faults
        self.count = count
        listed = "; ".join(f"line {fault.line}: {fault.message}" for fault in faults)
        more = f"; and {count - len(faults)} more" if count > len(faults) else ""
        super().__init__(f"the cases have faults: {listed}{more}")


class _Faulty(Exception):
    """One line cannot be used."""

    def __init__(self, code: str, message: str) -> None:
        self.code = code
        super().__init__(message)


def read_cases(
    lines: Iterable[bytes], *, issues: Collection[str], policies: Collection[str]
) -> tuple[Case, ...]:
    """The cases of JSON lines; blank lines are passed over.

    Args:
        lines: such as a file open for bytes.
        issues: keys that a label may name.
        policies: ids that a label may name.

    Raises:
        CasesFaulty: with the faults of all lines, or if there is no case at all.
    """
    cases: list[Case] = []
    faults: list[LineFault] = []
    count = 0
    for number, line in _numbered(lines):
        try:
            if len(cases) == MAX_CASES:
                raise _Faulty("too_many", f"more than {MAX_CASES:,} cases; split the file")  # noqa: TRY301
            if case := _case(line, issues, policies):
                cases.append(case)
        except _Faulty as fault:
            count += 1
            if len(faults) < MAX_LISTED:
                faults.append(LineFault(number, fault.code, str(fault)))
            if fault.code == "too_many":
                break
    if not cases and not faults:
        faults, count = [LineFault(1, "empty", "there is no case in the file")], 1
    if faults:
        raise CasesFaulty(tuple(faults), count)
    return tuple(cases)


def write_case(case: Case) -> dict[str, Any]:
    """A case as the object of its JSON line; by its policies if it has any."""
    said: dict[str, Any]
    if isinstance(case.said, str):
        said = {"text": case.said}
    else:
        turns = [{"from": turn.speaker.value, "text": turn.text} for turn in case.said]
        said = {"transcript": turns}
    return said | ({"policies": list(case.policies)} if case.policies else {"issue": case.issue})


def _numbered(lines: Iterable[bytes]) -> Iterator[tuple[int, bytes]]:
    for number, line in enumerate(lines, start=1):
        # A byte-order mark is what some editors begin a file with.
        yield number, line.removeprefix(b"\xef\xbb\xbf") if number == 1 else line


def _case(line: bytes, issues: Collection[str], policies: Collection[str]) -> Case | None:
    if not line.strip():
        return None
    found = _parsed(line)
    unknown = sorted(ascii(key[:40]) for key in found.keys() - _KEYS)
    if unknown:
        message = f"unknown keys {', '.join(unknown)}; a line has {', '.join(sorted(_KEYS))}"
        raise _Faulty("unknown_key", message)
    if ("text" in found) == ("transcript" in found):
        raise _Faulty("text_or_transcript", "needs either text or transcript")
    if ("issue" in found) == ("policies" in found):
        raise _Faulty("issue_or_policies", "needs either issue or policies")
    said = _text(found["text"]) if "text" in found else _transcript(found["transcript"])
    if "issue" in found:
        return Case(said, issue=_issue(found["issue"], issues))
    return Case(said, policies=_policies(found["policies"], policies))


def _parsed(line: bytes) -> dict[str, Any]:
    if len(line) > MAX_LINE:
        raise _Faulty("too_long", f"is longer than {MAX_LINE:,} bytes")
    try:
        found = json.loads(line.decode("utf-8"), object_pairs_hook=_object)
    except (ValueError, RecursionError) as error:
        raise _Faulty("bad_json", "is not JSON in UTF-8") from error
    if not isinstance(found, dict):
        raise _Faulty("bad_json", 'is not an object such as {"text": "…", "issue": "…"}')
    return found


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise _Faulty("key_twice", "has a key twice: leave one of them")
    return found


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise _Faulty("bad_text", "text must be a text that is not empty")
    if any("\ud800" <= character <= "\udfff" for character in value):
        raise _Faulty("lone_surrogate", "text holds half a character; write whole ones")
    if len(value) > MAX_TEXT:
        raise _Faulty("too_long", f"text is longer than {MAX_TEXT:,} characters")
    return value


def _transcript(value: Any) -> Transcript:
    if not isinstance(value, list) or not 1 <= len(value) <= MAX_TURNS:
        raise _Faulty("bad_transcript", f"transcript must be a list of 1 to {MAX_TURNS} turns")
    turns = tuple(_turn(one) for one in value)
    if not any(turn.speaker is Speaker.CUSTOMER for turn in turns):
        raise _Faulty("bad_transcript", "transcript has no turn of the customer")
    return turns


def _turn(value: Any) -> Turn:
    if not isinstance(value, dict) or value.keys() != _TURN_KEYS:
        raise _Faulty("bad_turn", "a turn has exactly from and text")
    speakers = {speaker.value: speaker for speaker in Speaker}
    speaker = speakers.get(value["from"]) if isinstance(value["from"], str) else None
    if speaker is None:
        raise _Faulty("bad_turn", f"from must be one of {', '.join(speakers)}")
    return Turn(speaker, _text(value["text"]))


def _issue(value: Any, issues: Collection[str]) -> str | None:
    if value is not None and (not isinstance(value, str) or value not in issues):
        raise _Faulty("unknown_issue", "issue must be a key of the library's issues, or null")
    return value


def _policies(value: Any, policies: Collection[str]) -> tuple[str, ...]:
    if not isinstance(value, list) or not value:
        raise _Faulty("bad_policies", "policies must be a list of at least one id")
    if not all(isinstance(one, str) and one in policies for one in value):
        raise _Faulty("unknown_policy", "policies must be ids of the library's policies")
    return tuple(dict.fromkeys(value))
