"""What nobody decides on is told outside: once, signed, without a word of the customer's."""

import json
import socketserver
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any

import pytest
from sqlalchemy import Engine
from standardwebhooks.webhooks import Webhook

from agent_assist.app.opening import open_reminders
from agent_assist.core.errors import SetupRefused
from agent_assist.remind import MailChannel, NotTold, Reminder, WebhookChannel
from agent_assist.settings import read_settings
from agent_assist.store.approvals.reminders import ReminderStore
from agent_assist.store.database import Database
from tests.approvals import LIFE, TestApprovals
from tests.ledgers import TestLedger, told

SECRET = "whsec_" + "c2VjcmV0" * 6
AFTER = timedelta(minutes=5)
WORDS = "she cried on the phone"


@dataclass
class Taken:
    """What another side took; it refuses as often as it is told to."""

    address: str = ""
    port: int = 0
    refuses: int = 0
    messages: list[tuple[dict[str, str], bytes]] = field(default_factory=list)


@contextmanager
def served(server: socketserver.TCPServer, taken: Taken) -> Iterator[Taken]:
    taken.port = int(server.server_address[1])
    taken.address = f"http://127.0.0.1:{taken.port}/hook"
    thread = Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield taken
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def hook() -> Iterator[Taken]:
    taken = Taken()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            taken.refuses -= 1
            self.send_response(503 if taken.refuses >= 0 else 204)
            self.end_headers()
            if taken.refuses < 0:
                headers = {name.lower(): value for name, value in self.headers.items()}
                taken.messages.append((headers, body))

        def log_message(self, *_: Any) -> None:
            pass

    with served(HTTPServer(("127.0.0.1", 0), Handler), taken) as running:
        yield running


@pytest.fixture
def mail() -> Iterator[Taken]:
    taken = Taken()

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self.say("220 here")
            while line := self.rfile.readline():
                match line.split(b" ")[0].strip().upper():
                    case b"DATA":
                        self.say("354 go on")
                        lines = iter(self.rfile.readline, b".\r\n")
                        taken.messages.append(({}, b"".join(lines)))
                        self.say("250 taken")
                    case b"QUIT":
                        self.say("221 bye")
                        return
                    case _:
                        self.say("250 yes")

        def say(self, text: str) -> None:
            self.wfile.write(f"{text}\r\n".encode())

    with served(socketserver.TCPServer(("127.0.0.1", 0), Handler), taken) as running:
        yield running


@pytest.fixture
def desk(engine: Engine) -> TestApprovals:
    desk = TestApprovals.over(engine, TestLedger(engine))
    desk.own.now = datetime.now(UTC).replace(microsecond=0)  # signatures are good for minutes
    return desk


def reminder(desk: TestApprovals, channel: WebhookChannel | MailChannel) -> Reminder:
    store = ReminderStore(Database(desk.own.sessions), lambda _: desk.own.now)
    return Reminder(store, channel, after=AFTER, vocabulary=lambda: desk.own.vocabulary)


def ask(desk: TestApprovals, number: int) -> dict[str, object]:
    ids = {"contact": f"k-{number}", "customer": f"c-secret-{number}"}
    asked = replace(desk.asked(1500, **ids), comment=WORDS)
    return told(desk.request_raw(asked))


def test_each_request_is_told_once_after_it_has_waited(desk: TestApprovals, hook: Taken) -> None:
    by_webhook = reminder(desk, WebhookChannel(hook.address, SECRET, "https://assist/console"))
    first = ask(desk, 1)
    by_webhook.remind()
    assert hook.messages == []

    desk.own.now += AFTER
    second = ask(desk, 2)
    by_webhook.remind()
    by_webhook.remind()

    ((headers, body),) = hook.messages
    read = json.loads(body)
    assert read["data"]["id"] == headers["webhook-id"] == first["id"]
    assert read["type"] == "approval.waiting"
    assert (read["data"]["amount"], read["data"]["routed_to"]) == (
        {"amount": "15.00", "currency": "EUR"}, "s-1",
    )  # fmt: skip
    desk.own.now += AFTER
    by_webhook.remind()
    assert [one["webhook-id"] for one, _ in hook.messages] == [first["id"], second["id"]]


def test_a_webhook_is_signed_as_standard_webhooks_are(desk: TestApprovals, hook: Taken) -> None:
    desk.own.now -= AFTER
    ask(desk, 1)
    desk.own.now += AFTER

    reminder(desk, WebhookChannel(hook.address, SECRET, None)).remind()

    ((headers, body),) = hook.messages
    assert Webhook(SECRET).verify(body, headers)["data"]["console"] is None
    with pytest.raises(Exception, match="No matching signature"):
        Webhook(SECRET).verify(body.replace(b"15.00", b"16.00"), headers)


