"""What the answers hold."""

from collections.abc import Callable
from typing import Any

from flask.testing import FlaskClient

from agent_assist.admit import Scope

from .conftest import SmallLibrary, SuggestionLog

FACTS = {
    "customer.tier": "plus",
    "fee.amount": {"amount": "15.00", "currency": "EUR"},
    "fee.disclosed": False,
}


def suggest(client: FlaskClient, **body: Any) -> dict[str, Any]:
    answer = client.post("/v1/suggestions", json=body)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    found: dict[str, Any] = answer.get_json()
    return found


def decide(client: FlaskClient, **body: Any) -> dict[str, dict[str, Any]]:
    """The options by remedy."""
    answer = client.post("/v1/decisions", json=body)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return {option["remedy"]: option for option in answer.get_json()["options"]}


def test_suggestion_names_the_versions_it_was_made_from(client: FlaskClient) -> None:
    answer = suggest(client, text="a fee")

    assert answer["versions"] == {"library": 12, "limits": 8, "budgets": 3, "model": "fake/1"}
    assert answer["id"].startswith("sug_")
    assert answer["at"] == "2026-03-14T09:26:00Z"
    assert answer["level"] == "rep"
    assert answer["abstained"] is False


def test_match_says_what_to_say_and_keeps_guidance_apart(client: FlaskClient) -> None:
    match = suggest(client, text="why a fee")["matches"][0]

    assert match["policy"] == {"id": "fees/cash", "version": 4, "title": "Fee for cash"}
    assert match["issue"] == "fee"
    assert match["probability"] == 0.9123
    assert match["evidence"] == [
        {
            "source": "section",
            "passage": "Cash costs us money.",
            "similarity": 1.0,
            "spans": [{"start": 6, "end": 9}],
            "turn": None,
        }
    ]
    assert match["explanation"] == {
        "say": "Cash costs us money.",
        "why": "Vans carry it.",
        "wording": None,
        "type": "justification",
        "sources": ["Price list"],
    }
    assert match["guidance"] == {"steps": "1. Look at the fee.", "exceptions": "- Hardship."}


def test_suggestion_and_decision_hold_nothing_internal(client: FlaskClient) -> None:
    suggested = client.post("/v1/suggestions", json={"text": "fee", "facts": FACTS})
    decided = client.post("/v1/decisions", json={"issue": "fee", "facts": FACTS})

    for answer in (suggested, decided):
        assert b"INTERNAL-ONLY" not in answer.data
        assert b"REASON-INTERNAL" not in answer.data


def test_match_and_evidence_of_a_transcript_name_the_turn(client: FlaskClient) -> None:
    turns = [
        {"from": "agent", "text": "Hello"},
        {"from": "customer", "text": "that fee"},
        {"from": "agent", "text": "Let me look"},
    ]

    match = suggest(client, transcript=turns)["matches"][0]

    assert (match["role"], match["turns"]) == ("main", [1])
    assert match["evidence"][0]["turn"] == 1
    assert match["evidence"][0]["spans"] == [{"start": 5, "end": 8}]


def test_policy_is_shown_in_the_contacts_language(client: FlaskClient) -> None:
    match = suggest(client, text="fee", contact={"locale": "de-AT"})["matches"][0]

    assert match["policy"] == {"id": "fees/cash", "version": 2, "title": "Entgelt"}


def test_allowed_option_names_its_cap_and_the_tests_it_rests_on(client: FlaskClient) -> None:
    option = decide(client, issue="fee", facts=FACTS)["waiver"]

    assert option["verdict"] == "allowed"
    assert option["up_to"] == {"amount": "7.50", "currency": "EUR"}
    assert option["binding"] == {
        "kind": "ceiling",
        "row": "R1",
        "headroom": {"amount": "7.50", "currency": "EUR"},
        "given": {"amount": "0.00", "currency": "EUR"},
        "scope": None,
    }
    assert option["caps"] == [option["binding"]]
    assert option["approval"] == {
        "level": "senior",
        "up_to": {"amount": "15.00", "currency": "EUR"},
    }
    assert option["because"] == [
        {
            "row": "R1",
            "effect": "allow",
            "state": "met",
            "tests": [
                {"fact": "customer.tier", "test": "plus", "value": "plus", "met": True},
                {
                    "fact": "fee.amount",
                    "test": "<= 30.00",
                    "value": {"amount": "15.00", "currency": "EUR"},
                    "met": True,
                },
            ],
        }
    ]
    assert option["exclusive_with"] == ["refund"]
    assert option["say"] == "I can take that fee off."
    assert (option["kind"], option["unit"], option["offer"]) == ("goodwill", "money", "offer")


