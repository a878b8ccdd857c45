"""The index of a library: everything that ranking needs, built once, saved, checked, loaded."""

import hashlib
import json
import shutil
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, astuple, dataclass, replace
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
from agent_assist.matching.assigned import assign
from agent_assist.matching.calibration import Calibration, Chances, Scored, Truths
from agent_assist.matching.corpus import Corpus, Pair
from agent_assist.matching.encoders import Encoder, Vectors
from agent_assist.matching.entries import Entry, Kind, entries_of
from agent_assist.matching.head import Head
from agent_assist.matching.learned import Learned
from agent_assist.matching.learning import learn
from agent_assist.matching.lexicon import Lexicon
from agent_assist.matching.scan import FROM, Scan
from agent_assist.matching.scoring import library_scores
from agent_assist.matching.taught import Taught, enough
from agent_assist.matching.tuning import Tuning

FORMAT = 9
WAY_OUT = "remove the folder, and it is built again at the next start"
_TEXTS = "texts.json"
_ARRAYS = "arrays.npz"
_VECTORS = "vectors.npy"
_SCAN = "scan.onnx"
_NAME_LENGTH = 16

KEPT = 8
"""Indexes that a folder keeps: those of a library and a model that it is gone back to are there
still, and one of 100,000 texts takes 250 MB."""


