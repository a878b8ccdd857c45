"""Training: from lessons to what is learned of them."""

from collections.abc import Callable

import numpy as np

from agent_assist.matching.assigned import assign
from agent_assist.matching.encoders import Encoder, Vectors
from agent_assist.matching.index import PolicyIndex
from agent_assist.matching.learned import Learned
from agent_assist.matching.lessons import Lessons
from agent_assist.matching.taught import enough
from agent_assist.matching.teaching import tuned
from agent_assist.matching.tuning import Tuning

Progress = Callable[[str], None]

_AT_ONCE = 1_000


def learn_lessons(
    lessons: Lessons,
    library: PolicyIndex,
    encoder: Encoder,
    *,
    is_fine_tuned: bool,
    error_rate: float,
    progress: Progress,
) -> Learned:
    """What lessons teach beside a library.

    Args:
        lessons: at least one with a label.
        library: the index of the library's own texts alone, by the same encoder.
        encoder: makes the vectors.
        is_fine_tuned: whether it has learned from those of the lessons that are not held out.
        error_rate: see `Tuning`.
        progress: is told how far it is.
    """
    vectors = _encoded([one.text for one in lessons.labelled], encoder, progress)
    assigned = assign(library.corpus, lessons.labelled, vectors)
    assigned = assigned.where(enough(assigned))
    if not len(assigned.texts):
        return Learned(lessons, vectors, encoder.name, Tuning(error_rate=error_rate))
    progress("asking each lesson of what is learned without it …")
    held_out = np.array([lessons.labelled[one].is_held_out for one in assigned.sources])
    tuning = tuned(
        library,
        assigned,
        lessons.unknown,
        encoder,
        held_out=held_out if is_fine_tuned else None,
        start=Tuning(error_rate=error_rate),
    )
    return Learned(lessons, vectors, encoder.name, tuning)


def _encoded(texts: list[str], encoder: Encoder, progress: Progress) -> Vectors:
    parts = []
    for start in range(0, len(texts), _AT_ONCE):
        parts.append(encoder.encode(texts[start : start + _AT_ONCE]))
        progress(f"{min(start + _AT_ONCE, len(texts)):,} of {len(texts):,} texts read")
    return np.concatenate(parts)
