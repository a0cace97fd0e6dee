"""The figure of a claim among published designs: what it draws and says, and for whom."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from factsheet.api.fact_sheet import loads
from factsheet.hardware.survey.standing import best_points
from factsheet.pages.content.chip import estimates_of
from factsheet.pages.figures.canvas import NARROW, WIDTH, Canvas
from factsheet.pages.figures.drawing import draw, draw_for_screens
from factsheet.pages.figures.field import FieldChart, field_figure
from factsheet.pages.inputs import gather
from factsheet.readers.plans import VIEWS
from factsheet.recompute.engine import recompute

if TYPE_CHECKING:
    from factsheet.pages.model import FigureBlock
    from factsheet.sheet.model import SheetFields

HEAD = "factsheet: 1\noverview: {name: A, model: A}\nprovenance: {source: declared}\n"


def figure_of(sheet: SheetFields) -> FigureBlock | None:
    derivation = recompute(sheet)
    return field_figure(gather(sheet, VIEWS["full"], derivation, estimates=estimates_of(sheet, derivation)))


def test_every_design_of_each_class_is_marked_and_the_claim_is_a_band(bert: SheetFields) -> None:
    figure = figure_of(bert)
    assert figure is not None
    assert isinstance(figure.data, FieldChart)
    for width in (WIDTH, NARROW):
        canvas = Canvas("field", width)
        shapes = canvas.drawing(figure.data.draw(canvas)).shapes
        marks = len(re.findall(r"v14", shapes))
        designs = sum(standing.designs for standing in figure.data.standings)
        # Designs that are less than a pixel apart are one mark.
        assert designs - 8 <= marks <= designs == 38
        assert shapes.count("<rect") == 1
        assert (
            "this chip: 36 TOPS/W × 8 × 1 to 8 bits" in shapes
        )  # a guess of bits is no figure in four digits
        xs = [float(x) for x in re.findall(r'(?:M| x=")(-?[\d.]+)', shapes)]
        assert min(xs) >= 0
        assert max(xs) <= width
    # 21.84 G ops · 6589 inferences/s/W / 4 = 35.98 TOPS/W; times 8, and times 64.
    assert "35.98 TOPS/W" in figure.text
    assert "287.8 to 2,302 TOPS/W of 1 bit" in figure.text
    assert "19 in-memory processors" in figure.text


def test_the_figure_is_small(bert: SheetFields) -> None:
    figure = figure_of(bert)
    assert figure is not None
    drawn = sum(len(drawing.shapes) for drawing in draw_for_screens(figure).values())
    # The two drawings once; words once, the provenance in each of the two views that have the figure.
    assert drawn + len(figure.text) + 2 * len(figure.provenance or "") < 4096


def test_a_claim_beyond_every_design_is_drawn_inside_the_frame() -> None:
    figure = figure_of(loads(f"{HEAD}performance: {{tops_per_watt: 10000 TOPS/W}}"))
    assert figure is not None
    assert isinstance(figure.data, FieldChart)
    (best, _) = best_points("efficiency", figure.data.standings[0].within)[-1]
    assert figure.data.claim.one_bit.low > best
    assert "1.52 times the best" in figure.text  # 10,000 / 6,582.8 (design 124)
    assert "100 %" not in figure.text
    assert "Warning: no published design comes near" in figure.text
    assert draw(figure).startswith("<svg")


def test_a_sheet_without_such_a_claim_has_no_figure() -> None:
    assert figure_of(loads(HEAD)) is None
    assert figure_of(loads(f"{HEAD}performance: {{tops_per_watt: up to 50 TOPS/W}}")) is None


def test_those_who_know_hardware_get_it() -> None:
    assert {name for name, view in VIEWS.items() if "field" in view.figures} == {
        "full",
        "hardware-researcher",
    }
