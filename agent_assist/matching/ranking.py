"""From what was said to the policies that fit, most probable first, with the evidence."""

from collections.abc import Set as AbstractSet

import numpy as np

from agent_assist.core.matches import Match, Matches
from agent_assist.matching.calibration import Chances, Scored
from agent_assist.matching.encoders import Vectors
from agent_assist.matching.evidence import evidence_for
from agent_assist.matching.index import PolicyIndex
from agent_assist.matching.text import Query

LIMIT = 5


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
        index: of the library.
        query: what was said.
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
    chances = index.calibration.chances(_scored(index, query, vectors), corpus.policies, may)
    allowed_policies = int(np.unique(corpus.policies[may]).size)
    best = np.argsort(-chances.policies[0], kind="stable")[: min(limit, allowed_policies)]
    items = tuple(_match(index, query, vectors, chances, policy) for policy in best.tolist())
    fits = float(chances.fits[0])
    abstained = not items or items[0].probability < index.calibration.threshold
    return Matches(items=items, abstained=abstained, fits=fits)


def _scored(index: PolicyIndex, query: Query, vectors: Vectors) -> Scored:
    """What a query of at least one piece scores: the mean of its pieces, by their weights."""
    weights = np.array([piece.weight for piece in query.pieces])
    weights = (weights / weights.sum())[None, :]
    asked = [[word.stem for word in piece.words] for piece in query.pieces]
    return Scored(
        logits=weights @ index.head.logits(vectors),
        keywords=weights @ np.stack([index.corpus.keywords(stems) for stems in asked]),
        nearness=weights @ np.stack([index.corpus.nearness(vector) for vector in vectors]),
    )


def _match(
    index: PolicyIndex, query: Query, vectors: Vectors, chances: Chances, policy: int
) -> Match:
    corpus = index.corpus
    of_policy = np.flatnonzero(corpus.policies == policy)
    pair = int(of_policy[chances.pairs[0, of_policy].argmax()])
    return Match(
        policy=corpus.policy_ids[policy],
        issue=corpus.pairs[pair].issue,
        probability=float(chances.fits[0] * chances.policies[0, policy]),
        evidence=evidence_for(corpus, pair, query, vectors),
    )
