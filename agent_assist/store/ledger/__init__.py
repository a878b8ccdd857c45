"""The ledger: grants reserved, captured and voided against budgets, exactly."""
