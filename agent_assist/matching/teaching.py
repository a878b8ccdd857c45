"""Tuning what was taught: labelled texts are asked of what was learned without them."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from agent_assist.matching.assigned import Assigned
from agent_assist.matching.calibration import Floats
from agent_assist.matching.elsewhere import ELSEWHERE
from agent_assist.matching.encoders import Encoder, Vectors
from agent_assist.matching.index import PolicyIndex
from agent_assist.matching.taught import Exam, Taught
from agent_assist.matching.tuning import MIN_TRIALS, Asked, TaughtTrials, Tuning, tune
from agent_assist.matching.words import stems


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
            is asked of what was learned without it.
        start: what tuning begins with, see `tune`; its error rate holds.
    """
    exam = Exam.of(library.corpus, assigned, Tuning())
    asked, taught = exam.asked, exam.taught
    if held_out is not None:
        asked = np.intersect1d(asked, assigned.sources[held_out])
    scores = exam.without_each(asked) if held_out is None else exam.without_all(asked)
    if len(asked) < MIN_TRIALS:
        return start
    sources, firsts = np.unique(assigned.sources, return_index=True)
    rows = firsts[np.searchsorted(sources, asked)]
    right = np.zeros((int(assigned.sources.max()) + 1, len(library.corpus.pairs)), bool)
    right[assigned.sources, assigned.pairs] = True
    policies = library.corpus.policies
    trials = TaughtTrials(
        known=_asked(
            library, [assigned.texts[row] for row in rows.tolist()], assigned.vectors[rows], scores
        ),
        right=right[asked],
        strange=exam.without_policies(asked, policies),
        unknown=_asked_of_all(library, taught, unknown, encoder) if unknown else None,
        elsewhere=_asked_of_all(library, taught, ELSEWHERE, encoder).scored,
        taught=taught.positions,
        policies=policies,
    )
    return tune(trials, start)


def _asked(library: PolicyIndex, texts: Sequence[str], vectors: Vectors, taught: Floats) -> Asked:
    scored = library.score(texts, [stems(text) for text in texts], vectors)
    return Asked(replace(scored, taught=taught), library.chances(scored))


def _asked_of_all(
    library: PolicyIndex, taught: Taught, texts: Sequence[str], encoder: Encoder
) -> Asked:
    vectors = encoder.encode(texts)
    return _asked(library, texts, vectors, taught.scores(texts, vectors))
