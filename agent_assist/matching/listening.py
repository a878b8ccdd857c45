"""Hearing a contact: what was said, read, encoded and scored, each turn once."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from hashlib import blake2b
from typing import TypeAlias

import numpy as np

from agent_assist.core.contact import Transcript
from agent_assist.matching.calibration import Scored
from agent_assist.matching.encoders import Encoder, Vectors
from agent_assist.matching.index import PolicyIndex
from agent_assist.matching.text import Piece, Query, Utterance, read_utterance, utterances

REMEMBERED = 2_000
"""Utterances that are kept; beside a library of 80 policies, one takes about 5 kB."""

REMEMBERED_PAIRS = 1_000_000
"""The same, times the pairs of the index: so that beside a large one, all take about 30 MB."""

Step: TypeAlias = Callable[[str], AbstractContextManager[None]]
"""Times what happens inside, by the name of the step."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What was said, ready to be ranked; m pieces, the newest turn first.

    Attributes:
        vectors: of the pieces, shape (m, d).
        scored: the pieces beside the index; None if nothing of substance was said.
    """

    query: Query
    vectors: Vectors
    scored: Scored | None


class Listener:
    """Reads, encodes and scores what is said, and remembers it by a hash for a while.

    So a transcript that has grown by one turn costs one turn. What is remembered is of one index
    and stays in this process; it is safe to use from several threads.
    """

    def __init__(self, encoder: Encoder, most: int = REMEMBERED) -> None:
        self._encoder = encoder
        self._most = most
        self._lock = threading.Lock()
        self._of_index = ""
        self._known: OrderedDict[bytes, _Utterance] = OrderedDict()

    def hear(self, index: PolicyIndex, said: str | Transcript, step: Step | None = None) -> Heard:
        """What was said, beside an index of this listener's encoder."""
        timed = step or _untimed
        with timed("parse"):
            found = list(utterances(said))
            keys = [_key(one) for one in found]
            known = self._recall(index, keys)
            new = {
                key: read_utterance(one)
                for key, one in zip(keys, found, strict=True)
                if key not in known
            }
        with timed("encode"):
            vectors = {
                key: self._encoder.encode([piece.text for piece in pieces])
                for key, pieces in new.items()
            }
        with timed("rank"):
            # One by one: in a batch, the last digits of a score depend on its neighbours.
            known |= {
                key: _Utterance(pieces, vectors[key], _scored(index, pieces, vectors[key]))
                for key, pieces in new.items()
            }
            self._remember(index, known)
            return _together(found, [known[key] for key in keys])

    def _recall(self, index: PolicyIndex, keys: Sequence[bytes]) -> dict[bytes, "_Utterance"]:
        with self._lock:
            if self._of_index != index.identity:
                return {}
            return {key: self._known[key] for key in keys if key in self._known}

    def _remember(self, index: PolicyIndex, heard: Mapping[bytes, "_Utterance"]) -> None:
        with self._lock:
            if self._of_index != index.identity:
                self._of_index = index.identity
                self._known.clear()
            for key, one in heard.items():
                self._known[key] = one
                self._known.move_to_end(key)
            most = min(self._most, max(1, REMEMBERED_PAIRS // len(index.corpus.pairs)))
            while len(self._known) > most:
                self._known.popitem(last=False)


@dataclass(frozen=True, slots=True)
class _Utterance:
    """One utterance with its vectors and scores; None if it says nothing."""

    pieces: tuple[Piece, ...]
    vectors: Vectors
    scored: Scored | None


def _untimed(_name: str) -> AbstractContextManager[None]:
    return nullcontext()


def _key(said: Utterance) -> bytes:
    text = f"{len(said.confirms)} {said.confirms}{said.text}"
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()


def _scored(index: PolicyIndex, pieces: Sequence[Piece], vectors: Vectors) -> Scored | None:
    if not pieces:
        return None
    stems = [[word.stem for word in piece.words] for piece in pieces]
    return index.score([piece.text for piece in pieces], stems, vectors)


def _together(found: Sequence[Utterance], heard: Sequence[_Utterance]) -> Heard:
    """Several utterances, the newest first."""
    query = Query(
        pieces=tuple(piece for one in heard for piece in one.pieces),
        turns=tuple(said.turn for said, one in zip(found, heard, strict=True) for _ in one.pieces),
    )
    scored = [one.scored for one in heard if one.scored is not None]
    vectors = np.concatenate([one.vectors for one in heard]) if heard else np.zeros((0, 0))
    return Heard(query, vectors.astype(np.float32), Scored.together(scored) if scored else None)
