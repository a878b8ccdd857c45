"""The rhythm: each task in its time, one process at a time, and nothing hides a failure."""

from pathlib import Path

import pytest

from agent_assist.core.errors import NotReady
from agent_assist.rhythm import Rhythm, Task


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def test_a_task_runs_at_once_and_then_after_its_pause(tmp_path: Path, clock: Clock) -> None:
    runs: list[float] = []
    rhythm = Rhythm([Task("look", 60, lambda: runs.append(clock.now))], tmp_path, clock)

    for clock.now in (0, 1, 59.9, 60, 61, 120, 180):
        rhythm.beat()

    assert runs == [0, 60, 120, 180]


def test_a_failure_is_told_until_a_run_succeeds_and_stops_no_other_task(
    tmp_path: Path, clock: Clock
) -> None:
    runs: list[str] = []
    failing = [NotReady("the disk is full: make room"), RuntimeError("secret")]

    def fail() -> None:
        if failing:
            raise failing.pop(0)

    tasks = [Task("check", 1, fail), Task("look", 1, lambda: runs.append("look"))]
    rhythm = Rhythm(tasks, tmp_path, clock)
    told = []
    for clock.now in (0, 1, 2):
        rhythm.beat()
        told.append(dict(rhythm.warnings()))

    assert told == [
        {"check": "the disk is full: make room"},
        {"check": "failed unexpectedly; the log names the error"},
        {},
    ]
    assert runs == ["look"] * 3


def test_of_two_on_one_folder_one_does_it_and_both_can_tell(tmp_path: Path, clock: Clock) -> None:
    runs: list[str] = []

    def fail(name: str) -> None:
        runs.append(name)
        raise NotReady("look at it")

    one = Rhythm([Task("check", 0, lambda: fail("one"))], tmp_path, clock)
    other = Rhythm([Task("check", 0, lambda: fail("other"))], tmp_path, clock)
    for _ in range(3):
        one.beat()
        other.beat()

    assert runs == ["one"] * 3
    assert one.warnings() == other.warnings() == {"check": "look at it"}
