"""GET /v1/models: what was learned, and which of it is active."""

from flask.testing import FlaskClient


def test_models_are_listed_with_what_judged_them(client: FlaskClient) -> None:
    answer = client.get("/v1/models").get_json()

    newer, older = answer["items"]
    assert answer["active"] == newer["id"] == "ffeeddccbbaa"
    assert (newer["is_active"], older["is_active"]) == (True, False)
    assert (newer["parent"], older["parent"]) == (older["id"], None)
    assert (newer["new"]["top1"], older["new"]) == (0.94, None)
