"""A library's texts, encoded: how near a customer's words are to each policy and issue."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from agent_assist.core.policy import Policy
from agent_assist.core.vocabulary import Issue
from agent_assist.matching.encoders import Encoder, Vectors
from agent_assist.matching.entries import Entry, entries_of
from agent_assist.matching.lexicon import Lexicon, Scores

NEAREST = 3
"""How many of a pair's texts make its keyword score: one alone may share a word by chance."""

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
        entries: n texts.
        vectors: shape (n, d).
        members: shape (pairs, widest), positions of the texts that speak for each pair, filled
            up with n.
        policies: shape (pairs,), position in `policy_ids` of each pair's policy.
    """

    policy_ids: tuple[str, ...]
    pairs: tuple[Pair, ...]
    entries: tuple[Entry, ...]
    vectors: Vectors
    lexicon: Lexicon
    members: Positions
    policies: Positions

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
        vectors = _encoded([entry.text for entry in entries], encoder, known)
        pairs = tuple(Pair(policy.id, issue) for policy in policies for issue in policy.issues)
        return cls.assembled(pairs, entries, vectors)

    @classmethod
    def assembled(
        cls, pairs: tuple[Pair, ...], entries: tuple[Entry, ...], vectors: Vectors
    ) -> "Corpus":
        """The corpus of texts that are encoded already."""
        ids = tuple(dict.fromkeys(pair.policy for pair in pairs))
        place = {policy: index for index, policy in enumerate(ids)}
        return cls(
            policy_ids=ids,
            pairs=pairs,
            entries=entries,
            vectors=vectors,
            lexicon=Lexicon.build([entry.text for entry in entries]),
            members=_members(pairs, entries),
            policies=np.array([place[pair.policy] for pair in pairs], np.int64),
        )

    def keywords(self, asked: Sequence[str], *, without: int | None = None) -> Scores:
        """How many telling words each pair's best texts share with the stems asked, (pairs,).

        The text at position `without` is taken not to be there.
        """
        scores = self._padded(self.lexicon.score(asked), 0.0, without)
        nearest = min(NEAREST, scores.shape[1])
        best: Scores = np.partition(scores, -nearest, axis=1)[:, -nearest:].mean(axis=1)
        return best

    def nearness(
        self, vector: npt.NDArray[np.float32], *, without: int | None = None
    ) -> npt.NDArray[np.float32]:
        """The cosine of a vector, shape (d,), to each pair's nearest text, shape (pairs,)."""
        nearest: npt.NDArray[np.float32] = self._padded(self.vectors @ vector, -1.0, without).max(
            axis=1
        )
        return nearest

    def _padded(self, values: Scores, fill: float, without: int | None) -> Scores:
        """Values of n texts laid out by pair, shape (pairs, widest)."""
        padded = np.append(values, np.float32(fill))
        if without is not None:
            padded[without] = fill
        laid_out: Scores = padded[self.members]
        return laid_out


def _encoded(
    texts: Sequence[str], encoder: Encoder, known: Mapping[str, npt.NDArray[np.float32]]
) -> Vectors:
    new = sorted({text for text in texts if text not in known})
    found = {**known, **dict(zip(new, encoder.encode(new), strict=True))} if new else known
    return np.stack([found[text] for text in texts]).astype(np.float32)


def _members(pairs: Sequence[Pair], entries: Sequence[Entry]) -> Positions:
    by_policy: dict[str, list[tuple[int, str]]] = {}
    for index, entry in enumerate(entries):
        by_policy.setdefault(entry.policy, []).append((index, entry.issue))
    lists = [
        [index for index, issue in by_policy[pair.policy] if issue in ("", pair.issue)]
        for pair in pairs
    ]
    widest = max(map(len, lists))
    filled = [members + [len(entries)] * (widest - len(members)) for members in lists]
    return np.array(filled, np.int64)
