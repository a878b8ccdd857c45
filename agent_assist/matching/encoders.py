"""Texts to vectors: the interface, and the exported model that serves it without torch."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol, TypeAlias

import numpy as np
import numpy.typing as npt
import onnxruntime
from tokenizers import Tokenizer

from agent_assist.matching.artefacts import ArtefactDamaged, checked_manifest

Vectors: TypeAlias = npt.NDArray[np.float32]
"""Shape (n, d), each row of length 1, or 0 for a text without a word."""

MODEL = "model.onnx"
TOKENIZER = "tokenizer.json"
WAY_OUT = "run `agent-assist setup`"
_BATCH_TOKENS = 2048
_SEVERITY_ERROR = 3


class Encoder(Protocol):
    """Turns texts into vectors whose cosine says how alike they are in meaning.

    Attributes:
        name: stable identity, of model and weights; vectors of other names do not compare.
        dimension: d of the vectors.
    """

    @property
    def name(self) -> str: ...  # noqa: D102

    @property
    def dimension(self) -> int: ...  # noqa: D102

    def encode(self, texts: Sequence[str]) -> Vectors:
        """The vectors of n texts, shape (n, d), in their order; rows have length 1."""
        ...


class OnnxEncoder:
    """An exported encoder on onnxruntime; safe to use from several threads."""

    def __init__(
        self,
        session: onnxruntime.InferenceSession,
        tokenizer: Tokenizer,
        *,
        name: str,
        dimension: int,
    ) -> None:
        self.name = name
        self.dimension = dimension
        self._session = session
        self._tokenizer = tokenizer
        self._inputs = frozenset(one.name for one in session.get_inputs())

    @classmethod
    def load(cls, folder: Path, threads: int = 1) -> "OnnxEncoder":
        """The encoder that was exported to a folder.

        A call takes `threads` threads: onnxruntime would count the host's cores, not ours.

        Raises:
            ArtefactMissing: nothing was exported there.
            ArtefactDamaged: a file is not the one that was exported.
        """
        manifest = checked_manifest(folder, remedy=WAY_OUT)
        try:
            # The hash of the very file: vectors of another export must never be compared.
            name = f"{manifest['name']}@{manifest['files'][MODEL][:12]}"
            return cls.open(folder, manifest | {"name": name}, threads)
        except Exception as error:  # the libraries raise bare Exception and many others
            raise ArtefactDamaged(f"{folder} holds no encoder: {WAY_OUT}") from error

    @classmethod
    def open(cls, folder: Path, manifest: Mapping[str, Any], threads: int = 1) -> "OnnxEncoder":
        """The encoder in a folder that needs no check, because it was written just now."""
        tokenizer = Tokenizer.from_file(str(folder / TOKENIZER))
        tokenizer.no_padding()
        tokenizer.enable_truncation(int(manifest["max_tokens"]))
        session = onnxruntime.InferenceSession(
            str(folder / MODEL), _options(threads), providers=["CPUExecutionProvider"]
        )
        return cls(
            session, tokenizer, name=str(manifest["name"]), dimension=int(manifest["dimension"])
        )

    def encode(self, texts: Sequence[str]) -> Vectors:
        """The vectors of n texts, shape (n, d), in their order.

        Texts are cut at the model's limit; texts of like length share a batch, so that little
        is spent on padding.
        """
        vectors = np.zeros((len(texts), self.dimension), np.float32)
        # One by one: the tokenizer's own batches start a pool of threads in every process.
        tokens = [self._tokenizer.encode(text).ids for text in texts]
        for batch in _batches([len(ids) for ids in tokens]):
            vectors[batch] = self._run([tokens[index] for index in batch])
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        np.divide(vectors, lengths, out=vectors, where=lengths > 0)
        return vectors

    def _run(self, batch: Sequence[Sequence[int]]) -> Vectors:
        width = max(map(len, batch))
        ids = np.zeros((len(batch), width), np.int64)
        mask = np.zeros_like(ids)
        for row, tokens in enumerate(batch):
            ids[row, : len(tokens)] = tokens
            mask[row, : len(tokens)] = 1
        feed = {"input_ids": ids, "attention_mask": mask}
        if "token_type_ids" in self._inputs:
            feed["token_type_ids"] = np.zeros_like(ids)
        vectors: Vectors = np.asarray(self._session.run(None, feed)[0], np.float32)
        return vectors


def _options(threads: int) -> Any:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = _SEVERITY_ERROR
    # Waiting threads must not burn the core that the next request needs.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    # The arena keeps the largest batch ever seen; one question needs a few hundred kilobytes.
    options.enable_cpu_mem_arena = False
    return options


def _batches(lengths: Sequence[int]) -> Iterator[list[int]]:
    """Positions by length, in batches whose padded size stays under the limit."""
    batch: list[int] = []
    for index in sorted(range(len(lengths)), key=lengths.__getitem__):
        if batch and (len(batch) + 1) * lengths[index] > _BATCH_TOKENS:
            yield batch
            batch = []
        batch.append(index)
    if batch:
        yield batch
