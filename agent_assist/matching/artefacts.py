"""Folders of arrays and JSON, whole or not there: hashed, and checked before they are parsed."""

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from agent_assist.core.errors import NotReady, SetupRefused

MANIFEST = "manifest.json"
SEAL = "manifest.sha256"
"""The hash of the manifest itself; folders made by older versions have none."""

MAX_MANIFEST_BYTES = 100_000
_CHUNK = 1 << 20


class ArtefactMissing(NotReady):
    """A built folder is not there."""

    code = "artefact_missing"


class ArtefactDamaged(NotReady):
    """A built folder is there, but is not what was written."""

    code = "artefact_damaged"


class CannotWrite(SetupRefused):
    """A folder could not be written; what was there before is untouched."""

    code = "cannot_write"


def sha256(path: Path) -> str:
    """The hash of a file's bytes, as 64 hexadecimal digits."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


@contextmanager
def whole_folder(target: Path, manifest: Mapping[str, Any]) -> Iterator[Path]:
    """A temporary folder that becomes `target`, with a manifest of hashes, if the block succeeds.

    Args:
        target: replaced if it is there.
        manifest: what is written beside the hashes, which are its key `files`.

    Raises:
        CannotWrite: no space, no permission, a file where a folder should be.
    """
    draft: Path | None = None
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        draft = Path(tempfile.mkdtemp(prefix=f".{target.name}.", dir=target.parent))
        yield draft
        _seal(draft, manifest)
        _put(draft, target)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise CannotWrite(
            f"{target} cannot be written ({reason}): free some space or set another folder, "
            "then run the command again"
        ) from error
    finally:
        if draft is not None:
            shutil.rmtree(draft, ignore_errors=True)


def checked_manifest(folder: Path, *, remedy: str) -> dict[str, Any]:
    """The manifest of a folder whose files all have the hashes it states.

    `remedy` ends the message of an error with the way out.

    Raises:
        ArtefactMissing: there is no such folder.
        ArtefactDamaged: a file is missing, changed or cut short.
    """
    manifest = read_manifest(folder, remedy=remedy)
    for name, expected in manifest["files"].items():
        path = folder / name
        if not path.is_file():
            raise ArtefactDamaged(f"{path} is missing: {remedy}")
        if sha256(path) != expected:
            raise ArtefactDamaged(f"{path} is not the file that was built: {remedy}")
    return manifest


def read_manifest(folder: Path, *, remedy: str) -> dict[str, Any]:
    """The manifest of a folder, whose other files may be anything; errors as `checked_manifest`."""
    if not folder.is_dir():
        raise ArtefactMissing(f"{folder} is not there: {remedy}")
    path = folder / MANIFEST
    damaged = ArtefactDamaged(f"{path} cannot be read: {remedy}")
    try:
        if path.stat().st_size > MAX_MANIFEST_BYTES:
            raise damaged
        content = path.read_bytes()
        seal = folder / SEAL
        if seal.is_file() and seal.read_bytes() != _seal_of(content):
            raise damaged
        manifest = json.loads(content)
    except (OSError, ValueError, RecursionError) as error:
        raise damaged from error
    files = manifest.get("files") if isinstance(manifest, dict) else None
    if not isinstance(files, dict) or not files or not all(map(_is_plain, files)):
        raise damaged
    return dict(manifest)


def _is_plain(name: str) -> bool:
    """True for a file of the folder itself: a manifest cannot point elsewhere."""
    return Path(name).name == name


def _seal(draft: Path, manifest: Mapping[str, Any]) -> None:
    names = sorted(path.name for path in draft.iterdir())
    content = dict(manifest) | {"files": {name: sha256(draft / name) for name in names}}
    text = json.dumps(content, indent=2, sort_keys=True, ensure_ascii=False)
    sealed = f"{text}\n".encode()
    (draft / MANIFEST).write_bytes(sealed)
    (draft / SEAL).write_bytes(_seal_of(sealed))
    draft.chmod(0o755)
    for path in draft.iterdir():
        with path.open("rb+") as file:
            os.fsync(file.fileno())


def _seal_of(manifest: bytes) -> bytes:
    return f"{hashlib.sha256(manifest).hexdigest()}\n".encode()


def _put(draft: Path, target: Path) -> None:
    if target.is_dir():
        old = Path(tempfile.mkdtemp(prefix=f".{target.name}.old.", dir=target.parent))
        target.rename(old / "was")
        draft.rename(target)
        shutil.rmtree(old, ignore_errors=True)
    else:
        draft.rename(target)
