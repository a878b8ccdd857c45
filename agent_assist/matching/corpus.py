"""A library's texts, encoded: how near a customer's words are to each policy and issue."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from agent_assist.core.policy import Policy
from agent_assist.core.vocabulary import Issue
from agent_assist.matching.encoders import Encoder, Vectors
from agent_assist.matching.entries import Entry, entries_of
from agent_assist.matching.lexicon import Lexicon, Scores
from agent_assist.matching.scan import FROM, Scan

NEAREST = 3
"""How many of a pair's texts make its keyword score: one alone may share a word by chance."""

LIKELY = 300
"""Pairs, those whose best text shares most, of which more than that text is looked at."""

LIKELY_NEAR = 50
"""Pairs, those that seem nearest, whose vectors are looked at where all others are only scanned."""

ALIKE = 0.96
"""Cosine of the centres of two policies from which on they say the same: a copy with 7 of 10 texts
has .962 and more; of different policies of both sample libraries no two have more than .923."""

Positions: TypeAlias = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Pair:
    """A policy and one of the issues it covers."""

    policy: str
    issue: str


@dataclass(frozen=True, slots=True)
class Corpus:
    """The texts of a library and the pairs of policy and issue they speak for.

    Attributes:
        entries: n texts, policy by policy.
        vectors: shape (n, d), memory-mapped if they are many.
        members: positions of the texts that speak for each pair, one pair after the other.
        starts: shape (pairs + 1,), where in `members` those of each pair begin and those of the
            last end; each has one at least.
        policies: shape (pairs,), position in `policy_ids` of each pair's policy, ascending.
        centres: shape (policies, d), the mean of each policy's vectors, of length 1.
        scan: searches the vectors; None if they are so few that all are looked at.
    """

    policy_ids: tuple[str, ...]
    pairs: tuple[Pair, ...]
    entries: tuple[Entry, ...]
    vectors: Vectors
    lexicon: Lexicon
    members: Positions
    starts: Positions
    policies: Positions
    centres: Vectors
    scan: Scan | None

    @classmethod
    def build(
        cls,
        policies: Sequence[Policy],
        issues: Mapping[str, Issue],
        encoder: Encoder,
        known: Mapping[str, npt.NDArray[np.float32]],
    ) -> "Corpus":
        """The texts of policies with unique ids, at least one.

        `known` has vectors that this very encoder has given to texts before.
        """
        entries = entries_of(policies, issues)
        vectors = _encoded([entry.compared for entry in entries], encoder, known)
        pairs = tuple(Pair(policy.id, issue) for policy in policies for issue in policy.issues)
        return cls.assembled(pairs, entries, vectors)

    @classmethod
    def assembled(
        cls,
        pairs: tuple[Pair, ...],
        entries: tuple[Entry, ...],
        vectors: Vectors,
        lexicon: Lexicon | None = None,
        centres: Vectors | None = None,
        scan: Scan | None = None,
    ) -> "Corpus":
        """The corpus of texts that are encoded already; what is not given is built."""
        ids = tuple(dict.fromkeys(pair.policy for pair in pairs))
        place = {policy: index for index, policy in enumerate(ids)}
        members = _members(pairs, entries)
        return cls(
            policy_ids=ids,
            pairs=pairs,
            entries=entries,
            vectors=vectors,
            lexicon=lexicon or Lexicon.build([entry.compared for entry in entries]),
            members=np.array([position for one in members for position in one], np.int64),
            starts=np.cumsum([0, *map(len, members)], dtype=np.int64),
            policies=np.array([place[pair.policy] for pair in pairs], np.int64),
            centres=_centres(entries, vectors) if centres is None else centres,
            scan=scan or (Scan.build(vectors) if len(entries) >= FROM else None),
        )

    def texts_of(self, pair: int) -> Positions:
        """The positions of the texts that speak for a pair."""
        return self.members[self.starts[pair] : self.starts[pair + 1]]

    def are_alike(self, policy: int, others: Sequence[int]) -> bool:
        """Whether a policy says what one of some others says, all but a few words."""
        return bool((self.centres[list(others)] @ self.centres[policy] >= ALIKE).any())

    def keywords(self, asked: Sequence[str], *, without: int | None = None) -> Scores:
        """How many telling words each pair's best texts share with the stems asked, (pairs,).

        The text at position `without` is taken not to be there. Beyond LIKELY pairs, the others
        have what they have by their best text alone.
        """
        scores = self.lexicon.score(asked)
        if without is not None:
            scores[without] = 0.0
        shared = scores.take(self.members)
        best: Scores = np.maximum.reduceat(shared, self.starts[:-1])
        likely = _highest(best, LIKELY)
        best[likely] += self._next_best(shared, likely)
        best /= np.float32(min(NEAREST, np.diff(self.starts).max()))
        return best

    def nearness(
        self, vector: npt.NDArray[np.float32], *, without: int | None = None
    ) -> npt.NDArray[np.float32]:
        """The cosine of a vector, shape (d,), to each pair's nearest text, shape (pairs,).

        The text at position `without` is taken not to be there. Where there is a scan, those of
        the LIKELY_NEAR pairs that seem nearest are exact, the others as near as the scan tells.
        """
        if self.scan is None:
            cosines, off = self.vectors @ vector, 0.0
        else:
            cosines, off = self.scan.cosines(vector)
        if without is not None:
            cosines[without] = -1.0
        nearest: npt.NDArray[np.float32] = np.maximum.reduceat(
            cosines.take(self.members), self.starts[:-1]
        )
        if off:
            pairs = _highest(nearest, LIKELY_NEAR)
            nearest[pairs] = self._exactly(vector, pairs, cosines, off, without)
        return nearest

    def _exactly(
        self,
        vector: npt.NDArray[np.float32],
        pairs: Positions,
        cosines: Scores,
        off: float,
        without: int | None,
    ) -> Scores:
        """The cosine of a vector to the nearest text of each of some pairs.

        Args:
            vector: shape (d,).
            pairs: positions of k pairs.
            cosines: roughly those to all texts, shape (n,).
            off: how far off they are at most.
            without: position of a text that is taken not to be there.
        """
        of_them = self._members_of(pairs)
        texts = self.members[of_them.places]
        rough = cosines[texts]
        nearest: Scores = np.maximum.reduceat(rough, of_them.starts)
        # What is further from the nearest than both can be off is not the nearest in truth.
        may = np.flatnonzero(rough >= nearest[of_them.owners] - 2 * off)
        exact = self.vectors[texts[may]] @ vector
        exact[texts[may] == without] = -1.0
        firsts = np.searchsorted(of_them.owners[may], np.arange(len(pairs)))
        nearest = np.maximum.reduceat(exact, firsts)
        return nearest

    def _members_of(self, pairs: Positions) -> "_Members":
        sizes = self.starts[pairs + 1] - self.starts[pairs]
        ends = np.cumsum(sizes)
        starts = ends - sizes
        return _Members(
            places=np.arange(ends[-1]) + np.repeat(self.starts[pairs] - starts, sizes),
            starts=starts,
            owners=np.repeat(np.arange(len(pairs)), sizes),
        )

    def _next_best(self, values: Scores, pairs: Positions) -> Scores:
        """The sum of the second best to NEAREST best value of each of k pairs.

        `values` are those of all members, each at least 0.
        """
        of_them = self._members_of(pairs)
        left, owners = values[of_them.places], of_them.owners
        total = np.zeros(len(pairs), np.float32)
        best = np.maximum.reduceat(left, of_them.starts)
        for _ in range(NEAREST - 1):
            found = np.flatnonzero(left == best[owners])
            # Of several that are equally good, only the first is taken away.
            firsts = np.searchsorted(owners[found], np.arange(len(pairs)))
            left[found[firsts]] = 0.0
            best = np.maximum.reduceat(left, of_them.starts)
            total += best
        return total


