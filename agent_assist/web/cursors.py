"""Cursors: where a page of a list ended, as the next request names it."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from agent_assist.core.errors import FieldProblem, InvalidInput

T = TypeVar("T")


def begun(
    found: Sequence[T], limit: int, place: Callable[[T], object]
) -> tuple[Sequence[T], str | None]:
    """The page that some things begin with, and the cursor of the next; None on the last.

    Args:
        found: in order; more than `limit` of them where there is a next page.
        limit: how many a page holds.
        place: says of the last one of a page where the next one goes on.
    """
    page = found[:limit]
    return page, str(place(page[-1])) if len(found) > len(page) else None


def page_of(items: Sequence[T], limit: int, cursor: str | None) -> tuple[Sequence[T], str | None]:
    """A page of what is all at hand, and the cursor of the next; None on the last."""
    start = read_place(cursor) or 0
    page = items[start : start + limit]
    end = start + len(page)
    return page, str(end) if end < len(items) else None


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
