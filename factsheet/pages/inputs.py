"""Gather what a page is made from: answers by path, numbers of references, and what recomputation gave."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from factsheet.authoring.field_catalogue import catalogue
from factsheet.checks.completeness import is_no_answer
from factsheet.facts.fact import At, Fact
from factsheet.facts.section import Record, Section
from factsheet.pages.content.glossary import words_for
from factsheet.pages.estimates import NO_ESTIMATES, Estimates
from factsheet.pages.first_screen import ScoreFigures
from factsheet.readers.audience import STUDY
from factsheet.readers.parts import covering, general
from factsheet.sheet.labels import label
from factsheet.sheet.walk import Placed, facts
from factsheet.source.document import dotted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from factsheet.pages.model import FactRow, TableBlock
    from factsheet.readers.audience import Audience
    from factsheet.readers.views import View
    from factsheet.recompute.derivation import Derivation, Layer
    from factsheet.recompute.facts import DerivedFact
    from factsheet.sheet.model import SheetFields
    from factsheet.source.document import KeyPath


_NAME_AND_MODEL = 2
_PATH = re.compile(r"\b[a-z_]+(?:\[\d+\])?(?:\.[a-z_]+(?:\[\d+\])?)+(?![\w.])")


class SheetTotals(NamedTuple):
    """Operations of one run of the batch; `point` says at which operating point, in words, `at` in numbers."""

    analog_ops: int | None = None
    digital_ops: int | None = None
    point: str | None = None
    at: At | None = None


@dataclass(frozen=True, slots=True)
class PageInputs:
    """All that the parts of a page draw on.

    Attributes:
        placed: every answer and every stated absence, by path, in the schema's order; with them the notes and
            references of sections, which are no facts but have to be shown like them.
        numbers: the number of each reference on the page, by id.
        recomputed: what `factsheet.derive` found, by path.
        parts: the answers of each part of the page by its key, in the part's order.
        layers: what `factsheet.derive` made of the architecture, in order of execution.
        totals: sums over the network.
        answered: every pattern that covers an answer.
        absent: the paths of stated absences.
        workings: the number of each recomputed figure's working, by path.
        estimates: what models of the chip and its devices say.
        chip: what the cost model of the chip gives, by the path of the claim.
        fitted_to: what constants of that model were fitted to, by the same path.
        scores: the figures of scores; made once for all that shows one (`factsheet.pages.content.score_figures`).
        rows: the answers as rows in full, as far as they were asked for: what a page shows of them, its whole sheet
            shows once more.
        tables: likewise the result tables, in full, by their number.
        titles: what the sheet's template calls its own fields, by path.
        without_length: whether the network's work depends on no sequence length, so that none is to be named.
    """

    sheet: SheetFields
    view: View
    placed: Mapping[str, Placed]
    numbers: Mapping[str, int]
    recomputed: Mapping[str, DerivedFact]
    parts: Mapping[str, tuple[tuple[str, Placed], ...]]
    layers: tuple[Layer, ...] = ()
    totals: SheetTotals = SheetTotals()  # noqa: RUF009  a named tuple, which cannot be changed
    answered: frozenset[str] = frozenset()
    absent: tuple[str, ...] = ()
    workings: Mapping[str, int] = field(default_factory=dict)
    estimates: Estimates = NO_ESTIMATES
    chip: Mapping[str, DerivedFact] = field(default_factory=dict)
    fitted_to: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    scores: ScoreFigures = ScoreFigures()  # noqa: RUF009  likewise
    rows: dict[str, FactRow] = field(default_factory=dict, repr=False, compare=False)
    tables: dict[int, TableBlock] = field(default_factory=dict, repr=False, compare=False)
    without_length: bool = False
    titles: Mapping[str, str] = field(default_factory=dict)

    @property
    def placed_anything(self) -> bool:
        """Whether the sheet answers more than its name."""
        return len(self.placed) > _NAME_AND_MODEL

    def fact(self, path: str) -> Fact | None:
        """Return the answer or stated absence at a path; `None` where the sheet says nothing."""
        placed = self.placed.get(path)
        return None if placed is None else placed.fact

    @property
    def language(self) -> str | None:
        """The tag of the language that the sheet is written in, where it says so."""
        stated = self.fact("overview.sheet_language")
        return None if stated is None else stated.text

    def words(self, path: str) -> str:
        """Return what a field is called on this page: by its template, or else by the package, for this reader."""
        return self.titles.get(general(path)) or words_for(path, plain=not self.view.knows_hardware)

    def named_fields(self, text: str) -> str:
        """Return a text of the program with fields by their names instead of their paths."""

        def name(found: re.Match[str]) -> str:
            if found[0] not in self.placed and found[0] not in self.recomputed:
                return found[0]
            words = self.words(found[0])
            return words if words[1:2].isupper() else words[:1].lower() + words[1:]

        return _PATH.sub(name, text)

    def references(self, ids: Iterable[str]) -> tuple[int, ...]:
        """Return the numbers of references; ids that the list lacks are left out (a check reports them)."""
        return tuple(self.numbers[name] for name in ids if name in self.numbers)

    def of_part(self, key: str) -> tuple[tuple[str, Placed], ...]:
        """Return the answers of one part of the page, in the part's order."""
        return self.parts.get(key, ())


