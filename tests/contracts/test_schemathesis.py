"""The app keeps what its document promises, for requests that nobody thought of.

SCHEMATHESIS_EXAMPLES sets how many requests are made up for each operation, others each time;
without it they are always the same.
"""

import os
from typing import Any

import schemathesis
from flask import Flask
from hypothesis import HealthCheck, settings
from schemathesis.config import SchemathesisConfig

from agent_assist.admit import Scope

from .conftest import (
    VOCABULARY,
    SmallLibrary,
    SuggestionLog,
    new_app,
    new_database,
    new_keys,
    new_token,
)

ASKED = os.environ.get("SCHEMATHESIS_EXAMPLES")
EXAMPLES = int(ASKED or "8")
CONFIG = {
    # The key is a good one throughout; bad ones have their own tests.
    "generation": {"mode": "all", "with-security-parameters": False},
    "checks": {
        "missing_required_header": {"expected-statuses": [400, 401, 403, 422, 428]},
        # 403: who is named as acting is nobody that the server knows.
        "negative_data_rejection": {
            "expected-statuses": [400, 401, 403, 404, 405, 409, 412, 413, 415, 422, 428]
        },
        # With the library's own keys filled in, whatever the document allows must be answered.
        # 409: a grant over its headroom. 422 beside it: a header's value used for two requests,
        # or a reason code that is not of this remedy, which no schema can say.
        "positive_data_acceptance": {"expected-statuses": [200, 201, 202, 404, 409, 412, 413, 422]},
    },
    "operations": [
        {
            # A made-up code or renewal is nobody's, and a key has no session.
            "include-path-regex": "^/v1/sessions",
            "checks": {"positive_data_acceptance": {"expected-statuses": [401, 403, 422]}},
        },
        {
            # Each of several is answered by itself, also what is wrong with it.
            "include-path-regex": "^/v1/approvals/decisions",
            "checks": {
                "negative_data_rejection": {
                    "expected-statuses": [200, 400, 403, 405, 413, 415, 422, 428]
                }
            },
        },
        {
            # No key makes an administrator, and nobody who is not known is away.
            "include-path-regex": "^/v1/(users|absences)",
            "checks": {
                "positive_data_acceptance": {"expected-statuses": [200, 201, 403, 404, 409, 422]}
            },
        },
    ],
}
MONEY = {
    "type": "object",
    "required": ["amount", "currency"],
    "additionalProperties": False,
    "properties": {
        "amount": {"type": "string", "pattern": r"^(0|[1-9][0-9]{0,14})(\.[0-9]{1,2})?$"},
        "currency": {"const": "EUR"},
    },
}
FORMS: dict[str, Any] = {
    "customer.tier": {"enum": ["basic", "plus"]},
    "fee.amount": MONEY,
    "fee.disclosed": {"type": "boolean"},
    "cards.count": {"type": "integer", "minimum": -(10**15), "maximum": 10**15},
    "contact.since": {"type": "string", "pattern": r"^20[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|1[0-9])$"},
}
REMEDIES: dict[str, Any] = {
    "type": "array",
    "maxItems": 1,
    "items": {
        "type": "object",
        "required": ["remedy"],
        "additionalProperties": False,
        "properties": {
            "remedy": {"enum": list(VOCABULARY.remedies)},
            # Whole numbers above 0 are amounts in every unit; percentages have four digits.
            "amount": {"type": "string", "pattern": "^[1-9][0-9]{0,3}$"},
        },
    },
}


def _with_the_librarys_keys(document: dict[str, Any]) -> dict[str, Any]:
    """The document as if written for this library alone, so that valid requests are answered."""
    schemas = document["components"]["schemas"]
    for name in ("SuggestionRequest", "DecisionRequest", "GrantRequest", "AskedRemedy"):
        schemas[name]["properties"]["facts"] = {
            "type": "object",
            "properties": FORMS,
            "additionalProperties": False,
        }
    schemas["RepGiven"]["properties"]["level"] = {"enum": [one.key for one in VOCABULARY.levels]}
    schemas["DecisionRequest"]["properties"]["issue"] = {"enum": list(VOCABULARY.issues)}
    schemas["DecisionRequest"]["properties"]["remedies"] = REMEDIES
    for name in ("GrantRequest", "AskedRemedy"):
        asked = schemas[name]["properties"]
        asked["issue"] = {"enum": list(VOCABULARY.issues)}
        asked["remedy"] = {"enum": list(VOCABULARY.remedies)}
        asked["reason_code"] = {"enum": ["our_error", "delay"]}
    schemas["ContactRequest"]["properties"]["issues"]["items"] = {"enum": list(VOCABULARY.issues)}
    schemas["ByGiven"]["properties"]["id"] = {"enum": ["sam", "kim"]}
    policies = document["paths"]["/v1/policies"]["get"]["parameters"]
    issue = next(parameter for parameter in policies if parameter["name"] == "issue")
    issue["schema"] = {"enum": list(VOCABULARY.issues)}
    waiting = document["paths"]["/v1/queue"]["get"]["parameters"]
    decider = next(parameter for parameter in waiting if parameter["name"] == "decider")
    decider["schema"] = {"enum": ["sam", "kim"]}
    return document


def _schema(app: Flask) -> Any:
    document = _with_the_librarys_keys(app.test_client().get("/openapi.json").get_json())
    schema = schemathesis.openapi.from_dict(document, config=SchemathesisConfig.from_dict(CONFIG))
    schema.app = app
    return schema


# Not fixtures: schemathesis makes one test of each operation when this module is read.
DATABASE = new_database()
KEYS = new_keys(DATABASE)
SCHEMA = _schema(new_app(KEYS, SmallLibrary(), SuggestionLog(DATABASE), {}, DATABASE))
TOKEN = new_token(KEYS, *Scope)


@SCHEMA.parametrize()  # type: ignore[untyped-decorator]  # it has no types
@settings(
    max_examples=EXAMPLES,
    derandomize=ASKED is None,
    suppress_health_check=list(HealthCheck),
)
def test_answer_keeps_what_the_document_promises(case: Any) -> None:
    case.call_and_validate(headers={"Authorization": f"Bearer {TOKEN}"})


def test_every_operation_is_tried() -> None:
    assert len(list(SCHEMA.get_all_operations())) == 125
