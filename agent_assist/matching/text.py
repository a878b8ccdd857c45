"""What a customer said, read for matching: words with their places, and pieces to encode."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from agent_assist.core.contact import Speaker, Transcript, Turn
from agent_assist.core.matches import Span
from agent_assist.matching.words import GREETINGS, POLITE, SMALL, Word, words

MAX_CHARACTERS = 20_000
"""Of a longer text, the middle is left out."""

MAX_TURNS = 5
"""Customer turns that are read, newest first."""

MAX_PIECES = 8
FULL_WEIGHT_WORDS = 4
"""Words of substance from which on a piece has its full weight."""

_WHOLE = 480
_PIECE = 360
_SENTENCE_END = re.compile(r"(?<=[.!?…])[\s]+|\n+")

# Every repetition is bounded: on hostile input, time stays in proportion to length.
_IDENTIFIERS = re.compile(
    r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}"  # e-mail
    r"|https?://\S{1,300}"
    r"|\b[A-Z]{2}\d{2}(?:[ ]?[A-Z0-9]{4}){2,7}(?:[ ]?[A-Z0-9]{1,3})?\b"  # IBAN
    r"|\+?\d(?:[ ().-]{0,2}\d){6,24}"  # cards, phones, references
)


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of what was said that the encoder can read at once.

    Attributes:
        text: what is encoded, identifiers and greetings left out.
        words: its words of substance, placed by characters of the original text.
        weight: how much it says by its number of words, above 0, at most 1.
        turn: index of the turn in the transcript; None for a plain text.
    """

    text: str
    words: tuple[Word, ...]
    weight: float
    turn: int | None = None


@dataclass(frozen=True, slots=True)
class Query:
    """What was said, ready to match; no pieces if nothing of substance was said."""

    pieces: tuple[Piece, ...]

    @property
    def texts(self) -> tuple[str, ...]:
        """What to encode: one text for each piece, in order."""
        return tuple(piece.text for piece in self.pieces)


def read_query(said: str | Transcript) -> Query:
    """What a customer said as pieces to encode, the newest turn first.

    Greetings, thanks, card and account numbers, e-mail addresses and links are left out, and so
    is a turn of nothing else.
    """
    if isinstance(said, str):
        return Query(tuple(_pieces(said, None)))
    pieces: list[Piece] = []
    turns = 0
    for index in range(len(said) - 1, -1, -1):
        found = tuple(_pieces(said[index].text, index)) if _is_customers(said[index]) else ()
        pieces += found
        turns += bool(found)
        if turns == MAX_TURNS or len(pieces) >= MAX_PIECES:
            break
    return Query(tuple(pieces[:MAX_PIECES]))


def _is_customers(turn: Turn) -> bool:
    return turn.speaker is Speaker.CUSTOMER


def _pieces(original: str, turn: int | None) -> Iterator[Piece]:
    """The pieces of one text, at most MAX_PIECES: of a long one, its beginning and its end."""
    spans = list(_packed(original, _kept(original)))
    spans = spans[: MAX_PIECES - 2] + spans[MAX_PIECES - 2 :][-2:]
    for span in spans:
        text, found = _cleaned(original, span)
        if found:
            # "What is it?" decides only where nothing else was said.
            substance = len({word.stem for word in found if word.stem not in SMALL}) or 0.5
            weight = min(1.0, substance / FULL_WEIGHT_WORDS)
            yield Piece(text=text, words=found, weight=weight, turn=turn)


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


def _packed(text: str, spans: Iterator[Span]) -> Iterator[Span]:
    """Neighbouring sentences joined as long as they fit; too long ones cut at a space."""
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
    gaps = [found.span() for found in _IDENTIFIERS.finditer(part)]
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
