"""Train: labelled questions become a model version, which is activated if it is not worse."""

import fcntl
import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from agent_assist.core.errors import AgentAssistError
from agent_assist.core.policy import Policy
from agent_assist.live import LiveLibrary, Snapshot
from agent_assist.matching.artefacts import CannotWrite
from agent_assist.matching.cases import read_cases
from agent_assist.matching.encoders import Encoder, OnnxEncoder
from agent_assist.matching.export import export_encoder
from agent_assist.matching.finetuning import exercise_of, fine_tune
from agent_assist.matching.gate import (
    Comparison,
    Contender,
    compare,
    failing,
    golden_questions,
    judgement,
)
from agent_assist.matching.index import PolicyIndex
from agent_assist.matching.learned import Learned
from agent_assist.matching.lessons import Sorted, sorted_lessons
from agent_assist.matching.model import ID_LENGTH, Model, ModelRecord, save_model
from agent_assist.matching.training import learn_lessons
from agent_assist.models import NONE, Models, OpenModel

Progress = Callable[[str], None]

_LOCK = ".training"


class TrainingRuns(AgentAssistError):
    """Another training works on the same data folder."""

    code = "training_runs"


class NothingToLearn(AgentAssistError):
    """No case says anything that could be learned from."""

    code = "nothing_to_learn"


@dataclass(frozen=True, slots=True)
class Wanted:
    """How to train.

    Attributes:
        error_rate: share of answers that may be wrong; with more doubt, the answer abstains.
        steps: how many at most the encoder itself learns in; 0 for none.
        by: who trains, for the audit.
    """

    seed: int
    error_rate: float
    steps: int
    by: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """A model version that was trained and kept.

    Attributes:
        comparison: with what is active, on what was held out; None if nothing was.
        broken: golden questions that the active one answers among the first, and this does not.
        is_active: whether it was activated.
    """

    record: ModelRecord
    comparison: Comparison | None
    broken: tuple[str, ...]
    is_active: bool


@dataclass(frozen=True, slots=True)
class Trainer:
    """Trains, judges and activates.

    Attributes:
        live: the library that is live.
        models: where model versions are kept.
        indexes: the folder of indexes.
        source: folder of the model that the encoder was exported from; None for the packaged one.
        now: gives the aware present.
        clock: tells seconds.
    """

    live: LiveLibrary
    models: Models
    indexes: Path
    source: Path | None
    now: Callable[[], datetime]
    clock: Callable[[], float]

    def train(self, lines: Iterable[bytes], wanted: Wanted, progress: Progress) -> Outcome:
        """Learn from labelled questions, keep what was learned, and activate it if it may be.

        Until it is activated nothing that serves has changed; a run that ends before leaves at
        most a folder that the next one removes.

        Raises:
            CasesFaulty: with the faults of all lines.
            NothingToLearn: in no case anything is said that something fits.
            TrainingRuns: another training is at it.
            CannotWrite: no space or no permission.
        """
        with _alone(self.models.root):
            snapshot = self.live.current()
            data = _Hashed(lines)
            cases = read_cases(data, issues=snapshot.vocabulary.issues, policies=snapshot.policies)
            found = sorted_lessons(cases)
            if not found.lessons.labelled:
                raise NothingToLearn(
                    "nothing is said in any case that names an issue or policies: add some"
                )
            return _Run(self, snapshot, found, wanted, data.digest(), progress).run()


