"""Training: models are made, judged, activated, rolled back, and served while they change."""

import fcntl
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from agent_assist.app.composition import create_app
from agent_assist.matching.artefacts import MANIFEST
from agent_assist.matching.lessons import Labelled
from agent_assist.settings import ROOT, read_settings
from tests.serving import COMMAND, a_key, environment, invoke, run, serving

AIRLINE = ROOT / "tests" / "libraries" / "airline"
SAID = {
    "flight_delayed": "zorblat came hours after the time on the board",
    "flight_cancelled": "zorblat is off the board and nobody flies",
    "bag_late": "frobnicated suitcase is still in another town",
}
ENDINGS = ("today", "again", "on Monday", "with my son", "at noon", "in Rome", "this week", "now")


def lines(said: dict[str, str], endings: tuple[str, ...] = ENDINGS) -> str:
    return "\n".join(
        json.dumps({"text": f"{text} {ending}", "issue": issue})
        for issue, text in said.items()
        for ending in endings
    )


@pytest.fixture(scope="module")
def airline(tmp_path_factory: pytest.TempPathFactory, encoder_folder: Path) -> Path:
    """A data folder with the airline's small library."""
    del encoder_folder
    folder = tmp_path_factory.mktemp("airline") / "data"
    made = run(folder, "setup", "--library", str(AIRLINE))
    assert made.returncode == 0, made.stderr
    return folder


@pytest.fixture
def data(airline: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    return Path(shutil.copytree(airline, tmp_path / "data"))


@pytest.fixture
def examples(tmp_path: Path) -> Path:
    """Labelled questions in words that the library does not have."""
    path = tmp_path / "examples.jsonl"
    path.write_text(lines(SAID))
    return path


def train(data: Path, examples: Path, *more: str) -> dict[str, Any]:
    done = invoke(data, "train", "--data", str(examples), "--json", *more)
    assert done.exit_code == 0, done.output
    return dict(json.loads(done.stdout))


def listed(data: Path) -> dict[str, Any]:
    return dict(json.loads(invoke(data, "models", "list", "--json").stdout))


def asked(data: Path, text: str) -> dict[str, Any]:
    return dict(json.loads(invoke(data, "suggest", text, "--json").stdout))


def test_what_was_trained_is_active_and_answers(data: Path, examples: Path) -> None:
    before = asked(data, "frobnicated suitcase")["versions"]["model"]

    trained = train(data, examples)

    assert trained["activated"]
    assert (trained["labelled"], trained["parent"]) == (24, "")
    assert listed(data)["active"] == trained["id"]
    answer = asked(data, "frobnicated suitcase")
    assert answer["versions"]["model"].startswith(trained["id"])
    assert answer["versions"]["model"] != before
    assert answer["matches"][0]["issue"] == "bag_late"


def test_the_same_data_gives_the_same_model(data: Path, examples: Path) -> None:
    first = train(data, examples)
    second = train(data, examples)

    assert second["id"] == first["id"]
    assert len(listed(data)["models"]) == 1


def test_activating_an_older_model_is_a_roll_back_that_the_audit_tells_of(
    data: Path, examples: Path
) -> None:
    first = train(data, examples)["id"]
    examples.write_text(lines(SAID, ENDINGS[:7]))
    second = train(data, examples)["id"]
    assert listed(data)["active"] == second

    invoke(data, "models", "activate", first)
    assert asked(data, "suitcase")["versions"]["model"].startswith(first)
    invoke(data, "models", "activate", "none")

    assert listed(data)["active"] is None
    assert invoke(data, "audit", "verify").exit_code == 0
    database = sqlite3.connect(data / "agent-assist.db")
    acts = database.execute("SELECT subject FROM audit WHERE act = 'model.activate' ORDER BY seq")
    assert [subject for (subject,) in acts] == [
        f"model:{first}",
        f"model:{second}",
        f"model:{first}",
        "model:none",
    ]


def test_a_model_that_is_worse_is_kept_and_not_activated(data: Path, tmp_path: Path) -> None:
    endings = tuple(f"{one} {n}" for n in range(12) for one in ENDINGS)
    good, bad = tmp_path / "good.jsonl", tmp_path / "bad.jsonl"
    good.write_text(lines(SAID, endings))
    # What is taught is labelled wrongly, and what is held out to judge by rightly.
    following = dict(zip(SAID, [*list(SAID)[1:], next(iter(SAID))], strict=True))
    rows = [json.loads(line) for line in lines(SAID, endings).splitlines()]
    for row in rows:
        if not Labelled(row["text"]).is_held_out:
            row["issue"] = following[row["issue"]]
    bad.write_text("\n".join(map(json.dumps, rows)))
    active = train(data, good)["id"]

    done = invoke(data, "train", "--data", str(bad), "--json")

    assert done.exit_code == 3
    told = json.loads(done.stdout)
    assert not told["activated"]
    assert told["judgement"]["is_worse"]
    assert listed(data)["active"] == active
    assert {one["id"] for one in listed(data)["models"]} == {active, told["id"]}


def test_two_trainings_at_once_the_second_is_refused(data: Path, examples: Path) -> None:
    (data / "models").mkdir()
    with (data / "models" / ".training").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)

        done = invoke(data, "train", "--data", str(examples), "--json")

    assert done.exit_code == 1
    assert json.loads(done.stdout)["error"]["code"] == "training_runs"
    assert listed(data) == {"active": None, "models": []}


