"""Proofs: how and when somebody has shown who they are."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Means(StrEnum):
    """How somebody has shown who they are.

    PASSWORD: by their password. SECOND: by that, and a second factor. PROVIDER: by the word of an
    identity provider. PROVIDER_SECOND: by that, and a second factor, there or here. HOST: by the
    word of a page that has launched a panel for them. DEMO: not at all, for they are simulated.
    """

    PASSWORD = "password"  # noqa: S105  a word for it, and none itself
    SECOND = "second"
    PROVIDER = "provider"
    PROVIDER_SECOND = "provider_second"
    HOST = "host"
    DEMO = "demo"


SINGLE = {Means.PASSWORD: Means.SECOND, Means.PROVIDER: Means.PROVIDER_SECOND}
"""What is one factor alone, and what it becomes with a second."""


@dataclass(frozen=True, slots=True)
class Proof:
    """That somebody has shown who they are."""

    means: Means
    at: datetime
