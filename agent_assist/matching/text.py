"""What a customer said, read for matching: words with their places, and pieces to encode."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from agent_assist.core.contact import Excerpt, Speaker, Transcript
from agent_assist.core.matches import Span
from agent_assist.matching.masking import IDENTIFIERS, masked
from agent_assist.matching.words import GREETINGS, NO, POLITE, SMALL, YES, Word, words

MAX_CHARACTERS = 20_000
"""Of a longer text, the middle is left out."""

MAX_TURNS = 100
"""Customer turns that are read, newest first."""

MAX_PIECES = 8
"""Of one turn."""

MAX_EXCERPTS = 8
"""Pieces that are kept of a contact, the newest ones."""

CONFIRMED = 0.5
"""What a question counts that the customer said yes to, beside a question of their own."""

LONGEST_YES = 60
FULL_WEIGHT_WORDS = 4
"""Words of substance from which on a piece has its full weight."""

_WHOLE = 480
_PIECE = 360
_SENTENCE_END = re.compile(r"(?<=[.!?…])[\s]+|\n+")


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of what was said that the encoder can read at once.

    Attributes:
        text: what is encoded, identifiers and greetings left out.
        words: its words of substance, placed by characters of the original text.
        weight: how much it says by its number of words, above 0, at most 1.
    """

    text: str
    words: tuple[Word, ...]
    weight: float


@dataclass(frozen=True, slots=True)
class Utterance:
    """What a customer said at once.

    Attributes:
        turn: index of the turn in the transcript; None for a plain text.
        confirms: what an agent had asked, if the customer says no more than yes to it.
    """

    text: str
    turn: int | None = None
    confirms: str = ""


@dataclass(frozen=True, slots=True)
class Query:
    """What was said, ready to match; no pieces if nothing of substance was said.

    Attributes:
        turns: the turn of each piece; None for a plain text.
    """

    pieces: tuple[Piece, ...]
    turns: tuple[int | None, ...]

    @property
    def texts(self) -> tuple[str, ...]:
        """What to encode: one text for each piece, in order."""
        return tuple(piece.text for piece in self.pieces)


def read_query(said: str | Transcript) -> Query:
    """What a customer said as pieces to encode, the newest turn first.

    Greetings, thanks, card and account numbers, e-mail addresses and links are left out, and so
    is a turn of nothing else.
    """
    found = [(piece, one.turn) for one in utterances(said) for piece in read_utterance(one)]
    return Query(tuple(piece for piece, _ in found), tuple(turn for _, turn in found))


def excerpts(query: Query, turns: Iterable[int]) -> tuple[Excerpt, ...]:
    """What may be kept of a query, the newest pieces first: of some turns, or of a plain text."""
    wanted = {None, *turns}
    placed = zip(query.turns, query.pieces, strict=True)
    kept = [(turn, piece.text) for turn, piece in placed if turn in wanted]
    return tuple(Excerpt(turn, masked(text)) for turn, text in kept[:MAX_EXCERPTS])


def utterances(said: str | Transcript) -> Iterator[Utterance]:
    """What the customer said, at most MAX_TURNS, the newest first."""
    if isinstance(said, str):
        yield Utterance(said)
        return
    places = [place for place, turn in enumerate(said) if turn.speaker is Speaker.CUSTOMER]
    for place in places[: -MAX_TURNS - 1 : -1]:
        text, asked = said[place].text, _asked_before(said, place)
        yield Utterance(text, place, asked if asked and is_yes(text) else "")


def _asked_before(said: Transcript, place: int) -> str:
    """The question that the agent had ended with just before a turn; empty if there is none."""
    if place == 0 or said[place - 1].speaker is not Speaker.AGENT:
        return ""
    before = said[place - 1].text.rstrip()
    if not before.endswith("?"):
        return ""
    last = list(sentences(before))[-1]
    return before[last.start : last.end]


