"""What is planted in an organisation, and how large it is; the wordings of a policy have their own.

Nothing else in it differs from case to case but by chance: what is found beside it is false.
"""

from dataclasses import dataclass

LOW, HONEST, GENEROUS, RARE, NARROW, DENY = "LOW", "HONEST", "GENEROUS", "RARE", "NARROW", "DENY"
"""Rows: a ceiling that may be too low and one that is not, one that may be too high, a row that may
decide nothing, and two that decide nothing and guard."""

SPENDERS, GROWING, PARTNERS = "t-2", "product", ("s-1", "s-2")
"""A team, a cause, and two supervisors."""


@dataclass(frozen=True, slots=True)
class Truth:
    """The sizes of what is planted.

    Attributes:
        approved: of what is decided beyond the ceiling of `LOW`; of others 0.7.
        needed: the mean of what is given by `GENEROUS`, of its ceiling.
        met: of the cases about it, how many meet `RARE`.
        grown: by how much the share of `GROWING` among causes grows over the time.
        gives: of contacts of `SPENDERS`, in how many something is given; of others 0.3.
        favours: how often each of `PARTNERS` approves what the other asks for.
    """

    approved: float
    needed: float
    met: float
    grown: float
    gives: float
    favours: int


PLANTED = Truth(approved=0.99, needed=0.07, met=0.0, grown=0.2, gives=0.45, favours=8)
NULL = Truth(approved=0.7, needed=0.5, met=0.05, grown=0.0, gives=0.3, favours=0)
"""An organisation in which there is nothing to be found."""
