"""Put what several sources state into one sheet: the source named first has the say, and what differs is kept."""

from __future__ import annotations

import re
import typing
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter, ValidationError

from factsheet.authoring.importing.imported import NEW_ROW, LeftOut
from factsheet.authoring.importing.reference_ids import SECTION as REFERENCES
from factsheet.authoring.importing.reference_ids import with_own_references
from factsheet.facts.fact import Fact
from factsheet.facts.section import Record
from factsheet.sheet.model import SheetFields
from factsheet.source.editing import value_at

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from factsheet.authoring.found import Found
    from factsheet.authoring.importing.imported import Imported
    from factsheet.source.document import KeyPath
    from factsheet.source.dumping import Data

_IDENTITIES = ("id", "name", "task", "after")
"""Keys that tell rows of a list apart, the first that a row has."""


@dataclass(frozen=True)
class Taken:
    """A fact of the draft, and the source that it was taken from."""

    path: KeyPath
    found: Found
    name: str


@dataclass(frozen=True)
class Conflict:
    """Two sources that do not agree on a fact; the first one stands."""

    path: KeyPath
    value: Data
    first: Taken
    other: Found
    name: str

    @property
    def words(self) -> str:
        """Both figures, each with its source."""
        first, other = said(self.value), said(self.other.value)
        return f"{self.first.name} says {first}, {self.name} says {other} ({self.other.where})"


@dataclass(frozen=True)
class Draft:
    """What sources say together.

    Attributes:
        data: the sheet's sections, as plain data; it need not be a whole sheet.
        taken: every fact in it, with the source that it is from.
        conflicts: what sources do not agree on.
        imports: the sources, without questions that another source answers.
        repeated: scores that a source repeats of one before it, with the name of the source.
    """

    data: dict[str, Any]
    taken: tuple[Taken, ...]
    conflicts: tuple[Conflict, ...]
    imports: tuple[Imported, ...]
    repeated: tuple[tuple[str, LeftOut], ...] = ()


def merge(imports: Iterable[Imported]) -> Draft:
    """Return what sources say together; of two that differ, the one named first."""
    imports = tuple(imports)
    data: dict[str, Any] = {}
    taken: dict[KeyPath, Taken] = {}
    conflicts: list[Conflict] = []
    repeated: list[tuple[str, LeftOut]] = []
    for source in imports:
        for found in with_own_references(source.facts, data.get(REFERENCES) or ()):
            if found.path[-1] == NEW_ROW:
                first = _repeated_in(data, taken, source.name, found)
                if first:
                    why = f"{first} has the same scores; one table is enough"
                    repeated.append((source.name, LeftOut(found.where, said(_name_of(found.value)), why)))
                else:
                    _add_row(data, taken, source.name, found)
                continue
            there = value_at(data, found.path)
            known = _stating(taken, found.path)
            if there is None and put(data, found.path, found.answer()):
                taken[found.path] = Taken(found.path, found, source.name)
            elif known is not None and known.path == found.path and _says_more(found.value, there):
                put(data, found.path, found.answer())
                taken[found.path] = Taken(found.path, found, source.name)
            elif (
                known is not None
                and not _says_more(there, found.value)
                and not agree(found.path, there, found.value)
            ):
                conflicts.append(Conflict(found.path, there, known, found, source.name))
    _put_otherwise(data, taken, imports)
    settled = tuple(_without_settled(source, taken.values()) for source in imports)
    return Draft(data, tuple(taken.values()), tuple(conflicts), settled, tuple(repeated))


def _put_otherwise(data: dict[str, Any], taken: dict[KeyPath, Taken], imports: Iterable[Imported]) -> None:
    """Answer what no source answered by what one of them gives for that case."""
    for source in imports:
        for found in source.otherwise:
            if value_at(data, found.path) is None and put(data, found.path, found.answer()):
                taken[found.path] = Taken(found.path, found, source.name)


