"""What a check run hands to the report formats."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from factsheet.checks import Diagnostic
    from factsheet.source import Document


class CheckedFile(NamedTuple):
    """One sheet with what was found in it.

    Attributes:
        name: its path as reports show it, `/` between folders.
        document: the text that the diagnostics point into; `None` where there are none, or no text.
        diagnostics: in the order of their places.
    """

    name: str
    document: Document | None
    diagnostics: tuple[Diagnostic, ...]


class CheckReport(NamedTuple):
    """A run over any number of sheets.

    Attributes:
        files: the sheets, in the order checked.
        unreadable: what could not be read, each with the reason.
        tool_version: version of factsheet.
    """

    files: tuple[CheckedFile, ...]
    unreadable: tuple[tuple[str, str], ...]
    tool_version: str
