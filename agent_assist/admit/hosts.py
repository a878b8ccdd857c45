"""Hosts: which pages may embed the panel, and what they sign launch tokens with."""

import re
from collections.abc import Sequence
from ipaddress import ip_address
from urllib.parse import urlsplit

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from agent_assist.admit.pepper import Pepper, new_secret
from agent_assist.core.errors import FieldProblem, InvalidInput
from agent_assist.store.hosts import Host, HostKind, HostStore

DEMO = "demo"
"""Id of the page that the demonstration brings with it; nobody else's."""

_ID = re.compile(r"[a-z][a-z0-9-]{0,62}", re.ASCII)
_NAME = re.compile(r"[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?", re.ASCII)
_MOST_ORIGINS = 20
_LEAST_BITS = 2048


class Hosts:
    """Registers the pages that may embed the panel.

    Args:
        store: where they are kept.
        pepper: from which, with a host's salt, its secret follows: the database alone signs
            nothing.
    """

    def __init__(self, store: HostStore, pepper: Pepper) -> None:
        self._store = store
        self._pepper = pepper

    def add(
        self,
        host_id: str,
        kind: HostKind,
        origins: Sequence[str],
        by: str,
        *,
        public_key: str = "",
        audience: str = "",
    ) -> tuple[Host, str | None]:
        """Register a page; gives it and its secret, which is shown this once (None: it has none).

        Raises:
            InvalidInput: names all that is wrong, and an id that is taken.
        """
        problems = _problems(host_id, kind, origins, public_key, audience)
        if problems:
            raise InvalidInput(problems)
        signs = kind is HostKind.GENERIC
        host = Host(
            host_id,
            kind,
            tuple(dict.fromkeys(origins)),
            new_secret() if signs else "",
            public_key,
            audience,
        )
        self._store.add(host, by)
        return host, self.secret(host) if signs else None

    def secret(self, host: Host) -> str:
        """What a page signs its launch tokens with."""
        return self._pepper.hash(f"launch/{host.id}/{host.salt}")

    def find(self, host_id: str) -> Host | None:
        """The page with an id; None if there is none."""
        return self._store.find(host_id) if _ID.fullmatch(host_id) else None

    def all(self) -> tuple[Host, ...]:
        """Every page, by its id."""
        return self._store.all()

    def remove(self, host_id: str, by: str) -> None:
        """Forget a page, and end what was opened in it; NotFound if there is none."""
        self._store.remove(host_id, by)


def _problems(
    host_id: str, kind: HostKind, origins: Sequence[str], public_key: str, audience: str
) -> list[FieldProblem]:
    problems = []
    if not _ID.fullmatch(host_id) or host_id == DEMO:
        detail = "must be small letters, digits and dashes, at most 63, and not `demo`"
        problems.append(FieldProblem("/id", "wrong_form", detail))
    if not 1 <= len(origins) <= _MOST_ORIGINS:
        detail = f"name 1 to {_MOST_ORIGINS} origins"
        problems.append(FieldProblem("/origins", "wrong_count", detail))
    problems += [
        FieldProblem(f"/origins/{place}", "wrong_form", f"{origin[:80]!r} {fault}")
        for place, origin in enumerate(origins)
        if (fault := _origin_fault(origin))
    ]
    if kind is HostKind.ZENDESK:
        if not _is_rsa(public_key):
            detail = f"must be an RSA public key of {_LEAST_BITS} bits or more, in PEM"
            problems.append(FieldProblem("/public_key", "wrong_form", detail))
        if not (audience and audience.isprintable()):
            detail = "must be the installation's URL, as its tokens say in `aud`"
            problems.append(FieldProblem("/audience", "missing", detail))
    elif public_key or audience:
        detail = "only a Zendesk host has a public key and an audience"
        problems.append(FieldProblem("/public_key", "unexpected", detail))
    return problems


def _origin_fault(origin: str) -> str | None:
    """Why this is not exactly how a browser names a page's origin; None if it is."""
    form = "must be like https://crm.example.com, without a path, a star or a slash at its end"
    try:
        parts = urlsplit(origin)
        port = "" if parts.port is None else f":{parts.port}"
        name = parts.hostname or ""
    except ValueError:
        return form
    bracketed = f"[{name}]" if ":" in name else name
    # Letter by letter what a browser would send: no capitals, no default port, no other alphabet.
    known = _is_address(name) or _NAME.fullmatch(name)
    if not known or origin != f"{parts.scheme}://{bracketed}{port}":
        return form
    if (parts.scheme, port) in (("https", ":443"), ("http", ":80")):
        return "must leave out the default port, as browsers do"
    if parts.scheme == "https" or (parts.scheme == "http" and _is_loopback(name)):
        return None
    return "must begin with https://, but on this computer alone"


def _is_address(name: str) -> bool:
    try:
        return str(ip_address(name)) == name
    except ValueError:
        return False


def _is_loopback(name: str) -> bool:
    return name == "localhost" or (_is_address(name) and ip_address(name).is_loopback)


def _is_rsa(pem: str) -> bool:
    try:
        key = load_pem_public_key(pem.encode())
    except (ValueError, UnsupportedAlgorithm):
        return False
    return isinstance(key, RSAPublicKey) and key.key_size >= _LEAST_BITS