def _without_settled(source: Imported, taken: Iterable[Taken]) -> Imported:
    """Return a source without the questions that another source answers."""
    answered = [one.path for one in taken if one.name != source.name]
    unclear = tuple(
        one for one in source.unclear if all(path[: len(one.path)] != one.path for path in answered)
    )
    return source if len(unclear) == len(source.unclear) else replace(source, unclear=unclear)


_VERSION = re.compile(r"\s+v?\d[\w.+-]*")


def _says_more(value: Data, there: Data) -> bool:
    """Return whether a text is another one with the version behind it: `transformers 4.57.1` and `transformers`."""
    one, other = _folded(value), _folded(there)
    if not isinstance(one, str) or not isinstance(other, str) or not one.startswith(other):
        return False
    return _VERSION.fullmatch(one.removeprefix(other)) is not None


def _name_of(value: Data) -> Data:
    return value.get("name") if isinstance(value, dict) else value


def _repeated_in(data: dict[str, Any], taken: Mapping[KeyPath, Taken], name: str, found: Found) -> str | None:
    """Return the source before this one whose tables have all scores of a table; `None` where none has.

    A task by another name is the same one where nothing that either row states of its evaluation differs, as the
    Trainer's file and the card that it writes name one evaluation; the scores have to agree to three digits.
    """
    if found.path[:-1] != _RESULTS or not isinstance(found.value, dict):
        return None
    rows = value_at(data, _RESULTS)
    for index, table in enumerate(rows if isinstance(rows, list) else ()):
        stating = taken.get((*_RESULTS, index))
        if stating is not None and stating.name != name and _repeats(found.value, table):
            return stating.name
    return None


_RESULTS: KeyPath = ("performance", "results")
_SURE = 3
"""Digits from which on equal scores of one metric are one score, and no chance."""


def _repeats(table: dict[str, Any], other: Data) -> bool:
    if not isinstance(other, dict) or _folded(table.get("metric", "")) != _folded(other.get("metric", "")):
        return False
    return all(
        any(_same_score(task, there) for there in other.get("tasks", ())) for task in table.get("tasks", ())
    )


def _same_score(task: dict[str, Any], other: dict[str, Any]) -> bool:
    one, two = task.get("evaluation", {}), other.get("evaluation", {})
    for key in set(one) & set(two):
        if one[key] != two[key] and not (key == "split" and {one[key], two[key]} <= _EVALUATED):
            return False
    scores = (list(task["scores"].values()), list(other["scores"].values()))
    if any(len(each) != 1 for each in scores):
        return scores[0] == scores[1] and task["task"] == other["task"]
    (first,), (second,) = scores
    digits = min(sum(map(str.isdigit, str(each).lstrip("-0."))) for each in (first, second))
    path: KeyPath = ("hwa_training", "accuracy")  # a field of the same kind as a score of a row
    return digits >= _SURE and agree(path, first, second)


_EVALUATED = frozenset({"evaluation", "eval", "validation", "dev", "valid", "val"})
"""Names of the split that training is followed on; the Trainer says `evaluation`, whatever the data set calls it."""


def said(value: Data) -> str:
    """Return a value in words for a report, cut where it is long."""
    if isinstance(value, dict) and "value" in value:
        value = value["value"]
    text = ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
    text = " ".join(text.split())
    return text if len(text) <= 80 else f"{text[:79]}…"  # noqa: PLR2004  a line of a terminal


def agree(path: KeyPath, one: Data, other: Data) -> bool:
    """Return whether two answers at a path say the same: quantities where their digits leave room for one value."""
    if one == other:
        return True
    first, second = _fact_at(path, one), _fact_at(path, other)
    if first is None or second is None:
        return _folded(one) == _folded(other)
    if first.quantity is not None and second.quantity is not None:
        same = first.quantity.dimension == second.quantity.dimension
        return same and first.quantity.meant.overlaps(second.quantity.meant)
    return first.value is not None and _folded(first.value) == _folded(second.value)


