"""Answers in a file of their own, for whoever has them in a program: sections as in a sheet, or `path: value`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from factsheet.authoring.assignment import as_text, resolve
from factsheet.authoring.found import Found
from factsheet.authoring.importing.imported import NEW_ROW, Imported, ImportKind, LeftOut
from factsheet.authoring.importing.merging import annotation_at, record_in
from factsheet.errors import UsageError
from factsheet.facts.fact import ABSENCES
from factsheet.facts.placeholders import is_placeholder
from factsheet.readers.audience import STUDY
from factsheet.sheet.model import SheetFields
from factsheet.sheet_templates.known_templates import model_of
from factsheet.source.document import dotted
from factsheet.source.loader import read_sheet

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from factsheet.authoring.importing.imported import ImportOptions
    from factsheet.source.document import KeyPath

ANSWERS = "answers"


def read_answers(answers: Mapping[str, object] | str | Path) -> Imported:
    """Return the answers of a file or a mapping. Words that stand for no answer, such as TODO, are left out by name.

    Raises:
        UsageError: it is no mapping, or a path in it is none of a sheet.
        SourceUnreadableError: it cannot be read.
    """
    if isinstance(answers, str | Path):
        return _imported(Path(answers), ANSWERS)
    return _collected(answers, "answers", ANSWERS, lambda _: "answers")


def _imported(path: Path, kind: str) -> Imported:
    loaded = read_sheet(path)
    document = loaded.document
    if document is None or not isinstance(document.data, dict) or loaded.problems:
        problem = loaded.problems[0].message if loaded.problems else "it holds no mapping"
        raise UsageError(
            f"{path} cannot be used: {problem}",
            "facts are read from sections as a sheet has them, or from `path: value`",
            "see that it is YAML or JSON",
            place=str(path),
        )
    return _collected(
        document.data, path.name, kind, lambda steps: f"{path.name}:{document.locate(steps).line}"
    )


def _collected(data: Mapping[str, Any], name: str, kind: str, line: Callable[[KeyPath], str]) -> Imported:
    facts: list[Found] = []
    left: list[LeftOut] = []
    model = model_of(data)
    for key, value in data.items():
        if key in ABOUT_THE_SHEET:
            continue
        steps: KeyPath = (key,) if key in model.model_fields else resolve({}, key)
        for found in _leaves(value, steps, model):
            where = f"{line((key, *found.path[len(steps) :]))} {dotted(found.path)}"
            empty = _placeholder_in(found.value)
            if empty:
                left.append(LeftOut(where, empty, "it stands in the place of an answer and is none"))
            elif found.value is not None:
                facts.append(Found(found.path, as_text(found.path, found.value, model), where))
    return Imported(name, kind, tuple(facts), tuple(left), template=template_of(model))


def template_of(model: type[SheetFields]) -> str:
    """Return the name of a model's template; empty for that of the study."""
    name = model.audience.template
    return "" if name == STUDY.template else name


ABOUT_THE_SHEET: Final = ("factsheet", "template")
"""Which schema and which template: for a new sheet, both are said where it is begun."""


def facts_in(
    data: Mapping[str, Any], where: Callable[[KeyPath], str], model: type[SheetFields] = SheetFields
) -> list[Found]:
    """Return the facts in a sheet's sections, rows of lists whole.

    Args:
        data: sections as a sheet has them.
        where: says where the answer at a path was found.
        model: that of the sheet's template.
    """
    found = [
        one
        for key, value in data.items()
        if key not in ABOUT_THE_SHEET
        for one in _leaves(value, (key,), model)
    ]
    return [
        Found(one.path, as_text(one.path, one.value, model), where(one.path))
        for one in found
        if one.value is not None
    ]


def _placeholder_in(value: Any) -> str:
    """Return what is said where an answer, or the reason why there is none, should be; empty where either is given."""
    if isinstance(value, dict):
        said = [value[key] for key in ("value", *ABSENCES) if key in value]
        return next((_placeholder_in(each) for each in said), "")
    if isinstance(value, list):
        return ", ".join(value) if value and all(map(_placeholder_in, value)) else ""
    return value if isinstance(value, str) and is_placeholder(value) else ""


def _leaves(value: Any, path: KeyPath, model: type[SheetFields]) -> Iterator[Found]:
    """Yield each fact below a path; rows of lists whole, so that each keeps what belongs together."""
    annotation = annotation_at(path, model)
    record = record_in(annotation) if annotation is not None else None
    if isinstance(value, dict) and record is not None and "value" not in value and _is_record(path, model):
        for key, inner in value.items():
            yield from _leaves(inner, (*path, key), model)
    elif isinstance(value, list) and record is not None:
        for row in value:
            yield Found((*path, NEW_ROW), row, "")
    else:
        yield Found(path, value, "")


def _is_record(path: KeyPath, model: type[SheetFields]) -> bool:
    """Return whether a field holds one record, whose own keys are fields."""
    from factsheet.authoring.field_catalogue import entries_at

    found = entries_at(dotted(path), model)
    return bool(found) and not found[0].is_fact


def _recognises(path: Path, head: bytes) -> bool:
    return path.suffix.lower() in {".yaml", ".yml"} and (
        head.startswith(b"factsheet:") or b"\nfactsheet:" in head or b"\r\nfactsheet:" in head
    )


def _read(source: str, options: ImportOptions) -> Imported:  # noqa: ARG001  a sheet needs none
    return _imported(Path(source), "a sheet")


KIND = ImportKind("sheet", "a sheet", _recognises, _read)
