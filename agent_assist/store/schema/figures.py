"""Figures: what was counted of each day, and what has changed since."""

from datetime import date, datetime

from sqlalchemy import BigInteger, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from agent_assist.store.schema.base import Base

_COMPACT = {"sqlite_with_rowid": False}
_NUMBER = BigInteger().with_variant(Integer, "sqlite")


class FigureBasis(Base):
    """What the figures were counted by: one row; none before they ever were.

    Attributes:
        library_version: of the library whose days and windows hold.
        basis: SHA-256 of these.
        seq: the place in the audit up to which its acts were looked through for changes.
        suggested_at: up to when suggestions were looked through; None for not at all.
    """

    __tablename__ = "figure_basis"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    library_version: Mapped[int]
    basis: Mapped[str] = mapped_column(String(64))
    seq: Mapped[int] = mapped_column(BigInteger)
    suggested_at: Mapped[datetime | None]


class FigureChange(Base):
    """Something that figures of a day rest on was changed; deleted when the day is counted again.

    A row for each change, so that who counts deletes what he saw and nothing else. A number is
    never given twice, for the same reason.

    Attributes:
        part: which figures.
        at: an instant of the day, rounded down to a quarter of an hour.
        reach: how many whole days away what was changed lies; 0 for what is of that day.
    """

    __tablename__ = "figure_changes"
    __table_args__ = (Index("ix_figure_changes_at", "part", "at"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(_NUMBER, primary_key=True)
    part: Mapped[str] = mapped_column(String(16))
    at: Mapped[datetime]
    reach: Mapped[int]


class ContactCounts:
    """How many contacts there were of one kind; see `core.measures.Tally`.

    Attributes:
        day: of the organisation's calendar.
        team, channel, issue: empty where the contact names none.
        main: whether the issue is the contact's first, by which it is counted once.
        cause: empty where nobody knows.
        cut: by what they are told apart, a number among `core.measures.CUTS`, or `POLICY_CUTS`;
            what is not told apart is empty.
    """

    cut: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    day: Mapped[date] = mapped_column(primary_key=True)
    team: Mapped[str] = mapped_column(String(200), primary_key=True)
    channel: Mapped[str] = mapped_column(String(64), primary_key=True)
    issue: Mapped[str] = mapped_column(String(64), primary_key=True)
    main: Mapped[bool] = mapped_column(primary_key=True)
    cause: Mapped[str] = mapped_column(String(16), primary_key=True)
    contacts: Mapped[int]
    ended: Mapped[int]
    resolved: Mapped[int]
    at_once: Mapped[int]
    named: Mapped[int]
    repeated: Mapped[int]
    escalated: Mapped[int]
    transferred: Mapped[int]


class ContactFigure(ContactCounts, Base):
    """Contacts of a day."""

    __tablename__ = "contact_figures"
    __table_args__ = _COMPACT


class PolicyFigure(ContactCounts, Base):
    """Contacts of a day in which one version of a policy was explained, as the outcome says."""

    __tablename__ = "policy_figures"
    __table_args__ = _COMPACT

    policy: Mapped[str] = mapped_column(String(120), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)


class StakeFigure(Base):
    """How the contacts of a day ended; see `core.stake_counts.Counts`.

    Attributes:
        cut: 0 for those of one team; 1 for all, with an empty team.
        issue: empty for all of them, each counted once.
        cause: empty where nobody knows.
        given: in which something was given; those that begin so are of these.
    """

    __tablename__ = "stake_figures"
    __table_args__ = _COMPACT

    cut: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    day: Mapped[date] = mapped_column(primary_key=True)
    team: Mapped[str] = mapped_column(String(200), primary_key=True)
    issue: Mapped[str] = mapped_column(String(64), primary_key=True)
    cause: Mapped[str] = mapped_column(String(16), primary_key=True)
    contacts: Mapped[int]
    ended: Mapped[int]
    unresolved: Mapped[int]
    came_back: Mapped[int]
    given: Mapped[int]
    given_ended: Mapped[int]
    given_unresolved: Mapped[int]
    given_came_back: Mapped[int]


class GrantFigure(Base):
    """Grants that were reserved on a day.

    Attributes:
        row: of the limit table, which they rest on; empty where it was not kept.
        given: captured, and not wholly taken back since; `amount` is what is left of these.
        taken_back: voided, in part or whole, whether captured or not.
    """

    __tablename__ = "grant_figures"
    __table_args__ = _COMPACT

    day: Mapped[date] = mapped_column(primary_key=True)
    team: Mapped[str] = mapped_column(String(200), primary_key=True)
    issue: Mapped[str] = mapped_column(String(64), primary_key=True)
    remedy: Mapped[str] = mapped_column(String(64), primary_key=True)
    level: Mapped[str] = mapped_column(String(64), primary_key=True)
    row: Mapped[str] = mapped_column(String(64), primary_key=True)
    unit: Mapped[str] = mapped_column(String(16), primary_key=True)
    currency: Mapped[str] = mapped_column(String(3), primary_key=True)
    reserved: Mapped[int]
    given: Mapped[int]
    taken_back: Mapped[int]
    amount: Mapped[int] = mapped_column(BigInteger)


class ApprovalFigure(Base):
    """Requests for approvals that were made on a day.

    Attributes:
        level: of whoever asked.
        state: see `core.approvals.ApprovalState`.
        waited: until somebody decided: a place among `core.measures.WAITS`; -1 where nobody did.
        cut: approved with less than was asked for.
        taken_back: the grant that they became was voided, in part or whole.
    """

    __tablename__ = "approval_figures"
    __table_args__ = _COMPACT

    day: Mapped[date] = mapped_column(primary_key=True)
    team: Mapped[str] = mapped_column(String(200), primary_key=True)
    issue: Mapped[str] = mapped_column(String(64), primary_key=True)
    remedy: Mapped[str] = mapped_column(String(64), primary_key=True)
    level: Mapped[str] = mapped_column(String(64), primary_key=True)
    state: Mapped[str] = mapped_column(String(16), primary_key=True)
    waited: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    requests: Mapped[int]
    cut: Mapped[int]
    taken_back: Mapped[int]


class SuggestionFigure(Base):
    """Suggestions of a day, by the main policy that they showed; empty where they abstained.

    Attributes:
        judged: what holds of what was said of them in feedback; `right`, or `wrong` and other.
    """

    __tablename__ = "suggestion_figures"
    __table_args__ = _COMPACT

    day: Mapped[date] = mapped_column(primary_key=True)
    team: Mapped[str] = mapped_column(String(200), primary_key=True)
    channel: Mapped[str] = mapped_column(String(64), primary_key=True)
    issue: Mapped[str] = mapped_column(String(64), primary_key=True)
    policy: Mapped[str] = mapped_column(String(120), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    suggestions: Mapped[int]
    abstained: Mapped[int]
    judged: Mapped[int]
    right: Mapped[int]
    wrong: Mapped[int]


class HelpFigure(Base):
    """Contacts of a day in which a policy was shown that day, by their first issue.

    Attributes:
        waited: from their opening to the first that was: a place among `core.measures.WAITS`.
        ended: that have an outcome.
        followed: whose outcome says a policy that was shown as the main one.
    """

    __tablename__ = "help_figures"
    __table_args__ = _COMPACT

    day: Mapped[date] = mapped_column(primary_key=True)
    team: Mapped[str] = mapped_column(String(200), primary_key=True)
    channel: Mapped[str] = mapped_column(String(64), primary_key=True)
    issue: Mapped[str] = mapped_column(String(64), primary_key=True)
    waited: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    contacts: Mapped[int]
    ended: Mapped[int]
    followed: Mapped[int]