def test_each_unit_has_its_own_shape(client: FlaskClient) -> None:
    fee = decide(client, issue="fee", facts={**FACTS, "contact.since": "2026-02-01"})
    card = decide(client, issue="card", facts={"cards.count": 5})

    assert fee["refund"]["up_to"] == {"unlimited": True}
    assert fee["discount"]["up_to"] == {"percent": "12.5"}
    assert fee["time"]["approval"] == {"level": "senior", "up_to": {"days": 14}}
    assert card["card"]["up_to"] == {"count": 2}


def test_unknown_fact_is_asked_for_and_what_it_could_bring_is_shown(client: FlaskClient) -> None:
    answer = client.post("/v1/decisions", json={"issue": "fee"}).get_json()

    options = {option["remedy"]: option for option in answer["options"]}
    assert options["refund"]["verdict"] == "open"
    assert options["refund"]["up_to"] == {"amount": "0.00", "currency": "EUR"}
    assert options["refund"]["binding"] is None
    assert options["refund"]["needs"] == ["fee.disclosed"]
    assert options["refund"]["possible"] == [
        {"row": "R2", "needs": ["fee.disclosed"], "up_to": {"unlimited": True}}
    ]
    assert options["refund"]["because"][0]["tests"] == [
        {"fact": "fee.disclosed", "test": "no", "value": None, "met": None}
    ]
    assert options["waiver"]["possible"][0]["up_to"] is None
    question = next(one for one in answer["questions"] if one["fact"] == "customer.tier")
    assert question == {
        "fact": "customer.tier",
        "ask": "Which plan?",
        "type": "choice",
        "choices": ["basic", "plus"],
        "settles": ["waiver"],
    }


def test_refusal_shows_the_tests_that_failed(client: FlaskClient) -> None:
    asked = [{"remedy": "waiver"}]

    option = decide(client, issue="fee", facts={"customer.tier": "basic"}, remedies=asked)["waiver"]

    assert option["verdict"] == "not_allowed"
    assert option["because"][0]["state"] == "excluded"
    assert option["because"][0]["tests"][0] == {
        "fact": "customer.tier",
        "test": "plus",
        "value": "basic",
        "met": False,
    }


def test_denied_remedy_says_so_with_the_row_that_denies(client: FlaskClient) -> None:
    option = decide(client, issue="fee", remedies=[{"remedy": "card"}])["card"]

    assert option["verdict"] == "not_allowed"
    assert [(row["row"], row["effect"]) for row in option["because"]] == [("R6", "deny")]
    assert option["say"] == "A card does not help here."


def test_amounts_asked_for_are_in_the_remedys_unit(client: FlaskClient) -> None:
    asked = [
        {"remedy": "waiver", "amount": "10.00"},
        {"remedy": "discount", "amount": "25"},
        {"remedy": "time", "amount": "3"},
    ]
    facts = {**FACTS, "contact.since": "2026-02-01"}

    options = decide(client, issue="fee", facts=facts, remedies=asked)

    assert {key: one["verdict"] for key, one in options.items()} == {
        "waiver": "needs_approval",
        "discount": "needs_approval",
        "time": "needs_approval",
    }
    assert options["discount"]["approval"] == {"level": "senior", "up_to": {"percent": "25"}}


def test_log_holds_who_asked_about_whom_and_not_what_was_said(
    make_client: Callable[..., FlaskClient], log: SuggestionLog
) -> None:
    suggest(
        make_client(Scope.SUGGEST),
        text="a secret fee",
        rep={"id": "r-17"},
        customer={"id": "c-9"},
        order={"id": "o-3"},
        contact={"external_id": "4711", "channel": "chat", "locale": "en"},
    )

    suggestion, key_id, around = log.entries[0]
    assert suggestion.versions.library == 12
    assert key_id
    assert around["rep"] == "r-17"
    assert around["contact"] == "4711"
    assert "secret" not in repr(around)


