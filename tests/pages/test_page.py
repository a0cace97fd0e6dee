"""What a page says: summary, figures with their provenance, tables with gaps, plain words, agreement."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from factsheet.pages.assembly import build_page, texts_of
from factsheet.pages.formats.markdown import render_markdown
from factsheet.pages.marks import CHECK_WORDS, SYMBOLS, FactMark, weakest
from factsheet.pages.model import FiguresBlock, ListBlock, ProseBlock, TableBlock
from factsheet.pages.rich_text import span_text
from factsheet.readers.roles import VIEW_NAMES
from factsheet.recompute.engine import recompute
from factsheet.recompute.facts import Arithmetic, DerivedFact
from factsheet.recompute.verdict import MARKS, UNCLAIMED, Verdict

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from factsheet.pages.first_screen import KeyFigure
    from factsheet.pages.model import Block, FactRow, Page
    from factsheet.readers.roles import ViewName
    from factsheet.recompute.derivation import Derivation
    from factsheet.recompute.verdict import VerdictKind
    from factsheet.sheet.model import SheetFields

HEAD = """\
factsheet: 1
overview: {name: A sheet, model: A model}
"""


def fact(path: str, text: str, verdict: Verdict = UNCLAIMED) -> DerivedFact:
    """A derived fact, as far as a page needs it."""
    return DerivedFact(
        name="name",
        path=path,
        dimension="power",
        claim=None,
        derived=1.0,
        text=text,
        verdict=verdict,
        arithmetic=Arithmetic(formula="formula"),
    )


def derived(sheet: SheetFields, *facts: DerivedFact) -> Derivation:
    """What is derived of a sheet, with these facts alone."""
    return replace(recompute(sheet), facts=facts)


def rows(page: Page) -> dict[str, FactRow]:
    """The open rows of a page by path."""
    return {row.path: row for section in page.sections for block in section.blocks for row in of_block(block)}


def of_block(block: Block) -> Iterator[FactRow]:
    if isinstance(block, FiguresBlock):
        yield from block.rows
    elif isinstance(block, ProseBlock | ListBlock):
        yield block.row


def tables(page: Page, caption: str) -> list[TableBlock]:
    blocks = (block for section in page.sections for block in section.blocks)
    return [block for block in blocks if isinstance(block, TableBlock) and block.caption == caption]


def key_figure(page: Page, path: str) -> KeyFigure:
    return next(found for found in page.opening.figures if found.path == path)


@pytest.mark.parametrize("view", VIEW_NAMES)
def test_a_page_opens_with_what_the_model_is_and_three_to_six_figures(
    bert: SheetFields, view: ViewName
) -> None:
    page = build_page(bert, view, recompute(bert))
    assert page.summary.paragraphs[0].startswith("BERT-base, retrained")
    assert "BERT" in page.opening.sentence
    assert 3 <= len(page.opening.figures) <= 6


def test_each_role_starts_with_what_it_came_for(bert: SheetFields) -> None:
    first = {view: build_page(bert, view).sections[0].key for view in VIEW_NAMES}
    assert first == {
        "hardware-researcher": "size",
        "algorithm-designer": "hwa_training",
        "data-scientist": "data",
        "ai-engineer": "setup",
        "software-developer": "purpose",
        "business-expert": "purpose",
        "full": "overview",
    }


@pytest.mark.parametrize("view", VIEW_NAMES)
def test_every_section_leads_with_a_question(bert: SheetFields, view: ViewName) -> None:
    sections = build_page(bert, view).sections
    lists = {"figures", "producers", "reviews"}
    assert all(section.question.endswith("?") for section in sections if section.key not in lists)


def test_gaps_are_those_of_the_published_scores(bert: SheetFields) -> None:
    (table,) = tables(build_page(bert, "algorithm-designer"), "GLUE")
    gaps = {row[0]: row[-1] for row in table.rows}
    # Differences of the scores in the appendix of the paper, by hand: 64.00 - 66.40 and so on.
    assert gaps == {
        "RTE": "−2.40",
        "MRPC": "−0.28",
        "STS-B": "−1.28",
        "CoLA": "+3.55",
        "SST-2": "−2.47",
        "QNLI": "−1.49",
        "QQP": "+0.43",
        "MNLI": "−1.28",
    }
    # The mean of these eight is -5.22 / 8 = -0.6525; the rounded averages 80.57 and 81.23 are 0.66 apart.
    assert table.closing[0][-1] == "−0.65"
    assert table.header[-1] == "Gap (points)"


def test_each_row_of_results_has_its_metric(bert: SheetFields) -> None:
    (table,) = tables(build_page(bert, "data-scientist"), "GLUE")
    metric = table.header.index("Metric")
    # The starred row of the paper's result table, and its list of metrics.
    assert {row[0]: row[metric] for row in table.rows} == {
        "RTE": "accuracy",
        "MRPC": "F1",
        "STS-B": "Spearman correlation",
        "CoLA": "Matthews correlation",
        "SST-2": "accuracy",
        "QNLI": "accuracy",
        "QQP": "accuracy (also reported: F1)",
        "MNLI": "accuracy",
    }


def test_a_role_without_interest_in_tasks_gets_the_average_alone(bert: SheetFields) -> None:
    page = build_page(bert, "business-expert")
    (table,) = tables(page, "GLUE")
    assert table.rows == ()
    assert table.closing == (("Average of 8", "81.23 %", "80.57 %", "−0.65"),)
    assert table.shortened


def test_energy_of_a_million_answers(bert: SheetFields) -> None:
    row = rows(build_page(bert, "business-expert"))["views.energy_of_a_million"]
    # 10^6 / 6589 per joule = 151.77 J; / 3600 = 0.04216 Wh.
    assert row.answer == "0.042 Wh for the chip alone (batch not stated)"
    assert row.note == (
        "1,000,000 ÷ 6,589 inferences/s/W = 152 J, and 1 Wh is 3,600 J. "
        "Electricity of the chip, without host and programming: less than a thousandth of the price of a kilowatt-hour."
    )
    assert row.provenance.words.startswith("derived")


def test_a_figure_carries_its_provenance_and_operating_point(bert: SheetFields) -> None:
    found = rows(build_page(bert, "hardware-researcher"))
    assert found["parameters.power"].answer == "3.13 W (batch not stated)"
    assert found["parameters.power"].provenance_text == "declared"
    assert found["hwa_training.baseline_accuracy"].provenance_text == "cited, ref. 3"
    # The source leaves the batch out, and the sheet's erratum says for which one its figures agree.
    assert (
        found["performance.classification_time"].holds_at
        == "sequence length 32, batch not stated; read as: time of four inputs that run together"
    )
    assert found["hwa_training.weight_noise"].relative_to == "relative to: not stated"


def test_provenance_comes_from_the_fact_then_its_section_then_the_sheet(
    make_sheet: Callable[[str], SheetFields],
) -> None:
    sheet = make_sheet(
        HEAD
        + """\
