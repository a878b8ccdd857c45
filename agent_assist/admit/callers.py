"""Callers: who asks, and what they may ask for."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum

from agent_assist.core.ids import by_caller
from agent_assist.core.people import EVERYTHING, Editor, NotYourself, Person, Sight
from agent_assist.store.sessions import OpenSession


class Scope(StrEnum):
    """What a key may be used for.

    SUGGEST: ask for suggestions. DECIDE: ask for decisions. READ: read policies and
    vocabulary, and search. LEVEL: state a level above the lowest, for reps whom the server does
    not know. GRANT: give remedies, and read what was given. RECORD: describe contacts, and say
    how they ended. PEOPLE: read whom the server knows. PEOPLE_EDIT: add, change, invite and
    deactivate people.
    APPROVE: name who decides on approval requests, and read these. EVENTS: follow what happens.
    AUDIT: read every act as it was chained.
    LIMITS_READ: read limits and budgets, and drafts of these and of policies. LIMITS_EDIT: begin,
    edit and submit drafts. LIMITS_PUBLISH: approve drafts, publish them, and cancel what waits.
    BRAKE: stop goodwill, and set it free.
    INSIGHTS: read how days went, and of which contacts their figures are made.
    SYSTEMS: look after keys, webhooks, and pages that embed the panel. CUSTOMERS: read all that is
    held of a customer, and erase them.
    """

    SUGGEST = "suggest"
    DECIDE = "decide"
    READ = "read"
    LEVEL = "level"
    GRANT = "grant"
    RECORD = "record"
    PEOPLE = "people"
    PEOPLE_EDIT = "people:edit"
    APPROVE = "approve"
    EVENTS = "events"
    AUDIT = "audit"
    LIMITS_READ = "limits:read"
    LIMITS_EDIT = "limits:edit"
    LIMITS_PUBLISH = "limits:publish"
    BRAKE = "brake"
    INSIGHTS = "insights"
    SYSTEMS = "systems"
    CUSTOMERS = "customers"


class Reach(IntEnum):
    """Whose work a scope reaches: the person's own, their team's, or everybody's."""

    OWN = 1
    TEAM = 2
    ALL = 3


@dataclass(frozen=True, slots=True)
class Caller:
    """Who is calling, as far as their key or session says.

    Attributes:
        key_id: the key's id, or the session's.
        session: whose person it acts as, and nobody else. None for a key, which vouches for
            whomever it names.
        reach: of a session, how far each of its scopes reaches; a key's reach everything.
    """

    key_id: str
    name: str
    scopes: frozenset[Scope]
    session: OpenSession | None = None
    reach: Mapping[Scope, Reach] = field(default_factory=dict)

    @property
    def person(self) -> Person | None:
        """Whom a session acts as; None for a key."""
        return None if self.session is None else self.session.person

    @property
    def principal(self) -> str:
        """Whose `Idempotency-Key`s these are: a person's stay theirs from session to session."""
        if self.person is None:
            return self.key_id
        # An id may be longer than the place it is kept in.
        return "person:" + hashlib.sha256(self.person.id.encode()).hexdigest()[:40]

    @property
    def actor(self) -> str:
        """How the audit calls them."""
        return by_caller(self.key_id)

    def sight(self, *scopes: Scope) -> Sight:
        """Whose work any of some scopes shows: of a key everybody's."""
        if self.person is None:
            return EVERYTHING
        widest = max((self.reach[one] for one in scopes if one in self.reach), default=Reach.OWN)
        if widest is Reach.ALL:
            return EVERYTHING
        return Sight(self.person.id, self.person.team, whole_team=widest is Reach.TEAM)

    @property
    def editor(self) -> Editor:
        """As whom they change people."""
        if self.person is None:
            return Editor(None, over_administrators=False)
        return Editor(self.person.id, over_administrators=self.person.admin)

    def team_seen(self, stated: str | None, scope: Scope) -> str | None:
        """The team that is asked for, None for all: of a session with one in sight, that one.

        Raises:
            NotYourself: a session asks for a team that is out of its sight.
        """
        sight = self.sight(scope)
        if sight == EVERYTHING:
            return stated
        if stated not in (None, sight.team):
            raise NotYourself
        return sight.team

    def acting(self, stated: str | None) -> str | None:
        """Who acts in a request: whom it names, and of a session its person.

        Raises:
            NotYourself: a session names somebody else.
        """
        if self.person is None:
            return stated
        if stated not in (None, self.person.id):
            raise NotYourself
        return self.person.id

    def named(self, stated: str) -> str:
        """Whom a request names as acting, which a session may be nobody else than its person.

        Raises:
            NotYourself: a session names somebody else.
        """
        return self.acting(stated) or stated

    def in_team(self, stated: str | None) -> str | None:
        """The team of a request: which it names, and of a session its person's.

        Raises:
            NotYourself: a session names another.
        """
        if self.person is None:
            return stated
        if stated not in (None, self.person.team):
            raise NotYourself
        return self.person.team
