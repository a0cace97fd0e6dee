"""What stands beside a figure: who says so of which hardware, as what it is read, with which split, to which digit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from factsheet.pages.rendering import PageSet

if TYPE_CHECKING:
    from collections.abc import Callable

    from factsheet.pages.first_screen import KeyFigure
    from factsheet.readers.roles import ViewName
    from factsheet.sheet.model import SheetFields

HEAD = "factsheet: 1\noverview: {name: A sheet, model: A model, status: review}\n"
CHIP = {
    "Time of one run",
    "Time for 4 inputs together",
    "Energy efficiency",
    "Answers per second",
    "Energy of a million answers",
}


def figures(sheet: SheetFields, view: ViewName) -> dict[str, KeyFigure]:
    return {entry.name: entry for entry in PageSet(sheet).page(view).opening.figures}


def notes(sheet: SheetFields, view: ViewName) -> list[str]:
    return [
        note.text
        for made in PageSet(sheet).page(view).sections
        for block in made.blocks
        for note in getattr(block, "notes", ())
    ]


@pytest.mark.parametrize(
    "view", ["ai-engineer", "software-developer", "business-expert", "hardware-researcher"]
)
def test_figures_of_a_chip_that_is_not_built_say_so(bert: SheetFields, view: ViewName) -> None:
    found = figures(bert, view)
    assert CHIP & found.keys()
    for name in CHIP & found.keys():
        assert found[name].provenance.endswith("; hardware: prototypes under design"), name
    if view != "hardware-researcher":
        # The sheet's own summary of its limits.
        answer = " ".join(PageSet(bert).page(view).opening.answer)
        assert "the figures of the chip are estimates for prototypes" in answer


def test_a_declared_figure_names_who_declares_it(bert: SheetFields) -> None:
    assert figures(bert, "business-expert")["Time for 4 inputs together"].provenance.startswith(
        "declared by IBM AI Hardware Center"
    )


@pytest.mark.parametrize(
    ("source", "maturity", "expected"),
    [
        ("measured", "first chips in the laboratory", "measured"),
        ("simulated", "simulated only", "simulated; hardware: simulated only"),
        ("declared", None, "declared; state of the hardware not stated"),
    ],
)
def test_measured_figures_need_no_word_on_the_hardware(
    make_sheet: Callable[[str], SheetFields], source: str, maturity: str | None, expected: str
) -> None:
    state = "" if maturity is None else f"hardware: {{inference: {{maturity: {maturity}}}}}\n"
    sheet = make_sheet(f"{HEAD}parameters: {{power: {{value: 3 W, source: {source}}}}}\n{state}")
    assert figures(sheet, "hardware-researcher")["Power of the chip"].provenance == expected


TABLE = """\
performance:
  results:
    - name: T
      systems: [{id: a, name: Chip, kind: analog}, {id: d, name: GPU, kind: digital}]
      tasks:
        - {task: first, scores: {a: 80.0 %, d: 82.0 %}}
        - {task: second, scores: {a: 70.0 %, d: 72.0 %}}
      averages: {a: {value: 75.0 %, note: NOTE}, d: 77.0 %}
