"""Two wordings compared: by which of them fewer customers come back, and more contacts end well.

Every contact counts with the wording that it was assigned, whatever the representative said, and
from the moment on at which it can no longer be repeated; see docs/measures.md.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from agent_assist.core.measures import Rate
from agent_assist.core.sequential import interval
from agent_assist.core.wordings import Wording

ERROR = 0.05
"""The chance that one comparison ever proposes a wording although both are alike."""
_MEASURES = 2


@dataclass(frozen=True, slots=True)
class Assigned:
    """A contact that was told one of two wordings.

    Attributes:
        settled: it can no longer be repeated.
        ended: it has an outcome; `resolved` as the newest says.
        named: it names a customer; no other can be known to be repeated.
    """

    wording: Wording
    settled: bool
    named: bool
    repeated: bool
    ended: bool
    resolved: bool
    escalated: bool


@dataclass(frozen=True, slots=True)
class Arm:
    """What became of the contacts of one wording.

    Attributes:
        contacts: all of them.
        settled: those that are counted.
        ended: of the settled, those that have an outcome.
        repeated: of the settled that name a customer.
        accepted: resolved, and nobody was asked for more; of the settled.
    """

    contacts: int
    settled: int
    ended: int
    repeated: Rate
    accepted: Rate


@dataclass(frozen=True, slots=True)
class Compared:
    """Both wordings beside each other.

    Attributes:
        arms: by wording, both of them.
        repeated, accepted: where the alternative's share less the standing one's lies, however
            often one looks: each errs with at most half of `ERROR`.
        better: the wording that is proposed; None while neither can be.
    """

    arms: Mapping[Wording, Arm]
    repeated: tuple[float, float]
    accepted: tuple[float, float]
    better: Wording | None


def compare(contacts: Iterable[Assigned]) -> Compared:
    """Compare the wordings of one pair by all contacts that were assigned one of them."""
    known = list(contacts)
    arms = {one: _arm([c for c in known if c.wording is one]) for one in Wording}
    standing, alternative = arms[Wording.STANDING], arms[Wording.ALTERNATIVE]
    repeated = _interval(standing.repeated, alternative.repeated)
    accepted = _interval(standing.accepted, alternative.accepted)
    return Compared(arms, repeated, accepted, _better(repeated, accepted))


def _arm(contacts: list[Assigned]) -> Arm:
    settled = [one for one in contacts if one.settled]
    named = [one for one in settled if one.named]
    accepted = sum(one.resolved and not one.escalated for one in settled)
    return Arm(
        contacts=len(contacts),
        settled=len(settled),
        ended=sum(one.ended for one in settled),
        repeated=Rate(sum(one.repeated for one in named), len(named), None),
        accepted=Rate(accepted, len(settled), None),
    )


def _interval(standing: Rate, alternative: Rate) -> tuple[float, float]:
    both = (standing.count, standing.of), (alternative.count, alternative.of)
    return interval(*both, ERROR / _MEASURES)


def _better(repeated: tuple[float, float], accepted: tuple[float, float]) -> Wording | None:
    """Surely better by one measure, and by none surely worse."""
    fewer, more = _sign(repeated), _sign(accepted)
    if fewer < 0 <= more or fewer <= 0 < more:
        return Wording.ALTERNATIVE
    if more < 0 <= fewer or more <= 0 < fewer:
        return Wording.STANDING
    return None


def _sign(found: tuple[float, float]) -> int:
    low, high = found
    return 1 if low > 0 else -1 if high < 0 else 0
