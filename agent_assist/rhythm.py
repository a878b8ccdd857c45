"""Rhythm: what is done again and again beside the requests, by one process at a time."""

import fcntl
import json
import os
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import structlog

from agent_assist.core.errors import AgentAssistError

PAUSE = 1.0
"""Seconds between two looks at what is due."""

_UNEXPECTED = "failed unexpectedly; the log names the error"
_log = structlog.get_logger("agent_assist.rhythm")


@dataclass(frozen=True, slots=True)
class Task:
    """Something that is done every so often.

    Attributes:
        name: what operators read.
        seconds: from the end of one run to the beginning of the next.
        run: does it. What it raises is a warning until a later run raises nothing; an
            AgentAssistError says in its message what to do.
    """

    name: str
    seconds: float
    run: Callable[[], None]


class Rhythm:
    """Runs tasks in a thread of its own, so that no request ever waits for them.

    Of the processes that share a data folder one does so at a time; when it ends, another takes
    over. What fails is written beside the database, so that each of them can tell.

    Args:
        folder: the data folder.
        clock: gives seconds that only grow.
    """

    def __init__(self, tasks: Sequence[Task], folder: Path, clock: Callable[[], float]) -> None:
        self._tasks = tasks
        self._clock = clock
        self._due = dict.fromkeys((task.name for task in tasks), clock())
        self._lock = _Lock(folder / "rhythm.lock")
        self._told = folder / "rhythm.json"
        self._warnings: dict[str, str] = {}

    def start(self) -> None:
        """Begin, in a thread that ends with the process."""
        threading.Thread(target=self._keep_on, name="rhythm", daemon=True).start()

    def beat(self) -> None:
        """Run what is due, unless another process does so."""
        if not self._lock.hold():
            return
        for task in self._tasks:
            if self._clock() >= self._due[task.name]:
                self._note(task.name, _outcome(task))
                self._due[task.name] = self._clock() + task.seconds

    def warnings(self) -> Mapping[str, str]:
        """What the latest runs failed at, by the task's name, whichever process ran them."""
        try:
            told: dict[str, str] = json.loads(self._told.read_text("utf-8"))
        except FileNotFoundError:
            return {}
        return told

    def _keep_on(self) -> None:
        pause = threading.Event()
        while not pause.wait(PAUSE):
            try:
                self.beat()
            except Exception as error:  # noqa: BLE001 - the next beat may succeed, as on a full disk
                _log.error("rhythm_failed", error=type(error).__name__)

    def _note(self, name: str, warning: str | None) -> None:
        if warning is None:
            self._warnings.pop(name, None)
        else:
            self._warnings[name] = warning
        draft = self._told.with_suffix(".draft")
        draft.write_text(json.dumps(self._warnings), "utf-8")
        draft.replace(self._told)


class _Lock:
    """A file that one process at a time holds, until it ends."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._held: int | None = None

    def hold(self) -> bool:
        """True if this process holds it, from now on."""
        if self._held is not None:
            return True
        opened = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(opened)
            return False
        self._held = opened
        return True


def _outcome(task: Task) -> str | None:
    """What went wrong in a run, as an operator is to read it; None if nothing did."""
    try:
        task.run()
    except AgentAssistError as error:
        _log.warning("task_failed", task=task.name, reason=str(error))
        return str(error)
    except Exception as error:  # noqa: BLE001 - whatever it was, the other tasks go on
        _log.error("task_failed", task=task.name, error=type(error).__name__)
        return _UNEXPECTED
    return None