@dataclass(slots=True)
class _Run:
    """One training, begun and not ended."""

    trainer: Trainer
    snapshot: Snapshot
    found: Sorted
    wanted: Wanted
    data_hash: str
    progress: Progress

    def run(self) -> Outcome:
        models, base = self.trainer.models, self.trainer.models.base
        library = self._index(OpenModel(NONE, base))
        folder = self._fine_tuned(library) if self.wanted.steps else None
        encoder: Encoder = base
        if folder is not None:
            encoder = OnnxEncoder.load(folder)
            library = self._index(OpenModel(NONE, encoder))
        learned = learn_lessons(
            self.found.lessons,
            library,
            encoder,
            is_fine_tuned=folder is not None,
            error_rate=self.wanted.error_rate,
            progress=self.progress,
        )
        active, _ = models.open_active()
        candidate = OpenModel(learned.identity[:ID_LENGTH], encoder, learned)
        comparison = self._compared(candidate, active, library)
        self.progress("building the index …")
        index = self._index(candidate)
        broken = self._broken(Contender(index, encoder), active)
        record = self._record(candidate, learned, active, library, comparison, broken)
        save_model(models.root, Model(record, learned), folder)
        if folder is not None:
            shutil.rmtree(folder.parent, ignore_errors=True)
        is_active = not (broken or (comparison is not None and comparison.is_worse))
        if is_active:
            models.activate(record.id, self.wanted.by)
        return Outcome(record, comparison, broken, is_active)

    def _fine_tuned(self, library: PolicyIndex) -> Path:
        """The folder of an encoder that learned from the lessons, in one that is to be removed."""
        exercise = exercise_of(library.corpus, self.found.lessons)
        if len(exercise.texts) < 2:
            raise NothingToLearn("an encoder learns to tell apart what it has two of: add issues")
        scratch = Path(tempfile.mkdtemp(prefix=".tuned.", dir=self.trainer.models.root))
        fine_tune(
            exercise,
            scratch / "fine-tuned",
            source=self.trainer.source,
            seed=self.wanted.seed,
            threads=len(os.sched_getaffinity(0)),
            progress=self.progress,
            steps=self.wanted.steps,
        )
        export_encoder(scratch / "encoder", source=scratch / "fine-tuned", progress=self.progress)
        return scratch / "encoder"

    @property
    def _policies(self) -> list[Policy]:
        return [held.policy for held in self.snapshot.policies.values()]

    def _index(self, model: OpenModel) -> PolicyIndex:
        """The index that will serve a model, kept where those who serve it find it."""
        index = PolicyIndex.open_or_build(
            self.trainer.indexes,
            self._policies,
            self.snapshot.vocabulary.issues,
            model.encoder,
            learned=model.learned,
        )
        index.keep(self.trainer.indexes)
        return index

    def _judged(self, model: OpenModel, library: PolicyIndex) -> Contender:
        """A model without what it learned from what was held out."""
        if model.learned is None:
            return Contender(library, model.encoder)
        index = PolicyIndex.build(
            self._policies,
            self.snapshot.vocabulary.issues,
            model.encoder,
            learned=model.learned.without_held_out(),
            known=self._known(model.encoder, library),
        )
        return Contender(index, model.encoder)

    def _known(self, encoder: Encoder, library: PolicyIndex) -> dict[str, Any] | None:
        """Vectors that this encoder has given to the library's texts; None if there are none."""
        for index in (library, self.snapshot.index):
            if index.encoder == encoder.name:
                return index.known()
        return None

    def _compared(
        self, new: OpenModel, active: OpenModel, library: PolicyIndex
    ) -> Comparison | None:
        cases = [one.case() for one in self.found.lessons.held_out()]
        if not cases:
            return None
        self.progress(f"judging it by {len(cases):,} questions that it has not learned from …")
        return compare(
            self._judged(new, library),
            self._judged(active, library),
            cases,
            {policy.id: policy.issues for policy in self._policies},
            self.trainer.clock,
        )

    def _broken(self, new: Contender, active: OpenModel) -> tuple[str, ...]:
        self.progress("asking it the golden questions …")
        golden = golden_questions(self._policies)
        old = Contender(self._index(active), active.encoder)
        clock = self.trainer.clock
        return tuple(sorted(failing(new, golden, clock) - failing(old, golden, clock)))

    def _record(
        self,
        model: OpenModel,
        learned: Learned,
        active: OpenModel,
        library: PolicyIndex,
        comparison: Comparison | None,
        broken: tuple[str, ...],
    ) -> ModelRecord:
        lessons = learned.lessons
        return ModelRecord(
            id=model.id,
            trained_at=self.trainer.now(),
            parent=active.id,
            library=self.snapshot.versions.library,
            library_hash=library.identity,
            data_hash=self.data_hash,
            encoder=learned.encoder,
            is_fine_tuned=self.wanted.steps > 0,
            seed=self.wanted.seed,
            labelled=len(lessons.labelled),
            unknown=len(lessons.unknown),
            held_out=len(lessons.held_out()),
            left_out={
                "silent": self.found.silent,
                "repeated": self.found.repeated,
                "contradictory": self.found.contradictory,
            },
            judgement=judgement(comparison, broken),
        )


class _Hashed:
    """Lines that are hashed as they are read."""

    def __init__(self, lines: Iterable[bytes]) -> None:
        self._lines = lines
        self._hash = hashlib.sha256()

    def __iter__(self) -> Iterator[bytes]:
        for line in self._lines:
            self._hash.update(line)
            yield line

    def digest(self) -> str:
        return self._hash.hexdigest()


@contextmanager
def _alone(root: Path) -> Iterator[None]:
    """Train alone in a folder, without what a run that was killed has left there."""
    try:
        root.mkdir(parents=True, exist_ok=True)
        lock = (root / _LOCK).open("w", encoding="ascii")
    except OSError as error:
        raise CannotWrite(f"{root} cannot be written: set another data folder") from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise TrainingRuns("another training runs in this data folder: let it end") from error
        for left in root.glob(".?*/"):
            shutil.rmtree(left, ignore_errors=True)
        yield
