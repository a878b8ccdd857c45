"""Reading what a customer said."""

import pytest

from agent_assist.core.contact import Excerpt, Speaker, Turn
from agent_assist.matching.text import MAX_PIECES, MAX_TURNS, Query, excerpts, read_query


def customer(text: str) -> Turn:
    return Turn(Speaker.CUSTOMER, text)


def agent(text: str) -> Turn:
    return Turn(Speaker.AGENT, text)


@pytest.mark.parametrize(
    "said",
    [
        "",
        "   ",
        "ok thanks",
        "Hello there!",
        "Thank you so much, bye.",
        "4111 1111 1111 1111",
        "😀",
    ],
)
def test_what_says_nothing_is_an_empty_query(said: str) -> None:
    assert read_query(said) == Query((), ())


@pytest.mark.parametrize(
    "identifier",
    [
        "DE89 3704 0044 0532 0130 00",
        "DE89370400440532013000",
        "gb29 nwbk 6016 1331 9268 19",
        "o'neil@mail.example.com",
        "4111 1111 1111 1111",
        "4111-1111-1111-1111",
        "jo.doe+bank@mail.example.com",
        "+49 (30) 1234567",
        "https://example.com/path?x=1",
    ],
)
def test_identifiers_are_not_encoded(identifier: str) -> None:
    query = read_query(f"my card {identifier} was stolen")

    assert query.texts == ("my card was stolen",)


def test_a_greeting_before_and_thanks_after_are_not_encoded() -> None:
    query = read_query("Hello, my card was stolen yesterday. Thanks!")

    assert query.texts == ("my card was stolen yesterday.",)


def test_an_amount_is_kept() -> None:
    assert read_query("a fee of 15.00 for 300 in cash").texts == ("a fee of 15.00 for 300 in cash",)


def test_only_the_customer_is_read() -> None:
    query = read_query((customer("I lost my card"), agent("Which transfer is it?")))

    assert (query.texts, query.turns) == (("I lost my card",), (0,))


def test_the_newest_turn_of_a_customer_comes_first() -> None:
    query = read_query(
        (
            customer("why is there a fee on my cash withdrawal"),
            agent("Anything else?"),
            customer("yes, my card was also stolen yesterday evening"),
        )
    )

    assert query.turns == (2, 0)


def test_a_newest_turn_without_content_changes_nothing() -> None:
    turns = (customer("why is there a fee on my cash withdrawal"), agent("I will look."))

    assert read_query((*turns, customer("ok thanks"))) == read_query(turns)


def test_a_turn_of_few_words_weighs_less() -> None:
    query = read_query((customer("why is there a fee on my cash withdrawal"), customer("abroad?")))

    assert query.turns == (1, 0)
    assert query.pieces[0].weight < query.pieces[1].weight


def test_a_long_text_is_read_in_pieces_from_its_beginning_and_its_end() -> None:
    middle = "Then I went on and on about the weather in the mountains. " * 200
    query = read_query(f"My card was stolen in Porto. {middle}So please freeze my card.")

    assert len(query.pieces) == MAX_PIECES
    assert query.texts[0].startswith("My card was stolen in Porto.")
    assert query.texts[-1].endswith("freeze my card.")


def test_words_stand_where_the_original_has_them() -> None:
    said = "  Hi!  mail a.b@c.com: my Card's gone"
    query = read_query(said)

    found = [said[word.span.start : word.span.end] for word in query.pieces[0].words]
    assert found == ["mail", "my", "Card's", "gone"]


@pytest.mark.parametrize("reply", ["yes", "Yes please", "yeah, that's it", "Sure!"])
def test_a_yes_says_what_the_agent_had_asked(reply: str) -> None:
    query = read_query((agent("Hello. Was your card stolen from your bag?"), customer(reply)))

    assert (query.texts, query.turns) == (("Was your card stolen from your bag?",), (1,))
    assert query.pieces[0].words == ()


@pytest.mark.parametrize("reply", ["no", "no thanks", "yes and no", "ok", "hm"])
def test_what_is_no_yes_confirms_nothing(reply: str) -> None:
    query = read_query((agent("Was your card stolen from your bag?"), customer(reply)))

    assert "Was your card stolen from your bag?" not in query.texts


def test_a_yes_to_a_statement_or_to_nobody_confirms_nothing() -> None:
    assert read_query((agent("I will block the card."), customer("yes"))) == Query((), ())
    assert read_query((customer("yes"),)) == Query((), ())


def test_of_a_very_long_transcript_the_newest_turns_are_read() -> None:
    query = read_query(tuple(customer(f"card number {n} was stolen") for n in range(MAX_TURNS + 9)))

    assert query.turns == tuple(range(MAX_TURNS + 8, 8, -1))


def test_what_may_be_kept_is_masked_and_of_the_turns_that_matched() -> None:
    said = (
        customer("Hello, my card 4111 1111 1111 1111 was stolen on 3 May"),
        agent("Anything else?"),
        customer("what is the weather like"),
        customer("a fee of 15.00 was taken for cash"),
    )

    found = excerpts(read_query(said), {0, 3})

    assert found == (
        Excerpt(3, "a fee of # was taken for cash"),
        Excerpt(0, "my card was stolen on # May"),
    )


def test_all_of_a_plain_text_may_be_kept() -> None:
    assert excerpts(read_query("my card was stolen"), ()) == (Excerpt(None, "my card was stolen"),)
