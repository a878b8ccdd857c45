"""What is prepared is there afterwards, or it is said why not."""

from pathlib import Path

import pytest

from agent_assist.library.folder import read_library
from agent_assist.matching.artefacts import CannotWrite
from agent_assist.models import OpenModel
from agent_assist.prepare import prepare_index
from tests.unit.matching.small import HashingEncoder

RETAIL = Path(__file__).parents[2] / "policies" / "retail"


def test_an_index_that_cannot_be_kept_is_refused_when_it_is_prepared(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")

    with pytest.raises(CannotWrite, match="free some space or set another folder"):
        prepare_index(read_library(RETAIL), OpenModel("", HashingEncoder()), blocked)
