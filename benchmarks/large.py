"""How long a large library takes to index, and how long to match beside it.

    PYTHONPATH=. python benchmarks/large.py [--passages N ...] [--questions N] [--indexes DIR]
        [--suggestions FILE]

The library is made up from a seed: policies of 40 texts, of words as frequent as those of a
language, each policy with words of its own. A text's vector is made of those of its words, whose
spread over the dimensions falls as that of the real encoder does on the sample bank. The time to
encode is in none of the figures. Each size runs in a process of its own, for its memory. Indexes
are kept in DIR, so that a second run builds nothing.

With `--suggestions`, whole suggestions are made too, for questions of the file's JSON lines, with
the real encoder and the database of the settings' data folder, which logs them.
"""

import argparse
import json
import multiprocessing
import resource
import statistics
import tempfile
import time
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from agent_assist.app.composition import composed
from agent_assist.circumstances import Circumstances
from agent_assist.core.policy import ExplanationType, Policy, Section
from agent_assist.core.suggestion import VersionedPolicy
from agent_assist.core.vocabulary import Cause, Issue
from agent_assist.matching.encoders import Vectors
from agent_assist.matching.entries import entries_of
from agent_assist.matching.index import PolicyIndex
from agent_assist.matching.listening import Listener
from agent_assist.matching.ranking import rank
from agent_assist.settings import read_settings
from agent_assist.suggest import Timing

SIZES = (1_000, 10_000, 100_000, 200_000)
TEXTS_OF_A_POLICY = 40
WORDS = 20_000
OWN_WORDS = 12
KILOBYTES_PER_MEGABYTE = 1024
SPREAD = 0.985
"""How fast the dimensions matter less: so the first 96 of 384 hold four fifths, as on the bank."""


class MadeUpEncoder:
    """Adds up the vectors of words, which follow from their letters; rare words weigh more."""

    name = "made-up@1"
    dimension = 384

    def __init__(self) -> None:
        self._words: dict[str, Vectors] = {}
        spread = SPREAD ** np.arange(self.dimension)
        turned, _ = np.linalg.qr(np.random.default_rng(0).standard_normal((self.dimension,) * 2))
        # No single number stands out, as none does in what the real encoder gives.
        self._spread = (spread[:, None] * turned).astype(np.float32)

    def encode(self, texts: Sequence[str]) -> Vectors:
        vectors = np.zeros((len(texts), self.dimension), np.float32)
        for row, text in enumerate(texts):
            for word in text.lower().replace(".", "").replace(",", "").split():
                vectors[row] += self._of(word)
        vectors += self._of("trade")  # no two texts of one trade are as different as they might be
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        return vectors

    def _of(self, word: str) -> Vectors:
        if word not in self._words:
            random = np.random.default_rng(zlib.crc32(word.encode()))
            rarity = np.log1p(int(word[1:])) / 10 if word[1:].isdigit() else 1.0
            made = random.standard_normal(self.dimension).astype(np.float32)
            self._words[word] = made @ self._spread * np.float32(rarity)
        return self._words[word]


@dataclass(frozen=True, slots=True)
class Question:
    text: str
    policy: str