provenance: {source: declared}
parameters: {power: 3 W, area: {value: 1 mm², source: measured, by: hardware-researcher, date: 2024-05}}
performance: {provenance: {source: simulated}, energy_efficiency: 5 inferences/s/W}
"""
    )
    found = rows(build_page(sheet, "hardware-researcher"))
    assert found["parameters.power"].provenance_text == "declared"
    assert (
        found["parameters.area"].provenance_text == "measured by the hardware or systems researcher, 2024-05"
    )
    assert found["performance.energy_efficiency"].provenance_text == "simulated"


def test_a_figure_of_unknown_origin_says_so(make_sheet: Callable[[str], SheetFields]) -> None:
    page = build_page(make_sheet(HEAD + "parameters: {power: 3 W}\n"), "hardware-researcher")
    assert rows(page)["parameters.power"].provenance_text == "origin not stated"
    assert [term.word for term in page.summary.legend] == ["○"]


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("agrees", "✓ declared; recomputed: the same"),
        ("rounds_to", "✓ declared; recomputed: 3.128 W, which rounds to this"),
        ("within_written", "✓ declared; recomputed: 3.128 W, which the digits of the sheet allow"),
        ("within_tolerance", "≈ declared; recomputed: 3.128 W, within the stated tolerance"),
        ("differs", "✗ declared; recomputed: 3.128 W, which differs (−0.1 %)"),
        ("unclaimed", "○ declared"),
        ("not_comparable", "○ declared"),
    ],
)
def test_a_figure_says_whether_recomputation_agrees(bert: SheetFields, kind: VerdictKind, words: str) -> None:
    # 3.128 / 3.13 - 1 = -0.064 %.
    known = derived(bert, fact("parameters.power", "3.128 W", Verdict(kind=kind, difference=-0.00064)))
    page = build_page(bert, "hardware-researcher", known)
    row = rows(page)["parameters.power"]
    assert row.mark is not None
    assert row.marked_text == words
    assert row.mark.symbol in {term.word for term in page.summary.legend}


def test_every_mark_of_a_verdict_has_a_sign_of_its_own_and_words() -> None:
    assert set(SYMBOLS) == set(CHECK_WORDS) == set(MARKS)
    assert len(set(SYMBOLS.values())) == len(MARKS)


def test_one_mark_for_several_figures_is_the_one_that_asks_for_most_care() -> None:
    marks = tuple(FactMark("declared", mark) for mark in MARKS)
    order = []
    while marks:
        found = weakest(marks)
        assert found is not None
        order.append(found.check)
        marks = tuple(mark for mark in marks if mark != found)
    assert order == ["differs", "within tolerance", "agrees", "not recomputed"]


def test_what_is_missing_but_follows_from_the_rest_is_told(bert: SheetFields) -> None:
    # 480 tiles: sum of ceil(in / 512) * ceil(out / 512) over BERT-base; IBM's open simulator prints the same.
    page = build_page(bert, "hardware-researcher", derived(bert, fact("parameters.tiles", "480")))
    row = next(row for group in page.missing.groups for row in group.rows if row.path == "parameters.tiles")
    assert (row.kind, row.recomputed) == ("not_disclosed", "480 tiles")
    sentence = "The network takes 480 tiles of 512 × 512 weights (derived here; the sheet gives no number)."
    assert sentence in page.opening.answer


def test_a_derived_figure_at_an_operating_point_stands_beside_the_claims(bert: SheetFields) -> None:
    path = "parameters.operating_points[0].energy"
    page = build_page(bert, "hardware-researcher", derived(bert, fact(path, "594.7 µJ")))
    (table,) = tables(page, "Operating points")
    assert ("Energy for the batch", "594.7 µJ (derived here)") in table.rows
    assert table.provenance == "All declared, unless a cell says otherwise."


def test_operating_points_are_one_table(make_sheet: Callable[[str], SheetFields]) -> None:
    sheet = make_sheet(
        HEAD
        + """\
