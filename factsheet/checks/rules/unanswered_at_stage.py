"""A sheet does not tell yet what it has to at its stage.

What it does: takes the stage that the check is run for (`--stage review`), or else the sheet's own `overview.status`,
and asks for what belongs to it. A draft: name, model and summary, and what the model is for. A sheet under review:
architecture, parameters, training, data, hardware and performance as well, each with what it is judged by. A
published one: where figures come from, references, limitations, the refresh interval, licence and contact. Saying
why there is no answer is one. Without a stage it finds nothing.

Why it matters: a sheet that calls itself finished is not asked again.

Fails:
    overview: {name: Example, model: BERT-base, status: draft}

Passes:
    overview: {name: Example, model: BERT-base, status: draft, summary: An encoder for analog tiles.}
    purpose: {summary: Classifies sentences.}

How to fix: answer the fields that the message names, say why there is no answer, or set `status` back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from factsheet.checks.answers import START, told
from factsheet.checks.diagnostic import Finding
from factsheet.checks.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from factsheet.checks.context import Context
    from factsheet.checks.stages import Demand
    from factsheet.sheet.model import FactSheet

# In the order of the stages.
_CALLED = {"draft": "a draft", "review": "a sheet under review", "published": "a published sheet"}
_STATUS = ("overview", "status")


def _check(context: Context) -> Iterator[Finding]:
    sheet = context.sheet
    status = sheet.overview.status
    stage = context.stage or (status.text if status is not None else None)
    if stage not in _CALLED:
        return
    from factsheet.checks.stages import DEMANDS  # start-up: a sheet without a stage needs none of it

    reached = tuple(_CALLED)[: tuple(_CALLED).index(stage) + 1]
    for demand in DEMANDS:
        if demand.stage in reached:
            missing = _missing(sheet, demand)
            if missing:
                yield _finding(sheet, demand, missing, stage, by_status=context.stage is None)


def _missing(sheet: FactSheet, demand: Demand) -> list[str]:
    """The fields that are not told of, alternatives joined by `or`."""
    if demand.section == "provenance":
        return [] if _says_whence(sheet) else ["provenance.source"]
    return [
        " or ".join(f"`{field.replace('[*]', '[…]')}`" for field in alternatives)
        for alternatives in demand.fields
        if not any(told(sheet, field) for field in alternatives)
    ]


def _says_whence(sheet: FactSheet) -> bool:
    """Whether the sheet says anywhere how its figures came about; figure by figure, that is FS503's matter."""
    if sheet.provenance is not None and sheet.provenance.source:
        return True
    from factsheet.sheet.walk import facts

    return any(placed.source for placed in facts(sheet))


def _finding(sheet: FactSheet, demand: Demand, missing: list[str], stage: str, *, by_status: bool) -> Finding:
    from factsheet.sheet.suppliers import supplier

    first = demand.fields[0][0] if demand.fields else demand.section
    return Finding(
        (demand.section if getattr(sheet, demand.section) is not None else START,),
        f"{_CALLED[stage]} has to tell {', '.join(missing)}: {demand.reason}{_votes(demand)}",
        f"{_mend(demand)}; {supplier(sheet, first)} could supply it",
        related=((_STATUS, f"the sheet calls itself {stage} here"),) if by_status else (),
        on_key=True,
    )


def _mend(demand: Demand) -> str:
    if demand.section == "references":
        return "list what readers can look up under `references:`"
    if demand.section == "provenance":
        return "say under `provenance:` how figures came about: `{source: declared}`"
    return "answer it, or say why not: `{not_disclosed: the reason}`"


def _votes(demand: Demand) -> str:
    if not demand.need:
        return ""
    from factsheet.sheet.study import INTERVIEWED, VOTES

    return f"; asked for by {len(VOTES[demand.need])} of {len(INTERVIEWED)} interviewed (Table 3)"


# A warning: what a sheet tells is right, it is only not all. `--fail-on warning` or a severity in the settings makes
# it a gate.
UNANSWERED_AT_STAGE = Rule(
    "FS402",
    "unanswered-at-stage",
    "warning",
    "a sheet that calls itself finished is not asked again",
    _check,
    whole_sheet_only=True,
)
