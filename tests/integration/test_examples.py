"""Every example of the document is taken by the bank's library, whichever was tried before."""

from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from agent_assist.app.composition import create_app
from agent_assist.app.database import bare_app
from agent_assist.app.stores import open_stores
from agent_assist.core.proofs import Means
from agent_assist.settings import read_settings
from agent_assist.web import examples
from tests.serving import a_key, invoke

SUPERVISOR, SECOND = "demo-rep-10", "demo-rep-20"
SCOPES = (
    "suggest decide grant record approve brake people:edit limits:read limits:edit limits:publish "
    "systems customers"
)
DRAFTS, ONE = "/v1/{table}/drafts", "/v1/{table}/drafts/{draft_id}"


class Reader:
    """Sends the document's examples, with what only an answer before could tell."""

    def __init__(self, client: FlaskClient) -> None:
        self._client = client
        self._keys = count()
        self._paths = client.get("/openapi.json").get_json()["paths"]
        self.left = [(path, name) for path in self._paths for name in self._examples(path)]

    def send(
        self,
        path: str,
        name: str = "",
        edit: str = "",
        more: Any = None,
        *,
        token: str | None = None,
        **ids: str,
    ) -> Any:
        """The answer to an example, which must be taken; to the only one if none is named."""
        bearer = {} if token is None else {"Authorization": f"Bearer {token}"}
        known = self._examples(path)
        name = name or next(iter(known))
        method = next(key for key, one in self._paths[path].items() if "requestBody" in one)
        answer = self._client.open(
            path.format(**ids),
            method=method,
            json=known[name]["value"] | (more or {}),
            headers={"Idempotency-Key": f"k{next(self._keys)}", "If-Match": edit, **bearer},
        )
        assert answer.status_code < 300, f"{path}, {name}: {answer.get_json()}"
        if (path, name) in self.left:
            self.left.remove((path, name))
        return answer.get_json()

    def _examples(self, path: str) -> dict[str, Any]:
        for operation in self._paths[path].values():
            if "requestBody" in operation:
                content = operation["requestBody"]["content"]["application/json"]
                return dict(content["examples"])
        return {}


@pytest.fixture
def reader(data: Path) -> Reader:
    for key in (SUPERVISOR, SECOND):
        words = ("--name", key, "--level", "supervisor", "--team", "t-3")
        assert invoke(data, "users", "add", key, *words).exit_code == 0
    key = a_key(data, *SCOPES.split())
    around = {"AGENT_ASSIST_DATA": str(data), "AGENT_ASSIST_WEBHOOK_NETWORKS": "127.0.0.0/8"}
    client = create_app(read_settings(around)).test_client()
    client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {key}"
    return Reader(client)


def test_every_example_of_the_document_is_taken(reader: Reader, data: Path) -> None:
    _open_session(reader, data)
    for path, name in reader.left.copy():
        if "{" not in path:
            answer = reader.send(path, name)
            if name == "or_ask":
                asked = answer
            if path == "/v1/suggestions":
                suggestion = answer["id"]
            if path == "/v1/grants" and name != "or_ask":
                grant = answer["id"]
    _webhook(reader)
    reader.send("/v1/users/{person_id}", person_id="r-18")
    reader.send("/v1/users/{person_id}/invitation", person_id="r-18")
    reader.send("/v1/contacts/{external_id}", external_id="4711")
    reader.send("/v1/contacts/{external_id}/outcome", external_id="4711")
    feedback = "/v1/suggestions/{suggestion_id}/feedback"
    for name in ("right", "it_was_this_one"):
        reader.send(feedback, name, suggestion_id=suggestion)
    for act in ("capture", "void"):
        reader.send(f"/v1/grants/{{grant_id}}/{act}", grant_id=grant)
    reader.send("/v1/absences/{person_id}", person_id=SUPERVISOR)
    _decide(reader, asked)
    _draft(reader)
    reader.send("/v1/{table}/trials", table="limits")
    words = reader.send(DRAFTS, table="policies")
    for act in ("check", "questions"):
        reader.send(f"/v1/policies/drafts/{{draft_id}}/{act}", draft_id=words["id"])

    assert reader.left == []


def _open_session(reader: Reader, data: Path) -> None:
    settings = read_settings({"AGENT_ASSIST_DATA": str(data)})
    with bare_app(settings).app_context():
        stores = open_stores(settings)
        person = stores.people.find(SUPERVISOR)
        assert person is not None
        stores.sign_ins.set_password(SUPERVISOR, examples.PASSWORD, "test")
        code = stores.sessions.code_for(person, None, Means.SECOND)
    opened = reader.send("/v1/sessions", more={"code": code})
    renewed = reader.send("/v1/sessions/renewal", more={"renewal": opened["renewal"]})
    reader.send("/v1/sessions/current/proof", token=renewed["token"])


def _webhook(reader: Reader) -> None:
    made = reader.send("/v1/webhooks", more={"url": "http://127.0.0.1:1/"})
    one = "/v1/webhooks/{webhook_id}"
    reader.send(one, more={"enabled": True}, webhook_id=made["id"])
    for act in ("secret", "test"):
        reader.send(f"{one}/{act}", webhook_id=made["id"])
    now = {"since": datetime.now(UTC).isoformat()}
    reader.send(f"{one}/replay", more=now, webhook_id=made["id"])


def _decide(reader: Reader, asked: Any) -> None:
    one = "/v1/approvals/{approval_id}"
    for name in ("approve_less", "refuse"):
        more = {"hash": asked["hash"]}
        reader.send(f"{one}/decision", name, more=more, approval_id=asked["id"])
        asked = reader.send("/v1/approvals", more={"order": {"id": name}})
    reader.send(f"{one}/withdrawal", approval_id=asked["id"])


def _draft(reader: Reader) -> None:
    later, first = (_Draft(reader) for _ in range(2))
    reader.send("/v1/{table}/check", table="limits")
    for name in ("rows", "comments", "sheet/preview", "replay", "submit"):
        first.act(name)
    first.act("return", second=True)
    first.act("submit")
    first.act("approve", second=True)
    first.act("publish")
    for name in ("rebase", "sheet", "submit"):
        later.act(name)
    later.act("approve", second=True)
    waiting = later.act("publish", effective_at="2999-01-01T00:00:00Z")
    cancel = "/v1/{table}/versions/{number}/cancel"
    reader.send(cancel, table="limits", number=str(waiting["number"]))
    _Draft(reader).act("discard")


class _Draft:
    """A draft that two people work on."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        draft = reader.send(DRAFTS, table="limits")
        self._id, self._edit = draft["id"], draft["etag"]

    def act(self, name: str, *, second: bool = False, **more: str) -> Any:
        sent = more | ({"by": {"id": SECOND}} if second else {})
        path, ids = f"{ONE}/{name}", {"table": "limits", "draft_id": self._id}
        answer = self._reader.send(path, "", self._edit, sent, **ids)
        self._edit = answer.get("etag", self._edit)
        return answer
