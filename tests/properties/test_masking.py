"""No number, address or link is in what is kept of what a customer said, however it is written."""

import unicodedata
from random import Random

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from agent_assist.core.contact import Speaker, Turn
from agent_assist.matching.masking import masked
from agent_assist.matching.text import MAX_EXCERPTS, excerpts, read_query

GAPS = ["", " ", "-", ".", "/", "\u00a0", "\u200b", "\u00ad", "\u2009", " - ", "\t", ", "]
SCRIPTS = [0x30, 0x660, 0x966, 0xFF10, 0x1D7CE]
DIGITS = ["".join(chr(first + n) for n in range(10)) for first in SCRIPTS]
DIGITS.append("\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079")
SPOKEN = "zero one two three four five six seven eight nine".split()
AROUND = ["", "my card ", "why?", "(", "Nr.", "x", "é", "卡", "Hello, my number is "]
IBANS = [
    "DE89 3704 0044 0532 0130 00",
    "GB29 NWBK 6016 1331 9268 19",
    "FR14 2004 1010 0505 0001 3M02 606",
]
hostile = st.sampled_from(
    "a|1 |a@|one |a.|x at |gb00 |(at|4111-|www.|://|jo at x dot |\u00bd|_|# ".split("|")
)
around = st.sampled_from(AROUND)
gaps = st.sampled_from(GAPS)


def kept(said: str | tuple[Turn, ...]) -> str:
    """All that is kept of something said, if all of it belongs to what matched."""
    turns = range(len(said)) if isinstance(said, tuple) else ()
    return "\n".join(one.text for one in excerpts(read_query(said), turns))


def spelt(digits: str, gap: str, script: str, sizes: list[int]) -> str:
    """Digits in groups of some sizes, in a script."""
    groups, rest = [], "".join(script[int(one)] for one in digits)
    for size in sizes:
        groups.append(rest[:size])
        rest = rest[size:]
    return gap.join(one for one in [*groups, rest] if one)


@given(st.text(max_size=400))
@example("\u2167 \u00bd \u2460 \u277f \u3007 \u0ce9")
def test_no_character_that_is_a_number_is_kept(text: str) -> None:
    for found in (masked(text), kept(text)):
        assert not any(unicodedata.category(one)[0] == "N" for one in found)
        assert not any(one.isdigit() for one in found)


@given(
    st.text("0123456789", min_size=1, max_size=24), gaps, st.sampled_from(DIGITS),
    st.lists(st.integers(1, 6), max_size=6), around, around,
)  # fmt: skip
def test_no_card_or_phone_number_is_kept(
    digits: str, gap: str, script: str, sizes: list[int], before: str, after: str
) -> None:
    said = before + spelt(digits, gap, script, sizes) + after

    for found in (masked(said), kept(said)):
        assert not any(one.isnumeric() for one in unicodedata.normalize("NFKC", found))


@given(st.text("0123456789", min_size=3, max_size=16), st.sampled_from([" ", ", ", "-", "  "]))
def test_no_number_that_is_said_in_words_is_kept(digits: str, gap: str) -> None:
    said = "my card is " + gap.join(SPOKEN[int(one)] for one in digits) + " and it was stolen"

    assert masked(said) == "my card is # and it was stolen"


@given(
    st.sampled_from(IBANS), st.sampled_from(["", " ", "-", ".", "\u00a0"]), st.booleans(), around
)
def test_no_part_of_an_iban_is_kept(iban: str, gap: str, lower: bool, before: str) -> None:
    written = gap.join(iban.split())
    said = f"{before} {written.lower() if lower else written} was charged a fee"

    for found in (masked(said), kept(said)):
        words = set(found.casefold().replace("-", " ").replace(".", " ").split())
        assert not words & set(iban.casefold().split()), found


@given(st.emails(), around, st.sampled_from(["@", " @ ", "(at)", " [at] ", " ( AT ) "]))
def test_no_email_address_is_kept(email: str, before: str, at: str) -> None:
    local, _, domain = email.partition("@")
    said = f"{before} {local}{at}{domain} is my address"

    for found in (masked(said), kept(said)):
        assert "@" not in found
        assert f"{local}{at}{domain}" not in found
        assert domain not in found.split()


@pytest.mark.parametrize(
    "address",
    [
        "jo at mail dot com",
        "jo dot doe at mail dot example dot com",
        "Jo underscore Doe AT mail.example.com",
        "o'neil+bank@mail.example.com",
        "https://example.com/path?x=y",
        "www.example.com/path",
        "bank://account/xy",
    ],
)
def test_addresses_that_are_spelled_out_and_links_are_not_kept(address: str) -> None:
    assert masked(f"write to {address} please") == "write to # please"


@pytest.mark.parametrize("reference", ["XK7Q2P", "A-12/b", "inv_2024-03", "1st", "15.00", "12:30"])
def test_what_is_written_together_with_a_digit_goes_with_it(reference: str) -> None:
    assert masked(f"about {reference} again") == "about # again"


@pytest.mark.parametrize(
    "said",
    [
        "my card was stolen",
        "one of the two cards",
        "I looked at the app. It said no",
        "why is there a long-term fee?",
        "我的卡被盗",
    ],
)
def test_what_has_no_number_is_kept_as_it_is(said: str) -> None:
    assert masked(said) == said


@given(st.text(max_size=300))
def test_what_is_masked_has_nothing_left_to_mask(text: str) -> None:
    once = masked(text)

    assert masked(once) == once


@given(st.lists(st.builds(Turn, st.sampled_from(Speaker), st.text(max_size=60)), max_size=30))
def test_at_most_the_newest_pieces_are_kept(turns: list[Turn]) -> None:
    query = read_query(tuple(turns))

    found = excerpts(query, range(len(turns)))

    assert [one.turn for one in found] == list(query.turns[:MAX_EXCERPTS])


@settings(max_examples=30)
@given(st.lists(hostile, min_size=1, max_size=4).map("".join))
def test_long_hostile_texts_are_masked_like_short_ones(unit: str) -> None:
    # Where time grew with the square of the length, this would not come to an end.
    found = masked((unit * 40_000)[:40_000])

    assert not any(one.isdigit() or one == "@" for one in found)


def test_ibans_with_spaces_anywhere_leave_no_digit() -> None:
    random = Random(1)
    for iban in IBANS:
        written = "".join(one + random.choice(GAPS) for one in iban.replace(" ", ""))

        assert not any(one.isdigit() for one in kept(f"my account {written} was emptied"))
