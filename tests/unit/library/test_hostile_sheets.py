"""Sheets made to do harm are refused by cell, quickly, and nothing of them is kept."""

import io
import struct
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import xlsxwriter

from agent_assist.core.facts import FactType
from agent_assist.core.vocabulary import Vocabulary
from agent_assist.library.faults import MOST_FAULTS, Fault, Faults, LibraryFaulty
from agent_assist.library.limit_sheet import LIMITS
from agent_assist.library.sheets import MAX_COLUMNS, MAX_ROWS, Records, write_sheet
from agent_assist.library.sheets.records import Record
from tests.builders import a_fact, a_vocabulary

HEADER = ["row", "issue", "remedy", "effect", "fee.amount", "ceiling.rep", "say"]
GOOD = {
    "row": "R1",
    "issue": "fee",
    "remedy": "fee_waiver",
    "effect": "allow",
    "fee.amount": "",
    "ceiling.rep": "15.00",
    "say": "",
}


def faults_of(path: Path, vocabulary: Vocabulary | None = None) -> tuple[Fault, ...]:
    with pytest.raises(LibraryFaulty) as raised:
        LIMITS.read_file(path, vocabulary or a_vocabulary())
    return raised.value.faults


def codes_of(path: Path) -> set[str]:
    return {fault.code for fault in faults_of(path)}


def written(path: Path, **cells: str) -> Path:
    row = GOOD | {name.replace("__", "."): cell for name, cell in cells.items()}
    path.write_bytes(write_sheet(path.name, HEADER, [[row[column] for column in HEADER]]))
    return path


def workbook(path: Path, fill: Callable[[xlsxwriter.worksheet.Worksheet], None]) -> Path:
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, HEADER)
        fill(sheet)
    return path


@pytest.mark.parametrize("ending", ["csv", "json", "xlsx"])
@pytest.mark.parametrize(
    ("column", "cell"),
    [
        ("ceiling.rep", "-15.00"),
        ("ceiling.rep", "1e2"),
        ("ceiling.rep", "1,00"),
        ("ceiling.rep", "1.000,00"),
        ("ceiling.rep", "NaN"),
        ("ceiling.rep", "Infinity"),
        ("ceiling.rep", str(2**63)),
        ("ceiling.rep", "15.005"),
        ("ceiling.rep", "0x10"),
        ("ceiling.rep", "\u0661\u0665"),
        ("ceiling.rep", "\uff11\uff15"),
        ("ceiling.rep", "15.00 EUR"),
        ("ceiling.rep", "15%"),
        ("ceiling.rep", "2 days"),
        ("ceiling.rep", "100.00000000000001"),
        ("ceiling.rep", "50% of fee.disclosed"),
        ("ceiling.rep", "50% of fee.nowhere"),
        ("ceiling.rep", "1.00 per fee.amount"),
        ("ceiling.rep", "150000% of fee.amount"),
        ("ceiling.rep", "= 15.00"),
        ("fee.amount", "50..20"),
        ("fee.amount", "1..2..3"),
        ("fee.amount", ">= -1"),
        ("fee.amount", "> NaN"),
        ("row", "R\u200b1"),
        ("row", "\u202eR1"),
        ("row", "R\x7f1"),
        ("say", "up to \u202e00.51"),
        ("say", "a\U000e0041b"),
    ],
)
def test_a_trick_with_a_number_or_a_letter_is_a_fault_at_its_cell(
    tmp_path: Path, ending: str, column: str, cell: str
) -> None:
    path = tmp_path / f"limits.{ending}"
    written(path, **{column.replace(".", "__"): cell})
    address = f"/rows/0/{column}" if ending == "json" else f"{'ABCDEFG'[HEADER.index(column)]}2"

    assert address in {fault.place.cell for fault in faults_of(path)}


def test_decimals_of_a_currency_without_any_are_a_fault(tmp_path: Path) -> None:
    yen = replace(a_vocabulary(), currency="JPY")

    (fault,) = faults_of(written(tmp_path / "limits.csv"), yen)

    assert str(fault) == ("limits.csv:F2 (R1, ceiling.rep): JPY has 0 decimals, not 2 [bad_cell]")


def test_a_ceiling_in_the_unit_of_another_remedy_is_a_fault(tmp_path: Path) -> None:
    path = written(tmp_path / "limits.csv", remedy="courier_card", ceiling__rep="15.00")

    assert codes_of(path) == {"bad_cell"}


def test_a_percentage_where_money_is_given_is_told_what_it_lacks(tmp_path: Path) -> None:
    (fault,) = faults_of(written(tmp_path / "limits.csv", ceiling__rep="15%"))

    assert "as in `15% of fee.amount`" in fault.message