def test_policies_come_in_pages_that_miss_and_repeat_nothing(client: FlaskClient) -> None:
    seen, cursor = [], ""
    for _ in range(3):
        page = client.get(f"/v1/policies?limit=1{cursor}").get_json()
        seen += [item["id"] for item in page["items"]]
        cursor = f"&cursor={page['next_cursor']}"

    assert seen == ["cards/lost", "cards/sent", "fees/cash"]
    assert page["next_cursor"] is None


def test_full_last_page_has_no_next(client: FlaskClient) -> None:
    page = client.get("/v1/policies?limit=3").get_json()

    assert len(page["items"]) == 3
    assert page["next_cursor"] is None


def test_policies_are_filtered_by_issue(client: FlaskClient) -> None:
    page = client.get("/v1/policies?issue=card").get_json()

    assert [item["id"] for item in page["items"]] == ["cards/lost", "cards/sent"]


def test_policy_is_read_whole(client: FlaskClient) -> None:
    assert client.get("/v1/policies/fees/cash").get_json() == {
        "id": "fees/cash",
        "version": 4,
        "locale": "en",
        "locales": ["de", "en"],
        "title": "Fee for cash",
        "issues": ["fee"],
        "tags": ["cash"],
        "owner": "fees-team",
        "review_by": "2027-01-01",
        "effective_from": "2026-01-01",
        "effective_to": None,
        "explanation": {
            "say": "Cash costs us money.",
            "why": "Vans carry it.",
            "wording": None,
            "type": "justification",
            "sources": ["Price list"],
        },
        "guidance": {"steps": "1. Look at the fee.", "exceptions": "- Hardship."},
        "internal": "INTERNAL-ONLY",
    }


def test_policy_is_read_in_the_nearest_language(client: FlaskClient) -> None:
    german = client.get("/v1/policies/fees%2Fcash?locale=de-CH").get_json()
    french = client.get("/v1/policies/fees/cash?locale=fr").get_json()

    assert (german["locale"], german["title"]) == ("de", "Entgelt")
    assert french["locale"] == "en"


def test_search_lists_policies_and_logs_nothing(client: FlaskClient, log: SuggestionLog) -> None:
    answer = client.get("/v1/search?q=what+fee&limit=1").get_json()

    assert [item["policy"]["id"] for item in answer["items"]] == ["fees/cash"]
    assert answer["versions"]["library"] == 12
    assert not log.entries


def test_vocabulary_is_listed_whole(client: FlaskClient) -> None:
    facts = client.get("/v1/facts").get_json()["items"]
    remedies = client.get("/v1/remedies").get_json()["items"]
    issues = client.get("/v1/issues").get_json()["items"]

    assert facts[1] == {
        "key": "fee.amount",
        "type": "money",
        "label": "Fee",
        "ask": "How much was it?",
        "choices": [],
        "least": None,
        "most": None,
        "crm": "fee.value",
    }
    assert remedies[2]["cost"] == {"amount": "4.00", "currency": "EUR"}
    assert remedies[0]["exclusive_group"] == "fee"
    assert [issue["key"] for issue in issues] == ["fee", "card"]


def test_an_answer_is_made_from_one_look_at_the_live_library(
    client: FlaskClient, library: SmallLibrary
) -> None:
    client.post("/v1/suggestions", json={"text": "fee"})
    client.post("/v1/decisions", json={"issue": "fee"})
    client.get("/v1/search?q=fee")

    assert library.asked == 3


def test_an_amount_of_money_may_name_its_currency_and_must_name_the_right_one(
    client: FlaskClient,
) -> None:
    def asked(amount: object) -> tuple[int, dict[str, Any]]:
        body = {
            "issue": "fee",
            "facts": FACTS,
            "remedies": [{"remedy": "waiver", "amount": amount}],
        }
        answer = client.post("/v1/decisions", json=body)
        return answer.status_code, answer.get_json()

    named = asked({"amount": "5.00", "currency": "EUR"})

    assert named == asked("5.00")
    assert named[0] == 200
    status, problem = asked({"amount": "5.00", "currency": "USD"})
    assert (status, problem["errors"][0]["pointer"]) == (422, "/remedies/0/amount")


def test_what_would_turn_a_no_is_told(client: FlaskClient) -> None:
    body = {"issue": "fee", "facts": {"fee.disclosed": True}, "remedies": [{"remedy": "refund"}]}

    refund = client.post("/v1/decisions", json=body).get_json()["options"][0]

    assert refund["otherwise"] == [
        {"row": "R2", "fact": "fee.disclosed", "test": "no", "up_to": {"unlimited": True}}
    ]
