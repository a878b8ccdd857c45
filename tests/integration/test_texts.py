"""What is kept of what customers said: masked, or nothing, and nothing else anywhere."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import create_engine, text

from agent_assist.app.composition import create_app
from agent_assist.app.database import db
from agent_assist.settings import read_settings
from tests.serving import a_key

SECRETS = (
    "4111 1111 1111 1111",
    "4111-1111-1111-1112",
    "DE89 3704 0044 0532 0130 00",
    "gb29 nwbk 6016 1331 9268 19",
    "jo.doe+bank@mail.example.com",
    "+49 (30) 1234567",
    "\u0664\u0661\u0661\u0661 \u0661\u0662\u0661\u0663",
    "XK7Q2P",
    "2718.28",
)
PARTS = {*SECRETS, *(one.replace(" ", "") for one in SECRETS), "nwbk", "jo.doe", "1234567"}


@contextmanager
def serving(data: Path, **more: str) -> Iterator[FlaskClient]:
    """A client of an app over a data folder; afterwards all of it is in the files."""
    key = a_key(data, "suggest", "read")
    app = create_app(read_settings({"AGENT_ASSIST_DATA": str(data), **more}))
    client = app.test_client()
    client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {key}"
    yield client
    with app.app_context():
        db.engine.dispose()


def kept(data: Path) -> list[Any]:
    engine = create_engine(f"sqlite:///{data / 'agent-assist.db'}")
    with engine.connect() as connection:
        found = list(connection.scalars(text("SELECT texts FROM suggestions ORDER BY at")))
    engine.dispose()
    return found


def test_no_secret_of_a_customer_is_in_any_file_or_log(
    data: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    with serving(data) as client:
        for secret in SECRETS:
            said = f"Hi, my card {secret} was charged a fee at the cash machine"
            turns = [
                {"from": "customer", "text": said},
                {"from": "agent", "text": f"Is {secret} right?"},
                {"from": "customer", "text": "yes"},
            ]
            assert client.post("/v1/suggestions", json={"text": said}).status_code == 200
            assert client.post("/v1/suggestions", json={"transcript": turns}).status_code == 200
            assert client.get("/v1/search", query_string={"q": said}).status_code == 200

    texts = [one["text"] for said in kept(data) for one in json.loads(said)]
    assert len(texts) == 3 * len(SECRETS)
    assert not any(one.isnumeric() or one == "@" for text in texts for one in text)
    sentence = b"charged a fee at the cash machine"
    files = {str(path): path.read_bytes() for path in data.rglob("*") if path.is_file()}
    assert any(sentence in content for content in files.values())
    written = capfd.readouterr()
    everywhere = {**files, "logs": (written.out + written.err).encode()}
    for part in PARTS:
        for place, content in everywhere.items():
            spellings = (part.encode(), json.dumps(part)[1:-1].encode())
            assert not [one for one in spellings if one in content], place


def test_a_deployment_may_keep_nothing(data: Path) -> None:
    with serving(data, AGENT_ASSIST_KEEP_TEXTS="no") as client:
        client.post("/v1/suggestions", json={"text": "the cash machine took a fee"})

    assert kept(data) == [None]
