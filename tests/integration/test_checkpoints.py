"""Checkpoints: whoever holds one can tell what was done to the audit before it was made."""

import json
import os
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from random import Random
from threading import Thread
from typing import Any, NamedTuple

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Engine, create_engine
from sqlalchemy.orm import sessionmaker

from agent_assist import chain
from agent_assist.attest import Attester, ChainBroken, NotDelivered
from agent_assist.chain import Checkpoint, Entry, read_checkpoint, sign
from agent_assist.store.audit import Act, AuditStore, append
from agent_assist.store.database import Database, configure
from tests.conftest import upgrade
from tests.serving import run, serving

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
KEY = Ed25519PrivateKey.from_private_bytes(b"k" * 32)
STRANGER = Ed25519PrivateKey.from_private_bytes(b"s" * 32)
ATTACKS = int(os.environ.get("AUDIT_ATTACKS", "1000"))
HISTORIES = 100


class Witnessed:
    """An audit whose clock is set by hand, and its checkpoints."""

    def __init__(self, engine: Engine, file: Path, url: str | None = None) -> None:
        self.sessions = sessionmaker(engine)
        self.audit = AuditStore(Database(self.sessions))
        self.file = file
        self.now = NOON
        self.attester = Attester(self.audit, KEY, file, url=url, now=lambda: self.now)

    def act(self, number: int = 1, act: str = "grant.reserved") -> None:
        for _ in range(number):
            with self.sessions.begin() as session:
                append(session, Act("rep:r-1", act, "g-1", {"amount": 100}), self.now)

    def lines(self) -> list[str]:
        return self.file.read_text(encoding="utf-8").splitlines(keepends=True)

    def verified(self) -> chain.Verification:
        return self.audit.verify(self.lines(), KEY.public_key())


@pytest.fixture
def witnessed(engine: Engine, tmp_path: Path) -> Witnessed:
    return Witnessed(engine, tmp_path / "checkpoints" / "audit.jsonl")


def test_a_checkpoint_is_made_when_something_changed_a_minute_ago_or_a_thousand_times(
    witnessed: Witnessed,
) -> None:
    made = []

    def beat(seconds: float, acts: int) -> None:
        witnessed.now += timedelta(seconds=seconds)
        witnessed.act(acts)
        witnessed.attester.attest_when_due()
        made.append(len(witnessed.lines()))

    for seconds, acts in ((0, 0), (0, 1), (59, 1), (1, 0), (600, 0), (1, 999), (1, 1), (60, 0)):
        beat(seconds, acts)

    assert made == [0, 1, 1, 2, 2, 3, 3, 4]
    assert witnessed.verified().witnessed == witnessed.verified().entries == 1002


def test_nothing_is_signed_over_a_chain_that_is_not_the_one_that_was_seen(
    witnessed: Witnessed, tmp_path: Path
) -> None:
    witnessed.act(3)
    witnessed.attester.attest()
    other = create_engine(f"sqlite:///{tmp_path / 'other.db'}")
    configure(other)
    upgrade(other)
    restored = Witnessed(other, witnessed.file)
    restored.act(2)

    with pytest.raises(ChainBroken, match="checkpoint 1"):
        restored.attester.attest()

    restored.now += timedelta(days=1)
    restored.act(9)
    with pytest.raises(ChainBroken):
        restored.attester.attest_when_due()
    assert len(witnessed.lines()) == 1
    other.dispose()


def test_a_checkpoint_that_was_half_written_at_a_power_loss_is_written_anew(
    witnessed: Witnessed,
) -> None:
    witnessed.act()
    witnessed.attester.attest()
    witnessed.act()
    whole = witnessed.lines()[0]
    witnessed.file.write_text(whole + '{"at":"2026-11-21T12', encoding="utf-8")
    assert witnessed.verified().is_sound

    witnessed.attester.attest()

    assert witnessed.lines()[0] == whole
    assert [read_checkpoint(line).seq for line in witnessed.lines()] == [1, 2]
    assert witnessed.verified().is_sound


def test_a_file_that_holds_something_else_is_never_written_to(witnessed: Witnessed) -> None:
    witnessed.act()
    witnessed.file.parent.mkdir()
    witnessed.file.write_text("notes of mine\n", encoding="utf-8")

    with pytest.raises(ChainBroken, match="damaged"):
        witnessed.attester.attest()

    assert witnessed.lines() == ["notes of mine\n"]


class Elsewhere(NamedTuple):
    """Another host that keeps checkpoints; it answers with the statuses, then with 204."""

    url: str
    taken: list[bytes]
    statuses: list[int]


