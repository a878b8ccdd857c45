"""Stakes: how the contacts of one day ended, by what money at risk is weighed by."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from agent_assist.core.stake_counts import Counts, Sides, Told, count
from agent_assist.core.vocabulary import Vocabulary
from agent_assist.store.days import left_of_grant
from agent_assist.store.schema import ContactRow, GrantRow

OF_TEAM, OF_ALL = range(2)
"""The cuts of stakes."""


class OfTeam(NamedTuple):
    """What is known of a contact of a team; empty for none."""

    team: str
    told: Told


def stake_rows(contacts: Iterable[OfTeam], vocabulary: Vocabulary) -> list[dict[str, Any]]:
    """The rows of `StakeFigure` of the contacts of a day, but for the day."""
    by_team: dict[str, list[Told]] = defaultdict(list)
    for team, told in contacts:
        by_team[team].append(told)
    causes = vocabulary.causes
    every = count((told for some in by_team.values() for told in some), causes)
    rows = _rows(OF_ALL, "", every) if by_team else []
    for team, some in by_team.items():
        rows += _rows(OF_TEAM, team, count(some, causes))
    return rows


def given_issues(session: Session, opened: ColumnElement[bool]) -> Mapping[str, set[str]]:
    """By contact, of those that meet a condition: issues that something is given for still."""
    rows = select(GrantRow.contact, GrantRow.issue)
    rows = rows.join(ContactRow, ContactRow.external_id == GrantRow.contact)
    rows = rows.where(opened, left_of_grant() > 0)
    found: dict[str, set[str]] = defaultdict(set)
    for contact, issue in session.execute(rows):
        found[contact or ""].add(issue)
    return found


def _rows(cut: int, team: str, counts: Counts) -> list[dict[str, Any]]:
    kinds = [("", None, counts.all), *((*problem, sides) for problem, sides in counts.of.items())]
    return [
        {
            "cut": cut,
            "team": team,
            "issue": issue,
            "cause": "" if cause is None else cause.value,
            **_columns(sides),
        }
        for issue, cause, sides in kinds
    ]


def _columns(sides: Sides) -> dict[str, int]:
    every, given = sides
    return {
        "contacts": every.contacts,
        "ended": every.ended,
        "unresolved": every.unresolved,
        "came_back": every.came_back,
        "given": given.contacts,
        "given_ended": given.ended,
        "given_unresolved": given.unresolved,
        "given_came_back": given.came_back,
    }
