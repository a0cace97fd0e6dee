"""What each role needs to know, where that is known from, and which fields of a sheet answer it.

The needs of four roles are what interviewed people asked for (Table 3 of the FactSheet study; `factsheet.readers.study`
holds the votes), with two that section 5.1 reports in words. The AI engineer and the business expert were not
available to the study's first phase: their needs follow from their tasks (Table 1), and for the engineer from what
section 5.3 reports of the evaluation.

A field is named by its path in the sheet; `[*]` means every row of a list, and a path means all below it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Literal

from factsheet.readers.roles import ROLES, people
from factsheet.readers.study import VOTES

if TYPE_CHECKING:
    from factsheet.readers.roles import RoleName

Basis = Literal["Table 3", "Table 1", "section 5.1", "section 5.3", "template"]


@dataclass(frozen=True, slots=True)
class Need:
    """Something that readers want to know.

    Attributes:
        key: short name.
        title: name for readers.
        core: fields without which the need is not met; one that is left out counts as not answered.
        more: fields that belong to it as well; nobody misses one that a sheet leaves out, but one that a sheet
            explicitly cannot answer is still reported.
    """

    key: str
    title: str
    core: tuple[str, ...]
    more: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RoleNeed:
    """A need of one role, with its source.

    Attributes:
        asked_by: participants who asked for it; empty where nobody could be asked.
        of: participants of the role who were interviewed.
        basis: where in the study it is from; `template` where a template asks for it.
        task: the task of Table 1 that it follows from.
    """

    need: Need
    basis: Basis
    asked_by: tuple[str, ...] = ()
    of: int = 0
    task: str | None = None


_POINTS = "parameters.operating_points[*]"

TEMPLATE_NEEDS: tuple[Need, ...] = (
    Need(
        "overview",
        "Overview",
        ("overview.summary", "overview.model"),
        ("overview",),
    ),
    Need(
        "purpose",
        "Purpose",
        ("purpose.summary", "purpose.trained_for", "purpose.applications", "purpose.out_of_scope"),
        ("purpose",),
    ),
    Need(
        "setup",
        "Set-up instructions",
        ("setup.instructions", "setup.framework", "setup.weights", "setup.requirements", "setup.interface"),
        ("setup",),
    ),
    Need(
        "architecture",
        "Model architecture",
        (
            "model_architecture.summary",
            "model_architecture.mapping",
            "model_architecture.customisable",
            "model_architecture.classification_method",
        ),
        ("model_architecture",),
    ),
    Need(
        "parameters",
        "Model parameters",
        (
            "parameters.parameters",
            "parameters.reuse_factor",
            "parameters.tile.rows",
            "parameters.tile.cols",
            "parameters.tiles",
            "parameters.devices",
            f"{_POINTS}.total_ops",
        ),
        (
            "parameters.analog_weights",
            "parameters.tile",
            "parameters.ops_depend_on",
            "parameters.optimum",
            "parameters.operating_points",
        ),
    ),
    Need(
        "training",
        "Training and testing",
        (
            "hwa_training.summary",
            "hwa_training.non_idealities",
            "training_data.name",
            "training_data.summary",
            "training_data.split",
            "training_data.size",
            "training_data.source",
            "test_data.name",
            "test_data.summary",
            "test_data.split",
            "test_data.size",
            "test_data.source",
            "hardware.training.accelerator",
        ),
        ("training", "hwa_training", "training_data", "test_data", "hardware.training"),
    ),
    Need(
        "inference",
        "Inference methodology",
        (
            "inference_methodology.summary",
            "inference_methodology.non_idealities",
            "inference_methodology.programming",
            "inference_methodology.compensation",
            "hardware.inference.technology",
        ),
        ("inference_methodology", "hardware.inference"),
    ),
    Need(
        "accuracy",
        "Accuracy",
        ("performance.results",),
        (
            "performance.summary",
            "performance.metrics",
            "performance.test_conditions",
            "hwa_training.accuracy",
            "hwa_training.accuracy_metric",
            "hwa_training.baseline_accuracy",
        ),
    ),
    Need(
        "prediction_time",
        "Prediction time",
        ("performance.classification_time",),
        (
            f"{_POINTS}.execution_time",
            "performance.latency_p50",
            "performance.latency_p99",
            "performance.host_transfer",
            "performance.inference_unit",
            "performance.throughput",
            "performance.throughput_cpu",
            "performance.throughput_gpu",
            "parameters.optimum",
        ),
    ),
    Need(
        "hardware_performance",
        "Hardware performance",
        ("parameters.power", "parameters.area", "performance.energy_efficiency"),
        (
            "performance.energy_per_inference",
            "performance.inference_unit",
            "performance.energy_boundary",
            "performance.energy_baseline",
            "performance.throughput",
            "performance.throughput_cpu",
            "performance.throughput_gpu",
            "performance.tops_per_watt",
            "performance.size_on_disk",
            "performance.size_on_chip",
            "parameters.operating_points",
            "hardware.inference",
        ),
    ),
    Need(
        "robustness",
        "Robustness",
        ("robustness.noise", "robustness.drift", "robustness.temperature", "performance.refresh_interval"),
        ("robustness", "performance.refresh_reason"),
    ),
    Need(
        "limitations",
        "Limitations and challenges",
        ("limitations.known", "limitations.challenges", "performance.refresh_interval"),
        ("limitations", "performance.refresh_reason"),
    ),
)
"""The facts of Table 3, in its order, with the fields that answer them."""

_BY_KEY = {need.key: need for need in TEMPLATE_NEEDS}


def _voted(role: RoleName) -> tuple[RoleNeed, ...]:
    """Return the needs of Table 3 that somebody of this role asked for; most asked for first."""
    people = ROLES[role].interviewed
    found: list[RoleNeed] = []
    for need in TEMPLATE_NEEDS:
        asked_by = tuple(who for who in VOTES[need.key] if who.split("-")[0] in people)
        if asked_by:
            found.append(RoleNeed(need, "Table 3", asked_by, len(people)))
    return tuple(sorted(found, key=lambda known: -len(known.asked_by)))


# P4 takes existing models to see whether they withstand analog noise; Table 3 has no tick for it.
_SAID: dict[RoleName, tuple[RoleNeed, ...]] = {
    "algorithm-designer": (RoleNeed(_BY_KEY["robustness"], "section 5.1", ("P4-alg",), 2),),
}

_AI_ENGINEER = (
    RoleNeed(
        Need("integration", "Integration into a pipeline", _BY_KEY["setup"].core, ("setup",)),
        "Table 1",
        task="integrating the model into existing pipelines",
    ),
    RoleNeed(
        Need(
            "scaling",
            "Speed and scaling",
            (
                f"{_POINTS}.execution_time",
                "performance.classification_time",
                "performance.throughput",
                "parameters.optimum.batch",
            ),
            (
                "parameters.optimum",
                "parameters.ops_depend_on",
                "parameters.operating_points",
                "parameters.power",
                "performance.throughput_cpu",
                "performance.throughput_gpu",
                "performance.energy_efficiency",
                "performance.energy_per_inference",
                "performance.inference_unit",
                "performance.energy_boundary",
                "performance.latency_p50",
                "performance.latency_p99",
                "performance.host_transfer",
            ),
        ),
        "Table 1",
        task="finding out how the technology scales",
    ),
    RoleNeed(
        Need(
            "interoperability",
            "Interoperability",
            ("setup.interface", "hardware.inference.host"),
            ("hardware.inference", "model_architecture.implementation", "model_architecture.customisable"),
        ),
        "Table 1",
        task="finding out how interoperable the technology is",
    ),
    RoleNeed(
        Need(
            "robustness",
            "Robustness and upkeep",
            _BY_KEY["robustness"].core,
            (
                "robustness",
                "performance.refresh_reason",
                "inference_methodology.compensation",
                "inference_methodology.programming",
                "inference_methodology.temperature",
                "limitations.known",
                "limitations.challenges",
            ),
        ),
        "Table 1",
        task="finding out how robust the technology is",
    ),
    RoleNeed(
        Need(
            "papers",
            "Papers and analog detail",
            ("references",),
            ("model_architecture.references", "overview.homepage", "hwa_training", "parameters.tile"),
        ),
        "section 5.3",
        ("P11-eng",),
        1,
    ),
)

_BUSINESS_EXPERT = (
    RoleNeed(
        Need(
            "effect",
            "What it does for a business",
            ("overview.summary", "purpose.summary", "purpose.benefits"),
            ("hardware.inference.maturity",),
        ),
        "Table 1",
        task="judging what the technology does to the business",
    ),
    RoleNeed(
        Need(
            "applications",
            "Where it applies",
            ("purpose.applications", "purpose.out_of_scope", "purpose.intended_users"),
        ),
        "Table 1",
        task="exploring where the technology applies",
    ),
    RoleNeed(
        Need(
            "benefits",
            "What it gains over the alternative",
            ("performance.summary", "performance.energy_efficiency", "performance.energy_baseline"),
            (
                "performance.classification_time",
                "performance.energy_per_inference",
                "performance.inference_unit",
                "performance.energy_boundary",
                "performance.throughput",
                "performance.throughput_cpu",
                "performance.throughput_gpu",
            ),
        ),
        "Table 1",
        task="weighing benefits and competitive advantage",
    ),
    RoleNeed(
        Need(
            "cost",
            "What it commits a business to",
            (
                "overview.licence",
                "limitations.risks",
                "limitations.ethics",
                "limitations.obligations",
                "performance.refresh_interval",
            ),
            ("limitations", "overview.contact", "performance.refresh_reason"),
        ),
        "Table 1",
        task="judging what the technology does to the business",
    ),
)


@cache
def needs_of(role: RoleName) -> tuple[RoleNeed, ...]:
    """Return the needs of a role, the most widely shared first."""
    if role == "ai-engineer":
        return _AI_ENGINEER
    if role == "business-expert":
        return _BUSINESS_EXPERT
    return (*_voted(role), *_SAID.get(role, ()))


def whose(role: RoleName, asked: RoleNeed) -> str:
    """Return who has this need, in words, with the source: `asked for by 2 of 2 interviewed … (Table 3)`."""
    if asked.basis == "section 5.3":
        return "asked for by the AI engineer who evaluated the published BERT sheet (section 5.3)"
    if asked.basis == "section 5.1":
        return f"asked for by {len(asked.asked_by)} of {asked.of} interviewed {people(role)} (section 5.1)"
    if asked.task is not None:
        return f"needed for {asked.task} (Table 1)"
    return f"asked for by {len(asked.asked_by)} of {asked.of} interviewed {people(role)} (Table 3)"
