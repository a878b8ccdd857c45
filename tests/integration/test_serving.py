"""The product as it is run: the command line, and a real gunicorn on a real port."""

import json
import re
import resource
import shutil
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from agent_assist.cli import main
from agent_assist.settings import ROOT
from tests.serving import Server, a_key, environment, invoke, run, serving

QUESTION = "the cash machine took a fee nobody told me about"


def test_a_question_gets_both_halves_of_the_answer(data: Path) -> None:
    key = a_key(data, "suggest")

    with serving(data) as server:
        status, answer = server.post(
            "/v1/suggestions",
            {
                "text": QUESTION,
                "facts": {
                    "account.status": "open",
                    "contact.our_error": True,
                    "fee.disclosed": False,
                    "fee.amount": {"amount": "4.50", "currency": "EUR"},
                },
            },
            key,
        )
        ready = {server.ask("/readyz")[0] for _ in range(5)}

    assert (status, ready) == (200, {200})
    first = answer["matches"][0]
    assert first["policy"]["id"] == "fees/cash-withdrawal"
    assert first["explanation"]["say"]
    assert first["explanation"]["why"]
    refund = next(one for one in first["options"] if one["remedy"] == "fee_refund")
    assert refund["verdict"] == "allowed"
    assert refund["up_to"] == {"amount": "4.50", "currency": "EUR"}


def test_no_worker_loads_torch_or_scikit_learn(data: Path) -> None:
    with serving(data) as server:
        server.post("/v1/suggestions", {"text": QUESTION}, a_key(data, "suggest"))
        maps = [Path(f"/proc/{pid}/maps").read_text(encoding="utf-8") for pid in server.workers()]

    assert maps
    assert all("onnxruntime" in text for text in maps)
    assert not any(re.search(r"libtorch|/sklearn/|/scipy/", text) for text in maps)


def test_what_is_published_is_served_without_a_restart(data: Path, tmp_path: Path) -> None:
    key = a_key(data, "decide")
    asked = {
        "issue": "pending_top_up",
        "remedies": [{"remedy": "specialist_callback"}],
        "facts": {"account.status": "open"},
    }
    with serving(data, AGENT_ASSIST_WORKERS="2") as server:
        _, before = server.post("/v1/decisions", asked, key)
        run(data, "library", "export", str(tmp_path / "out"))
        sheet = tmp_path / "out" / "limits.csv"
        header = sheet.read_text(encoding="utf-8").splitlines()[0]
        width = header.count(",")
        cells = ["NEW1", "99", "pending_top_up", "specialist_callback", "allow", "offer"]
        ceilings = header.split(",").index("ceiling.rep")
        row = cells + [""] * (ceilings - len(cells)) + ["7"]
        row += [""] * (width + 1 - len(row))
        with sheet.open("a", encoding="utf-8") as out:
            out.write(",".join(row) + "\n")
        done = run(data, "library", "import", str(tmp_path / "out"), "--json")
        answers = [server.post("/v1/decisions", asked, key)[1] for _ in range(20)]

    assert json.loads(done.stdout)["versions"]["limits"] == before["versions"]["limits"] + 1
    assert {one["versions"]["limits"] for one in answers} == {before["versions"]["limits"] + 1}
    assert {one["options"][0]["binding"]["row"] for one in answers} == {"NEW1"}


def test_a_revoked_key_is_refused_by_every_worker_at_once(data: Path) -> None:
    key = a_key(data, "read")
    with serving(data, AGENT_ASSIST_WORKERS="2") as server:
        assert server.ask("/v1/issues", key)[0] == 200
        run(data, "keys", "revoke", key.split("_")[1])

        statuses = {server.ask("/v1/issues", key)[0] for _ in range(20)}

    assert statuses == {401}


