"""`factsheet simulate --write`: simulated facts into a sheet's text, with what they can be reproduced from."""

from __future__ import annotations

import math
from dataclasses import replace as changed
from typing import TYPE_CHECKING, Any, Final

from factsheet.authoring.recording import recorded, referenced
from factsheet.checks.engine import check_document
from factsheet.cli.gathering import read_one
from factsheet.cli.sheets import open_sheet
from factsheet.cli.simulate.simulate_results import is_share, score
from factsheet.cli.simulate.task_record import with_task_scores
from factsheet.cli.terminal import complain
from factsheet.crossbar.functional.studies.durations import written, written_below
from factsheet.crossbar.functional.studies.study_results import REFERENCES
from factsheet.errors import NoPlaceError, UsageError
from factsheet.quantities.metrics import metric_named
from factsheet.recompute.comparisons.score_scales import drift_scale
from factsheet.source.document import dotted
from factsheet.source.editing import value_at
from factsheet.source.loader import load_bytes
from factsheet.source.writing import replace_text

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from factsheet.crossbar.functional.hub_tasks.hub_evaluation import HubEvaluation
    from factsheet.crossbar.functional.studies.drift_study import DriftStudy
    from factsheet.crossbar.functional.studies.refresh_interval import Refresh
    from factsheet.crossbar.functional.studies.repeated_scores import ScoresAtTime
    from factsheet.crossbar.functional.studies.sensitivity_study import SensitivityStudy
    from factsheet.crossbar.functional.studies.study_results import SimulationContext, SimulationOutcome
    from factsheet.recompute.comparisons.score_scales import ScoreScale
    from factsheet.source.document import KeyPath
    from factsheet.source.dumping import Data

_IDENTIFIER = "simulation"
"""The id of the reference that says what the facts can be reproduced from; the next simulation replaces it."""
_PROVENANCE: Final = {"source": "simulated", "evidence": _IDENTIFIER}
_SCORES: Final = ("robustness", "over_time")
_NOISES: Final = ("robustness", "over_noise")
_REFRESH: Final = (("performance", "refresh_interval"), ("robustness", "accepted_loss"))
"""An interval holds for the loss that is accepted: the two are written together, or neither is."""


def record(
    sheet: Path,
    outcome: SimulationOutcome,
    about: SimulationContext,
    output: Path | None,
    *,
    replace: Sequence[str] = (),
    task: HubEvaluation | None = None,
) -> None:
    """Write scores over time, the accepted loss and the refresh interval into a sheet.

    What the sheet states of them stays, unless an earlier simulation wrote it, and is said on standard error.

    Args:
        sheet: the sheet.
        outcome: what was simulated.
        about: how.
        output: the file with the results, for the reference.
        replace: paths whose facts are replaced all the same.
        task: the task of the Hub that was scored on; its scores go into a table of results as well.

    Raises:
        FactsheetError: the sheet cannot be read or written, or would no longer be valid; it is as it was.
    """
    loaded = read_one(sheet)
    stated = drift_scale(open_sheet(str(sheet))[1])
    protected = _protected(None if loaded.document is None else loaded.document.data, outcome, replace)
    text = loaded.document.text if loaded.document is not None else ""
    old = text
    try:
        if _SCORES not in protected:
            text = _with_scores(text, outcome, about)
            assert outcome.study is not None  # noqa: S101  the command asks for data first
            text = with_metric(text, outcome.study, stated)
        if outcome.noise and _NOISES not in protected:
            text = _with_noises(text, outcome, about)
        if not protected.intersection(_REFRESH):
            text = _with_refresh(text, outcome)
        source = reference_to(about, output, "Simulation of analog inference")
        if text != old:
            text = referenced(text, _IDENTIFIER, source)
        if task is not None and outcome.study is not None:
            text = with_task_scores(text, outcome.study, task, source)
    except NoPlaceError as error:
        raise UsageError(f"{error}; nothing was written", place=str(sheet)) from None
    write_simulated(sheet, old, text)
    for path in sorted(protected):
        complain(
            f"factsheet: {sheet}: {dotted(path)} stays as the sheet states it; `--replace {dotted(path)}` puts what was"
            " simulated in its place"
        )


