"""The concise report: one line a diagnostic, as compilers print it and editors read it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from factsheet.reports.text import one_line

if TYPE_CHECKING:
    from factsheet.checks.diagnostic import Diagnostic
    from factsheet.reports.report import CheckReport
    from factsheet.reports.text import Style


def write(report: CheckReport, style: Style) -> str:
    """Write a run: a line for each file that could not be read and for each finding; nothing where there are none."""
    lines = [unreadable(name, reason, style) for name, reason in report.unreadable]
    lines += [concise(diagnostic, style) for file in report.files for diagnostic in file.diagnostics]
    return "".join(f"{line}\n" for line in lines)


def concise(diagnostic: Diagnostic, style: Style) -> str:
    """Write a diagnostic as `file:line:column: severity id slug: message`, with the path of a sheet without text."""
    place = style.strong(":".join(filter(None, (shown_name(diagnostic.file), diagnostic.place))))
    severity = style.of(diagnostic.severity, f"{diagnostic.severity} {diagnostic.rule_id}")
    return f"{place}: {severity} {diagnostic.slug}: {one_line(diagnostic.message)}{diagnostic.doubt}"


def unreadable(name: str, reason: str, style: Style) -> str:
    """Word what could not be read in the same form."""
    cause = one_line(reason).removeprefix(f"{one_line(name)}: ")
    return f"{style.strong(shown_name(name))}: {style.error('error')} unreadable: {cause}"


def shown_name(name: str) -> str:
    """Write a file's name at the beginning of a line, where a CI log would take a leading `::` for a command."""
    name = one_line(name)
    return f"./{name}" if name.startswith("::") else name
