"""The stages of a sheet, and what it has to answer at each: for every reader, and for the roles that read it.

What every reader asks for are facts of Table 3 of the FactSheet study, with their votes in `factsheet.readers.study`,
and what a publication owes its readers anyway. What a role asks for is the core of its needs
(`factsheet.readers.needs`, each with its source).
"""

from __future__ import annotations

from typing import Literal, NamedTuple, get_args

StageName = Literal["draft", "review", "published"]
STAGES: tuple[StageName, ...] = get_args(StageName)
"""From the first to the last."""


class StageRequirement(NamedTuple):
    """The answers that one section has to give from a stage on.

    Attributes:
        stage: the first stage that asks for it; later ones do too.
        section: where its absence is reported.
        fields: each has to be answered, by one of its alternatives.
        reason: why, for the message.
        need: the fact of Table 3 that it is part of; its votes follow the reason.
    """

    stage: StageName
    section: str
    fields: tuple[tuple[str, ...], ...]
    reason: str
    need: str = ""


DEMANDS: tuple[StageRequirement, ...] = (
    StageRequirement(
        "draft",
        "overview",
        (("overview.name",), ("overview.model",), ("overview.summary",)),
        "readers decide by it whether this is the right sheet",
        "overview",
    ),
    StageRequirement("draft", "purpose", (("purpose.summary",),), "it says what the model is for", "purpose"),
    StageRequirement(
        "review",
        "model_architecture",
        (("model_architecture.summary", "model_architecture.transformer_encoder"),),
        "reviewers recompute figures from it",
        "architecture",
    ),
    StageRequirement(
        "review",
        "parameters",
        (
            ("parameters.parameters",),
            ("parameters.operating_points[*].total_ops", "parameters.ops_depend_on", "parameters.tiles"),
        ),
        "size and operations are what analog hardware is compared by",
        "parameters",
    ),
    StageRequirement(
        "review",
        "hwa_training",
        (("hwa_training.summary",), ("hwa_training.non_idealities", "hwa_training.weight_noise")),
        "without it nobody can repeat the training",
        "training",
    ),
    StageRequirement(
        "review",
        "training_data",
        (("training_data.name", "training_data.summary"), ("training_data.size",)),
        "a model is known by its data",
        "training",
    ),
    StageRequirement(
        "review",
        "test_data",
        (("test_data.name", "test_data.summary"), ("test_data.split",)),
        "a score means little without the data it was taken on",
        "training",
    ),
    StageRequirement(
        "review",
        "hardware",
        (
            ("hardware.training.summary", "hardware.training.accelerator"),
            ("hardware.inference.summary", "hardware.inference.chip", "hardware.inference.technology"),
        ),
        "figures hold on a particular machine",
        "hardware_performance",
    ),
    StageRequirement(
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
    StageRequirement(
        "review",
        "overview",
        (("overview.sheet_language",),),
        "its texts do not read as English, and browsers, screen readers and fonts go by the language that pages name",
    ),
    StageRequirement(
        "published",
        "overview",
        (("overview.licence",), ("overview.contact",)),
        "a reader has to know whether the model may be used, and whom to ask",
    ),
    StageRequirement(
        "published",
        "performance",
        (("performance.refresh_interval",),),
        "weights that drift have to be programmed again, and somebody has to plan for it",
        "limitations",
    ),
    StageRequirement(
        "published",
        "limitations",
        (("limitations.known", "limitations.summary", "limitations.challenges"),),
        "a reader has to know where the model should not be relied on",
        "limitations",
    ),
    StageRequirement(
        "published", "references", (("references",),), "what is claimed has to be open to checking"
    ),
    StageRequirement("published", "provenance", (), "a reader has to know where the figures come from"),
)
"""In the order of stages, then of the sheet. Provenance has no field of its own: any stated source is enough. The
language is asked for where the texts are not plainly English (`factsheet.checks.prose_language`)."""

CALLED: dict[StageName, str] = {
    "draft": "a draft",
    "review": "a sheet under review",
    "published": "a published sheet",
}
"""What a sheet is called at a stage, for the middle of a sentence."""

ROLE_CORE: dict[StageName, Literal["some", "all"]] = {"draft": "some", "review": "all", "published": "all"}
"""How many of the core fields of each need have to have an answer, or a reason why there is none, for the roles that a
check is run for: a draft has begun to answer it, and reviewers and readers are to find all of it."""


def demands_at(stage: StageName) -> tuple[StageRequirement, ...]:
    """Return what is asked of a sheet at a stage, those of earlier stages included."""
    reached = STAGES[: STAGES.index(stage) + 1]
    return tuple(demand for demand in DEMANDS if demand.stage in reached)
