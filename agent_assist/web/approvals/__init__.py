"""Requests for approval: asking, deciding, and the queue of what waits."""
