"""Drafts of limits, budgets and policies, and the versions they become."""
