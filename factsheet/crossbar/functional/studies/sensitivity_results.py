"""A study of sensitivity as a JSON document, and the scores back out of one."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any

from factsheet.crossbar.functional.studies.durations import written
from factsheet.crossbar.functional.studies.study_results import header, sealed_json
from factsheet.crossbar.functional.studies.variants import NetworkVariant, VariantTrial

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from factsheet.crossbar.functional.studies.losses import Loss
    from factsheet.crossbar.functional.studies.sensitivity_study import (
        MappingProposal,
        Sensitivity,
        SensitivityStudy,
    )
    from factsheet.crossbar.functional.studies.study_results import SimulationContext

SCHEMA = "factsheet.sensitivity/1"


def sensitivity_to_json(
    study: SensitivityStudy,
    about: SimulationContext,
    *,
    patterns: Sequence[str] = (),
    cost: Mapping[str, object] | None = None,
) -> str:
    """Return the study as a JSON document; `docs/simulate.md` describes it.

    Args:
        study: its outcome.
        about: what it follows from.
        patterns: of the layers that the mapping keeps digital, for `--digital`.
        cost: what the mapping costs.
    """
    sure = study.confidence
    layers = {layer.name: layer for layer in study.on_tiles}
    shape = {
        **header(SCHEMA, about),
        "after": written(study.seconds),
        "seconds": study.seconds,
        "metric": study.metric or None,
        "higher_is_better": study.higher_is_better,
        "test_examples": about.examples,
        "digital": study.digital,
        "all_on_tiles": _loss(study.loss, sure),
        "layers_added_up": study.added_up,
        "layers": [
            {
                **{
                    key: list(value) if isinstance(value, tuple) else value
                    for key, value in layers[one.name]._asdict().items()
                },
                **_sensitivity(one, sure),
            }
            for one in study.layers
        ],
        "sources": [{"name": one.name, **_sensitivity(one, sure)} for one in study.sources],
        "mapping": None if study.mapping is None else _mapping(study.mapping, patterns, cost),
        "runs": _runs(study.scores),
    }
    return sealed_json(shape)


def scores_in(document: Mapping[str, object]) -> dict[VariantTrial, float]:
    """Return the score of every trial that a document of this kind holds; of a damaged one, those that can be read."""
    found: dict[VariantTrial, float] = {}
    runs: Any = document.get("runs")
    for run in runs if isinstance(runs, list) else ():
        try:
            variant = NetworkVariant.read(json.dumps(run["variant"]))
            seconds = float(run["seconds"])
            pairs = [
                (int(chip), float(score)) for chip, score in zip(run["chips"], run["scores"], strict=True)
            ]
        except (KeyError, TypeError, ValueError):
            continue
        found |= {
            VariantTrial(variant.text, chip, seconds): score for chip, score in pairs if math.isfinite(score)
        }
    return found


def _runs(scores: Mapping[VariantTrial, float]) -> list[dict[str, object]]:
    """Return the scores by variant, each with the chips that it was run on."""
    runs: dict[tuple[str, float], list[tuple[int, float]]] = {}
    for trial, score in scores.items():
        runs.setdefault((trial.variant, trial.seconds), []).append((trial.repeat, score))
    return [
        {
            "variant": json.loads(variant),
            "seconds": seconds,
            "chips": [chip for chip, _ in sorted(pairs)],
            "scores": [score for _, score in sorted(pairs)],
        }
        for (variant, seconds), pairs in runs.items()
    ]


def _loss(loss: Loss, confidence: float) -> dict[str, object]:
    ends = loss.interval(confidence)
    return {
        "mean": loss.mean,
        "spread": loss.spread,
        "interval": None if ends is None else list(ends),
        "chips": loss.chips,
    }


def _sensitivity(one: Sensitivity, confidence: float) -> dict[str, object]:
    return {
        "alone": {**_loss(one.alone, confidence), "beyond_noise": one.alone_beyond_noise},
        "won_back": {**_loss(one.won_back, confidence), "beyond_noise": one.won_back_beyond_noise},
    }


def _mapping(
    mapping: MappingProposal, patterns: Sequence[str], cost: Mapping[str, object] | None
) -> dict[str, object]:
    return {
        "accepted_loss": mapping.accepted_loss,
        "digital": list(mapping.digital),
        "on_tiles": list(mapping.on_tiles),
        "patterns": list(patterns),
        "confidence": mapping.confidence,
        "tried": [
            {"digital": list(one.digital), **_loss(one.loss, mapping.confidence), "holds": one.holds}
            for one in mapping.tried
        ],
        "checks": [
            {
                "digital": list(one.digital),
                **_loss(one.loss, one.confidence),
                "at_most": one.at_most,
                "confidence": one.confidence,
                "holds": one.holds,
            }
            for one in mapping.checks
        ],
        "proves": mapping.proves,
        "leaves_open": mapping.leaves_open,
        "cost": None if cost is None else dict(cost),
    }
