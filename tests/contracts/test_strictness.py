"""Hostile and careless requests are refused, all their faults at once, each by its place."""

import gzip
import io
import json
from typing import Any

import pytest
from flask.testing import FlaskClient

JSON = "application/json"
Faults = list[tuple[str, str]]


def post(client: FlaskClient, body: Any, path: str = "/v1/suggestions") -> tuple[int, Faults]:
    """The status, and pointer and code of every fault."""
    data = body if isinstance(body, str | bytes) else json.dumps(body)
    answer = client.post(path, data=data, content_type=JSON)
    errors = answer.get_json().get("errors", [])
    return answer.status_code, [(one.get("pointer", "?"), one["code"]) for one in errors]


@pytest.mark.parametrize(
    "body",
    [
        "",
        "{",
        "nonsense",
        '{"text": "a",}',
        "{'text': 'a'}",
        '{"text": NaN}',
        '{"text": "a", "facts": {"cards.count": Infinity}}',
        '{"text": "a", "facts": {"cards.count": -Infinity}}',
        '{"text": "a", "text": "b"}',
        '{"text": "a", "facts": {"cards.count": 1, "cards.count": 2}}',
        '{"text": "a", "rep": {"id": "1", "id": "1"}}',
        '{"text": "a"} {"text": "b"}',
        '{"text": "a\nb"}',
        "[" * 100_000,
        '{"text":' * 50_000,
        '{"facts":' + "[" * 300 + "]" * 300 + "}",
        '{"text": "a", "facts": {"cards.count": ' + "9" * 5_000 + "}}",
        b'{"text": "\xff"}',
        '{"text": "a"}'.encode("utf-16"),
        b'\xef\xbb\xbf{"text": "a"}',
    ],
    ids=lambda body: repr(body[:40]),
)
def test_body_that_is_not_one_plain_json_document_is_refused(
    client: FlaskClient, body: str | bytes
) -> None:
    answer = client.post("/v1/suggestions", data=body, content_type=JSON)

    assert answer.status_code == 400
    assert answer.get_json()["type"] == "urn:agent-assist:problem:invalid_json"


def test_byte_order_mark_is_named(client: FlaskClient) -> None:
    answer = client.post("/v1/suggestions", data=b'\xef\xbb\xbf{"text": "a"}', content_type=JSON)

    assert answer.status_code == 400
    assert "byte-order mark" in answer.get_json()["detail"]


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "GZIP, gzip", "nonsense"])
def test_encoded_body_is_refused_with_what_to_send_instead(
    client: FlaskClient, coding: str
) -> None:
    body, headers = gzip.compress(b'{"text": "a"}'), {"Content-Encoding": coding}

    answer = client.post("/v1/suggestions", data=body, content_type=JSON, headers=headers)

    assert answer.status_code == 415
    assert answer.get_json()["type"] == "urn:agent-assist:problem:encoded_body"
    assert "uncompressed" in answer.get_json()["detail"]
    assert answer.headers["Accept-Encoding"] == "identity"


@pytest.mark.parametrize("coding", ["identity", "Identity", ""])
def test_body_that_is_said_not_to_be_encoded_is_read(client: FlaskClient, coding: str) -> None:
    headers = {"Content-Encoding": coding}

    assert client.post("/v1/suggestions", json={"text": "a"}, headers=headers).status_code == 200


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("q=%ff", ["q"]),
        ("q=caf%e9", ["q"]),
        ("q=a%ed%a0%80", ["q"]),
        ("q=fee&limit=%c3", ["limit"]),
        ("q=fee&%fe=1", ["?"]),
        ("q=%ff&q=%fe", ["q"]),
        ("q=%c3%a9%ff", ["q"]),
    ],
)
def test_query_that_is_not_utf_8_is_refused_by_the_parameters_name(
    client: FlaskClient, query: str, expected: list[str]
) -> None:
    answer = client.get(f"/v1/search?{query}")

    errors = answer.get_json()["errors"]
    assert answer.status_code == 422
    assert [(one["parameter"], one["code"]) for one in errors] == [
        (name, "not_utf8") for name in expected
    ]


def knowing(**facts: Any) -> dict[str, Any]:
    """A body with facts; `__` stands for the dot of a key."""
    return {"text": "a", "facts": {key.replace("__", "."): v for key, v in facts.items()}}


