"""Things that are edited: the tag of what a client has read, and the header that names it."""

import re

from flask import request

from agent_assist.core.errors import AgentAssistError, FieldProblem, InvalidInput

MATCH_HEADER = "If-Match"
MATCH_PATTERN = '^"e(0|[1-9][0-9]{0,8})"$'
_MATCH = re.compile(r'"e(0|[1-9][0-9]{0,8})"', re.ASCII)


class MatchMissing(AgentAssistError):
    """A write to something that others edit too does not say which edit it knows of."""

    code = "if_match_missing"


def tag(edit: int) -> str:
    """The tag of an edit, as the header names it."""
    return f'"e{edit}"'


def read_match() -> int:
    """The edit that the request knows of.

    Raises:
        MatchMissing: it does not say.
        InvalidInput: it says something else.
    """
    given = request.headers.get(MATCH_HEADER)
    if given is None:
        raise MatchMissing(
            f"send the header {MATCH_HEADER} with the `etag` of the draft as you have read it"
        )
    found = _MATCH.fullmatch(given)
    if found is None:
        detail = "must be the `etag` of the draft, with its quotes"
        raise InvalidInput([FieldProblem(MATCH_HEADER, "wrong_form", detail)])
    return int(found[1])