def test_a_training_that_is_killed_changes_nothing_and_the_next_one_works(
    data: Path, examples: Path
) -> None:
    before = asked(data, "suitcase")["versions"]["model"]
    for wait_for in ("texts read", "judging", "golden"):
        process = subprocess.Popen(
            [*COMMAND, "train", "--data", str(examples)],
            env=environment(data),
            cwd=ROOT,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert process.stderr is not None
        for line in process.stderr:
            if wait_for in line:
                break
        os.kill(process.pid, signal.SIGKILL)
        process.wait(timeout=30)
        process.stderr.close()

        assert listed(data) == {"active": None, "models": []}
        assert asked(data, "suitcase")["versions"]["model"] == before

    (data / "models" / ".0123456789ab.left").mkdir()
    trained = train(data, examples)
    assert trained["activated"]
    assert {path.name for path in (data / "models").iterdir()} == {".training", trained["id"]}


@pytest.mark.parametrize("name", ["lessons.json", "vectors.npz", MANIFEST])
def test_a_model_with_one_flipped_bit_is_refused_and_the_one_before_serves(
    data: Path, examples: Path, name: str
) -> None:
    first = train(data, examples)["id"]
    examples.write_text(lines(SAID, ENDINGS[:7]))
    second = train(data, examples)["id"]
    path = data / "models" / second / name
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)

    assert invoke(data, "models", "show", second).exit_code != 0
    assert invoke(data, "models", "activate", second).exit_code != 0
    assert asked(data, "suitcase")["versions"]["model"].startswith(first)
    with serving(data) as server:
        status, ready = server.ask("/readyz")
    assert status == 200
    assert [one["task"] for one in ready["warnings"]] == ["model"]


def test_where_no_model_can_be_used_the_library_alone_serves(data: Path, examples: Path) -> None:
    before = asked(data, "suitcase")["versions"]["model"]
    train(data, examples)
    shutil.rmtree(data / "models")

    assert asked(data, "suitcase")["versions"]["model"] == before


