"""Masking: identifiers, which are not even encoded, and texts as they may be kept."""

import re
import unicodedata

MASK = "#"

_ONE = (
    "zero|nought|oh|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|"
    "fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|"
    "eighty|ninety|hundred|thousand|double|triple"
)
_DOT = r"(?:\.| dot | dash | hyphen | minus | underscore )"

# Every repetition is bounded, or what follows it cannot begin as it does: on hostile input, time
# stays in proportion to length.
IDENTIFIERS = re.compile(
    r"[^\s@<>()\[\],;:\"]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}"  # e-mail
    r"|https?://\S{1,300}"
    r"|(?i:\b[A-Z]{2}\d{2}(?=[A-Z .-]{0,12}\d)"  # IBAN, which has a digit soon again
    r"(?:[ .-]?[A-Z0-9]{4}){2,7}(?:[ .-]?[A-Z0-9]{1,3})?\b)"
    r"|\+?\d(?:[ ().-]{0,2}\d){6,24}"  # cards, phones, references
)
"""What says who somebody is, and not what they want; it is left out before a text is encoded."""

# In these, every number is a 0 already, and all space a single one.
_AT = re.compile(r" ?(?:@|[(\[{<] ?at ?[)\]}>]) ?", re.IGNORECASE)
_SPELLED = re.compile(
    rf"\b\w{{1,64}}(?:{_DOT}\w{{1,64}}){{0,4}} at \w{{1,63}}(?:{_DOT}\w{{1,63}}){{1,4}}"  # e-mail
    rf"|\b(?:{_ONE})(?:[ ,.-]{{1,3}}(?:and )?(?:{_ONE})){{2,}}\b"  # a number in three words or more
    r"|\b[a-z]{2}00(?=[a-z .-]{0,12}0)(?:[ .-]?[a-z0]{4}){2,7}(?:[ .-]?[a-z0]{1,3})?\b",  # IBAN
    re.IGNORECASE,
)
_WRITTEN = re.compile(r"[A-Za-z0]+(?:[.,:/\u2044'+_-][A-Za-z0]+)*")
_SEVERAL = re.compile(rf"{MASK}(?: {MASK})+")


def masked(text: str) -> str:
    """A text with `#` for each number, for all that is written together with one, and for links.

    So are e-mail addresses, also spelled out ("jo at mail dot com"), and numbers of three English
    words or more ("four one one"). Names of people are words like others, and stay.
    """
    plain = _AT.sub("@", " ".join(_plain(text).split()))
    words = _SPELLED.sub(f" {MASK} ", plain).split()
    kept = (MASK if _is_address(word) else _WRITTEN.sub(_unnumbered, word) for word in words)
    return _SEVERAL.sub(MASK, " ".join(kept))


def _plain(text: str) -> str:
    """The text without what nobody sees, and with 0 for every character that is a number."""
    return "".join(
        "0" if unicodedata.category(one)[0] == "N" else one
        for one in unicodedata.normalize("NFKC", text)
        if one.isprintable() or one.isspace()
    )


def _is_address(word: str) -> bool:
    return "@" in word or "://" in word or word.casefold().startswith("www.")


def _unnumbered(written: re.Match[str]) -> str:
    return MASK if "0" in written.group() else written.group()
