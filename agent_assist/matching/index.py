"""The index of a library: everything that ranking needs, built once, saved, checked, loaded."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from agent_assist.core.policy import Policy
from agent_assist.core.vocabulary import Issue
from agent_assist.matching.artefacts import (
    ArtefactDamaged,
    ArtefactMissing,
    CannotWrite,
    checked_manifest,
    whole_folder,
)
from agent_assist.matching.calibration import Calibration
from agent_assist.matching.corpus import Corpus, Pair
from agent_assist.matching.encoders import Encoder
from agent_assist.matching.entries import Entry, Kind, entries_of
from agent_assist.matching.head import Head
from agent_assist.matching.learning import Labelled, learn

FORMAT = 4
WAY_OUT = "remove the folder, and it is built again at the next start"
_TEXTS = "texts.json"
_ARRAYS = "arrays.npz"
_NAME_LENGTH = 16


@dataclass(frozen=True, slots=True)
class PolicyIndex:
    """A library, ready to match; none of it can change.

    Attributes:
        identity: hash of all texts, of what was learned from, and of the encoder's name.
        encoder: name of the encoder that its vectors come from.
    """

    identity: str
    encoder: str
    corpus: Corpus
    head: Head
    calibration: Calibration

    @classmethod
    def build(
        cls,
        policies: Sequence[Policy],
        issues: Mapping[str, Issue],
        encoder: Encoder,
        *,
        labelled: Sequence[Labelled] = (),
        known: Mapping[str, npt.NDArray[np.float32]] | None = None,
    ) -> "PolicyIndex":
        """The index of policies in one language.

        Args:
            policies: at least one, ids unique.
            issues: those they cover, by key, and perhaps others.
            encoder: the one that will encode what is asked.
            labelled: what customers said, to learn from; none of it is kept in the index.
            known: vectors that this very encoder has given to texts before, to save time.

        Raises:
            NothingToLearn: a label is of another library.
        """
        corpus = Corpus.build(policies, issues, encoder, known or {})
        head, calibration = learn(corpus, labelled, encoder)
        identity = identity_of(policies, issues, encoder.name, labelled)
        return cls(identity, encoder.name, corpus, head, calibration)

    @classmethod
    def open_or_build(
        cls,
        folder: Path,
        policies: Sequence[Policy],
        issues: Mapping[str, Issue],
        encoder: Encoder,
        *,
        labelled: Sequence[Labelled] = (),
    ) -> "PolicyIndex":
        """The index that `folder` keeps of just this; built, and kept there, if it is new.

        Only texts that are new to the folder are encoded.
        """
        place = folder / identity_of(policies, issues, encoder.name, labelled)[:_NAME_LENGTH]
        try:
            return cls.load(place)
        except (ArtefactMissing, ArtefactDamaged):
            known = _known_vectors(folder, encoder.name)
        index = cls.build(policies, issues, encoder, labelled=labelled, known=known)
        # An index that cannot be kept can still serve; it is built again at the next start.
        with suppress(CannotWrite):
            index.save(place)
        return index

    def save(self, folder: Path) -> None:
        """Write the index to a folder, whole or not at all.

        Raises:
            CannotWrite: no space or no permission.
        """
        texts = {
            "pairs": [[pair.policy, pair.issue] for pair in self.corpus.pairs],
            "entries": [[e.kind, e.text, e.policy, e.issue] for e in self.corpus.entries],
            "calibration": asdict(self.calibration),
        }
        arrays = {
            "vectors": self.corpus.vectors,
            "head_weights": self.head.weights,
            "head_bias": self.head.bias,
        }
        manifest = {"format": FORMAT, "identity": self.identity, "encoder": self.encoder}
        with whole_folder(folder, manifest) as draft:
            (draft / _TEXTS).write_text(json.dumps(texts, ensure_ascii=False), encoding="utf-8")
            np.savez(draft / _ARRAYS, allow_pickle=False, **arrays)

    @classmethod
    def load(cls, folder: Path) -> "PolicyIndex":
        """The index that was saved to a folder.

        Raises:
            ArtefactMissing: there is none.
            ArtefactDamaged: a file is not the one that was saved, or of another format.
        """
        manifest = checked_manifest(folder, remedy=WAY_OUT)
        if manifest.get("format") != FORMAT:
            raise ArtefactDamaged(f"{folder} is of another version of this program: {WAY_OUT}")
        try:
            return _read(folder, manifest)
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise ArtefactDamaged(f"{folder} holds no index: {WAY_OUT}") from error


def identity_of(
    policies: Sequence[Policy],
    issues: Mapping[str, Issue],
    encoder: str,
    labelled: Sequence[Labelled] = (),
) -> str:
    """The hash that an index of just this has, as 64 hexadecimal digits."""
    pairs = [[policy.id, list(policy.issues)] for policy in policies]
    entries = [asdict(entry) for entry in entries_of(policies, issues)]
    content = [FORMAT, encoder, pairs, entries, [asdict(one) for one in labelled]]
    text = json.dumps(content, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _read(folder: Path, manifest: Mapping[str, Any]) -> PolicyIndex:
    texts = json.loads((folder / _TEXTS).read_text(encoding="utf-8"))
    with np.load(folder / _ARRAYS, allow_pickle=False) as arrays:
        vectors = arrays["vectors"]
        head = Head(arrays["head_weights"], arrays["head_bias"])
    pairs = tuple(Pair(*pair) for pair in texts["pairs"])
    entries = tuple(Entry(Kind(kind), *rest) for kind, *rest in texts["entries"])
    return PolicyIndex(
        identity=str(manifest["identity"]),
        encoder=str(manifest["encoder"]),
        corpus=Corpus.assembled(pairs, entries, vectors),
        head=head,
        calibration=Calibration(**texts["calibration"]),
    )


def _known_vectors(folder: Path, encoder: str) -> dict[str, npt.NDArray[np.float32]]:
    """Vectors by text, of the newest index in the folder that is of the same encoder."""
    kept = [path for path in folder.glob("[0-9a-f]*") if path.is_dir()]
    for path in sorted(kept, key=lambda path: path.stat().st_mtime, reverse=True):
        with suppress(ArtefactMissing, ArtefactDamaged):
            index = PolicyIndex.load(path)
            if index.encoder == encoder:
                texts = (entry.text for entry in index.corpus.entries)
                return dict(zip(texts, index.corpus.vectors, strict=True))
    return {}
