"""The results of a simulation, what they follow from, and the JSON document that holds both."""

from __future__ import annotations

import hashlib
import json
import math
import platform
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

import torch

from factsheet._version import __version__
from factsheet.crossbar.functional.studies.durations import written
from factsheet.crossbar.functional.studies.mvm_error import bits
from factsheet.quantities.shares import share_interval
from factsheet.source.json_text import parse_json

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from torch import nn

    from factsheet.crossbar.functional.analog_hardware import AnalogHardware
    from factsheet.crossbar.functional.layers.conversion import LeftDigital
    from factsheet.crossbar.functional.studies.drift_study import DriftStudy
    from factsheet.crossbar.functional.studies.mvm_error import MatrixError
    from factsheet.crossbar.functional.studies.refresh_interval import Refresh
    from factsheet.crossbar.functional.studies.repeated_scores import ScoresAtTime

SCHEMA = "factsheet.simulation/1"
REFERENCES = {"first": "first time point", "digital": "digital model"}
"""What a loss is counted from, by the option's word, in the words of a sheet."""


class SimulationConfiguration(NamedTuple):
    """What results follow from; times and repeats are not in it, as they only say how many there are."""

    source: str
    data: str
    weights: str
    hardware: str
    policy: str
    seed: int
    versions: str
    study: str = ""
    """What is found out, where it is not scores over time or errors of products."""

    @property
    def digest(self) -> str:
        """A hash of all fields that are given: 16 hexadecimal digits."""
        text = json.dumps(list(self if self.study else self[:-1]), separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()[:16]


class SimulationContext(NamedTuple):
    """What every result of a simulation goes with."""

    configuration: SimulationConfiguration
    versions: Mapping[str, str]
    hardware: AnalogHardware
    policy: str
    repeats: int
    confidence: float
    left: Sequence[LeftDigital] = ()
    """What of a model is not on tiles."""
    examples: int | None = None
    """How many examples scores are shares of, where that is given."""
    digital: tuple[str, ...] = ()
    """Patterns of the layers that the policy keeps digital."""


class SimulationOutcome(NamedTuple):
    """Scores over time, with the time until a refresh where a loss is accepted; or errors of matrices."""

    study: DriftStudy | None = None
    refresh: Refresh | None = None
    """Counted from the reference that was asked for."""
    refreshes: Mapping[str, Refresh] = MappingProxyType({})
    """Counted from each reference, by its name in `REFERENCES`."""
    matrices: Sequence[tuple[MatrixError, int]] = ()
    """With how many of its size there are."""
    noise: Sequence[tuple[float, ScoresAtTime]] = ()
    """Scores at the first time with so many times the hardware's noise."""


def to_json(outcome: SimulationOutcome, about: SimulationContext) -> str:
    """Return the results as a JSON document; `docs/simulate.md` describes it."""
    shape = header(SCHEMA, about)
    study = outcome.study
    if study is not None:
        shape["metric"] = study.metric or None
        shape["higher_is_better"] = study.higher_is_better
        shape["digital"] = study.digital
        shape["over_time"] = [
            {**_point(point, about.confidence), "scores": list(point.scores)} for point in study.series.points
        ]
        shape["over_noise"] = [
            {"strength": strength, **_point(point, about.confidence), "scores": list(point.scores)}
            for strength, point in outcome.noise
        ]
        shape["test_set"] = None if about.examples is None else _test_set(study, about, outcome.refresh)
        named = {REFERENCES[name]: one for name, one in outcome.refreshes.items()}
        asked = outcome.refresh
        counted_from = next((name for name, one in named.items() if one == asked), None)
        shape["refresh"] = None if asked is None else {"counted_from": counted_from, **_refresh(asked)}
        shape["refresh_by_reference"] = {name: _refresh(one) for name, one in named.items()}
    else:
        shape["matrices"] = [
            {
                "name": matrix.name,
                "rows": matrix.rows,
                "cols": matrix.cols,
                "count": count,
                "tiles": matrix.tiles,
                "over_time": [
                    {
                        **_point(point, about.confidence),
                        "bits": _number(bits(point.mean)),
                        "errors": list(point.scores),
                    }
                    for point in matrix.errors.points
                ],
            }
            for matrix, count in outcome.matrices
        ]
    return sealed_json(shape)


def sealed_json(shape: Mapping[str, object]) -> str:
    """Return a document of results as JSON, with a checksum that `earlier` looks at before it believes them."""
    return (
        json.dumps({**shape, "checksum": _checksum(shape)}, indent=2, ensure_ascii=False, allow_nan=False)
        + "\n"
    )


def _checksum(shape: Mapping[str, object]) -> str:
    """Return a hash of what a document says, however it is laid out: 16 hexadecimal digits."""
    runs = shape.get("runs")
    if isinstance(runs, list):  # whose order is that in which they were run
        shape = {**shape, "runs": sorted(runs, key=lambda run: json.dumps(run, sort_keys=True))}
    text = json.dumps(shape, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def header(schema: str, about: SimulationContext) -> dict[str, object]:
    """Return what every document of results begins with."""
    configuration = about.configuration
    return {
        "schema": schema,
        "configuration": configuration.digest,
        "source": configuration.source,
        "data": configuration.data or None,
        "weights": configuration.weights,
        "seed": configuration.seed,
        "versions": dict(about.versions),
        "hardware": about.hardware.to_dict(),
        "hardware_digest": about.hardware.digest,
        "policy": about.policy,
        "repeats": about.repeats,
        "confidence": about.confidence,
        "left_digital": [one._asdict() for one in about.left],
    }


def earlier(
    output: Path, schema: str = SCHEMA, on_damage: Callable[[], object] = lambda: None
) -> dict[str, object]:
    """Return the results in a file that an earlier run wrote; nothing where there are none of this kind.

    Args:
        output: the file.
        schema: the kind of results.
        on_damage: called where there are some that are not as they were written; none of them is returned.
    """
    try:
        content = output.read_bytes()
    except OSError:
        return {}
    try:
        found: object = parse_json(content.decode())
    except ValueError:
        if json.dumps(schema).encode() in content:
            on_damage()
        return {}
    if not isinstance(found, dict) or found.get("schema") != schema:
        return {}
    if found.pop("checksum", None) != _checksum(found):
        on_damage()
        return {}
    return found


def _point(point: ScoresAtTime, confidence: float) -> dict[str, object]:
    ends = point.interval(confidence)
    return {
        "after": written(point.seconds),
        "seconds": point.seconds,
        "mean": point.mean,
        "spread": point.spread,
        "interval": None if ends is None else list(ends),
    }


def _refresh(refresh: Refresh) -> dict[str, object]:
    """Infinity, beyond the times that were simulated, is written as null: JSON has no word for it."""
    return {
        "accepted_loss": refresh.accepted_loss,
        "reference": refresh.reference,
        "seconds": _number(refresh.seconds),
        "earliest_s": _number(refresh.earliest),
        "latest_s": _number(refresh.latest),
        "confidence": refresh.confidence,
        "chips": "mean" if refresh.chips is None else refresh.chips,
        "sampling_error": refresh.sampling_error,
        "words": refresh.words,
    }


def _test_set(study: DriftStudy, about: SimulationContext, refresh: Refresh | None) -> dict[str, object]:
    """Return what the size of the test set leaves open of scores, and of the accepted loss."""
    assert about.examples is not None  # noqa: S101  the caller has looked
    intervals = [
        share_interval(score, about.examples, about.confidence)
        for score in (study.digital, *(point.mean for point in study.series.points))
    ]
    return {
        "examples": about.examples,
        "digital_interval": list(intervals[0]),
        "over_time_intervals": [list(one) for one in intervals[1:]],
        "accepted_loss_error": None if refresh is None else refresh.sampling_error,
    }


def _number(value: float | None) -> float | None:
    return value if value is not None and math.isfinite(value) else None


def versions() -> dict[str, str]:
    """Return the versions of the software that results depend on."""
    return {"factsheet": __version__, "torch": torch.__version__, "python": platform.python_version()}


def weights_digest(module: nn.Module) -> str:
    """Return a hash of every parameter and buffer of a module: 16 hexadecimal digits."""
    digest = hashlib.sha256()
    for name, tensor in module.state_dict().items():
        digest.update(f"{name}:{getattr(tensor, 'dtype', '')}:{getattr(tensor, 'shape', '')}".encode())
        if hasattr(tensor, "detach"):
            flat = tensor.detach().cpu().contiguous().flatten()
            digest.update(flat.view(dtype=torch.uint8).numpy().tobytes() if flat.numel() else b"")
    return digest.hexdigest()[:16]
