"""The review of a draft of policies: what it changes is held to the bar, and nothing else."""

from datetime import date

from agent_assist.core.draft_rows import Cells, Rows, TableKind
from agent_assist.core.review import Finding, Severity
from agent_assist.library.policy_review import review_policies
from agent_assist.library.tables import read_table
from tests.builders import a_vocabulary

TODAY = date(2026, 11, 21)
GOOD = {
    "title": "A fee",
    "issues": "fee",
    "explanation_type": "justification",
    "owner": "fees",
    "review_by": "2027-01-01",
    "sources": "Price list",
    "examples.fee": "what is this fee\nwhy a fee\nI paid a fee",
    "say": "I am sorry about the fee. Some cash machines add a charge of their own, and we pass it "
    "on as it is. I can look at what we may do for you.",
    "why": "Cash is driven there by vans and counted by hand, and that has its price. We show the "
    "fee before you accept it, so that you can choose another machine.",
    "steps": "- Look at the fee.\n- Say whose it is.",
    "exceptions": "None.",
    "internal": "None.",
}
GERMAN = {"title": "Gebühr", "say": GOOD["say"], "why": GOOD["why"], "steps": GOOD["steps"]}
GERMAN |= {"exceptions": "Keine.", "internal": "Nichts."}
LOST = {**GOOD, "issues": "card", "examples.card": "I lost my card", "examples.fee": ""}
OLD: Rows = {"fees/fee": GOOD, "fees/fee.de": GERMAN, "cards/lost": LOST}


def review(**changed: Cells | None) -> list[tuple[str, Severity, tuple[str, ...], str]]:
    rows = {**OLD, **{key.replace("__", "/").replace("_", "."): c for key, c in changed.items()}}
    new = {key: cells for key, cells in rows.items() if cells is not None}
    vocabulary = a_vocabulary()
    old_table, new_table = (
        read_table(TableKind.POLICIES, table, vocabulary) for table in (OLD, new)
    )
    assert old_table.faults + new_table.faults == ()
    found: tuple[Finding, ...] = review_policies(old_table, new_table, vocabulary, TODAY)
    return [(one.code, one.severity, one.rows, one.column) for one in found]


def test_what_nobody_touches_is_not_found_fault_with() -> None:
    assert review() == []


def test_an_amount_and_blame_are_errors_wherever_a_customer_hears_them() -> None:
    bad = {**GOOD, "say": GOOD["say"] + " Up to 5 EUR.", "why": GOOD["why"] + " You forgot it."}

    found = review(fees__fee=bad)

    assert found[:2] == [
        ("amount_in_say", Severity.ERROR, ("fees/fee",), "say"),
        ("blame", Severity.ERROR, ("fees/fee",), "why"),
    ]


def test_a_review_date_of_what_is_changed_lies_ahead() -> None:
    found = review(fees__fee={**GOOD, "title": "The fee", "review_by": "2026-11-20"})

    assert found == [("review_due", Severity.ERROR, ("fees/fee",), "review_by")]


def test_a_translation_of_what_was_reworded_is_behind_until_it_is_reworded_too() -> None:
    reworded = {**GOOD, "say": GOOD["say"] + " It takes a minute."}

    assert review(fees__fee=reworded) == [
        ("translation_behind", Severity.WARNING, ("fees/fee.de",), "")
    ]
    assert review(fees__fee=reworded, fees__fee_de={**GERMAN, "say": reworded["say"]}) == []


def test_an_issue_that_nothing_covers_any_more_is_told_with_the_policy_that_did() -> None:
    found = review(cards__lost=None)

    assert found == [("uncovered_issue", Severity.WARNING, ("cards/lost",), "")]


def test_a_second_wording_is_held_to_the_same_bar() -> None:
    bad = {
        **GOOD,
        "alternative_say": GOOD["say"] + " Up to 5 EUR.",
        "alternative_why": "It is.",
    }
    both = {name: GERMAN[name.removeprefix("alternative_")]
            for name in ("alternative_say", "alternative_why")}  # fmt: skip

    found = {(code, column) for code, _, rows, column in review(
        fees__fee=bad, fees__fee_de={**GERMAN, **both}) if rows == ("fees/fee",)}  # fmt: skip

    assert found == {
        ("amount_in_say", "alternative_say"),
        ("length", "alternative_why"),
        ("no_reason", "alternative_why"),
    }
