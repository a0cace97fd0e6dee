"""A sheet does not yet answer what its stage requires.

What it does: takes the stage that the check is run for (`--stage review`), or else the sheet's own `overview.status`,
and asks for the fields that belong to it. A draft: name, model and summary, and what the model is for. A sheet under
review: architecture, parameters, training, data, hardware and performance as well, each with the fields that it is
judged by, and the language of its texts where they do not read as English. A published sheet: where figures come from,
references, limitations, the refresh interval, licence and contact. Saying why there is no answer is an answer. Without
a stage it finds nothing. Where the check is run for a stage, what is missing is an error; where the sheet calls itself
by it, a warning.

Why it matters: nobody asks further questions of a sheet that calls itself finished.

Fails:
    overview: {name: Example, model: BERT-base, status: draft}

Passes:
    overview: {name: Example, model: BERT-base, status: draft, summary: An encoder for analog tiles.}
    purpose: {summary: Classifies sentences.}

How to fix: answer the fields that the message names, say why there is no answer, or set `status` back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from factsheet.checks.completeness import START, stage_of, unmet_demands
from factsheet.checks.diagnostic import Finding
from factsheet.checks.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from factsheet.checks.completeness import UnmetDemand
    from factsheet.checks.rule import RuleContext
    from factsheet.readers.stages import StageName, StageRequirement
    from factsheet.sheet.model import SheetFields


_STATUS = ("overview", "status")


def _check(context: RuleContext) -> Iterator[Finding]:
    sheet = context.sheet
    stage = context.stage or stage_of(sheet)
    if stage is not None:
        for unmet in unmet_demands(sheet, stage):
            yield _finding(sheet, unmet, stage, asked=context.stage is not None)


def _finding(sheet: SheetFields, unmet: UnmetDemand, stage: StageName, *, asked: bool) -> Finding:
    # Start-up: most sheets are complete.
    from factsheet.readers.stages import CALLED

    demand = unmet.demand
    missing = ", ".join(
        " or ".join(f"`{field.replace('[*]', '[…]')}`" for field in alternatives)
        for alternatives in unmet.missing
    )
    first = demand.fields[0][0] if demand.fields else demand.section
    return Finding(
        (demand.section if getattr(sheet, demand.section) is not None else START,),
        f"{CALLED[stage]} has to state {missing}: {demand.reason}{_votes(demand)}",
        f"{_help(demand)}; {sheet.audience.supplier(sheet.producers, first)} could supply it",
        related=() if asked else ((_STATUS, f"the sheet calls itself {stage} here"),),
        on_key=True,
        severity="error" if asked else None,
    )


def _help(demand: StageRequirement) -> str:
    if demand.section == "references":
        return "list what readers can look up under `references:`"
    if demand.section == "provenance":
        return "say under `provenance:` where the figures come from: `{source: declared}`"
    return "answer it, or say why not: `{not_disclosed: the reason}`"


def _votes(demand: StageRequirement) -> str:
    if not demand.need:
        return ""
    from factsheet.readers.study import INTERVIEWED, VOTES

    return f"; asked for by {len(VOTES[demand.need])} of {len(INTERVIEWED)} interviewed (Table 3)"


# A warning: the sheet is right, only incomplete. To ask for a stage makes it a gate; so does a severity in the
# settings.
RULE = Rule(
    "FS402",
    "unanswered-at-stage",
    "warning",
    "nobody asks further questions of a sheet that calls itself finished",
    _check,
    whole_sheet_only=True,
)
