"""Drafting over a real database: a small library is live, and a few people are known."""

import itertools
from collections.abc import Mapping
from datetime import UTC, date, datetime

from sqlalchemy import Engine
from sqlalchemy.orm import sessionmaker

from agent_assist.core.budgets import Budget, Scope, Window
from agent_assist.core.draft_rows import TableKind
from agent_assist.core.drafts import Draft
from agent_assist.core.library import Library
from agent_assist.core.people import Person
from agent_assist.core.policy import ExplanationType, Policy, Section
from agent_assist.draft import Acting, Drafter
from agent_assist.publish import Releaser, ReleaseWanted
from agent_assist.review import Reviewing
from agent_assist.store.audit import AuditStore
from agent_assist.store.database import Database
from agent_assist.store.drafts.drafts import DraftStore
from agent_assist.store.drafts.releases import ReleaseStore
from agent_assist.store.libraries import NO_VERSIONS, LibraryStore
from agent_assist.store.once import Once
from agent_assist.store.people import PeopleStore
from agent_assist.store.publications import Publication
from agent_assist.store.traffic import TrafficStore
from agent_assist.store.versions import VersionRecord
from tests.builders import a_row, a_vocabulary

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
LIMITS, BUDGETS = TableKind.LIMITS, TableKind.BUDGETS
PEOPLE = ("ann", "bob", "cy")
LIBRARY = Library(
    vocabulary=a_vocabulary(),
    policies=(),
    limits=(a_row("R1"), a_row("R2", remedy="goodwill_credit")),
    budgets=(Budget("B1", Scope.CUSTOMER, Window.DAYS_30, amounts={"rep": 5000}),),
)

POLICY = Policy(
    id="fees/fee",
    locale="en",
    title="Fee",
    issues=("fee",),
    explanation_type=ExplanationType.JUSTIFICATION,
    owner="fees",
    review_by=date(2027, 1, 1),
    sections={Section.SAY: "Cash costs us money.", Section.WHY: "Vans carry it."},
)
"""Without a policy a library cannot be loaded whole."""


class Desk:
    """The use cases of drafts, told in few words. `now` is set by hand."""

    def __init__(self, engine: Engine, library: Library = LIBRARY) -> None:
        self.database = Database(sessionmaker(engine))
        self.now = NOON
        self.libraries = LibraryStore(self.database, lambda _: self.now)
        self.audit = AuditStore(self.database)
        self.drafts = DraftStore(self.database, lambda _: self.now)
        self.releases = ReleaseStore(self.database, lambda _: self.now)
        self.reviewing = Reviewing(
            self.drafts,
            self.releases,
            self.libraries,
            traffic=TrafficStore(self.database).past_cases,
            now=lambda: self.now,
        )
        self.drafter = Drafter(self.drafts, self.releases, self.reviewing)
        self.releaser = Releaser(self.drafts, self.releases, self.reviewing)
        self._keys = itertools.count()
        if not self.libraries.current().library:
            self.libraries.append(library, NO_VERSIONS, publication())
            people = PeopleStore(self.database, lambda _: NOON)
            for person in PEOPLE:
                people.add(Person(person, person, "supervisor", "t-1"), "test")
            people.add(Person("rep", "rep", "rep", "t-1"), "test")
            people.add(Person("gone", "gone", "manager", "t-1", active=False), "test")

    def once(self, key: str | None = None) -> Once:
        return Once("key", "POST /test", key or f"{id(self)}-{next(self._keys)}", "hash")

    def begin(
        self, owner: str = "ann", kind: TableKind = LIMITS, content_of: int | None = None
    ) -> str:
        return self.drafter.begin(
            kind,
            owner=owner,
            purpose="a test",
            once=self.once(),
            answer=_id,
            content_of=content_of,
        ).body.decode()

    def find(self, draft: str, kind: TableKind = LIMITS) -> Draft:
        return self.drafts.find(kind, draft)

    def acting(
        self, draft: str, by: str, kind: TableKind = LIMITS, edit: int | None = None
    ) -> Acting:
        known = self.find(draft, kind).edit if edit is None else edit
        return Acting(kind, draft, by, known)

    def put(
        self,
        draft: str,
        key: str,
        *,
        by: str = "ann",
        edit: int | None = None,
        cells: Mapping[str, str] | None = None,
        rep: str = "",
    ) -> None:
        """Put cells over those of a row of limits; `rep` is the lowest level's ceiling."""
        _, rows = self.drafts.read(LIMITS, draft)
        whole = {**rows.get(key, NEW), **(cells or {})}
        if rep:
            whole["ceiling.rep"] = rep
        self.drafter.edit(self.acting(draft, by, edit=edit), {key: whole}, self.once(), _id)

    def submit(self, draft: str, by: str = "ann", kind: TableKind = LIMITS) -> None:
        self.drafter.submit(self.acting(draft, by, kind), self.once(), _id)

    def approve(self, draft: str, by: str = "bob", kind: TableKind = LIMITS) -> None:
        self.drafter.approve(self.acting(draft, by, kind), self.once(), _id)

    def publish(
        self,
        draft: str,
        by: str = "ann",
        at: datetime | None = None,
        kind: TableKind = LIMITS,
        key: str | None = None,
    ) -> int:
        edit = self.find(draft, kind).edit
        wanted = ReleaseWanted(kind, draft, by, edit, "", at)
        return int(self.releaser.publish(wanted, self.once(key), _number).body)

    def released(self, at: datetime | None = None, rep: str = "12.00") -> int:
        """A version that gives more, through the hands of two people."""
        draft = self.begin()
        self.put(draft, "R1", rep=rep)
        self.submit(draft)
        self.approve(draft)
        return self.publish(draft, at=at)

    def cancel(self, number: int, by: str = "ann") -> None:
        self.releaser.cancel(LIMITS, number, by=by, once=self.once(), answer=_number)

    def ceiling(self, key: str = "R1") -> str:
        """What the row in force lets the lowest level give."""
        current = self.libraries.current().limits
        return self.releases.table(LIMITS, current)[key]["ceiling.rep"]


NEW = {"issue": "fee", "remedy": "fee_waiver", "effect": "allow"}


def publication() -> Publication:
    return Publication(at=NOON, by="test", note="")


def _id(draft: Draft) -> bytes:
    return draft.id.encode()


def _number(version: VersionRecord) -> bytes:
    return str(version.number).encode()
