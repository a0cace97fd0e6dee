"""Figures as data: what they show follows from the sheet and from what was computed, and words say the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from factsheet.pages.assembly import build_page
from factsheet.pages.content.chip import estimates_of
from factsheet.pages.estimates import (
    DriftCurve,
    DriftScore,
    EnergyShare,
    EnergySplit,
    Estimates,
)
from factsheet.pages.figures.accuracy import AccuracyChart
from factsheet.pages.figures.crossbar import CrossbarDrawing
from factsheet.pages.figures.drift import DriftChart
from factsheet.pages.figures.floor_plan import FloorPlan
from factsheet.pages.figures.latency import LatencyChart
from factsheet.pages.figures.lifecycle import Lifecycle
from factsheet.pages.figures.split import SplitChart
from factsheet.pages.model import FigureBlock
from factsheet.readers.needs import needs_of
from factsheet.readers.roles import ROLE_NAMES
from factsheet.readers.study import VOTES
from factsheet.recompute.engine import recompute
from factsheet.recompute.operating_grid import GridPoint, OperatingGrid

if TYPE_CHECKING:
    from collections.abc import Callable

    from factsheet.pages.model import Page
    from factsheet.sheet.model import SheetFields

HEAD = """\
factsheet: 1
overview: {name: A sheet, model: A model}
"""


def figures(page: Page) -> dict[str, FigureBlock]:
    blocks = (block for section in page.sections for block in section.blocks)
    return {block.id: block for block in blocks if isinstance(block, FigureBlock)}


def of_bert(bert: SheetFields, estimates: Estimates | None = None) -> dict[str, FigureBlock]:
    derivation = recompute(bert)
    made = Estimates() if estimates is None else estimates
    return figures(build_page(bert, "full", derivation, estimates=made))


def test_accuracy_has_each_task_with_both_scores_and_its_gap(bert: SheetFields) -> None:
    data = of_bert(bert)["accuracy-0"].data
    assert isinstance(data, AccuracyChart)
    # The appendix of the study: RTE 66.40 digital and 64.00 analog, CoLA 52.10 and 55.65.
    rows = {row.task: row for row in data.rows}
    assert len(rows) == 8
    assert (rows["RTE"].digital, rows["RTE"].analog, rows["RTE"].gap) == pytest.approx((66.4, 64.0, "−2.40"))
    assert rows["CoLA"].gap == "+3.55"


def test_accuracy_of_many_tasks_keeps_the_widest_gaps(make_sheet: Callable[[str], SheetFields]) -> None:
    tasks = "\n".join(
        f"        - {{task: T{number}, scores: {{a: {50 + number / 10} %, d: 50 %}}}}"
        for number in range(200)
    )
    sheet = make_sheet(
        f"{HEAD}performance:\n  results:\n    - name: Many\n"
        "      systems: [{id: a, name: Analog, kind: analog}, {id: d, name: Digital, kind: digital}]\n"
        f"      tasks:\n{tasks}\n"
    )
    data = figures(build_page(sheet, "full"))["accuracy-0"].data
    assert isinstance(data, AccuracyChart)
    # The gap of task n is n/10 points, so that the widest forty are the last forty, in the table's order.
    assert [row.task for row in data.rows] == [f"T{number}" for number in range(160, 200)]
    assert data.left_out == 160


def test_the_largest_layer_lies_on_its_tiles(bert: SheetFields) -> None:
    figure = of_bert(bert)["crossbar"]
    # Feed-forward of BERT-base: 768 inputs to 3072 outputs; ⌈768/512⌉ = 2, 3072/512 = 6.
    assert figure.data == CrossbarDrawing("layer.0.intermediate", 768, 3072, 512, 512, 2, 6, 2)
    assert "2 × 6 = 12 tiles" in figure.text


def test_the_floor_plan_has_every_tile_with_its_share(bert: SheetFields) -> None:
    data = of_bert(bert)["floor-plan"].data
    assert isinstance(data, FloorPlan)
    # 480 tiles, as IBM's open simulator prints them; 84,934,656 weights in 480 · 512² cells are 67.5 %.
    assert data.tiles == sum(region.tiles for region in data.regions) == 480
    assert data.used == pytest.approx(84_934_656 / (480 * 512**2))
    assert sum(region.tiles * region.used for region in data.regions) * 512**2 == pytest.approx(84_934_656)
    # 768 to 768 on 2 · 2 tiles, 768 to 3072 on 2 · 6, in each of 12 blocks.
    shares = {region.label: (region.tiles, region.layers) for region in data.regions}
    assert shares["query"] == (12 * 4, 12)
    assert shares["intermediate"] == (12 * 12, 12)


def test_a_head_gets_no_more_room_than_its_tiles(make_sheet: Callable[[str], SheetFields]) -> None:
    sheet = make_sheet(
        HEAD
        + """\
model_architecture:
  transformer_encoder:
    {layers: 48, hidden_size: 4096, heads: 32, intermediate_size: 16384, vocabulary: 1000, positions: 512}
