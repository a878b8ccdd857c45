"""Known defects, planted one at a time, each to be found by a test that is named beside it."""
