"""The pages that anybody may see, and the headers of every answer."""

import json
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from agent_assist.web import pages

from .conftest import SmallLibrary


def test_home_says_that_it_is_ready_and_from_what(visitor: FlaskClient) -> None:
    page = visitor.get("/").get_data(as_text=True)

    assert "Ready to answer" in page
    assert "Small bank, version 12" in page
    for address in ("/docs", "/openapi.json", "/readyz"):
        assert f'href="{address}"' in page


def test_home_says_why_it_is_not_ready(visitor: FlaskClient, library: SmallLibrary) -> None:
    library.missing = True

    answer = visitor.get("/")

    assert answer.status_code == 200
    assert "Not ready" in answer.get_data(as_text=True)
    assert "run <code>agent-assist setup</code>" in answer.get_data(as_text=True)


def test_command_on_the_home_page_is_a_good_request(client: FlaskClient) -> None:
    page = client.get("/").get_data(as_text=True).replace("&#34;", '"')

    body = page.partition("-d '")[2].partition("'")[0]

    assert client.post("/v1/suggestions", json=json.loads(body)).status_code == 200


def test_docs_say_what_to_run_while_they_are_not_built(
    visitor: FlaskClient, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(pages, "_MANIFEST", tmp_path / "manifest.json")

    page = visitor.get("/docs").get_data(as_text=True)

    assert "npm run build" in page
    assert 'href="/openapi.json"' in page


def test_docs_load_what_the_manifest_names(
    visitor: FlaskClient, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    manifest = tmp_path / "manifest.json"
    manifest.write_text(
        '{"swagger/swagger-ui.css": "swagger/a.1.css",'
        ' "swagger/swagger-ui-bundle.js": "swagger/a.2.js"}'
    )
    monkeypatch.setattr(pages, "_MANIFEST", manifest)

    page = visitor.get("/docs").get_data(as_text=True)

    assert "/static/built/swagger/a.1.css" in page
    assert "/static/built/swagger/a.2.js" in page
    assert "<script>" not in page


@pytest.mark.parametrize("path", ["/", "/v1/issues", "/nothing", "/openapi.json", "/metrics"])
def test_pages_may_load_nothing_but_styles_and_pictures(client: FlaskClient, path: str) -> None:
    headers = client.get(path).headers

    assert headers["Content-Security-Policy"] == (
        "default-src 'none'; style-src 'self'; img-src 'self' data:; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cache-Control"] == "no-store"


def test_only_docs_may_run_scripts_and_only_ours(visitor: FlaskClient) -> None:
    policy = visitor.get("/docs").headers["Content-Security-Policy"]

    assert "script-src 'self';" in policy
    assert "frame-ancestors 'none'" in policy


@pytest.mark.parametrize("name", ["tokens.css", "pages.css", "docs.js", "icon.svg"])
def test_static_files_are_served_and_revalidated(visitor: FlaskClient, name: str) -> None:
    answer = visitor.get(f"/static/{name}")

    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-cache"
    answer.close()


def test_readiness_names_its_checks(visitor: FlaskClient) -> None:
    answer: Any = visitor.get("/readyz").get_json()

    assert answer == {"status": "ready", "checks": ["database", "library"], "warnings": []}
