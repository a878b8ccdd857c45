"""The life of a draft on real databases: edits are never lost, and two people publish."""

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from itertools import product

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from agent_assist.core.drafts import (
    DraftRefused,
    DraftState,
    NeedsApproval,
    OwnApproval,
    StaleBase,
    StaleEdit,
)
from agent_assist.core.errors import AgentAssistError, InvalidInput, NotFound, StaleVersion
from agent_assist.core.people import LevelTooLow, UnknownPerson
from agent_assist.core.suggestion import Versions
from agent_assist.library.faults import LibraryFaulty
from agent_assist.library.files import TextFolder
from agent_assist.store.database import StoreUnavailable
from agent_assist.store.days import DayStore
from agent_assist.store.ledger.freezes import Freezes
from agent_assist.store.people import PeopleStore
from tests.drafting import BUDGETS, LIBRARY, LIMITS, NOON, PEOPLE, Desk, publication

FROZEN = {"scope": "customer", "window": "30d", "amount.rep": "50.00"}
CEILINGS = {"ceiling.supervisor": "2.00", "ceiling.manager": "3.00"}
SOON = NOON + timedelta(hours=1)


@pytest.fixture
def desk(engine: Engine) -> Desk:
    return Desk(engine)


def test_a_draft_is_edited_submitted_approved_and_published_by_two(desk: Desk) -> None:
    draft = desk.begin()
    desk.put(draft, "R1", rep="12.00")
    desk.put(draft, "R3", rep="1.00", cells=CEILINGS | {"fee.amount": "<= 5"})
    desk.submit(draft)
    desk.approve(draft)

    assert desk.publish(draft) == 2
    assert desk.find(draft).state is DraftState.PUBLISHED
    assert desk.libraries.current() == Versions(1, 2, 1)
    record = desk.releases.version(LIMITS, 2)
    assert (record.publication.by, record.publication.approved_by) == ("ann", "bob")
    assert desk.ceiling("R1") == "12.00"
    assert desk.ceiling("R3") == "1.00"
    assert list(desk.releases.table(LIMITS, 2)) == ["R1", "R2", "R3"]
    assert desk.audit.verify().bad_entry is None


@pytest.mark.parametrize(
    "cells",
    [
        {"fee.day": "> 9999-12-31"},
        {"fee.amount": "< 0.00"},
        {"customer.months": "> 1000000000000000"},
        {"ceiling.rep": ";".join("5" * 84)},
    ],
)
def test_a_row_that_could_not_be_loaded_again_is_never_published(
    desk: Desk, cells: dict[str, str]
) -> None:
    draft = desk.begin()
    desk.put(draft, "R3", cells={"ceiling.rep": "1.00", **CEILINGS, **cells})

    with pytest.raises(InvalidInput) as refused:
        desk.publish(draft)

    (column,) = cells
    assert [one.pointer for one in refused.value.problems] == [f"/rows/R3/{column}"]
    assert desk.libraries.current() == Versions(1, 1, 1)


def test_what_a_stale_edit_would_overwrite_is_named_and_nothing_is_lost(desk: Desk) -> None:
    draft = desk.begin()
    known = desk.find(draft).edit
    desk.put(draft, "R1", by="bob", rep="12.00")

    with pytest.raises(StaleEdit) as stale:
        desk.put(draft, "R2", by="ann", edit=known, rep="1.00")

    assert [(one.row, one.by) for one in stale.value.changed] == [("R1", "bob")]
    _, rows = desk.drafts.read(LIMITS, draft)
    assert rows["R1"]["ceiling.rep"] == "12.00"
    assert rows["R2"]["ceiling.rep"] == "10.00"


def test_two_drafts_live_at_once_and_the_second_is_rebased(desk: Desk) -> None:
    first, second = desk.begin("ann"), desk.begin("bob")
    desk.put(first, "R1", rep="12.00")
    desk.put(second, "R2", by="bob", rep="8.00")
    desk.submit(first)
    desk.approve(first)
    desk.publish(first)

    with pytest.raises(StaleBase) as stale:
        desk.submit(second, "bob")
    assert (stale.value.newest, stale.value.clashes) == (2, ())
    desk.drafter.rebase(desk.acting(second, "bob"), {}, desk.once(), lambda _: b"")

    _, rows = desk.drafts.read(LIMITS, second)
    assert rows["R1"]["ceiling.rep"] == "12.00"
    assert rows["R2"]["ceiling.rep"] == "8.00"
    assert desk.publish(second, "bob") == 3