@dataclass(frozen=True, slots=True)
class PolicyIndex:
    """A library, ready to match; none of it can change.

    Attributes:
        identity: hash of all texts, of what was learned from, and of the encoder's name.
        encoder: name of the encoder that its vectors come from.
        taught: what labelled texts teach; None if there are none, or too few.
    """

    identity: str
    encoder: str
    corpus: Corpus
    head: Head
    calibration: Calibration
    taught: Taught | None = None

    @classmethod
    def build(
        cls,
        policies: Sequence[Policy],
        issues: Mapping[str, Issue],
        encoder: Encoder,
        *,
        learned: Learned | None = None,
        known: Mapping[str, npt.NDArray[np.float32]] | None = None,
    ) -> "PolicyIndex":
        """The index of policies in one language.

        Args:
            policies: at least one, ids unique.
            issues: those they cover, by key, and perhaps others.
            encoder: the one that will encode what is asked.
            learned: what customers said, with vectors of this very encoder; what is about
                policies or issues that the library has not is passed over.
            known: vectors that this very encoder has given to texts before, to save time.
        """
        corpus = Corpus.build(policies, issues, encoder, known or {})
        identity = identity_of(policies, issues, encoder.name, learned)
        if learned is None:
            head, calibration = learn(corpus, assign(corpus, (), corpus.vectors[:0]), encoder)
            return cls(identity, encoder.name, corpus, head, calibration)
        assigned = assign(corpus, learned.lessons.labelled, learned.vectors)
        is_enough = enough(assigned)
        head, calibration = learn(corpus, assigned.where(~is_enough), encoder)
        taught = (
            Taught.fit(corpus, assigned.where(is_enough), learned.tuning)
            if is_enough.any()
            else None
        )
        return cls(identity, encoder.name, corpus, head, calibration, taught)

    @classmethod
    def kept(
        cls,
        folder: Path,
        policies: Sequence[Policy],
        issues: Mapping[str, Issue],
        encoder: Encoder,
        *,
        learned: Learned | None = None,
    ) -> "PolicyIndex | None":
        """The index that `folder` keeps of just this; None if it keeps none, or a damaged one."""
        identity = identity_of(policies, issues, encoder.name, learned)
        try:
            return cls.load(folder / identity[:_NAME_LENGTH])
        except (ArtefactMissing, ArtefactDamaged):
            return None

    @classmethod
    def open_or_build(
        cls,
        folder: Path,
        policies: Sequence[Policy],
        issues: Mapping[str, Issue],
        encoder: Encoder,
        *,
        learned: Learned | None = None,
    ) -> "PolicyIndex":
        """The index that `folder` keeps of just this; built, and kept there, if it is new.

        Only texts that are new to the folder are encoded.
        """
        if index := cls.kept(folder, policies, issues, encoder, learned=learned):
            return index
        known = _known_vectors(folder, encoder.name)
        index = cls.build(policies, issues, encoder, learned=learned, known=known)
        # An index that cannot be kept can still serve; it is built again at the next start.
        with suppress(CannotWrite):
            index.keep(folder)
            # Of what is kept, the vectors need not stay in memory.
            return cls.load(folder / index.identity[:_NAME_LENGTH])
        return index

    def keep(self, folder: Path) -> None:
        """Save the index among those of a folder, where `open_or_build` finds it; errors as `save`.

        Nothing is done if it is there and whole. Of the others, the KEPT newest stay.
        """
        place = folder / self.identity[:_NAME_LENGTH]
        try:
            checked_manifest(place, remedy=WAY_OUT)
        except (ArtefactMissing, ArtefactDamaged):
            self.save(place)
            for old in _newest_first(folder)[KEPT:]:
                shutil.rmtree(old, ignore_errors=True)

    def known(self) -> dict[str, npt.NDArray[np.float32]]:
        """The vectors of the library's texts, by text."""
        texts = (entry.compared for entry in self.corpus.entries)
        return dict(zip(texts, self.corpus.vectors, strict=True))

    @property
    def is_large(self) -> bool:
        """Whether it has so many texts that it takes a while to open."""
        return len(self.corpus.entries) >= FROM

    def knows(self, stem: str) -> bool:
        """Whether a stem is one of a word that stands in the library's texts."""
        return stem in self.corpus.lexicon.rows

    def score(
        self, texts: Sequence[str], stems: Sequence[Sequence[str]], vectors: Vectors
    ) -> Scored:
        """What m texts, at least one, score; `stems` are theirs, `vectors` has shape (m, d)."""
        scored = library_scores(self.corpus, self.head.logits(vectors), stems, vectors)
        if self.taught is None:
            return scored
        return replace(scored, taught=self.taught.scores(texts, vectors))

    def chances(self, scored: Scored, may: Truths | None = None) -> Chances:
        """What m texts are about; see `Calibration.chances` and `Tuning.chances`."""
        policies = self.corpus.policies
        library = self.calibration.chances(scored, policies, may)
        if self.taught is None:
            return library
        return self.taught.tuning.chances(scored, library, self.taught.positions, policies, may)

    def is_unsure(self, policy: str, probability: float, fits: float) -> bool:
        """Whether an answer of this policy, the best one, is to be abstained from."""
        if self.taught is not None:
            pairs = self.corpus.pairs
            if any(pairs[place].policy == policy for place in self.taught.positions.tolist()):
                return probability < self.taught.tuning.threshold
        return probability < self.calibration.threshold or fits < self.calibration.fits_threshold

    def save(self, folder: Path) -> None:
        """Write the index to a folder, whole or not at all.

        Raises:
            CannotWrite: no space or no permission.
        """
        corpus = self.corpus
        texts = {
            "pairs": [[pair.policy, pair.issue] for pair in corpus.pairs],
            "entries": [astuple(entry) for entry in corpus.entries],
            "stems": list(corpus.lexicon.rows),
            "calibration": asdict(self.calibration),
            "tuning": asdict(self.taught.tuning) if self.taught else None,
        }
        arrays: dict[str, npt.NDArray[Any]] = {
            "head_weights": self.head.weights,
            "head_bias": self.head.bias,
            "centres": corpus.centres,
            "lexicon_starts": corpus.lexicon.starts,
            "lexicon_texts": corpus.lexicon.texts,
            "lexicon_scores": corpus.lexicon.scores,
            **_scan_arrays(corpus.scan),
            **(self.taught.arrays() if self.taught else {}),
        }
        manifest = {"format": FORMAT, "identity": self.identity, "encoder": self.encoder}
        with whole_folder(folder, manifest) as draft:
            (draft / _TEXTS).write_text(json.dumps(texts, ensure_ascii=False), encoding="utf-8")
            np.savez(draft / _ARRAYS, allow_pickle=False, **arrays)
            np.save(draft / _VECTORS, corpus.vectors, allow_pickle=False)
            if corpus.scan:
                corpus.scan.save(draft / _SCAN, corpus.vectors)

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
        except Exception as error:  # onnxruntime raises bare Exception and many others
            raise ArtefactDamaged(f"{folder} holds no index: {WAY_OUT}") from error


