"""Model versions: what was learned from labelled data, kept in a folder of arrays and JSON."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np

from agent_assist.matching.artefacts import (
    ArtefactDamaged,
    ArtefactMissing,
    checked_manifest,
    read_manifest,
    whole_folder,
)
from agent_assist.matching.encoders import MODEL, OnnxEncoder
from agent_assist.matching.learned import Learned
from agent_assist.matching.lessons import Labelled, Lessons
from agent_assist.matching.tuning import Tuning

FORMAT = 2
ID_LENGTH = 12
WAY_OUT = "activate another model version, or train again"
_LESSONS = "lessons.json"
_VECTORS = "vectors.npz"


@dataclass(frozen=True, slots=True)
class ModelRecord:
    """What is told of a model version.

    Attributes:
        id: the first digits of a hash over what was learned.
        trained_at: aware UTC.
        parent: the model version that was active; empty for none.
        library: the version of the library that it was trained and judged beside.
        library_hash: of the index of that library's own texts.
        data_hash: SHA-256 of the file of labelled data.
        encoder: name of the encoder; its own if `is_fine_tuned`.
        seed: what chance there was in training followed from.
        labelled, unknown, held_out: lessons with a label, with none, and of the former those
            that were kept to judge by.
        left_out: cases that are no lessons, by why.
        judgement: figures on what was held out, of this version and of its parent.
    """

    id: str
    trained_at: datetime
    parent: str
    library: int
    library_hash: str
    data_hash: str
    encoder: str
    is_fine_tuned: bool
    seed: int
    labelled: int
    unknown: int
    held_out: int
    left_out: Mapping[str, int]
    judgement: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Model:
    """A model version. `encoder` is its own; None if it has none."""

    record: ModelRecord
    learned: Learned
    encoder: OnnxEncoder | None = None


def save_model(root: Path, model: Model, encoder: Path | None = None) -> None:
    """Write a model version into `root`, whole or not at all.

    `encoder` is the folder of the model's own exported encoder, which is copied.

    Raises:
        CannotWrite: no space or no permission.
    """
    record, learned = model.record, model.learned
    manifest: dict[str, Any] = {
        "format": FORMAT,
        "record": asdict(record) | {"trained_at": record.trained_at.isoformat()},
    }
    if encoder is not None:
        exported = checked_manifest(encoder, remedy=WAY_OUT)
        manifest |= {key: exported[key] for key in ("name", "dimension", "max_tokens")}
    with whole_folder(root / record.id, manifest) as draft:
        texts = {"lessons": asdict(learned.lessons), "tuning": asdict(learned.tuning)}
        (draft / _LESSONS).write_text(json.dumps(texts, ensure_ascii=False), encoding="utf-8")
        np.savez(draft / _VECTORS, allow_pickle=False, vectors=learned.vectors)
        if encoder is not None:
            for name in exported["files"]:
                (draft / name).write_bytes((encoder / name).read_bytes())


def load_model(root: Path, model_id: str) -> Model:
    """A model version.

    Raises:
        ArtefactMissing: there is none of that id.
        ArtefactDamaged: a file is not the one that was saved, or of another format.
    """
    folder = root / model_id
    manifest = checked_manifest(folder, remedy=WAY_OUT)
    try:
        record = _record(manifest)
        encoder = OnnxEncoder.load(folder) if MODEL in manifest["files"] else None
        return Model(record, _learned(folder, record), encoder)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ArtefactDamaged(f"{folder} holds no model: {WAY_OUT}") from error


def records(root: Path) -> tuple[ModelRecord, ...]:
    """What is told of every model version that is there, newest first; damaged ones left out."""
    found = []
    for folder in root.glob("[0-9a-f]*"):
        try:
            found.append(_record(read_manifest(folder, remedy=WAY_OUT)))
        except (ArtefactMissing, ArtefactDamaged, ValueError, KeyError, TypeError):
            continue
    return tuple(sorted(found, key=lambda one: (one.trained_at, one.id), reverse=True))


def _record(manifest: Mapping[str, Any]) -> ModelRecord:
    if manifest["format"] != FORMAT:
        raise ValueError("it is of another version of this program")
    told = manifest["record"]
    return ModelRecord(**told | {"trained_at": datetime.fromisoformat(told["trained_at"])})


def _learned(folder: Path, record: ModelRecord) -> Learned:
    texts = json.loads((folder / _LESSONS).read_text(encoding="utf-8"))
    with np.load(folder / _VECTORS, allow_pickle=False) as arrays:
        vectors = arrays["vectors"]
    labelled = tuple(
        Labelled(one["text"], one["issue"], tuple(one["policies"]))
        for one in texts["lessons"]["labelled"]
    )
    lessons = Lessons(labelled, tuple(texts["lessons"]["unknown"]))
    if len(vectors) != len(labelled):
        raise ValueError("as many vectors as texts")
    return Learned(lessons, vectors, record.encoder, Tuning(**texts["tuning"]))
