"""Who decides for others shows a second factor: each code once, and nothing opens before."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pyotp import TOTP

from agent_assist.admit import KeyRing, Scope
from agent_assist.core.errors import Unauthenticated
from agent_assist.core.people import Person
from agent_assist.core.proofs import Means
from agent_assist.store.database import Database
from agent_assist.store.people import PeopleStore
from agent_assist.web import Services

from .conftest import NOW, HandClock, SmallLibrary, SuggestionLog, new_app

PASSWORD = "correct horse battery"
OWN = {"Sec-Fetch-Site": "same-origin"}
STEP = timedelta(seconds=30)
PEOPLE = {
    "rita": Person("rita", "Rita R.", "rep", "t-1"),
    "sue": Person("sue", "Sue S.", "senior", "t-1"),
    "ada": Person("ada", "Ada A.", "rep", "t-1", admin=True),
}


@pytest.fixture
def app(
    keys: KeyRing,
    library: SmallLibrary,
    log: SuggestionLog,
    checks: dict[str, Callable[[], None]],
    database: Database,
    clock: HandClock,
) -> Flask:
    app = new_app(keys, library, log, checks, database, clock, second_factor_required=True)
    services: Services = app.extensions["services"]
    for person in PEOPLE.values():
        app.extensions["people"].add(person, "test")
        services.sign_ins.set_password(person.id, PASSWORD, "test")
    return app


def sign_in(client: FlaskClient, person: str = "sue", **more: str) -> Any:
    form = {"id": person, "password": PASSWORD, **more}
    return client.post("/login", data=form, headers=OWN)


def give(client: FlaskClient, code: str, **more: str) -> Any:
    return client.post("/login/code", data={"code": code, **more}, headers=OWN)


def offered(client: FlaskClient, code: str = "") -> str:
    """The secret that the page offers."""
    page = client.post("/second-factor/offer", data={"code": code}, headers=OWN)
    found = re.search(r'class="secret"><code>([A-Z2-7 ]+)</code>', page.get_data(as_text=True))
    assert found, page.get_data(as_text=True)
    return found[1].replace(" ", "")


def confirm(client: FlaskClient, code: str) -> Any:
    return client.post("/second-factor/confirmation", data={"code": code}, headers=OWN)


def codes_of(page: Any) -> list[str]:
    return re.findall(r"<li><code>([a-z0-9]{5}-[a-z0-9]{5})</code>", page.get_data(as_text=True))


def opens(client: FlaskClient) -> bool:
    """Whether the console's page lets the browser in."""
    found = re.search(r'id="boot">(.*?)</script>', client.get("/console").get_data(as_text=True))
    assert found
    return json.loads(found[1])["code"] is not None


@pytest.fixture
def app_of_sue(visitor: FlaskClient, clock: HandClock) -> TOTP:
    """What Sue's app has; she has confirmed it, and is signed in. A step has passed since."""
    sign_in(visitor)
    totp = TOTP(offered(visitor))
    assert confirm(visitor, totp.at(clock.at)).status_code == 200
    clock.at += STEP
    return totp


@pytest.mark.parametrize("person", ["sue", "ada"])
def test_password_alone_opens_nothing_to_who_decides_or_administers(
    visitor: FlaskClient, person: str
) -> None:
    answer = sign_in(visitor, person, next="/console/limits")

    assert (answer.status_code, answer.location) == (
        303, "/second-factor?next=%2Fconsole%2Flimits",
    )  # fmt: skip
    assert not opens(visitor)
    assert "aac_" not in visitor.get("/login?popup=1").get_data(as_text=True)
    assert "aac_" not in visitor.get("/panel").get_data(as_text=True)


def test_representative_needs_none(visitor: FlaskClient) -> None:
    assert sign_in(visitor, "rita").location == "/panel"
    assert opens(visitor)


