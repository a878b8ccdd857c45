"""Evidence: the library's own texts that met what was said, and the words both share."""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from agent_assist.core.matches import Evidence, EvidenceSource, Span
from agent_assist.matching.corpus import Corpus
from agent_assist.matching.entries import Kind
from agent_assist.matching.listening import Heard
from agent_assist.matching.text import Piece, Query
from agent_assist.matching.words import stems

SHOWN = 2
MIN_SIMILARITY = 0.2

_SOURCES = {
    Kind.EXAMPLE: EvidenceSource.EXAMPLE,
    Kind.DESCRIPTION: EvidenceSource.ISSUE,
    Kind.ISSUE_NAME: EvidenceSource.ISSUE,
    Kind.TITLE: EvidenceSource.TITLE,
    Kind.SECTION: EvidenceSource.SECTION,
    Kind.PASSAGE: EvidenceSource.SECTION,
}
"""Kinds that stand in the library word for word, and so can be shown."""


def evidence_for(
    corpus: Corpus, pair: int, heard: Heard, pieces: Sequence[int]
) -> tuple[Evidence, ...]:
    """The texts of a pair that are nearest to some pieces of what was said, nearest first."""
    shown = [
        entry for entry in corpus.texts_of(pair).tolist() if corpus.entries[entry].kind in _SOURCES
    ]
    cosines = corpus.vectors[shown] @ heard.vectors[list(pieces)].T
    order = np.argsort(-cosines.max(axis=1), kind="stable")[:SHOWN]
    found = [(int(place), int(cosines[place].argmax())) for place in order]
    return tuple(
        _evidence(corpus, shown[place], heard.query, pieces[piece], float(cosines[place, piece]))
        for rank, (place, piece) in enumerate(found)
        if rank == 0 or cosines[place, piece] >= MIN_SIMILARITY
    )


def _evidence(
    corpus: Corpus, position: int, query: Query, piece: int, similarity: float
) -> Evidence:
    entry = corpus.entries[position]
    return Evidence(
        source=_SOURCES[entry.kind],
        text=entry.text,
        similarity=similarity,
        spans=_shared(corpus, entry.text, query.pieces[piece]),
        turn=query.turns[piece],
    )


@lru_cache(maxsize=4096)
def _stems_of(text: str) -> frozenset[str]:
    return frozenset(stems(text))


def _shared(corpus: Corpus, text: str, piece: Piece) -> tuple[Span, ...]:
    """The telling words of a piece that a text has too, in order."""
    there = _stems_of(text)
    return tuple(
        word.span
        for word in piece.words
        if word.stem in there and corpus.lexicon.rarity(word.stem) > 0
    )
