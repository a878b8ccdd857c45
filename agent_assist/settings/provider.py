"""The settings of an identity provider: who it is, and what its groups give."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from agent_assist.core.groups import GroupRule
from agent_assist.settings.values import read_path

_KEYS = {"name", "level", "team", "admin"}


@dataclass(frozen=True, slots=True)
class OidcProvider:
    """An identity provider that people may sign in by (OpenID Connect).

    Attributes:
        issuer: its address, exactly as its tokens say.
        client_id, client_secret: ours there.
        scopes: what is asked for.
        id_claim: the claim that holds the id by which a person is known here.
        groups_claim, groups: the claim that lists groups, and what these give; empty where people
            are looked after here alone.
        second: values of `amr` or `acr` that say that a second factor was shown.
    """

    issuer: str
    client_id: str
    client_secret: str
    scopes: tuple[str, ...]
    id_claim: str
    groups_claim: str
    groups: tuple[GroupRule, ...]
    second: frozenset[str]


def read_words(text: str) -> tuple[str, ...]:
    """Words with spaces or commas between."""
    words = tuple(text.replace(",", " ").split())
    if not words or not text.isascii() or not text.isprintable():
        raise ValueError("must be words with spaces between")
    return words


def read_names(text: str) -> frozenset[str]:
    """As `read_words`, in no order."""
    return frozenset(read_words(text))


def read_groups(text: str) -> tuple[GroupRule, ...]:
    """What groups give, from a TOML file of `[[groups]]`."""
    path = read_path(text)
    try:
        told = tomllib.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise ValueError(f"must be a TOML file that can be read: {error}") from None
    if set(told) != {"groups"} or not isinstance(told["groups"], list) or not told["groups"]:
        raise ValueError("must hold [[groups]] and nothing else")
    return tuple(_rule(one, path) for one in told["groups"])


def _rule(told: Mapping[str, Any], path: Path) -> GroupRule:
    texts = {key: told.get(key) for key in ("name", "level", "team")}
    fine = (
        set(told) <= _KEYS
        and "name" in told
        and all(one is None or (isinstance(one, str) and one.strip()) for one in texts.values())
        and isinstance(told.get("admin", False), bool)
        and len(told) > 1
    )
    if not fine:
        form = "each of [[groups]] has a name, and level, team (texts) or admin (true)"
        raise ValueError(f"of {path.name}: {form}")
    return GroupRule(
        str(told["name"]), told.get("level"), told.get("team"), told.get("admin", False)
    )
