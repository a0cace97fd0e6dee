"""Means, intervals and refresh intervals against printed tables, closed forms and Monte Carlo."""

from __future__ import annotations

import math
from random import Random
from statistics import NormalDist
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factsheet.crossbar.functional.studies.durations import seconds_of, times_of, written
from factsheet.crossbar.functional.studies.refresh_interval import refresh_interval
from factsheet.crossbar.functional.studies.repeated_scores import (
    ScoresAtTime,
    ScoreSeries,
    cumulative,
    quantile,
    series_of,
    two_sided,
)
from factsheet.quantities.quantity import parse_quantity
from factsheet.quantities.shares import share_interval

HOUR, DAY, WEEK, YEAR = 3600.0, 86400.0, 604800.0, 31557600.0
TIMES = (HOUR, DAY, WEEK, 4 * WEEK, YEAR)


@pytest.mark.parametrize(
    ("confidence", "degrees", "factor"),
    [
        # NIST/SEMATECH e-Handbook of Statistical Methods, 1.3.6.7.2, upper critical values of Student's t.
        (0.80, 1, 3.078),
        (0.90, 1, 6.314),
        (0.95, 1, 12.706),
        (0.99, 1, 63.657),
        (0.90, 2, 2.920),
        (0.95, 4, 2.776),
        (0.90, 9, 1.833),
        (0.95, 19, 2.093),
        (0.99, 30, 2.750),
        (0.90, 100, 1.660),
    ],
)
def test_factors_are_those_of_the_printed_table(confidence: float, degrees: int, factor: float) -> None:
    assert two_sided(confidence, degrees) == pytest.approx(factor, abs=6e-4)


def test_two_distributions_have_closed_forms() -> None:
    # One degree is Cauchy's distribution; two have F(t) = 1/2 + t / (2 √(2 + t²)).
    for t in (-40.0, -2.5, -0.1, 0.0, 0.3, 1.0, 7.0, 300.0):
        assert cumulative(t, 1) == pytest.approx(0.5 + math.atan(t) / math.pi, abs=1e-12)
        assert cumulative(t, 2) == pytest.approx(0.5 + t / (2 * math.sqrt(2 + t * t)), abs=1e-12)


def test_many_degrees_are_the_normal_distribution() -> None:
    # Φ⁻¹(0.975) = 1.959964 (Abramowitz and Stegun, table 26.1).
    assert two_sided(0.95, 10**7) == pytest.approx(1.959964, abs=1e-6)


@given(st.floats(min_value=0.001, max_value=0.999), st.integers(min_value=1, max_value=500))
def test_a_quantile_undoes_the_distribution(probability: float, degrees: int) -> None:
    assert cumulative(quantile(probability, degrees), degrees) == pytest.approx(probability, abs=1e-9)


@pytest.mark.parametrize(("probability", "degrees"), [(0.0, 3), (1.0, 3), (0.5, 0), (math.nan, 3)])
def test_what_has_no_quantile_is_refused(probability: float, degrees: int) -> None:
    with pytest.raises(ValueError, match="no quantile"):
        quantile(probability, degrees)


@pytest.mark.parametrize("repeats", [2, 5, 20])
def test_intervals_hold_the_true_mean_as_often_as_they_say(repeats: int) -> None:
    draw, runs = _draw(repeats), 1500
    hits = 0
    for _ in range(runs):
        low, high = ScoresAtTime(0.0, tuple(draw.gauss(0.9, 0.02) for _ in range(repeats))).interval(0.9) or (
            1,
            0,
        )
        hits += low <= 0.9 <= high
    # Three standard deviations of a binomial share.
    assert hits / runs == pytest.approx(0.9, abs=3 * math.sqrt(0.09 / runs))


def test_mean_and_spread_of_numbers_worked_out_by_hand() -> None:
    point = ScoresAtTime(0.0, (2.0, 4.0, 4.0, 4.0, 5.0, 5.0, 7.0, 9.0))
    assert point.mean == 5.0
    assert point.spread == pytest.approx(math.sqrt(32 / 7))
    assert ScoresAtTime(0.0, (1.0,)).spread is None
    assert ScoresAtTime(0.0, (1.0,)).interval() is None


def test_a_series_does_not_depend_on_the_order_of_results() -> None:
    scores = {(repeat, t): repeat + t for repeat in range(3) for t in (1.0, 5.0)}
    backwards = dict(reversed(scores.items()))
    assert series_of(scores, (5.0, 1.0), 3) == series_of(backwards, (1.0, 5.0), 3)
    assert series_of(scores, (5.0, 1.0), 3).times == (1.0, 5.0)


def _draw(seed: int) -> Random:
    return Random(seed)  # noqa: S311  for statistics, not for secrets


def decay(t: float, slope: float) -> float:
    """A score that falls linearly in log(t + 20 s), as drift makes it."""
    return 0.95 - slope * math.log((t + 20) / 3620)


def drawn(draw: Random, repeats: int, slope: float = 0.004) -> ScoreSeries:
    scores: dict[tuple[int, float], float] = {}
    for repeat in range(repeats):
        own, start = slope * draw.gauss(1, 0.25), draw.gauss(0, 0.01)
        scores |= {(repeat, t): start + decay(t, own) + draw.gauss(0, 0.004) for t in TIMES}
    return series_of(scores, TIMES, repeats)


