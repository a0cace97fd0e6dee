"""The data sets that a sheet names: those it was trained on, those it was tested on, and those of its scores."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from factsheet.facts.fact import Fact
from factsheet.quantities.quantity import Quantity

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from factsheet.facts.evaluation import Evaluation
    from factsheet.sheet.datasets import Dataset, DatasetPart
    from factsheet.sheet.model import SheetFields
    from factsheet.source.document import KeyPath

TRAINED, TESTED = "training", "test"
_INHERITED: Final = ("licence", "language", "preprocessing", "known_biases", "tasks", "references")
"""What a section says of all its data sets; its name, size and summary are those of all of them together."""
_WHOLE: Final = (*_INHERITED, "name", "summary", "split", "size", "source")
_PART: Final = (
    *("name", "configuration", "split", "revision", "size", "language", "licence", "address", "source"),
    "note",
)
_SCORED: Final = ("dataset", "configuration", "split", "revision")
_SAME: Final = {"dataset": "name", "references": "citing", "note": "summary"}
"""Fields that are named otherwise in a section, in one of its rows and in an evaluation."""


class SaidAt(NamedTuple):
    """An answer in words, or the words of a list, and where it is in the sheet."""

    words: tuple[str, ...]
    path: KeyPath

    @property
    def text(self) -> str:
        """The words on one line."""
        return ", ".join(self.words)


@dataclass(frozen=True, slots=True)
class DataRow:
    """What a sheet says of one data set in one place.

    Attributes:
        used: `training` or `test`.
        said: answers by name: `name`, `configuration`, `split`, `revision`, `size`, `language`, `licence`, `address`,
            `summary`, `preprocessing`, `known_biases`, `tasks`, and `citing`, ids of references.
    """

    used: str
    said: Mapping[str, SaidAt]


def data_rows(sheet: SheetFields) -> Iterator[DataRow]:
    """Yield every place in which a sheet names a data set."""
    for key, used in (("training_data", TRAINED), ("test_data", TESTED)):
        section: Dataset | None = getattr(sheet, key, None)
        if section is None:
            continue
        if section.datasets:
            shared = _said(section, _INHERITED, (key,))
            for number, row in enumerate(section.datasets):
                yield DataRow(used, {**shared, **_of_part(row, (key, "datasets", number))})
        elif "name" in (whole := _said(section, _WHOLE, (key,))):
            if "source" in whole:
                whole["address"] = whole.pop("source")
            yield DataRow(used, whole)
    yield from _scored(sheet)


def _of_part(row: DatasetPart, path: KeyPath) -> dict[str, SaidAt]:
    said = _said(row, _PART, path)
    if "source" in said:
        said["citing"] = said.pop("source")
    return said


def _scored(sheet: SheetFields) -> Iterator[DataRow]:
    performance = sheet.performance
    for number, table in enumerate((performance.results if performance is not None else None) or ()):
        place: KeyPath = ("performance", "results", number)
        whole = _evaluated(table.evaluation, place)
        for index, task in enumerate(table.tasks):
            row = whole | _evaluated(task.evaluation, (*place, "tasks", index))
            own = [
                row | _evaluated(score.evaluation, (*place, "tasks", index, "scores", system))
                for system, score in task.scores.items()
            ]
            yield from (DataRow(TESTED, said) for said in own or [row] if "name" in said)


def _evaluated(evaluation: Evaluation | None, path: KeyPath) -> dict[str, SaidAt]:
    return {} if evaluation is None else _said(evaluation, _SCORED, (*path, "evaluation"))


def _said(node: object, names: tuple[str, ...], path: KeyPath) -> dict[str, SaidAt]:
    found: dict[str, SaidAt] = {}
    for name in names:
        words = _words(getattr(node, name, None))
        if words:
            found[_SAME.get(name, name)] = SaidAt(words, (*path, name))
    return found


def _words(answer: Any) -> tuple[str, ...]:
    if isinstance(answer, Fact):
        if answer.absence is not None:
            return ()
        value = answer.value
        if isinstance(value, Quantity):
            return (value.text,)
        return tuple(map(str, value)) if isinstance(value, list | tuple) else (answer.words(),)
    if isinstance(answer, tuple | list):
        return tuple(map(str, answer))
    return (str(answer),) if answer else ()
