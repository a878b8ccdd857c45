"""Posting: to where it was meant, within its time, and nowhere else whatever names come to mean."""

import datetime as dt
import ssl
from collections.abc import Iterator
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from standardwebhooks.webhooks import Webhook

from agent_assist.core.addresses import Address, is_public
from agent_assist.core.webhooks import Fault
from agent_assist.post import Message, Poster, anywhere
from tests.receiving import SLOW, Receiver, receiving

SECRET, OLDER = "whsec_" + "c2VjcmV0" * 6, "whsec_" + "b2xkZXIh" * 6
HOME = ip_address("127.0.0.1")


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as running:
        yield running


def test_message_is_signed_with_every_secret_and_its_time_is_utc(receiver: Receiver) -> None:
    elsewhere = dt.timezone(dt.timedelta(hours=5))
    message = Message("m-1", dt.datetime.now(elsewhere), {"type": "a.b", "data": {"ä": 1}})

    answer = Poster(anywhere).send(receiver.url, message, [SECRET, OLDER])

    ((headers, body),) = receiver.messages
    assert (answer.is_taken, answer.status, answer.fault) == (True, 204, None)
    assert headers[""] == "/hook?of=us"
    assert headers["host"] == f"127.0.0.1:{receiver.port}"
    for secret in (SECRET, OLDER):
        assert Webhook(secret).verify(body, headers) == {"type": "a.b", "data": {"ä": 1}}


def test_redirect_is_an_answer_and_is_not_followed(receiver: Receiver) -> None:
    receiver.answers = [307]

    answer = Poster(anywhere).post(receiver.url, b"{}", {})

    assert (answer.is_taken, answer.why) == (False, "307")
    assert len(receiver.messages) == 1


def test_who_speaks_byte_by_byte_is_cut_off_in_time(receiver: Receiver) -> None:
    receiver.answers = [SLOW]

    answer = Poster(anywhere, seconds=0.2).post(receiver.url, b"{}", {})

    assert answer.fault is Fault.TIMEOUT
    assert 190 <= answer.ms < 4_000


def test_nobody_there_and_no_such_name_are_told_apart() -> None:
    def unknown(host: str, port: int) -> tuple[Address, ...]:
        raise OSError(f"{host}:{port}")

    poster = Poster(anywhere, seconds=1)

    assert poster.post("http://127.0.0.1:1/", b"{}", {}).fault is Fault.CONNECTION
    assert Poster(anywhere, resolve=unknown).post("https://x.y/", b"", {}).fault is Fault.NAME
    assert poster.post("https://a..b/", b"", {}).fault is Fault.NAME


def test_name_that_stands_for_one_address_of_ours_gets_nothing(receiver: Receiver) -> None:
    both = (ip_address("93.184.215.14"), HOME)
    poster = Poster(is_public, resolve=lambda _host, _port: both)

    answer = poster.post(f"http://hooks.example:{receiver.port}/", b"{}", {})

    assert answer.fault is Fault.ADDRESS
    assert receiver.messages == []


@pytest.mark.parametrize("name", ["127.1", "2130706433", "0x7f.1", "[::ffff:7f00:1]", "0"])
def test_other_spellings_of_this_host_get_nothing(receiver: Receiver, name: str) -> None:
    answer = Poster(is_public).post(f"http://{name}:{receiver.port}/", b"{}", {})

    assert answer.fault is Fault.ADDRESS
    assert receiver.messages == []


def test_name_is_looked_up_once_and_what_was_checked_is_connected_to(receiver: Receiver) -> None:
    asked: list[str] = []

    def rebinding(host: str, _port: int) -> tuple[Address, ...]:
        asked.append(host)
        return (HOME,) if len(asked) == 1 else (ip_address("10.0.0.1"),)

    url = f"http://hooks.example:{receiver.port}/"
    answer = Poster(lambda one: one == HOME, resolve=rebinding).post(url, b"{}", {})

    assert (answer.status, asked) == (204, ["hooks.example"])
    assert receiver.messages[0][0]["host"] == f"hooks.example:{receiver.port}"


def test_certificate_must_be_good_for_the_name_and_not_for_the_address(tmp_path: Path) -> None:
    file, trust = certificate(tmp_path, "hooks.example")
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(file)

    with receiving(tls) as served:

        def post(poster: Poster, host: str) -> object:
            answer = poster.post(f"https://{host}:{served.port}/", b"{}", {})
            return answer.status or answer.fault

        trusting = Poster(anywhere, resolve=lambda _host, _port: (HOME,), trust=trust)

        assert post(trusting, "hooks.example") == 204
        assert post(trusting, "other.example") is Fault.TLS
        assert post(Poster(anywhere), "127.0.0.1") is Fault.TLS


def certificate(folder: Path, name: str) -> tuple[Path, ssl.SSLContext]:
    """A file with a key and a certificate for a name, and what believes that alone."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, hashes.SHA256())
        .public_bytes(Encoding.PEM)
    )
    file = folder / "server.pem"
    kept = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    file.write_bytes(kept + made)
    return file, ssl.create_default_context(cadata=made.decode())
