"""What was lately asked about and given: past cases, by which the gaps of a draft are ranked."""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Select, select, union_all

from agent_assist.chain import canonical
from agent_assist.core.errors import InvalidInput
from agent_assist.core.facts import Facts, FactValue, read_facts
from agent_assist.core.review import PastCase
from agent_assist.core.vocabulary import Vocabulary
from agent_assist.store.database import Database
from agent_assist.store.ledger.records import raw_facts
from agent_assist.store.schema import DecisionEntry, GrantRow, SuggestionEntry

NEWEST = 10_000
"""How many grants, decisions and suggestions count at most, of each."""


class _Asked(NamedTuple):
    issue: str
    remedy: str
    level: str
    facts: tuple[tuple[str, FactValue], ...]


class TrafficStore:
    """Reads past cases."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def past_cases(self, vocabulary: Vocabulary) -> tuple[PastCase, ...]:
        """The newest cases that the vocabulary still has words for, the same ones counted together.

        Facts that it has no words for are unknown, as all are of suggestions that were logged
        before facts were. Where a suggestion abstained, nobody asked about anything it names.
        """
        known: dict[str, tuple[tuple[str, FactValue], ...]] = {}
        counts: Counter[_Asked] = Counter()
        for issue, remedy, level, facts in self._asked():
            if issue in vocabulary.issues and remedy in vocabulary.remedies:
                text = canonical(facts)
                if text not in known:
                    known[text] = tuple(sorted(_known(facts, vocabulary).items()))
                counts[_Asked(issue, remedy, level, known[text])] += 1
        return tuple(
            PastCase(asked.issue, asked.remedy, asked.level, dict(asked.facts), count)
            for asked, count in counts.items()
        )

    def reached_by(
        self, most: int, since: datetime | None, until: datetime | None
    ) -> datetime | None:
        """From which instant on no more than `most` entries were logged, of those in a time.

        None if there are no more in all of it. Suggestions that abstained are left out.

        Args:
            most: at least 1.
            since: the beginning of the time; None for the first there is.
            until: its end, left out; None for none.
        """
        times = [
            _within(select(table.at), table, since, until).order_by(table.at.desc()).limit(most + 1)
            for table in (GrantRow, DecisionEntry, SuggestionEntry)
        ]
        union = union_all(*(select(one.subquery().c.at) for one in times)).subquery()
        with self._database.reading() as session:
            beyond = session.scalars(
                select(union.c.at).order_by(union.c.at.desc()).offset(most).limit(1)
            ).first()
        return None if beyond is None else beyond + timedelta(microseconds=1)

    def _asked(self) -> Iterator[tuple[str, str, str, Mapping[str, Any]]]:
        grants = select(GrantRow.issue, GrantRow.remedy, GrantRow.level, GrantRow.facts)
        decisions = select(
            DecisionEntry.issue, DecisionEntry.asked, DecisionEntry.level, DecisionEntry.around
        )
        log = select(SuggestionEntry.level, SuggestionEntry.answer, SuggestionEntry.around)
        log = log.where(SuggestionEntry.abstained.is_(False))
        with self._database.reading() as session:
            given = session.execute(grants.order_by(GrantRow.seq.desc()).limit(NEWEST)).all()
            newest = decisions.order_by(DecisionEntry.at.desc()).limit(NEWEST)
            decided = session.execute(newest).all()
            suggested = session.execute(log.order_by(SuggestionEntry.at.desc()).limit(NEWEST)).all()
        for row in given:
            yield row.issue, row.remedy, row.level, row.facts
        for row in decided:
            for remedy in row.asked:
                yield row.issue, remedy, row.level, row.around.get("facts", {})
        for row in suggested:
            # The first match is what the contact was about, as far as anybody knows.
            for match in row.answer["matches"][:1]:
                for option in match["options"]:
                    yield match["issue"], option["remedy"], row.level, row.around.get("facts", {})


def _within(
    rows: Select[tuple[datetime]],
    table: type[GrantRow | DecisionEntry | SuggestionEntry],
    since: datetime | None,
    until: datetime | None,
) -> Select[tuple[datetime]]:
    if since is not None:
        rows = rows.where(table.at >= since)
    if until is not None:
        rows = rows.where(table.at < until)
    return rows.where(SuggestionEntry.abstained.is_(False)) if table is SuggestionEntry else rows


def _known(kept: Mapping[str, Any], vocabulary: Vocabulary) -> Facts:
    """The facts that can still be read; the others are unknown."""
    found: dict[str, FactValue] = {}
    for key, raw in raw_facts(kept).items():
        try:
            found |= read_facts({key: raw}, vocabulary.facts, vocabulary.currency)
        except InvalidInput:
            continue
    return found