def test_a_library_that_is_published_again_keeps_what_was_learned(
    data: Path, examples: Path, tmp_path: Path
) -> None:
    trained = train(data, examples)["id"]
    folder = tmp_path / "airline"
    shutil.copytree(AIRLINE, folder)
    late = folder / "bags" / "late.md"
    late.write_text(late.read_text().replace("title: ", "title: New "))

    done = invoke(data, "library", "import", str(folder), "--replace")

    assert done.exit_code == 0, done.output
    answer = asked(data, "frobnicated suitcase")
    assert answer["versions"]["model"].startswith(trained)
    assert answer["versions"]["library"] == 2
    assert answer["matches"][0]["issue"] == "bag_late"


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('{"text": "x", "issue": "no_such"}', "line 2: issue must be a key"),
        ('{"text": " ", "issue": "bag_late"}', "line 2: text must be"),
        ('{"text": "' + "x" * 1_000_000 + '", "issue": "bag_late"}', "line 2: is longer than"),
        ("[1", "line 2: is not JSON"),
        ('{"text": "gone \\ud83d", "issue": "bag_late"}', "line 2: text holds half a character"),
    ],
)
def test_bad_lines_are_named_and_nothing_is_trained(
    data: Path, examples: Path, line: str, told: str
) -> None:
    examples.write_text(f"{lines(SAID).splitlines()[0]}\n{line}\n")

    done = invoke(data, "train", "--data", str(examples))

    assert done.exit_code == 1
    assert told in done.output
    assert listed(data) == {"active": None, "models": []}


def test_feedback_is_learned_beside_what_the_active_model_has_learned(
    data: Path, examples: Path, tmp_path: Path
) -> None:
    examples.write_text(lines({key: said for key, said in SAID.items() if key != "bag_late"}))
    first = train(data, examples)["id"]
    _say_of_all(data, [f"{SAID['bag_late']} {ending}" for ending in ENDINGS])

    second = dict(json.loads(invoke(data, "train", "--from-feedback", "--json").stdout))
    again = dict(json.loads(invoke(data, "train", "--from-feedback", "--json").stdout))

    assert (second["parent"], second["labelled"], second["activated"]) == (first, 24, True)
    assert asked(data, "frobnicated suitcase")["matches"][0]["issue"] == "bag_late"
    assert (again["labelled"], again["left_out"]["repeated"]) == (24, 8)
    file = tmp_path / "feedback.jsonl"
    told = invoke(data, "feedback", "export", str(file), "--weak", "--json").stdout
    assert json.loads(told) == {"explicit": 8, "weak": 0, "wrong": 0, "textless": 0, "gone": 0}
    assert len(file.read_text().splitlines()) == 8
    assert invoke(data, "evaluate", "--data", str(file)).exit_code == 0
    drift = json.loads(invoke(data, "drift", "--json").stdout)
    assert sum(week["suggestions"] for week in drift["items"]) == 9
    assert "suggestions (few)" in invoke(data, "drift").stdout
    measures = json.loads(invoke(data, "insights", "measures", "--by", "issue", "--json").stdout)
    assert (measures["by"], measures["total"]["contacts"], measures["pending"]) == ("issue", 0, 0)
    backwards = invoke(
        data, "insights", "measures", "--since", "2026-02-01", "--until", "2026-01-01"
    )
    assert backwards.exit_code == 1
    stakes = json.loads(invoke(data, "insights", "stakes", "--json").stdout)
    assert (stakes["items"], stakes["total"]["ends"]["contacts"]) == ([], 0)
    brief = tmp_path / "brief.html"
    assert invoke(data, "insights", "brief", "bag_late", "--out", str(brief)).exit_code == 0
    assert "No contact in these days." in brief.read_text()


def _say_of_all(data: Path, texts: list[str]) -> None:
    """Let a rep say of the answer to each text that it should have been the late bags."""
    client = create_app(read_settings({"AGENT_ASSIST_DATA": str(data)})).test_client()
    client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {a_key(data, 'suggest', 'record')}"
    said = {"by": {"id": "r-1"}, "verdict": "other", "policy": "bags/late", "issue": "bag_late"}
    for number, text in enumerate(texts):
        suggestion = client.post("/v1/suggestions", json={"text": text}).get_json()["id"]
        path, key = f"/v1/suggestions/{suggestion}/feedback", {"Idempotency-Key": str(number)}
        assert client.post(path, json=said, headers=key).status_code == 201


@pytest.mark.parametrize("words", [[], ["--weak", "--data", __file__]])
def test_a_training_must_be_told_what_to_learn_from(data: Path, words: list[str]) -> None:
    assert invoke(data, "train", *words).exit_code == 2


