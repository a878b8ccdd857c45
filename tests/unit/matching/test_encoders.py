"""The exported encoder, and what happens when it is not what was exported."""

import shutil
import threading
from pathlib import Path

import numpy as np
import pytest

from agent_assist.core.errors import NotReady
from agent_assist.matching.artefacts import ArtefactDamaged, ArtefactMissing
from agent_assist.matching.encoders import OnnxEncoder
from agent_assist.matching.index import PolicyIndex
from agent_assist.matching.listening import Listener
from agent_assist.matching.ranking import rank
from tests.unit.matching.small import ISSUES, POLICIES


@pytest.fixture
def copy(encoder_folder: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(encoder_folder, tmp_path / "encoder"))


def test_a_missing_encoder_says_what_to_run(tmp_path: Path) -> None:
    with pytest.raises(ArtefactMissing, match="agent-assist setup") as raised:
        OnnxEncoder.load(tmp_path / "encoder")

    assert isinstance(raised.value, NotReady)


def test_a_folder_that_holds_no_model_is_refused(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text('{"files": {"../../secret": "00"}}')

    with pytest.raises(ArtefactDamaged, match="agent-assist setup"):
        OnnxEncoder.load(tmp_path)


@pytest.mark.encoder
@pytest.mark.parametrize("name", ["model.onnx", "tokenizer.json"])
def test_one_changed_byte_is_refused(copy: Path, name: str) -> None:
    data = bytearray((copy / name).read_bytes())
    data[len(data) // 2] ^= 1
    (copy / name).write_bytes(data)

    with pytest.raises(ArtefactDamaged, match="agent-assist setup"):
        OnnxEncoder.load(copy)


@pytest.mark.encoder
@pytest.mark.parametrize("kept", [0, 1, 100])
def test_a_manifest_cut_short_is_refused(copy: Path, kept: int) -> None:
    manifest = copy / "manifest.json"
    manifest.write_bytes(manifest.read_bytes()[:kept])

    with pytest.raises(ArtefactDamaged, match="agent-assist setup"):
        OnnxEncoder.load(copy)


@pytest.mark.encoder
def test_a_missing_file_is_refused(copy: Path) -> None:
    (copy / "tokenizer.json").unlink()

    with pytest.raises(ArtefactDamaged, match=r"tokenizer\.json is missing"):
        OnnxEncoder.load(copy)


@pytest.mark.encoder
def test_like_meanings_are_nearer_than_like_words(encoder_folder: Path) -> None:
    vectors = OnnxEncoder.load(encoder_folder).encode(
        ["my card was stolen", "someone took my debit card", "my card has a nice colour"]
    )

    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert vectors[0] @ vectors[1] > vectors[0] @ vectors[2]


@pytest.mark.encoder
def test_the_vector_of_a_text_does_not_depend_on_its_neighbours(encoder_folder: Path) -> None:
    encoder = OnnxEncoder.load(encoder_folder)
    texts = ["my card was stolen", "x" * 20_000, "", "a " * 5_000, "why the fee?"]

    together = encoder.encode(texts)
    alone = np.concatenate([encoder.encode([text]) for text in texts])

    assert np.array_equal(together, alone)


@pytest.mark.encoder
def test_threads_that_share_an_encoder_get_their_own_vectors(encoder_folder: Path) -> None:
    encoder = OnnxEncoder.load(encoder_folder)
    texts = [f"question number {number} about cards" for number in range(8)]
    expected = [encoder.encode([text]) for text in texts]
    found: dict[int, bool] = {}

    def ask(number: int) -> None:
        same = (
            np.array_equal(encoder.encode([texts[number]]), expected[number]) for _ in range(20)
        )
        found[number] = all(same)

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert found == dict.fromkeys(range(8), True)


@pytest.mark.encoder
def test_a_question_in_other_words_finds_its_policy(encoder_folder: Path) -> None:
    encoder = OnnxEncoder.load(encoder_folder)
    index = PolicyIndex.build(POLICIES, ISSUES, encoder)
    heard = Listener(encoder).hear(index, "somebody nicked my debit card at the market")

    matches = rank(index, heard)

    assert matches.items[0].policy == "cards/lost"
