"""Scales of scores, means over them, scores over time, and what a slip of the hand makes of a score."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from factsheet.quantities.interval import Interval
from factsheet.quantities.metrics import METRICS, metric_named
from factsheet.quantities.quantity import parse_quantity
from factsheet.recompute.comparisons.drift_curves import curves_of
from factsheet.recompute.comparisons.score_copies import durations_in
from factsheet.recompute.comparisons.score_means import mean, means_of, slips, stated_averaging
from factsheet.recompute.comparisons.score_scales import (
    ScoreScale,
    drift_scale,
    metric_words,
    scale_of,
    table_scale,
    training_scale,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from factsheet.sheet.model import SheetFields
    from factsheet.sheet.performance import ResultTable

    SheetWith = Callable[..., SheetFields]

CHIP = {"id": "chip", "name": "Chip", "kind": "analog"}
GPU = {"id": "gpu", "name": "GPU", "kind": "digital"}
SHARE, BLEU, PERPLEXITY = (
    ScoreScale(),
    ScoreScale("BLEU", share=False),
    ScoreScale("perplexity", higher_is_better=False, share=False),
)


@pytest.mark.parametrize(
    ("said", "share", "points"),
    [
        ("", True, "accuracy"),
        ("share of right answers", True, "accuracy"),
        ("Percentage of correct tags", True, "accuracy"),
        ("error rate", True, "accuracy"),  # what accuracy leaves of the whole
        ("test error", True, "accuracy"),
        ("F1", True, "F1"),
        ("sensitivity", True, "recall"),
        ("WER", True, "word error rate"),  # insertions count: it leaves no share that is right
        ("perplexity", False, "perplexity"),
        ("", False, ""),
        ("share of right answers", False, "share of right answers"),
        ("smatch of graphs", True, "smatch of graphs"),
    ],
)
def test_points_are_of_one_metric(said: str, share: bool, points: str) -> None:
    assert ScoreScale(said, metric_named(said), share=share).points_of(said) == points


@pytest.mark.parametrize(
    ("words", "named"),
    [
        ("top-5 acc", "accuracy, top-5"),
        ("Accuracy", "accuracy"),
        ("mean error on eight tasks", "mean error on eight tasks"),
        ("smatch", "smatch"),
    ],
)
def test_a_metric_has_its_usual_name(words: str, named: str) -> None:
    assert metric_words(words) == named


@pytest.mark.parametrize(
    ("metric", "own"),
    [
        ("BLEU", True),
        ("WER", True),
        ("mAP", False),
        ("accuracy", False),
        ("perplexity", False),
        ("smatch", False),
    ],
)
def test_scores_up_to_a_hundred_are_on_their_own_scale_unless_they_judge_classes(
    metric: str, own: bool
) -> None:
    assert ScoreScale(metric, metric_named(metric)).own is own


def table_of(sheet_with: SheetWith, *rows: dict[str, Any], **more: Any) -> tuple[SheetFields, ResultTable]:
    tasks = [
        {"task": f"task {i}", **(row if "scores" in row else {"scores": row})} for i, row in enumerate(rows)
    ]
    sheet = sheet_with(
        performance={"results": [{"name": "T", "systems": [CHIP, GPU], "tasks": tasks, **more}]}
    )
    assert sheet.performance is not None
    assert sheet.performance.results is not None
    return sheet, sheet.performance.results[0]


@pytest.mark.parametrize(
    ("metric", "score", "share", "higher"),
    [
        ("accuracy", "91.4 %", True, True),
        ("accuracy", "0.914", True, True),
        ("error rate", "2.4 %", True, False),
        # Papineni et al. (ACL 2002) write BLEU as a share, nearly all others as a hundred times that.
        ("BLEU", "27.3", False, True),
        ("BLEU", "0.273", True, True),
        ("BLEU", "27.3 %", True, True),
        ("perplexity", "18.2", False, False),
        ("", "0.9", True, True),
        ("", "90 %", True, True),
        ("", "90", False, True),
        ("our own measure", "0.9", False, None),
        ("latency", "3 ms", False, False),
    ],
)
def test_a_scale_follows_from_metric_and_score(
    sheet_with: SheetWith, metric: str, score: str, share: bool, higher: bool | None
) -> None:
    _, table = table_of(sheet_with, {"chip": score}, **({"metric": metric} if metric else {}))
    scale = scale_of(table, table.tasks[0])
    assert (scale.share, scale.higher_is_better) == (share, higher)


@pytest.mark.parametrize(
    ("of_table", "of_row", "higher"),
    [
        ({"metric": "our own", "higher_is_better": False}, {}, False),
        ({"metric": "our own", "higher_is_better": False}, {"higher_is_better": True}, True),
        # A row with a metric of its own does not take the table's direction.
        ({"metric": "our own", "higher_is_better": False}, {"metric": "accuracy"}, True),
        ({"metric": "accuracy"}, {"metric": "our own"}, None),
    ],
)
def test_the_row_says_its_direction_before_the_table(
    sheet_with: SheetWith, of_table: dict[str, Any], of_row: dict[str, Any], higher: bool | None
) -> None:
    _, table = table_of(sheet_with, {"scores": {"chip": "12.5"}, **of_row}, **of_table)
    assert scale_of(table, table.tasks[0]).higher_is_better is higher


@pytest.mark.parametrize(
    ("metrics", "one"),
    [
        (("accuracy", "F1"), True),
        (("accuracy", "error rate"), False),  # of which more is worse
        (("BLEU", "BLEU"), True),
        (("BLEU", "ROUGE-L"), False),
        (("perplexity", "MAE"), False),
        (("accuracy", "perplexity"), False),
    ],
)
def test_a_mean_means_something_over_like_metrics_only(
    sheet_with: SheetWith, metrics: tuple[str, ...], one: bool
) -> None:
    rows = [{"metric": metric, "scores": {"chip": "0.5"}} for metric in metrics]
    _, table = table_of(sheet_with, *rows)
    assert (table_scale(table) is not None) is one


@pytest.mark.parametrize(
    ("scale", "value", "text", "difference", "rounded", "points", "better"),
    [
        (SHARE, 0.5, "50.00 %", "+50 percentage points", "+50.0 percentage points", "points", True),
        (SHARE, -0.0066, "-0.66 %", "-0.66 percentage points", "-0.7 percentage points", "points", False),
        (BLEU, 1.25, "1.25", "+1.25", "+1.2", "", True),
        (PERPLEXITY, 1.25, "1.25", "+1.25", "+1.2", "", False),
        (PERPLEXITY._replace(unit="nats"), -1.25, "-1.25 nats", "-1.25 nats", "-1.2 nats", "nats", True),
        (
            SHARE._replace(higher_is_better=None),
            0.5,
            "50.00 %",
            "+50 percentage points",
            None,
            "points",
            None,
        ),
    ],
)
def test_differences_are_written_on_their_scale(
    scale: ScoreScale,
    value: float,
    text: str,
    difference: str,
    rounded: str | None,
    points: str,
    better: bool | None,
) -> None:
    # A share is written in per cent and its differences in points; plain numbers in their own unit.
    if value > 0:
        assert scale.text(value).replace("50 %", "50.00 %") == text
    assert scale.difference(value) == difference
    assert rounded is None or scale.difference(value, 1) == rounded
    assert scale.points == points
    assert scale.factor == (100.0 if points == "points" else 1.0)
    assert scale.better(value) is better
    assert scale.better(0.0) is None


def test_a_loss_is_the_worse_way() -> None:
    first, later = Interval(0.9, 0.91), Interval(0.8, 0.81)
    # 0.90 - 0.81 and 0.91 - 0.80; where less is better, the other way round.
    loss = SHARE.loss(first, later)
    assert (loss.low, loss.high) == pytest.approx((0.09, 0.11))
    gain = PERPLEXITY.loss(first, later)
    assert (gain.low, gain.high) == pytest.approx((-0.11, -0.09))


@pytest.mark.parametrize(
    ("scale", "text", "value"),
    [
        (SHARE, "1.2 points", 0.012),
        (BLEU, "1.2 points", 1.2),
        (BLEU, "1.2 pp", 1.2),
        (BLEU, "1.2", 1.2),
    ],
)
def test_points_are_of_the_scale(scale: ScoreScale, text: str, value: float) -> None:
    own = scale.own_points(parse_quantity(text, "score_difference"))
    assert own.value == pytest.approx(value)
    assert (own.low, own.high) == pytest.approx((value * 1.15 / 1.2, value * 1.25 / 1.2))


@pytest.mark.parametrize(
    ("sections", "metric", "higher"),
    [
        (
            {"robustness": {"metric": "perplexity"}, "hwa_training": {"accuracy_metric": "accuracy"}},
            "perplexity",
            False,
        ),
        ({"robustness": {}, "hwa_training": {"accuracy_metric": "error rate"}}, "error rate", False),
        ({"robustness": {}}, "", True),
        ({"robustness": {"metric": "our own", "higher_is_better": False}}, "our own", False),
    ],
)
def test_scores_over_time_are_of_the_nearest_metric(
    sheet_with: SheetWith, sections: dict[str, dict[str, Any]], metric: str, higher: bool
) -> None:
    robustness = {"over_time": [{"after": "1 day", "score": "0.9"}], **sections["robustness"]}
    training = sections.get("hwa_training")
    scale = drift_scale(sheet_with(robustness=robustness, hwa_training=training))
    assert (scale.metric, scale.higher_is_better) == (metric, higher)


def test_a_mean_keeps_what_its_digits_allow() -> None:
    scores = [parse_quantity(text, "score") for text in ("80.0 %", "90.0 %")]
    found = mean(scores)
    # Half a last digit either way.
    assert (found.value, found.reach.low, found.reach.high) == pytest.approx((0.85, 0.8495, 0.8505))
    assert mean(scores, [3.0, 1.0]).value == pytest.approx(0.825)


def test_an_average_may_be_over_rows_tasks_or_examples(sheet_with: SheetWith) -> None:
    rows = [
        {"task": "A", "size": 1000, "scores": {"chip": "60.0 %"}},
        {"task": "A", "size": 1000, "scores": {"chip": "80.0 %"}},
        {"task": "B", "size": 3000, "scores": {"chip": "90.0 %"}},
    ]
    _, table = table_of(sheet_with, *rows)
    found = [(one.over, round(one.value, 6)) for one in means_of(table, "chip")]
    assert found == [
        ("mean over rows", round((60 + 80 + 90) / 300, 6)),
        ("mean over tasks", round(((60 + 80) / 2 + 90) / 200, 6)),
        ("mean over tasks", round((60 + 90) / 200, 6)),  # the first row of each task
        ("weighted by size", round((60 + 80 + 3 * 90) / 500, 6)),
    ]
    assert list(means_of(table, "gpu")) == []


@pytest.mark.parametrize("size", [1000, None, "at least 5"])
def test_sizes_weigh_only_where_they_differ_and_are_known(sheet_with: SheetWith, size: Any) -> None:
    rows = [
        {"size": 1000, "scores": {"chip": "60 %"}},
        {"scores": {"chip": "80 %"}} | ({"size": size} if size else {}),
    ]
    _, table = table_of(sheet_with, *rows)
    assert [one.over for one in means_of(table, "chip")] == ["mean over rows"]


@pytest.mark.parametrize(
    ("note", "stated"),
    [
        ("weighted by the number of examples", {"weighted by size"}),
        ("the micro average", {"weighted by size"}),
        ("the mean over tasks", {"mean over tasks"}),
        ("averaged per task", {"mean over tasks"}),
        ("the mean", set()),
        ("weights are in the appendix", set()),
    ],
)
def test_words_beside_a_table_say_how_it_averages(sheet_with: SheetWith, note: str, stated: set[str]) -> None:
    sheet, table = table_of(sheet_with, {"chip": "60 %"}, note=note)
    if note != "weights are in the appendix":
        assert stated_averaging(sheet, table, "chip") == stated
    sheet, table = table_of(sheet_with, {"chip": "60 %"}, note=note, averaging="mean over rows")
    assert stated_averaging(sheet, table, "chip") == {"mean over rows"}


@pytest.mark.parametrize(
    ("written", "average", "slip"),
    [
        # Rows of 80.0 and x; the average says what x was.
        ("78.0 %", "83.5 %", "87.0 %"),  # two digits exchanged
        ("8.70 %", "83.5 %", "87.0 %"),  # a point moved
        ("87.0 %", "44.35 %", "8.70 %"),  # and the other way
        ("81.0 %", "83.5 %", "87.0 %"),  # one digit mistyped
        ("55.0 %", "83.5 %", "87.0 %"),  # that of the other system
        ("55.0 %", "60.0 %", None),
    ],
)
def test_a_slip_of_the_hand_explains_an_average(
    sheet_with: SheetWith, written: str, average: str, slip: str | None
) -> None:
    other = "87.0 %" if written == "55.0 %" else "10.1 %"
    _, table = table_of(sheet_with, {"chip": "80.0 %", "gpu": "80.0 %"}, {"chip": written, "gpu": other})
    found = dict(slips(table, "chip", parse_quantity(average, "score")))
    assert found.get(1) == slip


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("Chip, 4 weeks after programming", [(3.5 * 604800, 4.5 * 604800)]),
        ("after 1.5 h", [(1.45 * 3600, 1.55 * 3600)]),
        ("after one day", [(43200, 129600)]),
        ("a year later", [(0.5 * 31557600, 1.5 * 31557600)]),
        ("freshly programmed", [(0, 60)]),
        ("t0", [(0, 60)]),
        ("24h and 2 months", [(23.5 * 3600, 24.5 * 3600), (1.5 * 31557600 / 12, 2.5 * 31557600 / 12)]),
        ("8 bits", []),
        # `an d` is no day, `a s` no second.
        ("accuracy and loss", []),
        ("as programmed", [(0, 60)]),
        ("as published", []),
        ("refreshed", []),
    ],
)
def test_times_since_programming_are_read_from_names(text: str, seconds: list[tuple[float, float]]) -> None:
    found = durations_in(text)
    assert len(found) == len(seconds)
    for one, expected in zip(found, seconds, strict=True):
        assert one == pytest.approx(expected)


@pytest.mark.parametrize(
    ("points", "curves"),
    [
        ([("1 day", "90 %", None, None), ("1 h", "91 %", None, None)], [["91 %", "90 %"]]),
        (
            [("1 h", "91 %", "A", None), ("1 h", "81 %", "B", None), ("1 day", "90 %", "A", None)],
            [["91 %", "90 %"], ["81 %"]],
        ),
        # Times begin anew, with notes of their own: two chips.
        (
            [
                *[("1 h", "91 %", None, "chip 1"), ("1 day", "90 %", None, "chip 1")],
                *[("1 h", "81 %", None, "chip 2"), ("1 day", "80 %", None, "chip 2")],
            ],
            [["91 %", "90 %"], ["81 %", "80 %"]],
        ),
        # The same without notes cannot be told apart.
        ([("1 h", "91 %", None, None), ("1 h", "81 %", None, None)], [["91 %", "81 %"]]),
        ([("1 h", "91 %", None, "x"), ("1 h", "81 %", None, "y")], [["91 %"], ["81 %"]]),
    ],
)
def test_points_over_time_belong_to_curves(
    sheet_with: SheetWith, points: list[tuple[str, str, str | None, str | None]], curves: list[list[str]]
) -> None:
    names = ("after", "score", "series", "note")
    over_time = [{k: v for k, v in zip(names, point, strict=True) if v is not None} for point in points]
    robustness = sheet_with(robustness={"over_time": over_time}).robustness
    assert robustness is not None
    assert [[one.score.text for one in curve] for curve in curves_of(robustness)] == curves


@pytest.mark.parametrize(
    ("score", "note", "spread"),
    [
        ("90 %", None, 0.0),
        ("90 %", "± 1.12 % at 90 %", 0.0112),
        ("88 % to 92 %", None, 0.02),
        ("88 % to 92 %", "± 3 %", 0.03),
        ("90 %", "of one chip", 0.0),
        ("90 %", "± much", 0.0),
    ],
)
def test_a_score_over_time_has_a_spread(
    sheet_with: SheetWith, score: str, note: str | None, spread: float
) -> None:
    point = {"after": "1 h", "score": score} | ({"note": note} if note else {})
    robustness = sheet_with(robustness={"over_time": [point]}).robustness
    assert robustness is not None
    assert curves_of(robustness)[0][0].spread == pytest.approx(spread)


@pytest.mark.parametrize(
    ("metric", "low", "high", "holds"),
    [
        ("accuracy", 0.9, 0.91, True),
        ("accuracy", 1.0, 1.0, True),
        ("accuracy", 1.001, 1.002, False),
        ("accuracy", -0.2, -0.1, False),
        ("accuracy", -0.1, 0.0, True),
        ("BLEU", 27.3, 27.3, True),
        ("BLEU", 100.0, 100.0, True),
        ("BLEU", 100.1, 100.2, False),
    ],
)
def test_a_range_holds_what_can_be(metric: str, low: float, high: float, holds: bool) -> None:
    # Accuracy is 0 to 1 by its definition; BLEU is 0 to 1 in its paper, and as often written up to 100.
    known = next(one for one in METRICS if one.name == metric)
    assert known.holds(low, high) is holds


ACCURACY, ERRORS, BLEU_SHARE, ROUGE_SHARE = (
    ScoreScale(name, metric_named(name), name != "error rate")
    for name in ("accuracy", "error rate", "BLEU", "ROUGE")
)


@pytest.mark.parametrize(
    ("one", "other", "like"),
    [
        (SHARE, SHARE, True),
        (SHARE, SHARE._replace(higher_is_better=None), True),
        (SHARE, SHARE._replace(higher_is_better=False), False),
        (SHARE, SHARE._replace(share=False), False),
        (SHARE, SHARE._replace(dimension="time"), False),
        (SHARE, SHARE._replace(share=False, dimension="time"), False),
        (ACCURACY, SHARE, True),
        (ACCURACY, ERRORS, False),
        # BLEU as a share is on a scale of its own, whichever comes first.
        (BLEU_SHARE, ACCURACY, False),
        (ACCURACY, BLEU_SHARE, False),
        (BLEU_SHARE, ROUGE_SHARE, False),
        (BLEU_SHARE, BLEU_SHARE._replace(metric="bleu score"), True),
        # Of metrics that nobody knows, the same name is the same metric, if the unit is.
        (BLEU._replace(metric="ours"), BLEU._replace(metric=" Ours"), True),
        (BLEU._replace(metric="ours"), BLEU._replace(metric="theirs"), False),
        (BLEU._replace(metric="ours", unit="m"), BLEU._replace(metric="ours"), False),
    ],
)
def test_which_scales_a_mean_can_be_over(one: ScoreScale, other: ScoreScale, like: bool) -> None:
    assert one.like(other) is like


def test_no_difference_is_for_no_better() -> None:
    assert SHARE.better(0.0) is None
    assert PERPLEXITY.better(0.0) is None


@pytest.mark.parametrize(
    ("scores", "more", "share", "unit"),
    [
        # One percent sign in a row is enough.
        ({"chip": "91", "gpu": "92 %"}, {}, True, ""),
        ({"chip": "92 %", "gpu": "91"}, {}, True, ""),
        ({"chip": "1", "gpu": "0.5"}, {}, True, ""),
        ({"chip": "0.5", "gpu": "1.5"}, {}, False, ""),
        ({"chip": "-1", "gpu": "0.5"}, {}, True, ""),
        # BLEU of 1 may be a share; of 27.3 beside 0.5, none is.
        ({"chip": "1", "gpu": "0.5"}, {"metric": "BLEU"}, True, ""),
        ({"chip": "0.5", "gpu": "27.3"}, {"metric": "BLEU"}, False, ""),
        # A unit says what is counted; that of the table is not that of a row with a metric of its own.
        ({"chip": "0.5"}, {"unit": "nats", "metric": "ours"}, False, "nats"),
        ({"chip": "0.5"}, {"unit": "nats", "metric": "ours", "own": {"unit": "bits"}}, False, "bits"),
        ({"chip": "0.5"}, {"unit": "nats", "metric": "ours", "own": {"metric": "theirs"}}, False, ""),
        ({"chip": "3 ms"}, {"unit": "nats", "metric": "ours"}, False, ""),
        ({"chip": {"not_disclosed": "Kept."}}, {"metric": "accuracy"}, True, ""),
    ],
)
def test_the_unit_of_the_scores_of_a_row(
    sheet_with: SheetWith, scores: dict[str, Any], more: dict[str, Any], share: bool, unit: str
) -> None:
    own = more.get("own", {})
    _, table = table_of(
        sheet_with, {"scores": scores, **own}, **{k: v for k, v in more.items() if k != "own"}
    )
    scale = scale_of(table, table.tasks[0])
    assert (scale.share, scale.unit) == (share, unit)


@pytest.mark.parametrize(
    ("words", "metric", "higher"),
    [
        (None, "", True),
        ("on the test set", "", True),
        ("accuracy on MNLI", "accuracy on MNLI", True),
        ("perplexity", "perplexity", False),
        # Of an unknown measure: what counts errors is better the less of it there is.
        ("share of images that are misclassified", "share of images that are misclassified", False),
        ("mistakes corrected", "mistakes corrected", None),
    ],
)
def test_the_scale_of_the_training_section(
    sheet_with: SheetWith, words: str | None, metric: str, higher: bool | None
) -> None:
    score = parse_quantity("90 %", "score")
    sheet = sheet_with(hwa_training={"accuracy_metric": words} if words else None)
    scale = training_scale(sheet, score)
    assert (scale.metric, scale.higher_is_better, scale.share) == (metric, higher, True)


@pytest.mark.parametrize(
    ("robustness", "rows", "expected"),
    [
        # Without a word on the metric, that of the tables, if they are of one direction.
        ({}, [{"metric": "perplexity"}], ("perplexity", False)),
        (
            {},
            [{"metric": "perplexity"}, {"metric": "our loss", "higher_is_better": False}],
            ("perplexity", False),
        ),
        ({}, [{"metric": "perplexity"}, {"metric": "accuracy"}], ("", True)),
        ({}, [], ("", True)),
        ({"higher_is_better": False}, [{"metric": "ours", "higher_is_better": True}], ("ours", False)),
        ({"metric": "accuracy"}, [{"metric": "perplexity"}], ("accuracy", True)),
        ({}, [{"metric": "ours", "unit": "nats", "higher_is_better": True}], ("ours", True)),
    ],
)
def test_scores_over_time_are_of_the_metric_of_the_tables(
    sheet_with: SheetWith, robustness: dict[str, Any], rows: list[dict[str, Any]], expected: tuple[str, bool]
) -> None:
    tables = [
        {"name": f"T{index}", "systems": [CHIP], "tasks": [{"task": "t", "scores": {"chip": "12.5"}}], **one}
        for index, one in enumerate(rows)
    ]
    over = {"over_time": [{"after": "1 day", "score": "0.9"}], **robustness}
    sheet = sheet_with(robustness=over, performance={"results": tables} if tables else None)
    scale = drift_scale(sheet)
    assert (scale.metric, scale.higher_is_better) == expected
    assert scale.unit == (rows[0].get("unit", "") if rows else "")
    if not robustness:
        bare = drift_scale(sheet_with(performance={"results": tables} if tables else None))
        assert (bare.metric, bare.higher_is_better) == expected
