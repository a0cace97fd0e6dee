"""A sheet as single answers, each by a place that stays when rows change their order: `tasks[task=MNLI].scores.analog`.

Rows of a list are told apart by what names them, never by their number.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypeAlias

from factsheet.facts.fact import Fact
from factsheet.facts.section import Provenance, Record
from factsheet.quantities.directions import higher_is_better
from factsheet.quantities.quantity import format_value
from factsheet.recompute.comparisons.score_scales import drift_scale, scale_of, table_scale, training_scale
from factsheet.sheet import walk

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from factsheet.facts.section import Source
    from factsheet.recompute.comparisons.score_scales import ScoreScale
    from factsheet.sheet.model import SheetFields
    from factsheet.sheet.performance import ResultTable
    from factsheet.source.document import KeyPath

Answer: TypeAlias = "Fact | str | int | float | bool | tuple[str, ...]"
_NAMING = (
    "seq_len",
    "batch",
    "id",
    "task",
    "name",
    "title",
    "at",
    "strength",
    "after",
    "series",
    "by",
    "role",
    "section",
)
"""Keys that name a row, in the order in which they are tried; some rows take several."""
_TOGETHER = {
    "strength": ("after", "series"),
    "after": ("series",),
    "seq_len": ("batch",),
    "by": ("role", "section"),
}
"""Keys that name a row together with the one that was found."""
_APART = ("name", "metric", "configuration", "split", "published", "date")
"""Keys that tell rows of one name apart."""
_QUALIFYING = frozenset({"source", "evidence"})
_DIGITS = 6
_DAY = 86_400
_SPANS = (("year", 365.25 * _DAY), ("week", 7 * _DAY), ("day", _DAY), ("h", 3600), ("min", 60), ("s", 1))
_MOST_SPANS = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaf:
    """One answer of a sheet.

    Attributes:
        place: where, with rows by their names.
        path: where in its own sheet.
        value: the answer.
        source: how it came about, itself or by what is around it; `None` for what has no provenance.
        evidence: ids of the references behind it, likewise.
        scale: of a score, how it is judged and written.
        higher: whether more is better; `None` where nobody says, and of a system that is compared with.
        holders: the places of the rows and sections that it is in, the outermost first.
        qualifies: whether it says where other answers come from, and is none itself.
    """

    place: str
    path: KeyPath
    value: Answer
    source: Source | None = None
    evidence: tuple[str, ...] = ()
    scale: ScoreScale | None = None
    higher: bool | None = None
    holders: tuple[str, ...] = ()
    qualifies: bool = False


class SheetLeaves:
    """The answers of a sheet by their places, and the records that they are in."""

    def __init__(self, sheet: SheetFields, like: SheetLeaves | None = None) -> None:
        """Take a sheet.

        Args:
            sheet: the sheet.
            like: another version, by whose numbers rows are called that nothing but a number tells apart.
        """
        self.sheet = sheet
        self._like = {} if like is None else like.records
        self.leaves: dict[str, Leaf] = {}
        self.records: dict[str, Record] = {}
        """Sections, rows and other mappings by their places; the sheet itself at the empty one."""
        self._placed = {placed.path: placed for placed in walk.facts(sheet)}
        self._record(sheet, (), "", ())

    def _record(self, record: Record, path: KeyPath, place: str, holders: tuple[str, ...]) -> None:
        self.records[place] = record
        naming = frozenset(_naming(record)) if place.endswith("]") else frozenset[str]()
        for key, value in vars(record).items():
            if value is not None and key not in naming:
                self._below(value, (*path, key), f"{place}.{key}" if place else key, holders)
                if key in _QUALIFYING and isinstance(record, Provenance):
                    last = next(reversed(self.leaves))
                    self.leaves[last] = replace(self.leaves[last], qualifies=True)

    def _below(self, value: Any, path: KeyPath, place: str, holders: tuple[str, ...]) -> None:
        if isinstance(value, Record):
            self._record(value, path, place, (*holders, place))
        elif isinstance(value, dict):
            for key, entry in value.items():
                self._below(entry, (*path, key), f"{place}.{key}", holders)
        elif isinstance(value, tuple) and value and isinstance(value[0], Record):
            names = _numbered_alike(tuple(row_names(value)), value, place, self._like)
            for index, (name, row) in enumerate(zip(names, value, strict=True)):
                whole = f"{place}[{name}]"
                self._record(row, (*path, index), whole, (*holders, whole))
        elif isinstance(value, Fact | str | int | float | bool | tuple):
            self.leaves[place] = self._leaf(value, path, place, holders)

    def _leaf(self, value: Answer, path: KeyPath, place: str, holders: tuple[str, ...]) -> Leaf:
        placed = self._placed.get(path)
        scale = self._scale(value, path) if isinstance(value, Fact) else None
        return Leaf(
            place=place,
            path=path,
            value=value,
            source=None if placed is None else placed.source,
            evidence=() if placed is None else placed.evidence,
            scale=scale,
            higher=self._higher(path, scale),
            holders=holders,
        )

    def _scale(self, fact: Fact, path: KeyPath) -> ScoreScale | None:
        quantity = fact.quantity
        if quantity is None:
            return None
        table = self._table(path)
        if table is not None:
            match path[3:]:
                case ("tasks", int(row), "scores", _):
                    return scale_of(table, table.tasks[row])
                case ("averages", _) | ("gap",):
                    return table_scale(table)
            return None
        if path[:2] in {("robustness", "over_time"), ("robustness", "over_noise")} and path[-1] == "score":
            return drift_scale(self.sheet)
        if path in {("hwa_training", "accuracy"), ("hwa_training", "baseline_accuracy")}:
            return training_scale(self.sheet, quantity)
        return None

    def _table(self, path: KeyPath) -> ResultTable | None:
        match path:
            case ("performance", "results", int(number), _, *_):
                performance = self.sheet.performance
                return None if performance is None else (performance.results or ())[number]
        return None

    def _higher(self, path: KeyPath, scale: ScoreScale | None) -> bool | None:
        """Return whether more is better of an answer; of a system that is only compared with, nothing is."""
        if scale is None:
            return higher_is_better(str(path[-1]))
        table = self._table(path)
        if table is not None and path[3] != "gap":
            analog = {system.id for system in table.systems if system.kind == "analog"}
            if analog and path[-1] not in analog:
                return None
        return None if path[-1] == "baseline_accuracy" else scale.higher_is_better


def row_names(rows: Sequence[Record]) -> Iterator[str]:
    """Yield what each row of a list is called, `task=MNLI`; rows that nothing tells apart get numbers behind it."""
    plain = [_name(row, _naming(row)) for row in rows]
    often = Counter(plain)
    fuller = [
        name
        if often[name] == 1
        else _name(row, (*_naming(row), *(key for key in _APART if hasattr(row, key))))
        for name, row in zip(plain, rows, strict=True)
    ]
    seen: Counter[str] = Counter()
    for index, name in enumerate(fuller):
        called = name or str(index)
        seen[called] += 1
        yield called if seen[called] == 1 else f"{called} #{seen[called]}"


def _numbered_alike(
    names: tuple[str, ...], rows: Sequence[Record], place: str, known: Mapping[str, Record]
) -> tuple[str, ...]:
    """Return the names of rows, with the numbers that equal rows have in another version whatever their order is."""
    number = re.compile(r" #\d+$")
    plain = [number.sub("", name) for name in names]
    several = {name for name, often in Counter(plain).items() if often > 1}
    if not several or not known:
        return names
    numbers: dict[str, dict[str, Record | None]] = {name: {} for name in several}
    for name in names:
        numbers.get(number.sub("", name), {})[name] = None
    for whole, record in known.items():
        name = whole.removeprefix(f"{place}[").removesuffix("]")
        if whole == f"{place}[{name}]" and number.sub("", name) in several:
            numbers[number.sub("", name)][name] = record
    found: list[str] = list(names)
    rest: list[int] = []
    for index, (name, row) in enumerate(zip(plain, rows, strict=True)):
        if name not in several:
            continue
        free = numbers[name]
        same = next((called for called, other in free.items() if other == row), None)
        if same is None:
            rest.append(index)
        else:
            found[index] = same
            del free[same]
    for index in rest:
        free = numbers[plain[index]]
        found[index] = names[index] if names[index] in free else next(iter(free))
        del free[found[index]]
    return tuple(found)


def _naming(row: Record) -> tuple[str, ...]:
    fields = vars(row)
    for key in _NAMING:
        if fields.get(key) is not None:
            return (key, *(other for other in _TOGETHER.get(key, ()) if fields.get(other) is not None))
    return ()


def _name(row: Record, keys: Sequence[str]) -> str:
    words = ((key, getattr(row, key, None)) for key in keys)
    return ", ".join(f"{key}={_words(value)}" for key, value in words if value is not None)


def _words(value: object) -> str:
    """Return a name in words that do not depend on how it is written: `1 h` and `60 min` are one time."""
    if isinstance(value, Fact):
        quantity = value.quantity
        if quantity is None:
            return value.words()
        whole = quantity.dimension == "time" and _whole_time(quantity.value)
        return whole or format_value(quantity.value, quantity.dimension, _DIGITS)
    return " ".join(str(value).replace("[", "(").replace("]", ")").split())


def _whole_time(seconds: float) -> str:
    """Return a time as a whole number of the largest unit that it is one of; empty where there is none."""
    for name, span in _SPANS:
        count = seconds / span
        if 1 <= count < _MOST_SPANS and count == int(count):
            return f"{int(count)} {name}{'s' if count > 1 and len(name) > len('min') else ''}"
    return ""
