"""The findings of a check as an editor lists them: rule, severity, place, why it matters, how to fix it."""

from __future__ import annotations

import shutil
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from lsprotocol import types

from factsheet.checks.rule_pages import page
from factsheet.checks.suppressions import UNUSED
from factsheet.errors import UnknownRuleError
from factsheet.language_server.wire import SEVERITIES, range_of
from factsheet.reports.text import readable

if TYPE_CHECKING:
    from factsheet.checks.diagnostic import Diagnostic
    from factsheet.errors import FactsheetError
    from factsheet.language_server.sheet_text import SheetText

SOURCE = "factsheet"
_MOST = 1000
"""Findings that an editor is given; the last says how many there are."""
_START = types.Range(types.Position(0, 0), types.Position(0, 1))


class RulePages:
    """Where an editor opens the page of a rule: below an address, else in a folder of this process's own.

    The pages are those that `factsheet explain` prints, of this version, and are there without a network.
    """

    def __init__(self, address: str | None = None) -> None:
        """Take the address that the pages are below, such as `https://example.org/factsheet/rules/`."""
        self._address = address
        self._folder: Path | None = None
        self._written: dict[str, str | None] = {}

    def of(self, rule_id: str) -> str | None:
        """Return the address of a rule's page; `None` where there is none, or it cannot be written."""
        if self._address is not None:
            return f"{self._address.rstrip('/')}/{rule_id}.md"
        if rule_id not in self._written:
            self._written[rule_id] = self._write(rule_id)
        return self._written[rule_id]

    def _write(self, rule_id: str) -> str | None:
        try:
            text = page(rule_id)
            if self._folder is None:
                self._folder = Path(tempfile.mkdtemp(prefix="factsheet-rules-"))
            file = self._folder / f"{rule_id}.md"
            file.write_text(text, encoding="utf-8")
        except (UnknownRuleError, OSError):
            return None
        return file.as_uri()

    def remove(self) -> None:
        """Remove the folder."""
        if self._folder is not None:
            with suppress(OSError):
                shutil.rmtree(self._folder)


def published(sheet: SheetText, uri: str, pages: RulePages) -> list[types.Diagnostic]:
    """Return the findings of a sheet.

    Raises:
        FactsheetError: the settings, or a template that they name, are none.
    """
    return [one_published(sheet, found, uri, pages) for found in sheet.diagnostics[:_MOST]]


def one_published(sheet: SheetText, found: Diagnostic, uri: str, pages: RulePages) -> types.Diagnostic:
    """Return one finding."""
    address = pages.of(found.rule_id)
    more = f" ({found.stands_for:,} findings of this rule)" if found.stands_for > 1 else ""
    words = [f"{found.message}{found.doubt}{more}"]
    words += [f"why: {found.why}"] if found.why else []
    words += [f"help: {found.help}"] if found.help else []
    return types.Diagnostic(
        range=_START if found.span is None else range_of(sheet, found.span),
        message=readable("\n".join(words)),
        severity=SEVERITIES[found.severity],
        code=found.rule_id,
        code_description=None if address is None else types.CodeDescription(address),
        source=SOURCE,
        tags=[types.DiagnosticTag.Unnecessary] if found.rule_id == UNUSED else None,
        related_information=[
            types.DiagnosticRelatedInformation(
                types.Location(uri, range_of(sheet, related.span)), readable(related.message)
            )
            for related in found.related
            if related.span is not None
        ]
        or None,
    )


def settings_fault(error: FactsheetError) -> types.Diagnostic:
    """Return what is wrong with the settings, so that nothing was checked."""
    return types.Diagnostic(
        range=_START,
        message=readable(f"nothing was checked: {error.diagnostics()}"),
        severity=types.DiagnosticSeverity.Error,
        source=SOURCE,
        code="settings",
    )
