"""Write what sheets answer for each role and what not, as GitHub-flavoured Markdown for job summaries."""

from __future__ import annotations

from typing import TYPE_CHECKING

from factsheet.pages.formats.markdown_text import escape, table
from factsheet.readers.roles import ROLES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from factsheet.checks.completeness import NeedStanding, RoleStanding

UNFIT = "What is missing can be listed once it fits the schema."
_UNFOLDED = 1
"""More roles than this are folded away: each is a page of its own reader."""


def standing_markdown(sheets: Sequence[tuple[str, Sequence[RoleStanding] | None]]) -> str:
    """Return a section for each sheet, in it a table for each role.

    Args:
        sheets: the files' names with how far the roles' needs are answered; `None` for a sheet that does not fit
            the schema.
    """
    return "\n".join(_sheet(name, roles) for name, roles in sheets)


def _sheet(name: str, roles: Sequence[RoleStanding] | None) -> str:
    heading = f"### {escape(name)}\n\n"
    if roles is None:
        return f"{heading}{UNFIT}\n"
    return heading + "\n".join(_role(role, folded=len(roles) > _UNFOLDED) for role in roles)


def _role(standing: RoleStanding, *, folded: bool) -> str:
    groups = standing.by_standing()
    title = ROLES[standing.role].title
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
        table(("Need", "Who has it", "Answered", "Said why not", "Missing"), rows) if rows else "",
    ]
    body = "\n\n".join(part for part in parts if part)
    if folded:
        return f"<details><summary>{head}</summary>\n\n{body}\n\n</details>\n"
    return f"**{head}**\n\n{body}\n"


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
