"""Measure what each source of error costs: each one alone, and all of them without it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from factsheet.crossbar.functional.devices.device import IdealDevice
from factsheet.crossbar.functional.devices.pcm import Pcm
from factsheet.crossbar.functional.studies.drift_study import drift_study
from factsheet.crossbar.functional.tiles.converters import Converter

if TYPE_CHECKING:
    from collections.abc import Callable

    from torch import nn

    from factsheet.crossbar.functional.analog_hardware import AnalogHardware
    from factsheet.crossbar.functional.studies.repeated_scores import ScoresAtTime
    from factsheet.networks.policy import Policy


class Effect(NamedTuple):
    """The effect of one source on the scores."""

    source: str
    alone: ScoresAtTime
    """Scores with this source and no other."""
    without: ScoresAtTime
    """Scores with every other one."""


class Ablation(NamedTuple):
    """The sources of a hardware, from the one that costs most by itself to the one that costs least."""

    seconds: float
    digital: float
    all_sources: ScoresAtTime
    effects: tuple[Effect, ...]


def sources(hardware: AnalogHardware) -> tuple[str, ...]:
    """Return the sources of error that a hardware has."""
    return tuple(name for name, off in _switches(hardware).items() if hardware.everywhere(off) != hardware)


def without(hardware: AnalogHardware, *names: str) -> AnalogHardware:
    """Return the hardware with some of its sources of error left out.

    Raises:
        KeyError: it has no source of that name.
    """
    switches = _switches(hardware)
    for name in names:
        hardware = hardware.everywhere(switches[name])
    return hardware


def ablation(
    model: nn.Module | Callable[[], nn.Module],
    evaluate: Callable[[nn.Module], float],
    seconds: float,
    repeats: int,
    *,
    hardware: AnalogHardware,
    policy: Policy | None = None,
    seed: int = 0,
    workers: int | None = 1,
    scheduler: str | None = None,
) -> Ablation:
    """Score a model with each source of error alone, and with all others.

    Every variant draws the same noise where it has the same sources, so that differences are those of the sources.

    Args:
        model: the model in floating point, or what makes it.
        evaluate: gives a score of a model.
        seconds: after programming.
        repeats: how often each variant is programmed.
        hardware: whose sources of error are looked at.
        policy: which layers are on tiles.
        seed: every draw follows from it.
        workers: processes; 1 is this one, `None` one for each processor.
        scheduler: address of a Dask scheduler to run on instead.

    Raises:
        StudyError, JobError: as `drift_study`.
    """

    def scored(variant: AnalogHardware) -> tuple[float, ScoresAtTime]:
        study = drift_study(
            model,
            evaluate,
            (seconds,),
            repeats,
            hardware=variant,
            policy=policy,
            seed=seed,
            workers=workers,
            scheduler=scheduler,
        )
        return study.digital, study.series.points[0]

    names = sources(hardware)
    digital, everything = scored(hardware)
    effects = []
    for name in names:
        others = [other for other in names if other != name]
        effects.append(
            Effect(name, scored(without(hardware, *others))[1], scored(without(hardware, name))[1])
        )
    effects.sort(key=lambda effect: effect.alone.mean)
    return Ablation(seconds, digital, everything, tuple(effects))


def _switches(hardware: AnalogHardware) -> dict[str, Callable[[AnalogHardware], AnalogHardware]]:
    """Return how each source of error is switched off."""
    exact = Converter(None)
    plain: dict[str, Callable[[AnalogHardware], AnalogHardware]] = {
        "stuck devices": lambda one: replace(one, stuck_rate=0.0),
        "resistance of the wires": lambda one: replace(one, ir_drop=None),
        "clipped weights": lambda one: replace(one, clip_sigma=None),
        "weight noise of each product": lambda one: replace(one, weight_noise=0.0),
        "input noise": lambda one: replace(one, input_noise=0.0),
        "output noise": lambda one: replace(one, output_noise=0.0),
        "digital-analog converter": lambda one: replace(one, dac=exact),
        "analog-digital converter": lambda one: replace(one, adc=exact),
    }
    device = hardware.device
    if isinstance(device, Pcm):
        return {
            "programming noise": lambda one: replace(one, device=replace(_pcm(one), programming=0.0)),
            "drift": lambda one: replace(one, device=replace(_pcm(one), drift_exponent=0.0)),
            "read noise": lambda one: replace(one, device=replace(_pcm(one), read_noise=0.0)),
            **plain,
        }
    return {"devices": lambda one: replace(one, device=IdealDevice()), **plain}


def _pcm(hardware: AnalogHardware) -> Pcm:
    assert isinstance(hardware.device, Pcm)  # noqa: S101  no switch changes the kind of device
    return hardware.device
