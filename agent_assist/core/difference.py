"""What differs between two libraries, by key."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Protocol, TypeVar

from agent_assist.core.library import Library
from agent_assist.core.policy import Policy

T = TypeVar("T")


class Keyed(Protocol):
    """Something with a key of its own."""

    @property
    def key(self) -> str:
        """Its key, unique among its kind."""


@dataclass(frozen=True, slots=True)
class Changes:
    """Keys of one kind of thing that were added, changed and removed, each in order."""

    kind: str
    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.removed)


def difference(old: Library | None, new: Library) -> tuple[Changes, ...]:
    """Changes from `old` (None for nothing at all) to `new`, kinds without any left out."""
    before = old.vocabulary if old else None
    after = new.vocabulary
    settings = (after.name, after.locale, after.currency, after.time_zone, after.levels)
    settings_before = before and (
        before.name,
        before.locale,
        before.currency,
        before.time_zone,
        before.levels,
    )
    named: list[Changes] = [
        _changes("issue", before.issues.values() if before else (), after.issues.values(), _key),
        _changes("fact", before.facts.values() if before else (), after.facts.values(), _key),
        _changes(
            "remedy", before.remedies.values() if before else (), after.remedies.values(), _key
        ),
        _changes("policy", old.policies if old else (), new.policies, _policy_key),
        _changes("limit row", old.limits if old else (), new.limits, _key),
        _changes("budget", old.budgets if old else (), new.budgets, _key),
    ]
    if before is not None and (settings, after.economics) != (settings_before, before.economics):
        named.insert(0, Changes("setting", (), ("library.toml",), ()))
    return tuple(changes for changes in named if changes)


def _changes(kind: str, old: Iterable[T], new: Iterable[T], key: Callable[[T], str]) -> Changes:
    before = {key(one): one for one in old}
    after = {key(one): one for one in new}
    return Changes(
        kind=kind,
        added=tuple(one for one in after if one not in before),
        changed=tuple(k for k, one in after.items() if k in before and before[k] != one),
        removed=tuple(one for one in before if one not in after),
    )


def _key(thing: Keyed) -> str:
    return thing.key


def _policy_key(policy: Policy) -> str:
    return f"{policy.id} ({policy.locale})"