def test_setting_it_up_signs_in_and_shows_ten_recovery_codes_once(
    visitor: FlaskClient, clock: HandClock, dump: Callable[[], str]
) -> None:
    sign_in(visitor)
    secret = offered(visitor)
    before = opens(visitor)
    page = confirm(visitor, TOTP(secret).at(clock.at))

    codes = codes_of(page)
    kept = dump()
    assert (before, opens(visitor)) == (False, True)
    assert len(set(codes)) == 10
    assert codes_of(visitor.get("/second-factor")) == []
    assert "You have 10 recovery codes left." in visitor.get("/second-factor").get_data(True)
    for one in (secret, *codes, codes[0].replace("-", "")):
        assert one not in kept


def test_page_draws_the_secret_without_what_its_policy_would_refuse(
    visitor: FlaskClient,
) -> None:
    sign_in(visitor)

    answer = visitor.post("/second-factor/offer", headers=OWN)

    page = answer.get_data(as_text=True)
    assert "<svg" in page
    assert "otpauth://totp/Agent%20Assist:sue?secret=" in page
    assert "style=" not in page
    assert "<script" not in page
    assert "style-src 'self'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Cache-Control"] == "no-store"


def test_secret_that_was_not_confirmed_counts_for_nothing(
    visitor: FlaskClient, clock: HandClock
) -> None:
    sign_in(visitor)
    first = TOTP(offered(visitor))
    second = TOTP(offered(visitor))

    wrong = confirm(visitor, first.at(clock.at))
    again = confirm(visitor, second.at(clock.at))

    assert (wrong.status_code, again.status_code) == (401, 200)


def test_offer_is_over_after_a_quarter_of_an_hour(visitor: FlaskClient, clock: HandClock) -> None:
    sign_in(visitor, "rita")
    totp = TOTP(offered(visitor))
    clock.at += timedelta(minutes=15)

    answer = confirm(visitor, totp.at(clock.at))

    assert answer.status_code == 401
    assert "This took too long" in answer.get_data(as_text=True)


def test_who_has_one_is_asked_for_a_code_on_a_second_step(
    app: Flask, app_of_sue: TOTP, clock: HandClock
) -> None:
    browser = app.test_client()

    asked = sign_in(browser, next="/console")
    before = opens(browser)
    given = give(browser, app_of_sue.at(clock.at), next="/console")

    assert "Enter your code" in asked.get_data(as_text=True)
    assert (given.status_code, given.location) == (303, "/console")
    assert (before, opens(browser)) == (False, True)


def test_code_is_asked_of_a_popup_too(app: Flask, app_of_sue: TOTP, clock: HandClock) -> None:
    browser = app.test_client()

    asked = sign_in(browser, popup="1").get_data(as_text=True)
    given = give(browser, app_of_sue.at(clock.at), popup="1").get_data(as_text=True)

    assert ("aac_" in asked, 'name="popup" value="1"' in asked, "aac_" in given) == (
        False, True, True,
    )  # fmt: skip


@pytest.mark.parametrize(("steps", "status"), [(-2, 401), (-1, 303), (0, 303), (1, 303), (2, 401)])
def test_code_counts_within_a_step_of_its_own(
    app: Flask, app_of_sue: TOTP, clock: HandClock, steps: int, status: int
) -> None:
    clock.at += 3 * STEP
    browser = app.test_client()
    sign_in(browser)

    assert give(browser, app_of_sue.at(clock.at, counter_offset=steps)).status_code == status


def test_code_counts_once_and_none_of_an_earlier_step_after_it(
    app: Flask, app_of_sue: TOTP, clock: HandClock
) -> None:
    clock.at += 3 * STEP
    codes = [app_of_sue.at(clock.at, counter_offset=step) for step in (0, 0, -1, 1)]
    answers = []

    for code in codes:
        browser = app.test_client()
        sign_in(browser)
        answers.append(give(browser, code).status_code)

    assert answers == [303, 401, 401, 303]