parameters: {tile: {rows: 256, cols: 256}}
"""
    )
    data = figures(build_page(sheet, "full", recompute(sheet)))["floor-plan"].data
    assert isinstance(data, FloorPlan)
    # A block: 4 · (4096/256)² + 2 · (4096/256) · (16384/256) = 1024 + 2048 = 3072 tiles.
    assert data.tiles == sum(region.tiles for region in data.regions) == 48 * 3072
    assert {region.label: region.tiles for region in data.regions}["query"] == 48 * 256


def test_operations_are_split_by_side_and_by_kind(bert: SheetFields) -> None:
    figure = of_bert(bert)["ops-split"]
    assert isinstance(figure.data, SplitChart)
    sides = {part.label: part.value for part in figure.data.bars[0].parts}
    # 84,934,656 weights · 32 tokens · 4 sequences · 2 operations.
    assert sides["on analog tiles"] == 84_934_656 * 32 * 4 * 2
    kinds = {part.label: part.value for part in figure.data.bars[1].parts}
    assert kinds["query"] == 12 * 768 * 768 * 32 * 4 * 2
    assert sum(kinds.values()) == sides["on analog tiles"]


ENERGY = EnergySplit(
    layers=(EnergyShare("layer.0.query", 1e-6), EnergyShare("layer.1.query", 2e-6), EnergyShare("x", 7e-6)),
    parts=(EnergyShare("tiles", 3e-6), EnergyShare("digital units", 1e-6)),
    provenance="Estimated.",
    holds_at="sequence length 32, batch of 4",
)
GRID = OperatingGrid(
    (16, 32),
    (1, 4),
    tuple(
        GridPoint(length, batch, latency_s=length * batch * 1e-6) for length in (16, 32) for batch in (1, 4)
    ),
    "Estimated.",
    GridPoint(32, 4, latency_s=0.19e-3),
)
CURVE = DriftCurve(
    (DriftScore("1 h", 3600.0, 0.81, 0.80, 0.82), DriftScore("1 week", 604_800.0, 0.79, 0.77, 0.80)),
    "Simulated.",
    band="90 % of 20 runs",
    accepted=0.78,
)


def test_energy_is_split_by_part_and_by_kind_of_layer(bert: SheetFields) -> None:
    figure = of_bert(bert, Estimates(energy=ENERGY))["energy-split"]
    assert isinstance(figure.data, SplitChart)
    assert [(part.label, part.text) for part in figure.data.bars[0].parts] == [
        ("tiles", "3 µJ, 75 %"),
        ("digital units", "1 µJ, 25 %"),
    ]
    # The two query layers are of one kind: 1 + 2 of 10 µJ.
    assert [(part.label, part.text) for part in figure.data.bars[1].parts] == [
        ("x", "7 µJ, 70 %"),
        ("query", "3 µJ, 30 %"),
    ]


def test_latency_and_drift_are_what_was_handed_in(bert: SheetFields) -> None:
    found = of_bert(bert, Estimates(grid=GRID, drift=CURVE))
    assert found["latency"].data == LatencyChart(GRID)
    assert (
        "The sheet gives 0.19 ms at sequence length 32 and a batch of 4, where the model gives 0.128 ms."
        in found["latency"].text
    )
    assert found["drift"].data == DriftChart(CURVE)
    assert found["drift"].text == (
        "Score: 81 % (80 to 82 %) after 1 h; 79 % (77 to 80 %) after 1 week. "
        "The band is 90 % of 20 runs. Scores down to 78 % are accepted."
    )


@pytest.mark.parametrize("name", ["latency", "energy-split", "drift"])
def test_without_data_a_figure_says_why_in_words(bert: SheetFields, name: str) -> None:
    figure = of_bert(bert)[name]
    assert figure.data is None
    assert figure.text.startswith("No data: the sheet gives ")


def test_scores_over_time_of_the_sheet_itself_are_drawn(make_sheet: Callable[[str], SheetFields]) -> None:
    sheet = make_sheet(
        HEAD
        + """\
performance: {refresh_interval: 4 weeks}
robustness:
  provenance: {source: simulated}
  over_time: [{after: 1 week, score: 80 %}, {after: 1 day, score: 81 %}]
"""
    )
    data = figures(build_page(sheet, "full"))["drift"].data
    assert isinstance(data, DriftChart)
    assert [(point.after, point.after_s) for point in data.curve.points] == [
        ("1 day", 86_400.0),
        ("1 week", 604_800.0),
    ]
    assert data.curve.refresh == ("4 weeks", 4 * 604_800.0)
    assert data.curve.provenance == "Scores: simulated."
    assert data.curve.band is None


def test_curves_under_several_conditions_are_drawn_in_one_figure(
    make_sheet: Callable[[str], SheetFields],
) -> None:
    sheet = make_sheet(
        HEAD
        + """\
