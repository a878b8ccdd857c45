"""What holds for matching whatever is said."""

from hypothesis import given, settings
from hypothesis import strategies as st

from agent_assist.core.contact import Speaker, Turn
from agent_assist.core.matches import Matches, Role
from agent_assist.matching.index import PolicyIndex
from agent_assist.matching.listening import Listener
from agent_assist.matching.ranking import rank
from agent_assist.matching.text import MAX_PIECES, read_query
from agent_assist.matching.words import stem, stems, words
from tests.unit.matching.small import POLICIES, HashingEncoder, small_index

INDEX: PolicyIndex = small_index()
ENCODER = HashingEncoder()

examples = [text for policy in POLICIES for texts in policy.examples.values() for text in texts]
known_words = sorted({word for text in examples for word in text.split()})
sentences = st.lists(st.sampled_from(known_words), min_size=1, max_size=12).map(" ".join)
anything = st.one_of(st.text(max_size=300), sentences)
turns = st.builds(Turn, st.sampled_from(Speaker), anything)
transcripts = st.lists(turns, max_size=8).map(tuple)
hostile = st.sampled_from("a|1 |a@|DE89 |4111-|. |\n|'|a'|é|https://|+1(|-.|\x00|ok ".split("|"))


def answer(said: str | tuple[Turn, ...], limit: int = 5) -> Matches:
    return rank(INDEX, Listener(ENCODER).hear(INDEX, said), limit=limit)


@given(anything)
def test_words_stand_where_their_spans_say(text: str) -> None:
    for word in words(text):
        assert stem(text[word.span.start : word.span.end][:64]) == word.stem


@given(st.one_of(anything, transcripts))
def test_spans_of_evidence_are_words_that_both_share(said: str | tuple[Turn, ...]) -> None:
    for match in answer(said).items:
        for evidence in match.evidence:
            original = said if isinstance(said, str) else said[evidence.turn or 0].text
            shared = [original[span.start : span.end] for span in evidence.spans]
            assert all(stem(word[:64]) in stems(evidence.text) for word in shared)


@given(st.one_of(anything, transcripts))
def test_probabilities_are_ordered_and_share_what_fits(said: str | tuple[Turn, ...]) -> None:
    matches = answer(said)

    chances = [one.probability for one in matches.items if one.role is not Role.EARLIER]
    assert chances == sorted(chances, reverse=True)
    assert all(0 <= one.probability <= 1 for one in matches.items)
    assert sum(chances) < matches.fits + 1e-6
    if chances and len(chances) == len(matches.items):
        assert abs(sum(chances) - matches.fits) < 1e-6


@given(transcripts)
def test_matches_are_main_then_earlier_then_alternative_and_each_policy_once(
    said: tuple[Turn, ...],
) -> None:
    items = answer(said).items

    roles = [list(Role).index(one.role) for one in items]
    assert roles == sorted(roles)
    assert roles.count(0) == min(1, len(items))
    assert len({one.policy for one in items}) == len(items)


@given(transcripts)
def test_a_match_names_turns_of_the_customer_and_each_topic_has_its_own(
    said: tuple[Turn, ...],
) -> None:
    items = answer(said).items

    named = [one.turns for one in items if one.role is not Role.ALTERNATIVE]
    assert all(said[turn].speaker is Speaker.CUSTOMER for turns in named for turn in turns)
    assert len({turn for turns in named for turn in turns}) == sum(map(len, named))


@given(transcripts)
def test_what_was_heard_before_is_ranked_as_if_it_was_new(said: tuple[Turn, ...]) -> None:
    listener = Listener(ENCODER, most=3)
    for end in range(len(said) + 1):
        grown = rank(INDEX, listener.hear(INDEX, said[:end]))

        assert grown == answer(said[:end])


@given(st.one_of(anything, transcripts))
def test_an_answer_without_policies_abstains(said: str | tuple[Turn, ...]) -> None:
    matches = answer(said)

    assert matches.items or matches.abstained


@given(st.one_of(anything, transcripts), st.integers(1, 4))
def test_a_shorter_list_is_the_beginning_of_a_longer_one(
    said: str | tuple[Turn, ...], limit: int
) -> None:
    shorter, longer = answer(said, limit).items, answer(said).items

    assert shorter == longer[: len(shorter)]
    assert len(shorter) >= min(limit, len(longer))


@given(sentences, st.sampled_from(["", "ok thanks", "Hello!", "Thank you very much.", "👍", "  "]))
def test_courtesies_after_what_was_said_change_nothing(said: str, courtesy: str) -> None:
    turn = Turn(Speaker.CUSTOMER, said)

    assert read_query((turn, Turn(Speaker.CUSTOMER, courtesy))) == read_query((turn,))


@given(transcripts, anything)
def test_what_the_representative_says_changes_nothing(
    transcript: tuple[Turn, ...], said: str
) -> None:
    assert read_query((*transcript, Turn(Speaker.AGENT, said))) == read_query(transcript)


@given(st.one_of(anything, transcripts))
def test_allowing_every_policy_is_the_same_as_naming_none(said: str | tuple[Turn, ...]) -> None:
    heard = Listener(ENCODER).hear(INDEX, said)
    everything = {policy.id for policy in POLICIES}

    assert rank(INDEX, heard, allowed=everything) == rank(INDEX, heard)


@settings(max_examples=60)
@given(st.lists(hostile, min_size=1, max_size=4).map("".join))
def test_hostile_texts_are_read_in_few_pieces(unit: str) -> None:
    query = read_query((unit * 20_000)[:20_000])

    assert len(query.pieces) <= MAX_PIECES
    assert all(len(piece.text) <= 480 for piece in query.pieces)
