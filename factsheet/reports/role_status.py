"""The status of a sheet for each role, need by need, as text and as JSON (`factsheet.status/1`).

Every count is beside the list that it counts; there is no score.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from factsheet.readers.roles import ROLES
from factsheet.reports.text import encodable, one_line, readable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from factsheet.checks.completeness import NeedStanding, RoleStanding, SheetStanding
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
    return [_paragraph(one_line(sheet.name), role, style) for role in sheet.roles]


def _paragraph(name: str, standing: RoleStanding, style: Style) -> str:
    lines = [style.strong(f"{name}, for: {ROLES[standing.role].title}")]
    for word, needs in standing.by_standing().items():
        if needs:
            lines.append(f"  {word} ({len(needs)} of {len(standing.needs)})")
            for need in needs:
                lines.append(f"    {need.title}, {need.why}")
                lines += [f"      {line}" for line in _details(need)]
    kinds = why_not_counts(standing)
    return "\n".join([*lines, f"  said why not, by kind: {kinds}"] if kinds else lines)


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
                "roles": [_role(role) for role in sheet.roles or ()],
            }
            for sheet in sheets
        ],
    }
    return json.dumps(data, indent=2) + "\n"


def _role(standing: RoleStanding) -> Json:
    kinds: dict[str, Json] = {str(kind): fields for kind, fields in standing.why_not_by_kind().items()}
    return {
        "role": standing.role,
        "title": ROLES[standing.role].title,
        "needs": [_need(need) for need in standing.needs],
        "said_why_not": kinds,
    }


def _need(need: NeedStanding) -> Json:
    return {
        "need": need.asked.need.key,
        "title": need.title,
        "why": need.why,
        "standing": need.standing,
        "answered": list(need.answered),
        "why_not": [
            {"path": said.path, "kind": said.kind, "reason": readable(said.reason)} for said in need.why_not
        ],
        "missing": list(need.missing),
    }
