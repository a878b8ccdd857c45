"""Two wordings of an explanation: which of them a contact is told."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent_assist.core.policy import ExplanationType, Policy, Section
from agent_assist.core.wordings import Explanation, Wording, explanation, pair_of, shown

ONE = Policy(
    id="fees/fee",
    locale="en",
    title="A fee",
    issues=("fee",),
    explanation_type=ExplanationType.JUSTIFICATION,
    owner="fees",
    review_by=date(2027, 1, 1),
    sections={Section.SAY: "Yes.", Section.WHY: "So."},
)
BOTH = replace(ONE, sections={**ONE.sections, Section.ALTERNATIVE_SAY: "Yes, indeed."})
CONTACTS = [f"k-{number}" for number in range(4_000)]


def told(policy: Policy, contact: str) -> Wording:
    found = shown(policy, contact)
    assert found is not None
    return found.wording


def test_a_policy_with_one_wording_is_no_pair() -> None:
    assert pair_of(ONE) is None
    assert shown(ONE, "k-1") is None


def test_a_contact_without_an_id_is_told_the_standing_wording() -> None:
    found = shown(replace(BOTH, alternative_share=99), None)

    assert found is not None
    assert found.wording is Wording.STANDING


def test_what_the_alternative_lacks_is_as_in_the_standing_wording() -> None:
    assert explanation(BOTH, Wording.ALTERNATIVE) == Explanation("Yes, indeed.", "So.")
    assert explanation(BOTH) == Explanation("Yes.", "So.")


@given(st.text(max_size=40), st.integers(1, 98))
def test_a_contact_is_told_the_same_whatever_is_not_of_the_wordings(
    contact: str, share: int
) -> None:
    policy = replace(BOTH, alternative_share=share)
    otherwise = replace(policy, title="Another", owner="x", tags=("y",), review_by=date(2030, 1, 1))

    assert shown(policy, contact) == shown(otherwise, contact)


def test_other_words_and_another_share_are_another_pair() -> None:
    reworded = replace(BOTH, sections={**BOTH.sections, Section.WHY: "Because."})
    swapped = replace(BOTH, sections={Section.SAY: "Yes, indeed.", Section.WHY: "So.",
                                      Section.ALTERNATIVE_SAY: "Yes."})  # fmt: skip
    pairs = [BOTH, reworded, swapped, replace(BOTH, alternative_share=20), replace(BOTH, id="b")]

    assert len({pair_of(one) for one in pairs}) == len(pairs)


@pytest.mark.parametrize("share", [1, 20, 50, 99])
def test_the_alternative_is_told_to_its_share_of_contacts(share: int) -> None:
    policy = replace(BOTH, alternative_share=share)

    others = sum(told(policy, one) is Wording.ALTERNATIVE for one in CONTACTS)

    deviation = (len(CONTACTS) * share * (100 - share)) ** 0.5 / 100
    assert abs(others - len(CONTACTS) * share / 100) < 4 * deviation


def test_what_a_contact_is_told_of_one_pair_says_nothing_of_another() -> None:
    other = replace(BOTH, id="fees/other")

    same = sum(told(BOTH, one) is told(other, one) for one in CONTACTS)

    assert abs(same - len(CONTACTS) / 2) < 4 * (len(CONTACTS) / 4) ** 0.5
