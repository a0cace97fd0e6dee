"""The sections of a page: which fields of the sheet each one holds, whatever the role.

A page is cut finer than the sheet: what a run takes, what the chip takes and how good the answers are get sections
of their own, because roles want them in different orders. Every field belongs to exactly one part.
"""

from __future__ import annotations

from dataclasses import dataclass

from factsheet.views.paths import general


@dataclass(frozen=True, slots=True)
class Part:
    """A section of a page.

    Attributes:
        paths: patterns of its fields, in the order of showing; a longer pattern elsewhere takes its fields out.
        question: what it answers for a reader of the whole sheet.
    """

    key: str
    title: str
    question: str
    paths: tuple[str, ...]


PARTS: tuple[Part, ...] = (
    Part(
        "overview",
        "About this sheet",
        "Whose sheet is this, and under which terms?",
        ("overview",),
    ),
    Part("purpose", "Purpose", "What is the model for, and what is it not for?", ("purpose",)),
    Part("setup", "Set-up", "How do I get it to run?", ("setup",)),
    Part("architecture", "Model architecture", "How is the network built?", ("model_architecture",)),
    Part(
        "size",
        "Size and arrays",
        "How large is it, and how does it fit the arrays?",
        (
            "parameters.parameters",
            "parameters.analog_weights",
            "parameters.reuse_factor",
            "parameters.tile",
            "parameters.tiles",
            "parameters.devices",
            "performance.size_on_disk",
            "performance.size_on_chip",
        ),
    ),
    Part(
        "operation",
        "Operations and time",
        "What does a run take, and at which sequence length and batch?",
        (
            "parameters.operating_points",
            "performance.classification_time",
            "performance.throughput",
            "performance.throughput_cpu",
            "performance.throughput_gpu",
            "parameters.optimum",
            "parameters.ops_depend_on",
        ),
    ),
    Part(
        "energy",
        "Power, area and energy",
        "What does the chip draw, and what does an inference cost?",
        (
            "parameters.power",
            "parameters.area",
            "performance.energy_efficiency",
            "performance.energy_per_inference",
            "performance.energy_baseline",
            "performance.tops_per_watt",
            "parameters",
        ),
    ),
    Part(
        "hwa_training",
        "Hardware-aware training",
        "How was the model trained to stand the hardware's non-idealities?",
        ("hwa_training",),
    ),
    Part(
        "inference",
        "Inference methodology",
        "How does inference work on this hardware, and what keeps it accurate?",
        ("inference_methodology",),
    ),
    Part(
        "data", "Training and test data", "What was it trained and tested on?", ("training_data", "test_data")
    ),
    Part(
        "training_hardware",
        "Training hardware",
        "What was it trained on?",
        ("hardware.training", "hardware"),
    ),
    Part("inference_hardware", "Inference hardware", "What does it run on?", ("hardware.inference",)),
    Part(
        "accuracy",
        "Accuracy",
        "How good is it, task by task?",
        (
            "performance.summary",
            "performance.results",
            "hwa_training.accuracy",
            "hwa_training.accuracy_metric",
            "hwa_training.baseline_accuracy",
            "performance.metrics",
            "performance.test_conditions",
            "performance",
        ),
    ),
    Part(
        "upkeep",
        "Re-programming",
        "How long do the programmed weights hold?",
        ("performance.refresh_interval", "performance.refresh_reason"),
    ),
    Part(
        "robustness",
        "Robustness",
        "How well does it stand noise, drift, heat and unusual inputs?",
        ("robustness",),
    ),
    Part("limitations", "Limitations", "What can it not do, and what is hard about it?", ("limitations",)),
)

PARTS_BY_KEY: dict[str, Part] = {part.key: part for part in PARTS}


_PLACES: dict[str, tuple[str, int]] = {
    pattern: (part.key, rank) for part in PARTS for rank, pattern in enumerate(part.paths)
}


def place(path: str) -> tuple[str, int] | None:
    """The part that holds a field and its rank there; `None` for what no part holds (references, people)."""
    pattern = general(path)
    while pattern:
        if pattern in _PLACES:
            return _PLACES[pattern]
        pattern = pattern[: max(pattern.rfind("."), pattern.rfind("["), 0)]
    return None