def read_utterance(said: Utterance) -> tuple[Piece, ...]:
    """The pieces of an utterance, at most MAX_PIECES: of a long one, its beginning and its end.

    One that only says yes is read as what it confirms.
    """
    if said.confirms:
        # The words are the agent's: they count, but are no evidence of what the customer said.
        asked = _pieces(said.confirms)
        return tuple(Piece(one.text, (), CONFIRMED * one.weight) for one in asked)
    return tuple(_pieces(said.text))


def is_yes(text: str) -> bool:
    """True for a text that agrees and says nothing else."""
    if len(text) > LONGEST_YES:
        return False
    found = {word.stem for word in words(text)}
    return found <= POLITE and bool(found & YES) and not found & NO


def _pieces(original: str) -> Iterator[Piece]:
    spans = list(packed(original, _kept(original)))
    spans = spans[: MAX_PIECES - 2] + spans[MAX_PIECES - 2 :][-2:]
    for span in spans:
        text, found = _cleaned(original, span)
        if found:
            # "What is it?" decides only where nothing else was said.
            substance = len({word.stem for word in found if word.stem not in SMALL}) or 0.5
            weight = min(1.0, substance / FULL_WEIGHT_WORDS)
            yield Piece(text=text, words=found, weight=weight)


def _kept(original: str) -> Iterator[Span]:
    """Sentences of the text that say something, in order."""
    half = MAX_CHARACTERS // 2
    parts = [Span(0, len(original))]
    if len(original) > MAX_CHARACTERS:
        parts = [Span(0, half), Span(len(original) - half, len(original))]
    for part in parts:
        for span in sentences(original, part):
            if any(word.stem not in POLITE for word in words(original, span)):
                yield span


def sentences(text: str, within: Span | None = None) -> Iterator[Span]:
    """The sentences and lines of a text, without the space around them."""
    whole = within or Span(0, len(text))
    cuts = [found.span() for found in _SENTENCE_END.finditer(text, whole.start, whole.end)]
    edges = [(whole.start, whole.start), *cuts, (whole.end, whole.end)]
    for (_, start), (end, _) in pairwise(edges):
        if text[start:end].strip():
            yield Span(start, end)


def packed(text: str, spans: Iterator[Span]) -> Iterator[Span]:
    """Neighbouring sentences joined as long as the encoder can read them at once.

    Too long ones are cut at a space.
    """
    whole = list(spans)
    if whole and whole[-1].end - whole[0].start <= _WHOLE:
        yield Span(whole[0].start, whole[-1].end)
        return
    start = end = -1
    for span in (short for long in whole for short in _cut(text, long)):
        if start >= 0 and span.end - start > _PIECE:
            yield Span(start, end)
            start = -1
        start, end = (span.start if start < 0 else start), span.end
    if start >= 0:
        yield Span(start, end)


def _cut(text: str, span: Span) -> Iterator[Span]:
    start = span.start
    while span.end - start > _PIECE:
        space = text.rfind(" ", start + _PIECE // 2, start + _PIECE)
        end = space if space > 0 else start + _PIECE
        yield Span(start, end)
        start = end
    yield Span(start, span.end)


def _cleaned(original: str, span: Span) -> tuple[str, tuple[Word, ...]]:
    """The text to encode, and the words that stand in it."""
    part = original[span.start : span.end]
    gaps = [found.span() for found in IDENTIFIERS.finditer(part)]
    kept = [word for word in words(original, span) if not _inside(word.span, span.start, gaps)]
    first = next((n for n, word in enumerate(kept) if word.stem not in GREETINGS), len(kept))
    begin = kept[first].span.start - span.start if first < len(kept) else len(part)
    text = "".join(
        part[start:end] + " "
        for (_, start), (end, _) in pairwise([(0, begin), *_after(gaps, begin), (len(part), 0)])
        if start < end
    )
    return " ".join(text.split()), tuple(kept[first:])


def _after(gaps: list[tuple[int, int]], begin: int) -> list[tuple[int, int]]:
    return [(start, end) for start, end in gaps if start >= begin]


def _inside(span: Span, offset: int, gaps: list[tuple[int, int]]) -> bool:
    return any(start <= span.start - offset < end for start, end in gaps)
