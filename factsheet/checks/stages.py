"""What a sheet has to tell at each stage of its making, and why: data.

Fields are such that a sheet can say why it has no value. Where several are listed together, one of them will do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from factsheet.checks.settings import Stage

    Alternatives = tuple[str, ...]


class Demand(NamedTuple):
    """What one section has to tell from a stage on.

    Attributes:
        stage: the first stage that asks for it; later ones do too.
        section: where it is missed.
        fields: each has to be answered, by one of its alternatives.
        reason: why, for the message.
        need: the fact of Table 3 that it is part of; its votes are told with the reason.
    """

    stage: Stage
    section: str
    fields: tuple[Alternatives, ...]
    reason: str
    need: str = ""


DEMANDS: tuple[Demand, ...] = (
    Demand(
        "draft",
        "overview",
        (("overview.name",), ("overview.model",), ("overview.summary",)),
        "a reader decides by it whether this is the right sheet",
        "overview",
    ),
    Demand("draft", "purpose", (("purpose.summary",),), "it tells what the model is for", "purpose"),
    Demand(
        "review",
        "model_architecture",
        (("model_architecture.summary", "model_architecture.transformer_encoder"),),
        "reviewers recompute figures from it",
        "architecture",
    ),
    Demand(
        "review",
        "parameters",
        (
            ("parameters.parameters",),
            ("parameters.operating_points[*].total_ops", "parameters.ops_depend_on", "parameters.tiles"),
        ),
        "size and operations are what analog hardware is compared by",
        "parameters",
    ),
    Demand(
        "review",
        "hwa_training",
        (("hwa_training.summary",), ("hwa_training.non_idealities", "hwa_training.weight_noise")),
        "without it nobody can repeat the training",
        "training",
    ),
    Demand(
        "review",
        "training_data",
        (("training_data.name", "training_data.summary"), ("training_data.size",)),
        "a model is known by its data",
        "training",
    ),
    Demand(
        "review",
        "test_data",
        (("test_data.name", "test_data.summary"), ("test_data.split",)),
        "a score means little without the data it was taken on",
        "training",
    ),
    Demand(
        "review",
        "hardware",
        (
            ("hardware.training.summary", "hardware.training.accelerator"),
            ("hardware.inference.summary", "hardware.inference.chip", "hardware.inference.technology"),
        ),
        "figures hold on a particular machine",
        "hardware_performance",
    ),
    Demand(
        "review",
        "performance",
        (
            ("performance.results", "performance.summary"),
            ("performance.classification_time", "parameters.operating_points[*].execution_time"),
            (
                "performance.energy_efficiency",
                "performance.energy_per_inference",
                "performance.tops_per_watt",
            ),
        ),
        "accuracy, time and energy are what the hardware is judged by",
        "hardware_performance",
    ),
    Demand(
        "published",
        "overview",
        (("overview.licence",), ("overview.contact",)),
        "a reader has to know whether the model may be used, and whom to ask",
    ),
    Demand(
        "published",
        "performance",
        (("performance.refresh_interval",),),
        "weights that drift have to be programmed again, and somebody has to plan for it",
        "limitations",
    ),
    Demand(
        "published",
        "limitations",
        (("limitations.known", "limitations.summary", "limitations.challenges"),),
        "a reader has to know where the model should not be relied on",
        "limitations",
    ),
    Demand("published", "references", (("references",),), "what is claimed has to be open to checking"),
    Demand("published", "provenance", (), "a reader has to know how figures came about"),
)
"""In the order of stages, then of the sheet. Provenance has no field of its own: any statement of a source will do."""
