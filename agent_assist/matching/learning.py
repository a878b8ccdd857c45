"""What an index learns from a library's own texts: the head, and what its scores mean."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from agent_assist.matching.assigned import Assigned
from agent_assist.matching.calibration import MIN_EXAMPLES, Calibration, Scored, Trials, calibrate
from agent_assist.matching.corpus import Corpus
from agent_assist.matching.elsewhere import ELSEWHERE
from agent_assist.matching.encoders import Encoder
from agent_assist.matching.entries import Kind
from agent_assist.matching.head import Head, Samples, folds
from agent_assist.matching.scoring import library_scores
from agent_assist.matching.words import stems

FOLDS = 5

MOST_CELLS = 4_000_000
"""Trials, times the pairs that each is scored by: of more trials, some are tried, evenly spaced."""

NO_ENTRY = -1

WEIGHTS = {
    Kind.EXAMPLE: 1.0,
    Kind.ISSUE: 1.0,
    Kind.ISSUE_NAME: 0.7,
    Kind.DESCRIPTION: 0.7,
    Kind.TITLE: 1.0,
    Kind.SUBJECT: 1.0,
    Kind.TAG: 0.4,
    Kind.SECTION: 0.05,
    Kind.PASSAGE: 0.2,
}
"""How much a text teaches, by kind. Halving or doubling any of them moves accuracy by half a
point at most; sections are many and speak of everything, so they only tip a balance."""


def learn(corpus: Corpus, few: Assigned, encoder: Encoder) -> tuple[Head, Calibration]:
    """The head of a library's texts, and the calibration by folds that hold examples out.

    `few` are labelled texts of pairs that have too few of them to be taught; they count as if
    the library had them as examples.
    """
    lessons = [*library_lessons(corpus), *_few_lessons(few)]
    own = [lesson.entry for lesson in lessons if lesson.entry != NO_ENTRY]
    samples = Samples(
        vectors=np.concatenate([corpus.vectors, few.vectors])
        if len(few.vectors)
        else corpus.vectors,
        texts=np.array(
            [*own, *range(len(corpus.entries), len(corpus.entries) + len(few.pairs))], np.int64
        ),
        classes=np.array([lesson.pair for lesson in lessons], np.int64),
        weights=np.array([lesson.weight for lesson in lessons]),
    )
    head = Head.fit(samples, len(corpus.pairs))
    trials = _trials(corpus, lessons, samples)
    if trials is None:
        return head, Calibration()
    return head, calibrate(trials, elsewhere(corpus, head, encoder))


def library_lessons(corpus: Corpus) -> list["Lesson"]:
    """What the library's texts teach, pair by pair."""
    return [
        _of_entry(corpus, pair, entry)
        for pair in range(len(corpus.pairs))
        for entry in corpus.texts_of(pair).tolist()
    ]


def elsewhere(corpus: Corpus, head: Head, encoder: Encoder) -> Scored:
    """What texts score that are made up to be about nothing in a library."""
    vectors = encoder.encode(ELSEWHERE)
    return library_scores(
        corpus, head.logits(vectors), [stems(text) for text in ELSEWHERE], vectors
    )


@dataclass(frozen=True, slots=True)
class Lesson:
    """A text, the pair it speaks for, and how much it teaches.

    Attributes:
        entry: position in the corpus; NO_ENTRY for a labelled text.
        is_trial: whether a customer says, or might say, just this, about this pair alone.
    """

    text: str
    pair: int
    weight: float
    entry: int
    is_trial: bool


def _few_lessons(few: Assigned) -> list[Lesson]:
    return [
        Lesson(text, pair, weight, NO_ENTRY, weight == 1)
        for text, pair, weight in zip(
            few.texts, few.pairs.tolist(), few.weights.tolist(), strict=True
        )
    ]


def _of_entry(corpus: Corpus, pair: int, position: int) -> Lesson:
    entry = corpus.entries[position]
    is_trial = entry.kind is Kind.EXAMPLE and entry.issue != ""
    return Lesson(entry.compared, pair, WEIGHTS[entry.kind], position, is_trial)


def _trials(corpus: Corpus, lessons: Sequence[Lesson], samples: Samples) -> Trials | None:
    """The trials scored by what was learned without them; None if they are too few."""
    rows = np.flatnonzero([lesson.is_trial for lesson in lessons])
    if len(rows) < MIN_EXAMPLES:
        return None
    most = max(1, MOST_CELLS // len(corpus.pairs))
    if len(rows) > most:
        rows = rows[np.linspace(0, len(rows) - 1, most).astype(np.int64)]
    asked = [lessons[row] for row in rows.tolist()]
    vectors = samples.vectors[samples.texts[rows]]
    logits = np.zeros((len(rows), len(corpus.pairs)), np.float32)
    fold = folds(samples.classes[rows].tolist(), FOLDS)
    for held in np.unique(fold):
        kept = np.ones(len(lessons), bool)
        kept[rows[fold == held]] = False
        head = Head.fit(samples.where(kept), len(corpus.pairs))
        logits[fold == held] = head.logits(vectors[fold == held])
    without = [None if lesson.entry == NO_ENTRY else lesson.entry for lesson in asked]
    words = [stems(lesson.text) for lesson in asked]
    scored = library_scores(corpus, logits, words, vectors, without)
    return Trials(scored, samples.classes[rows], corpus.policies)
