"""Provided: people whom an identity provider vouches for, and what its groups make of them."""

import hmac
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, Protocol

from agent_assist.admit.pepper import Pepper, new_secret
from agent_assist.admit.sign_ins import SignIns
from agent_assist.core.errors import Unauthenticated
from agent_assist.core.groups import Granted, GroupRule, granted_by
from agent_assist.core.ids import same_form
from agent_assist.core.people import LastAdministrator, Person
from agent_assist.core.proofs import Means
from agent_assist.store.people import PeopleStore
from agent_assist.store.provider_visits import ProviderVisitStore, Visit

LIFE = timedelta(minutes=10)
_BY = "provider"
_LONGEST = 200
_LONGEST_CODE = 4_000
Claims = Mapping[str, Any]


class ProviderRefused(Unauthenticated):
    """Somebody came back from the provider, and is not let in."""

    def __init__(self, why: str) -> None:
        super().__init__(why)


class Speaks(Protocol):
    """What speaks to the provider; `admit.provider` does."""

    def address(self, back: str, state: str, nonce: str, verifier: str, *, again: bool) -> str:
        """Where to send somebody, who comes back to an address of ours."""

    def claims(self, back: str, code: str, nonce: str, verifier: str, *, again: bool) -> Claims:
        """What the provider says of who came back with a code."""


@dataclass(frozen=True, slots=True)
class Reading:
    """How claims are read: by which a person is known, which lists groups, and what these give.

    `second` are values of `amr` or `acr` that say that a second factor was shown.
    """

    id_claim: str
    groups_claim: str
    groups: tuple[GroupRule, ...]
    second: frozenset[str]


@dataclass(frozen=True, slots=True)
class Arrived:
    """Who came back, with a secret for their browser, and what they want to sign in for."""

    secret: str
    visit: Visit


class Provided:
    """Sends people to the provider and takes them back.

    Args:
        speaks: to the provider.
        reading: how what it says is read.
        visits: remember who was sent.
        people: who is known here.
        sign_ins: remember browsers.
        pepper: from which, with a visit's state, its nonce and verifier follow.
        ladder: gives the keys of the levels that count now, lowest first.
    """

    def __init__(
        self,
        speaks: Speaks,
        reading: Reading,
        visits: ProviderVisitStore,
        people: PeopleStore,
        sign_ins: SignIns,
        pepper: Pepper,
        ladder: Callable[[], Sequence[str]],
    ) -> None:
        self._speaks = speaks
        self._reading = reading
        self._visits = visits
        self._people = people
        self._sign_ins = sign_ins
        self._pepper = pepper
        self._ladder = ladder

    def send(self, visit: Visit, back: str) -> tuple[str, str]:
        """Where to send somebody, and the state that their browser must come back with.

        Raises:
            NotReady: the provider does not answer.
        """
        state = new_secret()
        address = self._speaks.address(
            back, state, self._nonce(state), self._verifier(state), again=visit.again
        )
        self._visits.begin(self._pepper.hash(f"visit/{state}"), visit, LIFE)
        return address, state

    def take(
        self, back: str, code: str, state: str, kept: str | None, replaces: str | None
    ) -> Arrived:
        """Let in who came back with a code, in the browser that was sent with a state (`kept`).

        Raises:
            ProviderRefused: says why not.
            NotReady: the provider does not answer.
        """
        if not code or len(code) > _LONGEST_CODE:
            raise ProviderRefused("the identity provider has not let you in")
        own = hmac.compare_digest((kept or "").encode(), state.encode("utf-8", "replace"))
        visit = self._visits.end(self._pepper.hash(f"visit/{state}")) if own else None
        if visit is None:
            raise ProviderRefused("this took too long, or was done before: sign in once more")
        claims = self._speaks.claims(
            back, code, self._nonce(state), self._verifier(state), again=visit.again
        )
        person = self._person(claims)
        secret = self._sign_ins.remember(person, replaces, self._means(claims))
        return Arrived(secret, visit)

    def _means(self, claims: Claims) -> Means:
        shown = claims.get("amr")
        said = {*(shown if isinstance(shown, list) else ()), claims.get("acr")}
        said = {one for one in said if isinstance(one, str)}
        return Means.PROVIDER_SECOND if said & self._reading.second else Means.PROVIDER

    def _person(self, claims: Claims) -> Person:
        """Who they are here, as their groups now say; ProviderRefused for nobody."""
        person_id = _read_id(claims.get(self._reading.id_claim))
        rules, ladder = self._reading.groups, self._ladder()
        told = claims.get(self._reading.groups_claim)
        groups = {one for one in told if isinstance(one, str)} if isinstance(told, list) else set()
        granted = granted_by(groups, rules, ladder)
        person = self._people.find(person_id)
        if person is None:
            return self._add(person_id, claims, granted)
        if not person.active:
            raise ProviderRefused("this person was deactivated here: ask an administrator")
        if rules:
            person = self._changed(person, granted, ladder)
        if rules and granted is None:
            raise ProviderRefused("none of your groups opens anything here: ask an administrator")
        return person

    def _add(self, person_id: str, claims: Claims, granted: Granted | None) -> Person:
        """Somebody who is not known yet, of whom their groups say everything."""
        if granted is None or granted.level is None or granted.team is None:
            raise ProviderRefused("nobody is known here under your id: ask an administrator")
        name = claims.get("name")
        known = name.strip() if isinstance(name, str) and name.isprintable() else ""
        person = Person(
            person_id, known[:_LONGEST] or person_id, granted.level, granted.team, None, True,
            granted.admin,
        )  # fmt: skip
        self._people.add(person, _BY)
        return person

    def _changed(self, person: Person, granted: Granted | None, ladder: Sequence[str]) -> Person:
        """A person as their groups now say: no group, no level above the lowest."""
        gives_admin = any(rule.admin for rule in self._reading.groups)
        level = (granted.level if granted else None) or ladder[0]
        team = (granted.team if granted else None) or person.team
        admin = (granted is not None and granted.admin) if gives_admin else person.admin

        def edit(now: Person) -> Person:
            return replace(now, level=level, team=team, admin=admin)

        if edit(person) == person:
            return person
        try:
            return self._people.change(person.id, edit, _BY)
        except LastAdministrator as refusal:
            raise ProviderRefused(str(refusal)) from None

    def _nonce(self, state: str) -> str:
        return self._pepper.hash(f"visit nonce/{state}")

    def _verifier(self, state: str) -> str:
        return self._pepper.hash(f"visit verifier/{state}")


def _read_id(told: object) -> str:
    """The id in a claim, in the form of all ids; ProviderRefused if it can be none."""
    text = same_form(str(told)).strip() if isinstance(told, str | int) else ""
    if not text or len(text) > _LONGEST or not text.isprintable() or "/" in text:
        raise ProviderRefused("the identity provider does not say your id: ask an administrator")
    return text
