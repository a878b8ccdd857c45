"""A small, faultless library folder that tests break in one place at a time."""

from collections.abc import Callable
from pathlib import Path

import pytest

LIBRARY = """\
name = "Small"
locale = "en"
currency = "EUR"
time_zone = "Europe/Berlin"
levels = [{ key = "rep", label = "Rep" }, { key = "supervisor", label = "Supervisor" }]
[economics]
customer_value = { low = "1.00", likely = "2.00", high = "3.00" }
[economics.loyalty_loss]
resolved = { low = "0.1", likely = "0.2", high = "0.3" }
repeated = { low = "0.1", likely = "0.2", high = "0.3" }
unresolved = { low = "0.1", likely = "0.2", high = "0.3" }
"""
ISSUES = """\
[fee]
name = "Charged a fee"
cause = "process"
description = "The customer asks about a fee."
"""
FACTS = """\
["customer.tier"]
type = "choice"
choices = ["basic", "plus"]
label = "Tier"
ask = "Which tier?"

["fee.amount"]
type = "money"
label = "Fee"
ask = "How much?"
"""
REMEDIES = """\
[fee_waiver]
label = "Waive the fee"
kind = "goodwill"
unit = "money"
reversible = true
reason_codes = ["first_time"]
"""
LIMITS = """\
row,issue,remedy,effect,customer.tier,fee.amount,ceiling.rep,ceiling.supervisor,say
R1,fee,fee_waiver,allow,plus,<= 50.00,15.00,50% of fee.amount max 40.00,Let me take it off.
"""
BUDGETS = """\
budget,scope,window,remedies,amount.rep,warn_at
B1,customer,90d,fee_waiver,50.00,80%
"""
POLICY = """\
---
id: fees/fee
title: A fee
issues: [fee]
explanation_type: justification
owner: fees-team
review_by: 2099-01-01
sources: [Terms 1]
examples: [why a fee, what is this charge, you took money]
---
## Say
Let me explain.

## Why
Because it costs us money to keep this going.

## Steps
1. Look.
2. Explain.
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    files = {
        "library.toml": LIBRARY,
        "issues.toml": ISSUES,
        "facts.toml": FACTS,
        "remedies.toml": REMEDIES,
        "limits.csv": LIMITS,
        "budgets.csv": BUDGETS,
        "fee.md": POLICY,
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


@pytest.fixture
def change(folder: Path) -> Callable[[str, str, str], None]:
    def edit(name: str, old: str, new: str) -> None:
        path = folder / name
        text = path.read_text(encoding="utf-8")
        assert old in text, f"{name} has no {old!r} to break"
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    return edit
