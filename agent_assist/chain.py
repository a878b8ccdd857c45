"""The chain of the audit and its checkpoints: what they are, and how anybody can check them.

Each entry holds the hash of the one before it, so that none can be changed, left out or put in
between without breaking the chain there. What a chain cannot show by itself is that its end was
cut off, or that all of it was written anew: a *checkpoint* is a signed note of where the chain
stood, kept outside the database. Whoever holds one can tell.

This file needs nothing of the product but itself, Python and the package `cryptography`, so that
a copy of it checks what `agent-assist audit export` wrote, on any machine:

    python chain.py KEY chain.jsonl checkpoints.jsonl
"""

import hashlib
import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

BEGINNING = "0" * 64
"""What stands for the hash before the first entry, and before the first checkpoint."""

_CONTEXT = b"agent-assist audit checkpoint 1\n"  # what is signed here means nothing anywhere else


@dataclass(frozen=True, slots=True)
class Entry:
    """One act.

    Attributes:
        seq: its place, from 1 without gaps.
        at: when, in UTC, as ISO 8601 with microseconds.
        content: JSON without floats.
        previous, hash: hexadecimal SHA-256 of the entry before it, and of this one.
    """

    seq: int
    at: str
    actor: str
    act: str
    subject: str
    content: Mapping[str, Any]
    previous: str
    hash: str = ""

    def reckoned(self) -> str:
        """The hash it ought to have."""
        fields = {key: getattr(self, key) for key in _HASHED}
        return hashlib.sha256((self.previous + canonical(fields)).encode()).hexdigest()


_HASHED = ("seq", "at", "actor", "act", "subject", "content")


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """Where the chain stood, signed.

    Attributes:
        number: its place among the checkpoints, from 1 without gaps.
        seq, hash: of the newest entry; as there are no gaps, `seq` is also how many there were.
        at: when it was made, in UTC, as ISO 8601.
        previous: hexadecimal SHA-256 of the line of the checkpoint before it.
        signature: Ed25519, hexadecimal.
    """

    number: int
    seq: int
    hash: str
    at: str
    previous: str
    signature: str = ""

    @property
    def line(self) -> str:
        """The one text of it, without a line break."""
        return canonical(asdict(self))

    @property
    def digest(self) -> str:
        """What the next one holds of it."""
        return hashlib.sha256(self.line.encode()).hexdigest()

    def message(self) -> bytes:
        """What is signed: all but the signature."""
        fields = asdict(self)
        del fields["signature"]
        return _CONTEXT + canonical(fields).encode()

    def is_signed_by(self, key: Ed25519PublicKey) -> bool:
        """True if the owner of the key signed just this."""
        try:
            key.verify(bytes.fromhex(self.signature), self.message())
        except (InvalidSignature, ValueError):
            return False
        return True


@dataclass(frozen=True, slots=True)
class Bad:
    """Something that is not as it was written. It lies at `first`, or after it up to `last`."""

    first: int
    last: int
    reason: str


@dataclass(frozen=True, slots=True)
class Verification:
    """What became of a check.

    Attributes:
        entries: how many fit, from the first.
        newest: hash of the last of them.
        checkpoints: how many of these fit, from the first.
        witnessed: up to which entry they vouch; what came later may have been written anew.
        bad_entry, bad_checkpoint: the first of each that does not fit.
    """

    entries: int
    newest: str
    checkpoints: int
    witnessed: int
    bad_entry: Bad | None
    bad_checkpoint: Bad | None

    @property
    def is_sound(self) -> bool:
        """True if everything fits."""
        return self.bad_entry is None and self.bad_checkpoint is None


def canonical(content: object) -> str:
    """The one text of a JSON document without floats."""
    return json.dumps(content, sort_keys=True, ensure_ascii=True, separators=(",", ":"))


def sign(
    key: Ed25519PrivateKey, *, seq: int, newest: str, at: str, after: Checkpoint | None
) -> Checkpoint:
    """A checkpoint of a chain whose newest entry is `seq`, after the one before it."""
    number, previous = (1, BEGINNING) if after is None else (after.number + 1, after.digest)
    unsigned = Checkpoint(number, seq, newest, at, previous)
    signature = key.sign(unsigned.message()).hex()
    return Checkpoint(number, seq, newest, at, previous, signature)


def read_checkpoint(line: str) -> Checkpoint:
    """A checkpoint from its line; ValueError if it is none."""
    fields = json.loads(line)
    if not isinstance(fields, dict) or fields.keys() != set(Checkpoint.__slots__):
        raise ValueError("not a checkpoint")
    found = Checkpoint(**fields)
    whole, texts = (found.number, found.seq), (found.hash, found.at, found.previous)
    if not all(type(one) is int for one in whole) or not all(
        isinstance(one, str) for one in (*texts, found.signature)
    ):
        raise ValueError("not a checkpoint")
    return found


