"""Cursors: where a page of a list ended, as the next request names it."""

from agent_assist.core.errors import FieldProblem, InvalidInput


def read_place(cursor: str | None, name: str = "cursor") -> int | None:
    """The number that a cursor is; None for no cursor.

    Raises:
        InvalidInput: no page gave it; names the parameter.
    """
    if cursor is None:
        return None
    if not (cursor.isascii() and cursor.isdigit() and len(cursor) <= 18):
        raise no_such_page(name)
    return int(cursor)


def no_such_page(name: str = "cursor") -> InvalidInput:
    """The refusal of a cursor that no page gave."""
    detail = "is not the `next_cursor` of a page; begin again without it"
    return InvalidInput([FieldProblem(name, "bad_cursor", detail)])