@pytest.mark.parametrize(("mine", "expected"), [(True, "9.00"), (False, "12.00")])
def test_a_row_that_both_changed_is_chosen_by_a_person(
    desk: Desk, mine: bool, expected: str
) -> None:
    draft = desk.begin("bob")
    desk.put(draft, "R1", by="bob", rep="9.00")
    desk.put(draft, "R2", by="bob", rep="7.00")
    desk.released(rep="12.00")

    with pytest.raises(StaleBase) as stale:
        desk.drafter.rebase(desk.acting(draft, "bob"), {}, desk.once(), lambda _: b"")
    assert [one.row for one in stale.value.clashes] == ["R1"]
    desk.drafter.rebase(desk.acting(draft, "bob"), {"R1": mine}, desk.once(), lambda _: b"")

    _, rows = desk.drafts.read(LIMITS, draft)
    assert rows["R1"]["ceiling.rep"] == expected
    assert rows["R2"]["ceiling.rep"] == "7.00"


def test_nobody_approves_what_they_had_a_hand_in(desk: Desk) -> None:
    tried = 0
    for number, (owner, editor, submitter, approver) in enumerate(product(PEOPLE, repeat=4)):
        before, draft = desk.libraries.current().limits, desk.begin(owner)
        desk.put(draft, "R1", by=editor, rep=f"11.{number:02}")
        desk.submit(draft, submitter)

        if approver in {owner, editor, submitter}:
            with pytest.raises(OwnApproval):
                desk.approve(draft, approver)
            with pytest.raises(NeedsApproval):
                desk.publish(draft, approver)
            assert desk.libraries.current().limits == before
        else:
            desk.approve(draft, approver)
            assert desk.publish(draft, owner) == before + 1
        tried += 1
    assert tried == 81


def test_the_lowest_level_proposes_limits_and_never_decides_on_them(desk: Desk) -> None:
    draft = desk.begin("rep")
    desk.put(draft, "R1", by="rep", rep="12.00")
    desk.submit(draft, "rep")
    other = desk.begin("ann")
    desk.put(other, "R2", rep="6.00")
    desk.submit(other)

    with pytest.raises(LevelTooLow):
        desk.approve(other, "rep")
    desk.approve(draft, "ann")
    with pytest.raises(LevelTooLow):
        desk.publish(draft, "rep")
    waiting = desk.publish(draft, "ann", at=NOON + timedelta(days=1))
    with pytest.raises(LevelTooLow):
        desk.cancel(waiting, "rep")

    assert desk.find(other).approval is None
    assert desk.releases.version(LIMITS, waiting).cancelled_at is None


def test_any_edit_after_submission_withdraws_the_approval(desk: Desk) -> None:
    draft = desk.begin()
    desk.put(draft, "R1", rep="12.00")
    desk.submit(draft)
    desk.approve(draft)

    desk.put(draft, "R1", by="cy", rep="19.00")

    assert desk.find(draft).state is DraftState.OPEN
    with pytest.raises(NeedsApproval):
        desk.publish(draft)
    assert desk.ceiling() == "10.00"


@pytest.mark.parametrize(
    "change", [{"active": False}, {"level": "rep"}, {"level": "gone from the ladder"}]
)
def test_who_may_not_approve_any_more_has_not_approved(
    desk: Desk, change: dict[str, object]
) -> None:
    draft = desk.begin()
    desk.put(draft, "R1", rep="12.00")
    desk.submit(draft)
    desk.approve(draft)
    people = PeopleStore(desk.database, lambda _: NOON)
    people.change("bob", lambda bob: replace(bob, **change), "test")  # type: ignore[arg-type] # any field

    with pytest.raises(NeedsApproval, match="return the draft"):
        desk.publish(draft)
    assert desk.ceiling() == "10.00"


def test_an_approval_is_of_the_words_as_they_were_understood(desk: Desk) -> None:
    draft = desk.begin()
    desk.put(draft, "R1", rep="12.00")
    desk.submit(draft)
    desk.approve(draft)
    renamed = replace(LIBRARY, vocabulary=replace(LIBRARY.vocabulary, name="Another"))
    desk.libraries.append(renamed, desk.libraries.current(), publication())

    with pytest.raises(NeedsApproval):
        desk.publish(draft)


