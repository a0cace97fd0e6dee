"""What commands say of the work of a network that its source does not tell."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from subprocess import CompletedProcess

    Run = Callable[..., CompletedProcess[bytes]]

WORK = ("analog_ops", "digital_ops", "total_ops", "analog_macs", "dynamic_macs", "digital_static_macs")


@pytest.fixture
def weights(tmp_path: Path) -> str:
    """Return a file of weights: a matrix of 3 x 4 with a bias, a normalisation, a table of 5 x 3; 34 numbers."""
    shapes = {"up.weight": [4, 3], "up.bias": [4], "norm.weight": [3], "wte.weight": [5, 3]}
    header, end = {}, 0
    for name, shape in shapes.items():
        size = 4 * shape[0] * (shape[1] if len(shape) > 1 else 1)
        header[name] = {"dtype": "F32", "shape": shape, "data_offsets": [end, end + size]}
        end += size
    raw = json.dumps(header).encode()
    path = tmp_path / "m.safetensors"
    path.write_bytes(len(raw).to_bytes(8, "little") + raw + bytes(end))
    return str(path)


def test_inspect_gives_no_operations_where_no_use_is_known(factsheet: Run, weights: str) -> None:
    text = factsheet("inspect", weights).stdout.decode()
    assert "in all: ops not known, 34 parameters" in text
    assert " 0 ops" not in text
    found = json.loads(factsheet("inspect", weights, "--format", "json").stdout)
    assert (found["total_ops"], found["analog_ops"], found["parameters"], found["tiles"]) == (
        None,
        None,
        34,
        1,
    )
    assert "total_ops" in found["at_least"]
    assert {row["ops"] for row in found["operators"] if row["kind"] != "lookup"} == {None}


def test_derive_gives_no_operations_where_no_use_is_known(factsheet: Run, weights: str) -> None:
    found = json.loads(factsheet("derive", "--model", weights, "--format", "json").stdout)
    assert [found["totals"][name] for name in WORK] == [None] * len(WORK)
    facts = {fact["name"]: fact for fact in found["facts"]}
    assert facts["total_ops"]["derived"] is None
    assert facts["reuse_factor"]["derived"] is None
    text = factsheet("derive", "--model", weights).stdout.decode()
    assert "total_ops: the source does not say how often its matrices are used" in text
    assert " 0 ops" not in text


def test_the_sheet_that_inspect_writes_says_the_same(factsheet: Run, weights: str, tmp_path: Path) -> None:
    section = factsheet("inspect", weights, "--as-yaml").stdout.decode()
    sheet = tmp_path / "sheet.yaml"
    sheet.write_text(f"factsheet: 1\noverview: {{name: a, model: b}}\n{section}", "utf-8")
    found = json.loads(factsheet("derive", str(sheet), "--format", "json").stdout)
    assert found["totals"]["analog_ops"] is None
    assert found["totals"]["parameters"] == 34


def test_a_sweep_of_weights_alone_is_refused(factsheet: Run, weights: str) -> None:
    done = factsheet("sweep", weights, "--hardware", "ibm-2022")
    assert done.returncode == 2
    assert b"it is not known how many input vectors" in done.stderr


def test_a_tile_without_a_number_of_columns(factsheet: Run, tmp_path: Path) -> None:
    sheet = tmp_path / "sheet.yaml"
    data = {
        "factsheet": 1,
        "overview": {"name": "a", "model": "b"},
        "model_architecture": {"mlp": {"sizes": [784, 300, 10]}},
        "parameters": {"tile": {"rows": 512, "cols": {"not_applicable": "they are added as needed"}}},
    }
    sheet.write_text(json.dumps(data), "utf-8")
    why = "the sheet gives no number of columns of a tile (not applicable: they are added as needed)"
    for form in ("table", "json"):
        shown = factsheet("inspect", str(sheet), "--format", form).stdout.decode()
        assert f"{why}: tiles of 512 x 512 are assumed; --tile gives others" in shown
    assert why not in factsheet("inspect", str(sheet), "--tile", "256").stdout.decode()
    assert f"tiles: {why}" in factsheet("derive", str(sheet)).stdout.decode()


def test_rows_for_a_spreadsheet_leave_the_notes_to_standard_error(factsheet: Run, weights: str) -> None:
    done = factsheet("inspect", weights, "--format", "csv")
    assert b"how often a matrix is used" in done.stderr
    assert done.stdout.startswith(b"name,count,kind,")
    assert b"how often" not in done.stdout
    assert done.returncode == 0
