"""`agent-assist limits` and `budgets`: sheets checked, exported, reviewed and replayed."""

import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import NullPool, create_engine
from sqlalchemy.orm import sessionmaker

from agent_assist.core.draft_rows import TableKind
from agent_assist.library.folder import read_library
from agent_assist.library.limit_sheet import LIMITS
from agent_assist.settings import ROOT
from agent_assist.store.database import Database
from agent_assist.store.drafts.drafts import DraftStore
from tests.drafting import NOON
from tests.serving import invoke


@pytest.fixture
def deployed(data: Path) -> Path:
    assert invoke(data, "setup").exit_code == 0
    return data


def told(data: Path, *words: str, code: int = 0) -> Any:
    done = invoke(data, *words, "--json")
    assert done.exit_code == code, done.output
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


def test_a_sheet_becomes_a_draft_of_somebody_with_its_faults_by_cell_and_its_difference_in_words(
    deployed: Path,
) -> None:
    sheet = deployed / "limits.csv"
    told(deployed, "limits", "export", str(sheet))
    same = told(deployed, "limits", "import", str(sheet), "--by", "nobody")
    lines = sheet.read_text(encoding="utf-8").splitlines()
    header, last = lines[0].split(","), lines[-1].split(",")
    last[header.index("remedy")] = "no_such_remedy"
    sheet.write_text("\n".join([*lines[:-2], ",".join(last)]), encoding="utf-8")
    words = ("limits", "import", str(sheet))

    told(deployed, "users", "add", "ann", "--name", "Ann", "--level", "senior", "--team", "t-1")
    dry = told(deployed, *words, "--by", "ann", "--dry-run", code=1)
    nameless = invoke(deployed, *words)
    unknown = told(deployed, *words, "--by", "nobody", code=1)
    made = told(deployed, *words, "--by", "ann", code=1)

    cell = f"{chr(ord('A') + header.index('remedy'))}{len(lines) - 1}"
    assert (same["draft"], same["changes"]) == (None, [])
    assert [(one["cell"], one["code"]) for one in dry["faults"]] == [(cell, "unknown_remedy")]
    assert [(one["row"], one["kind"]) for one in dry["changes"]] == [
        ("R220", "changed"),
        ("R219", "removed"),
    ]
    assert nameless.exit_code == 2
    assert unknown["error"]["code"] == "unknown_person"
    assert made == dry | {"draft": made["draft"]}
    database = create_engine(f"sqlite:///{deployed / 'agent-assist.db'}", poolclass=NullPool)
    drafts = DraftStore(Database(sessionmaker(database)), lambda _: NOON)
    [(_, draft)] = drafts.page(TableKind.LIMITS, limit=9, before=None)
    assert (draft.id, draft.owner, draft.base) == (made["draft"], "ann", 1)
    assert draft.purpose == "import of limits.csv"
    _, rows = drafts.read(TableKind.LIMITS, draft.id)
    assert len(rows) == made["rows"] == len(lines) - 2
    assert rows["R220"]["remedy"] == "no_such_remedy"


def test_a_file_that_is_no_sheet_makes_no_draft(deployed: Path) -> None:
    told(deployed, "users", "add", "ann", "--name", "Ann", "--level", "senior", "--team", "t-1")
    sheet = deployed / "budgets.json"
    for content, code in (
        ('{"format": 1, "rows": [{"budget": "B1"}, {"budget": "B1"}]}', "duplicate"),
        ('{"format": 1, "rows": [{"budget": "=1"}]}', "bad_key"),
        ("[", "bad_json"),
    ):
        sheet.write_text(content, encoding="utf-8")
        refused = told(deployed, "budgets", "import", str(sheet), "--by", "ann", code=1)
        assert [one["code"] for one in refused["error"]["faults"]] == [code]
        assert refused["error"]["message"] == "the sheet has 1 fault"


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
    assert invoke(deployed, "suggest", asked, "--facts", facts).exit_code == 0
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
