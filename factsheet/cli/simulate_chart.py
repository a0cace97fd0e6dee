"""`factsheet simulate --chart`: scores over time as a picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

from factsheet.cli.exits import Stop
from factsheet.cli.simulate_results import is_share, score
from factsheet.crossbar.analog.durations import written

if TYPE_CHECKING:
    from pathlib import Path

    from factsheet.cli.simulate_results import About, Outcome


def draw(file: Path, outcome: Outcome, about: About) -> None:
    """Draw means with the interval that they lie in, the digital score, and the accepted loss.

    Raises:
        Stop: matplotlib is missing, or the file can not be written.
    """
    from factsheet.render.drift_chart import Band, ChartError, DriftChart, write_chart

    study = outcome.study
    assert study is not None  # noqa: S101  the command asks for data first
    bands = []
    for point in study.series.points:
        low, high = point.interval(about.confidence) or (point.mean, point.mean)
        bands.append(Band(point.seconds, written(point.seconds), point.mean, low, high))
    refresh = outcome.refresh
    limit = None
    if refresh is not None:
        start = study.series.points[0].mean if refresh.reference is None else refresh.reference
        limit = start - refresh.accepted_loss
    first, last = study.series.points[0], study.series.points[-1]
    description = (
        f"Mean score of {about.repeats} simulated chips from {written(first.seconds)}"
        f" ({score(first.mean, study)}) to {written(last.seconds)} ({score(last.mean, study)}) after programming;"
        f" the digital model has {score(study.digital, study)}."
    )
    title = f"Score over time, {about.configuration.source}"
    chart = DriftChart(
        title, description, tuple(bands), study.digital, limit, about.confidence, is_share(study)
    )
    try:
        write_chart(chart, file)
    except ChartError as error:
        raise Stop(f"factsheet: {error}") from None
