"""The answers in a few words on a first screen: each is the sheet's or follows from it, and none contradicts it."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from factsheet.pages.assembly import texts_of
from factsheet.pages.options import RenderOptions
from factsheet.pages.rendering import PageSet
from factsheet.readers.roles import ROLE_NAMES, VIEW_NAMES
from factsheet.recompute.derivations.gains import energy_of_answers
from factsheet.sheet.load import read_factsheet
from factsheet.source.loader import load_bytes

if TYPE_CHECKING:
    from collections.abc import Callable

    from factsheet.readers.roles import ViewName
    from factsheet.sheet.model import SheetFields

SHEETS = Path(__file__).parents[2] / "sheets"
HEAD = "factsheet: 1\noverview: {name: A sheet, model: A model, status: review}\n"
NUMBER = re.compile(r"\d[\d.,]*")


def read(name: str) -> SheetFields:
    loaded = load_bytes((SHEETS / f"{name}.yaml").read_bytes(), name)
    assert loaded.document is not None
    sheet, _ = read_factsheet(loaded.document.data)
    assert sheet is not None
    return sheet


def rows(sheet: SheetFields, view: ViewName) -> dict[str, str]:
    return {row.label: row.text for row in PageSet(sheet).page(view).opening.glance}


@pytest.mark.parametrize("name", ["bert", "albert", "digits"])
@pytest.mark.parametrize("view", VIEW_NAMES)
def test_each_row_is_short_and_repeats_what_is_below(name: str, view: ViewName) -> None:
    page = PageSet(read(name)).page(view)
    labels = [row.label for row in page.opening.glance]
    assert len(set(labels)) == len(labels)
    below = set(NUMBER.findall(" ".join(texts_of((page.sections, page.whole, page.missing, page.workings)))))
    for row in page.opening.glance:
        assert row.text.strip()
        # Scores by task are read as a table is.
        assert len(row.text) <= (262 if row.label.endswith("score, by task") else 202)
        if "estimated" in row.origin or row.label == "Tasks":
            continue  # worked out for the row; a list says how many more there are
        assert {number.rstrip(".,") for number in NUMBER.findall(row.text)} <= {
            number.rstrip(".,") for number in below
        }, row


@pytest.mark.parametrize("view", ROLE_NAMES)
def test_an_answer_is_not_listed_as_unknown(view: ViewName) -> None:
    for name in ("bert", "albert", "digits"):
        opening = PageSet(read(name)).page(view).opening
        answered = {row.label.casefold() for row in opening.glance}
        assert not {fact.label.casefold() for fact in opening.unknown} & answered
        if "Robustness" in {row.label for row in opening.glance}:
            assert "robustness in words" not in opening.unknown_line


def test_the_hardware_researcher_finds_what_the_tiles_hold(bert: SheetFields) -> None:
    found = rows(bert, "hardware-researcher")
    # The published sheet: 21.84 G ops, 21.74 G of them analog, at 32 tokens and a batch of 4.
    assert found["Operations of one run"] == (
        "approx. 21.84 G ops, 21.74 G ops of them on tiles (sequence length 32, batch of 4)"
    )
    # 84,934,656 weights in 480 · 512 · 512 = 125,829,120 cells.
    assert found["Cells in use"] == "67.5 % of the cells of 480 tiles of 512 × 512"
    assert found["Designed for"] == "sequences of up to 128 tokens; batches of 1 to 4"


def test_the_algorithm_designer_finds_noise_with_what_it_is_relative_to(
    bert: SheetFields, make_sheet: Callable[[str], SheetFields]
) -> None:
    found = rows(bert, "algorithm-designer")
    assert found["Noise in training"] == "weights 1.0, reads 0.0175, outputs 0.04 (relative to: not stated)"
    # Table 5 of the study: SST-2 91.03 against 93.50, CoLA 55.65 against 52.10.
    assert found["Analog minus digital, by task"] == (
        "RTE −2.40, MRPC −0.28, STS-B −1.28, CoLA +3.55, SST-2 −2.47, QNLI −1.49, QQP +0.43 (erratum), "
        "MNLI −1.28 points"
    )
    assert found["Recipe"].endswith("not given: epochs, optimiser, runs, toolkit")
    mixed = make_sheet(
        HEAD
        + "hwa_training:\n  weight_noise: {value: 0.02, relative_to: w_max}\n"
        + "  adc_noise: {value: 0.04, relative_to: absolute}\n"
    )
    assert rows(mixed, "algorithm-designer")["Noise in training"] == (
        "weights 0.02 (of the largest weight), outputs 0.04 (absolute)"
    )


def test_what_costs_most_alone_is_named(make_sheet: Callable[[str], SheetFields]) -> None:
    sheet = make_sheet(
        HEAD
        + """\
