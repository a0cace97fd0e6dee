"""`factsheet.check`: what is wrong with the sheets in files and directories."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from factsheet.api.fact_sheet import dated
from factsheet.source.loader import read_sheet

if TYPE_CHECKING:
    from factsheet.checks.diagnostic import Diagnostic
    from factsheet.checks.settings import Settings


def check(*paths: str | Path, settings: Settings | None = None) -> tuple[Diagnostic, ...]:
    """Return what is wrong with the sheets in these files and directories, valid or not, file by file.

    Raises:
        SourceUnreadableError: a path cannot be read.
        ConfigurationError: the settings name a rule that there is none of.
    """
    from factsheet.checks.engine import check_document
    from factsheet.checks.settings import DEFAULT_SETTINGS
    from factsheet.source.discovery import find_sheets

    return tuple(
        diagnostic
        for file in find_sheets([Path(path) for path in paths])
        for diagnostic in check_document(
            read_sheet(file), str(file), dated(settings or DEFAULT_SETTINGS)
        ).diagnostics
    )
