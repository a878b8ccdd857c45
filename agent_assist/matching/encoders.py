"""Texts to vectors: the interface, and the exported model that serves it without torch."""

from collections.abc import Mapping, Sequence
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
            str(folder / MODEL), session_options(threads), providers=["CPUExecutionProvider"]
        )
        return cls(
            session, tokenizer, name=str(manifest["name"]), dimension=int(manifest["dimension"])
        )

    def encode(self, texts: Sequence[str]) -> Vectors:
        """The vectors of n texts, shape (n, d), in their order; texts are cut at the model's limit.

        They are run one by one: 8-bit activations are scaled by the whole batch, so that in a
        batch the vector of a text would depend on its neighbours (cosine 0.96 at the worst).
        """
        vectors = np.zeros((len(texts), self.dimension), np.float32)
        for row, text in enumerate(texts):
            vectors[row] = self._run(self._tokenizer.encode(text).ids)
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        np.divide(vectors, lengths, out=vectors, where=lengths > 0)
        return vectors

    def _run(self, tokens: Sequence[int]) -> Vectors:
        ids = np.array([tokens], np.int64)
        feed = {"input_ids": ids, "attention_mask": np.ones_like(ids)}
        if "token_type_ids" in self._inputs:
            feed["token_type_ids"] = np.zeros_like(ids)
        vector: Vectors = self._session.run(None, feed)[0][0]
        return vector


def session_options(threads: int) -> Any:
    """How a session of onnxruntime runs that takes some threads."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = _SEVERITY_ERROR
    # Waiting threads must not burn the core that the next request needs.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    # The arena keeps what the longest text ever seen took; one question needs far less.
    options.enable_cpu_mem_arena = False
    return options
