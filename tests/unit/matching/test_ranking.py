"""Ranking: which policy, how surely, and on what evidence."""

from dataclasses import replace

import pytest

from agent_assist.core.contact import Speaker, Transcript, Turn
from agent_assist.core.matches import EvidenceSource, Matches, Role
from agent_assist.matching.index import PolicyIndex
from agent_assist.matching.listening import Listener
from agent_assist.matching.ranking import rank
from tests.unit.matching.small import ISSUES, POLICIES, SECRET, HashingEncoder


def asked(index: PolicyIndex, said: str | Transcript, **options: object) -> Matches:
    heard = Listener(HashingEncoder()).hear(index, said)
    return rank(index, heard, **options)  # type: ignore[arg-type] # whatever a test asks for


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


STOLEN = Turn(Speaker.CUSTOMER, "someone stole my card with the wallet")
FEE = Turn(Speaker.CUSTOMER, "and why was I charged a fee for cash at the machine")
MEANWHILE = Turn(Speaker.CUSTOMER, "yesterday around noon, maybe later, near the river")


def test_each_thing_a_customer_asks_for_gets_its_match_with_the_turns_it_came_from(
    index: PolicyIndex,
) -> None:
    items = asked(index, (STOLEN, MEANWHILE, FEE)).items

    assert [(one.role, one.policy, one.turns) for one in items[:2]] == [
        (Role.MAIN, "cash/fee", (2,)),
        (Role.EARLIER, "cards/lost", (0, 1)),
    ]
    assert {one.role for one in items[2:]} == {Role.ALTERNATIVE}


def test_the_match_of_each_thing_asked_for_is_given_however_few_are_wanted(
    index: PolicyIndex,
) -> None:
    items = asked(index, (STOLEN, FEE), limit=1).items

    assert [one.policy for one in items] == ["cash/fee", "cards/lost"]


def test_asking_again_is_no_second_thing(index: PolicyIndex) -> None:
    items = asked(index, (STOLEN, FEE, STOLEN)).items

    assert [(one.role, one.turns) for one in items[:2]] == [
        (Role.MAIN, (0, 2)),
        (Role.EARLIER, (1,)),
    ]


def test_what_is_told_before_the_question_belongs_to_it(index: PolicyIndex) -> None:
    items = asked(index, (MEANWHILE, STOLEN)).items

    assert items[0].turns == (0, 1)
    assert {one.role for one in items[1:]} == {Role.ALTERNATIVE}


def test_a_yes_is_an_answer_to_what_the_agent_asked(index: PolicyIndex) -> None:
    turns = (
        Turn(Speaker.CUSTOMER, "hello"),
        Turn(Speaker.AGENT, "Hello! Did someone steal your card?"),
        Turn(Speaker.CUSTOMER, "yes"),
    )
    best = asked(index, turns).items[0]

    assert (best.policy, best.turns) == ("cards/lost", (2,))
    assert all(evidence.spans == () for evidence in best.evidence)


def test_a_policy_that_may_not_be_given_is_no_match_for_what_was_asked_earlier(
    index: PolicyIndex,
) -> None:
    items = asked(index, (STOLEN, FEE), allowed={"cash/fee", "pin/forgotten"}).items

    assert "cards/lost" not in {one.policy for one in items}


def test_copies_of_a_policy_do_not_fill_the_list_and_come_after_the_others(
    encoder: HashingEncoder,
) -> None:
    copies = [replace(POLICIES[0], id=f"cards/lost-{n}") for n in range(6)]
    index = PolicyIndex.build((*POLICIES, *copies), ISSUES, encoder)
    heard = Listener(encoder).hear(index, "my card was stolen from my bag")

    ranked = [match.policy for match in rank(index, heard, limit=10).items]

    assert [policy.startswith("cards/lost") for policy in ranked] == [True] + [False] * 3 + [
        True
    ] * 6
    assert [match.policy for match in rank(index, heard, limit=3).items] == ranked[:3]
