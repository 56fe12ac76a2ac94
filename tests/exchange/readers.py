"""Files of lists as programs read them that have not written them: rows by the names of their fields."""

import csv
import io
import json
from typing import Any

import duckdb
import openpyxl
from python_calamine import CalamineWorkbook

Row = dict[str, Any]
INSTANT, UTC = "TIMESTAMP WITH TIME ZONE", " AT TIME ZONE 'UTC'"


def by_openpyxl(data: bytes) -> list[Row]:
    """The rows of a workbook, empty cells as None."""
    _, names, *rows = openpyxl.load_workbook(io.BytesIO(data)).worksheets[0].iter_rows(values_only=True)
    return [dict(zip(names, row, strict=True)) for row in rows]


def by_calamine(data: bytes) -> list[Row]:
    """The same, by the other reader, which has whole numbers as fractions and nothing as empty text."""
    _, names, *rows = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python()
    return [{name: None if cell == "" else cell for name, cell in zip(names, row, strict=True)} for row in rows]


def by_csv(data: bytes) -> list[Row]:
    """Everything is text."""
    _, names, *rows = csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), strict=True)
    return [dict(zip(names, row, strict=True)) for row in rows]


def by_json(data: bytes) -> list[Row]:
    """The rows of the object."""
    return json.loads(data)["rows"]


def by_duckdb(file: str) -> list[Row]:
    """The rows of a Parquet file; instants are those of UTC."""
    with duckdb.connect() as link:
        types = link.execute("SELECT column_name, column_type FROM (DESCRIBE FROM read_parquet(?))", [file]).fetchall()
        wanted = ", ".join(f'"{name}"{UTC if type_ == INSTANT else ""}' for name, type_ in types)
        rows = link.execute(f"SELECT {wanted} FROM read_parquet(?)", [file]).fetchall()
        return [dict(zip(dict(types), row, strict=True)) for row in rows]
