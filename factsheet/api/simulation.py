"""`factsheet.simulate`: a model's scores over time on simulated crossbars that drift."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from torch import nn

    from factsheet.crossbar.functional.studies.drift_study import DriftStudy


def simulate(
    model: str | nn.Module | Callable[[], nn.Module],
    evaluate: str | Callable[[nn.Module], float],
    *,
    times: Sequence[str | float] = ("1 s", "1 h", "1 day", "1 month", "1 year"),
    repeats: int = 10,
    hardware: object = "pcm",
    digital: Sequence[str] = (),
    seed: int = 0,
    workers: int | None = 1,
    higher_is_better: bool = True,
    device: str = "cpu",
    precision: Literal["float32", "bfloat16", "float16"] = "float32",
    calibrate: str | Callable[[nn.Module], object] | None = None,
) -> DriftStudy:
    """Return a model's scores over time on simulated crossbars that drift; it is programmed anew for each repeat.

    Args:
        model: a module in floating point, what makes it, or the name of that, `package.module:callable`.
        evaluate: gives a model's score; or the name of what makes such a function.
        times: times after programming, in words such as `1 day`, or in seconds.
        repeats: how often it is programmed, each time with errors of its own.
        hardware: a kind of device (`pcm`, `reram`, `ideal`), a preset of aihwkit by its name, a file of values or of a
            toolkit's configuration, an `AnalogHardware`, or an `rpu_config`. What is simulated otherwise is warned of.
        digital: names or patterns of layers that stay digital.
        seed: every draw follows from it.
        workers: processes; `None` for one each processor. With others, `model` and `evaluate` have to be importable.
        higher_is_better: whether a higher score is a better one, as of an accuracy and not of a perplexity.
        device: where the model is run, as torch names it.
        precision: of digital layers, by autocast; products on tiles are in single precision.
        calibrate: runs data through the model it is given, for learnt bounds of converters; or a name, as `evaluate`.

    Raises:
        WorkloadError: torch is not installed, or a name leads nowhere.
        AnalogError: the hardware is none that could exist.
        StudyError: there is no such device, times or repeats are off, or the evaluation gives no score.
        SourceUnreadableError: the file of values cannot be read.
    """
    from factsheet.authoring.importing.analog.hardware_source import hardware_warned_of
    from factsheet.crossbar.functional.studies.drift_study import drift_study
    from factsheet.crossbar.functional.studies.durations import seconds_in
    from factsheet.crossbar.functional.studies.placed_models import StudyPlacement
    from factsheet.networks.policy import Policy

    arrays, policy = hardware_warned_of(hardware), Policy(digital=tuple(digital))
    placement = StudyPlacement(device, precision, calibrate)
    return drift_study(
        placement.of_model(model, arrays, policy),
        placement.of_evaluation(evaluate),
        seconds_in(times),
        repeats,
        hardware=arrays,
        policy=policy,
        seed=seed,
        workers=workers,
        higher_is_better=higher_is_better,
    )