def test_nothing_of_the_customer_is_told(desk: TestApprovals, hook: Taken, mail: Taken) -> None:
    ask(desk, 1)
    desk.own.now += AFTER

    reminder(desk, WebhookChannel(hook.address, SECRET, None)).remind()
    reminder(desk, by_mail(mail)).remind()

    for _, body in (*hook.messages, *mail.messages):
        for kept in ("c-secret", "k-1", "r-1", WORDS):
            assert kept not in body.decode()


def test_what_is_not_taken_is_a_warning_and_is_sent_again(desk: TestApprovals, hook: Taken) -> None:
    hook.refuses = 1
    by_webhook = reminder(desk, WebhookChannel(hook.address, SECRET, None))
    ask(desk, 1)
    desk.own.now += AFTER

    with pytest.raises(NotTold, match="AGENT_ASSIST_REMINDER_URL"):
        by_webhook.remind()
    by_webhook.remind()

    assert len(hook.messages) == 1
    away = reminder(desk, WebhookChannel("http://127.0.0.1:1/", SECRET, None))
    away.remind()  # told already, by the same channel


def test_what_was_decided_or_has_expired_is_told_no_more(desk: TestApprovals, hook: Taken) -> None:
    by_webhook = reminder(desk, WebhookChannel(hook.address, SECRET, None))
    desk.decide(ask(desk, 1))
    ask(desk, 2)
    desk.own.now += 2 * LIFE

    by_webhook.remind()

    assert hook.messages == []


def by_mail(mail: Taken) -> MailChannel:
    return MailChannel(
        host="127.0.0.1", port=mail.port, security="none", user=None, password=None,
        sender="assist@example.com", recipients=("a@example.com", "b@example.com"),
        console="https://assist.example.com/console/approvals",
    )  # fmt: skip


def test_one_mail_tells_of_all_that_waits(desk: TestApprovals, mail: Taken) -> None:
    for number in range(3):
        ask(desk, number)
    desk.own.now += AFTER

    for _ in range(2):
        reminder(desk, by_mail(mail)).remind()

    ((_, raw),) = mail.messages
    message = message_from_bytes(raw, policy=policy.default)
    assert message["Subject"] == "3 requests wait for a decision"
    assert message["To"] == "a@example.com, b@example.com"
    text = message.get_content()
    assert text.count("fee_waiver 15.00 EUR for fee, team t-1: needs a supervisor") == 3
    assert "https://assist.example.com/console/approvals" in text
    gone = MailChannel("127.0.0.1", 1, "none", None, None, "a@b.c", ("d@e.f",), None, "other")
    with pytest.raises(NotTold, match="AGENT_ASSIST_SMTP_URL"):
        reminder(desk, gone).remind()


SET = {
    "AGENT_ASSIST_REMINDER_URL": "https://hooks.example/assist",
    "AGENT_ASSIST_REMINDER_SECRET": SECRET,
    "AGENT_ASSIST_SMTP_URL": "smtps://u:p%40ss@mail.example",
    "AGENT_ASSIST_REMINDER_FROM": "assist@example.com",
    "AGENT_ASSIST_REMINDER_TO": "a@example.com, b@example.com",
}


def test_reminders_follow_the_settings() -> None:
    class Stores:
        reminders = None

    settings = read_settings(SET)
    made = open_reminders(settings, Stores(), lambda: None)  # type: ignore[arg-type, return-value]

    assert [one.name for one in made] == ["reminders by webhook", "reminders by e-mail"]
    assert settings.smtp is not None
    assert (settings.smtp.port, settings.smtp.password) == (465, "p@ss")
    assert open_reminders(read_settings({}), Stores(), lambda: None) == ()  # type: ignore[arg-type, return-value]


@pytest.mark.parametrize(
    ("more", "named"),
    [
        ({"AGENT_ASSIST_REMINDER_SECRET": ""}, "AGENT_ASSIST_REMINDER_SECRET as well"),
        ({"AGENT_ASSIST_REMINDER_SECRET": "whsec_short"}, "base64"),
        ({"AGENT_ASSIST_REMINDER_URL": "http://hooks.example/"}, "https"),
        ({"AGENT_ASSIST_REMINDER_FROM": ""}, "AGENT_ASSIST_REMINDER_FROM as well"),
        ({"AGENT_ASSIST_REMINDER_TO": "a@example.com; b@example.com"}, "commas"),
        ({"AGENT_ASSIST_REMINDER_FROM": "a@b\nBcc: x@y.z"}, "e-mail address"),
        ({"AGENT_ASSIST_SMTP_URL": "mail.example:25"}, "smtps://"),
    ],
)
def test_half_a_channel_stops_the_start(more: dict[str, str], named: str) -> None:
    with pytest.raises(SetupRefused, match=named):
        read_settings(SET | more)
