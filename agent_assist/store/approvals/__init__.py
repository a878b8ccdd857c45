"""Approval requests: asked, decided, withdrawn and expired, each in one transaction."""
