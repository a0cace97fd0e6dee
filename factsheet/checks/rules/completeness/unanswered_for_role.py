"""A role finds nothing on something that it needs to know.

What it does: takes the roles that the check is run for (`--role software-developer`) and checks, need by need, that the
sheet answers at least one of the fields that belong to it. Saying why there is no answer is an answer. Without a role
it finds nothing.

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

from factsheet.checks.completeness import START, is_given
from factsheet.checks.diagnostic import Finding
from factsheet.checks.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from factsheet.checks.rule import RuleContext
    from factsheet.readers.needs import RoleNeed
    from factsheet.readers.roles import RoleName
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
    from factsheet.checks.completeness import role_needs

    sheet = context.sheet
    for role in context.roles:
        for asked in role_needs(role):
            if not any(is_given(sheet, field) for field in (*asked.need.core, *asked.need.more)):
                yield _finding(sheet, role, asked)


def _finding(sheet: SheetFields, role: RoleName, asked: RoleNeed) -> Finding:
    from factsheet.readers.needs import whose
    from factsheet.readers.roles import people
    from factsheet.readers.suppliers import supplier

    core = asked.need.core
    who = supplier(sheet.producers, core[0])
    sections = dict.fromkeys(field.partition(".")[0] for field in core)
    where = next((name for name in sections if getattr(sheet, name) is not None), START)
    fields = ", ".join(f"`{field.replace('[*]', '[…]')}`" for field in core)
    return Finding(
        (where,),
        f"{people(role)} find nothing on “{asked.need.title}”, {whose(role, asked)}"
        f"{complaint(role, asked.need.key)}",
        f"answer {fields}, or say why not: `{{not_disclosed: the reason}}`; {who} could supply it",
        on_key=True,
    )


# A warning: the sheet is right, only incomplete. `--fail-on warning` or a severity in the settings makes
# it a gate.
RULE = Rule(
    "FS401",
    "unanswered-for-role",
    "warning",
    "the needs are those that readers of FactSheets named when they were asked",
    _check,
    whole_sheet_only=True,
)
