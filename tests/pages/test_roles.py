"""What each role came for, point by point; and the summary that opens its page, which stands alone."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from factsheet.authoring.todo import owed_facts
from factsheet.pages.assembly import build_page, texts_of
from factsheet.pages.estimates import ChipProfile, EnergyShare, EnergySplit, Estimates, ProfileRow
from factsheet.pages.formats.html import HtmlBook
from factsheet.pages.model import FigureBlock, FiguresBlock, ListBlock, ProseBlock, TableBlock, shown_paths
from factsheet.readers.needs import needs_of
from factsheet.readers.parts import covered
from factsheet.readers.plans import VIEWS
from factsheet.readers.roles import ROLE_NAMES, VIEW_NAMES
from factsheet.recompute.engine import recompute
from factsheet.sheet.load import read_factsheet
from factsheet.sheet.walk import facts
from factsheet.source.document import dotted
from factsheet.source.loader import load_bytes

if TYPE_CHECKING:
    from collections.abc import Callable

    from factsheet.pages.model import Page
    from factsheet.readers.roles import RoleName, ViewName
    from factsheet.sheet.model import SheetFields

HEAD = """\
factsheet: 1
overview: {name: A sheet, model: A model}
"""
HALF_A_PAGE = 2500
"""Characters; a page of A4 in 11 points holds about 4,000 to 5,000."""
NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


def page_of(bert: SheetFields, view: ViewName) -> Page:
    return build_page(bert, view, recompute(bert))


def open_paths(page: Page) -> set[str]:
    found: set[str] = set()
    for block in (block for section in page.sections for block in section.blocks):
        if isinstance(block, FiguresBlock):
            found |= {row.path for row in block.rows}
        elif isinstance(block, ProseBlock | ListBlock):
            found.add(block.row.path)
        elif isinstance(block, TableBlock):
            found |= set(block.paths)
    return found


def drawn(page: Page) -> list[str]:
    blocks = (block for section in page.sections for block in section.blocks)
    return [block.id for block in blocks if isinstance(block, FigureBlock)]


def captions(page: Page) -> list[str]:
    blocks = (block for section in page.sections for block in section.blocks)
    return [block.caption for block in blocks if isinstance(block, TableBlock)]


# What each role gets beside the facts of its needs, in the words of the study: hardware researchers compare chips,
# designers analog with digital, data scientists ask what it was trained on and when to refresh it, engineers how it
# runs, developers what it does and gains, business experts what it costs and commits to.
GETS: dict[RoleName, tuple[str, ...]] = {
    "hardware-researcher": (
        "parameters.tile.rows",
        "parameters.power",
        "parameters.area",
        "performance.energy_efficiency",
        "inference_methodology.summary",
        "inference_methodology.non_idealities",
        "inference_methodology.compensation",
        "hwa_training.non_idealities",
        "hardware.inference.maturity",
    ),
    "algorithm-designer": (
        "hwa_training.summary",
        "hwa_training.weight_noise",
        "hwa_training.read_noise",
        "hwa_training.adc_noise",
        "hwa_training.learning_rate",
        "hwa_training.baseline_accuracy",
        "performance.results[0].tasks[0].scores.analog",
        "model_architecture.base_model",
    ),
    "data-scientist": (
        "training_data.name",
        "test_data.name",
        "performance.results[0].averages.analog",
        "performance.refresh_interval",
        "performance.refresh_reason",
    ),
    "ai-engineer": (
        "parameters.operating_points[0].execution_time",
        "performance.classification_time",
        "parameters.optimum.batch",
        "performance.refresh_interval",
        "inference_methodology.compensation",
        "setup.implementation",
    ),
    "software-developer": (
        "purpose.summary",
        "purpose.applications",
        "purpose.benefits",
        "setup.implementation",
        "performance.classification_time",
    ),
    "business-expert": (
        "purpose.summary",
        "purpose.applications",
        "purpose.benefits",
        "views.energy_of_a_million",
        "performance.energy_efficiency",
        "limitations.known",
        "performance.refresh_interval",
    ),
}
MISSES: dict[RoleName, tuple[str, ...]] = {
    "hardware-researcher": ("inference_methodology.programming", "robustness.noise"),
    "algorithm-designer": ("robustness.noise", "robustness.drift"),
    "data-scientist": ("training_data.split", "robustness.noise"),
    "ai-engineer": ("setup.instructions", "setup.interface", "performance.throughput"),
    "software-developer": ("setup.instructions", "setup.interface"),
    "business-expert": (
        "limitations.obligations",
        "limitations.risks",
        "overview.licence",
        "performance.energy_baseline",
    ),
}
FIGURES: dict[ViewName, set[str]] = {
    "hardware-researcher": {
        *("crossbar", "floor-plan", "ops-split", "latency", "energy-split", "accuracy-0", "drift"),
    },
    "algorithm-designer": {"loss", "crossbar", "ops-split"},
    "data-scientist": {"accuracy-0", "drift"},
    "ai-engineer": {"latency", "ops-split", "energy-split", "drift"},
    "software-developer": {"latency", "accuracy-0"},
    "business-expert": {"accuracy-0"},
}


@pytest.mark.parametrize("role", ROLE_NAMES)
def test_a_role_finds_open_what_it_came_for(bert: SheetFields, role: RoleName) -> None:
    page = page_of(bert, role)
    assert set(GETS[role]) <= open_paths(page)
    missing = {row.path for group in page.missing.groups for row in (*group.rows, *group.beside)}
    assert set(MISSES[role]) <= missing
    assert set(drawn(page)) == FIGURES[role]


@pytest.mark.parametrize("role", ROLE_NAMES)
def test_what_a_role_came_for_is_what_its_needs_name(role: RoleName) -> None:
    needs = [path for known in needs_of(role) for path in (*known.need.core, *known.need.more)]
    for path in (*GETS[role], *MISSES[role]):
        assert covered((*needs, *VIEWS[role].short), path) or path.startswith("views."), path


def test_a_hardware_researcher_gets_every_layer_with_tiles_and_energy(bert: SheetFields) -> None:
    energy = EnergySplit((EnergyShare("layer.0.query", 2e-6),), (), "Estimated.", "sequence length 32")
    page = build_page(bert, "hardware-researcher", recompute(bert), estimates=Estimates(energy=energy))
    (table,) = [
        block
        for section in page.sections
        for block in section.blocks
        if isinstance(block, TableBlock) and block.caption == "Layers on tiles"
    ]
    # BERT-base: query, key, value and output of attention are 768 × 768; 2 × 2 tiles of 512 × 512, 56.25 % full.
    query = next(row for row in table.rows if row[0] == "query")
    assert query[1:] == (
        "layer.0 to layer.11 (12 alike)",
        "768 × 768",
        "4",
        "56.2 %",
        "32",
        "151 M ops",
        "2 µJ",
    )
    assert table.header[-1] == "Energy"


def test_a_profile_is_shown_with_the_provenance_of_each_figure(bert: SheetFields) -> None:
    profile = ChipProfile(
        "ibm-2022", (ProfileRow("time slot", "123.75 ns", "fitted to ResNet32", "a paper"),)
    )
    page = build_page(bert, "hardware-researcher", recompute(bert), estimates=Estimates(profile=profile))
    tables = [b for section in page.sections for b in section.blocks if isinstance(b, TableBlock)]
    (table,) = [found for found in tables if found.caption == "Hardware profile: ibm-2022"]
    assert table.header == ("Figure", "Value", "Standing", "Source")
    assert table.rows == (("time slot", "123.75 ns", "fitted to ResNet32", "a paper"),)


def test_an_algorithm_designer_is_told_what_to_compare_with(bert: SheetFields) -> None:
    page = page_of(bert, "algorithm-designer")
    tables = [b for section in page.sections for b in section.blocks if isinstance(b, TableBlock)]
    (table,) = [found for found in tables if found.caption == "What to compare with"]
    # The columns of the study's result table and its list of references.
    assert table.rows[0] == (
        "BERT paper (digital)",
        "scores in the table “GLUE”; has an erratum, in words with the scores",
        "cited, ref. 3",
    )
    assert ("81.2 %", "score of the digital baseline", "cited, ref. 3") in table.rows


BASELINE = (
    HEAD
    + """\
