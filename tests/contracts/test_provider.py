"""People come by an identity provider: what it says is checked, and its groups say who they are."""

import json
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import jwt
import pytest
from flask import Flask
from flask.testing import FlaskClient

from agent_assist.admit import KeyRing
from agent_assist.admit.provided import Reading
from agent_assist.admit.provider import Client, Provider
from agent_assist.core.groups import Granted, GroupRule, granted_by
from agent_assist.core.people import Person
from agent_assist.core.proofs import Means
from agent_assist.store.database import Database
from agent_assist.store.people import PeopleStore
from agent_assist.web import Services
from tests.small_provider import CLIENT, SECRET, SmallProvider, a_key, provided

from .conftest import HandClock, SmallLibrary, SuggestionLog, new_app

RULES = (
    GroupRule("cc-reps", "rep", "t-1"),
    GroupRule("cc-seniors", "senior", "t-2"),
    GroupRule("cc-admins", admin=True),
)
READING = Reading("employee", "groups", RULES, frozenset({"mfa"}))
SUE = Person("sue", "Sue S.", "senior", "t-2")
BACK = "/login/provider/back"
STRONG = {"employee": "sue", "groups": ["cc-seniors"], "amr": ["pwd", "mfa"]}


@pytest.fixture
def provider(clock: HandClock) -> Iterator[SmallProvider]:
    with provided(clock) as small:
        yield small


@pytest.fixture
def app(
    provider: SmallProvider,
    keys: KeyRing,
    library: SmallLibrary,
    log: SuggestionLog,
    checks: dict[str, Callable[[], None]],
    database: Database,
    clock: HandClock,
) -> Flask:
    client = Client(provider.issuer, CLIENT, SECRET, ("openid", "profile"))
    return new_app(
        keys,
        library,
        log,
        checks,
        database,
        clock,
        second_factor_required=True,
        speaks=Provider(client, clock),
        reading=READING,
    )


def sent(visitor: FlaskClient, query: str = "next=/console") -> str:
    answer = visitor.get(f"/login/provider?{query}")
    assert answer.status_code == 303
    return str(answer.location)


def come(visitor: FlaskClient, provider: SmallProvider, **claims: Any) -> Any:
    return visitor.get(BACK + provider.authorise(sent(visitor), **claims))


def opens(client: FlaskClient) -> bool:
    found = re.search(r'id="boot">(.*?)</script>', client.get("/console").get_data(as_text=True))
    assert found
    return json.loads(found[1])["code"] is not None


def test_who_is_known_comes_in_by_their_id_and_goes_where_they_wanted(
    visitor: FlaskClient, provider: SmallProvider, people: PeopleStore
) -> None:
    people.add(SUE, "test")

    form = visitor.get("/login?next=/console").get_data(as_text=True)
    answer = come(visitor, provider, **STRONG)
    onward = visitor.get(answer.location)

    assert 'href="/login/provider?next=%2Fconsole"' in form
    assert (answer.status_code, answer.location) == (303, "/login?next=%2Fconsole")
    assert onward.location == "/console"
    assert opens(visitor)


def test_provider_is_asked_by_the_code_flow_with_proof_of_who_asks(
    visitor: FlaskClient, provider: SmallProvider
) -> None:
    first, second = sent(visitor), sent(visitor)

    def asked(name: str, address: str) -> str:
        found = re.search(rf"[?&]{name}=([^&]*)", address)
        assert found
        return found[1]

    assert first.startswith(f"{provider.issuer}/authorize?")
    assert asked("redirect_uri", first) == "http%3A%2F%2Flocalhost%2Flogin%2Fprovider%2Fback"
    assert asked("scope", first) == "openid+profile"
    for name in ("state", "nonce", "code_challenge"):
        assert len(asked(name, first)) >= 43
        assert asked(name, first) != asked(name, second)
    assert "prompt" not in first
    assert asked("prompt", sent(visitor, "again=1")) == "login"


def wrong_tokens(provider: SmallProvider, at: int) -> dict[str, dict[str, Any]]:
    """What a provider, or somebody who would be it, might say instead."""
    stranger = a_key(1)
    return {
        "another signature": {"token": lambda told: provider.sign(told, stranger)},
        "no signature": {"token": lambda told: jwt.encode(told, "", algorithm="none")},
        "a shared secret": {"token": lambda told: jwt.encode(told, SECRET, algorithm="HS256")},
        "no token": {"token": lambda _: "x"},
        "another nonce": {"nonce": "0" * 64},
        "no nonce": {
            "token": lambda told: provider.sign({**told, "nonce": None}),
        },
        "another audience": {"aud": "another"},
        "another issuer": {"iss": "https://evil.example"},
        "another party": {"azp": "another"},
        "expired": {"iat": at - 700, "exp": at - 400},
        "of the future": {"nbf": at + 400},
        "no id": {"employee": None},
        "an id that is none": {"employee": "a/b"},
    }


