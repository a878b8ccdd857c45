"""Remind: tell of requests that nobody has decided on, by a webhook or by e-mail, once each."""

import smtplib
import ssl
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.message import EmailMessage
from typing import Any, Protocol

from agent_assist.core.approvals import Approval, Shown
from agent_assist.core.errors import AgentAssistError
from agent_assist.core.money import format_minor
from agent_assist.core.vocabulary import Unit, Vocabulary
from agent_assist.post import Message, Poster, anywhere
from agent_assist.store.approvals.reminders import ReminderStore

_SECONDS = 10


class NotTold(AgentAssistError):
    """A reminder could not be handed on; it is tried again while the request waits."""

    code = "reminder_not_told"


class Channel(Protocol):
    """A way to tell of requests."""

    @property
    def name(self) -> str:
        """What operators read, and under which it is kept what was told."""

    @property
    def at_once(self) -> int:
        """How many requests are told of in one message."""

    def tell(self, waiting: Sequence[Shown], at: datetime) -> None:
        """Tell of requests, all of them or none; NotTold if the other side did not take it."""


class Reminder:
    """Tells of requests through one channel, each once.

    Where the process ends between telling and remembering that it was told, a request is told of
    twice: under the same id, so that the other side can tell.

    Args:
        store: knows what waits, and what was told.
        channel: tells.
        after: how long a request waits before it is told of.
        vocabulary: gives the live library's.
    """

    def __init__(
        self,
        store: ReminderStore,
        channel: Channel,
        *,
        after: timedelta,
        vocabulary: Callable[[], Vocabulary],
    ) -> None:
        self._store = store
        self._channel = channel
        self._after = after
        self._vocabulary = vocabulary

    @property
    def name(self) -> str:
        """What operators read."""
        return f"reminders by {self._channel.name}"

    def remind(self) -> None:
        """Tell of what has waited long enough; NotTold if some of it could not be."""
        at, waiting = self._store.untold(self._channel.name, self._after, self._vocabulary())
        for some in _portions(waiting, self._channel.at_once):
            self._channel.tell(some, at)
            self._store.told(self._channel.name, [one.approval.id for one in some])


@dataclass(frozen=True, slots=True)
class WebhookChannel:
    """Posts each request as a Standard Webhook.

    Attributes:
        url: where.
        secret: `whsec_` and base64, which the other side has as well.
        console: the address of the queue; None where nobody said where our pages are.
        poster: sends it.
    """

    url: str
    secret: str
    console: str | None
    name: str = "webhook"
    at_once: int = 1
    poster: Poster = field(default_factory=lambda: Poster(anywhere, _SECONDS))

    def tell(self, waiting: Sequence[Shown], at: datetime) -> None:
        """Post them; see `Channel`."""
        for one in waiting:
            message = Message(one.approval.id, at, self._payload(one, at))
            answer = self.poster.send(self.url, message, [self.secret])
            if not answer.is_taken:
                raise NotTold(
                    f"a reminder was not taken by AGENT_ASSIST_REMINDER_URL ({answer.why}); it is "
                    "sent again in a minute"
                )

    def _payload(self, shown: Shown, at: datetime) -> dict[str, Any]:
        """Nothing of the customer, and nothing that anybody typed."""
        approval = shown.approval
        return {
            "type": "approval.waiting",
            "timestamp": _written(at),
            "data": {
                "id": approval.id,
                "at": _written(approval.at),
                "expires_at": _written(approval.expires_at),
                "issue": approval.issue,
                "remedy": approval.remedy,
                "amount": _amount(approval),
                "level": approval.level,
                "team": approval.parties.team,
                "routed_to": None if shown.routed_to is None else shown.routed_to.id,
                "console": self.console,
            },
        }


@dataclass(frozen=True, slots=True)
class MailChannel:
    """Sends one e-mail about all that waits.

    Attributes:
        host, port: of the server that takes it.
        security: `tls` from the first byte, `starttls`, or `none`, which only this host may be.
        user, password: to sign in with; None for neither.
        sender, recipients: addresses.
        console: as of `WebhookChannel`.
    """

    host: str
    port: int
    security: str
    user: str | None
    password: str | None
    sender: str
    recipients: tuple[str, ...]
    console: str | None
    name: str = "e-mail"
    at_once: int = 50

    def tell(self, waiting: Sequence[Shown], at: datetime) -> None:
        """Send it; see `Channel`."""
        message = self._message(waiting, at)
        try:
            with self._connected() as server:
                if self.user is not None:
                    server.login(self.user, self.password or "")
                server.send_message(message)
        except (smtplib.SMTPException, OSError) as error:
            raise NotTold(
                f"the mail server of AGENT_ASSIST_SMTP_URL did not take a reminder "
                f"({type(error).__name__}); it is tried again in a minute"
            ) from None

    def _connected(self) -> smtplib.SMTP:
        context = ssl.create_default_context()
        if self.security == "tls":
            return smtplib.SMTP_SSL(self.host, self.port, timeout=_SECONDS, context=context)
        server = smtplib.SMTP(self.host, self.port, timeout=_SECONDS)
        if self.security == "starttls":
            server.starttls(context=context)
        return server

    def _message(self, waiting: Sequence[Shown], at: datetime) -> EmailMessage:
        message = EmailMessage()
        number = len(waiting)
        waits = "A request waits" if number == 1 else f"{number} requests wait"
        message["Subject"] = f"{waits} for a decision"
        message["From"] = self.sender
        message["To"] = ", ".join(self.recipients)
        message["Date"] = at
        message["Message-ID"] = (
            f"<{waiting[0].approval.id}.{number}@{self.sender.rpartition('@')[2]}>"
        )
        message["Auto-Submitted"] = "auto-generated"
        lines = [f"{waits}, and nobody has decided yet:", ""]
        lines += [_line(one, at) for one in waiting]
        if self.console:
            lines += ["", f"Decide: {self.console}"]
        message.set_content("\n".join(lines) + "\n")
        return message


def _line(shown: Shown, at: datetime) -> str:
    """One request for people: nothing of the customer, and nothing that anybody typed."""
    approval = shown.approval
    amount = " ".join(str(part) for part in _amount(approval).values())
    minutes = int((at - approval.at).total_seconds() // 60)
    left = int((approval.expires_at - at).total_seconds() // 60)
    team = f", team {approval.parties.team}" if approval.parties.team else ""
    return (
        f"- {approval.remedy} {amount} for {approval.issue}{team}: needs a {approval.level}, "
        f"waits {minutes} min, expires in {left} min"
    )


def _amount(approval: Approval) -> dict[str, str | int]:
    match approval.unit:
        case Unit.MONEY:
            amount = format_minor(approval.amount, approval.currency)
            return {"amount": amount, "currency": approval.currency}
        case Unit.PERCENT:
            return {"percent": f"{approval.amount // 100}.{approval.amount % 100:02}"}
    return {approval.unit.value: approval.amount}


def _written(at: datetime) -> str:
    return at.isoformat(timespec="seconds").replace("+00:00", "Z")


def _portions(waiting: Sequence[Shown], size: int) -> Iterator[Sequence[Shown]]:
    for first in range(0, len(waiting), size):
        yield waiting[first : first + size]