def write_simulated(sheet: Path, old: str, text: str) -> None:
    """Write a sheet with what was simulated, if that contradicts nothing in it.

    Raises:
        UsageError: it would contradict itself; nothing is written.
        ChangedMeanwhileError: somebody else has changed the file since.
    """
    if new := new_errors(old, text, str(sheet)):
        listed = "\n".join(f"  {finding}" for finding in new)
        raise UsageError(
            f"with the simulated facts it would contradict itself; nothing was written:\n{listed}",
            help="correct what they contradict and run again; with -o FILE nothing is simulated twice",
            place=str(sheet),
        )
    if text != old:
        replace_text(sheet, old, text)


def _protected(data: Any, outcome: SimulationOutcome, replace: Sequence[str]) -> set[KeyPath]:
    """Return the places that somebody else than a simulation has filled, and that are not to be replaced."""
    study, refresh = outcome.study, outcome.refresh
    wanted = (_SCORES, *((_NOISES,) if outcome.noise else ()))
    found: set[KeyPath] = {path for path in wanted if not _are_simulated(value_at(data, path))}
    interval, loss = (value_at(data, path) for path in _REFRESH)
    if refresh is None or study is None or _is_simulated(interval):
        return {path for path in found if dotted(path) not in replace}
    basis = (value_at(data, ("performance", name)) for name in _basis(refresh, outcome))
    if interval is not None or any(one is not None and not _is_simulated(one) for one in basis):
        found.add(_REFRESH[0])
    if loss is not None and loss != score(refresh.accepted_loss, study):
        found.add(_REFRESH[1])
    return {path for path in found if dotted(path) not in replace}


def _are_simulated(rows: Any) -> bool:
    """Return whether there are no scores, or only such as a simulation wrote."""
    return rows is None or (
        isinstance(rows, list) and all(_is_simulated(value_at(row, ("score",))) for row in rows)
    )


def _is_simulated(fact: Any) -> bool:
    return isinstance(fact, dict) and fact.get("source") == "simulated"


def with_metric(text: str, study: DriftStudy | SensitivityStudy, stated: ScoreScale) -> str:
    """Write what the scores are, where the sheet says otherwise or nothing."""
    if study.metric and study.metric != stated.metric:
        text = recorded(text, "robustness", "metric", study.metric)
        if metric_named(study.metric) is None:
            text = recorded(text, "robustness", "higher_is_better", study.higher_is_better)
    return text


def new_errors(old: str, text: str, name: str) -> list[str]:
    """Return what is wrong with a sheet's text that was not wrong before, in words that name no place in it."""
    before = _errors(old, name)
    return [finding for finding in _errors(text, name) if finding not in before]


def _errors(text: str, name: str) -> list[str]:
    found = check_document(load_bytes(text.encode(), name), name).diagnostics
    return [f"{one.rule_id} {one.message}" for one in found if one.severity == "error"]


def _with_scores(text: str, outcome: SimulationOutcome, about: SimulationContext) -> str:
    study = outcome.study
    assert study is not None  # noqa: S101  the command asks for data first
    rows = [_row({"after": written(point.seconds)}, point, study, about) for point in study.series.points]
    return recorded(text, "robustness", "over_time", rows)


def _with_noises(text: str, outcome: SimulationOutcome, about: SimulationContext) -> str:
    study = outcome.study
    assert study is not None  # noqa: S101  the command asks for data first
    rows = []
    for strength, point in outcome.noise:
        number = int(strength) if strength == int(strength) else strength
        rows.append(_row({"strength": number, "after": written(point.seconds)}, point, study, about))
    return recorded(text, "robustness", "over_noise", rows)


