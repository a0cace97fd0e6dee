"""Averages and gaps of result tables."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factsheet.quantities.quantity import parse_quantity
from factsheet.recompute.comparisons import score_gaps
from factsheet.recompute.comparisons.score_claims import lost_percent
from factsheet.recompute.comparisons.score_directions import with_directions
from factsheet.recompute.comparisons.score_gaps import standing, training_chance
from factsheet.recompute.comparisons.score_means import is_average
from factsheet.recompute.engine import recompute

if TYPE_CHECKING:
    from collections.abc import Callable

    from factsheet.recompute.facts import DerivedFact
    from factsheet.sheet.model import SheetFields

    Facts = Callable[..., dict[str, DerivedFact]]

SYSTEMS = [
    {"id": "chip", "name": "Chip", "kind": "analog"},
    {"id": "gpu", "name": "GPU", "kind": "digital"},
]


def table(*scores: dict[str, str], **more: Any) -> dict[str, Any]:
    tasks = [{"task": f"task {index}", "scores": row} for index, row in enumerate(scores)]
    return {"name": "GLUE", "systems": SYSTEMS, "tasks": tasks, **more}


@given(st.lists(st.integers(0, 10000), min_size=1, max_size=12))
def test_an_average_is_exact_to_the_digit(
    sheet_with: Callable[..., SheetFields], hundredths: list[int]
) -> None:
    # Exact fractions are the oracle; the published digits are theirs, a half going up.
    mean = Fraction(sum(hundredths), len(hundredths))
    written = int(mean + Fraction(1, 2))
    scores = [{"chip": f"{value // 100}.{value % 100:02} %"} for value in hundredths]
    averages = {"chip": f"{written // 100}.{written % 100:02} %"}
    sheet = sheet_with(performance={"results": [table(*scores, averages=averages)]})
    fact = next(fact for fact in recompute(sheet).facts if fact.name == "average.chip")
    assert fact.derived == pytest.approx(float(mean) / 10000, rel=1e-14, abs=1e-18)
    assert fact.verdict.kind in {"agrees", "rounds_to"}


def test_an_average_that_is_off_differs(facts_of: Facts) -> None:
    rows = ({"chip": "80.0 %"}, {"chip": "90.0 %"})
    facts = facts_of(performance={"results": [table(*rows, averages={"chip": "86.0 %"})]})
    fact = facts["performance.results[0].averages.chip"]
    assert fact.verdict.kind == "differs"
    assert fact.relative_difference == pytest.approx(-1 / 86)


def test_rows_are_rounded_too(facts_of: Facts) -> None:
    # Rows of 80.0 and 90.1 average 85.05; with their own digits, anything from 85.00 to 85.10.
    rows = ({"chip": "80.0 %"}, {"chip": "90.1 %"})
    facts = facts_of(performance={"results": [table(*rows, averages={"chip": "85.02 %"})]})
    fact = facts["performance.results[0].averages.chip"]
    assert fact.verdict.kind == "within_written"
    assert fact.reach is not None
    assert fact.reach.low == pytest.approx(0.85)
    assert fact.reach.high == pytest.approx(0.851)


def test_a_task_without_a_score_is_left_out_and_named(facts_of: Facts) -> None:
    absent = {"not_disclosed": "Kept by the producer."}
    rows: tuple[dict[str, Any], ...] = (
        {"chip": "80 %", "gpu": "90 %"},
        {"chip": absent, "gpu": "50 %"},
        {"chip": "70 %"},
    )
    facts = facts_of(performance={"results": [table(*rows, averages={"chip": "66 %"})]})
    chip = facts["performance.results[0].averages.chip"]
    assert chip.derived == pytest.approx(0.75)
    assert chip.note.startswith("1 of 3 tasks have no score of Chip; 66 % may be a mean over all")
    assert chip.verdict.kind == "not_comparable"
    assert chip.verdict.why == "66 % may be a mean over all rows"
    gap = facts["derived.results[0].gap.chip"]
    assert gap.derived == pytest.approx(-0.1)
    assert gap.text == "-10.0000 percentage points"


@pytest.mark.parametrize(("average", "kind"), [("75 %", "rounds_to"), ("66 %", "differs")])
def test_what_was_not_evaluated_is_in_no_average(facts_of: Facts, average: str, kind: str) -> None:
    # (80 + 70) / 2; nothing else can have entered it.
    rows: tuple[dict[str, Any], ...] = (
        {"chip": "80 %"},
        {"chip": {"not_evaluated": "No time."}},
        {"chip": "70 %"},
    )
    facts = facts_of(performance={"results": [table(*rows, averages={"chip": average})]})
    assert facts["performance.results[0].averages.chip"].verdict.kind in {kind, "agrees"}


def metric_table(metric: str, *scores: dict[str, str], **more: Any) -> dict[str, Any]:
    return {**table(*scores, **more), "metric": metric}


@pytest.mark.parametrize(
    ("metric", "scores", "gap"),
    [
        # 2.4 % - 1.9 % of errors; 72.9 - 70.5 of perplexity; 0.021 - 0.018 of dex.
        ("error rate", ("2.4 %", "1.9 %"), "+0.5000 percentage points"),
        ("perplexity", ("72.9", "70.5"), "+2.4"),
        ("MAE", ("0.021 dex", "0.018 dex"), "+0.003 dex"),
        ("latency", ("12.4 ms", "9.1 ms"), "3.3 ms"),
        ("BLEU", ("26.1", "27.3"), "-1.2"),
        ("accuracy", ("0.971", "0.983"), "-1.2000 percentage points"),
    ],
)
def test_a_gap_is_in_the_unit_of_its_scores_and_says_which_is_better(
    facts_of: Facts, metric: str, scores: tuple[str, str], gap: str
) -> None:
    made = metric_table(metric, dict(zip(("chip", "gpu"), scores, strict=True)))
    fact = facts_of(performance={"results": [made]})["derived.results[0].gap.chip"]
    assert fact.text == gap
    assert fact.note == "Chip is worse"


def test_unlike_metrics_have_no_mean(facts_of: Facts) -> None:
    # A perplexity and a mean absolute error: half their sum is no figure of anything.
    made = table({"chip": "30.63"}, {"chip": "0.368"}, averages={"chip": "15.50"})
    made["tasks"][0]["metric"], made["tasks"][1]["metric"] = "perplexity", "MAE"
    fact = facts_of(performance={"results": [made]})["performance.results[0].averages.chip"]
    assert fact.derived is None
    assert "unlike metrics" in fact.note


@pytest.mark.parametrize(
    ("more", "kind", "interpretation"),
    [
        # 0.9 · 97.5 + 0.1 · 88.0 = 96.55; the plain mean is 92.75.
        ({}, "rounds_to", "tasks are weighted by their sizes"),
        ({"note": "The average weighs each language by its number of examples."}, "rounds_to", ""),
        ({"averaging": "weighted by size"}, "rounds_to", ""),
        ({"averaging": "mean over rows"}, "differs", ""),
        ({"averaging": "other"}, "not_comparable", ""),
    ],
)
def test_a_weighted_average_is_one_if_the_sheet_says_so(
    facts_of: Facts, more: dict[str, str], kind: str, interpretation: str
) -> None:
    made = table({"chip": "97.5 %"}, {"chip": "88.0 %"}, averages={"chip": "96.6 %"}, **more)
    made["tasks"][0]["size"], made["tasks"][1]["size"] = 9000, 1000
    verdict = facts_of(performance={"results": [made]})["performance.results[0].averages.chip"].verdict
    assert (verdict.kind, verdict.interpretation) == (kind, interpretation)


@pytest.mark.parametrize("gap", ["-0.6 percentage points", "-0.6 points", "-0.6 pp", "-0.6 %", "-0.006"])
def test_a_gap_is_read_in_percent_and_in_points(facts_of: Facts, gap: str) -> None:
    rows = ({"chip": "80.0 %", "gpu": "80.6 %"},)
    facts = facts_of(performance={"results": [table(*rows, gap=gap)]})
    assert facts["performance.results[0].gap"].verdict.fits


def test_points_of_a_score_that_is_no_share_are_its_own(facts_of: Facts) -> None:
    made = metric_table("BLEU", {"chip": "26.1", "gpu": "27.3"}, gap="-1.2 points")
    assert facts_of(performance={"results": [made]})["performance.results[0].gap"].verdict.fits


def test_a_gap_is_over_the_tasks_that_both_have(facts_of: Facts) -> None:
    rows = ({"chip": "80.0 %", "gpu": "81.0 %"}, {"gpu": "41.0 %"})
    made = table(*rows, averages={"chip": "80.0 %", "gpu": "61.0 %"}, gap="-1.0 %")
    assert facts_of(performance={"results": [made]})["performance.results[0].gap"].verdict.fits


@pytest.mark.parametrize(
    ("table_more", "task_more", "better"),
    [({"higher_is_better": False}, {}, False), ({}, {"higher_is_better": False}, False), ({}, {}, None)],
)
def test_a_sheet_states_the_direction_of_a_metric_of_its_own(
    sheet_with: Callable[..., SheetFields],
    table_more: dict[str, bool],
    task_more: dict[str, bool],
    better: bool | None,
) -> None:
    made = metric_table("our own measure", {"chip": "12.5", "gpu": "12.1"}, **table_more)
    made["tasks"][0] |= task_more
    sheet = sheet_with(performance={"results": [made]})
    assert sheet.performance is not None
    assert sheet.performance.results is not None
    found = standing(sheet.performance.results[0])
    assert found is not None
    expected = {None: "unknown", True: "better", False: "worse"}[better]
    assert getattr(found, expected) == ("task 0",)


@pytest.mark.parametrize(("settings", "side"), [({}, "unknown"), ({"Our own  measure": False}, "worse")])
def test_settings_state_the_direction_of_a_metric_for_all_sheets(
    sheet_with: Callable[..., SheetFields], settings: dict[str, bool], side: str
) -> None:
    made = metric_table("our own measure", {"chip": "12.5", "gpu": "12.1"})
    sheet = with_directions(sheet_with(performance={"results": [made]}), settings)
    assert sheet.performance is not None
    assert sheet.performance.results is not None
    found = standing(sheet.performance.results[0])
    assert found is not None
    assert getattr(found, side) == ("task 0",)


def test_a_system_without_any_score_has_no_average(facts_of: Facts) -> None:
    facts = facts_of(performance={"results": [table({"gpu": "90 %"})]})
    assert facts["performance.results[0].averages.chip"].note == "GLUE has no score of Chip"
    assert facts["derived.results[0].gap.chip"].note == "no task has a score of both"


def test_a_table_without_a_digital_system_has_no_gap(facts_of: Facts) -> None:
    alone = {**table({"chip": "90 %"}), "systems": SYSTEMS[:1]}
    assert not [path for path in facts_of(performance={"results": [alone]}) if "gap" in path]


TRAINING = {"accuracy": "75.0 %", "baseline_accuracy": "80.0 %"}
ROW = {"chip": "75.0 %", "gpu": "85.0 %"}


@pytest.mark.parametrize(
    ("metric", "tables", "derivable"),
    [
        ("average over the tasks", [table(ROW)], True),
        ("GLUE mean", [table(ROW), {**table(ROW), "name": "SQuAD"}], True),
        ("average", [table(ROW), {**table(ROW), "name": "SQuAD"}], False),
        ("MNLI accuracy", [table(ROW)], False),
        ("average", [], False),
    ],
)
def test_a_quoted_score_is_compared_where_it_is_said_to_be_an_average(
    facts_of: Facts, metric: str, tables: list[dict[str, Any]], derivable: bool
) -> None:
    performance = {"results": tables} if tables else None
    facts = facts_of(hwa_training={**TRAINING, "accuracy_metric": metric}, performance=performance)
    verdicts = (
        facts["hwa_training.accuracy"].verdict.kind,
        facts["hwa_training.baseline_accuracy"].verdict.kind,
    )
    assert verdicts == (("agrees", "differs") if derivable else ("not_comparable", "not_comparable"))


def test_a_quoted_score_needs_a_system_of_its_kind(facts_of: Facts) -> None:
    alone = {**table({"chip": "75.0 %"}), "systems": SYSTEMS[:1]}
    facts = facts_of(
        hwa_training={**TRAINING, "accuracy_metric": "average"}, performance={"results": [alone]}
    )
    assert "no system of kind `digital`" in facts["hwa_training.baseline_accuracy"].note


@pytest.mark.parametrize(
    ("texts", "lost"),
    [
        # 1.5 without a sign, among percents, is read as 150 %.
        (("80.57 %", "1.5"), ["1.5"]),
        (("80.57 %", "81.2", "0.9"), ["81.2"]),
        # A score of 1 may be a fraction: 100 %.
        (("80.57 %", "1"), []),
        (("80.57 %", "-1.5"), ["-1.5"]),
        # All on one scale, whichever it is.
        (("80.57", "1.5"), []),
        (("80.57 %", "150 %"), []),
        # Nothing in percent is a fraction, so that nothing says which scale is meant.
        (("150 %", "1.5"), []),
    ],
)
def test_a_score_above_one_without_a_sign_lost_it(texts: tuple[str, ...], lost: list[str]) -> None:
    scores = [parse_quantity(text, "score") for text in texts]
    assert [score.text for score in lost_percent(scores)] == lost


def test_an_average_that_only_a_tolerance_accepts_is_no_basis_for_judging_another(facts_of: Facts) -> None:
    # Means of 80.6 and 81.2, 0.6 points apart; 82 - 81.2 would be 0.8 the other way.
    rows = ({"chip": "80.6 %", "gpu": "81.2 %"}, {"chip": "80.6 %", "gpu": "81.2 %"})
    lenient = {"value": "82 %", "tolerance": {"within": "5 %", "reason": "x"}}
    averages = {"chip": lenient, "gpu": "81.2 %"}
    facts = facts_of(
        performance={"results": [table(*rows, averages=averages, gap="-0.6 %")]},
        hwa_training={"accuracy": "80.6 %", "baseline_accuracy": "81.2 %"},
    )
    assert facts["performance.results[0].averages.chip"].verdict.kind == "within_tolerance"
    assert facts["hwa_training.accuracy"].derived == pytest.approx(0.806)
    assert facts["hwa_training.accuracy"].formula.startswith("Σ scores")
    for path in ("hwa_training.accuracy", "hwa_training.baseline_accuracy", "performance.results[0].gap"):
        assert facts[path].verdict.fits, path


def test_what_examples_leave_open_of_a_gap_is_as_in_its_source(
    make_sheet: Callable[[str], SheetFields], monkeypatch: pytest.MonkeyPatch
) -> None:
    # Newcombe, Statistics in Medicine 17, 1998, table II: 9/10 against 3/10 by method 10, 95 %: 0.1705 to 0.8090.
    monkeypatch.setattr(score_gaps, "_CONFIDENCE", 0.95)
    sheet = make_sheet(
        "factsheet: 1\noverview: {name: A, model: M}\ntest_data: {size: 10}\n"
        "hwa_training: {accuracy: 90 %, baseline_accuracy: 30 %}\n"
    )
    found = training_chance(sheet)
    assert found is not None
    assert (found.low, found.high) == pytest.approx((17.05, 80.90), abs=5e-3)
    assert found.examples == 10
    assert not found.holds_none


AVERAGE, GAP = "performance.results[0].averages.chip", "derived.results[0].gap.chip"


def _nine(*rows: tuple[str, str, str]) -> dict[str, Any]:
    tasks = [{"task": name, "scores": {"chip": chip, "gpu": gpu}} for name, chip, gpu in rows]
    return {"name": "benchmarks", "systems": SYSTEMS, "tasks": tasks}


def test_an_average_over_more_tasks_than_are_listed_stands_for_the_table(facts_of: Facts) -> None:
    # Büchel et al. 2025 (arXiv:2505.09663), table 1: means over nine benchmarks, of which two are listed here, and
    # section 4.1: the analog model is 4.58 points below.
    rows = [("mean of nine benchmarks", "40.91 %", "45.49 %"), ("MMLU", "42.91 %", "46.94 %")]
    facts = facts_of(performance={"results": [_nine(*rows, ("GSM8K", "30.75 %", "45.79 %"))]})
    assert facts[AVERAGE].text == "40.91 %"
    assert facts[GAP].text == "-4.5800 percentage points"


def test_an_average_of_the_listed_tasks_is_no_task_itself(facts_of: Facts) -> None:
    rows = [("RTE", "60.0 %", "66.0 %"), ("MNLI", "80.0 %", "84.0 %"), ("Average", "70.0 %", "75.0 %")]
    facts = facts_of(performance={"results": [_nine(*rows)]})
    assert facts[AVERAGE].derived == pytest.approx(0.7)
    assert facts[AVERAGE].note == ""


@pytest.mark.parametrize("task", ["average precision", "mean absolute error", "average speaker", "meaning"])
def test_a_task_that_only_begins_like_an_average_is_none(task: str) -> None:
    assert not is_average(task)
