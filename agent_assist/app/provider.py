"""The identity provider, where one is set: what speaks to it is not installed everywhere."""

from collections.abc import Callable, Sequence
from importlib import import_module

from agent_assist.admit.provided import Provided, Reading
from agent_assist.app.stores import Stores, now
from agent_assist.core.errors import SetupRefused
from agent_assist.settings import Settings


def open_provided(
    settings: Settings, stores: Stores, ladder: Callable[[], Sequence[str]]
) -> Provided | None:
    """What lets people in by the identity provider; None where none is set.

    Raises:
        SetupRefused: one is set, and what speaks to it is not installed.
    """
    told = settings.provider
    if told is None:
        return None
    try:
        module = import_module("agent_assist.admit.provider")
    except ModuleNotFoundError as missing:
        raise SetupRefused(
            f"AGENT_ASSIST_OIDC_ISSUER needs {missing.name}: pip install -r requirements-sso.txt"
        ) from None
    client = module.Client(told.issuer, told.client_id, told.client_secret, told.scopes)
    return Provided(
        module.Provider(client, now),
        Reading(told.id_claim, told.groups_claim, told.groups, told.second),
        stores.visits,
        stores.people,
        stores.sign_ins,
        stores.pepper,
        ladder,
    )