def test_data_that_says_nothing_is_refused(data: Path, examples: Path) -> None:
    examples.write_text('{"text": "hello", "issue": "bag_late"}\n')

    done = invoke(data, "train", "--data", str(examples), "--json")

    assert json.loads(done.stdout)["error"]["code"] == "nothing_to_learn"


def test_one_example_an_issue_trains(data: Path, examples: Path) -> None:
    examples.write_text(lines(SAID, ("today",)))

    assert train(data, examples)["activated"]
    assert asked(data, "frobnicated suitcase")["matches"][0]["issue"] == "bag_late"


def test_duplicate_and_contradictory_labels_are_counted(data: Path, examples: Path) -> None:
    twice = json.dumps({"text": "it is gone", "issue": "bag_late"})
    other = json.dumps({"text": "it is gone", "issue": "flight_delayed"})
    examples.write_text(f"{lines(SAID)}\n{lines(SAID).splitlines()[0]}\n{twice}\n{other}\n")

    left_out = train(data, examples)["left_out"]

    assert left_out == {"silent": 0, "repeated": 1, "contradictory": 2}


def test_a_model_holds_no_identifier_that_was_said(data: Path, examples: Path) -> None:
    said = json.dumps(
        {"text": "my suitcase, write to me@example.org or 4111 1111 1111 1111", "issue": "bag_late"}
    )
    examples.write_text(f"{lines(SAID)}\n{said}\n")
    folder = data / "models" / train(data, examples)["id"]

    kept = b"".join(path.read_bytes() for path in folder.iterdir())

    assert b"my suitcase, write to" in kept
    assert b"me@example" not in kept
    assert b"4111" not in kept


@pytest.mark.parametrize("workers", ["1", "2"])
def test_no_request_is_dropped_while_models_are_swapped(
    data: Path, examples: Path, workers: str
) -> None:
    first = train(data, examples)["id"]
    examples.write_text(lines(SAID, ENDINGS[:7]))
    second = train(data, examples)["id"]
    key = a_key(data, "suggest", "read")
    answers: list[tuple[int, str]] = []
    over = threading.Event()

    with serving(data, AGENT_ASSIST_WORKERS=workers) as server:

        def keep_asking() -> None:
            while not over.is_set() and len(answers) < 20_000:
                status, answer = server.post("/v1/suggestions", {"text": "my suitcase"}, key)
                answers.append((status, answer["versions"]["model"][:12]))

        threads = [threading.Thread(target=keep_asking) for _ in range(2)]
        for thread in threads:
            thread.start()
        for wanted in (first, second, first):
            invoke(data, "models", "activate", wanted)
            deadline = time.monotonic() + 60
            while time.monotonic() < deadline:
                time.sleep(0.2)
                if {model for _, model in answers[-30:]} == {wanted}:
                    break
        over.set()
        for thread in threads:
            thread.join()
        told = server.ask("/v1/models", key)[1]

    assert {status for status, _ in answers} == {200}
    assert {model for _, model in answers} == {first, second}
    assert {model for _, model in answers[-30:]} == {first}
    assert told["active"] == first
    assert {one["id"] for one in told["items"]} == {first, second}


def test_a_fine_tuned_encoder_is_part_of_the_model_and_serves(data: Path, examples: Path) -> None:
    endings = tuple(f"{one} {n}" for n in range(3) for one in ENDINGS)
    examples.write_text(lines(SAID, endings))

    trained = train(data, examples, "--fine-tune", "--steps", "5", "--seed", "7")

    assert trained["activated"]
    assert trained["is_fine_tuned"]
    assert trained["encoder"].startswith("fine-tuned-int8@")
    assert {path.name for path in (data / "models").iterdir()} == {".training", trained["id"]}
    answer = asked(data, "frobnicated suitcase")
    assert answer["versions"]["model"].startswith(trained["id"])
    assert answer["matches"][0]["issue"] == "bag_late"
    invoke(data, "models", "activate", "none")
    assert not asked(data, "suitcase")["versions"]["model"].startswith(trained["id"])
