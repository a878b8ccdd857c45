"""Remedies given, what budgets have left, and the brake."""