@pytest.mark.parametrize(
    "what",
    [
        "another signature", "no signature", "a shared secret", "no token", "another nonce",
        "no nonce", "another audience", "another issuer", "another party", "expired",
        "of the future", "no id", "an id that is none",
    ],
)  # fmt: skip
def test_what_is_not_to_be_trusted_lets_nobody_in(
    visitor: FlaskClient,
    provider: SmallProvider,
    people: PeopleStore,
    clock: HandClock,
    what: str,
) -> None:
    people.add(SUE, "test")
    wrong = wrong_tokens(provider, int(clock.at.timestamp()))[what]

    answer = come(visitor, provider, **{**STRONG, **wrong})

    assert answer.status_code == 401
    assert 'role="alert"' in answer.get_data(as_text=True)
    assert not opens(visitor)


def test_who_came_back_does_not_come_back_twice_nor_late_nor_in_another_browser(
    app: Flask,
    visitor: FlaskClient,
    provider: SmallProvider,
    people: PeopleStore,
    clock: HandClock,
) -> None:
    people.add(SUE, "test")
    address = sent(visitor)
    thief = app.test_client()
    elsewhere = thief.get(BACK + provider.authorise(address, **STRONG)).status_code
    first = visitor.get(BACK + provider.authorise(address, **STRONG)).status_code
    visitor.set_cookie("aa_provider", re.findall(r"state=([^&]*)", address)[0])
    again = visitor.get(BACK + provider.authorise(address, **STRONG)).status_code
    late = sent(visitor)
    clock.at += timedelta(minutes=10)
    too_late = visitor.get(BACK + provider.authorise(late, **STRONG)).status_code

    assert (elsewhere, first, again, too_late) == (401, 303, 401, 401)
    assert provider.tokens == 1
    assert not opens(thief)


@pytest.mark.parametrize(
    "query", ["", "?error=access_denied&state=x", "?code=x", "?code=x&state=%00"]
)
def test_who_comes_back_with_nothing_is_told_so(visitor: FlaskClient, query: str) -> None:
    sent(visitor)

    assert visitor.get(BACK + query).status_code == 401


def test_new_key_of_the_provider_is_read_once_it_signs(
    visitor: FlaskClient, provider: SmallProvider, people: PeopleStore, monkeypatch: Any
) -> None:
    people.add(SUE, "test")
    come(visitor, provider, **STRONG)
    provider.keys.append(a_key(2))
    monkeypatch.setattr("agent_assist.admit.provider._KEYS_AGAIN", 0.0)

    assert come(visitor, provider, **STRONG).status_code == 303


def test_unknown_person_is_made_where_groups_say_level_and_team(
    visitor: FlaskClient, provider: SmallProvider, people: PeopleStore, dump: Callable[[], str]
) -> None:
    claims = {**STRONG, "employee": "new", "name": "New N.", "groups": ["cc-seniors", "x"]}

    answer = come(visitor, provider, **claims)

    assert answer.status_code == 303
    assert people.find("new") == Person("new", "New N.", "senior", "t-2")
    assert "'provider', 'person.add', 'new'" in dump()


@pytest.mark.parametrize("groups", [[], ["x"], ["cc-admins"], "cc-seniors", None, [["cc-seniors"]]])
def test_unknown_person_whose_groups_say_too_little_is_refused(
    visitor: FlaskClient, provider: SmallProvider, people: PeopleStore, groups: Any
) -> None:
    answer = come(visitor, provider, employee="new", groups=groups)

    assert answer.status_code == 401
    assert people.find("new") is None


def test_group_that_is_gone_takes_its_level_at_the_next_sign_in(
    visitor: FlaskClient, provider: SmallProvider, people: PeopleStore
) -> None:
    people.add(SUE, "test")

    fewer = come(visitor, provider, employee="sue", groups=["cc-reps"]).status_code
    as_rep = people.find("sue")
    come(visitor, provider, **STRONG)
    none = come(visitor, provider, employee="sue", groups=["x"]).status_code

    assert (fewer, none) == (303, 401)
    assert as_rep == Person("sue", "Sue S.", "rep", "t-1")
    assert people.find("sue") == Person("sue", "Sue S.", "rep", "t-2")


