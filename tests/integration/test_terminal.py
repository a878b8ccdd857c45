"""What a person, or a machine, reads when a command is typed."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from agent_assist.settings import ROOT
from tests.serving import environment, invoke

QUESTION = "the cash machine took a fee nobody told me about"


def test_a_suggestion_is_told_in_labels_with_every_question(data: Path) -> None:
    told = invoke(data, "suggest", QUESTION).stdout
    asked = json.loads(invoke(data, "suggest", QUESTION, "--json").stdout)

    assert len(asked["questions"]) > 1
    one_line = " ".join(told.split())
    assert all(one["ask"] in one_line for one in asked["questions"])
    assert "depends on: Our mistake · Amount of the fee" in one_line
    assert "not together with: Waive the fee" in one_line
    assert not [one["fact"] for one in asked["questions"] if one["fact"] in told]
    assert max(len(line) for line in told.splitlines() if line.startswith(" " * 20)) <= 78


def test_a_count_is_told_with_its_unit(data: Path) -> None:
    told = invoke(data, "suggest", QUESTION).stdout

    assert "Senior representative: up to 1 time\n" in told


@pytest.mark.parametrize("words", [("suggest", QUESTION), ("--help",), ("keys", "list", "--json")])
def test_a_command_whose_output_is_closed_fails_and_says_so(
    data: Path, words: tuple[str, ...]
) -> None:
    ended = subprocess.run(
        ["/bin/sh", "-c", 'exec "$@" >&-', "sh", sys.executable, "-m", "agent_assist", *words],
        env=environment(data),
        cwd=ROOT,
        stderr=subprocess.PIPE,
        text=True,
        timeout=60,
        check=False,
    )

    assert ended.returncode == 1
    assert ended.stderr == (
        "agent-assist: the output is closed; send it to a file, a pipe or /dev/null\n"
    )


def test_a_package_that_an_update_needs_and_nobody_installed_is_named_with_what_to_do(
    data: Path, tmp_path: Path
) -> None:
    # As if it were not installed: whatever is found first under its name needs what nobody has.
    (tmp_path / "structlog.py").write_text("import nothing_like_it\n", encoding="utf-8")
    ended = subprocess.run(
        [sys.executable, "-m", "agent_assist", "keys", "list"],
        env=environment(data, PYTHONPATH=f"{tmp_path}:{ROOT}"),
        capture_output=True,
        cwd=data,
        text=True,
        timeout=60,
        check=False,
    )

    assert (ended.returncode, ended.stdout) == (1, "")
    assert "the package nothing_like_it is not installed" in ended.stderr
    assert "run `make setup`" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_setting_up_tells_what_it_does_with_the_library(data: Path) -> None:
    told = invoke(data, "setup").stderr

    assert told.index("library and its index …") < told.index("Reading the index of its texts")


@pytest.mark.parametrize("kind", ["limits", "budgets"])
@pytest.mark.parametrize(
    ("name", "words"), [("nope.csv", "is not there"), ("folder", "is a folder; name one sheet")]
)
def test_a_sheet_that_is_none_is_named_as_it_was_typed(
    data: Path, kind: str, name: str, words: str
) -> None:
    (data / "folder").mkdir()
    typed = str(data / name)

    checked = invoke(data, kind, "check", typed)
    imported = invoke(data, kind, "import", typed, "--dry-run")

    assert checked.exit_code == imported.exit_code == 1
    assert checked.stdout.startswith(f"{typed}: {words}")
    assert f"{typed}: {words}" in imported.stderr


@pytest.mark.parametrize(
    "words",
    [
        ("evaluate", "--data", "/"),
        ("evaluate", "--data", "/nope.jsonl"),
        ("evaluate",),
        ("limits", "check"),
        ("keys", "create", "--nonsense"),
    ],
)
def test_what_was_typed_wrongly_is_an_error_in_json_where_json_was_asked_for(
    data: Path, words: tuple[str, ...]
) -> None:
    ended = invoke(data, *words, "--json")

    assert ended.exit_code == 2
    assert ended.stderr == ""
    assert set(json.loads(ended.stdout)["error"]) == {"code", "message"}


def test_checking_a_folder_starts_without_what_only_serving_needs(data: Path) -> None:
    """A writer checks after every change, and waits for whatever is imported."""
    checked = (
        "import sys; from agent_assist.cli import main;"
        "main(['library', 'check', 'policies/bank'], standalone_mode=False);"
        "print(sorted({'sqlalchemy', 'flask', 'onnxruntime', 'pydantic'} & set(sys.modules)))"
    )
    ended = subprocess.run(
        [sys.executable, "-c", checked],
        env=environment(data),
        capture_output=True,
        cwd=ROOT,
        text=True,
        timeout=60,
        check=True,
    )

    assert ended.stdout.splitlines()[-1] == "[]"
