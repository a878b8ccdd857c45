"""Ranking: which policy, how surely, and on what evidence."""

import pytest

from agent_assist.core.contact import Speaker, Transcript, Turn
from agent_assist.core.matches import EvidenceSource, Matches
from agent_assist.matching.index import PolicyIndex
from agent_assist.matching.ranking import rank
from agent_assist.matching.text import read_query
from tests.unit.matching.small import SECRET, HashingEncoder


def asked(index: PolicyIndex, said: str | Transcript, **options: object) -> Matches:
    query = read_query(said)
    vectors = HashingEncoder().encode(query.texts)
    return rank(index, query, vectors, **options)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("said", "policy", "issue"),
    [
        ("someone stole my card", "cards/lost", "lost_card"),
        ("was charged a fee for cash", "cash/fee", "cash_fee"),
        ("transfer pending since Tuesday", "transfers/times", "transfer_pending"),
        ("how many days for a transfer", "transfers/times", "transfer_time"),
        ("what was my PIN", "pin/forgotten", "pin"),
    ],
)
def test_the_right_policy_is_first_with_the_issue_that_is_meant(
    index: PolicyIndex, said: str, policy: str, issue: str
) -> None:
    best = asked(index, said).items[0]

    assert (best.policy, best.issue) == (policy, issue)


def test_nothing_said_is_abstained_without_policies(index: PolicyIndex) -> None:
    assert asked(index, "ok thanks") == Matches(items=(), abstained=True)


def test_what_is_elsewhere_abstains_but_lists_the_nearest(index: PolicyIndex) -> None:
    matches = asked(index, "the orchestra played violins beautifully")

    assert matches.abstained
    assert len(matches.items) == 4


def test_only_allowed_policies_are_given(index: PolicyIndex) -> None:
    matches = asked(index, "someone stole my card", allowed={"cash/fee", "pin/forgotten"})

    assert {match.policy for match in matches.items} == {"cash/fee", "pin/forgotten"}


def test_nothing_allowed_is_abstained(index: PolicyIndex) -> None:
    assert asked(index, "someone stole my card", allowed=frozenset()).items == ()


def test_at_most_limit_policies_are_given(index: PolicyIndex) -> None:
    assert len(asked(index, "someone stole my card", limit=2).items) == 2


def test_evidence_is_verbatim_and_marks_the_shared_words(index: PolicyIndex) -> None:
    said = "Hello, someone took the CARD with my wallet"
    evidence = asked(index, said).items[0].evidence[0]

    assert evidence.source is EvidenceSource.EXAMPLE
    assert evidence.text == "someone stole the card with my wallet"
    assert [said[span.start : span.end] for span in evidence.spans] == ["CARD", "wallet"]
    assert evidence.turn is None


def test_internal_notes_are_never_evidence(index: PolicyIndex) -> None:
    matches = asked(index, SECRET)

    texts = [evidence.text for match in matches.items for evidence in match.evidence]
    assert texts
    assert all("curtain" not in text for text in texts)


def test_evidence_of_a_transcript_names_the_turn(index: PolicyIndex) -> None:
    turns = (
        Turn(Speaker.AGENT, "Hello"),
        Turn(Speaker.CUSTOMER, "someone stole my card"),
        Turn(Speaker.CUSTOMER, "ok thanks"),
    )
    best = asked(index, turns).items[0]

    assert best.policy == "cards/lost"
    assert best.evidence[0].turn == 1


def test_a_new_question_outweighs_the_old_one(index: PolicyIndex) -> None:
    turns = (
        Turn(Speaker.CUSTOMER, "someone stole my card with the wallet"),
        Turn(Speaker.CUSTOMER, "and why was I charged a fee for cash at the machine"),
    )

    assert asked(index, turns).items[0].policy == "cash/fee"


def test_a_turn_that_asks_nothing_leaves_the_decision_to_the_one_before(index: PolicyIndex) -> None:
    turns = (
        Turn(Speaker.CUSTOMER, "someone stole my card with the wallet"),
        Turn(Speaker.AGENT, "When was that?"),
        Turn(Speaker.CUSTOMER, "yesterday around noon, maybe later, near the river"),
    )

    assert asked(index, turns).items[0].policy == "cards/lost"


def test_pieces_without_as_many_vectors_are_a_mistake(index: PolicyIndex) -> None:
    query = read_query("someone stole my card")

    with pytest.raises(ValueError, match="as many vectors"):
        rank(index, query, HashingEncoder().encode([]))