def test_code_that_confirmed_it_signs_nobody_in(
    app: Flask, visitor: FlaskClient, clock: HandClock
) -> None:
    sign_in(visitor)
    code = TOTP(offered(visitor)).at(clock.at)
    confirm(visitor, code)
    browser = app.test_client()
    sign_in(browser)

    assert give(browser, code).status_code == 401


def test_recovery_code_counts_once_however_it_is_typed(
    app: Flask, visitor: FlaskClient, clock: HandClock
) -> None:
    sign_in(visitor)
    codes = codes_of(confirm(visitor, TOTP(offered(visitor)).at(clock.at)))
    typed = [codes[0], codes[0], f" {codes[1].upper().replace('-', ' ')} "]
    answers = []

    for code in typed:
        browser = app.test_client()
        sign_in(browser)
        answers.append(give(browser, code).status_code)

    assert answers == [303, 401, 303]


@pytest.mark.parametrize(
    "code",
    ["", "0", "000000", "\uff11\uff12\uff13\uff14\uff15\uff16", "-" * 40, "x" * 900_000, "\x00"],
)
def test_what_is_no_code_is_refused(app: Flask, app_of_sue: TOTP, code: str) -> None:
    browser = app.test_client()
    sign_in(browser)

    answer = give(browser, code)

    assert answer.status_code == 401
    assert "The code is wrong" in answer.get_data(as_text=True)


def test_codes_are_slowed_after_five_failures_and_a_password_does_not_forget_them(
    app: Flask, app_of_sue: TOTP, clock: HandClock, dump: Callable[[], str]
) -> None:
    waits = []
    for _ in range(20):
        browser = app.test_client()
        sign_in(browser)
        answer = give(browser, "000000")
        if answer.status_code == 429:
            waits.append(int(answer.headers["Retry-After"]))
            clock.at += timedelta(seconds=waits[-1])

    browser = app.test_client()
    sign_in(browser)
    right = give(browser, app_of_sue.at(clock.at)).status_code
    assert waits[:5] == [1, 2, 4, 8, 16]
    assert right == 303
    assert dump().count("second_factor.refused") == 1


def test_nobody_waits_longer_than_a_quarter_of_an_hour_for_a_code(
    app: Flask, app_of_sue: TOTP, clock: HandClock
) -> None:
    longest = 0
    for _ in range(36):
        browser = app.test_client()
        sign_in(browser)
        answer = give(browser, "000000")
        if answer.status_code == 429:
            longest = int(answer.headers["Retry-After"])
            clock.at += timedelta(seconds=longest)

    assert longest == 900


def test_code_must_follow_its_password_soon(app: Flask, app_of_sue: TOTP, clock: HandClock) -> None:
    browser = app.test_client()
    sign_in(browser)
    clock.at += timedelta(minutes=15)

    answer = give(browser, app_of_sue.at(clock.at))

    assert answer.location == "/login?next=%2Fpanel"
    assert "Password" in browser.get("/login").get_data(as_text=True)
    assert not opens(browser)


def test_setting_it_up_anew_asks_for_a_code_and_the_old_app_counts_until_it_is_done(
    app: Flask, visitor: FlaskClient, app_of_sue: TOTP, clock: HandClock
) -> None:
    without = visitor.post("/second-factor/offer", data={"code": "000000"}, headers=OWN)
    new = TOTP(offered(visitor, app_of_sue.at(clock.at)))
    clock.at += STEP
    browser = app.test_client()
    sign_in(browser)
    meanwhile = give(browser, app_of_sue.at(clock.at)).status_code
    clock.at += STEP
    confirm(visitor, new.at(clock.at))
    clock.at += STEP

    later = []
    for totp in (app_of_sue, new):
        browser = app.test_client()
        sign_in(browser)
        later.append(give(browser, totp.at(clock.at)).status_code)

    assert without.status_code == 401
    assert "qrline" not in without.get_data(as_text=True)
    assert meanwhile == 303
    assert later == [401, 303]


