"""Sheets side by side: units reconciled, one operating point, directions, and what is not compared."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from factsheet.cli.run import run
from factsheet.comparing.comparison import SheetComparison, compare_sheets
from factsheet.comparing.comparison_page import comparison_html
from factsheet.comparing.comparison_report import comparison_json, comparison_markdown
from factsheet.comparing.difference import ComparedVersion
from factsheet.comparing.ratio_chart import _colour, ratio_chart
from factsheet.recompute.engine import recompute
from factsheet.recompute.request import request_with
from factsheet.sheet.load import read_factsheet
from factsheet.source.loader import load_bytes

ROOT = Path(__file__).parents[2]
SHEET = """\
factsheet: 1
overview: {name: A sheet, model: A model}
model_architecture:
  family: multilayer perceptron
  mlp: {sizes: [10, 20]}
parameters:
  power: 3.00 W
  area: {value: 100.0 mm², tolerance: {within: 10 %, reason: A first sample.}}
  operating_points:
    - {seq_len: 1, batch: 2, execution_time: 0.20 ms, energy_efficiency: 3000 inferences/s/W}
performance:
  refresh_interval: 4 weeks
  results:
    - name: Digits
      metric: accuracy
      systems: [{id: chip, name: Chip, kind: analog}, {id: gpu, name: GPU, kind: digital}]
      tasks:
        - {task: MNIST, scores: {chip: 97.0 %, gpu: 98.0 %}}
        - {task: Speech, metric: word error rate, scores: {chip: 12.0 %, gpu: 11.0 %}}
