"""Words: where they stand in a text, and what they are cut down to so that forms compare."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from agent_assist.core.matches import Span

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")  # noqa: RUF001 - the apostrophe that phones type
_ENDINGS = ("ings", "ing", "edly", "ed", "ies", "es", "s", "ly")
_MIN_STEM = 3
_MAX_WORD = 64


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a text, at its place, with the stem it is compared by."""

    stem: str
    span: Span


def words(text: str, within: Span | None = None) -> tuple[Word, ...]:
    """The words of a text, or of a part of it, in order; spans are of the whole text."""
    return tuple(_words(text, within or Span(0, len(text))))


def stems(text: str) -> tuple[str, ...]:
    """The stems of a text's words, in order."""
    return tuple(word.stem for word in words(text))


def _words(text: str, within: Span) -> Iterator[Word]:
    for found in _WORD.finditer(text, within.start, within.end):
        yield Word(stem=stem(found.group()[:_MAX_WORD]), span=Span(*found.span()))


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """A word without case, accents, apostrophes and the commonest English endings.

    Cruder than a dictionary, and enough to let `charged` meet `charges`.
    """
    folded = unicodedata.normalize("NFKD", word).casefold()
    plain = "".join(letter for letter in folded if letter.isalnum())
    for ending in _ENDINGS:
        if plain.endswith(ending) and len(plain) - len(ending) >= _MIN_STEM:
            plain = plain[: -len(ending)]
            break
    return plain[:-1] if len(plain) > _MIN_STEM and plain[-1] == "e" else plain


def _stems(listed: str) -> frozenset[str]:
    return frozenset(stem(word) for word in listed.split())


GREETINGS = _stems("hi hello hey hiya greetings dear sir madam ok okay thanks")
"""Stems that are cut off the beginning of what was said: no sentence needs them."""

POLITE = GREETINGS | _stems(
    "morning afternoon evening good day there team thank thx ty you cheers please pls bye goodbye "
    "regards kind best sincerely welcome k yes yeah yep no nope sure right alright fine great "
    "perfect cool nice lovely um uh hmm oh ah well so and for your help very much a lot many all "
    "that got it will do anyone someone see wait moment one sec just correct exactly"
)
"""Stems of greetings, thanks and nods: a sentence of nothing else says nothing."""

YES = _stems("yes yeah yep sure right alright correct exactly")
"""Stems by which a customer agrees to what was asked."""

NO = _stems("no nope")
"""Stems by which a customer does not."""

SMALL = POLITE | _stems(
    "i i'm i've i'd i'll me my mine we our us you you're your yours he she they them their his her "
    "him it it's its this that these those the an a is are was were be been being am do does did "
    "done doing have has had having can can't could couldn't would wouldn't will won't shall "
    "should may might must to of in on at by for from with about into as if or but not don't "
    "didn't doesn't isn't wasn't there here what which who how when where why what's how's than "
    "then also too any some more most other again up out over only now"
)
"""Stems of words that carry no subject of their own."""