@pytest.fixture
def elsewhere() -> Iterator[Elsewhere]:
    taken: list[bytes] = []
    statuses: list[int] = []

    class Keeper(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            status = statuses.pop(0) if statuses else 204
            if status == 204:
                taken.append(body)
            self.send_response(status)
            self.send_header("Location", f"http://127.0.0.1:{server.server_port}/other")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def do_GET(self) -> None:
            """Where a redirect would lead."""
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Keeper)
    Thread(target=server.serve_forever, daemon=True).start()
    yield Elsewhere(f"http://127.0.0.1:{server.server_port}/keep", taken, statuses)
    server.shutdown()
    server.server_close()


def test_the_newest_checkpoint_is_sent_once_and_again_until_it_is_taken(
    engine: Engine, tmp_path: Path, elsewhere: Elsewhere
) -> None:
    witnessed = Witnessed(engine, tmp_path / "c.jsonl", elsewhere.url)
    witnessed.attester.deliver()
    witnessed.act()
    witnessed.attester.attest()
    elsewhere.statuses[:] = [500, 302]

    for _ in range(2):
        with pytest.raises(NotDelivered, match="AGENT_ASSIST_CHECKPOINT_URL"):
            witnessed.attester.deliver()
    for _ in range(3):
        witnessed.attester.deliver()

    assert elsewhere.taken == [witnessed.lines()[0].encode()]


def test_where_nobody_listens_the_checkpoint_waits(engine: Engine, tmp_path: Path) -> None:
    witnessed = Witnessed(engine, tmp_path / "c.jsonl", "http://127.0.0.1:1/")
    witnessed.act()
    witnessed.attester.attest()

    with pytest.raises(NotDelivered, match="connection"):
        witnessed.attester.deliver()


def test_the_service_signs_by_itself_and_the_commands_check_it(data: Path, tmp_path: Path) -> None:
    copy = tmp_path / "chain.py"
    copy.write_bytes(Path(chain.__file__).read_bytes())
    with sqlite3.connect(data / "agent-assist.db") as held:
        before = held.execute("SELECT count(*) FROM audit").fetchone()[0]
    database = create_engine(f"sqlite:///{data / 'agent-assist.db'}")
    configure(database)
    # Of grants that the ledger has not, a service that lives long enough freezes the budgets.
    Witnessed(database, tmp_path / "unused").act(3, "sign_in")
    database.dispose()
    file = data / "checkpoints" / "audit.jsonl"

    with serving(data) as server:
        for _ in range(20_000):
            if file.exists() and file.read_text(encoding="utf-8").endswith("\n"):
                break
            server.ask("/readyz")
        _, ready = server.ask("/readyz")
    verified = json.loads(run(data, "audit", "verify", "--json").stdout)
    key = run(data, "audit", "key").stdout.strip()
    export = tmp_path / "chain.jsonl"
    export.write_text(run(data, "audit", "export").stdout, encoding="utf-8")
    alone = subprocess.run(
        [sys.executable, "-I", str(copy), key, str(export), str(file)],
        capture_output=True, text=True, check=False, cwd=tmp_path,
    )  # fmt: skip
    foreign = run(data, "audit", "verify", "--public-key", "00" * 32)

    assert ready["warnings"] == []
    acts = [json.loads(line)["act"] for line in export.read_text(encoding="utf-8").splitlines()]
    assert acts[before:] == ["sign_in"] * 3
    assert verified["entries"] == verified["witnessed"] == before + 3
    assert verified["broken"] is verified["bad_checkpoint"] is None
    assert (data / "checkpoint-key.pem").stat().st_mode & 0o777 == 0o600
    assert alone.returncode == 0, alone.stderr
    assert json.loads(alone.stdout)["witnessed"] == before + 3
    assert foreign.returncode == 1
    assert "checkpoint 1" in foreign.stderr


# What follows: an attacker who owns the database, and the checkpoints on the host, but not the
# key, nor the copy of the checkpoints that another host keeps.

AT = [(NOON + timedelta(seconds=n)).isoformat(timespec="microseconds") for n in range(100)]


def _history(random: Random, number: int) -> list[Entry]:
    entries: list[Entry] = []
    for seq in range(1, number + 1):
        content = {"amount": random.randrange(1, 10_000), "to": f"c-{random.randrange(9)}"}
        entries.append(
            Entry(seq, AT[seq], f"rep:r-{random.randrange(9)}", "grant", "g", content, "")
        )
    return _chained(entries, 1)


