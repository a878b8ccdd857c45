"""Question: which real questions a draft of policies would match, and which it would take away."""

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

import structlog

from agent_assist.core.draft_rows import TableKind
from agent_assist.core.errors import InvalidInput
from agent_assist.core.policy import Policy
from agent_assist.live import LiveLibrary, Snapshot
from agent_assist.matching.index import PolicyIndex
from agent_assist.matching.listening import Listener
from agent_assist.matching.ranking import rank
from agent_assist.review import ReadDraft, Reviewing, cell_problems
from agent_assist.store.drift import DriftStore

MOST = 300
"""How many questions are asked, at most."""
WINDOW = timedelta(days=90)

_SUGGESTIONS = 2_000

_log = structlog.get_logger("agent_assist.question")


class Source(StrEnum):
    """Where a question comes from: what customers said, masked, or the examples of a policy."""

    SAID = "said"
    EXAMPLE = "example"


@dataclass(frozen=True, slots=True)
class Question:
    """A question, and how often it was asked in these words."""

    text: str
    source: Source
    count: int = 1


@dataclass(frozen=True, slots=True)
class Moved:
    """A question whose sure answer would be another: a policy, or None where none is sure."""

    question: Question
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class Questioning:
    """How far a questioning of a draft has come, and what it found.

    Attributes:
        edit: of the draft, as it was read.
        library: the version it is compared with.
        done, of: questions; `of` is 0 while the draft's index is being built.
        is_over: nothing more will be found.
        failed: it could not be done to its end.
    """

    edit: int
    library: int
    done: int = 0
    of: int = 0
    moved: tuple[Moved, ...] = field(default=())
    is_over: bool = False
    failed: bool = False


class Questioner:
    """Questions drafts beside the requests, one at a time in each process; keeps the newest.

    Args:
        reviewing: reads drafts.
        live: what is published, and matches.
        said: has what customers said, masked.
        now: gives the aware present.
    """

    def __init__(
        self,
        reviewing: Reviewing,
        live: LiveLibrary,
        said: DriftStore,
        *,
        now: Callable[[], datetime],
    ) -> None:
        self._reviewing = reviewing
        self._live = live
        self._said = said
        self._now = now
        self._lock = threading.Lock()
        self._newest: tuple[tuple[str, int, int], Questioning] | None = None
        self._thread: threading.Thread | None = None

    def question(self, draft_id: str) -> Questioning:
        """How the questioning of a draft stands; it is begun if it was not. Ask again until over.

        Raises:
            NotFound: there is no such draft.
            InvalidInput: it has cells that cannot be read.
        """
        read = self._reviewing.read(TableKind.POLICIES, draft_id)
        if problems := cell_problems(read):
            raise InvalidInput(problems)
        snapshot = self._live.current()
        key = (draft_id, read.draft.edit, snapshot.versions.library)
        with self._lock:
            if self._newest is not None and self._newest[0] == key:
                return self._newest[1]
            waiting = Questioning(read.draft.edit, snapshot.versions.library)
            if self._thread is not None and self._thread.is_alive():
                return waiting  # another draft's is at it: this one begins when asked again
            self._newest = (key, waiting)
            said = self._questions(snapshot, read)
            self._thread = threading.Thread(
                target=self._run, args=(key, snapshot, read, said), name="questioning", daemon=True
            )
            self._thread.start()
            return waiting

    def _run(
        self,
        key: tuple[str, int, int],
        snapshot: Snapshot,
        read: ReadDraft,
        questions: Sequence[Question],
    ) -> None:
        now = Questioning(read.draft.edit, snapshot.versions.library)
        try:
            index = self._live.index_of(_originals(read))
            for now in _asked(snapshot, read, index, questions, self._now()):
                self._newest = (key, now)
            self._newest = (key, replace(now, is_over=True))
        except Exception as error:  # noqa: BLE001 - nobody waits for this thread
            self._newest = (key, replace(now, is_over=True, failed=True))
            _log.warning("questioning_failed", error=type(error).__name__)

    def _questions(self, snapshot: Snapshot, read: ReadDraft) -> tuple[Question, ...]:
        """Half of them examples at most, of changed policies first; the rest what was said."""
        published = [one.policy for one in snapshot.policies.values()]
        drafted = _originals(read)
        changed = [one for one in drafted if one not in published]
        changed += [one for one in published if one not in drafted]
        rest = [one for one in drafted if one in published]
        examples = dict.fromkeys(text for one in (*changed, *rest) for text in _examples(one))
        counts: dict[str, int] = {}
        for one in self._said.newest(self._now() - WINDOW, _SUGGESTIONS):
            if one.texts:
                counts[one.texts[0]] = counts.get(one.texts[0], 0) + 1
        said = [Question(text, Source.SAID, count) for text, count in counts.items()]
        asked = [Question(text, Source.EXAMPLE) for text in examples if text not in counts]
        room = max(MOST // 2, MOST - len(said))
        return (*asked[:room], *said[: MOST - min(room, len(asked))])


def _asked(
    snapshot: Snapshot,
    read: ReadDraft,
    index: PolicyIndex,
    questions: Sequence[Question],
    at: datetime,
) -> Iterator[Questioning]:
    """The questioning after each question."""
    day = snapshot.vocabulary.day(at)
    listener = Listener(snapshot.encoder)
    drafted = frozenset(one.id for one in _originals(read) if one.holds_on(day))
    moved: list[Moved] = []
    for number, question in enumerate(questions, start=1):
        before = _sure(snapshot.index, listener, question, snapshot.in_effect(day))
        after = _sure(index, listener, question, drafted)
        if before != after:
            moved.append(Moved(question, before, after))
        yield Questioning(
            read.draft.edit,
            snapshot.versions.library,
            done=number,
            of=len(questions),
            moved=tuple(moved),
        )


def _sure(
    index: PolicyIndex, listener: Listener, question: Question, allowed: frozenset[str]
) -> str | None:
    """The policy that is answered with; None if the answer would abstain."""
    matches = rank(index, listener.hear(index, question.text), limit=1, allowed=allowed)
    return None if matches.abstained or not matches.items else matches.items[0].policy


def _originals(read: ReadDraft) -> list[Policy]:
    locale = read.vocabulary.locale
    return sorted(
        (one for one in read.table.policies if one.locale == locale), key=lambda one: one.id
    )


def _examples(policy: Policy) -> Iterator[str]:
    for texts in policy.examples.values():
        yield from texts