def test_only_known_and_active_people_act(desk: Desk) -> None:
    draft = desk.begin()
    for nobody in ("nobody", "gone"):
        with pytest.raises(UnknownPerson):
            desk.begin(nobody)
        with pytest.raises(UnknownPerson):
            desk.put(draft, "R1", by=nobody, rep="1.00")


def test_a_draft_with_faults_cannot_be_submitted_and_they_are_told_by_row_and_column(
    desk: Desk,
) -> None:
    draft = desk.begin()
    desk.put(draft, "R1", rep="a lot", cells={"customer.tier": "silver"})
    desk.put(draft, "R2", rep="90.00", cells={"no.such": "1"})

    with pytest.raises(InvalidInput) as faulty:
        desk.submit(draft)

    pointers = {one.pointer for one in faulty.value.problems}
    assert pointers == {"/rows/R1/ceiling.rep", "/rows/R1/customer.tier", "/rows/R2/no.such"}


def test_a_finding_that_is_an_error_keeps_a_draft_from_being_submitted(desk: Desk) -> None:
    draft = desk.begin()
    desk.put(draft, "R1", rep="90.00")

    with pytest.raises(InvalidInput) as faulty:
        desk.submit(draft)

    assert [(one.pointer, one.code) for one in faulty.value.problems] == [
        ("/rows/R1", "ladder_falls")
    ]


def test_what_only_tightens_is_published_by_its_author_at_once(desk: Desk) -> None:
    draft = desk.begin()
    desk.put(draft, "R1", rep="2.00")

    assert desk.publish(draft) == 2
    assert desk.ceiling() == "2.00"
    assert desk.releases.version(LIMITS, 2).publication.approved_by is None


def test_other_words_for_customers_wait_for_a_second_person_though_less_is_given(
    desk: Desk,
) -> None:
    draft = desk.begin()
    desk.put(draft, "R1", rep="2.00", cells={"say": "I will gladly give that back."})

    with pytest.raises(NeedsApproval):
        desk.publish(draft)
    desk.submit(draft)
    desk.approve(draft)
    assert desk.publish(draft) == 2


def test_budgets_live_the_same_life(desk: Desk) -> None:
    for cap, needs in (("60.00", True), ("40.00", False)):
        draft = desk.begin(kind=BUDGETS)
        changes = {"B1": {"scope": "customer", "window": "30d", "amount.rep": cap}}
        desk.drafter.edit(desk.acting(draft, "ann", BUDGETS), changes, desk.once(), lambda _: b"")
        if needs:
            with pytest.raises(NeedsApproval):
                desk.publish(draft, kind=BUDGETS)
            desk.submit(draft, kind=BUDGETS)
            desk.approve(draft, kind=BUDGETS)
        desk.publish(draft, kind=BUDGETS)

    assert desk.libraries.current().budgets == 3
    assert desk.releases.table(BUDGETS, 3)["B1"]["amount.rep"] == "40.00"


def test_a_scheduled_version_takes_effect_at_its_instant_for_everybody(
    desk: Desk, engine: Engine
) -> None:
    elsewhere = Desk(engine)
    assert desk.released(at=SOON) == 2

    for now, current, ceiling in (
        (NOON, 1, "10.00"),
        (SOON - timedelta(microseconds=1), 1, "10.00"),
        (SOON, 2, "12.00"),
    ):
        desk.now = elsewhere.now = now
        for one in (desk, elsewhere):
            assert one.libraries.current().limits == current
            assert one.ceiling() == ceiling


def test_nothing_takes_effect_in_the_past(desk: Desk) -> None:
    with pytest.raises(InvalidInput, match="past"):
        desk.released(at=NOON - timedelta(microseconds=1))

    assert desk.libraries.current().limits == 1
    assert desk.releases.newest(LIMITS) == 1


def test_a_cancelled_version_never_takes_effect_and_its_draft_goes_on(desk: Desk) -> None:
    number = desk.released(at=SOON)
    draft = desk.releases.version(LIMITS, number).publication.draft_id
    assert draft is not None

    desk.cancel(number)
    desk.now = SOON

    assert desk.libraries.current().limits == 1
    assert desk.find(draft).state is DraftState.OPEN
    with pytest.raises(NeedsApproval):
        desk.publish(draft)
    desk.submit(draft)
    desk.approve(draft, "cy")
    assert desk.publish(draft) == number + 1
    assert desk.libraries.current().limits == number + 1


