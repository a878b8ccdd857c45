"""Measures: what is counted of contacts, and of which kinds they are; see docs/measures.md."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from agent_assist.core.intervals import wilson

FEW = 30
"""A share of fewer is flagged."""

WAITS = (15, 30, 60, 120, 300, 600, 1_800, 3_600, 14_400)
"""Stretches that waiting is counted by: up to so many seconds each, and a last one beyond."""

CUTS = (
    frozenset({"team", "channel", "issue", "cause"}),
    frozenset({"team", "issue"}),
    frozenset({"team", "channel", "cause"}),
    frozenset({"issue"}),
    frozenset({"team", "channel"}),
)
"""By what contacts are told apart when they are counted, several times over, so that few figures
are to be added up for what is asked: the finest first, and after it the smaller the later."""
POLICY_CUTS = (CUTS[0], frozenset[str]())
"""The same of contacts in which a policy was explained, beside the policy."""


class By(StrEnum):
    """What contacts can be told apart by."""

    DAY = "day"
    WEEK = "week"
    ISSUE = "issue"
    CAUSE = "cause"
    POLICY = "policy"
    TEAM = "team"
    CHANNEL = "channel"


class Kind(NamedTuple):
    """Which contacts are counted together; a text is empty where a contact names nothing.

    Attributes:
        main: whether the issue is a contact's first: each contact is of one such kind.
        cause: as the outcome says, or the library of the first issue where it does not; empty
            while there is no outcome.
        cut: the number among `CUTS` or `POLICY_CUTS`; what that leaves out is empty.
    """

    team: str
    channel: str
    issue: str
    main: bool
    cause: str
    cut: int = 0

    def cut_to(self, cut: int, kept: Collection[str]) -> "Kind":
        """The same of a coarser cut."""
        return Kind(
            team=self.team if "team" in kept else "",
            channel=self.channel if "channel" in kept else "",
            issue=self.issue if "issue" in kept else "",
            main=self.main,
            cause=self.cause if "cause" in kept else "",
            cut=cut,
        )


class Said(NamedTuple):
    """A version of a policy that was explained."""

    policy: str
    version: int


@dataclass(slots=True)
class Tally:
    """How many contacts there are.

    Attributes:
        ended: that have an outcome.
        resolved: whose newest outcome says so.
        at_once: said to be resolved, and not repeated; see `core.repeats`.
        named: that name a customer; no other can be known to be repeated.
        repeated: whatever became of them.
        escalated: in which more was asked for than the representative may give.
        transferred: that another representative took over.
    """

    contacts: int = 0
    ended: int = 0
    resolved: int = 0
    at_once: int = 0
    named: int = 0
    repeated: int = 0
    escalated: int = 0
    transferred: int = 0

    @property
    def size(self) -> int:
        """How many contacts."""
        return self.contacts

    def add(self, other: "Tally") -> None:
        """Count another's contacts as well."""
        for name in COUNTED:
            setattr(self, name, getattr(self, name) + getattr(other, name))


COUNTED = tuple(one.name for one in fields(Tally))
"""What a tally counts, by name."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A contact as it is counted.

    Attributes:
        resolved: as the newest outcome says; None without one.
        cause: None without an outcome, or where nobody knows.
        said: what was explained, as that outcome says.
        named: whether it names a customer.
    """

    team: str | None
    channel: str | None
    issues: tuple[str, ...]
    resolved: bool | None
    cause: str | None
    said: Collection[Said]
    named: bool
    repeated: bool
    escalated: bool
    transferred: bool


@dataclass(frozen=True, slots=True)
class Counted:
    """The contacts of a day, counted: all of them, and those in which each policy was explained."""

    contacts: Mapping[Kind, Tally]
    policies: Mapping[tuple[Kind, Said], Tally]


def count(contacts: Iterable[Seen]) -> Counted:
    """Count contacts by their kinds, at every cut."""
    all_of: dict[Kind, Tally] = defaultdict(Tally)
    explained: dict[tuple[Kind, Said], Tally] = defaultdict(Tally)
    for one in contacts:
        own = _own(one)
        for kind in _kinds(one):
            for cut in _cuts(kind, CUTS):
                all_of[cut].add(own)
            for said in set(one.said):
                for cut in _cuts(kind, POLICY_CUTS):
                    explained[cut, said].add(own)
    return Counted(all_of, explained)


def cut_for(needed: Collection[str], cuts: Sequence[Collection[str]]) -> int:
    """The number of the smallest cut that tells apart all that is needed."""
    return max(number for number, kept in enumerate(cuts) if set(needed) <= set(kept))


def _cuts(kind: Kind, cuts: Sequence[Collection[str]]) -> Iterable[Kind]:
    for number, kept in enumerate(cuts):
        # Where issues are not told apart, each contact counts once.
        if kind.main or "issue" in kept:
            yield kind.cut_to(number, kept)


def _own(contact: Seen) -> Tally:
    resolved = contact.resolved is True
    return Tally(
        contacts=1,
        ended=contact.resolved is not None,
        resolved=resolved,
        at_once=resolved and not contact.repeated,
        named=contact.named,
        repeated=contact.repeated,
        escalated=contact.escalated,
        transferred=contact.transferred,
    )


def _kinds(contact: Seen) -> Iterable[Kind]:
    cause = contact.cause or ""
    for place, issue in enumerate(contact.issues or ("",)):
        yield Kind(contact.team or "", contact.channel or "", issue, place == 0, cause)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which contacts are asked for: of days, both included, and of a team, an issue, a channel.

    None stands for any.
    """

    since: date
    until: date
    team: str | None = None
    issue: str | None = None
    channel: str | None = None


@dataclass(frozen=True, slots=True)
class Rate:
    """How many of how many; `shrunk` is the share to rank by, see `core.shrinking`."""

    count: int
    of: int
    shrunk: float | None

    @property
    def is_few(self) -> bool:
        """Whether the share says little."""
        return self.of < FEW

    @property
    def interval(self) -> tuple[float, float] | None:
        """Where the share lies with 95 % confidence; None of nothing."""
        return wilson(self.count, self.of) if self.of else None


class GrantsBy(StrEnum):
    """What grants can be told apart by."""

    DAY = "day"
    WEEK = "week"
    ISSUE = "issue"
    REMEDY = "remedy"
    TEAM = "team"
    LEVEL = "level"
    ROW = "row"


class ApprovalsBy(StrEnum):
    """What requests for approvals can be told apart by; `level` is that of whoever asked."""

    DAY = "day"
    WEEK = "week"
    ISSUE = "issue"
    REMEDY = "remedy"
    TEAM = "team"
    LEVEL = "level"


class SuggestionsBy(StrEnum):
    """What suggestions can be told apart by; a policy with its version."""

    DAY = "day"
    WEEK = "week"
    ISSUE = "issue"
    POLICY = "policy"
    TEAM = "team"
    CHANNEL = "channel"


def place_of(seconds: float) -> int:
    """In which of the stretches of `WAITS` a time lies."""
    return bisect_left(WAITS, seconds)


def most_waited(waits: Mapping[int, int], share: float = 0.5) -> int | None:
    """Within how many seconds a share of those who waited were answered.

    The upper end of a stretch of `WAITS`, counted by its place; None where that is its last, or
    nobody waited.
    """
    left = share * sum(waits.values())
    for place, seconds in enumerate(WAITS):
        left -= waits.get(place, 0)
        if left <= 0 and waits:
            return seconds
    return None
