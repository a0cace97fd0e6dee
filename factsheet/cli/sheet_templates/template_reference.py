"""A template for people: its readers, its sections, and each fact with its form, who asks for it and who knows it.

What is shown is read from the model of the template's sheets, so that `analog-ai`, whose model is the package's own, is
shown as any other.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, NamedTuple

from factsheet.authoring.field_catalogue import catalogue
from factsheet.readers.stages import STAGES
from factsheet.reports.text import one_line
from factsheet.sheet.model import SheetFields
from factsheet.sheet_templates.known_templates import template_from
from factsheet.sheet_templates.template import ANALOG

if TYPE_CHECKING:
    from factsheet.authoring.field_catalogue import FieldEntry
    from factsheet.readers.audience import Audience
    from factsheet.sheet_templates.template import SheetTemplate

SCHEMA = "factsheet.template/1"
_ANALOG = (
    "Sheets of models that run on analog in-memory computing hardware, after the template of the FactSheet study"
    " (Table 5) with what its participants asked for besides (Table 3)."
)
_ANALOG_SOURCE = (
    "interviews with ten people of four roles (Table 3 of the FactSheet study), and the tasks of its Table 1"
)
_HEADS = ("factsheet", "template")
_DEEPEST = 2
"""Levels of a field that are shown: section and fact, and the facts of a row below it."""


class DescribedTemplate(NamedTuple):
    """A template with what its sheets hold.

    Attributes:
        source: where the needs of its readers are known from; empty where it does not say.
        text: its file; `None` where the package itself is written for it.
        entries: every field of its sheets.
        stages: the first stage that asks for a field, by path.
    """

    name: str
    title: str
    description: str
    source: str
    audience: Audience
    entries: tuple[FieldEntry, ...]
    stages: dict[str, str]
    text: str | None

    @property
    def sections(self) -> tuple[FieldEntry, ...]:
        """The sections of a sheet."""
        return tuple(entry for entry in self.entries if "." not in entry.path and entry.path not in _HEADS)

    def below(self, section: str) -> tuple[FieldEntry, ...]:
        """Return the facts of a section, and the facts of rows in it."""
        return tuple(
            entry
            for entry in self.entries
            if entry.path.startswith((f"{section}.", f"{section}[")) and entry.path.count(".") <= _DEEPEST
        )

    @property
    def facts(self) -> int:
        """How many facts a sheet can state, those of rows counted once."""
        return sum(entry.is_fact for entry in self.entries)


def described(name_or_path: str) -> DescribedTemplate:
    """Return a template with what its sheets hold.

    Raises:
        FactsheetError: there is no such template, or its file is none.
    """
    return described_as(template_from(name_or_path))


def described_as(template: SheetTemplate | None) -> DescribedTemplate:
    """Return a template with what its sheets hold; `None` stands for `analog-ai`."""
    model = SheetFields if template is None else template.model(SheetFields)
    audience, form = model.audience, None if template is None else template.form
    stages: dict[str, str] = {}
    for demand in audience.demands_at(STAGES[-1]):
        for alternatives in demand.fields:
            for field in alternatives:
                stages.setdefault(field, demand.stage)
    return DescribedTemplate(
        ANALOG if form is None else form.name,
        audience.title,
        _ANALOG if form is None else form.description,
        _ANALOG_SOURCE if form is None else form.source or "",
        audience,
        catalogue(model),
        stages,
        None if template is None else template.document.text,
    )


def template_line(template: DescribedTemplate) -> str:
    """Return a template in one line: what it is, and how much it asks for."""
    return (
        f"{template.title}: {len(template.sections)} sections, {template.facts} facts,"
        f" {len(template.audience.roles)} roles"
    )


def template_text(template: DescribedTemplate) -> str:
    """Return a template for a terminal."""
    lines = [f"{template.name}  {template.title}", template.description]
    lines += [f"Needs are from: {template.source}"] if template.source else []
    lines += ["", "Readers"]
    width = max(map(len, template.audience.roles))
    lines += [
        f"  {name:<{width}}  {role.title}: {role.description}"
        for name, role in template.audience.roles.items()
    ]
    for section in template.sections:
        below = template.below(section.path)
        lines += ["", f"{section.path}  {section.title}", f"  {section.question or section.meaning}"]
        wide = min(max((len(_shown(entry.path)) for entry in below), default=0), 44)
        lines += [f"  {_shown(entry.path):<{wide}}  {_facts(template, entry)}" for entry in below]
    lines += ["", f"`factsheet fields --template {template.name} PATH` explains a field."]
    return "\n".join(map(one_line, lines))


def _shown(path: str) -> str:
    return path.replace("[*]", "[…]").partition(".")[2]


def _facts(template: DescribedTemplate, entry: FieldEntry) -> str:
    form = re.sub(r", such as `[^`]*`", "", entry.form)
    parts = [form]
    core = [template.audience.people(role) for role, _, core in entry.asked_by if core]
    parts += [f"asked by {', '.join(core)}"] if core else []
    parts += [f"known by {entry.supplied_by}"] if entry.is_fact else []
    parts += [f"from stage {template.stages[entry.path]}"] if entry.path in template.stages else []
    return "; ".join(parts)


def template_markdown(template: DescribedTemplate) -> str:
    """Return a template as a page: its readers, then a table for each section."""
    parts = [f"# {_cell(template.title)}", f"Template `{template.name}`. {_cell(template.description)}"]
    parts += [f"Needs are from: {_cell(template.source)}."] if template.source else []
    readers = [
        f"| {_cell(role.title)} | `{name}` | {_cell(role.description)} |"
        for name, role in template.audience.roles.items()
    ]
    parts += ["## Readers", "\n".join(["| reader | name | who |", "|---|---|---|", *readers])]
    for section in template.sections:
        parts += [
            f"## {_cell(section.title)}",
            f"`{section.path}`: {_cell(section.question or section.meaning)}",
        ]
        rows = [_row(template, entry) for entry in template.below(section.path)]
        if rows:
            head = [
                "| field | holds | written as | asked for by | known by | from stage |",
                "|---|---|---|---|---|---|",
            ]
            parts.append("\n".join([*head, *rows]))
    return "\n\n".join(parts) + "\n"


def _row(template: DescribedTemplate, entry: FieldEntry) -> str:
    core = ", ".join(template.audience.people(role) for role, _, core in entry.asked_by if core)
    cells = (
        f"`{_shown(entry.path)}`",
        _cell(entry.meaning),
        _cell(entry.form),
        _cell(core),
        _cell(entry.supplied_by),
        template.stages.get(entry.path, ""),
    )
    return f"| {' | '.join(cells)} |"


def _cell(text: str) -> str:
    """Return words of a template as Markdown shows them: a stranger's are no markup and no links, and one line."""
    return re.sub(r"([\\*_\[\]<>#|])", r"\\\1", " ".join(one_line(text).split())).rstrip(".")


