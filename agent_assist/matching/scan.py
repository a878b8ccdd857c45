"""Very many vectors in 7 bits: so a quarter of the memory is read to search all of them."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnxruntime

from agent_assist.matching.encoders import Vectors, session_options

FROM = 10_000
"""Vectors from which on a scan is worth it: below, multiplying them all takes a millisecond."""

_MOST = 63
"""Of a number in 7 bits: with 8, older processors add up products in too small a register."""

_ASKED_MOST = 127
_ASKED_ZERO = 128
_OPERATIONS = 13
_FORMAT = 8
_BLOCK = 8_192


@dataclass(frozen=True, slots=True)
class Scan:
    """The cosines of a vector to n others of length 1, roughly.

    Attributes:
        steps: shape (n,), what 1 of the 7-bit numbers of each vector is worth.
        fault: the distance of none of the vectors from what its 7-bit numbers say is longer.
        session: multiplies the 7-bit numbers, which it holds.
    """

    steps: npt.NDArray[np.float32]
    fault: float
    session: onnxruntime.InferenceSession

    @classmethod
    def build(cls, vectors: Vectors) -> "Scan":
        """The scan of n vectors, shape (n, d), n and d at least 1."""
        steps = _steps(vectors)
        return cls(steps, _fault(vectors, steps), _session(_model(vectors, steps)))

    @classmethod
    def load(cls, path: Path, steps: npt.NDArray[np.float32], fault: float) -> "Scan":
        """What `save` wrote; whatever onnxruntime raises if that is no model."""
        return cls(steps, fault, _session(str(path)))

    def save(self, path: Path, vectors: Vectors) -> None:
        """Write it; `vectors` are those that it was built of. OSError if that fails."""
        path.write_bytes(_model(vectors, self.steps))

    def cosines(self, vector: npt.NDArray[np.float32]) -> tuple[npt.NDArray[np.float32], float]:
        """The cosine of a vector, shape (d,), to each of the n, shape (n,), and how far off.

        None of them is off by more than that.
        """
        step = max(float(np.abs(vector).max()), 1e-9) / _ASKED_MOST
        asked = np.round(vector / step)
        numbers = (asked + _ASKED_ZERO).astype(np.uint8)
        products = self.session.run(None, {"asked": numbers[None]})[0][0]
        cosines: npt.NDArray[np.float32] = products.astype(np.float32)
        cosines *= self.steps * np.float32(step)
        # By how much either vector is not what is multiplied, times the length of the other.
        fault = float(np.linalg.norm(vector - asked * step))
        length = float(np.linalg.norm(vector))
        return cosines, self.fault * length + fault * (1 + self.fault)


def _steps(vectors: Vectors) -> npt.NDArray[np.float32]:
    largest = [np.abs(vectors[at : at + _BLOCK]).max(axis=1) for at in _blocks(vectors)]
    steps: npt.NDArray[np.float32] = np.maximum(np.concatenate(largest), 1e-9) / np.float32(_MOST)
    return steps


def _fault(vectors: Vectors, steps: npt.NDArray[np.float32]) -> float:
    faults = []
    for at in _blocks(vectors):
        block = slice(at, at + _BLOCK)
        said = np.round(vectors[block] / steps[block, None]) * steps[block, None]
        faults.append(np.linalg.norm(vectors[block] - said, axis=1).max())
    return float(max(faults))


def _blocks(vectors: Vectors) -> range:
    return range(0, len(vectors), _BLOCK)


def _model(vectors: Vectors, steps: npt.NDArray[np.float32]) -> bytes:
    """One multiplication of what is asked with all vectors, as a model of onnxruntime."""
    from onnx import TensorProto, helper  # noqa: PLC0415 - only building needs it

    count, dimension = vectors.shape
    numbers = np.empty((dimension, count), np.int8)
    for at in _blocks(vectors):
        block = slice(at, at + _BLOCK)
        numbers[:, block] = np.round(vectors[block] / steps[block, None]).T
    asked = helper.make_tensor_value_info("asked", TensorProto.UINT8, [1, dimension])
    products = helper.make_tensor_value_info("products", TensorProto.INT32, [1, count])
    graph = helper.make_graph(
        [helper.make_node("MatMulInteger", ["asked", "numbers", "zero"], ["products"])],
        "scan",
        [asked],
        [products],
        [
            helper.make_tensor("numbers", TensorProto.INT8, numbers.shape, numbers.tobytes(), True),
            helper.make_tensor("zero", TensorProto.UINT8, [], [_ASKED_ZERO]),
        ],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", _OPERATIONS)])
    model.ir_version = _FORMAT
    written: bytes = model.SerializeToString()
    return written


def _session(model: Any) -> onnxruntime.InferenceSession:
    return onnxruntime.InferenceSession(
        model, session_options(1), providers=["CPUExecutionProvider"]
    )
