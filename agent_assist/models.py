"""Models: the model versions of this host, and which of them is active."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from agent_assist.core.errors import NotFound
from agent_assist.matching.artefacts import ArtefactDamaged, ArtefactMissing
from agent_assist.matching.encoders import Encoder
from agent_assist.matching.learned import Learned
from agent_assist.matching.model import ModelRecord, load_model, records
from agent_assist.store.models import Activation, ModelStore

NONE = ""
"""The id of no model: matching by the library's own texts alone."""


@dataclass(frozen=True, slots=True)
class OpenModel:
    """A model version ready to be used; `learned` is None where there is none."""

    id: str
    encoder: Encoder
    learned: Learned | None = None


class Models:
    """Opens and activates model versions.

    Args:
        base: the encoder of models that have none of their own.
        root: the folder that they are kept in.
        store: which of them is active, for all processes.
    """

    def __init__(self, base: Encoder, root: Path, store: ModelStore) -> None:
        self.base = base
        self.root = root
        self._store = store

    def open(self, model_id: str) -> OpenModel:
        """A model version, or none.

        Raises:
            ArtefactMissing, ArtefactDamaged: it is not there, or not as it was written, or was
                learned with an encoder that is there no more.
        """
        if model_id == NONE:
            return OpenModel(NONE, self.base)
        model = load_model(self.root, model_id)
        encoder = model.encoder or self.base
        if encoder.name != model.learned.encoder:
            raise ArtefactDamaged(
                f"model {model_id} was learned with {model.learned.encoder}, which is there no "
                "more: train again"
            )
        return OpenModel(model_id, encoder, model.learned)

    def open_active(self) -> tuple[OpenModel, str | None]:
        """The active model; if it cannot be used, the one that was active before, and why.

        Where none of them can be used, it is none.
        """
        wanted = list(dict.fromkeys(one.model for one in self._store.history())) or [NONE]
        if NONE in wanted:  # what was active before there was to be none is of no use
            wanted = wanted[: wanted.index(NONE) + 1]
        return self._first_usable([*wanted, NONE])

    def _first_usable(self, wanted: Iterable[str]) -> tuple[OpenModel, str | None]:
        concern = None
        for model_id in wanted:
            try:
                return self.open(model_id), concern
            except (ArtefactMissing, ArtefactDamaged) as error:
                concern = concern or str(error)
        raise LookupError("no model can always be opened")

    def records(self) -> tuple[ModelRecord, ...]:
        """What is told of the model versions of this host, newest first."""
        return records(self.root)

    def record(self, model_id: str) -> ModelRecord:
        """What is told of one; NotFound if there is none of that id."""
        for one in self.records():
            if one.id == model_id:
                return one
        raise NotFound("model", model_id[:80])

    def active(self) -> Activation | None:
        """The newest activation; None if there was never one."""
        return next(iter(self._store.history()), None)

    def activate(self, model_id: str, by: str) -> Activation:
        """Make a model version, or none, the active one; every process serves it soon."""
        return self._store.activate(model_id, by)
