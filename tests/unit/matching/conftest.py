"""What the tests of matching share."""

import pytest

from agent_assist.matching.index import PolicyIndex
from tests.unit.matching.small import HashingEncoder, small_index


@pytest.fixture(scope="session")
def index() -> PolicyIndex:
    """The index of the small library."""
    return small_index()


@pytest.fixture
def encoder() -> HashingEncoder:
    """The encoder that index was built with."""
    return HashingEncoder()
