"""The fields of a sheet for people: one in full, a section at a glance, all of them as a reference page or as JSON."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from factsheet.authoring.field_catalogue import catalogue, entries_at
from factsheet.errors import UsageError
from factsheet.readers.audience import STUDY
from factsheet.reports.markdown_words import inert_markdown
from factsheet.sheet.labels import label
from factsheet.sheet.model import SheetFields
from factsheet.sheet.synonyms import DIMENSIONS, PLACES, plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from factsheet.authoring.field_catalogue import FieldEntry
    from factsheet.readers.audience import Audience
    from factsheet.readers.roles import RoleName

SCHEMA = "factsheet.fields/1"
_PREFACE = """\
A field marked * is required where the mapping that it is in is given. A fact may be written as its value alone, with
its provenance, or as the reason why there is no value; `[…]` stands for each row of a list. `factsheet fields PATH`
says more of a field: who asks for it, and who is likely to know. This page is made by
`factsheet fields --format markdown`."""


def fields_at(
    path: str, role: RoleName | None = None, model: type[SheetFields] = SheetFields
) -> tuple[FieldEntry, ...]:
    """Return a field and all below it, or every field; of one role, those that it asks for.

    Args:
        path: the field, `parameters.operating_points.power`; numbers of rows may be given or left out.
        role: whose fields.
        model: of which sheets.

    Raises:
        UsageError: there is no such field; the message says which are alike.
    """
    found = entries_at(path, model)
    if not found:
        raise _unknown(path, model)
    if role is None:
        return found
    return tuple(entry for entry in found if any(asker == role for asker, _, _ in entry.asked_by))


def fields_like(path: str, model: type[SheetFields] = SheetFields) -> tuple[str, ...]:
    """Return the fields, at most four, that somebody may mean who writes this path or this word."""
    from difflib import get_close_matches  # only for a field that does not exist

    name, paths = path.rpartition(".")[2], [entry.path for entry in catalogue(model)]
    same = [known for known in paths if known.rpartition(".")[2] == name]
    word = plain(name)
    called = [known for known in PLACES.get(word, ()) if known in paths]
    sized = [known for known in paths if known.rpartition(".")[2] in DIMENSIONS.get(word, ())]
    names = get_close_matches(name, {known.rpartition(".")[2] for known in paths}, 1, 0.75)
    misspelt = [known for known in paths if known.rpartition(".")[2] in names]
    close = [*same, *called, *sized, *get_close_matches(path, paths, 3, 0.6), *misspelt]
    return tuple(map(_shown, dict.fromkeys(close)))[:4]


def _unknown(path: str, model: type[SheetFields]) -> UsageError:
    alike = fields_like(path, model)
    meant = f"did you mean {' or '.join(f'`{known}`' for known in alike)}? " if alike else ""
    return UsageError(
        f"a sheet has no field `{path[:80]}`",
        "fields are named by their path: the section, then the key",
        f"{meant}`factsheet fields` lists the sections, `factsheet fields SECTION` what is in one",
    )


def sections_text(model: type[SheetFields] = SheetFields) -> str:
    """Return the sections of a sheet, one on a line, with what each answers."""
    top = [entry for entry in catalogue(model) if "." not in entry.path]
    rows = [
        (entry.path, entry.question or entry.meaning, len(entries_at(entry.path, model)) - 1) for entry in top
    ]
    width = max(len(path) for path, _, _ in rows)
    lines = [
        f"{path:<{width}}  {question}{f' ({below} fields)' if below else ''}"
        for path, question, below in rows
    ]
    return "\n".join(
        [*lines, "", "`factsheet fields SECTION` lists the fields of a section, and explains a field."]
    )


def fields_text(entries: Sequence[FieldEntry], audience: Audience = STUDY) -> str:
    """Return one field in full, or several one on a line."""
    if len(entries) == 1:
        return field_text(entries[0], audience)
    head, rows = entries[0], entries[1:]
    width = min(max(len(_shown(entry.path)) for entry in rows), 50)
    lines = [f"{_shown(entry.path):<{width}}  {entry.meaning}{_mark(entry)}" for entry in rows]
    return "\n".join([field_text(head, audience), "", *lines])


def field_text(entry: FieldEntry, audience: Audience = STUDY) -> str:
    """Return a field in full: what it holds, the question, how to write it, who asks and who knows."""
    lines = [f"{_shown(entry.path)}  {entry.title}{_mark(entry)}", entry.meaning]
    lines += [f"  {name:<10}{text}" for name, text in _facts(entry, audience) if text]
    return "\n".join(lines)


def _facts(entry: FieldEntry, audience: Audience) -> list[tuple[str, str]]:
    return [
        ("question", entry.question),
        ("write", entry.form),
        ("limits", entry.limits),
        ("example", entry.example_line),
        (
            "absent",
            "`{not_applicable: why}`, `{not_disclosed: why}`, `{not_evaluated: why}`"
            if entry.is_fact
            else "",
        ),
        ("asked by", "; ".join(f"{audience.people(role)} ({title})" for role, title, _ in entry.asked_by)),
        ("known by", entry.supplied_by),
    ]


def _mark(entry: FieldEntry) -> str:
    return " (required)" if entry.required else ""


def _shown(path: str) -> str:
    return path.replace("[*]", "[…]")


def fields_json(entries: Sequence[FieldEntry], tool_version: str) -> str:
    """Return fields as JSON, in ASCII. Keys are only ever added to version 1."""
    data: dict[str, Any] = {
        "schema": SCHEMA,
        "tool": {"name": "factsheet", "version": tool_version},
        "fields": [
            {
                **entry._asdict(),
                "asked_by": [
                    {"role": role, "need": need, "core": core} for role, need, core in entry.asked_by
                ],
            }
            for entry in entries
        ],
    }
    return json.dumps(data, indent=2) + "\n"


def fields_markdown(entries: Sequence[FieldEntry]) -> str:
    """Return fields as a reference page: a heading for each section, a table of what is in it."""
    parts = ["# Fields of a sheet", _PREFACE]
    for section in dict.fromkeys(entry.path.partition(".")[0].partition("[")[0] for entry in entries):
        below = [entry for entry in entries if entry.path.partition(".")[0].partition("[")[0] == section]
        head = next((entry for entry in below if entry.path == section), None)
        parts.append(f"## {inert_markdown(label(section) if head is None else head.title)}")
        if head is not None:
            said = f"{inert_markdown(head.meaning)} {inert_markdown(head.question)}"
            parts.append(f"`{section}`: {said}".strip())
        rows = [_row(entry) for entry in below if entry.path != section]
        if rows:
            parts.append("\n".join(["| field | holds | written as | example |", "|---|---|---|---|", *rows]))
    return "\n\n".join(parts) + "\n"


def _row(entry: FieldEntry) -> str:
    star = "*" if entry.required else ""
    written = "; ".join(filter(None, (entry.form, entry.limits.partition(", because")[0])))
    example = entry.example_line.partition(": ")[2]
    fence = "``" if "`" in example else "`"
    cells = (
        f"`{_shown(entry.path)}`{star}",
        f"{inert_markdown(entry.meaning)} {inert_markdown(entry.question)}",
        written,
        f"{fence}{example}{fence}",
    )
    return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"