def library(passages: int) -> tuple[list[Policy], dict[str, Issue], list[Question]]:
    """Policies of about so many texts, their issues, and a question for some of them."""
    random = np.random.default_rng(passages)
    count = max(2, passages // TEXTS_OF_A_POLICY)
    policies, issues, questions = [], {}, []
    for number in range(count):
        own = random.integers(1_000, WORDS, OWN_WORDS)

        def sentence(words: int, own: npt.NDArray[np.int64] = own) -> str:
            common = np.minimum(random.zipf(1.3, words), WORDS - 1)
            chosen = np.where(random.random(words) < 0.3, random.choice(own, words), common)
            return " ".join(f"w{word}" for word in chosen)

        key = f"issue-{number}"
        issues[key] = Issue(key, sentence(3), Cause.PROCESS, sentence(8))
        policies.append(
            Policy(
                id=f"p/{number}",
                locale="en",
                title=sentence(4),
                issues=(key,),
                explanation_type=ExplanationType.INSTRUCTION,
                owner="team",
                review_by=date(2027, 1, 1),
                sections={
                    section: "\n".join(f"{sentence(12)}." for _ in range(lines))
                    for section, lines in ((Section.SAY, 9), (Section.WHY, 10), (Section.STEPS, 10))
                },
                examples={key: tuple(sentence(9) for _ in range(6))},
                tags=(sentence(1),),
            )
        )
        questions.append(Question(sentence(10), f"p/{number}"))
    return policies, issues, questions


def measure(passages: int, arguments: argparse.Namespace) -> None:
    policies, issues, questions = library(passages)
    encoder = MadeUpEncoder()
    with tempfile.TemporaryDirectory() as scratch:
        folder = arguments.indexes or Path(scratch)
        figures: dict[str, Any] = {"library_mb": round(peak())}
        if PolicyIndex.kept(folder, policies, issues, encoder) is None:
            figures |= build(policies, issues, encoder, folder)
        start = time.perf_counter()
        index = PolicyIndex.open_or_build(folder, policies, issues, encoder)
        figures |= {"open_s": round(time.perf_counter() - start, 2)}
        step = max(1, len(questions) // arguments.questions)
        figures |= ask(index, encoder, questions[::step][: arguments.questions])
        if arguments.suggestions:
            figures["suggestion_ms_p50"] = suggest(index, policies, issues, arguments)
    size = {"passages": len(index.corpus.entries), "policies": len(policies)}
    print(json.dumps(size | figures), flush=True)


def build(
    policies: Sequence[Policy], issues: dict[str, Issue], encoder: MadeUpEncoder, folder: Path
) -> dict[str, Any]:
    texts = list({entry.compared for entry in entries_of(policies, issues)})
    known = dict(zip(texts, encoder.encode(texts), strict=True))
    start = time.perf_counter()
    PolicyIndex.build(policies, issues, encoder, known=known).keep(folder)
    return {"build_s": round(time.perf_counter() - start, 1), "build_peak_mb": round(peak())}


def suggest(
    index: PolicyIndex,
    policies: Sequence[Policy],
    issues: dict[str, Issue],
    arguments: argparse.Namespace,
) -> dict[str, float]:
    """The times of a suggestion's steps, and of all of it, beside this index."""
    lines = arguments.suggestions.read_text("utf-8").splitlines()
    asked = [json.loads(line)["text"] for line in lines[:: max(1, len(lines) // 200)]]
    spent: dict[str, list[float]] = {}
    with composed(read_settings()) as parts:
        live = parts.live.current()
        snapshot = replace(
            live,
            vocabulary=replace(live.vocabulary, issues={**live.vocabulary.issues, **issues}),
            policies={policy.id: VersionedPolicy(policy, 1) for policy in policies},
            translations={},
            index=index,
            listener=Listener(live.encoder),
        )
        for text in asked:
            timing = Timing()
            start = time.perf_counter()
            parts.suggester.suggest(snapshot, text, Circumstances(), timing)
            total = (time.perf_counter() - start) * 1000
            for step, milliseconds in {**timing.milliseconds, "total": total}.items():
                spent.setdefault(step, []).append(milliseconds)
    return {step: round(statistics.median(each), 2) for step, each in spent.items()}


def ask(
    index: PolicyIndex, encoder: MadeUpEncoder, questions: Sequence[Question]
) -> dict[str, Any]:
    """Times of matching without encoding, how often it is right, and whether search is exact."""
    spent, first, three, worst = [], 0, 0, 0.0
    for question in questions:
        known = AskedOnce(encoder, question.text)
        start = time.perf_counter()
        found = rank(index, Listener(known).hear(index, question.text)).items
        spent.append((time.perf_counter() - start) * 1000)
        ranked = [match.policy for match in found]
        first += ranked[:1] == [question.policy]
        three += question.policy in ranked[:3]
        worst = max(worst, off(index, known.vectors[0]))
    return {
        "match_ms": {
            "p50": round(statistics.median(spent), 2),
            "p99": round(float(np.percentile(spent, 99)), 2),
        },
        "right_first": round(first / len(questions), 3),
        "right_in_three": round(three / len(questions), 3),
        "nearest_pairs_off_by": round(worst, 7),
    }


def off(index: PolicyIndex, vector: npt.NDArray[np.float32]) -> float:
    """How far the nearness of the ten nearest pairs is from what looking at all texts gives."""
    corpus = index.corpus
    exact = np.maximum.reduceat((corpus.vectors @ vector)[corpus.members], corpus.starts[:-1])
    nearest = np.argsort(-exact)[:10]
    return float(np.abs(corpus.nearness(vector)[nearest] - exact[nearest]).max())


class AskedOnce:
    """An encoder that has encoded one text already."""

    def __init__(self, encoder: MadeUpEncoder, text: str) -> None:
        self.name = encoder.name
        self.dimension = encoder.dimension
        self.vectors = encoder.encode([text])

    def encode(self, texts: Sequence[str]) -> Vectors:
        return self.vectors[: len(texts)]


def peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / KILOBYTES_PER_MEGABYTE


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--passages", type=int, nargs="*", default=SIZES)
    parser.add_argument("--questions", type=int, default=200)
    parser.add_argument("--indexes", type=Path)
    parser.add_argument("--suggestions", type=Path, help="JSON lines with text")
    arguments = parser.parse_args()
    apart = multiprocessing.get_context("spawn")
    for passages in arguments.passages:
        process = apart.Process(target=measure, args=(passages, arguments))
        process.start()
        process.join()
        if process.exitcode:
            raise SystemExit(f"{passages} passages ended with {process.exitcode}")


if __name__ == "__main__":
    main()
