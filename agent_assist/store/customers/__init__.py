"""Customers: what is held of one, and how they are erased."""
