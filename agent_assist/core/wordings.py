"""Wordings: two of one explanation run side by side, and which of them a contact is told."""

import hashlib
import json
from dataclasses import dataclass
from enum import StrEnum

from agent_assist.core.policy import Policy, Section

_SCALE = 1 << 64


class Wording(StrEnum):
    """One of the two wordings that a policy's explanation may have."""

    STANDING = "standing"
    ALTERNATIVE = "alternative"


@dataclass(frozen=True, slots=True)
class Explanation:
    """What a customer is told, and why it is so, as Markdown."""

    say: str
    why: str


@dataclass(frozen=True, slots=True)
class Shown:
    """Which wording was shown, of which pair."""

    pair: str
    wording: Wording


def explanation(policy: Policy, wording: Wording = Wording.STANDING) -> Explanation:
    """A policy in one of its wordings; where the alternative lacks a part, the standing one's."""
    say, why = policy.sections[Section.SAY], policy.sections[Section.WHY]
    if wording is Wording.STANDING:
        return Explanation(say, why)
    return Explanation(
        policy.sections.get(Section.ALTERNATIVE_SAY, say),
        policy.sections.get(Section.ALTERNATIVE_WHY, why),
    )


def pair_of(policy: Policy) -> str | None:
    """The key of both wordings of a policy and of the share of each; None where there is one.

    Other words or another share are another pair, which is compared from its own beginning.

    Args:
        policy: in the library's own language: translations follow it.
    """
    if not policy.has_alternative:
        return None
    both = (explanation(policy, wording) for wording in Wording)
    told = [policy.id, policy.alternative_share, *((one.say, one.why) for one in both)]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()[:16]


def shown(policy: Policy, contact: str | None) -> Shown | None:
    """The wording of a policy that a contact is told; None where there is one alone.

    The same for the same contact and pair, whenever and wherever it is asked, and of one pair
    independent of any other.

    Args:
        policy: in the library's own language.
        contact: its id; without one it is told the standing wording.
    """
    pair = pair_of(policy)
    if pair is None:
        return None
    if contact is None:
        return Shown(pair, Wording.STANDING)
    drawn = hashlib.sha256(json.dumps([pair, policy.id, contact]).encode()).digest()[:8]
    is_other = int.from_bytes(drawn) * 100 < policy.alternative_share * _SCALE
    return Shown(pair, Wording.ALTERNATIVE if is_other else Wording.STANDING)
