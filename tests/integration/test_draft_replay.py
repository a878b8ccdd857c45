"""A draft is replayed on the newest of a real history, so much of it and no more."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine, insert
from sqlalchemy.orm import sessionmaker

from agent_assist.core.draft_rows import TableKind
from agent_assist.core.replay import Replayed
from agent_assist.replay import HistoryReplayer, Period
from agent_assist.replay_draft import DraftReplay, DraftReplayer, ReplayBusy
from agent_assist.store.history import HistoryStore
from agent_assist.store.schema import AuditEntry, DecisionEntry, GrantRow, SuggestionEntry
from agent_assist.store.traffic import TrafficStore
from tests.drafting import BUDGETS, LIBRARY, LIMITS, NOON, POLICY, Desk

VERSIONS = {"library_version": 1, "limits_version": 1, "budgets_version": 1}
USED = {"used": {"B1": [4500, 5]}, "given": {}}


class Rehearsal:
    """A desk with a replayer, over a history with an entry at each of six seconds."""

    def __init__(self, engine: Engine) -> None:
        self.desk = Desk(engine, replace(LIBRARY, policies=(POLICY,)))
        self.history, traffic = HistoryStore(self.desk.database), TrafficStore(self.desk.database)
        self.replayer = DraftReplayer(
            self.desk.reviewing,
            HistoryReplayer(self.desk.libraries, self.history, processes=1),
            self.history,
            traffic,
        )
        with sessionmaker(engine).begin() as session:
            for n in (1, 2, 3):
                act = {"actor": "", "act": "", "subject": "", "previous": "", "hash": ""}
                place = {"seq": 1000 + n, "at": after(n), "content": {}}
                session.execute(insert(AuditEntry), [act | place])
                session.add(
                    GrantRow(
                        id=f"grt_{n}", seq=1000 + n, at=after(n), expires_at=NOON, level="rep",
                        issue="fee", remedy="fee_waiver", kind="goodwill", unit="money",
                        amount=500, currency="EUR", reason_code="first_time", key_id="k",
                        facts={}, decision=USED | {"day": "2026-11-21"}, blind="", **VERSIONS,
                    )
                )  # fmt: skip
            log = {"key_id": None, "level": "rep", "around": USED | {"facts": {}}, **VERSIONS}
            for n in (4, 5):
                asked = {"fee_waiver": None}
                row = DecisionEntry(id=f"dec_{n}", at=after(n), issue="fee", asked=asked, **log)
                session.add(row)
            answer = {"matches": [{"issue": "fee", "options": []}]}
            for n, abstained in ((6, False), (7, True)):
                session.add(
                    SuggestionEntry(
                        id=f"sug_{n}", at=after(n), model="m", abstained=abstained,
                        answer=answer, **log,
                    )
                )  # fmt: skip

    def replay(
        self, draft: str, most: int, period: Period, kind: TableKind = LIMITS
    ) -> DraftReplay:
        return self.replayer.replay(kind, draft, period, most)


def after(seconds: int) -> datetime:
    return NOON + timedelta(seconds=seconds)


@pytest.fixture
def rehearsal(engine: Engine) -> Rehearsal:
    return Rehearsal(engine)


ALL = Period()


@pytest.mark.parametrize(
    ("most", "period", "entries", "grants", "left"),
    [
        (6, ALL, 6, 3, 0),
        (5, ALL, 5, 2, 1),
        (1, ALL, 1, 0, 5),
        (2, Period(after(1), after(4)), 2, 2, 1),
        (3, Period(after(1), after(4)), 3, 3, 0),
        (1, Period(after(8), None), 0, 0, 0),
    ],
)
def test_the_newest_entries_are_replayed_and_it_is_told_how_many_older_ones_were_left_out(
    rehearsal: Rehearsal, most: int, period: Period, entries: int, grants: int, left: int
) -> None:
    draft = rehearsal.desk.begin()
    rehearsal.desk.put(draft, "R1", rep="4.00")

    replay = rehearsal.replay(draft, most, period)

    total = replay.found.total()
    assert (replay.entries, replay.left) == (entries, left)
    assert (total.grants, total.uncovered) == (grants, grants * 100)
    assert rehearsal.history.count(replay.period.since, replay.period.until) == entries


def test_replayed_part_by_part_every_entry_is_counted_once(rehearsal: Rehearsal) -> None:
    draft = rehearsal.desk.begin()
    rehearsal.desk.put(draft, "R1", rep="4.00")

    whole, parts, until = rehearsal.replay(draft, 9, ALL), Replayed(), None
    while True:
        part = rehearsal.replay(draft, 2, Period(None, until))
        parts.merge(part.found)
        until = part.period.since
        if not part.left:
            break

    assert parts.total() == whole.found.total()


def test_a_draft_of_budgets_is_replayed_beside_the_limits_in_effect(rehearsal: Rehearsal) -> None:
    desk = rehearsal.desk
    draft = desk.begin(kind=BUDGETS)
    changes = {"B1": {"scope": "customer", "window": "30d", "amount.rep": "47.00"}}
    desk.drafter.edit(desk.acting(draft, "ann", BUDGETS), changes, desk.once(), lambda _: b"")

    total = rehearsal.replay(draft, 9, Period(after(1), after(4)), BUDGETS).found.total()

    # Of 47.00 there were 45.00 used, so that 2.00 of each 5.00 would have been left.
    assert (total.grants, total.less, total.uncovered) == (3, 3, 900)


def test_one_replay_runs_at_a_time_and_the_next_is_free_again(rehearsal: Rehearsal) -> None:
    draft = rehearsal.desk.begin()
    busy: list[type[Exception]] = []

    class Nested(HistoryReplayer):
        def replay(self, *args: object) -> object:  # type: ignore[override]
            with pytest.raises(ReplayBusy):
                replayer.replay(LIMITS, draft, ALL, 1)
            busy.append(ReplayBusy)
            raise ArithmeticError

    replayer = DraftReplayer(
        rehearsal.desk.reviewing,
        Nested(rehearsal.desk.libraries, rehearsal.history),
        rehearsal.history,
        TrafficStore(rehearsal.desk.database),
    )
    for _ in range(2):
        with pytest.raises(ArithmeticError):
            replayer.replay(LIMITS, draft, ALL, 1)
    assert len(busy) == 2
