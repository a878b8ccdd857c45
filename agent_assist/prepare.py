"""Prepare: everything that serving needs, made once and skipped when it is there."""

from collections.abc import Callable
from pathlib import Path

from agent_assist.core.library import Library
from agent_assist.matching.export import export_encoder
from agent_assist.matching.index import PolicyIndex
from agent_assist.models import OpenModel

Progress = Callable[[str], None]


def prepare_encoder(models: Path, source: Path | None, progress: Progress) -> None:
    """Export the encoder into `models/encoder`, unless a verified export is there.

    Raises:
        AgentAssistError: the source is not what it should be, or the disk is full; what was
            there before is untouched.
    """
    export_encoder(models / "encoder", source=source, progress=progress)


def prepare_index(library: Library, model: OpenModel, indexes: Path) -> None:
    """Build the index of a library under a model and keep it, unless it is there.

    Raises:
        CannotWrite: there is no space or no permission to keep it.
    """
    locale = library.vocabulary.locale
    policies = [policy for policy in library.policies if policy.locale == locale]
    index = PolicyIndex.open_or_build(
        indexes, policies, library.vocabulary.issues, model.encoder, learned=model.learned
    )
    # Serving does without a kept index; who prepares is told now rather than at each start.
    index.keep(indexes)
