"""Real questions asked of a draft of policies: what it would take from others is told."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, cast

import pytest

from agent_assist.core.draft_rows import TableKind
from agent_assist.core.drafts import Draft
from agent_assist.core.errors import InvalidInput
from agent_assist.core.policy import Policy
from agent_assist.core.suggestion import VersionedPolicy, Versions
from agent_assist.library.tables import CellProblem, ReadTable
from agent_assist.live import Snapshot
from agent_assist.matching.index import PolicyIndex
from agent_assist.question import Questioner, Questioning, Source
from agent_assist.review import ReadDraft
from agent_assist.store.drift import Answered
from tests.contracts.conftest import VOCABULARY
from tests.unit.matching.small import ISSUES, POLICIES, HashingEncoder, a_policy, small_index

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
CHEQUE = a_policy(
    "cheques/none",
    "Paying by cheque",
    {
        "pin": (
            "can I pay in a cheque",
            "do you take a cheque",
            "where do I send the cheque",
            "a cheque from my aunt",
            "cheque by post",
        )
    },
)
SNAPSHOT = Snapshot(
    versions=Versions(4, 1, 1),
    vocabulary=replace(VOCABULARY, issues=ISSUES),
    policies={one.id: VersionedPolicy(one, 1) for one in POLICIES},
    translations={},
    limits=cast("Any", None),
    budgets=cast("Any", None),
    index=small_index(),
    encoder=HashingEncoder(),
    listener=cast("Any", None),
    indexed=4,
)


class Given:
    """A live library, a draft and what customers said, by hand."""

    def __init__(self, policies: Sequence[Policy]) -> None:
        self.policies = tuple(policies)
        self.faults: tuple[CellProblem, ...] = ()
        self.said = ["my card was stolen", "do you take a cheque", "do you take a cheque"]

    def current(self) -> Snapshot:
        return SNAPSHOT

    def index_of(self, policies: Sequence[Policy]) -> PolicyIndex:
        return PolicyIndex.build(policies, ISSUES, HashingEncoder())

    def newest(self, _since: datetime, _most: int) -> Iterator[Answered]:
        return (Answered(NOW, "", abstained=False, probability=1.0, texts=(t,)) for t in self.said)

    def read(self, _kind: TableKind, draft_id: str) -> ReadDraft:
        draft = Draft(draft_id, TableKind.POLICIES, "ann", "", NOW, 4)
        table = ReadTable({}, (), (), self.faults, self.policies)
        return ReadDraft(draft, {}, table, 4, SNAPSHOT.vocabulary, "")


def asked(given: Given) -> Questioning:
    stand_in = cast("Any", given)
    questioner = Questioner(stand_in, stand_in, stand_in, now=lambda: NOW)
    for _ in range(600):
        found = questioner.question("drf_1")
        if found.is_over:
            return found
        time.sleep(0.05)
    raise AssertionError("it is never over")


def test_a_new_policy_is_told_with_the_questions_that_it_would_match() -> None:
    found = asked(Given([*POLICIES, CHEQUE]))

    assert (found.done, found.failed) == (found.of, False)
    said = [one for one in found.moved if one.question.source is Source.SAID]
    assert [(one.question.text, one.question.count, one.after) for one in said] == [
        ("do you take a cheque", 2, "cheques/none")
    ]
    assert {one.after for one in found.moved} == {"cheques/none"}


def test_what_a_retired_policy_answered_is_told_to_be_nobodys_or_anothers() -> None:
    found = asked(Given([one for one in POLICIES if one.id != "cards/lost"]))

    lost = [one for one in found.moved if one.before == "cards/lost"]
    assert "my card was stolen" in [one.question.text for one in lost]
    assert all(one.after != "cards/lost" for one in lost)


def test_a_draft_that_changes_nothing_moves_nothing() -> None:
    assert asked(Given(POLICIES)).moved == ()


def test_a_draft_that_cannot_be_read_is_asked_nothing() -> None:
    given = Given(POLICIES)
    given.faults = (CellProblem("cards/lost", "say", "html", "raw HTML is not allowed"),)

    with pytest.raises(InvalidInput):
        asked(given)
