"""The concise report: one line a diagnostic, as compilers print it and editors read it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from factsheet.checks import Diagnostic
    from factsheet.report.style import Style


def concise(diagnostic: Diagnostic, style: Style) -> str:
    """One diagnostic as `file:line:column: severity id slug: message`."""
    place = style.strong(f"{diagnostic.file}:{diagnostic.span.line}:{diagnostic.span.column}")
    severity = style.of(diagnostic.severity, f"{diagnostic.severity} {diagnostic.rule_id}")
    return f"{place}: {severity} {diagnostic.slug}: {diagnostic.message}"
