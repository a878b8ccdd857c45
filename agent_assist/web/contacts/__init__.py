"""Contacts: what is suggested in them, how they ended, how their days went."""