def turn(**changed: Any) -> dict[str, Any]:
    """A body with one turn."""
    return {"transcript": [{"from": "agent", "text": "x"} | changed]}


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        # What must be there, and nothing else.
        ({}, [("", "exactly_one")]),
        ([], [("", "wrong_type")]),
        ("null", [("", "wrong_type")]),
        ('"a"', [("", "wrong_type")]),
        ({"text": "a", "transcript": [{"from": "agent", "text": "x"}]}, [("", "exactly_one")]),
        ({"text": "a", "nope": 1}, [("/nope", "unknown_field")]),
        ({"text": "a", "rep": {"id": "1", "name": "x"}}, [("/rep/name", "unknown_field")]),
        ({"text": "a", "a/b~c": 1}, [("/a~1b~0c", "unknown_field")]),
        ({"text": "a", "customer": {}}, [("/customer/id", "missing")]),
        ({"transcript": [{"text": "x"}]}, [("/transcript/0/from", "missing")]),
        # Nothing may be null.
        ({"text": None}, [("/text", "null")]),
        ({"text": "a", "rep": None}, [("/rep", "null")]),
        ({"text": "a", "facts": None}, [("/facts", "wrong_type")]),
        (knowing(fee__disclosed=None), [("/facts/fee.disclosed", "wrong_type")]),
        # No value is turned into another type.
        ({"text": 1}, [("/text", "wrong_type")]),
        ({"text": "a", "rep": {"id": 5}}, [("/rep/id", "wrong_type")]),
        (knowing(cards__count="3"), [("/facts/cards.count", "wrong_type")]),
        (knowing(cards__count=True), [("/facts/cards.count", "wrong_type")]),
        (knowing(cards__count=1.5), [("/facts/cards.count", "wrong_type")]),
        (knowing(cards__count=1e999), None),
        (knowing(fee__disclosed=1), [("/facts/fee.disclosed", "wrong_type")]),
        (knowing(fee__disclosed="yes"), [("/facts/fee.disclosed", "wrong_type")]),
        (knowing(customer__tier=["plus"]), [("/facts/customer.tier", "wrong_type")]),
        ({"text": "a", "facts": []}, [("/facts", "wrong_type")]),
        # Texts have an end, and no characters that nobody sees.
        ({"text": ""}, [("/text", "too_short")]),
        (turn(text=""), [("/transcript", "blank")]),
        ({"transcript": [{"from": "customer", "text": " \t"}] * 2}, [("/transcript", "blank")]),
        ({"text": "a" * 20_001}, [("/text", "too_long")]),
        ({"text": "a\x00b"}, [("/text", "control_character")]),
        ({"text": "a\x1b[31m"}, [("/text", "control_character")]),
        ({"text": "a\x7f"}, [("/text", "control_character")]),
        ({"text": "a\x85"}, [("/text", "control_character")]),
        ({"text": "a\ud800"}, [("/text", "lone_surrogate")]),
        ({"text": "a", "rep": {"id": "\udc00"}}, [("/rep/id", "lone_surrogate")]),
        ({"text": "a", "\ud800": 1}, [("", "lone_surrogate")]),
        ({"text": "a", "order": {"id": "a\nb"}}, [("/order/id", "control_character")]),
        ({"text": "a", "order": {"id": "a" * 201}}, [("/order/id", "too_long")]),
        ({"text": "a", "contact": {"locale": "English"}}, [("/contact/locale", "wrong_form")]),
        # Transcripts.
        ({"transcript": []}, [("/transcript", "too_short")]),
        ({"transcript": [{"from": "agent", "text": "x"}] * 201}, [("/transcript", "too_long")]),
        ({"transcript": "a"}, [("/transcript", "wrong_type")]),
        (turn(**{"from": "robot"}), [("/transcript/0/from", "unknown_choice")]),
        (turn(text="x" * 20_001), [("/transcript/0/text", "too_long")]),
        (turn(text="\ud800"), [("/transcript/0/text", "lone_surrogate")]),
        (turn(at=1577836800), [("/transcript/0/at", "bad_time")]),
        (turn(at="2026-01-01T00:00:00"), [("/transcript/0/at", "bad_time")]),
        (turn(at="yesterday"), [("/transcript/0/at", "bad_time")]),
        (turn(at="9999-12-31T23:59:59-14:00"), [("/transcript/0/at", "bad_time")]),
        (turn(at="0001-01-01T00:00:00+14:00"), [("/transcript/0/at", "bad_time")]),
        # Facts and amounts, as the library knows them.
        (knowing(customer__mood="bad"), [("/facts/customer.mood", "unknown_fact")]),
        ({"text": "a", "facts": {"Not A Key": 1}}, [("/facts/Not A Key", "unknown_fact")]),
        (knowing(customer__tier="gold"), [("/facts/customer.tier", "unknown_choice")]),
        (knowing(contact__since="1.2.2026"), [("/facts/contact.since", "bad_date")]),
        (knowing(contact__since="20260201"), [("/facts/contact.since", "bad_date")]),
        ({"text": "a", "rep": {"level": "king"}}, [("/rep/level", "unknown_level")]),
        (
            {"text": "a", "facts": {f"fact.n{n}": 1 for n in range(201)}},
            [("/facts", "too_long")],
        ),
    ],
    ids=lambda value: repr(value)[:60],
)  # fmt: skip
def test_fault_is_named_by_its_pointer(
    client: FlaskClient, body: Any, expected: Faults | None
) -> None:
    status, faults = post(client, body)

    assert status in (400, 422)
    if expected is not None:
        assert status == 422
        assert faults == expected