@dataclass(frozen=True, slots=True)
class _Members:
    """The members of k pairs, one pair after the other.

    Attributes:
        places: shape (m,), where they stand in `Corpus.members`.
        starts: shape (k,), where among these those of each pair begin.
        owners: shape (m,), which of the k each is of.
    """

    places: Positions
    starts: Positions
    owners: Positions


def _highest(values: Scores, count: int) -> Positions:
    """The positions of the highest values, or of all if there are no more than that."""
    if len(values) <= count:
        return np.arange(len(values))
    highest: Positions = np.argpartition(values, -count)[-count:]
    return highest


def _encoded(
    texts: Sequence[str], encoder: Encoder, known: Mapping[str, npt.NDArray[np.float32]]
) -> Vectors:
    new = sorted({text for text in texts if text not in known})
    place = {text: row for row, text in enumerate(new)}
    encoded = encoder.encode(new)
    vectors = np.empty((len(texts), encoder.dimension), np.float32)
    for row, text in enumerate(texts):
        vectors[row] = encoded[place[text]] if text in place else known[text]
    return vectors


def _centres(entries: Sequence[Entry], vectors: Vectors) -> Vectors:
    changes = [
        at for at, (one, next_) in enumerate(pairwise(entries), 1) if one.policy != next_.policy
    ]
    sums = np.add.reduceat(vectors, [0, *changes], axis=0)
    lengths = np.linalg.norm(sums, axis=1, keepdims=True)
    centres: Vectors = sums / np.maximum(lengths, np.float32(1e-9))
    return centres


def _members(pairs: Sequence[Pair], entries: Sequence[Entry]) -> list[list[int]]:
    by_policy: dict[str, list[tuple[int, str]]] = {}
    for index, entry in enumerate(entries):
        by_policy.setdefault(entry.policy, []).append((index, entry.issue))
    return [
        [index for index, issue in by_policy[pair.policy] if issue in ("", pair.issue)]
        for pair in pairs
    ]
