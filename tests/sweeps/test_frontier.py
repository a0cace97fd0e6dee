"""The front of a table in pieces: the same however it is cut, and taken among points that do the same work."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sample import COLUMNS, chunk

from factsheet.errors import SweepError
from factsheet.sweeps.columns import column_named
from factsheet.sweeps.frontier import Frontier

ENERGY = column_named("energy", COLUMNS, "--pareto")
LATENCY = column_named("latency_s", COLUMNS, "--pareto")
THROUGHPUT = column_named("throughput", COLUMNS, "--pareto")
ROWS = st.fixed_dictionaries(
    {
        "energy_per_inference_j": st.sampled_from([1.0, 2.0, 3.0, None]),
        "latency_s": st.sampled_from([1.0, 2.0, 3.0, float("nan")]),
        "seq_len": st.sampled_from([16, 32]),
        "batch": st.integers(1, 100),
    }
)


def rows_of(frontier: Frontier) -> list[tuple[object, ...]]:
    return sorted(
        tuple(row)
        for one in frontier.chunks()
        for row in zip(*(one.columns[name] for name in ("seq_len", "batch", "latency_s")), strict=True)
    )


@settings(deadline=None)
@given(st.lists(ROWS, max_size=30), st.integers(1, 7))
def test_it_does_not_matter_how_the_table_is_cut(rows: list[dict[str, float | None]], size: int) -> None:
    whole, pieces = Frontier([ENERGY, LATENCY]), Frontier([ENERGY, LATENCY])
    whole.add(chunk(*rows))
    for start in range(0, len(rows), size):
        pieces.add(chunk(*rows[start : start + size]))
    assert rows_of(whole) == rows_of(pieces)
    assert len(rows_of(whole)) + whole.dominated + whole.incomparable == len(rows)
    assert (whole.dominated, whole.incomparable) == (pieces.dominated, pieces.incomparable)


def test_points_of_other_work_do_not_compete() -> None:
    frontier = Frontier([ENERGY, LATENCY])
    short = {"seq_len": 16, "energy_per_inference_j": 1.0, "latency_s": 1.0}
    long = {"seq_len": 512, "energy_per_inference_j": 9.0, "latency_s": 9.0}
    slower = {"seq_len": 512, "energy_per_inference_j": 9.0, "latency_s": 9.5, "batch": 2}
    frontier.add(chunk(short, long, slower))
    assert rows_of(frontier) == [(16, 1, 1.0), (512, 1, 9.0)]
    assert frontier.dominated == 1


def test_of_throughput_more_is_better() -> None:
    frontier = Frontier([THROUGHPUT])
    frontier.add(
        chunk(
            {"batch": 1, "throughput_inferences_per_s": 10.0},
            {"batch": 2, "throughput_inferences_per_s": 20.0},
        )
    )
    assert [row[1] for row in rows_of(frontier)] == [2]


def test_a_column_that_there_is_not() -> None:
    with pytest.raises(SweepError, match=r"--pareto: `energie` is no column") as caught:
        column_named("energie", COLUMNS, "--pareto")
    assert "energy" in caught.value.candidates
