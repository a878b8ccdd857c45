"""Ids of others: the CRM's names for customers, orders, contacts and people."""

import unicodedata


def same_form(text: str) -> str:
    """An id in the one form of all that are the same to Unicode, so that sums see one customer."""
    return unicodedata.normalize("NFC", text)
