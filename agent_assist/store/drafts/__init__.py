"""Drafts of limits and budgets in the database: acts that are only added to, and what they say."""
