"""Send labelled questions through a real server: right policies, schema, errors, speed, memory.

Starts the server itself on one core, on the loopback interface, with the data folder of the
settings; asks one question after the other. `make bench-suggestions DATA=questions.jsonl`.
"""

import argparse
import json
import os
import re
import signal
import socket
import statistics
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import jsonschema

ROOT = Path(__file__).resolve().parent.parent
MOST_ISSUES = 4  # a policy that covers more does not count as right
STEPS = ("parse", "encode", "rank", "budgets", "decide", "store", "total")


class Client:
    def __init__(self, address: str, key: str) -> None:
        self.address = address
        self.key = key

    def ask(self, path: str, body: object = None) -> tuple[int, Any, str]:
        request = urllib.request.Request(
            self.address + path,
            None if body is None else json.dumps(body).encode(),
            {"Authorization": f"Bearer {self.key}", "Content-Type": "application/json"},
        )
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return answer.status, json.load(answer), answer.headers["Server-Timing"] or ""
        except urllib.error.HTTPError as refusal:
            with refusal:
                return refusal.code, None, ""


@contextmanager
def server() -> Iterator[tuple[str, int]]:
    """A server on the first core; gives its address and the worker's process id."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        ["taskset", "-c", "0", sys.executable, "-m", "agent_assist", "serve"],
        env={**os.environ, "PORT": str(port)},
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
    )
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(600):
            try:
                urllib.request.urlopen(f"{address}/healthz", timeout=5).close()
                break
            except OSError:
                time.sleep(0.1)
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
        yield address, int(children.read_text(encoding="ascii").split()[0])
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=30)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="JSON lines with text and issue")
    questions = [
        json.loads(line) for line in parser.parse_args().data.read_text("utf-8").splitlines()
    ]
    scopes = ("--scope", "suggest", "--scope", "read", "--days", "1")
    create = ("keys", "create", "--name", "benchmark", "--json", *scopes)
    made = subprocess.run(
        [sys.executable, "-m", "agent_assist", *create], check=True, capture_output=True, cwd=ROOT
    )
    with server() as (address, worker):
        client = Client(address, json.loads(made.stdout)["key"])
        print(json.dumps(measure(client, questions, worker), indent=2))


def measure(client: Client, questions: list[dict[str, Any]], worker: int) -> dict[str, Any]:
    covers = {one["id"]: one["issues"] for one in policies(client)}
    valid = validator(client)
    ranks: list[int | None] = []
    errors = invalid = abstained = 0
    spent: dict[str, list[float]] = {step: [] for step in STEPS}
    for question in questions:
        status, answer, timing = client.ask("/v1/suggestions", {"text": question["text"]})
        if status != 200:
            errors += 1
            continue
        invalid += any(True for _ in valid.iter_errors(answer))
        abstained += answer["abstained"]
        ranks.append(place(answer, question["issue"], covers))
        for step, milliseconds in re.findall(r"(\w+);dur=([0-9.]+)", timing):
            if step in spent:
                spent[step].append(float(milliseconds))
    n = len(questions)
    return {
        "questions": n,
        "errors": errors,
        "not_valid_against_the_schema": invalid,
        "right_policy_first": round(sum(rank == 0 for rank in ranks) / n, 4),
        "right_policy_in_first_three": round(
            sum(rank is not None and rank < 3 for rank in ranks) / n, 4
        ),
        "abstained": round(abstained / n, 4),
        "server_ms_p50": {step: round(statistics.median(spent[step]), 2) for step in STEPS},
        "server_ms_p99": {step: round(quantile(spent[step], 0.99), 2) for step in STEPS},
        "worker_mb": round(resident_megabytes(worker), 1),
        "torch_in_worker": "libtorch" in Path(f"/proc/{worker}/maps").read_text("utf-8"),
    }


def policies(client: Client) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    cursor = ""
    while True:
        _, page, _ = client.ask(f"/v1/policies?limit=200{cursor}")
        found += page["items"]
        if page["next_cursor"] is None:
            return found
        cursor = f"&cursor={page['next_cursor']}"


def validator(client: Client) -> jsonschema.Draft202012Validator:
    _, document, _ = client.ask("/openapi.json")
    schema = document["paths"]["/v1/suggestions"]["post"]["responses"]["200"]
    reference = schema["content"]["application/json"]["schema"]
    return jsonschema.Draft202012Validator({**reference, "components": document["components"]})


def place(answer: dict[str, Any], issue: str, covers: dict[str, list[str]]) -> int | None:
    for rank, match in enumerate(answer["matches"]):
        issues = covers[match["policy"]["id"]]
        if issue in issues and len(issues) <= MOST_ISSUES:
            return rank
    return None


def quantile(values: list[float], share: float) -> float:
    return sorted(values)[min(int(len(values) * share), len(values) - 1)]


def resident_megabytes(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    found = re.search(r"VmHWM:\s+(\d+) kB", status)
    return int(found[1]) / 1024 if found else 0.0


if __name__ == "__main__":
    main()
