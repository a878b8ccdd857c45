"""Discover: new issues that no policy covers, in what customers said where matching abstained."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from agent_assist.core.vocabulary import Vocabulary
from agent_assist.core.waiting import LOOKED_BACK
from agent_assist.live import Snapshot
from agent_assist.matching.clusters import clusters, proposed_name
from agent_assist.matching.encoders import Encoder, Vectors
from agent_assist.store.unanswered import Unanswered, UnansweredStore

NEWEST = 2_000
"""How many suggestions are looked at, at most: what is compared grows with their square."""
SENTENCES = 3
CONTACTS = 20

_PATIENCE = 1.0
"""Seconds that are spent on encoding, beside the last text."""


@dataclass(frozen=True, slots=True)
class NewIssue:
    """What several contacts asked that no policy answers.

    Attributes:
        words: proposed as its name, the most telling first.
        count: contacts; suggestions without a contact count one each.
        weeks: how many of them in each week, named by its Monday, the oldest first, without gaps.
        sentences: those nearest to what they have in common, masked.
        contacts: the newest.
    """

    words: tuple[str, ...]
    count: int
    weeks: tuple[tuple[date, int], ...]
    sentences: tuple[str, ...]
    contacts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Discovery:
    """What was found, the most frequent first.

    Attributes:
        looked: contacts that were compared.
        pending: texts that are not encoded yet: ask again.
        is_whole: whether no older suggestion of that time was left out.
    """

    since: date
    until: date
    looked: int
    pending: int
    is_whole: bool
    found: tuple[NewIssue, ...]


class Discoverer:
    """Finds what is asked again and again without an answer.

    Vectors of texts are kept in memory as long as they are looked at.

    Args:
        store: reads suggestions.
        now: gives the aware present.
        seconds: gives seconds that only grow.
    """

    def __init__(
        self,
        store: UnansweredStore,
        *,
        now: Callable[[], datetime],
        seconds: Callable[[], float],
    ) -> None:
        self._store = store
        self._now = now
        self._seconds = seconds
        self._known: dict[tuple[str, str], Vectors] = {}

    def look(
        self, snapshot: Snapshot, since: date | None, until: date | None, team: str | None
    ) -> Discovery:
        """The new issues of some days, both included; None for the last 90, and for today."""
        vocabulary = snapshot.vocabulary
        until = until or vocabulary.day(self._now())
        since = since or until - LOOKED_BACK
        read = self._store.newest(*vocabulary.span(since, until), team, NEWEST + 1)
        said = _once_a_contact(read[:NEWEST])
        encoded = self._encoded([one.text for one in said], snapshot.encoder)
        told = said[: len(encoded)]
        texts = [one.text for one in told]
        return Discovery(
            since=since,
            until=until,
            looked=len(told),
            pending=len(said) - len(told),
            is_whole=len(read) <= NEWEST,
            found=tuple(
                _issue([told[row] for row in rows], texts, vocabulary) for rows in clusters(encoded)
            ),
        )

    def _encoded(self, texts: Sequence[str], encoder: Encoder) -> list[Vectors]:
        """The vectors of the first texts, as many as patience lasts for."""
        end = self._seconds() + _PATIENCE
        found: list[Vectors] = []
        for text in texts:
            vector = self._known.get((encoder.name, text))
            if vector is None:
                if self._seconds() > end:
                    break
                vector = self._known[encoder.name, text] = encoder.encode([text])[0]
            found.append(vector)
        while len(self._known) > 2 * NEWEST:
            self._known.pop(next(iter(self._known)), None)  # the oldest that was encoded
        return found


def _once_a_contact(said: Sequence[Unanswered]) -> list[Unanswered]:
    """Of each contact the newest: who asks on is one customer."""
    seen: dict[str | int, Unanswered] = {}
    for number, one in enumerate(said):
        seen.setdefault(number if one.contact is None else one.contact, one)
    return list(seen.values())


def _issue(said: Sequence[Unanswered], among: Sequence[str], vocabulary: Vocabulary) -> NewIssue:
    newest = sorted(said, key=lambda one: one.at, reverse=True)
    texts = [one.text for one in said]
    return NewIssue(
        words=proposed_name(texts, among),
        count=len(said),
        weeks=_weeks([vocabulary.day(one.at) for one in said]),
        sentences=tuple(dict.fromkeys(texts))[:SENTENCES],
        contacts=tuple(one.contact for one in newest if one.contact is not None)[:CONTACTS],
    )


def _weeks(days: Sequence[date]) -> tuple[tuple[date, int], ...]:
    counted = Counter(day - timedelta(days=day.weekday()) for day in days)
    first, last = min(counted), max(counted)
    mondays = (first + timedelta(weeks=n) for n in range((last - first).days // 7 + 1))
    return tuple((monday, counted[monday]) for monday in mondays)