def exact(slope: float, times: tuple[float, ...] = TIMES) -> ScoreSeries:
    return ScoreSeries(tuple(ScoresAtTime(t, (decay(t, slope),) * 3) for t in times))


@pytest.mark.parametrize("weeks", [0.1, 1.0, 3.0, 4.0, 20.0])
def test_an_analytic_decay_is_met_at_its_own_time(weeks: float) -> None:
    loss = 0.95 - decay(weeks * WEEK, 0.004)
    found = refresh_interval(exact(0.004), loss)
    assert found.seconds == pytest.approx(weeks * WEEK, rel=1e-6)
    assert found.earliest == pytest.approx(weeks * WEEK, rel=1e-5)
    assert found.latest == pytest.approx(weeks * WEEK, rel=1e-5)


def test_of_an_error_a_rise_is_a_loss_and_a_fall_none() -> None:
    # An error rate that is one minus the accuracy reaches the same loss at the same time.
    points = exact(0.004).points
    errors = ScoreSeries(
        tuple(ScoresAtTime(point.seconds, tuple(1 - one for one in point.scores)) for point in points)
    )
    loss = 0.95 - decay(3 * WEEK, 0.004)
    found = refresh_interval(errors, loss, higher_is_better=False)
    assert found.seconds == pytest.approx(3 * WEEK, rel=1e-6)
    assert refresh_interval(errors, loss).seconds == math.inf


def test_what_is_not_lost_within_the_times_is_beyond_them() -> None:
    found = refresh_interval(exact(0.0001), 0.01)
    assert (found.seconds, found.earliest, found.latest) == (math.inf, math.inf, math.inf)
    assert found.words == "beyond 1 year, at 90 %"


def test_what_is_lost_from_the_start_is_said_to_be() -> None:
    found = refresh_interval(exact(0.004), 0.01, reference=0.99)
    assert (found.seconds, found.earliest, found.latest) == (0, 0, 0)
    assert found.words == "lost at 1 h already, at 90 %"


def test_a_loss_is_counted_from_each_repeat_s_own_first_score_or_from_a_reference() -> None:
    # Two repeats that start a point apart and lose the same: their own starts tell nothing of a spread.
    scores = {(r, t): decay(t, 0.004) + 0.01 * r for r in range(2) for t in TIMES}
    series = series_of(scores, TIMES, 2)
    loss = 0.95 - decay(3 * WEEK, 0.004)
    own = refresh_interval(series, loss)
    assert own.earliest == pytest.approx(3 * WEEK, rel=1e-5)
    assert own.latest == pytest.approx(3 * WEEK, rel=1e-5)
    fixed = refresh_interval(series, loss, reference=0.955)
    assert fixed.seconds == pytest.approx(3 * WEEK, rel=1e-5)
    assert fixed.earliest is not None
    assert fixed.earliest < 3 * WEEK


@pytest.mark.parametrize("repeats", [3, 5, 20])
def test_the_interval_holds_the_true_time_as_often_as_it_says(repeats: int) -> None:
    draw, runs, truth = _draw(repeats), 400, 4.3 * WEEK
    loss = 0.95 - decay(truth, 0.004)
    low = high = 0
    for _ in range(runs):
        found = refresh_interval(drawn(draw, repeats), loss)
        assert found.earliest is not None
        assert found.latest is not None
        assert found.earliest <= found.seconds <= found.latest
        low += truth < found.earliest
        high += truth > found.latest
    # At most 10 % in all: scores that cross the limit more than once make it fewer. Three standard deviations allowed.
    assert (low + high) / runs <= 0.1 + 3 * math.sqrt(0.09 / runs)
    assert (low + high) / runs >= 0.02


def test_one_repeat_gives_a_time_and_no_interval() -> None:
    found = refresh_interval(drawn(_draw(1), 1), 0.02)
    assert found.earliest is None
    assert "single repeat" in found.words


@given(st.lists(st.lists(st.floats(0, 1), min_size=5, max_size=5), min_size=2, max_size=6), st.floats(0, 0.5))
def test_any_scores_give_an_interval_around_the_estimate(rows: list[list[float]], loss: float) -> None:
    scores = {(r, t): row[k] for r, row in enumerate(rows) for k, t in enumerate(TIMES)}
    found = refresh_interval(series_of(scores, TIMES, len(rows)), loss)
    assert found.earliest is not None
    assert found.latest is not None
    assert 0 <= found.earliest <= found.seconds <= found.latest
    for time in (found.earliest, found.seconds, found.latest):
        assert time in {0, math.inf} or HOUR * (1 - 1e-9) <= time <= YEAR * (1 + 1e-9)
    assert found.words