def identity_of(
    policies: Sequence[Policy],
    issues: Mapping[str, Issue],
    encoder: str,
    learned: Learned | None = None,
) -> str:
    """The hash that an index of just this has, as 64 hexadecimal digits."""
    pairs = [[policy.id, list(policy.issues)] for policy in policies]
    entries = [astuple(entry) for entry in entries_of(policies, issues)]
    content = [FORMAT, encoder, pairs, entries, learned.identity if learned else None]
    text = json.dumps(content, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _read(folder: Path, manifest: Mapping[str, Any]) -> PolicyIndex:
    texts, vectors = _texts_and_vectors(folder)
    pairs = tuple(Pair(*pair) for pair in texts["pairs"])
    entries = _entries(texts)
    with np.load(folder / _ARRAYS, allow_pickle=False) as arrays:
        head = Head(arrays["head_weights"], arrays["head_bias"])
        tuning = texts["tuning"]
        taught = Taught.of_arrays(arrays, Tuning(**tuning)) if tuning else None
        lexicon = Lexicon(
            rows={stem: row for row, stem in enumerate(texts["stems"])},
            starts=arrays["lexicon_starts"],
            texts=arrays["lexicon_texts"],
            scores=arrays["lexicon_scores"],
            size=len(entries),
        )
        centres = arrays["centres"]
        scan = None
        if _SCAN in manifest["files"]:
            scan = Scan.load(folder / _SCAN, arrays["scan_steps"], float(arrays["scan_fault"]))
    return PolicyIndex(
        identity=str(manifest["identity"]),
        encoder=str(manifest["encoder"]),
        corpus=Corpus.assembled(pairs, entries, vectors, lexicon, centres, scan),
        head=head,
        calibration=Calibration(**texts["calibration"]),
        taught=taught,
    )


def _scan_arrays(scan: Scan | None) -> dict[str, npt.NDArray[Any]]:
    return {"scan_steps": scan.steps, "scan_fault": np.array(scan.fault)} if scan else {}


def _entries(texts: Any) -> tuple[Entry, ...]:
    return tuple(Entry(Kind(kind), *rest) for kind, *rest in texts["entries"])


def _texts_and_vectors(folder: Path) -> tuple[Any, Vectors]:
    """What is written of an index as JSON, and its vectors: memory-mapped if they are many."""
    texts = json.loads((folder / _TEXTS).read_text(encoding="utf-8"))
    are_many = len(texts["entries"]) >= FROM
    vectors = np.load(folder / _VECTORS, mmap_mode="r" if are_many else None, allow_pickle=False)
    # As a plain array: numpy's own class for files takes time with every part that is read.
    return texts, np.asarray(vectors)


def _known_vectors(folder: Path, encoder: str) -> dict[str, npt.NDArray[np.float32]]:
    """Vectors by text, of the newest index in the folder that is of the same encoder."""
    for path in _newest_first(folder):
        with suppress(ArtefactMissing, ArtefactDamaged, OSError, ValueError, KeyError):
            manifest = checked_manifest(path, remedy=WAY_OUT)
            if (manifest.get("format"), manifest.get("encoder")) == (FORMAT, encoder):
                texts, vectors = _texts_and_vectors(path)
                said = (entry.compared for entry in _entries(texts))
                return dict(zip(said, vectors, strict=True))
    return {}


def _newest_first(folder: Path) -> list[Path]:
    """The indexes of a folder."""
    written = []
    for path in folder.glob("[0-9a-f]" * _NAME_LENGTH):
        # Another process may be tidying up as well.
        with suppress(OSError):
            written.append((path.stat().st_mtime_ns, path))
    return [path for _, path in sorted(written, reverse=True)]