"""


def version(text: str, name: str) -> ComparedVersion:
    document = load_bytes(text.encode(), name).document
    assert document is not None
    sheet, misfits = read_factsheet(document.data)
    assert sheet is not None
    return ComparedVersion(name=name, sheet=sheet, misfits=misfits)


def beside(*edits: tuple[str, str], seq_len: int | None = None, batch: int | None = None) -> SheetComparison:
    text = SHEET
    for old, new in edits:
        assert old in text
        text = text.replace(old, new, 1)
    return compare_sheets([version(SHEET, "one"), version(text, "other")], seq_len=seq_len, batch=batch)


def told(compared: SheetComparison, name: str) -> tuple[str, str | None]:
    (row,) = (row for row in compared.rows if row.name == name)
    found = row.compared[1]
    assert found is not None
    return found.words, found.effect


@pytest.mark.parametrize(
    ("old", "new", "name", "words", "effect"),
    [
        # 6/3 = 2; 0.1/0.2 - 1 = -50 %; 300/3000 = 1/10, of which more is better; 0.8/4 - 1 = -80 %.
        ("3.00 W", "3000 mW", "power", "the same", None),
        ("3.00 W", "6.00 W", "power", "2 times as much, worse", "worse"),
        ("0.20 ms", "100 µs", "latency", "−50.0 %, better", "better"),
        ("3000 inf", "6000 inf", "energy_efficiency", "2 times as much, better", "better"),
        ("100.0 mm²", "105.0 mm²", "area", "within the stated tolerance", None),
        ("100.0 mm²", "120.0 mm²", "area", "+20.0 %, worse", "worse"),
        ("4 weeks", "1 week", "refresh_interval", "−75.0 %, worse", "worse"),
        ("chip: 97.0 %", "chip: 96.0 %", "MNIST (accuracy)", "−1 percentage points, worse", "worse"),
        (
            "chip: 12.0 %",
            "chip: 11.0 %",
            "Speech (word error rate)",
            "−1 percentage points, better",
            "better",
        ),
    ],
)
def test_a_figure_is_better_or_worse_by_its_direction(
    old: str, new: str, name: str, words: str, effect: str | None
) -> None:
    assert told(beside((old, new)), name) == (words, effect)


@pytest.mark.parametrize(
    ("old", "new", "name", "told"),
    [
        ("3.00 W", "4500 mW", "power", "= 4.5 W, stated"),
        ("0.20 ms", "100 µs", "latency", "= 0.1 ms, stated"),
        ("0.20 ms", "0.10 ms", "latency", "stated"),
        ("100.0 mm²", "1.20 cm²", "area", "= 120 mm², stated"),
    ],
)
def test_figures_are_shown_in_the_unit_of_the_first(old: str, new: str, name: str, told: str) -> None:
    (row,) = (row for row in beside((old, new)).rows if row.name == name)
    assert row.cells[1].about == told


def test_energies_of_other_boundaries_are_not_compared() -> None:
    boundary = ("batch: 2, ", "batch: 2, energy_boundary: wall, ")
    words, effect = told(beside(boundary, ("3000 inf", "30 inf")), "energy_efficiency")
    assert effect is None
    assert "of the chip" in words
    assert "of the wall" in words


def test_a_tile_is_not_compared_with_a_board() -> None:
    text = (ROOT / "sheets" / "atlas" / "hermes-ptb.yaml").read_text("utf-8")
    compared = compare_sheets([version(text, "hermes")], baselines=["v100-fp16-onnxruntime"])
    words, effect = told(compared, "tops_per_watt")
    assert effect is None
    assert words.startswith("not compared: 2.48 TOPS/W is of the tile, and ")
    assert words.endswith(" of the board")


def test_other_operating_points_are_not_judged_and_at_recomputes() -> None:
    apart = beside(("batch: 2", "batch: 3"))
    assert apart.point.startswith("operating points differ")
    assert told(apart, "latency") == ("at other operating points", None)
    assert told(apart, "area") == ("the same", None)  # holds at each point
    at_one = beside(("batch: 2", "batch: 3"), batch=3)
    assert at_one.point == "figures at batch 3, as asked: what is stated for another point is recomputed"
    (ops,) = (row for row in at_one.rows if row.name == "total_ops")
    # 10 · 20 weights, a multiplication and an addition each, and 20 biases; a batch of 3.
    assert ops.cells[0].value == ops.cells[1].value == (2 * 10 * 20 + 20) * 3
    (latency,) = (row for row in at_one.rows if row.name == "latency")
    assert [cell.text for cell in latency.cells] == ["", "0.20 ms"]  # the first states none for this point


def test_a_point_that_both_state_is_taken() -> None:
    more = "    - {seq_len: 1, batch: 8, execution_time: 0.30 ms}\n    - {seq_len: 1, batch: 2,"
    compared = beside(("    - {seq_len: 1, batch: 2,", more))
    assert compared.point == "figures at batch 2, as all state it"
    assert told(compared, "latency") == ("the same", None)


def test_scores_of_other_metrics_have_rows_of_their_own() -> None:
    compared = beside(("metric: accuracy", "metric: F1"))
    assert not [row for row in compared.of("score") if row.name.startswith("MNIST")]
    assert [row.name for row in compared.of("score")] == ["Speech (word error rate)"]


def test_scores_of_training_are_compared_where_they_are_of_the_same() -> None:
    def of(metric: str, score: str) -> str:
        return f"{SHEET}hwa_training: {{accuracy: {score}, accuracy_metric: {metric}}}\n"

    versions = [version(of("GLUE average", "80.6 %"), "one"), version(of("error rate", "17.55 %"), "other")]
    assert told(compare_sheets(versions), "hwa_training.accuracy") == (
        "not compared: the metrics differ",
        None,
    )
    versions[1] = version(of("SQuAD average", "90 %"), "other")
    words, _ = told(compare_sheets(versions), "hwa_training.accuracy")
    assert words == "not compared: what they are scores of differs"


@pytest.fixture(scope="module")
def on_devices() -> SheetComparison:
    text = (ROOT / "sheets" / "bert.yaml").read_text("utf-8")
    return compare_sheets([version(text, "bert")], baselines=["v100-fp16-onnxruntime"])


def test_a_digital_device_is_a_column_of_the_same_network(on_devices: SheetComparison) -> None:
    sheet = on_devices.columns[0].sheet
    facts = {
        fact.name: fact.derived
        for fact in recompute(sheet, request_with(None, hardware="v100-fp16-onnxruntime")).chip_facts
    }
    for row in on_devices.of("figure"):
        assert row.cells[1].value == pytest.approx(facts[f"chip.{row.name}"])
        assert row.cells[1].origin == "estimated"
    (energy,) = (row for row in on_devices.rows if row.name == "energy_per_inference")
    assert "of the board alone" in energy.cells[1].about
    assert energy.compared[1] is not None
    assert energy.compared[1].effect is None
    assert "not judged: " in energy.compared[1].words  # a chip beside a board
    assert any("neither judged nor drawn" in note for note in on_devices.notes)
    assert any("digital devices gain from larger batches" in note for note in on_devices.notes)


def test_every_format_says_the_same(on_devices: SheetComparison) -> None:
    found = json.loads(comparison_json(on_devices))
    (energy,) = (row for row in found["rows"] if row["name"] == "energy_per_inference")
    text = energy["cells"][1]["text"]
    page = comparison_html(on_devices)
    assert text in page.replace("\u00a0", " ").replace("\u202f", " ")  # as pages keep a number with its unit
    assert text in comparison_markdown(on_devices)
    assert found["columns"][1]["device"] == "v100-fp16-onnxruntime"
    chart = ratio_chart(on_devices)
    assert chart is not None
    assert page.count("<svg") == len(("wide", "narrow"))
    assert "<script" not in page
    assert not re.search(r'(?:src|href)="', page)


def test_a_strangers_words_do_not_become_markup() -> None:
    hostile = version(SHEET.replace("A model}", '"<script>alert(1)</script>`x`"}'), "<img src=x>|a")
    compared = compare_sheets([hostile, version(SHEET, "other")])
    page, markdown = comparison_html(compared), comparison_markdown(compared)
    assert "<script>alert" not in page
    assert "<img" not in page
    assert "<script>" not in markdown
    assert r"\|a" in markdown


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["bert.yaml"], "is compared with nothing"),
        (["bert.yaml", "--baseline", "v100-fp16-onnxruntme"], "v100-fp16-onnxruntime"),
        (["bert.yaml", "bert.yaml", "--at", "seqlen=3"], "is no part of an operating point"),
        (["bert.yaml", "bert.yaml", "--at", "batch=0"], "out of range"),
        (["bert.yaml", "bert.yaml", "--at", "batch=1e3"], "is no part of an operating point"),
        (["bert.yaml"] * 13, "more than a table can be read with"),
        (["bert.yaml", "missing.yaml"], "cannot be read"),
    ],
)
def test_what_cannot_be_compared_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    monkeypatch.chdir(ROOT / "sheets")
    assert run(["compare", *arguments]) == 2
    assert said in capsys.readouterr().err


def test_the_terminal_shows_a_table(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(ROOT / "sheets")
    assert run(["compare", "bert.yaml", "albert.yaml"]) == 0
    shown = capsys.readouterr().out
    assert "What they are" in shown
    assert "3.13 W" in shown


def test_figures_of_other_inferences_tiles_and_points_are_not_judged() -> None:
    with_unit = ("performance:\n", "performance:\n  inference_unit: image\n")
    words, effect = told(beside(with_unit), "latency")
    assert (words, effect) == ("not compared: 0.20 ms is per inference, and 0.20 ms per image", None)
    tiles = "  tile: {rows: 512, cols: 512}\n  tiles: 69\n"
    text = SHEET.replace("  power: 3.00 W\n", f"  power: 3.00 W\n{tiles}")
    other = text.replace("rows: 512", "rows: 256").replace("tiles: 69", "tiles: 19")
    compared = compare_sheets([version(text, "one"), version(other, "other")])
    assert told(compared, "tiles") == (
        "not compared: 69 is in tiles of 512 x 512, and 19 in tiles of 256 x 512",
        None,
    )
    timed = SHEET.replace("performance:\n", "performance:\n  classification_time: 1.0 ms\n")
    later = timed.replace("1.0 ms", "3.0 ms").replace("batch: 2", "batch: 3")
    apart = compare_sheets([version(timed, "one"), version(later, "other")])
    assert told(apart, "performance.classification_time") == ("at other operating points", None)


def test_a_bound_is_not_taken_for_the_figure() -> None:
    words, effect = told(beside(("{value: 100.0 mm²,", "{value: at least 20 mm²,")), "area")
    assert effect is None
    assert words == "cannot be told apart: at least 20 mm² is a bound"


def test_sizes_for_an_assumed_format_are_not_judged() -> None:
    words, effect = told(beside(("sizes: [10, 20]", "sizes: [10, 40]")), "size_on_disk")
    assert effect is None
    assert words.endswith("; not judged: sizes are those of weights in fp32")


def test_the_sign_of_a_gap_is_told() -> None:
    def gap(metric: str) -> str:
        tasks = "{chip: 97.0 %, gpu: 98.0 %}}\n"
        text = SHEET.partition("        - {task: Speech")[0].replace("metric: accuracy", f"metric: {metric}")
        assert tasks in text
        versions = [version(text, "one"), version(text, "other")]
        (row,) = (row for row in compare_sheets(versions).rows if row.name.endswith("minus digital"))
        return row.cells[0].about

    assert gap("accuracy") == "recomputed; a loss"
    assert gap("error rate") == "recomputed; a gain, as less is better"


def test_multiples_of_devices_have_the_ranges_of_both(on_devices: SheetComparison) -> None:
    (row,) = (row for row in on_devices.rows if row.name == "latency")
    found = row.compared[1]
    assert found is not None
    assert found.ratio_reach is not None
    assert found.ratio is not None
    assert found.ratio_reach.low < found.ratio < found.ratio_reach.high
    assert re.search(r"[\d.]+ to [\d.]+ times as much", found.words)


def test_an_estimate_of_a_chip_has_its_range_and_three_digits() -> None:
    text = (ROOT / "sheets" / "bert.yaml").read_text("utf-8")
    compared = compare_sheets([version(text, "bert")] * 2, seq_len=256)
    assert compared.columns[0].per("tiles", whole=True, modelled=True) == "in tiles of 512 x 512"
    (row,) = (row for row in compared.rows if row.name == "latency")
    # The chip's time depends on how its tiles take turns.
    assert re.fullmatch(r"estimated, ibm-2022, [\d.]+ .?s to [\d.]+ .?s", row.cells[0].about)
    assert len(re.sub(r"\D", "", row.cells[0].text).lstrip("0")) <= 3


def test_marks_of_one_chart_are_told_apart() -> None:
    colours = [_colour(index) for index in range(4)]
    assert len(set(colours)) == 4


def test_devices_have_figures_where_the_sheet_has_none(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert (
        run(
            ["compare", unplaced(tmp_path), "--baseline", "a100-fp16-tensorrt", "--at", "seq_len=128,batch=1"]
        )
        == 0
    )
    told = capsys.readouterr().out
    assert "Time of a run" in told
    assert "no figures of its own: it states none" in told


def test_a_length_that_nobody_states_is_not_called_declared(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sheet = unplaced(tmp_path)
    assert run(["derive", sheet]) == 0
    told = capsys.readouterr().out
    assert "no sequence length, no batch" in told
    assert "(declared)" not in told
    assert run(["hardware", "baseline", sheet, "--batch", "1", "--device", "a100-fp16-tensorrt"]) == 0
    told = capsys.readouterr().out
    assert "Sequence length 128, batch 1" in told
    assert "The sheet states no sequence length: 128 is assumed" in " ".join(told.split())
    assert (
        run(
            [
                "hardware",
                "baseline",
                sheet,
                "--batch",
                "1",
                "--seq-len",
                "64",
                "--device",
                "a100-fp16-tensorrt",
            ]
        )
        == 0
    )
    assert "is assumed" not in capsys.readouterr().out


def unplaced(folder: Path) -> str:
    """Write a sheet of a network with sequences that states no operating point."""
    file = folder / "unplaced.yaml"
    encoder = "layers: 2, hidden_size: 64, heads: 4, intermediate_size: 256, vocabulary: 100, positions: 512"
    file.write_text(
        "factsheet: 1\noverview: {name: A, model: B}\n"
        f"model_architecture: {{transformer_encoder: {{{encoder}}}}}\n",
        encoding="utf-8",
    )
    return str(file)
