"""Find the sheets that a query asks for, and say of how many it cannot be told."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import quote

from factsheet.catalog.figures import KIND_OF, KINDS, about
from factsheet.catalog.query.evaluation import answers_of, compared, evaluate
from factsheet.catalog.query.names import field_named
from factsheet.catalog.query.terms import (
    FigureField,
    PathField,
    ScoreField,
    TextField,
    comparisons_in,
    fields_in,
)
from factsheet.catalog.query.values import USUAL_UNITS, Amount
from factsheet.errors import UsageError
from factsheet.reports.text import encodable, one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from factsheet.catalog.building import SheetReading
    from factsheet.catalog.entry import CatalogEntry, Facet, ListedFigure
    from factsheet.catalog.query.evaluation import QueryAnswer
    from factsheet.catalog.query.terms import Query

SCHEMA = "factsheet.find/1"
SHOWN = 3
"""Answers to one field that are shown of a sheet."""
_APART = "what cannot be compared stays apart, and what does not say is last"
SORTED_BY_TEXT = ("name", "model", "date", "path", "organisation")


class FoundSheet(NamedTuple):
    """A sheet that is what was asked for, with what it says of each field of the query."""

    path: str
    name: str
    answers: tuple[tuple[str, tuple[QueryAnswer, ...]], ...]
    order: QueryAnswer | None = None
    """What sheets are sorted by, if it says so."""
    entry: CatalogEntry | None = None
    """All that a catalogue keeps of it, where that was asked for."""


class OpenSheet(NamedTuple):
    """A sheet of which it cannot be told, with the fields that it says nothing of, or not enough."""

    path: str
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FindReport:
    """What was found.

    Attributes:
        query: what was asked for.
        read_as: how a number without a unit was read, one line each.
        found: the sheets that are what was asked for.
        others: how many are not.
        open: those of which it cannot be told.
        invalid: paths of sheets that are not valid, in which nothing but name and path is looked at.
        sorted_by: in what order they are; empty for that of their paths.
    """

    query: str
    read_as: tuple[str, ...]
    found: tuple[FoundSheet, ...]
    others: int
    open: tuple[OpenSheet, ...]
    invalid: tuple[str, ...]
    sorted_by: str = ""

    @property
    def looked_at(self) -> int:
        """How many sheets there are."""
        return len(self.found) + self.others + len(self.open) + len(self.invalid)

    @property
    def unlike(self) -> tuple[str, ...]:
        """What is to be known of figures of the sheets found that cannot be compared with each other."""
        bases: dict[str, dict[str, None]] = {}
        for sheet in self.found:
            for name, answers in sheet.answers:
                for answer in answers:
                    if answer.basis and isinstance(answer.value, Amount):
                        bases.setdefault(name, {})[answer.basis] = None
        return tuple(
            f"{name} is not of one kind: {'; '.join(known)}"
            for name, known in bases.items()
            if len(known) > 1
        )


def find_sheets_like(
    query: Query,
    text: str,
    sheets: Iterable[SheetReading],
    *,
    sort: str = "",
    reverse: bool = False,
    whole: bool = False,
) -> FindReport:
    """Return the sheets that a query asks for.

    Args:
        query: what to look for.
        text: the same as it was written.
        sheets: where to look.
        sort: the figure or text that they are put in order by; that of their paths by default.
        reverse: whether the order is turned round.
        whole: whether all that a catalogue keeps of each sheet found comes with it.

    Raises:
        UsageError: there is no such figure to sort by.
    """
    order = _order(sort) if sort else None
    found: list[FoundSheet] = []
    others = 0
    open_sheets: list[OpenSheet] = []
    invalid: list[str] = []
    for sheet in sheets:
        outcome = evaluate(query, sheet)
        if outcome.truth:
            shown = tuple(_shown(query, sheet))
            key = None if order is None else next(iter(answers_of(order, sheet)), None)
            entry = sheet.entry() if whole else None
            found.append(FoundSheet(sheet.path, sheet.identity["name"], shown, key, entry))
        elif sheet.faults and outcome.truth is None:
            invalid.append(sheet.path)
        elif outcome.truth is None:
            open_sheets.append(OpenSheet(sheet.path, tuple(outcome.open)))
        else:
            others += 1
    return FindReport(
        query=text,
        read_as=tuple(_read_as(query)),
        found=tuple(found if order is None else _sorted(found, order, reverse=reverse)),
        others=others,
        open=tuple(open_sheets),
        invalid=tuple(invalid),
        sorted_by="" if order is None else _order_words(order, reverse=reverse),
    )


def _order(name: str) -> FigureField | TextField:
    field = field_named(name)
    if isinstance(field, FigureField) or (isinstance(field, TextField) and field.name in SORTED_BY_TEXT):
        return field
    known = (*(kind.name for kind in KINDS), *SORTED_BY_TEXT)
    raise UsageError(
        f"`{one_line(name)[:60]}` is nothing to sort by",
        help=f"sort by {', '.join(known)}",
        place="--sort",
        candidates=known,
    )


def _descending(order: FigureField | TextField, *, reverse: bool) -> bool:
    """Return whether the largest is first: the best one where a direction is better."""
    largest = isinstance(order, FigureField) and order.kind.better != "lower"
    return largest is not reverse


def _order_words(order: FigureField | TextField, *, reverse: bool) -> str:
    if isinstance(order, TextField):
        return f"{order.name}, {'Z to A' if reverse else 'A to Z'}"
    if order.kind.name == "score":
        return f"score, {'worst' if reverse else 'best'} first by each metric; {_APART}"
    ends = "largest first" if _descending(order, reverse=reverse) else "smallest first"
    return f"{order.kind.label.lower()}, {ends}; {_APART}"


def _sorted(
    found: Sequence[FoundSheet], order: FigureField | TextField, *, reverse: bool
) -> list[FoundSheet]:
    descending = _descending(order, reverse=reverse)
    if isinstance(order, TextField):
        return sorted(
            found, key=lambda one: str(one.order and one.order.value).casefold(), reverse=descending
        )

    def key(one: FoundSheet) -> tuple[bool, str, float]:
        if one.order is None or not isinstance(one.order.value, Amount):
            return True, "", 0.0
        value = one.order.value.value
        # Of an error rate the least is the best one, beside accuracies of which it is the largest.
        largest = descending is not (one.order.better == "lower")
        return False, one.order.basis, -value if largest else value

    return sorted(found, key=key)


def _shown(query: Query, sheet: SheetReading) -> Iterator[tuple[str, tuple[QueryAnswer, ...]]]:
    """Yield what a sheet says of each field of a query; of several answers, those that were asked for first."""
    for name, field in fields_in(query).items():
        answers = answers_of(field, sheet)
        asked = [one for one in comparisons_in(query) if one.field == field]
        fitting = [answer for answer in answers if any(compared([answer], one) for one in asked)]
        one_of_many = isinstance(field, PathField | ScoreField)  # the others are of other rows
        rest = [answer for answer in answers if answer not in fitting and not (fitting and one_of_many)]
        yield name, (*fitting, *rest)


def _read_as(query: Query) -> Iterator[str]:
    for one in comparisons_in(query):
        unit = USUAL_UNITS.get(one.field.kind.name, "") if isinstance(one.field, FigureField) else ""
        if unit and one.value.number is not None:
            yield f"{one.name} {one.operator} {one.value.text} {unit}"


def find_text(report: FindReport) -> str:
    """Return what was found for people."""
    lines: list[str] = []
    for sheet in report.found:
        lines.append(f"{one_line(sheet.name)} ({one_line(sheet.path)})")
        width = max((len(name) for name, _ in sheet.answers), default=0)
        for name, answers in sheet.answers:
            lines += _answer_lines(one_line(name), answers, width)
    if report.found:
        lines.append("")
    lines += _closing(report)
    return "\n".join(lines) + "\n"


def _answer_lines(name: str, answers: Sequence[QueryAnswer], width: int) -> Iterator[str]:
    if not answers:
        yield f"  {name:<{width}}  not stated"
    if answers and not any(answer.about for answer in answers):
        listed = ", ".join(one_line(answer.text) for answer in answers[:SHOWN])
        yield f"  {name:<{width}}  {listed}{_more(len(answers))}"
        return
    for place, answer in enumerate(answers[:SHOWN]):
        more = _more(len(answers)) if place == SHOWN - 1 else ""
        about = f"  ({one_line(answer.about)})" if answer.about else ""
        yield f"  {name if not place else '':<{width}}  {one_line(answer.text)}{about}{more}"


def _more(many: int) -> str:
    return f" and {many - SHOWN:,} more" if many > SHOWN else ""


def _closing(report: FindReport) -> Iterator[str]:
    many = report.looked_at
    said = [f"{len(report.found):,} of {many:,} sheet{'' if many == 1 else 's'}"]
    if report.others:
        said.append(f"{report.others:,} {'is' if report.others == 1 else 'are'} not")
    if report.open:
        said.append(f"{len(report.open):,} {'does' if len(report.open) == 1 else 'do'} not say")
    if report.invalid:
        said.append(f"{len(report.invalid):,} {'is' if len(report.invalid) == 1 else 'are'} not valid")
    yield "; ".join(said)
    for one in report.open[:SHOWN]:
        yield f"  does not say: {one_line(one.path)} ({', '.join(map(one_line, one.fields))})"
    if len(report.open) > SHOWN:
        yield f"  and {len(report.open) - SHOWN:,} more; `--format json` names them"
    for path in report.invalid[:SHOWN]:
        yield f"  not valid: {one_line(path)}"
    if report.sorted_by:
        yield f"sorted by {report.sorted_by}"
    for said_of in report.unlike:
        yield f"careful: {said_of}"
    for read in report.read_as:
        yield f"read as: {read}"


def find_json(report: FindReport, version: str) -> str:
    """Return what was found for programs, as `factsheet.find/1`; keys are only ever added to version 1."""
    data: dict[str, Any] = {
        "schema": SCHEMA,
        "tool": {"name": "factsheet", "version": version},
        "query": encodable(report.query),
        "read_as": list(report.read_as),
        "sheets": [
            {
                "path": encodable(sheet.path),
                "name": encodable(sheet.name),
                "answers": [
                    {"field": encodable(name), **_answer_json(answer)}
                    for name, answers in sheet.answers
                    for answer in answers
                ],
            }
            for sheet in report.found
        ],
        "others": report.others,
        "not_stated": [{"path": encodable(one.path), "fields": list(one.fields)} for one in report.open],
        "invalid": [encodable(path) for path in report.invalid],
        "not_comparable": list(report.unlike),
    }
    return json.dumps(data, indent=2) + "\n"


def _answer_json(answer: QueryAnswer) -> dict[str, Any]:
    value = answer.value.value if isinstance(answer.value, Amount) else answer.value
    return {"text": answer.text, "value": value, "about": answer.about}


MARKDOWN_FACETS: tuple[Facet, ...] = ("task", "dataset", "technology")
MARKDOWN_FIGURES = ("score", "loss", "efficiency", "tops_per_watt", "energy")
"""Figures that the table has a column for."""


def find_markdown(report: FindReport) -> str:
    """Return what was found as a table in Markdown, each figure with what it is of and where it is from.

    The report has to have been made with `whole`.
    """
    from markupsafe import Markup  # comes with jinja2

    from factsheet.pages.formats.markdown_text import table  # only for this format
    from factsheet.reports.markdown_words import escape

    header = ["sheet", "task", "data", "technology", *(KIND_OF[name].label for name in MARKDOWN_FIGURES)]
    rows = [
        [
            Markup(f"[{escape(one_line(sheet.name))}]({quote(one_line(sheet.path))})"),  # noqa: S704  escaped
            *(", ".join(entry.facets.get(name, ())[:SHOWN]) for name in MARKDOWN_FACETS),
            *(_figure_cell(name, entry.figures.get(name)) for name in MARKDOWN_FIGURES),
        ]
        for sheet in report.found
        if (entry := sheet.entry) is not None
    ]
    closing = "\n".join(f"{line}  " for line in map(escape, _closing(report)))
    return "\n\n".join(part for part in (table(header, rows) if rows else "", closing) if part) + "\n"


def _figure_cell(name: str, figure: ListedFigure | None) -> str:
    return "not stated" if figure is None else f"{figure.text} ({about(name, figure)})"


def find_paths(report: FindReport) -> str:
    """Return the paths of the sheets found, one a line."""
    return "".join(f"{one_line(sheet.path)}\n" for sheet in report.found)