def _row(
    about_point: dict[str, Data], point: ScoresAtTime, study: DriftStudy, about: SimulationContext
) -> dict[str, Data]:
    """Return one point of a curve as a sheet holds it, with how far its mean may be off."""
    shown = score(point.mean, study) if is_share(study) else f"{point.mean:.6g}"
    row: dict[str, Data] = {**about_point, "score": {"value": shown, **_PROVENANCE}}
    ends = point.interval(about.confidence)
    if ends is not None:
        reach = score((ends[1] - ends[0]) / 2, study)
        row["note"] = f"± {reach} at {100 * about.confidence:.4g} %"
    return row


def _with_refresh(text: str, outcome: SimulationOutcome) -> str:
    study, refresh = outcome.study, outcome.refresh
    assert study is not None  # noqa: S101  the command asks for data first
    if refresh is None:
        return text
    text = recorded(text, "robustness", "accepted_loss", score(refresh.accepted_loss, study))
    interval = _interval(refresh)
    if interval is None:
        return text
    note = _note(refresh, interval)
    answer: dict[str, Data] = {"value": interval, **_PROVENANCE, **({"note": note} if note else {})}
    text = recorded(text, "performance", "refresh_interval", answer)
    for name, value in _basis(refresh, outcome).items():
        text = recorded(text, "performance", name, {"value": value, **_PROVENANCE})
    return text


def _basis(refresh: Refresh, outcome: SimulationOutcome) -> dict[str, Data]:
    """Return what the refresh interval is counted from, of which chips it is, and how sure it is."""
    study = outcome.study
    assert study is not None  # noqa: S101  the command asks for data first
    facts: dict[str, Data] = {
        "refresh_chips": "mean over chips" if refresh.chips is None else "share of chips",
    }
    if refresh.chips is not None:
        facts["refresh_share"] = f"{100 * refresh.chips:.4g} %"
    for name, one in outcome.refreshes.items():
        if one == refresh:
            facts["refresh_reference"] = REFERENCES[name]
        interval = _interval(one)
        if interval is not None:
            facts[f"refresh_from_{name}"] = interval
    if refresh.earliest:
        earliest = _interval(changed(refresh, seconds=refresh.earliest))
        if earliest is not None:
            facts["refresh_earliest"] = earliest
            facts["refresh_confidence"] = f"{100 * refresh.confidence:.4g} %"
    if refresh.sampling_error is not None:
        facts["refresh_sampling_error"] = score(refresh.sampling_error, study)
    return facts


def _interval(refresh: Refresh) -> str | None:
    """Return the interval as a sheet writes it, rounded down: the loss must not be larger before it ends."""
    if refresh.seconds == 0:
        return None
    if refresh.seconds == math.inf:
        return f"at least {written(refresh.last)}"
    return written_below(refresh.seconds)


def _note(refresh: Refresh, interval: str) -> str:
    """Return what the fields beside the interval do not say: how it was rounded, and its upper end."""
    if not refresh.earliest or refresh.latest is None:
        words = refresh.words
        return f"{words[:1].upper()}{words[1:]}."
    if refresh.seconds == math.inf:
        return ""
    exact = written(refresh.seconds, digits=3)
    rounded = "" if exact == interval else f"Rounded down from {exact}."
    if refresh.latest in (math.inf, refresh.earliest):
        return rounded
    sure = f"{100 * refresh.confidence:.4g} % confidence"
    return f"{rounded} At the latest {written(refresh.latest)} ({sure}).".strip()


def reference_to(about: SimulationContext, output: Path | None, title: str) -> dict[str, Data]:
    """Return a reference that says what results can be reproduced from."""
    configuration = about.configuration
    hardware = about.hardware
    kind, tile = type(hardware.device).__name__, f"{hardware.tile.rows} x {hardware.tile.cols}"
    kept = f" Results: {output.name}." if output is not None else ""
    return {
        "title": title,
        "venue": "factsheet simulate",
        "note": (
            f"{configuration.source} scored by {configuration.data}; {about.repeats} repeats, seed"
            f" {configuration.seed}; {kind}, tiles of {tile}, hardware {configuration.hardware}, configuration"
            f" {configuration.digest}; {configuration.versions}.{kept}"
        ),
    }
