"""Topics: which turns of a contact belong together, for a customer may ask for several things."""

from dataclasses import dataclass, field

import numpy as np

from agent_assist.matching.calibration import Floats, Truths

ALIKE = 0.5
"""Overlap of what two turns are about from which on they are about the same."""

MAX_TOPICS = 4
"""Topics that are told apart, the newest first; a rep can answer no more at once."""


@dataclass(frozen=True, slots=True)
class Said:
    """What each of m turns is about, the newest first.

    Attributes:
        likely: shape (m, policies), chances of the policies; a row adds up to 1.
        is_sure: shape (m,), whether the turn alone would be answered.
    """

    likely: Floats
    is_sure: Truths


def topics_of(said: Said) -> list[list[int]]:
    """The turns of each topic, both newest first; the first topic is that of the newest turn.

    A sure turn joins the topic that is about the same as it, or begins one. One that is not sure
    ("since Monday") belongs to the topic that was talked of when it was said, or, before there
    was any, to the first.
    """
    # How alike two turns are, 0 to 1. Source: the Bhattacharyya coefficient.
    roots = np.sqrt(said.likely)
    alike = roots @ roots.T
    topics: list[_Topic] = []
    current: list[int] = []
    for turn in reversed(range(len(said.is_sure))):
        if said.is_sure[turn]:
            found = max(topics, key=lambda topic: topic.likeness(turn), default=None)
            if found is None or found.likeness(turn) < ALIKE:
                # What was unsure until here led up to the first sure turn.
                found = _Topic([] if topics else current)
                topics.append(found)
            found.alike = found.alike + alike[turn]
            found.sure += 1
            current = found.turns
        current.append(turn)
    turns = [topic.turns for topic in topics] or [current]
    return sorted((topic[::-1] for topic in turns), key=min)[:MAX_TOPICS]


@dataclass(slots=True)
class _Topic:
    """A topic while it grows.

    Attributes:
        turns: the oldest first.
        sure: how many of them are sure.
        alike: how alike those are to each turn, added up.
    """

    turns: list[int]
    sure: int = 0
    alike: Floats = field(default_factory=lambda: np.zeros(1))

    def likeness(self, turn: int) -> float:
        """How alike its sure turns are to a turn, on average."""
        return float(self.alike[turn]) / self.sure