@pytest.mark.parametrize(
    "amount",
    [
        {"amount": "15.0000000000", "currency": "EUR"},
        {"amount": "15.001", "currency": "EUR"},
        {"amount": "-1", "currency": "EUR"},
        {"amount": "+1", "currency": "EUR"},
        {"amount": "1e3", "currency": "EUR"},
        {"amount": "1,00", "currency": "EUR"},
        {"amount": " 1", "currency": "EUR"},
        {"amount": "\u0661", "currency": "EUR"},
        {"amount": "NaN", "currency": "EUR"},
        {"amount": "", "currency": "EUR"},
        {"amount": "9" * 16, "currency": "EUR"},
        {"amount": "15.00", "currency": "USD"},
        {"amount": "15.00", "currency": "eur"},
        {"amount": "15.00", "currency": "XXX"},
    ],
    ids=lambda amount: f"{amount['amount']} {amount['currency']}",
)
def test_amount_that_is_not_exact_in_the_librarys_currency_is_refused(
    client: FlaskClient, amount: dict[str, str]
) -> None:
    status, faults = post(client, {"text": "a", "facts": {"fee.amount": amount}})

    assert status == 422
    assert [pointer for pointer, _ in faults] == ["/facts/fee.amount"]


def test_amount_must_be_a_text(client: FlaskClient) -> None:
    body = {"text": "a", "facts": {"fee.amount": {"amount": 15.0, "currency": "EUR"}}}

    assert post(client, body) == (422, [("/facts/fee.amount/amount", "wrong_type")])


def test_all_faults_are_found_at_once(client: FlaskClient) -> None:
    body = {
        "transcript": [{"from": "robot", "text": "x"}, {"from": "agent"}],
        "facts": {"fee.amount": {"amount": "1.00"}, "cards.count": 1.5},
        "rep": {"id": ""},
        "nope": 1,
    }

    _, faults = post(client, body)

    assert sorted(pointer for pointer, _ in faults) == [
        "/facts/cards.count",
        "/facts/fee.amount/currency",
        "/nope",
        "/rep/id",
        "/transcript/0/from",
        "/transcript/1/text",
    ]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({}, [("/issue", "missing")]),
        ({"issue": "nope"}, [("/issue", "unknown_issue")]),
        ({"issue": "fee", "text": "a"}, [("/text", "unknown_field")]),
        (
            {"issue": "fee", "remedies": [{"remedy": "gold"}]},
            [("/remedies/0/remedy", "unknown_remedy")],
        ),
        (
            {"issue": "fee", "remedies": [{"remedy": "waiver"}, {"remedy": "waiver"}]},
            [("/remedies/1/remedy", "duplicate")],
        ),
        (
            {"issue": "fee", "remedies": [{"remedy": "waiver", "amount": "0"}]},
            [("/remedies/0/amount", "bad_amount")],
        ),
        (
            {"issue": "fee", "remedies": [{"remedy": "waiver", "amount": "1.001"}]},
            [("/remedies/0/amount", "bad_amount")],
        ),
        (
            {"issue": "fee", "remedies": [{"remedy": "card", "amount": "1.5"}]},
            [("/remedies/0/amount", "bad_amount")],
        ),
        (
            {"issue": "fee", "remedies": [{"remedy": "discount", "amount": "25%"}]},
            [("/remedies/0/amount", "bad_amount")],
        ),
        (
            {"issue": "fee", "remedies": [{"remedy": "waiver", "amount": "10000000000000.01"}]},
            [("/remedies/0/amount", "bad_amount")],
        ),
        (
            {"issue": "fee", "remedies": [{"remedy": "waiver", "amount": 5}]},
            [("/remedies/0/amount", "wrong_type")],
        ),
        (
            {"issue": "fee", "remedies": [{"remedy": "waiver", "amount": None}]},
            [("/remedies/0/amount", "null")],
        ),
        ({"issue": "fee", "remedies": [{"remedy": "x"}] * 51}, [("/remedies", "too_long")]),
    ],
)
def test_fault_of_a_decision_is_named_by_its_pointer(
    client: FlaskClient, body: Any, expected: Faults
) -> None:
    assert post(client, body, "/v1/decisions") == (422, expected)


