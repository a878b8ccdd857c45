"""Tuning what was taught: labelled texts are asked of what was learned without them."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from agent_assist.matching.assigned import Assigned
from agent_assist.matching.calibration import TaughtScores
from agent_assist.matching.corpus import Positions
from agent_assist.matching.elsewhere import ELSEWHERE
from agent_assist.matching.encoders import Encoder, Vectors
from agent_assist.matching.head import folds
from agent_assist.matching.index import PolicyIndex
from agent_assist.matching.taught import Taught
from agent_assist.matching.tuning import Asked, TaughtTrials, Tuning, tune
from agent_assist.matching.words import stems

FOLDS = 5


def tuned(
    library: PolicyIndex,
    assigned: Assigned,
    unknown: Sequence[str],
    encoder: Encoder,
    *,
    held_out: npt.NDArray[np.bool_] | None = None,
    start: Tuning,
) -> Tuning:
    """The tuning under which labelled texts come out most likely.

    Args:
        library: the index of the library's own texts alone.
        assigned: m labelled texts of it, at least one, all of pairs that are to be taught.
        unknown: texts that nothing fits.
        encoder: the one that the vectors come from.
        held_out: shape (m,), True for texts that the encoder has not learned from; they are asked
            of what was learned without all of them. None if it has learned from none: every text
            is asked, a fold at a time.
        start: what tuning begins with, see `tune`; its error rate holds.
    """
    fold = _folds(assigned) if held_out is None else np.where(held_out, 0, -1)
    everything = Taught.fit(library.corpus, assigned, Tuning())
    rows = _one_each(assigned, fold)
    scores = _held_out_scores(library, assigned, fold, everything.positions)
    right = np.zeros((int(assigned.sources.max()) + 1, len(library.corpus.pairs)), bool)
    right[assigned.sources, assigned.pairs] = True
    texts = [assigned.texts[row] for row in rows.tolist()]
    known = _asked(
        library,
        texts,
        assigned.vectors[rows],
        TaughtScores(scores.logits[rows], scores.nearness[rows]),
    )
    trials = TaughtTrials(
        known=known,
        right=right[assigned.sources[rows]],
        unknown=_asked_of_all(library, everything, unknown, encoder) if unknown else None,
        elsewhere=_asked_of_all(library, everything, ELSEWHERE, encoder).scored,
        taught=everything.positions,
        policies=library.corpus.policies,
    )
    return tune(trials, start)


def _folds(assigned: Assigned) -> Positions:
    """A fold for each text, shape (m,): the same wherever a text stands."""
    _, first, inverse = np.unique(assigned.sources, return_index=True, return_inverse=True)
    dealt: Positions = folds(assigned.pairs[first].tolist(), FOLDS)[inverse]
    return dealt


def _one_each(assigned: Assigned, fold: Positions) -> Positions:
    """The first row of each text that is in a fold."""
    _, first = np.unique(assigned.sources, return_index=True)
    rows: Positions = first[fold[first] >= 0]
    return rows


def _held_out_scores(
    library: PolicyIndex, assigned: Assigned, fold: Positions, positions: Positions
) -> TaughtScores:
    """What each text scores by what was learned without its fold; zeros for those in none."""
    logits = np.zeros((len(fold), len(positions)))
    nearness = np.zeros((len(fold), len(positions)))
    for number in np.unique(fold[fold >= 0]):
        rows = np.flatnonzero(fold == number)
        taught = Taught.fit(library.corpus, assigned.where(fold != number), Tuning(), positions)
        scores = taught.scores(
            [assigned.texts[row] for row in rows.tolist()], assigned.vectors[rows]
        )
        logits[rows], nearness[rows] = scores.logits, scores.nearness
    return TaughtScores(logits, nearness)


def _asked(
    library: PolicyIndex, texts: Sequence[str], vectors: Vectors, taught: TaughtScores
) -> Asked:
    scored = library.score(texts, [stems(text) for text in texts], vectors)
    return Asked(replace(scored, taught=taught), library.chances(scored))


def _asked_of_all(
    library: PolicyIndex, taught: Taught, texts: Sequence[str], encoder: Encoder
) -> Asked:
    vectors = encoder.encode(texts)
    return _asked(library, texts, vectors, taught.scores(texts, vectors))
