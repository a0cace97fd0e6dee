"""What a sweep writes, read back by somebody else: the standard library's CSV and JSON, and pyarrow."""

from __future__ import annotations

import csv
import io
import json
import sys
from typing import TYPE_CHECKING

import pytest
from sample import COLUMNS, NAMES, chunk

from factsheet.errors import SweepError
from factsheet.sweeps.writers import FileFormat, open_writer

if TYPE_CHECKING:
    from factsheet.sweeps.columns import Chunk

FIRST = chunk(
    {"source": '=cmd, "quoted"', "latency_s": 1e-300, "energy_per_inference_j": 0.1},
    {"network": "naïve\nnet", "latency_s": None, "seq_len": 10**9},
)
SECOND = chunk({"latency_s": float("inf")})


def written(file_format: FileFormat, *chunks: Chunk, omitted: tuple[str, ...] = ()) -> bytes:
    stream = io.BytesIO()
    writer = open_writer(file_format, stream, COLUMNS)
    for one in chunks:
        writer.write(one)
    writer.finish(omitted)
    return stream.getvalue()


def test_csv() -> None:
    rows = list(csv.DictReader(io.StringIO(written("csv", FIRST, SECOND).decode(), newline="")))
    assert [list(row) for row in rows] == [NAMES] * 3
    assert rows[0]["source"] == '\'=cmd, "quoted"'  # no formula to a spreadsheet
    assert rows[1]["network"] == "naïve\nnet"
    assert float(rows[0]["latency_s"]) == 1e-300
    assert (rows[1]["latency_s"], rows[1]["seq_len"]) == ("", "1000000000")


def test_json() -> None:
    table = json.loads(written("json", FIRST, SECOND, omitted=("net.yaml at 2,048",)))
    assert table["schema"] == "factsheet.sweep/1"
    assert list(table["columns"]) == NAMES
    assert table["columns"]["latency_s"]["unit"] == "s"
    assert [row["latency_s"] for row in table["rows"]] == [1e-300, None, None]  # JSON has no infinity
    assert table["rows"][0]["source"] == '=cmd, "quoted"'
    assert table["omitted"] == ["net.yaml at 2,048"]


def test_a_table_without_rows_is_one_all_the_same() -> None:
    assert json.loads(written("json"))["rows"] == []
    assert written("csv").decode().splitlines() == [",".join(NAMES)]


def test_parquet() -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    content = io.BytesIO(written("parquet", FIRST, SECOND, omitted=("one",)))
    table = parquet.read_table(content)
    assert table.column_names == NAMES
    assert table.column("latency_s").to_pylist() == [1e-300, None, float("inf")]
    assert table.column("seq_len").to_pylist() == [16, 10**9, 16]
    assert str(table.schema.field("seq_len").type) == "int64"
    field = parquet.read_schema(content).field("energy_per_inference_j")
    assert field.metadata[b"unit"] == b"J"
    assert json.loads(parquet.read_metadata(content).metadata[b"omitted"]) == ["one"]
    assert parquet.read_table(io.BytesIO(written("parquet"))).num_rows == 0


def test_small_chunks_do_not_make_small_row_groups() -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    content = io.BytesIO(written("parquet", *[chunk(*[{"latency_s": 1.0}] * 8_000)] * 17))
    metadata = parquet.read_metadata(content)
    assert (metadata.num_rows, metadata.num_row_groups) == (136_000, 2)


def test_without_pyarrow_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(SweepError) as caught:
        written("parquet")
    assert '".[parquet]"' in caught.value.help
