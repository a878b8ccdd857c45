"""Plant each defect of `mutants.toml` in a copy of the product and run the test that must find it.

A defect that its test does not find fails the run: a test is missing. So does a test that fails
without a defect, and a defect whose code is no longer there. `--write` puts the table into
`docs/reliability.md`.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from agent_assist.settings import ROOT

LIST = Path(__file__).parent / "mutants.toml"
PAGE = ROOT / "docs" / "reliability.md"
_TABLE = re.compile(r"(<!-- mutants -->\n).*?(<!-- /mutants -->)", re.DOTALL)
_TESTS_FAILED = 1
_COUNTED = "1 failed"  # and not an error of what the test needs
_NOT_COPIED = ("agent_assist.egg-info", "node_modules", "__pycache__", ".git", "var", ".*")
_LINKED = (".venv", ".test-data")


@dataclass(frozen=True)
class Mutant:
    """A defect: in `file`, `find` becomes `put`; `test` must fail for it."""

    name: str
    breaks: str
    file: str
    find: str
    put: str
    test: str


@dataclass(frozen=True)
class Ran:
    """What became of a defect."""

    mutant: Mutant
    killed: bool
    seconds: float


class Stale(Exception):
    """The code that a defect changes is not there, or stands more than once."""


def read_mutants() -> tuple[Mutant, ...]:
    """All defects of the list."""
    held = tomllib.loads(LIST.read_text(encoding="utf-8"))
    return tuple(Mutant(**one) for one in held["mutant"])


def planted(mutant: Mutant, root: Path = ROOT) -> str:
    """The file's text with the defect; Stale if that cannot be told."""
    source = (root / mutant.file).read_text(encoding="utf-8")
    if source.count(mutant.find) != 1:
        raise Stale(f"{mutant.name}: its code stands {source.count(mutant.find)} times in the file")
    return source.replace(mutant.find, mutant.put)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", help="only these, such as m1; all without")
    parser.add_argument("--write", action="store_true", help="put the table into the documentation")
    given = parser.parse_args()
    mutants = [one for one in read_mutants() if not given.names or one.name in given.names]
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        copy = _copy(Path(folder) / "copy")
        tests = sorted({one.test for one in mutants})
        say(f"without any defect, {len(tests)} tests …")
        code, told = _run(copy, tests)
        if code:
            say(f"a test fails without any defect:\n{told[-3000:]}")
            return 1
        ran = [_try(copy, mutant) for mutant in mutants]
    survivors = [one.mutant.name for one in ran if not one.killed]
    if given.write and not survivors:
        _write(ran)
    say(f"{len(ran) - len(survivors)} of {len(ran)} found {'; not: ' if survivors else ''}"
        + ", ".join(survivors))  # fmt: skip
    return int(bool(survivors))


def say(line: str) -> None:
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()


def _try(copy: Path, mutant: Mutant) -> Ran:
    path = copy / mutant.file
    sound = path.read_text(encoding="utf-8")
    path.write_text(planted(mutant, copy), encoding="utf-8")
    began = time.monotonic()
    try:
        code, told = _run(copy, [mutant.test])
    finally:
        path.write_text(sound, encoding="utf-8")
    killed = code == _TESTS_FAILED and _COUNTED in told
    ran = Ran(mutant, killed, time.monotonic() - began)
    end = "found" if killed else "SURVIVED"
    say(f"  {mutant.name:<5} {end} in {ran.seconds:.0f} s: {mutant.breaks}")
    return ran


def _run(copy: Path, tests: Sequence[str]) -> tuple[int, str]:
    """pytest's exit code and words. Nothing may be skipped: a skipped test finds nothing."""
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", *tests]
    environment = {**os.environ, "REQUIRE_ALL_TESTS": "1", "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        command, cwd=copy, env=environment, capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout + done.stderr


def _copy(copy: Path) -> Path:
    shutil.copytree(ROOT, copy, symlinks=True, ignore=shutil.ignore_patterns(*_NOT_COPIED))
    for name in _LINKED:
        (copy / name).symlink_to((ROOT / name).resolve())
    return copy


def _write(ran: Sequence[Ran]) -> None:
    rows = [_row(one) for one in ran]
    table = "\n".join(("| | Defect | Found by | in |", "|---|---|---|---|", *rows)) + "\n"
    page = PAGE.read_text(encoding="utf-8")
    PAGE.write_text(_TABLE.sub(lambda found: found[1] + table + found[2], page), encoding="utf-8")


def _row(one: Ran) -> str:
    mutant = one.mutant
    return f"| {mutant.name} | {mutant.breaks} | `{_short(mutant.test)}` | {one.seconds:.0f} s |"


def _short(test: str) -> str:
    path, _, name = test.partition("::")
    return f"{Path(path).stem}::{name}" if name else Path(path).stem


if __name__ == "__main__":
    sys.exit(main())