parameters:
  operating_points:
    - {seq_len: 32, batch: 4, execution_time: 0.19 ms}
    - {seq_len: 128, batch: not stated, execution_time: 0.8 ms, power: 3 W, name: long sentences}
"""
    )
    (table,) = tables(build_page(sheet, "hardware-researcher"), "Operating points")
    assert table.header == (
        "At",
        "Sequence length 32, batch of 4",
        "Long sentences (sequence length 128, batch not stated)",
    )
    assert table.rows == (("Time for the batch", "0.19 ms", "0.8 ms"), ("Chip power", "–", "3 W"))


def test_training_and_test_data_that_agree_are_said_once(bert: SheetFields) -> None:
    page = build_page(bert, "data-scientist")
    (alike,) = tables(page, "Training and test data alike")
    assert ("Name", "GLUE") in alike.rows
    assert all(len(row) == 2 for row in alike.rows)
    (unlike,) = tables(page, "Where they differ")
    assert [row[0] for row in unlike.rows] == ["Size", "Summary"]


def test_scores_over_time_are_one_table(make_sheet: Callable[[str], SheetFields]) -> None:
    sheet = make_sheet(
        HEAD
        + """\
robustness:
  over_time:
    - {after: 1 day, score: 81 %}
    - {after: 1 week, score: {value: 80.1 %, source: measured}, note: With compensation.}