def _chained(entries: list[Entry], start: int) -> list[Entry]:
    """The entries, numbered and hashed anew from a place on."""
    chained = entries[: start - 1]
    for entry in entries[start - 1 :]:
        previous = chained[-1].hash if chained else chain.BEGINNING
        numbered = replace(entry, seq=len(chained) + 1, previous=previous)
        chained.append(replace(numbered, hash=numbered.reckoned()))
    return chained


def _checkpoints(random: Random, entries: list[Entry]) -> list[Checkpoint]:
    """Some of the places, and never none."""
    places = sorted(random.sample(range(1, len(entries) + 1), random.randrange(1, 8)))
    made: list[Checkpoint] = []
    for seq in places:
        at, last = entries[seq - 1].at, made[-1] if made else None
        made.append(sign(KEY, seq=seq, newest=entries[seq - 1].hash, at=at, after=last))
    return made


def _edited(random: Random, entry: Entry) -> Entry:
    field = random.choice(("content", "actor", "subject", "act", "at"))
    if field == "content":
        return replace(entry, content={**entry.content, "amount": 10_001})
    changed: dict[str, Any] = {field: AT[0] if field == "at" else "somebody"}
    return replace(entry, **changed)


def _edit(random: Random, entries: list[Entry], place: int) -> list[Entry]:
    return [*entries[: place - 1], _edited(random, entries[place - 1]), *entries[place:]]


def _delete(_random: Random, entries: list[Entry], place: int) -> list[Entry]:
    return entries[: place - 1] + entries[place:]


def _insert(random: Random, entries: list[Entry], place: int) -> list[Entry]:
    later = (replace(entry, seq=entry.seq + 1) for entry in entries[place - 1 :])
    return [*entries[: place - 1], _edited(random, entries[place - 1]), *later]


def _swap(random: Random, entries: list[Entry], place: int) -> list[Entry]:
    """Two entries take each other's place; the first of them is `place`."""
    swapped = list(entries)
    other = random.randrange(place, len(entries))
    one, two = swapped[place - 1], swapped[other]
    swapped[place - 1] = replace(two, seq=one.seq)
    swapped[other] = replace(one, seq=two.seq)
    return swapped


def _truncate(_random: Random, entries: list[Entry], place: int) -> list[Entry]:
    return entries[: place - 1]


def _turn_back_clock(_random: Random, entries: list[Entry], place: int) -> list[Entry]:
    return [*entries[: place - 1], *(replace(entry, at=AT[0]) for entry in entries[place - 1 :])]


Attack = Callable[[Random, list[Entry], int], list[Entry]]
ON_ENTRIES: tuple[Attack, ...] = (_edit, _delete, _insert, _swap, _truncate, _turn_back_clock)


def _attacked(random: Random, entries: list[Entry], witnessed: int) -> tuple[list[Entry], int, str]:
    """An attack below what the newest checkpoint vouches for: entries, first place, name."""
    attack = random.choice(ON_ENTRIES)
    place = random.randrange(1, witnessed + 1)
    if attack is _swap and place == len(entries):
        attack = _edit
    found = attack(random, entries, place)
    if random.random() < 0.5 and attack is not _truncate:
        return _chained(found, place), place, f"{attack.__name__}, written anew"
    return found, place, attack.__name__


def _rows(entries: list[Entry]) -> list[tuple[Any, ...]]:
    return [
        (
            one.seq, one.at.replace("T", " ").removesuffix("+00:00"), one.actor, one.act,
            one.subject, json.dumps(one.content), one.previous, one.hash,
        )
        for one in entries
    ]  # fmt: skip


@pytest.fixture
def owned(tmp_path: Path) -> Iterator[Callable[[list[Entry]], AuditStore]]:
    """The audit of a real database whose owner writes into it what they like."""
    path = tmp_path / "owned.db"
    engine = create_engine(f"sqlite:///{path}")
    configure(engine)
    upgrade(engine)
    owner = sqlite3.connect(path, isolation_level=None)
    for statement in (
        "PRAGMA foreign_keys=OFF", "PRAGMA synchronous=OFF",
        "DROP TRIGGER audit_update", "DROP TRIGGER audit_delete",
    ):  # fmt: skip
        owner.execute(statement)

    def write(entries: list[Entry]) -> AuditStore:
        owner.execute("BEGIN")
        owner.execute("DELETE FROM audit")
        owner.executemany("INSERT INTO audit VALUES (?,?,?,?,?,?,?,?)", _rows(entries))
        owner.execute("COMMIT")
        return AuditStore(Database(sessionmaker(engine)))

    yield write
    owner.close()
    engine.dispose()


