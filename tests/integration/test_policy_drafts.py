"""The life of a draft of policies on real databases: no words go live by one person's hand."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Engine

from agent_assist.core.draft_rows import Cells, TableKind
from agent_assist.core.drafts import DraftRefused, NeedsApproval, OwnApproval, StaleBase
from agent_assist.core.errors import InvalidInput
from agent_assist.core.library import Library
from agent_assist.core.policy import Policy, Section
from agent_assist.core.suggestion import Versions
from tests.drafting import LIBRARY, NOON, POLICY, Desk, publication

POLICIES = TableKind.POLICIES
SAY = (
    "I am sorry about the fee. Some cash machines add a charge of their own, and we pass it on "
    "as it is. I can look at what we may do for you."
)
GERMAN = replace(
    POLICY,
    locale="de",
    title="Gebühr",
    sections={Section.SAY: "Bargeld kostet uns Geld.", Section.WHY: "Es wird gefahren."},
)
OTHER = replace(POLICY, id="cards/lost", title="Lost card", issues=("card",))
WHOLE = replace(LIBRARY, policies=(OTHER, GERMAN, POLICY))


@pytest.fixture
def desk(engine: Engine) -> Desk:
    return Desk(engine, WHOLE)


def put(desk: Desk, draft: str, key: str, by: str = "ann", **cells: str) -> None:
    """Put cells over those of a policy's row."""
    _, rows = desk.drafts.read(POLICIES, draft)
    edit(desk, draft, {key: {**rows.get(key, {}), **cells}}, by)


def edit(desk: Desk, draft: str, changes: Mapping[str, Cells | None], by: str = "ann") -> None:
    desk.drafter.edit(desk.acting(draft, by, POLICIES), changes, desk.once(), lambda _: b"")


def reworded(desk: Desk, by: str = "ann", key: str = "fees/fee") -> str:
    draft = desk.begin(by, POLICIES)
    put(desk, draft, key, by, say=SAY)
    return draft


def agreed(desk: Desk, draft: str) -> str:
    desk.submit(draft, "ann", POLICIES)
    desk.approve(draft, "bob", POLICIES)
    return draft


def live(desk: Desk) -> dict[tuple[str, str], Policy]:
    held = desk.libraries.load(desk.libraries.current())
    return {(one.policy.id, one.policy.locale): one.policy for one in held.policies}


def test_words_go_live_through_the_hands_of_two_people(desk: Desk) -> None:
    draft = agreed(desk, reworded(desk))

    assert desk.publish(draft, kind=POLICIES) == 2
    assert desk.libraries.current() == Versions(library=2, limits=1, budgets=1)
    assert live(desk)["fees/fee", "en"].sections[Section.SAY] == SAY
    assert live(desk)["cards/lost", "en"] == OTHER
    versions = {
        one.policy.id: one.version
        for one in desk.libraries.load(desk.libraries.current()).policies
        if one.policy.locale == "en"
    }
    assert versions == {"fees/fee": 2, "cards/lost": 1}
    record = desk.releases.version(POLICIES, 2)
    assert (record.publication.by, record.publication.approved_by) == ("ann", "bob")
    assert desk.audit.verify().bad_entry is None


def test_no_words_go_live_without_a_second_person_not_even_internal_ones(desk: Desk) -> None:
    draft = desk.begin("ann", POLICIES)
    put(desk, draft, "fees/fee", internal="Ask the fees team.")

    with pytest.raises(NeedsApproval):
        desk.publish(draft, kind=POLICIES)
    desk.submit(draft, "ann", POLICIES)
    with pytest.raises(OwnApproval):
        desk.approve(draft, "ann", POLICIES)
    assert desk.libraries.current().library == 1


def test_an_amount_in_what_is_said_keeps_a_draft_from_being_submitted(desk: Desk) -> None:
    draft = desk.begin("ann", POLICIES)
    put(desk, draft, "fees/fee", say=f"{SAY} You get up to 15 EUR.")

    with pytest.raises(InvalidInput) as refused:
        desk.submit(draft, "ann", POLICIES)

    assert [(one.pointer, one.code) for one in refused.value.problems] == [
        ("/rows/fees~1fee/say", "amount_in_say")
    ]
    put(desk, draft, "fees/fee", say=SAY)
    desk.submit(draft, "ann", POLICIES)


def test_a_policy_is_added_with_a_translation_and_another_is_retired(desk: Desk) -> None:
    draft = desk.begin("ann", POLICIES)
    _, rows = desk.drafts.read(POLICIES, draft)
    new = {**rows["cards/lost"], "title": "Stolen card", "examples.card": "it is gone\nstolen"}
    words = {"title": "Gestohlen", "say": "Wir sperren sie.", "why": "Damit nichts geschieht."}
    edit(desk, draft, {"cards/stolen": new, "cards/stolen.de": words, "cards/lost": None})
    desk.publish(agreed(desk, draft), kind=POLICIES)

    assert set(live(desk)) == {
        ("cards/stolen", "de"), ("cards/stolen", "en"), ("fees/fee", "de"), ("fees/fee", "en"),
    }  # fmt: skip
    assert live(desk)["cards/stolen", "en"].examples == {"card": ("it is gone", "stolen")}
    assert live(desk)["cards/stolen", "de"].issues == ("card",)


