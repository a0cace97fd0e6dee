"""The result of a check run, as the report formats take it, and its counts."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from factsheet.checks.diagnostic import Diagnostic, Severity
    from factsheet.source.document import Document


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
        known: findings that a baseline lists, and that are not among those of the files.
    """

    files: tuple[CheckedFile, ...]
    unreadable: tuple[tuple[str, str], ...]
    tool_version: str
    known: int = 0


class Counts(NamedTuple):
    """The counts of a run.

    Attributes:
        sheets: sheets that could be read.
        unreadable: those that could not.
        errors: findings of that severity, and likewise `warnings` and `infos`.
        safe_fixes: findings that `--fix` corrects.
        unsafe_fixes: findings that `--fix` corrects with `--unsafe-fixes`.
    """

    sheets: int
    unreadable: int
    errors: int
    warnings: int
    infos: int
    safe_fixes: int = 0
    unsafe_fixes: int = 0


def count(report: CheckReport) -> Counts:
    """Count a run's sheets, findings and fixes."""
    found = [diagnostic for file in report.files for diagnostic in file.diagnostics]
    fixes = [diagnostic.fix.safe for diagnostic in found if diagnostic.fix is not None]
    return Counts(
        sheets=len(report.files),
        unreadable=len(report.unreadable),
        errors=_of(found, "error"),
        warnings=_of(found, "warning"),
        infos=_of(found, "info"),
        safe_fixes=sum(fixes),
        unsafe_fixes=len(fixes) - sum(fixes),
    )


def in_words(counts: Counts, *, fixed: int = 0, known: int = 0) -> str:
    """Word the counts on one line: `2 sheets checked: 1 error, 2 warnings`.

    Args:
        counts: those of a run.
        fixed: findings that it fixed.
        known: findings that its baseline has, and that are not among the counts.
    """
    if not counts.sheets:
        return "no sheet was checked" + (f": {counts.unreadable} not readable" if counts.unreadable else "")
    found = [
        f"{number:,} {word}{'s' if number > 1 and word != 'info' else ''}"
        for number, word in ((counts.errors, "error"), (counts.warnings, "warning"), (counts.infos, "info"))
        if number
    ]
    checked = f"{counts.sheets} sheet{'' if counts.sheets == 1 else 's'} checked"
    checked += f", {fixed} fixed" if fixed else ""
    checked += f", {counts.unreadable} not readable" if counts.unreadable else ""
    nothing = "nothing new found" if known else "nothing found"
    rest = f" ({known:,} known from the baseline)" if known else ""
    return f"{checked}: {', '.join(found) if found else nothing}{rest}"


def _of(found: list[Diagnostic], severity: Severity) -> int:
    return sum(diagnostic.stands_for for diagnostic in found if diagnostic.severity == severity)
