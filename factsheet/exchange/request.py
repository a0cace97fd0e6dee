"""What a format is given to write a sheet."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from factsheet.source.characters import safe_stem

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from factsheet.recompute.derivation import Derivation
    from factsheet.sheet.model import SheetFields


@dataclass(frozen=True, kw_only=True)
class ExportRequest:
    """A sheet to be written in another format.

    Attributes:
        sheet: the sheet.
        name: its file, for people and for names of files.
        moment: when, with its time zone; the same request gives the same bytes.
        options: of the format, by name; those that were not given have their defaults.
        existing: a file of the format that is to be completed, as text; empty where there is none.
    """

    sheet: SheetFields
    name: str
    moment: datetime
    options: Mapping[str, str] = field(default_factory=dict)
    existing: str = ""

    @cached_property
    def digest(self) -> str:
        """The digest of all that the sheet says, such as `sha256:9f86…`."""
        from factsheet.sheet.digest import digest_of

        return digest_of(self.sheet)

    @cached_property
    def derivation(self) -> Derivation:
        """Everything that follows from the sheet, with the verdicts on its claims."""
        from factsheet.recompute.engine import recompute  # some formats do without

        return recompute(self.sheet)

    @property
    def stem(self) -> str:
        """The name of the sheet's file without its ending, fit for a name of a file."""
        return safe_stem(self.name)
