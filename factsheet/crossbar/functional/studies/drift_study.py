"""Accuracy over time: a model is programmed again and again, and evaluated at each time after programming.

A study says what to run and puts together what comes of it. Results come one by one, in any order, from this process,
from others or from a cluster; they do not depend on which, as every trial draws from a seed of its own.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeVar

from factsheet.crossbar.functional.studies.refresh_interval import Refresh, refresh_interval
from factsheet.crossbar.functional.studies.repeated_scores import CONFIDENCE, ScoreSeries, series_of
from factsheet.crossbar.functional.studies.trial import DIGITAL, Experiment, Trial
from factsheet.errors import AnalogError, JobError, StudyError
from factsheet.jobs.completed import completed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from torch import nn

    from factsheet.crossbar.functional.analog_hardware import AnalogHardware
    from factsheet.jobs.tasks import Done, Failure
    from factsheet.networks.policy import Policy

_MOST_REPEATS = 10_000


class _Named(Protocol):
    @property
    def name(self) -> str: ...


_T = TypeVar("_T", bound=_Named)


@dataclass(frozen=True, slots=True)
class DriftStudy:
    """Scores over time, and what they are to be compared with."""

    series: ScoreSeries
    digital: float
    """Score of the model in floating point, by the same evaluation."""
    seed: int
    higher_is_better: bool = True
    """Whether a higher score is a better one."""
    metric: str = ""
    """What the scores are; empty where nobody says."""

    def refresh(
        self,
        accepted_loss: float,
        *,
        reference: float | None = None,
        confidence: float = CONFIDENCE,
        chips: float | None = None,
        examples: int | None = None,
    ) -> Refresh:
        """When the loss reaches what is accepted; see `refresh_interval`."""
        return refresh_interval(
            self.series,
            accepted_loss,
            reference=reference,
            confidence=confidence,
            higher_is_better=self.higher_is_better,
            chips=chips,
            examples=examples,
        )


def drift_study(
    model: nn.Module | Callable[[], nn.Module],
    evaluate: Callable[[nn.Module], float],
    times: Sequence[float],
    repeats: int,
    *,
    hardware: AnalogHardware,
    policy: Policy | None = None,
    seed: int = 0,
    workers: int | None = 1,
    scheduler: str | None = None,
    finished: Mapping[Trial, float] | None = None,
    on_result: Callable[[Trial, float], None] | None = None,
    higher_is_better: bool = True,
) -> DriftStudy:
    """Evaluate a model on simulated arrays at several times after programming, several times over.

    Args:
        model: the model in floating point, or what makes it; it is left as it is.
        evaluate: gives a score of a model, such as its accuracy.
        times: seconds after programming.
        repeats: how often the model is programmed, each time with errors of its own.
        hardware: what it runs on.
        policy: which layers are on tiles.
        seed: every draw follows from it.
        workers: processes; 1 is this one, `None` one for each processor. With others, `model` and `evaluate` have to
            be importable or picklable.
        scheduler: address of a Dask scheduler to run on instead.
        finished: results that are there already, and are not worked out again.
        on_result: called with each new result as soon as it is there.
        higher_is_better: whether a higher score is a better one, as of an accuracy and not of a perplexity.

    Raises:
        StudyError: there is nothing to simulate, a time is none, or an evaluation gives no score. All results that
            were finished by then have been handed on.
        JobError: workers or the scheduler cannot be used.
    """
    times = checked(times, repeats)
    experiment = Experiment(model, evaluate, hardware, policy, seed)
    scores = dict(finished or {})
    lanes = workers or 1
    todo = [trial for trial in trials(times, repeats, lanes) if trial not in scores]
    for trial, score in run(experiment, todo, workers=workers, scheduler=scheduler):
        scores[trial] = score
        if on_result is not None:
            on_result(trial, score)
    plain = {(repeat, seconds): score for (repeat, seconds), score in scores.items()}
    return DriftStudy(series_of(plain, times, repeats), scores[DIGITAL], seed, higher_is_better)


def trials(times: Sequence[float], repeats: int, lanes: int = 1) -> Iterator[Trial]:
    """List a study's trials, each repeat's times together, so that a worker keeps what it has programmed."""
    yield DIGITAL
    for start in range(0, repeats, lanes):
        block = range(start, min(start + lanes, repeats))
        yield from (Trial(repeat, seconds) for seconds in sorted(times) for repeat in block)


def run(
    experiment: Callable[[_T], float],
    todo: Sequence[_T],
    *,
    workers: int | None,
    scheduler: str | None,
) -> Iterator[tuple[_T, float]]:
    """Run trials, and hand on each result as soon as it is there.

    After a failure no further trial is begun; those that are running come to their end first.

    Raises:
        StudyError: a trial failed, or its worker was killed however often it was tried.
        JobError: see `factsheet.jobs.completed`.
    """
    failed: list[Done[float]] = []

    def remaining() -> Iterator[_T]:
        for trial in todo:
            if failed:
                return
            yield trial

    for done in completed(
        experiment,
        remaining(),
        workers=workers,
        scheduler=scheduler,
        named=lambda trial: trial.name,
        on_failure="continue",
    ):
        if done.failure is None:
            yield todo[done.index], done.result
        else:
            failed.append(done)
    if failed:
        raise _error(failed[0].name, failed[0].failure)


def _error(name: str, failure: Failure | None) -> Exception:
    if failure is None:  # not among those that failed
        return AssertionError(name)
    if isinstance(failure.exception, AnalogError | JobError):
        return failure.exception
    if failure.kind == "died":
        return StudyError(
            f"{name}: {failure}",
            "without its result the study is incomplete",
            "see that there is memory enough, or use fewer workers, and run again",
        )
    return StudyError(
        f"{name}: {failure}",
        "without its result the study is incomplete",
        "correct what it says and run again",
    )


def checked(times: Sequence[float], repeats: int) -> tuple[float, ...]:
    """Times in order, each once.

    Raises:
        StudyError: there is no time or no repeat, or a time is before programming.
    """
    if not 1 <= repeats <= _MOST_REPEATS:
        raise StudyError(
            f"{repeats} repeats",
            "a study takes at least one, and a spread takes two",
            f"give 1 to {_MOST_REPEATS}; 20 give a spread to about 16 %",
        )
    if not times:
        raise StudyError("no times", "there is nothing to simulate", "give for example 1h,1d,1w,4w,1y")
    for seconds in times:
        if not (math.isfinite(seconds) and seconds >= 0):
            raise StudyError(
                f"a time of {seconds} s",
                "times count from the programming of the weights on; before it there is nothing to evaluate",
                "give 0 or more seconds",
            )
    return tuple(sorted(set(times)))
