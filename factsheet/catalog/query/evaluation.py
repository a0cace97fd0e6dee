"""Whether a sheet is what a query asks for: yes, no, or that the sheet does not say.

A comparison with what a sheet does not state is open, and so is its opposite; `and` is open where nothing says no, `or`
where nothing says yes (the three-valued logic of Kleene, Introduction to Metamathematics, 1952, § 64).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from factsheet.catalog.query.terms import (
    All,
    AnyOf,
    FacetField,
    FigureField,
    HasField,
    Not,
    PathField,
    QueryComparison,
    TextField,
    Words,
)
from factsheet.catalog.query.values import Amount, compare_amount, compare_number, compare_text, search_words
from factsheet.facts.fact import Fact
from factsheet.facts.section import Record
from factsheet.hardware.technologies import OTHER_NAMES
from factsheet.quantities.metrics import metrics_in
from factsheet.quantities.quantity import Quantity, grouped
from factsheet.recompute.comparisons.score_means import tables
from factsheet.recompute.comparisons.score_scales import scale_of
from factsheet.source.document import dotted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from factsheet.catalog.building import SheetReading
    from factsheet.catalog.query.terms import (
        EntryText,
        Operator,
        Query,
        QueryField,
        QueryValue,
        ScoreField,
        Step,
    )
    from factsheet.source.document import KeyPath

_YES = frozenset({"yes", "true"})
_NO = frozenset({"no", "false"})


class QueryAnswer(NamedTuple):
    """What a sheet says of a field.

    Attributes:
        text: as it is shown.
        about: what goes with it: where it holds, what it is of, where it comes from.
        value: what is compared.
        percent: whether a plain number beside it is in per cent: 27.3 BLEU and 27.3 % are the same.
        basis: what it counts and includes.
        also: other words for a text, by which it is found as well.
        better: of a score, which direction is better.
    """

    text: str
    about: str
    value: Amount | str | bool | float
    percent: bool = False
    basis: str = ""
    also: tuple[str, ...] = ()
    better: str = ""


@dataclass(slots=True)
class QueryOutcome:
    """What became of a query for one sheet.

    Attributes:
        truth: whether the sheet is what was asked for; `None` where it does not say.
        open: names of the fields that it says nothing of, or not enough.
    """

    truth: bool | None = None
    open: dict[str, None] = field(default_factory=dict)


def evaluate(query: Query, sheet: SheetReading) -> QueryOutcome:
    """Return whether a sheet is what a query asks for; of an invalid one nothing but its name and path is known."""
    outcome = QueryOutcome()
    outcome.truth = _truth(query, sheet, outcome)
    return outcome


def _truth(query: Query, sheet: SheetReading, outcome: QueryOutcome) -> bool | None:
    if isinstance(query, Not):
        inner = _truth(query.term, sheet, outcome)
        return None if inner is None else not inner
    if isinstance(query, All | AnyOf):
        deciding = isinstance(query, AnyOf)
        unknown = False
        for term in query.terms:
            truth = _truth(term, sheet, outcome)
            if truth is deciding:
                return deciding
            unknown = unknown or truth is None
        return None if unknown else not deciding
    if isinstance(query, Words):
        known = f" {sheet.words}"
        found = all(f" {word}" in known for word in search_words(query.text).split())
        return found or _absent(sheet)
    answers = answers_of(query.field, sheet)
    if isinstance(query, HasField):
        return bool(answers) or _absent(sheet)
    truth = compared(answers, query)
    if truth is None:
        outcome.open[query.name] = None
    return truth


def _absent(sheet: SheetReading) -> bool | None:
    """Return that a sheet has not what was looked for; `None` of an invalid one, most of which was not looked at."""
    return None if sheet.sheet is None else False


def compared(answers: Sequence[QueryAnswer], asked: QueryComparison) -> bool | None:
    """Return whether any answer compares as asked; of what is asked to differ, whether all do."""
    every = asked.operator == "!="
    found = [_one(answer, asked.operator, asked.value) for answer in answers]
    if not found:
        return None
    decisive = not every
    if decisive in found:
        return decisive
    return None if None in found else not decisive


def _one(answer: QueryAnswer, operator: Operator, wanted: QueryValue) -> bool | None:
    value = answer.value
    if isinstance(value, bool):
        said = search_words(wanted.text)
        if said not in _YES | _NO:
            return operator == "!="
        return (value is (said in _YES)) is (operator == "=") if operator in ("=", "!=") else None
    if isinstance(value, Amount):
        for quantity in wanted.quantities:
            if answer.percent and not quantity.unit and abs(quantity.value) > 1:
                scaled = (Amount(100 * value.value, value.meant.scaled(100), value.kind), quantity)
                return compare_amount(scaled[0], operator, scaled[1])
            return compare_amount(value, operator, quantity)
        return None
    if isinstance(value, str):
        found = [compare_text(text, operator, wanted.text) for text in (value, *answer.also)]
        return all(found) if operator == "!=" else any(found)
    if wanted.number is None:
        return operator == "!=" if operator in ("=", "!=") else None
    return compare_number(value, operator, wanted.number)


def answers_of(field: QueryField, sheet: SheetReading) -> list[QueryAnswer]:
    """Return what a sheet says of a field; nothing where it does not say."""
    if isinstance(field, TextField):
        text = _text(field.name, sheet)
        return [QueryAnswer(text, "", text)] if text else []
    if sheet.sheet is None:
        return []
    if isinstance(field, FacetField):
        values = sheet.facets.get(field.name, ())
        if field.name == "technology":  # what the sheet calls it counts as well: `PCM`
            stated = sheet.placed.get("hardware.inference.technology")
            own = "" if stated is None else stated.fact.text or ""
            return [
                QueryAnswer(value, "", value, also=(*OTHER_NAMES.get(value, ()), own)) for value in values
            ]
        return [QueryAnswer(value, "", value) for value in values]
    if isinstance(field, FigureField):
        figure = sheet.figures.get(field.kind.name)
        if figure is None:
            return []
        about = (figure.basis, figure.point, figure.words)
        amount = Amount(figure.value, figure.meant, figure.kind)
        words = "; ".join(filter(None, about))
        return [QueryAnswer(figure.text, words, amount, basis=figure.basis, better=figure.better)]
    if isinstance(field, PathField):
        return list(_at_path(field, sheet))
    return list(_scores(field, sheet))


def _text(name: EntryText, sheet: SheetReading) -> str:
    if name == "valid":
        return "no" if sheet.faults else "yes"
    if name == "path":
        return sheet.path
    if name == "recomputed":
        recomputed = sheet.recomputed
        return "" if not recomputed.compared else "differs" if recomputed.differing else "agrees"
    return sheet.identity[name]


def _at_path(field: PathField, sheet: SheetReading) -> Iterator[QueryAnswer]:
    assert sheet.sheet is not None  # noqa: S101  the caller has looked
    for path, value in _below(sheet.sheet, field.steps, ()):
        rows = any(isinstance(step, int) for step in path)
        yield from _values(value, dotted(path) if rows else "", sheet)


def _below(node: object, steps: Sequence[Step], path: KeyPath) -> Iterator[tuple[KeyPath, object]]:
    """Yield what is at a path, of a list without a number every row."""
    if isinstance(node, tuple):
        first = steps[0] if steps else ""
        numbered = isinstance(first, int)
        for index, row in enumerate(node):
            if not numbered or index == first:
                yield from _below(row, steps[1:] if numbered else steps, (*path, index))
    elif not steps:
        if node is not None and not isinstance(node, Record | dict):
            yield path, node
    else:
        inner = _inner(node, steps[0])
        if inner is not None:
            yield from _below(inner, steps[1:], (*path, steps[0]))


def _inner(node: object, key: Step) -> object:
    if isinstance(node, Record):
        return getattr(node, str(key), None) if key in type(node).model_fields else None
    return node.get(key) if isinstance(node, dict) else None


def _values(value: object, place: str, sheet: SheetReading) -> Iterator[QueryAnswer]:
    if isinstance(value, Fact):
        source = sheet.source_of(value)
        about = "; ".join(filter(None, (place, source)))
        answer = value.value
        if isinstance(answer, Quantity):
            yield QueryAnswer(grouped(answer.text), about, Amount(answer.value, answer.meant, answer.kind))
        elif isinstance(answer, tuple):
            yield from (QueryAnswer(item, about, item) for item in answer)
        elif isinstance(answer, bool | str | int):
            yield QueryAnswer(value.words(), about, answer)
    elif isinstance(value, bool | str | int | float):
        yield QueryAnswer(("yes" if value else "no") if isinstance(value, bool) else str(value), place, value)


def _scores(field: ScoreField, sheet: SheetReading) -> Iterator[QueryAnswer]:
    assert sheet.sheet is not None  # noqa: S101  the caller has looked
    for table in tables(sheet.sheet):
        wanted = [system for system in table.systems if system.kind != "digital"]
        for task in table.tasks:
            scale = scale_of(table, task)
            named: Iterable[str] = (one.name for one in metrics_in(scale.metric))
            if field.metric.name not in named:
                continue
            for system in wanted:
                fact = task.scores.get(system.id)
                quantity = None if fact is None else fact.quantity
                if fact is None or quantity is None:
                    continue
                about = "; ".join(filter(None, (task.task, system.name, sheet.source_of(fact))))
                amount = Amount(quantity.value, quantity.meant, quantity.kind)
                yield QueryAnswer(grouped(quantity.text), about, amount, scale.share and field.metric.hundred)
