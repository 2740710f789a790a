"""Cells, sheets and encodings: tables of text from any file."""

from corridors.sources.reading.delimited import TextTable, pick, read_text_table
from corridors.sources.reading.json_records import read_json, records_table
from corridors.sources.reading.plain import read_csv, read_table
from corridors.sources.reading.spreadsheet import read_sheet

__all__ = [
    "TextTable",
    "pick",
    "read_csv",
    "read_json",
    "read_sheet",
    "read_table",
    "read_text_table",
    "records_table",
]
