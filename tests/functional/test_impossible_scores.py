"""What is no score, or none that its metric has, is refused and never averaged."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch

from factsheet.cli.simulate.simulate_results import check_scores
from factsheet.crossbar.functional.hardware_sources import read_hardware
from factsheet.crossbar.functional.studies.trial import number
from factsheet.crossbar.functional.tiles.converters import Converter
from factsheet.errors import AnalogError, StudyError, UsageError


@pytest.mark.parametrize(
    "given",
    [
        1e308,  # two of them have no mean
        -1e308,
        math.nan,
        -math.inf,
        10**400,
        True,
        np.bool_(1),
        torch.tensor(data=True),
        1 + 2j,
        np.complex128(0.5),
        torch.tensor(0.5 + 0j),
        "0.5",
        None,
        torch.zeros(2),
    ],
    ids=lambda one: repr(one)[:20],
)
def test_what_is_no_score_is_refused(given: object) -> None:
    with pytest.raises(StudyError, match="which is no score") as refused:
        number(given, "repeat 1")
    assert len(refused.value.message) < 150
    assert refused.value.help


@pytest.mark.parametrize("given", [0.5, np.float32(0.5), torch.tensor([0.5]), np.array(0.5)])
def test_numbers_of_other_packages_are_scores(given: object) -> None:
    assert number(given, "repeat 1") == 0.5


@pytest.mark.parametrize(
    ("metric", "digital", "score", "possible"),
    [
        ("accuracy", 0.9, -1.0, False),
        ("accuracy", 1.0005, 0.9, False),  # 100.05 %
        ("accuracy", 90.0, 100.05, False),
        ("accuracy", 90.0, 84.1, True),
        ("accuracy", 1.0, 1.0 + 1e-7, True),  # a mean in single precision
        ("perplexity", 12.0, 0.5, False),  # 1 at least: Jelinek et al., JASA 62 (1977)
        ("perplexity", 12.0, 10_000.0, True),
        ("matthews correlation", 0.6, -0.2, True),  # from -1
        ("word error rate", 0.1, 1.3, True),  # more words can be wrong than there are
        ("our own", 5.0, -1.0, True),
        ("", 0.9, -1.0, True),
    ],
)
def test_a_score_that_its_metric_does_not_have_is_refused(
    metric: str, digital: float, score: float, possible: bool
) -> None:
    if possible:
        check_scores(metric, digital, [digital, score])
        return
    with pytest.raises(UsageError, match="the evaluation gave"):
        check_scores(metric, digital, [digital, score])


@pytest.mark.parametrize("bound", [1e-300, 1e300, 0.0, math.inf])
def test_a_converter_that_lets_nothing_through_is_refused(bound: float) -> None:
    # Inputs of single precision, scaled to its bound, would all be 0: no error, of infinitely many bits.
    with pytest.raises(AnalogError, match="a converter bounded by"):
        Converter(8, bound)


@pytest.mark.parametrize("name", ["output_noise", "g_max_us", "clip_sigma"])
def test_a_value_beyond_single_precision_is_refused(name: str) -> None:
    with pytest.raises(AnalogError, match=rf"`{name}` is 1e\+300"):
        read_hardware({name: 1e300})
