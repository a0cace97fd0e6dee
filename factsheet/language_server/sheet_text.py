"""One version of a document as an editor has it, saved or not, with what checks and recomputation say of it."""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING

from factsheet.checks.engine import check_document
from factsheet.errors import FactsheetError
from factsheet.language_server.positions import Positions
from factsheet.language_server.workspace_settings import DEFAULT
from factsheet.recompute.engine import recompute
from factsheet.recompute.every_point import facts_at_every_point
from factsheet.sheet_templates.known_templates import model_of
from factsheet.source.document import dotted
from factsheet.source.loader import load_bytes

if TYPE_CHECKING:
    from collections.abc import Mapping

    from factsheet.checks.diagnostic import Diagnostic
    from factsheet.checks.engine import CheckedSheet
    from factsheet.language_server.positions import Encoding
    from factsheet.language_server.workspace_settings import DocumentSettings
    from factsheet.recompute.facts import DerivedFact
    from factsheet.sheet.model import SheetFields
    from factsheet.source.document import Document, KeyPath
    from factsheet.source.loader import Loaded

# As `factsheet.source.discovery` knows a sheet in a folder.
_IS_SHEET = r"""(?:\A\ufeff?|[\r\n])["']?factsheet["']?[ \t]*:(?=\s|\Z)"""


def is_sheet(text: str) -> bool:
    """Return whether a text is a sheet, or is going to be one: it has a top-level key `factsheet:`."""
    return re.search(_IS_SHEET, text) is not None


class SheetText:
    """One version of a sheet's text; what is worked out from it is worked out when it is first needed."""

    def __init__(
        self, text: str, name: str, settings: DocumentSettings = DEFAULT, *, encoding: Encoding = "utf-16"
    ) -> None:
        """Take a text.

        Args:
            text: as the editor has it.
            name: the file, for a baseline and for messages.
            settings: those of its folder.
            encoding: how the editor counts columns.
        """
        # Halves of surrogate pairs are characters to an editor, and none to UTF-8; another takes their place.
        self.given = re.sub("[\ud800-\udfff]", "\ufffd", text)
        self.name = name
        self.settings = settings
        self.positions = Positions(self.given, encoding)

    @property
    def text(self) -> str:
        """The text without a byte-order mark; offsets of spans and edits are those of this text."""
        return self.positions.text

    @cached_property
    def loaded(self) -> Loaded:
        """The text as it was read."""
        return load_bytes(self.given.encode(), self.name)

    @property
    def document(self) -> Document | None:
        """The data with their places; without data where the text cannot be read to its end."""
        return self.loaded.document

    @property
    def data(self) -> object:
        """The plain data; `None` where the text cannot be read to its end."""
        return None if self.document is None else self.document.data

    @cached_property
    def model(self) -> type[SheetFields]:
        """The model of the template that the sheet names."""
        with self.settings.reading():
            try:
                return model_of(self.data)
            except FactsheetError:  # a template of the settings is none; the check says so
                return model_of(None)

    @cached_property
    def _checked(self) -> CheckedSheet:
        with self.settings.reading():
            return check_document(self.loaded, self.name, self.settings.settings())

    @cached_property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """What `factsheet validate` reports.

        Raises:
            FactsheetError: the settings, or a template that they name, are none.
        """
        return self.settings.new(self.name, self._checked.diagnostics, self.document)

    @cached_property
    def recomputed(self) -> Mapping[str, DerivedFact]:
        """The recomputed figures by path, each claim at its own operating point; none of what is no sheet."""
        try:
            sheet = self._checked.sheet
            if sheet is None:
                return {}
            first = recompute(sheet)
            # What the model of a chip gives comes last: a figure that the network itself determines is better known.
            return {fact.path: fact for fact in first.chip_facts} | dict(facts_at_every_point(sheet, first))
        except FactsheetError:
            return {}

    def fact_at(self, path: KeyPath) -> DerivedFact | None:
        """Return what recomputation says of the figure at a path."""
        return self.recomputed.get(dotted(path))
