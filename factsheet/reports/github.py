"""Workflow commands: one line a finding, which GitHub Actions shows as an annotation on the changed lines.

https://docs.github.com/actions/reference/workflow-commands-for-github-actions
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from factsheet.reports.text import harmless, readable

if TYPE_CHECKING:
    from factsheet.checks.diagnostic import Diagnostic, Severity
    from factsheet.reports.report import CheckReport
    from factsheet.reports.text import Style

_COMMANDS: dict[Severity, str] = {"error": "error", "warning": "warning", "info": "notice"}


def write(report: CheckReport, style: Style) -> str:  # noqa: ARG001  the interface of all formats
    """Return a run as workflow commands; nothing at all for a run without findings."""
    lines = [
        _command("error", {"file": name, "title": "unreadable"}, reason) for name, reason in report.unreadable
    ]
    lines += [_line(diagnostic, file.name) for file in report.files for diagnostic in file.diagnostics]
    return "".join(f"{line}\n" for line in lines)


def _line(diagnostic: Diagnostic, name: str) -> str:
    span = diagnostic.span
    properties = {"file": name}
    if span is None:
        pass  # a sheet that was not read from text has no lines
    elif span.end_line == span.line:
        properties |= {
            "line": str(span.line),
            "col": str(span.column),
            "endLine": str(span.line),
            "endColumn": str(span.end_column),
        }
    else:
        # Columns of an annotation over several lines are refused: with them GitHub shows no annotation at all.
        properties |= {"line": str(span.line), "endLine": str(span.end_line)}
    properties["title"] = f"{diagnostic.rule_id} {diagnostic.slug}"
    text = f"{diagnostic.message}{diagnostic.doubt}\nwhy: {diagnostic.why}\nhelp: {diagnostic.help}"
    return _command(_COMMANDS[diagnostic.severity], properties, text)


def _command(command: str, properties: dict[str, str], message: str) -> str:
    listed = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
    return f"::{command} {listed}::{_data(readable(message))}"


def _data(text: str) -> str:
    """Escape a message: the percent sign first, as the other escapes contain it."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    """Escape a property, which a colon or a comma would end."""
    return _data(harmless(text)).replace(":", "%3A").replace(",", "%2C")