"""
    )
    (table,) = tables(build_page(sheet, "data-scientist"), "Score over time")
    # Of two origins the first is told for all; short notes stand beside their scores.
    assert table.header == ("After programming", "Score", "Note")
    assert table.rows == (("1 day", "81 %", "–"), ("1 week", "80.1 % (measured)", "With compensation."))
    assert table.notes == ()


def test_long_notes_on_scores_stand_below_their_table(make_sheet: Callable[[str], SheetFields]) -> None:
    long = "With compensation. " * 5
    sheet = make_sheet(HEAD + f"robustness: {{over_time: [{{after: 1 day, score: 81 %, note: {long}}}]}}\n")
    (table,) = tables(build_page(sheet, "data-scientist"), "Score over time")
    assert [(note.about, note.text) for note in table.notes] == [("After 1 day", long.strip())]


def test_a_point_that_only_has_a_note_is_told(make_sheet: Callable[[str], SheetFields]) -> None:
    text = "parameters: {operating_points: [{seq_len: 32, batch: 4, note: Used in the demonstration.}]}\n"
    page = build_page(make_sheet(HEAD + text), "full")
    (section,) = [made for made in page.sections if made.key == "operation"]
    assert [(note.about, note.text) for note in section.notes] == [
        ("Sequence length 32, batch of 4", "Used in the demonstration.")
    ]
    assert "Used in the demonstration." in render_markdown(page)


def test_why_a_figure_may_be_off_stands_with_it(make_sheet: Callable[[str], SheetFields]) -> None:
    text = (
        "parameters: {parameters: {value: 100, tolerance: {within: 5 %, reason: The pooler is left out.}}}\n"
    )
    note = rows(build_page(make_sheet(HEAD + text), "full"))["parameters.parameters"].note
    assert note == "The sheet accepts a recomputed value that differs by up to 5 %: The pooler is left out."


def test_short_prose_ends_after_its_first_sentence(bert: SheetFields) -> None:
    row = rows(build_page(bert, "data-scientist"))["inference_methodology.summary"]
    assert row.depth == "short"
    assert row.shortened
    assert row.paragraphs == (
        "Weights are programmed once into the conductances of the tiles and read for every input.",
    )


def test_short_prose_keeps_its_markup(make_sheet: Callable[[str], SheetFields]) -> None:
    text = "Weights are **programmed once. They** are then read for every input, as often as it takes."
    sheet = make_sheet(HEAD + f'inference_methodology: {{summary: "{text}"}}\n')
    row = rows(build_page(sheet, "data-scientist"))["inference_methodology.summary"]
    assert row.shortened
    assert row.paragraphs == ("Weights are programmed once.",)
    assert [(span.kind, span_text((span,))) for span in row.prose[0].spans] == [
        ("text", "Weights are "),
        ("strong", "programmed once."),
    ]


def test_readers_without_hardware_knowledge_get_plain_labels_and_a_glossary(bert: SheetFields) -> None:
    plain, technical = build_page(bert, "data-scientist"), build_page(bert, "algorithm-designer")
    path = "hwa_training.adc_noise"
    assert rows(plain)[path].label == "Noise on outputs (ADC noise)"
    assert rows(technical)[path].label == "ADC noise"
    words = {term.word for term in plain.glossary}
    assert {"tile", "conductance", "drift", "ADC", "HWA training", "PCM", "NVM"} <= words | {
        term.word for term in plain.whole.terms
    }
    assert technical.glossary == ()


@pytest.mark.parametrize("view", ["data-scientist", "software-developer", "business-expert"])
def test_the_glossary_explains_only_what_is_on_the_page(bert: SheetFields, view: ViewName) -> None:
    page = build_page(bert, view)
    said = "\n".join(texts_of((page.opening, page.summary, page.sections, page.missing, page.errata))).lower()
    stem = {
        "operation (op)": "op",
        "analog AI": "analog",
        "HWA training": "hardware-aware",
        "bounds": "bound",
    }
    stem |= {
        "programming": "programm",
        "non-idealities": "non-idealit",
        "fine-tuning": "fine-tun",
        "NVM": "non-volatile",
    }
    stem |= {"Spearman correlation": "spearman", "weights": "weight"}
    for term in page.glossary:
        assert stem.get(term.word, term.word).lower() in said, term.word
    assert not set(page.glossary) & set(page.whole.terms)


def test_a_data_scientist_is_not_told_what_an_f1_score_is(bert: SheetFields) -> None:
    assert "F1" not in {term.word for term in build_page(bert, "data-scientist").glossary}
    assert "F1" in {term.word for term in build_page(bert, "software-developer").glossary}


def test_slips_that_concern_the_role_are_open_and_the_others_folded(bert: SheetFields) -> None:
    page = build_page(bert, "software-developer")
    noise = "HWA training: Weight noise"
    assert noise not in [row.place for row in page.errata]
    assert noise in [row.place for row in page.whole.errata]
    assert len(page.whole.errata) == len(bert.errata or ())


def test_a_slip_in_a_result_table_names_table_and_task(bert: SheetFields) -> None:
    assert "GLUE, STS-B: metric" in [row.place for row in build_page(bert, "full").errata]


def test_references_are_numbered_in_the_order_of_the_sheet(bert: SheetFields) -> None:
    found = build_page(bert, "full").references
    assert [row.number for row in found] == [1, 2, 3, 4, 5, 6]
    assert found[2].links == ("https://doi.org/10.18653/v1/N19-1423", "https://arxiv.org/abs/1810.04805")


@pytest.mark.parametrize(
    ("view", "path"), [("software-developer", "setup.instructions"), ("business-expert", "overview.licence")]
)
def test_withheld_answers_are_named_in_one_line(bert: SheetFields, view: ViewName, path: str) -> None:
    opening = build_page(bert, view).opening
    (found,) = [fact for fact in opening.unknown if fact.path == path]
    assert found.kind == "not_disclosed"
    assert opening.unknown_line.startswith("Not disclosed: ")
    assert found.label in opening.unknown_line


ODD_RESULTS = (
    HEAD
    + """\
