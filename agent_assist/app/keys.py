"""Keys of this deployment: made at first use, kept in the data folder for its owner's eyes."""

import os
import secrets
from collections.abc import Callable
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from agent_assist.core.errors import SetupRefused

_PEPPER_BYTES = 32


def open_pepper(path: Path) -> bytes:
    """The secret that API keys are hashed with; made at first use."""
    pepper = _kept(path, lambda: secrets.token_bytes(_PEPPER_BYTES))
    if len(pepper) < _PEPPER_BYTES:
        raise SetupRefused(
            f"{path} is damaged: restore it from a backup, or remove it and make all API keys anew"
        )
    return pepper


def open_checkpoint_key(path: Path) -> Ed25519PrivateKey:
    """The key that checkpoints are signed with; made at first use."""
    try:
        key = load_pem_private_key(_kept(path, _new_checkpoint_key), password=None)
    except ValueError:
        key = None
    if not isinstance(key, Ed25519PrivateKey):
        raise SetupRefused(
            f"{path} is damaged: restore it from a backup, or move it and the checkpoints aside"
        )
    return key


def _new_checkpoint_key() -> bytes:
    return Ed25519PrivateKey.generate().private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
    )


def _kept(path: Path, make: Callable[[], bytes]) -> bytes:
    """A secret that is made at first use, for its owner's eyes only."""
    if not path.exists():
        # Written beside and linked into place, so that two processes agree on one secret.
        draft = path.with_name(f"{path.name}.{os.getpid()}")
        try:
            draft.touch(mode=0o600)
            draft.write_bytes(make())
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink(missing_ok=True)
    return path.read_bytes()
