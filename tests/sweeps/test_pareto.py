"""The Pareto front against its definition, tried on every pair of points."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from factsheet.sweeps.frontier import front

# Few values, so that ties and equal points are common.
VALUES = st.integers(0, 6).map(float) | st.sampled_from([0.5, 1e300, float("inf")])
CLOUDS = st.integers(1, 4).flatmap(lambda size: st.lists(st.tuples(*[VALUES] * size), max_size=40))


def dominates(left: tuple[float, ...], right: tuple[float, ...]) -> bool:
    pairs = list(zip(left, right, strict=True))
    return all(a <= b for a, b in pairs) and any(a < b for a, b in pairs)


@settings(deadline=None)
@given(CLOUDS)
def test_the_front_is_what_nothing_dominates(points: list[tuple[float, ...]]) -> None:
    expected = [
        position
        for position, point in enumerate(points)
        if not any(dominates(other, point) for other in points)
    ]
    assert front(points) == expected


def test_a_front_by_hand() -> None:
    #          on it       dominated by the first      on it       equal to it
    assert front([(1.0, 3.0), (2.0, 3.0), (2.0, 1.0), (2.0, 1.0)]) == [0, 2, 3]


def test_a_hundred_thousand_points_on_a_line_take_no_time() -> None:
    line = [(float(n), float(-n)) for n in range(100_000)]
    assert front(line) == list(range(100_000))
