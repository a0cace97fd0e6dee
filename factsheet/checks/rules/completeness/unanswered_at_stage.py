"""A sheet does not yet answer what its stage requires.

What it does: takes the stage that the check is run for (`--stage review`), or else the sheet's own `overview.status`,
and asks for the fields that belong to it. A draft: name, model and summary, and what the model is for. A sheet under
review: architecture, parameters, training, data, hardware and performance as well, each with the fields that it is
judged by. A published sheet: where figures come from, references, limitations, the refresh interval, licence and
contact. Saying why there is no answer is an answer. Without a stage it finds nothing.

Why it matters: nobody asks further questions of a sheet that calls itself finished.

Fails:
    overview: {name: Example, model: BERT-base, status: draft}

Passes:
    overview: {name: Example, model: BERT-base, status: draft, summary: An encoder for analog tiles.}
    purpose: {summary: Classifies sentences.}

How to fix: answer the fields that the message names, say why there is no answer, or set `status` back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from factsheet.checks.completeness import START, is_given
from factsheet.checks.diagnostic import Finding
from factsheet.checks.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from factsheet.checks.rule import RuleContext, Stage
    from factsheet.sheet.model import SheetFields

    Alternatives = tuple[str, ...]


class AnswerDemand(NamedTuple):
    """The answers that one section has to give from a stage on.

    Attributes:
        stage: the first stage that asks for it; later ones do too.
        section: where its absence is reported.
        fields: each has to be answered, by one of its alternatives.
        reason: why, for the message.
        need: the fact of Table 3 that it is part of; its votes follow the reason.
    """

    stage: Stage
    section: str
    fields: tuple[Alternatives, ...]
    reason: str
    need: str = ""


DEMANDS: tuple[AnswerDemand, ...] = (
    AnswerDemand(
        "draft",
        "overview",
        (("overview.name",), ("overview.model",), ("overview.summary",)),
        "readers decide by it whether this is the right sheet",
        "overview",
    ),
    AnswerDemand("draft", "purpose", (("purpose.summary",),), "it says what the model is for", "purpose"),
    AnswerDemand(
        "review",
        "model_architecture",
        (("model_architecture.summary", "model_architecture.transformer_encoder"),),
        "reviewers recompute figures from it",
        "architecture",
    ),
    AnswerDemand(
        "review",
        "parameters",
        (
            ("parameters.parameters",),
            ("parameters.operating_points[*].total_ops", "parameters.ops_depend_on", "parameters.tiles"),
        ),
        "size and operations are what analog hardware is compared by",
        "parameters",
    ),
    AnswerDemand(
        "review",
        "hwa_training",
        (("hwa_training.summary",), ("hwa_training.non_idealities", "hwa_training.weight_noise")),
        "without it nobody can repeat the training",
        "training",
    ),
    AnswerDemand(
        "review",
        "training_data",
        (("training_data.name", "training_data.summary"), ("training_data.size",)),
        "a model is known by its data",
        "training",
    ),
    AnswerDemand(
        "review",
        "test_data",
        (("test_data.name", "test_data.summary"), ("test_data.split",)),
        "a score means little without the data it was taken on",
        "training",
    ),
    AnswerDemand(
        "review",
        "hardware",
        (
            ("hardware.training.summary", "hardware.training.accelerator"),
            ("hardware.inference.summary", "hardware.inference.chip", "hardware.inference.technology"),
        ),
        "figures hold on a particular machine",
        "hardware_performance",
    ),
    AnswerDemand(
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
    AnswerDemand(
        "published",
        "overview",
        (("overview.licence",), ("overview.contact",)),
        "a reader has to know whether the model may be used, and whom to ask",
    ),
    AnswerDemand(
        "published",
        "performance",
        (("performance.refresh_interval",),),
        "weights that drift have to be programmed again, and somebody has to plan for it",
        "limitations",
    ),
    AnswerDemand(
        "published",
        "limitations",
        (("limitations.known", "limitations.summary", "limitations.challenges"),),
        "a reader has to know where the model should not be relied on",
        "limitations",
    ),
    AnswerDemand("published", "references", (("references",),), "what is claimed has to be open to checking"),
    AnswerDemand("published", "provenance", (), "a reader has to know where the figures come from"),
)
"""In the order of stages, then of the sheet. Provenance has no field of its own: any stated source is enough."""

# In the order of the stages.
_CALLED = {"draft": "a draft", "review": "a sheet under review", "published": "a published sheet"}
_STATUS = ("overview", "status")


def _check(context: RuleContext) -> Iterator[Finding]:
    sheet = context.sheet
    status = sheet.overview.status
    stage = context.stage or (status.text if status is not None else None)
    if stage not in _CALLED:
        return

    reached = tuple(_CALLED)[: tuple(_CALLED).index(stage) + 1]
    for demand in DEMANDS:
        if demand.stage in reached:
            missing = _missing(sheet, demand)
            if missing:
                yield _finding(sheet, demand, missing, stage, by_status=context.stage is None)


def _missing(sheet: SheetFields, demand: AnswerDemand) -> list[str]:
    """Return the fields without an answer, alternatives joined by `or`."""
    if demand.section == "provenance":
        return [] if _has_sources(sheet) else ["provenance.source"]
    return [
        " or ".join(f"`{field.replace('[*]', '[…]')}`" for field in alternatives)
        for alternatives in demand.fields
        if not any(is_given(sheet, field) for field in alternatives)
    ]


def _has_sources(sheet: SheetFields) -> bool:
    """Return whether the sheet says anywhere where its figures come from; FS503 checks that figure by figure."""
    if sheet.provenance is not None and sheet.provenance.source:
        return True
    from factsheet.sheet.walk import facts

    return any(placed.source for placed in facts(sheet))


def _finding(
    sheet: SheetFields, demand: AnswerDemand, missing: list[str], stage: str, *, by_status: bool
) -> Finding:
    from factsheet.readers.suppliers import supplier

    first = demand.fields[0][0] if demand.fields else demand.section
    return Finding(
        (demand.section if getattr(sheet, demand.section) is not None else START,),
        f"{_CALLED[stage]} has to state {', '.join(missing)}: {demand.reason}{_votes(demand)}",
        f"{_help(demand)}; {supplier(sheet.producers, first)} could supply it",
        related=((_STATUS, f"the sheet calls itself {stage} here"),) if by_status else (),
        on_key=True,
    )


def _help(demand: AnswerDemand) -> str:
    if demand.section == "references":
        return "list what readers can look up under `references:`"
    if demand.section == "provenance":
        return "say under `provenance:` where the figures come from: `{source: declared}`"
    return "answer it, or say why not: `{not_disclosed: the reason}`"


def _votes(demand: AnswerDemand) -> str:
    if not demand.need:
        return ""
    from factsheet.readers.study import INTERVIEWED, VOTES

    return f"; asked for by {len(VOTES[demand.need])} of {len(INTERVIEWED)} interviewed (Table 3)"


# A warning: the sheet is right, only incomplete. `--fail-on warning` or a severity in the settings makes
# it a gate.
RULE = Rule(
    "FS402",
    "unanswered-at-stage",
    "warning",
    "nobody asks further questions of a sheet that calls itself finished",
    _check,
    whole_sheet_only=True,
)
