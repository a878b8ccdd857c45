"""Fine-tuning: the encoder itself learns which texts are about the same.

torch is imported inside functions: nothing that serves needs it.
"""

import random
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from agent_assist.matching.assigned import assign
from agent_assist.matching.corpus import Corpus
from agent_assist.matching.entries import Kind
from agent_assist.matching.export import load_original
from agent_assist.matching.lessons import Lessons

STEPS = 240
LOOK_EVERY = 40
PATIENCE = 2
"""Looks at what was held out in a row without anything better, after which it stops."""

PAIRS = 20
TEXTS = 2
"""Of each pair in a step, so that each text has one to be near to and 38 to be far from."""

TEMPERATURE = 0.05
RATE = 5e-5
WARM_UP = 0.1
MAX_TOKENS = 64
LOOKED_AT = 200
ANCHORS = 2

_TAUGHT_BY = frozenset({Kind.ISSUE, Kind.TITLE, Kind.SUBJECT})
"""The library's texts that take part. Its examples do not: by them it is told how sure the
library's own texts make, for which the encoder must not know them."""

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Exercise:
    """What an encoder learns from.

    Attributes:
        texts: those of each pair, at least one; of pairs without a lesson, none are here.
        held_out: texts that are only looked at, each with its pair.
    """

    texts: dict[int, list[str]]
    held_out: list[tuple[str, int]]


def exercise_of(corpus: Corpus, lessons: Lessons) -> Exercise:
    """What there is to learn of lessons beside the library's own texts of the same pairs."""
    labelled = lessons.labelled
    assigned = assign(corpus, labelled, corpus.vectors[[0] * len(labelled)])
    texts: dict[int, list[str]] = {}
    held_out = []
    for text, pair, source in zip(
        assigned.texts, assigned.pairs.tolist(), assigned.sources.tolist(), strict=True
    ):
        if labelled[source].is_held_out:
            held_out.append((text, pair))
        else:
            texts.setdefault(pair, []).append(text)
    for pair, found in sorted(texts.items()):
        entries = (corpus.entries[position] for position in corpus.texts_of(pair).tolist())
        found += [entry.text for entry in entries if entry.kind in _TAUGHT_BY]
    return Exercise(texts, [one for one in held_out if one[1] in texts])


def fine_tune(
    exercise: Exercise,
    target: Path,
    *,
    source: Path | None,
    seed: int,
    threads: int,
    progress: Progress,
    steps: int,
) -> None:
    """Write an encoder that learned from an exercise of at least two pairs, to be exported.

    Args:
        exercise: what to learn from.
        target: folder of a sentence-transformers model, which is made.
        source: folder of the one to begin with; None for the packaged one.
        seed: settles the order of the texts.
        threads: how many processors to use.
        progress: is told each look, and how long it will take at most.
        steps: of which there are at most so many.

    Raises:
        SourceRefused: see `export_encoder`.

    Source: the loss is that of Khosla et al., "Supervised Contrastive Learning", NeurIPS 2020.
    """
    import torch  # noqa: PLC0415 - what serves never loads it

    torch.set_num_threads(threads)
    torch.manual_seed(seed)
    model = load_original(source)
    model.train()
    run = _Run(model, exercise, random.Random(seed))  # noqa: S311 - nothing secret
    optimiser = torch.optim.AdamW(model.parameters(), lr=RATE, weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda step: _pace(step, steps))
    best, best_state, since, began = run.look(), None, 0, time.monotonic()
    for step in range(1, steps + 1):
        optimiser.zero_grad()
        run.loss().backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
        schedule.step()
        if step % LOOK_EVERY and step != steps:
            continue
        surprise = run.look()
        left = (time.monotonic() - began) / step * (steps - step)
        progress(f"fine-tuning: step {step} of {steps}, surprise {surprise:.3f}, {left:.0f} s left")
        if surprise < best:
            best, since = surprise, 0
            best_state = {name: one.clone() for name, one in model.state_dict().items()}
        else:
            since += 1
            if since == PATIENCE:
                break
    if best_state is not None:
        model.load_state_dict(best_state)
    model.eval()
    model.save(str(target))


def _pace(step: int, steps: int) -> float:
    warm = max(1, int(WARM_UP * steps))
    return min(1.0, (step + 1) / warm) * max(0.05, 1 - step / steps)


@dataclass(slots=True)
class _Run:
    """Deals out texts; each text of a pair once before any comes again."""

    model: Any
    exercise: Exercise
    chance: random.Random
    decks: dict[int, list[str]] = field(default_factory=dict)
    order: list[int] = field(default_factory=list)
    looks: int = 0

    def loss(self) -> Any:
        """How far texts of the same pair are from each other, beside all others of a step."""
        import torch  # noqa: PLC0415 - what serves never loads it

        dealt = [(text, pair) for pair in self._pairs() for text in self._deal(pair)]
        vectors = self._encode([text for text, _ in dealt])
        labels = torch.tensor([pair for _, pair in dealt])
        itself = torch.eye(len(labels), dtype=torch.bool)
        alike = (vectors @ vectors.T / TEMPERATURE).masked_fill(itself, -1e9)
        same = (labels[:, None] == labels[None, :]) & ~itself
        chances = alike - torch.logsumexp(alike, dim=1, keepdim=True)
        return -((chances * same).sum(dim=1) / same.sum(dim=1).clamp(min=1)).mean()

    def look(self) -> float:
        """How surprising the pairs of what was held out are; without any, each look is better."""
        import torch  # noqa: PLC0415 - what serves never loads it

        self.looks += 1
        if not self.exercise.held_out:
            return -float(self.looks)
        held_out = self.exercise.held_out[:LOOKED_AT]
        anchors = [
            (text, pair) for pair, texts in self.exercise.texts.items() for text in texts[:ANCHORS]
        ]
        self.model.eval()
        with torch.no_grad():
            asked = self._encode([text for text, _ in held_out])
            known = self._encode([text for text, _ in anchors])
        self.model.train()
        chances = torch.softmax(asked @ known.T / TEMPERATURE, dim=1)
        right = torch.tensor([[own == pair for _, pair in anchors] for _, own in held_out])
        return float(-torch.log((chances * right).sum(dim=1).clamp(min=1e-9)).mean())

    def _pairs(self) -> list[int]:
        if len(self.order) < min(PAIRS, len(self.exercise.texts)):
            self.order = self.chance.sample(list(self.exercise.texts), len(self.exercise.texts))
        dealt, self.order = self.order[:PAIRS], self.order[PAIRS:]
        return dealt

    def _deal(self, pair: int) -> Iterator[str]:
        for _ in range(TEXTS):
            deck = self.decks.get(pair)
            if not deck:
                texts = self.exercise.texts[pair]
                deck = self.decks[pair] = self.chance.sample(texts, len(texts))
            yield deck.pop()

    def _encode(self, texts: Sequence[str]) -> Any:
        import torch  # noqa: PLC0415 - what serves never loads it

        parts = []
        for start in range(0, len(texts), PAIRS * TEXTS):
            tokens = self.model.tokenizer(
                list(texts[start : start + PAIRS * TEXTS]),
                padding=True,
                truncation=True,
                max_length=MAX_TOKENS,
                return_tensors="pt",
            )
            parts.append(self.model(dict(tokens))["sentence_embedding"])
        return torch.nn.functional.normalize(torch.cat(parts), dim=1)
