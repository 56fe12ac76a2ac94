"""Rows as a Parquet file: every column of one type, nothing written as text that is none.

A day is a date; the name of its field with `.precision` tells how exact it is (`d`, `m`, `y`).
"""

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from typing import IO, Any

from arro3.core import Array, DataType, RecordBatch, RecordBatchReader, Schema, list_array
from arro3.core import Field as Typed
from arro3.io import write_parquet

from canbo.exchange.columns import COUNTED, KEY, LIST, Field
from canbo.kernel.screen import DAY, FLAG, INSTANT, NUMBER, SINCE, UNTIL, YEAR

EPOCH = dt.date(1970, 1, 1).toordinal()
MICRO = 10**6
Column = Sequence[Any]


def _texts(values: Column) -> Array:
    return Array(values, DataType.utf8())


def _numbers(values: Column) -> Array:
    return Array(values, DataType.int64())


def _flags(values: Column) -> Array:
    return Array(values, DataType.bool())


def _days(values: Column) -> Array:
    days = [None if value is None else value.first.toordinal() - EPOCH for value in values]
    return Array(days, DataType.int32()).cast(DataType.date32())


def _instants(values: Column) -> Array:
    ticks = [None if value is None else int(value.timestamp()) * MICRO + value.microsecond for value in values]
    return Array(ticks, DataType.int64()).cast(DataType.timestamp("us", tz="UTC"))


def _lists(values: Column) -> Array:
    ends, codes = [0], []
    for value in values:
        codes += value or ()
        ends.append(len(codes))
    return list_array(Array(ends, DataType.int32()), _texts(codes))


def _precisions(values: Column) -> Array:
    return _texts([None if value is None else value.precision for value in values])


DAYS = (DAY, SINCE, UNTIL, COUNTED)
MADE: dict[str, Callable[[Column], Array]] = {
    **dict.fromkeys((KEY, NUMBER, YEAR), _numbers), **dict.fromkeys(DAYS, _days),
    FLAG: _flags, INSTANT: _instants, LIST: _lists,
}  # fmt: skip


def write(fields: Sequence[Field], batches: Iterator[list[list[Any]]], said: dict[str, str], out: IO[bytes]) -> None:
    """Write the rows, a batch at a time; `said` are properties of the file."""
    columns = [(place, one, MADE.get(one.kind, _texts), one.name) for place, one in enumerate(fields)]
    columns += [(place, one, _precisions, f"{one.name}.precision") for place, one in enumerate(fields) if one.precision]
    types = [Typed(name, make([]).type, nullable=True, metadata={"label": one.label}) for _, one, make, name in columns]
    schema = Schema(types)

    def made() -> Iterator[RecordBatch]:
        for rows in batches:
            by_column = list(zip(*rows, strict=True))
            yield RecordBatch.from_arrays([make(by_column[place]) for place, _, make, _ in columns], schema=schema)

    reader = RecordBatchReader.from_batches(schema, made())
    write_parquet(reader, out, compression="zstd(1)", key_value_metadata=said, max_row_group_size=GROUP)


GROUP = 20_000
"""Rows that are held before they are written."""
