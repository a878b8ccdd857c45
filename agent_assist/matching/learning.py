"""What an index learns when it is built: the head, and what its scores mean."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from agent_assist.core.errors import AgentAssistError
from agent_assist.matching.calibration import Calibration, Scored, Trials, calibrate
from agent_assist.matching.corpus import Corpus
from agent_assist.matching.elsewhere import ELSEWHERE
from agent_assist.matching.encoders import Encoder, Vectors
from agent_assist.matching.entries import Kind
from agent_assist.matching.head import Head, Samples, folds
from agent_assist.matching.words import stems

FOLDS = 5
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
}
"""How much a text teaches, by kind. Halving or doubling any of them moves accuracy by half a
point at most; sections are many and speak of everything, so they only tip a balance."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """What a customer said, and what is known to be right.

    Attributes:
        issue: empty if only policies are known.
        policies: empty if only the issue is known; it is then right for all that cover it.
    """

    text: str
    issue: str = ""
    policies: tuple[str, ...] = ()


class NothingToLearn(AgentAssistError):
    """A labelled text names an issue or policies that the library has not."""

    code = "nothing_to_learn"


def learn(
    corpus: Corpus, labelled: Sequence[Labelled], encoder: Encoder
) -> tuple[Head, Calibration]:
    """The head of all texts, and the calibration by folds that hold examples out.

    Raises:
        NothingToLearn: a label is of another library.
    """
    lessons, vectors = _lessons(corpus, labelled, encoder)
    samples = Samples(
        vectors=vectors,
        classes=np.array([lesson.pair for lesson in lessons], np.int64),
        weights=np.array([lesson.weight for lesson in lessons]),
    )
    head = Head.fit(samples, len(corpus.pairs))
    return head, calibrate(_trials(corpus, lessons, samples), _elsewhere(corpus, head, encoder))


@dataclass(frozen=True, slots=True)
class _Lesson:
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


def _lessons(
    corpus: Corpus, labelled: Sequence[Labelled], encoder: Encoder
) -> tuple[list[_Lesson], Vectors]:
    """The lessons of the library, then those of labelled texts, and their vectors."""
    lessons = [
        _of_entry(corpus, pair, entry)
        for pair, members in enumerate(corpus.members.tolist())
        for entry in members
        if entry < len(corpus.entries)
    ]
    vectors = corpus.vectors[[lesson.entry for lesson in lessons]]
    if not labelled:
        return lessons, vectors
    meant = [(text, pair) for text, one in enumerate(labelled) for pair in _meant(corpus, one)]
    shares = np.bincount([text for text, _ in meant], minlength=len(labelled))
    lessons += [
        _Lesson(
            labelled[text].text, pair, 1 / float(shares[text]), NO_ENTRY, bool(shares[text] == 1)
        )
        for text, pair in meant
    ]
    encoded = encoder.encode([one.text for one in labelled])
    return lessons, np.concatenate([vectors, encoded[[text for text, _ in meant]]])


def _of_entry(corpus: Corpus, pair: int, position: int) -> _Lesson:
    entry = corpus.entries[position]
    is_trial = entry.kind is Kind.EXAMPLE and entry.issue != ""
    return _Lesson(entry.text, pair, WEIGHTS[entry.kind], position, is_trial)


def _meant(corpus: Corpus, one: Labelled) -> list[int]:
    """The pairs a label means."""
    pairs = [
        index
        for index, pair in enumerate(corpus.pairs)
        if (not one.issue or pair.issue == one.issue)
        and (not one.policies or pair.policy in one.policies)
    ]
    if not pairs or not (one.issue or one.policies):
        label = one.issue or ", ".join(one.policies) or "(none)"
        raise NothingToLearn(f"the library has nothing labelled {label}: correct or drop the line")
    return pairs


def _trials(corpus: Corpus, lessons: Sequence[_Lesson], samples: Samples) -> Trials:
    """Every trial scored by what was learned without it."""
    rows = np.flatnonzero([lesson.is_trial for lesson in lessons])
    fold = np.full(len(lessons), -1)
    fold[rows] = folds(samples.classes[rows].tolist(), FOLDS)
    logits = np.zeros((len(lessons), len(corpus.pairs)))
    for held in np.unique(fold[rows]):
        head = Head.fit(samples.where(fold != held), len(corpus.pairs))
        logits[fold == held] = head.logits(samples.vectors[fold == held])
    asked = [lessons[row] for row in rows.tolist()]
    without = [None if lesson.entry == NO_ENTRY else lesson.entry for lesson in asked]
    texts = [lesson.text for lesson in asked]
    scored = _scored(corpus, logits[rows], texts, samples.vectors[rows], without)
    return Trials(scored, samples.classes[rows], corpus.policies)


def _elsewhere(corpus: Corpus, head: Head, encoder: Encoder) -> Scored:
    vectors = encoder.encode(ELSEWHERE)
    logits = head.logits(vectors).astype(np.float64)
    return _scored(corpus, logits, ELSEWHERE, vectors, [None] * len(ELSEWHERE))


def _scored(
    corpus: Corpus,
    logits: npt.NDArray[np.float64],
    texts: Sequence[str],
    vectors: Vectors,
    without: Sequence[int | None],
) -> Scored:
    """What texts score; each is taken not to be in the corpus at its place `without`."""
    keywords, nearness = np.zeros_like(logits), np.zeros_like(logits)
    for row, (text, vector, own) in enumerate(zip(texts, vectors, without, strict=True)):
        keywords[row] = corpus.keywords(stems(text), without=own)
        nearness[row] = corpus.nearness(vector, without=own)
    return Scored(logits, keywords, nearness)
