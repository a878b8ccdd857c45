"""How contacts of several questions are told apart, and what a turn more costs.

    python benchmarks/contacts.py --library policies/bank --encoder DIR --data FILE

Contacts are made up from labelled questions: a greeting, one to three questions, and after each up
to two turns of an agent and as many of small talk. The transcript that grows has 100 turns, half
of them the customer's; a turn of each side is added 60 times.
"""

import argparse
import json
import random
import statistics
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from agent_assist.core.contact import Speaker, Transcript, Turn
from agent_assist.core.matches import Matches, Role
from agent_assist.library.folder import read_library
from agent_assist.matching.encoders import OnnxEncoder
from agent_assist.matching.index import PolicyIndex
from agent_assist.matching.listening import Listener
from agent_assist.matching.ranking import rank

SMALL_TALK = (
    "ok",
    "I see",
    "hm let me check",
    "since Monday I think",
    "it was in the afternoon",
    "I am at home now",
    "the one I use every day",
    "sure, one moment",
    "my name is on the account",
    "I already told your colleague",
    "this is really annoying",
    "can you hear me",
    "it says so in the app",
    "I was on holiday with my family",
    "thanks for looking",
    "the number ends in 12",
)
AGENT = (
    "Let me look into that.",
    "Could you tell me when this happened?",
    "Thanks, one moment please.",
    "I understand, I am sorry about that.",
    "Let me check the account for you.",
)


class Bench:
    """A library with labelled questions to make contacts from."""

    def __init__(self, library: Path, encoder: Path, data: Path) -> None:
        held = read_library(library)
        locale = held.vocabulary.locale
        policies = [one for one in held.policies if one.locale == locale]
        self.covers = {one.id: set(one.issues) for one in policies}
        self.encoder = OnnxEncoder.load(encoder)
        self.index = PolicyIndex.open_or_build(
            Path(tempfile.mkdtemp()), policies, held.vocabulary.issues, self.encoder
        )
        self.questions = [json.loads(line) for line in data.read_text("utf-8").splitlines()]
        self.listener = Listener(self.encoder)

    def answer(self, said: str | Transcript) -> Matches:
        return rank(self.index, self.listener.hear(self.index, said), limit=3)

    def told_apart(self, questions: int, contacts: int) -> dict[str, Any]:
        """Shares of the newest questions answered rightly, and of the earlier ones found."""
        chance = random.Random(questions)
        newest = alone = wanted = found = shown = wrong = 0
        for _ in range(contacts):
            asked = chance.sample(self.questions, questions)
            issues = [one["issue"] for one in asked]
            matches = self.answer(_contact(asked, chance))
            newest += self._is_about(matches.items[0].policy, issues[-1:])
            alone += self._is_about(self.answer(asked[-1]["text"]).items[0].policy, issues[-1:])
            earlier = [one.policy for one in matches.items if one.role is Role.EARLIER]
            shown += len(earlier)
            wrong += sum(not self._is_about(policy, issues[:-1]) for policy in earlier)
            for issue in set(issues[:-1]):
                if not self._is_about(matches.items[0].policy, [issue]):
                    wanted += 1
                    found += any(self._is_about(policy, [issue]) for policy in earlier)
        return {
            "questions": questions,
            "contacts": contacts,
            "newest_right": round(newest / contacts, 3),
            "the_line_alone": round(alone / contacts, 3),
            "earlier_found": round(found / wanted, 3) if wanted else None,
            "earlier_shown_wrongly": round(wrong / shown, 3) if shown else None,
        }

    def growing(self) -> dict[str, Any]:
        """Milliseconds of a transcript of 100 turns at once, and of a turn more."""
        chance = random.Random(0)
        self.listener = Listener(self.encoder)
        lines = chance.sample(self.questions, 110)
        turns: Transcript = ()
        for line in lines[:50]:
            turns += (Turn(Speaker.AGENT, chance.choice(AGENT)), _customer(line["text"]))
        whole = self._timed(turns)
        added = []
        for line in lines[50:]:
            turns += (Turn(Speaker.AGENT, chance.choice(AGENT)), _customer(line["text"]))
            turns = turns[-100:]
            added.append(self._timed(turns))
        self.listener = Listener(self.encoder)
        single = [self._timed(line["text"]) for line in chance.sample(self.questions, 200)]
        return {
            "100_turns_at_once_ms": round(whole, 1),
            "a_turn_more_ms_p50": round(statistics.median(added), 1),
            "a_turn_more_ms_max": round(max(added), 1),
            "a_text_alone_ms_p50": round(statistics.median(single), 1),
        }

    def _is_about(self, policy: str, issues: Sequence[str]) -> bool:
        return not self.covers[policy].isdisjoint(issues)

    def _timed(self, said: str | Transcript) -> float:
        start = time.perf_counter()
        self.answer(said)
        return (time.perf_counter() - start) * 1000


def _contact(asked: Sequence[dict[str, str]], chance: random.Random) -> Transcript:
    turns = [_customer("hello"), Turn(Speaker.AGENT, "Hello, how can I help?")]
    for one in asked:
        turns.append(_customer(one["text"]))
        for _ in range(chance.randint(0, 2)):
            turns.append(Turn(Speaker.AGENT, chance.choice(AGENT)))
            turns.append(_customer(chance.choice(SMALL_TALK)))
    return tuple(turns)


def _customer(text: str) -> Turn:
    return Turn(Speaker.CUSTOMER, text)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("library", "encoder", "data"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--contacts", type=int, default=300)
    arguments = parser.parse_args()
    bench = Bench(arguments.library, arguments.encoder, arguments.data)
    for questions in (1, 2, 3):
        print(json.dumps(bench.told_apart(questions, arguments.contacts)))
    print(json.dumps(bench.growing()))


if __name__ == "__main__":
    main()
