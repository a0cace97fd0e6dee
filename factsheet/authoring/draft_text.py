"""Write a draft as YAML that an author goes on with: sections in the template's order, a comment for each question."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any

from factsheet.authoring.field_catalogue import entries_at
from factsheet.authoring.importing.merging import record_in, said
from factsheet.facts.placeholders import is_placeholder
from factsheet.readers.audience import STUDY
from factsheet.sheet.answers import as_written
from factsheet.sheet_templates.known_templates import model_of
from factsheet.source.characters import make_safe
from factsheet.source.dumping import dump_block, dump_yaml
from factsheet.source.editing import Edit, apply_edits, value_at
from factsheet.source.loader import load_bytes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from factsheet.authoring.importing.merging import Draft
    from factsheet.authoring.todo import OwedFact
    from factsheet.facts.section import Record
    from factsheet.sheet.model import SheetFields
    from factsheet.source.document import Document, KeyPath

SCHEMA_FILE = "factsheet-1.schema.json"
_WIDTH = 110
_FEWEST = 40
"""Columns that a comment has however deep its key is."""
_LEGEND = (
    "Keys without a value are questions. Answer each, or say why there is no answer: `{{not_disclosed: why}}`,"
    " `{{not_applicable: why}}` or `{{not_evaluated: why}}`. `factsheet todo` lists them, `factsheet validate` checks;"
    " `factsheet schema{template} -o {schema}` gives editors what they complete by."
)


def draft_text(
    data: dict[str, Any], draft: Draft, questions: Sequence[OwedFact], *, schema: str | None = None
) -> str:
    """Return a draft as YAML.

    Args:
        data: what is known, as plain data; it is left as it is.
        draft: what the facts are from, with what sources do not agree on.
        questions: what is not known: each becomes a key without a value.
        schema: where editors find the schema; by default, the file of its template beside the sheet.
    """
    comments: dict[KeyPath, list[str]] = {}
    data = as_written(data)
    model = model_of(data)
    is_usual = model.audience.template == STUDY.template
    schema = schema or (SCHEMA_FILE if is_usual else f"{model.audience.template}-1.schema.json")
    by = "" if is_usual else f" --template {model.audience.template}"
    for question in questions:
        path = _place(data, question.path.partition(" or ")[0], model)
        stated = None if path is None else value_at(data, path)
        if path is None or (stated is not None and not (isinstance(stated, str) and is_placeholder(stated))):
            continue
        holder: Any = data
        for step in path[:-1]:
            holder = holder.setdefault(step, {}) if isinstance(holder, dict) else holder[step]
        holder[path[-1]] = stated
        comments.setdefault(path, []).append(
            f"{question.owed_by[:1].upper()}{question.owed_by[1:]}: {question.question}"
            f" Example: {question.example.partition(': ')[2]}"
        )
    for source in draft.imports:
        for path, comment in source.comments:
            comments.setdefault(path, []).append(comment)
        for unclear in source.unclear:
            readings = " or ".join(_reading(words, value) for words, value in unclear.readings)
            comments.setdefault(_known(data, unclear.path), []).append(
                f"{source.name}: {unclear.what} ({unclear.where}) could be {readings}"
            )
    for conflict in draft.conflicts:
        comments.setdefault(_known(data, conflict.path), []).append(conflict.words)
    text = _dumped(_ordered(data, model))
    document = load_bytes(text.encode(), "draft").document
    if document is not None:
        text = apply_edits(text, [*_empty_values(document), *_comments(document, comments)])
    names = ", ".join(make_safe(source.name) for source in draft.imports)
    legend = _LEGEND.format(template=by, schema=schema)
    begun = f"Begun by `factsheet new`{f' from {names}' if names else ''}. {legend}"
    head = [f"# yaml-language-server: $schema={schema}", "#", *_wrapped(begun, 0)]
    return "\n".join(head) + "\n" + text


def _reading(words: str, value: Any) -> str:
    """Return one reading of a value; of a whole table, the words alone say what it would be."""
    return words if isinstance(value, dict) and "value" not in value else f"{said(value)} ({words})"


def _place(data: dict[str, Any], path: str, model: type[SheetFields]) -> KeyPath | None:
    """Return where an empty key stands for a question: the first row of a list, or the record that it belongs to."""
    steps: list[str | int] = []
    for part in path.split("."):
        name, bracket, _ = part.partition("[")
        steps.append(name)
        if bracket:
            rows = value_at(data, tuple(steps))
            if not isinstance(rows, list) or not rows:
                return tuple(steps)
            steps.append(0)
    while len(steps) > 1 and _is_required(steps, model) and value_at(data, tuple(steps[:-1])) is None:
        steps.pop()
    holder: Any = data
    for step in steps[:-1]:
        holder = holder.get(step, {}) if isinstance(holder, dict) else holder[step]
        if not isinstance(holder, dict | list) or (isinstance(holder, dict) and "value" in holder):
            return None
    return tuple(steps)


def _is_required(steps: Sequence[str | int], model: type[SheetFields]) -> bool:
    path = ".".join(str(step) for step in steps if isinstance(step, str))
    found = entries_at(path, model)
    return bool(found) and found[0].required


def _known(data: dict[str, Any], path: KeyPath) -> KeyPath:
    """Return the part of a path that the draft has."""
    while len(path) > 1 and not _has(data, path):
        path = path[:-1]
    return path


def _has(data: Any, path: KeyPath) -> bool:
    holder = value_at(data, path[:-1])
    last = path[-1]
    if isinstance(holder, dict):
        return last in holder
    return isinstance(holder, list) and isinstance(last, int) and 0 <= last < len(holder)


def _ordered(value: Any, record: type[Record] | None, above: KeyPath = ()) -> Any:
    """Return data with keys in the order of the schema; what is no field of it stays where it is."""
    if not isinstance(value, dict):
        return value  # rows keep the order in which a source has them
    fields = list(record.model_fields) if record is not None else []
    behind = ("provenance", "notes", "note") if above else ()
    places = {name: place for place, name in enumerate(fields)}
    keys = sorted(
        value,
        key=lambda key: len(fields) + behind.index(key) if key in behind else places.get(key, len(fields)),
    )
    return {
        key: _ordered(
            value[key],
            record_in(record.model_fields[key].annotation) if record is not None and key in places else None,
            (*above, key),
        )
        for key in keys
    }


def _dumped(data: dict[str, Any]) -> str:
    """Return sections as YAML, each question on a line of its own."""
    text = dump_yaml(data)
    document = load_bytes(text.encode(), "draft").document
    edits: list[Edit] = []

    def walk(value: Any, path: KeyPath) -> None:
        if not isinstance(value, dict | list):
            return
        span, key_span = document.value_span(path), document.key_span(path)  # type: ignore[union-attr]
        held = isinstance(value, dict) and None in value.values()
        if held and span is not None and key_span is not None and text[span.start] == "{":
            indent = key_span.start - text.rfind("\n", 0, key_span.start) - 1
            block = dump_block(value, indent=indent + 2).rstrip("\n")
            edits.append(Edit(key_span.end + 1, span.end, f"\n{block}"))
            return
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            walk(inner, (*path, key))

    if document is not None:
        walk(document.data, ())
    return apply_edits(text, edits)


def _empty_values(document: Document) -> list[Edit]:
    found: list[Edit] = []

    def walk(value: Any, path: KeyPath) -> None:
        if isinstance(value, dict | list):
            for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
                walk(inner, (*path, key))
        elif value is None:
            span, key_span = document.value_span(path), document.key_span(path)
            if span is not None and key_span is not None and not _in_flow(document, key_span.start):
                found.append(Edit(key_span.end + 1, span.end, ""))

    walk(document.data, ())
    return found


def _in_flow(document: Document, start: int) -> bool:
    """Return whether a key stands between braces, where it cannot do without a value."""
    before = document.text[document.text.rfind("\n", 0, start) + 1 : start]
    return bool(before.strip(" -"))


def _comments(document: Document, comments: dict[KeyPath, list[str]]) -> list[Edit]:
    edits: dict[int, list[str]] = {}
    for path, lines in comments.items():
        span = document.locate(path, prefer_key=True)
        start = document.text.rfind("\n", 0, span.start) + 1
        rest = document.text[start:]
        indent = len(rest) - len(rest.lstrip(" "))
        edits.setdefault(start, []).extend(
            " " * indent + wrapped for line in lines for wrapped in _wrapped(line, indent)
        )
    return [Edit(start, start, "".join(f"{line}\n" for line in lines)) for start, lines in edits.items()]


def _wrapped(text: str, indent: int) -> list[str]:
    safe = make_safe(" ".join(text.split()))
    return [
        f"# {line}" for line in textwrap.wrap(safe, max(_WIDTH - indent, _FEWEST), break_long_words=False)
    ]
