"""Known defects can still be planted; `make mutants` shows that each is found."""

import pytest

from agent_assist.settings import ROOT
from tests.campaigns.mutants.__main__ import Mutant, planted, read_mutants

MUTANTS = read_mutants()


@pytest.mark.parametrize("mutant", MUTANTS, ids=[one.name for one in MUTANTS])
def test_a_defect_can_be_planted_and_its_test_is_there(mutant: Mutant) -> None:
    path, _, name = mutant.test.partition("::")

    compile(planted(mutant), mutant.file, "exec")

    assert name.partition("[")[0] in (ROOT / path).read_text(encoding="utf-8")
