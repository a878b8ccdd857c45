"""What of a library is compared with a customer's words."""

from dataclasses import replace

from agent_assist.core.policy import Policy, Section
from agent_assist.matching.entries import LONG_SECTION, Entry, Kind, entries_of
from agent_assist.matching.index import PolicyIndex
from agent_assist.matching.listening import Listener
from agent_assist.matching.ranking import rank
from tests.unit.matching.small import ISSUES, POLICIES, SECRET, HashingEncoder

FILLER = "Nothing of note stands in this sentence of the handbook, which is long. " * 20
HANDBOOK = (
    f"{FILLER}\n\n### Lost abroad ###\nAsk which country it is.\n"
    f"The embassy of Wonderland replaces it.\n## \n{FILLER}"
)


def handbook(text: str = HANDBOOK) -> Policy:
    """The policy on lost cards, with a long section."""
    return replace(POLICIES[0], sections={**POLICIES[0].sections, Section.STEPS: text})


def passages(policy: Policy) -> list[Entry]:
    return [one for one in entries_of([policy], ISSUES) if one.kind is Kind.PASSAGE]


def test_a_short_section_is_compared_sentence_by_sentence() -> None:
    assert passages(POLICIES[0]) == []
    assert passages(handbook("Ask where it was lost. " * (LONG_SECTION // 25))) == []


def test_a_document_is_compared_in_passages_under_their_titles() -> None:
    found = passages(handbook())

    embassy = next(one for one in found if "Wonderland" in one.text)
    assert embassy.compared.startswith("Lost or stolen card, Lost abroad. ")
    assert found[0].compared.startswith("Lost or stolen card. Nothing of note")
    assert found[-1].title == "Lost or stolen card"
    assert all(len(one.text) <= 480 for one in found)


def test_every_passage_stands_in_its_document_word_for_word_and_none_is_lost() -> None:
    found = passages(handbook())

    assert all(one.text in HANDBOOK for one in found)
    assert sum(one.text.count("Nothing of note") for one in found) == 40
    assert all(SECRET not in one.text for one in found)


def test_a_document_without_an_end_of_a_sentence_has_short_passages_and_short_titles() -> None:
    found = passages(handbook(f"# {'heading ' * 50_000}\n{'word ' * 10_000}"))

    assert all(len(one.compared) < 700 for one in found)
    assert sum(one.text.count("word") for one in found) == 10_000


def test_a_passage_of_a_document_is_found_and_shown_as_it_stands() -> None:
    policies = (handbook(), *POLICIES[1:])
    encoder = HashingEncoder()
    index = PolicyIndex.build(policies, ISSUES, encoder)
    said = "which embassy of Wonderland replaces it abroad"

    match = rank(index, Listener(encoder).hear(index, said)).items[0]

    assert match.policy == "cards/lost"
    assert "embassy of Wonderland" in match.evidence[0].text
    assert match.evidence[0].text in HANDBOOK
    assert [said[one.start : one.end] for one in match.evidence[0].spans] == [
        "embassy",
        "Wonderland",
        "replaces",
    ]