def template_json(template: DescribedTemplate, tool_version: str) -> str:
    """Return a template as JSON, in ASCII. Keys are only ever added to version 1."""
    data: dict[str, Any] = {
        "schema": SCHEMA,
        "tool": {"name": "factsheet", "version": tool_version},
        "name": template.name,
        "title": template.title,
        "description": template.description,
        "source": template.source,
        "roles": [
            {"name": name, "title": role.title, "description": role.description, "tasks": list(role.tasks)}
            for name, role in template.audience.roles.items()
        ],
        "sections": [
            {
                "name": section.path,
                "title": section.title,
                "question": section.question,
                "facts": [_fact_json(template, entry) for entry in template.below(section.path)],
            }
            for section in template.sections
        ],
    }
    return json.dumps(data, indent=2) + "\n"


def _fact_json(template: DescribedTemplate, entry: FieldEntry) -> dict[str, Any]:
    return {
        "path": entry.path,
        "title": entry.title,
        "meaning": entry.meaning,
        "question": entry.question,
        "form": entry.form,
        "limits": entry.limits,
        "example": entry.example,
        "is_fact": entry.is_fact,
        "asked_by": [role for role, _, core in entry.asked_by if core],
        "supplied_by": entry.supplied_by,
        "stage": template.stages.get(entry.path),
    }