def test_what_is_in_effect_cannot_be_cancelled(desk: Desk) -> None:
    number = desk.released(at=SOON)
    desk.now = SOON

    for one in (1, number):
        with pytest.raises(DraftRefused, match="revert"):
            desk.cancel(one)
    with pytest.raises(NotFound):
        desk.cancel(99)


def test_while_one_waits_nothing_else_of_its_kind_is_published(desk: Desk) -> None:
    desk.released(at=SOON)
    draft = desk.begin()
    desk.put(draft, "R1", rep="1.00")

    with pytest.raises(DraftRefused, match="takes effect at"):
        desk.publish(draft)
    fewer, now = replace(LIBRARY, limits=LIBRARY.limits[:1]), desk.libraries.current()
    with pytest.raises(DraftRefused, match="takes effect at"):
        desk.libraries.append(fewer, now, publication())
    desk.now = SOON
    assert desk.publish(draft) == 3


def test_a_library_that_no_longer_fits_what_waits_is_refused_with_its_rows(desk: Desk) -> None:
    draft = desk.begin()
    desk.put(draft, "R1", cells={"cards.count": "<= 3"})
    desk.submit(draft)
    desk.approve(draft)
    desk.publish(draft, at=SOON)
    vocabulary = LIBRARY.vocabulary
    facts = {key: fact for key, fact in vocabulary.facts.items() if key != "cards.count"}
    dropped = replace(LIBRARY, vocabulary=replace(vocabulary, facts=facts))
    before = desk.libraries.current()

    with pytest.raises(LibraryFaulty) as faulty:
        desk.libraries.append(dropped, before, publication())

    assert [one.place.key for one in faulty.value.faults] == ["R1, cards.count"]
    assert desk.libraries.current() == before


def test_reverting_publishes_an_old_version_again_by_the_same_rules(desk: Desk) -> None:
    tight = desk.begin()
    desk.put(tight, "R1", rep="2.00")
    desk.publish(tight)

    back = desk.begin(content_of=1)

    with pytest.raises(NeedsApproval):
        desk.publish(back)
    desk.submit(back)
    desk.approve(back)
    assert desk.publish(back) == 3
    assert desk.ceiling() == "10.00"
    first, third = (desk.releases.version(LIMITS, number) for number in (1, 3))
    assert first.content_hash == third.content_hash


def test_a_day_names_the_versions_that_came_of_drafts_and_not_the_drafts(desk: Desk) -> None:
    desk.released()
    desk.cancel(desk.released(SOON, rep="13.00"))

    told = DayStore(desk.database).changes(NOON - timedelta(hours=1), SOON, 10)

    assert [(one.type, one.subject) for one in told][:3] == [
        ("version.cancelled", "limits:3"),
        ("version.published", "limits:3"),
        ("version.published", "limits:2"),
    ]


def test_a_draft_that_changes_nothing_is_not_published(desk: Desk) -> None:
    draft = desk.begin()
    for act in (desk.submit, desk.publish):
        with pytest.raises(DraftRefused, match="nothing"):
            act(draft)


def test_a_sheet_replaces_all_rows_and_shows_before_what_it_would_change(desk: Desk) -> None:
    draft = desk.begin()
    sheet = TextFolder(
        {"s.csv": "row,issue,remedy,effect,ceiling.rep\nR1,fee,fee_waiver,allow,3.00\n"}
    )

    shown, faults = desk.drafter.preview(LIMITS, draft, sheet, "s.csv")
    desk.drafter.load(desk.acting(draft, "ann"), sheet, "s.csv", desk.once(), lambda _: b"")

    assert {(one.row, str(one.kind)) for one in shown.changes} == {
        ("R1", "changed"),
        ("R2", "removed"),
    }
    assert faults == ()
    _, rows = desk.drafts.read(LIMITS, draft)
    assert list(rows) == ["R1"]
    assert rows["R1"]["ceiling.rep"] == "3.00"