@pytest.mark.parametrize(
    ("query", "parameter", "code"),
    [
        ("limit=0", "limit", "out_of_range"),
        ("limit=201", "limit", "out_of_range"),
        ("limit=x", "limit", "wrong_type"),
        ("limit=1_0", "limit", "wrong_type"),
        ("limit=%205", "limit", "wrong_type"),
        ("limit=%D9%A1", "limit", "wrong_type"),
        ("limit=1.0", "limit", "wrong_type"),
        ("limit=", "limit", "wrong_type"),
        ("limit=5&limit=6", "limit", "repeated"),
        ("offset=1", "offset", "unknown_field"),
        ("cursor=", "cursor", "too_short"),
        ("cursor=%00", "cursor", "control_character"),
        ("issue=nope", "issue", "unknown_issue"),
    ],
)
def test_fault_of_a_query_is_named_by_its_parameter(
    client: FlaskClient, query: str, parameter: str, code: str
) -> None:
    answer = client.get(f"/v1/policies?{query}")

    assert answer.status_code == 422
    errors = answer.get_json()["errors"]
    assert [(one["parameter"], one["code"]) for one in errors] == [(parameter, code)]


def test_operations_with_a_body_take_no_query(client: FlaskClient) -> None:
    answer = client.post("/v1/suggestions?debug=1", json={"text": "fee"})

    assert answer.status_code == 422
    assert answer.get_json()["errors"][0]["parameter"] == "debug"


@pytest.mark.parametrize(
    "body",
    [
        '{"text": "fee", "facts": {"cards.count": 2.0}}',
        '{"text": "fee", "facts": {"cards.count": 1e1}}',
        '{"text": "fee", "facts": {"cards.count": -3}}',
        '{"text": "a\\tb\\r\\nc"}',
        '{"text": "\\ud83d\\ude00 fee"}',
        '{"text": "' + "\U0001f600" * 20_000 + '"}',
        (
            '{"transcript": [{"from": "customer", "text": "", "at": "2026-01-01T00:00:00Z"}, '
            '{"from": "customer", "text": "hello"}]}'
        ),
        '{"transcript": [{"from": "agent", "text": "x", "at": "2026-01-01T00:00:00.5+05:30"}]}',
        '{"text": "a", "contact": {"locale": "de-AT", "channel": "chat"}}',
        ' \n{"text": "a"}\n ',
    ],
    ids=lambda body: body[:60],
)
def test_unusual_but_honest_body_is_taken(client: FlaskClient, body: str) -> None:
    answer = client.post("/v1/suggestions", data=body.encode(), content_type=JSON)

    assert answer.status_code == 200, answer.get_data(as_text=True)


def test_charset_of_the_content_type_is_of_no_matter(client: FlaskClient) -> None:
    answer = client.post(
        "/v1/suggestions", data=b'{"text": "fee"}', content_type="application/json; charset=utf-8"
    )

    assert answer.status_code == 200


class BrokenChunks(io.BytesIO):
    """A body whose chunks are none: each server has an error of its own for that."""

    def readinto(self, _buffer: object) -> int:
        raise ZeroDivisionError("not a chunk")


def in_chunks(client: FlaskClient, body: io.BytesIO) -> tuple[int, str]:
    """The status and kind of problem of a body that states no length."""
    answer = client.post(
        "/v1/suggestions",
        input_stream=body,
        content_type=JSON,
        headers={"Transfer-Encoding": "chunked"},
        environ_overrides={"wsgi.input_terminated": True},
    )
    return answer.status_code, answer.get_json().get("type", "")


