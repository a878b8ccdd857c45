"""Subscribe: look after webhooks: where they lead, what they are told of, how they are signed."""

import secrets
from base64 import b64encode
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from agent_assist.core.addresses import Network
from agent_assist.core.errors import FieldProblem, InvalidInput
from agent_assist.core.webhooks import Answer, Delivery, DeliveryState, Endpoint, url_fault
from agent_assist.post import Message, Poster
from agent_assist.store.events import KINDS
from agent_assist.store.webhooks.deliveries import DeliveryStore, Line
from agent_assist.store.webhooks.endpoints import EndpointStore

TEST = "webhook.test"
"""Type of the message that is sent for a test; no event has it."""


@dataclass(frozen=True, slots=True)
class Subscribed:
    """A webhook, and how many deliveries wait for it and have failed."""

    endpoint: Endpoint
    line: Line


class Subscriber:
    """Looks after webhooks.

    Args:
        endpoints, deliveries: where they are kept.
        pepper: hashes with what is kept outside the database, as 64 hexadecimal characters: the
            database alone signs nothing.
        own: networks that operators allow beside the internet.
        poster: sends what is a test.
    """

    def __init__(
        self,
        endpoints: EndpointStore,
        deliveries: DeliveryStore,
        *,
        pepper: Callable[[str], str],
        own: Sequence[Network],
        poster: Poster,
    ) -> None:
        self._endpoints = endpoints
        self._deliveries = deliveries
        self._pepper = pepper
        self._own = own
        self._poster = poster

    def all(self) -> tuple[Subscribed, ...]:
        """Every webhook, oldest first."""
        lines = self._deliveries.lines()
        return tuple(_with(one, lines) for one in self._endpoints.all())

    def find(self, key: str) -> Subscribed:
        """The webhook with an id; NotFound if there is none."""
        return _with(self._endpoints.find(key), self._deliveries.lines())

    def add(
        self, url: str, types: Sequence[str], description: str, by: str
    ) -> tuple[Subscribed, str]:
        """Make a webhook; gives it and its secret, which is shown this once.

        No types are all types.

        Raises:
            InvalidInput: names all that is wrong, or says that there are too many.
        """
        self._check(url, types)
        endpoint = self._endpoints.add(
            secrets.token_hex(6), url, _once(types), description, salt=_new_salt(), by=by
        )
        return Subscribed(endpoint, Line()), self._secret(endpoint.id, endpoint.salt)

    def change(
        self,
        key: str,
        by: str,
        *,
        url: str | None = None,
        types: Sequence[str] | None = None,
        description: str | None = None,
        enabled: bool | None = None,
    ) -> Subscribed:
        """Change what is not None; NotFound, and InvalidInput as in `add`."""
        self._check(url, types or ())
        self._endpoints.change(
            key,
            by,
            url=url,
            types=None if types is None else _once(types),
            description=description,
            enabled=enabled,
        )
        return self.find(key)

    def remove(self, key: str, by: str) -> None:
        """Forget a webhook and its log; NotFound if there is none."""
        self._endpoints.remove(key, by)

    def rotate(self, key: str, by: str) -> tuple[Subscribed, str]:
        """Give a webhook another secret, shown this once; the old one signs for a day as well."""
        endpoint = self._endpoints.rotate(key, _new_salt(), by)
        return self.find(key), self._secret(endpoint.id, endpoint.salt)

    def test(self, key: str, by: str) -> Answer:
        """Send a message that is no event, also to what is off; NotFound if there is none."""
        endpoint, at = self._endpoints.note_test(key, by)
        written = at.isoformat().replace("+00:00", "Z")
        content = {"type": TEST, "timestamp": written, "data": {"webhook": key}}
        message = Message(f"test_{secrets.token_hex(8)}", at, content)
        return self._poster.send(endpoint.url, message, self.secrets(endpoint, at))

    def log(
        self, key: str, *, state: DeliveryState | None, limit: int, before: int | None
    ) -> tuple[Delivery, ...]:
        """What was delivered, the newest events first; see `DeliveryStore.page`."""
        return self._deliveries.page(key, state=state, limit=limit, before=before)

    def replay(self, key: str, seq: int, by: str) -> Subscribed:
        """Send an event again; see `EndpointStore.replay`."""
        self._endpoints.replay(key, seq, by)
        return self.find(key)

    def replay_since(self, key: str, since: datetime, by: str) -> Subscribed:
        """Send what it has not taken since an instant; see `EndpointStore.replay_since`."""
        self._endpoints.replay_since(key, since, by)
        return self.find(key)

    def secrets(self, endpoint: Endpoint, at: datetime) -> tuple[str, ...]:
        """What messages to a webhook are signed with at an instant, the newest secret first."""
        return tuple(self._secret(endpoint.id, salt) for salt in endpoint.salts(at))

    def _secret(self, key: str, salt: str) -> str:
        hashed = bytes.fromhex(self._pepper(f"webhook/{key}/{salt}"))
        return f"whsec_{b64encode(hashed).decode()}"

    def _check(self, url: str | None, types: Sequence[str]) -> None:
        problems = []
        if url is not None and (fault := url_fault(url, self._own)):
            problems.append(FieldProblem("/url", "wrong_form", fault))
        known = ", ".join(sorted(KINDS))
        problems += [
            FieldProblem(f"/types/{place}", "unknown", f"must be one of {known}")
            for place, one in enumerate(types)
            if one not in KINDS
        ]
        if problems:
            raise InvalidInput(problems)


def _with(endpoint: Endpoint, lines: Mapping[str, Line]) -> Subscribed:
    return Subscribed(endpoint, lines.get(endpoint.id, Line()))


def _once(types: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(types))


def _new_salt() -> str:
    return secrets.token_urlsafe(32)
