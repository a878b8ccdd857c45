"""The live library: what was published holds at once, and nobody waits for its index."""

import shutil
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, cast

import pytest

from agent_assist.core.budgets import BudgetTable
from agent_assist.core.limits import LimitTable
from agent_assist.core.policy import Policy
from agent_assist.core.suggestion import VersionedPolicy, Versions
from agent_assist.live import LiveLibrary, Snapshot
from agent_assist.matching.artefacts import ArtefactMissing
from agent_assist.matching.encoders import Vectors
from agent_assist.matching.index import PolicyIndex
from agent_assist.matching.ranking import rank
from agent_assist.models import OpenModel
from agent_assist.store.libraries import HeldLibrary
from tests.contracts.conftest import VOCABULARY
from tests.unit.matching.small import ISSUES, POLICIES, HashingEncoder, a_policy

DAY = date(2026, 11, 22)
CHEQUES = a_policy("cheques/none", "Paying by cheque", {"pin": ("can I pay in a cheque",)})
AT_MOST = 20.0


class HeldUpEncoder(HashingEncoder):
    """Encodes what is asked at once, and texts of a library only when it may."""

    def __init__(self) -> None:
        super().__init__()
        self.may = threading.Event()
        self.may.set()
        self.waits = threading.Event()

    def encode(self, texts: Sequence[str]) -> Vectors:
        if any("cheque" in text for text in texts) and len(texts) > 1:
            self.waits.set()
            assert self.may.wait(AT_MOST)
        return super().encode(texts)


class Publications:
    """Library versions and models, by hand; both a store and the models of a live library."""

    def __init__(self) -> None:
        self.encoder = HeldUpEncoder()
        self.libraries: list[tuple[Policy, ...]] = [POLICIES]
        self.limits = 1
        self.model = ""
        self.missing: set[str] = set()

    def live(self) -> Versions:
        return Versions(len(self.libraries), self.limits, 1, self.model)

    def load(self, versions: Versions) -> HeldLibrary:
        policies = self.libraries[versions.library - 1]
        return HeldLibrary(
            vocabulary=replace(VOCABULARY, issues=ISSUES, locale="en"),
            policies=tuple(VersionedPolicy(one, versions.library) for one in policies),
            limits=LimitTable(versions.limits, ()),
            budgets=BudgetTable(1, ()),
        )

    def open_active(self) -> tuple[OpenModel, None]:
        return self.open(self.model), None

    def open(self, model_id: str) -> OpenModel:
        if model_id in self.missing:
            raise ArtefactMissing(f"model {model_id} is not there")
        return OpenModel(model_id, self.encoder)


@pytest.fixture
def published() -> Iterator[Publications]:
    one = Publications()
    yield one
    one.encoder.may.set()


def a_live_library(published: Publications, folder: Path) -> LiveLibrary:
    return LiveLibrary(cast("Any", published), cast("Any", published), folder)


def found(snapshot: Snapshot, said: str) -> list[str]:
    heard = snapshot.listener.hear(snapshot.index, said)
    matches = rank(snapshot.index, heard, allowed=snapshot.in_effect(DAY))
    return [match.policy for match in matches.items]


def until(holds: Callable[[], bool]) -> None:
    ends = time.monotonic() + AT_MOST
    while not holds():
        assert time.monotonic() < ends
        time.sleep(0.01)


def test_suggestions_go_on_while_a_new_library_is_indexed(
    published: Publications, tmp_path: Path
) -> None:
    live = a_live_library(published, tmp_path)
    assert found(live.current(), "my card was stolen")[0] == "cards/lost"

    published.encoder.may.clear()
    published.libraries.append((*POLICIES, CHEQUES))
    for _ in range(5):
        meanwhile = live.current()
        assert meanwhile.versions.library == 2
        assert "cheques/none" in meanwhile.policies
        assert found(meanwhile, "my card was stolen")[0] == "cards/lost"
        assert "cheques/none" not in found(meanwhile, "can I pay in a cheque")
    assert published.encoder.waits.wait(AT_MOST)

    published.encoder.may.set()
    until(lambda: live.current().is_indexed)
    assert found(live.current(), "can I pay in a cheque")[0] == "cheques/none"


def test_what_was_withdrawn_is_not_suggested_while_the_rest_is_indexed(
    published: Publications, tmp_path: Path
) -> None:
    live = a_live_library(published, tmp_path)
    live.current()

    published.encoder.may.clear()
    narrower = replace(POLICIES[2], issues=("transfer_time",), examples={})
    published.libraries.append((POLICIES[1], narrower, CHEQUES))

    assert "cards/lost" not in found(live.current(), "my card was stolen")
    assert "transfers/times" not in found(live.current(), "my transfer is still pending")
    assert found(live.current(), "why a fee for cash")[0] == "cash/fee"


def test_a_changed_policy_costs_the_encoding_of_its_changed_texts_alone(
    published: Publications, tmp_path: Path
) -> None:
    live = a_live_library(published, tmp_path)
    live.current()
    published.encoder.encoded.clear()

    sections = dict(POLICIES[1].sections)
    sections[next(iter(sections))] += " A new cheque sentence stands here."
    changed = replace(POLICIES[1], sections=sections)
    published.libraries.append((POLICIES[0], changed, *POLICIES[2:]))
    until(lambda: live.current().is_indexed)

    library = {entry.text for entry in live.current().index.corpus.entries}
    new = [text for text in published.encoder.encoded if text in library]
    assert new == ["A new cheque sentence stands here."]


def test_new_limits_hold_at_once_and_leave_the_index_as_it_is(
    published: Publications, tmp_path: Path
) -> None:
    live = a_live_library(published, tmp_path)
    before = live.current().index
    shutil.rmtree(tmp_path)
    published.limits = 2

    assert live.current().versions.limits == 2
    assert live.current().index is before


def test_an_index_that_was_made_before_its_library_went_live_serves_at_once(
    published: Publications, tmp_path: Path
) -> None:
    live = a_live_library(published, tmp_path)
    live.current()
    PolicyIndex.open_or_build(tmp_path, (*POLICIES, CHEQUES), ISSUES, published.encoder)
    published.libraries.append((*POLICIES, CHEQUES))

    assert live.current().is_indexed
    assert found(live.current(), "can I pay in a cheque")[0] == "cheques/none"


def test_a_library_is_indexed_under_the_old_model_when_the_new_one_is_missing(
    published: Publications, tmp_path: Path
) -> None:
    live = a_live_library(published, tmp_path)
    live.current()
    published.missing.add("m-2")
    published.model = "m-2"
    published.libraries.append((*POLICIES, CHEQUES))

    until(lambda: live.current().is_indexed)
    until(lambda: bool(live.concerns()))
    assert "m-2 is not there" in live.concerns()["model"]
    assert found(live.current(), "can I pay in a cheque")[0] == "cheques/none"


def test_a_library_that_goes_live_during_an_indexing_is_indexed_next(
    published: Publications, tmp_path: Path
) -> None:
    live = a_live_library(published, tmp_path)
    live.current()
    published.encoder.may.clear()
    published.libraries.append((*POLICIES, CHEQUES))
    live.current()
    assert published.encoder.waits.wait(AT_MOST)

    published.libraries.append((*POLICIES[:3], CHEQUES))
    assert live.current().versions.library == 3
    published.encoder.may.set()

    until(lambda: live.current().is_indexed)
    assert live.current().indexed == 3
    assert "pin/forgotten" not in live.current().index.corpus.policy_ids
