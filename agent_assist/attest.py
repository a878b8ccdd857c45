"""Attest: sign where the audit's chain stands, keep that outside the database, hand it on."""

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from agent_assist.chain import BEGINNING, Checkpoint, read_checkpoint, sign
from agent_assist.core.errors import AgentAssistError
from agent_assist.post import Poster, anywhere
from agent_assist.store.audit import AuditStore

INTERVAL = timedelta(seconds=60)
MOST_ENTRIES = 1_000
"""A changed chain is attested after `INTERVAL`, or sooner if so many entries are new."""

_POST_SECONDS = 5
_LONGEST_LINE = 2_000


class ChainBroken(AgentAssistError):
    """The chain is not the one that the last checkpoint vouches for; nothing new is signed."""

    code = "chain_broken"


class NotDelivered(AgentAssistError):
    """The newest checkpoint could not be handed on; it will be tried again."""

    code = "checkpoint_not_delivered"


class Attester:
    """Makes checkpoints of the audit in a file, each only if the chain continues the one before.

    Args:
        file: to be kept and copied like a log; made when it is first needed.
        url: where each newest checkpoint is sent, for another host to keep; None for nowhere.
        now: gives the aware present.
    """

    def __init__(
        self,
        audit: AuditStore,
        key: Ed25519PrivateKey,
        file: Path,
        *,
        url: str | None,
        now: Callable[[], datetime],
    ) -> None:
        self._audit = audit
        self._key = key
        self._file = file
        self._url = url
        self._now = now
        self._delivered = 0

    @property
    def public_key(self) -> str:
        """64 hexadecimal digits; whoever checks must have them from elsewhere than from here."""
        return self._key.public_key().public_bytes_raw().hex()

    def attest_when_due(self) -> None:
        """Make a checkpoint if the chain has grown enough, or long enough ago.

        Raises:
            ChainBroken: the chain does not continue the last checkpoint.
        """
        self._attest(self._is_due)

    def attest(self) -> Checkpoint | None:
        """Make a checkpoint now if anything has changed; gives the newest, None for none at all.

        Raises:
            ChainBroken: the chain does not continue the last checkpoint.
        """
        return self._attest(lambda _seq, _last: True)

    def deliver(self) -> None:
        """Send the newest checkpoint, if it was not; it vouches for all that came before it.

        Raises:
            NotDelivered: the other side did not take it.
        """
        if self._url is None or not self._file.exists():
            return
        with self._file.open("rb") as file:
            newest = _last(file)
        if newest is not None and newest.number != self._delivered:
            _post(self._url, newest.line + "\n")
            self._delivered = newest.number

    def _attest(self, wanted: Callable[[int, Checkpoint | None], bool]) -> Checkpoint | None:
        with self._opened() as file:
            last = _last(file)
            seq, newest = self._continued(last)
            if seq == (last.seq if last else 0) or not wanted(seq, last):
                return last
            at = self._now().isoformat(timespec="seconds")
            made = sign(self._key, seq=seq, newest=newest, at=at, after=last)
            _append(file, made.line + "\n")
            return made

    def _is_due(self, seq: int, last: Checkpoint | None) -> bool:
        if last is None or seq - last.seq >= MOST_ENTRIES:
            return True
        # A clock that was set back must not silence it.
        return abs(self._now() - datetime.fromisoformat(last.at)) >= INTERVAL

    def _continued(self, last: Checkpoint | None) -> tuple[int, str]:
        """Place and hash of the newest entry, if all since the last checkpoint follow it."""
        seq, newest = (last.seq, last.hash) if last else (0, BEGINNING)
        found = self._audit.follow(seq, newest)
        if found.bad is not None:
            raise ChainBroken(
                f"the audit does not continue checkpoint {last.number if last else 0} (entry "
                f"{found.bad.first}: {found.bad.reason}): run `agent-assist audit verify`; after "
                "restoring a backup, move the file of checkpoints aside"
            )
        return found.seq, found.newest

    @contextmanager
    def _opened(self) -> Iterator[BinaryIO]:
        """The file, held by this process alone."""
        self._file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        opened = os.open(self._file, os.O_RDWR | os.O_CREAT, 0o600)
        with os.fdopen(opened, "r+b") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield file


def _last(file: BinaryIO) -> Checkpoint | None:
    """The last whole checkpoint of a file; None in an empty one."""
    size = file.seek(0, os.SEEK_END)
    file.seek(max(size - 2 * _LONGEST_LINE, 0))
    whole = file.read().rpartition(b"\n")[0]
    if not whole:
        return None
    try:
        return read_checkpoint(whole.rpartition(b"\n")[2].decode())
    except ValueError:
        detail = "the file of checkpoints is damaged: keep it, and move it aside"
        raise ChainBroken(detail) from None


def _append(file: BinaryIO, line: str) -> None:
    """Add a line and wait for the disk. What was half written before a power loss goes first."""
    size = file.seek(0, os.SEEK_END)
    file.seek(max(size - _LONGEST_LINE, 0))
    half = len(file.read().rpartition(b"\n")[2])
    file.truncate(size - half)
    file.seek(0, os.SEEK_END)
    file.write(line.encode())
    file.flush()
    os.fsync(file.fileno())


def _post(url: str, body: str) -> None:
    answer = Poster(anywhere, _POST_SECONDS).post(url, body.encode(), {})
    if not answer.is_taken:
        raise NotDelivered(
            f"the newest checkpoint was not taken by AGENT_ASSIST_CHECKPOINT_URL ({answer.why}); "
            "it is sent again in a minute"
        )