"""


@pytest.mark.parametrize(
    ("note", "analog", "gap"),
    [
        (
            "Taken on the validation set.",
            ", validation split",
            "; analog: validation split; digital: split not stated",
        ),
        ("Of three runs.", ", split not stated", ", split not stated"),
        ("Dev set for X, test set for Y.", ", split not stated", ", split not stated"),
        ("We test it later.", ", split not stated", ", split not stated"),
    ],
)
def test_a_split_that_only_a_note_names_is_not_said_to_be_missing(
    make_sheet: Callable[[str], SheetFields], note: str, analog: str, gap: str
) -> None:
    found = figures(make_sheet(HEAD + TABLE.replace("NOTE", f'"{note}"')), "data-scientist")
    assert found["Accuracy: Chip (analog)"].condition == f"T, average of 2 tasks{analog}"
    # The note is about the analog scores: nothing is known of the others.
    assert found["Accuracy: GPU (digital)"].condition == "T, average of 2 tasks, split not stated"
    assert gap in found["Analog minus digital score"].condition


def test_a_comparison_in_words_has_the_erratum_of_the_comparison(bert: SheetFields) -> None:
    page = PageSet(bert).page("software-developer").opening
    assert "0.65 points below the digital one" in " ".join(page.answer)
    assert "This is no fair comparison" in " ".join(page.answer)


@pytest.mark.parametrize(
    ("time", "throughput"),
    [
        # 4 / 0.19 ms = 21,053 a second; 0.18 to 0.20 ms are 20,000 to 22,222, known to the thousands.
        ("approx. 0.19 ms", "approx. 21,000 inferences/s"),
        # 0.1895 to 0.1905 ms are 20,997 to 21,108, known to the tens.
        ("0.190 ms", "21,053 inferences/s"),
    ],
)
def test_a_derived_figure_has_the_digits_of_what_it_is_derived_from(
    make_sheet: Callable[[str], SheetFields], time: str, throughput: str
) -> None:
    sheet = make_sheet(
        HEAD + f"parameters: {{operating_points: [{{seq_len: 32, batch: 4, execution_time: {time}}}]}}\n"
    )
    assert figures(sheet, "ai-engineer")["Answers per second"].value == throughput


def test_the_energies_of_one_run_are_compared_in_words(bert: SheetFields) -> None:
    # 3.13 W · 0.19 ms = 594.7 µJ, 4 / 6589 J = 607 µJ; 0.18 to 0.20 ms and 3.125 to 3.135 W allow 562.5 to 627.
    (found,) = (note for note in notes(bert, "hardware-researcher") if note.startswith("Energy of one run"))
    assert found == (
        "Energy of one run: approx. 590 µJ by power times execution time, 607 µJ by the energy efficiency and 598 µJ "
        "by the chip model. They agree: the digits of the sheet allow 563 µJ to 627 µJ."
    )


def test_energies_of_one_run_that_contradict_each_other_are_said_to(
    make_sheet: Callable[[str], SheetFields],
) -> None:
    sheet = make_sheet(
        HEAD
        + """\
parameters: {operating_points: [{seq_len: 32, batch: 4, execution_time: 0.19 ms, power: 3.13 W}]}
performance: {energy_efficiency: {value: 1000 inferences/s/W, at: {seq_len: 32, batch: 4}}}
"""
    )
    # 4 / 1000 J = 4 mJ against 0.59 mJ.
    (found,) = (note for note in notes(sheet, "algorithm-designer") if note.startswith("Energy of one run"))
    assert "They do not all agree" in found
    assert "4 mJ" in found


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ("test_data: {name: GLUE, split: validation}", "it was tested on the validation split."),
        (
            "test_data: {name: GLUE, size: 450}",
            "Training and test data are both from GLUE. There are 1,077 examples to train on and 450 to test on.",
        ),
        ("test_data: {name: SQuAD}", "It was trained on GLUE and tested on SQuAD."),
    ],
)
def test_nothing_is_said_to_be_tested_on_what_it_was_trained_on(
    make_sheet: Callable[[str], SheetFields], data: str, expected: str
) -> None:
    sheet = make_sheet(f"{HEAD}training_data: {{name: GLUE, size: 1077}}\n{data}\n")
    found = PageSet(sheet).page("data-scientist").opening
    assert expected in " ".join(found.answer)
    assert "tested on it," not in found.sentence


def test_what_a_sheet_derived_itself_is_no_check_of_it(make_sheet: Callable[[str], SheetFields]) -> None:
    figures_ = "energy_efficiency: 1000 inferences/s/W, energy_per_inference: {value: 1 mJ, source: derived}"
    sheet = make_sheet(f"{HEAD}performance: {{{figures_}}}\n")
    answer = PageSet(sheet).page("hardware-researcher").opening.answer[-1]
    assert answer.endswith("1 of them is derived or estimated itself: only its arithmetic is checked.")