def test_every_attack_on_what_a_checkpoint_elsewhere_vouches_for_is_found_and_placed(
    owned: Callable[[list[Entry]], AuditStore],
) -> None:
    random, tried = Random(17), Counter[str]()
    for _ in range(ATTACKS):
        entries = _history(random, random.randrange(8, 40))
        checkpoints = _checkpoints(random, entries)
        found, place, name = _attacked(random, entries, checkpoints[-1].seq)
        tried[name] += 1

        lines = [one.line + "\n" for one in checkpoints]
        verified = owned(found).verify(lines, KEY.public_key())

        assert verified.bad_entry is not None, name
        # The place itself; or, where all was written anew, the stretch between two checkpoints.
        first, last = verified.bad_entry.first, verified.bad_entry.last
        assert verified.entries < place, name
        assert first <= place <= last or (first == last and place <= first <= place + 1), name
    assert len(tried) == 2 * len(ON_ENTRIES) - 1


def _replaced(random: Random, lines: list[Checkpoint], place: int) -> tuple[list[str], str]:
    """The checkpoints of the host after an attack on the one at a place, from 1."""
    one, before = lines[place - 1], lines[place - 2] if place > 1 else None
    fields: dict[str, Any] = {
        "seq": one.seq + 1,
        "hash": "f" * 64,
        "at": AT[0],
        "previous": "e" * 64,
    }
    field = random.choice(sorted(fields))
    forged = {
        "changed": replace(one, **{field: fields[field]}),
        "signed by a stranger": sign(
            STRANGER, seq=one.seq, newest="f" * 64, at=one.at, after=before
        ),
        "another's signature": replace(one, hash="f" * 64, signature=lines[0].signature),
        "unsigned": replace(one, signature=""),
    }
    name = random.choice([*forged, "left out", "twice", "no checkpoint"])
    texts = [one.line + "\n" for one in lines]
    match name:
        case "left out" if place < len(lines):
            del texts[place - 1]
        case "left out" | "no checkpoint":
            texts[place - 1] = "{}\n"
        case "twice":
            texts.insert(place, texts[place - 1])
        case _:
            texts[place - 1] = forged[name].line + "\n"
    return texts, name


def test_every_checkpoint_that_was_replaced_is_found_and_named() -> None:
    random = Random(23)
    for _ in range(ATTACKS):
        entries = _history(random, 12)
        checkpoints = _checkpoints(random, entries)
        place = random.randrange(1, len(checkpoints) + 1)
        lines, name = _replaced(random, checkpoints, place)

        verified = chain.verify(entries, lines, KEY.public_key())

        assert verified.bad_checkpoint is not None, name
        expected = place + 1 if name == "twice" else place
        assert verified.bad_checkpoint.first == expected, name
        assert verified.bad_entry is None, name


def test_checkpoints_of_two_files_cannot_be_mixed_though_one_key_signed_both() -> None:
    entries = _history(Random(7), 6)
    one: list[Checkpoint] = []
    other: list[Checkpoint] = []
    for made, at in ((one, AT[1]), (other, AT[2])):
        for entry in entries[::2]:
            last = made[-1] if made else None
            made.append(sign(KEY, seq=entry.seq, newest=entry.hash, at=at, after=last))
    lines = [found.line + "\n" for found in (one[0], other[1], one[2])]

    verified = chain.verify(entries, lines, KEY.public_key())

    assert verified.bad_checkpoint is not None
    assert verified.bad_checkpoint.first == 2


def test_no_honest_history_is_ever_suspected(
    owned: Callable[[list[Entry]], AuditStore],
) -> None:
    random = Random(31)
    for _ in range(HISTORIES):
        entries = _history(random, random.randrange(8, 40))
        lines = [one.line + "\n" for one in _checkpoints(random, entries)]
        if random.random() < 0.3:  # the machine stopped while it wrote the last one
            lines[-1] = lines[-1][: random.randrange(len(lines[-1]))]

        verified = owned(entries).verify(lines, KEY.public_key())

        assert verified.is_sound
        assert verified.entries == len(entries)


def test_an_export_reads_back_as_the_same_chain() -> None:
    entries = _history(Random(5), 20)

    lines = [chain.canonical(asdict(entry)) + "\n" for entry in entries]

    assert list(chain.read_entries(lines)) == entries
