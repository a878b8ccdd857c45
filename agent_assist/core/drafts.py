"""Drafts: who did what, what state that leaves, and who may do what next.

A draft is the version it is based on and a list of acts, which is only ever added to. What it
holds, who wrote it and what may be done with it follow from the acts.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from agent_assist.core.draft_rows import Clash, TableKind
from agent_assist.core.errors import AgentAssistError, Forbidden


class DraftState(StrEnum):
    """Where a draft stands. Published and discarded ones are not worked on any more."""

    OPEN = "open"
    SUBMITTED = "submitted"
    APPROVED = "approved"
    PUBLISHED = "published"
    DISCARDED = "discarded"


class ActKind(StrEnum):
    """What can be done to a draft."""

    EDIT = "edit"
    REBASE = "rebase"
    SUBMIT = "submit"
    COMMENT = "comment"
    APPROVE = "approve"
    RETURN = "return"
    PUBLISH = "publish"
    CANCEL = "cancel"
    DISCARD = "discard"


DECIDING = frozenset({ActKind.APPROVE, ActKind.PUBLISH, ActKind.CANCEL})
"""What changes who may give how much: never done by somebody of the lowest level."""


_WORKED_ON = frozenset({DraftState.OPEN, DraftState.SUBMITTED, DraftState.APPROVED})
_FROM: Mapping[ActKind, frozenset[DraftState]] = {
    ActKind.EDIT: _WORKED_ON,
    ActKind.REBASE: _WORKED_ON,
    ActKind.SUBMIT: frozenset({DraftState.OPEN}),
    ActKind.COMMENT: _WORKED_ON,
    ActKind.APPROVE: frozenset({DraftState.SUBMITTED}),
    ActKind.RETURN: frozenset({DraftState.SUBMITTED, DraftState.APPROVED}),
    # Without an approval only what tightens passes: see `check_release`.
    ActKind.PUBLISH: _WORKED_ON,
    ActKind.CANCEL: frozenset({DraftState.PUBLISHED}),
    ActKind.DISCARD: _WORKED_ON,
}
# An edit withdraws what was approved: nobody has read what is there now.
_TO: Mapping[ActKind, DraftState] = {
    ActKind.EDIT: DraftState.OPEN,
    ActKind.REBASE: DraftState.OPEN,
    ActKind.SUBMIT: DraftState.SUBMITTED,
    ActKind.APPROVE: DraftState.APPROVED,
    ActKind.RETURN: DraftState.OPEN,
    ActKind.PUBLISH: DraftState.PUBLISHED,
    ActKind.CANCEL: DraftState.OPEN,
    ActKind.DISCARD: DraftState.DISCARDED,
}
_CONTENT = frozenset({ActKind.EDIT, ActKind.REBASE})
_AUTHORING = _CONTENT | {ActKind.SUBMIT}


class DraftRefused(AgentAssistError):
    """The draft, or the version, is not in a state that allows this; the message names it."""

    code = "draft_state"


class OwnApproval(Forbidden):
    """Someone approved what they had a hand in."""

    code = "own_approval"


class NeedsApproval(AgentAssistError):
    """The draft gives someone more than before, and no second person has approved it."""

    code = "needs_approval"


@dataclass(frozen=True, slots=True)
class ChangedSince:
    """A row that somebody changed, and when."""

    row: str
    by: str
    at: datetime


class StaleEdit(AgentAssistError):
    """The draft was edited since the edit that a change knows of.

    Attributes:
        edit: the edit that stands now.
        changed: what was changed meanwhile, the newest change of each row.
    """

    code = "stale_edit"

    def __init__(self, *, known: int, edit: int, changed: Sequence[ChangedSince]) -> None:
        self.edit = edit
        self.changed = tuple(changed)
        super().__init__(
            f"the draft stands at edit {edit}, and this knows of edit {known}: read it again"
        )


class StaleBase(AgentAssistError):
    """Someone published since the version that a draft is based on.

    Attributes:
        newest: the version to rebase on.
        clashes: the rows that both changed, for a person to choose; all others carry over.
    """

    code = "stale_base"

    def __init__(self, *, base: int, newest: int, clashes: Sequence[Clash]) -> None:
        self.newest = newest
        self.clashes = tuple(clashes)
        count = f"{len(clashes)} row{'s' if len(clashes) != 1 else ''}"
        super().__init__(
            f"the draft is based on version {base}, and version {newest} is published: rebase it; "
            f"{count} changed in both"
        )


@dataclass(frozen=True, slots=True)
class DraftAct:
    """Something that was done to a draft.

    Attributes:
        number: its place among the draft's acts, from 1.
        comment: why, or what is to be said; may be empty.
        base: for a rebase, the version that the draft is based on since.
        content_hash: for a submission or approval, what exactly was submitted or approved.
        version: for a publication or its cancellation, the version.
    """

    number: int
    kind: ActKind
    at: datetime
    by: str
    comment: str = ""
    base: int | None = None
    content_hash: str = ""
    version: int | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft as its acts leave it.

    Attributes:
        owner: who began it.
        first_base: the version it was begun from; 0 for an empty table.
        acts: in order.
    """

    id: str
    kind: TableKind
    owner: str
    purpose: str
    created_at: datetime
    first_base: int
    acts: tuple[DraftAct, ...] = field(default=())

    @property
    def state(self) -> DraftState:
        """Where it stands."""
        states = (_TO[act.kind] for act in reversed(self.acts) if act.kind in _TO)
        return next(states, DraftState.OPEN)

    @property
    def base(self) -> int:
        """The version it is based on now."""
        rebased = (act.base for act in reversed(self.acts) if act.base is not None)
        return next(rebased, self.first_base)

    @property
    def edit(self) -> int:
        """The number of the last act that changed a row; 0 if none did. Tells contents apart."""
        return next((act.number for act in reversed(self.acts) if act.kind in _CONTENT), 0)

    @property
    def rebased(self) -> int:
        """The number of the last rebase, whose changes are the first that count; 0 for none."""
        numbers = (act.number for act in reversed(self.acts) if act.kind is ActKind.REBASE)
        return next(numbers, 0)

    @property
    def authors(self) -> frozenset[str]:
        """Everybody who had a hand in it: none of them may approve it."""
        return frozenset({self.owner, *(act.by for act in self.acts if act.kind in _AUTHORING)})

    @property
    def submission(self) -> DraftAct | None:
        """The submission that stands, if one does."""
        return self._standing(ActKind.SUBMIT)

    @property
    def approval(self) -> DraftAct | None:
        """The approval that stands, if one does."""
        return self._standing(ActKind.APPROVE)

    @property
    def version(self) -> int | None:
        """The version it was published as, unless that was cancelled."""
        published = self._standing(ActKind.PUBLISH)
        return published.version if published else None

    def _standing(self, kind: ActKind) -> DraftAct | None:
        """The last act of a kind, unless something done since has reopened the draft."""
        for act in reversed(self.acts):
            if act.kind is kind:
                return act
            if _TO.get(act.kind) is DraftState.OPEN:
                return None
        return None

    def check(self, kind: ActKind, by: str) -> None:
        """Refuse what may not be done to the draft now.

        Raises:
            DraftRefused: its state does not allow it.
            OwnApproval: an author would approve it.
        """
        if self.state not in _FROM[kind]:
            raise DraftRefused(f"the draft is {self.state}, so it cannot be {_DONE[kind]}")
        if kind is ActKind.APPROVE and by in self.authors:
            raise OwnApproval(
                "someone who began, edited or submitted the draft may not approve it: ask a "
                "second person"
            )

    def check_release(self, content_hash: str, *, tightens: bool, approver_may: bool) -> None:
        """Refuse to publish what nobody but its authors has approved.

        Args:
            content_hash: of what would be published.
            tightens: nobody may give more by it than before, which needs no second person.
            approver_may: whether whoever approved it might still do so now.

        Raises:
            NeedsApproval: it gives more, and there is no approval of exactly this that stands.
        """
        approval = self.approval
        approved = (
            approval is not None
            and approval.content_hash == content_hash
            and approval.by not in self.authors
        )
        if approved and not approver_may:
            raise NeedsApproval(
                "whoever approved it has left or is of the lowest level by now: return the draft, "
                "and let another second person approve it"
            )
        if not (approved or tightens):
            raise NeedsApproval(
                "someone may be given more by it than before, or that cannot be ruled out, or "
                "customers are told something new: a second person must approve exactly what is "
                "published"
            )


_DONE: Mapping[ActKind, str] = {
    ActKind.EDIT: "edited",
    ActKind.REBASE: "rebased",
    ActKind.SUBMIT: "submitted",
    ActKind.COMMENT: "commented on",
    ActKind.APPROVE: "approved",
    ActKind.RETURN: "returned",
    ActKind.PUBLISH: "published",
    ActKind.CANCEL: "cancelled",
    ActKind.DISCARD: "discarded",
}
