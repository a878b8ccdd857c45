"""Files that nobody vouches for: capped, UTF-8, inside their folder, nothing hidden in them."""

import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Protocol

from agent_assist.library.faults import Faults, Place

MAX_BYTES = 5_000_000
MAX_FILES = 5_000
_SUFFIXES = frozenset({".csv", ".md", ".toml", ".xlsx"})
# Control characters but tab, newline and carriage return, halves of characters, and whatever
# reorders or hides text: an amount must read the same to a person and to the machine.
_HIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u115f\u1160\u180e\u200b-\u200f\u2028-\u202e"
    "\u2060-\u206f\u3164\ud800-\udfff\ufeff\ufff0-\ufffb\U000e0000-\U000e0fff]"
)


class Folder(Protocol):
    """Where the files of a library come from."""

    def names(self) -> Sequence[str]:
        """Every file, by its path inside the folder with `/`, in order."""

    def links(self) -> Sequence[str]:
        """Every link that leads to no file, by its path as in `names`; nobody follows them."""

    def closed(self) -> Sequence[str]:
        """Every folder that may not be listed or entered, by its path as in `names`."""

    def read(self, name: str) -> bytes:
        """A file's bytes.

        Raises:
            FileNotFoundError: there is no such file.
            OSError: it cannot be read, is too large, or leads outside the folder.
        """


class DiskFolder:
    """A folder on disk."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def names(self) -> Sequence[str]:
        """Every file, and what is only called like one; hidden ones and their folders left out."""
        return self._visible(path for path in self._paths() if _is_file(path) or _seems_one(path))

    def links(self) -> Sequence[str]:
        """Links to folders and to nothing, hidden ones left out."""
        paths = self._paths()
        return self._visible(path for path in paths if path.is_symlink() and not _is_file(path))

    def closed(self) -> Sequence[str]:
        """Folders that may not be listed or entered, hidden ones left out."""
        real = (path for path in self._paths() if not path.is_symlink())
        return self._visible(path for path in real if path.is_dir() and not _is_open(path))

    def read(self, name: str) -> bytes:
        """A file's bytes; see `Folder`."""
        path = self.root / name
        if not real(path).is_relative_to(real(self.root)):
            raise OSError(None, "it leads outside the library; replace the link by the file")
        if not path.is_file() and path.exists():
            raise OSError(None, "it is not a file")
        # Never more than may be parsed, whatever size it says it has.
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
        if len(data) > MAX_BYTES:
            raise OSError(None, f"it is larger than {MAX_BYTES:,} bytes; split it")
        return data

    def _paths(self) -> Iterator[Path]:
        """Everything in the folder and in those inside that may be looked into."""
        for at, folders, files in os.walk(self.root) if _is_open(self.root) else ():
            inside = Path(at)
            yield from (inside / name for name in (*folders, *files))
            folders[:] = [name for name in folders if _is_open(inside / name)]

    def _visible(self, paths: Iterable[Path]) -> list[str]:
        inside = (path.relative_to(self.root) for path in paths)
        visible = (path for path in inside if not any(part.startswith(".") for part in path.parts))
        return sorted(path.as_posix() for path in visible)


def real(path: Path) -> Path:
    """The path with its links followed; OSError if they lead in a circle."""
    try:
        return path.resolve()
    except RuntimeError as error:
        raise OSError(None, "its links lead in a circle") from error


def _is_open(folder: Path) -> bool:
    return os.access(folder, os.R_OK | os.X_OK)


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except PermissionError:  # a link into a folder that may not be entered
        return False


def _seems_one(path: Path) -> bool:
    """Whether somebody may count on a file that is none: a pipe, or a folder with a file's name."""
    return not path.is_symlink() and (not path.is_dir() or path.suffix in _SUFFIXES)


class TextFolder:
    """A folder in memory: texts by name."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self.texts = texts

    def names(self) -> Sequence[str]:
        """Every name, in order."""
        return sorted(self.texts)

    def links(self) -> Sequence[str]:
        """None: texts are not links."""
        return ()

    def closed(self) -> Sequence[str]:
        """None: there are no folders."""
        return ()

    def read(self, name: str) -> bytes:
        """A text's bytes; see `Folder`."""
        if name not in self.texts:
            raise FileNotFoundError(name)
        return self.texts[name].encode()


class OneFile:
    """A folder in memory with one file."""

    def __init__(self, name: str, data: bytes) -> None:
        self.name = name
        self.data = data

    def names(self) -> Sequence[str]:
        """Its name."""
        return [self.name]

    def links(self) -> Sequence[str]:
        """None: bytes are no link."""
        return ()

    def closed(self) -> Sequence[str]:
        """None: there are no folders."""
        return ()

    def read(self, name: str) -> bytes:
        """The file's bytes; see `Folder`."""
        if name != self.name:
            raise FileNotFoundError(name)
        return self.data


def note_unseen(folder: Folder, faults: Faults) -> None:
    """Note every link and folder whose files would be missing without a word."""
    for name in folder.links():
        message = "is a link; replace it by the folder or file itself"
        faults.add(Place(name), "link", message)
    for name in folder.closed():
        message = "cannot be read: allow the user that runs this to list and enter the folder"
        faults.add(Place(name), "unreadable", message)


def read_text(folder: Folder, name: str, faults: Faults) -> str | None:
    """The text of a file, or None with a fault noted; nothing is hidden in it."""
    text = read_utf8(folder, name, faults)
    return text if text is not None and _is_clean(text, name, faults) else None


def read_utf8(folder: Folder, name: str, faults: Faults) -> str | None:
    """The text of a file, or None with a fault noted. A leading byte-order mark is dropped.

    Whoever reads it must look for hidden characters.
    """
    data = read_bytes(folder, name, faults)
    if data is None:
        return None
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        faults.add(Place(name, line), "not_utf8", "is not UTF-8; save the file as UTF-8")
        return None
    return text.replace("\r\n", "\n")


def read_bytes(folder: Folder, name: str, faults: Faults) -> bytes | None:
    """The bytes of a file, or None with a fault noted."""
    try:
        return folder.read(name)
    except FileNotFoundError:
        faults.add(Place(name), "missing_file", "is missing; a library needs it")
    except OSError as error:
        faults.add(Place(name), "unreadable", f"cannot be read: {error.strerror}")
    return None


def hidden_character(text: str) -> str | None:
    """The name of the first character nobody can see, such as `U+202E`; None if there is none."""
    found = _HIDDEN.search(text)
    return f"U+{ord(found[0]):04X}" if found else None


def _is_clean(text: str, name: str, faults: Faults) -> bool:
    found = _HIDDEN.search(text)
    if found is None:
        return True
    line = text[: found.start()].count("\n") + 1
    faults.add(
        Place(name, line),
        "hidden_character",
        f"holds U+{ord(found[0]):04X}, which nobody can see; remove it",
    )
    return False