def test_who_is_halfway_with_a_code_to_give_cannot_set_up_another_app(
    app: Flask, app_of_sue: TOTP
) -> None:
    thief = app.test_client()
    sign_in(thief)

    answers = [
        thief.post(f"/second-factor/{page}", data={"code": "000000"}, headers=OWN).location
        for page in ("offer", "confirmation")
    ]

    assert answers == ["/login?next=%2Fsecond-factor"] * 2


def test_what_was_open_by_a_password_alone_ends_when_it_is_set_up(
    app: Flask, visitor: FlaskClient, clock: HandClock
) -> None:
    other = app.test_client()
    sign_in(other, "rita")
    sign_in(visitor, "rita")
    before = opens(other)

    confirm(visitor, TOTP(offered(visitor)).at(clock.at))

    assert (before, opens(other), opens(visitor)) == (True, False, True)


@pytest.mark.parametrize("change", [{"level": "senior"}, {"admin": True}])
def test_who_is_given_more_shows_more_before_anything_else(
    app: Flask, visitor: FlaskClient, people: PeopleStore, services: Services, change: Any
) -> None:
    sign_in(visitor, "rita")
    opened = services.sessions.begin(services.sessions.code_for(PEOPLE["rita"], None))
    bearer = {"Authorization": f"Bearer {opened.token}"}
    before = visitor.get("/v1/issues", headers=bearer).status_code

    people.change("rita", lambda one: replace(one, **change), "test")

    after = visitor.get("/v1/issues", headers=bearer).status_code
    renewed = visitor.post("/v1/sessions/renewal", json={"renewal": opened.renewal}).status_code
    assert (before, after, renewed, opens(visitor)) == (200, 401, 401, False)


def test_session_of_who_decides_is_opened_by_no_password_alone(services: Services) -> None:
    def begun(means: Means) -> bool:
        code = services.sessions.code_for(PEOPLE["sue"], None, means)
        try:
            services.sessions.begin(code)
        except Unauthenticated:
            return False
        return True

    assert {one for one in Means if not begun(one)} == {Means.PASSWORD, Means.PROVIDER}


def test_administrator_resets_it_and_everything_open_ends(
    app: Flask,
    visitor: FlaskClient,
    app_of_sue: TOTP,
    make_client: Callable[..., FlaskClient],
    dump: Callable[[], str],
) -> None:
    client = make_client(Scope.PEOPLE_EDIT)
    told = client.get("/v1/users/sue").get_json()["has_second_factor"]

    answer = client.delete("/v1/users/sue/second-factor").get_json()
    again = client.delete("/v1/users/sue/second-factor").get_json()

    assert told
    assert (answer, again) == ({"id": "sue", "reset": True}, {"id": "sue", "reset": False})
    assert not opens(visitor)
    assert sign_in(app.test_client()).location == "/second-factor?next=%2Fpanel"
    assert dump().count("second_factor.reset") == 1


def test_key_resets_none_of_an_administrator(make_client: Callable[..., FlaskClient]) -> None:
    answer = make_client(Scope.PEOPLE_EDIT).delete("/v1/users/ada/second-factor")

    assert answer.get_json()["type"].endswith("administrators_alone")


def test_audit_tells_of_it_and_holds_no_code(
    app: Flask, visitor: FlaskClient, clock: HandClock, dump: Callable[[], str]
) -> None:
    sign_in(visitor)
    totp = TOTP(offered(visitor))
    codes = codes_of(confirm(visitor, totp.at(clock.at)))
    browser = app.test_client()
    sign_in(browser)
    give(browser, codes[3])

    kept = dump()

    for act in ("second_factor.confirm", "second_factor.recover", "'means': 'second'"):
        assert act in kept
    for secret in (totp.secret, totp.at(NOW), *codes):
        assert secret not in kept