performance:
  energy_efficiency: 6000 inferences/s/W
  energy_baseline: 30 inferences/s/W
  throughput: 20000 inferences/s
  throughput_gpu: 4000 inferences/s
"""
)


@pytest.mark.parametrize("role", ["business-expert", "software-developer"])
def test_gains_over_a_gpu_are_worked_out_where_the_sheet_has_both(
    make_sheet: Callable[[str], SheetFields], role: RoleName
) -> None:
    page = build_page(make_sheet(BASELINE), role)
    rows = {
        row.path: row
        for section in page.sections
        for block in section.blocks
        if isinstance(block, FiguresBlock)
        for row in block.rows
    }
    # 10^6 / 30 per joule = 33,333 J = 9.26 Wh; 6000 / 30 = 200; 20,000 / 4,000 = 5.
    assert rows["views.energy_of_a_million_baseline"].answer == "9.26 Wh, 200 times as much"
    assert rows["views.speed_over_gpu"].answer == "5 times as many"
    assert rows["views.speed_over_gpu"].mark is not None
    assert rows["views.speed_over_gpu"].mark.provenance == "derived"
    assert (
        "For each joule it gives 200 times as many answers as the digital alternative." in page.opening.answer
    )


def test_without_a_baseline_nothing_is_gained_in_figures(bert: SheetFields) -> None:
    opening = page_of(bert, "business-expert").opening
    assert not any("digital alternative" in sentence for sentence in opening.answer)
    assert "performance.energy_baseline" in {fact.path for fact in opening.unknown}


@pytest.mark.parametrize("view", VIEW_NAMES)
def test_a_summary_is_half_a_page_and_leads_with_a_question(bert: SheetFields, view: ViewName) -> None:
    opening = page_of(bert, view).opening
    assert opening.question.endswith("?")
    assert 1 <= len(opening.answer) <= 6
    said = (opening.sentence, opening.question, *opening.answer, opening.unknown_line)
    assert sum(map(len, said)) <= HALF_A_PAGE


def test_each_view_leads_with_a_question_of_its_own() -> None:
    assert len({view.question for view in VIEWS.values()}) == len(VIEW_NAMES)


@pytest.mark.parametrize("view", VIEW_NAMES)
def test_no_number_of_a_summary_is_invented(bert: SheetFields, view: ViewName) -> None:
    page = page_of(bert, view)
    # One sentence counts the figures of the page; all others repeat what stands below.
    answer = [text for text in page.opening.answer if "figures on this page" not in text]
    said = {number for text in answer for number in NUMBER.findall(text)}
    below = " ".join(texts_of((page.sections, page.whole, page.missing, page.workings)))
    # The number of tasks, and of the references, are counted; the units' own digits are no numbers.
    assert said - set(NUMBER.findall(below)) <= {"8", "6"}


@pytest.mark.parametrize("view", ["hardware-researcher", "full"])
def test_a_summary_counts_each_figure_of_its_page_once(bert: SheetFields, view: ViewName) -> None:
    page = page_of(bert, view)
    shown = {*shown_paths(page.sections), *(figure.path for figure in page.opening.figures)}
    figures = {
        dotted(placed.path): placed
        for placed in facts(bert)
        if dotted(placed.path) in shown
        and (placed.fact.quantity is not None or placed.fact.whole is not None)
    }
    agree = {fact.path for fact in recompute(bert).facts if fact.verdict.fits} & figures.keys()
    declared, cited, derived = (
        sum(placed.source == kind for placed in figures.values()) for kind in ("declared", "cited", "derived")
    )
    assert next(said for said in page.opening.answer if said.startswith("Of the sheet's")) == (
        f"Of the sheet's {len(figures)} figures on this page, none is measured: {declared} are declared by the "
        f"producer, {cited} cited from publications and {derived} derived from others. "
        f"{len(agree)} could be recomputed from the rest of the sheet, and all of them agree."
    )
    # Ticks in tables are counted like those of single figures.
    assert {"performance.results[0].averages.analog", "parameters.operating_points[0].analog_ops"} <= agree


@pytest.mark.parametrize("view", VIEW_NAMES)
def test_a_sheet_that_says_nothing_tells_its_author_what_to_do_next(
    make_sheet: Callable[[str], SheetFields], view: ViewName
) -> None:
    sheet = make_sheet(HEAD)
    opening = build_page(sheet, view).opening
    assert opening.figures == ()
    assert opening.unknown == ()
    roles = ROLE_NAMES if view == "full" else (view,)
    owed = owed_facts(sheet, roles=roles, stage="review")
    assert [step.path for step in opening.next_steps] == [fact.path for fact in owed][
        : len(opening.next_steps)
    ]
    assert len(opening.next_steps) + opening.steps_left == len(owed) > 0


def test_a_long_summary_is_cut_after_a_sentence_and_whole_below(
    make_sheet: Callable[[str], SheetFields],
) -> None:
    long = " ".join(f"This is sentence number {number} of many." for number in range(100))
    sheet = make_sheet(f"factsheet: 1\noverview: {{name: A, model: B, summary: {long}}}\n")
    page = build_page(sheet, "business-expert")
    assert page.summary.shortened
    (paragraph,) = page.summary.paragraphs
    assert paragraph.endswith("of many. …")
    assert long in list(texts_of(page.whole))


@pytest.mark.parametrize("view", VIEW_NAMES)
def test_every_figure_has_a_mark_and_every_check_its_working(bert: SheetFields, view: ViewName) -> None:
    page = page_of(bert, view)
    numbers = {working.number: working for working in page.workings}
    for section in (*page.sections, *page.whole.sections):
        for block in section.blocks:
            for row in block.rows if isinstance(block, FiguresBlock) else ():
                if row.kind == "figure":
                    assert row.mark is not None
                    assert row.marked_text.startswith(row.mark.symbol)
                if row.agreement is not None:
                    assert row.agreement.working is not None
                    assert numbers[row.agreement.working].path == row.path
    for group in (*page.missing.groups, *page.whole.missing):
        for missing in (*group.rows, *group.beside):
            assert (missing.recomputed is None) == (missing.working is None)
            assert missing.working is None or missing.working in numbers


def test_a_working_says_how_a_figure_came_about(bert: SheetFields) -> None:
    workings = {working.path: working for working in page_of(bert, "full").workings}
    found = workings["parameters.operating_points[0].analog_ops"]
    assert found.verdict == "the sheet says 21.74 G ops; recomputed: 21.743 G ops, which rounds to this"
    assert "batch = 4 (parameters.operating_points[0])" in found.inputs
    # 84,934,656 weights · 32 tokens · batch of 4 · 2 operations.
    assert found.lines[-1] == "sum: 21,743,271,936"


def test_differing_figures_are_marked_apart(make_sheet: Callable[[str], SheetFields]) -> None:
    sheet = make_sheet(
        HEAD
        + """\
