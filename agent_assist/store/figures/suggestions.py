"""Suggestions: those of one day, what was said of them, and the contacts that they helped in."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from agent_assist.core.feedback import FeedbackVerdict, holding
from agent_assist.core.measures import place_of
from agent_assist.store.feedback import read_feedback
from agent_assist.store.figures.days import Basis, Rows, Span
from agent_assist.store.schema import (
    ContactRow,
    FeedbackRow,
    HelpFigure,
    OutcomeRow,
    SuggestionEntry,
    SuggestionFigure,
)

_AT_ONCE = 500
_MAIN = [
    SuggestionEntry.answer[("matches", 0, name)].as_string()
    for name in ("issue", "policy", "version")
]
_AROUND = [SuggestionEntry.around[name].as_string() for name in ("team", "channel", "contact")]


class _Shown(NamedTuple):
    """A suggestion; of one that abstained nothing was shown."""

    id: str
    at: datetime
    abstained: bool
    issue: str
    policy: str
    version: int
    team: str
    channel: str
    contact: str | None


def count_suggestions(session: Session, basis: Basis, day: date) -> Rows:
    """The figures of the suggestions of a day, and of the contacts that were opened on it."""
    span = basis.span(day, day)
    shown = _suggestions(session, span)
    judged = _judged(session, span)
    found: dict[tuple[object, ...], list[int]] = defaultdict(lambda: [0, 0, 0, 0, 0])
    for one in shown:
        counts = found[one.team, one.channel, one.issue, one.policy, one.version]
        verdicts = judged.get(one.id, ())
        right = sum(verdict is FeedbackVerdict.RIGHT for verdict in verdicts)
        more = (1, one.abstained, len(verdicts), right, len(verdicts) - right)
        for place, number in enumerate(more):
            counts[place] += number
    names = ("team", "channel", "issue", "policy", "version")
    counted = ("suggestions", "abstained", "judged", "right", "wrong")
    return {
        SuggestionFigure: [
            {**dict(zip(names, key, strict=True)), **dict(zip(counted, of, strict=True))}
            for key, of in found.items()
        ],
        HelpFigure: _helped(session, span, shown),
    }


def _suggestions(session: Session, span: Span) -> list[_Shown]:
    rows = select(
        SuggestionEntry.id, SuggestionEntry.at, SuggestionEntry.abstained, *_MAIN, *_AROUND
    ).where(SuggestionEntry.at >= span.begin, SuggestionEntry.at < span.end)
    return [_shown(tuple(row)) for row in session.execute(rows)]


def _shown(row: tuple[Any, ...]) -> _Shown:
    key, at, abstained, issue, policy, version, team, channel, contact = row
    if abstained or policy is None:
        issue, policy, version = "", "", 0
    return _Shown(
        key, at, abstained, issue, policy, int(version), team or "", channel or "", contact
    )


def _judged(session: Session, span: Span) -> Mapping[str, Collection[FeedbackVerdict]]:
    """What holds of what was said of the suggestions of a span."""
    rows = select(FeedbackRow).join(SuggestionEntry, SuggestionEntry.id == FeedbackRow.suggestion)
    rows = rows.where(SuggestionEntry.at >= span.begin, SuggestionEntry.at < span.end)
    said = defaultdict(list)
    for row in session.scalars(rows):
        said[row.suggestion].append(read_feedback(row))
    return {key: [one.opinion.verdict for one in holding(some)] for key, some in said.items()}


def _helped(session: Session, span: Span, shown: Iterable[_Shown]) -> list[dict[str, Any]]:
    """Contacts of a span in which a policy was shown within it, by how long that took."""
    useful: dict[str, list[_Shown]] = defaultdict(list)
    for one in shown:
        if one.contact is not None and one.policy:
            useful[one.contact].append(one)
    found: dict[tuple[object, ...], list[int]] = defaultdict(lambda: [0, 0, 0])
    for row, said in _contacts(session, span, sorted(useful)):
        first = min(one.at for one in useful[row.external_id])
        waited = place_of(max((first - row.opened_at).total_seconds(), 0))
        issue = row.issues[0] if row.issues else ""
        counts = found[row.team or "", row.channel or "", issue, waited]
        counts[0] += 1
        counts[1] += said is not None
        counts[2] += any(one.policy in (said or ()) for one in useful[row.external_id])
    names, counted = ("team", "channel", "issue", "waited"), ("contacts", "ended", "followed")
    return [
        {**dict(zip(names, key, strict=True)), **dict(zip(counted, of, strict=True))}
        for key, of in found.items()
    ]


def _contacts(
    session: Session, span: Span, ids: list[str]
) -> Iterable[tuple[ContactRow, frozenset[str] | None]]:
    """Contacts of a span with the policies that their newest outcomes name; None without one."""
    for start in range(0, len(ids), _AT_ONCE):
        some = ids[start : start + _AT_ONCE]
        said: dict[str, frozenset[str]] = {}
        outcomes = select(OutcomeRow.contact, OutcomeRow.said).where(OutcomeRow.contact.in_(some))
        # The newest of a contact comes last, and stays.
        for contact, policies in session.execute(
            outcomes.order_by(OutcomeRow.contact, OutcomeRow.number)
        ):
            said[contact] = frozenset(one["policy"] for one in policies)
        rows = select(ContactRow).where(
            ContactRow.external_id.in_(some),
            ContactRow.opened_at >= span.begin,
            ContactRow.opened_at < span.end,
        )
        for row in session.scalars(rows):
            yield row, said.get(row.external_id)