def test_a_range_that_no_value_lies_in_is_a_fault(tmp_path: Path) -> None:
    vocabulary = a_vocabulary()
    months = replace(a_fact("fee.amount", FactType.INTEGER), least=0, most=12)
    narrow = replace(vocabulary, facts={**vocabulary.facts, "fee.amount": months})

    assert faults_of(written(tmp_path / "limits.csv", fee__amount="> 12"), narrow)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('{"format": 1, "rows": [{"row": "R1", "row": "R2"}]}', "duplicate"),
        ('{"format": 1, "rows": [], "rows": []}', "bad_json"),
        ('{"format": 1, "rows": [], "more": 1}', "bad_json"),
        ('{"format": 2, "rows": []}', "unknown_format"),
        ('{"format": "1", "rows": []}', "unknown_format"),
        ('{"format": 1, "rows": {}}', "bad_json"),
        ('{"format": 1, "rows": [[]]}', "wrong_type"),
        ('{"format": 1, "rows": [{"ceiling.rep": 15.00}]}', "wrong_type"),
        ('{"format": 1, "rows": [{"ceiling.rep": NaN}]}', "wrong_type"),
        ('{"format": 1, "rows": [{"ceiling.rep": null}]}', "wrong_type"),
        ('{"format": 1, "rows": [{"say": "\\ud800"}]}', "hidden_character"),
        ('{"format": 1, "rows": [{"row": "R\\u0000"}]}', "hidden_character"),
        ('{"format": 1, "rows": [', "bad_json"),
        ("[" * 100_000, "bad_json"),
        ('{"format": 1, "rows": [' + '{"row":' * 50_000, "bad_json"),
        ("[]", "bad_json"),
        ("", "bad_json"),
        ('{"format": ' + "9" * 10_000 + ', "rows": []}', "unknown_format"),
    ],
)
def test_misshapen_json_is_told_what_is_wrong(tmp_path: Path, text: str, code: str) -> None:
    path = tmp_path / "limits.json"
    path.write_text(text, encoding="utf-8")

    assert code in codes_of(path)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        ("row,issue\n".encode("utf-16"), "not_utf8"),
        ("row,issue\n".encode("utf-16-le"), "hidden_character"),
        (b"row,issue\nR1,\xff\n", "not_utf8"),
        (b"row,issue\nR1,\x00\n", "hidden_character"),
        (b"row,row,issue\nR1,R1,fee\n", "duplicate"),
        (b"PK\x03\x04", "hidden_character"),
        (b"a," * 300 + b"b\n", "too_large"),
        (b'row,issue\n"' + b"x" * 200_000 + b'"\n', "bad_csv"),
        (b"a\n" * 1_000_000, "too_large"),
        (b"\n" * 1_000_000 + b"x\n", "too_large"),
        (b"a" * 5_000_001, "unreadable"),
    ],
)
def test_a_csv_that_is_none_or_too_large_is_refused(
    tmp_path: Path, content: bytes, code: str
) -> None:
    path = tmp_path / "limits.csv"
    path.write_bytes(content)

    assert code in codes_of(path)


def test_a_byte_order_mark_is_not_part_of_the_first_column(tmp_path: Path) -> None:
    path = written(tmp_path / "limits.csv")
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())

    assert [row.key for row in LIMITS.read_file(path, a_vocabulary())] == ["R1"]


def test_of_endless_faults_the_first_are_listed_and_the_rest_are_said_to_be_there(
    tmp_path: Path,
) -> None:
    path = tmp_path / "limits.csv"
    path.write_text("row,issue,remedy,effect\n" + "?,?,?,?\n" * 90_000, encoding="utf-8")

    faults = faults_of(path)

    assert len(faults) == MOST_FAULTS + 1
    assert "too_many_faults" in {fault.code for fault in faults}


def test_a_formula_and_an_error_in_a_workbook_are_faults_at_their_cells(tmp_path: Path) -> None:
    def fill(sheet: xlsxwriter.worksheet.Worksheet) -> None:
        sheet.write_row(1, 0, ["R1", "fee", "fee_waiver", "allow"])
        sheet.write_formula(1, 4, "=NA()", value="#N/A")
        sheet.write_formula(1, 5, "=10+5", value=15)

    path = workbook(tmp_path / "limits.xlsx", fill)

    assert {(fault.place.cell, fault.code) for fault in faults_of(path)} >= {
        ("E2", "not_a_value"),
        ("F2", "not_a_value"),
    }


def test_numbers_of_a_workbook_are_read_as_they_were_typed(tmp_path: Path) -> None:
    def fill(sheet: xlsxwriter.worksheet.Worksheet) -> None:
        sheet.write_row(2, 0, ["R1", "fee", "fee_waiver", "allow", 20, 15.5])

    (row,) = LIMITS.read_file(workbook(tmp_path / "limits.xlsx", fill), a_vocabulary())

    assert row.ceilings["rep"].evaluate({}) == 1550


def test_a_number_that_a_spreadsheet_does_not_keep_is_a_fault(tmp_path: Path) -> None:
    def fill(sheet: xlsxwriter.worksheet.Worksheet) -> None:
        sheet.write_row(1, 0, ["R1", "fee", "fee_waiver", "allow", "", 12345678901234.56])

    path = workbook(tmp_path / "limits.xlsx", fill)

    assert {fault.place.cell for fault in faults_of(path)} == {"F2"}


