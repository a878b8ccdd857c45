"""A whole library folder: read with every fault reported at once, and written back."""

import shutil
from collections.abc import Mapping
from pathlib import Path, PurePath
from secrets import token_hex

from agent_assist.core.library import Library
from agent_assist.core.suggestion import Versions
from agent_assist.library.budget_sheet import BUDGETS
from agent_assist.library.faults import Faults, LibraryFaulty, Place
from agent_assist.library.files import DiskFolder, Folder, note_unseen, real
from agent_assist.library.limit_sheet import LIMITS
from agent_assist.library.policy_files import file_name, policy_file, read_policies
from agent_assist.library.sheets import FORMATS, write_csv
from agent_assist.library.toml_files import read_toml
from agent_assist.library.vocabulary import VOCABULARY_FILES, read_vocabulary
from agent_assist.library.vocabulary_files import vocabulary_files

_LOOKS_LIKE_A_PART = frozenset(
    {".md", ".markdown", ".toml", ".csv", ".xls", ".xlsx", ".ods", ".json"}
)


def read_library(root: Path) -> Library:
    """The library of a folder on disk; errors as `parse_library`."""
    if not root.is_dir():
        raise _refusal(root, "no_folder", "is not a folder")
    return parse_library(DiskFolder(root))


def parse_library(folder: Folder) -> Library:
    """The library of a folder.

    Raises:
        LibraryFaulty: with every fault of the folder, by file and line or cell.
    """
    faults = Faults()
    vocabulary = read_vocabulary(folder, faults)
    if vocabulary is None:
        raise LibraryFaulty(faults.ordered())
    note_unseen(folder, faults)
    _note_unread(folder, faults)
    policies = read_policies(folder, vocabulary, faults)
    # Without a currency no amount can be read, and without levels no column of one.
    if not vocabulary.currency or not vocabulary.levels:
        raise LibraryFaulty(faults.ordered())
    limits = LIMITS.read(folder, vocabulary, faults)
    budgets = BUDGETS.read(folder, vocabulary, faults)
    if faults.items:
        raise LibraryFaulty(faults.ordered())
    return Library(vocabulary=vocabulary, policies=policies, limits=limits, budgets=budgets)


def _note_unread(folder: Folder, faults: Faults) -> None:
    """Note every file that looks like a part of the library and is none: its name is misspelt."""
    sheets = {f"{kind.stem}{ending}" for kind in (LIMITS, BUDGETS) for ending in FORMATS}
    for name in folder.names():
        looks_so = PurePath(name).suffix.lower() in _LOOKS_LIKE_A_PART
        if looks_so and not (name.endswith(".md") or name in sheets or name in VOCABULARY_FILES):
            message = (
                "is not read: policies are *.md, sheets limits and budgets (.csv, .xlsx or .json); "
                "rename it, or keep it elsewhere"
            )
            faults.add(Place(name), "unread_file", message)


def library_files(library: Library) -> Mapping[str, str]:
    """The texts of the folder that is read as the same library, by file name."""
    vocabulary = library.vocabulary
    files = dict(vocabulary_files(vocabulary))
    files["limits.csv"] = write_csv(*LIMITS.sheet(library.limits, vocabulary))
    files["budgets.csv"] = write_csv(*BUDGETS.sheet(library.budgets, vocabulary))
    for policy in library.policies:
        is_original = policy.locale == vocabulary.locale
        files[file_name(policy, vocabulary.locale)] = policy_file(policy, is_original=is_original)
    return files


def origin(root: Path) -> Versions | None:
    """The versions a folder was exported from, as its library.toml says; None if it does not."""
    faults = Faults()
    top = read_toml(DiskFolder(root), "library.toml", faults)
    table = top.take_table("based_on", required=False) if top else None
    if table is None:
        return None
    numbers = [table.take(kind, int) for kind in ("library", "limits", "budgets")]
    table.finish()
    if faults.items:
        raise LibraryFaulty(faults.ordered())
    return Versions(*numbers)


def with_origin(files: Mapping[str, str], versions: Versions) -> Mapping[str, str]:
    """The files, with a note of the versions they are, so that an import knows what it replaces."""
    note = (
        "\n# What this folder was exported from: an import checks that nothing newer is live.\n"
        f"[based_on]\nlibrary = {versions.library}\nlimits = {versions.limits}\n"
        f"budgets = {versions.budgets}\n"
    )
    return {**files, "library.toml": files["library.toml"] + note}


def write_library(files: Mapping[str, str], root: Path) -> None:
    """Write the texts into a new or empty folder: all of them, or none.

    Raises:
        LibraryFaulty: the folder has something in it already, or cannot be written, as when the
            disk is full; nothing is left of what was written.
    """
    try:
        _write_beside(files, real(root))
    except OSError as error:
        message = f"cannot be written: {error.strerror}; make room or name another folder"
        raise _refusal(root, "cannot_write", message) from error


def _write_beside(files: Mapping[str, str], root: Path) -> None:
    """Write into a hidden folder, which takes the target's name once all is written.

    A folder that is there stays itself, as it may be a mount or where the caller stands: the
    hidden one is then inside it, and what it holds moves up, which needs no room on the disk.
    """
    if root.exists() and (not root.is_dir() or any(root.iterdir())):
        raise _refusal(root, "not_empty", "is not an empty folder; name another or empty it first")
    is_there = root.exists()
    beside = (root if is_there else root.parent) / f".{root.name}.{token_hex(4)}"
    try:
        for name, text in files.items():
            path = beside / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="\n")
        for path in beside.iterdir() if is_there else ():
            path.replace(root / path.name)
        if not is_there:
            beside.replace(root)
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def _refusal(root: Path, code: str, message: str) -> LibraryFaulty:
    faults = Faults()
    faults.add(Place(str(root)), code, message)
    return LibraryFaulty(faults.ordered())
