"""Lessons: what of labelled data there is to learn from."""

from agent_assist.core.contact import Speaker, Turn
from agent_assist.matching.cases import Case
from agent_assist.matching.lessons import Labelled, Lessons, sorted_lessons


def test_a_lesson_has_no_greeting_and_no_identifier() -> None:
    case = Case("Hello, my card 4111 1111 1111 1111 was stolen, write to me@example.org", "lost")

    assert sorted_lessons([case]).lessons.labelled == (
        Labelled("my card was stolen, write to", "lost"),
    )


def test_a_text_that_is_said_again_is_one_lesson() -> None:
    found = sorted_lessons([Case("my card is gone", "lost"), Case("Hi my card is gone", "lost")])

    assert len(found.lessons.labelled) == 1
    assert (found.repeated, found.contradictory, found.silent) == (1, 0, 0)


def test_a_text_with_two_labels_teaches_nothing() -> None:
    cases = [Case("it is gone", "lost"), Case("it is gone", "fee"), Case("it is gone")]

    found = sorted_lessons(cases)

    assert found.lessons == Lessons()
    assert (found.repeated, found.contradictory) == (0, 3)


def test_a_case_in_which_nothing_is_said_is_counted() -> None:
    assert sorted_lessons([Case("hello there", "lost")]).silent == 1


def test_what_nothing_fits_is_kept_apart() -> None:
    assert sorted_lessons([Case("how tall is the moon")]).lessons.unknown == (
        "how tall is the moon",
    )


def test_of_a_transcript_the_part_that_says_most_is_the_lesson() -> None:
    said = (
        Turn(Speaker.CUSTOMER, "since Monday"),
        Turn(Speaker.AGENT, "what happened to the card that you ordered last week"),
        Turn(Speaker.CUSTOMER, "my new card never arrived at home"),
        Turn(Speaker.CUSTOMER, "any news"),
    )

    found = sorted_lessons([Case(said, "arrival")])

    assert found.lessons.labelled[0].text == "my new card never arrived at home"


def test_what_is_held_out_follows_from_the_text_alone() -> None:
    texts = [f"question number {n} about cards" for n in range(2_000)]
    lessons = Lessons(tuple(Labelled(text, "lost") for text in texts))
    relabelled = Lessons(tuple(Labelled(text, "fee") for text in reversed(texts)))

    held = {one.text for one in lessons.held_out()}

    assert held == {one.text for one in relabelled.held_out()}
    assert 150 <= len(held) <= 260
    assert held.isdisjoint(one.text for one in lessons.without_held_out().labelled)
