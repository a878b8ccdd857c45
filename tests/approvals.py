"""Approval requests to try things on, over the ledger that tests try things on."""

import json
from datetime import datetime, timedelta
from itertools import count

from sqlalchemy import Engine

from agent_assist.core.approvals import Approval, Ruling, RulingReason, Shown
from agent_assist.core.grants import GrantAsked
from agent_assist.core.people import Person
from agent_assist.store.approvals.approvals import Answers, ApprovalStore, Decided
from agent_assist.store.database import Database
from agent_assist.store.once import Once, StoredAnswer
from agent_assist.store.people import PeopleStore
from tests.ledgers import TestLedger, answer, told

LIFE = timedelta(minutes=15)
REASONS = {Ruling.APPROVE: RulingReason.JUSTIFIED, Ruling.REFUSE: RulingReason.NOT_JUSTIFIED}


def tell(shown: Shown) -> bytes:
    """What these tests keep as the answer."""
    approval, at, routed_to = shown
    known = {
        "id": approval.id,
        "state": approval.state(at),
        "hash": approval.hash,
        "level": approval.level,
        "amount": approval.amount,
        "routed_to": routed_to and routed_to.id,
        "grant": approval.end and approval.end.grant,
        "granted": approval.end and approval.end.amount,
    }
    return json.dumps(known).encode()


class TestApprovals:
    """Real requests over a real ledger, with a supervisor, a manager and two reps."""

    __test__ = False

    def __init__(self, own: TestLedger, database: Database) -> None:
        self.own = own
        self.people = PeopleStore(database, self._clock)
        self.store = ApprovalStore(database, self._clock, own.ledger, life=LIFE)
        self.keys = count()

    @classmethod
    def over(cls, engine: Engine, own: TestLedger) -> "TestApprovals":
        """With the people who are there in most tests."""
        del engine
        made = cls(own, Database(own.sessions))
        for person in (
            Person("r-1", "Rita", "rep", "t-1"),
            Person("r-2", "Rolf", "rep", "t-1"),
            Person("s-1", "Sara", "supervisor", "t-1"),
            Person("s-2", "Samir", "supervisor", "t-1"),
            Person("m-1", "Mona", "manager", "t-9"),
        ):
            made.people.add(person, "test")
        return made

    def asked(self, amount: int = 1500, **more: str) -> GrantAsked:
        return self.own.asked(amount, **({"team": "t-1", "contact": "k-1"} | more))  # type: ignore[arg-type]

    def request(self, amount: int = 1500, **more: str) -> dict[str, object]:
        return told(self.request_raw(self.asked(amount, **more)))

    def request_raw(self, asked: GrantAsked, key: str | None = None) -> StoredAnswer:
        return self.store.request(asked, self.own.terms, self.once(key, asked), tell)

    def give_or_request(self, amount: int, **more: str) -> StoredAnswer:
        asked = self.asked(amount, **more)
        answers = Answers(answer, tell)
        return self.store.give_or_request(asked, self.own.terms, self.once(None, asked), answers)

    def decide(
        self,
        request: dict[str, object],
        by: str = "s-1",
        ruling: Ruling = Ruling.APPROVE,
        amount: int | None = None,
        key: str | None = None,
    ) -> dict[str, object]:
        decided = Decided(
            str(request["id"]), str(request["hash"]), by, ruling, amount, REASONS[ruling],
            None, "key:key1",
        )  # fmt: skip
        return told(self.store.decide(decided, self.own.terms, self.once(key, decided), tell))

    def withdraw(self, request: dict[str, object], by: str = "r-1") -> dict[str, object]:
        once = self.once(None, request)
        return told(self.store.withdraw(str(request["id"]), by, "key:key1", once, tell))

    def find(self, request: dict[str, object]) -> Approval:
        return self.store.find(str(request["id"]), self.own.vocabulary).approval

    def routed_to(self, request: dict[str, object]) -> str | None:
        person = self.store.find(str(request["id"]), self.own.vocabulary).routed_to
        return None if person is None else person.id

    def once(self, key: str | None, body: object) -> Once:
        made = self.own.once(key or f"a{next(self.keys)}", body)
        return Once(made.principal, "POST /v1/approvals", made.key, made.request_hash)

    def _clock(self, _session: object) -> datetime:
        return self.own.now
