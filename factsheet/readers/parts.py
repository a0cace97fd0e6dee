"""List the sections of a page and the fields that each holds, and match paths of fields against patterns."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_INDEX = re.compile(r"\[\d+\]")
_BOUNDARY = re.compile(r"[.\[]")


@lru_cache(maxsize=4096)
def general(path: str) -> str:
    """Return the path without the numbers of its rows: `results[0].note` → `results[*].note`."""
    return _INDEX.sub("[*]", path)


@lru_cache(maxsize=4096)
def covering(path: str) -> frozenset[str]:
    """Return every pattern that covers a path: the path itself and whatever is above it."""
    whole = general(path)
    return frozenset((whole, *(whole[: mark.start()] for mark in _BOUNDARY.finditer(whole))))


def covers(pattern: str, path: str) -> bool:
    """Return whether a pattern names this field or something above it; `[*]` in it means every row."""
    return pattern in covering(path)


def covered(patterns: Iterable[str], path: str) -> bool:
    """Return whether one of the patterns covers the path."""
    return not covering(path).isdisjoint(patterns)


@dataclass(frozen=True, slots=True)
class PagePart:
    """A section of a page.

    Attributes:
        paths: patterns of its fields, in the order of showing; a longer pattern elsewhere takes its fields out.
        question: what it answers for a reader of the whole sheet.
    """

    key: str
    title: str
    question: str
    paths: tuple[str, ...]


PARTS: tuple[PagePart, ...] = (
    PagePart(
        "overview",
        "About this sheet",
        "Whose sheet is this, and under which terms?",
        ("overview",),
    ),
    PagePart("purpose", "Purpose", "What is the model for, and what is it not for?", ("purpose",)),
    PagePart("setup", "Set-up", "How do I get it to run?", ("setup",)),
    PagePart("architecture", "Model architecture", "How is the network built?", ("model_architecture",)),
    PagePart(
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
    PagePart(
        "operation",
        "Operations and time",
        "What does a run take, and at which sequence length and batch?",
        (
            "parameters.operating_points",
            "performance.classification_time",
            "performance.latency_p50",
            "performance.latency_p99",
            "performance.host_transfer",
            "performance.throughput",
            "performance.throughput_cpu",
            "performance.throughput_gpu",
            "parameters.optimum",
            "parameters.ops_depend_on",
        ),
    ),
    PagePart(
        "energy",
        "Power, area and energy",
        "What does the chip draw, and what does an inference cost?",
        (
            "parameters.power",
            "parameters.area",
            "performance.energy_efficiency",
            "performance.energy_per_inference",
            "performance.inference_unit",
            "performance.energy_boundary",
            "performance.energy_baseline",
            "performance.tops_per_watt",
            "parameters",
        ),
    ),
    PagePart(
        "training",
        "Training",
        "How was the model trained, apart from the hardware?",
        ("training",),
    ),
    PagePart(
        "hwa_training",
        "Hardware-aware training",
        "How was the model trained to withstand the hardware's non-idealities?",
        ("hwa_training",),
    ),
    PagePart(
        "inference",
        "Inference methodology",
        "How does inference work on this hardware, and what keeps it accurate?",
        ("inference_methodology",),
    ),
    PagePart(
        "data", "Training and test data", "What was it trained and tested on?", ("training_data", "test_data")
    ),
    PagePart(
        "training_hardware",
        "Training hardware",
        "What was it trained on?",
        ("hardware.training", "hardware"),
    ),
    PagePart("inference_hardware", "Inference hardware", "What does it run on?", ("hardware.inference",)),
    PagePart(
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
    PagePart(
        "upkeep",
        "Re-programming",
        "How long do the programmed weights hold?",
        (
            "performance.refresh_interval",
            "performance.refresh_reference",
            "performance.refresh_from_first",
            "performance.refresh_from_digital",
            "performance.refresh_chips",
            "performance.refresh_share",
            "performance.refresh_earliest",
            "performance.refresh_confidence",
            "performance.refresh_sampling_error",
            "performance.refresh_reason",
        ),
    ),
    PagePart(
        "robustness",
        "Robustness",
        "How well does it withstand noise, drift, heat and unusual inputs?",
        ("robustness",),
    ),
    PagePart(
        "limitations", "Limitations", "What can it not do, and what is hard about it?", ("limitations",)
    ),
)

PARTS_BY_KEY: dict[str, PagePart] = {part.key: part for part in PARTS}


_PLACES: dict[str, tuple[str, int]] = {
    pattern: (part.key, rank) for part in PARTS for rank, pattern in enumerate(part.paths)
}


def place(path: str) -> tuple[str, int] | None:
    """Return the part that holds a field and its rank there; `None` for what no part holds (references, people)."""
    pattern = general(path)
    while pattern:
        if pattern in _PLACES:
            return _PLACES[pattern]
        pattern = pattern[: max(pattern.rfind("."), pattern.rfind("["), 0)]
    return None
