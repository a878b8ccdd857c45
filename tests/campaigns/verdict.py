"""What became of a campaign: figures, faults, and whether it tried enough to count."""

import argparse
import json
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass

PASSED, FAILED, VOID = 0, 1, 2
_SECONDS_BETWEEN_LINES = 5.0


@dataclass(frozen=True)
class Verdict:
    """The end of a campaign.

    Attributes:
        trials: how many independent trials were made.
        figures: what was counted and measured.
        faults: what must be 0, by name.
        void: why the campaign shows nothing; empty if it does.
    """

    campaign: str
    seed: int
    trials: int
    figures: Mapping[str, object]
    faults: Mapping[str, int]
    void: str = ""

    @property
    def exit_code(self) -> int:
        if any(self.faults.values()):
            return FAILED
        return VOID if self.void else PASSED

    @property
    def words(self) -> str:
        if self.exit_code == FAILED:
            return "FAILED: " + ", ".join(f"{n} {name}" for name, n in self.faults.items() if n)
        if self.void:
            return f"VOID: {self.void}"
        bound = 3 / self.trials  # the rule of three
        return f"passed: 0 faults in {self.trials} trials, so in fewer than {bound:.2%} (95 %)"

    def show(self, *, as_json: bool) -> int:
        """Print it; gives the exit code."""
        told = {
            "campaign": self.campaign,
            "seed": self.seed,
            "trials": self.trials,
            "verdict": self.words,
            "faults": dict(self.faults),
            "figures": dict(self.figures),
        }
        if as_json:
            sys.stdout.write(json.dumps(told, indent=2) + "\n")
        else:
            for name, value in {**self.faults, **self.figures}.items():
                sys.stdout.write(f"  {name:<24} {value}\n")
            sys.stdout.write(f"{self.campaign}, seed {self.seed}: {self.words}\n")
        return self.exit_code


class Progress:
    """A line on the error output every few seconds."""

    def __init__(self, what: str, total: int) -> None:
        self._what, self._total = what, total
        self._started = self._told = 0.0

    def at(self, done: int) -> None:
        present = time.monotonic()
        self._started = self._started or present
        if present - self._told < _SECONDS_BETWEEN_LINES and done < self._total:
            return
        self._told = present
        rate = done / max(present - self._started, 0.001)
        sys.stderr.write(f"  {done} of {self._total} {self._what}, {rate:.1f} a second\n")
        sys.stderr.flush()


def arguments(description: str | None, *, trials: str, usually: int) -> argparse.ArgumentParser:
    """What every campaign can be told."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument(f"--{trials}", dest="trials", type=int, default=usually)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", dest="as_json", action="store_true")
    return parser
