"""What a catalogue says of one sheet: figures with what goes with them, and nothing where the sheet says nothing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from factsheet.catalog.building import SheetReading, describe
from factsheet.catalog.entry import CatalogEntry, entry_from
from factsheet.catalog.query.evaluation import evaluate
from factsheet.catalog.query.reading import read_query
from factsheet.source.loader import load_bytes

ROOT = Path(__file__).parents[2]
SHEETS = ROOT / "sheets"
INVALID = b"factsheet: 1\noverview: {name: Example, modle: BERT-base}\n"
SPOTTER = """
factsheet: 1
overview: {name: Keyword spotter, model: DS-CNN}
purpose: {trained_for: [keyword spotting], task_ids: [audio-classification]}
parameters:
  power: 3 W
  operating_points: [{seq_len: 1, batch: 1, execution_time: 2 ms}]
test_data: {name: Speech Commands, domain: Spoken words. Recorded at home.}
hardware: {inference: {technology: SRAM}}
performance:
  inference_unit: utterance
  energy_boundary: board
  results:
    - name: Words
      metric: word error rate
      systems: [{id: a, name: Chip, kind: analog, source: measured}, {id: d, name: Digital, kind: digital}]
      tasks: [{task: clean, scores: {a: 5.0 %, d: 4.0 %}}, {task: noisy, scores: {a: 9.0 %, d: 6.0 %}}]
"""


@pytest.fixture(scope="module")
def bert() -> CatalogEntry:
    return describe((SHEETS / "bert.yaml").read_bytes(), "sheets/bert.yaml")


def spotter(text: str = SPOTTER) -> CatalogEntry:
    entry = describe(text.encode(), "spotter.yaml")
    assert entry.faults == ()
    return entry


def test_a_stated_figure_is_the_sheets_own_with_where_it_is_from(bert: CatalogEntry) -> None:
    stated: Any = yaml.safe_load((SHEETS / "bert.yaml").read_text("utf-8"))
    figure = bert.figures["efficiency"]
    assert figure.text.replace(",", "") == stated["performance"]["energy_efficiency"]["value"]
    assert (figure.value, figure.origin, figure.provenance) == (6589, "stated", "declared")
    assert (figure.basis, figure.check) == ("per sequence, chip", "agrees")
    # The sheet gives no operating point with it, and none is made up.
    assert figure.point == "batch not stated"


def test_a_figure_that_follows_says_so_and_where_it_holds(bert: CatalogEntry) -> None:
    figure = bert.figures["energy"]
    # 1 / (6589 inferences/s/W), by hand.
    assert figure.value == pytest.approx(1 / 6589)
    assert (figure.origin, figure.point) == ("worked out", "length 32, batch 4")


def test_the_loss_is_the_mean_of_what_is_lost_on_each_task(bert: CatalogEntry) -> None:
    stated: Any = yaml.safe_load((SHEETS / "bert.yaml").read_text("utf-8"))
    (table,) = stated["performance"]["results"]

    def score(cell: Any) -> float:
        return float(str(cell["value"] if isinstance(cell, dict) else cell).rstrip(" %"))

    gaps = [score(row["scores"]["digital"]) - score(row["scores"]["analog"]) for row in table["tasks"]]
    assert bert.figures["loss"].value == pytest.approx(sum(gaps) / len(gaps) / 100)
    # Of accuracies, an F1 score and correlations: nothing to put beside points of one metric.
    assert bert.figures["loss"].basis == "points, a mean over several metrics"


def test_where_less_is_better_more_is_a_loss() -> None:
    # (5 - 4 + 9 - 6) / 2 = 2 points of an error rate.
    assert spotter().figures["loss"].value == pytest.approx(0.02)
    better = spotter(SPOTTER.replace("a: 9.0 %", "a: 2.0 %"))
    # (5 - 4 + 2 - 6) / 2 = -1.5.
    assert better.figures["loss"].value == pytest.approx(-0.015)
    assert better.figures["loss"].text.endswith("better")


def test_of_a_metric_without_a_direction_no_loss_is_told() -> None:
    assert "loss" not in spotter(SPOTTER.replace("word error rate", "frobs")).figures


def test_figures_say_what_they_are_of() -> None:
    entry = spotter()
    # 3 W · 2 ms of one utterance at a time.
    assert entry.figures["energy"].value == pytest.approx(6e-3)
    assert entry.figures["energy"].basis == "per utterance, board"
    assert entry.figures["power"].basis == "board"


def test_what_sheets_are_told_apart_by() -> None:
    facets = spotter().facets
    assert facets["task"] == ("audio-classification", "keyword spotting")
    assert facets["domain"] == ("Spoken words",)
    assert facets["dataset"] == ("Speech Commands",)
    assert facets["technology"] == ("static memory",)
    assert "score: measured" in facets["provenance"]


def test_a_sheet_that_says_nothing_has_no_figures() -> None:
    entry = describe(b"factsheet: 1\noverview: {name: Nothing, model: None}\n", "nothing.yaml")
    assert entry.valid
    assert not entry.figures
    assert entry.recomputed.compared == 0


@pytest.mark.parametrize(
    "raw", [INVALID, b"", b"- a list", b"\xff\xfe", b"factsheet: 1\noverview: [", b"a: *b"]
)
def test_what_is_no_valid_sheet_is_listed_with_its_faults(raw: bytes) -> None:
    entry = describe(raw, "made/broken.yaml")
    assert not entry.valid
    assert all(fault and fault.isprintable() for fault in entry.faults)
    assert not entry.figures
    assert entry.name in ("broken.yaml", "Example")


@pytest.mark.parametrize("file", sorted(SHEETS.glob("*.yaml")), ids=lambda file: file.stem)
def test_an_entry_comes_back_from_the_index_as_it_was(file: Path) -> None:
    entry = describe(file.read_bytes(), file.name)
    assert entry_from(json.loads(json.dumps(entry.as_json()))) == entry


def test_an_entry_of_another_form_is_not_taken(bert: CatalogEntry) -> None:
    whole = bert.as_json()
    for key in whole:
        if key != "valid":
            assert entry_from({**whole, key: 3}) is None, key
            assert entry_from({name: value for name, value in whole.items() if name != key}) is None, key
    figures = whole["figures"]
    for key, wrong in (("value", True), ("value", "1"), ("low", "x"), ("origin", "made up"), ("text", 3)):
        broken = {**whole, "figures": {"power": {**figures["power"], key: wrong}}}
        assert entry_from(broken) is None, key
    others: list[Any] = [None, [], "", 3, {"figures": []}]
    for other in others:
        assert entry_from(other) is None


def test_a_digital_sheet_has_no_figures_of_tiles_and_is_found_by_its_own_fields() -> None:
    file = SHEETS / "accelerators" / "bert-a100.yaml"
    reading = SheetReading(load_bytes(file.read_bytes(), file.name), file.name)
    entry = reading.entry()
    assert entry.valid
    # demoBERT's page: 0.62 ms for one sequence of 128 tokens.
    assert (entry.figures["latency"].text, entry.figures["latency"].point) == (
        "0.62 ms",
        "length 128, batch 1",
    )
    assert not {"analog_weights", "tiles", "field", "loss"} & set(entry.figures)
    assert entry.facets["technology"] == ("digital: GPU",)
    assert evaluate(
        read_query("accelerator.rated_power < 500 W and execution.stack = TensorRT"), reading
    ).truth