def _folded(value: object) -> object:
    """Return a value without what makes no difference: case, spaces, `English` and `[English]`."""
    if isinstance(value, dict):
        return _folded(value["value"]) if "value" in value else value
    if isinstance(value, list | tuple):
        return _folded(value[0]) if len(value) == 1 else tuple(map(_folded, value))
    return " ".join(str(value).casefold().split())


def _fact_at(path: KeyPath, value: Data) -> Fact | None:
    annotation = annotation_at(path)
    if annotation is None:
        return None
    try:
        found = _adapter(annotation).validate_python(value)
    except ValidationError:
        return None
    return found if isinstance(found, Fact) else None


@lru_cache(maxsize=256)
def _adapter(annotation: Any) -> TypeAdapter[Any]:
    return TypeAdapter(annotation)


def annotation_at(path: KeyPath, model: type[SheetFields] = SheetFields) -> Any:
    """Return the annotation of the field at a path, with its kind; `None` where the model has no such field."""
    record: type[Record] | None = model
    found: Any = None
    for step in path:
        if isinstance(step, int):
            continue
        field = record.model_fields.get(step) if record is not None else None
        if field is None:
            return None
        kinds = tuple(field.metadata)
        found = typing.Annotated[(field.annotation, *kinds)] if kinds else field.annotation
        record = record_in(field.annotation)
    return found


def record_in(annotation: object) -> type[Record] | None:
    """Return the record that a field holds, or a list of; `None` where it holds none."""
    if isinstance(annotation, type) and issubclass(annotation, Record):
        return annotation
    return next(filter(None, map(record_in, typing.get_args(annotation))), None)


def _stating(taken: dict[KeyPath, Taken], path: KeyPath) -> Taken | None:
    """Return the fact that states what is at a path, or above or below it."""
    return next(
        (one for known, one in taken.items() if known[: len(path)] == path[: len(known)]),
        None,
    )


def _has_place(data: Any, path: KeyPath) -> bool:
    """Return whether all above a path is a mapping or a list, so that something can be put there."""
    for step in path[:-1]:
        if isinstance(data, dict):
            data = data.get(str(step), {})
        elif isinstance(data, list) and isinstance(step, int):
            data = data[step] if step < len(data) else {}
        else:
            return False
    return isinstance(data, dict | list) and not (isinstance(data, dict) and "value" in data)


def put(data: dict[str, Any], path: KeyPath, value: Data) -> bool:
    """Put a value at a path with the mappings above it, and return whether there is a place for it."""
    if not _has_place(data, path):
        return False
    node: Any = data
    for step, following in pairwise(path):
        empty: Any = [] if isinstance(following, int) else {}
        if isinstance(node, list):
            if not isinstance(step, int) or step >= len(node):
                node.append(empty)
                node = node[-1]
            else:
                node = node[step]
        else:
            node = node.setdefault(step, empty)
    if isinstance(node, list):
        node.append(value)
    else:
        node[path[-1]] = value
    return True


def _add_row(data: dict[str, Any], taken: dict[KeyPath, Taken], name: str, found: Found) -> None:
    """Add a row, unless there is one that says the same or has its name."""
    above = found.path[:-1]
    if above in taken:
        return
    rows: Any = data
    for step in above:
        rows = rows.get(step, {}) if isinstance(rows, dict) else {}
    rows = rows if isinstance(rows, list) else []
    row = found.answer()
    for index, other in enumerate(rows):
        # Rows of one source are apart, however alike they are: two layers can be the same.
        stating = taken.get((*above, index))
        elsewhere = stating is None or stating.name != name
        if elsewhere and (row == other or same_row(row, other)):
            return
    path = (*above, len(rows))
    put(data, path, row)
    taken[path] = Taken(path, found, name)


def same_row(one: Data, other: Data) -> bool:
    """Return whether two rows of a list are about one thing, by what tells its rows apart."""
    if not isinstance(one, dict) or not isinstance(other, dict):
        return False
    key = next((key for key in _IDENTITIES if key in one), None)
    if key is None or one[key] != other.get(key):
        return False
    apart = [
        name for name in ("configuration", "split", "revision", "metric") if one.get(name) != other.get(name)
    ]
    return not apart
