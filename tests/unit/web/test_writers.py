"""Amounts and probabilities as the wire shows them."""

import pytest

from agent_assist.core.ceilings import UNLIMITED, Bound
from agent_assist.core.matches import Evidence, EvidenceSource
from agent_assist.core.vocabulary import Unit
from agent_assist.web.writers import write_evidence, write_probability, write_quantity


@pytest.mark.parametrize(
    ("bound", "unit", "currency", "shown"),
    [
        (1500, Unit.MONEY, "EUR", {"amount": "15.00", "currency": "EUR"}),
        (0, Unit.MONEY, "EUR", {"amount": "0.00", "currency": "EUR"}),
        (1500, Unit.MONEY, "JPY", {"amount": "1500", "currency": "JPY"}),
        (1500, Unit.MONEY, "KWD", {"amount": "1.500", "currency": "KWD"}),
        (10**15, Unit.MONEY, "EUR", {"amount": "10000000000000.00", "currency": "EUR"}),
        (2500, Unit.PERCENT, "EUR", {"percent": "25"}),
        (1250, Unit.PERCENT, "EUR", {"percent": "12.5"}),
        (1, Unit.PERCENT, "EUR", {"percent": "0.01"}),
        (0, Unit.PERCENT, "EUR", {"percent": "0"}),
        (2, Unit.COUNT, "EUR", {"count": 2}),
        (14, Unit.DAYS, "EUR", {"days": 14}),
        (UNLIMITED, Unit.MONEY, "EUR", {"unlimited": True}),
        (UNLIMITED, Unit.DAYS, "EUR", {"unlimited": True}),
    ],
)
def test_quantity_is_written_in_its_unit(
    bound: Bound, unit: Unit, currency: str, shown: dict[str, object]
) -> None:
    assert write_quantity(bound, unit, currency) == shown


@pytest.mark.parametrize(
    ("probability", "shown"), [(0.91234, 0.9123), (1.0000001, 1.0), (-1e-9, 0.0), (0.99996, 1.0)]
)
def test_probability_has_four_decimals_and_stays_in_its_range(
    probability: float, shown: float
) -> None:
    assert write_probability(probability) == shown


def test_similarity_stays_in_its_range() -> None:
    evidence = Evidence(EvidenceSource.TITLE, "A title", -1.0000002, ())

    assert write_evidence(evidence)["similarity"] == -1.0
