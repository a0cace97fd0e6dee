"""Figures of one row go together: what is stated first, then what follows from it, and estimates of the rest alone."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from factsheet.catalog.building import SheetReading, describe
from factsheet.catalog.entry import CatalogEntry, ListedFigure, Origin
from factsheet.catalog.finding import find_sheets_like
from factsheet.catalog.following import basis_of, completed, written_figure
from factsheet.catalog.query.evaluation import evaluate
from factsheet.catalog.query.reading import read_query
from factsheet.catalog.scatter import scatters
from factsheet.quantities.interval import Interval
from factsheet.source.loader import load_bytes

ATLAS = Path(__file__).parents[2] / "sheets" / "atlas"
CAPTIONS = """
factsheet: 1
overview: {name: NAME, model: M}
hardware: {inference: {technology: phase-change memory}}
test_data: {name: Pictures}
performance: {tops_per_watt: {value: EFFICIENCY TOPS/W, source: simulated}}
hwa_training:
  accuracy: {value: SCORE, source: measured}
  baseline_accuracy: BASELINE
  accuracy_metric: METRIC
"""


def made(score: str, baseline: str, metric: str, efficiency: str = "3", name: str = "Made") -> SheetReading:
    words = {
        "NAME": name,
        "EFFICIENCY": efficiency,
        "SCORE": score,
        "BASELINE": baseline,
        "METRIC": metric,
    }
    text = re.sub("|".join(words), lambda match: words[match[0]], CAPTIONS)
    return SheetReading(load_bytes(text.encode(), f"{name}.yaml"), f"{name}.yaml")


@pytest.fixture(scope="module", params=sorted(ATLAS.glob("*.yaml")), ids=lambda file: file.stem)
def published(request: pytest.FixtureRequest) -> CatalogEntry:
    return describe(request.param.read_bytes(), request.param.name)


def allowed(figure: ListedFigure) -> Interval:
    return Interval(max(figure.low, 1e-30), min(figure.high, 1e30))


def test_no_row_contradicts_itself(published: CatalogEntry) -> None:
    figures = published.figures

    def alike(*names: str) -> bool:
        found = [figures[name] for name in names if name in figures]
        boundaries = {part for one in found for part in one.basis.split(", ") if not part.startswith("per ")}
        return len(found) == len(names) and len(boundaries) < 2 and len({one.point for one in found}) == 1

    if alike("energy", "efficiency"):
        assert (allowed(figures["energy"]) * allowed(figures["efficiency"])).contains(1)
    if alike("energy", "throughput", "power"):
        power = allowed(figures["energy"]) * allowed(figures["throughput"])
        assert power.overlaps(allowed(figures["power"]))
    if alike("latency", "throughput"):
        batch = re.search(r"batch (\d+)", figures["latency"].point)
        assert batch is not None
        in_flight = allowed(figures["latency"]) * allowed(figures["throughput"])
        assert in_flight.high >= int(batch[1]) * 0.999


def test_what_follows_comes_before_an_estimate() -> None:
    entry = describe((ATLAS / "princeton-a.yaml").read_bytes(), "a.yaml")
    # 105.2 µJ an image, 23 images a second: 2.42 mW, by hand.
    assert entry.figures["power"].value == pytest.approx(105.2e-6 * 23)
    assert (entry.figures["power"].origin, entry.figures["power"].text) == ("worked out", "2.42 mW")
    # One image takes no less than 1 s / 23.5.
    assert entry.figures["latency"].text == "at least 42.55 ms"


def test_a_run_of_one_step_is_the_part_that_the_sheet_counts() -> None:
    entry = describe((ATLAS / "hermes-captions.yaml").read_bytes(), "a.yaml")
    assert entry.figures["energy"].basis == "per token, chip"


def figure(value: float, basis: str, point: str = "batch 4", origin: Origin = "stated") -> ListedFigure:
    inference, _, boundary = basis.removeprefix("per ").rpartition(", ")
    if not inference and basis.startswith("per "):
        inference, boundary = boundary, ""
    return ListedFigure(
        path="x",
        text="x",
        value=value,
        low=value,
        high=value,
        origin=origin,
        point=point,
        **basis_of(inference, boundary),
    )


def test_an_estimate_fits_what_is_stated_and_unlike_figures_give_nothing() -> None:
    known = {"energy": figure(2e-3, "per image, chip")}
    modelled = {
        "throughput": figure(100, "per image", origin="estimated"),
        "efficiency": figure(7, "per image, chip", origin="estimated"),
        "power": figure(9, "chip", origin="estimated"),
    }
    found = completed(known, modelled)
    assert found["efficiency"].value == pytest.approx(500)
    assert found["efficiency"].origin == "worked out"
    # 2 mJ · 100/s, whose rate is an estimate.
    assert found["power"].value == pytest.approx(0.2)
    assert found["power"].origin == "estimated"
    # Of another batch, of a token, or of a board: the estimate stays what it is, and says of what it is.
    for other in (
        figure(2e-3, "per image, chip", "batch 1"),
        figure(2e-3, "per token, chip"),
    ):
        assert completed({"energy": other}, modelled)["power"].value == 9
    assert completed({"energy": figure(2e-3, "per image, board")}, modelled)["power"].basis == "board"


@pytest.mark.parametrize(
    ("value", "ends", "words"),
    [
        (849639.0, (0.0, 849639.0), "at most 849,700 inferences/s"),
        (849639.0, (849639.0, float("inf")), "at least 849,600 inferences/s"),
    ],
)
def test_a_bound_has_four_digits_and_stays_one(value: float, ends: tuple[float, float], words: str) -> None:
    assert written_figure(value, ends, "bound", "throughput") == words


def test_a_share_of_what_is_wrong_is_no_accuracy_and_more_of_it_is_a_loss() -> None:
    sheet = made("12 %", "10 %", "share of images named wrongly")
    assert "accuracy" not in sheet.figures
    assert sheet.figures["score"].better == "lower"
    assert sheet.figures["loss"].value == pytest.approx(0.02)
    assert evaluate(read_query("accuracy > 10 %"), sheet).truth is None
    right = made("90 %", "92 %", "share of images named rightly")
    assert right.figures["accuracy"].better == "higher"
    assert right.figures["loss"].value == pytest.approx(0.02)


def test_scores_of_their_own_scale_lose_points_of_it_and_no_accuracy() -> None:
    fraction, points = made("0.134", "0.135", "BLEU"), made("13.4", "13.5", "BLEU")
    assert (fraction.figures["loss"].text, points.figures["loss"].text) == ("0.001", "0.1")
    assert fraction.figures["loss"].value == pytest.approx(points.figures["loss"].value)
    assert fraction.figures["loss"].basis == points.figures["loss"].basis == "points of BLEU"
    assert "accuracy" not in fraction.figures


def test_no_drawing_has_losses_of_unlike_metrics_and_two_machines_are_said() -> None:
    scores = [("90 %", "92 %", "accuracy"), ("12 %", "10 %", "word error rate"), ("91 %", "92 %", "accuracy")]
    entries = [made(*one, name=f"M{place}").entry() for place, one in enumerate(scores)]
    (drawing,) = scatters(entries)
    assert [point.row for point in drawing.points] == [0, 2]
    assert (
        "1 not drawn: the loss is counted in points of word error rate, not points of accuracy"
        in drawing.words
    )
    assert "M (score measured, efficiency simulated)" in drawing.words
    assert all(f'data-row="{row}"' in text for row, text in ((0, drawing.svg(760)), (2, drawing.svg(760))))
    labels = re.findall(r'<text data-row="(\d)"', drawing.svg(760))
    assert set(labels) <= {"0", "2"}
    assert labels


def test_words_find_what_facets_are_called_too_and_nothing_inside_words() -> None:
    sheet = made("90 %", "92 %", "accuracy", name="Resnet")
    for query, truth in (
        ("PCM", True),
        ("made pcm", False),
        ("resnet pcm", True),
        ("net", False),
        ("yaml", False),
        ("technology = PCM", True),
        ("technology != PCM", False),
    ):
        assert evaluate(read_query(query), sheet).truth is truth, query
    report = find_sheets_like(read_query("technology = PCM"), "technology = PCM", [sheet])
    ((_, answers),) = report.found[0].answers
    assert [answer.text for answer in answers] == ["phase-change memory"]


def test_sorted_by_score_the_least_error_is_first() -> None:
    rates = [
        made(score, "9 %", "word error rate", name=f"E{score[:2]}") for score in ("12 %", "30 %", "11 %")
    ]
    report = find_sheets_like(read_query("has score"), "has score", rates, sort="score")
    assert [found.path for found in report.found] == ["E11.yaml", "E12.yaml", "E30.yaml"]
    turned = find_sheets_like(read_query("has score"), "has score", rates, sort="score", reverse=True)
    assert [found.path for found in turned.found] == ["E30.yaml", "E12.yaml", "E11.yaml"]
