"""`agent-assist limits` and `budgets`: sheets checked, exported, reviewed and replayed."""

import json
from pathlib import Path
from typing import Any

import pytest

from agent_assist.library.folder import read_library
from agent_assist.library.limit_sheet import LIMITS
from agent_assist.settings import ROOT
from tests.serving import run


@pytest.fixture
def deployed(data: Path) -> Path:
    assert run(data, "setup").returncode == 0
    return data


def told(data: Path, *words: str, code: int = 0) -> Any:
    done = run(data, *words, "--json")
    assert done.returncode == code, done.stderr
    return json.loads(done.stdout)


def test_what_is_exported_is_faultless_in_every_format_and_never_written_over(
    deployed: Path,
) -> None:
    for kind in ("limits", "budgets"):
        for ending in ("csv", "xlsx", "json"):
            file = str(deployed / f"{kind}.{ending}")
            exported = told(deployed, kind, "export", file)
            assert told(deployed, kind, "check", file) == {
                "ok": True,
                "rows": exported["rows"],
                "faults": [],
            }
    again = told(deployed, "limits", "export", str(deployed / "limits.csv"), code=1)
    assert "is there already" in again["error"]["message"]
    assert (
        "there is no"
        in told(deployed, "limits", "export", str(deployed / "x.csv"), "--version", "99", code=1)[
            "error"
        ]["message"]
    )


def test_every_fault_of_a_sheet_is_listed_by_cell(deployed: Path) -> None:
    sheet = deployed / "limits.csv"
    sheet.write_text(
        "row,issue,remedy,effect,ceiling.rep\nR1,nothing,fee_waiver,allow,1e2\nR1,,x,allow,1\n",
        encoding="utf-8",
    )

    found = told(deployed, "limits", "check", str(sheet), code=1)

    assert [fault["cell"] for fault in found["faults"]] == ["B2", "E2", "A3", "C3"]


def test_a_review_tells_errors_by_its_exit_code(deployed: Path) -> None:
    sheet = deployed / "limits.csv"
    sheet.write_text(
        "row,issue,remedy,effect,ceiling.rep,ceiling.senior\n"
        "R1,cash_withdrawal_charge,fee_waiver,allow,10.00,5.00\n",
        encoding="utf-8",
    )

    found = told(deployed, "limits", "review", str(sheet), code=1)

    falls = next(one for one in found["findings"] if one["code"] == "ladder_falls")
    assert (falls["severity"], falls["rows"]) == ("error", ["R1"])


def test_what_a_suggestion_logged_is_replayed(deployed: Path) -> None:
    facts = json.dumps({"customer.tier": "plus", "fee.disclosed": False})
    asked = "the cash machine took a fee nobody told me about"
    assert run(deployed, "suggest", asked, "--facts", facts).returncode == 0
    live, none = deployed / "live.json", deployed / "none.json"
    told(deployed, "limits", "export", str(live))
    bank = read_library(ROOT / "policies" / "bank")
    none.write_bytes(LIMITS.file(none.name, (), bank.vocabulary))

    same = told(deployed, "limits", "replay", str(live))
    report = deployed / "report.json"
    gone = told(deployed, "limits", "replay", str(none), "--report", str(report))
    later = told(deployed, "limits", "replay", str(none), "--since", "2999-01-01")

    assert same["total"]["cases"] == same["total"]["same"] > 0
    assert gone["total"]["cases"] == same["total"]["cases"]
    assert gone["total"]["more"] == 0
    assert gone["left_out"] == {}
    assert json.loads(report.read_text(encoding="utf-8")) == gone
    assert later["total"]["cases"] == 0
