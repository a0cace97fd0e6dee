"""The report formats by name. A format's module is imported when a report is written in it, and not before."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, assert_never

if TYPE_CHECKING:
    from collections.abc import Callable

    from factsheet.report.report import CheckReport
    from factsheet.report.style import Style

FormatName = Literal["full", "concise", "json", "github", "gitlab", "sarif", "junit"]


def writer_of(name: FormatName) -> Callable[[CheckReport, Style], str]:
    """The function that writes a run in a format; a style is heeded by those meant for terminals."""
    match name:
        case "full":
            from factsheet.report.full import write
        case "concise":
            from factsheet.report.concise import write
        case "json":
            from factsheet.report.json_v1 import write
        case "github":
            from factsheet.report.github import write
        case "gitlab":
            from factsheet.report.gitlab import write
        case "sarif":
            from factsheet.report.sarif import write
        case "junit":
            from factsheet.report.junit import write
        case _:
            assert_never(name)
    return write


def write_report(report: CheckReport, name: FormatName, style: Style) -> str:
    """A run in a format, with a line break at its end; empty where the format has nothing to say."""
    return writer_of(name)(report, style)