def gather(
    sheet: SheetFields,
    view: View,
    derivation: Derivation | None,
    *,
    facts_by_path: Mapping[str, DerivedFact] | None = None,
    estimates: Estimates = NO_ESTIMATES,
) -> PageInputs:
    """Collect what the page for `view` is made from; by default, figures are those of the derivation."""
    references = sheet.references or ()
    numbers = {reference.id: number for number, reference in enumerate(references, start=1)}
    # `TBD` is shown as what it is: no answer.
    placed = {dotted(found.path): found for found in facts(sheet) if not is_no_answer(found.fact)}
    placed |= {dotted(found.path): found for found in _section_notes(sheet, (), numbers)}
    recomputed = facts_by_path
    if recomputed is None:
        recomputed = {} if derivation is None else {fact.path: fact for fact in derivation.facts}
    # Readers get no digit that nobody knows; the workings have the arithmetic to the last.
    recomputed = {
        path: fact if (text := fact.significant_text) == fact.text else replace(fact, text=text)
        for path, fact in recomputed.items()
    }
    titles = titles_of(type(sheet))
    if (
        sheet.audience is not STUDY
    ):  # what follows for a field that these sheets do not have is about other hardware
        known = {entry.path for entry in catalogue(type(sheet))}
        recomputed = {path: fact for path, fact in recomputed.items() if general(path) in known}
    return PageInputs(
        sheet,
        view,
        placed,
        numbers,
        recomputed,
        _by_part(placed, sheet.audience),
        layers=() if derivation is None else tuple(derivation.layers),
        totals=SheetTotals() if derivation is None else _totals(derivation),
        answered=frozenset(
            pattern
            for path, found in placed.items()
            if found.fact.absence is None
            for pattern in covering(path)
        ),
        absent=tuple(path for path, found in placed.items() if found.fact.absence is not None),
        workings=_number_workings(recomputed.values()),
        estimates=estimates,
        chip={} if derivation is None else {fact.path: fact for fact in derivation.chip_facts},
        fitted_to={} if derivation is None else _fits(derivation, estimates),
        without_length=derivation is not None and derivation.point.without_length,
        titles=titles,
    )


@cache
def titles_of(model: type[SheetFields]) -> Mapping[str, str]:
    """Return what a template calls its fields, by their paths; empty for the words of the package's own."""
    if model.audience is STUDY:
        return {}
    return {
        entry.path: entry.title
        for entry in catalogue(model)
        if entry.title != label(entry.path.rpartition(".")[2])
    }


def _fits(derivation: Derivation, estimates: Estimates) -> dict[str, tuple[str, ...]]:
    """Return what the constants behind the chip's figures were fitted to, by the path of the claim."""
    fits = {figure.name: figure.fitted_to for figure in estimates.chip}
    named = ((fact.path, fits.get(fact.name.partition(".")[2], ())) for fact in derivation.chip_facts)
    return {path: targets for path, targets in named if targets}


def _totals(derivation: Derivation) -> SheetTotals:
    sums, at = derivation.totals, derivation.point
    length = None if at.seq_len is None or at.without_length else f"sequence length {at.seq_len:,}"
    batch = None if at.batch is None else f"batch of {at.batch:,}"
    words = ", ".join(w for w in (length, batch) if w) or None
    return SheetTotals(
        sums.analog_ops, sums.digital_ops, words, None if words is None else At(at.seq_len, at.batch)
    )


def _by_part(placed: Mapping[str, Placed], audience: Audience) -> dict[str, tuple[tuple[str, Placed], ...]]:
    found: dict[str, list[tuple[int, str, Placed]]] = {}
    for path, fact in placed.items():
        where = audience.place(path)
        if where is not None:
            found.setdefault(where[0], []).append((where[1], path, fact))
    # Sorting keeps the schema's order among fields of the same rank.
    return {
        key: tuple((path, fact) for _, path, fact in sorted(facts_, key=lambda entry: entry[0]))
        for key, facts_ in found.items()
    }


def _section_notes(node: Record, path: KeyPath, numbers: Mapping[str, int]) -> Iterator[Placed]:
    """Yield what sections say outside their facts: notes, and the references that describe them."""
    for key, value in vars(node).items():
        here = (*path, key)
        if isinstance(value, Record):
            note = getattr(value, "note", None) if key == "provenance" else None
            if note is not None and isinstance(node, Section):
                yield Placed((*here, "note"), Fact(note), None, ())
            if key != "provenance":
                yield from _section_notes(value, here, numbers)
        elif key == "notes" and isinstance(value, str):
            yield Placed(here, Fact(value), None, ())
        elif path and key in {"references", "reference"} and isinstance(value, tuple):
            shown = tuple(f"ref. {numbers[name]}" if name in numbers else str(name) for name in value)
            yield Placed(here, Fact(shown), None, ())


def _number_workings(facts: Iterable[DerivedFact]) -> dict[str, int]:
    """Return a number for each recomputed figure, by its path."""
    stated = (fact.path for fact in facts if fact.text and getattr(fact, "formula", ""))
    return {path: number for number, path in enumerate(dict.fromkeys(stated), start=1)}
