"""Suggest what to say and what may be given for what a customer said; decide for a known issue."""

import secrets
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime

from agent_assist.circumstances import (
    Circumstances,
    RemedyAsked,
    check_issue,
    read_amounts,
    read_circumstances,
)
from agent_assist.core.contact import Excerpt, Transcript
from agent_assist.core.decision import Decision
from agent_assist.core.facts import Facts
from agent_assist.core.grants import Parties, Terms
from agent_assist.core.holds import Use
from agent_assist.core.matches import Match, Matches
from agent_assist.core.options import Option, grouped, options_for, questions_for
from agent_assist.core.people import Person, Standing, standing
from agent_assist.core.suggestion import DecisionSet, SuggestedPolicy, Suggestion
from agent_assist.core.vocabulary import Vocabulary
from agent_assist.core.wordings import shown
from agent_assist.live import Snapshot
from agent_assist.matching.ranking import rank
from agent_assist.matching.text import Query, excerpts
from agent_assist.store.ledger.records import write_facts, write_use
from agent_assist.store.suggestions import SuggestionStore

SHOWN = 3
"""How many matches a suggestion lists; more if the customer asked for more things."""


@dataclass(slots=True)
class Timing:
    """How long each step of an answer took, in milliseconds by its name."""

    milliseconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Add what happens inside to a step."""
        start = time.perf_counter()
        try:
            yield
        finally:
            spent = (time.perf_counter() - start) * 1000
            self.milliseconds[name] = self.milliseconds.get(name, 0.0) + spent


class Suggester:
    """Answers contacts from the snapshot it is given and logs what it answered.

    Args:
        log: where suggestions are kept.
        use: gives what the ledger knows of those who are named.
        people: finds whom the server knows under a rep's id.
        now: gives the aware present.
        keeps_texts: whether what matches were made from is logged with them, masked.
    """

    def __init__(
        self,
        log: SuggestionStore,
        *,
        use: Callable[[Terms, Parties], Use],
        people: Callable[[str], Person | None],
        now: Callable[[], datetime],
        keeps_texts: bool,
    ) -> None:
        self._log = log
        self._use = use
        self._people = people
        self._now = now
        self._keeps_texts = keeps_texts

    def suggest(
        self,
        snapshot: Snapshot,
        said: str | Transcript,
        around: Circumstances,
        timing: Timing,
    ) -> Suggestion:
        """Matches for what the customer said, with decisions and questions; logged.

        Raises:
            InvalidInput: unknown facts or level, facts of the wrong type.
            RepInactive: the rep was deactivated.
        """
        at = self._now()
        around = self._placed(around, snapshot.vocabulary)
        with timing.step("parse"):
            level, facts = read_circumstances(around, snapshot.vocabulary)
        matches, query = self._match(said, snapshot, at, timing)
        case = _Case(snapshot, level, facts, at, self._used(snapshot, around, timing))
        with timing.step("decide"):
            options = case.options(match.issue for match in matches.items)
            suggested = tuple(
                _suggested(match, case, around, options[match.issue]) for match in matches.items
            )
            first = suggested[0].options if suggested else ()
            suggestion = Suggestion(
                id=f"sug_{secrets.token_urlsafe(12)}",
                at=at,
                versions=snapshot.versions,
                level=level,
                abstained=matches.abstained,
                matches=suggested,
                questions=questions_for(first, snapshot.vocabulary),
            )
        with timing.step("store"):
            kept = self._kept(query, matches)
            self._log.append(suggestion, around.key, _logged(around, case), kept)
        return suggestion

    def search(self, snapshot: Snapshot, text: str, limit: int, timing: Timing) -> Matches:
        """Policies for a text, without decisions and without a log entry."""
        matches, _ = self._match(text, snapshot, self._now(), timing, limit)
        return matches

    def decide(
        self,
        snapshot: Snapshot,
        issue: str,
        asked: tuple[RemedyAsked, ...],
        around: Circumstances,
        timing: Timing,
    ) -> DecisionSet:
        """Decisions for a known issue: for the remedies asked for, or for all there are.

        Raises:
            InvalidInput: unknown issue, remedy, fact or level, facts or amounts of the wrong form.
            RepInactive: the rep was deactivated.
        """
        at = self._now()
        vocabulary = snapshot.vocabulary
        around = self._placed(around, vocabulary)
        with timing.step("parse"):
            check_issue(issue, vocabulary)
            level, facts = read_circumstances(around, vocabulary)
            amounts = read_amounts(asked, vocabulary)
        case = _Case(snapshot, level, facts, at, self._used(snapshot, around, timing))
        with timing.step("decide"):
            if amounts:
                decisions = [case.decision(issue, *one) for one in amounts.items()]
                options = grouped(decisions)
            else:
                options = case.options([issue])[issue]
        questions = questions_for(options, vocabulary)
        entry = f"dec_{secrets.token_urlsafe(12)}"
        decided = DecisionSet(entry, at, snapshot.versions, issue, level, options, questions)
        with timing.step("store"):
            self._log.append_decisions(decided, around.key, amounts, _logged(around, case))
        return decided

    def _placed(self, around: Circumstances, vocabulary: Vocabulary) -> Circumstances:
        """The same with the level and team that the server knows of the rep."""
        if around.rep is None:
            return around
        stated = Standing(around.level, around.team)
        known = standing(self._people(around.rep), stated, vocabulary.ladder)
        return replace(around, level=known.level, team=known.team)

    def _match(
        self,
        said: str | Transcript,
        snapshot: Snapshot,
        at: datetime,
        timing: Timing,
        limit: int = SHOWN,
    ) -> tuple[Matches, Query]:
        heard = snapshot.listener.hear(snapshot.index, said, timing.step)
        with timing.step("rank"):
            allowed = snapshot.in_effect(snapshot.vocabulary.day(at))
            matches = rank(snapshot.index, heard, limit=limit, allowed=allowed)
        return matches, heard.query

    def _kept(self, query: Query, matches: Matches) -> tuple[Excerpt, ...]:
        """What is kept of what was said: what the matches were made from, masked, or nothing."""
        if not (self._keeps_texts and matches.items):
            return ()
        return excerpts(query, {turn for match in matches.items for turn in match.turns})

    def _used(self, snapshot: Snapshot, around: Circumstances, timing: Timing) -> Use:
        with timing.step("budgets"):
            return self._use(snapshot.terms(), around.parties())


@dataclass(frozen=True, slots=True)
class _Case:
    """What decisions on one contact are made from."""

    snapshot: Snapshot
    level: str
    facts: Facts
    at: datetime
    use: Use

    def options(self, issues: Iterable[str]) -> Mapping[str, tuple[Option, ...]]:
        """By issue all that is worth discussing."""
        return options_for(
            self.snapshot.limits,
            issues=issues,
            level=self.level,
            facts=self.facts,
            day=self.snapshot.vocabulary.day(self.at),
            use=self.use,
        )

    def decision(self, issue: str, remedy: str, amount: int | None) -> Decision:
        """The decision on one remedy."""
        return self.snapshot.limits.decide(
            issue=issue,
            remedy=remedy,
            level=self.level,
            facts=self.facts,
            day=self.snapshot.vocabulary.day(self.at),
            amount=amount,
            use=self.use,
        )


def _suggested(
    match: Match, case: _Case, around: Circumstances, options: tuple[Option, ...]
) -> SuggestedPolicy:
    policy = case.snapshot.policy(match.policy, around.locale)
    if policy is None:
        raise LookupError(f"the index names {match.policy!r}, which the library has not")
    original = case.snapshot.policies[match.policy].policy
    return SuggestedPolicy(match, policy, options, shown(original, around.contact))


def _logged(around: Circumstances, case: _Case) -> dict[str, object]:
    """What is kept of the request beside its text, so that it can be decided again."""
    kept = {
        "rep": around.rep,
        "team": around.team,
        "customer": around.customer,
        "order": around.order,
        "contact": around.contact,
        "channel": around.channel,
        "locale": around.locale,
        "facts": write_facts(case.facts),
        **write_use(case.use),
    }
    return {name: value for name, value in kept.items() if value is not None}