def test_a_retry_gets_the_first_answer_even_after_the_world_moved_on(desk: Desk) -> None:
    draft = desk.begin()
    desk.put(draft, "R1", rep="2.00")

    first = desk.publish(draft, key="once")
    again = desk.publish(draft, key="once")

    assert (first, again) == (2, 2)
    assert desk.releases.newest(LIMITS) == 2


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE draft_acts SET content_hash = ''",
        "DELETE FROM draft_acts",
        "UPDATE draft_edits SET cells = NULL",
        "UPDATE drafts SET owner = 'x'",
        "DELETE FROM cancellations",
        "UPDATE limits_versions SET effective_at = NULL",
    ],
)
def test_the_record_of_drafts_cannot_be_changed_even_by_hand(
    desk: Desk, engine: Engine, statement: str
) -> None:
    desk.cancel(desk.released(at=SOON))

    with pytest.raises(DBAPIError, match="immutable"), engine.begin() as connection:
        connection.execute(text(statement))


def _race(*acts: Callable[[], object]) -> list[AgentAssistError | None]:
    """What became of acts that begin at once: None for those that were done."""
    start, outcomes = threading.Barrier(len(acts)), list[AgentAssistError | None]()

    def run(act: Callable[[], object]) -> None:
        start.wait()
        try:
            act()
        except AgentAssistError as error:
            outcomes.append(error)
        else:
            outcomes.append(None)

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


def test_of_two_editors_at_once_one_is_told_and_none_is_overwritten(
    desk: Desk, engine: Engine
) -> None:
    other, draft = Desk(engine), desk.begin()
    desk.put(draft, "R1", rep="11.00")
    edit = desk.find(draft).edit

    outcomes = _race(
        lambda: desk.put(draft, "R1", by="ann", edit=edit, rep="12.00"),
        lambda: other.put(draft, "R2", by="bob", edit=edit, rep="13.00"),
    )

    assert sorted(type(one).__name__ for one in outcomes) == ["NoneType", "StaleEdit"]
    assert len(desk.find(draft).acts) == 2


def test_of_two_publishers_at_once_one_publishes(desk: Desk, engine: Engine) -> None:
    other, first, second = Desk(engine), desk.begin("ann"), desk.begin("bob")
    desk.put(first, "R1", rep="1.00")
    desk.put(second, "R1", by="bob", rep="2.00")

    outcomes = _race(lambda: desk.publish(first), lambda: other.publish(second, "bob"))

    refused = [one for one in outcomes if one is not None]
    assert len(refused) == 1
    assert isinstance(refused[0], StaleBase | StaleVersion)
    assert not isinstance(refused[0], StoreUnavailable)
    assert desk.releases.newest(LIMITS) == 2
    assert desk.audit.verify().bad_entry is None


@pytest.mark.parametrize(
    "changes",
    [
        {"B1": None, "B2": {**FROZEN}},
        {"B1": {**FROZEN, "remedies": "fee_waiver"}, "B2": {**FROZEN}},
        {"B1": None},
    ],
)
def test_a_frozen_budget_is_neither_dropped_nor_renamed_nor_made_to_count_something_else(
    desk: Desk, changes: dict[str, dict[str, str] | None]
) -> None:
    Freezes(desk.database, lambda _: desk.now).freeze({"B1": ["a finding"]})
    draft = desk.begin(kind=BUDGETS)
    desk.drafter.edit(desk.acting(draft, "ann", BUDGETS), changes, desk.once(), lambda _: b"")
    desk.submit(draft, kind=BUDGETS)
    desk.approve(draft, kind=BUDGETS)

    with pytest.raises(DraftRefused, match=r"B1 is frozen.*agent-assist ledger release"):
        desk.publish(draft, kind=BUDGETS)

    assert desk.libraries.current() == Versions(1, 1, 1)
    Freezes(desk.database, lambda _: desk.now).release("B1", "test", "looked into")
    assert desk.publish(draft, kind=BUDGETS) == 2


def test_the_amounts_of_a_frozen_budget_may_change(desk: Desk) -> None:
    Freezes(desk.database, lambda _: desk.now).freeze({"B1": ["a finding"]})
    draft = desk.begin(kind=BUDGETS)
    changes = {"B1": {**FROZEN, "amount.rep": "40.00"}}
    desk.drafter.edit(desk.acting(draft, "ann", BUDGETS), changes, desk.once(), lambda _: b"")

    assert desk.publish(draft, kind=BUDGETS) == 2
