"""A model's scores over time on simulated crossbars, asked for in one call."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from factsheet.crossbar.functional.analog_hardware import KINDS, AnalogHardware
from factsheet.crossbar.functional.studies.drift_study import drift_study
from factsheet.crossbar.functional.studies.durations import times_of
from factsheet.crossbar.functional.studies.named_sources import NamedEvaluation, NamedModel
from factsheet.errors import AnalogError
from factsheet.networks.policy import Policy
from factsheet.source.loader import read_sheet

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from torch import nn

    from factsheet.crossbar.functional.studies.drift_study import DriftStudy


def simulate(
    model: str | nn.Module | Callable[[], nn.Module],
    evaluate: str | Callable[[nn.Module], float],
    *,
    times: Sequence[str] = ("1 s", "1 h", "1 day", "1 month", "1 year"),
    repeats: int = 10,
    hardware: str | Path | Mapping[str, object] | AnalogHardware = "pcm",
    digital: Sequence[str] = (),
    seed: int = 0,
    workers: int | None = 1,
) -> DriftStudy:
    """Return a model's scores over time on simulated crossbars that drift; it is programmed anew for each repeat.

    Args:
        model: a module in floating point, what makes it, or the name of that, `package.module:callable`.
        evaluate: gives a model's score, higher being better; or the name of what makes such a function.
        times: times after programming.
        repeats: how often it is programmed, each time with errors of its own.
        hardware: a kind of device with everything else as usual (`pcm`, `reram`, `ideal`), a file of values, or these.
        digital: names or patterns of layers that stay digital.
        seed: every draw follows from it.
        workers: processes; `None` for one each processor. With others, `model` and `evaluate` have to be importable.

    Raises:
        AnalogError: the hardware is none that could exist.
        StudyError: times or repeats are off, or the evaluation gives no score.
        SourceUnreadableError: the file of values cannot be read.
    """
    return drift_study(
        NamedModel(model) if isinstance(model, str) else model,
        NamedEvaluation(evaluate) if isinstance(evaluate, str) else evaluate,
        times_of(times),
        repeats,
        hardware=hardware if isinstance(hardware, AnalogHardware) else read_hardware(hardware),
        policy=Policy(digital=tuple(digital)),
        seed=seed,
        workers=workers,
    )


def read_hardware(given: str | Path | Mapping[str, object]) -> AnalogHardware:
    """Return the hardware of that kind of device, with global compensation; or that of a file, or of these values.

    Raises:
        AnalogError: it is none that could exist, or the file holds no mapping.
        SourceUnreadableError: the file cannot be read.
    """
    if isinstance(given, str) and given in KINDS:
        return AnalogHardware.from_dict({"device": given, "compensation": "global"})
    if not isinstance(given, str | Path):
        return AnalogHardware.from_dict(dict(given))
    loaded = read_sheet(Path(given))
    data = None if loaded.document is None or loaded.problems else loaded.document.data
    if not isinstance(data, dict):
        raise AnalogError(
            f"{given} holds no mapping of hardware values",
            loaded.problems[0].message if loaded.problems else "each value has a name",
            f"give one of {', '.join(KINDS)}, or a YAML file as docs/simulate.md describes it",
        )
    return AnalogHardware.from_dict(data)