def test_clients_that_stall_in_their_request_do_not_keep_others_waiting(data: Path) -> None:
    head = b"POST /v1/suggestions HTTP/1.1\r\nHost: x\r\n"
    body = b"Content-Type: application/json\r\nContent-Length: 40\r\n\r\n{"
    key = f"Authorization: Bearer {a_key(data, 'suggest')}\r\n".encode()

    with serving(data, AGENT_ASSIST_THREADS="2", AGENT_ASSIST_CLIENT_SECONDS="1") as server:
        stalled = [_connected(server, said) for said in (head, head + key + body) * 2]
        status, _ = server.ask("/healthz")
        answers = [one.recv(200).split(b"\r\n")[0] for one in stalled]
        for one in stalled:
            one.close()

    assert status == 200
    assert answers == [b"", b"HTTP/1.1 400 BAD REQUEST"] * 2


def _connected(server: Server, said: bytes) -> socket.socket:
    """A connection on which something was said."""
    host, port = server.address.removeprefix("http://").split(":")
    connection = socket.create_connection((host, int(port)), timeout=20)
    connection.sendall(said)
    return connection


def test_nothing_of_what_a_customer_said_is_stored(data: Path) -> None:
    canary = "zebra4711quagga"
    with serving(data) as server:
        status, _ = server.post(
            "/v1/suggestions",
            {"text": f"my card {canary} was stolen", "contact": {"external_id": "c-1"}},
            a_key(data, "suggest"),
        )

    assert status == 200
    held = b"".join(path.read_bytes() for path in data.rglob("*") if path.is_file())
    assert b"c-1" in held
    assert canary.encode() not in held