def verify(
    entries: Iterable[Entry], checkpoints: Iterable[str] = (), key: Ed25519PublicKey | None = None
) -> Verification:
    """Follow the chain from its first entry, past every checkpoint.

    Args:
        entries: in order.
        checkpoints: their lines, in order. A last one without its line break was being written
            when the machine stopped, and is passed over.
        key: of those who signed; without one, checkpoints are not looked at.
    """
    sound, bad_checkpoint = ([], None) if key is None else _sound(checkpoints, key)
    number, newest, bad = _follow(entries, sound)
    return Verification(
        entries=number,
        newest=newest,
        checkpoints=len(sound),
        witnessed=max((one.seq for one in sound if one.seq <= number), default=0),
        bad_entry=bad,
        bad_checkpoint=bad_checkpoint,
    )


def fault(entry: Entry, place: int, previous: str) -> str | None:
    """Why an entry cannot be the one at a place, after one with a hash; None if it can."""
    if entry.seq != place:
        return f"entry {place} is missing"
    if entry.previous != previous:
        return "it does not follow the entry before it"
    if entry.hash != entry.reckoned():
        return "it is not what was written"
    return None


def _follow(
    entries: Iterable[Entry], checkpoints: Sequence[Checkpoint]
) -> tuple[int, str, Bad | None]:
    """How many entries fit, the hash of the last of them, and what comes after them."""
    number, newest = 0, BEGINNING
    agreed = number, newest
    left = list(reversed(checkpoints))
    for entry in entries:
        reason = fault(entry, number + 1, newest)
        if reason:
            return number, newest, Bad(entry.seq, entry.seq, reason)
        if left and left[-1].seq == entry.seq:
            seen = left.pop()
            if seen.hash != entry.hash:
                reason = f"checkpoint {seen.number} saw another entry {seen.seq}: written anew"
                return *agreed, Bad(agreed[0] + 1, seen.seq, reason)
            agreed = entry.seq, entry.hash
        number, newest = number + 1, entry.hash
    if left:
        seen = left[0]
        # What is left may have been written anew as well, so only what was witnessed is sound.
        reason = f"cut off: {number} are left of the {seen.seq} that checkpoint {seen.number} saw"
        return *agreed, Bad(agreed[0] + 1, seen.seq, reason)
    return number, newest, None


def _sound(lines: Iterable[str], key: Ed25519PublicKey) -> tuple[list[Checkpoint], Bad | None]:
    """The checkpoints that fit, from the first, and the first that does not."""
    sound: list[Checkpoint] = []
    for number, line in enumerate(lines, start=1):
        if not line.endswith("\n"):
            break
        try:
            found = read_checkpoint(line)
        except ValueError:
            return sound, Bad(number, number, "it is not a checkpoint")
        reason = _misfit(found, sound[-1] if sound else None, key)
        if reason:
            return sound, Bad(number, number, reason)
        sound.append(found)
    return sound, None


def _misfit(found: Checkpoint, before: Checkpoint | None, key: Ed25519PublicKey) -> str | None:
    if not found.is_signed_by(key):
        return "it was not signed with this key, or was changed since"
    number, seq, previous = (0, 0, BEGINNING)
    if before is not None:
        number, seq, previous = before.number, before.seq, before.digest
    if found.number != number + 1 or found.previous != previous or found.seq <= seq:
        return "it does not follow the checkpoint before it"
    return None


def read_entries(lines: Iterable[str]) -> Iterator[Entry]:
    """The entries of an export, one to a line; a line that is none ends in a TypeError."""
    for line in lines:
        yield Entry(**json.loads(line))


def public_key(text: str) -> Ed25519PublicKey:
    """A public key from its 64 hexadecimal digits; ValueError if it is none."""
    return Ed25519PublicKey.from_public_bytes(bytes.fromhex(text))


def main(words: Sequence[str]) -> int:
    """Check files; the exit code is 1 if something is not as it was written."""
    if len(words) != 3:
        sys.stderr.write("usage: python chain.py KEY chain.jsonl checkpoints.jsonl\n")
        return 2
    with open(words[1], encoding="utf-8") as chain, open(words[2], encoding="utf-8") as notes:  # noqa: PTH123 - stands alone, as short as can be
        found = verify(read_entries(chain), notes, public_key(words[0]))
    sys.stdout.write(canonical(asdict(found)) + "\n")
    return 0 if found.is_sound else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
