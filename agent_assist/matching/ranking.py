"""From what was said to the policies that fit, most probable first, with the evidence."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from agent_assist.core.matches import Match, Matches
from agent_assist.matching.calibration import by_policy, softmax
from agent_assist.matching.encoders import Vectors
from agent_assist.matching.evidence import evidence_for
from agent_assist.matching.index import PolicyIndex
from agent_assist.matching.text import Query

LIMIT = 5


@dataclass(frozen=True, slots=True)
class Ranking:
    """How probable each pair and policy is.

    Attributes:
        pairs: shape (pairs,).
        policies: shape (policies,), each the sum of its pairs; together they add up to the
            probability that anything in the library fits.
    """

    pairs: npt.NDArray[np.float64]
    policies: npt.NDArray[np.float64]


def rank(
    index: PolicyIndex,
    query: Query,
    vectors: Vectors,
    *,
    limit: int = LIMIT,
    allowed: AbstractSet[str] | None = None,
) -> Matches:
    """The best policies for a query; none, and abstained, if nothing of substance was said.

    Args:
        vectors: what the index's encoder gives for `query.texts`, shape (pieces, d).
        limit: how many policies at most.
        allowed: ids of the policies that may be given, such as those in effect; None for all.
    """
    if len(vectors) != len(query.pieces):
        raise ValueError(f"{len(query.pieces)} pieces need as many vectors, not {len(vectors)}")
    corpus = index.corpus
    may = np.array([allowed is None or pair.policy in allowed for pair in corpus.pairs])
    if not query.pieces or not may.any():
        return Matches(items=(), abstained=True)
    ranking = weigh(index, query, vectors, may)
    best = np.argsort(-ranking.policies, kind="stable")[:limit]
    items = tuple(
        _match(index, query, vectors, ranking, int(policy))
        for policy in best
        if may[corpus.policies == policy].any()
    )
    surest = items[0].probability if items else 0.0
    return Matches(items=items, abstained=surest < index.calibration.threshold)


def weigh(
    index: PolicyIndex, query: Query, vectors: Vectors, may: npt.NDArray[np.bool_]
) -> Ranking:
    """The probabilities for at least one piece; `may`, shape (pairs,), has at least one True."""
    corpus, calibration = index.corpus, index.calibration
    weights = np.array([piece.weight for piece in query.pieces])
    weights = weights / weights.sum()
    asked = [[word.stem for word in piece.words] for piece in query.pieces]
    keywords = np.stack([corpus.keywords(stems) for stems in asked])
    scores = calibration.meaning * index.head.logits(vectors) + calibration.keywords * keywords
    chances = softmax(np.where(may, weights @ scores, -np.inf))
    policies = by_policy(chances[None, :], corpus.policies)[0]
    nearest = np.array([corpus.nearness(vector)[may].max() for vector in vectors])
    known = calibration.known(policies.max(), weights @ nearest)
    return Ranking(pairs=known * chances, policies=known * policies)


def _match(
    index: PolicyIndex, query: Query, vectors: Vectors, ranking: Ranking, policy: int
) -> Match:
    corpus = index.corpus
    of_policy = np.flatnonzero(corpus.policies == policy)
    pair = int(of_policy[ranking.pairs[of_policy].argmax()])
    return Match(
        policy=corpus.policy_ids[policy],
        issue=corpus.pairs[pair].issue,
        probability=float(ranking.policies[policy]),
        evidence=evidence_for(corpus, pair, query, vectors),
    )
