"""The scores of the model that a sheet is about, each with how it was taken, for formats that hold results."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Final, TypeVar

from factsheet.authoring.importing.cards.own_block import slug
from factsheet.authoring.importing.tables.raw_score import RawScore
from factsheet.authoring.importing.tables.scores import readings_of
from factsheet.facts.evaluation import Evaluation, merged
from factsheet.quantities.quantity import parse_quantity
from factsheet.sheet import walk
from factsheet.source.scalars import WrittenFloat, WrittenInt
from factsheet.systems import DEVICES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from factsheet.facts.fact import Fact
    from factsheet.quantities.quantity import Quantity
    from factsheet.sheet.model import SheetFields
    from factsheet.sheet.performance import ResultTable, System, Task
    from factsheet.sheet.references import Reference
    from factsheet.sheet.walk import Placed
    from factsheet.source.document import KeyPath

Key = TypeVar("Key")
_NUMBER: Final = re.compile(r"(-?\d[\d,]*(?:\.\d+)?)\s*(%?)")
_HUB_ID: Final = re.compile(r"[A-Za-z0-9][\w.-]{0,95}(?:/[A-Za-z0-9][\w.-]{0,95})?")
OTHER_SYSTEM: Final = "it is the score of a system that the model is compared with"


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelScore:
    """A score of the model.

    Attributes:
        path: where it is in the sheet.
        table: the table that has it.
        task: the row that has it.
        system: whose it is.
        several: whether the model has more than one system in this table.
        fact: the score, which has a value.
        placed: with its provenance, inherited or its own.
        evaluation: how it was taken, all levels together.
    """

    path: KeyPath
    table: ResultTable
    task: Task
    system: System
    several: bool
    fact: Fact
    placed: Placed
    evaluation: Evaluation

    @property
    def quantity(self) -> Quantity:
        """The score."""
        found = self.fact.quantity
        assert found is not None  # noqa: S101  only such scores are made
        return found

    @property
    def metric(self) -> str | None:
        """The metric, of the row or of the table."""
        return self.task.metric or self.table.metric

    @property
    def row(self) -> KeyPath:
        """Where its row is."""
        return self.path[:-2]


def model_systems(table: ResultTable) -> list[System]:
    """Return the systems of a table that are the model: the analog ones, else those of which nothing is said.

    A digital one may be the model or what it is compared with: it is never taken for the model.
    """
    analog = [system for system in table.systems if system.kind == "analog"]
    return analog or [system for system in table.systems if system.kind is None]


def model_scores(sheet: SheetFields) -> Iterator[ModelScore]:
    """Yield the scores of the model, and of no system that it is compared with."""
    placed = {one.path: one for one in walk.facts(sheet)}
    performance = sheet.performance
    for number, table in enumerate((performance.results if performance is not None else None) or ()):
        analog = model_systems(table)
        for index, task in enumerate(table.tasks):
            for system in analog:
                fact = task.scores.get(system.id)
                path: KeyPath = ("performance", "results", number, "tasks", index, "scores", system.id)
                if fact is None or fact.quantity is None:
                    continue
                yield ModelScore(
                    path=path,
                    table=table,
                    task=task,
                    system=system,
                    several=len(analog) > 1,
                    fact=fact,
                    placed=placed[path],
                    evaluation=merged(fact.evaluation, task.evaluation, table.evaluation) or Evaluation(),
                )


def number_of(score: ModelScore) -> WrittenFloat | WrittenInt | str:
    """Return a score as a number that can mean it alone, else as it is written.

    A share becomes a fraction where libraries return its metric as one, a number of percent where that is sure.
    """
    quantity = score.quantity
    found = _NUMBER.fullmatch(quantity.text)
    if found is None or quantity.approximate:
        return quantity.text
    number = Decimal(found[1].replace(",", ""))
    tried = (number.scaleb(-2), number) if found[2] else (number,)
    for each in tried:
        raw = RawScore(score.task.task, score.metric or "score", float(each), f"{each:f}", "")
        readings = readings_of(raw)
        if len(readings) == 1 and _means(readings[0][1], quantity):
            return plain_number(each)
    return quantity.text


def _means(reading: object, quantity: Quantity) -> bool:
    if not isinstance(reading, str | int | float):
        return False
    meant = parse_quantity(reading, quantity.dimension)
    return abs(meant.value - quantity.value) <= 1e-9 * max(abs(quantity.value), 1e-9)


def plain_number(number: Decimal) -> WrittenFloat | WrittenInt:
    """Return a number that keeps its digits when it is written."""
    text = f"{number:f}"
    return WrittenFloat(text) if "." in text else WrittenInt(text)


def data_set_of(score: ModelScore) -> str:
    """Return the data set of a score as a catalogue lists it, or a name made of what the row is called."""
    stated = score.evaluation.dataset
    return stated or slug(score.task.task) or "data"


def is_hub_id(name: str) -> bool:
    """Return whether a name could be that of a repository on the Hub."""
    return _HUB_ID.fullmatch(name) is not None and ".." not in name and "--" not in name


def distinct_names(named: Mapping[Key, str]) -> Iterator[tuple[Key, str]]:
    """Yield names of files, fit for any system and each another, for things by what they are called."""
    taken: set[str] = set()
    for key, words in named.items():
        base = slug(words) or "data"
        base = name = f"{base}-data" if base in DEVICES else base
        number = 2
        while name in taken:
            name, number = f"{base}-{number}", number + 1
        taken.add(name)
        yield key, name


def link_of(reference: Reference) -> str | None:
    """Return the address of a reference."""
    if reference.url:
        return str(reference.url)
    if reference.doi:
        return f"https://doi.org/{reference.doi}"
    return f"https://arxiv.org/abs/{reference.arxiv}" if reference.arxiv else None


def source_of(sheet: SheetFields, placed: Placed) -> Reference | None:
    """Return the reference that a score is cited from, where it is cited and the reference has an address."""
    if placed.source != "cited":
        return None
    by_id = {reference.id: reference for reference in sheet.references or ()}
    cited = (by_id[one] for one in placed.evidence if one in by_id)
    return next((reference for reference in cited if link_of(reference)), None)
