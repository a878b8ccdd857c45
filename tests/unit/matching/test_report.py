"""The page of an evaluation: complete in itself, safe, and the same for the same results."""

import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from agent_assist.matching.artefacts import CannotWrite
from agent_assist.matching.cases import Case
from agent_assist.matching.evaluation import Evaluation, Trial, evaluate
from agent_assist.matching.report import write_report

pytest.importorskip("matplotlib")


@pytest.fixture(scope="module")
def results() -> Evaluation:
    cases = [Case("x", issue="one"), Case("x", issue="<script>"), Case("x")]
    trials = [
        Trial(case, (("a", 0.8), ("b$", 0.1)), abstained=False, fits=0.9, milliseconds=number + 1.0)
        for number, case in enumerate(cases)
    ]
    return evaluate(trials, {"a": ("one",), "b$": ("<script>",)})


@pytest.fixture(scope="module")
def page(results: Evaluation, tmp_path_factory: pytest.TempPathFactory) -> str:
    return write_report(tmp_path_factory.mktemp("report"), results).read_text(encoding="utf-8")


def test_the_page_loads_nothing_from_elsewhere(page: str) -> None:
    assert re.findall(r"""(?:src|href)=["'](?!#)[^"']*""", page) == []
    assert "<script" not in page


def test_every_plot_has_a_table_beside_it_with_a_caption(page: str) -> None:
    assert page.count("<svg") == page.count("<table") == page.count("<caption") == 4
    assert re.findall(r"<th(?![^>]*scope=)(?!ead)[^>]*>", page) == []


def test_every_plot_is_well_formed(page: str) -> None:
    for plot in re.findall(r"<svg.*?</svg>", page, re.DOTALL):
        ET.fromstring(plot)


def test_the_same_results_give_the_same_page(
    results: Evaluation, page: str, tmp_path: Path
) -> None:
    assert write_report(tmp_path / "new", results).read_text(encoding="utf-8") == page


def test_a_folder_that_cannot_be_made_is_a_typed_error(results: Evaluation, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(CannotWrite, match="name another folder"):
        write_report(tmp_path / "file" / "report", results)
