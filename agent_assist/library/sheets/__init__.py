"""Sheets: CSV, XLSX and JSON as records of addressed text cells, and back."""

from agent_assist.library.sheets.csv_file import write_csv
from agent_assist.library.sheets.grid import MAX_COLUMNS, MAX_ROWS, Cell, as_text
from agent_assist.library.sheets.json_file import write_json
from agent_assist.library.sheets.reading import FORMATS, read_sheet, sheet_name, write_sheet
from agent_assist.library.sheets.records import Record, Records
from agent_assist.library.sheets.xlsx_file import write_xlsx

__all__ = [
    "FORMATS",
    "MAX_COLUMNS",
    "MAX_ROWS",
    "Cell",
    "Record",
    "Records",
    "as_text",
    "read_sheet",
    "sheet_name",
    "write_csv",
    "write_json",
    "write_sheet",
    "write_xlsx",
]
