"""What texts score beside a library, before anything is known of what the scores mean."""

from collections.abc import Sequence

import numpy as np

from agent_assist.matching.calibration import Scored
from agent_assist.matching.corpus import Corpus
from agent_assist.matching.encoders import Vectors
from agent_assist.matching.head import Logits


def library_scores(
    corpus: Corpus,
    logits: Logits,
    stems: Sequence[Sequence[str]],
    vectors: Vectors,
    without: Sequence[int | None] | None = None,
) -> Scored:
    """What m texts, at least one, score by the library's own texts.

    Args:
        corpus: of the library.
        logits: what a head of it gives for the vectors, shape (m, pairs).
        stems: those of each text.
        vectors: those of the texts, shape (m, d).
        without: for each text, its own place in the corpus, which is taken not to be there.
    """
    own = without or [None] * len(stems)
    return Scored(
        logits=logits.astype(np.float64),
        keywords=np.stack(
            [corpus.keywords(one, without=place) for one, place in zip(stems, own, strict=True)]
        ).astype(np.float64),
        nearness=np.stack(
            [corpus.nearness(one, without=place) for one, place in zip(vectors, own, strict=True)]
        ).astype(np.float64),
    )