def test_a_share_of_chips_holds_until_the_first_one_too_many_fails() -> None:
    # Ten chips that lose a point after 1 to 10 weeks each; 80 % hold until the third one fails.
    scores = {
        (k, t): decay(t, 0.01 / math.log(((k + 1) * WEEK + 20) / 3620)) for k in range(10) for t in TIMES
    }
    series = series_of(scores, TIMES, 10)
    found = refresh_interval(series, 0.01, chips=0.8)
    assert found.seconds == pytest.approx(3 * WEEK, rel=1e-6)
    assert found.whose == "all but 20 % of chips"
    # Binomial table, n = 10, p = 0.2: P(X = 0) is 0.107 > 0.05, so the lower end is open; P(X <= 4) is 0.967 >= 0.95.
    assert found.earliest == 0
    assert found.latest == pytest.approx(5 * WEEK, rel=1e-6)
    assert "a lower end takes 14 chips or more" in found.words  # 0.8**14 = 0.044
    assert refresh_interval(series, 0.01).seconds > found.seconds


@pytest.mark.parametrize(("share", "repeats"), [(0.8, 40), (0.95, 80)])
def test_the_interval_of_a_share_of_chips_holds_as_often_as_it_says(share: float, repeats: int) -> None:
    draw, runs = _draw(repeats), 400
    # The slope is normal, so that the time of the share follows from its quantile.
    worst = 0.004 * NormalDist(1, 0.25).inv_cdf(share)
    truth = 3620 * math.exp(0.01 / worst) - 20
    missed = 0
    for _ in range(runs):
        slopes = [0.004 * draw.gauss(1, 0.25) for _ in range(repeats)]
        scores = {(k, t): decay(t, slope) for k, slope in enumerate(slopes) for t in TIMES}
        found = refresh_interval(series_of(scores, TIMES, repeats), 0.01, chips=share)
        assert found.earliest is not None
        assert found.latest is not None
        missed += not found.earliest <= truth <= found.latest
    assert missed / runs <= 0.1 + 3 * math.sqrt(0.09 / runs)


def test_the_sampling_error_of_a_test_set_is_part_of_the_interval() -> None:
    # Scores of one test set of 500 examples; each chip breaks the answers that were right before at a rate of its own.
    draw, runs, truth, n = _draw(5), 300, 4.3 * WEEK, 500
    loss = 0.95 - decay(truth, 0.004)
    plain = within = 0
    for _ in range(runs):
        # A common error of the test set: the loss at every time is off by the same relative amount.
        off = draw.gauss(0, math.sqrt(loss * (1 - loss) / n))
        one = drawn(draw, 6)
        first = one.points[0]
        series = ScoreSeries(
            (
                first,
                *(ScoresAtTime(p.seconds, tuple(s - off for s in p.scores)) for p in one.points[1:]),
            )
        )
        for examples in (None, n):
            found = refresh_interval(series, loss, examples=examples)
            assert found.earliest is not None
            assert found.latest is not None
            held = found.earliest <= truth <= found.latest
            plain, within = plain + (held and examples is None), within + (held and examples == n)
    assert within / runs >= 0.9 - 3 * math.sqrt(0.09 / runs)
    assert plain / runs < within / runs
    assert found.sampling_error == pytest.approx(math.sqrt(loss * (1 - loss) / n))


def test_wilson_s_interval_is_the_published_one() -> None:
    # Newcombe, Statistics in Medicine 17 (1998), table I: 81 of 263 at 95 %, 0.2553 to 0.3662; 0 of 20, 0 to 0.1611.
    assert share_interval(81 / 263, 263, 0.95) == pytest.approx((0.2553, 0.3662), abs=5e-5)
    assert share_interval(0.0, 20, 0.95) == pytest.approx((0.0, 0.1611), abs=5e-5)


@pytest.mark.parametrize("options", [{"chips": 1.0}, {"chips": 0.0}, {"examples": 0}])
def test_a_share_or_a_test_set_that_is_none_is_refused(options: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="is no"):
        refresh_interval(exact(0.004), 0.01, **options)


@pytest.mark.parametrize("loss", [-0.1, math.nan, math.inf])
def test_a_loss_that_is_none_is_refused(loss: float) -> None:
    with pytest.raises(ValueError, match="accepted loss"):
        refresh_interval(exact(0.004), loss)


def test_no_times_are_refused() -> None:
    with pytest.raises(ValueError, match="at least one time"):
        refresh_interval(ScoreSeries(()), 0.01)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("20s", 20), ("90 min", 5400), ("1h", HOUR), ("1 d", DAY), ("4w", 4 * WEEK), ("1y", YEAR), ("0s", 0)],
)
def test_times_are_read_as_people_write_them(text: str, seconds: float) -> None:
    assert seconds_of(text) == seconds


def test_times_come_in_order_and_once() -> None:
    assert times_of(["1y,1h", "60 min , 1w"]) == (HOUR, WEEK, YEAR)


@pytest.mark.parametrize("text", ["", ",", "-1h", "soon", "1 to 2 h", "up to 1h", "~1h", "nan", "1 kg"])
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"time|programmed"):
        times_of([text])


@given(st.floats(min_value=1e-3, max_value=1e10))
def test_a_sheet_reads_back_the_times_that_are_written(seconds: float) -> None:
    read = parse_quantity(written(seconds), "time")
    assert read.interval.contains(seconds) or read.value == pytest.approx(seconds, rel=1e-8)
