"""`factsheet sweep` from the command line: what it writes and where, what it says, and how it ends."""

from __future__ import annotations

import csv
import io
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest

from factsheet.cli.app import main
from factsheet.cli.exits import screen, status_of
from factsheet.errors import FactsheetError

if TYPE_CHECKING:
    from collections.abc import Callable

    Run = Callable[..., subprocess.CompletedProcess[bytes]]

ROOT = Path(__file__).parents[2]
BERT = ROOT / "sheets" / "bert.yaml"
SHEET = """\
factsheet: 1
overview: {name: Small, model: small-1}
hardware: {inference: {profile: ibm-2022}}
model_architecture:
  transformer_encoder: {layers: 2, heads: 2, hidden_size: 64, intermediate_size: 128, positions: 130}
"""


@pytest.fixture
def sheet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A small sheet in an empty working directory."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "small.yaml").write_text(SHEET, "utf-8")
    return "small.yaml"


def refused(*arguments: str) -> str:
    """What a sweep that can not be made says; it leaves nothing behind."""
    before = sorted(Path().iterdir())
    with pytest.raises(FactsheetError) as caught:
        main(["sweep", *arguments])
    assert status_of(caught.value) == 2
    assert sorted(Path().iterdir()) == before
    return screen(caught.value)


def read(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_without_arguments_the_sheet_in_its_usual_place_at_its_own_point(
    tmp_path: Path, factsheet: Run
) -> None:
    (tmp_path / "factsheet.yaml").write_bytes(BERT.read_bytes())
    done = factsheet("sweep")
    text = done.stdout.decode()
    assert done.returncode == 0
    assert done.stderr == b""
    assert "BERT-base (factsheet.yaml)" in text
    assert "ibm-2022, batch-synchronous, tiles of 512 x 512, sequence length 32, batch 4" in text
    # 12 · 4 · 32 · 123.75 ns, between 15 · 32 · 123.75 ns and 72 · 4 · 32 · 123.75 ns
    assert "0.1901 ms  59.4 µs to 1.14 ms" in text
    assert "fitted" in text
    assert "no area_chips_mm2: ibm-2022 does not say how many tiles a chip has" in text


def test_a_grid_to_every_format(sheet: str, capsys: pytest.CaptureFixture[str]) -> None:
    axes = ("--seq-len", "16:64:16", "--batch", "1,2", "--tile", "64,128x32", "--hardware", "ibm-2022,puma")
    assert main(["sweep", sheet, *axes, "-o", "a.csv"]) == 0
    assert main(["sweep", sheet, *axes, "-o", "a.json"]) == 0
    table = read(Path("a.csv").read_text("utf-8"))
    rows = json.loads(Path("a.json").read_text("utf-8"))["rows"]
    assert len(table) == len(rows) == 4 * 2 * 2 * 2
    for written, row in zip(table, rows, strict=True):
        assert {name: text or None for name, text in written.items()} == {
            name: None if value is None else str(value) for name, value in row.items()
        }
    assert {(row["hardware"], row["tile_rows"], row["tile_cols"]) for row in rows} == {
        (hardware, *tile) for hardware in ("ibm-2022", "puma") for tile in ((64, 64), (128, 32))
    }
    capsys.readouterr()
    assert main(["sweep", sheet, *axes]) == 0
    shown = capsys.readouterr()
    assert "64 x 64" in shown.out
    assert shown.err == ""  # no bar where nobody watches
    parquet = pytest.importorskip("pyarrow.parquet")
    assert main(["sweep", sheet, *axes, "-o", "a.parquet"]) == 0
    assert parquet.read_table("a.parquet").to_pylist() == rows


def test_csv_to_standard_output(tmp_path: Path, factsheet: Run) -> None:
    (tmp_path / "small.yaml").write_text(SHEET, "utf-8")
    done = factsheet("sweep", "small.yaml", "--format", "csv", "--batch", "1:3")
    assert [row["batch"] for row in read(done.stdout.decode())] == ["1", "2", "3"]
    assert [row["seq_len"] for row in read(done.stdout.decode())] == ["128"] * 3


def test_a_directory_stands_for_its_sheets(sheet: str, capsys: pytest.CaptureFixture[str]) -> None:
    Path("models").mkdir()
    for name in ("a", "b"):
        Path("models", f"{name}.yaml").write_text(SHEET, "utf-8")
    assert main(["sweep", "models", sheet, "--seq-len", "16", "-o", "a.csv"]) == 0
    sources = [row["source"] for row in read(Path("a.csv").read_text("utf-8"))]
    assert sources == ["models/a.yaml", "models/b.yaml", "small.yaml"]


def test_a_model_is_a_source_too(sheet: str, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("transformers")
    config = {"model_type": "bert", "num_hidden_layers": 2, "architectures": ["BertModel"]}
    Path("config.json").write_text(json.dumps(config), "utf-8")
    assert main(["sweep", "config.json", "--seq-len", "16", "--hardware", "ibm-2022", "-o", "a.csv"]) == 0
    (row,) = read(Path("a.csv").read_text("utf-8"))
    # Two layers of 4 · 2 · 2 and 2 · 2 · 6 tiles, and the pooler's 4.
    assert row["tiles"] == str(2 * (16 + 24) + 4)


def test_a_front_keeps_what_nothing_beats(sheet: str, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ("--seq-len", "16,32", "--batch", "1:4", "--tile", "64:512:64")
    assert main(["sweep", sheet, *arguments, "-o", "all.csv"]) == 0
    capsys.readouterr()
    assert main(["sweep", sheet, *arguments, "--pareto", "energy,latency", "-o", "front.csv"]) == 0
    everything, front = (read(Path(name).read_text("utf-8")) for name in ("all.csv", "front.csv"))

    def key(row: dict[str, str]) -> tuple[float, float]:
        return float(row["energy_per_inference_j"]), float(row["latency_s"])

    expected = [
        row
        for row in everything
        if not any(
            other["seq_len"] == row["seq_len"]
            and key(other) != key(row)
            and key(other)[0] <= key(row)[0]
            and key(other)[1] <= key(row)[1]
            for other in everything
        )
    ]
    assert 0 < len(front) < len(everything)
    assert sorted(map(str, front)) == sorted(map(str, expected))
    words = f"on the front of energy_per_inference_j, latency_s: {len(front)} of {len(everything)} points"
    assert words in capsys.readouterr().err


def test_a_chart(sheet: str, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("matplotlib")
    arguments = ("--seq-len", "16:64:16", "--batch", "1,2", "--plot", "a.svg", "--y", "energy")
    assert main(["sweep", sheet, *arguments]) == 0
    root = ET.parse("a.svg").getroot()  # noqa: S314  our own
    assert root.findtext("{http://www.w3.org/2000/svg}title") == (
        "small-1: energy of an inference over sequence length"
    )


def test_points_that_are_left_out_are_told(sheet: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sweep", sheet, "--seq-len", "50:200:50", "--batch", "1,2", "-o", "a.json"]) == 0
    said = capsys.readouterr().err
    assert "4 points left out" in said
    assert "sequence length 150" in said
    assert "130 positions" in said
    left_out = json.loads(Path("a.json").read_text("utf-8"))["omitted"]
    assert [line.partition(":")[0] for line in left_out] == [
        "small.yaml, sequence length 150, 2 points",
        "small.yaml, sequence length 200, 2 points",
    ]


def test_a_source_that_can_not_be_used_does_not_stop_the_others(
    sheet: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["sweep", "gone.yaml", sheet, "--seq-len", "16", "-o", "a.csv"]) == 2
    assert "gone.yaml: it cannot be read: No such file or directory" in capsys.readouterr().err
    assert [row["source"] for row in read(Path("a.csv").read_text("utf-8"))] == ["small.yaml"]


@pytest.mark.parametrize("also", [[], ["small.yaml"]])
def test_every_source_at_fault_is_named(factsheet: Run, sheet: str, also: list[str]) -> None:
    assert sheet == "small.yaml"
    gone = [f"gone-{number}.yaml" for number in range(9)]
    done = factsheet("sweep", *gone, *also, "--seq-len", "16")
    assert done.returncode == 2
    assert all(f"{name}: it cannot be read" in done.stderr.decode() for name in gone)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--batch", "1,0,4"], "--batch: `0`"),
        (["--seq-len", "256:16:16"], "the range `256:16:16` is empty"),
        (["--seq-len", "1:99999", "--batch", "1:99999", "--tile", "1:100"], "999,980,000,100 points"),
        (["--tile", "512x"], "`512x`"),
        (["--hardware", "ibm-2023"], "did you mean `ibm-2022`?"),
        (["--hardware", "gone.yaml"], "gone.yaml"),
        (["--structure", "sequentiel"], "did you mean `sequential`?"),
        (["--pareto", "energie,latency"], "did you mean `energy`?"),
        (["--pareto", "hardware"], "`hardware` is no column"),
        (["--plot", "a.pdf"], ".svg or .png"),
        (["--plot", "a.svg", "--y", "latncy"], "did you mean `latency`?"),
        (["--format", "parquet"], "-o sweep.parquet"),
        (["--convention", "mine"], "`mine`"),
        (["--digital", "mine"], "`mine` fits the name of no matrix"),
        (["--seq-len", "200"], "130 positions"),
        (["--scheduler", "here"], "`here` is no address"),
        (["-o", "gone/a.csv"], "gone/a.csv: cannot be written"),
    ],
)
def test_what_can_not_be_is_one_clear_error(sheet: str, arguments: list[str], words: str) -> None:
    assert words in refused(sheet, *arguments)


def test_nothing_to_sweep(sheet: str) -> None:
    assert "standard input" in refused("-")
    Path("empty").mkdir()
    assert "no sheet and no model" in refused("empty")
    assert "gone.yaml" in refused("gone.yaml")


def test_too_many_lines_for_a_chart_leave_no_file_half_written(sheet: str) -> None:
    for name in ("a.csv", "a.json", "a.parquet"):
        if name == "a.parquet":
            pytest.importorskip("pyarrow")
        message = refused(sheet, "--seq-len", "16,32", "--batch", "1:20", "--plot", "a.svg", "-o", name)
        assert "more than 12 lines" in message


HEADING = 20_000
"""More bytes than the first line of a table has."""


@pytest.mark.skipif(os.name == "nt", reason="sends a signal to a process group")
@pytest.mark.parametrize("workers", ["1", "2"])
def test_ctrl_c_says_how_far_it_came_and_leaves_no_file(sheet: str, workers: str) -> None:
    big = (
        "--seq-len",
        "1:100",
        "--batch",
        "1:9999",
        "--hardware",
        "all",
        "--workers",
        workers,
        "-o",
        "a.csv",
    )
    process = subprocess.Popen(
        [sys.executable, "-m", "factsheet", "sweep", sheet, *big],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        end = time.monotonic() + 120
        # Rows, and not the heading alone: while sheets are read, pydantic-core can swallow an interrupt.
        while not any(file.stat().st_size > HEADING for file in Path().glob(".factsheet-*.tmp")):
            assert time.monotonic() < end
            time.sleep(0.05)
        os.killpg(process.pid, signal.SIGINT)
        out, errors = process.communicate(timeout=120)
    finally:
        process.kill()
        process.wait()
    assert (process.returncode, out) == (130, "")
    assert errors.startswith("factsheet: interrupted at ")
    assert errors.endswith("; a.csv is as it was before\n")
    assert len(errors.splitlines()) == 1
    assert [file.name for file in Path().iterdir()] == ["small.yaml"]


def test_points_that_take_more_chips_than_there_are_are_left_out(
    sheet: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert (
        main(["sweep", str(BERT), "--hardware", "hermes-64,ambrogio-34", "--chips", "15", "-o", "a.csv"]) == 0
    )
    (row,) = read(Path("a.csv").read_text("utf-8"))
    # 480 tiles on chips of 34; 1,296 cores on chips of 64 are 21 chips.
    assert (row["hardware"], row["chips"]) == ("ambrogio-34", "15")
    assert "tiles of 256 x 256 of hermes-64 take 21 chips, and there are 15" in capsys.readouterr().err


def test_a_number_of_chips_means_nothing_where_their_tiles_are_not_known(sheet: str) -> None:
    assert "ibm-2022 does not say how many tiles a chip has" in refused(sheet, "--chips", "2")


def test_projections_can_be_stored_as_one(sheet: str) -> None:
    assert main(["sweep", str(BERT), "--fuse-qkv", "-o", "a.csv"]) == 0
    (row,) = read(Path("a.csv").read_text("utf-8"))
    assert row["tiles"] == "456"  # 10 for 768 x 2,304 in place of 12, twelve times


def test_an_axis_without_a_chart_is_refused(sheet: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sweep", sheet, "--x", "power"]) == 2
    assert "give --plot FILE too" in capsys.readouterr().err


def test_a_fault_is_worded_alike_with_any_number_of_workers(sheet: str, factsheet: Run) -> None:
    Path("wrong.yaml").write_text(SHEET.replace("heads: 2", "heads: 3"), "utf-8")
    arguments = ("sweep", sheet, "wrong.yaml", "--seq-len", "16,32", "--format", "csv", "--workers")
    alone, shared = factsheet(*arguments, "1"), factsheet(*arguments, "2")
    assert (alone.returncode, alone.stdout) == (shared.returncode, shared.stdout)
    assert alone.stderr == shared.stderr
    assert b"3 heads do not divide a hidden size of 64" in alone.stderr
