"""What the system will not let us read or write is refused in words, and nothing is left behind."""

import resource
import shutil
import subprocess
from pathlib import Path

import pytest

from agent_assist.settings import ROOT
from tests.serving import COMMAND, environment, run, without_privileges


@pytest.mark.parametrize("mode", [0o000, 0o444, 0o111])
def test_a_folder_of_a_library_that_cannot_be_looked_into_is_a_fault(
    tmp_path: Path, mode: int
) -> None:
    library = tmp_path / "library"
    shutil.copytree(ROOT / "policies" / "retail", library)
    (library / "access").chmod(mode)

    checked = run(tmp_path / "data", "library", "check", str(library), before=without_privileges)
    (library / "access").chmod(0o755)

    assert checked.returncode == 1
    assert checked.stdout == (
        "access: cannot be read: allow the user that runs this to list and enter the folder "
        "[unreadable]\n"
    )


def test_links_in_a_circle_are_refused_by_their_place(tmp_path: Path) -> None:
    library = tmp_path / "library"
    shutil.copytree(ROOT / "policies" / "retail", library)
    (library / "library.toml").unlink()
    (library / "library.toml").symlink_to("library.toml")

    checked = run(tmp_path / "data", "library", "check", str(library))

    assert checked.stdout == (
        "library.toml: cannot be read: its links lead in a circle [unreadable]\n"
    )


def test_a_library_is_not_written_to_a_link_in_a_circle(data: Path, tmp_path: Path) -> None:
    (tmp_path / "circle").symlink_to(tmp_path / "circle")

    refused = run(data, "library", "export", str(tmp_path / "circle"))

    assert refused.returncode == 1
    assert "circle: cannot be written" in refused.stderr


@pytest.mark.parametrize(
    "words", [("setup",), ("keys", "list"), ("serve",), ("suggest", "x"), ("audit", "verify")]
)
def test_a_data_folder_that_cannot_be_written_is_refused(
    tmp_path: Path, words: tuple[str, ...]
) -> None:
    tmp_path.chmod(0o500)

    refused = run(tmp_path, *words, before=without_privileges)
    tmp_path.chmod(0o700)

    assert refused.returncode == 1
    assert refused.stderr == (
        f"agent-assist: the data folder {tmp_path} cannot be written: "
        "allow the user that runs this to, or set AGENT_ASSIST_DATA\n"
    )
    assert not list(tmp_path.iterdir())


def test_nothing_is_left_of_a_secret_that_the_disk_had_no_room_for(tmp_path: Path) -> None:
    def full() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (16, 16))

    refused = run(tmp_path, "keys", "list", before=full)

    assert refused.returncode == 1
    assert "Traceback" not in refused.stderr
    assert "free space" in refused.stderr
    assert not list(tmp_path.glob("pepper*"))


def test_output_that_cannot_be_written_is_a_failure_in_words(data: Path) -> None:
    with Path("/dev/full").open("w", encoding="ascii") as full:
        ended = subprocess.run(
            [*COMMAND, "keys", "list", "--json"],
            env=environment(data),
            cwd=ROOT,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            timeout=60,
            check=False,
        )

    assert ended.returncode == 1
    assert "the output: No space left on device" in ended.stderr
    assert "Traceback" not in ended.stderr