robustness:
  sensitivity:
    layers: [{name: first, alone: 0.20 %}, {name: classifier, alone: 0.80 %}]
    noise_sources: [{name: drift, alone: 0.50 %}, {name: read noise, won_back: 0.90 %}]
"""
    )
    assert rows(sheet, "algorithm-designer")["Largest single loss"] == (
        "layer classifier 0.80 points; source of error drift 0.50 points"
    )


@pytest.mark.parametrize("view", ["ai-engineer", "software-developer"])
def test_who_builds_with_it_finds_the_time_of_one_input_at_two_lengths(
    bert: SheetFields, view: ViewName
) -> None:
    # 12 blocks, one input of 32 and of 128 tokens, 123.75 ns a token: 47.5 µs and 0.19 ms.
    assert (
        rows(bert, view)["Time for one input, by length"] == "47.5 µs for 32 tokens; 0.19 ms for 128 tokens"
    )


def test_a_decision_has_energy_at_two_lengths_and_beside_the_alternative(
    bert: SheetFields, make_sheet: Callable[[str], SheetFields]
) -> None:
    found = rows(bert, "business-expert")
    # 149.6 µJ an answer of 32 tokens by the chip model: 5.4358 G ops at 100 TOPS/W and 12,976,128 values at 7.34 pJ
    # (docs/cost-model.md); a million are 149.6 J, 0.042 Wh, and four times as much at 128 tokens.
    assert found["A million answers, by length"] == (
        "0.042 Wh for 32 pieces of words; 0.17 Wh for 128 pieces of words"
    )
    # Whether it can be had is asked first, and answered first.
    answer = PageSet(bert).page("business-expert").opening.answer
    assert answer[0] == "State of the hardware: prototypes under design."
    assert "A million answers on digital hardware" not in found
    sheet = make_sheet(
        HEAD + "performance: {energy_efficiency: 1000 inferences/s/W, energy_baseline: 100 inferences/s/W}\n"
    )
    # 1,000,000 / 100 J are 10 kJ, 2.78 Wh.
    assert (
        rows(sheet, "business-expert")["A million answers on digital hardware"] == "2.78 Wh, 10 times as much"
    )
    assert "cannot be said" not in " ".join(PageSet(sheet).page("business-expert").opening.answer)


FENCED = """\
setup:
  instructions: |
    Install it, then run:

    ```bash
    pip install example-model
    example-model --seq-len 128
    ```
