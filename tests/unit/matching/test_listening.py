"""What was heard before is not read again."""

from dataclasses import replace

from agent_assist.core.contact import Speaker, Turn
from agent_assist.matching.index import PolicyIndex
from agent_assist.matching.listening import REMEMBERED_PAIRS, Listener
from agent_assist.matching.ranking import rank
from tests.unit.matching.small import ISSUES, POLICIES, HashingEncoder

TURNS = tuple(
    Turn(Speaker.CUSTOMER, text)
    for text in ("someone stole my card", "how many days for a transfer", "what was my PIN")
)


def test_a_transcript_that_grew_by_a_turn_costs_one_turn(index: PolicyIndex) -> None:
    encoder = HashingEncoder()
    listener = Listener(encoder)
    listener.hear(index, TURNS[:2])
    encoder.encoded.clear()
    listener.hear(index, TURNS)

    assert encoder.encoded == ["what was my PIN"]


def test_what_was_heard_beside_another_index_is_read_anew(index: PolicyIndex) -> None:
    encoder = HashingEncoder()
    listener = Listener(encoder)
    other = PolicyIndex.build(POLICIES[:2], ISSUES, encoder)
    listener.hear(index, TURNS)
    heard = listener.hear(other, TURNS)

    assert rank(other, heard) == rank(other, Listener(encoder).hear(other, TURNS))


def test_no_more_is_remembered_than_there_is_room_for(index: PolicyIndex) -> None:
    encoder = HashingEncoder()
    listener = Listener(encoder, most=2)
    listener.hear(index, TURNS)
    encoder.encoded.clear()
    listener.hear(index, TURNS)

    assert len(encoder.encoded) == 1


def test_nothing_of_substance_is_heard_as_nothing(index: PolicyIndex) -> None:
    assert Listener(HashingEncoder()).hear(index, "ok thanks").scored is None


def test_beside_a_large_index_fewer_utterances_are_remembered(
    index: PolicyIndex,
) -> None:
    encoder = HashingEncoder()
    pairs = index.corpus.pairs * (REMEMBERED_PAIRS // len(index.corpus.pairs) // 2)
    large = replace(index, corpus=replace(index.corpus, pairs=pairs))
    listener = Listener(encoder)
    said = ["I lost my card", "a fee for cash", "the PIN is forgotten"]
    for text in said:
        listener.hear(large, text)
    encoder.encoded.clear()

    for text in reversed(said):
        listener.hear(large, text)

    assert encoder.encoded == ["I lost my card"]
