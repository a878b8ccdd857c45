"""Ids of others: the CRM's names for customers, orders, contacts and people."""

import unicodedata


def same_form(text: str) -> str:
    """An id in the one form of all that are the same to Unicode, so that sums see one customer."""
    return unicodedata.normalize("NFC", text)


SESSION = "p-"
"""The id of a person's session begins with it; no key's does."""


def by_caller(key_id: str) -> str:
    """How acts name the key or the session that asked for them."""
    return f"session:{key_id}" if key_id.startswith(SESSION) else f"key:{key_id}"