"""


@pytest.mark.parametrize(
    ("setup", "expected"),
    [
        (FENCED, "pip install example-model\nexample-model --seq-len 128"),
        # The row has all of it.
        ("setup: {instructions: Run `python run.py` in the folder.}\n", ""),
        # A name is no command, and words are none.
        ("setup: {instructions: Install aihwkit and call `predict`.}\n", ""),
        ("setup: {instructions: Ask us.}\n", ""),
        ("", ""),
    ],
)
def test_the_snippet_is_the_code_of_the_sheet(
    make_sheet: Callable[[str], SheetFields], setup: str, expected: str
) -> None:
    pages = PageSet(make_sheet(HEAD + setup))
    for view in ("ai-engineer", "software-developer"):
        assert pages.page(view).opening.snippet == expected
    assert pages.page("business-expert").opening.snippet == ""
    if expected:
        assert f"```text\n{expected}\n```" in str(pages.render("ai-engineer", "md"))


def test_a_sheet_that_does_not_say_how_to_run_it_says_so(bert: SheetFields) -> None:
    answer = PageSet(bert).page("ai-engineer").opening.answer
    assert answer[1] == (
        "Weights are programmed again after 4 weeks. An expectation, not a measurement. "
        "The sheet does not say how to run it."
    )


def test_the_interval_is_said_with_its_bound_and_against_what_it_is_measured() -> None:
    answer = PageSet(read("digits")).page("ai-engineer").opening.answer[1]
    sheet = read("digits")
    assert sheet.performance is not None
    earliest = sheet.performance.refresh_earliest
    assert earliest is not None
    assert f", at the earliest {earliest.words()} (90 % confidence)." in answer
    # 97.78 % in floating point, some 6 points less after an hour, and 1 % is accepted.
    assert answer.endswith(
        "Freshly programmed, it is already further below the digital model (97.78 %) than the accepted loss of 1.00 %."
    )


@pytest.mark.parametrize("view", ROLE_NAMES)
def test_the_figures_of_a_full_sheet_fill_their_grid(bert: SheetFields, view: ViewName) -> None:
    # Two rows of three on a laptop, three of two on a phone.
    assert len(PageSet(bert).page(view).opening.figures) == 6


@pytest.mark.parametrize(
    ("figures", "joules", "path"),
    [
        ("performance: {energy_efficiency: 1000 inferences/s/W}", 1000.0, "performance.energy_efficiency"),
        ("performance: {energy_per_inference: 2 mJ}", 2000.0, "performance.energy_per_inference"),
        (
            "parameters: {operating_points: [{seq_len: 32, batch: 4, energy: 8 mJ}]}",
            2000.0,
            "parameters.operating_points[0].energy",
        ),
    ],
)
def test_the_energy_of_a_million_answers_follows_from_what_the_sheet_gives(
    make_sheet: Callable[[str], SheetFields], figures: str, joules: float, path: str
) -> None:
    sheet = make_sheet(f"{HEAD}{figures}\n")
    found = energy_of_answers(sheet, 1_000_000)
    assert found is not None
    assert found.energy_j == pytest.approx(joules)
    assert found.path == path
    shown = {entry.name: entry for entry in PageSet(sheet).page("business-expert").opening.figures}
    assert shown["Energy of a million answers"].value == f"{joules / 3600:.2g} Wh"


def test_without_an_alternative_the_saving_is_said_to_be_a_rough_estimate(bert: SheetFields) -> None:
    opening = PageSet(bert).page("business-expert").opening
    answer = " ".join(opening.answer)
    assert (
        "The sheet has no figure for digital hardware. By our rough estimates, a data-centre GPU uses"
        in answer
    )
    assert "times the energy for the same text of 32 pieces of words." in answer
    card = next(entry for entry in opening.figures if entry.name == "What it saves")
    assert card.value == "Not stated"
    assert "a data-centre GPU uses about" in (card.condition or "")


@pytest.mark.usefixtures("pango")
@pytest.mark.parametrize("name", ["bert", "digits"])
def test_the_business_letter_is_one_page_of_paper(name: str) -> None:
    import pypdf

    made = PageSet(read(name), RenderOptions()).render("business-expert", "pdf")
    assert isinstance(made, bytes)
    pages = [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(made)).pages]
    opening = PageSet(read(name)).page("business-expert").opening
    letter = re.sub(r"\s+", "", pages[1])
    for entry in opening.figures:
        assert re.sub(r"\s+", "", entry.value) in letter
    for row in opening.glance:
        assert re.sub(r"\s+", "", row.label) in letter
    assert re.sub(r"\s+", "", opening.unknown_line) in letter
    # The next page is the table of contents: nothing of the letter ran over.
    assert pages[2].lstrip().startswith("Contents")
