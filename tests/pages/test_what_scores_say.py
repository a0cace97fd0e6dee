"""What a first screen says of scores: of a lone one, of both sides of a gap, of other runs, and of each task."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from factsheet.pages.key_figure import counted
from factsheet.pages.rendering import PageSet

if TYPE_CHECKING:
    from collections.abc import Callable

    from factsheet.pages.first_screen import Opening
    from factsheet.readers.roles import ViewName
    from factsheet.sheet.model import SheetFields

    Make = Callable[[str], SheetFields]

HEAD = "factsheet: 1\noverview: {name: A sheet, model: A model, status: review}\nprovenance: {source: declared}\n"
LONE = """\
performance:
  results:
    - {{name: Loss, metric: loss, systems: [{{id: m, name: model{kind}}}], tasks: [{{task: T, scores: {{m: 0.31}}}}]}}
    - name: T
      metric: accuracy
      systems: [{{id: m, name: model{kind}}}]
      tasks: [{{task: T, scores: {{m: 77.25 %}}}}]
"""
TRAINED = """\
hwa_training:
  accuracy: {value: 91.40 %, note: "1 h after programming; mean of 20 chips, ± 1.12 % at 90 %."}
  baseline_accuracy: {value: 97.78 %, note: Run in floating point.}
  learning_rate: 0.01
test_data: {size: 450}
"""


def opening(sheet: SheetFields, view: ViewName) -> Opening:
    return PageSet(sheet).page(view).opening


@pytest.mark.parametrize("view", ["data-scientist", "software-developer", "business-expert"])
@pytest.mark.parametrize(
    ("kind", "name"),
    [
        (", kind: digital", "Accuracy (digital)"),
        (", kind: analog", "Accuracy (analog)"),
        ("", "Accuracy (not stated whether analog or digital)"),
    ],
)
def test_a_lone_score_is_on_the_first_screen(make_sheet: Make, view: ViewName, kind: str, name: str) -> None:
    found = opening(make_sheet(HEAD + LONE.format(kind=kind)), view)
    scores = [figure for figure in found.figures if figure.unit == "%"]
    assert [(figure.name, figure.value, figure.condition) for figure in scores] == [
        (name, "77.25 %", "T, split not stated")
    ]
    # An analog score is missing all the same.
    assert any(fact.path == "hwa_training.accuracy" for fact in found.unknown) == (kind != ", kind: analog")


def test_none_of_several_analog_scores_is_taken_for_that_of_the_model(make_sheet: Make) -> None:
    table = (
        "performance: {results: [{name: T, systems: [{id: a, name: A, kind: analog}, {id: b, name: B, kind: analog}],"
        " tasks: [{task: T, scores: {a: 70 %, b: 80 %}}]}]}\n"
    )
    assert not any(
        figure.unit == "%" for figure in opening(make_sheet(HEAD + table), "data-scientist").figures
    )


def test_each_note_goes_with_its_own_score(make_sheet: Make) -> None:
    sheet = make_sheet(HEAD + TRAINED)
    figures = {figure.name: figure for figure in opening(sheet, "data-scientist").figures}
    assert [c.text for c in figures["Analog minus digital score"].caveats if c.kind == "note"] == []
    assert "± 1.12 % at 90 %" in figures["Score after hardware-aware training"].caveats[0].text
    # Where only one of the scores stands beside the gap, the gap has both notes, and one uncertainty: its own.
    figures = {figure.name: figure for figure in opening(sheet, "software-developer").figures}
    assert [c.text for c in figures["Analog minus digital score"].caveats if c.kind == "note"] == [
        "Analog score: 1 h after programming; mean of 20 chips.",
        "Digital score: Run in floating point.",
    ]


@pytest.mark.parametrize(
    ("text", "spoken_of"),
    [
        ("Scores are those of one network; another seed of training moves them by a point.", True),
        ("Scores are those of one training.", True),
        ("Mean of 3 training runs.", True),
        ("The training set is small.", False),
        ("One training set was used.", False),
    ],
)
def test_what_prose_says_of_other_runs_is_not_called_missing(
    make_sheet: Make, text: str, spoken_of: bool
) -> None:
    sheet = make_sheet(f"{HEAD}{TRAINED}limitations: {{known: ['{text}']}}\n")
    page = PageSet(sheet).page("data-scientist")
    score = page.opening.figures[0]
    assert score.path == "hwa_training.accuracy"
    assert (text in [caveat.text for caveat in score.caveats]) == spoken_of
    assert ("training runs" not in page.opening.unknown_line) == spoken_of
    recipe = {row.label: row.text for row in opening(sheet, "algorithm-designer").glance}["Recipe"]
    assert ("runs" not in recipe) == spoken_of


def test_scores_by_task_name_metrics_that_differ(bert: SheetFields) -> None:
    rows = {row.label: row.text for row in opening(bert, "data-scientist").glance}
    words = rows["Analog / digital score, by task"]
    # Table of the appendix: CoLA by the Matthews correlation, STS-B by Spearman's.
    assert words.startswith("accuracy: RTE 64.00 / 66.40, ")
    assert words.endswith("Matthews correlation: CoLA 55.65 / 52.10 %")
    assert rows["Meant for"].endswith("; scores are given for GLUE alone")
    # The erratum says that these are the sizes of the training splits: it is on those of the test data.
    assert "erratum" not in rows["Trained on"]
    assert rows["Tested on"].endswith("; how many examples the scores were taken on is not known")
    # The erratum on the digital score of QQP goes where that score is listed.
    assert "QQP 89.63 / 89.20 (erratum)" in words


def test_energy_and_operations_per_joule_are_of_one_derivation(bert: SheetFields) -> None:
    rows = {row.label: row for row in opening(bert, "hardware-researcher").glance}
    # 1 / 6589 = 151.8 µJ, and 21.84 G ops / (4 · 151.8 µJ) = 35.98 TOPS/W; by 0.19 ms and 3.13 W it would be 36.7.
    assert rows["Energy"].text == "151.8 µJ for an inference; approx. 36 TOPS/W"
    assert (
        rows["Energy"].origin == "if at sequence length 32, batch of 4; derived here from energy efficiency"
    )
    # The table below has the other one, and says how the two go together.
    page = str(PageSet(bert).render("hardware-researcher", "md"))
    assert (
        "approx. 37 TOPS/W by operations, time and power; approx. 36 TOPS/W by the energy efficiency; "
        "the digits of the sheet allow both."
    ) in page


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("3,200", "3,200 examples"),
        ("18k images", "18k images"),
        ("5 million", "5 million examples"),
        ("2.5k to 393k", "2.5k to 393k examples"),
    ],
)
def test_what_is_counted_is_said_once(text: str, words: str) -> None:
    assert counted(text, "examples") == words


def test_a_metric_that_the_table_has_is_not_called_missing(make_sheet: Make) -> None:
    page = PageSet(make_sheet(HEAD + LONE.format(kind="") + "test_data: {name: T, size: 10}\n")).page(
        "data-scientist"
    )
    notes = [
        note.text
        for made in page.sections
        for block in made.blocks
        for note in getattr(block, "notes", ())
        if note.about == "Not in the sheet"
    ]
    assert notes
    assert "metric" not in notes[0]
