"""Write what sheets answer for each role and what not, as GitHub-flavoured Markdown for job summaries."""

from __future__ import annotations

from typing import TYPE_CHECKING

from factsheet.pages.formats.markdown_text import table
from factsheet.readers.stages import CALLED
from factsheet.reports.markdown_words import escape
from factsheet.reports.role_status import review_lines

if TYPE_CHECKING:
    from collections.abc import Sequence

    from factsheet.checks.completeness import NeedStanding, RoleStanding, SheetStanding
    from factsheet.readers.stages import StageName

UNFIT = "What is missing can be listed once it fits the schema."
_UNFOLDED = 1
"""More roles than this are folded away: each is a page of its own reader."""


def standing_markdown(sheets: Sequence[SheetStanding]) -> str:
    """Return a section for each sheet, in it what its stage asks for and a table for each role."""
    return "\n".join(_sheet(sheet) for sheet in sheets)


def _sheet(sheet: SheetStanding) -> str:
    heading = f"### {escape(sheet.name)}\n\n"
    if sheet.roles is None:
        return f"{heading}{UNFIT}\n"
    folded = len(sheet.roles) > _UNFOLDED
    return (
        heading
        + _stage(sheet)
        + _reviews(sheet)
        + "\n".join(_role(role, sheet.stage, folded=folded) for role in sheet.roles)
    )


def _reviews(sheet: SheetStanding) -> str:
    """Return what reviewers said, of the roles that are asked for."""
    said = [line.strip() for role in sheet.roles or () for line in review_lines(sheet, role.role)]
    return "".join(f"- {escape(line)}\n" for line in dict.fromkeys(said)) + ("\n" if said else "")


def _stage(sheet: SheetStanding) -> str:
    if sheet.stage is None:
        return ""
    if not sheet.unmet:
        return f"As {CALLED[sheet.stage]}, it answers what is asked of every sheet, or gives a reason.\n\n"
    missing = [
        f"- {' or '.join(_fields((field,)) for field in alternatives)}: {escape(unmet.demand.reason)}"
        for unmet in sheet.unmet
        for alternatives in unmet.missing
    ]
    return f"As {CALLED[sheet.stage]}, it lacks:\n\n" + "\n".join(missing) + "\n\n"


def _role(standing: RoleStanding, stage: StageName | None, *, folded: bool) -> str:
    groups = standing.by_standing()
    title = escape(standing.title)
    counts = ", ".join(f"{len(needs)} {word}" for word, needs in groups.items() if needs)
    of = len(standing.needs)
    head = f"{title}: of {of} needs {counts}" if of > 1 else f"{title}: {counts}"
    answered = ", ".join(escape(need.title) for need in groups["answered"])
    fields = standing.why_not_by_kind()
    kinds = ", ".join(f"{fields[kind]} {kind.replace('_', ' ')}" for kind in sorted(fields))
    rows = [_row(need) for word, needs in groups.items() if word != "answered" for need in needs]
    parts = [
        f"Answered: {answered}." if answered else "",
        f"Fields that it gives a reason for: {kinds}." if kinds else "",
        "" if stage is None else f"As {CALLED[stage]}: {_verdict(standing, stage)}.",
        table(("Need", "Who has it", "Answered", "Said why not", "Missing"), rows) if rows else "",
    ]
    body = "\n\n".join(part for part in parts if part)
    if folded:
        return f"<details><summary>{head}</summary>\n\n{body}\n\n</details>\n"
    return f"**{head}**\n\n{body}\n"


def _verdict(standing: RoleStanding, stage: StageName) -> str:
    unmet = standing.unmet(stage)
    return f"{len(unmet)} of {len(standing.needs)} needs are not met" if unmet else "every need is met"


def _row(need: NeedStanding) -> tuple[str, ...]:
    return (
        need.title,
        need.why,
        _fields(need.answered),
        "; ".join(f"{said.path}: {said.kind.replace('_', ' ')} ({said.reason})" for said in need.why_not),
        _fields(need.missing),
    )


def _fields(fields: Sequence[str]) -> str:
    return ", ".join(field.replace("[*]", "[…]") for field in fields)