provenance: {source: declared}
performance:
  results:
    - name: T
      systems: [{id: a, name: Analog, kind: analog}, {id: d, name: Digital, kind: digital, source: cited}]
      tasks:
        - {task: X, scores: {a: {value: 50 %, source: measured}, d: 51.5 %, other: 40 %}}
        - {task: Z, scores: {a: {not_evaluated: The machine was lent out.}, d: 60 %}}
"""
)


def test_a_score_of_another_origin_than_its_column_says_so(make_sheet: Callable[[str], SheetFields]) -> None:
    (table,) = tables(build_page(make_sheet(ODD_RESULTS), "full"), "T")
    # 50 - 51.5, to the digits of the less precise score.
    assert table.rows[0][2:] == ("50 % (measured)", "51.5 %", "−2")
    assert table.rows[1][2:] == ("not evaluated", "60 %", "–")
    assert table.provenance is not None
    assert table.provenance.startswith("Analog: declared; Digital: cited.")


def test_a_score_of_a_system_that_the_table_does_not_list_is_shown_all_the_same(
    make_sheet: Callable[[str], SheetFields],
) -> None:
    (table,) = tables(build_page(make_sheet(ODD_RESULTS), "full"), "T")
    assert [(note.about, note.text) for note in table.notes] == [("X, other", "40 %")]


def test_a_score_that_is_missing_is_named_by_table_task_and_system(
    make_sheet: Callable[[str], SheetFields],
) -> None:
    page = build_page(make_sheet(ODD_RESULTS), "data-scientist")
    labels = {row.label: row.reason for group in page.missing.groups for row in group.rows}
    assert labels["T, Z: Analog"] == "The machine was lent out."


def test_a_table_without_averages_opens_with_the_mean_of_its_rows(
    make_sheet: Callable[[str], SheetFields],
) -> None:
    sheet = make_sheet(ODD_RESULTS)
    page = build_page(sheet, "data-scientist", recompute(sheet))
    score = key_figure(page, "performance.results[0].averages.a")
    # The one row that both systems have a score in.
    assert (score.value, score.mark.provenance) == ("50 %", "derived")
    assert score.provenance == "mean of the rows, derived here; the rows: declared"


def test_a_withheld_summary_is_missing_and_not_the_summary(make_sheet: Callable[[str], SheetFields]) -> None:
    sheet = make_sheet("factsheet: 1\noverview: {name: A, model: B, summary: {not_disclosed: Secret.}}\n")
    page = build_page(sheet, "business-expert")
    assert page.summary.paragraphs == ()
    assert "overview.summary" in {row.path for group in page.missing.groups for row in group.rows}