@pytest.mark.parametrize(
    ("more", "status", "kind"),
    [
        (0, 200, ""),
        (1, 413, "urn:agent-assist:problem:content_too_large"),
        (1_000_000, 413, "urn:agent-assist:problem:content_too_large"),
    ],
)
def test_a_body_in_chunks_is_read_whole_or_refused(
    client: FlaskClient, more: int, status: int, kind: str
) -> None:
    body = b'{"text": "fee"}'.ljust(1_000_000) + b"x" * more

    assert in_chunks(client, io.BytesIO(body)) == (status, kind)


def test_a_body_whose_chunks_are_none_is_the_sender_s_fault(client: FlaskClient) -> None:
    assert in_chunks(client, BrokenChunks()) == (400, "urn:agent-assist:problem:bad_request")


SECRET = "my card is 4929123412341234"


@pytest.mark.parametrize(
    "body",
    [
        json.dumps({"text": SECRET + "\x00"}),
        json.dumps({"text": SECRET * 1_000}),
        json.dumps({"text": [SECRET]}),
        json.dumps({"text": SECRET + "\ud800"}),
        json.dumps({"text": "a", "rep": {"id": SECRET * 20}}),
        json.dumps({"text": "a", "facts": {"customer.tier": SECRET}}),
        json.dumps({"text": "a", "facts": {"fee.amount": {"amount": SECRET, "currency": "EUR"}}}),
        json.dumps({"text": "a", "facts": {"contact.since": SECRET}}),
        json.dumps({"transcript": [{"from": SECRET, "text": "a"}]}),
        json.dumps({"transcript": [{"from": "agent", "text": "a", "at": SECRET}]}),
        json.dumps({"text": SECRET})[:-1],
        json.dumps({"text": SECRET}) + "x",
        '{"text": "' + SECRET + '\\x"}',
        '{"text": "' + SECRET + '", "text": ""}',
    ],
    ids=lambda body: body[:70],
)
def test_refusal_never_quotes_what_was_sent(
    client: FlaskClient, lines: list[dict[str, Any]], body: str
) -> None:
    answer = client.post("/v1/suggestions", data=body, content_type=JSON)

    assert answer.status_code in (400, 422)
    assert "4929123412341234" not in answer.get_data(as_text=True)
    assert "4929123412341234" not in repr(lines)


def test_words_to_search_for_are_counted_in_characters(client: FlaskClient) -> None:
    refused = client.get("/v1/search?q=" + "a" * 2_001).get_json()

    assert refused["errors"][0]["detail"] == "must have at most 2000 characters"


def test_every_problem_speaks_with_one_voice(client: FlaskClient) -> None:
    bodies: list[dict[str, Any]] = [
        {"text": ""},
        {"text": " "},
        {"text": "a" * 20_001},
        {"text": None},
        {"transcript": []},
        {"transcript": [{"from": "nobody", "text": "x"}]},
        {"text": "a", "contact": {"channel": "Chat"}},
        {"text": "a", "facts": {"fee.disclosed": None}},
        {},
    ]
    answers = [client.post("/v1/suggestions", json=body) for body in bodies]
    answers.append(client.get("/v1/policies?limit=0"))
    faults = [answer.get_json()["errors"][0]["detail"] for answer in answers]

    assert faults == [
        "must have at least 1 character",
        "must say something",
        "must have at most 20000 characters",
        "must be left out instead of sent as null",
        "must have at least 1 item",
        "must be 'customer', 'agent' or 'system'",
        "must have the form ^[a-z][a-z0-9_]{0,63}$",
        "must be a text, true or false, a whole number or an amount",
        "must have either text or transcript",
        "must be at least 1",
    ]


def test_a_cursor_that_no_page_gave_is_refused(client: FlaskClient) -> None:
    for path in ("/v1/policies", "/v1/grants", "/v1/users"):
        refused = client.get(f"{path}?cursor=zzz")

        assert refused.status_code == 422
        assert refused.get_json()["errors"][0]["code"] == "bad_cursor"


def test_one_character_is_one_character(client: FlaskClient) -> None:
    answer = client.post("/v1/suggestions", json={"text": ""})

    (error,) = answer.get_json()["errors"]
    assert error["detail"] == "must have at least 1 character"
