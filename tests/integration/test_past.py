"""Contacts of the past, as they are kept on both databases."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import sessionmaker

from agent_assist import backfill
from agent_assist.backfill import Backfill, Line
from agent_assist.core.contact import Contact
from agent_assist.core.errors import FieldProblem
from agent_assist.core.outcomes import Ending
from agent_assist.core.past import Kept, PastContact, PastEnding
from agent_assist.store.contacts import ContactStore
from agent_assist.store.database import Database
from agent_assist.store.past import PastStore
from tests.builders import a_vocabulary
from tests.ledgers import NOON, TestLedger
from tests.serving import invoke

VOCABULARY = a_vocabulary()
ISSUE = next(iter(VOCABULARY.issues))
OPENED = NOON - timedelta(days=30)


def past(number: int, **more: Any) -> PastContact:
    ended = more.pop("ended", PastEnding(Ending(resolved=True), OPENED + timedelta(hours=1)))
    return PastContact(Contact(str(number), OPENED, customer="c-1", issues=(ISSUE,), **more), ended)


class Desk:
    """A backfill beside the contacts that it fills."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        clock = TestLedger(engine)
        database = Database(sessionmaker(engine))
        self.contacts = ContactStore(database, lambda _: clock.now)
        self.backfill = Backfill(PastStore(database, lambda _: clock.now), now=lambda: NOON)
        self.faults: list[tuple[int, str, str]] = []

    def bring_in(self, *lines: PastContact | list[FieldProblem], keeps: bool = True) -> Kept:
        def fault(line: int, problem: FieldProblem) -> None:
            self.faults.append((line, problem.pointer, problem.code))

        numbered: list[Line] = list(enumerate(lines, start=1))
        return self.backfill.bring_in(numbered, VOCABULARY, "cli", fault=fault, keeps=keeps)

    def resolved(self, contact: str) -> list[bool]:
        return [one.ending.resolved for one in self.contacts.find(contact).outcomes]


@pytest.fixture
def desk(engine: Engine) -> Desk:
    return Desk(engine)


def test_the_same_past_again_changes_nothing(desk: Desk) -> None:
    some = [past(number) for number in range(1_100)]

    assert desk.bring_in(*some) == Kept(new=1_100, endings=1_100)
    assert desk.bring_in(*some) == Kept(same=1_100)
    assert desk.contacts.find("7").contact == some[7].contact
    assert desk.resolved("7") == [True]


def test_what_is_faulty_is_told_and_all_else_is_kept_once(desk: Desk) -> None:
    nowhere = replace(past(3), contact=replace(past(3).contact, issues=("nowhere",)))
    ahead = past(4, closed_at=NOON + timedelta(days=1))
    early = past(5, ended=PastEnding(Ending(resolved=True), OPENED - timedelta(seconds=1)))
    late = past(6, ended=PastEnding(Ending(resolved=True), NOON + timedelta(hours=1)))
    broken = [FieldProblem("", "bad_json", "is not JSON")]
    lines = (past(1), nowhere, broken, ahead, early, late, past(2))

    kept = desk.bring_in(*lines)

    assert kept == Kept(new=2, endings=2)
    assert desk.faults == [
        (2, "/issues/0", "unknown_issue"), (3, "", "bad_json"), (4, "/closed_at", "out_of_range"),
        (5, "/outcome/at", "out_of_order"), (6, "/outcome/at", "out_of_range"),
    ]  # fmt: skip
    assert desk.bring_in(*lines) == Kept(same=2)


def test_of_a_contact_that_is_there_twice_the_later_line_holds(desk: Desk) -> None:
    later = PastEnding(Ending(resolved=False), OPENED + timedelta(days=1))

    desk.bring_in(past(1, channel="chat"), past(1, channel="phone", ended=later))

    assert desk.contacts.find("1").contact.channel == "phone"
    assert desk.resolved("1") == [True, False]


def test_an_outcome_that_is_not_newer_than_what_is_recorded_undoes_nothing(desk: Desk) -> None:
    desk.bring_in(past(1, ended=PastEnding(Ending(resolved=False), OPENED + timedelta(days=2))))

    kept = desk.bring_in(past(1))

    assert (kept, desk.resolved("1")) == (Kept(same=1), [False])


def test_what_was_kept_before_it_was_stopped_stays_and_is_passed_over(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backfill, "AT_ONCE", 2)

    def stopped() -> Any:
        for number in range(1, 6):
            yield number, past(number)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        desk.backfill.bring_in(stopped(), VOCABULARY, "cli", fault=lambda *_: None)

    assert desk.bring_in(*(past(number) for number in range(1, 7))) == Kept(2, 0, 4, 2)


def test_looking_only_keeps_nothing(desk: Desk) -> None:
    assert desk.bring_in(past(1), keeps=False) == Kept()
    assert desk.contacts.known("1") is None


def test_the_command_tells_every_fault_keeps_the_rest_and_is_remembered(
    data: Path, tmp_path: Path
) -> None:
    at = datetime(2026, 1, 31, 9, 30, tzinfo=UTC).isoformat()
    good = [{"external_id": f"p-{n}", "opened_at": at, "issues": ["card_arrival"]} for n in (1, 2)]
    file = tmp_path / "past.jsonl"
    file.write_text("\n".join([json.dumps(good[0]), "{", json.dumps(good[1])]))

    looked = invoke(data, "contacts", "import", str(file), "--dry-run", "--json")
    first = invoke(data, "contacts", "import", str(file), "--json")
    again = invoke(data, "contacts", "import", str(file))

    assert (looked.exit_code, first.exit_code, again.exit_code) == (1, 1, 1)
    told = json.loads(first.stdout)
    assert (told["new"], told["faulty"], told["faults"][0]["line"]) == (2, 1, 2)
    assert json.loads(looked.stdout)["new"] == 0
    assert "line 2: it is not an object of JSON" in again.output
    assert "0 new, 0 changed, 2 as they were" in again.output
    audit = json.loads(invoke(data, "audit", "verify", "--json").stdout)
    assert audit["broken"] is None
