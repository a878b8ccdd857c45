"""From what was said to the policies that fit, most probable first, with the evidence."""

from collections.abc import Set as AbstractSet

import numpy as np
import numpy.typing as npt

from agent_assist.core.matches import Match, Matches
from agent_assist.matching.calibration import Chances, Scored
from agent_assist.matching.encoders import Vectors
from agent_assist.matching.evidence import evidence_for
from agent_assist.matching.index import PolicyIndex
from agent_assist.matching.text import Query

LIMIT = 5

CLAIM = 0.9
"""How much of the weight a turn that is quite sure takes from all older ones."""

DECAY = 0.4
"""What is left for older turns even by one that is not sure at all."""

FLOOR = 0.02
"""What a piece counts at least: several unsure ones together may be sure."""


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
    chances = _chances(index, query, vectors, may)
    allowed_policies = int(np.unique(corpus.policies[may]).size)
    best = np.argsort(-chances.policies[0], kind="stable")[: min(limit, allowed_policies)]
    items = tuple(_match(index, query, vectors, chances, policy) for policy in best.tolist())
    fits = float(chances.fits[0])
    calibration = index.calibration
    unsure = fits < calibration.fits_threshold or not items
    abstained = unsure or items[0].probability < calibration.threshold
    return Matches(items=items, abstained=abstained, fits=fits)


def _chances(
    index: PolicyIndex, query: Query, vectors: Vectors, may: npt.NDArray[np.bool_]
) -> Chances:
    """What a query of at least one piece is about; one row."""
    corpus, calibration = index.corpus, index.calibration
    asked = [[word.stem for word in piece.words] for piece in query.pieces]
    scored = Scored(
        logits=index.head.logits(vectors).astype(np.float64),
        keywords=np.stack([corpus.keywords(stems) for stems in asked]).astype(np.float64),
        nearness=np.stack([corpus.nearness(vector) for vector in vectors]).astype(np.float64),
    )
    chances = calibration.chances(scored, corpus.policies, may)
    if len(query.pieces) == 1:
        return chances
    weights = _weights(query, chances.fits * chances.policies.max(axis=1))
    together = Scored(weights @ scored.logits, weights @ scored.keywords, weights @ scored.nearness)
    return calibration.chances(together, corpus.policies, may)


def _weights(query: Query, surety: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """How much each piece counts, shape (1, pieces), adding up to 1.

    A piece counts by its words and by how sure an answer to it alone would be; a turn leaves to
    older ones what its own surest piece does not claim. So a new question decides, and after a
    turn such as "since Monday" the question before still does.
    """
    weights = np.zeros(len(surety))
    left = 1.0
    turns = [piece.turn for piece in query.pieces]
    for turn in dict.fromkeys(turns):
        pieces = [place for place, of in enumerate(turns) if of == turn]
        words = np.array([query.pieces[place].weight for place in pieces])
        weights[pieces] = left * words * (surety[pieces] + FLOOR) / len(pieces)
        left *= DECAY * (1 - CLAIM * float((words * surety[pieces]).max()))
    shares: npt.NDArray[np.float64] = (weights / weights.sum())[None, :]
    return shares


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
