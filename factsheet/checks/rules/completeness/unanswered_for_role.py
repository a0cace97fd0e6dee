"""A role finds nothing on something that it needs to know.

What it does: takes the roles that the check is run for (`--role software-developer`) and checks, need by need, what
the sheet says on the fields that are the core of it. A draft, and a sheet that names no stage, has to say something on
one of them; a sheet under review, or published, on each. Saying why there is no answer is an answer. Without a role it
finds nothing. Where the check is run for a stage (`--stage published`), what is missing is an error; else a warning.
`factsheet status` lists the core of each need with its source.

Why it matters: the needs are those that readers of FactSheets named when they were asked.

Fails:
    # for a business expert, who weighs what is gained over the alternative
    overview: {licence: Apache-2.0}
    purpose: {summary: Classifies sentences., applications: [sentiment classification]}

Passes:
    overview: {licence: Apache-2.0}
    purpose: {summary: Classifies sentences., applications: [sentiment classification]}
    performance: {energy_efficiency: {not_evaluated: The chip is measured in May.}}

How to fix: answer the fields that the message names, ask the people who know, or say why there is no answer:
`not_applicable`, `not_disclosed` or `not_evaluated` with the reason.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from factsheet.checks.completeness import START
from factsheet.checks.diagnostic import Finding
from factsheet.checks.rule import Rule
from factsheet.readers.audience import STUDY

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from factsheet.checks.completeness import NeedStanding
    from factsheet.checks.rule import RuleContext
    from factsheet.readers.audience import Audience
    from factsheet.readers.roles import RoleName
    from factsheet.readers.stages import StageName
    from factsheet.sheet.model import SheetFields

TABLE_6: Mapping[str, tuple[str, ...]] = {
    "overview": ("Overview",),
    "purpose": ("Purpose",),
    "architecture": ("Model Architecture",),
    "parameters": ("Parameters and Inference Attributes",),
    "training": ("Training Methodology", "Training Data", "Test Data"),
    "inference": ("Inference Methodology", "Hardware Characteristics"),
    "accuracy": ("Performance Metrics",),
    "prediction_time": ("Performance Metrics",),
    "hardware_performance": ("Performance Metrics", "Hardware Characteristics"),
    "scaling": ("Performance Metrics",),
}
"""The facts of Table 6 that answer a need, by the need's key; the other needs have no fact there."""


def complaint(role: RoleName, need: str) -> str:
    """Return the parts of a need that this role's evaluators found incomplete, to end a sentence; empty if none."""
    from factsheet.readers.study import incomplete_facts  # start-up: most checks are for no role

    found = [fact for fact in incomplete_facts(role) if fact in TABLE_6.get(need, ())]
    if not found:
        return ""
    listed = " and ".join([", ".join(found[:-1]), found[-1]] if len(found) > 1 else found)
    return f"; those who evaluated the published BERT sheet found {listed} incomplete in it (Table 6)"


def _check(context: RuleContext) -> Iterator[Finding]:
    if not context.roles:
        return
    # Start-up: most checks are for no role in particular.
    from factsheet.checks.completeness import completeness, stage_of

    stage = context.stage or stage_of(context.sheet)
    found: dict[tuple[str, tuple[str, ...]], list[tuple[RoleName, NeedStanding]]] = {}
    for role in context.sheet.audience.among(context.roles):
        for need in completeness(context.sheet, role).unmet(stage):
            found.setdefault((need.title, need.missing), []).append((role, need))
    for alike in found.values():
        yield _finding(context.sheet, alike, context.stage)


def _finding(
    sheet: SheetFields, alike: list[tuple[RoleName, NeedStanding]], asked: StageName | None
) -> Finding:
    from factsheet.readers.stages import CALLED

    need = alike[0][1]
    missing = ", ".join(f"`{field.replace('[*]', '[…]')}`" for field in need.missing)
    sections = dict.fromkeys(field.partition(".")[0] for field in need.missing)
    where = next((name for name in sections if getattr(sheet, name) is not None), START)
    named = [sheet.audience.people(role) for role, _ in alike]
    readers = " and ".join([", ".join(named[:-1]), named[-1]] if named[1:] else named)
    extent = "nothing" if need.standing == "missing" else "only a part of what they need"
    return Finding(
        (where,),
        f"{readers} find {extent} on “{need.title}”, {_source(sheet.audience, alike)}"
        + ("" if asked is None else f": {CALLED[asked]} has to state {missing}"),
        f"answer {missing}, or say why not: `{{not_disclosed: the reason}}`;"
        f" {sheet.audience.supplier(sheet.producers, need.missing[0])} could supply it",
        on_key=True,
        severity=None if asked is None else "error",
    )


def _source(audience: Audience, alike: list[tuple[RoleName, NeedStanding]]) -> str:
    """Return where the need is known from; of several roles, how many of those who were interviewed asked for it."""
    if audience.template != STUDY.template:
        return f"for which the template `{audience.template}` asks"
    if len(alike) == 1:
        role, need = alike[0]
        return f"{need.why}{complaint(role, need.asked.need.key)}"
    bases = " and ".join(dict.fromkeys(need.asked.basis for _, need in alike))
    asked = sum(len(need.asked.asked_by) for _, need in alike)
    interviewed = sum(need.asked.of for _, need in alike)
    if not interviewed:
        return f"which their tasks call for ({bases})"
    return f"asked for by {asked} of {interviewed} interviewed ({bases})"


# A warning: the sheet is right, only incomplete. To ask for a stage makes it a gate; so does a severity in the
# settings.
RULE = Rule(
    "FS401",
    "unanswered-for-role",
    "warning",
    "the needs are those that readers of FactSheets named when they were asked",
    _check,
    whole_sheet_only=True,
)
