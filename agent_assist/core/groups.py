"""Groups of an identity provider, and what they make of a person here."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class GroupRule:
    """What being in a group gives: a level, a team, the flag of administrators, or some of them."""

    name: str
    level: str | None = None
    team: str | None = None
    admin: bool = False


@dataclass(frozen=True, slots=True)
class Granted:
    """What all of somebody's groups give together; None where none of them says."""

    level: str | None
    team: str | None
    admin: bool


def granted_by(
    groups: Collection[str], rules: Sequence[GroupRule], ladder: Sequence[str]
) -> Granted | None:
    """What groups give: the highest level with its team; None if no rule is about any of them.

    Args:
        groups: that somebody is in; those that no rule is about give nothing.
        rules: in the order in which the first team that is named counts.
        ladder: keys of the levels, lowest first. Others give nothing.
    """
    theirs = [rule for rule in rules if rule.name in groups]
    if not theirs:
        return None
    leveled = [rule for rule in theirs if rule.level in ladder]
    # The first of the highest; its own team before those of others.
    highest = max(leveled, key=lambda rule: ladder.index(str(rule.level)), default=None)
    teams = [rule.team for rule in ([highest] if highest else []) + theirs if rule.team]
    return Granted(
        level=None if highest is None else highest.level,
        team=teams[0] if teams else None,
        admin=any(rule.admin for rule in theirs),
    )