performance:
  results:
    - name: T
      systems: [{id: a, name: Analog, kind: analog}, {id: d, name: Digital, kind: digital}]
      tasks: [{task: First, scores: {a: 50.1 %, d: 60.1 %}}, {task: Second, scores: {a: 70.3 %, d: 80.3 %}}]
      averages: {a: 60.2 %, d: 75.2 %}
"""
    )
    page = build_page(sheet, "full", recompute(sheet))
    (table,) = [b for s in page.sections for b in s.blocks if isinstance(b, TableBlock) and b.caption == "T"]
    # (50.1 + 70.3) / 2 = 60.2 and (60.1 + 80.3) / 2 = 70.2, not 75.2.
    assert table.closing[0][-3:-1] == ("60.2 % ✓", "75.2 % ✗")
    assert {term.word: term.meaning for term in page.summary.legend}["✗"] == "recomputation differs"


def test_a_claim_within_its_stated_tolerance_is_marked_as_such() -> None:
    # Ambrogio's ALBERT takes 34 tiles by its paper; 38 by counting, as layers do not share tiles here.
    loaded = load_bytes((Path(__file__).parents[2] / "sheets" / "albert.yaml").read_bytes(), "albert.yaml")
    assert loaded.document is not None
    sheet, _ = read_factsheet(loaded.document.data)
    assert sheet is not None
    page = build_page(sheet, "hardware-researcher", recompute(sheet))
    (row,) = [
        row
        for section in page.sections
        for block in section.blocks
        if isinstance(block, FiguresBlock)
        for row in block.rows
        if row.path == "parameters.tiles"
    ]
    assert row.marked_text.startswith("≈ ")
    assert row.marked_text.endswith("recomputed: 38, within the stated tolerance")
    assert "≈" in {term.word for term in page.summary.legend}
    assert "1 differs by no more than the sheet allows" in page.opening.answer[-1]
    html = HtmlBook([page]).html("hardware-researcher")
    assert '<span class="check within-tolerance"><span aria-hidden=true>≈</span>' in html


def test_a_page_says_which_sheet_it_shows(bert: SheetFields) -> None:
    identity = build_page(bert, "full", digest="sha256:ab").identity
    assert (identity.model, identity.date, identity.digest) == ("BERT-base", "2022-11-14", "sha256:ab")
    assert identity.version is None


def test_the_whole_sheet_can_be_left_to_the_full_view(bert: SheetFields) -> None:
    assert not build_page(bert, "ai-engineer", whole=False).whole
    assert build_page(bert, "ai-engineer").whole
    assert not build_page(bert, "full").whole
