"""Learn: what feedback and outcomes teach, as labelled cases."""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter

from agent_assist.core.contact import Excerpt, Speaker, Transcript, Turn
from agent_assist.core.feedback import FeedbackVerdict, Opinion, holding
from agent_assist.core.suggestion import LoggedMatch
from agent_assist.live import Snapshot
from agent_assist.matching.cases import Case, write_case
from agent_assist.matching.lessons import Lessons
from agent_assist.store.appraised import AppraisedStore


@dataclass(frozen=True, slots=True)
class Learnt:
    """What can be learned, and how much of it cannot.

    Attributes:
        cases: labelled, with texts as they are kept: masked.
        wrong: opinions that something was not right and not what was; they teach nothing.
        textless: of suggestions whose text is not kept, or not any more.
        gone: about policies that the library no longer has.
    """

    cases: tuple[Case, ...]
    wrong: int
    textless: int
    gone: int


def learn_feedback(store: AppraisedStore, snapshot: Snapshot) -> Learnt:
    """What those who used suggestions said of them, of each person what holds.

    Persons who differ about the same words make a contradiction, of which nothing is learned.
    """
    held = [
        (one, feedback.opinion)
        for one in store.with_feedback()
        for feedback in holding(one.feedback)
    ]
    told = [(one, said) for one, said in held if said.verdict is not FeedbackVerdict.WRONG]
    labels = [(said, _said(one.excerpts, _turns(said.policy, one.matches))) for one, said in told]
    return _learnt(labels, snapshot, wrong=len(held) - len(told))


def learn_outcomes(store: AppraisedStore, snapshot: Snapshot) -> Learnt:
    """What contacts that were resolved say of the one policy that was explained in them.

    Such labels are weak: reps explain what they are shown, so they mostly confirm what the model
    believed; and a contact may be resolved in spite of the policy that was explained.
    """
    labels = [
        (
            Opinion(FeedbackVerdict.RIGHT, one.policy),
            _said(one.excerpts, _turns(one.policy, one.matches)),
        )
        for one in store.resolved()
    ]
    return _learnt(labels, snapshot, wrong=0)


def remembered(lessons: Lessons, snapshot: Snapshot) -> tuple[Case, ...]:
    """What was learned before, of issues and policies that the library still has."""
    issues, policies = snapshot.vocabulary.issues, snapshot.policies
    labelled = (
        one.case()
        for one in lessons.labelled
        if (not one.issue or one.issue in issues) and all(key in policies for key in one.policies)
    )
    return (*labelled, *(Case(text) for text in lessons.unknown))


def lines_of(cases: Iterable[Case]) -> Iterator[bytes]:
    """Cases as JSON lines, which `train` and `evaluate` read."""
    for case in cases:
        yield f"{json.dumps(write_case(case), ensure_ascii=False)}\n".encode()


def _learnt(
    labels: Iterable[tuple[Opinion, str | Transcript]], snapshot: Snapshot, *, wrong: int
) -> Learnt:
    covers = {key: held.policy.issues for key, held in snapshot.policies.items()}
    cases, textless, gone = [], 0, 0
    for opinion, said in labels:
        if opinion.policy not in covers:
            gone += 1
        elif not said:
            textless += 1
        else:
            cases.append(_case(said, opinion.policy, opinion.issue, covers))
    return Learnt(tuple(cases), wrong, textless, gone)


def _case(
    said: str | Transcript, policy: str, issue: str | None, covers: Mapping[str, Collection[str]]
) -> Case:
    """A case by its issue where that says as much as the policy, and more; else by its policy."""
    if issue in covers[policy] and sum(issue in issues for issues in covers.values()) == 1:
        return Case(said, issue=issue)
    return Case(said, policies=(policy,))


def _turns(policy: str | None, matches: Sequence[LoggedMatch]) -> Collection[int]:
    """The turns that a policy answered; for one that was not shown, those of the main match."""
    shown = [match for match in matches if match.policy == policy] or matches
    return shown[0].turns if shown else ()


def _said(excerpts: Iterable[Excerpt], turns: Collection[int]) -> str | Transcript:
    """What was said in some turns, oldest first, or in a plain text; empty if nothing is kept."""
    plain = [one.text for one in excerpts if one.turn is None]
    if plain:
        return "\n".join(plain)
    # Sorting keeps the pieces of a turn in the order of its text.
    placed = [one for one in excerpts if one.turn is not None and one.turn in turns]
    placed.sort(key=attrgetter("turn"))
    return tuple(
        Turn(Speaker.CUSTOMER, "\n".join(one.text for one in pieces))
        for _, pieces in groupby(placed, key=attrgetter("turn"))
    )
