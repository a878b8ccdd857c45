"""What a rep gives, and what is asked for above: through the same use cases as anybody's."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random

from agent_assist.approve import Approver, RulingWanted
from agent_assist.circumstances import StatedAmount
from agent_assist.core.approvals import (
    ApprovalPending,
    ApprovalSettled,
    ApprovalState,
    MayNotDecide,
    NoApprovalNeeded,
    Ruling,
    RulingReason,
    Shown,
)
from agent_assist.core.contact import Contact
from agent_assist.core.facts import RawValue
from agent_assist.core.grants import OverHeadroom, Parties
from agent_assist.core.suggestion import SuggestedPolicy
from agent_assist.core.vocabulary import Remedy
from agent_assist.enrol import Roster
from agent_assist.grant import ChangeWanted, Granter, GrantWanted
from agent_assist.library.cells import format_amount
from agent_assist.live import Snapshot
from agent_assist.record import Recorder
from agent_assist.simulate.agenda import Agenda
from agent_assist.simulate.conduct import Wish, ruling, waiting
from agent_assist.simulate.demand import Visit
from agent_assist.store.simulation import ACTOR, PREFIX
from agent_assist.suggest import Suggester

_CAPTURED, _VOIDED, _VOIDED_LATER = 0.88, 0.05, 0.02
_WITHDRAWN, _UNDECIDED = 0.04, 0.06
_WHY_VOID = ("The customer chose something else", "Given twice by mistake", "Wrong amount")


@dataclass(frozen=True, slots=True)
class Desk:
    """What the organisation works with: the same parts as anybody, by the history's clock.

    Attributes:
        hold: how long a reservation counts.
    """

    suggester: Suggester
    granter: Granter
    approver: Approver
    recorder: Recorder
    roster: Roster
    hold: timedelta


@dataclass(slots=True)
class Course:
    """A contact under way: what has come of it so far.

    Attributes:
        given: ids of grants.
        refused: whether something was asked for and not given.
        waits: whether somebody above is to decide.
    """

    visit: Visit
    contact: Contact
    random: Random
    facts: Mapping[str, RawValue]
    suggestion: str | None = None
    matched: SuggestedPolicy | None = None
    given: list[str] = field(default_factory=list)
    refused: bool = False
    waits: bool = False

    @property
    def parties(self) -> Parties:
        """Whom a grant is for. All contacts that follow from one another are about one order."""
        contact = self.contact
        day, place = contact.external_id.removeprefix(PREFIX).split("-")[:2]
        order = f"{PREFIX}o-{day}-{place}"
        return Parties(contact.external_id, order, contact.customer, contact.rep, contact.team)


class Giving:
    """Gives what reps have chosen, and decides on what they ask for above.

    Args:
        desk: what they work with.
        agenda: of the history.
        snapshot: the live library.
        too_low: key of a limit row that gives too little, so that what is asked for beyond it is
            nearly always approved; None for no such row.
    """

    def __init__(self, desk: Desk, agenda: Agenda, snapshot: Snapshot, too_low: str | None) -> None:
        self._desk, self._agenda, self._snapshot = desk, agenda, snapshot
        self._too_low = too_low

    def give(self, course: Course, chosen: Wish) -> None:
        """Give a remedy, or ask for it above, if it is still to be had."""
        wanted = self._wanted(course, chosen)
        try:
            if chosen.above:
                self._request(course, chosen, wanted)
            else:
                once = self._agenda.once("grant")
                stored = self._desk.granter.grant(
                    self._snapshot, wanted, once, lambda grant, _: grant.id.encode()
                )
                self._given(course, chosen.remedy, stored.body.decode())
        except (OverHeadroom, ApprovalPending, NoApprovalNeeded):
            # Since the suggestion, something else was given to the same.
            self._agenda.done["refused at once"] += 1
            course.refused = True

    def _wanted(self, course: Course, chosen: Wish) -> GrantWanted:
        return GrantWanted(
            issue=course.visit.reason.issue,
            remedy=chosen.remedy.key,
            amount=self._stated(chosen, chosen.amount),
            reason_code=course.random.choice(chosen.remedy.reason_codes),
            facts=course.facts,
            level=course.visit.worker.level,
            parties=course.parties,
            suggestion=course.suggestion,
            key=ACTOR,
        )

    def _given(self, course: Course, remedy: Remedy, grant: str) -> None:
        """Most grants are captured soon, some taken back, some forgotten until they expire."""
        self._agenda.done["grants"] += 1
        course.given.append(grant)
        soon, fate = self._desk.hold * course.random.uniform(0.05, 0.7), course.random.random()
        if fate < _CAPTURED:
            self._agenda.after(soon, self._capture, course, remedy, grant)
        elif fate < _CAPTURED + _VOIDED:
            self._agenda.after(soon, self._void, course, grant)

    def _capture(self, course: Course, remedy: Remedy, grant: str) -> None:
        wanted = ChangeWanted(grant, None, f"rep:{course.visit.worker.id}")
        self._desk.granter.capture(wanted, self._agenda.once("capture"), lambda *_: b"")
        self._agenda.done["captures"] += 1
        if course.random.random() < _VOIDED_LATER and remedy.reversible:
            later = timedelta(hours=course.random.randint(2, 72))
            self._agenda.after(later, self._void, course, grant)

    def _void(self, course: Course, grant: str) -> None:
        reason = course.random.choice(_WHY_VOID)
        wanted = ChangeWanted(grant, None, f"rep:{course.visit.worker.id}", reason)
        self._desk.granter.void(wanted, self._agenda.once("void"), lambda *_: b"")
        self._agenda.done["voids"] += 1

    def _request(self, course: Course, chosen: Wish, wanted: GrantWanted) -> None:
        """Ask above; somebody decides after a while, or the rep takes it back, or time runs out."""
        shown = _kept(
            lambda keep: self._desk.approver.request(
                self._snapshot,
                self._desk.granter.read(self._snapshot, wanted),
                self._agenda.once("request"),
                keep,
            )
        )
        approval, random = shown.approval, course.random
        if approval.state(shown.at) is not ApprovalState.PENDING:
            course.refused = True  # the answer to the same request of before
            return
        self._agenda.done["requests"] += 1
        course.waits = True
        first = approval.falls_back_at or approval.expires_at
        wait, fate = waiting(first - shown.at, random), random.random()
        if fate < _WITHDRAWN:
            self._agenda.after(wait, self._withdraw, course, approval.id)
        elif fate < _WITHDRAWN + _UNDECIDED or shown.routed_to is None:
            self._agenda.at(approval.expires_at + timedelta(seconds=5), self._expire, course)
        else:
            self._agenda.after(wait, self._decide, course, chosen, shown)

    def _decide(self, course: Course, chosen: Wish, shown: Shown) -> None:
        """The person whom a request goes to approves it, whole or less, or refuses it."""
        generous = self._too_low in chosen.rows
        share = ruling(course.random, generous=generous)
        amount = round(chosen.amount * share)
        decided = RulingWanted(
            approval_id=shown.approval.id,
            hash=shown.approval.hash,
            by=shown.routed_to.id if shown.routed_to else "",
            ruling=Ruling.APPROVE if amount else Ruling.REFUSE,
            reason=_reason(course.random, asked=chosen.amount, approved=amount),
            amount=self._stated(chosen, amount) if 0 < amount < chosen.amount else None,
            key=ACTOR,
        )
        course.waits = False
        try:
            ended = _kept(
                lambda keep: self._desk.approver.decide(
                    self._snapshot, decided, self._agenda.once("decide"), keep
                )
            )
        except (OverHeadroom, MayNotDecide, ApprovalSettled):
            course.refused = True  # what was left of a budget is gone, or somebody was faster
            self._agenda.at(shown.approval.expires_at + timedelta(seconds=5), self._expire, course)
            return
        end = ended.approval.end
        if end is None or end.grant is None:
            self._agenda.done["requests refused"] += 1
            course.refused = True
        else:
            self._agenda.done["requests approved"] += 1
            self._given(course, chosen.remedy, end.grant)

    def _withdraw(self, course: Course, approval_id: str) -> None:
        by = course.visit.worker.id
        once = self._agenda.once("withdraw")
        self._desk.approver.withdraw(approval_id, by, ACTOR, once, lambda _: b"")
        course.waits = False

    def _expire(self, course: Course) -> None:
        self._desk.approver.expire()
        course.refused, course.waits = True, False

    def _stated(self, chosen: Wish, amount: int) -> StatedAmount:
        currency = self._snapshot.vocabulary.currency
        text = format_amount(amount, chosen.remedy.unit, currency).removesuffix("%")
        return StatedAmount(text)


def _kept(act: Callable[[Callable[[Shown], bytes]], object]) -> Shown:
    """What a use case gives to the writer of its answer."""
    seen: list[Shown] = []

    def keep(shown: Shown) -> bytes:
        seen.append(shown)
        return b""

    act(keep)
    return seen[-1]


def _reason(random: Random, *, asked: int, approved: int) -> RulingReason:
    if 0 < approved < asked:
        return RulingReason.LOWER_IS_ENOUGH
    wanted = Ruling.APPROVE if approved else Ruling.REFUSE
    fitting = [one for one in RulingReason if one.ruling is wanted]
    return random.choice([one for one in fitting if one is not RulingReason.LOWER_IS_ENOUGH])
