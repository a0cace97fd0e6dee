"""The status of a sheet for each role, need by need, as text and as JSON (`factsheet.status/1`).

Every count is beside the list that it counts; there is no score.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from factsheet.readers.stages import CALLED
from factsheet.reports.text import encodable, one_line, readable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from factsheet.checks.completeness import NeedStanding, RoleStanding, SheetStanding
    from factsheet.readers.roles import RoleName
    from factsheet.readers.stages import StageName
    from factsheet.reports.text import Style

    Json = Mapping[str, "Json"] | list["Json"] | str | int | bool | None

SCHEMA = "factsheet.status/1"
UNFIT = "does not fit the schema, and what it lacks can only be said when it does; `factsheet validate` says where"


def standing_text(sheets: Sequence[SheetStanding], style: Style) -> str:
    """Write all sheets for a terminal, a paragraph for each role."""
    return "\n\n".join(paragraph for sheet in sheets for paragraph in _paragraphs(sheet, style)) + "\n"


def _paragraphs(sheet: SheetStanding, style: Style) -> list[str]:
    if sheet.roles is None:
        return [f"{one_line(sheet.name)} {UNFIT}"]
    name = one_line(sheet.name)
    roles = [
        "\n".join([_paragraph(name, role, sheet.stage, style), *review_lines(sheet, role.role)])
        for role in sheet.roles
    ]
    return [*_stage_paragraph(name, sheet, style), *roles]


def review_lines(sheet: SheetStanding, role: RoleName) -> list[str]:
    """Return what reviewers in a role said of a sheet, a line each."""
    if sheet.reviews is None:
        return []
    from factsheet.reports.review_lines import review_words, standing_words  # most sheets have no reviews

    own = [who for who in sheet.reviews.standing.reviewers if who.role == role]
    words = [review_words(sheet.reviews, who, named=True) for who in own]
    return [f"  {one_line(line)}" for line in (*words, *standing_words(sheet.reviews, own))]


def _stage_paragraph(name: str, sheet: SheetStanding, style: Style) -> list[str]:
    """Say what the sheet's stage asks of every sheet and this one lacks; nothing of a sheet at no stage."""
    if sheet.stage is None:
        return []
    lines = [style.strong(f"{name}, as {CALLED[sheet.stage]}, for every reader")]
    if not sheet.unmet:
        lines.append("  everything that is asked of it is answered, or has its reason")
    for unmet in sheet.unmet:
        fields = ", ".join(" or ".join(map(shown, alternatives)) for alternatives in unmet.missing)
        lines.append(f"  missing: {fields} ({unmet.demand.reason})")
    return ["\n".join(lines)]


def _paragraph(name: str, standing: RoleStanding, stage: StageName | None, style: Style) -> str:
    lines = [style.strong(f"{name}, for: {standing.title}")]
    for word, needs in standing.by_standing().items():
        if needs:
            lines.append(f"  {word} ({len(needs)} of {len(standing.needs)})")
            for need in needs:
                lines.append(f"    {need.title}, {need.why}")
                lines += [f"      {line}" for line in _details(need)]
    kinds = why_not_counts(standing)
    if kinds:
        lines.append(f"  said why not, by kind: {kinds}")
    if stage is not None:
        lines.append(f"  as {CALLED[stage]}: {role_verdict(standing, stage)}")
    return "\n".join(lines)


def role_verdict(standing: RoleStanding, stage: StageName) -> str:
    """Say whether a role finds what a sheet at a stage has to state, and how many fields are missing."""
    unmet = standing.unmet(stage)
    if not unmet:
        return "this role finds what the stage asks for"
    fields = dict.fromkeys(field for need in unmet for field in need.missing)
    lacking = "1 core field is missing" if len(fields) == 1 else f"{len(fields)} core fields are missing"
    return f"{len(unmet)} of {len(standing.needs)} needs are not met, {lacking}"


def _details(need: NeedStanding) -> list[str]:
    lines = []
    if need.answered and need.standing != "answered":
        lines.append(f"answered: {', '.join(map(shown, need.answered))}")
    lines += [
        f"{said.kind.replace('_', ' ')}: {said.path} ({one_line(said.reason)})" for said in need.why_not
    ]
    if need.missing:
        lines.append(f"missing: {', '.join(map(shown, need.missing))}")
    return lines


def shown(field: str) -> str:
    """Write a field's path for people: a pattern's `[*]` is any row."""
    return field.replace("[*]", "[…]")


def why_not_counts(standing: RoleStanding) -> str:
    """Count the fields that a sheet says it has no value for, by kind: `2 not disclosed, 1 not applicable`."""
    counts = standing.why_not_by_kind()
    return ", ".join(f"{counts[kind]} {kind.replace('_', ' ')}" for kind in sorted(counts))


def standing_json(sheets: Sequence[SheetStanding], tool_version: str) -> str:
    """Write all sheets as JSON, in ASCII. Keys are only ever added to version 1."""
    data: Json = {
        "schema": SCHEMA,
        "tool": {"name": "factsheet", "version": tool_version},
        "sheets": [
            {
                "file": encodable(sheet.name),
                "fits_schema": sheet.roles is not None,
                "stage": _stage(sheet),
                "roles": [_role(role, sheet.stage) for role in sheet.roles or ()],
                "reviews": _reviews(sheet),
            }
            for sheet in sheets
        ],
    }
    return json.dumps(data, indent=2) + "\n"


def _stage(sheet: SheetStanding) -> Json:
    if sheet.stage is None:
        return None
    return {
        "stage": sheet.stage,
        "missing": [
            {"any_of": list(alternatives), "section": unmet.demand.section, "reason": unmet.demand.reason}
            for unmet in sheet.unmet
            for alternatives in unmet.missing
        ],
    }


def _reviews(sheet: SheetStanding) -> Json:
    if sheet.reviews is None:
        return None
    from factsheet.reports.review_json import round_data  # as above

    return round_data(sheet.reviews.standing)


def _role(standing: RoleStanding, stage: StageName | None) -> Json:
    kinds: dict[str, Json] = {str(kind): fields for kind, fields in standing.why_not_by_kind().items()}
    return {
        "role": standing.role,
        "title": standing.title,
        "needs": [_need(need) for need in standing.needs],
        "said_why_not": kinds,
        "unmet_at_stage": None if stage is None else [need.asked.need.key for need in standing.unmet(stage)],
    }


def _need(need: NeedStanding) -> Json:
    return {
        "need": need.asked.need.key,
        "title": need.title,
        "why": need.why,
        "standing": need.standing,
        "core": list(need.asked.need.core),
        "answered": list(need.answered),
        "why_not": [
            {"path": said.path, "kind": said.kind, "reason": readable(said.reason)} for said in need.why_not
        ],
        "missing": list(need.missing),
    }
