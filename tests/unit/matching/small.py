"""A small library and a small encoder: words are hashed, so that the same words are near."""

import zlib
from collections.abc import Sequence
from datetime import date

import numpy as np

from agent_assist.core.policy import ExplanationType, Policy, Section
from agent_assist.core.vocabulary import Cause, Issue
from agent_assist.matching.encoders import Vectors
from agent_assist.matching.index import PolicyIndex
from agent_assist.matching.learned import Learned
from agent_assist.matching.lessons import Labelled, Lessons
from agent_assist.matching.tuning import Tuning
from agent_assist.matching.words import SMALL, stems

SECRET = "Look for stolen suitcases behind the curtain."


class HashingEncoder:
    """Counts words of substance by the hash of their stem."""

    name = "hashing@1"
    dimension = 256

    def __init__(self) -> None:
        self.encoded: list[str] = []

    def encode(self, texts: Sequence[str]) -> Vectors:
        self.encoded += texts
        vectors = np.zeros((len(texts), self.dimension), np.float32)
        for row, text in enumerate(texts):
            for stem in stems(text):
                if stem not in SMALL:
                    vectors[row, zlib.crc32(stem.encode()) % self.dimension] += 1
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        np.divide(vectors, lengths, out=vectors, where=lengths > 0)
        return vectors


def a_policy(policy_id: str, title: str, examples: dict[str, tuple[str, ...]]) -> Policy:
    return Policy(
        id=policy_id,
        locale="en",
        title=title,
        issues=tuple(examples),
        explanation_type=ExplanationType.INSTRUCTION,
        owner="team",
        review_by=date(2027, 1, 1),
        sections={
            Section.SAY: f"I can help you with that. {title} is what I look at now.",
            Section.WHY: f"{title} has its rules because money must be safe.",
            Section.STEPS: "1. Open the account.\n2. Read the **status** and tell the customer.",
            Section.INTERNAL: SECRET,
        },
        examples=examples,
        tags=(title.lower(),),
    )


POLICIES = (
    a_policy(
        "cards/lost",
        "Lost or stolen card",
        {
            "lost_card": (
                "I lost my card on the bus",
                "my card was stolen from my bag",
                "the card is gone, lost somewhere in town",
                "someone stole the card with my wallet",
                "lost card, please freeze it",
            )
        },
    ),
    a_policy(
        "cash/fee",
        "Fee for taking out cash",
        {
            "cash_fee": (
                "the cash machine took a fee",
                "why a fee for cash at the machine",
                "charged a fee when I took out cash",
                "a withdrawal of cash cost me a fee",
                "there is a fee on my cash withdrawal",
            )
        },
    ),
    a_policy(
        "transfers/times",
        "How long a transfer takes",
        {
            "transfer_pending": (
                "my transfer is still pending",
                "the pending transfer does not move",
                "transfer shows as pending since Monday",
                "is a pending transfer normal",
                "pending transfer to my sister",
            ),
            "transfer_time": (
                "how many days does a transfer take",
                "how long until a transfer arrives",
                "days for a transfer to Norway",
                "when will the transfer arrive abroad",
                "how long does a transfer need",
            ),
        },
    ),
    a_policy(
        "pin/forgotten",
        "Forgotten PIN",
        {
            "pin": (
                "I forgot my PIN",
                "what is my PIN number",
                "PIN forgotten, how to see it",
                "cannot remember the PIN",
                "the PIN slipped my mind",
            )
        },
    ),
)

ISSUES = {
    key: Issue(key, name, Cause.PROCESS, description)
    for key, name, description in (
        ("lost_card", "Card lost", "The customer lost the card or it was stolen."),
        ("cash_fee", "Cash fee", "A fee was taken for cash from a machine."),
        ("transfer_pending", "Transfer pending", "A transfer is pending for long."),
        ("transfer_time", "Transfer time", "The customer asks how long a transfer takes."),
        ("pin", "PIN forgotten", "The customer does not remember the PIN."),
    )
}


def small_index() -> PolicyIndex:
    return PolicyIndex.build(POLICIES, ISSUES, HashingEncoder())


def learned(labelled: Sequence[Labelled], tuning: Tuning | None = None) -> Learned:
    """Lessons as the small encoder reads them."""
    encoder = HashingEncoder()
    vectors = encoder.encode([one.text for one in labelled])
    return Learned(Lessons(tuple(labelled)), vectors, encoder.name, tuning or Tuning())
