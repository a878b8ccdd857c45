"""From what was said to the policies that fit, most probable first, with the evidence."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import groupby

import numpy as np

from agent_assist.core.matches import Match, Matches, Role
from agent_assist.matching.calibration import Chances, Floats, Scored, Truths
from agent_assist.matching.corpus import Corpus
from agent_assist.matching.evidence import evidence_for
from agent_assist.matching.index import PolicyIndex
from agent_assist.matching.listening import Heard
from agent_assist.matching.text import Query
from agent_assist.matching.topics import Said, topics_of

LIMIT = 5

CLAIM = 0.9
"""How much of the weight a turn that is quite sure takes from all older ones."""

DECAY = 0.8
"""What is left for older turns even by one that is not sure at all."""

APART = 5
"""Policies at the beginning of a list of which none says the same as another."""

LOOKED_AT = 20
"""Policies, the most probable, that these are taken from."""

FLOOR = 0.02
"""What a piece counts at least: several unsure ones together may be sure."""


def rank(
    index: PolicyIndex,
    heard: Heard,
    *,
    limit: int = LIMIT,
    allowed: AbstractSet[str] | None = None,
) -> Matches:
    """The best policies for what was said; none, and abstained, if that was nothing of substance.

    First the best for what the customer asks now, then the best for each other thing that they
    asked for in the contact, then what else might be meant now. What says the same as one of the
    first APART comes after these.

    Args:
        index: of the library.
        heard: what was said, beside this index.
        limit: how many policies at most; the best of each topic is always given.
        allowed: ids of the policies that may be given, such as those in effect; None for all.
    """
    corpus = index.corpus
    ids = corpus.policy_ids
    may_be = np.fromiter((allowed is None or one in allowed for one in ids), bool, len(ids))
    if heard.scored is None or not may_be.any():
        return Matches(items=(), abstained=True)
    may, most = may_be[corpus.policies], int(may_be.sum())
    now, *before = _topics(index, heard, heard.scored, may)
    first, *others = _apart(corpus, now.best(min(max(limit, LOOKED_AT), most)))[:limit]
    found = [_match(now, first, Role.MAIN)]
    for topic in before:
        best = topic.best(1)[0]
        if topic.is_sure(best) and all(corpus.policy_ids[best] != one.policy for one in found):
            found.append(_match(topic, best, Role.EARLIER))
    told = {one.policy for one in found}
    rest = [one for one in others if corpus.policy_ids[one] not in told]
    found += [_match(now, one, Role.ALTERNATIVE) for one in rest[: max(0, limit - len(found))]]
    return Matches(tuple(found), abstained=not now.is_sure(first), fits=now.fits)


def _apart(corpus: Corpus, ranked: Sequence[int]) -> list[int]:
    """The same policies, and first the first APART of which none says the same as another."""
    first: list[int] = []
    for policy in ranked:
        if len(first) < APART and not (first and corpus.are_alike(policy, first)):
            first.append(policy)
    return first + [policy for policy in ranked if policy not in first]


@dataclass(frozen=True, slots=True)
class _Topic:
    """Pieces that are about one thing, and what that is.

    Attributes:
        pieces: positions in what was heard, newest first.
        chances: of all of them together; one row.
    """

    index: PolicyIndex
    heard: Heard
    pieces: list[int]
    chances: Chances

    @property
    def fits(self) -> float:
        """Probability that anything in the library fits."""
        return float(self.chances.fits[0])

    def best(self, limit: int) -> list[int]:
        """The most probable policies, at least one."""
        chances = self.chances.policies[0]
        if limit == 1:
            return [int(chances.argmax())]
        found: list[int] = np.argsort(-chances, kind="stable")[:limit].tolist()
        return found

    def probability(self, policy: int) -> float:
        """That it is right."""
        return self.fits * float(self.chances.policies[0, policy])

    def is_sure(self, policy: int) -> bool:
        """Whether the policy, the best one, is to be answered with."""
        name = self.index.corpus.policy_ids[policy]
        return not self.index.is_unsure(name, self.probability(policy), self.fits)


def _topics(index: PolicyIndex, heard: Heard, scored: Scored, may: Truths) -> list[_Topic]:
    """What the customer wants, at least one thing, that of the newest turn first."""
    turns = _turns(heard.query)
    alone = index.chances(scored, may)
    if len(heard.query.pieces) == 1:
        return [_Topic(index, heard, turns[0], alone)]
    weigher = _Weigher(heard.query, alone.fits * alone.policies.max(axis=1))

    def taken_together(groups: Sequence[list[int]]) -> list[_Topic]:
        if not groups:
            return []
        weights = np.stack([weigher.weights(pieces) for pieces in groups])
        chances = index.chances(scored.weighted(weights), may)
        return [_Topic(index, heard, pieces, chances.row(row)) for row, pieces in enumerate(groups)]

    whole = iter(taken_together([pieces for pieces in turns if len(pieces) > 1]))
    by_turn = [
        next(whole) if len(pieces) > 1 else _Topic(index, heard, pieces, alone.row(pieces[0]))
        for pieces in turns
    ]
    said = Said(
        likely=np.concatenate([turn.chances.policies for turn in by_turn]),
        is_sure=np.array([turn.is_sure(turn.best(1)[0]) for turn in by_turn]),
    )
    topics = topics_of(said)
    return taken_together([[piece for turn in topic for piece in turns[turn]] for topic in topics])


def _turns(query: Query) -> list[list[int]]:
    """The positions of each turn's pieces, the newest turn first."""
    by_turn: dict[int | None, list[int]] = {}
    for place, turn in enumerate(query.turns):
        by_turn.setdefault(turn, []).append(place)
    return list(by_turn.values())


@dataclass(frozen=True, slots=True)
class _Weigher:
    """Tells how much each of the m pieces of a query counts.

    A piece counts by its words and by how sure an answer to it alone would be; a turn leaves to
    older ones what its own surest piece does not claim. So a new question decides, and after a
    turn such as "since Monday" the question before still does.

    Attributes:
        surety: shape (m,), probability of the best policy by each piece alone.
    """

    query: Query
    surety: Floats

    def weights(self, pieces: Sequence[int]) -> Floats:
        """The weight of each piece, shape (m,), adding up to 1, if only some pieces count.

        Those are of whole turns, the newest first.
        """
        query, surety = self.query, self.surety
        weights = np.zeros(len(surety))
        left = 1.0
        for _, turn in groupby(pieces, key=query.turns.__getitem__):
            places = list(turn)
            words = np.array([query.pieces[place].weight for place in places])
            weights[places] = left * words * (surety[places] + FLOOR) / len(places)
            left *= DECAY * (1 - CLAIM * float((words * surety[places]).max()))
        shares: Floats = weights / weights.sum()
        return shares


def _match(topic: _Topic, policy: int, role: Role) -> Match:
    corpus, query = topic.index.corpus, topic.heard.query
    of_policy = np.flatnonzero(corpus.policies == policy)
    pair = int(of_policy[topic.chances.pairs[0, of_policy].argmax()])
    turns = {turn for place in topic.pieces if (turn := query.turns[place]) is not None}
    return Match(
        policy=corpus.policy_ids[policy],
        issue=corpus.pairs[pair].issue,
        probability=topic.probability(policy),
        evidence=evidence_for(corpus, pair, topic.heard, topic.pieces),
        role=role,
        turns=tuple(sorted(turns)),
    )
