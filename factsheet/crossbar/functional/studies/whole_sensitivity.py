"""A study of sensitivity from its model to its mapping, in one call."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from factsheet.crossbar.functional.analog_hardware import AnalogHardware
from factsheet.crossbar.functional.hardware_sources import read_hardware
from factsheet.crossbar.functional.studies.durations import seconds_of
from factsheet.crossbar.functional.studies.mixed_mapping import propose_mapping
from factsheet.crossbar.functional.studies.named_sources import NamedEvaluation, NamedModel
from factsheet.crossbar.functional.studies.repeated_scores import CONFIDENCE
from factsheet.crossbar.functional.studies.sensitivity import Scores, design_of, runner, sensitivity_of
from factsheet.crossbar.functional.studies.trial import module_of
from factsheet.crossbar.functional.studies.variants import VariantExperiment
from factsheet.networks.policy import Policy

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from torch import nn

    from factsheet.crossbar.functional.studies.sensitivity_study import SensitivityStudy


def sensitivity(
    model: str | nn.Module | Callable[[], nn.Module],
    evaluate: str | Callable[[nn.Module], float],
    *,
    after: str | float = "1 day",
    chips: int = 20,
    hardware: str | Path | Mapping[str, object] | AnalogHardware = "pcm",
    digital: Sequence[str] = (),
    accepted_loss: float | None = None,
    seed: int = 0,
    workers: int | None = 1,
    scheduler: str | None = None,
    higher_is_better: bool = True,
    confidence: float = CONFIDENCE,
    examples: int | None = None,
) -> SensitivityStudy:
    """Return what each layer on tiles and each source of error costs, and which layers to keep digital.

    Args:
        model: a module in floating point, what makes it, or the name of that, `package.module:callable`.
        evaluate: gives a model's score; or the name of what makes such a function.
        after: the time after programming, in words such as `1 day`, or in seconds.
        chips: how often each variant is programmed, each time with errors of its own.
        hardware: a kind of device with everything else as usual (`pcm`, `reram`, `ideal`), a file of values, or these.
        digital: names or patterns of layers that stay digital throughout.
        accepted_loss: what may be lost against floating point, in the unit of the scores; a mapping is proposed for
            it and checked on other chips.
        seed: every draw follows from it.
        workers: processes; `None` for one each processor. With others, `model` and `evaluate` have to be importable.
        scheduler: address of a Dask scheduler to run on instead.
        higher_is_better: whether a higher score is a better one, as of an accuracy and not of a perplexity.
        confidence: of the intervals.
        examples: how many examples the scores are shares of, for the test set's own sampling error.

    Raises:
        WorkloadError: torch is not installed, or a name leads nowhere.
        AnalogError: the hardware is none that could exist, or no layer is on tiles.
        StudyError: the time or the number of chips is off, or the evaluation gives no score.
        SourceUnreadableError: the file of values cannot be read.
        ValueError: the time cannot be read.
    """
    make = NamedModel(model) if isinstance(model, str) else model
    score = NamedEvaluation(evaluate) if isinstance(evaluate, str) else evaluate
    arrays = hardware if isinstance(hardware, AnalogHardware) else read_hardware(hardware)
    policy = Policy(digital=tuple(digital))
    seconds = seconds_of(after) if isinstance(after, str) else after
    design = design_of(module_of(make), arrays, policy, seconds=seconds, chips=chips)
    run = runner(
        VariantExperiment(make, score, arrays, policy, design.names, seed),
        workers=workers,
        scheduler=scheduler,
    )
    scores = Scores(run(design.trials(workers or 1)), design.seconds, higher_is_better, examples)
    study = sensitivity_of(design, scores, confidence=confidence)
    if accepted_loss is None:
        return study
    proposed = propose_mapping(design, study, run, accepted_loss=accepted_loss, examples=examples)
    return replace(study, mapping=proposed)
