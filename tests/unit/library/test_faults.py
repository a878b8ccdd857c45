"""Every fault of a folder is named by file and line or cell, and all of them at once."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from agent_assist.library.faults import LibraryFaulty
from agent_assist.library.folder import read_library

Change = Callable[[str, str, str], None]


def faults_of(folder: Path) -> set[tuple[str, str, str]]:
    with pytest.raises(LibraryFaulty) as raised:
        read_library(folder)
    return {
        (fault.place.file, fault.place.cell or str(fault.place.line), fault.code)
        for fault in raised.value.faults
    }


def test_the_faultless_folder_is_read(folder: Path) -> None:
    library = read_library(folder)

    assert [row.key for row in library.limits] == ["R1"]
    assert [policy.id for policy in library.policies] == ["fees/fee"]


def test_faults_of_the_vocabulary_are_all_reported_with_file_and_line(
    folder: Path, change: Change
) -> None:
    change("library.toml", 'resolved = { low = "0.1"', 'resolved = { low = "0.9"')
    change("issues.toml", 'cause = "process"', 'cause = "weather"')
    change("issues.toml", "[fee]", '[BIG]\nname = "x"\ncause = "process"\n[fee]')
    change("facts.toml", 'choices = ["basic", "plus"]', 'choices = ["basic"]')
    change("facts.toml", 'type = "money"', 'type = "cash"')
    change("facts.toml", 'ask = "How much?"', 'aks = "How much?"')
    change("remedies.toml", "reversible = true", 'reversible = "yes"')
    change("remedies.toml", 'kind = "goodwill"', 'kind = "gift"')

    found = faults_of(folder)

    assert found >= {
        ("issues.toml", "1", "bad_key"),
        ("issues.toml", "1", "missing_key"),
        ("issues.toml", "6", "unknown_choice"),
        ("facts.toml", "3", "too_few"),
        ("facts.toml", "8", "unknown_choice"),
        ("facts.toml", "10", "unknown_key"),
        ("facts.toml", "7", "missing_key"),
        ("remedies.toml", "3", "unknown_choice"),
        ("remedies.toml", "5", "wrong_type"),
        ("library.toml", "9", "bad_range"),
    }


def test_more_than_twenty_faults_of_sheets_and_policies_are_all_reported_with_their_places(
    folder: Path, change: Change
) -> None:
    rows = "\n".join(  # noqa: FLY002 - a row of the sheet on each line
        [
            "R1,fee,fee_waiver,allow,plus,,15.00,20.00,",  # the key is there twice
            "R 2,fee,fee_waiver,allow,,,15.00,20.00,",
            "R3,fees,fee_waiver,allow,,,15.00,20.00,",
            "R4,fee,refund,allow,,,15.00,20.00,",
            "R5,fee,fee_waiver,maybe,,,15.00,20.00,",
            "R6,fee,fee_waiver,allow,gold,,15.00,20.00,",
            "R7,fee,fee_waiver,allow,,50..20,15.00,20.00,",
            "R8,fee,fee_waiver,allow,,,-15.00,20.00,",
            "R9,fee,fee_waiver,allow,,,15.005,20.00,",
            "R10,fee,fee_waiver,allow,,,15%,20.00,",
            "R11,fee,fee_waiver,allow,,,50% of fee.total,20.00,",
            "R12,fee,fee_waiver,allow,,,50% of customer.tier,20.00,",
            "R13,fee,fee_waiver,deny,,,15.00,,",
            "R14,fee,fee_waiver,allow,,,,,",
            "R15,fee,fee_waiver,allow,,> > 10,15.00,20.00,",
        ]
    )
    with (folder / "limits.csv").open("a", encoding="utf-8") as sheet:
        sheet.write(rows + "\n")
    change("budgets.csv", "customer,90d", "planet,fortnight")
    change("budgets.csv", "80%", "180%")
    change("fee.md", "review_by: 2099-01-01", "review_by: soon")
    change("fee.md", "owner: fees-team", "boss: fees-team")
    change("fee.md", "issues: [fee]", "issues: [fees]")
    change("fee.md", "explanation_type: justification", "explanation_type: shrug")

    found = faults_of(folder)

    assert found == {
        ("limits.csv", "A3", "duplicate"),
        ("limits.csv", "A4", "bad_key"),
        ("limits.csv", "B5", "unknown_issue"),
        ("limits.csv", "C6", "unknown_remedy"),
        ("limits.csv", "D7", "unknown_choice"),
        ("limits.csv", "E8", "bad_cell"),
        ("limits.csv", "F9", "bad_cell"),
        ("limits.csv", "G10", "bad_cell"),
        ("limits.csv", "G11", "bad_cell"),
        ("limits.csv", "G12", "bad_cell"),
        ("limits.csv", "G13", "bad_cell"),
        ("limits.csv", "G14", "bad_cell"),
        ("limits.csv", "G15", "ceiling_on_deny"),
        ("limits.csv", "D16", "no_ceiling"),
        ("limits.csv", "F17", "bad_cell"),
        ("budgets.csv", "B2", "unknown_choice"),
        ("budgets.csv", "C2", "unknown_choice"),
        ("budgets.csv", "F2", "bad_cell"),
        ("fee.md", "7", "wrong_type"),
        ("fee.md", "6", "unknown_key"),
        ("fee.md", "1", "missing_key"),
        ("fee.md", "4", "unknown_issue"),
        ("fee.md", "5", "wrong_type"),
    }


@pytest.mark.parametrize(
    ("name", "old", "new", "code"),
    [
        ("library.toml", 'currency = "EUR"', 'currency = "XXX"', "unknown_currency"),
        ("library.toml", "Europe/Berlin", "Europe/Atlantis", "unknown_time_zone"),
        ("library.toml", "Europe/Berlin", "../../etc/passwd", "unknown_time_zone"),
        ("library.toml", 'name = "Small"', 'name = "Small', "bad_toml"),
        ("library.toml", 'key = "supervisor"', 'key = "rep"', "duplicate"),
        ("limits.csv", "ceiling.rep", "ceiling.boss", "unknown_column"),
        ("limits.csv", "row,issue", "row,isue", "missing_column"),
        ("limits.csv", "say\n", "customer.tier\n", "duplicate"),
        ("limits.csv", "Let me take it off.", '"Let me', "bad_csv"),
        ("limits.csv", "15.00,", "15.00,,,,,", "too_many_cells"),
        ("limits.csv", "15.00", "1\u202e5.00", "hidden_character"),
        ("fee.md", "---\nid", "id", "no_front_matter"),
        ("fee.md", "title: A fee", "title: &a A fee", "bad_yaml"),
        ("fee.md", "title: A fee", "title: !!python/name:os.system x", "bad_yaml"),
        ("fee.md", "title: A fee", "title: A fee\ntitle: B", "bad_yaml"),
        ("fee.md", "title: A fee", "title: [", "bad_yaml"),
        ("fee.md", "Let me explain.", "Let me <script>alert(1)</script> explain.", "html"),
        ("fee.md", "Let me explain.", "![x](http://example.org/t.png)", "html"),
        ("fee.md", "id: fees/fee", "id: ../fee", "wrong_type"),
        (
            "fee.md",
            "## Why\nBecause it costs us money to keep this going.\n",
            "",
            "missing_section",
        ),
        ("fee.md", "## Say", "Hello\n## Say", "outside_section"),
        ("fee.md", "Let me explain.", "Let me\x00 explain.", "hidden_character"),
    ],
)
def test_each_kind_of_fault_has_its_code(
    folder: Path, change: Change, name: str, old: str, new: str, code: str
) -> None:
    change(name, old, new)

    assert (name, code) in {(file, found) for file, _, found in faults_of(folder)}


@pytest.mark.parametrize("key", ["ceiling.rep", "amount.supervisor", "count.rep"])
def test_a_fact_is_not_named_like_a_column_of_the_sheets(
    folder: Path, change: Change, key: str
) -> None:
    fact = f'["{key}"]\ntype = "money"\nlabel = "L"\nask = "How much?"\n'
    change("facts.toml", '["fee.amount"]', fact + '["fee.amount"]')

    with pytest.raises(LibraryFaulty) as raised:
        read_library(folder)

    assert [(one.place.file, one.place.line, one.place.key) for one in raised.value.faults] == [
        ("facts.toml", 7, key)
    ]


def test_a_file_that_is_not_utf_8_is_named_with_its_line(folder: Path) -> None:
    (folder / "issues.toml").write_bytes(b'[fee]\nname = "Geb\xfchr"\n')

    assert ("issues.toml", "2", "not_utf8") in faults_of(folder)


def test_a_link_out_of_the_folder_is_refused(
    folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    outside = tmp_path_factory.mktemp("outside") / "secret.md"
    outside.write_text("secret", encoding="utf-8")
    (folder / "leak.md").symlink_to(outside)

    assert ("leak.md", "0", "unreadable") in faults_of(folder)


def test_an_oversized_file_is_refused_before_it_is_parsed(folder: Path) -> None:
    (folder / "fee.md").write_bytes(b"x" * 5_000_001)

    assert ("fee.md", "0", "unreadable") in faults_of(folder)


def test_missing_files_are_all_named(tmp_path: Path) -> None:
    assert {(file, code) for file, _, code in faults_of(tmp_path)} == {
        (name, "missing_file")
        for name in ("library.toml", "issues.toml", "facts.toml", "remedies.toml")
    }


@pytest.mark.parametrize(
    "name",
    ["fees/cash.MD", "fees/cash.markdown", "Limits.csv", "limit.csv", "budgets.ods", "x.toml"],
)
def test_a_file_whose_name_is_misspelt_is_never_left_out_in_silence(
    folder: Path, name: str
) -> None:
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).write_text("some", encoding="utf-8")

    assert {(file, code) for file, _, code in faults_of(folder)} == {(name, "unread_file")}


def test_other_files_may_stand_beside_the_library(folder: Path) -> None:
    for name in ("README.md", "LICENSE", "logo.png", "notes.txt"):
        (folder / name).write_text("some", encoding="utf-8")

    read_library(folder)


def test_a_link_to_a_folder_is_named_and_never_left_out_in_silence(
    folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    outside = tmp_path_factory.mktemp("outside")
    (outside / "more.md").write_text("more", encoding="utf-8")
    (folder / "cards").symlink_to(outside, target_is_directory=True)
    (folder / "gone.md").symlink_to(outside / "nothing.md")

    with pytest.raises(LibraryFaulty) as raised:
        read_library(folder)

    assert [str(fault) for fault in raised.value.faults] == [
        "cards: is a link; replace it by the folder or file itself [link]",
        "gone.md: is a link; replace it by the folder or file itself [link]",
    ]


@pytest.mark.parametrize(
    "tags",
    ["[" * 5000 + "]" * 5000, "[" * 5000, "[" + "x," * 5000 + "]", "{a: " * 5000 + "}" * 5000],
)
def test_deep_or_endless_yaml_is_refused_at_its_line_before_it_is_built(
    folder: Path, change: Change, tags: str
) -> None:
    change("fee.md", "sources: [Terms 1]\n", f"sources: [Terms 1]\ntags: {tags}\n")

    assert faults_of(folder) == {("fee.md", "9", "bad_yaml")}


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ('name = "Small"', "name = ", "bad_toml"),
        ('currency = "EUR"', 'currency = "XXX"', "unknown_currency"),
        ('likely = "2.00"', 'likely = "9.00"', "bad_range"),
    ],
)
def test_faulty_settings_hide_no_fault_of_other_files(
    folder: Path, change: Change, old: str, new: str, code: str
) -> None:
    change("library.toml", old, new)
    change("issues.toml", 'cause = "process"', 'cause = "weather"')
    change("fee.md", "review_by: 2099-01-01", "review_by: soon")

    found = {(file, found) for file, _, found in faults_of(folder)}

    assert found >= {
        ("library.toml", code),
        ("issues.toml", "unknown_choice"),
        ("fee.md", "wrong_type"),
    }


def test_settings_that_can_be_stood_in_for_hide_no_fault_of_a_sheet(
    folder: Path, change: Change
) -> None:
    change("library.toml", 'name = "Small"\n', "")
    change("limits.csv", "<= 50.00", "<= fifty")

    assert faults_of(folder) == {
        ("library.toml", "1", "missing_key"),
        ("limits.csv", "F2", "bad_cell"),
    }


@pytest.mark.parametrize("name", ["library.toml", "issues.toml", "facts.toml", "remedies.toml"])
def test_a_file_that_is_not_toml_is_one_fault_and_no_mention_of_its_keys_is_another(
    folder: Path, name: str
) -> None:
    with (folder / name).open("a", encoding="utf-8") as file:
        file.write("= broken\n")

    assert {(file, code) for file, _, code in faults_of(folder)} == {(name, "bad_toml")}


@pytest.mark.parametrize("name", ["issues.toml", "facts.toml", "remedies.toml"])
@pytest.mark.parametrize(
    ("text", "line", "code"),
    [
        ("", "1", "empty"),
        ("# nothing yet\n", "1", "empty"),
        ("# one\nfacts = 3\n", "2", "wrong_type"),
        ("# one\n\n[[facts]]\nlabel = 'x'\n", "3", "wrong_type"),
    ],
)
def test_a_file_that_holds_no_entry_is_one_fault_at_a_line_and_no_mention_of_one_is_another(
    folder: Path, name: str, text: str, line: str, code: str
) -> None:
    (folder / name).write_text(text, encoding="utf-8")

    assert faults_of(folder) == {(name, line, code)}


def test_a_fact_whose_header_lacks_its_quotes_is_one_fault_that_shows_how_it_is_written(
    folder: Path, change: Change
) -> None:
    change("facts.toml", '["customer.tier"]', "[customer.tier]")

    with pytest.raises(LibraryFaulty) as raised:
        read_library(folder)

    (fault,) = raised.value.faults
    assert str(fault.place) == "facts.toml:1 (customer)"
    assert 'write one as in ["customer.tier"]' in fault.message


@pytest.mark.parametrize(
    ("name", "old", "new", "code"),
    [
        ("issues.toml", 'cause = "process"', 'cause = "weather"', "unknown_choice"),
        ("facts.toml", 'type = "money"', 'type = "cash"', "unknown_choice"),
        ("remedies.toml", 'kind = "goodwill"', 'kind = "gift"', "unknown_choice"),
    ],
)
def test_no_mention_of_a_key_that_has_a_fault_is_another_fault(
    folder: Path, change: Change, name: str, old: str, new: str, code: str
) -> None:
    change(name, old, new)

    found = {(file, code) for file, _, code in faults_of(folder)}

    assert (name, code) in found
    assert {file for file, _ in found} == {name}


def test_a_misspelt_key_is_a_fault_even_beside_one_that_was_left_out(
    folder: Path, change: Change
) -> None:
    change("issues.toml", 'cause = "process"', 'cause = "weather"')
    change("limits.csv", "R1,fee,", "R1,fees,")
    change("facts.toml", 'type = "money"', 'type = "cash"')
    change("limits.csv", "customer.tier", "customer.teir")

    assert faults_of(folder) >= {
        ("limits.csv", "B2", "unknown_issue"),
        ("limits.csv", "1", "unknown_column"),
    }


def test_a_library_without_levels_is_told_so(folder: Path, change: Change) -> None:
    levels = '[{ key = "rep", label = "Rep" }, { key = "supervisor", label = "Supervisor" }]'
    change("library.toml", levels, "[]")

    assert faults_of(folder) == {("library.toml", "5", "empty")}


@pytest.mark.parametrize("day", ["20270331", "2027-W13-3", "2027W133", "2027-3-31"])
def test_a_day_is_written_in_one_way_only(folder: Path, change: Change, day: str) -> None:
    change("fee.md", "review_by: 2099-01-01", f"review_by: '{day}'")

    assert faults_of(folder) == {("fee.md", "7", "wrong_type")}


@pytest.mark.parametrize("body", ["", "just text\n", "### Say\n"])
def test_a_policy_without_a_section_hides_no_fault_of_others(folder: Path, body: str) -> None:
    (folder / "bare.md").write_text(f"---\nid: fees/bare\n---\n{body}")
    (folder / "none.md").write_text("nothing")

    assert faults_of(folder) >= {
        ("bare.md", "4", "missing_section"),
        ("none.md", "1", "no_front_matter"),
    }


def test_a_quote_that_nothing_closes_has_its_row_and_hides_no_fault_before_it(
    folder: Path, change: Change
) -> None:
    change("limits.csv", "allow", "perhaps")
    with (folder / "limits.csv").open("a") as sheet:
        sheet.write('R9,"open\n')

    assert {(where, code) for file, where, code in faults_of(folder) if file == "limits.csv"} >= {
        ("3", "bad_csv"),
        ("D2", "unknown_choice"),
    }


def test_what_is_called_like_a_file_and_is_none_is_never_left_out_in_silence(folder: Path) -> None:
    (folder / "folder.md").mkdir()
    os.mkfifo(folder / "pipe.md")

    found = {file for file, _, code in faults_of(folder) if code == "unreadable"}

    assert found == {"folder.md", "pipe.md"}
