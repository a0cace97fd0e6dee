"""Collect what a source states: what a field takes becomes a fact, the rest is listed with the reason."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter, ValidationError

from factsheet.authoring.found import Found
from factsheet.authoring.importing.imported import NEW_ROW, Imported, LeftOut, Unclear
from factsheet.authoring.importing.merging import annotation_at
from factsheet.sheet.model import SheetFields
from factsheet.source.characters import make_safe

if TYPE_CHECKING:
    from collections.abc import Iterable

    from factsheet.facts.section import Source
    from factsheet.source.document import KeyPath
    from factsheet.source.dumping import Data

_SHOWN = 2_000
"""Characters of what is listed; a line of a terminal shows the beginning, the report has it."""


class Collected:
    """Facts, questions and what was left out, of one source, while it is read."""

    def __init__(self, name: str, kind: str, left_out: Iterable[LeftOut] = ()) -> None:
        self.name, self.kind = name, kind
        self.facts: list[Found] = []
        self.left_out = list(left_out)
        self._listed = set(self.left_out)
        self.unclear: list[Unclear] = []
        self.hardware: Data = None
        self.template = ""

    def add(
        self,
        path: str,
        value: Data,
        where: str,
        *,
        source: Source | None = "declared",
        note: str = "",
    ) -> None:
        """Take a fact; a value that the field does not take is left out, with the reason."""
        steps = path_of(path)
        found = Found(steps, value, where, source, note)
        fault = fault_of(steps, found.answer())
        if fault is None:
            self.facts.append(found)
        else:
            self.leave(where, value, f"`{path}` does not take it: {fault}")

    def ask(self, path: str, where: str, what: object, readings: Iterable[tuple[str, Data]]) -> None:
        """Ask which of several readings a value has; readings that the field does not take are left out."""
        steps = path_of(path)
        fitting = tuple((words, value) for words, value in readings if fault_of(steps, value) is None)
        if fitting:
            self.unclear.append(Unclear(steps, where, _shown(what), fitting))
        else:
            self.leave(where, what, f"`{path}` takes it in no reading")

    def leave(self, where: str, what: object, why: str) -> None:
        """List something that the source states and no field takes."""
        left = LeftOut(where, _shown(what), why)
        if left not in self._listed:
            self._listed.add(left)
            self.left_out.append(left)

    def imported(self) -> Imported:
        """Return all that was collected."""
        return Imported(
            self.name,
            self.kind,
            tuple(self.facts),
            tuple(self.left_out),
            tuple(self.unclear),
            hardware=self.hardware,
            template=self.template,
        )


def path_of(path: str) -> KeyPath:
    """Return a path as keys; `[]` at its end stands for a new row."""
    keys: list[str | int] = list(path.removesuffix("[]").split("."))
    return (*keys, NEW_ROW) if path.endswith("[]") else tuple(keys)


def fault_of(path: KeyPath, value: Data, model: type[SheetFields] = SheetFields) -> str | None:
    """Return why the field at a path, of a template's model, does not take a value; `None` where it does."""
    annotation = annotation_at(path, model)
    if annotation is None:
        return "there is no such field"
    try:
        _adapter(annotation).validate_python([value] if path[-1] == NEW_ROW else value)
    except ValidationError as error:
        return make_safe(error.errors()[0]["msg"].removeprefix("Value error, "))
    return None


@lru_cache(maxsize=256)
def _adapter(annotation: Any) -> TypeAdapter[Any]:
    return TypeAdapter(annotation)


def _shown(what: object) -> str:
    text = " ".join(make_safe(str(what)).split())
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"
