"""The report formats by name. A format's module is imported when a report is written in it, and not before."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, assert_never

if TYPE_CHECKING:
    from collections.abc import Callable

    from factsheet.reports.report import CheckReport
    from factsheet.reports.text import Style

FormatName = Literal["full", "concise", "json", "github", "gitlab", "sarif", "junit"]


def writer_of(name: FormatName) -> Callable[[CheckReport, Style], str]:
    """Return the function that writes a run in a format; a style is heeded by those meant for terminals."""
    match name:
        case "full":
            from factsheet.reports.full import write
        case "concise":
            from factsheet.reports.concise import write
        case "json":
            from factsheet.reports.json_v1 import write
        case "github":
            from factsheet.reports.github import write
        case "gitlab":
            from factsheet.reports.gitlab import write
        case "sarif":
            from factsheet.reports.sarif import write
        case "junit":
            from factsheet.reports.junit import write
        case _:
            assert_never(name)
    return write


def write_report(report: CheckReport, name: FormatName, style: Style) -> str:
    """Write a run in a format, with a line break at its end; empty where the format has nothing to say."""
    return writer_of(name)(report, style)
