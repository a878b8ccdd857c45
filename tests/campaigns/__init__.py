"""Campaigns: many trials of what must never happen, on a real server and real databases.

Each module runs alone, `python -m tests.campaigns.race --help`; `docs/reliability.md` says what
each of them shows. Their short forms are tests like any other.
"""
