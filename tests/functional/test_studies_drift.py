"""Studies as wholes: results depend on the seed alone, whoever works them out, and nothing finished is lost."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import pytest
import torch
from killed_trials import Step, always_deadly, deadly_once
from study_models import agreement, model, nan, on_random_inputs, raising, text
from torch import nn

from factsheet.crossbar.functional.analog_hardware import AnalogHardware
from factsheet.crossbar.functional.devices.device import IdealDevice
from factsheet.crossbar.functional.devices.pcm import Pcm
from factsheet.crossbar.functional.studies.drift_study import DriftStudy, drift_study, run, trials
from factsheet.crossbar.functional.studies.error_sources import sources, without
from factsheet.crossbar.functional.studies.mvm_error import (
    MvmTrial,
    bits,
    matrices_of,
    mvm_errors,
    random_matrices,
)
from factsheet.crossbar.functional.studies.trial import DIGITAL, Trial
from factsheet.crossbar.functional.tiles.converters import Converter
from factsheet.crossbar.mapping import TileShape
from factsheet.errors import StudyError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

HARDWARE = AnalogHardware(tile=TileShape(8, 8), compensation="global")
EXACT = AnalogHardware(device=IdealDevice(), dac=Converter(None), adc=Converter(None))
TIMES = (3600.0, 604800.0)


def study(evaluate: Callable[[nn.Module], float] = agreement, **changed: object) -> DriftStudy:
    options: dict[str, object] = {"hardware": HARDWARE, "seed": 4, **changed}
    return drift_study(model, evaluate, TIMES, 3, **options)  # type: ignore[arg-type]  # by name


def test_without_any_error_every_score_is_the_digital_one() -> None:
    found = study(hardware=EXACT)
    assert found.digital == 1.0
    assert {score for point in found.series.points for score in point.scores} == {1.0}


def test_a_seed_reproduces_to_the_bit_and_another_does_not() -> None:
    assert study() == study()
    assert study(seed=5).series != study().series


def test_repeats_are_independent_of_each_other_and_of_how_many_there_are() -> None:
    few = drift_study(model, agreement, TIMES, 2, hardware=HARDWARE, seed=4)
    for less, more in zip(few.series.points, study().series.points, strict=True):
        assert less.scores == more.scores[:2]
    assert len({point.scores for point in study().series.points}) > 1


def test_results_do_not_depend_on_how_many_work_on_them() -> None:
    assert study(on_random_inputs, workers=2) == study(on_random_inputs)


def test_the_model_and_torch_s_own_generator_stay_as_they_are() -> None:
    network = model()
    before = [parameter.clone() for parameter in network.parameters()]
    state, threads = torch.get_rng_state(), torch.get_num_threads()
    drift_study(network, on_random_inputs, TIMES, 1, hardware=HARDWARE)
    assert all(torch.equal(one, two) for one, two in zip(before, network.parameters(), strict=True))
    assert torch.equal(state, torch.get_rng_state())
    assert torch.get_num_threads() == threads


def test_what_is_finished_is_not_worked_out_again() -> None:
    whole: dict[Trial, float] = {}
    expected = study(on_result=whole.__setitem__)
    assert set(whole) == set(trials(TIMES, 3))
    half = dict(list(whole.items())[:4])
    new: dict[Trial, float] = {}
    assert study(finished=half, on_result=new.__setitem__) == expected
    assert half | new == whole
    assert not half.keys() & new.keys()


@pytest.mark.parametrize(
    ("evaluate", "said"),
    [
        (nan(), "no score"),
        (text(), "no score"),
        (raising(), "the data is gone"),
        (lambda _: True, "no score"),
    ],
)
def test_an_evaluation_without_a_score_ends_the_study(
    evaluate: Callable[[nn.Module], float], said: str
) -> None:
    with pytest.raises(StudyError, match=said):
        study(evaluate)


def test_a_failure_hands_on_what_was_finished_before() -> None:
    calls = 0

    def evaluate(network: nn.Module) -> float:
        nonlocal calls
        calls += 1
        return 0.5 if calls < 4 else math.inf

    kept: dict[Trial, float] = {}
    with pytest.raises(StudyError, match="repeat 2"):
        study(evaluate, on_result=kept.__setitem__)
    assert list(kept) == [DIGITAL, Trial(0, TIMES[0]), Trial(0, TIMES[1])]


def test_a_worker_that_is_killed_costs_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mark = tmp_path / "mark"
    mark.touch()
    monkeypatch.setenv("DEADLY_MARK", str(mark))
    steps = [Step(number) for number in range(4)]
    found = dict(run(deadly_once, steps, workers=2, scheduler=None))
    assert found == {step: step.number / 8 for step in steps}
    assert not mark.exists()


def test_a_worker_that_is_always_killed_is_named_and_what_was_finished_is_kept() -> None:
    kept: list[tuple[Step, float]] = []
    running = run(always_deadly, [Step(0), Step(1), Step(2)], workers=2, scheduler=None)
    with pytest.raises(StudyError, match=r"step 1: .*lost") as caught:
        kept.extend(running)
    assert "run again" in caught.value.help
    assert (Step(0), 0.0) in kept


@pytest.mark.parametrize(
    ("times", "repeats", "said"),
    [
        ((), 3, "no times"),
        ((-1.0,), 3, "-1"),
        ((math.nan,), 3, "nan"),
        ((math.inf,), 3, "inf"),
        (TIMES, 0, "0 repeats"),
        (TIMES, -1, "-1 repeats"),
    ],
)
def test_a_study_of_nothing_is_refused(times: tuple[float, ...], repeats: int, said: str) -> None:
    with pytest.raises(StudyError, match=said):
        drift_study(model, agreement, times, repeats, hardware=HARDWARE)


def test_effective_bits_are_those_of_ieee_1241() -> None:
    # An ideal converter of N bits has a signal-to-noise ratio of 6.02 N + 1.76 dB (IEEE Std 1241-2010, 9.2).
    for n in (2, 4, 8, 12):
        assert bits(10 ** (-(6.02 * n + 1.76) / 20)) == pytest.approx(n)
    assert bits(0.0) == math.inf


def test_the_error_of_rounding_alone_is_that_of_a_uniform_distribution() -> None:
    # A value rounded to steps of s is off by s/√12 on average: Widrow and Kollár, Quantization Noise, ch. 4. The ADC's
    # steps are 10/127 of what one full input on one full weight adds, and nothing else is rounded or noisy.
    hardware = AnalogHardware(device=IdealDevice(), dac=Converter(None), scale="tile", tile=TileShape(64, 64))
    (stored,) = random_matrices([("one", 64, 64)])
    (found,) = mvm_errors(lambda: [stored], (0.0,), 1, hardware=hardware)
    weight = stored.weight.detach()
    step = 10 / 127 * float(weight.abs().max())
    # ‖Wx‖² of normal x is ‖W‖² on average, over 64 outputs.
    expected = step / math.sqrt(12) / (float(weight.norm()) / 8)
    assert found.errors.points[0].mean == pytest.approx(expected, rel=0.05)


def test_exact_arrays_have_no_error_and_noisy_ones_more_with_time() -> None:
    exact = mvm_errors(lambda: matrices_of(model(), EXACT), TIMES, 2, hardware=EXACT)
    assert [one.name for one in exact] == ["0", "2"]
    assert all(point.mean < 1e-6 for one in exact for point in one.errors.points)
    noisy = mvm_errors(lambda: matrices_of(model(), HARDWARE), TIMES, 5, hardware=HARDWARE)
    for one in noisy:
        early, late = (point.mean for point in one.errors.points)
        assert 0.01 < early < late < 1
    assert [(one.rows, one.cols, one.tiles) for one in noisy] == [(16, 12, 4), (12, 4, 2)]


def test_a_convolution_in_groups_and_learnt_bounds_are_measured_too() -> None:
    torch.manual_seed(1)
    network = nn.Sequential(nn.Conv2d(4, 6, 3, groups=2), nn.Conv1d(3, 5, 2))
    hardware = AnalogHardware(dac=Converter(8, "learnt"), adc=Converter(8, "learnt"), device=IdealDevice())
    found = mvm_errors(lambda: matrices_of(network, hardware), (0.0,), 1, hardware=hardware)
    assert [(one.rows, one.cols) for one in found] == [(18, 3), (6, 5)]
    # Inputs reach the bound three standard deviations out: 8 bits are 42 steps a standard deviation.
    assert all(0 < one.errors.points[0].mean < 0.1 for one in found)


def test_finished_errors_are_not_worked_out_again() -> None:
    kept: dict[MvmTrial, float] = {}
    options = {"hardware": HARDWARE, "seed": 1}
    stored = random_matrices([("a", 20, 9)])
    first = mvm_errors(lambda: stored, TIMES, 2, **options, on_result=kept.__setitem__)  # type: ignore[arg-type]
    assert len(kept) == 4
    again = mvm_errors(
        lambda: stored,
        TIMES,
        2,
        **options,  # type: ignore[arg-type]
        finished=kept,
        on_result=lambda *_: pytest.fail("worked out twice"),
    )
    assert again == first


def test_sources_are_those_that_the_hardware_has() -> None:
    assert sources(EXACT) == ()
    assert sources(AnalogHardware()) == (
        "programming noise",
        "drift",
        "read noise",
        "digital-analog converter",
        "analog-digital converter",
    )
    hardware = AnalogHardware(output_noise=0.1, stuck_rate=0.01, device=IdealDevice())
    assert set(sources(hardware)) == {
        "stuck devices",
        "output noise",
        "digital-analog converter",
        "analog-digital converter",
    }


def test_hardware_without_all_of_its_sources_is_exact() -> None:
    bare = without(HARDWARE, *sources(HARDWARE))
    assert bare.device == Pcm(programming=0, drift_exponent=0, read_noise=0)
    assert study(hardware=bare).series.points[0].scores == (1.0, 1.0, 1.0)