hwa_training: {baseline_accuracy: 83 %}
robustness:
  over_time:
    - {after: 1 h, score: 81 %, series: noise as trained}
    - {after: 1 week, score: 80 %, series: noise as trained}
    - {after: 1 h, score: 79 %, series: twice the noise}
    - {after: 1 week, score: 74 %, series: twice the noise}
"""
    )
    figure = figures(build_page(sheet, "full"))["drift"]
    assert isinstance(figure.data, DriftChart)
    curve = figure.data.curve
    assert (curve.name, [point.score for point in curve.points]) == ("noise as trained", [0.81, 0.8])
    assert [(other.name, [p.score for p in other.points]) for other in curve.others] == [
        ("twice the noise", [0.79, 0.74])
    ]
    assert curve.digital == pytest.approx(0.83)
    assert "twice the noise: 79 % after 1 h; 74 % after 1 week." in figure.text


def test_the_band_is_the_one_that_the_sheet_holds(make_sheet: Callable[[str], SheetFields]) -> None:
    # As `factsheet simulate --write` puts it, and as an author may write it.
    sheet = make_sheet(
        HEAD
        + """\
robustness:
  accepted_loss: 1 %
  over_time:
    - {after: 1 h, score: 91 %, note: ± 1.5 % at 90 %}
    - {after: 1 day, score: 90 % ± 2 %}
    - {after: 1 week, score: 89 %, note: ± a bit at 90 %}
"""
    )
    figure = figures(build_page(sheet, "full"))["drift"]
    assert isinstance(figure.data, DriftChart)
    ends = [(point.low, point.high) for point in figure.data.curve.points]
    assert ends[:2] == [pytest.approx((0.895, 0.925)), pytest.approx((0.88, 0.92))]
    assert ends[2] == (None, None)
    # One point below the first score, which is what the check of the refresh interval compares with.
    assert figure.data.curve.accepted == pytest.approx(0.90)
    assert "the interval of the mean at 90 % confidence" in figure.text


def test_the_lifecycle_has_the_readers_of_table_3(bert: SheetFields) -> None:
    data = of_bert(bert)["lifecycle"].data
    assert isinstance(data, Lifecycle)
    facts = {row.fact: row for stage in data.stages for row in stage.rows}
    assert len(facts) == len(VOTES) == 12
    # Table 3: set-up was asked for by P1, P2 (hardware), P10, P12 (software); inference methodology by P1, P2.
    voted = {ROLE_NAMES[at] for at in facts["Set-up instructions"].consumers}
    assert voted == {"hardware-researcher", "ai-engineer", "software-developer"}
    assert [ROLE_NAMES[at] for at in facts["Inference methodology"].consumers] == ["hardware-researcher"]
    # The sheet names the producers of these sections; nobody of limitations, which falls to a role.
    assert facts["Purpose"].producer == "Authors of the FactSheet study"
    assert facts["Limitations and challenges"].producer == "the hardware or systems researcher"


@pytest.mark.parametrize("role", ROLE_NAMES)
def test_the_lifecycle_leaves_out_no_need_of_a_role_that_was_asked(bert: SheetFields, role: str) -> None:
    data = of_bert(bert)["lifecycle"].data
    assert isinstance(data, Lifecycle)
    place = next(at for at, name in enumerate(ROLE_NAMES) if name == role)
    drawn = {row.fact for stage in data.stages for row in stage.rows if place in row.consumers}
    asked = {known.need.title for known in needs_of(ROLE_NAMES[place]) if known.basis == "Table 3"}
    assert asked <= drawn


def test_a_grid_of_operations_follows_from_the_architecture(bert: SheetFields) -> None:
    grid = estimates_of(bert, recompute(bert)).grid
    assert grid is not None
    point = grid.at(32, 4)
    assert point is not None
    assert point.analog_ops == 84_934_656 * 32 * 4 * 2
    # 12 blocks · 4 sequences · 32 tokens · 123.75 ns, the slot of the profile that the sheet names
    assert point.latency_s == pytest.approx(12 * 4 * 32 * 123.75e-9)
    # The published point: 21.84 G ops in 0.19 ms.
    assert grid.published == GridPoint(32, 4, ops=21_840_000_000, latency_s=0.19e-3)
    # Positions of BERT-base: no sequence is longer than 512.
    assert max(grid.seq_lens) == 512


def test_a_network_without_sequences_has_no_grid(make_sheet: Callable[[str], SheetFields]) -> None:
    sheet = make_sheet(HEAD + "model_architecture: {mlp: {sizes: [784, 256, 10]}}\n")
    assert estimates_of(sheet, recompute(sheet)).grid is None


def test_every_figure_says_in_words_what_it_shows(bert: SheetFields) -> None:
    every = of_bert(bert, Estimates(grid=GRID, drift=CURVE, energy=ENERGY))
    assert len(every) == 8
    for name, figure in every.items():
        assert figure.data is not None, name
        assert any(sign.isdigit() for sign in figure.text) or name == "lifecycle"
        assert figure.text.endswith(".")
        assert figure.provenance