def test_a_damaged_encoder_stops_the_start_with_the_way_out(
    data: Path, encoder_folder: Path, tmp_path: Path
) -> None:
    models = tmp_path / "models"
    shutil.copytree(encoder_folder, models / "encoder")
    model = models / "encoder" / "model.onnx"
    content = bytearray(model.read_bytes())
    content[len(content) // 2] ^= 1
    model.write_bytes(content)

    refused = run(data, "serve", AGENT_ASSIST_MODELS=str(models))

    assert refused.returncode == 1
    assert "agent-assist setup" in refused.stderr
    assert "Traceback" not in refused.stderr


@pytest.mark.parametrize(
    ("revision", "words"), [("9999", "update the program"), (None, "agent-assist setup")]
)
def test_a_database_at_another_migration_stops_the_start_and_is_not_touched(
    data: Path, revision: str | None, words: str
) -> None:
    database = data / "agent-assist.db"
    with sqlite3.connect(database) as connection:
        connection.execute("DELETE FROM alembic_version")
        if revision:
            connection.execute("INSERT INTO alembic_version VALUES (?)", (revision,))
    connection.close()
    before = database.read_bytes()

    refused = run(data, "serve")
    asked = run(data, "suggest", "x")

    for end in (refused, asked):
        assert (end.returncode, "Traceback" in end.stderr) == (1, False)
        assert words in end.stderr
    assert database.read_bytes() == before


def test_a_server_that_cannot_start_ends_instead_of_starting_workers_for_ever(data: Path) -> None:
    (data / "pepper").write_bytes(b"short")

    ended = subprocess.run(
        [sys.executable, "-m", "gunicorn", "--config", "gunicorn.conf.py", "wsgi:app"],
        env=environment(data, PORT="8999"),
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert ended.returncode != 0
    assert "agent-assist cannot start" in ended.stderr


def test_an_address_that_is_taken_is_refused_before_anything_is_said_to_be_served(
    data: Path,
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        refused = run(data, "serve", PORT=str(port))

    assert (refused.returncode, refused.stdout) == (1, "")
    assert refused.stderr == (
        f"agent-assist: 127.0.0.1:{port} cannot be listened on (Address already in use): "
        "stop what listens there, or set HOST or PORT\n"
    )


def test_a_folder_named_from_where_one_stands_is_the_one_that_is_served(data: Path) -> None:
    key = a_key(data, "read")

    with serving(Path(data.name), at=data.parent, PYTHONPATH=str(ROOT)) as server:
        assert server.ask("/v1/issues", key)[0] == 200


@pytest.mark.parametrize("room", [4_096, 200_000])
def test_a_full_disk_at_setup_leaves_nothing_half_written_and_setup_can_be_repeated(
    tmp_path: Path, encoder_folder: Path, prepared_data: Path, room: int
) -> None:
    data, models = tmp_path / "data", tmp_path / "models"
    shutil.copytree(encoder_folder, models / "encoder")

    def full() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))

    refused = run(data, "setup", before=full, AGENT_ASSIST_MODELS=str(models))
    assert refused.returncode == 1
    assert "Traceback" not in refused.stderr
    assert "free space" in refused.stderr

    # What is left of the database, a header of 4 kB at the least, is known to be empty or to be
    # at no migration of ours, so that nobody serves it.
    unserved = run(data, "suggest", "x", AGENT_ASSIST_MODELS=str(models))
    assert unserved.returncode == 1
    assert "run `agent-assist setup`" in unserved.stderr

    # Indexed already, for encoding all texts takes longer than all the rest.
    shutil.copytree(prepared_data / "indexes", data / "indexes", dirs_exist_ok=True)
    again = run(data, "setup", AGENT_ASSIST_MODELS=str(models))
    assert again.returncode == 0, again.stderr
    answered = run(data, "suggest", QUESTION, "--json", AGENT_ASSIST_MODELS=str(models))
    assert json.loads(answered.stdout)["matches"][0]["policy"]["id"] == "fees/cash-withdrawal"


def test_the_terminal_shows_the_same_answer_as_the_api(data: Path) -> None:
    shown = run(data, "suggest", QUESTION)
    raw = json.loads(run(data, "suggest", QUESTION, "--json").stdout)

    first = raw["matches"][0]
    assert first["policy"]["title"] in shown.stdout
    assert first["policy"]["id"] in shown.stdout
    for option in first["options"]:
        assert option["label"] in shown.stdout
    assert raw["questions"][0]["ask"] in shown.stdout


@pytest.mark.parametrize(
    "facts",
    [
        "{",
        "[]",
        '{"nope": 1}',
        '{"fee.amount": 4.5}',
        '{"fee.amount": "4.50"}',
        '{"fee.amount": NaN}',
        '{"fee.disclosed": true, "fee.disclosed": false}',
        '{"a": null}',
    ],
)
def test_bad_facts_at_the_terminal_are_refused_with_their_place(data: Path, facts: str) -> None:
    refused = invoke(data, "suggest", "x", "--facts", facts)

    assert refused.exit_code == 1
    assert "--facts" in refused.stderr
    assert "body" not in refused.stderr
    assert isinstance(refused.exception, SystemExit)


def test_every_fault_of_a_data_file_has_a_line_of_its_own(data: Path, tmp_path: Path) -> None:
    cases = tmp_path / "cases.jsonl"
    cases.write_text('{"text": "a"}\n{"text": "", "issue": null}\n', encoding="utf-8")

    refused = run(data, "evaluate", "--data", str(cases))

    assert refused.returncode == 1
    assert refused.stderr.splitlines()[1:] == [
        "  line 1: needs either issue or policies",
        "  line 2: text must be a text that is not empty",
    ]


@pytest.mark.parametrize(("wish", "coloured"), [("", True), ("1", False)])
def test_a_terminal_gets_colours_unless_none_are_wanted(
    tmp_path: Path, wish: str, coloured: bool
) -> None:
    environment = {"AGENT_ASSIST_DATA": str(tmp_path), "PORT": "x", "NO_COLOR": wish}

    refused = CliRunner().invoke(main, ["keys", "list"], env=environment, color=True)

    assert refused.exit_code == 1
    assert ("\x1b[" in refused.stderr) is coloured


def test_every_command_has_help_and_says_what_it_does() -> None:
    for words in _commands(main, ()):
        helped = invoke(Path("/nonexistent"), *words, "--help")
        assert helped.exit_code == 0, (words, helped.stderr)
        assert "Usage:" in helped.stdout
        assert helped.stdout.splitlines()[2].strip(), words


def _commands(command: click.Command, words: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    yield words
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            found = command.get_command(context, name)
            assert found, (*words, name)
            yield from _commands(found, (*words, name))
