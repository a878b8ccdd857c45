"""Webhooks: who outside is told of events, and what they were told."""
