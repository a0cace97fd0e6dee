"""From files to entries: each sheet is read and recomputed once, and only anew when its bytes have changed."""

from __future__ import annotations

from functools import cached_property
from hashlib import sha256
from pathlib import PurePosixPath
from types import MappingProxyType
from typing import TYPE_CHECKING

from factsheet.catalog.entry import CatalogEntry, Recomputed
from factsheet.catalog.facets import facets_of, other_words
from factsheet.catalog.figures import facts_by_path, figures_of
from factsheet.catalog.query.values import search_words
from factsheet.errors import DeriveError, WorkloadError
from factsheet.recompute.comparisons.score_directions import with_directions
from factsheet.recompute.engine import recompute
from factsheet.reports.text import one_line
from factsheet.sheet.walk import facts
from factsheet.sheet_templates.known_templates import read_any_sheet
from factsheet.source.loader import load_bytes

if TYPE_CHECKING:
    from collections.abc import Mapping

    from factsheet.catalog.entry import Facet, ListedFigure
    from factsheet.facts.fact import Fact
    from factsheet.recompute.derivation import Derivation
    from factsheet.sheet.walk import Placed
    from factsheet.source.loader import Loaded

MOST_FAULTS = 3
"""Faults of an invalid sheet that its entry names; `factsheet validate` has them all."""
_SUMMARY = 280
_IDENTITY = ("name", "model", "summary", "version", "date", "organisation", "licence")
_DETAILS = {
    "Applications": "purpose.applications",
    "Out of scope": "purpose.out_of_scope",
    "Chip": "hardware.inference.chip",
    "Hardware profile": "hardware.inference.profile",
    "Device": "accelerator.device",
    "Software": "execution.stack",
    "Node": "hardware.inference.node",
    "Tasks in the test data": "test_data.tasks",
    "Test data": "test_data.name",
    "Training data": "training_data.name",
    "Energy includes": "performance.energy_boundary",
    "One inference is": "performance.inference_unit",
    "Weights": "setup.weights",
    "Code": "setup.implementation",
}


_NONE: Mapping[str, bool] = MappingProxyType({})


class SheetReading:
    """A sheet that was read, and what follows from it; each part is worked out when it is first asked for."""

    def __init__(
        self, loaded: Loaded, path: str, digest: str = "", directions: Mapping[str, bool] = _NONE
    ) -> None:
        """Take what was read.

        Args:
            loaded: a text, whatever became of it.
            path: its file, for people.
            digest: of the file's bytes.
            directions: which direction of a metric is better, where the sheet does not say.
        """
        self.path = path
        self.digest = digest
        self._data = None if loaded.document is None else loaded.document.data
        sheet, misfits = (None, ()) if self._data is None else read_any_sheet(self._data)
        self.faults: tuple[str, ...] = (
            *(one_line(problem.message) for problem in loaded.problems),
            *(one_line(misfit.message) for misfit in misfits),
        )
        if sheet is None and not self.faults:
            self.faults = ("it cannot be read as a sheet",)
        self.sheet = None if self.faults or sheet is None else with_directions(sheet, directions)
        """The sheet; `None` where it is not valid, of which nothing is to be compared."""

    @cached_property
    def placed(self) -> Mapping[str, Placed]:
        """The facts of the sheet by path."""
        return {} if self.sheet is None else facts_by_path(facts(self.sheet))

    @cached_property
    def derivation(self) -> Derivation | None:
        """What was recomputed at the first operating point; `None` where nothing could be."""
        try:
            return None if self.sheet is None else recompute(self.sheet)
        except (DeriveError, WorkloadError):
            return None

    @cached_property
    def figures(self) -> Mapping[str, ListedFigure]:
        """Its figures by name."""
        return {} if self.sheet is None else figures_of(self.sheet, self.placed, self.derivation)

    @cached_property
    def facets(self) -> Mapping[Facet, tuple[str, ...]]:
        """What it is told apart by."""
        return {} if self.sheet is None else facets_of(self.sheet, self.placed, self.figures)

    @cached_property
    def recomputed(self) -> Recomputed:
        """How its claims compare with what was recomputed."""
        found = () if self.derivation is None else self.derivation.facts
        judged = [fact for fact in found if fact.verdict.fits is not None]
        return Recomputed(
            compared=len(judged),
            differing=tuple(fact.path for fact in judged if fact.verdict.fits is False),
        )

    @cached_property
    def identity(self) -> Mapping[str, str]:
        """Its name, model, summary, version, date, organisation and licence; empty where it does not say."""
        known = {name: self._words(f"overview.{name}") for name in _IDENTITY}
        known["name"] = known["name"] or _name_in(self._data) or PurePosixPath(self.path).name
        known["summary"] = _cut(known["summary"])
        return known

    @cached_property
    def details(self) -> Mapping[str, str]:
        """Further answers by label."""
        return {label: _cut(said) for label, field in _DETAILS.items() if (said := self._words(field))}

    @cached_property
    def words(self) -> str:
        """All words that it can be found by, small and without signs."""
        path = self.path.rpartition(".")[0] or self.path  # nobody looks for `yaml`
        own = self._words("hardware.inference.technology")
        parts = [path, *self.identity.values(), *self.details.values(), own, *other_words(self.facets)]
        return search_words(
            " ".join([*parts, *(value for values in self.facets.values() for value in values)])
        )

    def source_of(self, fact: Fact) -> str:
        """Return where the sheet has a fact from; empty where it does not say."""
        return self._sources.get(id(fact), "")

    @cached_property
    def _sources(self) -> Mapping[int, str]:
        return {id(placed.fact): placed.source or "" for placed in self.placed.values()}

    def _words(self, field: str) -> str:
        found = self.placed.get(field)
        return "" if found is None or found.fact.absence is not None else one_line(found.fact.words())

    def entry(self) -> CatalogEntry:
        """Return what a catalogue keeps of it."""
        left = len(self.faults) - MOST_FAULTS
        more = (f"and {left} more: `factsheet validate` names them all",) if left > 0 else ()
        return CatalogEntry(
            path=self.path,
            digest=self.digest,
            faults=(*self.faults[:MOST_FAULTS], *more),
            **self.identity,
            facets=self.facets,
            figures=self.figures,
            recomputed=self.recomputed,
            details=self.details,
        )


def digest_of_bytes(raw: bytes) -> str:
    """Return the digest by which a file is known again."""
    return f"sha256:{sha256(raw).hexdigest()}"


def describe(raw: bytes, path: str, directions: Mapping[str, bool] = _NONE) -> CatalogEntry:
    """Return the entry of a sheet from its bytes; whatever the bytes are, there is one.

    Args:
        raw: what the file holds.
        path: the file, for people.
        directions: which direction of a metric is better, where the sheet does not say.
    """
    return SheetReading(load_bytes(raw, path), path, digest_of_bytes(raw), directions).entry()


def _name_in(data: object) -> str:
    """Return the title that a sheet has although something of it does not fit; empty where it has none."""
    for key in ("overview", "name", "value"):
        if isinstance(data, dict):
            data = data.get(key)
    return _cut(one_line(data)) if isinstance(data, str) else ""


def _cut(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _SUMMARY else f"{text[: _SUMMARY - 1].rstrip()}…"
