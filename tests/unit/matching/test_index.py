"""Indexes: built, saved, loaded, and refused when they are not what was saved."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from agent_assist.core.matches import Matches
from agent_assist.core.policy import Section
from agent_assist.matching.artefacts import ArtefactDamaged, CannotWrite
from agent_assist.matching.index import KEPT, PolicyIndex, identity_of
from agent_assist.matching.lessons import Labelled
from agent_assist.matching.listening import Listener
from agent_assist.matching.ranking import rank
from tests.unit.matching.small import ISSUES, POLICIES, SECRET, HashingEncoder, a_policy, learned


def answer(index: PolicyIndex, encoder: HashingEncoder, said: str) -> Matches:
    return rank(index, Listener(encoder).hear(index, said))


def test_a_loaded_index_answers_as_the_saved_one(
    index: PolicyIndex, encoder: HashingEncoder, tmp_path: Path
) -> None:
    index.save(tmp_path / "index")
    loaded = PolicyIndex.load(tmp_path / "index")

    said = "a fee for cash from the machine"
    assert answer(loaded, encoder, said) == answer(index, encoder, said)
    assert loaded.identity == index.identity


@pytest.mark.parametrize("name", ["arrays.npz", "vectors.npy", "texts.json", "manifest.json"])
def test_an_index_with_a_file_cut_short_is_refused(
    index: PolicyIndex, tmp_path: Path, name: str
) -> None:
    index.save(tmp_path / "index")
    file = tmp_path / "index" / name
    file.write_bytes(file.read_bytes()[:-10])

    with pytest.raises(ArtefactDamaged):
        PolicyIndex.load(tmp_path / "index")


def test_a_pickled_object_is_never_unpickled(index: PolicyIndex, tmp_path: Path) -> None:
    index.save(tmp_path / "index")
    arrays = tmp_path / "index" / "arrays.npz"
    evil = np.array([{"a": 1}], dtype=object)
    np.savez(arrays, vectors=evil, head_weights=evil, head_bias=evil)
    _accept_as_saved(arrays)

    with pytest.raises(ArtefactDamaged):
        PolicyIndex.load(tmp_path / "index")


def _accept_as_saved(file: Path) -> None:
    import hashlib  # noqa: PLC0415

    manifest = json.loads((file.parent / "manifest.json").read_text())
    manifest["files"][file.name] = hashlib.sha256(file.read_bytes()).hexdigest()
    (file.parent / "manifest.json").write_text(json.dumps(manifest))


def test_a_second_opening_encodes_nothing(encoder: HashingEncoder, tmp_path: Path) -> None:
    first = PolicyIndex.open_or_build(tmp_path, POLICIES, ISSUES, encoder)
    encoder.encoded.clear()
    second = PolicyIndex.open_or_build(tmp_path, POLICIES, ISSUES, encoder)

    assert encoder.encoded == []
    assert second.identity == first.identity


def test_a_changed_library_encodes_only_what_is_new_in_it(
    encoder: HashingEncoder, tmp_path: Path
) -> None:
    PolicyIndex.open_or_build(tmp_path, POLICIES, ISSUES, encoder)
    encoder.encoded.clear()
    changed = replace(POLICIES[0], title="Card lost, stolen or swallowed")
    PolicyIndex.open_or_build(tmp_path, (changed, *POLICIES[1:]), ISSUES, encoder)

    assert "Card lost, stolen or swallowed" in encoder.encoded
    assert POLICIES[0].examples["lost_card"][0] not in encoder.encoded


def test_a_folder_keeps_the_newest_indexes_and_nothing_else_is_touched(
    encoder: HashingEncoder, tmp_path: Path
) -> None:
    (tmp_path / "notes").mkdir()
    for number in range(KEPT + 2):
        changed = replace(POLICIES[0], title=f"Card number {number}")
        PolicyIndex.open_or_build(tmp_path, (changed, *POLICIES[1:]), ISSUES, encoder)
    encoder.encoded.clear()
    newest = replace(POLICIES[0], title=f"Card number {KEPT + 1}")
    PolicyIndex.open_or_build(tmp_path, (newest, *POLICIES[1:]), ISSUES, encoder)

    assert encoder.encoded == []
    assert len(list(tmp_path.iterdir())) == KEPT + 1
    assert (tmp_path / "notes").is_dir()


def test_a_damaged_kept_index_is_built_again(encoder: HashingEncoder, tmp_path: Path) -> None:
    first = PolicyIndex.open_or_build(tmp_path, POLICIES, ISSUES, encoder)
    for file in tmp_path.rglob("*.npz"):
        file.write_bytes(b"")

    again = PolicyIndex.open_or_build(tmp_path, POLICIES, ISSUES, encoder)

    assert np.array_equal(again.head.weights, first.head.weights)


def test_an_index_that_cannot_be_kept_still_serves(encoder: HashingEncoder, tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")

    index = PolicyIndex.open_or_build(blocked, POLICIES, ISSUES, encoder)

    assert len(index.corpus.pairs) == 5
    with pytest.raises(CannotWrite, match="set another folder"):
        index.save(blocked / "index")


def test_identity_follows_texts_and_encoder_but_not_internal_notes() -> None:
    same = identity_of(POLICIES, ISSUES, "one")
    internal = replace(
        POLICIES[0], sections={**POLICIES[0].sections, Section.INTERNAL: "Something else."}
    )
    retitled = replace(POLICIES[0], title="Another title")

    assert identity_of((internal, *POLICIES[1:]), ISSUES, "one") == same
    assert identity_of((retitled, *POLICIES[1:]), ISSUES, "one") != same
    assert identity_of(POLICIES, ISSUES, "two") != same


def test_internal_notes_are_not_in_the_index(index: PolicyIndex) -> None:
    assert all(SECRET not in entry.text for entry in index.corpus.entries)


def test_a_library_of_one_policy_has_an_index(encoder: HashingEncoder) -> None:
    index = PolicyIndex.build(POLICIES[:1], ISSUES, encoder)

    matches = answer(index, encoder, "I lost my card")
    assert [match.policy for match in matches.items] == ["cards/lost"]


def test_a_policy_without_examples_can_be_found(encoder: HashingEncoder) -> None:
    bare = a_policy("cheques/none", "Paying by cheque", {"cheque": ()})
    issues = {**ISSUES, "cheque": replace(ISSUES["pin"], key="cheque", name="Cheque")}
    index = PolicyIndex.build((*POLICIES, bare), issues, encoder)

    matches = answer(index, encoder, "can I pay in a cheque")
    assert matches.items[0].policy == "cheques/none"


def test_labelled_texts_teach_words_the_library_lacks(encoder: HashingEncoder) -> None:
    said = "zorblat my gizmo"
    labelled = tuple(Labelled(f"zorblat gizmo {n}", issue="pin") for n in range(6))
    index = PolicyIndex.build(POLICIES, ISSUES, encoder, learned=learned(labelled))

    matches = answer(index, encoder, said)

    assert matches.items[0].issue == "pin"
    assert all("zorblat" not in entry.text for entry in index.corpus.entries)


@pytest.mark.parametrize(
    "label",
    [Labelled("x", issue="none_such"), Labelled("x", policies=("no/such",)), Labelled("x")],
)
def test_a_label_of_another_library_is_passed_over(
    index: PolicyIndex, encoder: HashingEncoder, label: Labelled
) -> None:
    beside = PolicyIndex.build(POLICIES, ISSUES, encoder, learned=learned((label,) * 6))

    assert beside.taught is None
    assert np.array_equal(beside.head.weights, index.head.weights)
    assert beside.calibration == index.calibration
