"""Rehearse: any case decided by what is published and by a draft. Nothing is given or logged."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from agent_assist.circumstances import (
    Circumstances,
    RemedyAsked,
    check_issue,
    read_amounts,
    read_circumstances,
)
from agent_assist.core.decide import CompiledLimits
from agent_assist.core.draft_rows import TableKind
from agent_assist.core.errors import InvalidInput
from agent_assist.core.facts import Facts
from agent_assist.core.grants import Parties, Terms
from agent_assist.core.holds import Use
from agent_assist.core.limits import LimitTable
from agent_assist.core.options import Option, Question, grouped, options_for, questions_for
from agent_assist.core.vocabulary import Vocabulary
from agent_assist.live import Snapshot
from agent_assist.review import ReadDraft, Reviewing, cell_problems


@dataclass(frozen=True, slots=True)
class Case:
    """What is tried: an issue, the remedies asked for (none for all), and what is known."""

    issue: str
    asked: tuple[RemedyAsked, ...]
    around: Circumstances


@dataclass(frozen=True, slots=True)
class Tried:
    """What may be given in a case, and what to ask next."""

    options: tuple[Option, ...]
    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """A case decided by the published versions, and by a draft if one was named."""

    level: str
    vocabulary: Vocabulary
    published: Tried
    read: ReadDraft | None = None
    proposed: Tried | None = None


class Rehearser:
    """Decides made-up cases.

    Args:
        reviewing: reads drafts.
        use: gives what the ledger knows of those who are named.
        now: gives the aware present.
    """

    def __init__(
        self,
        reviewing: Reviewing,
        *,
        use: Callable[[Terms, Parties], Use],
        now: Callable[[], datetime],
    ) -> None:
        self._reviewing = reviewing
        self._use = use
        self._now = now

    def rehearse(
        self, snapshot: Snapshot, kind: TableKind, draft_id: str | None, case: Case
    ) -> Rehearsal:
        """Decide a case by what is published now, and by a draft in its place.

        Raises:
            NotFound: there is no such draft.
            InvalidInput: unknown issue, remedy, fact or level, facts or amounts of the wrong
                form, or a draft with cells that cannot be read.
        """
        vocabulary = snapshot.vocabulary
        check_issue(case.issue, vocabulary)
        level, facts = read_circumstances(case.around, vocabulary)
        amounts = read_amounts(case.asked, vocabulary)
        at = self._now()

        def tried(terms: Terms) -> Tried:
            use = self._use(terms, case.around.parties())
            return _tried(terms, case.issue, amounts, level, facts, at, use)

        published = tried(snapshot.terms())
        if draft_id is None:
            return Rehearsal(level, vocabulary, published)
        read = self._reviewing.read(kind, draft_id)
        if problems := cell_problems(read):
            raise InvalidInput(problems)
        return Rehearsal(level, vocabulary, published, read, tried(_by_draft(snapshot, read)))


def _by_draft(snapshot: Snapshot, read: ReadDraft) -> Terms:
    """What grants would be decided by if the draft were published."""
    terms = snapshot.terms()
    if read.draft.kind is TableKind.BUDGETS:
        return replace(terms, budgets=read.table.budgets)
    limits = CompiledLimits(LimitTable(0, read.table.limits), terms.vocabulary)
    return replace(terms, limits=limits)


def _tried(
    terms: Terms,
    issue: str,
    amounts: dict[str, int | None],
    level: str,
    facts: Facts,
    at: datetime,
    use: Use,
) -> Tried:
    day = terms.vocabulary.day(at)
    if amounts:
        options = grouped(
            [
                terms.limits.decide(
                    issue=issue,
                    remedy=remedy,
                    level=level,
                    facts=facts,
                    day=day,
                    amount=amount,
                    use=use,
                )
                for remedy, amount in amounts.items()
            ]
        )
    else:
        found = options_for(
            terms.limits, issues=[issue], level=level, facts=facts, day=day, use=use
        )
        options = found[issue]
    return Tried(options, questions_for(options, terms.vocabulary))
