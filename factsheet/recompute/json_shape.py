"""The JSON form of a derivation, version 1: written out by hand, so that internal types can change beneath it.

Values are in the base unit that `unit` names. `null` stands for what cannot be derived or is not claimed. Per
layer, `calls`, `macs` and `ops` are those of one run of the batch at the operating point (input vectors of a
sequence times batch); `uses`, and by its older name `reuse`, counts the uses of one stored weight in one inference.
Of `totals`, those that `at_least` names can be larger.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from factsheet.crossbar.cost.budget import placements
from factsheet.crossbar.cost.explanation import notes_of
from factsheet.crossbar.cost.layers import layers_of
from factsheet.errors import DoesNotFitError
from factsheet.hardware.survey.standing import place_data
from factsheet.networks.policy import RULE
from factsheet.source.document import dotted

if TYPE_CHECKING:
    from collections.abc import Mapping

    from factsheet.crossbar.cost.estimate import Estimate
    from factsheet.recompute.comparisons.field_claims import ClaimInField
    from factsheet.recompute.derivation import ConventionTotal, Derivation, Layer, NetworkTotals
    from factsheet.recompute.facts import DerivedFact
    from factsheet.recompute.verdict import Verdict, VerdictKind

    Json = Mapping[str, "Json"] | list["Json"] | str | float | bool | None

SCHEMA = "factsheet.derive/1"


JSON_VERDICTS: dict[VerdictKind, str] = {
    "agrees": "agree",
    "rounds_to": "rounds_to",
    "within_written": "within",
    "within_tolerance": "within_tolerance",
    "differs": "differs_by",
    "unclaimed": "unclaimed",
    "not_comparable": "not_comparable",
}
"""The words of this version of the shape; `not_derivable` is that of a claim without a derived value."""


def json_verdict(verdict: Verdict, *, derived: bool = True) -> str:
    """Return the word for a verdict."""
    return JSON_VERDICTS[verdict.kind] if derived else "not_derivable"


def to_json(derivation: Derivation) -> dict[str, Json]:
    """Return a derivation as data that `json.dumps` takes, `allow_nan=False` included."""
    point, tile, problem = derivation.point, derivation.tile, derivation.problem
    return {
        "schema": SCHEMA,
        "sheet": {"name": derivation.name, "model": derivation.model_name},
        "operating_point": {"seq_len": _length(derivation), "batch": point.batch},
        "sizes": [size._asdict() for size in derivation.sizes],
        "convention": derivation.convention.name,
        "tile": None if tile is None else {"rows": tile.rows, "cols": tile.cols},
        "totals": _totals(derivation.totals),
        "at_least": list(derivation.totals.at_least),
        "unreached": dict(derivation.unreached),
        "layers": [_layer(layer) for layer in derivation.layers],
        "facts": [_fact(fact) for fact in derivation.facts],
        "conventions": [_convention(total) for total in derivation.conventions],
        "notes": list(derivation.notes),
        "policy": {
            "rule": RULE,
            "digital": list(derivation.request.policy.digital),
            "analog": list(derivation.request.policy.analog),
        },
        "run": {
            "cache_length": derivation.run.cache_length,
            "image_size": None if derivation.run.image_size is None else list(derivation.run.image_size),
            "source": derivation.request.model,
        },
        "chip": _chip(derivation),
        "digital": _digital(derivation),
        "field": [_in_field(found) for found in derivation.in_field],
        "problem": None if problem is None else {"path": problem.place, "message": problem.message},
    }


def _length(derivation: Derivation) -> int | None:
    """Return the sequence length; `null` for a model whose work depends on none."""
    shown = [size for size in derivation.sizes if size.name not in {"image", "batch", "batch of the source"}]
    without = derivation.request.model is not None and all(size.origin == "example inputs" for size in shown)
    return None if without else derivation.point.seq_len


def _totals(totals: NetworkTotals) -> dict[str, Json]:
    return {
        "parameters": totals.parameters,
        "analog_weights": totals.analog_weights,
        "logical_weights": totals.logical_weights,
        "analog_macs": totals.analog_macs,
        "dynamic_macs": totals.dynamic_macs,
        "digital_static_macs": totals.digital_static_macs,
        "analog_ops": totals.analog_ops,
        "digital_ops": totals.digital_ops,
        "total_ops": totals.total_ops,
        "tiles": totals.tiles,
        "tiles_dense": totals.tiles_dense,
        "utilisation": totals.utilisation,
        "devices": totals.devices,
        "inferences": totals.inferences,
    }


def _layer(layer: Layer) -> dict[str, Json]:
    return {
        "name": layer.name,
        "rows": layer.rows,
        "cols": layer.cols,
        "calls": layer.calls,
        "tiles": layer.tiles,
        "utilisation": layer.utilisation,
        "macs": layer.macs,
        "ops": layer.ops,
        "uses": layer.reuse,
        "reuse": layer.reuse,
        "on": layer.on,
        "kind": layer.kind,
        "matrices": layer.matrices,
        "active": layer.active,
        "storage": layer.storage,
    }


def _fact(fact: DerivedFact) -> dict[str, Json]:
    reach = fact.reach
    return {
        "name": fact.name,
        "path": fact.path,
        "claimed": None if fact.claimed is None else fact.claimed.text,
        "derived": fact.derived,
        "derived_low": None if reach is None else _finite(reach.low),
        "derived_high": None if reach is None else _finite(reach.high),
        "derived_text": fact.text,
        "unit": fact.unit,
        "verdict": json_verdict(fact.verdict, derived=fact.derived is not None),
        "relative_difference": fact.relative_difference,
        "formula": fact.formula,
        "standing": fact.standing,
        "weakest_constant": fact.arithmetic.weakest,
        "note": fact.note,
    }


def _in_field(found: ClaimInField) -> dict[str, Json]:
    """Return a figure among published designs; what is compared is of operations of 1 bit."""
    return {"path": dotted(found.path), "text": found.words, **place_data(found.claim, found.standings)}


def _chip(derivation: Derivation) -> Json:
    """Return the cost model's estimate; energies are those of one inference, `latencies` those of one run, in s.

    `copies` are of stored matrices, by the name of their weights; `left_out` are those that do not fit.
    """
    chip = derivation.chip
    if chip.profile is None:
        return None
    return {
        "profile": chip.profile.name,
        "named": chip.named,
        "problem": None if chip.estimate is not None else chip.problem,
        "left_out": list(chip.refusal.left_out) if isinstance(chip.refusal, DoesNotFitError) else [],
        "facts": [_fact(fact) for fact in derivation.chip_facts],
        "estimate": None if chip.estimate is None else _estimate(chip.estimate),
    }


def _digital(derivation: Derivation) -> Json:
    """Return the estimate for a digital device; the time is that of a run, in s, the energy that of one inference."""
    run = derivation.digital
    if run is None:
        return None
    given, found = run.profile.description, run.estimate
    return {
        "profile": run.profile.name,
        "device": given.device,
        "dtype": given.dtype,
        "stack": given.stack,
        "problem": run.problem or None,
        "facts": [_fact(fact) for fact in derivation.chip_facts],
        "kernels": None if found is None else found.launches,
        "kernel_share": None if found is None else found.kernel_share,
        "spread": None if found is None else found.spread,
        "extrapolated": [] if found is None else list(found.outside),
    }


def _estimate(estimate: Estimate) -> Json:
    return {
        "structure": estimate.structure,
        "chips": estimate.chips,
        "tiles": estimate.tiles,
        "tiles_per_chip": estimate.constants.tiles_per_chip,
        "packing": estimate.layout.packing,
        "copies": dict(estimate.layout.copies),
        "placements": _placements(estimate),
        "latencies": {str(name): value for name, value in estimate.latencies.items()},
        "totals": {
            name: {
                "value": total.value,
                "standing": total.standing,
                "constants": list(total.constants),
                "bound": total.bound,
            }
            for name, total in estimate.totals.items()
        },
        "missing": {str(name): reason for name, reason in estimate.missing.items()},
        "layers": [
            {
                "name": layer.name,
                "on": layer.on,
                "stage": layer.stage,
                "tiles": layer.tiles,
                "vectors": layer.vectors,
                "energy": layer.energy,
                "cells": layer.cells,
                "ports": layer.ports,
                "digital": layer.digital,
                "standby": layer.standby,
                "time": layer.time,
            }
            for layer in layers_of(estimate)
        ],
        "sensitivity": {
            name: {str(figure): change for figure, change in moved.items()}
            for name, moved in estimate.sensitivity().items()
        },
        "notes": list(notes_of(estimate)),
    }


def _placements(estimate: Estimate) -> Json:
    """Return the chips that hold each stored matrix, counted from 1; `null` where a chip's tiles are not known."""
    each = estimate.constants.tiles_per_chip
    if each is None:
        return None
    return [
        {"name": place.mapped.matrix.name, "first": place.first + 1, "last": place.last + 1}
        for place in placements(estimate.layout, each)
    ]


def _finite(end: float) -> float | None:
    """Return an end of an interval; JSON has no infinity."""
    return end if math.isfinite(end) else None


def _convention(total: ConventionTotal) -> dict[str, Json]:
    return {
        "name": total.name,
        "digital_ops": total.digital_ops,
        "total_ops": total.total_ops,
        "explains": total.explains,
        "verdict": json_verdict(total.verdict),
    }
