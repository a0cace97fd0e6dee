"""Writes the table of a sweep as CSV, JSON or Parquet, some rows at a time, so that its length does not matter."""

from __future__ import annotations

import io
import json
from math import isfinite
from typing import TYPE_CHECKING, Literal, Protocol

from factsheet.errors import SweepError
from factsheet.installation import install_command

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from typing import BinaryIO

    from _typeshed import ReadableBuffer

    from factsheet.sweeps.columns import Chunk, Column, Value

FileFormat = Literal["csv", "json", "parquet"]
SUFFIXES: dict[str, FileFormat] = {".csv": "csv", ".json": "json", ".parquet": "parquet", ".pq": "parquet"}
SCHEMA = "factsheet.sweep/1"
_ROW_GROUP = 65_536
_FORMULA = "=+-@\t\r"


class Writer(Protocol):
    """One file format."""

    def write(self, chunk: Chunk) -> None:
        """Write some rows."""

    def finish(self, omitted: Iterable[str]) -> None:
        """Write what comes at the end, such as the points that there are no rows for."""

    def abandon(self) -> None:
        """Write no more; what is there is thrown away."""


def open_writer(file_format: FileFormat, stream: BinaryIO, columns: Sequence[Column]) -> Writer:
    """Return a writer of that format.

    Raises:
        SweepError: the package that it takes is not installed.
    """
    if file_format == "csv":
        return _Csv(stream, columns)
    if file_format == "json":
        return _Json(stream, columns)
    return _Parquet(stream, columns)


class _Csv:
    """RFC 4180 with line feeds; the header names columns with their units, a missing figure is an empty field."""

    def __init__(self, stream: BinaryIO, columns: Sequence[Column]) -> None:
        self._stream, self._columns = stream, columns
        self._put([",".join(column.name for column in columns)])

    def write(self, chunk: Chunk) -> None:
        columns = (_texts(chunk.columns[column.name], _field) for column in self._columns)
        self._put(map(",".join, zip(*columns, strict=True)))

    def finish(self, omitted: Iterable[str]) -> None:
        """Leave it out: a table of rows has no place for what it has no rows for."""

    def abandon(self) -> None:
        """Nothing is held back."""

    def _put(self, lines: Iterable[str]) -> None:
        text = "\n".join(lines)
        if text:
            self._stream.write(f"{text}\n".encode("utf-8", "replace"))


def _texts(values: Sequence[Value], text: Callable[[Value], str]) -> Iterator[str]:
    """Yield each value as text. Most come many times in a column, and writing a number down is what takes time."""
    made = {value: text(value) for value in set(values)}
    return map(made.__getitem__, values)


def _field(value: Value) -> str:
    if not isinstance(value, str):
        return "" if value is None else repr(value)
    if value and value[0] in _FORMULA:
        value = f"'{value}"  # a spreadsheet would take a name that begins like this for a formula
    if any(character in value for character in '",\r\n'):
        value = '"' + value.replace('"', '""') + '"'
    return value


class _Json:
    """One object: what the columns are, a row an object, and what was left out."""

    def __init__(self, stream: BinaryIO, columns: Sequence[Column]) -> None:
        self._stream = stream
        self._keys = {column.name: f"{_dumped(column.name)}: " for column in columns}
        self._begun = False
        described = {
            column.name: {"unit": column.unit or None, "meaning": column.meaning} for column in columns
        }
        self._put(f'{{\n"schema": {json.dumps(SCHEMA)},\n"columns": {_dumped(described)},\n"rows": [')

    def write(self, chunk: Chunk) -> None:
        columns = (
            _texts(chunk.columns[name], lambda value, key=key: key + _dumped(_finite(value)))  # type: ignore[misc]
            for name, key in self._keys.items()
        )
        rows = "},\n{".join(map(", ".join, zip(*columns, strict=True)))
        if rows:
            self._put(f"{',' if self._begun else ''}\n{{{rows}}}")
            self._begun = True

    def finish(self, omitted: Iterable[str]) -> None:
        self._put(f'\n],\n"omitted": {_dumped(list(omitted))}\n}}\n')

    def abandon(self) -> None:
        """Nothing is held back."""

    def _put(self, text: str) -> None:
        self._stream.write(text.encode("utf-8", "replace"))


def _dumped(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def _finite(value: Value) -> Value:
    """JSON has no infinity, and what is not a number is missing."""
    return None if isinstance(value, float) and not isfinite(value) else value


class _Gate(io.RawIOBase):
    """Leads to a stream, as long as it is to be written to."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._at = 0
        self.leads_on = True

    def writable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def write(self, data: ReadableBuffer, /) -> int:
        size = memoryview(data).nbytes
        self._at += size
        if self.leads_on:
            self._stream.write(data)
        return size


class _Parquet:
    """Columns with their types; unit and meaning are in the metadata of each."""

    def __init__(self, stream: BinaryIO, columns: Sequence[Column]) -> None:
        try:
            import pyarrow as pa  # an extra
            from pyarrow import parquet
        except ModuleNotFoundError as error:
            if error.name != "pyarrow":
                raise
            raise SweepError(
                "the package `pyarrow` is not installed",
                "it is what writes Parquet",
                f"install it with {install_command('parquet')}, or write CSV or JSON",
            ) from None
        types = {"text": pa.string(), "whole": pa.int64(), "number": pa.float64()}
        self._pa = pa
        self._schema = pa.schema(
            [
                pa.field(
                    column.name,
                    types[column.kind],
                    metadata={"unit": column.unit, "meaning": column.meaning},
                )
                for column in columns
            ],
            metadata={"schema": SCHEMA},
        )
        self._gate = _Gate(stream)
        self._writer = parquet.ParquetWriter(self._gate, self._schema, compression="zstd")
        self._waiting: list[Chunk] = []
        self._rows = 0

    def write(self, chunk: Chunk) -> None:
        # Many small row groups would make a large file that is slow to read.
        self._waiting.append(chunk)
        self._rows += chunk.rows
        if self._rows >= _ROW_GROUP:
            self._flush()

    def finish(self, omitted: Iterable[str]) -> None:
        self._flush()
        self._writer.add_key_value_metadata({"omitted": json.dumps(list(omitted), ensure_ascii=False)})
        self._writer.close()

    def abandon(self) -> None:
        # pyarrow closes a file that it was not meant to close, and complains where it cannot.
        self._gate.leads_on = False
        self._writer.close()

    def _flush(self) -> None:
        arrays = [
            self._pa.chunked_array(
                [self._pa.array(chunk.columns[field.name], type=field.type) for chunk in self._waiting],
                type=field.type,
            )
            for field in self._schema
        ]
        if self._rows:
            self._writer.write_table(self._pa.table(arrays, schema=self._schema))
        self._waiting, self._rows = [], 0
