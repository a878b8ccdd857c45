"""What is learned from labelled data, apart from any one version of a library."""

import hashlib
import json
from dataclasses import asdict, dataclass

import numpy as np

from agent_assist.matching.encoders import Vectors
from agent_assist.matching.lessons import Lessons
from agent_assist.matching.tuning import Tuning


@dataclass(frozen=True, slots=True)
class Learned:
    """Lessons with their vectors, and what scores by them mean.

    Attributes:
        vectors: shape (n, d), of `lessons.labelled`, in their order.
        encoder: name of the encoder that they come from.
    """

    lessons: Lessons
    vectors: Vectors
    encoder: str
    tuning: Tuning

    @property
    def identity(self) -> str:
        """A hash over all of it, as 64 hexadecimal digits."""
        content = [asdict(self.lessons), self.encoder, asdict(self.tuning)]
        text = json.dumps(content, ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()

    def without_held_out(self) -> "Learned":
        """The same without the lessons to judge by."""
        kept = [row for row, one in enumerate(self.lessons.labelled) if not one.is_held_out]
        vectors = self.vectors[np.array(kept, np.int64)]
        return Learned(self.lessons.without_held_out(), vectors, self.encoder, self.tuning)
