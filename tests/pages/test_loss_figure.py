"""The figure of losses: by task against the digital model, over time and over noise; errata go with their tasks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from factsheet.pages.figures.accuracy import AccuracyChart
from factsheet.pages.figures.drawing import draw
from factsheet.pages.figures.loss import LossChart
from factsheet.pages.model import FigureBlock, TableBlock
from factsheet.pages.rendering import PageSet

if TYPE_CHECKING:
    from collections.abc import Callable

    from factsheet.readers.roles import ViewName
    from factsheet.sheet.model import SheetFields

HEAD = "factsheet: 1\noverview: {name: A sheet, model: A model, status: review}\n"


def figure(sheet: SheetFields, view: ViewName, id: str) -> FigureBlock:  # noqa: A002  its name in the model
    blocks = (block for made in PageSet(sheet).page(view).sections for block in made.blocks)
    return next(block for block in blocks if isinstance(block, FigureBlock) and block.id == id)


def test_losses_by_task_are_those_of_the_published_table(bert: SheetFields) -> None:
    chart = figure(bert, "algorithm-designer", "loss").data
    assert isinstance(chart, LossChart)
    # The appendix of the study: GLUE's eight rows, analog minus digital.
    assert [(task.task, round(task.loss, 2)) for task in chart.tasks] == [
        ("SST-2", 2.47),
        ("RTE", 2.40),
        ("QNLI", 1.49),
        ("STS-B", 1.28),
        ("MNLI", 1.28),
        ("MRPC", 0.28),
        ("QQP", -0.43),
        ("CoLA", -3.55),
    ]
    assert chart.digital == "BERT paper (digital)"
    # The sheet's erratum on the digital score of QQP goes with its bar.
    assert [task.task for task in chart.tasks if task.flagged] == ["QQP"]


def test_a_drawing_says_which_task_has_an_erratum(bert: SheetFields) -> None:
    for view, id_ in (("algorithm-designer", "loss"), ("business-expert", "accuracy-0")):
        block = figure(bert, view, id_)  # type: ignore[arg-type]  # both are views
        svg = draw(block, standalone=True)
        assert ">QQP *<" in svg
        assert "* has an erratum" in svg
        assert "(has an erratum)" in block.text
    assert isinstance(figure(bert, "business-expert", "accuracy-0").data, AccuracyChart)


CURVES = """\
robustness:
  over_time:
    - {after: 1 h, score: 90.0 %, series: as trained}
    - {after: 1 week, score: 88.0 %, series: as trained}
    - {after: 1 h, score: 85.0 %, series: twice the noise}
    - {after: 1 week, score: 80.0 %, series: twice the noise}
"""


def test_losses_over_time_are_against_the_digital_model_for_each_strength_of_noise(
    make_sheet: Callable[[str], SheetFields],
) -> None:
    sheet = make_sheet(HEAD + CURVES + "hwa_training: {baseline_accuracy: 92.0 %}\n")
    chart = figure(sheet, "algorithm-designer", "loss").data
    assert isinstance(chart, LossChart)
    found = {curve.name: [pytest.approx(loss) for _, _, loss in curve.points] for curve in chart.curves}
    assert found == {"as trained": [2.0, 4.0], "twice the noise": [7.0, 12.0]}
    assert chart.first == ""


def test_without_a_digital_score_losses_are_against_the_first(
    make_sheet: Callable[[str], SheetFields],
) -> None:
    block = figure(make_sheet(HEAD + CURVES), "algorithm-designer", "loss")
    assert isinstance(block.data, LossChart)
    assert [loss for _, _, loss in block.data.curves[0].points] == [0.0, pytest.approx(2.0)]
    assert "against the first score" in block.text
    assert ">the digital model" not in draw(block, standalone=True)


def test_without_scores_the_reason_is_said(make_sheet: Callable[[str], SheetFields]) -> None:
    sheet = make_sheet(HEAD + "hwa_training: {accuracy: 91 %}\nperformance: {summary: Good.}\n")
    block = figure(sheet, "algorithm-designer", "loss")
    assert block.data is None
    assert block.text.startswith("No data")


def test_losses_over_the_strength_of_noise_are_drawn_against_the_digital_score(
    make_sheet: Callable[[str], SheetFields],
) -> None:
    rows = "".join(
        f"    - {{strength: {strength}, after: 1 h, score: {score} %, series: {series}}}\n"
        for series, scores in (("trained with noise", (92, 91, 80)), ("floating point", (91.5, 85, 60)))
        for strength, score in zip((0.5, 1, 2), scores, strict=True)
    )
    sheet = make_sheet(
        "factsheet: 1\noverview: {name: A, model: M}\n"
        "hwa_training: {accuracy: 91 %, baseline_accuracy: 93 %, accuracy_metric: accuracy}\n"
        f"robustness:\n  over_noise:\n{rows}"
    )
    page = PageSet(sheet).page("algorithm-designer")
    found = figure(sheet, "algorithm-designer", "loss")
    # 93 % less each score.
    assert "trained with noise: 1 at 0.5 times; 2 at 1 times; 13 at 2 times." in found.text
    assert "floating point: 1.5 at 0.5 times; 8 at 1 times; 33 at 2 times." in found.text
    drawn = draw(found)
    assert "Over the strength of noise" in drawn
    assert "times the noise of the hardware" in drawn
    row = next(row for row in page.opening.glance if row.label == "Score over the strength of noise")
    assert row.text == "trained with noise: 92 % at 0.5 times, 91 % at 1 times, 80 % at 2 times"
    assert "scores under other noise" not in page.opening.unknown_line
    table = next(
        block
        for made in page.sections
        for block in made.blocks
        if isinstance(block, TableBlock) and block.caption == "Score over the strength of noise"
    )
    assert table.rows[2] == ("trained with noise", "2", "80 %")
    assert table.provenance is not None
    assert "Time after programming: 1 h." in table.provenance
