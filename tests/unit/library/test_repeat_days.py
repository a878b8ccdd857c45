"""Within how many days another contact is a repeat: the library's number, or the issue's own."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from agent_assist.library.faults import LibraryFaulty
from agent_assist.library.folder import library_files, read_library, write_library

Change = Callable[[str, str, str], None]
ZONE = 'time_zone = "Europe/Berlin"\n'


def test_an_issue_has_its_own_days_or_the_librarys(
    folder: Path, change: Change, tmp_path: Path
) -> None:
    change("library.toml", ZONE, ZONE + "repeat_days = 7\n")
    change("issues.toml", "cause =", "repeat_days = 365\ncause =")
    library = read_library(folder)
    write_library(library_files(library), tmp_path / "out")

    for vocabulary in (library.vocabulary, read_library(tmp_path / "out").vocabulary):
        own = next(iter(vocabulary.issues))
        assert vocabulary.repeat_window(own) == timedelta(days=365)
        assert vocabulary.repeat_window("gone") == timedelta(days=7)


def test_a_library_that_says_nothing_means_two_weeks(folder: Path) -> None:
    assert read_library(folder).vocabulary.repeat_window("any") == timedelta(days=14)


@pytest.mark.parametrize("days", ["0", "-1", "366", "true", '"14"', "1.5"])
@pytest.mark.parametrize(
    ("name", "before"), [("library.toml", ZONE), ("issues.toml", '"process"\n')]
)
def test_days_out_of_reach_are_a_fault_where_they_stand(
    folder: Path, change: Change, name: str, before: str, days: str
) -> None:
    change(name, before, f"{before}repeat_days = {days}\n")

    with pytest.raises(LibraryFaulty) as raised:
        read_library(folder)

    faults = raised.value.faults
    assert [(one.place.file, one.place.key.split(".")[-1]) for one in faults] == [
        (name, "repeat_days")
    ]
    assert all(one.place.line for one in faults)
