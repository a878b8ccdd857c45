"""Clusters: what many texts have in common, and the words that tell it from the others."""

from collections import Counter
from collections.abc import Mapping, Sequence
from math import log

import numpy as np
import numpy.typing as npt

from agent_assist.matching.encoders import Vectors
from agent_assist.matching.words import SMALL, words

ALIKE = 0.65
"""Cosine from which on two short texts ask for the same; most of other things lie far below."""
LEAST = 5
"""Texts alike, itself included, that make a text part of something common."""

_IN_COMMON = 0.3
_WORDS = 3


def clusters(
    encoded: Sequence[Vectors], alike: float = ALIKE, least: int = LEAST
) -> list[list[int]]:
    """The clusters of n texts by density; a text that is like few others is in none.

    Needs no number of clusters, and finds none in noise. Takes n x n x 4 bytes, and time in
    proportion; the same texts in the same order give the same clusters.

    Args:
        encoded: n vectors, shape (d,), of length 1.
        alike: cosine from which on two texts are neighbours.
        least: neighbours, itself included, that make a text the core of a cluster.

    Returns:
        Rows of each, those nearest to its middle first; the largest cluster first.

    Source: Ester, Kriegel, Sander and Xu, "A Density-Based Algorithm for Discovering Clusters",
    KDD 1996. A text at the edge joins the cluster of the core that it is most like, so that the
    order of the texts decides nothing.
    """
    if not encoded:
        return []
    vectors = np.stack(encoded)
    likeness = vectors @ vectors.T
    near = likeness >= alike
    is_core = near.sum(axis=1) >= least
    of = np.full(len(vectors), -1)
    for number, seed in enumerate(np.flatnonzero(is_core)):
        if of[seed] < 0:
            reached = np.zeros(len(vectors), bool)
            reached[seed] = True
            edge = reached
            while edge.any():
                edge = near[edge].any(axis=0) & is_core & ~reached
                reached = reached | edge
            of[reached] = number
    cores = np.flatnonzero(is_core)
    for row in np.flatnonzero(~is_core):
        if near[row, cores].any():
            of[row] = of[cores[likeness[row, cores].argmax()]]
    found = [np.flatnonzero(of == number) for number in np.unique(of[of >= 0])]
    return sorted((_by_middle(vectors, rows) for rows in found), key=lambda one: (-len(one), one))


def proposed_name(texts: Sequence[str], among: Sequence[str]) -> tuple[str, ...]:
    """At most three words that tell some texts from all, as they are mostly written.

    Args:
        texts: of a cluster.
        among: all texts, those of the cluster too.
    """
    own, every = _holders(texts), _holders(among)
    shown = _written(texts)

    def weight(stem: str) -> float:
        # How many of the cluster have it, and how few of all do.
        return own[stem] / len(texts) * log(1 + len(among) / every[stem])

    common = [stem for stem, held in own.items() if held >= _IN_COMMON * len(texts)]
    told = sorted(common, key=lambda stem: (-weight(stem), stem))[:_WORDS]
    return tuple(shown[stem] for stem in told)


def _by_middle(vectors: Vectors, rows: npt.NDArray[np.intp]) -> list[int]:
    some = vectors[rows]
    nearness = some @ some.mean(axis=0)
    return [int(rows[place]) for place in np.argsort(-nearness, kind="stable")]


def _holders(texts: Sequence[str]) -> Counter[str]:
    """How many texts have each stem of substance."""
    return Counter(
        stem for text in texts for stem in {one.stem for one in words(text)} - SMALL if stem
    )


def _written(texts: Sequence[str]) -> Mapping[str, str]:
    """Each stem as it is written most often."""
    forms: dict[str, Counter[str]] = {}
    for text in texts:
        for one in words(text):
            written = text[one.span.start : one.span.end].casefold()
            forms.setdefault(one.stem, Counter())[written] += 1
    return {stem: min(some, key=lambda form: (-some[form], form)) for stem, some in forms.items()}