def repacked(path: Path, name: str, content: bytes) -> Path:
    """The workbook with one of its entries replaced."""
    with zipfile.ZipFile(path) as archive:
        entries = {one: archive.read(one) for one in archive.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for one, data in (entries | {name: content}).items():
            archive.writestr(one, data)
    return path


SHEET = "xl/worksheets/sheet1.xml"
OPEN = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
CLOSE = b"</sheetData></worksheet>"


@pytest.mark.parametrize(
    "sheet",
    [
        pytest.param(OPEN + b" " * 60_000_000 + CLOSE, id="unpacks to 60 MB"),
        pytest.param(
            OPEN
            + b'<row r="1"><c r="A1"><v>1</v></c></row>'
            + b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
            + CLOSE,
            id="two cells a world apart",
        ),
        pytest.param(
            b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">'
            + b"".join(b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(12))
            + b"]>"
            + OPEN
            + b'<row r="1"><c r="A1" t="str"><v>&m;</v></c></row>'
            + CLOSE,
            id="entities of entities",
        ),
        pytest.param(b"not xml", id="not XML"),
    ],
)
def test_a_workbook_made_to_exhaust_memory_is_refused(tmp_path: Path, sheet: bytes) -> None:
    path = repacked(written(tmp_path / "limits.xlsx"), SHEET, sheet)

    assert codes_of(path) <= {"too_large", "bad_xlsx"}


def test_a_workbook_that_lies_about_its_size_is_refused(tmp_path: Path) -> None:
    content = OPEN + b"<row/>" * 30_000_000 + CLOSE
    path = repacked(written(tmp_path / "limits.xlsx"), SHEET, content)
    data = bytearray(path.read_bytes())
    honest, lie = struct.pack("<I", len(content)), struct.pack("<I", 1000)
    while (at := data.find(honest)) >= 0:
        data[at : at + 4] = lie
    path.write_bytes(bytes(data))

    assert codes_of(path) <= {"too_large", "bad_xlsx"}


def test_a_workbook_of_one_long_text_in_every_cell_is_refused(tmp_path: Path) -> None:
    def fill(sheet: xlsxwriter.worksheet.Worksheet) -> None:
        for line in range(1, 300):
            sheet.write_row(line, 0, ["x" * 30_000] * 7)

    assert codes_of(workbook(tmp_path / "limits.xlsx", fill)) == {"too_large"}


def test_a_workbook_of_very_many_entries_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path / "limits.xlsx")
    with zipfile.ZipFile(path, "a") as archive:
        for number in range(200):
            archive.writestr(f"x{number}", b"")

    assert codes_of(path) == {"too_large"}


def _truncated(data: bytes) -> bytes:
    return data[: len(data) // 2]


def _no_workbook(_data: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
    return out.getvalue()


@pytest.mark.parametrize(
    "change",
    [
        _truncated,
        _no_workbook,
        pytest.param(lambda _: b"\xd0\xcf\x11\xe0" + b"\0" * 600, id="encrypted"),
        pytest.param(lambda _: b"row,issue\n", id="renamed"),
        pytest.param(lambda _: b"PK", id="two bytes"),
    ],
)
def test_a_file_that_is_no_workbook_is_told_so(
    tmp_path: Path, change: Callable[[bytes], bytes]
) -> None:
    path = written(tmp_path / "limits.xlsx")
    path.write_bytes(change(path.read_bytes()))

    assert codes_of(path) == {"bad_xlsx"}


def test_a_link_out_of_the_folder_a_folder_and_nothing_are_refused(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    outside = written(tmp_path_factory.mktemp("outside") / "limits.csv")
    (tmp_path / "link.csv").symlink_to(outside)
    (tmp_path / "zero.csv").symlink_to("/dev/zero")
    (tmp_path / "folder.csv").mkdir()
    written(tmp_path / "sheet.csv").rename(tmp_path / "sheet.ods")

    names = ("link.csv", "zero.csv", "folder.csv", "gone.csv", "sheet.ods")
    assert [codes_of(tmp_path / name) for name in names] == [
        {"unreadable"},
        {"unreadable"},
        {"unreadable"},
        {"missing_file"},
        {"unknown_format"},
    ]


@pytest.mark.parametrize(
    "records",
    [
        Records(columns=[f"fact.{n}" for n in range(MAX_COLUMNS)], rows=(), headed=False),
        Records(
            columns=("row",),
            rows=[Record({"row": "R1"}, "rows", 1, str)] * (MAX_ROWS + 1),
            headed=False,
        ),
    ],
    ids=["columns", "rows"],
)
def test_rows_that_would_be_too_large_a_sheet_are_refused_wherever_they_come_from(
    records: Records,
) -> None:
    faults = Faults()

    assert LIMITS.parse(records, "rows", a_vocabulary(), faults) == ()
    assert [fault.code for fault in faults.items] == ["too_large"]