def test_a_policy_that_was_retired_meanwhile_is_a_clash_and_no_edit_is_lost(desk: Desk) -> None:
    mine, theirs = reworded(desk, key="cards/lost"), desk.begin("ann", POLICIES)
    edit(desk, theirs, {"cards/lost": None})
    desk.publish(agreed(desk, theirs), kind=POLICIES)

    with pytest.raises(StaleBase) as stale:
        desk.submit(mine, "ann", POLICIES)

    (clash,) = stale.value.clashes
    assert (clash.row, clash.theirs) == ("cards/lost", None)
    assert clash.mine is not None
    assert clash.mine["say"] == SAY
    acting = desk.acting(mine, "ann", POLICIES)
    desk.drafter.rebase(acting, {"cards/lost": True}, desk.once(), lambda _: b"")
    desk.publish(agreed(desk, mine), kind=POLICIES)
    assert live(desk)["cards/lost", "en"].sections[Section.SAY] == SAY


def test_of_two_who_publish_policies_at_once_the_second_is_told_and_rebases(desk: Desk) -> None:
    first, second = agreed(desk, reworded(desk)), agreed(desk, reworded(desk, key="cards/lost"))
    desk.publish(first, kind=POLICIES)

    with pytest.raises(StaleBase) as stale:
        desk.publish(second, kind=POLICIES)

    assert stale.value.clashes == ()
    desk.drafter.rebase(desk.acting(second, "ann", POLICIES), {}, desk.once(), lambda _: b"")
    desk.publish(agreed(desk, second), kind=POLICIES)
    assert {one.sections[Section.SAY] for key, one in live(desk).items() if key[1] == "en"} == {SAY}


def test_policies_take_effect_at_their_instant_and_nothing_is_imported_over_them(
    desk: Desk,
) -> None:
    soon = NOON + timedelta(hours=1)
    desk.publish(agreed(desk, reworded(desk)), at=soon, kind=POLICIES)
    assert desk.libraries.current().library == 1
    other: Library = replace(WHOLE, policies=(POLICY,))
    with pytest.raises(DraftRefused):
        desk.libraries.append(other, desk.libraries.current(), publication())

    desk.now = soon

    assert live(desk)["fees/fee", "en"].sections[Section.SAY] == SAY
    after = desk.libraries.append(other, desk.libraries.current(), publication())
    assert after.library == 3


def test_a_cancelled_version_of_policies_never_holds(desk: Desk) -> None:
    soon = NOON + timedelta(hours=1)
    number = desk.publish(agreed(desk, reworded(desk)), at=soon, kind=POLICIES)
    desk.releaser.cancel(POLICIES, number, by="ann", once=desk.once(), answer=lambda _: b"")
    desk.now = soon

    assert desk.libraries.current().library == 1
    draft = reworded(desk, key="cards/lost")
    assert desk.publish(agreed(desk, draft), kind=POLICIES) == 3
    assert live(desk)["fees/fee", "en"] == POLICY


def test_an_older_version_comes_back_as_a_new_one(desk: Desk) -> None:
    desk.publish(agreed(desk, reworded(desk)), kind=POLICIES)

    back = desk.begin("ann", POLICIES, content_of=1)

    assert desk.publish(agreed(desk, back), kind=POLICIES) == 3
    assert live(desk)["fees/fee", "en"] == POLICY


FORBIDDEN: tuple[tuple[str, dict[str, str], str], ...] = (
    ("fees/../fee", {}, "bad_key"),
    ("drafts/fee", {}, "bad_key"),
    ("fees/fee", {"say": "a" * 10_001}, "too_long"),
    ("fees/fee", {"say": "Up to \u202e51 EUR"}, "hidden_character"),
    ("fees/fee", {"say": "I am\u200b sorry"}, "hidden_character"),
)


def test_what_no_policy_may_hold_is_refused_at_once(desk: Desk) -> None:
    draft = desk.begin("ann", POLICIES)

    for key, cells, code in FORBIDDEN:
        with pytest.raises(InvalidInput) as refused:
            edit(desk, draft, {key: cells})
        assert {one.code for one in refused.value.problems} == {code}, cells
    assert desk.find(draft, POLICIES).edit == 0


FAULTY: tuple[tuple[str, dict[str, str], tuple[str, str]], ...] = (
    ("fees/fee", {"why": "<script>x</script>"}, ("why", "html")),
    ("fees/fee", {"say": "Fine.\n\n## Internal\nsecret"}, ("say", "heading")),
    ("fees/fee", {"say": "![](https://x.example/a.png)"}, ("say", "html")),
    ("fees/fee", {"issues": "fee, nothing"}, ("issues", "unknown_issue")),
    ("fees/fee", {"review_by": "soon"}, ("review_by", "wrong_type")),
    ("fees/fee", {"colour": "red"}, ("colour", "unknown_key")),
    ("nothing.de", {"title": "x", "say": "x", "why": "x"}, ("id", "no_original")),
    ("fees/fee.en", {"title": "x", "say": "x", "why": "x"}, ("id", "own_language")),
)


def test_what_cannot_be_read_is_kept_told_by_its_cell_and_never_published(desk: Desk) -> None:
    for key, cells, fault in FAULTY:
        draft = desk.begin("ann", POLICIES)
        put(desk, draft, key, **cells)

        read, _ = desk.drafter.findings(POLICIES, draft)

        assert [(one.row, one.column, one.code) for one in read.table.faults] == [(key, *fault)]
        assert read.cells[key].items() >= cells.items()
        with pytest.raises(InvalidInput):
            desk.submit(draft, "ann", POLICIES)
    assert desk.libraries.current().library == 1