def test_who_was_switched_off_here_stays_off(
    visitor: FlaskClient, provider: SmallProvider, people: PeopleStore
) -> None:
    gone = Person("sue", "Sue S.", "rep", "t-1", active=False)
    people.add(gone, "test")

    assert come(visitor, provider, **STRONG).status_code == 401
    assert people.find("sue") == gone
    assert not opens(visitor)


def test_last_administrator_is_not_lost_to_a_group(
    visitor: FlaskClient, provider: SmallProvider, people: PeopleStore
) -> None:
    ada = Person("ada", "Ada", "rep", "t-1", admin=True)
    people.add(ada, "test")

    assert come(visitor, provider, employee="ada", groups=["cc-reps"]).status_code == 401
    assert people.find("ada") == ada


def test_second_factor_of_the_provider_counts_and_without_it_ours_is_asked_for(
    visitor: FlaskClient, provider: SmallProvider, people: PeopleStore
) -> None:
    people.add(SUE, "test")

    weak = come(visitor, provider, employee="sue", groups=["cc-seniors"], amr=["pwd"])
    asked = visitor.get(weak.location).location
    before = opens(visitor)
    come(visitor, provider, employee="sue", groups=["cc-seniors"], acr="mfa")

    assert (asked, before) == ("/second-factor?next=%2Fconsole", False)
    assert opens(visitor)


def test_proof_is_shown_again_at_the_provider_which_must_have_asked(
    app: Flask,
    visitor: FlaskClient,
    provider: SmallProvider,
    people: PeopleStore,
    services: Services,
    clock: HandClock,
) -> None:
    boss = Person("boss", "Boss", "manager", "t-1", admin=True)
    people.add(boss, "test")
    code = services.sessions.code_for(boss, None, Means.PROVIDER_SECOND)
    opened = services.sessions.begin(code)
    clock.at += timedelta(minutes=10)
    bearer = {"Authorization": f"Bearer {opened.token}"}
    key = {"name": "CRM", "scopes": ["read"]}
    strong = {"employee": "boss", "groups": ["cc-seniors", "cc-admins"], "amr": ["mfa"]}
    at = int(clock.at.timestamp())

    how = app.test_client().post("/v1/keys", json=key, headers=bearer).get_json()["how"]
    old, untold, fresh = (
        visitor.get(BACK + provider.authorise(sent(visitor, "popup=1&again=1"), **strong, **more))
        for more in ({"auth_time": at - 400}, {}, {"auth_time": at - 5})
    )
    page = visitor.get(fresh.location).get_data(as_text=True)
    found = re.search(r'\{"code": "(aac_[\w-]{43})"\}', page)
    assert found
    token = visitor.post("/v1/sessions", json={"code": found[1]}).get_json()["token"]

    assert how == ["provider"]
    assert (old.status_code, untold.status_code, fresh.status_code) == (401, 401, 303)
    made = visitor.post("/v1/keys", json=key, headers={"Authorization": f"Bearer {token}"})
    assert made.status_code == 201


def test_provider_that_is_away_is_said_to_be(visitor: FlaskClient, provider: SmallProvider) -> None:
    provider.issuer += "/moved"

    answer = visitor.get("/login/provider")

    assert answer.status_code == 503
    assert "calls itself otherwise" in answer.get_data(as_text=True)


def test_nothing_of_the_provider_is_kept(
    visitor: FlaskClient, provider: SmallProvider, people: PeopleStore, dump: Callable[[], str]
) -> None:
    people.add(SUE, "test")
    address = sent(visitor)
    state, nonce = (re.findall(rf"{name}=([^&]*)", address)[0] for name in ("state", "nonce"))
    before = dump()
    visitor.get(BACK + provider.authorise(address, **STRONG))

    for secret in (state, nonce, "opaque", SECRET):
        assert secret not in before + dump()


@pytest.mark.parametrize(
    ("groups", "granted"),
    [
        ([], None),
        (["x"], None),
        (["cc-reps"], Granted("rep", "t-1", admin=False)),
        (["cc-reps", "cc-seniors", "x"], Granted("senior", "t-2", admin=False)),
        (["cc-admins"], Granted(None, None, admin=True)),
        (["cc-admins", "cc-reps"], Granted("rep", "t-1", admin=True)),
    ],
)
def test_groups_give_the_highest_level_with_its_team(
    groups: list[str], granted: Granted | None
) -> None:
    assert granted_by(groups, RULES, ("rep", "senior", "manager")) == granted


def test_level_that_is_not_on_the_ladder_gives_nothing() -> None:
    rules = (GroupRule("g", "emperor", "t-1"),)

    assert granted_by(["g"], rules, ("rep",)) == Granted(None, "t-1", admin=False)
