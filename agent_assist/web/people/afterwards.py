"""Afterwards: where people go once they have signed in."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

SECOND_FACTOR = "/second-factor"
_AFTER = ("/panel", "/console", SECOND_FACTOR)  # whose pages a sign-in may lead to


@dataclass(frozen=True, slots=True)
class Afterwards:
    """What a sign-in is for.

    Attributes:
        place: where to go on; a page of ours, whatever was asked for.
        popup: whether a panel has opened the window, and waits for a code.
    """

    place: str
    popup: bool

    @classmethod
    def of(cls, asked: Mapping[str, str]) -> "Afterwards":
        """As an address or a form says."""
        wanted = asked.get("next", "")
        own = wanted in _AFTER or wanted.startswith(tuple(f"{page}/" for page in _AFTER))
        # Browsers read "\\" as "/", and leave line breaks out.
        place = wanted if own and wanted.isascii() and wanted.isprintable() else _AFTER[0]
        return cls(place, asked.get("popup") == "1")

    def at(self, page: str) -> str:
        """The address of a page that keeps it in mind."""
        return f"{page}?{urlencode({'next': self.place, **({'popup': '1'} if self.popup else {})})}"

    @property
    def onward(self) -> str:
        """Where whoever has signed in goes now."""
        return self.at("/login") if self.popup else self.place
