"""Report what a simulation found: as JSON, as text for people, as a chart."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from factsheet.crossbar.functional.studies.durations import written
from factsheet.crossbar.functional.studies.mvm_error import bits
from factsheet.crossbar.functional.studies.study_results import REFERENCES
from factsheet.errors import UsageError
from factsheet.quantities.interval import Interval
from factsheet.quantities.metrics import metric_named
from factsheet.quantities.shares import share_interval

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from rich.table import Table

    from factsheet.crossbar.functional.layers.conversion import LeftDigital
    from factsheet.crossbar.functional.studies.drift_study import DriftStudy
    from factsheet.crossbar.functional.studies.refresh_interval import Refresh
    from factsheet.crossbar.functional.studies.study_results import SimulationContext, SimulationOutcome


def to_text(outcome: SimulationOutcome, about: SimulationContext, *, to_file: bool = False) -> str:
    """Return the results as a table."""
    from rich.text import Text  # only tables need it

    from factsheet.cli.terminal import console_for, grid_of, print_text, text_of

    buffer = io.StringIO()
    console = console_for(buffer, to_file=to_file)
    for words in heading(about):
        print_text(console, words)
    sure = f"{100 * about.confidence:.4g} % interval"
    study = outcome.study
    if study is not None:
        lower = "" if study.higher_is_better else "lower is better"
        about_scores = "; ".join(part for part in (study.metric, lower) if part)
        about_scores = f" ({about_scores})" if about_scores else ""
        sampled = ""
        if about.examples is not None:
            of_examples = share_interval(study.digital, about.examples, about.confidence)
            sampled = (
                f"; {' to '.join(score(end, study) for end in of_examples)} by {about.examples} examples"
            )
        print_text(console, f"digital: {score(study.digital, study)}{about_scores}{sampled}\n")
        grid = grid_of(("after", "left"), ("mean", "right"), ("spread", "right"), (sure, "left"))
        for point in study.series.points:
            ends = point.interval(about.confidence)
            interval = "-" if ends is None else " to ".join(score(end, study) for end in ends)
            spread = "-" if point.spread is None else score(point.spread, study)
            cells = (written(point.seconds), score(point.mean, study), spread, interval)
            grid.add_row(*(Text(cell) for cell in cells))
        console.print(grid)
        if outcome.noise:
            after = written(outcome.noise[0][1].seconds)
            print_text(console, f"\nwith other noise, {after} after programming\n")
            console.print(_over_noise(outcome, about))
        if outcome.refresh is not None:
            print_text(console, f"\n{_refreshes(outcome.refresh, outcome, about)}")
        return text_of(buffer)
    print_text(console, "")
    titles = (("matrix", "left"), ("in x out", "right"), ("tiles", "right"), ("after", "left"))
    grid = grid_of(*titles, ("error", "right"), ("spread", "right"), ("bits", "right"))
    for matrix, count in outcome.matrices:
        for index, point in enumerate(matrix.errors.points):
            several = f"{count} like " if count > 1 else ""
            first = (several + matrix.name, f"{matrix.rows} x {matrix.cols}", str(matrix.tiles))
            spread = "-" if point.spread is None else f"{100 * point.spread:.2g} %"
            line = (
                *(first if index == 0 else ("", "", "")),
                written(point.seconds),
                f"{100 * point.mean:.3g} %",
                spread,
                # No error at all, as of a matrix of zeros, is worth no number of bits.
                f"{max(0.0, bits(point.mean)):.1f}" if point.mean > 0 else "-",
            )
            grid.add_row(*(Text(cell) for cell in line))
    console.print(grid)
    return text_of(buffer)


def _over_noise(outcome: SimulationOutcome, about: SimulationContext) -> Table:
    from rich.text import Text  # only tables need it

    from factsheet.cli.terminal import grid_of

    study = outcome.study
    assert study is not None  # noqa: S101  the caller has looked
    sure = f"{100 * about.confidence:.4g} % interval"
    grid = grid_of(("noise", "left"), ("mean", "right"), ("spread", "right"), (sure, "left"))
    for strength, point in outcome.noise:
        ends = point.interval(about.confidence)
        interval = "-" if ends is None else " to ".join(score(end, study) for end in ends)
        spread = "-" if point.spread is None else score(point.spread, study)
        cells = (f"{strength:g} x", score(point.mean, study), spread, interval)
        grid.add_row(*(Text(cell) for cell in cells))
    return grid


def heading(about: SimulationContext) -> Iterator[str]:
    """Yield what was simulated, on what, and what of it is not on tiles."""
    hardware, configuration = about.hardware, about.configuration
    device = type(hardware.device).__name__.lower()
    yield configuration.source + (f", scored by {configuration.data}" if configuration.data else "")
    tile = f"tiles of {hardware.tile.rows} x {hardware.tile.cols}"
    yield (
        f"{device}, {tile}, compensation: {hardware.compensation}, hardware {hardware.digest},"
        f" seed {configuration.seed}, {about.repeats} repeats"
    )
    if about.left:
        yield _left(about.left)


def _refreshes(asked: Refresh, outcome: SimulationOutcome, about: SimulationContext) -> str:
    """Say when what is accepted is lost, from each reference, of which chips, and what the test set leaves open."""
    study = outcome.study
    assert study is not None  # noqa: S101  the caller has looked
    first = study.series.points[0]
    shown = {"first": f"{score(first.mean, study)} at {written(first.seconds)}"}
    shown["digital"] = score(study.digital, study)
    lines = [f"a loss of {score(asked.accepted_loss, study)} is reached ({asked.whose}),"]
    for name, one in sorted(outcome.refreshes.items(), key=lambda item: item[1] != asked):
        lines.append(f"  counted from the {REFERENCES[name]} ({shown[name]}): {one.words}")
    if asked.sampling_error is None:
        lines.append("  The sampling error of the test set is not part of it; --test-examples N adds it.")
    else:
        lines.append(
            f"  On {about.examples} test examples, a loss of this size has a standard error of"
            f" {score(asked.sampling_error, study)} or more, which the intervals include."
        )
    return "\n".join(lines)


def _left(left: Sequence[LeftDigital]) -> str:
    """Return how many layers of which kind stay digital, for each reason; the results name every one."""
    reasons: dict[str, dict[str, int]] = {}
    for one in left:
        kinds = reasons.setdefault(one.reason, {})
        kinds[one.kind] = kinds.get(one.kind, 0) + 1
    reasons_in_words = (
        f"{', '.join(f'{count} {kind}' for kind, count in kinds.items())} ({reason})"
        for reason, kinds in reasons.items()
    )
    return "left digital: " + "; ".join(reasons_in_words)


def score(value: float, study: DriftStudy) -> str:
    """Return a score for people: a share as a percentage, anything else as it is."""
    return in_words(value, share=is_share(study))


def is_share(study: DriftStudy) -> bool:
    """Return whether scores are shares of a whole: by their metric, or because all of them could be."""
    scores = [study.digital, *(one for point in study.series.points for one in point.scores)]
    return shares(study.metric, scores)


def in_words(value: float, *, share: bool) -> str:
    """Return a score, or a difference of two, for people: a share as a percentage, anything else as it is."""
    text = f"{100 * value:.2f} %" if share else f"{value:.4g}"
    return (
        text.removeprefix("-") if not text.strip("-0. %") else text
    )  # nothing lost is not less than nothing


def shares(metric: str, scores: Sequence[float]) -> bool:
    """Return whether scores are shares of a whole: by their metric, or because all of them could be."""
    known = metric_named(metric)
    if known is not None and known.share is False:
        return False
    return all(-1 <= one <= 1 for one in scores)


_ROUNDING = 1e-6
"""What a mean in single precision may be above the whole."""


def check_scores(metric: str, digital: float, scores: Sequence[float]) -> None:
    """Refuse scores that their metric does not have, such as an accuracy of −1 or of 100.05 %.

    Args:
        metric: what the scores are; empty where nobody says.
        digital: that of the model in floating point, which shows whether shares are given in percent.
        scores: all of them.

    Raises:
        UsageError: the metric is known, and a score is outside its range.
    """
    known = metric_named(metric)
    if known is None or known.share is None:
        return
    # Up to twice the whole, a share is one that is too large rather than a small percentage.
    whole = 100 if known.share and digital > 2 * known.high else 1
    low, high = known.low * whole, known.high * whole
    outside = next((one for one in scores if not low - _ROUNDING <= one <= high + _ROUNDING), None)
    if outside is not None:
        raise UsageError(
            f"the evaluation gave {outside:.6g}, and {known.name} is {Interval(low, high).words(3)}",
            "a score that there cannot be makes every mean and loss that it enters wrong",
            "correct the evaluation, or name another metric with --metric",
        )


def draw(file: Path, outcome: SimulationOutcome, about: SimulationContext) -> None:
    """Draw means with their interval, the digital score, and the accepted loss.

    Raises:
        ChartError: matplotlib is missing.
        WriteError: the file cannot be written.
    """
    from factsheet.cli.sheets import deliver
    from factsheet.pages.estimates import DriftCurve, DriftScore
    from factsheet.pages.figures.drift import draw_curve

    study = outcome.study
    assert study is not None  # noqa: S101  the command asks for data first
    points, banded = [], True
    for point in study.series.points:
        ends = point.interval(about.confidence)
        banded &= ends is not None
        low, high = ends or (None, None)
        points.append(DriftScore(written(point.seconds), point.seconds, point.mean, low, high))
    refresh = outcome.refresh
    limit = None
    if refresh is not None:
        start = study.series.points[0].mean if refresh.reference is None else refresh.reference
        limit = start - refresh.accepted_loss if study.higher_is_better else start + refresh.accepted_loss
    first, last = study.series.points[0], study.series.points[-1]
    description = (
        f"Mean score of {about.repeats} simulated chips from {written(first.seconds)}"
        f" ({score(first.mean, study)}) to {written(last.seconds)} ({score(last.mean, study)}) after programming;"
        f" the digital model has {score(study.digital, study)}."
    )
    curve = DriftCurve(
        tuple(points),
        description,
        band=f"{100 * about.confidence:.4g} % interval of the mean" if banded else None,
        accepted=limit,
        digital=study.digital,
        percent=is_share(study),
        higher_is_better=study.higher_is_better,
    )
    title = f"Score over time, {about.configuration.source}"
    deliver(draw_curve(curve, file.suffix.lower(), title=title, text=description), file)
