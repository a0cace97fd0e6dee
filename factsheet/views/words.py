"""Plain words: labels for readers who know little of the hardware, and what the words for standing mean."""

from __future__ import annotations

from typing import TYPE_CHECKING

from factsheet.sheet.labels import field_label
from factsheet.views.page import Term
from factsheet.views.paths import general

if TYPE_CHECKING:
    from collections.abc import Iterable

PLAIN: dict[str, str] = {
    "parameters.analog_weights": "Weights held in analog memory",
    "parameters.reuse_factor": "Layers that share one stored weight (reuse factor)",
    "parameters.tile.rows": "Inputs of one memory array (rows of a tile)",
    "parameters.tile.cols": "Outputs of one memory array (columns of a tile)",
    "parameters.tile.devices_per_weight": "Memory devices that hold one weight",
    "parameters.tile.weight_encoding": "How a weight is held",
    "parameters.tiles": "Memory arrays that hold the model (tiles)",
    "parameters.devices": "Memory devices that hold the model",
    "parameters.operating_points[*].analog_ops": "Operations done in analog memory",
    "parameters.operating_points[*].digital_ops": "Operations done digitally",
    "performance.classification_time": "Time until an answer is there",
    "performance.energy_efficiency": "Answers per second and watt (energy efficiency)",
    "performance.energy_baseline": "Answers per second and watt of the digital alternative",
    "performance.energy_per_inference": "Energy for one answer",
    "performance.throughput": "Answers per second",
    "performance.throughput_cpu": "Answers per second on a CPU",
    "performance.throughput_gpu": "Answers per second on a CPU with a GPU",
    "performance.refresh_interval": "Weights have to be written to the chip again after",
    "performance.refresh_reason": "Why they have to be written again",
    "hwa_training.accuracy": "Score after training for the hardware",
    "hwa_training.non_idealities": "Flaws of the hardware that training took into account",
    "hwa_training.weight_noise": "Noise on stored weights",
    "hwa_training.read_noise": "Noise when weights are read",
    "hwa_training.adc_noise": "Noise on outputs (ADC noise)",
    "hwa_training.input_noise": "Noise on inputs",
    "hwa_training.input_bound": "Inputs are clipped at",
    "hwa_training.output_bound": "Outputs are clipped at",
    "hwa_training.dac_bits": "Bits of an input (DAC)",
    "hwa_training.adc_bits": "Bits of an output (ADC)",
    "hwa_training.noise_applied_in": "Noise is added in",
    "hwa_training.drift.device": "Memory whose ageing (drift) was modelled",
    "inference_methodology.non_idealities": "What disturbs the weights",
    "inference_methodology.programming": "How weights are written to the chip",
    "model_architecture.mapping": "How the network lies on the memory arrays",
    "hardware.inference.technology": "Memory technology",
    "hardware.inference.maturity": "State of the chip",
}
"""Labels by field; the technical word stays in brackets where the glossary explains it."""

LEGEND = {
    "measured": "measured on the hardware or in a run",
    "declared": "the producer's own statement",
    "cited": "taken from a publication",
    "simulated": "from a simulation of the hardware",
    "derived": "worked out from other figures",
    "recomputed": "worked out again from what this sheet says elsewhere",
}
NOT_STATED_ORIGIN = "origin not stated"


def words_for(path: str, *, plain: bool) -> str:
    """The label of a field; with `plain`, in words that need no knowledge of the hardware."""
    return PLAIN.get(general(path), field_label(path)) if plain else field_label(path)


def legend(standings: Iterable[str]) -> tuple[Term, ...]:
    """What the words for standing mean, for those that occur in these phrases."""
    said = " ".join(standings).replace("recomputation", "recomputed")
    return tuple(Term(word, meaning) for word, meaning in LEGEND.items() if word in said)
