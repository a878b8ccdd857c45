"""The solution space: every remedy for an issue at a level, and what to ask next."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from agent_assist.core.ceilings import exceeds
from agent_assist.core.decide import CompiledLimits
from agent_assist.core.decision import Cap, CapKind, Decision, Verdict
from agent_assist.core.facts import Fact, Facts
from agent_assist.core.holds import NO_USE, Use
from agent_assist.core.limits import RESERVE, Offer
from agent_assist.core.vocabulary import Vocabulary

_BEST_FIRST = {
    Verdict.ALLOWED: 0,
    Verdict.OPEN: 1,
    Verdict.NEEDS_APPROVAL: 2,
    Verdict.NOT_ALLOWED: 3,
}


@dataclass(frozen=True, slots=True)
class Option:
    """A decision as one of several.

    Attributes:
        exclusive_with: keys of the other options of its exclusive group: only one may be given.
    """

    decision: Decision
    exclusive_with: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """A fact worth asking for, and the remedies its answer would help to settle."""

    fact: Fact
    settles: tuple[str, ...]


def options_for(
    limits: CompiledLimits,
    *,
    issues: Iterable[str],
    level: str,
    facts: Facts,
    day: date,
    use: Use = NO_USE,
) -> dict[str, tuple[Option, ...]]:
    """By issue what may be proposed or discussed in one case, the best first.

    Remedies that no row allows and no row of this very issue speaks of are left out, and so
    are those that are only given on search.
    """
    made: dict[tuple[str, str], Decision] = {}

    def decision(issue: str, remedy: str) -> Decision:
        # Issues of which no row speaks share one answer, that of the rows for any issue.
        about = issue if limits.names(issue, remedy) else "", remedy
        if about not in made:
            made[about] = limits.decide(
                issue=issue, remedy=remedy, level=level, facts=facts, day=day, use=use
            )
        return made[about]

    found: dict[str, tuple[Option, ...]] = {}
    for issue in dict.fromkeys(issues):
        decisions = [decision(issue, remedy) for remedy in limits.remedies(issue)]
        shown = [one for one in decisions if _is_shown(one, limits.names(issue, one.remedy.key))]
        found[issue] = grouped(sorted(shown, key=_rank))
    return found


def grouped(decisions: Sequence[Decision]) -> tuple[Option, ...]:
    """The decisions as options that know which others they exclude."""
    return tuple(Option(one, _exclusive_with(one, decisions)) for one in decisions)


def questions_for(options: Sequence[Option], vocabulary: Vocabulary) -> tuple[Question, ...]:
    """Facts that are unknown and could change an answer.

    Those come first whose answer could allow more, of most options; then those that settle most,
    and those of the better options.
    """
    settles: dict[str, list[str]] = {}
    opens: Counter[str] = Counter()
    for option in options:
        for fact in option.decision.needs():
            settles.setdefault(fact, []).append(option.decision.remedy.key)
        opens.update(_opening(option.decision))
    # Sorting keeps what is equal in the order of the options.
    ranked = sorted(settles.items(), key=lambda item: (-opens[item[0]], -len(item[1])))
    return tuple(Question(vocabulary.facts[fact], tuple(keys)) for fact, keys in ranked)


def _opening(decision: Decision) -> set[str]:
    """Unknown facts with which more might be allowed than now."""
    more = (
        one for one in decision.possible if one.up_to is None or exceeds(one.up_to, decision.up_to)
    )
    return {*decision.withheld_for, *(fact for one in more for fact in one.needs)}


def _is_shown(decision: Decision, named: bool) -> bool:  # noqa: FBT001 - a claim, not a switch
    if decision.offer is Offer.NEVER:
        return False
    if decision.verdict is not Verdict.NOT_ALLOWED:
        return True
    # What a row allows and something else stops is shown: nothing is switched off silently.
    if decision.binding is not None and _is_stopped_by(decision.binding):
        return True
    considered = decision.considered
    return named or bool(considered.decisive & considered.index.denies)


def _is_stopped_by(cap: Cap) -> bool:
    """True if it is not the row itself that leaves nothing."""
    return cap.kind is not CapKind.CEILING or cap.given > 0


def _rank(option: Decision) -> tuple[int, int]:
    return _BEST_FIRST[option.verdict], RESERVE[option.offer]


def _exclusive_with(decision: Decision, decisions: Sequence[Decision]) -> tuple[str, ...]:
    group = decision.remedy.exclusive_group
    return tuple(
        other.remedy.key
        for other in decisions
        if group is not None and other is not decision and other.remedy.exclusive_group == group
    )
