"""An encoder that encodes the same texts once."""

from collections.abc import Sequence

from agent_assist.matching.encoders import Encoder, Vectors


class EncodesOnce:
    """An encoder that remembers; simulated customers have only so many ways to say a thing."""

    def __init__(self, encoder: Encoder) -> None:
        self.name = encoder.name
        self.dimension = encoder.dimension
        self._encoder = encoder
        self._known: dict[tuple[str, ...], Vectors] = {}

    def encode(self, texts: Sequence[str]) -> Vectors:
        """The vectors of n texts, shape (n, d); see `Encoder.encode`."""
        key = tuple(texts)
        if key not in self._known:
            self._known[key] = self._encoder.encode(texts)
        return self._known[key]
